"""Hand a command line on to the process that owns the store, and repeat what it says."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from csat.cli.hand_over import Line
from csat.cli.session import configuration
from csat.model.problem import StoreBusy

HANDED_ON: Final = frozenset(
    {
        "actions",
        "ageing",
        "agreement",
        "ahp",
        "answers",
        "batches",
        "breaks",
        "changes",
        "check",
        "complaints",
        "conformance",
        "control",
        "definitions",
        "dimensions",
        "drivers",
        "findings",
        "funnel",
        "gaps",
        "groups",
        "health",
        "importance",
        "index",
        "iso10002",
        "kano",
        "margins",
        "metrics",
        "penalty-reward",
        "presets",
        "raters",
        "register",
        "resolution",
        "returns",
        "compensation",
        "sample",
        "signals",
        "sla",
        "soundness",
        "stages",
        "touchpoints",
        "weighting",
        "weights",
        "zones",
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
    named = file_named(args)
    try:
        done = ask(
            config.inbox_folder(),
            config.store,
            COMMAND_LINE,
            {"argv": list(argv), "store": str(config.store)},
            line,
            busy=busy,
            file=named.path if named and not named.made and _is_readable(named.path) else None,
            made=named.path if named and named.made else None,
            stays=False,
        )
    finally:
        line.clear()
    sys.stdout.write(done["out"])
    sys.stdout.flush()
    sys.stderr.write(done["err"])
    return int(done["code"])


@dataclass(frozen=True, slots=True)
class Named:
    """The file that a command line names: by which argument, and whether the command makes it."""

    argument: str
    path: Path
    made: bool = False


def file_named(args: argparse.Namespace) -> Named | None:
    """Return the file that a command line reads or makes, None where it does neither."""
    if args.command == "register" and args.template is not None:
        from csat.cli.registers import template_path

        return Named("template", template_path(args), made=True)
    argument = _READ.get(args.command, "")
    path = getattr(args, argument, None)
    if not path or (args.command == "index" and _is_ready_made(path)):
        return None
    return Named(argument, Path(path))


def _is_readable(path: Path) -> bool:
    return path.exists() and not path.is_dir()


def _is_ready_made(name: str) -> bool:
    from csat.ingest.index_presets import index_presets

    return name in {preset.name for preset in index_presets()}
