"""Write checked rows of a complaint file: cases with their clocks, and their pauses."""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from csat.ingest.load import numbered, or_null
from csat.ingest.mapping import Mapping
from csat.ingest.pauses import pause_pairs
from csat.ingest.stated import (
    CLOCKS,
    YES_NO,
    human_response,
    stated_of_complaint,
    texts_of,
    utc,
)
from csat.ingest.typing_sql import DAY_OF, MONTH_OF
from csat.model.case_stages import PAUSED
from csat.model.search import NARROW, WIDE


def load_complaints(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    *,
    program_id: int,
    batch_id: int,
    timezone: str,
    censor: date | None,
) -> None:
    """Move accepted rows into ``complaint``, with both clocks in seconds.

    A case without a first response but with a resolution counts as answered when it was
    resolved; an automatic reply is no response. Cases still open are censored at the end of the
    day ``censor``.
    """
    stated = stated_of_complaint(mapping, timezone)
    resolved = _resolved(stated)
    answered = f"COALESCE({human_response(stated)}, {resolved})"
    received, open_until = stated["received_at"], utc(_END_OF_DAY, timezone)
    has_response = mapping.column("first_response_at") is not None
    has_resolution = bool({"resolved_at", "closed_at"} & stated.keys())
    response = _clock(received, answered, open_until) if has_response else _NO_CLOCK
    resolution = _clock(received, resolved, open_until) if has_resolution else _NO_CLOCK
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    if "narrative" in stated:
        params |= {"wide": WIDE, "narrow": NARROW}
    if timezone != "UTC":
        params["tz"] = timezone
    if has_response or has_resolution:
        params["censor"] = censor or date.max
    cursor.execute("DROP TABLE IF EXISTS numbered")
    cursor.execute(
        f"CREATE TEMP TABLE numbered AS {numbered('t.received_at', 'complaint_id', 'complaint')}"
    )
    select = ", ".join(
        [
            "n.complaint_id",
            "$program AS program_id",
            "$batch AS batch_id",
            "t.source_key",
            f"{_case_no(mapping)} AS case_no",
            f"{'CAST(t.cases AS BIGINT)' if mapping.column('cases') else '1'} AS cases",
            f"{_searched(stated.get('narrative'))} AS search_text",
            f"{received} AS received_at",
            f"{DAY_OF.format('t.received_at')} AS day_key",
            f"{MONTH_OF.format('t.received_at')} AS month_key",
            *(or_null(stated, name, "TIMESTAMP") for name in CLOCKS),
            *(or_null(stated, name) for name in texts_of("complaints")),
            f"{_status(mapping)} AS status",
            f"{response[0]} AS response_s",
            f"{response[1]} AS response_event",
            f"{resolution[0]} AS resolution_s",
            f"{resolution[1]} AS resolution_event",
            *(or_null(stated, name, "SMALLINT") for name in YES_NO),
            or_null(stated, "compensation", "BIGINT"),
            f"{_conduct(mapping)} AS conduct",
        ]
    )
    cursor.execute(
        f"INSERT INTO complaint BY NAME SELECT {select} FROM typed t "
        "JOIN numbered n ON n.row_no = t.row_no ORDER BY t.received_at, t.row_no",
        params,
    )
    for used in ("censor", "wide", "narrow"):
        params.pop(used, None)
    _load_pauses(cursor, mapping, params, timezone)


def _searched(text: str | None) -> str:
    """Return what a search looks in: lower case, and usual width where letters are not plain."""
    if text is None:
        return "CAST(NULL AS VARCHAR)"
    lower = f"LOWER({text})"
    plain = f"STRLEN({text}) = LENGTH({text})"
    return f"CASE WHEN {plain} THEN {lower} ELSE TRANSLATE({lower}, $wide, $narrow) END"


