"""Correction of p-values for the number of comparisons on one page."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def _checked(p_values: Sequence[float]) -> NDArray[np.float64]:
    p = np.asarray(p_values, dtype=np.float64)
    if not np.all((p >= 0) & (p <= 1)):
        raise ValueError("p-values must lie between 0 and 1")
    return p


def holm(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted so that any false alarm at all is rare (Holm 1979).

    For a few planned comparisons, up to about ten.

    Parameters
    ----------
    p_values : Sequence[float]
        One per comparison, each 0 to 1.

    Returns
    -------
    list of float
        Adjusted p-values in the order given; compare each with the family's alpha.

    Raises
    ------
    ValueError
        If a p-value is not between 0 and 1.

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    factors = np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factors), 1.0)
    return [float(value) for value in adjusted]


def benjamini_hochberg(p_values: Sequence[float]) -> list[float]:
    """Return p-values adjusted so that few of the alarms are false (Benjamini, Hochberg 1995).

    For screens over many items or branches.

    Parameters
    ----------
    p_values : Sequence[float]
        One per comparison, each 0 to 1.

    Returns
    -------
    list of float
        Adjusted p-values in the order given; compare each with the accepted share of false
        alarms among the alarms.

    Raises
    ------
    ValueError
        If a p-value is not between 0 and 1.

    Examples
    --------
    >>> [round(p, 3) for p in benjamini_hochberg([0.01, 0.04, 0.03, 0.5])]
    [0.04, 0.053, 0.053, 0.5]
    """
    p = _checked(p_values)
    falling = np.argsort(p, kind="stable")[::-1]
    factors = p.size / np.arange(p.size, 0, -1)
    adjusted = np.empty_like(p)
    adjusted[falling] = np.minimum(np.minimum.accumulate(p[falling] * factors), 1.0)
    return [float(value) for value in adjusted]
