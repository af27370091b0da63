"""The parsers of the commands that look after an installation."""

from __future__ import annotations

from typing import Any

from csat.cli.options import new_command


def add_backup(commands: Any) -> None:
    """Add the command backup."""
    parser = new_command(
        commands,
        "backup",
        "write a copy of the store",
        "Write a copy of the store, as of one moment, with the files it was loaded from in the "
        "folder 'originals' beside it.",
        "csat backup backups/2026-09-30.duckdb",
    )
    parser.add_argument("target", metavar="TARGET", help="file to write; must not exist yet")


def add_restore(commands: Any) -> None:
    """Add the command restore."""
    parser = new_command(
        commands,
        "restore",
        "put the state of a backup into the store",
        "Put everything a backup holds in the place of what the store holds, at once, also while "
        "the dashboard runs. What was loaded after the backup leaves the store; make a backup of "
        "it first if you may want it again.",
        "csat restore backups/2026-09-30.duckdb",
    )
    parser.add_argument("source", metavar="FILE", help="what 'csat backup' wrote")


def add_rebuild(commands: Any) -> None:
    """Add the command rebuild."""
    parser = new_command(
        commands,
        "rebuild",
        "make a new store from the original files and compare it",
        "Load the originals of all batches in use into a new store, with the mappings they were "
        "loaded with, and compare the counts of every batch and every figure with this store. "
        "Exits with 6 and lists what differs.",
        "csat rebuild rebuilt/csat.duckdb",
    )
    parser.add_argument("target", metavar="TARGET", help="store file to make; must not exist yet")


def add_check(commands: Any) -> None:
    """Add the command check."""
    new_command(
        commands,
        "check",
        "look for contradictions in the store",
        "Compare every batch with the rows in the store and with the file it came from. "
        "Exits with 6 and lists what contradicts.",
        "csat check",
    )
