"""Registers as files: an empty template to fill in, or what is in force to edit and load again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from csat.model.register_fields import FIELDS, cells_of
from csat.model.registers import Entry
from csat.reports.spreadsheet import csv_bytes
from csat.reports.workbook import workbook_bytes

_SHEETS: Final = {"en": ("Register", "Columns"), "zh_CN": ("登记册", "列说明")}
_HEADS: Final = {"en": ("Column", "What to write"), "zh_CN": ("列", "填写说明")}


def register_name(register: str, language: str, kind: str) -> str:
    """Return the file name of a register.

    Examples
    --------
    >>> register_name("standards", "zh_CN", "xlsx")
    'standards-zh.xlsx'
    """
    return f"{register}-{language[:2]}.{kind}"


def register_bytes(register: str, language: str, kind: str, entries: Sequence[Entry] = ()) -> bytes:
    """Return a register as a file under the headings of a language.

    Parameters
    ----------
    kind
        "csv", or "xlsx", whose second sheet says what to write into each column.
    entries
        What it holds; nothing for a template.

    Raises
    ------
    ValueError
        For another kind.
    """
    fields = FIELDS[register]
    header = [f.heading(language) for f in fields]
    cells = [cells_of(entry) for entry in entries]
    rows = [[c[f.name] for f in fields] for c in cells]
    if kind == "csv":
        return csv_bytes(header, rows)
    if kind != "xlsx":
        raise ValueError(f"no format of a register: {kind}")
    sheet, columns = _SHEETS[language]
    told = [
        (f.heading(language), f.about_zh if language.startswith("zh") else f.about) for f in fields
    ]
    return workbook_bytes({sheet: [header, *rows], columns: [_HEADS[language], *told]})
