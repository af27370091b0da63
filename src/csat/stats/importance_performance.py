"""Importance against performance: where to concentrate, and how sure the quadrant is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats._checks import require_confidence
from csat.stats.blocks import MOST_BLOCKS

FloatArray = NDArray[np.float64]

Quadrant = Literal["concentrate", "keep_up", "low_priority", "possible_overkill"]
Crosshair = Literal["means", "medians", "given"]

CLEAR = 0.80
"""A quadrant that fewer of the draws agree on is borderline."""

_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Placed:
    """One item on the grid.

    ``importance`` and ``performance`` in scale points with t intervals, which close on the mean
    where all ratings are the same; ``support`` is
    the share of bootstrap draws that put the item in ``usual``, the quadrant most draws agree
    on. ``crosses_importance`` and ``crosses_performance`` tell that the interval reaches over
    that line of the crosshair.
    """

    name: str
    importance: float
    importance_low: float
    importance_high: float
    performance: float
    performance_low: float
    performance_high: float
    quadrant: Quadrant
    usual: Quadrant
    support: float
    crosses_importance: bool
    crosses_performance: bool

    @property
    def borderline(self) -> bool:
        """Whether another survey may well put the item in another quadrant."""
        return self.support < CLEAR or self.quadrant != self.usual


@dataclass(frozen=True, slots=True)
class ImportancePerformance:
    """The grid: its crosshair in scale points, how that was chosen, and the items placed."""

    n: int
    cross_importance: float
    cross_performance: float
    crosshair: Crosshair
    items: tuple[Placed, ...]


def quadrant(
    importance: float, performance: float, cross_importance: float, cross_performance: float
) -> Quadrant:
    """Return the quadrant of one item; a value on a line counts as high (Martilla, James 1977).

    Examples
    --------
    >>> quadrant(6.5, 4.2, cross_importance=5.8, cross_performance=4.9)
    'concentrate'
    """
    if importance >= cross_importance:
        return "keep_up" if performance >= cross_performance else "concentrate"
    return "possible_overkill" if performance >= cross_performance else "low_priority"


_QUADRANTS: tuple[Quadrant, ...] = ("low_priority", "possible_overkill", "concentrate", "keep_up")


def importance_performance(
    names: Sequence[str],
    importance: ArrayLike,
    performance: ArrayLike,
    crosshair: Crosshair | tuple[float, float] = "means",
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 20260101,
) -> ImportancePerformance | None:
    """Return the importance-performance grid of some items with the doubt of each place.

    Parameters
    ----------
    names : Sequence of str
        Items.
    importance, performance : array-like, n by k
        Stated importance and performance, one row per respondent (the same in both), NaN where
        missing. An item's mean rests on those who rated it.
    crosshair : {"means", "medians"} or pair of float
        Means (default) or medians of the item means, found anew in each draw, or fixed lines
        for importance and performance, such as the midpoints of the scales.
    confidence : float
        Of the intervals.
    draws, seed : int
        Of the bootstrap behind ``support``, by drawing respondents (of many, blocks of them) with
        replacement.

    Returns
    -------
    ImportancePerformance or None
        None with fewer than two respondents, or where an item has no rating at all.

    Raises
    ------
    ValueError
        If the shapes do not fit, or `draws` is below 100.

    Examples
    --------
    >>> stated = [[7, 5, 6], [6, 4, 7], [7, 5, 7], [6, 5, 6]]
    >>> rated = [[3, 5, 6], [4, 6, 6], [3, 6, 7], [4, 5, 6]]
    >>> grid = importance_performance(["speed", "decor", "staff"], stated, rated)
    >>> [(item.name, item.quadrant) for item in grid.items]
    [('speed', 'concentrate'), ('decor', 'possible_overkill'), ('staff', 'keep_up')]
    """
    require_confidence(confidence)
    sides = [np.asarray(side, dtype=np.float64) for side in (importance, performance)]
    if any(s.ndim != 2 or s.shape != (len(sides[0]), len(names)) for s in sides) or not names:
        raise ValueError("importance and performance need one row per respondent, one per item")
    if draws < 100:
        raise ValueError(f"a bootstrap needs at least 100 draws, got {draws}")
    n = len(sides[0])
    if n < 2 or any(np.isnan(s).all(axis=0).any() for s in sides):
        return None
    once = [np.nanmean(side, axis=0) for side in sides]
    cross = [float(_line(m, crosshair, k)) for k, m in enumerate(once)]
    drawn = _drawn([_by_block(side) for side in sides], draws, seed)
    lines = [np.broadcast_to(_line(d, crosshair, k), (draws,)) for k, d in enumerate(drawn)]
    above = [d >= line[:, None] for d, line in zip(drawn, lines, strict=True)]
    codes = 2 * above[0] + above[1]
    limits = [_t_limits(side, confidence) for side in sides]
    items = tuple(
        _placed(name, [float(m[j]) for m in once], [li[:, j] for li in limits], codes[:, j], cross)
        for j, name in enumerate(names)
    )
    return ImportancePerformance(
        n, cross[0], cross[1], crosshair if isinstance(crosshair, str) else "given", items
    )


def _placed(
    name: str,
    means: list[float],
    limits: list[FloatArray],
    codes: NDArray[np.int64],
    cross: list[float],
) -> Placed:
    counts = np.bincount(codes, minlength=4)
    (i_low, i_high), (p_low, p_high) = (tuple(map(float, pair)) for pair in limits)
    return Placed(
        name,
        means[0],
        i_low,
        i_high,
        means[1],
        p_low,
        p_high,
        quadrant(means[0], means[1], *cross),
        _QUADRANTS[int(counts.argmax())],
        float(counts.max() / counts.sum()),
        i_low <= cross[0] <= i_high,
        p_low <= cross[1] <= p_high,
    )


def _t_limits(values: FloatArray, confidence: float) -> FloatArray:
    """Return the ends of each item's t interval; both its mean where there is no spread."""
    n = (~np.isnan(values)).sum(axis=0)
    means = np.nanmean(values, axis=0)
    squares = np.nansum((values - means) ** 2, axis=0)
    error = np.sqrt(squares / np.maximum(n - 1, 1) / n)
    half = special.stdtrit(np.maximum(n - 1, 1), 0.5 + confidence / 2) * error
    return np.stack((means - half, means + half))


