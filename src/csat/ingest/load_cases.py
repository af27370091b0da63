"""Write checked rows of a complaint file: cases with their clocks, and their pauses."""

from __future__ import annotations

from datetime import date
from typing import Final

import duckdb

from csat.ingest.carried import Part, case_parts
from csat.ingest.load import numbered, or_null
from csat.ingest.mapping import Mapping
from csat.ingest.pauses import load_pauses
from csat.ingest.stated import (
    CLOCKS,
    YES_NO,
    human_response,
    stated_of_complaint,
    texts_of,
    utc,
)
from csat.ingest.typed_select import DAY_OF, MONTH_OF
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
    cursor.execute("DROP TABLE IF EXISTS numbered")
    cursor.execute(
        f"CREATE TEMP TABLE numbered AS {numbered('t.received_at', 'complaint_id', 'complaint')}"
    )
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    bound: dict[str, object] = {"tz": timezone, "censor": censor or date.max}
    bound |= {"wide": WIDE, "narrow": NARROW}
    for part in case_parts(cursor, batch_id):
        select = ", ".join(_columns(mapping, part, timezone))
        cursor.execute(
            f"INSERT INTO complaint BY NAME SELECT {select} {part.joined} WHERE {part.where} "
            "ORDER BY t.received_at, t.row_no",
            {**params, **{k: v for k, v in bound.items() if f"${k}" in select}},
        )
    load_pauses(cursor, mapping, program_id=program_id, batch_id=batch_id, timezone=timezone)


def _columns(mapping: Mapping, part: Part, timezone: str) -> list[str]:
    """Return SQL of every column of a case, as its file states it and a replaced version did."""
    read = stated_of_complaint(mapping, timezone)
    stated = read
    day, month = DAY_OF.format("t.received_at"), MONTH_OF.format("t.received_at")
    if part.replaces:
        stored = ("received_at", *CLOCKS, *texts_of("complaints"), *YES_NO, "compensation")
        stated = {c: f"o.{c}" for c in stored} | read
        if mapping.column("received_at") is None:
            stated["received_at"], day, month = "o.received_at", "o.day_key", "o.month_key"
    response, resolution = _clocks(mapping, stated, part, utc(_END_OF_DAY, timezone))
    return [
        "n.complaint_id",
        "$program AS program_id",
        "$batch AS batch_id",
        "t.source_key",
        f"{_case_no(mapping)} AS case_no",
        f"{'CAST(t.cases AS BIGINT)' if mapping.column('cases') else '1'} AS cases",
        f"{_searched(stated.get('narrative'))} AS search_text",
        f"{stated['received_at']} AS received_at",
        f"{day} AS day_key",
        f"{month} AS month_key",
        *(or_null(stated, name, "TIMESTAMP") for name in CLOCKS),
        *(or_null(stated, name) for name in texts_of("complaints")),
        f"{_status(mapping, part, stated)} AS status",
        f"{response[0]} AS response_s",
        f"{response[1]} AS response_event",
        f"{resolution[0]} AS resolution_s",
        f"{resolution[1]} AS resolution_event",
        *(or_null(stated, name, "SMALLINT") for name in YES_NO),
        or_null(stated, "compensation", "BIGINT"),
        f"{_conduct(stated)} AS conduct",
    ]


def _searched(text: str | None) -> str:
    """Return what a search looks in: lower case, and usual width where letters are not plain."""
    if text is None:
        return "CAST(NULL AS VARCHAR)"
    lower = f"LOWER({text})"
    plain = f"STRLEN({text}) = LENGTH({text})"
    return f"CASE WHEN {plain} THEN {lower} ELSE TRANSLATE({lower}, $wide, $narrow) END"


def extend_open_clocks(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    *,
    batch_id: int,
    timezone: str,
    censor: date | None,
) -> None:
    """Let the cases that this file shows unchanged and still open run on to the day ``censor``.

    A clock whose end the file does not read stays. What the clocks said before is kept in
    ``open_clock``, for an undo.
    """
    clocks = [
        clock
        for clock, reads in (
            ("response", _reads_response(mapping)),
            ("resolution", _reads_resolution(mapping)),
        )
        if reads
    ]
    if censor is None or not clocks:
        return
    params: dict[str, object] = {"batch": batch_id, "censor": censor}
    if timezone != "UTC":
        params["tz"] = timezone
    until = f"DATE_DIFF('second', c.received_at, {utc(_END_OF_DAY, timezone)})"
    longer = " OR ".join(f"(c.{k}_event = 0 AND c.{k}_s < {until})" for k in clocks)
    cursor.execute(
        "INSERT INTO open_clock SELECT $batch, c.complaint_id, c.response_s, c.resolution_s "
        "FROM complaint c JOIN known k ON k.old_id = c.complaint_id "
        f"WHERE NOT k.changed AND ({longer})",
        params,
    )
    moved = ", ".join(
        f"{k}_s = CASE WHEN {k}_event = 0 THEN GREATEST({k}_s, {until}) ELSE {k}_s END"
        for k in clocks
    )
    cursor.execute(
        f"UPDATE complaint AS c SET {moved} "
        "WHERE complaint_id IN (SELECT complaint_id FROM open_clock WHERE batch_id = $batch)",
        params,
    )


