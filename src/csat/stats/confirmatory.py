"""Whether the items measure the dimensions they are meant to: confirmatory factor analysis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats.comoments import correlation_of

FloatArray = NDArray[np.float64]

Unknown = Literal["too_few_answers", "not_identified", "no_spread", "no_fit"]

LEAST_CFI = 0.90
LEAST_AVE = 0.40
FEWEST = 100

_SINGULAR = 1e-9
_STEPS = 300
_FLAT = 1e-8
_NEARLY_FLAT = 1e-5
"""Where rounding stops the descent, a gradient this small is a fit all the same."""


@dataclass(frozen=True, slots=True)
class Validity:
    """One dimension in the fitted model.

    ``loadings`` are standardised, by item. ``ave`` is the mean share of an item's variance that
    the dimension explains and ``composite`` the reliability of its sum (omega on standardised
    loadings). ``distinct`` tells whether √AVE exceeds its correlation with every other
    dimension (Fornell and Larcker 1981).
    """

    loadings: tuple[float, ...]
    ave: float
    composite: float
    distinct: bool


@dataclass(frozen=True, slots=True)
class Confirmatory:
    """Fit of the model that gives each item to one dimension and lets dimensions correlate.

    ``cfi`` and ``tli`` from .90 on, ``rmsea`` and ``srmr`` up to .08 are usually called
    acceptable. ``improper`` marks a fit with a negative variance or impossible correlations of
    dimensions. ``unknown`` is the reason for having no fit; then all else is None or empty.
    """

    n: int
    chi_square: float | None
    df: int
    p_value: float | None
    cfi: float | None
    tli: float | None
    rmsea: float | None
    srmr: float | None
    improper: bool
    dimensions: Mapping[str, Validity]
    unknown: Unknown | None = None

    def descriptive_only(self, dimension: str) -> bool | None:
        """Whether a dimension is a heading rather than a measure; None if that is not known."""
        if self.cfi is None:
            return None
        return self.cfi < LEAST_CFI or self.dimensions[dimension].ave < LEAST_AVE


def confirmatory(
    covariance: ArrayLike, n: int, dimensions: Mapping[str, Sequence[int]]
) -> Confirmatory:
    """Return the maximum-likelihood fit of the dimensions to their items (Jöreskog 1969).

    Parameters
    ----------
    covariance : array-like, k by k
        Of all items, of the respondents who answered them all.
    n : int
        Those respondents; below 100 the model is not fitted.
    dimensions : Mapping of str to Sequence of int
        Positions of the items of each dimension; items in none are left out. A dimension needs
        two items, or three if it is the only one.

    Returns
    -------
    Confirmatory
        Chi-square is n times the misfit, as in lavaan. Ratings crowded at an end of the scale
        are not normal: chi-square then comes out too large.

    Raises
    ------
    ValueError
        If the matrix is not square, finite and symmetric, or an item is in two dimensions.

    Examples
    --------
    >>> loadings = np.array([[0.8, 0], [0.7, 0], [0, 0.6], [0, 0.9]])
    >>> model = loadings @ [[1, 0.5], [0.5, 1]] @ loadings.T
    >>> np.fill_diagonal(model, 1)
    >>> found = confirmatory(model, 300, {"speed": [0, 1], "staff": [2, 3]})
    >>> [round(x, 3) for x in found.dimensions["speed"].loadings], round(found.cfi, 3), found.df
    ([0.8, 0.7], 1.0, 1)
    """
    order = [i for items in dimensions.values() for i in items]
    if len(set(order)) != len(order):
        raise ValueError("an item belongs to one dimension")
    k, m = len(order), len(dimensions)
    df = k * (k + 1) // 2 - 2 * k - m * (m - 1) // 2
    sizes = [len(items) for items in dimensions.values()]
    if not sizes or min(sizes) < (2 if m > 1 else 3):
        return _nothing(n, df, "not_identified")
    chosen = np.asarray(covariance, dtype=np.float64)
    correlation = correlation_of(chosen[np.ix_(order, order)])
    if n < FEWEST:
        return _nothing(n, df, "too_few_answers")
    if correlation is None or np.linalg.eigvalsh(correlation)[0] < _SINGULAR:
        return _nothing(n, df, "no_spread")
    model = _Model(np.repeat(np.arange(m), sizes), m)
    parameters = _fit(correlation, model)
    if parameters is None:
        return _nothing(n, df, "no_fit")
    return _described(correlation, n, df, dimensions, model, parameters)


def _nothing(n: int, df: int, unknown: Unknown) -> Confirmatory:
    return Confirmatory(n, None, df, None, None, None, None, None, False, {}, unknown)


@dataclass(frozen=True, slots=True, eq=False)
class _Model:
    """Which of m dimensions each item loads on; parameters: loadings, variances, correlations."""

    home: NDArray[np.int64]
    m: int

    def parts(self, parameters: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        k = len(self.home)
        loadings = np.zeros((k, self.m))
        loadings[np.arange(k), self.home] = parameters[:k]
        between = np.eye(self.m)
        rows, columns = np.triu_indices(self.m, 1)
        between[rows, columns] = between[columns, rows] = parameters[2 * k :]
        return loadings, parameters[k : 2 * k], between

    def implied(self, parameters: FloatArray) -> FloatArray:
        loadings, own, between = self.parts(parameters)
        covariance: FloatArray = loadings @ between @ loadings.T + np.diag(own)
        return covariance

    def slopes(self, parameters: FloatArray) -> FloatArray:
        """Return the derivative of the implied covariances by each parameter."""
        loadings, _, between = self.parts(parameters)
        k = len(self.home)
        reach = between @ loadings.T
        found = np.zeros((len(parameters), k, k))
        for i in range(k):
            found[i, i, :] += reach[self.home[i]]
            found[i, :, i] += reach[self.home[i]]
            found[k + i, i, i] = 1.0
        for place, (a, b) in enumerate(zip(*np.triu_indices(self.m, 1), strict=True)):
            outer = np.outer(loadings[:, a], loadings[:, b])
            found[2 * k + place] = outer + outer.T
        return found


def _misfit(correlation: FloatArray, implied: FloatArray) -> float:
    sign, determinant = np.linalg.slogdet(implied)
    if sign <= 0 or np.linalg.eigvalsh(implied)[0] <= 0:
        return float("inf")
    own = float(np.linalg.slogdet(correlation)[1])
    return float(determinant + np.trace(np.linalg.solve(implied, correlation))) - own - len(implied)


def _fit(correlation: FloatArray, model: _Model) -> FloatArray | None:
    """Return the parameters of least misfit by Fisher scoring, None if it does not settle."""
    k = len(correlation)
    pairs = model.m * (model.m - 1) // 2
    x = np.concatenate((np.full(k, 0.7), np.full(k, 0.5), np.full(pairs, 0.3)))
    misfit = _misfit(correlation, model.implied(x))
    for _ in range(_STEPS):
        inverse = np.linalg.inv(model.implied(x))
        slopes = inverse @ model.slopes(x)
        excess = np.eye(k) - inverse @ correlation
        gradient = np.einsum("tij,ji->t", slopes, excess)
        if np.abs(gradient).max() < _FLAT:
            return x
        information = np.einsum("sij,tji->st", slopes, slopes)
        step = np.linalg.lstsq(information, gradient, rcond=None)[0]
        size = 1.0
        while size > 1e-3:
            trial = x - size * step
            reached = _misfit(correlation, model.implied(trial))
            if reached <= misfit:
                break
            size /= 2
        else:
            break
        x, misfit = trial, reached
    return x if np.abs(gradient).max() < _NEARLY_FLAT else None


def _described(
    correlation: FloatArray,
    n: int,
    df: int,
    dimensions: Mapping[str, Sequence[int]],
    model: _Model,
    parameters: FloatArray,
) -> Confirmatory:
    loadings, own, between = model.parts(parameters)
    implied = model.implied(parameters)
    chi = max(0.0, n * _misfit(correlation, implied))
    k = len(correlation)
    base_df = k * (k - 1) // 2
    base = -n * float(np.linalg.slogdet(correlation)[1])
    over, base_over = max(chi - df, 0.0), max(base - base_df, chi - df, 0.0)
    tli = None
    if df > 0 and base / base_df != 1:
        tli = (base / base_df - chi / df) / (base / base_df - 1)
    residual = (correlation - implied)[np.tril_indices(k)]
    found = {}
    for j, name in enumerate(dimensions):
        mine = loadings[model.home == j, j]
        mine = -mine if mine.sum() < 0 else mine
        ave = float((mine**2).mean())
        common = float(mine.sum()) ** 2
        others = np.abs(np.delete(between[j], j)).max(initial=0.0)
        composite = common / (common + float((1 - mine**2).sum()))
        found[name] = Validity(tuple(mine.tolist()), ave, composite, bool(sqrt(ave) > others))
    return Confirmatory(
        n=n,
        chi_square=chi,
        df=df,
        p_value=float(special.chdtrc(df, chi)) if df else None,
        cfi=1 - over / base_over if base_over else 1.0,
        tli=tli,
        rmsea=sqrt(over / (df * n)) if df else None,
        srmr=sqrt(float((residual**2).mean())),
        improper=bool((own <= 0).any() or np.linalg.eigvalsh(between)[0] <= 0),
        dimensions=found,
    )
