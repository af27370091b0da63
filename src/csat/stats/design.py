"""Means and shares of surveys drawn with weights, strata and clusters."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats._checks import normal_quantile, require_confidence
from csat.stats.comparison import Comparison
from csat.stats.intervals import wilson_interval

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class DesignEstimate:
    """A weighted mean or share with the doubt its sampling design leaves.

    ``value``, ``standard_error``, ``low`` and ``high`` are in the unit of the values; ``df`` are
    clusters less strata. ``unweighted`` is the plain mean for comparison. ``deff`` is the
    variance over that of as many respondents drawn singly, and ``n_effective`` is n over deff;
    both are None without spread. ``lonely`` counts strata with a single cluster, whose doubt is
    taken from its distance to the overall mean. The interval is None where no doubt can be
    computed: one cluster per stratum, or values all alike.
    """

    n: int
    value: float
    unweighted: float
    standard_error: float | None
    df: int
    low: float | None
    high: float | None
    deff: float | None
    n_effective: float | None
    lonely: int


def design_mean(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    strata: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
    population: Mapping[Hashable, float] | None = None,
    confidence: float = 0.95,
) -> DesignEstimate | None:
    """Return a weighted mean with its design-based t interval (Taylor linearisation).

    Parameters
    ----------
    values : array-like of n
        NaN marks who does not belong to the group asked about, or did not answer: he is left out
        of the mean but his cluster still counts as drawn.
    weights : array-like of n, optional
        At least 0.
    strata, clusters : Sequence of n, optional
        Codes of what each respondent was drawn from; a cluster belongs to one stratum (equal
        codes in different strata are different clusters). Left out: one stratum, each
        respondent on his own.
    population : Mapping of stratum to float, optional
        Clusters (respondents, if drawn singly) the stratum has in all, for the finite-population
        correction; strata left out get none.
    confidence : float
        Of the interval.

    Returns
    -------
    DesignEstimate or None
        None without a value of positive weight. With few clusters, say below ten, the interval
        is too narrow in spite of its t quantile.

    Raises
    ------
    ValueError
        If lengths differ, a weight is negative, or a stratum has fewer clusters in all than
        were drawn from it.

    Examples
    --------
    >>> found = design_mean([4.0, 2.0, 5.0, 3.0], weights=[1, 1, 2, 2], strata="aabb")
    >>> round(found.value, 4), round(found.standard_error, 4), found.df
    (3.6667, 0.7454, 2)
    """
    require_confidence(confidence)
    found = _estimate(values, weights, strata, clusters, population)
    return None if found is None else with_mean_interval(found, confidence)


def with_mean_interval(found: DesignEstimate, confidence: float = 0.95) -> DesignEstimate:
    """Add the t interval of a mean to an estimate that has a standard error.

    Examples
    --------
    >>> bare = DesignEstimate(4, 3.5, 3.5, 0.5, 3, None, None, 1.0, 4.0, 0)
    >>> round(with_mean_interval(bare).low, 3)
    1.909
    """
    require_confidence(confidence)
    if not found.standard_error or found.df < 1:
        return found
    half = float(special.stdtrit(found.df, 0.5 + confidence / 2)) * found.standard_error
    return replace(found, low=found.value - half, high=found.value + half)


def design_share(
    successes: ArrayLike,
    weights: ArrayLike | None = None,
    strata: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
    population: Mapping[Hashable, float] | None = None,
    confidence: float = 0.95,
) -> DesignEstimate | None:
    """Return a weighted share, 0 to 1, with Wilson's interval at its effective sample size.

    `successes` holds 1, 0 or NaN; the rest is as in `design_mean`. The effective size is
    p (1 - p) / SE², at most n, and is lowered further for few clusters by the square of the
    normal over the t quantile (Korn and Graubard 1998). A share of 0 or 1 takes the effective
    size of the weights instead, or of the clusters if they are fewer, for its standard error of
    zero says nothing.

    Raises ValueError as `design_mean` does, and unless every success is 0 or 1.

    Examples
    --------
    >>> found = design_share([1, 1, 0, 1, 0, 1], weights=[1, 1, 1, 2, 2, 2])
    >>> round(found.value, 4), round(found.low, 3), round(found.high, 3)
    (0.6667, 0.261, 0.919)
    """
    marks = np.asarray(successes, dtype=np.float64)
    if not np.isin(marks[~np.isnan(marks)], (0.0, 1.0)).all():
        raise ValueError("a success is 1, a failure 0")
    found = _estimate(marks, weights, strata, clusters, population)
    if found is None:
        return None
    w = np.ones(marks.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    kept = w[~np.isnan(marks)]
    equal = float(kept.sum() ** 2 / (kept @ kept))
    clustered = clusters is not None
    return with_share_interval(found, equal, clustered=clustered, confidence=confidence)


def with_share_interval(
    found: DesignEstimate, equal: float, *, clustered: bool, confidence: float = 0.95
) -> DesignEstimate:
    """Add Wilson's interval of a share to an estimate, at its effective sample size.

    `equal` is the effective size of the weights alone, for shares of 0 and 1; the rest is as
    `design_share` says.

    Examples
    --------
    >>> bare = DesignEstimate(50, 0.4, 0.4, 0.07, 49, None, None, 1.0, 50.0, 0)
    >>> round(with_share_interval(bare, 50.0, clustered=False).low, 3)
    0.275
    """
    p, se = found.value, found.standard_error
    if se and 0 < p < 1:
        size = min(float(found.n), p * (1 - p) / se**2)
    else:
        size = min(equal, max(found.df, 1) + 1.0)
    if clustered and found.df >= 1:
        t = float(special.stdtrit(found.df, 0.5 + confidence / 2))
        size *= (normal_quantile(confidence) / t) ** 2
    ci = wilson_interval(min(p * size, size), size, confidence)
    return replace(found, low=ci.low, high=ci.high)


def design_difference(
    current: DesignEstimate, reference: DesignEstimate, confidence: float = 0.95
) -> Comparison | None:
    """Return how far a weighted mean or share moved between two surveys drawn apart.

    Welch's t with the design-based errors and their degrees of freedom. For groups of one
    survey that share clusters it is too wide, since what clusters add to both cancels. None if
    either side has no standard error.

    Examples
    --------
    >>> now = design_mean([4.0, 5.0, 3.0, 5.0], [1, 2, 1, 2])
    >>> before = design_mean([2.0, 3.0, 3.0, 1.0], [1, 1, 2, 2])
    >>> found = design_difference(now, before)
    >>> round(found.difference, 3), round(found.low, 3), round(found.high, 3)
    (2.333, 0.56, 4.107)
    """
    require_confidence(confidence)
    now, before = current.standard_error, reference.standard_error
    if not now or not before or current.df < 1 or reference.df < 1:
        return None
    variance = now**2 + before**2
    shares = now**2 / variance, before**2 / variance
    df = 1 / (shares[0] ** 2 / current.df + shares[1] ** 2 / reference.df)
    difference = current.value - reference.value
    half = float(special.stdtrit(df, 0.5 + confidence / 2)) * sqrt(variance)
    p_value = float(2 * special.stdtr(df, -abs(difference) / sqrt(variance)))
    return Comparison(difference, difference - half, difference + half, p_value)


def _estimate(
    values: ArrayLike,
    weights: ArrayLike | None,
    strata: Sequence[Hashable] | None,
    clusters: Sequence[Hashable] | None,
    population: Mapping[Hashable, float] | None,
) -> DesignEstimate | None:
    y = np.asarray(values, dtype=np.float64)
    w = np.ones(y.shape) if weights is None else np.asarray(weights, dtype=np.float64)
    lengths = {y.size, w.size, *(len(x) for x in (strata, clusters) if x is not None)}
    if y.ndim != 1 or len(lengths) != 1 or np.any(~(w >= 0)):
        raise ValueError("each respondent needs one value, one weight of at least 0, and one code")
    inside = ~np.isnan(y) & (w > 0)
    if not inside.any():
        return None
    part = np.where(inside, w, 0.0) / w[inside].sum()
    filled = np.where(inside, y, 0.0)
    mean = float(np.clip(part @ filled, y[inside].min(), y[inside].max()))  # not off by rounding
    influence = part * (filled - mean)
    stratum = np.zeros(y.size, dtype=np.int64) if strata is None else _codes(strata)
    psu = np.arange(y.size)
    if clusters is not None:
        psu = _codes(list(zip(stratum.tolist(), clusters, strict=True)))
    names = list(dict.fromkeys(strata)) if strata is not None else [None]
    variance, df, lonely = _variance(influence, stratum, psu, names, population)
    n = int(inside.sum())
    spread = float(part @ (filled - mean) ** 2)
    plain = spread / (n - 1) if n > 1 else 0.0
    real = variance > 1e-24 * max(mean * mean, spread) and df >= 1
    deff = variance / plain if real and plain > 0 else None
    return DesignEstimate(
        n,
        mean,
        float(y[inside].mean()),
        sqrt(variance) if real else None,
        df,
        None,
        None,
        deff,
        n / deff if deff else None,
        lonely,
    )


def _variance(
    influence: FloatArray,
    stratum: IntArray,
    psu: IntArray,
    names: Sequence[Hashable],
    population: Mapping[Hashable, float] | None,
) -> tuple[float, int, int]:
    """Return the variance between clusters, its degrees of freedom and the lonely strata."""
    totals = np.bincount(psu, weights=influence)
    home = np.zeros(totals.size, dtype=np.int64)
    home[psu] = stratum
    drawn = np.bincount(home).astype(np.float64)
    sums = np.bincount(home, weights=totals)
    squares = np.bincount(home, weights=(totals - (sums / drawn)[home]) ** 2)
    many = drawn > 1
    # A cluster alone in its stratum is measured from the overall mean, where influence is zero.
    spread = np.where(many, drawn / np.where(many, drawn - 1, 1) * squares, sums**2)
    every = np.array([(population or {}).get(name, np.inf) for name in names])
    if np.any(every < drawn):
        raise ValueError("a stratum has fewer clusters in all than were drawn from it")
    whole = drawn >= every
    variance = float(np.where(whole, 0.0, (1 - drawn / every) * spread).sum())
    return variance, int(totals.size - drawn.size), int((~many & ~whole).sum())


def _codes(labels: Sequence[Hashable]) -> IntArray:
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(label, len(place)) for label in labels], dtype=np.int64)
