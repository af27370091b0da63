"""Weights from experts' pairwise comparisons, and whether these contradict each other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

RANDOM_INDEX = {3: 0.58, 4: 0.90, 5: 1.12, 6: 1.24, 7: 1.32, 8: 1.41, 9: 1.45}
"""Consistency index of comparisons made at random, by number of indicators (Saaty 1980)."""

MOST_INCONSISTENT = 0.10
"""Above this the comparisons go back to the expert."""


@dataclass(frozen=True, slots=True)
class PairwiseWeights:
    """Weights that sum to 1, and how consistent the comparisons behind them are.

    ``eigenvalue`` is the largest of the matrix, at least its size; ``consistency_index`` is its
    excess per degree of freedom and ``consistency_ratio`` that over the one of random
    comparisons: 0 for two indicators, which cannot contradict, and None beyond nine, for which
    there is no table.
    """

    weights: tuple[float, ...]
    eigenvalue: float
    consistency_index: float
    consistency_ratio: float | None

    @property
    def acceptable(self) -> bool | None:
        """Whether the expert contradicts himself little enough; None if that is not known."""
        if self.consistency_ratio is None:
            return None
        return self.consistency_ratio <= MOST_INCONSISTENT


def pairwise_weights(comparisons: ArrayLike) -> PairwiseWeights:
    """Return weights from how many times each indicator matters more than each other (AHP).

    Parameters
    ----------
    comparisons : array-like, m by m
        Entry (i, j) says how many times indicator i matters more than j, 1/9 to 9 as a rule;
        the mirrored entries are each other's reciprocals.

    Raises
    ------
    ValueError
        If the matrix is not square, an entry is not positive, or mirrored entries are not
        reciprocal.

    Examples
    --------
    >>> found = pairwise_weights([[1, 3, 5], [1 / 3, 1, 3], [1 / 5, 1 / 3, 1]])
    >>> [round(w, 3) for w in found.weights], round(found.consistency_ratio, 3), found.acceptable
    ([0.637, 0.258, 0.105], 0.033, True)
    """
    table = np.asarray(comparisons, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not table.size:
        raise ValueError("comparisons need one row and one column per indicator")
    if not np.all((table > 0) & np.isfinite(table)):
        raise ValueError("a comparison must be above 0")
    if not np.allclose(table * table.T, 1.0, rtol=0, atol=0.02):
        raise ValueError("mirrored comparisons must be reciprocal: 3 one way is 1/3 the other")
    m = len(table)
    values, vectors = np.linalg.eig(table)
    largest = int(np.argmax(values.real))
    leading = np.abs(vectors[:, largest].real)
    eigenvalue = max(float(m), float(values[largest].real))
    index = (eigenvalue - m) / (m - 1) if m > 1 else 0.0
    ratio = 0.0 if m < 3 else index / RANDOM_INDEX[m] if m in RANDOM_INDEX else None
    weights = tuple(float(w) for w in leading / leading.sum())
    return PairwiseWeights(weights, eigenvalue, index, ratio)


def joint_comparisons(experts: ArrayLike) -> list[list[float]]:
    """Return the comparisons of several experts as one matrix, by geometric means (Aczél, Saaty).

    `experts` holds one matrix per expert. Only geometric means keep the mirrored entries
    reciprocal. Raises ValueError unless all entries are positive and the shapes agree.

    Examples
    --------
    >>> joint_comparisons([[[1, 2], [0.5, 1]], [[1, 8], [0.125, 1]]])
    [[1.0, 4.0], [0.25, 1.0]]
    """
    stack = np.asarray(experts, dtype=np.float64)
    if stack.ndim != 3 or not stack.size or not np.all(stack > 0):
        raise ValueError("each expert needs a matrix of comparisons above 0, all of one size")
    means: list[list[float]] = (stack.prod(axis=0) ** (1 / len(stack))).tolist()
    return means
