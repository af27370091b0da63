"""How far the cells of a packed workbook reach, looked up before a reader makes room for them.

A sheet with one cell in its last row and last column is a file of a few hundred bytes, and a
dense table of 17,000,000,000 cells.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from string import ascii_letters, digits
from typing import Final

import numpy as np
import numpy.typing as npt

from csat.ingest.archive import check_members
from csat.ingest.limits import check_unpacked
from csat.model.message import msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

Bytes = npt.NDArray[np.uint8]
Places = npt.NDArray[np.intp]
DENSE_CELLS: Final = 50_000_000
"""Cells of a sheet's used area that memory is spent on."""
_WIDEST: Final = 16_384
"""Columns that a spreadsheet program can have."""
_BLOCK: Final = 4 * 1024 * 1024
_KEEP: Final = 4096
_SHEET: Final = re.compile(r"xl/.*sheets/[^/]+\.xml", re.IGNORECASE)
_FAR: Final = re.compile(
    rb"<(?:\w+:)?c\s[^<>]*?\br\s*=\s*[\"'](?:([A-Za-z]{2,3})(\d+)|[A-Za-z](\d{5,7}))[\"'][^<>]*(?<!/)>"
)
_LETTERS: Final = re.compile(rb'="([A-Za-z]{2,3})\d')
_ROWS: Final = re.compile(rb'="[A-Za-z]{1,3}(\d{6,7})"')
_LONGEST: Final = 16
"""Characters that are looked at beyond the last one of a block."""


def _one_of(characters: str) -> npt.NDArray[np.bool_]:
    """Return for every byte whether it is one of these characters."""
    table = np.zeros(256, np.bool_)
    table[[ord(c) for c in characters]] = True
    return table


_LETTER: Final = _one_of(ascii_letters)
_DIGIT: Final = _one_of(digits)
_BLANK: Final = _one_of(" \n\t")
_UNQUOTED: Final = _one_of("' \n\t")
"""With `_BLANK`, signs of attributes spelt otherwise than spreadsheet programs spell them."""
_BARE: Final = re.compile(
    rb"<(?:\w+:)?row\s[^<>]*?\br\s*=\s*[\"'](\d{5,7})[\"'][^<>]*>\s*<(?:\w+:)?c(?![^<>]*\br\s*=)"
)
_REPEATED_ROW: Final = re.compile(
    rb"<table:table-row[^<>]*?rows-repeated=\"(\d{4,})\"[^<>]*>"
    rb"(?:(?!</table:table-row>).){0,2000}?office:(?:value-type|value)=",
    re.DOTALL,
)
_REPEATED_CELL: Final = re.compile(
    rb"<table:(?:covered-)?table-cell(?=[^<>]*office:)[^<>]*?columns-repeated=\"(\d{3,})\""
)
_MARKUP: Final = (".xml", ".rels", ".vml")
_NEAR_ROWS: Final = 99_999
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
                    msg("{name} is a binary workbook (XLSB)", name=label), msg("Save it as XLSX")
                )
            parts = [i for i in archive.infolist() if i.filename.lower().endswith(_MARKUP)]
            unpacked = 0
            for info in parts:
                looks = _looks(info.filename)
                for i, extent in enumerate(looks):
                    for text in _blocks(archive, info):
                        unpacked += 0 if i else len(text)
                        check_unpacked(unpacked, label, limits)
                        extent.look(text)
                    if extent.near:
                        break
                else:
                    last = looks[-1]
                    refuse_beyond(last.rows, last.columns, label)
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


