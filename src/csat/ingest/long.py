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
    within a response, such as two branches; it is NULL where nothing does. A column ``asked``
    lists the questions that a response says anything of, be it that the answer is empty.

    Raises
    ------
    ImportProblem
        When the file lacks the columns of the question and the answer.
    """
    wide = wide_columns(mapping, columns)
    question, answer, key = (_place(mapping, role, columns) for role in (*LONG, "response_id"))
    places = positions_of(columns, [n for n in wide if n in columns])
    params: dict[str, object] = {
        "wide": list(positions_of(list(places), [c.source for c in mapping.columns]))
    }
    select = []
    for i, name in enumerate(wide):
        if name in places:
            select.append(f"w.c{places[name]:d} AS c{i:d}")
        else:
            params[f"q{i:d}"] = name
            select.append(f"MAP_EXTRACT_VALUE(a.said, $q{i:d}) AS c{i:d}")
    kept = [f"MIN_BY(c{place:d}, row_no) AS c{place:d}" for place in places.values()]
    disputes = ", ".join(_disputes(mapping, columns, params)) or "NULL"
    whose = f"c{key:d} AS whose, CASE WHEN c{key:d} IS NULL THEN row_no END AS alone"
    cursor.execute("DROP TABLE IF EXISTS pivoted")
    cursor.execute(
        f"CREATE TEMP TABLE pivoted AS WITH w AS (SELECT {whose}, MIN(row_no) AS row_no, "
        f"{', '.join(kept)}, NULLIF(CONCAT_WS('; ', {disputes}), '') AS disputed "
        "FROM staged GROUP BY whose, alone), "
        f"one AS (SELECT {whose}, c{question:d} AS asked, {_said(f'c{answer:d}')} AS answered "
        f"FROM staged WHERE c{question:d} IS NOT NULL GROUP BY whose, alone, asked), "
        "a AS (SELECT whose, alone, MAP(LIST(asked), LIST(answered)) AS said "
        "FROM one GROUP BY whose, alone) "
        f"SELECT w.row_no, {', '.join(select)}, w.disputed, LIST_CONCAT($wide, "
        "COALESCE(MAP_KEYS(a.said), CAST([] AS VARCHAR[]))) AS asked FROM w LEFT JOIN a "
        "ON a.whose IS NOT DISTINCT FROM w.whose AND a.alone IS NOT DISTINCT FROM w.alone "
        "ORDER BY w.row_no",
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
            msg(
                "No column is mapped as '{label}' ({role})",
                label=msg(ROLES["survey"][role][0]),
                role=role,
            ),
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
        cell = f"c{place:d}"
        out.append(f"CASE WHEN MIN({cell}) <> MAX({cell}) THEN ${name} || {_said(cell)} END")
    return out


def _said(cell: str) -> str:
    """Return SQL of the one value of a cell, or of its first and last where there are several."""
    first, last = f"MIN({cell})", f"MAX({cell})"
    return f"CASE WHEN {first} = {last} THEN {first} ELSE {first} || '{BETWEEN}' || {last} END"
