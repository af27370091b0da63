"""What a file leaves alone in the rows it updates, named as the files before it name it."""

from __future__ import annotations

from typing import Final

import duckdb

from csat.ingest.catalogue import Target, item_numbers
from csat.ingest.comments import comment_columns
from csat.ingest.evidence import FORMS, OF_A_CRITERION
from csat.ingest.mapping import Mapping

_TABLE: Final = {
    "survey": "response",
    "complaints": "complaint",
    **{kind: form.table for kind, form in FORMS.items()},
}


def left_alone(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> dict[str, int]:
    """Return column that the file does not have -> changed rows that keep a value in it.

    Columns go by the name that the latest file with them gave them, most rows first. Asks the
    table ``known`` of the file that is checked.
    """
    table = _TABLE.get(mapping.kind)
    changed = cursor.execute("SELECT 1 FROM known WHERE changed LIMIT 1").fetchone()
    if table is None or changed is None:
        return {}
    names = _names(cursor, mapping, target)
    wide = mapping.kind == "evaluations" and mapping.items()
    own_columns = _columns(cursor, table) - set(OF_A_CRITERION if wide else ())
    held = {
        f"f.{role}": source
        for (role, key), source in names.items()
        if not key and role in own_columns and mapping.column(role) is None
    }
    own = {item.key for _, item in mapping.items()}
    joined = ""
    if mapping.kind == "survey":
        joined = f" JOIN answers_{target.survey_id or 0:d} a ON a.response_id = f.response_id"
        numbers = item_numbers(cursor, target.survey_id)
        for (role, key), source in names.items():
            if role == "item" and key in numbers and key not in own:
                held[f"a.i{numbers[key]:d}"] = source
    ids = f"f.{table}_id"
    counts = ", ".join(
        ["COUNT(*)", *(f"COUNT(DISTINCT CASE WHEN {c} IS NOT NULL THEN {ids} END)" for c in held)]
    )
    row = cursor.execute(
        f"SELECT {counts} FROM {table} f{joined} "
        f"WHERE {ids} IN (SELECT old_id FROM known WHERE changed)"
    ).fetchone()
    found = dict(zip(held.values(), (row or (0,))[1:], strict=True))
    found |= _elsewhere(cursor, mapping)
    return dict(sorted(((c, int(n)) for c, n in found.items() if n), key=lambda p: -p[1]))


def _columns(cursor: duckdb.DuckDBPyConnection, table: str) -> set[str]:
    rows = cursor.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = $table", {"table": table}
    ).fetchall()
    return {str(name) for (name,) in rows}


def _names(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, target: Target
) -> dict[tuple[str, str], str]:
    """Return role and key of a question -> its column in the latest file that has it."""
    rows = cursor.execute(
        "SELECT DISTINCT ON (mapping_json) mapping_name, mapping_json FROM batch "
        "WHERE status = 'active' AND program_id = $p AND kind = $kind "
        "AND survey_id IS NOT DISTINCT FROM $s ORDER BY batch_id",
        {"p": target.program_id, "kind": mapping.kind, "s": target.survey_id},
    ).fetchall()
    return {
        (column.role, column.item.key if column.item else ""): column.source
        for name, text in rows
        for column in Mapping.from_json(text, name=name).columns
    }


def _elsewhere(cursor: duckdb.DuckDBPyConnection, mapping: Mapping) -> dict[str, int]:
    """Count the comments, pauses and criteria that stand in rows of their own."""
    changed = "(SELECT old_id FROM known WHERE changed)"
    if mapping.kind == "survey":
        sql = (
            "SELECT asked, COUNT(DISTINCT response_id) FROM comment WHERE asked IS NOT NULL "
            f"AND NOT LIST_CONTAINS($own, asked) AND response_id IN {changed} GROUP BY asked"
        )
        own = comment_columns(mapping)
    elif mapping.kind == "complaints":
        place = "SUBSTR(source_key, LENGTH(case_key) + 2)"
        sql = (
            f"SELECT {place}, COUNT(DISTINCT complaint_id) FROM case_event WHERE "
            f"complaint_id IN {changed} AND TRY_CAST({place} AS INTEGER) IS NULL "
            f"AND NOT LIST_CONTAINS($own, {place}) GROUP BY 1"
        )
        own = [c.source for c in mapping.columns if c.role == "pause_from"]
    elif mapping.items():
        sql = (
            "SELECT criterion, COUNT(DISTINCT evaluation_id) FROM evaluation WHERE "
            f"evaluation_id IN {changed} AND NOT LIST_CONTAINS($own, criterion) GROUP BY 1"
        )
        own = [item.key for _, item in mapping.items()]
    else:
        return {}
    return {str(name): int(n) for name, n in cursor.execute(sql, {"own": own}).fetchall()}
