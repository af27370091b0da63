"""Write checked rows: the fact tables of survey answers, complaints and exposure."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from datetime import date
from typing import Final

import duckdb

from csat.ingest.catalogue import DIMENSION_SLOTS
from csat.ingest.mapping import Mapping
from csat.ingest.typing_sql import MONTH_OF
from csat.model.vocabulary import MEASURES

SCORE_UNIT: Final = 2520
"""Respondent scores are stored as 2520 x mean: 2520 = lcm(1..10), exact up to ten items."""

_TEXTS: Final = ("branch", "channel", "segment", "touchpoint", "respondent_id")
_TO_UTC: Final = "CAST(({0} AT TIME ZONE $tz) AT TIME ZONE 'UTC' AS TIMESTAMP)"
_DAY: Final = (
    "CAST(EXTRACT(year FROM {0}) * 10000 + EXTRACT(month FROM {0}) * 100 "
    "+ EXTRACT(day FROM {0}) AS INTEGER)"
)


def _or_null(mapping: Mapping, role: str, kind: str = "VARCHAR") -> str:
    return f"t.{role}" if mapping.column(role) is not None else f"CAST(NULL AS {kind})"


def _utc(column: str, timezone: str) -> str:
    return column if timezone == "UTC" else _TO_UTC.format(column)


def load_survey(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    *,
    program_id: int,
    survey_id: int,
    batch_id: int,
    timezone: str,
    numbers: MappingABC[str, int],
    slots: MappingABC[str, int],
) -> None:
    """Move accepted rows into ``response``, ``answers_<survey>`` and ``comment``."""
    alias = {item.key: f"t.v{i}" for i, (_, item) in enumerate(mapping.items())}
    measures = {m: item for _, item in mapping.items() for m in item.measures}
    headline = []
    for name in MEASURES:
        item = measures.get(name)
        code = alias[item.key] if item else "CAST(NULL AS SMALLINT)"
        headline.append(f"{code} AS {name}")
        if name in ("csat", "recommend"):
            cut = item.scale.top_from if item else 0
            top = f"CASE WHEN {code} >= {cut:d} THEN 1 WHEN {code} IS NOT NULL THEN 0 END"
            headline.append(f"CAST({top} AS SMALLINT) AS {name}_top")
    scores = _dimension_scores(mapping, alias, slots)
    texts = [f"{_or_null(mapping, r)} AS {r}" for r in (*_TEXTS, "form")]
    params: dict[str, object] = {
        "program": program_id,
        "survey": survey_id,
        "batch": batch_id,
    }
    if timezone != "UTC":
        params["tz"] = timezone
    cursor.execute("DROP TABLE IF EXISTS numbered")
    cursor.execute(
        "CREATE TEMP TABLE numbered AS SELECT t.row_no, "
        "row_number() OVER (ORDER BY t.submitted_at, t.row_no) "
        "+ (SELECT COALESCE(MAX(response_id), 0) FROM response) AS response_id "
        "FROM typed t WHERE t.row_no IN (SELECT row_no FROM accepted)"
    )
    select = ", ".join(
        [
            "n.response_id",
            "$program AS program_id",
            "$survey AS survey_id",
            "$batch AS batch_id",
            "t.source_key",
            f"{_utc('t.submitted_at', timezone)} AS submitted_at",
            f"{_DAY.format('t.submitted_at')} AS day_key",
            f"{MONTH_OF.format('t.submitted_at')} AS month_key",
            *texts,
            f"{_or_null(mapping, 'weight', 'DOUBLE')} AS weight",
            *headline,
            *scores,
        ]
    )
    joined = "FROM typed t JOIN numbered n ON n.row_no = t.row_no"
    cursor.execute(
        f"INSERT INTO response BY NAME SELECT {select} {joined} ORDER BY n.response_id", params
    )
    answers = ", ".join(f"{alias[k]} AS i{no:d}" for k, no in numbers.items())
    cursor.execute(
        f"INSERT INTO answers_{survey_id:d} BY NAME "
        f"SELECT n.response_id{', ' + answers if answers else ''} {joined} ORDER BY n.response_id"
    )
    comments = sum(1 for c in mapping.columns if c.role == "comment")
    for i in range(comments):
        cursor.execute(
            "INSERT INTO comment SELECT n.response_id, $program, $batch, t.k"
            f"{i:d} {joined} WHERE t.k{i:d} IS NOT NULL ORDER BY n.response_id",
            {"program": program_id, "batch": batch_id},
        )


def _dimension_scores(
    mapping: Mapping, alias: MappingABC[str, str], slots: MappingABC[str, int]
) -> list[str]:
    """Return SQL for respondent scores per dimension: perception, and less the desired level.

    A score needs at least half of its items (or pairs) answered; see methods 2.0 and 2.4.
    """
    out = []
    items = [item for _, item in mapping.items()]
    desired = {i.pair: alias[i.key] for i in items if i.viewpoint == "desired" and i.pair}
    for key, slot in slots.items():
        if slot >= DIMENSION_SLOTS:
            continue
        own = [i for i in items if i.dimension == key and i.viewpoint == "perception"]
        out.append(f"{_score([alias[i.key] for i in own])} AS p_d{slot:d}")
        pairs = [f"({alias[i.key]} - {desired[i.pair]})" for i in own if i.pair in desired]
        out.append(f"{_score(pairs)} AS g_d{slot:d}")
    return out


def _score(values: list[str]) -> str:
    if not values:
        return "CAST(NULL AS INTEGER)"
    total = " + ".join(f"COALESCE(CAST({v} AS INTEGER), 0)" for v in values)
    count = " + ".join(f"CASE WHEN {v} IS NULL THEN 0 ELSE 1 END" for v in values)
    return (
        f"CAST(CASE WHEN 2 * ({count}) >= {len(values):d} "
        f"THEN ROUND({SCORE_UNIT:d}.0 * ({total}) / NULLIF({count}, 0)) END AS INTEGER)"
    )


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
    resolved. Cases still open are censored at the end of the day ``censor``.
    """

    def moment(role: str) -> str:
        return _utc(f"t.{role}", timezone) if mapping.column(role) else "CAST(NULL AS TIMESTAMP)"

    resolved = moment("resolved_at")
    answered = f"COALESCE({moment('first_response_at')}, {resolved})"
    received, open_until = moment("received_at"), _utc(_END_OF_DAY, timezone)
    has_response = mapping.column("first_response_at") is not None
    has_resolution = mapping.column("resolved_at") is not None
    response = _clock(received, answered, open_until) if has_response else _NO_CLOCK
    resolution = _clock(received, resolved, open_until) if has_resolution else _NO_CLOCK
    moments = [
        f"{moment(r)} AS {r}"
        for r in (
            "acknowledged_at",
            "forwarded_at",
            "first_response_at",
            "resolved_at",
            "reopened_at",
        )
    ]
    texts = [
        f"{_or_null(mapping, r)} AS {r}"
        for r in (*_TEXTS, "category", "category_2", "category_3", "cause", "outcome", "narrative")
    ]
    severity = f"LOWER({_or_null(mapping, 'severity')}) AS severity"
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    if timezone != "UTC":
        params["tz"] = timezone
    if has_response or has_resolution:
        params["censor"] = censor or date.max
    select = ", ".join(
        [
            "row_number() OVER (ORDER BY t.received_at, t.row_no) "
            "+ (SELECT COALESCE(MAX(complaint_id), 0) FROM complaint) AS complaint_id",
            "$program AS program_id",
            "$batch AS batch_id",
            "t.source_key",
            f"{_case_no(mapping)} AS case_no",
            f"{'CAST(t.cases AS BIGINT)' if mapping.column('cases') else '1'} AS cases",
            f"LOWER({_or_null(mapping, 'narrative')}) AS search_text",
            f"{received} AS received_at",
            f"{_DAY.format('t.received_at')} AS day_key",
            f"{MONTH_OF.format('t.received_at')} AS month_key",
            *moments,
            *texts,
            severity,
            f"{_status(mapping)} AS status",
            f"{response[0]} AS response_s",
            f"{response[1]} AS response_event",
            f"{resolution[0]} AS resolution_s",
            f"{resolution[1]} AS resolution_event",
            f"{_or_null(mapping, 'timely', 'SMALLINT')} AS timely",
            f"{_or_null(mapping, 'upheld', 'SMALLINT')} AS upheld",
        ]
    )
    cursor.execute(
        f"INSERT INTO complaint BY NAME SELECT {select} FROM typed t "
        "WHERE t.row_no IN (SELECT row_no FROM accepted) ORDER BY t.received_at, t.row_no",
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


def _case_no(mapping: Mapping) -> str:
    if mapping.column("cases") is not None:
        return "''"  # a count has no case behind it
    return f"COALESCE({_or_null(mapping, 'complaint_id')}, CAST(t.row_no AS VARCHAR))"


def _status(mapping: Mapping) -> str:
    if mapping.column("status") is not None:
        return "LOWER(t.status)"
    if mapping.column("resolved_at") is None:
        return "CAST(NULL AS VARCHAR)"
    return "CASE WHEN t.resolved_at IS NULL THEN 'open' ELSE 'resolved' END"


def load_exposure(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, *, program_id: int, batch_id: int
) -> None:
    """Move accepted rows into ``exposure``: customers served per month and branch."""
    cursor.execute(
        "INSERT INTO exposure SELECT $program, $batch, "
        f"{MONTH_OF.format('t.month')}, {_or_null(mapping, 'branch')}, CAST(t.customers AS BIGINT) "
        "FROM typed t WHERE t.row_no IN (SELECT row_no FROM accepted)",
        {"program": program_id, "batch": batch_id},
    )


def note_exclusions(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    positions: MappingABC[str, int],
    batch_id: int,
) -> None:
    """Count, per question, the answers that a special code keeps out of its base."""
    for column, item in mapping.items():
        kinds: dict[str, list[str]] = {}
        for raw, kind in item.scale.special.items():
            kinds.setdefault(kind, []).append(raw)
        for kind, values in kinds.items():
            cursor.execute(
                "INSERT INTO answer_exclusion SELECT $batch, $key, $kind, COUNT(*) FROM staged "
                f"WHERE c{positions[column.source]:d} IN (SELECT unnest($values)) "
                "AND row_no IN (SELECT row_no FROM accepted) HAVING COUNT(*) > 0",
                {"batch": batch_id, "key": item.key, "kind": kind, "values": values},
            )


def note_breaks(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, survey_id: int, batch_id: int
) -> None:
    """Note the days from which questions are no longer comparable with their past."""
    for b in mapping.breaks:
        cursor.execute(
            "INSERT INTO series_break VALUES ($batch, $survey, $day, $item, $note)",
            {"batch": batch_id, "survey": survey_id, "day": b.day, "item": b.item, "note": b.note},
        )
