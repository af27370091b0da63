"""What has been loaded, what of it was refused, and which answers count as none."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from csat.store.store import Store


def batches(store: Store, program: str | None = None) -> list[dict[str, Any]]:
    """Return every batch with its provenance, newest first."""
    where = "WHERE p.key = $program " if program else ""
    return store.rows(
        "SELECT b.batch_id, p.key AS program, b.kind, b.file_name, b.file_sha256, "
        "b.mapping_name, b.reading_json, b.as_of, b.rows_read, b.rows_accepted, "
        "COALESCE(b.rows_updated, 0) AS rows_updated, b.rows_duplicate, b.rows_refused, "
        "b.loaded_at, b.loaded_by, b.status, b.undone_at, "
        f"b.undone_by FROM batch b JOIN program p USING (program_id) {where}"
        "ORDER BY b.batch_id DESC",
        {"program": program} if program else {},
    )


def batch_json(row: dict[str, Any]) -> dict[str, Any]:
    """Return a batch as the command line prints it."""
    return {
        k: v.isoformat() if isinstance(v, date | datetime) else v
        for k, v in row.items()
        if k != "reading_json"
    }


def refused(store: Store, batch_id: int, limit: int = 1_000) -> list[dict[str, Any]]:
    """Return the rows a batch refused, with the stored reason."""
    return store.rows(
        "SELECT row_no, column_name, value, reason FROM rejected_row WHERE batch_id = $b "
        "ORDER BY row_no, column_name LIMIT $limit",
        {"b": batch_id, "limit": limit},
    )


def exclusions(store: Store, program: str, item_keys: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return how many answers special codes keep out, per survey, question and reason."""
    if not item_keys:
        return []
    names = ", ".join(f"$i{n}" for n in range(len(item_keys)))
    return store.rows(
        "SELECT s.key AS survey, e.item_key, e.kind, CAST(SUM(e.n) AS BIGINT) AS n "
        "FROM answer_exclusion e JOIN batch b USING (batch_id) JOIN survey s USING (survey_id) "
        "JOIN program p ON p.program_id = b.program_id "
        f"WHERE p.key = $program AND b.status = 'active' AND e.item_key IN ({names}) "
        "GROUP BY s.key, e.item_key, e.kind ORDER BY e.item_key, e.kind, s.key",
        {"program": program, **{f"i{n}": k for n, k in enumerate(item_keys)}},
    )
