"""Weighted means and shares from sums over respondents, without the respondents themselves.

The sums add up over any parts, so a store can make them and only one row for each stratum,
cluster and cell of equal weight factor ever leaves it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from csat.stats._checks import require_confidence
from csat.stats.comparison import Comparison
from csat.stats.design_estimate import (
    DesignEstimate,
    difference_of,
    effective_df,
    with_mean_interval,
    with_share_interval,
)
from csat.stats.sampling import Kish, kish_from_sums

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

SINGLY = -1
"""In place of a cluster: every respondent of the row was drawn by himself."""
MOST_LEVERAGE = 0.9
"""A respondent alone in his group of a margin has no residual; he counts as nearly so."""
_ANSWERED: Final = ("n", "x", "w", "ww", "wx", "wxx", "wwx", "wwxx")
"""Sums over those who belong to the group and answered."""


@dataclass(frozen=True, slots=True, eq=False)
class DesignSums:
    """Sums of one value, row by row; a row lies in one stratum, and in one cluster if there are.

    ``stratum`` and ``cluster`` are codes, a cluster is coded apart in each stratum, and
    `SINGLY` marks rows of respondents drawn by themselves. ``factor`` multiplies the weights of
    the row. ``drawn`` counts all respondents of the row; the rest is about those who belong to
    the group asked about and answered: ``n`` of them with weights w and values x, as the sums
    of x, w, w², wx, wx², w²x and w²x².

    ``margins`` has the group of each row on every margin that its factor was raked to, one
    column for each; then ``every_w`` and ``every_ww`` are the sums of w and w² over all drawn.
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
    margins: IntArray | None = None
    every_w: FloatArray | None = None
    every_ww: FloatArray | None = None


def kish_of(sums: DesignSums) -> Kish:
    """Return Kish's design effect of the weights of those who answered.

    Examples
    --------
    >>> kish_of(_alike([1.0, 1.0, 2.0], [4.0, 5.0, 3.0])).deff
    1.125
    """
    total = float(sums.factor @ sums.w)
    return kish_from_sums(round(float(sums.n.sum())), total, float(sums.factor**2 @ sums.ww))


def mean_from_sums(
    sums: DesignSums,
    confidence: float = 0.95,
    bounds: tuple[float, float] | None = None,
) -> DesignEstimate | None:
    """Return a weighted mean with its linearised t interval, equal to that of `design_mean`.

    None without an answer of positive weight (methods.md section 2.16). Where the weights were
    raked, only what the margins leave open is in doubt: the variance is that of the residuals of
    a weighted regression on the margins (Deville and Särndal 1992), each over one less its
    leverage, as if it were left out (MacKinnon and White 1985, HC3).

    Examples
    --------
    >>> found = mean_from_sums(_alike([1.0, 1.0, 2.0], [4.0, 5.0, 3.0]))
    >>> found.n, found.value, round(found.standard_error, 4), found.df
    (3, 3.75, 0.6027, 2)
    """
    found = _estimate(sums)
    return None if found is None else with_mean_interval(found, confidence, bounds)


def share_from_sums(sums: DesignSums, confidence: float = 0.95) -> DesignEstimate | None:
    """Return a weighted share, 0 to 1, with Wilson's interval, equal to that of `design_share`.

    The values are 1 or 0. None without an answer of positive weight.

    Examples
    --------
    >>> found = share_from_sums(_alike([1.0, 1.0, 1.0, 2.0, 2.0, 2.0], [1, 1, 0, 1, 0, 1]))
    >>> round(found.value, 4), round(found.low, 3), round(found.high, 3)
    (0.6667, 0.25, 0.923)
    """
    found = _estimate(sums)
    if found is None:
        return None
    equal = kish_of(sums).n_effective or 0.0
    clustered = bool((sums.cluster != SINGLY).any())
    return with_share_interval(found, equal, clustered=clustered, confidence=confidence)


def difference_from_sums(
    group: DesignSums, others: DesignSums, confidence: float = 0.95
) -> Comparison | None:
    """Return how far a weighted mean or share of one group lies from that of others.

    Both are parts of one survey: row by row of one stratum, cluster and factor, and nobody is in
    both. The difference is linearised as a whole, so that what a cluster or a margin adds to
    both sides cancels (methods.md section 2.16). The t quantile has the degrees of freedom of
    two samples drawn apart (Satterthwaite 1946), at most clusters less strata.

    Returns
    -------
    Comparison or None
        Group less others, in the unit of the values; None where either has no standard error.

    Examples
    --------
    >>> everybody = _alike([1.0, 2.0, 1.0, 1.0, 2.0, 1.0], [5.0, 4.0, 3.0, 2.0, 1.0, 2.0])
    >>> first = np.array([True, True, True, False, False, False])
    >>> found = difference_from_sums(within(everybody, first), within(everybody, ~first))
    >>> round(found.difference, 3), round(found.low, 3), round(found.high, 3)
    (2.5, 0.942, 4.058)
    """
    require_confidence(confidence)
    one, other = _estimate(group), _estimate(others)
    if one is None or other is None:
        return None
    if one.standard_error is None or other.standard_error is None:
        return None
    here, there = _influence(group, one.value), _influence(others, other.value)
    moved = _Moved(
        here.total - there.total, here.squares + there.squares, here.pull - there.pull
    )  # nobody is in both groups
    variance = _variance(group, *_residual(group, moved), group.w + others.w, group.ww + others.ww)
    return difference_of(one, other, variance[0], variance[1], confidence)


