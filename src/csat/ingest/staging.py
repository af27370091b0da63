"""A source as a temporary table of texts on one cursor, with the row number of the file."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb

from csat.ingest.archive import payload
from csat.ingest.columnar import stage_parquet
from csat.ingest.delimited import records
from csat.ingest.fast_text import SlowerReaderNeeded, stage_fast, transcode
from csat.ingest.json_lines import json_rows
from csat.ingest.labelled import stage_labelled
from csat.ingest.limits import check_rows
from csat.ingest.reading import Source
from csat.ingest.table import TableWriter
from csat.ingest.workbook import sheet_rows
from csat.model.message import msg
from csat.model.problem import ImportProblem


def stage(cursor: duckdb.DuckDBPyConnection, source: Source) -> int:
    """Read a source into temporary tables; return rows read.

    ``staged`` has ``row_no`` (the row of the file, its first row being 1; the case or line of
    a file without header rows) and one VARCHAR column ``c0``, ``c1`` ... per column, trimmed,
    blank as NULL. ``ragged`` lists the rows whose number of fields differs from the header's.
    ``aside`` lists rows that are no answers (``row_no``, ``reason``, ``value``): "header" for
    a header that stands again, "remark" for a line after #, "footer" for single cells below
    the table. Rows without any value are in none of them, but count in the row numbers.

    Raises
    ------
    ImportProblem
        When nothing stands below the header, the file cannot be read to its end, or it holds
        more than the limits.
    """
    cursor.execute(
        "DROP TABLE IF EXISTS staged; DROP TABLE IF EXISTS ragged; DROP TABLE IF EXISTS aside"
    )
    cursor.execute("CREATE TEMP TABLE ragged (row_no BIGINT, fields BIGINT)")
    cursor.execute("CREATE TEMP TABLE aside (row_no BIGINT, reason VARCHAR, value VARCHAR)")
    with payload(source) as path:
        _stage_form(cursor, source, path)
    counts = cursor.execute(
        "SELECT (SELECT COUNT(*) FROM staged) + (SELECT COUNT(*) FROM ragged)"
    ).fetchone()
    total = int(counts[0]) if counts else 0
    if total == 0:
        raise ImportProblem(
            msg("{name} holds a header and no rows", name=source.name),
            msg("Export it again with its answers"),
        )
    check_rows(total, len(source.reading.columns), source.name, source.limits)
    return total


def _stage_form(cursor: duckdb.DuckDBPyConnection, source: Source, path: Path) -> None:
    form = source.reading.form
    if form == "csv":
        _stage_text(cursor, source, path)
    elif form == "labelled":
        stage_labelled(cursor, source, path)
    elif form == "parquet":
        stage_parquet(cursor, source, path)
    else:
        writer = TableWriter(cursor, source, pad=True)
        rows = sheet_rows(source, path) if form == "workbook" else json_rows(source, path)
        for row_no, row in rows:
            writer.add(row_no, row)
        writer.close()


def _stage_text(cursor: duckdb.DuckDBPyConnection, source: Source, path: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="csat-") as folder:
        if source.reading.encoding != "utf-8":
            text = Path(folder) / "text.csv"
            transcode(source, path, text)
            path = text
        try:
            stage_fast(cursor, source, path, Path(folder))
        except SlowerReaderNeeded:
            cursor.execute("DROP TABLE IF EXISTS staged; DELETE FROM aside")
            writer = TableWriter(cursor, source, pad=False)
            for row_no, row in records(path, source.name, source.reading, source.limits):
                writer.add(row_no, row)
            writer.close()


def sample_rows(
    cursor: duckdb.DuckDBPyConnection, source: Source, limit: int
) -> list[tuple[str | None, ...]]:
    """Return the first rows of a staged file as texts, for a preview and for guessing."""
    names = ", ".join(f"c{i}" for i in range(len(source.reading.columns)))
    return cursor.execute(
        f"SELECT {names} FROM staged ORDER BY row_no LIMIT $limit", {"limit": limit}
    ).fetchall()


def rows_aside(
    cursor: duckdb.DuckDBPyConnection, limit: int = 100
) -> list[tuple[int, str, str | None]]:
    """Return the first rows of a staged file that are no answers: row, why, and their begin."""
    return cursor.execute(
        "SELECT row_no, reason, value FROM aside ORDER BY row_no LIMIT $limit", {"limit": limit}
    ).fetchall()
