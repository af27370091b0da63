"""Times to an event with cases still open: Kaplan-Meier curves and the log-rank test.

A case whose event (a first answer, a resolution) has happened is observed; one still open at the
snapshot is censored: its time is known only to exceed the age it has reached. Every case must be
followed from its start; cases that enter late are not provided for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats._checks import normal_quantile

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_FLAT = 1e-9
"""Survival this close to a quantile's level counts as equal to it."""


class SurvivalTable(NamedTuple):
    """Distinct times, rising, with the numbers of events and of censored cases at each."""

    times: FloatArray
    events: IntArray
    censored: IntArray


class SurvivalQuantile(NamedTuple):
    """A quantile of the time and its interval; None marks what the follow-up does not reach."""

    value: float | None
    low: float | None
    high: float | None


class LogRank(NamedTuple):
    """Chi-square of the log-rank test, its p-value and its degrees of freedom."""

    chi_square: float
    p_value: float
    df: int


@dataclass(frozen=True, slots=True, eq=False)
class KaplanMeier:
    """A Kaplan-Meier curve: one entry per time at which a case ends or is censored.

    ``survival`` is the fraction (0 to 1) still open just after ``times``; ``standard_error`` is
    Greenwood's; ``low`` and ``high`` are log-log limits. At a survival of 1 or 0 the limits, and
    at 0 the standard error, do not exist and are NaN.
    """

    times: FloatArray
    at_risk: IntArray
    events: IntArray
    survival: FloatArray
    standard_error: FloatArray
    low: FloatArray
    high: FloatArray

    @property
    def median(self) -> SurvivalQuantile:
        """The time by which half of the cases are done."""
        return self.quantile(0.5)

    def quantile(self, q: float) -> SurvivalQuantile:
        """Return the time by which the share `q` of the cases is done.

        The smallest time with survival at most ``1 - q``, or the middle of the stretch on which
        survival equals it; the limits follow from the limits of the curve by the same rule
        (Brookmeyer and Crowley 1982). What follow-up does not reach is None, never a guess.
        Raises ValueError unless q lies strictly between 0 and 1.
        """
        if not 0 < q < 1:
            raise ValueError(f"a quantile must lie between 0 and 1, got {q}")
        bands = (self.survival, self.low, self.high)
        return SurvivalQuantile(*(self._crossing(band, 1 - q) for band in bands))

    def _crossing(self, band: FloatArray, level: float) -> float | None:
        reached = np.flatnonzero(band <= level + _FLAT)  # NaN is never reached
        if not reached.size:
            return None
        first = int(reached[0])
        if band[first] < level - _FLAT:
            return float(self.times[first])
        beyond = np.flatnonzero(band < level - _FLAT)
        end = int(beyond[0]) if beyond.size else -1
        return float(self.times[first] + self.times[end]) / 2

    def still_open(self, time: float) -> SurvivalQuantile:
        """Return the share (0 to 1) still open after a time, with its limits.

        None beyond the follow-up of cases that are still open.
        """
        if time > self.times[-1] and self.survival[-1] > 0:
            return SurvivalQuantile(None, None, None)
        place = int(np.searchsorted(self.times, time, side="right")) - 1
        if place < 0:
            return SurvivalQuantile(1.0, None, None)
        low, high = float(self.low[place]), float(self.high[place])
        known = not np.isnan(low)
        share = float(self.survival[place])
        return SurvivalQuantile(share, low if known else None, high if known else None)

    def restricted_mean(self, tau: float) -> float | None:
        """Return the mean time spent open within the first `tau`, in the unit of the times.

        It is the area under the curve from 0 to `tau`; None if follow-up ends before `tau` with
        cases still open. Raises ValueError if `tau` is negative or not finite.
        """
        if not (tau >= 0 and np.isfinite(tau)):
            raise ValueError(f"tau must be at least 0, got {tau}")
        if tau > self.times[-1] and self.survival[-1] > 0:
            return None
        inside = self.times < tau
        edges = np.concatenate(([0.0], self.times[inside], [tau]))
        heights = np.concatenate(([1.0], self.survival[inside]))
        return float(np.diff(edges) @ heights)


def survival_table(times: ArrayLike, observed: ArrayLike) -> SurvivalTable:
    """Return the survival table of individual cases.

    `times` holds each case's time (at least 0), `observed` whether its event happened then (True
    or 1) or it was still open (False or 0). Raises ValueError if there is no case, the lengths
    differ, a time is negative or not finite, or an `observed` is neither 0 nor 1.

    Examples
    --------
    >>> survival_table([2, 5, 2, 7], [1, 0, 1, 1]).events.tolist()
    [2, 0, 1]
    """
    t, seen = np.asarray(times, dtype=np.float64), np.asarray(observed)
    if t.shape != seen.shape or t.ndim != 1:
        raise ValueError("each case needs one time and one mark of its event")
    if not np.all((seen == 0) | (seen == 1)):
        raise ValueError("each case is observed (1) or still open (0)")
    distinct, position = np.unique(t, return_inverse=True)
    cases = np.bincount(position, minlength=distinct.size)
    events = np.bincount(position[seen == 1], minlength=distinct.size)
    return _checked(distinct, events, cases - events)


