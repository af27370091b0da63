"""What people said that no file holds: standards, marks and actions, taken to another store."""

from __future__ import annotations

from typing import Any, Final

from csat.store.connection import Cursor
from csat.store.copies import quoted
from csat.store.store import Store

_OF_PROGRAMS: Final[dict[str, str | None]] = {
    "service_standard": None,
    "chart_mark": "mark_id",
    "action": "action_id",
}
"""Table with a program's number -> the column that its sequence numbers."""
_SEQUENCES: Final = {"chart_mark": "chart_mark_ids", "action": "action_ids"}


def copy_said(source: Store, target: Store) -> int:
    """Copy standards, marks and actions of the programs that the target has; return how many.

    Their own numbers, days and names are kept; what is taken back stays so.
    """
    known = {r["key"]: r["program_id"] for r in _all(target, "program")}
    programs = {
        r["program_id"]: known[r["key"]] for r in _all(source, "program") if r["key"] in known
    }
    copied = 0
    with target.write() as cursor:
        kept: set[int] = set()
        for table, number in _OF_PROGRAMS.items():
            rows = [r for r in _all(source, table) if r["program_id"] in programs]
            for row in rows:
                _insert(cursor, table, {**row, "program_id": programs[row["program_id"]]})
            if number is not None:
                _advance(cursor, _SEQUENCES[table], max((r[number] for r in rows), default=0))
            if table == "action":
                kept = {r["action_id"] for r in rows}
            copied += len(rows)
        for row in _all(source, "action_version"):
            if row["action_id"] in kept:
                _insert(cursor, "action_version", row)
    return copied


def _all(store: Store, table: str) -> list[dict[str, Any]]:
    return store.rows(f"SELECT * FROM {quoted(table)} ORDER BY ALL")


def _insert(cursor: Cursor, table: str, row: dict[str, Any]) -> None:
    names = ", ".join(quoted(name) for name in row)
    values = ", ".join(f"${name}" for name in row)
    cursor.execute(f"INSERT INTO {quoted(table)} ({names}) VALUES ({values})", row)


def _advance(cursor: Cursor, sequence: str, used: int) -> None:
    """Let the next number of a sequence come after those in use."""
    for _ in range(used):
        cursor.execute(f"SELECT nextval('{sequence}')").fetchone()
