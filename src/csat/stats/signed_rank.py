"""The signed-rank test of paired differences: a check on the t test by their order alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from scipy import special


@dataclass(frozen=True, slots=True)
class SignedRank:
    """Rank sum of the differences above zero, its p-value, and the pairs that differ at all."""

    statistic: float
    p_value: float
    n: int


def signed_rank(counts: Mapping[int, int]) -> SignedRank | None:
    """Return whether paired differences lie to one side of zero (Wilcoxon 1945).

    Pairs without a difference take no part; ties share their ranks, and the normal
    approximation carries the correction for ties and for continuity, as R's ``wilcox.test`` does
    for ratings. Below some ten differing pairs the p-value is rough.

    Parameters
    ----------
    counts : Mapping of int to int
        Difference (in any unit that makes it whole) to number of respondents.

    Returns
    -------
    SignedRank or None
        None if no pair differs.

    Raises
    ------
    ValueError
        If a count is negative.

    Examples
    --------
    >>> test = signed_rank({-2: 4, -1: 12, 0: 9, 1: 6})
    >>> test.statistic, round(test.p_value, 4), test.n
    (57.0, 0.0164, 22)
    """
    if any(n < 0 for n in counts.values()):
        raise ValueError("a number of respondents must be at least 0")
    sizes = sorted({abs(value) for value, n in counts.items() if value and n})
    ranked = 0
    statistic = ties = 0.0
    for size in sizes:
        up, down = counts.get(size, 0), counts.get(-size, 0)
        tied = up + down
        statistic += up * (ranked + (tied + 1) / 2)
        ties += tied**3 - tied
        ranked += tied
    if not ranked:
        return None
    excess = statistic - ranked * (ranked + 1) / 4
    variance = ranked * (ranked + 1) * (2 * ranked + 1) / 24 - ties / 48
    # The rank sum moves in steps; half of one is taken off its distance from the middle.
    distance = max(0.0, abs(excess) - 0.5)
    p_value = float(2 * special.ndtr(-distance / sqrt(variance)))
    return SignedRank(statistic, min(1.0, p_value), ranked)
