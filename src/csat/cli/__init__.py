"""The command line: the same work without a browser. Heavy modules load only when needed."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from csat.cli.exits import FINE, INTERRUPTED
from csat.cli.parser import build_parser
from csat.cli.text import plain
from csat.model.message import Message, msg
from csat.model.problem import Problem, StoreBusy, UsageProblem

_COMMANDS: Final[dict[str, tuple[str, str]]] = {
    "serve": ("csat.cli.serving", "serve"),
    "import": ("csat.cli.importing", "import_file"),
    "batches": ("csat.cli.files", "batches"),
    "undo": ("csat.cli.files", "undo"),
    "sample": ("csat.cli.files", "sample"),
    "presets": ("csat.cli.files", "presets"),
    "metrics": ("csat.cli.figures", "metrics"),
    "complaints": ("csat.cli.figures", "complaints"),
    "dimensions": ("csat.cli.quality", "dimensions"),
    "drivers": ("csat.cli.quality", "drivers"),
    "funnel": ("csat.cli.funnels", "funnel"),
    "changes": ("csat.cli.changes", "changes"),
    "penalty-reward": ("csat.cli.effects", "penalty_reward"),
    "kano": ("csat.cli.effects", "kano"),
    "zones": ("csat.cli.expectations", "zones"),
    "importance": ("csat.cli.expectations", "importance"),
    "soundness": ("csat.cli.soundness", "soundness"),
    "answers": ("csat.cli.answers", "answers"),
    "groups": ("csat.cli.answers", "groups"),
    "ageing": ("csat.cli.handling", "ageing"),
    "touchpoints": ("csat.cli.handling", "touchpoints"),
    "iso10002": ("csat.cli.handling", "iso10002"),
    "control": ("csat.cli.control", "control"),
    "breaks": ("csat.cli.health", "breaks"),
    "health": ("csat.cli.health", "health"),
    "weights": ("csat.cli.weights", "weights"),
    "signals": ("csat.cli.signals", "signals"),
    "gaps": ("csat.cli.gaps", "gaps"),
    "raters": ("csat.cli.raters", "raters"),
    "findings": ("csat.cli.raters", "findings"),
    "ahp": ("csat.cli.raters", "ahp"),
    "index": ("csat.cli.index", "index"),
    "actions": ("csat.cli.actions", "actions"),
    "instruments": ("csat.cli.instruments", "instruments"),
    "margins": ("csat.cli.weighting", "margins"),
    "weighting": ("csat.cli.weighting", "weighting"),
    "conformance": ("csat.cli.conformance", "conformance"),
    "definitions": ("csat.cli.conformance", "definitions"),
    "register": ("csat.cli.registers", "register"),
    "sla": ("csat.cli.service", "sla"),
    "agreement": ("csat.cli.agreement", "agreed"),
    "returns": ("csat.cli.closed", "returned"),
    "compensation": ("csat.cli.money", "compensated"),
    "resolution": ("csat.cli.service", "resolution_times"),
    "stages": ("csat.cli.stages", "stages"),
    "backup": ("csat.cli.care", "backup"),
    "restore": ("csat.cli.care", "restore"),
    "rebuild": ("csat.cli.care", "rebuild"),
    "check": ("csat.cli.care", "check"),
}
"""Command -> module and function that carries it out; the module is imported on use."""


def main(argv: Sequence[str] | None = None) -> int:
    """Carry out one command and return its exit code (see `csat.cli.exits`).

    Examples
    --------
    >>> main(["presets", "--nonsense"])
    2
    """
    _speak_utf8()
    given = sys.argv[1:] if argv is None else list(argv)
    try:
        code = reported(lambda: _run(given))
        sys.stdout.flush()
    except BrokenPipeError:
        _silence_output()
        return FINE
    return code


def reported(work: Callable[[], int]) -> int:
    """Return the exit code of some work, and say in plain words why it failed.

    Raises
    ------
    BrokenPipeError
        When nobody reads the output any more.

    Examples
    --------
    >>> reported(lambda: 10)
    10
    """
    try:
        return work()
    except BrokenPipeError:
        raise
    except KeyboardInterrupt:
        return INTERRUPTED
    except Problem as problem:
        _complain(problem.title, problem.remedy)
        return problem.exit_code
    except FileNotFoundError as error:
        path = Path(error.filename)
        absent = msg("There is no file {name}", name=path)
        if not path.parent.exists():
            absent = msg("There is no folder {name}", name=path.parent)
        _complain(absent, msg("Check the path"))
        return UsageProblem.exit_code
    except OSError as error:
        _complain(
            msg("The system refused: {reason}", reason=str(error)),
            msg("Check the path, the permissions and the free space, then try again"),
        )
        return Problem.exit_code
    except Exception as error:
        if isinstance(error, RuntimeError) and str(error) == "Query interrupted":
            return INTERRUPTED  # how the engine reports a key pressed while it works
        traceback.print_exc()
        _complain(
            msg("Unexpected problem: {reason}", reason=f"{type(error).__name__}: {error}"),
            msg("Please report it together with the lines above"),
        )
        return Problem.exit_code


def process() -> int:
    """Carry out the command of this process; once it has spoken, Ctrl-C comes too late.

    Returns
    -------
    int
        The exit code of `main`, which a key pressed while Python closes can change no more.
    """
    code = main()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


def perform(args: argparse.Namespace) -> int:
    """Carry out a command as it was understood, and return its exit code."""
    module, name = _COMMANDS[args.command]
    work: Callable[..., int] = getattr(importlib.import_module(module), name)
    return work(args)


def _run(argv: Sequence[str]) -> int:
    try:
        args = build_parser().parse_args(argv)
    except SystemExit as stop:  # --help and --version
        return int(stop.code or 0)
    try:
        return perform(args)
    except StoreBusy as busy:
        from csat.cli.handing import hand_on, may_be_handed_on

        if not may_be_handed_on(args):
            raise
        return hand_on(argv, args, busy)


def _complain(title: Message, remedy: Message) -> None:
    print(plain(str(title)), plain(str(remedy)), sep="\n", file=sys.stderr)


def _speak_utf8() -> None:
    """Let names in any script pass, whatever the terminal's own encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _silence_output() -> None:
    """Keep Python from complaining again when it closes an output nobody reads."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = io.StringIO()
