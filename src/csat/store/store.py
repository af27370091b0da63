"""One DuckDB file owned by this process.

Reads take a cursor each; writes happen one at a time in a transaction that raises the data
version and rolls back on every exception, also on those a web server throws into a thread.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from csat.model.message import msg
from csat.model.problem import StoreBusy, UsageProblem
from csat.store.migration import migrate

_LOCKED = re.compile(r"Could not set lock on file|being used by another process")
_DAMAGED = (duckdb.IOException, duckdb.FatalException, duckdb.SerializationException)
"""What the engine says of a file that was cut short or overwritten."""
_LOCK_HOLDER = re.compile(r"\(PID (\d+)\)")


class Store:
    """A store file, opened for reading and writing by this process alone.

    Parameters
    ----------
    path
        The file; it and its folder are created where absent.
    query_timeout_ms
        A read that takes longer is interrupted.

    Raises
    ------
    StoreBusy
        When another process owns the file, naming its process number.
    UsageProblem
        When the file is no store, or its folder cannot be made.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     store = Store(Path(folder) / "demo.duckdb")
    ...     before = store.data_version()
    ...     with store.write():
    ...         pass
    ...     after = store.data_version()
    ...     store.close()
    >>> after - before
    1
    """

    def __init__(self, path: Path, *, query_timeout_ms: int = 30_000) -> None:
        self.path = Path(path)
        self._timeout = query_timeout_ms
        self._write_lock = threading.Lock()
        self._con = _connect(self.path)
        try:
            migrate(self._con)
        except _DAMAGED as error:
            self._con.close()
            raise _unreadable(self.path, str(error)) from error
        except BaseException:
            self._con.close()
            raise

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pa.Table:
        """Run one read and return its rows as an Arrow table.

        This is the seam to other engines: nothing above it knows which engine answers.

        Parameters
        ----------
        sql
            One SELECT with ``$name`` parameters; never built from input.
        params
            A value for each parameter.
        """
        with self._con.cursor() as cursor:
            cursor.execute(f"SET max_execution_time = {self._timeout:d}")
            return cursor.sql(sql, params=dict(params or {})).to_arrow_table()

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run one read of a small answer and return its rows as dictionaries."""
        return list(self.query(sql, params).to_pylist())

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for work in temporary tables, which only this cursor sees."""
        with self._con.cursor() as cursor:
            yield cursor

    @contextmanager
    def write(
        self, cursor: duckdb.DuckDBPyConnection | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Open the write transaction: all of it lands, with a new data version, or none.

        Parameters
        ----------
        cursor
            A cursor from `cursor` whose temporary tables the transaction reads.
        """
        with self._write_lock:
            if cursor is not None:
                yield from self._transaction(cursor)
            else:
                with self._con.cursor() as own:
                    yield from self._transaction(own)

    def _transaction(
        self, cursor: duckdb.DuckDBPyConnection
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        cursor.begin()
        try:
            yield cursor
            cursor.execute("UPDATE meta SET data_version = data_version + 1")
            cursor.commit()
        except BaseException:
            cursor.rollback()
            raise

    def data_version(self) -> int:
        """Return the number that rises with every committed change."""
        with self._con.cursor() as cursor:
            row = cursor.execute("SELECT data_version FROM meta").fetchone()
        return int(row[0]) if row else 0

    def checkpoint(self) -> None:
        """Move committed changes from the log into the file; for after an import."""
        with self._con.cursor() as cursor:
            cursor.execute("FORCE CHECKPOINT")

    def backup(self, target: Path) -> None:
        """Write a copy of the store, as of one moment, while others go on reading.

        Raises
        ------
        UsageProblem
            When the target exists already.
        """
        if target.exists():
            raise UsageProblem(
                msg("{path} exists already", path=target), msg("Give a file name not yet in use")
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        name = self._name()
        with self._write_lock, self._con.cursor() as cursor:
            quoted = str(target).replace("'", "''")
            cursor.execute(f"ATTACH '{quoted}' AS \"copy of {name}\"")
            try:
                cursor.execute(f'COPY FROM DATABASE "{name}" TO "copy of {name}"')
            finally:
                cursor.execute(f'DETACH "copy of {name}"')

    def _name(self) -> str:
        with self._con.cursor() as cursor:
            row = cursor.execute("SELECT current_database()").fetchone()
        return str(row[0]).replace('"', '""') if row else ""

    def close(self) -> None:
        """Give the file back."""
        self._con.close()


def _connect(path: Path) -> duckdb.DuckDBPyConnection:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return duckdb.connect(
            str(path),
            config={
                "python_enable_replacements": False,
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
    except (duckdb.Error, OSError) as error:
        text = str(error)
        holder = _LOCK_HOLDER.search(text)
        if not _LOCKED.search(text):
            raise _unreadable(path, text) from error
        raise StoreBusy(
            msg(
                "The store {path} is in use by process {pid}",
                path=path,
                pid=holder.group(1) if holder else "?",
            ),
            msg("Stop that process (usually 'csat serve'), or set CSAT_STORE to another file"),
        ) from error


def _unreadable(path: Path, text: str) -> UsageProblem:
    return UsageProblem(
        msg("{path} cannot be opened: {reason}", path=path, reason=_first_line(text)),
        msg("Check that it is a store file and that this user may write to it"),
    )


def _first_line(text: str) -> str:
    return text.strip().splitlines()[0][:200] if text.strip() else ""
