"""The cases chosen as a file: CSV, or a workbook with a cover sheet that says what it holds."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final, cast

import pyarrow as pa

from csat.reports.spreadsheet import safe_cell
from csat.reports.streamed import MOST_ROWS, write_workbook

_IN_MEMORY: Final = 16 * 1024**2
"""Bytes above which a file is kept on the disk while it is written."""


@dataclass(frozen=True, slots=True)
class Cover:
    """What an export says of itself: a title, and names with texts below it."""

    title: str
    lines: tuple[tuple[str, str], ...]


def cases_csv(header: Sequence[str], batches: Iterable[pa.RecordBatch]) -> BinaryIO:
    """Return cases as CSV, one line each, in the order they come; open at its start.

    Parameters
    ----------
    header
        What each column is called.
    """
    out = _file()
    out.write(b"\xef\xbb\xbf")  # so that spreadsheet programs see UTF-8
    text = io.TextIOWrapper(out, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow([safe_cell(name) for name in header])
    for batch in batches:
        writer.writerows([safe_cell(c) for c in row] for row in _rows(batch))
    text.detach()
    out.seek(0)
    return out


def cases_workbook(
    header: Sequence[str],
    batches: Iterable[pa.RecordBatch],
    cover: Cover,
    sheet: str,
    most_rows: int = MOST_ROWS,
) -> BinaryIO:
    """Return cases as a workbook, open at its start: the cover, then one line per case.

    More cases than a sheet can hold go on in further sheets, each with the header.
    """
    out = _file()
    front = [[safe_cell(cover.title)], *([safe_cell(x) for x in line] for line in cover.lines)]
    rows = ([_fitting(v) for v in row] for batch in batches for row in _rows(batch))
    write_workbook(
        out, (cover.title, front), sheet, [safe_cell(name) for name in header], rows, most_rows
    )
    out.seek(0)
    return out


def _file() -> BinaryIO:
    return cast(BinaryIO, tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY))


def _rows(batch: pa.RecordBatch) -> Iterator[tuple[object, ...]]:
    yield from zip(*(c.to_pylist() for c in batch.columns), strict=True)


def _fitting(value: object) -> object:
    """Return a value that a workbook takes, and takes for no formula."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, str):
        return safe_cell(value)
    if value is None or isinstance(value, bool | int | float):
        return value
    return json.dumps(value, default=str)