def _line(
    means: FloatArray, crosshair: Crosshair | tuple[float, float], side: int
) -> FloatArray | np.float64:
    """Return one line of the crosshair, for one set of item means or one per draw."""
    if isinstance(crosshair, tuple):
        return np.float64(crosshair[side])
    middle = np.mean if crosshair == "means" else np.median
    found: FloatArray | np.float64 = middle(means, axis=-1)
    return found


def _by_block(values: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return sums and numbers of ratings by block: one respondent each, or several if many."""
    given = ~np.isnan(values)
    filled, counts = np.where(given, values, 0.0), given.astype(np.float64)
    blocks = min(len(values), MOST_BLOCKS)
    padding = ((0, -len(values) % blocks), (0, 0))
    shape = (-1, blocks, values.shape[1])
    parts = (np.pad(part, padding).reshape(shape).sum(axis=0) for part in (filled, counts))
    return next(parts), next(parts)


def _means(sums: FloatArray, counts: FloatArray, times: FloatArray) -> FloatArray:
    """Return item means when each block counts so many times; one row per row of times."""
    drawn_sums, drawn_counts = times @ sums, times @ counts
    overall = sums.sum(axis=0) / counts.sum(axis=0)
    # A draw may miss every rating of a rare item; it then says nothing new of it.
    return np.where(drawn_counts > 0, drawn_sums / np.maximum(drawn_counts, 1), overall)


def _drawn(sides: list[tuple[FloatArray, FloatArray]], draws: int, seed: int) -> list[FloatArray]:
    rng, n = np.random.default_rng(seed), len(sides[0][0])
    found: list[list[FloatArray]] = [[], []]
    for start in range(0, draws, _CHUNK):
        m = min(_CHUNK, draws - start)
        picked = rng.integers(0, n, size=(m, n)) + n * np.arange(m)[:, None]
        times = np.bincount(picked.ravel(), minlength=m * n).reshape(m, n).astype(np.float64)
        for rows, side in zip(found, sides, strict=True):
            rows.append(_means(*side, times))
    return [np.concatenate(rows) for rows in found]
