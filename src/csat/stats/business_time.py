"""Working time between two moments: opening hours, holidays, pauses and daylight saving.

Moments are whole seconds since 1970-01-01 00:00 UTC, so that no clock change can shift them; the
hours of a calendar are laid over them as windows of UTC. Time spent on a case is the time inside
the windows from its receipt to its end, or to the moment it is known to be open, less its pauses.
A reopened case pauses from its first resolution until it is reopened.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csat.model.working_hours import WorkingHours

Seconds = NDArray[np.int64]


class CaseTime(NamedTuple):
    """Working seconds spent on a case, and whether its clock runs at the moment asked about."""

    seconds: int
    running: bool


@dataclass(frozen=True, slots=True, eq=False)
class WorkingTime:
    """A calendar laid over a stretch of time, ready to measure any number of moments at once.

    ``opens`` and ``closes`` are the windows in rising order, ``before`` the working seconds from
    the first window up to each. ``first`` and ``last`` bound the moments that may be measured.
    """

    opens: Seconds
    closes: Seconds
    before: Seconds
    first: int
    last: int

    def elapsed(self, moments: ArrayLike) -> Seconds:
        """Return the working seconds from the start of the stretch to each moment.

        Raises ValueError for a moment outside the stretch.
        """
        t = np.asarray(moments, dtype=np.int64)
        if t.size and (int(t.min()) < self.first or int(t.max()) > self.last):
            raise ValueError("a moment lies outside the stretch of this calendar")
        if not self.opens.size:
            return np.zeros_like(t)
        place = np.searchsorted(self.opens, t, side="right") - 1
        at = np.maximum(place, 0)
        inside = np.minimum(t, self.closes[at]) - self.opens[at]
        return np.where(place < 0, 0, self.before[at] + inside).astype(np.int64)

    def between(self, start: ArrayLike, end: ArrayLike) -> Seconds:
        """Return the working seconds between moments; negative where the end comes first."""
        result: Seconds = self.elapsed(end) - self.elapsed(start)
        return result

    def deadline(self, start: ArrayLike, seconds: ArrayLike) -> Seconds:
        """Return the earliest moments by which so many working seconds have passed.

        Nothing to wait for is due at once, even while closed; eight hours from the opening of an
        eight-hour day are due when it closes, not when the next one opens. Raises ValueError if
        `seconds` is negative, or the stretch ends before the time has passed.
        """
        t, wait = np.broadcast_arrays(
            np.asarray(start, dtype=np.int64), np.asarray(seconds, dtype=np.int64)
        )
        if np.any(wait < 0):
            raise ValueError("a deadline lies after its start")
        total = self.elapsed(t) + wait
        worked = self.before + (self.closes - self.opens)
        place = np.searchsorted(worked, total, side="left")
        if np.any((place >= worked.size) & (wait > 0)):
            raise ValueError("the stretch of this calendar ends before the deadline")
        if not worked.size:
            return t.copy()
        at = np.minimum(place, worked.size - 1)
        due = self.opens[at] + (total - self.before[at])
        return np.where(wait == 0, t, due).astype(np.int64)


def lay_out(hours: WorkingHours, first: date, last: date) -> WorkingTime:
    """Lay a calendar over the days from `first` to `last`, both included, of its own time zone.

    Opening and closing are read from the wall clock. A time that daylight saving skips is the
    moment of the change; one that comes twice is its first coming.

    Raises ValueError if `last` lies before `first`, ZoneInfoNotFoundError for an unknown zone.

    Examples
    --------
    A Friday-to-Monday weekend in an office open from nine to five:

    >>> from csat.model.working_hours import WorkingHours, shift
    >>> office = WorkingHours("Europe/London", ((shift("09:00-17:00"),),) * 5 + ((), ()))
    >>> clock = lay_out(office, date(2026, 9, 1), date(2026, 9, 30))
    >>> friday = seconds_utc("2026-09-25 15:00", "Europe/London")
    >>> monday = seconds_utc("2026-09-28 11:00", "Europe/London")
    >>> int(clock.between(friday, monday)) / 3600
    4.0
    >>> int(clock.deadline(friday, 4 * 3600)) == monday
    True
    """
    if last < first:
        raise ValueError("the last day lies before the first")
    zone = ZoneInfo(hours.timezone)
    begin, end = _moment(first, 0, zone), _moment(last + timedelta(days=1), 0, zone)
    opens: list[int] = []
    closes: list[int] = []
    for a, b in _windows(hours, first - timedelta(days=1), last, zone):
        low, high = max(a, begin, closes[-1] if closes else begin), min(b, end)
        if low >= high:
            continue
        if closes and low == closes[-1]:
            closes[-1] = high
        else:
            opens.append(low)
            closes.append(high)
    o, c = np.array(opens, dtype=np.int64), np.array(closes, dtype=np.int64)
    lengths = c - o
    return WorkingTime(o, c, np.cumsum(lengths) - lengths, begin, end)


def _windows(
    hours: WorkingHours, first: date, last: date, zone: ZoneInfo
) -> Iterator[tuple[int, int]]:
    """Yield the shifts of the days as moments, by their opening."""
    found = []
    day = first
    while day <= last:
        for opens, closes in hours.shifts(day):
            found.append((_moment(day, opens, zone), _moment(day, closes, zone)))
        day += timedelta(days=1)
    yield from sorted(found)


def _moment(day: date, minutes: int, zone: ZoneInfo) -> int:
    """Return the moment at which the clocks on the wall show so many minutes after midnight."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    early = int(wall.replace(tzinfo=zone).timestamp())
    if datetime.fromtimestamp(early, zone).replace(tzinfo=None) == wall:
        return early
    # Skipped by daylight saving: halve the way to the moment at which the clocks jump past it.
    low, high = int(wall.replace(tzinfo=zone, fold=1).timestamp()), early
    while high - low > 1:
        middle = (low + high) // 2
        before = datetime.fromtimestamp(middle, zone).replace(tzinfo=None) < wall
        low, high = (middle, high) if before else (low, middle)
    return high


