"""Hand a command line on to the process that owns the store, and repeat what it says."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from csat.cli.hand_over import Line
from csat.cli.session import configuration
from csat.model.problem import StoreBusy

HANDED_ON: Final = frozenset(
    {
        "actions",
        "agreement",
        "ahp",
        "batches",
        "changes",
        "check",
        "complaints",
        "conformance",
        "definitions",
        "dimensions",
        "drivers",
        "findings",
        "gaps",
        "index",
        "kano",
        "margins",
        "metrics",
        "penalty-reward",
        "presets",
        "raters",
        "register",
        "resolution",
        "returns",
        "sample",
        "signals",
        "sla",
        "stages",
        "weighting",
        "weights",
    }
)
"""Commands that the owner of the store carries out; it refuses every other."""
_READ: Final = {
    "actions": "add",
    "agreement": "file",
    "index": "define",
    "presets": "add",
    "register": "load",
    "sla": "file",
}
"""Command -> its argument that names a file to read."""


def may_be_handed_on(args: argparse.Namespace) -> bool:
    """Say whether the owner of the store carries out such a command line.

    Loading margins is an import, which is handed over as such.
    """
    return args.command in HANDED_ON and not (args.command == "margins" and args.file)


def hand_on(argv: Sequence[str], args: argparse.Namespace, busy: StoreBusy) -> int:
    """Have a command line carried out where the store is open; print what that printed.

    Files are read and written here, with the rights and from the folder of who gives the
    command; the owner of the store gets and returns their content.

    Returns
    -------
    int
        The exit code of the command.

    Raises
    ------
    StoreBusy
        When nobody serves the store; see `csat.upkeep.asking.ask`.
    """
    from csat.upkeep.asking import ask
    from csat.upkeep.desk import COMMAND_LINE

    config, line = configuration(args), Line()
    read, written = _file_read(args), _file_written(args)
    told: dict[str, Any] = {"argv": list(argv), "store": str(config.store)}
    for argument, path in (*read.items(), *written.items()):
        told["file"] = {"argument": argument, "path": str(path)}
    try:
        done = ask(
            config.inbox_folder(),
            config.store,
            COMMAND_LINE,
            told,
            line,
            busy=busy,
            file=next((path for path in read.values() if path.is_file()), None),
            made=next(iter(written.values()), None),
            stays=False,
        )
    finally:
        line.clear()
    sys.stdout.write(done["out"])
    sys.stdout.flush()
    sys.stderr.write(done["err"])
    return int(done["code"])


def _file_read(args: argparse.Namespace) -> dict[str, Path]:
    """Return the argument that names a file to read, with the file."""
    argument = _READ.get(args.command, "")
    named = getattr(args, argument, None)
    if not named:
        return {}
    if args.command == "index":
        from csat.ingest.index_presets import index_presets

        if named in {p.name for p in index_presets()}:
            return {}
    return {argument: Path(named)}


def _file_written(args: argparse.Namespace) -> dict[str, Path]:
    """Return the argument that names a file to write, with the file."""
    if args.command == "register" and args.template is not None:
        from csat.cli.registers import template_path

        return {"template": template_path(args)}
    return {}
