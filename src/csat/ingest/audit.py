"""The audit trail of who did what."""

from __future__ import annotations

import duckdb

from csat.model.people import User
from csat.store.migration import utc_now


def record(cursor: duckdb.DuckDBPyConnection, user: User, action: str, subject: str) -> None:
    """Note in the audit trail who did what."""
    cursor.execute(
        "INSERT INTO audit VALUES ($now, $who, $action, $subject)",
        {"now": utc_now(), "who": user.name, "action": action, "subject": subject},
    )
