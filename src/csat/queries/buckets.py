"""A series cut into days, weeks, months, quarters or years, with every bucket in its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.model.period import (
    Period,
    bucket_span,
    day_label,
    day_labels,
    day_of,
    month_end,
    month_start,
)
from csat.queries.days import days_on_record, finished_in, lies_inside, on_days
from csat.queries.extent import Extent
from csat.queries.tally import Tally

BY_DAY = ("day", "week")
"""Grains that need the day of a record; the others are made of whole months."""

_COARSER = {
    "day": ("week", "month", "quarter", "year"),
    "week": (),
    "month": ("quarter", "year"),
    "quarter": ("year",),
    "year": (),
}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One day, week, month, quarter or year of a series; ``tally`` is None without data."""

    label: str
    span: Period
    tally: Tally | None
    finished: bool


def key_column(grain: str) -> str:
    """Return the column that records of a grain are counted by."""
    return "day_key" if grain in BY_DAY else "month_key"


def stretch(keys: Iterable[int], filters: Filters, grain: str) -> Period | None:
    """Return the days a series runs over: the period asked for, else those with records."""
    if filters.period is not None:
        return filters.period
    known = sorted(keys)
    if not known:
        return None
    if grain in BY_DAY:
        return Period(day_of(known[0]), day_of(known[-1]))
    return Period(month_start(known[0]), month_end(known[-1]))


def buckets(
    m: Metric,
    tallies: Mapping[int, Tally],
    whole: Period,
    grain: str,
    span: Extent,
    *,
    asked: Period | None = None,
    week_start: int = 0,
) -> list[Bucket]:
    """Return the buckets of a series in order, those without data included.

    Parameters
    ----------
    tallies
        By day key for days and weeks, else by month key.
    whole
        The days the series runs over.
    asked
        The period of the filters: a bucket that reaches out of it is not finished.
    week_start
        First day of a week, 0 for Monday.
    """
    return frame(m, whole, grain, span, asked=asked, week_start=week_start).filled(tallies)


@dataclass(frozen=True, slots=True)
class Frame:
    """The buckets of a stretch, into which the counts of one group after the other are put.

    Parameters
    ----------
    empty
        The buckets without counts.
    days
        For a metric that counts events, of each bucket what `days_on_record` says of it; empty
        for others.
    """

    grain: str
    week_start: int
    empty: tuple[Bucket, ...]
    days: tuple[tuple[int, bool], ...]

    def filled(self, tallies: Mapping[int, Tally]) -> list[Bucket]:
        """Return the buckets with counts by day key or month key, as the grain has it."""
        held: dict[str, Tally] = {}
        for key, tally in tallies.items():
            label = _label(key, self.grain, self.week_start)
            held[label] = held[label] + tally if label in held else tally
        found = [held.get(b.label) for b in self.empty]
        if self.days:
            found = [on_days(t, *days) for t, days in zip(found, self.days, strict=True)]
        return [
            Bucket(b.label, b.span, tally, b.finished)
            for b, tally in zip(self.empty, found, strict=True)
        ]


def frame(
    m: Metric,
    whole: Period,
    grain: str,
    span: Extent,
    *,
    asked: Period | None = None,
    week_start: int = 0,
) -> Frame:
    """Return the empty buckets of a series, see `buckets`."""
    empty = []
    for label in day_labels(whole, grain, week_start):
        days = Period(*bucket_span(label))
        finished = finished_in(m, days, span) and lies_inside(days, asked)
        empty.append(Bucket(label, days, None, finished and _begun(m, days, span)))
    counted = m.family == "count"
    known = tuple(days_on_record(m, b.span, span) for b in empty) if counted else ()
    return Frame(grain, week_start, tuple(empty), known)


@lru_cache(maxsize=4_096)
def _label(key: int, grain: str, week_start: int) -> str:
    day = day_of(key) if grain in BY_DAY else month_start(key)
    return day_label(day, grain, week_start)


def _begun(m: Metric, days: Period, span: Extent) -> bool:
    """Say whether records were kept from the bucket's start: half a week counts half."""
    start = span.surveys_from if m.subject == "survey" else span.complaints_from
    if m.family != "count" or start is None:
        return True
    return 10 * (start - days.first).days <= days.days


def families(labels: Sequence[str], grain: str, week_start: int = 0) -> list[list[int]]:
    """Return the positions of the buckets that add up to each total a reader can also see.

    Examples
    --------
    >>> families(["2026-02", "2026-03", "2026-04"], "month")
    [[0, 1, 2], [0, 1], [0, 1, 2]]
    """
    out: list[list[int]] = [list(range(len(labels)))]
    for coarser in _COARSER[grain]:
        parts: dict[str, list[int]] = {}
        for i, label in enumerate(labels):
            first = bucket_span(label)[0]
            parts.setdefault(day_label(first, coarser, week_start), []).append(i)
        out += [part for part in parts.values() if len(part) > 1]
    return out