def within(sums: DesignSums, rows: NDArray[np.bool_]) -> DesignSums:
    """Return the sums of those in some rows; all others stay drawn, and did not answer.

    Examples
    --------
    >>> found = within(_alike([1.0, 1.0, 2.0], [4.0, 5.0, 3.0]), np.array([True, True, False]))
    >>> float(found.n.sum()), float(found.drawn.sum())
    (2.0, 3.0)
    """
    parts = {name: np.where(rows, getattr(sums, name), 0.0) for name in _ANSWERED}
    return replace(sums, **parts)


def _estimate(sums: DesignSums) -> DesignEstimate | None:
    f, n = sums.factor, round(float(sums.n.sum()))
    weight = float(f @ sums.w)
    if not n or not weight > 0:
        return None
    mean = float(f @ sums.wx) / weight
    moved, squared = _residual(sums, _influence(sums, mean))
    variance, df, lonely, worth = _variance(sums, moved, squared, sums.w, sums.ww)
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
        worth,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Moved:
    """What the respondents of each row move: in all, squared, and times their weight."""

    total: FloatArray
    squares: FloatArray
    pull: FloatArray


def _influence(sums: DesignSums, mean: float) -> _Moved:
    f = sums.factor
    weight = float(f @ sums.w)
    return _Moved(
        f * (sums.wx - mean * sums.w) / weight,
        f**2 * (sums.wwxx - 2 * mean * sums.wwx + mean**2 * sums.ww) / weight**2,
        f**2 * (sums.wwx - mean * sums.ww) / weight,
    )


def _residual(sums: DesignSums, found: _Moved) -> tuple[FloatArray, FloatArray]:
    """Return what the margins leave of the influence of each row, in all and squared."""
    moved, squared = found.total, found.squares
    if sums.margins is not None and sums.every_w is not None and sums.every_ww is not None:
        every, squares = sums.factor * sums.every_w, sums.factor**2 * sums.every_ww
        fit, lever = _fitted(sums.margins, every, squares, moved)
        open_ = 1 - np.minimum(lever, MOST_LEVERAGE)
        squared = (squared - 2 * fit * found.pull + fit**2 * squares) / open_**2
        moved = (moved - fit * every) / open_
    return moved, np.maximum(squared, 0.0)


def _fitted(
    margins: IntArray, weights: FloatArray, squares: FloatArray, moved: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return what the margins tell of each row's influence, by weight, and its leverage.

    The leverage is the mean of all who are in the same groups, however the rows are cut.
    """
    cell = np.zeros(len(margins), dtype=np.int64)
    for codes in margins.T:
        cell = cell * (int(codes.max(initial=0)) + 1) + codes
    _, first, place = np.unique(cell, return_index=True, return_inverse=True)
    own = margins[first]
    marks = np.concatenate(
        [(codes[:, None] == np.unique(codes)).astype(np.float64) for codes in own.T], axis=1
    )
    mass = np.bincount(place, weights=weights, minlength=len(first)).astype(np.float64)
    pull = np.bincount(place, weights=moved, minlength=len(first)).astype(np.float64)
    inverse = np.linalg.pinv((marks * mass[:, None]).T @ marks, hermitian=True)
    even = np.bincount(place, weights=squares, minlength=len(first)) / np.where(mass > 0, mass, 1.0)
    lever: FloatArray = np.einsum("ij,jk,ik->i", marks, inverse, marks) * even
    fit: FloatArray = marks @ (inverse @ (marks.T @ pull))
    return fit[place], lever[place]


def _variance(
    sums: DesignSums, moved: FloatArray, squared: FloatArray, w: FloatArray, ww: FloatArray
) -> tuple[float, int, int, float]:
    """Return the variance between what was drawn, degrees of freedom, lonely strata, worth."""
    strata, home = np.unique(sums.stratum, return_inverse=True)
    single = sums.cluster == SINGLY

    def by_stratum(values: FloatArray, places: IntArray) -> FloatArray:
        found = np.bincount(places, weights=values, minlength=len(strata))
        return found.astype(np.float64, copy=False)

    drawn = by_stratum(np.where(single, sums.drawn, 0.0), home)
    total = by_stratum(moved, home)
    square = by_stratum(np.where(single, squared, 0.0), home)
    mass, f = by_stratum(sums.factor * w, home), sums.factor
    even = by_stratum(np.where(single, f**2 * ww, 0.0), home)
    pairs = np.stack([home[~single], sums.cluster[~single]], axis=1)
    if len(pairs):
        clusters, place = np.unique(pairs, axis=0, return_inverse=True)
        moves = np.bincount(place.ravel(), weights=moved[~single])
        drawn += by_stratum(np.ones(len(clusters)), clusters[:, 0])
        square += by_stratum(moves.astype(np.float64) ** 2, clusters[:, 0])
        heavy = np.bincount(place.ravel(), weights=(f * w)[~single])
        even += by_stratum(heavy.astype(np.float64) ** 2, clusters[:, 0])
    many = drawn > 1
    # What was drawn alone in its stratum is measured from the overall mean.
    around = np.where(many, square - total**2 / np.where(many, drawn, 1), square)
    spread = np.where(many, drawn / np.where(many, drawn - 1, 1), 1.0) * np.maximum(around, 0.0)
    worth = effective_df(spread, drawn, mass, even)
    df = round(float(drawn.sum())) - len(strata)
    return float(spread.sum()), df, int((drawn == 1).sum()), worth


def _alike(weights: list[float], values: list[float]) -> DesignSums:
    """Return the sums of respondents drawn singly from one stratum, a row for each."""
    w, x = np.array(weights), np.array(values, dtype=np.float64)
    one, none = np.ones(len(w)), np.zeros(len(w), dtype=np.int64)
    return DesignSums(
        none, none + SINGLY, one, one, one, x, w, w**2, w * x, w * x**2, w**2 * x, w**2 * x**2
    )
