"""Files without the date of what they tell of: they can only update rows that are loaded."""

from __future__ import annotations

import duckdb

from csat.ingest.catalogue import Target
from csat.ingest.mapping import Mapping
from csat.ingest.reasons import reason_text
from csat.ingest.roles import ID_ROLE
from csat.ingest.stated import CLOCKS, utc
from csat.model.message import msg


def refuse_new(cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target) -> None:
    """Refuse the rows of a file without dates that are not loaded yet, or end before they began.

    May be asked again later, when others have loaded files in between.
    """
    unknown = reason_text(
        msg("is not loaded yet, and this file has no date with which it could be new")
    )
    early = reason_text(msg("lies before the case was received"))
    cursor.execute("DELETE FROM refused WHERE reason = $reason", {"reason": unknown})
    identity = mapping.column(ID_ROLE[mapping.kind])
    if identity is None:
        return
    cursor.execute(
        "INSERT INTO refused SELECT row_no, $column, source_key, $reason FROM typed "
        "WHERE row_no NOT IN (SELECT row_no FROM known) "
        "AND row_no NOT IN (SELECT row_no FROM refused)",
        {"column": identity.source, "reason": unknown},
    )
    if mapping.kind != "complaints":
        return
    zone = {} if target.timezone == "UTC" else {"tz": target.timezone}
    for role in CLOCKS:
        column = mapping.column(role)
        if column is not None:
            cursor.execute(
                f"INSERT INTO refused SELECT t.row_no, $column, CAST(t.{role} AS VARCHAR), $reason "
                "FROM typed t JOIN known k ON k.row_no = t.row_no "
                "JOIN complaint c ON c.complaint_id = k.old_id "
                f"WHERE {utc(f't.{role}', target.timezone)} < c.received_at",
                {"column": column.source, "reason": early, **zone},
            )
    cursor.execute("DELETE FROM known WHERE row_no IN (SELECT row_no FROM refused)")
