"""One common factor behind a set of items, fitted by maximum likelihood."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csat.stats.comoments import correlation_of

FloatArray = NDArray[np.float64]

_SINGULAR = 1e-9
"""Correlations with an eigenvalue below this hold an item that follows from the others."""

_LEAST_UNIQUENESS = 0.005
"""No item may share more than 99.5% of its variance with the factor (as R's factanal)."""

_STEPS = 200
_FLAT_GRADIENT = 1e-8


@dataclass(frozen=True, slots=True, eq=False)
class OneFactor:
    """Loadings and unique variances in the metric of the items; covariance = λλ' + diag(θ).

    ``at_bound`` tells that the best fit would leave an item no variance of its own (a Heywood
    case), so one was held at the least allowed: the fit is then not to be trusted.
    """

    loadings: FloatArray
    uniquenesses: FloatArray
    at_bound: bool

    @property
    def omega(self) -> float:
        """Share of the variance of the sum of the items that the factor explains (0 to 1)."""
        common = float(self.loadings.sum()) ** 2
        return common / (common + float(self.uniquenesses.sum()))


def one_factor(covariance: ArrayLike) -> OneFactor | None:
    """Return the one-factor model of items (Jöreskog 1967), loadings positive on balance.

    Parameters
    ----------
    covariance : array-like, k by k
        Sample covariances of at least three items.

    Returns
    -------
    OneFactor or None
        None below three items (any two are explained by many factors), if an item has no spread,
        or if one follows exactly from the others.

    Raises
    ------
    ValueError
        If the matrix is not square, finite and symmetric.

    Examples
    --------
    >>> fit = one_factor([[1.0, 0.56, 0.48], [0.56, 1.0, 0.42], [0.48, 0.42, 1.0]])
    >>> fit.loadings.round(6).tolist(), round(fit.omega, 4)
    ([0.8, 0.7, 0.6], 0.7449)
    """
    correlation = correlation_of(covariance)
    if correlation is None or len(correlation) < 3:
        return None
    if np.linalg.eigvalsh(correlation)[0] < _SINGULAR:
        return None
    log_unique, at_bound = _fit(correlation)
    unique = np.exp(log_unique)
    values, vectors = _whitened(correlation, log_unique)
    loadings = np.sqrt(unique) * vectors[:, -1] * np.sqrt(max(values[-1] - 1.0, 0.0))
    loadings *= -1.0 if loadings.sum() < 0 else 1.0
    variances = np.diag(np.asarray(covariance, dtype=np.float64))
    return OneFactor(loadings * np.sqrt(variances), unique * variances, at_bound)


def _whitened(correlation: FloatArray, log_unique: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return eigenvalues (rising) and vectors of the correlations over the uniquenesses."""
    scale = np.exp(-log_unique / 2)
    values, vectors = np.linalg.eigh(correlation * np.outer(scale, scale))
    return values, vectors


def _misfit(values: FloatArray) -> float:
    rest = values[:-1]
    return float(np.sum(rest - np.log(rest) - 1.0))


def _fit(correlation: FloatArray) -> tuple[FloatArray, bool]:
    """Minimise the misfit over the logs of the uniquenesses by Jöreskog's Newton steps."""
    least = float(np.log(_LEAST_UNIQUENESS))
    k = len(correlation)
    unique = (1 - 0.5 / k) / np.diag(np.linalg.inv(correlation))
    x = np.clip(np.log(unique), least, 0.0)
    values, vectors = _whitened(correlation, x)
    for _ in range(_STEPS):
        rest, spread = vectors[:, :-1], 1.0 - values[:-1]
        gradient = rest**2 @ spread
        held = (x <= least) & (gradient > 0)
        free = ~held
        if not free.any() or np.abs(gradient[free]).max() < _FLAT_GRADIENT:
            break
        curvature = (rest @ rest.T) ** 2
        step = np.zeros(k)
        step[free] = np.linalg.lstsq(curvature[np.ix_(free, free)], gradient[free], rcond=None)[0]
        # A factor that explains nothing leaves the curvature flat; shorter steps still descend.
        size, before = 1.0, _misfit(values)
        while size > 1e-3:
            trial = np.clip(x - size * step, least, 0.0)
            trial_values, trial_vectors = _whitened(correlation, trial)
            if _misfit(trial_values) <= before:
                break
            size /= 2
        else:
            break
        x, values, vectors = trial, trial_values, trial_vectors
    return x, bool(np.any(x <= least))
