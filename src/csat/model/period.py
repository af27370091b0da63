"""Days, months, quarters and years as integer keys, and what a period is compared with."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from csat.model.message import msg
from csat.model.problem import UsageProblem

FIRST_YEAR: Final = 1950
LAST_YEAR: Final = 2100
"""Days outside these years are mistakes: neither records nor filters may hold them."""


def month_key(day: date) -> int:
    """Return year and month as one integer.

    Examples
    --------
    >>> month_key(date(2026, 9, 30))
    202609
    """
    return day.year * 100 + day.month


def day_key(day: date) -> int:
    """Return the day as one integer, 20260930."""
    return month_key(day) * 100 + day.day


def month_start(key: int) -> date:
    """Return the first day of a month key."""
    return date(key // 100, key % 100, 1)


@lru_cache(maxsize=4_096)
def month_end(key: int) -> date:
    """Return the last day of a month key.

    Examples
    --------
    >>> month_end(202402)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(key, 100)
    return date(year, month, calendar.monthrange(year, month)[1])


def shift_month(key: int, months: int) -> int:
    """Move a month key forward or back.

    Examples
    --------
    >>> shift_month(202601, -1), shift_month(202512, 2)
    (202512, 202602)
    """
    index = (key // 100) * 12 + key % 100 - 1 + months
    return (index // 12) * 100 + index % 12 + 1


def months_between(first: int, last: int) -> Iterator[int]:
    """Yield every month key from first to last, both included."""
    key = first
    while key <= last:
        yield key
        key = shift_month(key, 1)


def bucket_label(key: int, grain: str) -> str:
    """Name the month, quarter or year that holds a month key.

    Examples
    --------
    >>> [bucket_label(202605, g) for g in ("month", "quarter", "year")]
    ['2026-05', '2026-Q2', '2026']
    """
    year, month = divmod(key, 100)
    if grain == "month":
        return f"{year:04d}-{month:02d}"
    if grain == "quarter":
        return f"{year:04d}-Q{(month + 2) // 3}"
    return f"{year:04d}"


def day_of(key: int) -> date:
    """Return the day of a day key.

    Examples
    --------
    >>> day_of(20240229)
    datetime.date(2024, 2, 29)
    """
    return date(key // 10_000, key // 100 % 100, key % 100)


def day_label(day: date, grain: str, week_start: int = 0) -> str:
    """Name the day, week, month, quarter or year that holds a day.

    A week is named by its first day and its length as ISO 8601 writes an interval, which says
    the same whatever day weeks start on, and needs no week 53.

    Parameters
    ----------
    week_start
        First day of a week: 0 is Monday, 6 Sunday.

    Examples
    --------
    >>> [day_label(date(2027, 1, 1), g) for g in ("day", "week", "month")]
    ['2027-01-01', '2026-12-28/P7D', '2027-01']
    >>> day_label(date(2027, 1, 3), "week", week_start=6)
    '2027-01-03/P7D'
    """
    if grain == "day":
        return day.isoformat()
    if grain == "week":
        first = day - timedelta(days=(day.weekday() - week_start) % 7)
        return f"{first.isoformat()}/P7D"
    return bucket_label(month_key(day), grain)


def day_labels(period: Period, grain: str, week_start: int = 0) -> list[str]:
    """Name, in order, every bucket that a period touches.

    Examples
    --------
    >>> day_labels(Period(date(2024, 2, 28), date(2024, 3, 1)), "day")
    ['2024-02-28', '2024-02-29', '2024-03-01']
    """
    found = []
    day = period.first
    while day <= period.last:
        label = day_label(day, grain, week_start)
        found.append(label)
        day = bucket_span(label)[1] + timedelta(days=1)
    return found


@lru_cache(maxsize=4_096)
def bucket_span(label: str) -> tuple[date, date]:
    """Return the first and last day of a bucket label.

    Examples
    --------
    >>> bucket_span("2026-Q2")
    (datetime.date(2026, 4, 1), datetime.date(2026, 6, 30))
    >>> bucket_span("2026-12-28/P7D")
    (datetime.date(2026, 12, 28), datetime.date(2027, 1, 3))
    """
    if len(label) >= 10:
        day = date.fromisoformat(label[:10])
        return day, day + timedelta(days=6 if label.endswith("/P7D") else 0)
    year = int(label[:4])
    if len(label) == 4:
        return date(year, 1, 1), date(year, 12, 31)
    if "Q" in label:
        first = int(label[-1]) * 3 - 2
        return date(year, first, 1), month_end(year * 100 + first + 2)
    key = year * 100 + int(label[5:7])
    return month_start(key), month_end(key)


def year_earlier(label: str) -> str:
    """Name the same month, quarter or year one year earlier.

    Empty for days and weeks, which fall on other weekdays or other days.

    Examples
    --------
    >>> year_earlier("2026-Q2"), year_earlier("2026-05-01")
    ('2025-Q2', '')
    """
    return "" if len(label) >= 10 else f"{int(label[:4]) - 1:04d}{label[4:]}"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A stretch of whole days, both ends included.

    Raises
    ------
    UsageProblem
        When it would end before it starts.

    Examples
    --------
    >>> Period(date(2026, 1, 1), date(2026, 3, 31)).previous()
    Period(first=datetime.date(2025, 10, 1), last=datetime.date(2025, 12, 31))
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise UsageProblem(
                msg(
                    "The period starts on {first}, after its end on {last}",
                    first=self.first,
                    last=self.last,
                ),
                msg("Put the earlier day first"),
            )

    @property
    def days(self) -> int:
        """Number of days."""
        return (self.last - self.first).days + 1

    @property
    def whole_months(self) -> bool:
        """Whether the period starts on a first and ends on a last day of a month."""
        return self.first.day == 1 and self.last == month_end(month_key(self.last))

    def previous(self) -> Period:
        """Return the period of equal length just before: in months where it is whole months."""
        last = self.first - timedelta(days=1)
        if self.whole_months:
            count = len(list(months_between(month_key(self.first), month_key(self.last))))
            return Period(month_start(shift_month(month_key(self.first), -count)), last)
        return Period(self.first - timedelta(days=self.days), last)

    def last_year(self) -> Period:
        """Return the same period one year earlier (29 February becomes the 28th)."""
        return Period(_year_back(self.first), _year_back(self.last, end=self.whole_months))


def _year_back(day: date, *, end: bool = False) -> date:
    key = month_key(day) - 100
    limit = month_end(key)
    return limit if end else limit.replace(day=min(day.day, limit.day))
