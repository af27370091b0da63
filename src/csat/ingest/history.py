"""What the store remembers of its loads: enough to do each of them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import duckdb

from csat.ingest.catalogue import find_program
from csat.ingest.mapping import Mapping
from csat.ingest.settle import settle, unsettle
from csat.store.store import Store

_COUNTS: Final = ("rows_read", "rows_accepted", "rows_updated", "rows_duplicate", "rows_refused")


@dataclass(frozen=True, slots=True)
class PastLoad:
    """An active batch: its file, how it was read and mapped, who loaded it, what came of it."""

    batch_id: int
    program: str
    title: str
    timezone: str
    file_name: str
    sha256: str
    size: int
    mapping: Mapping
    reading: str
    as_of: date | None
    censor: date | None
    loaded_at: datetime
    loaded_by: str
    counts: dict[str, int]


def past_loads(store: Store) -> list[PastLoad]:
    """Return the active batches in the order in which they were loaded."""
    rows = store.rows(
        "SELECT b.*, p.key AS program, p.title, p.timezone FROM batch b "
        "JOIN program p USING (program_id) WHERE b.status = 'active' ORDER BY b.batch_id"
    )
    return [
        PastLoad(
            int(r["batch_id"]),
            r["program"],
            r["title"],
            r["timezone"],
            r["file_name"],
            r["file_sha256"],
            int(r["file_bytes"]),
            Mapping.from_json(r["mapping_json"], name=r["mapping_name"]),
            r["reading_json"],
            r["as_of"],
            r["censor_day"],
            r["loaded_at"],
            r["loaded_by"],
            {name: int(r[name] or 0) for name in _COUNTS},
        )
        for r in rows
    ]


def stated_as_of(load: PastLoad) -> date | None:
    """Return the day of completeness to load a batch by again, None where the file gave it.

    Without a stated day, open complaints are censored at the latest moment in the file, which
    may lie after the last arrival; a file without clocks has then no day to censor at.
    """
    return load.as_of if load.censor == load.as_of else None


def backdate(store: Store, batch_id: int, load: PastLoad) -> None:
    """Give a batch the day and the name of the load that it repeats."""
    with store.write() as cursor:
        cursor.execute(
            "UPDATE batch SET loaded_at = $at, loaded_by = $who WHERE batch_id = $b",
            {"at": load.loaded_at, "who": load.loaded_by, "b": batch_id},
        )


def copy_saved_mappings(source: Store, target: Store) -> int:
    """Copy the mappings that people saved from one store to another; return how many."""
    rows = source.rows("SELECT name, mapping_json, saved_at, saved_by FROM mapping ORDER BY name")
    with target.write() as cursor:
        for row in rows:
            cursor.execute(
                "INSERT INTO mapping VALUES ($name, $mapping_json, $saved_at, $saved_by)", row
            )
    return len(rows)


def copy_case_notes(source: Store, target: Store) -> int:
    """Copy what people said about cases, and let it count; return how many entries.

    Programs are known by their keys: their numbers may differ between stores.
    """
    rows = source.rows(
        "SELECT p.key AS program, n.case_key, n.field, n.value, n.made_at, n.made_by, "
        "n.removed_at, n.removed_by FROM case_note n JOIN program p USING (program_id) "
        "ORDER BY n.note_id"
    )
    with target.write() as cursor:
        for row in rows:
            cursor.execute(
                "INSERT INTO case_note (program_id, case_key, field, value, made_at, made_by, "
                "removed_at, removed_by) SELECT program_id, $case_key, $field, $value, $made_at, "
                "$made_by, $removed_at, $removed_by FROM program WHERE key = $program",
                row,
            )
        for program in {str(row["program"]) for row in rows}:
            found = find_program(cursor, program)
            if found is not None:
                unsettle(cursor, found[0])
                settle(cursor, *found)
    return len(rows)


def fingerprints(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the fingerprints of all files that batches of a store name, undone ones too."""
    rows = cursor.execute("SELECT DISTINCT file_sha256 FROM batch ORDER BY file_sha256").fetchall()
    return [str(r[0]) for r in rows]
