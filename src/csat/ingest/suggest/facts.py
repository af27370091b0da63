"""What is known of each column before anyone says what it is: its values and their numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import duckdb

from csat.ingest.dates import DateDecision, date_forms, decide

_FEW: Final = 200
"""Distinct values up to which a column is known by all of them."""
_SAMPLE: Final = 400
_FIRST: Final = 10_000
_LOOKS: Final = 0.5
_AT_ONCE: Final = 16
"""Columns whose values are told apart in one statement: each takes some memory of its own."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The values of one column.

    Parameters
    ----------
    values
        Distinct values with their numbers of rows, blanks left out, the most frequent first;
        of a column with very many, those of the first rows.
    filled, rows
        Rows with a value, and all rows.
    distinct
        How many different values there are, roughly where they are many.
    dates
        How its dates are written, None where it holds none.
    """

    values: Mapping[str, int] = field(default_factory=dict)
    filled: int = 0
    rows: int = 0
    distinct: int = 0
    dates: DateDecision | None = None

    @property
    def few(self) -> bool:
        """Whether every value is known."""
        return len(self.values) == self.distinct

    @property
    def length(self) -> float:
        """Return the mean length of the values known."""
        n = sum(self.values.values())
        return sum(len(v) * c for v, c in self.values.items()) / n if n else 0.0


def facts_of(values: Sequence[str | None]) -> Facts:
    """Return the facts of a column from its values.

    Examples
    --------
    >>> facts_of(["5", "4", "5", None]).values
    {'5': 2, '4': 1}
    """
    counts = Counter(v for v in values if v)
    ordered = dict(counts.most_common())
    return Facts(ordered, counts.total(), len(values), len(counts), decide(ordered))


def staged_facts(cursor: duckdb.DuckDBPyConnection, columns: Sequence[str]) -> dict[str, Facts]:
    """Return the facts of every column of the staged file, from all of its rows.

    Columns with very many values are known by those of the first rows and by their number;
    the dates among them are decided from every value.
    """
    cells = [f"c{i:d}" for i in range(len(columns))]
    row = cursor.execute("SELECT COUNT(*) FROM staged").fetchone()
    rows = int(row[0]) if row else 0
    first = cursor.execute(
        f"SELECT {', '.join(cells)} FROM staged ORDER BY row_no LIMIT {_SAMPLE:d}"
    ).fetchall()
    few = _likely_few(cursor, cells)
    out = {}
    for i, name in enumerate(columns):
        values = _counted(cursor, cells[i]) if cells[i] in few else None
        if values is not None:
            filled, distinct = sum(values.values()), len(values)
        else:
            filled, distinct = _sized(cursor, cells[i])
            values = dict(Counter(r[i] for r in first if r[i]).most_common())
        out[name] = Facts(values, filled, rows, distinct, _dates(cursor, i, values, distinct))
    return out


def _likely_few(cursor: duckdb.DuckDBPyConnection, cells: Sequence[str]) -> set[str]:
    """Return the columns that have few different values in the first rows."""
    found: set[str] = set()
    for start in range(0, len(cells), _AT_ONCE):
        some = cells[start : start + _AT_ONCE]
        counts = ", ".join(f"COUNT(DISTINCT {c})" for c in some)
        row = cursor.execute(
            f"SELECT {counts} FROM (SELECT {', '.join(some)} FROM staged LIMIT {_FIRST:d})"
        ).fetchone()
        found |= {c for c, n in zip(some, row or (), strict=True) if n <= _FEW}
    return found


def _counted(cursor: duckdb.DuckDBPyConnection, cell: str) -> dict[str, int] | None:
    """Return every value with its number of rows, None where there are too many."""
    rows = cursor.execute(
        f"SELECT {cell}, COUNT(*) FROM staged WHERE {cell} IS NOT NULL "
        f"GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {_FEW + 1:d}"
    ).fetchall()
    return {str(value): int(n) for value, n in rows} if len(rows) <= _FEW else None


def _sized(cursor: duckdb.DuckDBPyConnection, cell: str) -> tuple[int, int]:
    """Return how many rows have a value, and roughly how many different ones there are."""
    row = cursor.execute(
        f"SELECT COUNT({cell}), APPROX_COUNT_DISTINCT({cell}) FROM staged"
    ).fetchone()
    filled, distinct = row or (0, 0)
    return int(filled), max(int(distinct), _FEW + 1)


def _dates(
    cursor: duckdb.DuckDBPyConnection, position: int, values: Mapping[str, int], distinct: int
) -> DateDecision | None:
    """Decide on the whole column where some of it looks like dates."""
    decision = decide(values)
    if len(values) == distinct:
        return decision
    some = [v for v in values if decide({v: 1})]
    return date_forms(cursor, position) if len(some) >= _LOOKS * len(values) and some else None


def staged_answers(
    cursor: duckdb.DuckDBPyConnection, question: int, answer: int
) -> dict[str, Facts]:
    """Return, for a long file, the facts of the answers to each question, in order of questions.

    Parameters
    ----------
    question, answer
        The places of both columns in the file, from 0.
    """
    rows = cursor.execute(
        f"SELECT c{question:d}, c{answer:d}, COUNT(*), MIN(row_no) FROM staged "
        f"WHERE c{question:d} IS NOT NULL AND c{answer:d} IS NOT NULL GROUP BY 1, 2"
    ).fetchall()
    first: dict[str, int] = {}
    counted: dict[str, Counter[str]] = {}
    for asked, said, n, row_no in rows:
        counted.setdefault(asked, Counter())[said] = n
        first[asked] = min(first.get(asked, row_no), row_no)
    return {
        asked: Facts(
            dict(counted[asked].most_common(_FEW)),
            counted[asked].total(),
            counted[asked].total(),
            len(counted[asked]),
        )
        for asked in sorted(first, key=first.__getitem__)
    }
