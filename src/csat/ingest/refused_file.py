"""The refused rows as they stand in the file, to be corrected and loaded again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import duckdb

from csat.ingest.reasons import read_reason
from csat.model.message import Message

MOST_ROWS: Final = 10_000


@dataclass(frozen=True, slots=True)
class RefusedSource:
    """One refused row: its number, its cells as they stand, and what is wrong, by column."""

    row_no: int
    cells: tuple[str, ...]
    reasons: tuple[tuple[str, Message], ...]


def refused_sources(cursor: duckdb.DuckDBPyConnection, columns: int) -> tuple[RefusedSource, ...]:
    """Return the first 10,000 refused rows of a checked file, in the order of the file.

    A row whose number of cells differs from the header's has no cells here, nor have the rows
    of a file that was made wide.
    """
    staged = cursor.execute("SELECT * FROM staged LIMIT 0").description or ()
    columns = columns if len(staged) == columns + 1 else 0
    cells = "".join(f", ANY_VALUE(s.c{i:d})" for i in range(columns))
    rows = cursor.execute(
        "SELECT r.row_no, LIST(COALESCE(r.column_name, '') ORDER BY r.column_name), "
        f"LIST(r.reason ORDER BY r.column_name){cells} "
        "FROM refused r LEFT JOIN staged s ON s.row_no = r.row_no "
        f"GROUP BY r.row_no ORDER BY r.row_no LIMIT {MOST_ROWS:d}"
    ).fetchall()
    return tuple(
        RefusedSource(
            int(row[0]),
            tuple(c or "" for c in row[3:]),
            tuple(zip(row[1], (read_reason(r) for r in row[2]), strict=True)),
        )
        for row in rows
    )
