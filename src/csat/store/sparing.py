"""Work that has a process to itself, done with little memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import duckdb

from csat.store.connection import MEMORY_MB
from csat.store.store import Store

LITTLE_MB: Final = 150
"""Memory in which a load of a million rows of fifty columns takes no longer than in all of it."""
Result = TypeVar("Result")


def sparingly(store: Store, work: Callable[[], Result], memory_mb: int = MEMORY_MB) -> Result:
    """Return what work on a store gives, done with little memory, or with all if that fails.

    What does not fit is put beside the store meanwhile. Only for a process without other readers,
    and for work that leaves nothing behind when it fails.

    Parameters
    ----------
    memory_mb
        All the memory that the engine may use, in megabytes.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder) / "demo.duckdb")
    ...     sparingly(store, lambda: store.rows("SELECT 1 AS n"))
    ...     store.close()
    [{'n': 1}]
    """
    _limit(store, min(LITTLE_MB, memory_mb))
    try:
        return work()
    except duckdb.OutOfMemoryException:
        _limit(store, memory_mb)
        return work()
    finally:
        _limit(store, memory_mb)


def _limit(store: Store, megabytes: int) -> None:
    with store.cursor() as cursor:
        cursor.execute(f"SET memory_limit = '{megabytes:d}MB'")
