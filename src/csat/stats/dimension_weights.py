"""Weights of dimensions: where they come from, and the score they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats._checks import require_confidence

FloatArray = NDArray[np.float64]

Source = Literal["respondents", "stated", "derived", "published", "own", "equal"]

PUBLISHED: Mapping[str, float] = {
    "reliability": 32.0,
    "responsiveness": 22.0,
    "assurance": 19.0,
    "empathy": 16.0,
    "tangibles": 11.0,
}
"""Mean points of some 1,900 customers of five US firms (Zeithaml, Parasuraman, Berry 1990)."""

TOLERATED = 0.5
"""Points by which an allocation may miss 100 before it is flagged."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of the dimensions, which sum to 1, and their source."""

    source: Source
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class WeightedScore:
    """A score over dimensions in scale points; for gaps negative = bad.

    ``contributions`` (weight times mean, by dimension) sum to ``mean_times_mean``. ``score``
    lets each respondent's own weights act on his own values where there are such weights;
    ``difference`` is what that adds. ``low`` to ``high`` is the t interval over respondents,
    None where it does not exist.
    """

    source: Source
    n: int
    score: float
    low: float | None
    high: float | None
    mean_times_mean: float
    contributions: Mapping[str, float]

    @property
    def difference(self) -> float:
        """Score less the mean weights on the mean values: people weigh what they miss."""
        return self.score - self.mean_times_mean


def normalised(weights: Mapping[str, float], source: Source = "own") -> Weights | None:
    """Return weights scaled to sum to 1: own ones, mean importance ratings or drivers' shares.

    None if all are zero. Raises ValueError if one is negative or not finite, or there is none.

    Examples
    --------
    >>> normalised({"speed": 3, "price": 1}).weights
    {'speed': 0.75, 'price': 0.25}
    """
    if not weights or any(not (w >= 0 and isfinite(w)) for w in weights.values()):
        raise ValueError(f"weights must be at least 0, got {dict(weights)}")
    total = sum(weights.values())
    if not total:
        return None
    return Weights(source, {name: w / total for name, w in weights.items()})


def published_weights(dimensions: Sequence[str]) -> Weights | None:
    """Return the published preset 32/22/19/16/11, rescaled to the dimensions a program has.

    None unless each of them is one of the five: the preset says nothing of others.

    Examples
    --------
    >>> published_weights(["reliability", "assurance", "empathy", "tangibles"]).weights["empathy"]
    0.20512820512820512
    >>> published_weights(["price", "empathy"]) is None
    True
    """
    if not dimensions or set(dimensions) - set(PUBLISHED):
        return None
    return normalised({name: PUBLISHED[name] for name in dimensions}, "published")


@dataclass(frozen=True, slots=True, eq=False)
class Allocations:
    """Points respondents gave the dimensions, each row scaled to sum to 1.

    ``rescaled`` counts rows that missed 100 points by more than half a point, ``partial`` rows
    with a dimension left empty, which counts as no points, and ``unusable`` rows that are empty,
    negative or all zero: they hold NaN.
    """

    weights: FloatArray
    rescaled: int
    partial: int
    unusable: int

    @property
    def mean(self) -> FloatArray | None:
        """Mean weight of each dimension; None if no row is usable."""
        usable = ~np.isnan(self.weights).any(axis=1)
        return self.weights[usable].mean(axis=0) if usable.any() else None


