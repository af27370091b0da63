"""Write checked rows: the fact tables of survey answers and of customers served."""

from __future__ import annotations

from collections.abc import Mapping as MappingABC
from typing import Any

import duckdb

from csat.ingest.at_once import APART_ROWS, holds_apart
from csat.ingest.carried import Part, response_parts
from csat.ingest.catalogue import item_numbers
from csat.ingest.comments import load_comments
from csat.ingest.mapping import Mapping
from csat.ingest.respondent_scores import score_columns
from csat.ingest.stated import stated_of_response, texts_of
from csat.ingest.typed_select import APART, DAY_OF, MONTH_OF
from csat.model.vocabulary import MEASURES


def or_null(stated: MappingABC[str, str], column: str, kind: str = "VARCHAR") -> str:
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
    slots: MappingABC[str, int],
) -> None:
    """Move accepted rows into ``response``, ``answers_<survey>`` and ``comment``.

    A row that replaces an earlier version keeps the id of the response, and what its file does
    not read.
    """
    cursor.execute("DROP TABLE IF EXISTS numbered")
    cursor.execute(
        f"CREATE TEMP TABLE numbered AS {numbered('t.submitted_at', 'response_id', 'response')}"
    )
    numbers = item_numbers(cursor, survey_id)
    params = {"program": program_id, "survey": survey_id, "batch": batch_id}
    for part in response_parts(cursor, mapping, survey_id, batch_id):
        _load_responses(cursor, mapping, part, params, timezone, slots)
        answers = "".join(
            f", {part.alias[k]} AS i{n:d}" for k, n in numbers.items() if k in part.alias
        )
        cursor.execute(
            f"INSERT INTO answers_{survey_id:d} BY NAME SELECT n.response_id{answers} "
            f"{part.joined} WHERE {part.where} ORDER BY n.response_id",
            part.params,
        )
    load_comments(cursor, mapping, program_id=program_id, batch_id=batch_id)


def _load_responses(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    part: Part,
    params: MappingABC[str, object],
    timezone: str,
    slots: MappingABC[str, int],
) -> None:
    measures = {m: item for item in part.items for m in item.measures}
    headline = []
    for name in MEASURES:
        item = measures.get(name)
        code = part.alias[item.key] if item else "CAST(NULL AS SMALLINT)"
        headline.append(f"{code} AS {name}")
        if name in ("csat", "recommend"):
            cut = item.scale.top_from if item else 0
            top = f"CASE WHEN {code} >= {cut:d} THEN 1 WHEN {code} IS NOT NULL THEN 0 END"
            headline.append(f"CAST({top} AS SMALLINT) AS {name}_top")
    stated = stated_of_response(mapping, timezone)
    day, month = DAY_OF.format("t.submitted_at"), MONTH_OF.format("t.submitted_at")
    if part.replaces:
        stated = {c: f"o.{c}" for c in (*texts_of("survey"), "weight")} | stated
        if mapping.column("submitted_at") is None:
            stated["submitted_at"], day, month = "o.submitted_at", "o.day_key", "o.month_key"
    select = ", ".join(
        [
            "n.response_id",
            "$program AS program_id",
            "$survey AS survey_id",
            "$batch AS batch_id",
            "t.source_key",
            f"{stated['submitted_at']} AS submitted_at",
            f"{day} AS day_key",
            f"{month} AS month_key",
            *(or_null(stated, name) for name in texts_of("survey")),
            or_null(stated, "weight", "DOUBLE"),
            *headline,
            *score_columns(part.items, part.alias, slots),
        ]
    )
    zone = {"tz": timezone} if "$tz" in select else {}
    cursor.execute(
        f"INSERT INTO response BY NAME SELECT {select} {part.joined} WHERE {part.where} "
        "ORDER BY n.response_id",
        {**params, **part.params, **zone},
    )


def numbered(order: str, name: str, table: str) -> str:
    """Return SQL for row_no and id of accepted rows: the known id, else the next free one."""
    return (
        f"SELECT t.row_no, COALESCE(k.old_id, row_number() OVER (PARTITION BY k.old_id IS NULL "
        f"ORDER BY {order}, t.row_no) + GREATEST("
        f"(SELECT COALESCE(MAX({name}), 0) FROM {table}), "
        f"(SELECT COALESCE(MAX({name}), 0) FROM superseded_{table}))) AS {name} "
        "FROM typed t LEFT JOIN known k ON k.row_no = t.row_no "
        "WHERE t.row_no IN (SELECT row_no FROM accepted)"
    )


def note_exclusions(
    cursor: duckdb.DuckDBPyConnection,
    mapping: Mapping,
    positions: MappingABC[str, int],
    batch_id: int,
) -> None:
    """Count, per question, the answers that a special code keeps out of its base: in one pass."""
    if holds_apart(cursor):
        _note_apart(cursor, mapping, batch_id)
        return
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
    _keep_counts(cursor, batch_id, [c[:2] for c in counted], row)


def _note_apart(cursor: duckdb.DuckDBPyConnection, mapping: Mapping, batch_id: int) -> None:
    """Count the special codes of a file that was typed at once, which stand in its rows."""
    counted = [
        (item.key, kind, f"COUNT(CASE WHEN v{i:d} = {APART[kind]:d} THEN 1 END)")
        for i, (_, item) in enumerate(mapping.items())
        for kind in dict.fromkeys(item.scale.special.values())
    ]
    if counted:
        row = cursor.execute(
            f"SELECT {', '.join(c[2] for c in counted)} FROM {APART_ROWS} "
            "WHERE row_no IN (SELECT row_no FROM accepted)"
        ).fetchone()
        _keep_counts(cursor, batch_id, [c[:2] for c in counted], row)


def _keep_counts(
    cursor: duckdb.DuckDBPyConnection,
    batch_id: int,
    counted: list[tuple[str, str]],
    counts: tuple[Any, ...] | None,
) -> None:
    for (key, kind), n in zip(counted, counts or (), strict=True):
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
