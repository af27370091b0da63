"""Exact sums from which the covariances of several ratings follow."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comoments:
    """Count, sums and sums of products of k ratings of the same respondents, as exact integers.

    Like `csat.stats.moments.Moments` they add without rounding over months, branches and batches.

    Parameters
    ----------
    n : int
        Respondents who answered all k items.
    totals : Sequence of int
        Sum of each rating times `divisor`; k entries.
    products : Sequence of Sequence of int
        Sum of the product of each two ratings, each times `divisor`; k by k and symmetric. Row i
        may also start at the diagonal (k - i entries), as SQL that leaves out the mirror half
        gives it.
    divisor : int
        The ratings are ``x / divisor``.

    Raises
    ------
    ValueError
        If the shapes do not fit, `n` is negative or `divisor` is not positive.
    TypeError
        If a sum is not a whole number.

    Examples
    --------
    Answers (1, 2), (2, 4) and (3, 3) to two items:

    >>> sums = Comoments(n=3, totals=(6, 9), products=((14, 19), (29,)))
    >>> sums.means.tolist(), sums.covariance.tolist()
    ([2.0, 3.0], [[1.0, 0.5], [0.5, 1.0]])
    """

    n: int
    totals: Sequence[int]
    products: Sequence[Sequence[int]]
    divisor: int = 1

    def __post_init__(self) -> None:
        totals = tuple(operator.index(x) for x in self.totals)
        rows = [[operator.index(x) for x in row] for row in self.products]
        k = len(totals)
        if len(rows) == k and all(len(row) == k - i for i, row in enumerate(rows)):
            rows = [[rows[min(i, j)][abs(i - j)] for j in range(k)] for i in range(k)]
        if len(rows) != k or any(len(row) != k for row in rows):
            raise ValueError(f"the products of {k} items must be {k} by {k}")
        if operator.index(self.n) < 0 or operator.index(self.divisor) < 1:
            raise ValueError("n must be at least 0 and divisor at least 1")
        object.__setattr__(self, "n", operator.index(self.n))
        object.__setattr__(self, "totals", totals)
        object.__setattr__(self, "products", tuple(tuple(row) for row in rows))

    @property
    def means(self) -> FloatArray | None:
        """Mean of each rating, in scale points; None without respondents."""
        if not self.n:
            return None
        return np.array([total / (self.n * self.divisor) for total in self.totals])

    @property
    def covariance(self) -> FloatArray | None:
        """Sample covariances (denominator n - 1), k by k; None below two respondents."""
        if self.n < 2:
            return None
        # Python's whole numbers: the products of large sums would overflow fixed widths.
        scale = self.n * (self.n - 1) * self.divisor**2
        rows = [
            [(self.n * s - self.totals[i] * self.totals[j]) / scale for j, s in enumerate(row)]
            for i, row in enumerate(self.products)
        ]
        return np.array(rows, dtype=np.float64)

    def select(self, items: Sequence[int]) -> Comoments:
        """Return the sums of some of the items, by position, in the order given."""
        return Comoments(
            self.n,
            [self.totals[i] for i in items],
            [[self.products[i][j] for j in items] for i in items],
            self.divisor,
        )

    def __add__(self, other: Comoments) -> Comoments:
        if not isinstance(other, Comoments):
            return NotImplemented
        if len(self.totals) != len(other.totals) or self.divisor != other.divisor:
            raise ValueError("comoments of different items or divisors cannot be added")
        pairs = zip(self.products, other.products, strict=True)
        return Comoments(
            self.n + other.n,
            [a + b for a, b in zip(self.totals, other.totals, strict=True)],
            [[a + b for a, b in zip(x, y, strict=True)] for x, y in pairs],
            self.divisor,
        )


def comoments_of(rows: ArrayLike) -> Comoments:
    """Return the comoments of whole-number answers, one row per respondent, one column per item.

    A row with a missing answer (NaN) is left out whole, so that all covariances rest on the same
    respondents. Raises ValueError unless `rows` is a table of whole numbers.

    Examples
    --------
    >>> comoments_of([[1, 2], [2, 4], [3, 3], [5, float("nan")]]).totals
    (6, 9)
    """
    table = np.asarray(rows, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("answers must be a table: a row per respondent, a column per item")
    complete = table[~np.isnan(table).any(axis=1)]
    if np.any(complete % 1):
        raise ValueError("answers must be whole numbers")
    whole = complete.astype(np.int64)
    return Comoments(len(whole), whole.sum(axis=0).tolist(), (whole.T @ whole).tolist())


def correlation_of(covariance: ArrayLike) -> FloatArray | None:
    """Return the correlations of a covariance matrix; None if a variable has no spread.

    Examples
    --------
    >>> correlation_of([[4.0, 1.0], [1.0, 1.0]]).tolist()
    [[1.0, 0.5], [0.5, 1.0]]
    >>> correlation_of([[4.0, 0.0], [0.0, 0.0]]) is None
    True
    """
    matrix = square(covariance)
    variances = np.diag(matrix)
    if not np.all(variances > 0):
        return None
    sd = np.sqrt(variances)
    correlation: FloatArray = matrix / np.outer(sd, sd)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def square(matrix: ArrayLike) -> FloatArray:
    """Return `matrix` as floats; ValueError unless square, symmetric and finite."""
    values = np.array(matrix, dtype=np.float64)
    if values.ndim != 2 or values.shape[0] != values.shape[1] or not values.size:
        raise ValueError("a covariance or correlation matrix must be square")
    if not np.isfinite(values).all() or not np.allclose(values, values.T, rtol=1e-9, atol=1e-12):
        raise ValueError("a covariance or correlation matrix must be finite and symmetric")
    return values
