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
    n, k = len(x), x.shape[1] + 1
    if n <= k:
        return None
    design = np.column_stack((np.ones(n), x))
    left, sizes, right = np.linalg.svd(design, full_matrices=False)
    total = float(((y - y.mean()) ** 2).sum())
    if sizes[-1] <= _DEPENDENT * sizes[0] or total == 0:
        return None
    coefficients = right.T @ ((left.T @ y) / sizes)
    residual = y - design @ coefficients
    leverage = (left**2).sum(axis=1)
    inverse = right.T / sizes  # coefficients = inverse @ left.T @ y
    # A respondent alone in a category is fitted exactly (leverage 1) and carries no error.
    alone = leverage > 1 - _DEPENDENT
    scaled = np.where(alone, 0.0, residual / np.where(alone, 1.0, 1 - leverage))
    robust = np.sqrt(((inverse @ left.T) ** 2) @ scaled**2)
    unexplained = float(residual @ residual)
    classical = np.sqrt((inverse**2).sum(axis=1) * unexplained / (n - k))
    t = np.divide(coefficients, robust, out=np.full(k, np.inf), where=robust > 0)
    p_value = 2 * special.stdtr(n - k, -np.abs(t))
    r_squared = 1 - unexplained / total
    return Regression(n, n - k, coefficients, robust, classical, p_value, r_squared)
