"""The weighted satisfaction index: several indicators as one figure from 0 to 100."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats._checks import require_confidence
from csat.stats.moments import Moments

FloatArray = NDArray[np.float64]

LEAST_PRESENT = 0.5
"""A respondent counts if his answers hold at least this part of the weight."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One question of the index: its weight (in any unit) and the ends of its scale.

    For a question on which low is good, `best` lies below `worst`.
    """

    key: str
    weight: float
    worst: float
    best: float

    def __post_init__(self) -> None:
        if not (self.weight >= 0 and isfinite(self.weight)):
            raise ValueError(f"the weight of {self.key} must be at least 0, got {self.weight}")
        if self.worst == self.best or not isfinite(self.worst - self.best):
            raise ValueError(f"the scale of {self.key} needs two ends")


@dataclass(frozen=True, slots=True)
class Index:
    """A satisfaction index from 0 (worst) to 100 (best) with its standard error.

    ``low`` to ``high`` is the t interval, cut to the scale. ``levels`` are the means of the
    indicators on the same 0 to 100, over those counted who answered them. ``partial`` counts
    respondents whose weights were shared out over the answers they gave, ``left_out`` those
    with too few. The error and the interval are None without spread or below two respondents.
    """

    n: int
    value: float
    standard_error: float | None
    low: float | None
    high: float | None
    levels: Mapping[str, float | None]
    partial: int
    left_out: int


def _checked(indicators: Sequence[Indicator]) -> FloatArray:
    weights = np.array([indicator.weight for indicator in indicators])
    if not weights.sum() > 0:
        raise ValueError("an index needs an indicator with a weight above 0")
    if len({indicator.key for indicator in indicators}) != len(indicators):
        raise ValueError("each indicator may stand in an index once")
    share: FloatArray = weights / weights.sum()
    return share


def _rescaled(values: ArrayLike, indicators: Sequence[Indicator]) -> FloatArray:
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or table.shape[1] != len(indicators):
        raise ValueError("values need one row per respondent and one column per indicator")
    worst = np.array([indicator.worst for indicator in indicators])
    best = np.array([indicator.best for indicator in indicators])
    scaled: FloatArray = 100 * (table - worst) / (best - worst)
    if np.any((scaled < -1e-9) | (scaled > 100 + 1e-9)):
        raise ValueError("a value lies off the scale of its indicator")
    return scaled


def index_scores(values: ArrayLike, indicators: Sequence[Indicator]) -> FloatArray:
    """Return each respondent's index, 0 to 100; NaN for those who answered too little.

    A missing answer leaves its weight to the others if these hold at least half of it. The
    scores suit `csat.stats.design.design_mean` where the survey has weights or clusters.

    Examples
    --------
    >>> five = [Indicator("quality", 3, 1, 5), Indicator("price", 1, 1, 5)]
    >>> index_scores([[5, 1], [4, float("nan")], [float("nan"), 5]], five).tolist()
    [75.0, 75.0, nan]
    """
    weights, scaled = _checked(indicators), _rescaled(values, indicators)
    given = ~np.isnan(scaled)
    present = given @ weights
    sums = np.where(given, scaled, 0.0) @ weights
    enough = (present >= LEAST_PRESENT - 1e-12) & (present > 0)
    scores: FloatArray = np.divide(sums, present, out=np.full(len(scaled), np.nan), where=enough)
    return scores


def satisfaction_index(
    values: ArrayLike, indicators: Sequence[Indicator], confidence: float = 0.95
) -> Index | None:
    """Return the satisfaction index of some respondents (ACSI form; Fornell et al. 1996).

    100 Σ w (x - worst) / (best - worst) with weights that sum to 1, per respondent and then the
    mean, so that the standard error knows how the indicators go together. The weights count as
    fixed.

    Parameters
    ----------
    values : array-like, n by k
        Answers, columns in the order of `indicators`; NaN where missing.
    indicators : Sequence of Indicator
        With at least one weight above 0.
    confidence : float
        Of the t interval.

    Returns
    -------
    Index or None
        None if no respondent answered enough.

    Raises
    ------
    ValueError
        If the shapes do not fit, all weights are 0, an indicator stands twice, or a value lies
        off its scale.

    Examples
    --------
    >>> ten = [Indicator("overall", 1, 1, 10), Indicator("expected", 1, 1, 10)]
    >>> found = satisfaction_index([[10, 10], [7, 4], [4, 7]], ten)
    >>> round(found.value, 2), round(found.standard_error, 2)
    (66.67, 16.67)
    """
    require_confidence(confidence)
    scores, scaled = index_scores(values, indicators), _rescaled(values, indicators)
    counted = ~np.isnan(scores)
    n = int(counted.sum())
    if not n:
        return None
    kept, scaled = scores[counted], scaled[counted]
    given = ~np.isnan(scaled)
    weighted = np.array([indicator.weight > 0 for indicator in indicators])
    counts = given.sum(axis=0)
    means = np.where(given, scaled, 0.0).sum(axis=0) / np.maximum(counts, 1)
    levels = {
        indicator.key: float(mean) if count else None
        for indicator, mean, count in zip(indicators, means, counts, strict=True)
    }
    sd = float(kept.std(ddof=1)) if n > 1 else 0.0
    partial = int((~given[:, weighted]).any(axis=1).sum())
    return _index(n, float(kept.mean()), sd, levels, partial, len(scores) - n, confidence)


def _index(
    n: int,
    value: float,
    sd: float,
    levels: Mapping[str, float | None],
    partial: int,
    left_out: int,
    confidence: float,
) -> Index:
    value = min(100.0, max(0.0, value))
    if n < 2 or sd <= 1e-10:
        return Index(n, value, None, None, None, levels, partial, left_out)
    se = sd / sqrt(n)
    half = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * se
    low, high = max(0.0, value - half), min(100.0, value + half)
    return Index(n, value, se, low, high, levels, partial, left_out)


def index_from_moments(
    n: int,
    means: ArrayLike,
    covariance: ArrayLike | None,
    indicators: Sequence[Indicator],
    confidence: float = 0.95,
) -> Index:
    """Return the index of `n` respondents who answered every indicator, from sums alone.

    The variance of the weighted sum follows from the covariances of the answers
    (`csat.stats.comoments`); without them (None) the index has no interval. Raises ValueError
    as `satisfaction_index` does, and below one respondent.

    Examples
    --------
    >>> ten = [Indicator("overall", 1, 1, 10), Indicator("expected", 1, 1, 10)]
    >>> found = index_from_moments(3, [7, 7], [[9.0, 4.5], [4.5, 9.0]], ten)
    >>> round(found.value, 2), round(found.standard_error, 2)
    (66.67, 16.67)
    """
    require_confidence(confidence)
    if n < 1:
        raise ValueError(f"an index needs at least one respondent, got n = {n}")
    weights = _checked(indicators)
    scaled = _rescaled(np.asarray(means, dtype=np.float64)[None], indicators)[0]
    levels = {i.key: float(level) for i, level in zip(indicators, scaled, strict=True)}
    sd = 0.0
    if covariance is not None:
        slopes = 100 * weights / np.array([i.best - i.worst for i in indicators])
        sd = sqrt(max(0.0, float(slopes @ np.asarray(covariance, dtype=np.float64) @ slopes)))
    return _index(n, float(weights @ scaled), sd, levels, 0, 0, confidence)


def index_of_scores(
    scores: Moments,
    levels: Mapping[str, float | None] | None = None,
    partial: int = 0,
    left_out: int = 0,
    confidence: float = 0.95,
) -> Index | None:
    """Return the index of respondents whose scores (`index_scores`) were added up elsewhere.

    Levels, partial answers and who was left out are those of the same count. None without a
    respondent.

    Examples
    --------
    >>> found = index_of_scores(Moments(3, 200, 15_000))
    >>> round(found.value, 2), round(found.standard_error, 2)
    (66.67, 16.67)
    """
    require_confidence(confidence)
    if not scores.n:
        return None
    sd = sqrt(scores.variance) if scores.variance else 0.0
    mean = scores.mean or 0.0
    return _index(scores.n, mean, sd, levels or {}, partial, left_out, confidence)


def unstandardised_weights(outer: Sequence[float], sds: Sequence[float]) -> list[float]:
    """Return index weights from outer weights of standardised items (ECSI; Tenenhaus 2005).

    Each is divided by the standard deviation of its item and all are scaled to sum to 1. Raises
    ValueError if lengths differ, a deviation is not positive or the weights do not sum to more
    than 0.

    Examples
    --------
    >>> unstandardised_weights([0.5, 0.5], [1.0, 3.0])
    [0.75, 0.25]
    """
    if len(outer) != len(sds) or any(not sd > 0 for sd in sds):
        raise ValueError("each outer weight needs a standard deviation above 0")
    raw = [weight / sd for weight, sd in zip(outer, sds, strict=True)]
    if not sum(raw) > 0:
        raise ValueError("outer weights must sum to more than 0")
    return [weight / sum(raw) for weight in raw]


@dataclass(frozen=True, slots=True)
class Reweighting:
    """The same answers at the old and at the new weights; ``shift`` is new minus old."""

    old: Index
    new: Index

    @property
    def shift(self) -> float:
        """Points by which the index moves without any answer having changed."""
        return self.new.value - self.old.value


def reweighted(
    values: ArrayLike, old: Sequence[Indicator], new: Sequence[Indicator], confidence: float = 0.95
) -> Reweighting | None:
    """Return the index at old and new weights, for the year in which the weights change.

    Both lists name the same indicators in the order of the columns; one that is new or dropped
    has the weight 0 in the other list. None if either index has no respondent. Raises
    ValueError if the lists differ in more than weights.

    Examples
    --------
    >>> old = [Indicator("quality", 3, 1, 5), Indicator("price", 1, 1, 5)]
    >>> new = [Indicator("quality", 1, 1, 5), Indicator("price", 1, 1, 5)]
    >>> reweighted([[5, 3], [4, 2]], old, new).shift
    -12.5
    """
    if [(i.key, i.worst, i.best) for i in old] != [(i.key, i.worst, i.best) for i in new]:
        raise ValueError("old and new weights must be of the same indicators and scales")
    before = satisfaction_index(values, old, confidence)
    after = satisfaction_index(values, new, confidence)
    return None if before is None or after is None else Reweighting(before, after)
