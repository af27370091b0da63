"""How far the cells of a packed workbook reach, looked up before a reader makes room for them.

A sheet with one cell in its last row and last column is a file of a few hundred bytes, and a
dense table of 17,000,000,000 cells.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final

from csat.ingest.archive import check_members
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

DENSE_CELLS: Final = 50_000_000
"""Cells of a sheet's used area that memory is spent on."""
_BLOCK: Final = 4 * 1024 * 1024
_KEEP: Final = 4096
_SHEET: Final = re.compile(r"xl/.*sheets/[^/]+\.xml", re.IGNORECASE)
_FAR: Final = re.compile(
    rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"'](?:([A-Za-z]{2,3})(\d+)|[A-Za-z](\d{5,7}))[\"'][^<>]*(?<!/)>"
)
_BARE: Final = re.compile(
    rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"'](\d{5,7})[\"'][^<>]*>\s*<(?:\w+:)?c(?![^<>]*\br\s*=)"
)
_REPEATED: Final = re.compile(
    rb"<table:table-row[^<>]*?rows-repeated=\"(\d{4,})\"[^<>]*>(?:(?!</table:table-row>).){0,2000}?"
    rb"office:(?:value-type|value)=|"
    rb"<table:(?:covered-)?table-cell(?=[^<>]*office:)[^<>]*?columns-repeated=\"(\d{5,})\"",
    re.DOTALL,
)
_NEAR_ROWS: Final = 9_999
_NEAR_COLUMNS: Final = 26


def check_extents(path: Path, label: str, limits: ImportLimits) -> None:
    """Refuse a workbook whose parts unpack to too much or whose cells lie too far apart.

    Old XLS files are bounded by their form and are let through.

    Raises
    ------
    ImportProblem
        Naming the sheet's part and its extent.
    """
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            return
    check_members(path, label, limits)
    try:
        with zipfile.ZipFile(path) as archive:
            if "xl/workbook.bin" in archive.namelist():
                raise ImportProblem(
                    msg("{name} is a binary workbook (XLSB)", name=label),
                    msg("Save it as XLSX"),
                )
            for info in archive.infolist():
                if _SHEET.fullmatch(info.filename):
                    with archive.open(info) as part:
                        _check_sheet(part, label)
                elif info.filename == "content.xml":
                    with archive.open(info) as part:
                        _check_ods(part, label)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise ImportProblem(
            msg("{name} cannot be read as a workbook: {reason}", name=label, reason=str(error)),
            msg("Open it in a spreadsheet program and save it again as XLSX"),
        ) from error
    except RuntimeError as error:  # zipfile says so of an encrypted part
        raise ImportProblem(
            msg("{name} is protected by a password", name=label),
            msg("Save a copy without a password"),
        ) from error


def _check_sheet(part: IO[bytes], label: str) -> None:
    rows, columns, kept = _NEAR_ROWS, _NEAR_COLUMNS, b""
    while block := part.read(_BLOCK):
        text = kept + block
        found = _FAR.findall(text)
        letters = max((m[0] for m in found), key=lambda c: (len(c), c.upper()), default=b"")
        columns = max(columns, _number(letters))
        digits = [int(m[1] or m[2]) for m in found]
        rows = max([rows, *digits, *map(int, _BARE.findall(text))])
        kept = text[-_KEEP:]
    _refuse_beyond(rows, columns, label)


def _check_ods(part: IO[bytes], label: str) -> None:
    rows, columns, kept = 1, 1, b""
    while block := part.read(_BLOCK):
        text = kept + block
        for down, right in _REPEATED.findall(text):
            rows, columns = max(rows, int(down or 1)), max(columns, int(right or 1))
        kept = text[-_KEEP:]
    _refuse_beyond(rows, columns * _NEAR_COLUMNS if rows > 1 else columns, label)


def _refuse_beyond(rows: int, columns: int, label: str) -> None:
    if rows * columns > DENSE_CELLS:
        raise ImportProblem(
            msg(
                "{name}: the cells of a sheet reach over {rows} rows and {columns} columns",
                name=label,
                rows=rows,
                columns=columns,
            ),
            msg("Delete the empty rows and columns around the table, or save it as CSV"),
        )


def _number(letters: bytes) -> int:
    """Return the number of a column from its letters.

    >>> _number(b"AA")
    27
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
