"""Undo of a batch, and the audit trail of who did what."""

from __future__ import annotations

from typing import Any

import duckdb

from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.store.migration import utc_now
from csat.store.store import Store


def record(cursor: duckdb.DuckDBPyConnection, user: User, action: str, subject: str) -> None:
    """Note in the audit trail who did what."""
    cursor.execute(
        "INSERT INTO audit VALUES ($now, $who, $action, $subject)",
        {"now": utc_now(), "who": user.name, "action": action, "subject": subject},
    )


def undo(store: Store, batch_id: int, user: User) -> dict[str, Any]:
    """Withdraw every row of a batch; the batch itself stays listed as undone.

    Returns
    -------
    dict
        ``batch`` and ``rows``, the number of rows withdrawn.

    Raises
    ------
    UsageProblem
        When there is no such batch or it is undone already.
    NotAllowed
        When the user may not undo.
    """
    user.require("undo")
    with store.write() as cursor:
        row = cursor.execute(
            "SELECT kind, survey_id, status, rows_accepted FROM batch WHERE batch_id = $b",
            {"b": batch_id},
        ).fetchone()
        if row is None:
            raise UsageProblem(
                msg("There is no batch {batch}", batch=batch_id), msg("List them first")
            )
        kind, survey_id, status, rows = row
        if status == "undone":
            raise UsageProblem(
                msg("Batch {batch} is undone already", batch=batch_id),
                msg("There is nothing to do"),
            )
        withdraw_rows(cursor, batch_id, str(kind), survey_id)
        cursor.execute(
            "UPDATE batch SET status = 'undone', undone_at = $now, undone_by = $who "
            "WHERE batch_id = $b",
            {"now": utc_now(), "who": user.name, "b": batch_id},
        )
        record(cursor, user, "undo", f"batch {batch_id}")
    store.checkpoint()
    return {"batch": batch_id, "rows": int(rows)}


def withdraw_rows(
    cursor: duckdb.DuckDBPyConnection, batch_id: int, kind: str, survey_id: int | None
) -> None:
    """Delete the facts of a batch inside an open transaction."""
    params = {"b": batch_id}
    if kind == "survey" and survey_id is not None:
        cursor.execute(
            f"DELETE FROM answers_{int(survey_id):d} WHERE response_id IN "
            "(SELECT response_id FROM response WHERE batch_id = $b)",
            params,
        )
    for table in (
        "response",
        "comment",
        "answer_exclusion",
        "series_break",
        "complaint",
        "exposure",
    ):
        cursor.execute(f"DELETE FROM {table} WHERE batch_id = $b", params)
