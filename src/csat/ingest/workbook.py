"""Workbooks: which sheet holds the table, its merged header, and its rows as people see them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from csat.ingest.header import LOOKED_AT, Header, find_header
from csat.ingest.limits import check_rows
from csat.ingest.reading import Reading, Source
from csat.ingest.sheet_extent import check_extents, refuse_beyond
from csat.ingest.sheet_kept import LAST_SHEET
from csat.model.message import Message, msg
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits

_MOST_MERGES: Final = 20_000
"""More merged ranges than this are the look of a page, no table; they are left unfilled."""
_SMALL: Final = {float(code): str(code) for code in range(-1_000, 1_001)}
"""Whole numbers that are read again and again, as a spreadsheet keeps them and as texts."""
Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column; rows from the sheet's first,
columns from the first that is used, as the reader counts them."""


def read_workbook(
    path: Path, label: str, *, sheet: str, header_rows: int, limits: ImportLimits
) -> Reading:
    """Choose the sheet of a workbook and read its header.

    Without a choice, the first visible sheet is taken that holds a table: a header and at
    least one row below it; else the visible one with the most names.

    Raises
    ------
    ImportProblem
        When it is no workbook, is protected, lacks the sheet, or is made to exhaust memory.
    """
    check_extents(path, label, limits)
    with _book(path, label) as book:
        metas = [m for m in book.sheets_metadata if m.typ == SheetTypeEnum.WorkSheet]
        names = [m.name for m in metas]
        hidden = tuple(m.name for m in metas if m.visible != SheetVisibleEnum.Visible)
        if sheet and sheet not in names:
            raise ImportProblem(
                msg("{name} has no sheet '{sheet}'", name=label, sheet=sheet),
                msg("Use one of: {names}", names=", ".join(names)),
            )
        candidates = [sheet] if sheet else [n for n in names if n not in hidden] or names
        chosen, found, table = _first_table(book, candidates, header_rows, label)
    if table is not None:
        LAST_SHEET.keep(path, chosen, table)
    notes = found.notes + _sheet_notes(names, chosen, hidden, detected=not sheet)
    return Reading(
        "workbook",
        sheet=chosen,
        sheets=tuple(names),
        columns=found.columns,
        wordings=found.wordings,
        tool=found.tool,
        header_rows=found.rows,
        first_row=found.first_row,
        header=found.raw,
        notes=notes,
        hidden=hidden,
    )


def _sheet_notes(
    names: Sequence[str], chosen: str, hidden: Sequence[str], *, detected: bool
) -> tuple[Message, ...]:
    notes: tuple[Message, ...] = ()
    if detected and len(names) > 1:
        notes += (msg("Of {n} sheets, '{sheet}' is read", n=len(names), sheet=chosen),)
    if hidden:
        said = ", ".join(f"'{n}'" for n in hidden)
        notes += (msg("Hidden sheets: {names}", names=said),)
    return notes


def _first_table(
    book: CalamineWorkbook, names: Sequence[str], header_rows: int, label: str
) -> tuple[str, Header, CalamineSheet | None]:
    fallback: tuple[str, Header, CalamineSheet | None] | None = None
    for name in names:
        sheet = book.get_sheet_by_name(name)
        rows, merges = _top(sheet, label)
        found = find_header(rows, choice=header_rows, spans=_spans(merges, len(rows)))
        if _is_table(found, rows) or len(names) == 1:
            return name, found, sheet
        if fallback is None or _named(found) > _named(fallback[1]):
            fallback = (name, found, sheet)
    return fallback or ("", Header(1, 0, ()), None)


def _named(found: Header) -> int:
    """Return how many columns have a name of their own in the file."""
    return sum(1 for c in found.raw or found.columns if c.strip())


def _is_table(found: Header, rows: Sequence[Sequence[str]]) -> bool:
    """Whether most columns have a name, and some row below fills half of them."""
    if _named(found) < max(2, 0.8 * len(found.columns)):
        return False
    below = rows[found.first_row - 1 + found.rows :]
    need = max(1, len(found.columns) / 2)
    return any(sum(1 for c in r if c) >= need for r in below)


