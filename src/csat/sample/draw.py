"""Weighted draws, ratings with a wanted mean, and text columns."""

from __future__ import annotations

from collections.abc import Sequence
from math import erf, sqrt
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]
Ratings = NDArray[np.int8]
POINTS: Final = 100
"""What a respondent spreads over the dimensions, in fives."""
POINTS_FIRMNESS: Final = 30.0
POINTS_STEP: Final = 5


def pick(
    rng: np.random.Generator, weights: Sequence[float] | NDArray[np.float64], count: int
) -> Ints:
    """Draw positions with the given weights.

    Examples
    --------
    >>> pick(np.random.default_rng(1), (0, 1, 0), 3).tolist()
    [1, 1, 1]
    """
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    drawn = np.searchsorted(cumulative, rng.random(count) * cumulative[-1], side="right")
    within: Ints = np.minimum(drawn, len(cumulative) - 1).astype(np.int64)
    return within


def pick_by_row(rng: np.random.Generator, weights: NDArray[np.float64], row: Ints) -> Ints:
    """Draw one column of `weights` for each row number given.

    Examples
    --------
    >>> w = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> pick_by_row(np.random.default_rng(1), w, np.array([1, 0, 1])).tolist()
    [1, 0, 1]
    """
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    drawn = rng.random(len(row))
    passed = np.zeros(len(row), dtype=np.int64)
    for edge in cumulative.T[:-1]:
        passed += drawn >= edge[row]
    return passed


def spread(rng: np.random.Generator, count: int) -> Floats:
    """Draw standard normal values."""
    return rng.standard_normal(count, dtype=np.float32)


def chance(rng: np.random.Generator, probability: float, count: int) -> Flags:
    """Draw yes or no with one probability."""
    return rng.random(count, dtype=np.float32) < probability


def expected_rating(mean: float, sd: float, low: int, high: int) -> float:
    """Return the mean of a normal value after rounding and clipping to a scale.

    Examples
    --------
    >>> expected_rating(4.0, 1.0, 1, 7)
    4.0
    """
    above = (0.5 - 0.5 * erf((k + 0.5 - mean) / sd / sqrt(2)) for k in range(low, high))
    return round(low + sum(above), 9)


def latent_mean(wanted: float, sd: float, low: int, high: int) -> float:
    """Find the normal mean whose ratings have the wanted mean.

    Examples
    --------
    >>> round(expected_rating(latent_mean(6.6, 0.9, 1, 7), 0.9, 1, 7), 4)
    6.6
    """
    bottom, top = low - 4.0 * sd, high + 4.0 * sd
    for _ in range(36):
        middle = (bottom + top) / 2
        if expected_rating(middle, sd, low, high) < wanted:
            bottom = middle
        else:
            top = middle
    return (bottom + top) / 2


def latent_shifts(changes: Sequence[float], mean: float, sd: float, low: int, high: int) -> Floats:
    """Translate wanted changes of a mean rating into shifts of the value before rounding.

    Parameters
    ----------
    changes
        Wanted changes of the mean rating.
    mean
        Normal mean before the change.
    sd, low, high
        Spread of the normal value and ends of the scale.

    Examples
    --------
    >>> latent_shifts([0.0, -1.0], 5.5, 1.2, 1, 7).round(2).tolist()
    [0.0, -1.0499999523162842]
    """
    before = expected_rating(mean, sd, low, high)
    found = {0.0: 0.0}
    for change in changes:
        if change not in found:
            found[change] = latent_mean(before + change, sd, low, high) - mean
    return np.array([found[change] for change in changes], dtype=np.float32)


def to_scale(values: Floats, low: int, high: int) -> Ratings:
    """Round values to whole ratings within the ends of a scale.

    Examples
    --------
    >>> to_scale(np.array([0.2, 3.6, 9.0], dtype=np.float32), 1, 5).tolist()
    [1, 4, 5]
    """
    return np.clip(np.rint(values), low, high).astype(np.int8)


def draw_allocation(
    rng: np.random.Generator, wanted: Sequence[float] | NDArray[np.float64], count: int
) -> NDArray[np.int16]:
    """Draw how people spread 100 points, in fives; each leans his own way around the mean.

    Returns
    -------
    array, one row per person
        Whole points; the rows add up to 100.

    Examples
    --------
    >>> draw_allocation(np.random.default_rng(1), [50, 30, 20], 2).sum(axis=1).tolist()
    [100, 100]
    """
    means = np.asarray(wanted, dtype=np.float64)
    leaning = rng.dirichlet(means * POINTS_FIRMNESS / POINTS, size=count)
    given = POINTS_STEP * rng.multinomial(POINTS // POINTS_STEP, leaning)
    return given.astype(np.int16)


def text_column(texts: Sequence[str | None], position: Ints, blank: Flags | None = None) -> Any:
    """Take texts by position into an Arrow column; blank where flagged.

    Examples
    --------
    >>> text_column(["a", "b"], np.array([1, 0]), np.array([False, True])).to_pylist()
    ['b', None]
    """
    return pa.array(texts, pa.string()).take(pa.array(position, mask=blank))
