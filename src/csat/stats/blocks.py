"""Weighted sums of products by block of respondents: all that a regression's bootstrap needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]

MOST_BLOCKS = 2000
"""Beyond so many respondents a block holds several; the spread of the draws stays the same."""

_CHUNK = 100


@dataclass(frozen=True, slots=True, eq=False)
class Blocks:
    """Sums over blocks of respondents drawn together in a bootstrap.

    Up to `MOST_BLOCKS` respondents each is a block of his own, which is the ordinary bootstrap.
    Blocks of several, alike in size and formed without regard to the answers, vary as much as
    their respondents do, at a cost that no longer grows with the number of answers. A survey
    drawn in clusters has its clusters as blocks.

    Parameters
    ----------
    n : int
        Respondents.
    effective_n : float
        Kish's number: how many equally weighted respondents would say as much.
    weights : array, G
        Sum of the weights in each block.
    totals : array, G by k
        Weighted sums of the variables.
    products : array, G by k by k
        Weighted sums of their products.
    """

    n: int
    effective_n: float
    weights: FloatArray
    totals: FloatArray
    products: FloatArray

    def __post_init__(self) -> None:
        blocks, k = self.totals.shape
        if self.weights.shape != (blocks,) or self.products.shape != (blocks, k, k):
            raise ValueError("each block needs one weight, k totals and k by k products")

    @property
    def covariance(self) -> FloatArray:
        """Covariances over all blocks (denominator: the sum of weights); zero without any."""
        all_once = np.ones((1, len(self.weights)))
        found: FloatArray = _covariances(all_once, *self._centred())[0]
        return found

    def resampled(self, draws: int, seed: int) -> Iterator[FloatArray]:
        """Yield stacks of covariance matrices of `draws` samples of blocks, with replacement."""
        rng = np.random.default_rng(seed)
        centred, blocks = self._centred(), len(self.weights)
        for start in range(0, draws, _CHUNK):
            m = min(_CHUNK, draws - start)
            drawn = rng.integers(0, blocks, size=(m, blocks)) + blocks * np.arange(m)[:, None]
            times = np.bincount(drawn.ravel(), minlength=m * blocks).reshape(m, blocks)
            yield _covariances(times.astype(np.float64), *centred)

    def _centred(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return the sums about the overall means, where differences lose no digits."""
        weight = float(self.weights.sum())
        mean = self.totals.sum(axis=0) / weight if weight else np.zeros(self.totals.shape[1])
        totals = self.totals - self.weights[:, None] * mean
        cross = self.totals[:, :, None] * mean
        square = self.weights[:, None, None] * np.outer(mean, mean)
        return self.weights, totals, self.products - cross - np.swapaxes(cross, 1, 2) + square


def _covariances(
    times: FloatArray, weights: FloatArray, totals: FloatArray, products: FloatArray
) -> FloatArray:
    blocks, k = totals.shape
    weight = np.maximum(times @ weights, np.finfo(np.float64).tiny)[:, None]
    means = times @ totals / weight
    second = (times @ products.reshape(blocks, k * k) / weight).reshape(-1, k, k)
    covariances: FloatArray = second - means[:, :, None] * means[:, None, :]
    # What rounding leaves of a variable without spread is no spread.
    own = np.diagonal(covariances, axis1=1, axis2=2)
    real = own > 1e-12 * np.diagonal(second, axis1=1, axis2=2)
    covariances *= real[:, :, None] & real[:, None, :]
    return covariances


def blocks_of(rows: ArrayLike, weights: ArrayLike | None = None) -> Blocks:
    """Return the blocks of a table: one row per respondent, one column per variable.

    Parameters
    ----------
    rows : array-like, n by k
        NaN where missing; a row with any missing value is left out whole.
    weights : array-like of n, optional
        At least 0; a respondent of weight 0 (or NaN) is left out.

    Raises
    ------
    ValueError
        If `rows` is not a table, or the weights do not fit or are negative.

    Examples
    --------
    >>> blocks = blocks_of([[1.0, 2.0], [3.0, 2.0], [5.0, 8.0], [4.0, float("nan")]])
    >>> blocks.n, blocks.covariance.round(4).tolist()
    (3, [[2.6667, 4.0], [4.0, 8.0]])
    """
    table = np.asarray(rows, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("values must be a table: a row per respondent, a column per variable")
    w = np.ones(len(table)) if weights is None else np.asarray(weights, dtype=np.float64)
    if w.shape != (len(table),) or np.any(w < 0):
        raise ValueError("each respondent needs one weight of at least 0")
    kept = ~np.isnan(table).any(axis=1) & (w > 0)
    table, w = table[kept], w[kept]
    n, k = table.shape
    blocks = min(n, MOST_BLOCKS)
    # Respondents are dealt out in turn, so neighbours in time fall into different blocks.
    order = np.argsort(np.arange(n) % max(blocks, 1), kind="stable")
    starts = np.searchsorted((np.arange(n) % max(blocks, 1))[order], np.arange(blocks))
    table, w = table[order], w[order]
    products = np.empty((blocks, k, k))
    for j in range(k):
        products[:, j] = _summed((w * table[:, j])[:, None] * table, starts)
    effective = float(w.sum()) ** 2 / float(w @ w) if n else 0.0
    return Blocks(n, effective, _summed(w, starts), _summed(w[:, None] * table, starts), products)


def _summed(values: FloatArray, starts: NDArray[np.int64]) -> FloatArray:
    if not starts.size:
        return np.zeros((0, *values.shape[1:]))
    sums: FloatArray = np.add.reduceat(values, starts, axis=0)
    return sums
