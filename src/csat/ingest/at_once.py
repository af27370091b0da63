"""A plain survey file typed in one pass over its text, without a table of all its texts.

The ordinary way reads a file into ``staged``, a text for every cell, and types that. Where the
file needs no second look, the same values come straight out of the reader: a quarter of the
memory and half of the time. Whatever is odd about a file is left to the ordinary way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import duckdb

from csat.ingest.catalogue import Target
from csat.ingest.fast_text import SlowerReaderNeeded, look_through, text_reader
from csat.ingest.layout import is_long, locate
from csat.ingest.limits import check_rows
from csat.ingest.mapping import Mapping
from csat.ingest.reading import Source
from csat.ingest.table import header_cells
from csat.ingest.typed_select import APART, TRIMMED, Check, TypedSelect
from csat.ingest.typing_sql import type_columns

APART_ROWS: Final = "typed_apart"
"""The rows of ``typed`` with their special codes told apart (``APART``)."""


@dataclass(frozen=True, slots=True)
class AtOnce:
    """A file that stands in ``typed``: its rows, how they were typed, and how to read them again.

    ``texts`` is SQL of the rows as ``staged`` would hold them.
    """

    rows: int
    typed: TypedSelect
    texts: str
    params: dict[str, object]

    def stage_bad(self, cursor: duckdb.DuckDBPyConnection, checks: list[Check]) -> None:
        """Read the rows that a check refuses again, as texts, into ``staged``."""
        bad = " OR ".join(f"({c.bad})" for c in checks)
        cursor.execute(
            f"CREATE TEMP TABLE staged AS SELECT * FROM ({self.texts}) "
            f"WHERE row_no IN (SELECT row_no FROM typed WHERE {bad})",
            self.params,
        )


def type_at_once(
    cursor: duckdb.DuckDBPyConnection, source: Source, mapping: Mapping, target: Target
) -> AtOnce | None:
    """Type a file into ``typed``, or return None where it is to be staged first.

    The view ``typed_apart`` has the same rows with special codes as codes of their own.

    Raises
    ------
    ImportProblem
        When the file lacks a mapped column, or holds a zero byte or more than the limits.
    """
    if not _is_plain(source, mapping):
        return None
    try:
        looked = look_through(source.path, source.name, source.reading.delimiter)
    except SlowerReaderNeeded:
        return None
    if looked.odd_blanks:
        return None
    columns = source.reading.columns
    found = locate(mapping, columns)
    rated = {found[c.source] for c, _ in mapping.items()}
    rated -= {found[c.source] for c in mapping.columns if c.role != "item"}
    typed = type_columns(mapping, found, target.timezone, untrimmed=rated)
    key = next(s[: -len(" AS response_id")] for s in typed.select if s.endswith(" AS response_id"))
    typed.add(key, "source_key")
    if not _read(cursor, source, typed, rated):
        return None
    row = cursor.execute(
        "SELECT COUNT(*), COUNT(CASE WHEN odd = 1 THEN 1 END), "
        "COUNT(CASE WHEN odd = 2 THEN 1 END), COUNT(source_key), COUNT(DISTINCT source_key) "
        "FROM typed_rows"
    ).fetchone()
    total, blank, headers, keys, different = (int(n) for n in row or (0,) * 5)
    if headers or total in (0, blank) or total + 1 != looked.lines or keys != different:
        cursor.execute("DROP TABLE typed_rows")
        return None
    if blank:
        cursor.execute("DELETE FROM typed_rows WHERE odd = 1")
    check_rows(total - blank, len(columns), source.name, source.limits)
    _show(cursor, typed, source.reading.data_row)
    names = [f"c{i:d}" for i in range(len(columns))]
    reader, params = text_reader(source, source.path, names, headed=True)
    trimmed = ", ".join(f"{TRIMMED.format(n)} AS {n}" for n in names)
    texts = f"SELECT row_number() OVER () + 1 AS row_no, {trimmed} FROM {reader}"
    return AtOnce(total - blank, typed, texts, params)


def _is_plain(source: Source, mapping: Mapping) -> bool:
    """Say whether a file is text in UTF-8 below one header row, and read as it stands."""
    reading = source.reading
    return (
        mapping.kind == "survey"
        and mapping.column("response_id") is not None
        and not is_long(mapping)
        and not mapping.only_updates
        and all(c.keep != "hash" and not c.fallback for c in mapping.columns)
        and not any(b in item.scale.special for b in mapping.blanks for _, item in mapping.items())
        and reading.form == "csv"
        and reading.encoding == "utf-8"
        and not reading.member
        and reading.escape == reading.quote
        and (reading.first_row, reading.header_rows, reading.data_row) == (1, 1, 2)
        and not re.search(r"[*?\[]", str(source.path))
    )


def _read(
    cursor: duckdb.DuckDBPyConnection, source: Source, typed: TypedSelect, rated: set[int]
) -> bool:
    """Fill ``typed_rows``; ``odd`` is 1 for a blank row and 2 for one that may repeat the header.

    No row has a number: a table that is made in one go keeps the order of the file.
    """
    names = [f"c{i:d}" for i in range(len(source.reading.columns))]
    reader, params = text_reader(source, source.path, names, headed=True)
    inner = ", ".join(
        n if i in rated else f"{TRIMMED.format(n)} AS {n}" for i, n in enumerate(names)
    )
    shown = [TRIMMED.format(n) if i in rated else n for i, n in enumerate(names)]
    blank = " AND ".join(f"{text} IS NULL" for text in shown)
    odd = f"WHEN {blank} THEN 1"
    cells = header_cells(source)
    first = next((i for i, cell in enumerate(cells) if cell), None)
    if first is not None and len(cells) == len(names):
        odd += f" WHEN {shown[first]} = $header THEN 2"
        params["header"] = cells[first]
    try:
        cursor.execute("DROP TABLE IF EXISTS typed_rows")
        cursor.execute(
            f"CREATE TEMP TABLE typed_rows AS SELECT {', '.join(typed.select)}, "
            f"CAST(CASE {odd} ELSE 0 END AS UTINYINT) AS odd FROM (SELECT {inner} FROM {reader})",
            {**typed.params, **params},
        )
    except duckdb.Error:
        return False
    return True


def _show(cursor: duckdb.DuckDBPyConnection, typed: TypedSelect, first: int) -> None:
    """Make ``typed`` of ``typed_rows``: rows by the number they have in the file."""
    names = [s.rpartition(" AS ")[2] for s in typed.select]
    apart = f"BETWEEN {min(APART.values()):d} AND {max(APART.values()):d}"
    shown = ", ".join(
        f"CASE WHEN {n} NOT {apart} THEN {n} END AS {n}" if n in typed.apart else n for n in names
    )
    cursor.execute(
        f"CREATE OR REPLACE TEMP VIEW {APART_ROWS} AS "
        f"SELECT rowid + {first:d} AS row_no, * FROM typed_rows"
    )
    cursor.execute(
        f"CREATE TEMP VIEW typed AS SELECT row_no, {shown}, 1 AS occurrence FROM {APART_ROWS}"
    )


def holds_apart(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Say whether the rows that stand in ``typed`` were typed at once."""
    found = cursor.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = 'typed_rows'")
    return found.fetchone() is not None
