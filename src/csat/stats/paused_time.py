"""Working time of many cases at once, less the stretches that do not count.

The same clock as `csat.stats.business_time.case_time`, for all cases together: a case waits for
its customer in pauses, and its working time stands still.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csat.stats.business_time import Seconds, WorkingTime


@dataclass(frozen=True, slots=True, eq=False)
class Pauses:
    """Stretches of cases in seconds UTC: sorted by case and start, none touching the next.

    ``case`` is the place of the case among those measured; ``turn`` counts the pauses of a case
    from 0.
    """

    case: Seconds
    start: Seconds
    end: Seconds
    turn: Seconds

    def only(self, kept: NDArray[np.bool_]) -> Pauses:
        """Return the pauses of the cases that are kept, by their new places."""
        place = np.cumsum(kept) - 1
        here = kept[self.case]
        return Pauses(place[self.case[here]], self.start[here], self.end[here], self.turn[here])


_NOTHING: Final = np.array([], dtype=np.int64)
NO_PAUSES: Final = Pauses(_NOTHING, _NOTHING, _NOTHING, _NOTHING)


def join_pauses(case: ArrayLike, start: ArrayLike, end: ArrayLike, until: ArrayLike) -> Pauses:
    """Return pauses cut to what is known of their cases, those that touch made one.

    Parameters
    ----------
    case, start, end
        Per pause: the place of its case, and when it began and ended (seconds UTC). An end of -1
        is that of a pause that still lasts.
    until
        Per case: the moment up to which is known what happened.

    Raises
    ------
    ValueError
        When a pause ends before it starts.

    Examples
    --------
    >>> found = join_pauses([0, 0, 1], [10, 20, 5], [20, 30, -1], [100, 50])
    >>> found.case.tolist(), found.start.tolist(), found.end.tolist()
    ([0, 1], [10, 5], [30, 50])
    """
    c, s, e = (np.asarray(v, dtype=np.int64) for v in (case, start, end))
    known = np.asarray(until, dtype=np.int64)[c] if c.size else c
    if np.any((e >= 0) & (e < s)):
        raise ValueError("a pause ends before it starts")
    e = np.where(e < 0, known, np.minimum(e, known))
    kept = np.flatnonzero(s < e)
    kept = kept[np.lexsort((s[kept], c[kept]))]
    c, s, e = c[kept], s[kept], e[kept]
    if not c.size:
        return Pauses(c, s, e, c)
    reached = _highest_within(c, e)
    first = np.ones(c.size, dtype=bool)
    first[1:] = (c[1:] != c[:-1]) | (s[1:] > reached[:-1])
    places = np.flatnonzero(first)
    ends = np.append(places[1:] - 1, c.size - 1)
    own = c[places]
    turn = np.arange(own.size) - np.searchsorted(own, own, side="left")
    return Pauses(own, s[places], reached[ends], turn.astype(np.int64))


def _highest_within(case: Seconds, end: Seconds) -> Seconds:
    """Return the highest end so far within each case, the cases in rising order."""
    step = int(end.max()) + 1
    highest: NDArray[np.int64] = np.maximum.accumulate(end + case * step) - case * step
    return highest


def resting(clock: WorkingTime, pauses: Pauses, start: ArrayLike, end: ArrayLike) -> Seconds:
    """Return, per case, the working seconds that fall into its pauses between two moments.

    Examples
    --------
    >>> from datetime import date
    >>> from csat.model.working_hours import ALWAYS, WorkingHours
    >>> from csat.stats.business_time import lay_out
    >>> clock = lay_out(WorkingHours("UTC", ALWAYS), date(1970, 1, 1), date(1970, 1, 2))
    >>> rests = join_pauses([0, 0], [10, 40], [30, 90], [100])
    >>> resting(clock, rests, [0], [50]).tolist()
    [30]
    """
    a, b = np.asarray(start, dtype=np.int64), np.asarray(end, dtype=np.int64)
    total = np.zeros(a.shape, dtype=np.int64)
    low = np.maximum(pauses.start, a[pauses.case])
    high = np.minimum(pauses.end, b[pauses.case])
    inside = low < high
    np.add.at(total, pauses.case[inside], clock.between(low[inside], high[inside]))
    return total


def worked(clock: WorkingTime, pauses: Pauses, start: ArrayLike, end: ArrayLike) -> Seconds:
    """Return, per case, the working seconds between two moments less those of its pauses."""
    return np.asarray(clock.between(start, end) - resting(clock, pauses, start, end))


def deadlines(clock: WorkingTime, pauses: Pauses, start: ArrayLike, seconds: int) -> Seconds:
    """Return, per case, the earliest moment by which so many seconds have been worked on it.

    A pause that begins at the deadline or later does not move it; one before it moves it by the
    working time that the pause takes.

    Raises
    ------
    ValueError
        When the calendar does not reach as far as the deadlines.

    Examples
    --------
    >>> from datetime import date
    >>> from csat.model.working_hours import ALWAYS, WorkingHours
    >>> from csat.stats.business_time import lay_out
    >>> clock = lay_out(WorkingHours("UTC", ALWAYS), date(1970, 1, 1), date(1970, 1, 2))
    >>> rests = join_pauses([0, 0, 1], [10, 60, 50], [30, 70, 60], [500, 500])
    >>> deadlines(clock, rests, [0, 0], 45).tolist()
    [75, 45]
    """
    begin = np.asarray(start, dtype=np.int64)
    due = clock.deadline(begin, seconds)
    wait = np.full(begin.shape, seconds, dtype=np.int64)
    for turn in range(int(pauses.turn.max()) + 1 if pauses.turn.size else 0):
        here = pauses.turn == turn
        case, low, high = pauses.case[here], pauses.start[here], pauses.end[here]
        low = np.maximum(low, begin[case])
        moved = (low < high) & (low < due[case])
        case, low, high = case[moved], low[moved], high[moved]
        wait[case] += clock.between(low, high)
        due[case] = clock.deadline(begin[case], wait[case])
    return due
