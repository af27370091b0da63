"""Copies of a store: written whole or not at all, and put back in one transaction."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import duckdb

from csat.model.message import msg
from csat.model.problem import Problem, UsageProblem
from csat.store.connection import Cursor, connect, first_line
from csat.store.migration import available, migrate

Note = Callable[[Cursor], None]
"""What a caller adds to a transaction, such as an entry of the audit trail."""

_MAGIC: Final = b"DUCK"
_COPY: Final = "csat copy"
"""The name under which a copy is attached; no store file can take it from the engine."""


def quoted(name: str) -> str:
    """Return an identifier as SQL.

    Examples
    --------
    >>> quoted("my store")
    '"my store"'
    """
    return '"' + name.replace('"', '""') + '"'


def write_copy(cursor: Cursor, target: Path) -> None:
    """Copy the database of a cursor to a new file, as of one moment.

    The copy grows under another name, is compared table by table, opened, and only then given
    its own name: whoever looks for the target finds a whole store or none.

    Raises
    ------
    UsageProblem
        When the target exists already, or its folder cannot be written to.
    """
    if target.exists():
        raise UsageProblem(
            msg("{path} exists already", path=target), msg("Give a file name not yet in use")
        )
    partial = target.with_name(f"{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove(partial)
    except OSError as error:
        raise UsageProblem(
            msg("{path} cannot be written: {reason}", path=target, reason=str(error)),
            msg("Choose a folder that this user may write to"),
        ) from error
    try:
        _fill(cursor, partial)
        connect(partial, read_only=True).close()
        with partial.open("rb") as stream:
            os.fsync(stream.fileno())
        partial.replace(target)
    finally:
        _remove(partial)


def _remove(path: Path) -> None:
    for file in (path, path.with_name(f"{path.name}.wal")):
        file.unlink(missing_ok=True)


def _fill(cursor: Cursor, path: Path) -> None:
    here = _current(cursor)
    with _attached(cursor, path, ""), _snapshot(cursor):
        cursor.execute(f"COPY FROM DATABASE {quoted(here)} TO {quoted(_COPY)}")
        for table in _names(cursor, here, "table"):
            counts = {_count(cursor, database, table) for database in (here, _COPY)}
            if len(counts) != 1:
                raise duckdb.IOException(f"the copy of table {table} is not whole")


def replace_contents(cursor: Cursor, source: Path) -> None:
    """Put the contents of another store in the place of one's own, in the open transaction.

    Sequences go with the tables, and the data version becomes the higher of both; the caller's
    transaction raises it. ``source`` is attached already (see `attached_copy`).
    """
    here = _current(cursor)
    version = _version(cursor, here)
    for kind in ("table", "sequence"):
        for name in _names(cursor, here, kind):
            cursor.execute(f"DROP {kind} {quoted(here)}.main.{quoted(name)}")
    try:
        cursor.execute(f"COPY FROM DATABASE {quoted(_COPY)} TO {quoted(here)}")
    except duckdb.Error as error:
        raise UsageProblem(
            msg("{path} cannot be read: {reason}", path=source, reason=first_line(str(error))),
            msg("Nothing was changed; take another backup"),
        ) from error
    cursor.execute(
        "UPDATE meta SET data_version = GREATEST(data_version, $version)", {"version": version}
    )


@contextmanager
def attached_copy(cursor: Cursor, source: Path, scratch: Path) -> Iterator[Path]:
    """Attach a store file for reading, an older one as a copy brought to this layout.

    Parameters
    ----------
    source
        The file; it is not changed.
    scratch
        A folder with room for the copy of an older store.

    Raises
    ------
    UsageProblem
        When the file is absent, no store, or of a newer layout.
    StoreBusy
        When another process owns it.
    """
    if not source.is_file():
        raise UsageProblem(msg("There is no file {path}", path=source), msg("Check the path"))
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=scratch) as folder:
        path = source
        if _needs_work(source):
            path = Path(folder) / "copy.duckdb"
            for end in ("", ".wal"):
                with suppress(FileNotFoundError):
                    shutil.copyfile(f"{source}{end}", f"{path}{end}")
            con = connect(path)
            try:
                migrate(con)
            finally:
                con.close()
        with _attached(cursor, path, "(READ_ONLY)"):
            yield source


def _needs_work(source: Path) -> bool:
    """Say whether a store is of an older layout, or has changes in its log."""
    if source.with_name(f"{source.name}.wal").exists():
        return True
    con = connect(source, read_only=True)
    try:
        found = layouts(con, source)
    finally:
        con.close()
    newest = available()[-1][0]
    if found[-1] > newest:
        raise UsageProblem(
            msg("This store has layout {found}, newer than {known}", found=found[-1], known=newest),
            msg("Install the version of csat that wrote it"),
        )
    return found[-1] < newest


def require_store(path: Path) -> None:
    """Refuse a file that no version of this product wrote, without changing it.

    A damaged store, or one in use, passes: to open it says more.

    Raises
    ------
    UsageProblem
        When the file is no database, or another product's.
    """
    with path.open("rb") as stream:
        head = stream.read(12)
    if head[8:] != _MAGIC:
        raise UsageProblem(
            msg("{path} is no store of csat", path=path),
            msg("Name a store file with --store or CSAT_STORE"),
        )
    try:
        con = connect(path, read_only=True)
    except Problem:
        return
    try:
        layouts(con, path)
    finally:
        con.close()


def layouts(con: Cursor, path: Path) -> list[int]:
    """Return the numbers of the layout steps a store has had.

    Raises
    ------
    UsageProblem
        When the database is none that this product made.
    """
    try:
        with con.cursor() as cursor:
            cursor.execute("SELECT data_version FROM meta").fetchall()
            rows = cursor.execute("SELECT number FROM schema_migration ORDER BY number").fetchall()
    except duckdb.Error:
        rows = []
    if not rows:
        raise UsageProblem(
            msg("{path} is no store of csat", path=path),
            msg("Name a file that 'csat backup' wrote"),
        )
    return [int(r[0]) for r in rows]


@contextmanager
def _attached(cursor: Cursor, path: Path, options: str) -> Iterator[None]:
    text = str(path).replace("'", "''")
    try:
        cursor.execute(f"ATTACH '{text}' AS {quoted(_COPY)} {options}")
    except duckdb.Error as error:
        raise UsageProblem(
            msg("{path} cannot be opened: {reason}", path=path, reason=first_line(str(error))),
            msg("Check that no other process uses it and that this user may"),
        ) from error
    try:
        yield
    finally:
        cursor.execute(f"DETACH {quoted(_COPY)}")


@contextmanager
def _snapshot(cursor: Cursor) -> Iterator[None]:
    cursor.begin()
    try:
        yield
        cursor.commit()
    except BaseException:
        cursor.rollback()
        raise


def _current(cursor: Cursor) -> str:
    return _text(cursor, "SELECT current_database()")


def _names(cursor: Cursor, database: str, kind: str) -> list[str]:
    rows = cursor.execute(
        f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE database_name = $database "
        f"AND NOT temporary ORDER BY {kind}_name",
        {"database": database},
    ).fetchall()
    return [str(r[0]) for r in rows]


def _count(cursor: Cursor, database: str, table: str) -> int:
    return int(_text(cursor, f"SELECT COUNT(*) FROM {quoted(database)}.main.{quoted(table)}"))


def _version(cursor: Cursor, database: str) -> int:
    return int(_text(cursor, f"SELECT data_version FROM {quoted(database)}.main.meta"))


def _text(cursor: Cursor, sql: str) -> str:
    row = cursor.execute(sql).fetchone()
    return str(row[0]) if row else ""
