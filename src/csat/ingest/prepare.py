"""What a mapping changes in a staged file before its values are typed."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from csat.ingest.layout import is_long, locate
from csat.ingest.long import pivot
from csat.ingest.mapping import Mapping
from csat.ingest.secret import hash_sql, key_beside, pads


def prepare(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, columns: Sequence[str], rows: int
) -> int:
    """Make a long file wide and replace ids of people by keyed hashes; return the rows to load.

    The table ``staged`` is changed in place, so that neither the typed rows nor the refused
    ones hold an id that is to be kept as a hash.

    Parameters
    ----------
    columns
        The columns of the file, as staged.
    rows
        The number of rows staged; returned where the file is a wide one.

    Raises
    ------
    ImportProblem
        When the file lacks a mapped column.
    UsageProblem
        When the secret of the store cannot be read.
    """
    if is_long(mapping):
        rows = pivot(cursor, mapping, columns) + _ragged(cursor)
    hashed = [c for c in mapping.columns if c.keep == "hash"]
    if not hashed:
        return rows
    found = locate(mapping, columns)
    inner, outer = pads(key_beside(cursor))
    for name in {n for c in hashed for n in (c.source, c.fallback) if n in found}:
        cell = f"c{found[name]:d}"
        cursor.execute(
            f"UPDATE staged SET {cell} = {hash_sql(cell, '$inner', '$outer')} "
            f"WHERE {cell} IS NOT NULL AND NOT LIST_CONTAINS($blanks, {cell})",
            {"inner": inner, "outer": outer, "blanks": list(mapping.blanks)},
        )
    return rows


def _ragged(cursor: duckdb.DuckDBPyConnection) -> int:
    row = cursor.execute("SELECT COUNT(*) FROM ragged").fetchone()
    return int(row[0]) if row else 0
