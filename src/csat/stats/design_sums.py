"""Weighted means and shares from sums over respondents, without the respondents themselves.

The sums add up over any parts, so a store can make them and only one row for each stratum,
cluster and cell of equal weight factor ever leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from csat.stats.design import DesignEstimate, with_mean_interval, with_share_interval
from csat.stats.sampling import Kish, kish_from_sums

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SINGLY = -1
"""In place of a cluster: every respondent of the row was drawn by himself."""


@dataclass(frozen=True, slots=True, eq=False)
class DesignSums:
    """Sums of one value, row by row; a row lies in one stratum, and in one cluster if there are.

    ``stratum`` and ``cluster`` are codes, a cluster is coded apart in each stratum, and
    `SINGLY` marks rows of respondents drawn by themselves. ``factor`` multiplies the weights of
    the row. ``drawn`` counts all respondents of the row; the rest is about those who belong to
    the group asked about and answered: ``n`` of them with weights w and values x, as the sums
    of x, w, w², wx, wx², w²x and w²x².
    """

    stratum: IntArray
    cluster: IntArray
    factor: FloatArray
    drawn: FloatArray
    n: FloatArray
    x: FloatArray
    w: FloatArray
    ww: FloatArray
    wx: FloatArray
    wxx: FloatArray
    wwx: FloatArray
    wwxx: FloatArray


def kish_of(sums: DesignSums) -> Kish:
    """Return Kish's design effect of the weights of those who answered.

    Examples
    --------
    >>> kish_of(_alike([1.0, 1.0, 2.0], [4.0, 5.0, 3.0])).deff
    1.125
    """
    total = float(sums.factor @ sums.w)
    return kish_from_sums(round(float(sums.n.sum())), total, float(sums.factor**2 @ sums.ww))


def mean_from_sums(sums: DesignSums, confidence: float = 0.95) -> DesignEstimate | None:
    """Return a weighted mean with its linearised t interval, equal to that of `design_mean`.

    None without an answer of positive weight (methods.md section 2.16).

    Examples
    --------
    >>> found = mean_from_sums(_alike([1.0, 1.0, 2.0], [4.0, 5.0, 3.0]))
    >>> found.n, found.value, round(found.standard_error, 4), found.df
    (3, 3.75, 0.6027, 2)
    """
    found = _estimate(sums)
    return None if found is None else with_mean_interval(found, confidence)


def share_from_sums(sums: DesignSums, confidence: float = 0.95) -> DesignEstimate | None:
    """Return a weighted share, 0 to 1, with Wilson's interval, equal to that of `design_share`.

    The values are 1 or 0. None without an answer of positive weight.

    Examples
    --------
    >>> found = share_from_sums(_alike([1.0, 1.0, 1.0, 2.0, 2.0, 2.0], [1, 1, 0, 1, 0, 1]))
    >>> round(found.value, 4), round(found.low, 3), round(found.high, 3)
    (0.6667, 0.261, 0.919)
    """
    found = _estimate(sums)
    if found is None:
        return None
    equal = kish_of(sums).n_effective or 0.0
    clustered = bool((sums.cluster != SINGLY).any())
    return with_share_interval(found, equal, clustered=clustered, confidence=confidence)


def _estimate(sums: DesignSums) -> DesignEstimate | None:
    f, n = sums.factor, round(float(sums.n.sum()))
    weight = float(f @ sums.w)
    if not n or not weight > 0:
        return None
    mean = float(f @ sums.wx) / weight
    moved = f * (sums.wx - mean * sums.w) / weight
    squared = f**2 * (sums.wwxx - 2 * mean * sums.wwx + mean**2 * sums.ww) / weight**2
    variance, df, lonely = _variance(sums, moved, np.maximum(squared, 0.0))
    spread = max(float(f @ sums.wxx) / weight - mean**2, 0.0)
    plain = spread / (n - 1) if n > 1 else 0.0
    real = variance > 1e-13 * max(mean * mean, spread) / n and df >= 1
    deff = variance / plain if real and plain > 0 else None
    return DesignEstimate(
        n,
        mean,
        float(sums.x.sum()) / n,
        sqrt(variance) if real else None,
        df,
        None,
        None,
        deff,
        n / deff if deff else None,
        lonely,
    )


def _variance(sums: DesignSums, moved: FloatArray, squared: FloatArray) -> tuple[float, int, int]:
    """Return the variance between what was drawn, its degrees of freedom, and lonely strata."""
    strata, home = np.unique(sums.stratum, return_inverse=True)
    single = sums.cluster == SINGLY

    def by_stratum(values: FloatArray, places: IntArray) -> FloatArray:
        found = np.bincount(places, weights=values, minlength=len(strata))
        return found.astype(np.float64, copy=False)

    drawn = by_stratum(np.where(single, sums.drawn, 0.0), home)
    total = by_stratum(moved, home)
    square = by_stratum(np.where(single, squared, 0.0), home)
    pairs = np.stack([home[~single], sums.cluster[~single]], axis=1)
    if len(pairs):
        clusters, place = np.unique(pairs, axis=0, return_inverse=True)
        moves = np.bincount(place.ravel(), weights=moved[~single])
        drawn += by_stratum(np.ones(len(clusters)), clusters[:, 0])
        square += by_stratum(moves.astype(np.float64) ** 2, clusters[:, 0])
    many = drawn > 1
    # What was drawn alone in its stratum is measured from the overall mean.
    around = np.where(many, square - total**2 / np.where(many, drawn, 1), square)
    spread = np.where(many, drawn / np.where(many, drawn - 1, 1), 1.0) * np.maximum(around, 0.0)
    return float(spread.sum()), round(float(drawn.sum())) - len(strata), int((drawn == 1).sum())


def _alike(weights: list[float], values: list[float]) -> DesignSums:
    """Return the sums of respondents drawn singly from one stratum, a row for each."""
    w, x = np.array(weights), np.array(values, dtype=np.float64)
    one, none = np.ones(len(w)), np.zeros(len(w), dtype=np.int64)
    return DesignSums(
        none, none + SINGLY, one, one, one, x, w, w**2, w * x, w * x**2, w**2 * x, w**2 * x**2
    )
