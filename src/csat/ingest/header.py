"""Where the header of a table stands, how many rows it has, and the names it gives."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from csat.ingest.header_names import Row, joined, unique_names
from csat.ingest.shapes import is_data_row, names_figures
from csat.ingest.tools import plain, tool_of
from csat.model.message import Message, msg
from csat.model.problem import UsageProblem

LOOKED_AT: Final = 60
"""Rows at the top of a file in which its header is looked for."""
MAX_HEADER: Final = 10
NO_HEADER: Final = -1
"""A person's choice: the file begins with data."""
_DEEPEST: Final = 30
_FULL_SHEET: Final = 0.8
_FULL_TEXT: Final = 0.6
"""Share of the table's columns that a header names at least."""
_AGAIN: Final = 0.2
"""Share of rows like the first from which it is one of them, no header that stands again."""
_ANSWER_ROW: Final = re.compile(r"(?i)^(open-ended )?response$|^other \(please specify\)$")


@dataclass(frozen=True, slots=True)
class Header:
    """The header of a table: its place, its names, and what was decided about it."""

    first_row: int
    rows: int
    columns: tuple[str, ...]
    wordings: tuple[str, ...] = ()
    tool: str = ""
    raw: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()


def find_header(rows: Sequence[Row], *, choice: int = 0, spans: Sequence[int] = ()) -> Header:
    """Find the header in the first rows of a table.

    Parameters
    ----------
    rows
        The first rows, from row 1 of the file, blank ones included; merged cells filled in.
    choice
        How many rows a person says the header has; 0 to detect, -1 for none.
    spans
        For each row, how many rows below belong to the same header by merged cells.

    Returns
    -------
    Header
        With no columns where nothing is filled in.

    Raises
    ------
    UsageProblem
        When the choice is no number of header rows.

    Examples
    --------
    >>> find_header([["Report 2026"], [], ["id", "score"], ["1", "5"]]).first_row
    3
    >>> find_header([["1", "2026-01-02"], ["2", "2026-01-03"]]).columns
    ('column 1', 'column 2')
    """
    if not NO_HEADER <= choice <= MAX_HEADER:
        raise UsageProblem(
            msg("{n} is no number of header rows", n=choice),
            msg("Give 1 to {limit}, -1 where the file has none, or 0 to detect", limit=MAX_HEADER),
        )
    start = _start(rows, merged=bool(spans))
    if start is None:
        return Header(1, 0, ())
    if choice == 0 and _begins_with_data(rows, start):
        start = _narrow_header(rows, start)
    passed = _passed_over(rows, start)
    if choice == NO_HEADER or (choice == 0 and _begins_with_data(rows, start)):
        return _headless(rows, start, passed, detected=choice == 0)
    known = _known_layout(rows, start) if choice in (0, 2, 3) else None
    if known is not None and choice in (0, known.rows):
        return _finished(known, passed)
    depth = choice or _depth(rows, start, spans)
    block = [list(r) for r in rows[start : start + depth]]
    names = joined(block)
    return _finished(Header(start + 1, depth, names, raw=tuple(block[-1])), passed)


def _filled(row: Row) -> int:
    return sum(1 for c in row if c.strip())


def _fullness(row: Row) -> int:
    """Return how many cells are filled; a title merged over all of them counts once."""
    filled = _filled(row)
    return 1 if filled > 1 and len({c for c in row if c.strip()}) == 1 else filled


def is_comment(row: Row, width: int) -> bool:
    """Whether a row is a remark: it begins with # and has fewer cells than the table."""
    return bool(row) and row[0].lstrip().startswith("#") and _filled(row) < max(width, 2)


def _start(rows: Sequence[Row], *, merged: bool) -> int | None:
    """Return the index of the header's first row: the first one about as full as the table."""
    filled = [_fullness(r) if merged else _filled(r) for r in rows]
    usual = _usual(filled)
    share = _FULL_SHEET if merged else _FULL_TEXT
    first: int | None = None
    for i, row in enumerate(rows[:_DEEPEST]):
        if not filled[i] or is_comment(row, usual) or _is_separator_line(row):
            continue
        if first is None:
            first = i
        if filled[i] >= max(1, share * usual) or _is_group_row(rows, i, usual):
            return i
    return first


def _usual(filled: Sequence[int]) -> int:
    """Return the number of filled cells of the table's fuller rows.

    A width that a single row has counts only where it is the width of nothing else.
    """
    counts = Counter(n for n in filled if n > 1)
    often = [n for n, times in counts.items() if times > 1]
    return max(often or counts or [1])


def _is_separator_line(row: Row) -> bool:
    return _filled(row) == 1 and bool(re.fullmatch(r"(?i)sep=.?", row[0].strip()))


def _is_group_row(rows: Sequence[Row], i: int, usual: int) -> bool:
    """Whether a row with gaps stands over a full row that needs it to tell its names apart."""
    row, below = rows[i], rows[i + 1] if i + 1 < len(rows) else ()
    if _filled(row) < 2 or len(below) < len(row) or not _textual(row):
        return False
    if len({c.strip() for c in row if c.strip()}) == len(row) or not _over_figures(rows, i + 1):
        return False
    named = _filled(below)
    if named < 0.8 * usual or not _textual(below):
        return False
    names = {name for name, low in zip(joined([row, below]), below, strict=False) if low.strip()}
    return len({c.strip() for c in below if c.strip()}) < named == len(names)


