"""Files that hold how many complaints there were, not the complaints themselves."""

from __future__ import annotations

import json
from datetime import date
from typing import Final

import duckdb

from csat.ingest.catalogue import Target
from csat.ingest.mapping import Mapping
from csat.model.message import msg
from csat.model.period import month_end, month_key

KEYS: Final = (
    "received_at",
    "branch",
    "channel",
    "segment",
    "touchpoint",
    "staff",
    "category",
    "category_2",
    "category_3",
    "cause",
    "severity",
    "status",
    "outcome",
    "timely",
    "upheld",
)
"""What tells one count from another; each combination may stand in a file once."""

_LATER: Final = json.dumps({"text": msg("is not the count loaded before").text, "params": {}})


def holds_counts(mapping: Mapping) -> bool:
    """Say whether a file of this mapping holds counts of cases."""
    return mapping.kind == "complaints" and mapping.column("cases") is not None


def count_key(mapping: Mapping) -> str:
    """Return the names of the columns that tell the counts of a file apart, as SQL."""
    named = (r for r in KEYS if mapping.column(r) is not None)
    cells = ", ".join(f"COALESCE(CAST({r} AS VARCHAR), '')" for r in named)
    return f"'count:' || md5(concat_ws(chr(31), {cells}))"


def refuse_other_counts(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> None:
    """Refuse counts of what is counted already with another number; the two would add up."""
    column = mapping.column("cases")
    cursor.execute("DELETE FROM refused WHERE reason = $reason", {"reason": _LATER})
    cursor.execute(
        "INSERT INTO refused SELECT t.row_no, $column, CAST(CAST(t.cases AS BIGINT) AS VARCHAR), "
        "$reason FROM typed t JOIN complaint c ON c.source_key = t.source_key "
        "WHERE c.program_id = $id AND c.cases <> t.cases",
        {"column": column.source if column else "", "reason": _LATER, "id": target.program_id},
    )


def end_of_last_month(cursor: duckdb.DuckDBPyConnection, latest: date | None) -> date | None:
    """Return the day up to which counts reach: the end of a month where all are monthly."""
    row = cursor.execute(
        "SELECT MAX(EXTRACT(day FROM received_at)) FROM typed "
        "WHERE row_no NOT IN (SELECT row_no FROM refused)"
    ).fetchone()
    if latest is None or row is None or row[0] != 1:
        return latest
    return month_end(month_key(latest))
