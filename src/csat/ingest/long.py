"""A file of one row per response and question, turned into one row per response."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from csat.ingest.layout import LONG, positions_of, wide_columns
from csat.ingest.mapping import Mapping
from csat.ingest.roles import MOMENT, ROLES
from csat.model.message import msg
from csat.model.problem import UsageProblem

BETWEEN = " | "
"""Stands between two answers that one response gives to one question."""


def pivot(cursor: duckdb.DuckDBPyConnection, mapping: Mapping, columns: Sequence[str]) -> int:
    """Replace the long table ``staged`` by a wide one; return its number of rows.

    Columns are those of `wide_columns`, ``c0`` ...; ``row_no`` is the first row of a response.
    Two answers of one response to one question stand in one cell, parted by `BETWEEN`, so that
    they are refused as a rating. A column ``disputed`` names what else contradicts itself
    within a response, such as two branches; it is NULL where nothing does.

    Raises
    ------
    ImportProblem
        When the file lacks the columns of the question and the answer.
    """
    wide = wide_columns(mapping, columns)
    question, answer, key = (_place(mapping, role, columns) for role in (*LONG, "response_id"))
    places = positions_of(columns, [n for n in wide if n in columns])
    params: dict[str, object] = {}
    select = []
    for i, name in enumerate(wide):
        if name in places:
            select.append(f"MIN_BY(c{places[name]:d}, row_no) AS c{i:d}")
            continue
        params[f"q{i:d}"] = name
        select.append(
            f"STRING_AGG(DISTINCT c{answer:d}, '{BETWEEN}' ORDER BY c{answer:d}) "
            f"FILTER (WHERE c{question:d} = $q{i:d}) AS c{i:d}"
        )
    disputes = _disputes(mapping, columns, params)
    cursor.execute("DROP TABLE IF EXISTS pivoted")
    cursor.execute(
        f"CREATE TEMP TABLE pivoted AS SELECT MIN(row_no) AS row_no, {', '.join(select)}, "
        f"NULLIF(CONCAT_WS('; ', {', '.join(disputes) or 'NULL'}), '') AS disputed FROM staged "
        f"GROUP BY c{key:d}, CASE WHEN c{key:d} IS NULL THEN row_no END ORDER BY 1",
        params,
    )
    cursor.execute("DROP TABLE staged")
    cursor.execute("ALTER TABLE pivoted RENAME TO staged")
    row = cursor.execute("SELECT COUNT(*) FROM staged").fetchone()
    return int(row[0]) if row else 0


def other_questions(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, columns: Sequence[str]
) -> list[tuple[str, int]]:
    """Return the questions of a long file, before its pivot, that the mapping leaves out.

    Each comes with its number of answers, most first.
    """
    question, answer = (_place(mapping, role, columns) for role in LONG)
    rows = cursor.execute(
        f"SELECT c{question:d}, COUNT(c{answer:d}) FROM staged WHERE c{question:d} IS NOT NULL "
        f"AND NOT LIST_CONTAINS($known, c{question:d}) GROUP BY 1 ORDER BY 2 DESC, 1",
        {"known": [c.source for c in mapping.columns]},
    ).fetchall()
    return [(str(name), int(n)) for name, n in rows]


def _place(mapping: Mapping, role: str, columns: Sequence[str]) -> int:
    column = mapping.column(role)
    place = positions_of(columns, [column.source]) if column else {}
    if column is None or column.source not in place:
        raise UsageProblem(
            msg("No column is mapped as '{role}'", role=role),
            msg("Choose the column that holds it"),
        )
    return place[column.source]


def _disputes(mapping: Mapping, columns: Sequence[str], params: dict[str, object]) -> list[str]:
    """Return SQL that names each mapped column with several values in one response."""
    out: list[str] = []
    for column in mapping.columns:
        kind = ROLES[mapping.kind][column.role][1]
        place = positions_of(columns, [column.source]).get(column.source)
        if place is None or kind == MOMENT or column.role in LONG:
            continue
        name = f"n{len(out):d}"
        params[name] = f"{column.source}: "
        values = f"STRING_AGG(DISTINCT c{place:d}, '{BETWEEN}' ORDER BY c{place:d})"
        out.append(f"CASE WHEN COUNT(DISTINCT c{place:d}) > 1 THEN ${name} || {values} END")
    return out
