"""Promises kept: who was done by the due moment, who was not, and who is likely to be late.

Methods 2.13: of the cases due in a period those done in time are met; done late **or still open
past due** are breached; open and not yet due count for neither.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats.business_time import WorkingTime
from csat.stats.intervals import wilson_interval
from csat.stats.paused_time import NO_PAUSES, Pauses, deadlines, worked
from csat.stats.survival import KaplanMeier, kaplan_meier, survival_table

Flags = NDArray[np.bool_]
Seconds = NDArray[np.int64]


class Standing(NamedTuple):
    """Per case the due moment and in which of the four states it is; one of them holds."""

    due: Seconds
    met: Flags
    late: Flags
    overdue: Flags
    waiting: Flags


def standing(
    clock: WorkingTime,
    received: ArrayLike,
    until: ArrayLike,
    ended: ArrayLike,
    seconds: int,
    pauses: Pauses = NO_PAUSES,
) -> Standing:
    """Return how each case stands against a target of so many seconds on a clock.

    Parameters
    ----------
    clock
        The calendar laid over all moments, and far enough beyond them for the deadlines.
    received, until, ended
        Per case: when it came in; when it ended or up to when it is known to be open (seconds
        UTC); and whether it has ended (1) or is open (0). Done at the due moment is in time.
    pauses
        Stretches in which the clock of a case stands still; each moves its due moment on.

    Raises
    ------
    ValueError
        When the calendar does not reach as far as the cases and their deadlines.

    Examples
    --------
    >>> from datetime import date
    >>> from csat.model.working_hours import ALWAYS, WorkingHours
    >>> from csat.stats.business_time import lay_out
    >>> clock = lay_out(WorkingHours("UTC", ALWAYS), date(1970, 1, 1), date(1970, 1, 2))
    >>> found = standing(clock, [0, 0, 0, 0], [50, 150, 150, 50], [1, 1, 0, 0], 100)
    >>> [flags.tolist().index(True) for flags in found[1:]]
    [0, 1, 2, 3]
    """
    end, done = np.asarray(until, dtype=np.int64), np.asarray(ended) == 1
    due = deadlines(clock, pauses, received, seconds)
    in_time = end <= due
    return Standing(due, done & in_time, done & ~in_time, ~done & ~in_time, ~done & in_time)


def clock_curve(
    clock: WorkingTime,
    received: ArrayLike,
    until: ArrayLike,
    ended: ArrayLike,
    pauses: Pauses = NO_PAUSES,
) -> KaplanMeier:
    """Return the curve of cases still open by the seconds spent on a clock, less pauses.

    Raises ValueError if there is no case.
    """
    return kaplan_meier(*survival_table(worked(clock, pauses, received, until), ended))


def breach_chances(
    curve: KaplanMeier, spent: Sequence[int] | Seconds, seconds: int
) -> NDArray[np.float64] | None:
    """Return, per open case, the chance that it will not be done within its target.

    The share of past cases still open at the target among those still open after the time spent
    so far, S(target) / S(spent): 0 to 1, on the clock of the curve. None where follow-up ends
    before the target with cases open, so that nothing past tells.

    Examples
    --------
    Of four cases, done after 1, 2, 3 and 4 hours, two took more than the 2 hours promised; of
    the three still open after 1 hour that is two thirds:

    >>> hours = survival_table([1, 2, 3, 4], [1, 1, 1, 1])
    >>> breach_chances(kaplan_meier(*hours), [0, 1], 2).round(3).tolist()
    [0.5, 0.667]
    """
    if curve.times[-1] < seconds and curve.survival[-1] > 0:
        return None

    def still_open(moments: ArrayLike) -> NDArray[np.float64]:
        place = np.searchsorted(curve.times, np.asarray(moments), side="right")
        return np.concatenate(([1.0], curve.survival))[place]

    now = still_open(spent)
    chance: NDArray[np.float64] = np.divide(
        still_open(seconds), now, out=np.zeros_like(now), where=now > 0
    )
    return chance


class MeanWait(NamedTuple):
    """A mean time and its 95% interval, over the time that was followed."""

    value: float
    low: float
    high: float


def mean_wait(curve: KaplanMeier) -> MeanWait | None:
    """Return the mean time until done, up to the longest time followed, open cases included.

    It is the area under the curve; its variance is that of Greenwood for areas (Klein and
    Moeschberger 2003, section 4.5), of n - 1 of n cases. Waits are skewed: the interval is
    Student's on their logarithm, never below zero and longer upwards. In the unit of the curve's
    times. None where only one time is known.

    Examples
    --------
    Where all are done it is the plain mean:

    >>> found = mean_wait(kaplan_meier(*survival_table([1, 2, 3, 6], [1, 1, 1, 1])))
    >>> round(found.value, 3), round(found.low, 3), round(found.high, 3)
    (3.0, 0.954, 9.435)
    """
    if len(curve.times) < 2:
        return None
    lengths = np.diff(np.concatenate(([0.0], curve.times)))
    heights = np.concatenate(([1.0], curve.survival[:-1]))
    areas = lengths * heights
    beyond = areas[::-1].cumsum()[::-1] - areas
    left = curve.at_risk - curve.events
    terms = np.divide(
        beyond**2 * curve.events,
        curve.at_risk * left,
        out=np.zeros_like(beyond),
        where=left > 0,
    )
    cases, mean = int(curve.at_risk[0]), float(areas.sum())
    if not mean > 0:
        return None
    error = float(np.sqrt(terms.sum() * cases / (cases - 1)))
    ended = int(curve.events.sum())
    reach = exp(float(special.stdtrit(max(ended - 1, 1), 0.975)) * error / mean)
    return MeanWait(mean, mean / reach, mean * reach)


class PooledShare(NamedTuple):
    """A share (0 to 1) over several standards, its interval, and the size it rests on."""

    value: float
    low: float
    high: float
    effective: float


def pooled_share(parts: Sequence[tuple[int, int]]) -> PooledShare | None:
    """Return the share met over standards that may have been checked on the same cases.

    Parameters
    ----------
    parts
        For each standard how many were met, of how many. Which cases they share is not told, so
        the interval is Wilson's at the size that holds however they overlap,
        (sum of n)² / (sum of roots of n)²: never too narrow for that reason. None without any.

    Examples
    --------
    Two clocks of the same hundred cases tell no more than one of them:

    >>> pooled_share([(80, 100), (60, 100)]).effective
    100.0
    """
    total = sum(n for _, n in parts)
    if not total:
        return None
    met = sum(m for m, _ in parts)
    size = total**2 / sum(n**0.5 for _, n in parts) ** 2
    ends = wilson_interval(met / total * size, size)
    return PooledShare(met / total, ends.low, ends.high, size)
