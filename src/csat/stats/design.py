"""Means and shares of surveys drawn with weights, strata and clusters."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csat.stats._checks import require_confidence
from csat.stats.design_estimate import (
    DesignEstimate,
    effective_df,
    with_mean_interval,
    with_share_interval,
)

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def design_mean(
    values: ArrayLike,
    weights: ArrayLike | None = None,
    strata: Sequence[Hashable] | None = None,
    clusters: Sequence[Hashable] | None = None,
    population: Mapping[Hashable, float] | None = None,
    confidence: float = 0.95,
    bounds: tuple[float, float] | None = None,
) -> DesignEstimate | None:
    """Return a weighted mean with its design-based t interval (Taylor linearisation).

    The degrees of freedom are Satterthwaite's over the strata, each with Kish's effective number
    of its clusters less one (Valliant and Rust 2010), at most clusters less strata.

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
    bounds : pair of float, optional
        Ends of the scale: the interval is then made on the logit of the place between them, so
        that it never leaves the scale and is wider to its middle (methods.md section 2.16).

    Returns
    -------
    DesignEstimate or None
        None without a value of positive weight.

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
    return None if found is None else with_mean_interval(found, confidence, bounds)


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
    p (1 - p) / SE², with clusters at most n, and is lowered for few degrees of freedom by the
    square of the t quantile of n - 1 over that of these (Korn and Graubard 1998). A share of 0
    or 1 takes the effective size of the weights instead, or of the clusters if they are fewer,
    for its standard error of zero says nothing.

    Raises ValueError as `design_mean` does, and unless every success is 0 or 1.

    Examples
    --------
    >>> found = design_share([1, 1, 0, 1, 0, 1], weights=[1, 1, 1, 2, 2, 2])
    >>> round(found.value, 4), round(found.low, 3), round(found.high, 3)
    (0.6667, 0.25, 0.923)
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
    variance, df, lonely, worth = _variance(influence, part, stratum, psu, names, population)
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
        worth,
    )


def _variance(
    influence: FloatArray,
    part: FloatArray,
    stratum: IntArray,
    psu: IntArray,
    names: Sequence[Hashable],
    population: Mapping[Hashable, float] | None,
) -> tuple[float, int, int, float]:
    """Return the variance between clusters, degrees of freedom, lonely strata, their worth."""
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
    parts = np.where(whole, 0.0, (1 - drawn / every) * spread)
    weights = np.bincount(psu, weights=part)
    worth = effective_df(
        parts,
        drawn,
        np.bincount(home, weights=weights).astype(np.float64),
        np.bincount(home, weights=weights**2).astype(np.float64),
    )
    lonely = int((~many & ~whole).sum())
    return float(parts.sum()), int(totals.size - drawn.size), lonely, worth


def _codes(labels: Sequence[Hashable]) -> IntArray:
    place: dict[Hashable, int] = {}
    return np.array([place.setdefault(label, len(place)) for label in labels], dtype=np.int64)
