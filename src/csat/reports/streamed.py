"""A large workbook (XLSX) written row by row, so that memory does not grow with its rows."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain
from typing import IO, BinaryIO, Final
from xml.sax.saxutils import escape, quoteattr

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet, its header included; the file format knows no more."""
_LONGEST: Final = 32_767
"""Characters that a cell can hold."""
_FIRST_DAY: Final = datetime(1899, 12, 30)
_SURE_FROM: Final = datetime(1900, 3, 1)
"""Before that day, spreadsheet programs disagree about dates."""
_NEVER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML may hold."""
_CHUNK: Final = 2_000
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_KIND: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

Row = Sequence[object]


def write_workbook(
    out: BinaryIO,
    cover: tuple[str, Sequence[Row]],
    sheet: str,
    header: Row,
    rows: Iterable[Row],
    most_rows: int = MOST_ROWS,
) -> int:
    """Write a cover sheet and as many sheets of rows as they need; return how many these are.

    Every sheet of rows repeats the header; the second is called like the first with a 2 after it.
    Texts are texts, even where they begin like a formula; moments stay moments, numbers numbers.

    Parameters
    ----------
    cover
        Name of the first sheet, and its rows.
    most_rows
        Rows of a sheet, header included.
    """
    names = [cover[0][:31]]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            _sheet(part, iter(cover[1]), len(cover[1]), frozen=False)
        left = iter(rows)
        following = next(left, None)
        while following is not None or len(names) == 1:
            number = len(names) + 1
            names.append(sheet[:31] if number == 2 else f"{sheet[:27]} {number - 1}")
            page = f"xl/worksheets/sheet{number}.xml"
            with archive.open(page, "w", force_zip64=True) as part:
                first = [header] if following is None else [header, following]
                following = _sheet(part, chain(first, left), most_rows, frozen=True)
        for path, text in _frame(names).items():
            archive.writestr(path, _HEAD + text)
    return len(names) - 1


def _sheet(part: IO[bytes], rows: Iterator[Row], most: int, *, frozen: bool) -> Row | None:
    """Write at most so many rows as a sheet; return the next row, if there is one."""
    pane = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        if frozen
        else '<cols><col min="1" max="1" width="30" customWidth="1"/>'
        '<col min="2" max="2" width="90" customWidth="1"/></cols>'
    )
    part.write(f'{_HEAD}<worksheet xmlns="{_MAIN}">{pane}<sheetData>'.encode())
    lines: list[str] = []
    beyond = None
    for number, row in enumerate(rows, start=1):
        if number > most:
            beyond = row
            break
        lines.append(_row(row, number))
        if len(lines) == _CHUNK:
            part.write("".join(lines).encode())
            lines = []
    part.write(("".join(lines) + "</sheetData></worksheet>").encode())
    return beyond


def _row(row: Row, number: int) -> str:
    bold = number == 1
    cells = [_cell(v, f"{_letters(i)}{number}", bold) for i, v in enumerate(row) if v is not None]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(value: object, place: str, bold: bool) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{value:d}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, datetime) and value >= _SURE_FROM:
        days = (value - _FIRST_DAY).total_seconds() / 86_400
        return f'<c r="{place}" s="2"><v>{days:.8f}</v></c>'
    text = escape(_NEVER.sub("", str(value))[:_LONGEST])
    style = ' s="1"' if bold else ""
    return (
        f'<c r="{place}"{style} t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
        if text
        else ""
    )


def _letters(column: int) -> str:
    """Return the letters of a column, 0 being A.

    Examples
    --------
    >>> _letters(0), _letters(25), _letters(26)
    ('A', 'Z', 'AA')
    """
    return _LETTERS[column]


_LETTERS: Final = [
    *(chr(65 + i) for i in range(26)),
    *(chr(65 + i) + chr(65 + j) for i in range(26) for j in range(26)),
]


def _frame(names: Sequence[str]) -> dict[str, str]:
    """Return the parts of the package beside its sheets."""
    numbers = range(1, len(names) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_KIND}.worksheet+xml"/>'
        for n in numbers
    )
    named = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, names, strict=True)
    )
    links = "".join(_link(n, "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    styles = _link(len(names) + 1, "styles", "styles.xml")
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f"{relations}{_link(1, 'officeDocument', 'xl/workbook.xml')}"
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
        f"<sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{relations}{links}{styles}</Relationships>",
        "xl/styles.xml": _STYLES,
    }


def _link(number: int, kind: str, target: str) -> str:
    return f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'


_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf fontId="1" applyFont="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
