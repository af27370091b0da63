"""Write checked rows: the fact tables of survey answers, complaints and exposure."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from datetime import date
from typing import Final

import duckdb

from csat.ingest.mapping import Mapping
from csat.ingest.respondent_scores import score_columns
from csat.ingest.stated import CLOCKS, stated_of_complaint, stated_of_response, texts_of, utc
from csat.ingest.typing_sql import DAY_OF, MONTH_OF
from csat.model.vocabulary import MEASURES


def _or_null(stated: MappingABC[str, str], column: str, kind: str = "VARCHAR") -> str:
    """Return what the file states for a column, or a NULL of its type."""
    return f"{stated.get(column, f'CAST(NULL AS {kind})')} AS {column}"


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
    """Move accepted rows into ``response``, ``answers_<survey>`` and ``comment``.

    A row that replaces an earlier version keeps the id of the response.
    """
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
    scores = score_columns(mapping, alias, slots)
    stated = stated_of_response(mapping, timezone)
    params: dict[str, object] = {
        "program": program_id,
        "survey": survey_id,
        "batch": batch_id,
    }
    if timezone != "UTC":
        params["tz"] = timezone
    cursor.execute("DROP TABLE IF EXISTS numbered")
    cursor.execute(
        f"CREATE TEMP TABLE numbered AS {_numbered('t.submitted_at', 'response_id', 'response')}"
    )
    select = ", ".join(
        [
            "n.response_id",
            "$program AS program_id",
            "$survey AS survey_id",
            "$batch AS batch_id",
            "t.source_key",
            f"{stated['submitted_at']} AS submitted_at",
            f"{DAY_OF.format('t.submitted_at')} AS day_key",
            f"{MONTH_OF.format('t.submitted_at')} AS month_key",
            *(_or_null(stated, name) for name in texts_of("survey")),
            _or_null(stated, "weight", "DOUBLE"),
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


def _numbered(order: str, name: str, table: str) -> str:
    """Return SQL for row_no and id of accepted rows: the known id, else the next free one."""
    return (
        f"SELECT t.row_no, COALESCE(k.old_id, row_number() OVER (PARTITION BY k.old_id IS NULL "
        f"ORDER BY {order}, t.row_no) + GREATEST("
        f"(SELECT COALESCE(MAX({name}), 0) FROM {table}), "
        f"(SELECT COALESCE(MAX({name}), 0) FROM superseded_{table}))) AS {name} "
        "FROM typed t LEFT JOIN known k ON k.row_no = t.row_no "
        "WHERE t.row_no IN (SELECT row_no FROM accepted)"
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
    stated = stated_of_complaint(mapping, timezone)
    none = "CAST(NULL AS TIMESTAMP)"
    resolved = stated.get("resolved_at", none)
    answered = f"COALESCE({stated.get('first_response_at', none)}, {resolved})"
    received, open_until = stated["received_at"], utc(_END_OF_DAY, timezone)
    has_response = mapping.column("first_response_at") is not None
    has_resolution = mapping.column("resolved_at") is not None
    response = _clock(received, answered, open_until) if has_response else _NO_CLOCK
    resolution = _clock(received, resolved, open_until) if has_resolution else _NO_CLOCK
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    if timezone != "UTC":
        params["tz"] = timezone
    if has_response or has_resolution:
        params["censor"] = censor or date.max
    cursor.execute("DROP TABLE IF EXISTS numbered")
    cursor.execute(
        f"CREATE TEMP TABLE numbered AS {_numbered('t.received_at', 'complaint_id', 'complaint')}"
    )
    select = ", ".join(
        [
            "n.complaint_id",
            "$program AS program_id",
            "$batch AS batch_id",
            "t.source_key",
            f"{_case_no(mapping)} AS case_no",
            f"{'CAST(t.cases AS BIGINT)' if mapping.column('cases') else '1'} AS cases",
            f"LOWER({stated.get('narrative', 'CAST(NULL AS VARCHAR)')}) AS search_text",
            f"{received} AS received_at",
            f"{DAY_OF.format('t.received_at')} AS day_key",
            f"{MONTH_OF.format('t.received_at')} AS month_key",
            *(_or_null(stated, name, "TIMESTAMP") for name in CLOCKS),
            *(_or_null(stated, name) for name in (*texts_of("complaints"), "severity")),
            f"{_status(mapping)} AS status",
            f"{response[0]} AS response_s",
            f"{response[1]} AS response_event",
            f"{resolution[0]} AS resolution_s",
            f"{resolution[1]} AS resolution_event",
            _or_null(stated, "timely", "SMALLINT"),
            _or_null(stated, "upheld", "SMALLINT"),
        ]
    )
    cursor.execute(
        f"INSERT INTO complaint BY NAME SELECT {select} FROM typed t "
        "JOIN numbered n ON n.row_no = t.row_no ORDER BY t.received_at, t.row_no",
        params,
    )


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


def _case_no(mapping: Mapping) -> str:
    if mapping.column("cases") is not None:
        return "''"  # a count has no case behind it
    identified = mapping.column("complaint_id") is not None
    return f"COALESCE({'t.complaint_id' if identified else 'NULL'}, CAST(t.row_no AS VARCHAR))"


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
    branch = "t.branch" if mapping.column("branch") else "CAST(NULL AS VARCHAR)"
    cursor.execute(
        "INSERT INTO exposure SELECT $program, $batch, "
        f"{MONTH_OF.format('t.month')}, {branch}, CAST(t.customers AS BIGINT) "
        "FROM typed t WHERE t.row_no IN (SELECT row_no FROM accepted)",
        {"program": program_id, "batch": batch_id},
    )


def note_exclusions(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    positions: MappingABC[str, int],
    batch_id: int,
) -> None:
    """Count, per question, the answers that a special code keeps out of its base: in one pass."""
    params: dict[str, object] = {}
    counted: list[tuple[str, str, str]] = []
    for column, item in mapping.items():
        for kind in dict.fromkeys(item.scale.special.values()):
            names = []
            for text in (t for t, known in item.scale.special.items() if known == kind):
                names.append(f"$s{len(params):d}")
                params[names[-1][1:]] = text
            holds = f"c{positions[column.source]:d} IN ({', '.join(names)})"
            counted.append((item.key, kind, holds))
    if not counted:
        return
    sums = ", ".join(f"COUNT(CASE WHEN {holds} THEN 1 END)" for _, _, holds in counted)
    row = cursor.execute(
        f"SELECT {sums} FROM staged WHERE row_no IN (SELECT row_no FROM accepted)", params
    ).fetchone()
    for (key, kind, _), n in zip(counted, row or (), strict=True):
        if n:
            cursor.execute(
                "INSERT INTO answer_exclusion VALUES ($batch, $key, $kind, $n)",
                {"batch": batch_id, "key": key, "kind": kind, "n": n},
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
