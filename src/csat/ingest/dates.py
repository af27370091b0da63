"""How the dates of a column are written, decided from the whole column and never guessed.

Which of day and month comes first is proved by the values that only one order can read. Where
none proves it, a person is asked; where some prove the one and some the other, each value is
read by the order that it proves, and the rest is refused.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import duckdb

from csat.ingest.date_words import NUMBERS, Written, number_form, written
from csat.ingest.moments import ISO, shorter
from csat.model.message import N_, Message, msg

BETWEEN: Final = "; "
"""Parts the forms of one alternative."""
_MOST: Final = 0.9
"""Share of values that must be dates for a column to be one of dates."""
_SLIPS: Final = 200
"""Proofs of one order, per proof of the other, from which the other counts as a slip."""
_MANY: Final = 100_000
_ORDER_NAMES: Final = {"d": "day", "m": "month", "y": "year"}


@dataclass(frozen=True, slots=True)
class DateDecision:
    """How a column of dates is read, and what tells so.

    Parameters
    ----------
    forms
        Forms to try; empty means ISO.
    undecided
        Alternatives, each the forms of one order parted by `BETWEEN`; a person must choose.
    values, read
        Values that are not blank, and those written in a known form of a date.
    proof, against, both
        Values that only the order of ``forms`` can read, that only another can, and that
        several orders read as different days.
    order
        What comes first: "day", "month", "year", or "" where it needs no proof.
    numeric
        Whether the values are bare numbers, which only their header makes dates.
    example
        A value that can be read in several ways.
    """

    forms: tuple[str, ...]
    undecided: tuple[str, ...] = ()
    values: int = 0
    read: int = 0
    proof: int = 0
    against: int = 0
    both: int = 0
    order: str = ""
    numeric: bool = False
    example: str = ""

    def said(self) -> Message:
        """Say in words how the column is read, and why."""
        if self.undecided:
            return msg(
                "{n} values, such as {example}, can be read day first or month first; "
                "nothing in the file tells which",
                n=self.both,
                example=self.example,
            )
        counts = {"n": self.proof, "m": self.against, "k": self.both}
        if self.against and self.both:
            return msg(
                "Mixed: {n} values prove one order of day and month, {m} the other; "
                "{k} can be read both ways and are refused",
                **counts,
            )
        if self.order and self.proof:
            return msg(_PROVED[self.order], **counts)
        if self.numeric:
            return msg("Numbers that stand for moments: {n} values", n=self.read)
        return msg("Dates that can be read in one way only: {n} values", n=self.read)


_PROVED: Final = {
    "day": N_("Day first: {n} values prove it"),
    "month": N_("Month first: {n} values prove it"),
    "year": N_("Year first: {n} values prove it"),
}


@dataclass(slots=True)
class _Pool:
    """Values of one way of writing whose order is open: numbers, their counts and forms."""

    orders: tuple[str, ...]
    counts: dict[tuple[int, int, int], int] = field(default_factory=dict)
    forms: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    example: dict[tuple[int, int, int], str] = field(default_factory=dict)


def date_forms(cursor: duckdb.DuckDBPyConnection, position: int) -> DateDecision | None:
    """Decide how the dates of a staged column are written, from every value of it.

    Parameters
    ----------
    cursor
        A cursor on which the table ``staged`` stands.
    position
        The column's place in the file, from 0.

    Returns
    -------
    DateDecision | None
        None where fewer than nine values in ten are dates.
    """
    text = f"c{position:d}"
    day_of_number = f"RPAD(LEFT({text}, CASE WHEN LENGTH({text}) = 14 THEN 8 ELSE 4 END), 14, '0')"
    number = (
        f"CASE WHEN REGEXP_FULL_MATCH({text}, '\\d{{9,14}}') "
        f"THEN LEFT({day_of_number}, LENGTH({text})) ELSE REGEXP_REPLACE({text}, '\\..*', '') END"
    )
    clock = text
    for pattern, plain in _CLOCKS:
        clock = f"REGEXP_REPLACE({clock}, '{pattern}', '{plain}')"
    rows = cursor.execute(
        f"SELECT CASE WHEN REGEXP_FULL_MATCH({text}, '\\d+(\\.\\d+)?') THEN {number} "
        f"ELSE {clock} END AS v, MIN({text}), COUNT(*) FROM staged "
        f"WHERE {text} IS NOT NULL GROUP BY 1 LIMIT {_MANY + 1:d}"
    ).fetchall()
    if len(rows) > _MANY:
        return None
    return decide({str(value): int(n) for _, value, n in rows})


_CLOCKS: Final = (
    (r"\d{1,2}:\d{2}:\d{2}[.,]\d+", "10:10:10.5"),
    (r"\d{1,2}:\d{2}:\d{2}", "10:10:10"),
    (r"(^|[^:\d])\d{1,2}:\d{2}($|[^:\d])", r"\110:10\2"),
    (r"\d{1,2}([时時点])\d{1,2}分", r"10\110分"),
    (r"\d{1,2}秒", "10秒"),
)
"""What makes all clocks of one way of writing the same: they tell nothing about the day."""


def decide(values: Mapping[str, int]) -> DateDecision | None:
    """Decide how dates are written, from distinct values with their numbers of rows.

    Examples
    --------
    >>> decide({"13/02/2026": 1, "01/02/2026": 4}).forms
    ('%d/%m/%Y',)
    >>> decide({"03/02/2026": 1, "01/02/2026": 4}).undecided
    ('%d/%m/%Y', '%m/%d/%Y')
    >>> decide({"2026-02-03": 1}).forms
    ()
    >>> decide({"often": 1}) is None
    True
    """
    total = sum(values.values())
    fixed: dict[str, int] = defaultdict(int)
    pools: dict[tuple[str, bool], _Pool] = {}
    read = numbers = 0
    for text, count in values.items():
        found = written(text)
        if found is None:
            form = number_form(text)
            if form:
                fixed[form] += count
                read, numbers = read + count, numbers + count
        elif found.orders:
            read += count
            _pool(pools, found, text, count)
        elif _valid("ymd", found.numbers):
            read += count
            fixed[found.form] += count
    if not total or read < _MOST * total:
        return None
    return _joined(fixed, list(pools.values()), total, read, numeric=bool(numbers))


def _pool(pools: dict[tuple[str, bool], _Pool], found: Written, text: str, count: int) -> None:
    pool = pools.setdefault((found.sign, len(found.orders) == 2), _Pool(found.orders))
    pool.counts[found.numbers] = pool.counts.get(found.numbers, 0) + count
    pool.example[found.numbers] = text
    for order in found.orders:
        pool.forms[order].add(found.ordered(order))


def _joined(
    fixed: Mapping[str, int], pools: list[_Pool], total: int, read: int, *, numeric: bool
) -> DateDecision:
    """Put together what needs no proof and what the pools prove or leave open."""
    sure = _tidy(fixed)
    proof = against = both = 0
    first, example = "", ""
    undecided: dict[str, list[str]] = {}
    for pool in pools:
        orders, counts, shown = _weigh(pool)
        proof, against, both = proof + counts[0], against + counts[1], both + counts[2]
        first = first or (_ORDER_NAMES[orders[0][0]] if len(orders) == 1 else "")
        if counts[0] or not counts[2]:
            sure += [f for o in orders for f in _tidy(pool.forms[o])]
            continue
        example = example or shown
        for order in orders:
            undecided.setdefault(order[:1], []).extend(_tidy(pool.forms[order]))
    if undecided:
        choices = tuple(BETWEEN.join([*sure, *forms]) for forms in undecided.values())
        return DateDecision((), choices, total, read, both=both, example=example)
    forms = tuple(sorted(sure, key=lambda f: "%Y" in f)) if len(pools) > 1 else tuple(sure)
    if forms == (ISO,):
        forms = ()
    return DateDecision(forms, (), total, read, proof, against, both, first, numeric, example)


def _weigh(pool: _Pool) -> tuple[tuple[str, ...], tuple[int, int, int], str]:
    """Return the orders that stand, the proofs for and against the first, and open values.

    Several orders stand where all are proved, or where none is.
    """
    reads = {n: [o for o in pool.orders if _valid(o, n)] for n in pool.counts}
    alone = {o: sum(pool.counts[n] for n, by in reads.items() if by == [o]) for o in pool.orders}
    whole = [o for o in pool.orders if all(o in by for by in reads.values() if by)]
    best = max(pool.orders, key=lambda o: (alone[o], o in whole))
    others = sum(alone.values()) - alone[best]
    if whole:
        standing = tuple(whole)
    elif alone[best] >= _SLIPS * max(others, 1):
        standing = (best,)
    else:
        standing = tuple(o for o in pool.orders if alone[o]) or pool.orders
    open_ = {n: c for n, c in pool.counts.items() if _days(standing, n) > 1}
    proof = sum(c for n, c in pool.counts.items() if reads[n] and len(reads[n]) < len(pool.orders))
    if len(standing) == 1 or not open_:
        return standing[:1] if whole else standing, (proof - others, others, 0), ""
    shown = pool.example[next(iter(open_))]
    if whole:
        return standing, (0, 0, sum(open_.values())), shown
    return standing, (alone[best], others, sum(open_.values())), shown


def reading(example: str, choice: str) -> date | None:
    """Return the day that one alternative reads in a value, None where it reads none.

    Examples
    --------
    >>> reading("05/03/2026 10:00", "%d/%m/%Y %H:%M"), reading("05/03/2026", "%m/%d/%Y")
    (datetime.date(2026, 3, 5), datetime.date(2026, 5, 3))
    """
    found = written(example)
    for form in choice.split(BETWEEN):
        order = "".join(re.findall(r"%([dmyY])", form)).lower()
        if found is None or not found.orders or order not in found.orders:
            continue
        if found.ordered(order) == form and _valid(order, found.numbers):
            return _read(order, found.numbers)
    return None


def _days(orders: tuple[str, ...], numbers: tuple[int, int, int]) -> int:
    """Return as how many different days some numbers can be read."""
    return len({_read(o, numbers) for o in orders if _valid(o, numbers)})


def _read(order: str, numbers: tuple[int, int, int]) -> date:
    parts = dict(zip(order, numbers, strict=True))
    year = parts["y"]
    if year < 100:
        year += 1900 if year >= 69 else 2000
    return date(year, parts["m"], parts["d"])


def _valid(order: str, numbers: tuple[int, int, int]) -> bool:
    try:
        _read(order, numbers)
    except ValueError:
        return False
    return True


def _tidy(forms: Mapping[str, int] | set[str]) -> list[str]:
    """Return the forms without those that another one reads too."""
    kept: list[str] = []
    for form in sorted(forms, key=lambda f: (f in NUMBERS, -len(f), f)):
        if not any(form in shorter(k) for k in kept):
            kept.append(form)
    return kept
