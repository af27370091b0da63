"""Rows of any reader into the staged table, a chunk at a time; the odd ones set apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb
import pyarrow as pa

from csat.ingest.limits import check_rows, long_cell
from csat.ingest.reading import Source

BLANKS: Final = " \t\n\r\v\f\x1c\x1d\x1e\x1f\xa0\u1680" + (
    "".join(map(chr, range(0x2000, 0x200B))) + "\u202f\u205f\u3000"
)
"""What is cut from both ends of a cell."""
_CELLS: Final = 2_000_000
"""Cells held in memory at a time."""
_MOST_ROWS: Final = 50_000
_FOOTED: Final = 3
"""Columns from which a last row of one cell counts as a footer."""
_MOST_FOOTERS: Final = 20


class TableWriter:
    """Fills ``staged``, ``ragged`` and ``aside`` row by row.

    Parameters
    ----------
    pad
        Whether rows may be shorter than the header, as in a workbook.
    """

    def __init__(self, cursor: duckdb.DuckDBPyConnection, source: Source, *, pad: bool) -> None:
        self._cursor = cursor
        self._source = source
        self._pad = pad
        self._width = len(source.reading.columns)
        self._names = [f"c{i}" for i in range(self._width)]
        self._header = header_cells(source)
        self._most = max(1, min(_MOST_ROWS, _CELLS // max(1, self._width)))
        self._rows: list[list[str | int | None]] = []
        self._ragged: list[tuple[int, int]] = []
        self._aside: list[tuple[int, str, str]] = []
        self._pending: list[tuple[int, list[str | None]]] = []
        self._blank_before = False
        self._count = 0
        columns = ", ".join(f"{n} VARCHAR" for n in self._names)
        cursor.execute(f"CREATE TEMP TABLE staged (row_no BIGINT, {columns})")

    def add(self, row_no: int, row: Sequence[str]) -> None:
        """Take one row of the file.

        Raises
        ------
        ImportProblem
            When a cell, or the table so far, exceeds the limits.
        """
        longest = self._source.limits.cell_characters
        cells: list[str | None] = []
        for cell in row:
            if len(cell) > longest:
                raise long_cell(self._source.name, row_no, self._source.limits)
            cells.append(cell.strip(BLANKS) or None)
        if not any(cells):
            self._blank_before = True
            return
        if cells[: self._width] == self._header and not any(cells[self._width :]):
            self._aside.append((row_no, "header", cells[0] or ""))
        elif self._is_remark(cells):
            self._aside.append((row_no, "remark", cells[0] or ""))
        elif self._may_be_footer(cells):
            self._pending.append((row_no, cells))
            if len(self._pending) > _MOST_FOOTERS:
                self._settle()
            return
        else:
            self._settle()
            self._place(row_no, cells)
        self._blank_before = False

    def _is_remark(self, cells: list[str | None]) -> bool:
        """Whether a row is a line after #, which is not as wide as the table."""
        filled = sum(c is not None for c in cells)
        short = filled == 1 if self._pad else len(cells) < self._width
        return self._width > 1 and short and (cells[0] or "").startswith("#")

    def _may_be_footer(self, cells: list[str | None]) -> bool:
        if self._width < _FOOTED or not (self._blank_before or self._pending or not self._pad):
            return False
        return sum(c is not None for c in cells) == 1 if self._pad else len(cells) == 1

    def _settle(self) -> None:
        """Treat rows that might have been the end of the file as what they are after all."""
        for row_no, cells in self._pending:
            self._place(row_no, cells)
        self._pending = []

    def _place(self, row_no: int, cells: list[str | None]) -> None:
        width = self._width
        if any(cells[width:]) or (len(cells) < width and not self._pad):
            self._ragged.append((row_no, len(cells)))
        else:
            self._rows.append([row_no, *cells[:width], *[None] * (width - len(cells))])
        if len(self._rows) + len(self._ragged) >= self._most:
            self._flush()

    def _flush(self) -> None:
        if self._rows:
            columns = list(zip(*self._rows, strict=True))
            arrays = [pa.array(columns[0], pa.int64())]
            arrays += [pa.array(c, pa.string()) for c in columns[1:]]
            insert(self._cursor, pa.Table.from_arrays(arrays, names=["row_no", *self._names]))
        if self._ragged:
            lists = {
                "row_no": [r for r, _ in self._ragged],
                "fields": [f for _, f in self._ragged],
            }
            table = pa.table({k: pa.array(v, pa.int64()) for k, v in lists.items()})
            insert(self._cursor, table, "ragged")
        self._count += len(self._rows) + len(self._ragged)
        self._rows, self._ragged = [], []
        check_rows(self._count, self._width, self._source.name, self._source.limits)

    def close(self) -> None:
        """Write what is still held; single cells at the very end are footers."""
        if self._count or self._rows or self._ragged:
            self._aside += [
                (row_no, "footer", next(c for c in cells if c)) for row_no, cells in self._pending
            ]
            self._pending = []
        self._settle()
        self._flush()
        if self._aside:
            self._cursor.executemany("INSERT INTO aside VALUES (?, ?, ?)", self._aside)


def header_cells(source: Source) -> list[str | None]:
    """Return the last row of the header as its cells would be staged."""
    raw = source.reading.header or source.reading.columns
    cells = [c.strip(BLANKS) or None for c in raw]
    return cells if source.reading.header_rows and len(cells) > 1 else []


def insert(cursor: duckdb.DuckDBPyConnection, rows: pa.Table, table: str = "staged") -> None:
    """Append an Arrow table to a temporary one of the same columns."""
    cursor.register("chunk", rows)
    cursor.execute(f"INSERT INTO {table} SELECT * FROM chunk")
    cursor.unregister("chunk")
