"""The one place that opens a DuckDB file, and says in words why it cannot be opened."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import duckdb

from csat.model.message import msg
from csat.model.problem import StoreBusy, UsageProblem

Cursor = duckdb.DuckDBPyConnection
"""What is lent to work on the store."""

_LOCKED: Final = re.compile(r"Could not set lock on file|being used by another process")
_LOCK_HOLDER: Final = re.compile(r"\(PID (\d+)\)")


MEMORY_MB: Final = 900
"""Memory the engine may use; what does not fit is put into a folder beside the store meanwhile."""


def connect(
    path: Path, *, read_only: bool = False, memory_mb: int = MEMORY_MB
) -> duckdb.DuckDBPyConnection:
    """Open a file, made with its folder where it is absent and may be written.

    Parameters
    ----------
    memory_mb
        Memory the engine may use, in megabytes. All who open one file in one process say the
        same.

    Raises
    ------
    StoreBusy
        When another process owns the file, naming its process number.
    UsageProblem
        When the file is no database, or its folder cannot be made.
    """
    try:
        if not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(
            str(path),
            read_only=read_only,
            config={
                "memory_limit": f"{memory_mb:d}MB",
                "python_enable_replacements": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    except (duckdb.Error, OSError) as error:
        text = str(error)
        holder = _LOCK_HOLDER.search(text)
        if not _LOCKED.search(text):
            raise unreadable(path, text) from error
        raise StoreBusy(
            msg(
                "The store {path} is in use by process {pid}",
                path=path,
                pid=holder.group(1) if holder else "?",
            ),
            msg("Stop that process (usually 'csat serve'), or set CSAT_STORE to another file"),
        ) from error


def unreadable(path: Path, reason: str) -> UsageProblem:
    """Return the problem of a file that the engine cannot read."""
    return UsageProblem(
        msg("{path} cannot be opened: {reason}", path=path, reason=first_line(reason)),
        msg("Check that it is a store file and that this user may write to it"),
    )


def first_line(text: str) -> str:
    """Return the first line of an engine's message, cut to a readable length."""
    return text.strip().splitlines()[0][:200] if text.strip() else ""
