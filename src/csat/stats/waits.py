"""Waits side by side: each group against the rest, and what is known of ended cases alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from csat.stats.survival import LogRank, common_risk


def log_rank_each(tables: Sequence[tuple[ArrayLike, ArrayLike, ArrayLike]]) -> list[LogRank]:
    """Return, for every group, whether it differs from all the others together.

    Each is the log-rank test of one group against the rest, with one degree of freedom; see
    `log_rank`, which tests all groups at once. The p-values are not adjusted for their number.
    Raises ValueError for fewer than two groups or a malformed table.

    Examples
    --------
    >>> from csat.stats.survival import survival_table
    >>> fast = survival_table([1, 2, 2, 3], [1, 1, 1, 1])
    >>> slow = survival_table([4, 5, 6, 7], [1, 1, 0, 1])
    >>> [round(test.p_value, 4) for test in log_rank_each([fast, slow])]
    [0.0069, 0.0069]
    """
    d, n = common_risk(tables)
    total_d, total_n = d.sum(axis=0), n.sum(axis=0)
    spread = total_d * (total_n - total_d) / np.maximum(total_n - 1, 1)
    found = []
    for events, at_risk in zip(d, n, strict=True):
        share = at_risk / total_n
        variance = float((share * (1 - share)) @ spread)
        if variance <= 0:
            found.append(LogRank(0.0, 1.0, 0))
            continue
        chi_square = float(events.sum() - share @ total_d) ** 2 / variance
        found.append(LogRank(chi_square, float(special.chdtrc(1, chi_square)), 1))
    return found


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
