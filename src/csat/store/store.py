"""One DuckDB file owned by this process.

Reads take a cursor each; writes happen one at a time in a transaction that raises the data
version and rolls back on every exception, also on those a web server throws into a thread.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.store.connection import MEMORY_MB, connect, unreadable
from csat.store.copies import Note, attached_copy, replace_contents, write_copy
from csat.store.migration import migrate

_LOOKED_UP: Final = "= (SELECT program_id FROM program WHERE key = $program)"
_PROGRAM: Final = re.compile(r"\$program\b")


def _values(cursor: duckdb.DuckDBPyConnection, params: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return the parameters without their Arrow tables, which the cursor knows by name now."""
    values = dict(params or {})
    for name in [n for n, value in values.items() if isinstance(value, pa.Table)]:
        cursor.register(name, values.pop(name))
    return values


class Store:
    """A store file, opened for reading and writing by this process alone.

    Parameters
    ----------
    path
        The file; it and its folder are created where absent.
    query_timeout_ms
        A read that takes longer is interrupted.
    memory_mb
        Memory the engine may use, in megabytes.

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

    def __init__(
        self, path: Path, *, query_timeout_ms: int = 30_000, memory_mb: int = MEMORY_MB
    ) -> None:
        self.path = Path(path)
        self._timeout = query_timeout_ms
        self._write_lock = threading.Lock()
        self._lending = threading.Lock()
        self._lent: duckdb.DuckDBPyConnection | None = None
        self._con = connect(self.path, memory_mb=memory_mb)
        try:
            migrate(self._con)
        except BaseException as error:
            self._con.close()
            if isinstance(error, duckdb.IOException):
                raise unreadable(self.path, str(error)) from error
            raise
        self._version: int | None = self._stored_version()
        self._programs: tuple[int, dict[str, int]] = -1, {}

    def query(self, sql: str, params: Mapping[str, Any] | None = None) -> pa.Table:
        """Run one read and return its rows as an Arrow table.

        This is the seam to other engines: nothing above it knows which engine answers.

        Parameters
        ----------
        sql
            One SELECT with ``$name`` parameters; never built from input.
        params
            A value for each parameter. An Arrow table is one that the SELECT reads by that name.
        """
        sql, params = self._planned(sql, params)
        with self._con.cursor() as cursor:
            cursor.execute(f"SET max_execution_time = {self._timeout:d}")
            return cursor.sql(sql, params=_values(cursor, params)).to_arrow_table()

    def batches(
        self, sql: str, params: Mapping[str, Any] | None = None, rows: int = 10_000
    ) -> Iterator[pa.RecordBatch]:
        """Run one read and hand its rows over in batches, so that memory does not hold them all.

        All batches are of one moment of the store, whatever is written meanwhile.

        Parameters
        ----------
        sql, params
            As for `query`.
        rows
            Of a batch, at most.
        """
        sql, params = self._planned(sql, params)
        with self._con.cursor() as cursor:
            yield from cursor.sql(sql, params=_values(cursor, params)).to_arrow_reader(rows)

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Run one read of a small answer and return its rows as dictionaries.

        For few rows this takes about half of what a table in between takes.
        """
        sql, params = self._planned(sql, params)
        with self._con.cursor() as cursor:
            cursor.execute(f"SET max_execution_time = {self._timeout:d}")
            found = cursor.execute(sql, _values(cursor, params))
            names = [column[0] for column in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _planned(
        self, sql: str, params: Mapping[str, Any] | None
    ) -> tuple[str, Mapping[str, Any] | None]:
        """Put the program's number in the place of its look-up.

        With a number the engine knows before it reads that all rows of a store of one program
        count, and spares the comparison of each; a look-up it carries out while it reads.
        """
        if params is None or _LOOKED_UP not in sql:
            return sql, params
        number = self._program(str(params["program"]))
        if number is None:
            return sql, params
        sql = sql.replace(_LOOKED_UP, "= $program_number")
        kept = (
            dict(params)
            if _PROGRAM.search(sql)
            else {name: value for name, value in params.items() if name != "program"}
        )
        return sql, {**kept, "program_number": number}

    def _program(self, key: str) -> int | None:
        """Return the number of a program, remembered until the next change; None if unknown."""
        version = self.data_version()
        known = self._programs
        if known[0] != version:
            with self._con.cursor() as cursor:
                found = cursor.execute("SELECT key, program_id FROM program").fetchall()
            known = self._programs = version, {str(k): int(n) for k, n in found}
        return known[1].get(key)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Lend a cursor for work in temporary tables, which only this cursor sees."""
        with self._con.cursor() as cursor:
            cursor.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
            with self._lending:
                self._lent = cursor
            try:
                yield cursor
            finally:
                with self._lending:  # nobody asks it how far it is while it is closed
                    self._lent = None

    def percent(self) -> float:
        """Return how far the statement on the cursor lent last is, 0 to 100; below 0 unknown.

        May be asked from any thread while the statement runs.
        """
        with self._lending:
            return float(self._lent.query_progress()) if self._lent is not None else -1.0

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
            with suppress(duckdb.TransactionException):  # a commit that failed has ended it
                cursor.rollback()
            raise
        finally:  # also after a commit that was interrupted: it may have landed
            self._version = None
            with suppress(duckdb.Error):
                self._version = self._stored_version()

    def data_version(self) -> int:
        """Return the number that rises with every committed change.

        Nobody but this object writes to the file while it is open, so that the number is kept in
        memory: every question of a page asks for it.
        """
        return self._stored_version() if self._version is None else self._version

    def _stored_version(self) -> int:
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
        with self._write_lock, self._con.cursor() as cursor:
            write_copy(cursor, target)

    @contextmanager
    def still(self) -> Iterator[None]:
        """Let writers wait, so that several reads see one state of the store."""
        with self._write_lock:
            yield

    def restore(self, source: Path, note: Note | None = None) -> None:
        """Take the state of another store, in one transaction, while others go on reading.

        Whoever reads sees the old state or the new one, whole. The data version rises above
        those of both.

        Parameters
        ----------
        source
            A store file, such as `backup` wrote; it is not changed.
        note
            What else belongs into the transaction.

        Raises
        ------
        UsageProblem
            When the file is no store, or was written by a newer version of the product.
        StoreBusy
            When another process owns the file.
        """
        if source.exists() and source.samefile(self.path):
            raise UsageProblem(
                msg("{path} is this store itself", path=source), msg("Name a backup of it")
            )
        with (
            self._write_lock,
            self._con.cursor() as cursor,
            attached_copy(cursor, source, self.path.parent),
            contextmanager(self._transaction)(cursor),
        ):
            replace_contents(cursor, source)
            if note is not None:
                note(cursor)
        self.checkpoint()

    def close(self) -> None:
        """Give the file back."""
        self._con.close()
