"""Output: JSON for programs, aligned text for people."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from math import isfinite
from typing import Any, Final

from csat.locale.formats import Formats
from csat.model.message import Message

NOTHING: Final = "—"


def print_json(value: Any) -> None:
    """Print one JSON document: dates in ISO form, no NaN, keys in the order given.

    A dataclass stands for its fields, a message for its words.
    """
    json.dump(_portable(value), sys.stdout, ensure_ascii=False, indent=2, allow_nan=False)
    sys.stdout.write("\n")


def _portable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(k): _portable(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_portable(v) for v in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Message):
        return str(value)
    if is_dataclass(value):
        return {f.name: _portable(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, float):
        return float(value) if isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.item() if hasattr(value, "item") else str(value)


def plain(text: str) -> str:
    r"""Return a text as one line without control characters, whatever a file put into it.

    Examples
    --------
    >>> plain("a\tb\x1b[31m")
    'a b?[31m'
    """
    return "".join(c if c.isprintable() else "?" for c in " ".join(text.split()))


def width(text: str) -> int:
    """Return the columns a text takes on a terminal; Chinese characters take two.

    Examples
    --------
    >>> width("满意"), width("ok")
    (4, 2)
    """
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> str:
    """Return aligned lines.

    Parameters
    ----------
    right
        Numbers of the columns that are aligned to the right.

    Examples
    --------
    >>> print(table(["name", "n"], [["North", "12"], ["S", "3"]], right={1}))
    name    n
    North  12
    S       3
    """
    lines = [list(head), *([plain(c) for c in row] for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(head))]
    out = []
    for line in lines:
        cells = []
        for i, cell in enumerate(line):
            gap = " " * (widths[i] - width(cell))
            cells.append(gap + cell if i in right else cell + gap)
        out.append("  ".join(cells).rstrip())
    return "\n".join(out)


def shorten(text: str, limit: int) -> str:
    """Return at most so many characters, marking a cut.

    Examples
    --------
    >>> shorten("a long text", 7)
    'a long…'
    """
    line = plain(text)
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def number(value: float | None, unit: str) -> str:
    """Return a figure as people read it.

    Examples
    --------
    >>> [number(91.04, "percent"), number(-7.6, "points"), number(12345, "count")]
    ['91.0%', '-8', '12,345']
    >>> [number(2.1667, "days"), number(4.524, "days"), number(None, "rating")]
    ['2 d 4 h', '4 d 13 h', '—']
    """
    if value is None:
        return NOTHING
    if unit == "percent":
        return f"{value:.1f}%"
    if unit == "index":
        return f"{value:.1f}"
    if unit == "points":
        return f"{round(value):+d}" if round(value) else "0"
    if unit == "count":
        return f"{round(value):,d}"
    if unit == "days":
        return Formats("en").duration(value)
    return f"{value:z,.2f}"
