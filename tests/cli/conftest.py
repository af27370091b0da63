"""Small files, their mappings, and a way to run the command line in this process."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from csat.cli import main
from csat.cli.carrying import carry
from csat.model.settings import Config
from csat.store.store import Store
from csat.upkeep.desk import served
from csat.upkeep.sweeper import Sweeper

SOURCE = Path(__file__).resolve().parents[2] / "src"
PATIENCE = 300
"""Seconds to wait for what takes one second on a machine that does nothing else."""

SURVEY = {
    "kind": "survey",
    "title": "Branch survey",
    "survey": {"key": "branch-survey", "title": "Branch survey"},
    "columns": [
        {"column": "id", "role": "response_id"},
        {"column": "day", "role": "submitted_at"},
        {"column": "place", "role": "branch"},
        {
            "column": "overall",
            "role": "item",
            "item": {"key": "overall", "scale": {"min": 1, "max": 5}, "measures": ["csat"]},
        },
        {
            "column": "recommend",
            "role": "item",
            "item": {"key": "recommend", "scale": {"min": 0, "max": 10}, "measures": ["nps"]},
        },
    ],
}
CASES = {
    "kind": "complaints",
    "title": "Case export",
    "columns": [
        {"column": "case", "role": "complaint_id"},
        {"column": "received", "role": "received_at"},
        {"column": "closed", "role": "resolved_at"},
        {"column": "topic", "role": "category"},
        {"column": "place", "role": "branch"},
        {"column": "text", "role": "narrative"},
    ],
}
ANSWERS = {
    "North": ([5] * 6 + [4] * 2 + [2] * 2, [10] * 4 + [9] + [8] * 2 + [3] * 3),
    "East": ([4] * 8, [9] * 8),
    "West": ([5] * 3 + [3] * 9, [0] * 12),
    "South": ([1] * 4, [7] * 4),
}
"""Branch -> overall ratings and recommendation ratings. Top box 8 + 8 + 3 + 0 of 34."""


@dataclass(frozen=True)
class Outcome:
    """What one run gave."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@dataclass(frozen=True)
class Files:
    """Paths of the files a test loads."""

    answers: Path
    survey: Path
    cases: Path
    case_mapping: Path


def write_csv(path: Path, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(head)
        writer.writerows(rows)
    return path


def answer_rows(day: str = "2026-01-15") -> list[list[object]]:
    rows: list[list[object]] = []
    for place, (overall, recommend) in ANSWERS.items():
        for a, b in zip(overall, recommend, strict=True):
            rows.append([f"r{len(rows)}", day, place, a, b])
    return rows


ANSWER_HEAD = ("id", "day", "place", "overall", "recommend")


def write_files(folder: Path) -> Files:
    survey = folder / "survey.json"
    survey.write_text(json.dumps(SURVEY), encoding="utf-8")
    cases = folder / "cases.json"
    cases.write_text(json.dumps(CASES), encoding="utf-8")
    return Files(
        write_csv(folder / "answers.csv", ANSWER_HEAD, answer_rows()),
        survey,
        write_csv(
            folder / "cases.csv",
            ("case", "received", "closed", "topic", "place", "text"),
            [
                ["K1", "2026-01-03", "2026-01-05", "Billing", "North", "Charged twice"],
                ["K2", "2026-01-09", "", "Billing", "East", "Wrong meter"],
                ["K3", "2026-01-20", "2026-01-21", "Staff", "North", "等了两个小时"],
            ],
        ),
        cases,
    )


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return write_files(tmp_path)


CarryOut = Callable[..., Path]


@pytest.fixture(scope="session")
def carry_out() -> CarryOut:
    """Carry command lines out in silence on a store that tests copy; return its folder."""

    def go(folder: Path, *lines: Sequence[object]) -> Path:
        for line in lines:
            said = io.StringIO()
            with redirect_stdout(said), redirect_stderr(said):
                code = main(["--store", str(folder / "csat.duckdb"), *map(str, line)])
            assert code == 0, said.getvalue()
        return folder

    return go


@pytest.fixture(scope="session")
def bank_template(carry_out: CarryOut, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a store with answers and cases in the program ``bank``."""
    made = write_files(tmp_path_factory.mktemp("bank"))
    into = ("--program", "bank", "--mapping")
    return carry_out(
        made.answers.parent / "store",
        ("import", made.answers, *into, made.survey),
        ("import", made.cases, *into, made.case_mapping),
    )


@pytest.fixture
def store_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "store" / "csat.duckdb"
    for name in list(os.environ):
        if name.startswith("CSAT_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("CSAT_STORE", str(path))
    return path


@pytest.fixture
def run(store_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def go(*argv: object) -> Outcome:
        code = main([str(a) for a in argv])
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return go


@pytest.fixture
def run_process(store_path: Path) -> Run:
    def go(*argv: object) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "csat", *(str(a) for a in argv)],
            capture_output=True,
            timeout=PATIENCE,
            env={**os.environ, "PYTHONPATH": str(SOURCE)},
            check=False,
        )
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    return go


@pytest.fixture
def owner(store_path: Path) -> Iterator[Store]:
    """Own the store and serve its inbox in this process; commands run in others."""
    store = Store(store_path)
    config = Config.from_environment()
    inbox = store_path.parent / "inbox"
    sweeper = Sweeper(inbox, lambda: store, config, every=0.02, carrier=carry)
    sweeper.start()
    until = time.monotonic() + PATIENCE
    while not served(inbox):
        assert time.monotonic() < until
        time.sleep(0.01)
    yield store
    sweeper.stop()
    store.close()


@pytest.fixture
def loaded(bank_template: Path, store_path: Path, files: Files) -> Files:
    """Hold answers and cases in the program ``bank``, loaded from these files."""
    shutil.copytree(bank_template, store_path.parent)
    return files
