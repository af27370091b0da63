"""How the explained variance of one outcome divides among its predictors.

All functions take stacks of covariance matrices at once, outcome last, so that a bootstrap costs
little more than the estimate itself.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MOST_EXACT = 12
"""Up to so many predictors every subset is tried (4,096 regressions); beyond, Johnson's weights."""

_NOTHING = 1e-10
"""A predictor whose variance falls to this share once others are known adds nothing to them."""

_CHUNK = 64
_CHUNK_OF_FEW = 256
"""Matrices worked on at a time, of many and of up to `_FEW` predictors: what stays in cache."""
_FEW = 7


def explained_by_subsets(covariances: FloatArray) -> FloatArray:
    """Return R² of the regression on every subset of the predictors.

    Parameters
    ----------
    covariances : array, m by (p + 1) by (p + 1)
        Stack of covariance or correlation matrices, outcome last.

    Returns
    -------
    array, 2^p by m
        Row s belongs to the subset whose members are the bits of s, the first predictor being
        the highest bit. A predictor that follows from others of its subset, or has no spread,
        adds nothing; an outcome without spread is explained by nothing.

    Examples
    --------
    >>> explained_by_subsets(np.array([[[1, 0, 0.6], [0, 1, 0.5], [0.6, 0.5, 1]]])).round(2)
    array([[0.  ],
           [0.25],
           [0.36],
           [0.61]])
    """
    own = np.diagonal(covariances, axis1=1, axis2=2)
    sd = np.sqrt(np.where(own > 0, own, 1.0))
    # The matrices stand last, so that one step works on many neighbours in memory.
    table = np.moveaxis(covariances / (sd[:, :, None] * sd[:, None, :]), 0, -1)[None].copy()
    for _ in range(covariances.shape[1] - 1):
        # Each table becomes two: without the predictor, and with its part taken out of the rest.
        pivot, column, rest = table[:, 0, 0], table[:, 1:, 0], table[:, 1:, 1:]
        usable = pivot > _NOTHING
        scale = np.where(usable, 1.0 / np.where(usable, pivot, 1.0), 0.0)
        both = np.empty((len(rest), 2, *rest.shape[1:]))
        both[:, 0] = rest
        np.multiply(column[:, :, None], (column * scale[:, None])[:, None], out=both[:, 1])
        np.subtract(rest, both[:, 1], out=both[:, 1])
        table = both.reshape(-1, *rest.shape[1:])
    return np.clip(np.where(own[:, -1] > 0, 1.0 - table[:, 0, 0], 0.0), 0.0, 1.0)


def shapley_shares(covariances: FloatArray) -> FloatArray:
    """Return the part of R² each predictor brings, averaged over all orders of entry.

    It is the Shapley value of R² (Lindeman, Merenda and Gold 1980): what a predictor adds to a
    subset, averaged over the subsets of each size and then over the sizes.

    Parameters
    ----------
    covariances : array, m by (p + 1) by (p + 1)
        Outcome last.

    Returns
    -------
    array, m by p
        Each at least 0; rows sum to R².

    Examples
    --------
    >>> shapley_shares(np.array([[[1, 0.5, 0.6], [0.5, 1, 0.5], [0.6, 0.5, 1]]])).round(4).tolist()
    [[0.2617, 0.1517]]
    """
    together = _CHUNK_OF_FEW if covariances.shape[1] - 1 <= _FEW else _CHUNK
    parts = [
        _shapley(covariances[start : start + together])
        for start in range(0, len(covariances), together)
    ]
    return np.concatenate(parts)


def _shapley(covariances: FloatArray) -> FloatArray:
    p = covariances.shape[1] - 1
    explained = explained_by_subsets(covariances)
    sizes = np.array([s.bit_count() for s in range(2**p)])
    weight = np.array([1.0 / (p * comb(p - 1, size)) for size in range(p)])
    shares = np.empty((len(covariances), p))
    for j in range(p):
        # Subsets side by side that differ by predictor j alone.
        paired = explained.reshape(2**j, 2, -1, len(covariances))
        weights = weight[sizes.reshape(2**j, 2, -1)[:, 0]]
        shares[:, j] = np.einsum("ab,abm->m", weights, paired[:, 1] - paired[:, 0])
    return np.maximum(shares, 0.0)


def relative_weights(covariances: FloatArray) -> FloatArray:
    """Return Johnson's relative weights (2000): parts of R² by way of uncorrelated stand-ins.

    Close to the Shapley shares (the same as Genizi's decomposition of 1993) at the cost of one
    eigenvalue problem, so they serve any number of predictors.

    Parameters
    ----------
    covariances : array, m by (p + 1) by (p + 1)
        Outcome last. A predictor without spread gets no weight.

    Returns
    -------
    array, m by p
        Each at least 0; rows sum to R².

    Examples
    --------
    >>> table = np.array([[[1, 0.5, 0.6], [0.5, 1, 0.5], [0.6, 0.5, 1]]])
    >>> relative_weights(table).round(4).tolist()
    [[0.2617, 0.1517]]
    """
    own = np.diagonal(covariances, axis1=1, axis2=2)
    scale = np.where(own > 0, 1.0 / np.sqrt(np.where(own > 0, own, 1.0)), 0.0)
    table = covariances * scale[:, :, None] * scale[:, None, :]
    values, vectors = np.linalg.eigh(table[:, :-1, :-1])
    roots = np.sqrt(np.maximum(values, 0.0))
    kept = values > _NOTHING * values[:, -1:]
    inverse = np.where(kept, 1.0 / np.where(kept, roots, 1.0), 0.0)
    across = np.swapaxes(vectors, 1, 2)
    stand_ins = (vectors * roots[:, None, :]) @ across
    slopes = ((vectors * inverse[:, None, :]) @ across) @ table[:, :-1, -1:]
    weights: FloatArray = (stand_ins**2 @ slopes**2)[..., 0]
    return weights


def shares_of(covariances: FloatArray) -> FloatArray:
    """Return Shapley shares up to `MOST_EXACT` predictors and relative weights beyond."""
    exact = covariances.shape[1] - 1 <= MOST_EXACT
    return shapley_shares(covariances) if exact else relative_weights(covariances)
