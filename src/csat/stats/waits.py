"""Waits side by side: groups tested at once and one by one, and what ended cases alone show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats.survival import LogRank, SurvivalTable

FloatArray = NDArray[np.float64]
_BLOCK: Final = 65_536
"""Moments taken at a time, so that many groups of a million cases fit into memory."""


class WaitTests(NamedTuple):
    """The log-rank test over all groups, and of each group against all others together."""

    overall: LogRank
    each: tuple[LogRank, ...]


def compare_waits(tables: Sequence[SurvivalTable]) -> WaitTests:
    """Return whether groups differ in the time to the event (Mantel 1966, Peto and Peto 1972).

    The same statistic as ``survival.log_rank``, summed over stretches of time, with the test of
    every group against the rest from the same sums (one degree of freedom each; p-values not
    adjusted for their number). Takes one survival table per group, times rising. Raises
    ValueError for fewer than two groups.

    Examples
    --------
    >>> from csat.stats.survival import survival_table
    >>> fast = survival_table([1, 2, 2, 3], [1, 1, 1, 1])
    >>> slow = survival_table([4, 5, 6, 7], [1, 1, 0, 1])
    >>> found = compare_waits([fast, slow])
    >>> round(found.overall.p_value, 4), [round(test.p_value, 4) for test in found.each]
    (0.0069, [0.0069, 0.0069])
    """
    if len(tables) < 2:
        raise ValueError("a log-rank test needs at least two groups")
    observed, expected = np.zeros(len(tables)), np.zeros(len(tables))
    covariance = np.zeros((len(tables), len(tables)))
    for events, at_risk in _moments_of_events(tables):
        total_d, total_n = events.sum(axis=0), at_risk.sum(axis=0)
        share = at_risk / total_n
        spread = total_d * (total_n - total_d) / np.maximum(total_n - 1, 1)
        observed += events.sum(axis=1)
        expected += share @ total_d
        covariance += np.diag(share @ spread) - (share * spread) @ share.T
    excess = observed - expected
    keep = expected > 0
    df = int(keep.sum()) - 1
    overall = LogRank(0.0, 1.0, max(df, 0))
    if df >= 1:
        inverse = np.linalg.pinv(covariance[np.ix_(keep, keep)][:-1, :-1], hermitian=True)
        inner = excess[keep][:-1]
        chi_square = float(inner @ inverse @ inner)
        overall = LogRank(chi_square, float(special.chdtrc(df, chi_square)), df)
    each = []
    for own, variance in zip(excess, np.diag(covariance), strict=True):
        if variance <= 1e-12:
            each.append(LogRank(0.0, 1.0, 0))
            continue
        chi_square = float(own) ** 2 / float(variance)
        each.append(LogRank(chi_square, float(special.chdtrc(1, chi_square)), 1))
    return WaitTests(overall, tuple(each))


def _moments_of_events(
    tables: Sequence[SurvivalTable],
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield events and cases at risk, by group, at the moments at which any case ends."""
    axis = np.unique(np.concatenate([table.times for table in tables]))
    places = [np.searchsorted(axis, table.times) for table in tables]
    left = np.array([int(t.events.sum() + t.censored.sum()) for t in tables], dtype=np.float64)
    for start in range(0, axis.size, _BLOCK):
        width = min(_BLOCK, axis.size - start)
        events, leaving = np.zeros((2, len(tables), width))
        for row, (table, place) in enumerate(zip(tables, places, strict=True)):
            inside = slice(*np.searchsorted(place, [start, start + width]))
            at = place[inside] - start
            events[row, at] = table.events[inside]
            leaving[row, at] = table.events[inside] + table.censored[inside]
        at_risk = left[:, None] - (np.cumsum(leaving, axis=1) - leaving)
        left = left - leaving.sum(axis=1)
        happened = events.any(axis=0)
        yield events[:, happened], at_risk[:, happened]


def ended_quantile(times: ArrayLike, events: ArrayLike, q: float) -> float | None:
    """Return the type-7 quantile of the times of cases that have ended, open ones left out.

    Takes times with the number of events at each. While cases are open it is biased low, since
    the slow ones are missing (methods 2.13): for comparison with systems that report it. None
    where no case has ended. Raises ValueError unless q lies between 0 and 1.

    Examples
    --------
    >>> ended_quantile([1, 2, 10], [1, 1, 2], 0.5)
    6.0
    """
    if not 0 <= q <= 1:
        raise ValueError(f"a quantile must lie between 0 and 1, got {q}")
    t, d = np.asarray(times, dtype=np.float64), np.asarray(events, dtype=np.int64)
    reached = np.cumsum(d)
    if not reached.size or reached[-1] == 0:
        return None
    place = q * (int(reached[-1]) - 1)
    low = int(np.floor(place))
    at = np.searchsorted(reached, [low + 1, min(low + 2, int(reached[-1]))], side="left")
    return float(t[at[0]] + (place - low) * (t[at[1]] - t[at[0]]))
