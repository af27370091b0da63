"""The shape of a value, by which a row of data is told from a row of names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_SHAPES: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("year", re.compile(r"(19|20)\d{2}")),
    (
        "number",
        re.compile(r"[+-]?[$€£¥]?\d{1,3}([,' ]\d{3})+(\.\d+)?|[+-]?[$€£¥]?\d+([.,]\d+)? ?%?"),
    ),
    ("number", re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+")),
    (
        "moment",
        re.compile(
            r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?"
            r"( ?[AaPp]\.?[Mm]\.?)?( ?(Z|[+-]\d{2}:?\d{2}))?)?"
        ),
    ),
    ("moment", re.compile(r"\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?")),
    ("address", re.compile(r"[^@\s]+@[^@\s]+\.[a-z]{2,}|\d{1,3}(\.\d{1,3}){3}|https?://\S+")),
)
_MOST: Final = 0.8
_LOOKED_AT: Final = 50


def shape_of(value: str) -> str:
    """Return "number", "moment", "address" (e-mail, IP, link), "year", or "" for any text.

    Examples
    --------
    >>> shape_of("4,5"), shape_of("01/02/2026 10:51:12 AM"), shape_of("Score")
    ('number', 'moment', '')
    """
    text = value.strip()
    for shape, pattern in _SHAPES:
        if pattern.fullmatch(text):
            return shape
    return ""


def is_data_row(row: Sequence[str], below: Sequence[Sequence[str]] = ()) -> bool:
    """Whether a row that might be a header is one of data.

    It is, where at least one of its cells has the shape of the values below it, such as a
    number over numbers, and none of them is a word over numbers or dates. Years over numbers
    are names, and so are numbers that count 1, 2, 3. Where no column holds numbers or dates, a
    row is data that has a number or date itself, or all of whose words stand below again.

    Examples
    --------
    >>> is_data_row(["7", "ann"], [["8", "bob"]])
    True
    >>> is_data_row(["id", "name"], [["8", "bob"]])
    False
    >>> is_data_row(["branch", "2025", "2026"], [["North", "3", "4"]])
    False
    """
    cells = [c.strip() for c in row]
    if not below:
        return any(shape_of(c) in ("number", "moment", "address") for c in cells if c)
    alike = unlike = again = words = odd = 0
    for i, cell in enumerate(cells):
        values = [r[i].strip() for r in below[:_LOOKED_AT] if i < len(r) and r[i].strip()]
        if not values or not cell:
            continue
        usual, own = _usual_shape(values), shape_of(cell)
        if not usual:
            words += 1
            again += cell in values
            odd += own in ("number", "moment", "address")
        elif own == usual or (own == "year" and _all_years(values)):
            alike += 1
        elif own not in ("year", "number", "moment"):
            unlike += 1
    if unlike or (words > again and _numbered(cells)):
        return False
    return bool(alike or odd or 0 < words == again)


def names_figures(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether some word of a row stands over a column of numbers or dates.

    Examples
    --------
    >>> names_figures(["id", "name"], [["8", "bob"]])
    True
    >>> names_figures(["ann", "yes"], [["bob", "no"]])
    False
    """
    for i, cell in enumerate(row):
        values = [r[i].strip() for r in below[:_LOOKED_AT] if i < len(r) and r[i].strip()]
        if values and cell.strip() and not shape_of(cell) and _usual_shape(values):
            return True
    return False


def _numbered(cells: Sequence[str]) -> bool:
    """Whether some neighbouring cells count 1, 2, 3, as the names of questions may."""
    return any(list(cells[i : i + 3]) == ["1", "2", "3"] for i in range(len(cells) - 2))


def _usual_shape(values: Sequence[str]) -> str:
    shapes = ["number" if (s := shape_of(v)) == "year" else s for v in values]
    best = max(set(shapes), key=shapes.count)
    return best if best and shapes.count(best) >= _MOST * len(shapes) else ""


def _all_years(values: Sequence[str]) -> bool:
    return all(shape_of(v) == "year" for v in values)
