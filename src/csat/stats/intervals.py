"""Confidence intervals for one figure: a share, a mean, a Net Promoter Score, a rate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from scipy import special

from csat.stats._checks import (
    normal_quantile,
    require_confidence,
    require_nps_counts,
    require_rate,
    require_share,
)
from csat.stats.moments import Moments, moments_from_counts


@dataclass(frozen=True, slots=True)
class Interval:
    """A range ``low`` to ``high``, in the unit of the figure it belongs to."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"low {self.low} must not exceed high {self.high}")


def wilson_interval(successes: float, n: float, confidence: float = 0.95) -> Interval:
    """Return the range the true share plausibly lies in (Wilson 1927 score interval).

    Shares are fractions from 0 to 1. A weighted share may pass its effective n and
    ``share * n``, so neither need be whole. Raises ValueError if n is not positive or successes
    lie outside 0..n.

    Examples
    --------
    81 of 263 satisfied (Newcombe 1998):

    >>> ci = wilson_interval(81, 263)
    >>> round(ci.low, 4), round(ci.high, 4)
    (0.2553, 0.3662)
    """
    require_share(successes, n)
    z = normal_quantile(confidence)
    p = successes / n
    shrink = 1 + z * z / n
    centre = (p + z * z / (2 * n)) / shrink
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink
    # At the ends the algebra gives exactly 0 or 1 and floating point misses it.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return Interval(low, high)


def mean_interval(moments: Moments, confidence: float = 0.95) -> Interval | None:
    """Return the range the true mean plausibly lies in (Student 1908 t interval).

    In the unit of the values. None with fewer than two values, and also if all values are the
    same: their spread of zero would claim a certainty the data do not give.

    Examples
    --------
    >>> ci = mean_interval(Moments(n=3, total=12, total_sq=50))
    >>> round(ci.low, 3), round(ci.high, 3)
    (1.516, 6.484)
    """
    require_confidence(confidence)
    mean, sd = moments.mean, moments.sd
    if mean is None or sd is None or sd == 0:
        return None
    t = float(special.stdtrit(moments.n - 1, 0.5 + confidence / 2))
    half = t * sd / sqrt(moments.n)
    return Interval(mean - half, mean + half)


def bca_mean_interval(
    counts: Mapping[int, int],
    confidence: float = 0.95,
    draws: int = 2000,
    seed: int = 20260101,
) -> Interval | None:
    """Return the bootstrap BCa range of a rating's mean (Efron 1987), in scale points.

    For ratings crowded at an end of the scale, where a symmetric interval would leave the scale.
    `counts` maps category to number of answers; resampling draws whole sets of counts, so the
    cost does not grow with the number of answers. The same counts and seed always give the same
    range, whatever the order of the categories. None with fewer than two answers or if all are
    the same. Raises ValueError for a negative count or fewer than 100 draws.

    Examples
    --------
    >>> ci = bca_mean_interval({3: 2, 4: 5, 5: 33})
    >>> 4.5 < ci.low < 4.775 < ci.high < 5
    True
    """
    require_confidence(confidence)
    if draws < 100:
        raise ValueError(f"a bootstrap interval needs at least 100 draws, got {draws}")
    moments = moments_from_counts(counts)
    if not moments.variance:
        return None
    n = moments.n
    categories = sorted(category for category, count in counts.items() if count)
    values = np.array(categories, dtype=float)
    answers = np.array([counts[category] for category in categories], dtype=float)

    # Sums of whole numbers compare without rounding, so ties with the estimate are exact.
    resampled = np.random.default_rng(seed).multinomial(n, answers / n, size=draws) @ values
    below = float(np.mean(resampled < moments.total) + np.mean(resampled <= moments.total)) / 2
    bias = float(special.ndtri(min(max(below, 0.5 / draws), 1 - 0.5 / draws)))
    deviation = values - moments.total / n
    skew = float(answers @ deviation**3) / (6 * float(answers @ deviation**2) ** 1.5)

    z = bias + normal_quantile(confidence) * np.array([-1.0, 1.0])
    levels = special.ndtr(bias + z / (1 - skew * z))
    low, high = np.quantile(resampled, levels) / n
    return Interval(float(low), float(high))


