"""A small workbook (XLSX): plain sheets of texts and numbers, and nothing that can run."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from xml.sax.saxutils import escape, quoteattr

Rows = Sequence[Sequence[object]]

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_NEVER: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that no XML may hold."""
_WIDEST: Final = 60


def workbook_bytes(sheets: Mapping[str, Rows]) -> bytes:
    r"""Return sheets as an XLSX workbook; the first row of each is bold and stays in view.

    Texts are texts, even where they begin like a formula. Numbers stay numbers.

    Parameters
    ----------
    sheets
        Name of each sheet to its rows; None is an empty cell.

    Raises
    ------
    ValueError
        When a name is empty, longer than 31 characters, or holds one of ``[]:*?/\\``.

    Examples
    --------
    >>> workbook_bytes({"Answers": [["a", 1]]})[:2]
    b'PK'
    """
    for name in sheets:
        if not 0 < len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name):
            raise ValueError(f"no name for a sheet: {name!r}")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in _parts(sheets).items():
            entry = zipfile.ZipInfo(path, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, _HEAD + text)
    return out.getvalue()


def _parts(sheets: Mapping[str, Rows]) -> dict[str, str]:
    numbers = range(1, len(sheets) + 1)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    named = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, name in zip(numbers, sheets, strict=True)
    )
    links = "".join(_link(f"rId{n}", "worksheet", f"worksheets/sheet{n}.xml") for n in numbers)
    styles = _link(f"rId{len(sheets) + 1}", "styles", "styles.xml")
    relations = f'<Relationships xmlns="{_PACKAGE}/relationships">'
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{kind}.styles+xml"/>'
        f"{overrides}</Types>",
        "_rels/.rels": f"{relations}{_link('rId1', 'officeDocument', 'xl/workbook.xml')}"
        "</Relationships>",
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}">'
        f"<sheets>{named}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"{relations}{links}{styles}</Relationships>",
        "xl/styles.xml": _STYLES,
        **{
            f"xl/worksheets/sheet{n}.xml": _sheet(rows)
            for n, rows in zip(numbers, sheets.values(), strict=True)
        },
    }


_STYLES: Final = (
    f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf/><xf fontId="1" applyFont="1" applyAlignment="1">'
    '<alignment wrapText="1" vertical="top"/></xf></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def _link(number: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'


def _sheet(rows: Rows) -> str:
    widths = [
        max((min(_WIDEST, len(str(row[i]))) for row in rows[1:] if i < len(row)), default=0)
        for i in range(max((len(row) for row in rows), default=0))
    ]
    columns = "".join(
        f'<col min="{i}" max="{i}" width="{max(16, width + 2)}" customWidth="1"/>'
        for i, width in enumerate(widths, start=1)
    )
    body = "".join(_row(row, r) for r, row in enumerate(rows, start=1))
    pane = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    )
    cols = f"<cols>{columns}</cols>" if columns else ""
    return f'<worksheet xmlns="{_MAIN}">{pane}{cols}<sheetData>{body}</sheetData></worksheet>'


def _row(row: Sequence[object], number: int) -> str:
    style = 1 if number == 1 else 0
    cells = (_cell(value, f"{_letters(c)}{number}", style) for c, value in enumerate(row))
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(value: object, place: str, style: int) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool) or not isinstance(value, int | float):
        said = value.isoformat() if isinstance(value, date) else str(value)
        text = escape(_NEVER.sub("\ufffd", said))
        return (
            f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t>'
            "</is></c>"
        )
    return f'<c r="{place}" s="{style}"><v>{value!r}</v></c>'


def _letters(column: int) -> str:
    """Return the letters of a column, 0 being A.

    Examples
    --------
    >>> _letters(0), _letters(25), _letters(26), _letters(701), _letters(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