def extend_open_clocks(
    cursor: duckdb.DuckDBPyConnection, *, batch_id: int, timezone: str, censor: date | None
) -> None:
    """Let the cases that this file shows unchanged and still open run on to the day ``censor``.

    What their clocks said before is kept in ``open_clock``, for an undo.
    """
    if censor is None:
        return
    params: dict[str, object] = {"batch": batch_id, "censor": censor}
    if timezone != "UTC":
        params["tz"] = timezone
    until = f"DATE_DIFF('second', c.received_at, {utc(_END_OF_DAY, timezone)})"
    cursor.execute(
        "INSERT INTO open_clock SELECT $batch, c.complaint_id, c.response_s, c.resolution_s "
        "FROM complaint c JOIN known k ON k.old_id = c.complaint_id WHERE NOT k.changed AND "
        f"((c.response_event = 0 AND c.response_s < {until}) "
        f"OR (c.resolution_event = 0 AND c.resolution_s < {until}))",
        params,
    )
    cursor.execute(
        "UPDATE complaint AS c SET "
        f"response_s = CASE WHEN response_event = 0 THEN {until} ELSE response_s END, "
        f"resolution_s = CASE WHEN resolution_event = 0 THEN {until} ELSE resolution_s END "
        "WHERE complaint_id IN (SELECT complaint_id FROM open_clock WHERE batch_id = $batch)",
        params,
    )


_NO_CLOCK: Final = ("CAST(NULL AS BIGINT)", "CAST(NULL AS SMALLINT)")
_END_OF_DAY: Final = "(CAST($censor AS TIMESTAMP) + INTERVAL 1 DAY)"


def _clock(start: str, end: str, open_until: str) -> tuple[str, str]:
    """Return SQL for the seconds that passed, all moments in UTC, and whether it has ended."""
    seconds = f"DATE_DIFF('second', {start}, COALESCE({end}, {open_until}))"
    return (
        f"CAST(GREATEST({seconds}, 0) AS BIGINT)",
        f"CAST(CASE WHEN {end} IS NULL THEN 0 ELSE 1 END AS SMALLINT)",
    )


def _resolved(stated: dict[str, str]) -> str:
    """Return SQL for the end of the work on a case: its closing, where no resolution is known."""
    ends = [stated[c] for c in ("resolved_at", "closed_at") if c in stated]
    return f"COALESCE({', '.join(ends)}, NULL)" if ends else "CAST(NULL AS TIMESTAMP)"


def _case_no(mapping: Mapping) -> str:
    if mapping.column("cases") is not None:
        return "''"  # a count has no case behind it
    identified = mapping.column("complaint_id") is not None
    return f"COALESCE({'t.complaint_id' if identified else 'NULL'}, CAST(t.row_no AS VARCHAR))"


def _status(mapping: Mapping) -> str:
    if mapping.column("status") is not None:
        return "LOWER(t.status)"
    ends = [f"t.{c}" for c in ("resolved_at", "closed_at") if mapping.column(c) is not None]
    if not ends:
        return "CAST(NULL AS VARCHAR)"
    return f"CASE WHEN COALESCE({', '.join(ends)}, NULL) IS NULL THEN 'open' ELSE 'resolved' END"


def _conduct(mapping: Mapping) -> str:
    """Return SQL for whether a case is one of conduct: it names a violation."""
    if mapping.column("violation") is None:
        return "CAST(0 AS SMALLINT)"
    return "CAST(CASE WHEN t.violation IS NULL THEN 0 ELSE 1 END AS SMALLINT)"


def _load_pauses(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, params: dict[str, object], timezone: str
) -> None:
    """Move the stretches in which a case waited for its customer into ``case_event``."""
    for i, (start, end) in enumerate(pause_pairs(mapping)):
        cursor.execute(
            "INSERT INTO case_event BY NAME SELECT $program AS program_id, $batch AS batch_id, "
            f"n.complaint_id, t.source_key AS case_key, '{PAUSED}' AS event, "
            f"{utc(start, timezone)} AS happened_at, {utc(end, timezone)} AS until_at, "
            f"t.source_key || '#{i:d}' AS source_key FROM typed t "
            f"JOIN numbered n ON n.row_no = t.row_no WHERE {start} IS NOT NULL",
            params,
        )
