"""Whole months counted once for all the questions that a page asks under the same filters.

A figure, what it is compared with, its sparkline and its control chart are about months that
overlap. Counts of months add up to those of any longer period to the last bit, so the counts of
each month are remembered for the filters asked about last, until the data change.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakKeyDictionary

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.model.period import Period, month_end, month_key, month_start, months_between, shift_month
from csat.queries.complaint_tallies import NotAvailable, Tallies
from csat.queries.facts import Facts
from csat.queries.gather import Found, gather, gather_each, in_one_scan
from csat.queries.reader import Reader
from csat.store.store import Store

_MOST: Final = 3
"""Choices of filters whose months are remembered: those of the pages that are being drawn."""
MONTH: Final = "month_key"
Read = tuple[str, dict[str, object]]
"""A statement and its parameters."""


@dataclass(slots=True)
class _Counted:
    """The known months of one metric, by group, or why there are none; and where they are from."""

    months: dict[int, Tallies] = field(default_factory=dict)
    refused: NotAvailable | None = None
    read: list[tuple[frozenset[int], list[Read]]] = field(default_factory=list)

    def lacks(self, asked: Sequence[int]) -> list[int]:
        """Return the months that are not known yet."""
        return [] if self.refused else [month for month in asked if month not in self.months]

    def learn(self, found: Tallies | NotAvailable, period: Period, reads: Sequence[Read]) -> None:
        """Remember what was counted by month over a period."""
        self.read.append((frozenset(_months([period])), list(reads)))
        if isinstance(found, NotAvailable):
            self.refused = found
            return
        months: dict[int, Tallies] = {month: {} for month in _months([period])}
        for (month, *group), tally in found.items():
            months[int(month)][tuple(group)] = tally
        self.months |= months

    def reads(self, asked: Sequence[int]) -> list[Read]:
        """Return the statements that counted any of some months."""
        return [r for months, reads in self.read if not months.isdisjoint(asked) for r in reads]

    def over(self, asked: Sequence[int]) -> Tallies | NotAvailable:
        """Return the counts of some known months, or why there are none."""
        return self.refused or {
            (month, *group): tally for month in asked for group, tally in self.months[month].items()
        }


_Book = dict[tuple[str, tuple[str, ...]], _Counted]
_known: Final[WeakKeyDictionary[Store, OrderedDict[object, _Book]]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


def in_months(metrics: Sequence[Metric], keys: Sequence[str], *periods: Period | None) -> bool:
    """Say whether counts of months add up to what is asked: to periods of whole months.

    A category without cases rates 0 only beside those of its own period.
    """
    rated = any(m.family == "rate" for m in metrics) and "category" in keys
    return not rated and all(p is not None and p.whole_months for p in periods)


def gather_months(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    metrics: Sequence[Metric],
    keys: Sequence[str],
    periods: Sequence[Period],
) -> Found:
    """Return what `gather` finds by month and keys; months that are known are not read again.

    Parameters
    ----------
    filters
        Which data; their own period does not matter.
    keys
        Columns to group by beside the month.
    periods
        Of whole months each, see `in_months`.
    """
    asked = _months(periods)
    book = _book(reader.store, facts, filters)
    out: Found = {}
    for together in _read_together(metrics):
        known = {m.key: _known_of(book, m, keys) for m in together}
        for period in _unknown(asked, list(known.values())):
            start = len(reader.asked)
            found = gather(reader, facts, _over(filters, period), together, (MONTH, *keys))
            for key, counted in known.items():
                counted.learn(found[key], period, reader.asked[start:])
        for key, counted in known.items():
            for statement in counted.reads(asked):
                if statement not in reader.asked:
                    reader.asked.append(statement)
            out[key] = counted.over(asked)
    return out


def gather_series(
    reader: Reader, facts: Facts, filters: Filters, metrics: Sequence[Metric], keys: Sequence[str]
) -> Found:
    """Return what `gather` finds by keys of which the first is of time; by month remembered."""
    period, (time, *others) = filters.period, keys
    if period is None or time != MONTH or not in_months(metrics, others, period):
        return gather(reader, facts, filters, metrics, keys)
    return gather_months(reader, facts, filters, metrics, others, [period])


def know_cuts(
    reader: Reader, facts: Facts, filters: Filters, m: Metric, cuts: Sequence[str]
) -> None:
    """Count a metric by several cuts in one scan, for `gather_months` to be asked for in turn.

    Parameters
    ----------
    filters
        Which data, over a period of whole months.
    cuts
        Columns to group by, each beside the month.
    """
    assert filters.period is not None
    asked = _months([filters.period])
    book = _book(reader.store, facts, filters)
    known = {cut: _known_of(book, m, (cut,)) for cut in cuts}
    lacking = [cut for cut, counted in known.items() if counted.lacks(asked)]
    if len(lacking) < 2:
        return
    start = len(reader.asked)
    found = gather_each(reader, facts, filters.with_(compare="none"), m, (MONTH,), lacking)
    for cut in lacking:
        known[cut].learn(found[cut], filters.period, reader.asked[start:])


def _months(periods: Sequence[Period]) -> list[int]:
    return sorted(
        {month for p in periods for month in months_between(month_key(p.first), month_key(p.last))}
    )


def _over(filters: Filters, period: Period) -> Filters:
    return filters.with_(period=period, compare="none")


def _book(store: Store, facts: Facts, filters: Filters) -> _Book:
    """Return what is known of some filters, whatever their period."""
    key = (facts.version, filters.with_(period=None, compare="none"))
    with _lock:
        kept = _known.setdefault(store, OrderedDict())
        book = kept.setdefault(key, {})
        kept.move_to_end(key)
        while len(kept) > _MOST:
            kept.popitem(last=False)
    return book


def _known_of(book: _Book, m: Metric, keys: Sequence[str]) -> _Counted:
    return book.setdefault((m.key, tuple(keys)), _Counted())


def _read_together(metrics: Sequence[Metric]) -> list[list[Metric]]:
    """Return the metrics in parts that one statement counts each."""
    parts: dict[str, list[Metric]] = {}
    for m in metrics:
        shared = m.subject if in_one_scan(m) else m.family if m.family == "median" else m.key
        parts.setdefault(shared, []).append(m)
    return list(parts.values())


def _unknown(asked: Sequence[int], known: Sequence[_Counted]) -> Iterator[Period]:
    """Return the periods to read: what lies between them is read too unless that is far more."""
    lacking = sorted({month for counted in known for month in counted.lacks(asked)})
    if not lacking:
        return
    hull = list(months_between(lacking[0], lacking[-1]))
    if len(hull) <= 3 * len(lacking):
        yield Period(month_start(hull[0]), month_end(hull[-1]))
        return
    first = last = lacking[0]
    for month in [*lacking[1:], 0]:
        if month != shift_month(last, 1):
            yield Period(month_start(first), month_end(last))
            first = month
        last = month
