"""Logs of events: rows of case, event and moment that join cases loaded before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import duckdb

from csat.ingest.catalogue import Target
from csat.ingest.layout import locate
from csat.ingest.mapping import Mapping
from csat.ingest.reasons import reason_text
from csat.ingest.stated import utc
from csat.model.case_stages import OTHER, event_of
from csat.model.message import msg

_UNKNOWN: Final = reason_text(msg("is the number of no case that is loaded"))
_EARLY: Final = reason_text(msg("lies before the case was received"))


def with_known_events(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, columns: Sequence[str]
) -> Mapping:
    """Return the mapping with every word for an event in the staged file read as one.

    What the mapping says of a word counts first, then `csat.model.case_stages.event_of`.
    """
    column = mapping.column("event")
    if mapping.kind != "events" or column is None:
        return mapping
    cell = f"c{locate(mapping, columns)[column.source]:d}"
    words = cursor.execute(f"SELECT DISTINCT {cell} FROM staged WHERE {cell} IS NOT NULL")
    labels = {str(w): event_of(column.labels.get(str(w), str(w))) for (w,) in words.fetchall()}
    read = replace(column, labels=labels)
    return replace(mapping, columns=tuple(read if c is column else c for c in mapping.columns))


def event_key(mapping: Mapping) -> str:
    """Return SQL that tells one event from another: case, event, moment, and until when.

    An event under its own words is told apart by these.
    """
    until = "COALESCE(CAST(until_at AS VARCHAR), '')" if mapping.column("until_at") else "''"
    own = f"CASE WHEN event = '{OTHER}' THEN words ELSE '' END"
    cells = f"case_id, event, CAST(happened_at AS VARCHAR), {until}, {own}"
    return f"md5(concat_ws(chr(31), {cells}))"


def find_known_events(cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target) -> None:
    """Fill ``known`` with the events that are loaded, and refuse those of no case.

    An event that stands twice in a file is one. May be asked again, when others have loaded
    cases in between.
    """
    params: dict[str, object] = {"id": target.program_id}
    zone = {} if target.timezone == "UTC" else {"tz": target.timezone}
    case, moment = mapping.column("case_id"), mapping.column("happened_at")
    for reason in (_UNKNOWN, _EARLY):
        cursor.execute("DELETE FROM refused WHERE reason = $reason", {"reason": reason})
    cursor.execute(
        "INSERT INTO refused SELECT t.row_no, $column, t.case_id, $reason FROM typed t "
        "WHERE t.case_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM complaint c "
        "WHERE c.program_id = $id AND c.source_key = t.case_id AND c.case_no <> '')",
        {**params, "column": case.source if case else "", "reason": _UNKNOWN},
    )
    cursor.execute(
        "INSERT INTO refused SELECT t.row_no, $column, CAST(t.happened_at AS VARCHAR), $reason "
        "FROM typed t JOIN complaint c ON c.source_key = t.case_id AND c.program_id = $id "
        f"AND c.case_no <> '' WHERE t.event NOT IN ('received', '{OTHER}') AND t.row_no NOT IN "
        f"(SELECT row_no FROM refused) AND {utc('t.happened_at', target.timezone)} < c.received_at",
        {**params, **zone, "column": moment.source if moment else "", "reason": _EARLY},
    )
    cursor.execute("DROP TABLE IF EXISTS known")
    cursor.execute(
        "CREATE TEMP TABLE known AS SELECT t.row_no, CAST(NULL AS BIGINT) AS old_id, "
        "FALSE AS changed FROM typed t WHERE t.row_no NOT IN (SELECT row_no FROM refused) "
        "AND (t.occurrence > 1 OR t.source_key IN (SELECT source_key FROM case_event "
        "WHERE program_id = $id AND complaint_id IS NULL))",
        params,
    )


def load_events(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    *,
    program_id: int,
    batch_id: int,
    timezone: str,
) -> None:
    """Move accepted rows into ``case_event``, moments in UTC."""
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    if timezone != "UTC":
        params["tz"] = timezone
    until = utc("t.until_at", timezone) if mapping.column("until_at") else "CAST(NULL AS TIMESTAMP)"
    by = "t.done_by" if mapping.column("done_by") else "CAST(NULL AS VARCHAR)"
    cursor.execute(
        "INSERT INTO case_event BY NAME SELECT $program AS program_id, $batch AS batch_id, "
        "t.case_id AS case_key, t.event, t.words, "
        f"{utc('t.happened_at', timezone)} AS happened_at, {until} AS until_at, "
        f"{by} AS done_by, t.source_key FROM typed t "
        "WHERE t.row_no IN (SELECT row_no FROM accepted) ORDER BY t.case_id, t.happened_at",
        params,
    )