def _top(sheet: CalamineSheet, label: str) -> tuple[list[list[str]], list[Merge]]:
    """Return the first rows of a sheet from its row 1, merged cells filled, and the merges."""
    start = sheet.start
    if start is None:
        return [], []
    refuse_beyond(sheet.total_height, sheet.width, label)
    merges = _merges(sheet, start[1])
    rows = list(_filled(sheet, merges, LOOKED_AT + start[0]))
    width = max((i + 1 for row in rows for i, c in enumerate(row) if c), default=0)
    return [row[:width] for row in rows], merges


def _merges(sheet: CalamineSheet, first_column: int) -> list[Merge]:
    ranges = sheet.merged_cell_ranges or []
    if len(ranges) > _MOST_MERGES:
        return []
    return [
        (r0, c0 - first_column, r1, c1 - first_column)
        for (r0, c0), (r1, c1) in ranges
        if c0 >= first_column
    ]


def _spans(merges: Sequence[Merge], height: int) -> list[int]:
    """Return for each row how many rows below share its header by merged cells.

    A cell merged downwards reaches as far as it goes; one merged to the right stands over the
    names of the next row, unless it is alone in its row, as a title is.
    """
    reach = [0] * height
    starting: dict[int, list[Merge]] = defaultdict(list)
    for merge in merges:
        if 0 <= merge[0] < height:
            starting[merge[0]].append(merge)
    for row in range(height):
        for r0, c0, r1, c1 in starting[row]:
            grouped = c1 > c0 and len(starting[row]) > 1
            reach[row] = max(reach[row], r1 - r0 + int(grouped and r1 == r0))
    for row in range(height):
        depth = reach[row]
        for below in range(row + 1, min(height, row + depth + 1)):
            depth = max(depth, below - row + reach[below])
        reach[row] = depth
    return reach


def _filled(sheet: CalamineSheet, merges: Sequence[Merge], limit: int) -> Iterator[list[str]]:
    """Yield the rows of a sheet as texts, from its row 1, each merged area filled with its value.

    ``limit`` rows at most; 0 for all.
    """
    starting: dict[int, list[Merge]] = defaultdict(list)
    for merge in merges:
        starting[merge[0]].append(merge)
    active: list[tuple[Merge, str]] = []
    for i, values in enumerate(sheet.iter_rows()):
        if limit and i >= limit:
            return
        row = _texts(values)
        if active or i in starting:
            active = [(m, text) for m, text in active if m[2] >= i]
            active += [(m, row[m[1]] if m[1] < len(row) else "") for m in starting.get(i, ())]
            for (_, c0, _, c1), text in active:
                for column in range(c0, min(c1 + 1, len(row))):
                    row[column] = text
        yield row


def sheet_rows(source: Source, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows below the header of the sheet that was chosen, with their row numbers.

    Whole numbers lose their ``.0``; dates become ISO text; formulas give their last value.
    """
    reading = source.reading
    with _book(path, source.name) as book:
        name = reading.sheet.removeprefix(f"{reading.member}/")
        sheet = LAST_SHEET.take(path, name) or book.get_sheet_by_name(name)
        start = sheet.start
        if start is None:
            return
        check_rows(sheet.total_height - reading.data_row, 1, source.name, source.limits)
        for i, row in enumerate(_filled(sheet, _merges(sheet, start[1]), 0), start=1):
            if i >= reading.data_row:
                yield i, row


@contextmanager
def _book(path: Path, label: str) -> Iterator[CalamineWorkbook]:
    """Open a workbook by its content; every failure of the reader becomes a plain sentence."""
    try:
        with path.open("rb") as stream, CalamineWorkbook.from_filelike(stream) as book:
            yield book
    except PasswordError as error:
        raise ImportProblem(
            msg("{name} is protected by a password", name=label),
            msg("Save a copy without a password"),
        ) from error
    except (CalamineError, OSError, IndexError) as error:
        raise _unreadable(label, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # how the reader says it is at a loss
            raise
        raise _unreadable(label, error) from error


def _unreadable(label: str, error: BaseException) -> ImportProblem:
    return ImportProblem(
        msg("{name} cannot be read as a workbook: {reason}", name=label, reason=str(error)),
        msg("Open it in a spreadsheet program and save it again as XLSX"),
    )


def _texts(values: Sequence[object]) -> list[str]:
    """Return cells as texts; most are ratings, which are looked up."""
    return [
        value.strip()
        if type(value) is str
        else (_SMALL.get(value) if type(value) is float else None) or _cell(value)
        for value in values
    ]


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip() if value is not None else ""
