"""CSV that a spreadsheet program opens as text and never runs as a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
_STARTERS: Final = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: object) -> object:
    """Return a cell value that no spreadsheet program takes for a formula.

    Texts that start like a formula get a leading apostrophe; numbers stay numbers, also where
    they are written as text.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("fine"), safe_cell(-3), safe_cell("-3.5")
    ("'=1+1", 'fine', -3, '-3.5')
    """
    if isinstance(value, str) and value.startswith(_STARTERS) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    r"""Return rows as CSV with a byte-order mark, so that spreadsheets see UTF-8.

    Examples
    --------
    >>> csv_bytes(["a"], [["@x"]]).decode("utf-8-sig")
    "a\r\n'@x\r\n"
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([safe_cell(h) for h in header])
    writer.writerows([safe_cell(c) for c in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
