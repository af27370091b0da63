"""Cases as they are now: what files state, moved on by logs of events and by people.

`unsettle` goes back to what the files alone say, `settle` comes forward again. Every import and
every undo works between the two, so that each result is that of the loads in their order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb

from csat.ingest.stated import utc
from csat.model.case_stages import EVENT_COLUMNS, NOTE
from csat.model.category import category_names
from csat.store.stated_cases import KEPT

_FIRSTS: Final = ", ".join(
    f"MIN(CASE WHEN e.event = '{event}' THEN e.happened_at END) AS {column}"
    for event, column in EVENT_COLUMNS.items()
)
_LASTS: Final = ", ".join(
    f"MAX(CASE WHEN e.event = '{event}' THEN e.happened_at END) AS last_{event}"
    for event in ("resolved", "closed", "reopened")
)


def unsettle(
    cursor: duckdb.DuckDBPyConnection, program_id: int, keys: Sequence[str] | None = None
) -> None:
    """Give cases of a program back what the files alone say, in an open transaction.

    Parameters
    ----------
    keys
        Of the cases meant, by their ids in the source; None means all.
    """
    only, params = _only("c.source_key", keys)
    cursor.execute(
        f"UPDATE complaint AS c SET {', '.join(f'{k} = s.{k}' for k in KEPT)} "
        f"FROM case_as_stated s WHERE s.complaint_id = c.complaint_id AND c.program_id = $p{only}",
        {"p": program_id, **params},
    )
    cursor.execute(
        "DELETE FROM case_as_stated WHERE complaint_id IN "
        f"(SELECT c.complaint_id FROM complaint c WHERE c.program_id = $p{only})",
        {"p": program_id, **params},
    )


def _only(column: str, keys: Sequence[str] | None) -> tuple[str, dict[str, object]]:
    """Return the condition that a column is one of some keys, and its parameters."""
    if keys is None:
        return "", {}
    return f" AND LIST_CONTAINS($keys, {column})", {"keys": list(keys)}


def settle(
    cursor: duckdb.DuckDBPyConnection,
    program_id: int,
    timezone: str,
    keys: Sequence[str] | None = None,
) -> None:
    """Lay logs and what people set over the cases of a program, in an open transaction.

    A stage is reached when any source says so first. The clocks of a case follow its log where it
    has one: a reopened case is open until it is resolved again, and a case is known to be open up
    to the end of the last day of the files that speak of it. ``keys`` are those of `unsettle`.
    """
    said = _said_by_people(cursor, program_id, keys)
    only, params = _only("e.case_key", keys)
    cursor.execute("DROP TABLE IF EXISTS log_of_case")
    cursor.execute(
        f"CREATE TEMP TABLE log_of_case AS SELECT e.case_key, {_FIRSTS}, {_LASTS}, "
        f"MAX({utc('(CAST(b.censor_day AS TIMESTAMP) + INTERVAL 1 DAY)', timezone)}) AS known "
        "FROM case_event e JOIN batch b USING (batch_id) WHERE e.program_id = $p "
        f"AND e.complaint_id IS NULL{only} GROUP BY e.case_key",
        _with_zone({"p": program_id, **params}, timezone),
    )
    cursor.execute(
        f"INSERT INTO case_as_stated BY NAME SELECT complaint_id, {', '.join(KEPT)} "
        "FROM complaint WHERE program_id = $p AND case_no <> '' AND (source_key IN "
        "(SELECT case_key FROM log_of_case) OR LIST_CONTAINS($said, source_key))",
        {"p": program_id, "said": list(said)},
    )
    _follow_logs(cursor, program_id)
    for key, fields in said.items():
        cursor.execute(
            f"UPDATE complaint SET {', '.join(f'{c} = ${c}' for c in fields)} "
            "WHERE program_id = $p AND source_key = $key AND case_no <> ''",
            {"p": program_id, "key": key, **fields},
        )
    cursor.execute("DROP TABLE log_of_case")


def _with_zone(params: dict[str, object], timezone: str) -> dict[str, object]:
    return params if timezone == "UTC" else {**params, "tz": timezone}


def _follow_logs(cursor: duckdb.DuckDBPyConnection, program_id: int) -> None:
    """Move the stages and clocks of cases on to what their logs say.

    ``l`` is the log of the case, ``c`` the case as the files state it, ``w`` what follows.
    """
    kept = [c for c in EVENT_COLUMNS.values() if c not in ("first_response_at",)]
    firsts = ", ".join(f"LEAST(c.{c}, l.{c}) AS {c}" for c in kept)
    known = (
        "GREATEST(l.known, c.received_at + TO_SECONDS(CASE WHEN c.response_event = 0 THEN "
        "c.response_s END), c.received_at + TO_SECONDS(CASE WHEN c.resolution_event = 0 THEN "
        "c.resolution_s END))"
    )
    cursor.execute("DROP TABLE IF EXISTS case_now")
    cursor.execute(
        "CREATE TEMP TABLE case_now AS WITH logged AS (SELECT "
        "COUNT(first_response_at) > 0 AS responses, "
        "COUNT(resolved_at) + COUNT(closed_at) > 0 AS resolutions FROM log_of_case), "
        f"w AS (SELECT c.complaint_id, {firsts}, "
        "LEAST(NULLIF(c.first_response_at, LEAST(c.auto_reply_at, l.auto_reply_at)), "
        "l.first_response_at) AS first_response_at, "
        "COALESCE(GREATEST(c.resolved_at, l.last_resolved), "
        "GREATEST(c.closed_at, l.last_closed)) AS ended_at, "
        "GREATEST(c.reopened_at, l.last_reopened) AS came_back, "
        "(l.resolved_at IS NOT NULL OR l.reopened_at IS NOT NULL OR "
        "(l.closed_at IS NOT NULL AND c.resolved_at IS NULL)) AS moves, "
        f"c.received_at, {known} AS known, c.status, c.response_event, c.resolution_event, "
        "c.resolution_s, g.responses, g.resolutions FROM complaint c "
        "JOIN log_of_case l ON l.case_key = c.source_key CROSS JOIN logged g "
        "WHERE c.program_id = $p AND c.case_no <> ''), "
        "r AS (SELECT *, COALESCE(first_response_at, resolved_at, closed_at) AS answered_at, "
        "ended_at IS NOT NULL AND (came_back IS NULL OR came_back <= ended_at) AS over FROM w) "
        f"SELECT complaint_id, first_response_at, {', '.join(kept)}, "
        "CASE WHEN answered_at IS NOT NULL AND (response_event IS NOT NULL OR responses) "
        "THEN 1 WHEN response_event IS NOT NULL OR responses THEN 0 END AS response_event, "
        "GREATEST(DATE_DIFF('second', received_at, COALESCE(answered_at, known)), 0) AS answered, "
        "CASE WHEN NOT moves AND resolution_event = 1 THEN 1 "
        "WHEN moves AND over THEN 1 WHEN moves OR resolution_event IS NOT NULL OR resolutions "
        "THEN 0 END AS resolution_event, "
        "CASE WHEN NOT moves AND resolution_event = 1 THEN resolution_s ELSE GREATEST(DATE_DIFF("
        "'second', received_at, CASE WHEN moves AND over THEN ended_at ELSE known END), 0) END "
        "AS solved, "
        "CASE WHEN moves AND over AND COALESCE(status, 'open') IN ('open', 'reopened') "
        "THEN 'resolved' WHEN moves AND NOT over AND came_back IS NOT NULL THEN 'reopened' "
        "ELSE status END AS status FROM r",
        {"p": program_id},
    )
    cursor.execute(
        f"UPDATE complaint AS c SET {', '.join(f'{k} = w.{k}' for k in EVENT_COLUMNS.values())}, "
        "status = w.status, response_event = CAST(w.response_event AS SMALLINT), "
        "resolution_event = CAST(w.resolution_event AS SMALLINT), "
        "response_s = CASE WHEN w.response_event IS NOT NULL THEN w.answered END, "
        "resolution_s = CASE WHEN w.resolution_event IS NOT NULL THEN w.solved END "
        "FROM case_now w WHERE w.complaint_id = c.complaint_id"
    )
    cursor.execute("DROP TABLE case_now")


def _said_by_people(
    cursor: duckdb.DuckDBPyConnection, program_id: int, keys: Sequence[str] | None
) -> dict[str, dict[str, object]]:
    """Return case -> column -> value for what people set and have not taken back."""
    only, params = _only("case_key", keys)
    rows = cursor.execute(
        "SELECT case_key, field, value FROM case_note WHERE program_id = $p "
        f"AND removed_at IS NULL AND field <> $note{only} ORDER BY note_id",
        {"p": program_id, "note": NOTE, **params},
    ).fetchall()
    out: dict[str, dict[str, object]] = {}
    for key, field, value in rows:
        out.setdefault(key, {}).update(columns_of(field, value))
    return out


def columns_of(field: str, value: str) -> dict[str, object]:
    """Return the columns of a case that a value set by a person stands in; "" is not stated.

    Examples
    --------
    >>> columns_of("category", "Billing > Refund")
    {'category': 'Billing', 'category_2': 'Refund', 'category_3': None}
    >>> columns_of("upheld", "yes"), columns_of("cause", "")
    ({'upheld': 1}, {'cause': None})
    """
    if field == "category":
        names = [*(category_names(value) if value else ()), None, None, None]
        return dict(zip(("category", "category_2", "category_3"), names, strict=False))
    if field == "upheld":
        return {"upheld": {"yes": 1, "no": 0}.get(value)}
    return {field: value or None}