_ENDS: Final = ("resolved_at", "closed_at")
_NO_CLOCK: Final = ("CAST(NULL AS BIGINT)", "CAST(NULL AS SMALLINT)")
_END_OF_DAY: Final = "(CAST($censor AS TIMESTAMP) + INTERVAL 1 DAY)"


def _clocks(
    mapping: Mapping, stated: dict[str, str], part: Part, open_until: str
) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return SQL of the two clocks of a case: seconds, and whether the clock has stopped.

    A clock that no file reads is NULL. One that this file does not read runs as far as before.
    """
    received, resolved = stated["received_at"], _resolved(stated)
    answered = f"COALESCE({human_response(stated)}, {resolved})"
    out = []
    for clock, end, reads in (
        ("response", answered, _reads_response(mapping)),
        ("resolution", resolved, _reads_resolution(mapping)),
    ):
        if reads:
            out.append(_clock(received, end, open_until))
        elif part.replaces:
            known = f"o.{clock}_event IS NOT NULL"
            until = (
                f"CASE WHEN o.{clock}_event = 0 THEN o.received_at + TO_SECONDS(o.{clock}_s) "
                f"ELSE {open_until} END"
            )
            seconds, event = _clock(received, end, until)
            out.append(
                (f"CASE WHEN {known} THEN {seconds} END", f"CASE WHEN {known} THEN {event} END")
            )
        else:
            out.append(_NO_CLOCK)
    return out[0], out[1]


def _reads_response(mapping: Mapping) -> bool:
    return mapping.column("first_response_at") is not None


def _reads_resolution(mapping: Mapping) -> bool:
    return any(mapping.column(c) is not None for c in _ENDS)


def _clock(start: str, end: str, open_until: str) -> tuple[str, str]:
    """Return SQL for the seconds that passed, all moments in UTC, and whether it has ended."""
    seconds = f"DATE_DIFF('second', {start}, COALESCE({end}, {open_until}))"
    return (
        f"CAST(GREATEST({seconds}, 0) AS BIGINT)",
        f"CAST(CASE WHEN {end} IS NULL THEN 0 ELSE 1 END AS SMALLINT)",
    )


def _resolved(stated: dict[str, str]) -> str:
    """Return SQL for the end of the work on a case: its closing, where no resolution is known."""
    ends = [stated[c] for c in _ENDS if c in stated]
    return f"COALESCE({', '.join(ends)}, NULL)" if ends else "CAST(NULL AS TIMESTAMP)"


def _case_no(mapping: Mapping) -> str:
    if mapping.column("cases") is not None:
        return "''"  # a count has no case behind it
    identified = mapping.column("complaint_id") is not None
    return f"COALESCE({'t.complaint_id' if identified else 'NULL'}, CAST(t.row_no AS VARCHAR))"


def _status(mapping: Mapping, part: Part, stated: dict[str, str]) -> str:
    """Return SQL for the status of a case: as stated, else by whether its work has ended."""
    if mapping.column("status") is not None:
        return "LOWER(t.status)"
    if not _reads_resolution(mapping):
        return "o.status" if part.replaces else "CAST(NULL AS VARCHAR)"
    over = f"{_resolved(stated)} IS NOT NULL"
    if not part.replaces:
        return f"CASE WHEN {over} THEN 'resolved' ELSE 'open' END"
    before = "COALESCE(o.resolved_at, o.closed_at) IS NOT NULL"
    return (
        f"CASE WHEN {over} AND COALESCE(o.status, 'open') IN ('open', 'reopened') THEN 'resolved' "
        f"WHEN NOT {over} AND {before} AND o.status = 'resolved' THEN 'open' "
        "ELSE COALESCE(o.status, 'open') END"
    )


def _conduct(stated: dict[str, str]) -> str:
    """Return SQL for whether a case is one of conduct: it names a violation."""
    if "violation" not in stated:
        return "CAST(0 AS SMALLINT)"
    return f"CAST(CASE WHEN {stated['violation']} IS NULL THEN 0 ELSE 1 END AS SMALLINT)"
