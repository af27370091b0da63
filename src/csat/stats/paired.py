"""Gaps between two answers of the same person: perception minus expectation.

Every gap is actual minus reference, so below zero is bad. The two answers of a pair vary together,
so the interval comes from the differences, never from two separate means.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite, sqrt
from typing import Literal

from scipy import special

from csat.stats._checks import require_confidence
from csat.stats.comparison import Comparison, welch_difference
from csat.stats.intervals import Interval, bca_mean_interval
from csat.stats.moments import Moments, moments_from_counts
from csat.stats.multiplicity import benjamini_hochberg, holm

Correction = Literal["holm", "benjamini_hochberg"]

PLANNED = 10
"""Up to so many contrasts form a planned family (Holm); more are a screen (Benjamini-Hochberg)."""

FEW_PAIRS = 50
"""Below so many pairs the bootstrap range stands beside the t interval."""

SKEWED = 1.0
"""From this skewness on, either way, it does too."""


@dataclass(frozen=True, slots=True)
class PairedGap:
    """The mean of paired differences with its interval, test and effect size.

    ``mean``, ``sd``, ``standard_error``, ``low`` and ``high`` are in scale points, negative = bad.
    ``effect_size`` is Cohen's d_z, mean over sd. ``p_adjusted`` is the p-value corrected for the
    other gaps of its family, where it was tested in one. ``mean`` is None without pairs; all that
    needs a spread is None below two pairs or where every pair has the same difference, whose
    spread of zero would claim a certainty the data do not give.
    """

    n: int
    mean: float | None
    sd: float | None = None
    standard_error: float | None = None
    low: float | None = None
    high: float | None = None
    t: float | None = None
    p_value: float | None = None
    effect_size: float | None = None
    p_adjusted: float | None = None

    @property
    def df(self) -> int | None:
        """Degrees of freedom of the t test; None where there is none."""
        return None if self.t is None else self.n - 1


@dataclass(frozen=True, slots=True)
class Contrast:
    """One group against all others: its difference, and the p-value the family leaves it.

    Both are None where the difference cannot be tested; ``p_adjusted`` also where either side is
    below the minimum and is shown with its interval alone.
    """

    comparison: Comparison | None
    p_adjusted: float | None
    correction: Correction


def paired_gap(gaps: Moments, confidence: float = 0.95) -> PairedGap:
    """Return how far the answers fall short of their reference (Student 1908, paired t).

    Parameters
    ----------
    gaps : Moments
        Of the differences, actual minus reference, one per respondent who gave both.
    confidence : float
        Of the interval.

    Returns
    -------
    PairedGap
        In scale points, with n - 1 degrees of freedom.

    Raises
    ------
    ValueError
        If `confidence` does not lie between 0 and 1.

    Examples
    --------
    Perception minus expectation of five people: -1, -2, 0, -1, -1.

    >>> gap = paired_gap(Moments(n=5, total=-5, total_sq=7))
    >>> gap.mean, round(gap.low, 3), round(gap.high, 3)
    (-1.0, -1.878, -0.122)
    >>> round(gap.p_value, 4), round(gap.effect_size, 3)
    (0.0341, -1.414)
    """
    require_confidence(confidence)
    mean, sd = gaps.mean, gaps.sd
    if mean is None or not sd:
        return PairedGap(gaps.n, mean, sd)
    return gap_from_summary(gaps.n, mean, sd, confidence)


def gap_from_summary(n: int, mean: float, sd: float, confidence: float = 0.95) -> PairedGap:
    """Return the gap of which only `n`, `mean` and `sd` of the differences are known.

    Raises ValueError below two pairs or unless `sd` is positive: then there is nothing to
    compute.

    Examples
    --------
    >>> gap = gap_from_summary(n=100, mean=-0.5, sd=1.0)
    >>> round(gap.low, 3), round(gap.high, 3), gap.df
    (-0.698, -0.302, 99)
    """
    require_confidence(confidence)
    if n < 2 or not (sd > 0 and isfinite(sd)):
        raise ValueError(f"a gap needs at least two pairs and a spread, got n = {n}, sd = {sd}")
    se = sd / sqrt(n)
    half = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * se
    t = mean / se
    p_value = float(2 * special.stdtr(n - 1, -abs(t)))
    return PairedGap(n, mean, sd, se, mean - half, mean + half, t, p_value, mean / sd)


def gap_family(gaps: Mapping[str, Moments], confidence: float = 0.95) -> dict[str, PairedGap]:
    """Return the gap of each dimension (or item, or group) with p-values fit for reading together.

    The family is corrected by Holm's method up to ten gaps and by Benjamini and Hochberg's
    beyond; the intervals stay unadjusted. Gaps without a test take no part.

    Examples
    --------
    >>> family = gap_family({"reliability": Moments(5, -5, 7), "empathy": Moments(5, -1, 3)})
    >>> round(family["reliability"].p_value, 4), round(family["reliability"].p_adjusted, 4)
    (0.0341, 0.0682)
    """
    found = {name: paired_gap(moments, confidence) for name, moments in gaps.items()}
    adjusted, _ = adjust([gap.p_value for gap in found.values()])
    return {
        name: replace(gap, p_adjusted=p)
        for (name, gap), p in zip(found.items(), adjusted, strict=True)
    }


def adjust(p_values: Sequence[float | None]) -> tuple[list[float | None], Correction]:
    """Return the p-values corrected for their number, None staying None, and the correction.

    Up to ten tests are a planned family and get Holm's correction; more are a screen and get
    Benjamini and Hochberg's, whose adjusted value is the share of false alarms among all alarms.

    Examples
    --------
    >>> adjust([0.01, None, 0.04])
    ([0.02, None, 0.04], 'holm')
    """
    tested = [p for p in p_values if p is not None]
    correction: Correction = "holm" if len(tested) <= PLANNED else "benjamini_hochberg"
    corrected = iter(holm(tested) if correction == "holm" else benjamini_hochberg(tested))
    return [None if p is None else next(corrected) for p in p_values], correction


def against_complement(
    groups: Mapping[str, Moments], minimum: int = 30, confidence: float = 0.95
) -> dict[str, Contrast]:
    """Return how each group's mean differs from that of all other groups together.

    Parameters
    ----------
    groups : Mapping of str to Moments
        Groups that share no respondent (branches, channels, segments), of gaps or of ratings.
    minimum : int
        A group, or its complement, with fewer values keeps its interval but gets no test.
    confidence : float
        Of the intervals, which stay unadjusted.

    Returns
    -------
    dict of str to Contrast
        Group minus the others, in the unit of the values, by Welch's method; the comparison is
        None for a group that is empty, alone, or without spread on both sides.

    Examples
    --------
    >>> north, south = Moments(40, -60, 130), Moments(60, -30, 80)
    >>> contrast = against_complement({"North": north, "South": south})["North"]
    >>> contrast.comparison.difference, contrast.p_adjusted < 0.001, contrast.correction
    (-1.0, True, 'holm')
    """
    compared: dict[str, Comparison | None] = {}
    testable: list[float | None] = []
    total = _sum_of(list(groups.values()))
    for name, group in groups.items():
        rest = _without(total, group)
        comparison = welch_difference(group, rest, confidence) if group.n and rest.n else None
        compared[name] = comparison
        enough = min(group.n, rest.n) >= minimum
        testable.append(comparison.p_value if comparison and enough else None)
    adjusted, correction = adjust(testable)
    return {
        name: Contrast(comparison, p, correction)
        for (name, comparison), p in zip(compared.items(), adjusted, strict=True)
    }


def _sum_of(parts: Sequence[Moments]) -> Moments:
    total = Moments(0, 0, 0, parts[0].divisor if parts else 1)
    for part in parts:
        total = total + part
    return total


def _without(total: Moments, part: Moments) -> Moments:
    return Moments(
        total.n - part.n, total.total - part.total, total.total_sq - part.total_sq, total.divisor
    )


def bootstrap_gap_interval(
    counts: Mapping[int, int], divisor: int = 1, confidence: float = 0.95
) -> Interval | None:
    """Return the BCa bootstrap range of a gap where the t interval is not to be trusted alone.

    `counts` maps each difference times `divisor` to its number of respondents. None where the t
    interval serves (50 pairs or more, and a skewness within -1 to 1) and where there is no
    spread. The draws are seeded: the same counts always give the same range.

    Examples
    --------
    >>> bootstrap_gap_interval({-1: 40, 0: 50, 1: 40}) is None
    True
    >>> ci = bootstrap_gap_interval({-3: 2, -1: 10, 0: 18})
    >>> -1.0 < ci.low < -16 / 30 < ci.high < 0
    True
    """
    moments = moments_from_counts(counts)
    if not moments.variance:
        return None
    if moments.n >= FEW_PAIRS and abs(_skewness(counts, moments)) < SKEWED:
        return None
    ci = bca_mean_interval(counts, confidence)
    return None if ci is None else Interval(ci.low / divisor, ci.high / divisor)


def _skewness(counts: Mapping[int, int], moments: Moments) -> float:
    mean = moments.total / moments.n
    second = sum(n * (value - mean) ** 2 for value, n in counts.items()) / moments.n
    third = sum(n * (value - mean) ** 3 for value, n in counts.items()) / moments.n
    return float(third / second**1.5)
