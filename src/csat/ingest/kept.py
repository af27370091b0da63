"""What people said that no file holds: standards, marks, actions and more, kept in a rebuild."""

from __future__ import annotations

from typing import Final

from csat.store.connection import Cursor
from csat.store.copies import quoted
from csat.store.store import Store

_OF_PROGRAMS: Final[dict[str, dict[str, str]]] = {
    "service_standard": {},
    "chart_mark": {"mark_id": "chart_mark_ids"},
    "dimension_weights": {"set_id": "dimension_weights_ids"},
    "action": {"action_id": "action_ids"},
    "cause_tree": {},
    "index_definition": {"definition_id": "index_definition_ids"},
    "register_version": {
        "version_no": "register_version_ids",
        "change_no": "register_change_ids",
    },
}
"""Table with a program's number -> its numbered columns and their sequences."""


def copy_kept(source: Store, target: Store) -> int:
    """Copy what people said of the programs that the target has; return how many rows.

    Their own numbers, days and names are kept; what is taken back stays so.
    """
    copied = 0
    with target.write() as cursor:
        for table, numbered in _OF_PROGRAMS.items():
            rows = source.query(
                f"SELECT p.key AS of_program, t.* EXCLUDE (program_id) FROM {quoted(table)} t "
                "JOIN program p USING (program_id)"
            )
            cursor.register("kept", rows)
            cursor.execute(
                f"INSERT INTO {quoted(table)} BY NAME SELECT p.program_id, "
                "kept.* EXCLUDE (of_program) FROM kept JOIN program p ON p.key = kept.of_program"
            )
            cursor.unregister("kept")
            for column, sequence in numbered.items():
                _advance(cursor, table, column, sequence)
            copied += int(rows.num_rows)
        versions = source.query("SELECT * FROM action_version ORDER BY ALL")
        cursor.register("kept", versions)
        cursor.execute(
            "INSERT INTO action_version BY NAME SELECT * FROM kept "
            "WHERE action_id IN (SELECT action_id FROM action)"
        )
        cursor.unregister("kept")
    return copied + int(versions.num_rows)


def _advance(cursor: Cursor, table: str, column: str, sequence: str) -> None:
    """Let the next number of a sequence come after those in use."""
    row = cursor.execute(f"SELECT MAX({quoted(column)}) FROM {quoted(table)}").fetchone()
    used = int(row[0] or 0) if row else 0
    cursor.execute(f"SELECT MAX(nextval('{sequence}')) FROM range($n)", {"n": used}).fetchall()