def rating_mean_interval(
    counts: Mapping[int, int], scale_min: int, scale_max: int, confidence: float = 0.95
) -> tuple[Interval | None, Literal["t", "bca"]]:
    """Return the range of a rating's mean in scale points, and the method that suits its place.

    ``"bca"`` if the mean lies within 0.5 of an end of the scale, else ``"t"``; the range is None
    where that method gives none. Raises ValueError if the scale is empty, a count is negative, or
    an answer lies off the scale.

    Examples
    --------
    >>> rating_mean_interval({2: 10, 3: 20, 4: 10}, 1, 5)[1]
    't'
    >>> rating_mean_interval({4: 10, 5: 30}, 1, 5)[1]
    'bca'
    """
    if scale_min >= scale_max:
        raise ValueError(f"a scale must rise, got {scale_min} to {scale_max}")
    off = [value for value, n in counts.items() if n and not scale_min <= value <= scale_max]
    if off:
        raise ValueError(f"answers {sorted(off)} lie off the scale {scale_min} to {scale_max}")
    moments = moments_from_counts(counts)
    mean = moments.mean
    if mean is not None and min(mean - scale_min, scale_max - mean) <= 0.5:
        return bca_mean_interval(counts, confidence), "bca"
    return mean_interval(moments, confidence), "t"


def nps_score(promoters: float, passives: float, detractors: float) -> float:
    """Return the Net Promoter Score (Reichheld 2003) in points, -100 (worst) to 100 (best).

    Promoters answered 9 or 10, passives 7 or 8, detractors 0 to 6. Raises ValueError without
    answers or for a negative count.

    Examples
    --------
    >>> nps_score(50, 30, 20)
    30.0
    """
    require_nps_counts(promoters, passives, detractors)
    return 100 * (promoters - detractors) / (promoters + passives + detractors)


def nps_standard_error(promoters: float, passives: float, detractors: float) -> float:
    """Return the standard error of a Net Promoter Score, in points.

    With shares p of promoters and d of detractors, one answer (+1, 0 or -1) has the variance
    ``p + d - (p - d)²``: the two shares vary together, not independently. It is 0 if all answers
    fall in one class. Raises ValueError as `nps_score` does.

    Examples
    --------
    >>> round(nps_standard_error(462, 176, 362), 4)
    2.8531
    """
    require_nps_counts(promoters, passives, detractors)
    n = promoters + passives + detractors
    # Equal to p + d - (p - d)², in a form that cannot fall below zero by rounding.
    variance = (4 * promoters * detractors + passives * (promoters + detractors)) / (n * n)
    return 100 * sqrt(variance / n)


def nps_interval(
    promoters: float, passives: float, detractors: float, confidence: float = 0.95
) -> Interval:
    """Return the adjusted-Wald range of a Net Promoter Score (Rocks 2016), in points.

    Three answers are added, ¾ each to promoters and detractors, so that a sample all of one class
    keeps a width. The range is centred at the adjusted score, cut to -100..100, and is shown
    beside the plain `nps_score`. Raises ValueError as `nps_score` does.

    Examples
    --------
    >>> ci = nps_interval(15, 10, 11)
    >>> round(ci.low, 1), round(ci.high, 1)
    (-15.9, 36.4)
    """
    require_nps_counts(promoters, passives, detractors)
    adjusted = (promoters + 0.75, passives + 1.5, detractors + 0.75)
    half = normal_quantile(confidence) * nps_standard_error(*adjusted)
    centre = nps_score(*adjusted)
    return Interval(max(-100.0, centre - half), min(100.0, centre + half))


def poisson_interval(
    events: int, exposure: float, per: float = 1.0, confidence: float = 0.95
) -> Interval:
    """Return the exact range of a rate (Garwood 1936), as events per `per` units of exposure.

    For example complaints per 1,000 transactions with ``per=1000``. Without events the range
    starts at 0 and ends at 3.689 / exposure. Raises ValueError if exposure is not positive, or
    events are negative or not whole.

    Examples
    --------
    12 complaints in 8,000 transactions, per 1,000:

    >>> ci = poisson_interval(12, 8000, per=1000)
    >>> round(ci.low, 3), round(ci.high, 3)
    (0.775, 2.62)
    """
    require_rate(events, exposure)
    require_confidence(confidence)
    tail = (1 - confidence) / 2
    low = float(special.gammaincinv(events, tail)) if events else 0.0
    high = float(special.gammainccinv(events + 1, tail))
    return Interval(low * per / exposure, high * per / exposure)
