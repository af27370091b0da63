"""How the cells of a text are told apart: delimiter, quote and escape, guessed from its head."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

DELIMITERS: Final[tuple[str, ...]] = (",", ";", "\t", "|")
SAMPLE: Final = 256 * 1024
_LONGEST: Final = 80 * 1024 * 1024
_MOST: Final = 200
"""Records that are looked at."""
_SEP: Final = re.compile(r'\A(?i:"?sep=)(.)"?[\r\n]')


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a text are told apart."""

    delimiter: str
    quote: str = '"'
    escape: str = '"'


def detect_delimiter(text: str) -> str:
    r"""Guess the delimiter: the one that splits the first records most evenly.

    Examples
    --------
    >>> detect_delimiter("a;b;c\n1,5;2;3\n")
    ';'
    """
    return detect_dialect(text).delimiter


def detect_dialect(text: str, delimiter: str = "", *, whole: bool = True) -> Dialect:
    r"""Guess delimiter, quote and escape from the first records.

    Examples
    --------
    >>> detect_dialect("sep=|\na|b\n")
    Dialect(delimiter='|', quote='"', escape='"')
    >>> detect_dialect("a,b\n'1,5','x'\n'2','y,z'\n").quote
    "'"
    """
    named = _SEP.match(text)
    if named and not delimiter:
        delimiter = named[1]
    part = text[: SAMPLE // 2]
    marks = (delimiter,) if delimiter else DELIMITERS
    plain = '"' if re.search(r'(?:^|[,;\t|])"', part, re.MULTILINE) else ""
    scored: list[tuple[float, int, Dialect]] = []
    for mark in marks:
        quote = plain or _apostrophe(part, mark) or '"'
        dialect = Dialect(mark, quote, "\\" if _backslashed(part, quote) else quote)
        rows = [r for r in parse(text, dialect, whole=whole)[:60] if any(r)]
        scored.append((_evenness(rows), -len(scored), dialect))
    best = max(scored, key=lambda s: s[:2])
    if best[0] or delimiter:
        return best[2]
    return Dialect(",", plain or '"', plain or '"')


def _evenness(rows: list[list[str]]) -> float:
    """Score how evenly a delimiter splits: the share of rows of the usual width, then width.

    A width that only few rows have beside ones that are not split at all is no table.
    """
    counts = Counter(len(r) for r in rows)
    width = max(counts, key=lambda n: (counts[n] * (n > 1), n), default=1)
    if width < 2:
        return 0.0
    return counts[width] / len(rows) * 1000 + min(width, 999)


def _apostrophe(text: str, mark: str) -> str:
    """Return the apostrophe where cells are quoted with it: each that begins so ends so."""
    sign = re.escape(mark)
    begun = len(re.findall(rf"(?:^|{sign})'", text, re.MULTILINE))
    closed = len(re.findall(rf"(?:^|{sign})'[^'\r\n]*'(?={sign}|\r?$)", text, re.MULTILINE))
    lines = sum(1 for line in text.splitlines() if line.strip())
    return "'" if 2 <= begun == closed and closed >= (lines - 1) * 0.5 else ""


def _backslashed(text: str, quote: str) -> bool:
    r"""Whether quotes within quoted cells are written \" and never doubled."""
    if f"\\{quote}" not in text:
        return False
    inside = re.search(rf"[^\\{quote},;\t|\r\n]{quote}{quote}[^{quote},;\t|\r\n]", text)
    return not inside and bool(re.search(rf"\\{quote}[^,;\t|\r\n]", text))


def reader_of(lines: Iterator[str], dialect: Dialect) -> Iterator[list[str]]:
    """Return the plain reader of the standard library for a dialect."""
    quote = dialect.quote
    if dialect.escape != quote:
        escaped = re.compile(rf"\\([\\{quote}])")
        lines = (escaped.sub(lambda m: quote * 2 if m[1] == quote else m[1], x) for x in lines)
    return csv.reader(lines, delimiter=dialect.delimiter, quotechar=quote)


def parse(text: str, dialect: Dialect, *, whole: bool = True) -> list[list[str]]:
    """Return the first records; the last, which a sample may cut, only of a whole text."""
    csv.field_size_limit(_LONGEST)
    rows = []
    for row in reader_of(iter(io.StringIO(text, newline="")), dialect):
        rows.append(row)
        if len(rows) > _MOST:
            return rows[:-1]
    return rows if whole or len(rows) < 2 else rows[:-1]