def case_time(
    clock: WorkingTime,
    received: int,
    ended: int | None,
    as_of: int,
    pauses: Iterable[tuple[int, int | None]] = (),
) -> CaseTime:
    """Return the working seconds spent on one case up to its end or to `as_of`.

    Parameters
    ----------
    clock
        The calendar; `lay_out` of an always-open week gives the calendar clock.
    received, ended
        When the case came in and when it ended; None while it is open.
    as_of
        The moment up to which is known what happened; an end after it is not known yet.
    pauses
        Stretches that do not count, such as waiting for the customer; None for one that still
        lasts. They may overlap and reach beyond the case.

    Raises
    ------
    ValueError
        When a moment lies outside the calendar's stretch, or a pause ends before it starts.

    Examples
    --------
    >>> from csat.model.working_hours import ALWAYS, WorkingHours
    >>> day = lay_out(WorkingHours("UTC", ALWAYS), date(2026, 9, 1), date(2026, 9, 2))
    >>> nine = seconds_utc("2026-09-01 09:00")
    >>> case_time(day, nine, nine + 7200, nine + 9000, [(nine + 600, nine + 1200)])
    CaseTime(seconds=6600, running=False)
    """
    until = as_of if ended is None else min(ended, as_of)
    if until <= received:
        return CaseTime(0, ended is None or ended > as_of)
    resting = list(pauses)
    spent = int(clock.between(received, until))
    for start, end in _joined(resting, received, until):
        spent -= int(clock.between(start, end))
    asleep = any(start <= until and (end is None or end > until) for start, end in resting)
    return CaseTime(spent, (ended is None or ended > as_of) and not asleep)


def _joined(
    pauses: Iterable[tuple[int, int | None]], first: int, last: int
) -> Sequence[tuple[int, int]]:
    """Return the pauses cut to a stretch, those that touch made one."""
    out: list[tuple[int, int]] = []
    cut = []
    for start, end in pauses:
        if end is not None and end < start:
            raise ValueError("a pause ends before it starts")
        low, high = max(start, first), min(last if end is None else end, last)
        if low < high:
            cut.append((low, high))
    for low, high in sorted(cut):
        if out and low <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], high))
        else:
            out.append((low, high))
    return out


def seconds_utc(text: str, timezone: str = "UTC") -> int:
    """Return a moment such as 2026-09-30 14:05, read from the clocks of a zone, in seconds.

    Examples
    --------
    >>> seconds_utc("1970-01-02 01:00", "Europe/Paris")
    86400
    """
    moment = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone))
    return int(moment.astimezone(UTC).timestamp())
