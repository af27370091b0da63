"""The commands that look after an installation."""

from __future__ import annotations

from typing import Any, Final

from csat.cli.options import new_command

_CARE: Final = (
    (
        "backup",
        "write a copy of the store",
        "Write a copy of the store, as of one moment, with the files it was loaded from in the "
        "folder 'originals' beside it.",
        "csat backup backups/2026-09-30.duckdb",
        {"dest": "target", "metavar": "TARGET", "help": "file to write; must not exist yet"},
    ),
    (
        "restore",
        "put the state of a backup into the store",
        "Put everything a backup holds in the place of what the store holds, at once, also while "
        "the dashboard runs. What was loaded after the backup leaves the store; make a backup of "
        "it first if you may want it again.",
        "csat restore backups/2026-09-30.duckdb",
        {"dest": "source", "metavar": "FILE", "help": "what 'csat backup' wrote"},
    ),
    (
        "rebuild",
        "make a new store from the original files and compare it",
        "Load the originals of all batches in use into a new store, with the mappings they were "
        "loaded with, and compare the counts of every batch and every figure with this store. "
        "Exits with 6 and lists what differs.",
        "csat rebuild rebuilt/csat.duckdb",
        {"dest": "target", "metavar": "TARGET", "help": "store file to make; must not exist yet"},
    ),
    (
        "check",
        "look for contradictions in the store",
        "Compare every batch with the rows in the store and with the file it came from. "
        "Exits with 6 and lists what contradicts.",
        "csat check",
        None,
    ),
)
"""Command, summary, description, example, and the file that it names."""


def add_care_commands(commands: Any) -> None:
    """Add these commands."""
    for name, summary, description, example, file in _CARE:
        parser = new_command(commands, name, summary, description, example)
        if file is not None:
            parser.add_argument(file["dest"], metavar=file["metavar"], help=file["help"])
