"""Tests of a change between two independent groups; every difference is current minus reference.

The interval and the p-value of a comparison come from the method that is best for each, so near
the limit of significance one may speak for a change and the other not yet. Verdicts go by the
p-value, which is the one corrected for the number of comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot, inf, sqrt

from scipy import special

from csat.stats._checks import normal_quantile, require_confidence, require_rate, require_share
from csat.stats.exact import exact_binomial_p
from csat.stats.intervals import (
    nps_score,
    nps_standard_error,
    poisson_interval,
    wilson_interval,
)
from csat.stats.moments import Moments


@dataclass(frozen=True, slots=True)
class Comparison:
    """A difference, current minus reference, with its interval and two-sided p-value.

    ``difference``, ``low`` and ``high`` share the unit of the figure compared; above zero means
    that the figure rose.
    """

    difference: float
    low: float
    high: float
    p_value: float


@dataclass(frozen=True, slots=True)
class RateRatio:
    """A ratio of rates, current over reference, with its interval and two-sided p-value.

    1 means no change. ``ratio`` is infinite if only the reference has no events, and None if
    neither has any; ``high`` is infinite in both cases.
    """

    ratio: float | None
    low: float
    high: float
    p_value: float


def _two_sided(z: float) -> float:
    return float(2 * special.ndtr(-abs(z)))


def newcombe_difference(
    x1: float, n1: float, x2: float, n2: float, confidence: float = 0.95
) -> Comparison:
    """Return how far a share moved, x1/n1 (current) minus x2/n2 (reference).

    Parameters
    ----------
    x1, n1 : float
        Successes and answers now; effective numbers for weighted data.
    x2, n2 : float
        Successes and answers in the reference group.
    confidence : float
        Of the interval.

    Returns
    -------
    Comparison
        In fractions, -1 to 1: hybrid score interval (Newcombe 1998, method 10) and p-value of
        the pooled z test.

    Raises
    ------
    ValueError
        If a group has no answers, or its successes lie outside 0..n.

    Examples
    --------
    56 of 70 satisfied now, 48 of 80 before (Newcombe 1998):

    >>> change = newcombe_difference(56, 70, 48, 80)
    >>> round(change.difference, 4), round(change.low, 4), round(change.high, 4)
    (0.2, 0.0524, 0.3339)
    >>> round(change.p_value, 4)
    0.008
    """
    require_share(x1, n1)
    require_share(x2, n2)
    p1, p2 = x1 / n1, x2 / n2
    ci1, ci2 = wilson_interval(x1, n1, confidence), wilson_interval(x2, n2, confidence)
    difference = p1 - p2
    low = difference - hypot(p1 - ci1.low, ci2.high - p2)
    high = difference + hypot(ci1.high - p1, p2 - ci2.low)
    pooled = (x1 + x2) / (n1 + n2)
    se = sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    # All or none satisfied in both groups: no difference, and nothing to test.
    p_value = _two_sided(difference / se) if se > 0 else 1.0
    return Comparison(difference, max(-1.0, low), min(1.0, high), p_value)


def welch_difference(
    current: Moments, reference: Moments, confidence: float = 0.95
) -> Comparison | None:
    """Return how far a mean moved, in the unit of the values, with unequal spread (Welch 1947).

    None if the test does not exist: a group of one value, or no spread in either group. Raises
    ValueError if a group is empty.

    Examples
    --------
    >>> now = Moments(n=4, total=18, total_sq=82)
    >>> before = Moments(n=4, total=12, total_sq=38)
    >>> change = welch_difference(now, before)
    >>> change.difference, round(change.low, 3), round(change.high, 3)
    (1.5, 0.243, 2.757)
    >>> round(change.p_value, 4)
    0.0273
    """
    require_confidence(confidence)
    mean1, mean2 = current.mean, reference.mean
    if mean1 is None or mean2 is None:
        raise ValueError("a comparison of means needs at least one value in each group")
    variance1, variance2 = current.variance, reference.variance
    if variance1 is None or variance2 is None or variance1 + variance2 == 0:
        return None
    part1, part2 = variance1 / current.n, variance2 / reference.n
    se = sqrt(part1 + part2)
    # Shares of the squared error, not the squares themselves, which could underflow to zero.
    share1, share2 = part1 / (part1 + part2), part2 / (part1 + part2)
    df = 1 / (share1**2 / (current.n - 1) + share2**2 / (reference.n - 1))
    difference = mean1 - mean2
    half = float(special.stdtrit(df, 0.5 + confidence / 2)) * se
    p_value = float(2 * special.stdtr(df, -abs(difference) / se))
    return Comparison(difference, difference - half, difference + half, p_value)


def nps_difference(
    current: tuple[float, float, float],
    reference: tuple[float, float, float],
    confidence: float = 0.95,
) -> Comparison:
    """Return how far a Net Promoter Score moved, in points, -200 to 200 (independent z test).

    Each group is its promoters, passives and detractors. A group whose answers all fall in one
    class has a standard error of zero, which says nothing of its doubt; the adjusted-Wald one
    (Rocks 2016) stands in. Raises ValueError if a group has no answers or a negative count.

    Examples
    --------
    >>> change = nps_difference((60, 20, 20), (40, 30, 30))
    >>> change.difference, round(change.low, 1), round(change.high, 1)
    (30.0, 7.4, 52.6)
    >>> round(change.p_value, 4)
    0.0093
    """
    difference = nps_score(*current) - nps_score(*reference)
    se = hypot(_nps_doubt(current), _nps_doubt(reference))
    half = normal_quantile(confidence) * se
    low, high = max(-200.0, difference - half), min(200.0, difference + half)
    return Comparison(difference, low, high, _two_sided(difference / se))


def _nps_doubt(counts: tuple[float, float, float]) -> float:
    promoters, passives, detractors = counts
    plain = nps_standard_error(promoters, passives, detractors)
    return plain or nps_standard_error(promoters + 0.75, passives + 1.5, detractors + 0.75)


def rate_ratio(x1: int, t1: float, x2: int, t2: float, confidence: float = 0.95) -> RateRatio:
    """Return how many times the reference rate the current rate is, x1/t1 over x2/t2.

    Given the total of events, those of the current period are binomial (Przyborowski and
    Wilenski 1940): the p-value is the exact two-sided binomial one and the interval
    Clopper-Pearson's, turned into ratios.

    Raises ValueError if an exposure is not positive, or events are negative or not whole.

    Examples
    --------
    11 complaints in 800 transactions now, 21 in 3,011 before:

    >>> change = rate_ratio(11, 800, 21, 3011)
    >>> round(change.ratio, 3), round(change.low, 3), round(change.high, 3)
    (1.971, 0.858, 4.277)
    >>> round(change.p_value, 4)
    0.0797
    """
    require_rate(x1, t1)
    require_rate(x2, t2)
    require_confidence(confidence)
    if x1 + x2 == 0:
        return RateRatio(None, 0.0, inf, 1.0)
    tail = (1 - confidence) / 2
    low = high = 0.0
    if x1:
        share = float(special.betaincinv(x1, x2 + 1, tail))
        low = share / (1 - share) * t2 / t1
    if x2:
        share = float(special.betainccinv(x1 + 1, x2, tail))
        high = share / (1 - share) * t2 / t1
    p_value = exact_binomial_p(int(x1), int(x1 + x2), t1 / (t1 + t2))
    return RateRatio((x1 / t1) / (x2 / t2) if x2 else inf, low, high if x2 else inf, p_value)


def rate_difference(
    x1: int, t1: float, x2: int, t2: float, per: float = 1.0, confidence: float = 0.95
) -> Comparison:
    """Return how far a rate moved, x1/t1 minus x2/t2, per `per` units of exposure.

    The interval squares and adds the distances to the exact limits of each rate, as Newcombe's
    does for shares (MOVER, Zou and Donner 2008); it is approximate. The p-value is the exact one
    of `rate_ratio`. Raises ValueError as `rate_ratio` does.

    Examples
    --------
    11 complaints in 800 transactions now, 21 in 3,011 before, per 1,000:

    >>> change = rate_difference(11, 800, 21, 3011, per=1000)
    >>> round(change.difference, 2), round(change.low, 2), round(change.high, 2)
    (6.78, -1.04, 17.95)
    >>> round(change.p_value, 4)
    0.0797
    """
    ci1 = poisson_interval(x1, t1, per, confidence)
    ci2 = poisson_interval(x2, t2, per, confidence)
    r1, r2 = x1 * per / t1, x2 * per / t2
    low = r1 - r2 - hypot(r1 - ci1.low, ci2.high - r2)
    high = r1 - r2 + hypot(ci1.high - r1, r2 - ci2.low)
    return Comparison(r1 - r2, low, high, rate_ratio(x1, t1, x2, t2).p_value)