def _checked(times: ArrayLike, events: ArrayLike, censored: ArrayLike) -> SurvivalTable:
    t, d, c = np.asarray(times, dtype=np.float64), np.asarray(events), np.asarray(censored)
    if not t.shape == d.shape == c.shape or t.ndim != 1:
        raise ValueError("each time needs one number of events and one of censored cases")
    # Rising times lie between the first and the last; a NaN rises from nothing.
    if t.size and not (t[0] >= 0 and np.isfinite(t[-1]) and np.all(t[1:] > t[:-1])):
        raise ValueError("times must be distinct, rising and at least 0")
    if any(np.any(x < 0) or (x.dtype.kind not in "biu" and np.any(x % 1)) for x in (d, c)):
        raise ValueError("events and censored cases must be whole numbers of at least 0")
    held = (d > 0) | (c > 0)  # a time at which no case leaves says nothing
    if not held.any():
        raise ValueError("a survival curve needs at least one case")
    if not held.all():
        t, d, c = t[held], d[held], c[held]
    return SurvivalTable(t, d.astype(np.int64, copy=False), c.astype(np.int64, copy=False))


def _still_at_risk(leaving: NDArray[Any]) -> IntArray:
    return np.cumsum(leaving[::-1])[::-1].astype(np.int64)


def kaplan_meier(
    times: ArrayLike, events: ArrayLike, censored: ArrayLike, confidence: float = 0.95
) -> KaplanMeier:
    """Return the curve of cases still open by time (Kaplan and Meier 1958).

    Takes a survival table: distinct rising `times` (any unit, at least 0) with the numbers of
    `events` and of `censored` cases at each. Raises ValueError if the table is malformed or
    holds no case.

    Examples
    --------
    Five cases: resolved after 1, 2 and 4 days, open after 3 and 5:

    >>> curve = kaplan_meier([1, 2, 3, 4, 5], [1, 1, 0, 1, 0], [0, 0, 1, 0, 1])
    >>> curve.survival.round(2).tolist()
    [0.8, 0.6, 0.6, 0.3, 0.3]
    >>> curve.median.value
    4.0
    >>> round(curve.restricted_mean(5), 2)
    3.3
    """
    z = normal_quantile(confidence)
    table = _checked(times, events, censored)
    d = table.events.astype(np.float64)
    at_risk = _still_at_risk(table.events + table.censored)
    kept = at_risk - d
    survival: FloatArray = np.cumprod(kept / at_risk, dtype=np.float64)
    hazard = np.divide(d, at_risk * kept, out=np.zeros_like(d), where=kept > 0)
    relative = np.sqrt(np.cumsum(hazard))
    error = np.where(survival > 0, survival * relative, np.nan)
    inner = (survival > 0) & (survival < 1)
    log_s = np.log(survival, out=np.full_like(survival, np.nan), where=inner)
    shift = np.exp(z * relative / np.abs(log_s))
    low, high = np.exp(log_s * shift), np.exp(log_s / shift)
    return KaplanMeier(table.times, at_risk, table.events, survival, error, low, high)


def _common_axis(times: Sequence[FloatArray]) -> tuple[list[IntArray], int]:
    """Return the place of each group's times among the distinct times of all, and their number."""
    joined = np.concatenate(times)
    order = np.argsort(joined, kind="stable")  # merges what is sorted already
    rank = np.empty(joined.size, dtype=np.int64)
    rank[order] = np.cumsum(np.diff(joined[order], prepend=-1.0) > 0) - 1
    return np.split(rank, np.cumsum([t.size for t in times])[:-1]), int(rank.max()) + 1


def log_rank(tables: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> LogRank:
    """Return whether groups differ in the time to the event (Mantel 1966, Peto and Peto 1972).

    `tables` holds one survival table (times, events, censored) per group. A group that has left
    before the first event of any takes no part, and without two groups or without events nothing
    speaks for a difference: chi-square 0, p-value 1. Raises ValueError for fewer than two groups
    or a malformed table.

    Examples
    --------
    >>> fast = survival_table([1, 2, 2, 3], [1, 1, 1, 1])
    >>> slow = survival_table([4, 5, 6, 7], [1, 1, 0, 1])
    >>> test = log_rank([fast, slow])
    >>> round(test.chi_square, 2), round(test.p_value, 4), test.df
    (7.29, 0.0069, 1)
    """
    if len(tables) < 2:
        raise ValueError("a log-rank test needs at least two groups")
    groups = [_checked(*table) for table in tables]
    places, size = _common_axis([g.times for g in groups])
    happened = np.zeros(size, dtype=bool)
    for group, place in zip(groups, places, strict=True):
        happened[place[group.events > 0]] = True
    moments = np.flatnonzero(happened)
    d = np.empty((len(groups), moments.size))
    n = np.empty_like(d)
    for row, (group, place) in enumerate(zip(groups, places, strict=True)):
        ended, left = np.zeros(size), np.zeros(size)
        ended[place], left[place] = group.events, group.events + group.censored
        d[row], n[row] = ended[moments], np.cumsum(left[::-1])[::-1][moments]
    total_d, total_n = d.sum(axis=0), n.sum(axis=0)
    share = n / total_n
    expected = share @ total_d
    keep = expected > 0
    df = int(keep.sum()) - 1
    if df < 1:
        return LogRank(0.0, 1.0, max(df, 0))
    spread = total_d * (total_n - total_d) / np.maximum(total_n - 1, 1)
    covariance = np.diag(share @ spread) - (share * spread) @ share.T
    excess = (d.sum(axis=1) - expected)[keep][:-1]
    if df == 1:  # two groups: the inverse is that of one number
        variance = float(covariance[np.ix_(keep, keep)][0, 0])
        chi_square = float(excess[0]) ** 2 / variance if variance > 0 else 0.0
    else:
        inverse = np.linalg.pinv(covariance[np.ix_(keep, keep)][:-1, :-1], hermitian=True)
        chi_square = float(excess @ inverse @ excess)
    return LogRank(chi_square, float(special.chdtrc(df, chi_square)), df)
