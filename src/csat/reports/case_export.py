"""The cases chosen as a file: CSV, or a workbook with a cover sheet that says what it holds."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyarrow as pa
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from csat.reports.spreadsheet import csv_bytes, safe_cell

MOST_ROWS: Final = 100_000
"""Cases that a workbook holds; more are for the CSV, which has no limit."""
_LONGEST: Final = 32_767
"""Characters that a cell of a workbook can hold."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What an export says of itself: a title, and names with texts below it."""

    title: str
    lines: tuple[tuple[str, str], ...]


def cases_csv(header: Sequence[str], table: pa.Table) -> bytes:
    """Return cases as CSV, one line each, in the order of the table.

    Parameters
    ----------
    header
        What each column is called.
    """
    return csv_bytes(header, _rows(table))


def cases_workbook(header: Sequence[str], table: pa.Table, cover: Cover, sheet: str) -> bytes:
    """Return cases as a workbook: the cover, then one line per case.

    Raises
    ------
    ValueError
        For more cases than `MOST_ROWS`.
    """
    if table.num_rows > MOST_ROWS:
        raise ValueError(f"a workbook holds at most {MOST_ROWS} cases, not {table.num_rows}")
    book = Workbook(write_only=True)
    front = book.create_sheet(cover.title[:31])
    front.column_dimensions["A"].width, front.column_dimensions["B"].width = 30, 90
    title = WriteOnlyCell(front, _fitting(cover.title))
    title.font = Font(bold=True, size=14)
    front.append([title])
    for name, text in cover.lines:
        front.append([_fitting(name), _fitting(text)])
    page = book.create_sheet(sheet[:31])
    page.freeze_panes = "A2"
    heads = []
    for name in header:
        cell = WriteOnlyCell(page, _fitting(name))
        cell.font = Font(bold=True)
        heads.append(cell)
    page.append(heads)
    for row in _rows(table):
        page.append([_fitting(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _rows(table: pa.Table) -> Iterator[list[object]]:
    for batch in table.to_batches(max_chunksize=10_000):
        columns: Iterable[list[object]] = (c.to_pylist() for c in batch.columns)
        yield from map(list, zip(*columns, strict=True))


def _fitting(value: object) -> object:
    """Return a value that a workbook takes, and takes for no formula."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, str):
        return safe_cell(ILLEGAL_CHARACTERS_RE.sub("", value)[: _LONGEST - 1])
    if value is None or isinstance(value, bool | int | float):
        return value
    return json.dumps(value, default=str)
