from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from csat import __version__
from csat.cli import _COMMANDS
from csat.cli.exits import EXIT_CODES
from csat.cli.parser import build_parser
from csat.model import problem

SOURCE = Path(__file__).resolve().parents[2] / "src"


def commands() -> dict[str, argparse.ArgumentParser]:
    for action in build_parser()._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    raise AssertionError("no commands")


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_command_explains_itself_with_an_example(run, name):
    done = run(name, "--help")
    assert done.code == 0
    assert done.err == ""
    example = done.out.partition("example:\n")[2].strip()
    assert example.startswith(f"csat {name}")
    assert max(len(line) for line in done.out.splitlines()) <= 110


def test_every_command_is_carried_out_by_a_function():
    assert set(commands()) == set(_COMMANDS)


def test_examples_parse():
    for parser in commands().values():
        words = shlex.split(str(parser.epilog).partition("\n")[2])
        assert build_parser().parse_args(words[1:]).command == words[1]


def test_help_names_every_command_and_exit_code(run):
    done = run("--help")
    assert done.code == 0
    for name in commands():
        assert re.search(rf"\n    {name}\s", done.out)
    for code, meaning in EXIT_CODES.items():
        assert f"{code:>3}  {meaning}" in done.out


def test_every_problem_has_a_documented_exit_code():
    kinds = [
        k for k in vars(problem).values() if isinstance(k, type) and issubclass(k, problem.Problem)
    ]
    assert len(kinds) >= 7
    assert {k.exit_code for k in kinds} <= set(EXIT_CODES)


def test_version(run):
    assert run("--version").out.strip() == f"csat {__version__}"


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from csat.cli import main; main(['metrics', '--help']); "
        "print(sorted({'duckdb', 'pandas', 'numpy', 'pyarrow', 'streamlit'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ((), "COMMAND"),
        (("dance",), "metrics"),
        (("metrics", "--program", "bank"), "--metric"),
        (("serve", "--port", "eighty"), "65535"),
        (("serve", "--port", "70000"), "65535"),
        (("complaints", "--program", "bank", "--limit", "-1"), "--limit"),
        (("undo", "three"), "BATCH"),
        (("metrics", "--program", "b", "--metric", "nps", "--compare", "x"), "last_year"),
        (("import", "f", "--program", "b", "--preset", "a", "--mapping", "b"), "not allowed with"),
    ],
)
def test_a_wrong_command_is_two_lines_and_exit_2(run, argv, said):
    done = run(*argv)
    assert done.code == 2
    assert done.out == ""
    title, remedy = done.err.splitlines()
    assert said in title
    assert "--help" in remedy
