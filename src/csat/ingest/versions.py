"""Rows that are in the store already: unchanged or changed, and the versions they replace."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import duckdb

from csat.ingest.catalogue import Target, item_numbers
from csat.ingest.comments import comment_columns, comments_differ, stored_comments
from csat.ingest.evidence import FORMS
from csat.ingest.known import changed_columns
from csat.ingest.layout import is_long
from csat.ingest.mapping import Column, Mapping
from csat.ingest.pauses import pause_pairs, pauses_differ, stored_pauses
from csat.ingest.roles import ID_ROLE
from csat.ingest.stated import stated_of_complaint, stated_of_response, utc
from csat.store.stated_cases import stated_cases

_TABLE: Final = {
    "survey": "response",
    "complaints": "complaint",
    **{kind: form.table for kind, form in FORMS.items()},
}


def find_known(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> dict[str, int]:
    """Fill ``known`` (row_no, old_id, changed) with the good rows whose id is stored already.

    A row is changed where any column that this mapping reads differs from what is stored; what
    the mapping does not read says nothing. A file without ids holds no changed rows: its rows
    are known by all their cells.

    Returns
    -------
    dict
        Column of the file, to the number of rows in which it changed, largest first.
    """
    cursor.execute("DROP TABLE IF EXISTS known")
    table = _TABLE[mapping.kind]
    owner, number = (
        ("survey_id", target.survey_id)
        if mapping.kind == "survey"
        else ("program_id", target.program_id)
    )
    identified = mapping.column(ID_ROLE[mapping.kind]) is not None
    differences, params = (
        _differences(cursor, mapping, target) if identified and number else ({}, {})
    )
    flags = "".join(
        f", ({new} IS DISTINCT FROM {old}) AS x{i:d}"
        for i, (new, old) in enumerate(differences.values())
    )
    changed = " OR ".join(f"x{i:d}" for i in range(len(differences))) or "FALSE"
    stored = stated_cases() if mapping.kind == "complaints" else table
    cursor.execute(
        f"CREATE TEMP TABLE known AS SELECT *, {changed} AS changed FROM ("
        f"SELECT t.row_no, f.{table}_id AS old_id{flags} FROM typed t "
        f"JOIN {stored} f ON f.source_key = t.source_key AND f.{owner} = $id"
        f"{_answers(mapping, target) if differences else ''} "
        "WHERE t.row_no NOT IN (SELECT row_no FROM refused))",
        {"id": number, **params, **({"tz": target.timezone} if "$tz" in flags else {})},
    )
    return changed_columns(cursor, list(differences))


def _differences(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> tuple[dict[str, tuple[str, str]], dict[str, object]]:
    """Return column of the file -> what it states, and what the store holds; and their params."""
    if mapping.kind == "complaints":
        stated = stated_of_complaint(mapping, target.timezone)
        cases = {c.source: (stated[c.role], f"f.{c.role}") for c in _read_by(mapping, stated)}
        first = mapping.column("pause_from")
        if first is not None and pause_pairs(mapping):
            moment = utc("{0}", target.timezone)
            after, before, params = pauses_differ(mapping, moment)
            return {**cases, first.source: (after, before)}, params
        return cases, {}
    stated = stated_of_response(mapping, target.timezone)
    out = {c.source: (stated[c.role], f"f.{c.role}") for c in _read_by(mapping, stated)}
    numbers = item_numbers(cursor, target.survey_id)
    for i, (column, item) in enumerate(mapping.items()):
        stored = f"a.i{numbers[item.key]:d}" if item.key in numbers else "CAST(NULL AS SMALLINT)"
        said = f"t.v{i:d}"
        if is_long(mapping):
            said = f"CASE WHEN t.said{i:d} THEN {said} ELSE {stored} END"
        out[column.source] = (said, stored)
    comments = comment_columns(mapping)
    if not comments:
        return out, {}
    after, before, params = comments_differ(mapping)
    return {**out, comments[0]: (after, before)}, params


def _read_by(mapping: Mapping, stated: Iterable[str]) -> list[Column]:
    names = set(stated)
    return [c for c in mapping.columns if c.role in names]


def _answers(mapping: Mapping, target: Target) -> str:
    """Return the joins that bring the stored answers and comments beside a response."""
    if mapping.kind == "complaints" and pause_pairs(mapping):
        return f" LEFT JOIN {stored_pauses()} w ON w.complaint_id = f.complaint_id"
    if mapping.kind != "survey":
        return ""
    joins = ""
    if mapping.items():
        joins += f" JOIN answers_{target.survey_id or 0:d} a ON a.response_id = f.response_id"
    if any(c.role == "comment" for c in mapping.columns):
        joins += f" LEFT JOIN {stored_comments()} m ON m.response_id = f.response_id"
    return joins


def supersede(
    cursor: duckdb.DuckDBPyConnection, kind: str, survey_id: int | None, batch_id: int
) -> None:
    """Move the stored versions of the changed rows aside, inside an open transaction."""
    if kind not in _TABLE:
        return
    row = cursor.execute("SELECT COUNT(*) FROM known WHERE changed").fetchone()
    if not row or not row[0]:
        return
    old = "SELECT old_id FROM known WHERE changed"
    for table, aside in _tables(cursor, kind, survey_id):
        key = f"{_TABLE[kind]}_id"
        cursor.execute(
            f"INSERT INTO {aside} BY NAME "
            f"SELECT *, $batch AS superseded_by FROM {table} WHERE {key} IN ({old})",
            {"batch": batch_id},
        )
        cursor.execute(f"DELETE FROM {table} WHERE {key} IN ({old})")


def restore(
    cursor: duckdb.DuckDBPyConnection, kind: str, survey_id: int | None, batch_id: int
) -> None:
    """Bring back the versions that a batch replaced, inside an open transaction."""
    if kind not in _TABLE:
        return
    for table, aside in _tables(cursor, kind, survey_id):
        cursor.execute(
            f"INSERT INTO {table} BY NAME SELECT * EXCLUDE (superseded_by) FROM {aside} "
            "WHERE superseded_by = $batch",
            {"batch": batch_id},
        )
        cursor.execute(f"DELETE FROM {aside} WHERE superseded_by = $batch", {"batch": batch_id})
    if kind == "complaints":
        cursor.execute(
            "UPDATE complaint AS c SET response_s = o.response_s, resolution_s = o.resolution_s "
            "FROM open_clock o WHERE o.batch_id = $batch AND o.complaint_id = c.complaint_id",
            {"batch": batch_id},
        )
        cursor.execute("DELETE FROM open_clock WHERE batch_id = $batch", {"batch": batch_id})


def _tables(
    cursor: duckdb.DuckDBPyConnection, kind: str, survey_id: int | None
) -> list[tuple[str, str]]:
    """Return the tables whose rows have versions, with the tables of earlier ones."""
    if kind == "complaints":
        return [(name, f"superseded_{name}") for name in ("case_event", "complaint")]
    if kind != "survey":
        return [(_TABLE[kind], f"superseded_{_TABLE[kind]}")]
    answers = f"answers_{survey_id or 0:d}"
    cursor.execute(
        f"CREATE TABLE IF NOT EXISTS superseded_{answers} AS "
        f"SELECT *, CAST(NULL AS INTEGER) AS superseded_by FROM {answers} LIMIT 0"
    )
    for number in item_numbers(cursor, survey_id).values():
        cursor.execute(
            f"ALTER TABLE superseded_{answers} ADD COLUMN IF NOT EXISTS i{number:d} SMALLINT"
        )
    return [(name, f"superseded_{name}") for name in (answers, "comment", "response")]
