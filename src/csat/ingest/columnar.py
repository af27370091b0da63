"""Parquet files: columns from the file's own description, values as texts by the engine."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pyarrow as pa

from csat.ingest.header_names import unique_names
from csat.ingest.limits import check_columns, check_rows
from csat.ingest.reading import Reading, Source
from csat.ingest.table import BLANKS
from csat.ingest.tools import tool_of
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits


def read_parquet(path: Path, label: str, limits: ImportLimits) -> Reading:
    """Return the columns of a Parquet file.

    Raises
    ------
    ImportProblem
        When it is damaged or encrypted, or larger than the limits.
    """
    from pyarrow.parquet import ParquetFile  # takes memory that only who loads a file needs

    try:
        with ParquetFile(path) as file:
            names = [str(n) for n in file.schema_arrow.names]
            rows = file.metadata.num_rows
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(label) from error
    check_columns(len(names), label, limits)
    check_rows(rows, len(names), label, limits)
    columns, _ = unique_names(names)
    return Reading("parquet", columns=columns, header_rows=0, tool=tool_of(columns))


def stage_parquet(cursor: duckdb.DuckDBPyConnection, source: Source, path: Path) -> None:
    """Read a Parquet file into ``staged``; nested values become JSON text.

    Raises
    ------
    ImportProblem
        When it is damaged.
    """
    with _plainly_named(path) as readable:
        try:
            kinds = cursor.execute(
                "DESCRIBE SELECT * FROM read_parquet($path)", {"path": str(readable)}
            ).fetchall()
            names = [f"c{i}" for i in range(len(kinds))]
            texts = ", ".join(
                f"NULLIF(TRIM({_text(n, str(kind[1]))}, $blanks), '') AS {n}"
                for n, kind in zip(names, kinds, strict=True)
            )
            cursor.execute(
                f"CREATE TEMP TABLE staged AS SELECT row_number() OVER () AS row_no, {texts} "
                f"FROM read_parquet($path) AS file({', '.join(names)})",
                {"path": str(readable), "blanks": BLANKS},
            )
        except duckdb.Error as error:
            raise _damaged(source.name) from error
    cursor.execute(f"DELETE FROM staged WHERE {' AND '.join(f'{n} IS NULL' for n in names)}")


def _text(name: str, kind: str) -> str:
    """Return the expression that writes a column as text, whole numbers without ``.0``."""
    if kind in ("DOUBLE", "FLOAT"):
        return (
            f"CASE WHEN isnan({name}) THEN NULL "
            f"WHEN {name} = trunc({name}) AND abs({name}) < 1e15 "
            f"THEN CAST(CAST({name} AS BIGINT) AS VARCHAR) ELSE CAST({name} AS VARCHAR) END"
        )
    if "[" in kind or kind.startswith(("STRUCT", "MAP", "UNION")):
        return f"CAST(to_json({name}) AS VARCHAR)"
    return f"CAST({name} AS VARCHAR)"


@contextmanager
def _plainly_named(path: Path) -> Iterator[Path]:
    """Lend a path that the engine cannot take for a pattern."""
    if not re.search(r"[*?\[]", str(path)):
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="csat-") as folder:
        link = Path(folder) / "file.parquet"
        os.symlink(path.resolve(), link)
        yield link


def _damaged(label: str) -> ImportProblem:
    return ImportProblem(
        msg("{name} is no Parquet file that can be read: damaged or encrypted", name=label),
        msg("Export it again"),
    )