def _blocks(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part as it really unpacks, whatever size the archive states for it."""
    honest = copy(info)
    honest.file_size = 1 << 60
    with archive.open(honest) as part:
        while block := part.read(_BLOCK):
            yield block


@dataclass(slots=True)
class Extent:
    """The last row and column with a value, seen so far in one part; here of no part at all."""

    rows: int = 1
    columns: int = 1
    kept: bytes = b""

    @property
    def near(self) -> bool:
        """Whether there is room for the part, as far as this look can tell."""
        return self.rows * self.columns <= DENSE_CELLS

    def look(self, block: bytes) -> None:
        """Take in the next block of the part."""


@dataclass(slots=True)
class Glance(Extent):
    """A quick look at a sheet: styled cells without a value count, odd spelling is not judged.

    The attributes of a block are looked at all at once, where their equals signs stand.
    """

    odd: bool = False

    @property
    def near(self) -> bool:
        """Whether there is room for the sheet, and nothing that needs a closer look."""
        return not self.odd and self.rows * self.columns <= DENSE_CELLS

    def look(self, block: bytes) -> None:
        """Take in the next block of the sheet."""
        text = self.kept + block
        letters = np.frombuffer(b"\0" + text + b"\0" * _LONGEST, np.uint8)
        at = np.flatnonzero(letters == ord("="))
        after = letters[at + 1]
        unplaced = text.count(b"<c ") + text.count(b"<c>") != text.count(b'<c r="')
        blanks = _BLANK[letters[at - 1]].any() or _UNQUOTED[after].any()
        self.odd = self.odd or unplaced or bool(blanks) or b":c " in text
        self._reach(text, letters, at[after == ord('"')] + 2)
        self.kept = text[-_KEEP:]

    def _reach(self, text: bytes, letters: Bytes, values: Places) -> None:
        """Take in cells named like AB12: of their columns the last, of far rows each."""
        values = values[_LETTER[letters[values]]]
        second, third = letters[values + 1], letters[values + 2]
        pairs = values[_LETTER[second] & _DIGIT[third]]
        three = _LETTER[second] & _LETTER[third] & _DIGIT[letters[values + 3]]
        names = (letters[pairs] & 31).astype(int) * 26 + (letters[pairs + 1] & 31)
        self.columns = max(self.columns, _NEAR_COLUMNS, int(names.max(initial=0)))
        self.rows = max(self.rows, _NEAR_ROWS)
        if three.any() or any(
            (_DIGIT[letters[numbers + 5]] & _DIGIT[letters[numbers + 3]]).any()
            for numbers in (values[_DIGIT[second]] + 1, pairs + 2)
        ):
            self.columns = max(self.columns, _widest(_LETTERS.findall(text)))
            self.rows = max([self.rows, *map(int, _ROWS.findall(text))])


@dataclass(slots=True)
class Sheet(Extent):
    """A close look at a sheet: every cell with a value, however it is spelt."""

    def look(self, block: bytes) -> None:
        """Take in the next block of the sheet."""
        text = self.kept + block
        found = _FAR.findall(text)
        self.columns = max(self.columns, _NEAR_COLUMNS, _widest([m[0] for m in found]))
        bare = map(int, _BARE.findall(text))
        self.rows = max([self.rows, 9_999, *(int(m[1] or m[2]) for m in found), *bare])
        self.kept = text[-_KEEP:]


@dataclass(slots=True)
class Document(Extent):
    """A look at the content of an ODS file, whose cells are repeated by count."""

    def look(self, block: bytes) -> None:
        """Take in the next block of the content."""
        text = self.kept + block
        rows, columns = _REPEATED_ROW.findall(text), _REPEATED_CELL.findall(text)
        self.rows = max([self.rows, *map(int, rows)])
        self.columns = max([self.columns, _NEAR_COLUMNS, *map(int, columns)])
        self.kept = text[-_KEEP:]


def _looks(name: str) -> list[Extent]:
    """Return the looks to take at a part, one after the other until one finds it near."""
    if name == "content.xml":
        return [Document()]
    return [Glance(), Sheet()] if _SHEET.fullmatch(name) else [Extent()]


def refuse_beyond(rows: int, columns: int, label: str) -> None:
    """Refuse a sheet whose used area is larger than any table, or than there is room for.

    Raises
    ------
    ImportProblem
        With the extent and what to do.
    """
    if rows * columns > DENSE_CELLS or columns > _WIDEST:
        raise ImportProblem(
            msg(
                "{name}: the cells of a sheet reach over {rows} rows and {columns} columns",
                name=label,
                rows=rows,
                columns=columns,
            ),
            msg("Delete the empty rows and columns around the table, or save it as CSV"),
        )


def _widest(letters: list[bytes]) -> int:
    """Return the number of the last column among these."""
    return max((_number(column) for column in set(letters)), default=1)


def _number(letters: bytes) -> int:
    """Return the number of a column from its letters.

    >>> _number(b"AA")
    27
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