def _over_figures(rows: Sequence[Row], i: int) -> bool:
    """Whether a row of words stands over numbers or dates, as names do and answers do not."""
    below = [r for r in rows[i + 1 :] if _filled(r)]
    return bool(below) and not is_data_row(rows[i], below) and names_figures(rows[i], below)


def _textual(row: Row) -> bool:
    return not any(is_data_row([c]) for c in row if c.strip())


def _begins_with_data(rows: Sequence[Row], start: int) -> bool:
    head = list(rows[start])
    below = [list(r) for r in rows[start + 1 :] if _filled(r)]
    again = below.count(head)
    if again > max(1, _AGAIN * len(below)):
        return True
    return is_data_row(head, below if len(head) == 1 else [r for r in below if r != head])


def _narrow_header(rows: Sequence[Row], start: int) -> int:
    """Return the row just above data where it is as wide, though most of its names are missing."""
    above = start - 1
    if above < 0 or len(rows[above]) != len(rows[start]) or len(rows[start]) < 2:
        return start
    if not _filled(rows[above]) or is_comment(rows[above], 2) or not _textual(rows[above]):
        return start
    return above


def _depth(rows: Sequence[Row], start: int, spans: Sequence[int]) -> int:
    """Return how many rows the header has, by merged cells or by names the next row completes."""
    if start < len(spans) and spans[start]:
        return min(1 + spans[start], MAX_HEADER)
    if start + 2 >= len(rows):
        return 1
    head, below = rows[start], rows[start + 1]
    if _is_group_row(rows, start, _filled(below)) and not is_data_row(below, rows[start + 2 :]):
        return 2
    gaps = [i for i in range(1, len(head)) if not head[i].strip()]
    if len(gaps) < max(2, 0.3 * len(head)) or len(below) < len(head) or not head[0].strip():
        return 1
    fills = all(below[i].strip() for i in gaps) and _textual(below)
    return 2 if fills and _over_figures(rows, start + 1) else 1


def _passed_over(rows: Sequence[Row], start: int) -> tuple[Message, ...]:
    above = [i + 1 for i in range(start) if _filled(rows[i])]
    if not above:
        return ()
    said = ", ".join(map(str, above[:5])) + (" ..." if len(above) > 5 else "")
    return (msg("The header stands in row {row}; passed over: {rows}", row=start + 1, rows=said),)


def _headless(
    rows: Sequence[Row], start: int, notes: tuple[Message, ...], *, detected: bool
) -> Header:
    counts = Counter(len(r) for r in rows[start:] if _filled(r))
    width = max(counts, key=lambda n: (counts[n], n))
    names = tuple(f"column {i + 1}" for i in range(width))
    if detected:
        notes += (msg("The file has no header: its first row holds data"),)
    return Header(start + 1, 0, names, notes=notes)


def _known_layout(rows: Sequence[Row], start: int) -> Header | None:
    """Return the header of a tool that writes several rows, or None."""
    block = [list(r) for r in rows[start : start + 3]]
    if len(block) == 3 and sum('"ImportId"' in c for c in block[2]) >= 0.5 * len(block[0]):
        return Header(start + 1, 3, tuple(block[0]), tuple(block[1]), "qualtrics", tuple(block[2]))
    if len(block) < 2 or len(block[0]) != len(block[1]):
        return None
    if {"responseid", "responseset"} <= {plain(c) for c in block[1]}:
        pairs = list(zip(block[0], block[1], strict=True))
        names = tuple(low if re.fullmatch(r"V\d+", top) else top for top, low in pairs)
        return Header(start + 1, 2, names, tuple(block[1]), "qualtrics", tuple(block[1]))
    gaps = any(not c.strip() for c in block[0][1:])
    answers = any(_ANSWER_ROW.match(c.strip()) for c in block[1])
    if plain(block[0][0]) == "respondentid" and not block[1][0].strip() and (gaps or answers):
        options = [["" if _ANSWER_ROW.match(c.strip()) else c for c in block[1]]]
        names = joined([block[0], *options])
        return Header(start + 1, 2, names, tool="surveymonkey", raw=tuple(block[1]))
    return None


def _finished(found: Header, passed: tuple[Message, ...]) -> Header:
    """Give every column a name of its own, and say what was done for it."""
    plainly = [" ".join(c.split()) for c in found.columns]
    names, repeated = unique_names(plainly)
    notes = list(passed)
    if found.rows > 1:
        notes.append(msg("The header has {n} rows", n=found.rows))
    if repeated:
        said = ", ".join(f"'{n}'" for n in repeated[:5]) + (" ..." if len(repeated) > 5 else "")
        notes.append(msg("Names that stand several times were numbered: {names}", names=said))
    wordings = tuple(" ".join(w.split()) for w in found.wordings)
    return Header(
        found.first_row,
        found.rows,
        names,
        wordings if any(wordings) else (),
        found.tool or tool_of(names),
        found.raw if tuple(c.strip() for c in found.raw) != names else (),
        tuple(notes),
    )
