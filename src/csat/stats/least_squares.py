"""Ordinary least squares with standard errors that do not need equal scatter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]

_DEPENDENT = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """A fitted regression; entry 0 of each array is the intercept.

    ``standard_error`` is HC3 (robust against unequal scatter), ``classical_error`` the one that
    supposes equal scatter; ``p_value`` is two-sided by the t distribution with ``df`` degrees of
    freedom and the HC3 error.
    """

    n: int
    df: int
    coefficients: FloatArray
    standard_error: FloatArray
    classical_error: FloatArray
    p_value: FloatArray
    r_squared: float


def least_squares(predictors: ArrayLike, outcome: ArrayLike) -> Regression | None:
    """Return the least-squares regression of an outcome, with an intercept.

    Parameters
    ----------
    predictors : array-like, n by p
        One row per respondent; rows with a missing value (NaN) here or in `outcome` are left out.
    outcome : array-like of n

    Returns
    -------
    Regression or None
        HC3 errors after MacKinnon and White (1985). None if the rows are no more than the
        coefficients, a predictor follows from the others, or the outcome has no spread.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> fit = least_squares([[0.0], [1.0], [2.0], [3.0]], [1.0, 2.0, 4.0, 5.0])
    >>> fit.coefficients.round(3).tolist(), round(fit.r_squared, 2)
    ([0.9, 1.4], 0.98)
    """
    x, y = np.asarray(predictors, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    if x.ndim != 2 or y.shape != (len(x),):
        raise ValueError("each respondent needs a row of predictors and one outcome")
    kept = ~(np.isnan(x).any(axis=1) | np.isnan(y))
    x, y = x[kept], y[kept]
    return grouped_least_squares(x, np.ones(len(y)), y, np.zeros(len(y)))


def grouped_least_squares(
    predictors: ArrayLike, counts: ArrayLike, means: ArrayLike, within: ArrayLike
) -> Regression | None:
    """Return the same regression from groups of respondents who have equal predictors.

    A group gives all that its respondents would: they share their fitted value and leverage.

    Parameters
    ----------
    predictors : array-like, g by p
        One row per group.
    counts : array-like of g
        Respondents in each group, at least 1.
    means : array-like of g
        Mean outcome of each group.
    within : array-like of g
        Sum of squared distances of the outcomes of a group from its mean.

    Returns
    -------
    Regression or None
        See `least_squares`.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> fit = grouped_least_squares([[0.0], [1.0]], [3, 2], [2.0, 4.5], [2.0, 0.5])
    >>> fit.n, fit.coefficients.round(3).tolist(), fit.standard_error.round(3).tolist()
    (5, [2.0, 2.5], [0.707, 1.0])
    """
    x, size = np.asarray(predictors, dtype=np.float64), np.asarray(counts, dtype=np.float64)
    y, inside = np.asarray(means, dtype=np.float64), np.asarray(within, dtype=np.float64)
    if x.ndim != 2 or not len(x) == len(size) == len(y) == len(inside):
        raise ValueError("each group needs a row of predictors, a count, a mean and a scatter")
    n, k = int(size.sum()), x.shape[1] + 1
    if n <= k or len(x) < k:
        return None
    root = np.sqrt(size)
    design = np.column_stack((np.ones(len(x)), x))
    left, sizes, right = np.linalg.svd(design * root[:, None], full_matrices=False)
    total = float((inside + size * (y - (size @ y) / n) ** 2).sum())
    if sizes[-1] <= _DEPENDENT * sizes[0] or total == 0:
        return None
    coefficients = right.T @ ((left.T @ (root * y)) / sizes)
    residual = y - design @ coefficients
    leverage = (left**2).sum(axis=1) / size
    inverse = right.T / sizes  # coefficients = inverse @ left.T @ (root * y)
    scatter = inside + size * residual**2
    # A respondent alone in a category is fitted exactly (leverage 1) and carries no error.
    alone = leverage > 1 - _DEPENDENT
    scaled = np.where(alone, 0.0, scatter / np.where(alone, 1.0, 1 - leverage) ** 2)
    robust = np.sqrt(((inverse @ left.T) ** 2 / size) @ scaled)
    unexplained = float(scatter.sum())
    classical = np.sqrt((inverse**2).sum(axis=1) * unexplained / (n - k))
    t = np.divide(coefficients, robust, out=np.full(k, np.inf), where=robust > 0)
    p_value = 2 * special.stdtr(n - k, -np.abs(t))
    r_squared = 1 - unexplained / total
    return Regression(n, n - k, coefficients, robust, classical, p_value, r_squared)