def allocations(points: ArrayLike) -> Allocations:
    """Return the weights behind 100-point allocations, one row per respondent.

    Parameters
    ----------
    points : array-like, n by d
        Points per dimension, NaN where left empty.

    Raises
    ------
    ValueError
        If `points` is not a table.

    Examples
    --------
    >>> given = allocations([[50, 30, 20], [5, 3, 2], [60, 40, float("nan")], [0, 0, 0]])
    >>> given.weights[1].tolist(), (given.rescaled, given.partial, given.unusable)
    ([0.5, 0.3, 0.2], (1, 1, 1))
    """
    table = np.asarray(points, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("points must be a table: a row per respondent, a column per dimension")
    empty = np.isnan(table)
    filled = np.where(empty, 0.0, table)
    totals = filled.sum(axis=1)
    usable = (filled >= 0).all(axis=1) & (totals > 0) & np.isfinite(totals)
    weights = np.full(table.shape, np.nan)
    weights[usable] = filled[usable] / totals[usable, None]
    return Allocations(
        weights,
        rescaled=int((usable & (np.abs(totals - 100) > TOLERATED)).sum()),
        partial=int((usable & empty.any(axis=1)).sum()),
        unusable=int((~usable).sum()),
    )


def weighted_score(
    values: ArrayLike,
    weights: Weights,
    respondent_weights: ArrayLike | None = None,
    confidence: float = 0.95,
) -> WeightedScore | None:
    """Return the weighted score over dimensions: Σ w·value / Σ w, per respondent, then the mean.

    Points are divided by their sum, never by the number of dimensions (the worksheet form
    Σ points x gap / 5 gives numbers off the scale).

    Parameters
    ----------
    values : array-like, n by d
        Gaps or perceptions per respondent, columns in the order of ``weights.weights``; NaN
        where missing. A respondent's weights are shared out over the dimensions he has, and he
        counts if these hold at least half the weight.
    weights : Weights
        Of the program, which sum to 1.
    respondent_weights : array-like, n by d, optional
        Each respondent's own (see `allocations`); a row with NaN leaves the respondent out.
    confidence : float
        Of the t interval over respondents. The program's weights count as fixed.

    Returns
    -------
    WeightedScore or None
        None without a respondent who counts.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> gaps = [[-2.0, 0.0], [-1.0, -1.0], [-1.0, 0.0]]
    >>> found = weighted_score(gaps, normalised({"reliability": 60, "empathy": 40}))
    >>> round(found.score, 4), round(found.low, 3), round(found.high, 3)
    (-0.9333, -1.692, -0.174)
    """
    require_confidence(confidence)
    table, names = np.asarray(values, dtype=np.float64), list(weights.weights)
    fixed = np.array([weights.weights[name] for name in names])
    if table.ndim != 2 or table.shape[1] != len(names):
        raise ValueError(f"values need one column for each of {', '.join(names)}")
    own = np.broadcast_to(fixed, table.shape)
    if respondent_weights is not None:
        own = np.asarray(respondent_weights, dtype=np.float64)
        if own.shape != table.shape:
            raise ValueError("respondents' weights must have the shape of the values")
    given = ~np.isnan(table)
    present = np.where(given, own, 0.0).sum(axis=1)
    counted = (present >= 0.5 * own.sum(axis=1)) & (present > 0)
    if not counted.any():
        return None
    table, given, own = table[counted], given[counted], own[counted]
    scores = np.where(given, own * np.where(given, table, 0.0), 0.0).sum(axis=1) / present[counted]
    low, high = _t_interval(scores, confidence)
    column_weights = own.mean(axis=0) / own.mean(axis=0).sum()
    counts = np.maximum(given.sum(axis=0), 1)
    means = np.where(given, table, 0.0).sum(axis=0) / counts
    parts = {name: float(w * m) for name, w, m in zip(names, column_weights, means, strict=True)}
    source = weights.source if respondent_weights is None else "respondents"
    return WeightedScore(
        source, len(scores), float(scores.mean()), low, high, sum(parts.values()), parts
    )


def score_of_means(means: Mapping[str, float], weights: Weights) -> tuple[float, dict[str, float]]:
    """Return the weighted score of dimension means and each dimension's contribution.

    For summary data; dimensions without a mean leave their weight to the others. Raises
    ValueError if no weighted dimension has a mean.

    Examples
    --------
    >>> weights = normalised({"reliability": 3, "empathy": 1})
    >>> score_of_means({"reliability": -1.0, "empathy": -0.2}, weights)
    (-0.8, {'reliability': -0.75, 'empathy': -0.05})
    """
    kept = {name: w for name, w in weights.weights.items() if name in means}
    total = sum(kept.values())
    if not total:
        raise ValueError("no weighted dimension has a mean")
    parts = {name: w / total * means[name] for name, w in kept.items()}
    return sum(parts.values()), parts


def _t_interval(scores: FloatArray, confidence: float) -> tuple[float | None, float | None]:
    n, mean = len(scores), float(scores.mean())
    sd = float(scores.std(ddof=1)) if n > 1 else 0.0
    if sd <= 1e-12 * abs(mean):
        return None, None
    half = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * sd / sqrt(n)
    return mean - half, mean + half
