"""Where complaints and survey scores agree: themes seen from both sides, each with a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from csat.stats.exact import exact_binomial_p
from csat.stats.intervals import wilson_interval
from csat.stats.paired import PairedGap, adjust, gap_from_summary

Side = Literal["high", "low", "even", "unknown"]
Finding = Literal["both", "complaints_only", "silent", "fine", "unknown"]

SMALLEST_POINTS: Final = 1.0
"""Points of 100 by which a score must differ from the other themes' to count as another."""
SMALLEST_RATIO: Final = 1.1
"""How many times an even share complaints must make up, or less than 1 over it."""
_ENOUGH: Final = 30
_NO_SPREAD: Final = 1e-9
"""Squared points of 100 below which rounding, not people, makes the spread."""


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """Mean score of a theme, 0 to 100, and how far it lies from the mean of the other themes.

    Parameters
    ----------
    mean, low, high
        Points of 100, with 95% limits; None without spread or answers.
    difference, difference_low, difference_high
        The theme less the mean of the other themes, over the same respondents.
    p_value
        Of the paired t test, corrected for the number of themes.
    side
        "low" or "high" where it clearly differs by at least `SMALLEST_POINTS`, else "even".
    """

    n: int
    mean: float | None
    low: float | None
    high: float | None
    difference: float | None
    difference_low: float | None
    difference_high: float | None
    p_value: float | None
    side: Side


@dataclass(frozen=True, slots=True)
class ThemeShare:
    """Share of a theme among the complaints of all themes, 0 to 1, with its 95% limits.

    ``p_value`` tests an even spread over the themes (exact binomial, corrected for their number).
    """

    count: int
    share: float | None
    low: float | None
    high: float | None
    p_value: float | None
    side: Side


def theme_scores(n: int, sums: ArrayLike, products: ArrayLike) -> list[ThemeScore]:
    """Return how each theme is scored beside the others by the same respondents.

    Parameters
    ----------
    n
        Respondents who answered every theme.
    sums, products
        Sum of each theme's score (0 to 100), K numbers, and of the products of each two, K x K.

    Examples
    --------
    Three people score two themes 40, 60, 50 and 80, 90, 85:

    >>> first, _ = theme_scores(3, [150, 255], [[7700, 12850], [12850, 21725]])
    >>> first.mean, first.difference, first.side
    (50.0, -35.0, 'even')
    """
    total = np.asarray(sums, dtype=np.float64)
    cross = np.asarray(products, dtype=np.float64)
    k = total.size
    if n < 2 or k < 2:
        mean = [float(v / n) if n else None for v in total]
        return [ThemeScore(n, m, *(None,) * 6, "unknown") for m in mean]
    means = total / n
    cov = (cross - n * np.outer(means, means)) / (n - 1)
    found = []
    for i in range(k):
        weights = np.full(k, -1 / (k - 1))
        weights[i] = 1.0
        own = _mean(n, float(means[i]), float(cov[i, i]))
        found.append((own, _mean(n, float(weights @ means), float(weights @ cov @ weights))))
    adjusted, _ = adjust([gap.p_value if n >= _ENOUGH else None for _, gap in found])
    out = []
    for (own, gap), p in zip(found, adjusted, strict=True):
        side: Side = "even"
        if p is not None and p < 0.05 and gap.mean and abs(gap.mean) >= SMALLEST_POINTS:
            side = "high" if gap.mean > 0 else "low"
        out.append(ThemeScore(n, own.mean, own.low, own.high, gap.mean, gap.low, gap.high, p, side))
    return out


def _mean(n: int, mean: float, variance: float) -> PairedGap:
    """Return a mean with its interval and test; alone where the values do not spread."""
    if variance <= _NO_SPREAD:
        return PairedGap(n, mean)
    return gap_from_summary(n, mean, sqrt(variance))


def theme_shares(counts: Sequence[int]) -> list[ThemeShare]:
    """Return which themes have more, or fewer, complaints than an even spread would give.

    Examples
    --------
    >>> [s.side for s in theme_shares([60, 25, 15])]
    ['high', 'even', 'low']
    """
    total, k = sum(counts), len(counts)
    if total < _ENOUGH or k < 2:
        return [
            ThemeShare(c, c / total if total else None, None, None, None, "unknown") for c in counts
        ]
    adjusted, _ = adjust([exact_binomial_p(c, total, 1 / k) for c in counts])
    out = []
    for count, p in zip(counts, adjusted, strict=True):
        ends = wilson_interval(count, total)
        ratio = k * count / total
        side: Side = "even"
        if p is not None and p < 0.05:
            if ratio >= SMALLEST_RATIO:
                side = "high"
            elif ratio <= 1 / SMALLEST_RATIO:
                side = "low"
        out.append(ThemeShare(count, count / total, ends.low, ends.high, p, side))
    return out


def finding(complaints: Side, score: Side) -> Finding:
    """Return what both sides say together.

    "both" where complaints are many and the score is low, "complaints_only" where only
    complaints are many, "silent" where only the score is low, "fine" where neither is.

    Examples
    --------
    >>> finding("high", "even"), finding("even", "low"), finding("unknown", "low")
    ('complaints_only', 'silent', 'unknown')
    """
    if "unknown" in (complaints, score):
        return "unknown"
    if complaints == "high":
        return "both" if score == "low" else "complaints_only"
    return "silent" if score == "low" else "fine"
