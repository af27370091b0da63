"""Whether the items of a dimension measure one thing, and what spoils it."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats._checks import require_confidence
from csat.stats.comoments import correlation_of, square
from csat.stats.factor import one_factor

FloatArray = NDArray[np.float64]

Soundness = Literal["poor", "doubtful", "good", "redundant"]
"""Below .60, below .70, from .70 on, and above .95, where items merely repeat each other."""

Unknown = Literal["too_few_answers", "one_item", "no_spread"]
"""Why there is no judgement: fewer respondents than the minimum, a single item, equal answers."""

FEWEST = 50
"""Complete answers needed before a judgement is passed."""

_BANDS: tuple[tuple[float, Soundness], ...] = ((0.60, "poor"), (0.70, "doubtful"), (0.95, "good"))

_NOTHING = 1e-12
"""Relative size below which a variance is what rounding left of zero."""


@dataclass(frozen=True, slots=True)
class ItemFit:
    """How one item goes with the rest of its scale.

    ``item_total`` is its correlation with the sum of the other items (-1 to 1) and
    ``alpha_without`` the alpha of the scale without it; None where an item or the rest has no
    spread, and the latter also where only one item would be left.
    """

    item_total: float | None
    alpha_without: float | None

    @property
    def runs_against(self) -> bool:
        """Whether the item falls where the others rise: probably reverse-keyed, not reversed."""
        return self.item_total is not None and self.item_total < 0


@dataclass(frozen=True, slots=True)
class Reliability:
    """The internal consistency of one scale.

    ``alpha`` is Cronbach's, with Feldt's interval ``low`` to ``high``; ``standardised`` rests on
    the correlations. ``omega`` is McDonald's, of one factor: None for two items, or where the
    model cannot be fitted or leaves an item no variance of its own. ``spearman_brown`` is there
    for two items, for which it replaces alpha. All are 1 for perfect consistency; alpha can fall
    below 0 if items run against each other. ``soundness`` is the judgement and ``unknown`` the
    reason for having none; exactly one of the two is None.
    """

    n: int
    alpha: float | None
    low: float | None
    high: float | None
    standardised: float | None
    omega: float | None
    spearman_brown: float | None
    items: tuple[ItemFit, ...]
    soundness: Soundness | None
    unknown: Unknown | None


def reliability(
    covariance: ArrayLike, n: int, confidence: float = 0.95, fewest: int = FEWEST
) -> Reliability:
    """Return how well the items of one scale hang together (Cronbach 1951, McDonald 1999).

    Alpha supposes that all items carry the common factor alike and their errors are independent;
    where loadings differ it is a lower bound, and omega is the better figure. Feldt's interval
    further supposes normal answers: for ratings crowded at an end of the scale it is too narrow
    and holds the truth in some 93 of 100 surveys instead of 95.

    Parameters
    ----------
    covariance : array-like, k by k
        Sample covariances of the items, reverse-keyed ones reversed, of the respondents who
        answered them all.
    n : int
        Those respondents.
    confidence : float
        Of Feldt's interval.
    fewest : int
        Respondents needed for a judgement; the figures come without it too.

    Returns
    -------
    Reliability
        See there. The judgement is by Spearman-Brown for two items, else by alpha.

    Raises
    ------
    ValueError
        If the matrix is not square, finite and symmetric, or `n` is negative.

    Examples
    --------
    >>> covariance = [[1.0, 0.6, 0.5], [0.6, 1.0, 0.4], [0.5, 0.4, 1.0]]
    >>> scale = reliability(covariance, n=120)
    >>> round(scale.alpha, 4), round(scale.low, 3), round(scale.high, 3), scale.soundness
    (0.75, 0.661, 0.819, 'good')
    >>> round(scale.omega, 4), [round(item.item_total, 3) for item in scale.items]
    (0.7606, [0.657, 0.577, 0.503])
    """
    require_confidence(confidence)
    matrix = square(covariance)
    if n < 0:
        raise ValueError(f"n must be at least 0, got {n}")
    k = len(matrix)
    alpha = _alpha(matrix)
    correlation = correlation_of(matrix)
    standardised = None if correlation is None else _alpha(correlation)
    low, high = _feldt(alpha, n, k, confidence)
    two = standardised if k == 2 else None
    soundness, unknown = _judged(two if k == 2 else alpha, n, k, fewest)
    items = tuple(_item_fit(matrix, i) for i in range(k))
    return Reliability(
        n, alpha, low, high, standardised, _omega(matrix), two, items, soundness, unknown
    )


def _alpha(matrix: FloatArray) -> float | None:
    k, total, own = len(matrix), float(matrix.sum()), float(np.trace(matrix))
    if k < 2 or total <= _NOTHING * own:
        return None
    return k / (k - 1) * (1 - own / total)


def _omega(matrix: FloatArray) -> float | None:
    fit = one_factor(matrix)
    return None if fit is None or fit.at_bound else fit.omega


def _feldt(
    alpha: float | None, n: int, k: int, confidence: float
) -> tuple[float | None, float | None]:
    """Return the interval of alpha by its F distribution (Feldt 1965)."""
    if alpha is None or n < 2:
        return None, None
    df1, df2, tail = n - 1, (n - 1) * (k - 1), (1 - confidence) / 2
    upper = float(special.fdtri(df1, df2, 1 - tail))
    lower = float(special.fdtri(df1, df2, tail))
    return 1 - (1 - alpha) * upper, 1 - (1 - alpha) * lower


def _item_fit(matrix: FloatArray, i: int) -> ItemFit:
    own, row = float(matrix[i, i]), float(matrix[i].sum())
    rest = float(matrix.sum()) - 2 * row + own
    spread = own * rest
    correlation = (row - own) / sqrt(spread) if own > 0 and rest > _NOTHING * own else None
    kept = [j for j in range(len(matrix)) if j != i]
    without = _alpha(matrix[np.ix_(kept, kept)])
    return ItemFit(correlation, without)


def _judged(
    coefficient: float | None, n: int, k: int, fewest: int
) -> tuple[Soundness | None, Unknown | None]:
    if k < 2:
        return None, "one_item"
    if n < fewest:
        return None, "too_few_answers"
    if coefficient is None:
        return None, "no_spread"
    for limit, word in _BANDS:
        if coefficient < limit or (word == "good" and coefficient == limit):
            return word, None
    return "redundant", None


def difference_reliability(
    sd_reference: float,
    sd_actual: float,
    correlation: float,
    alpha_reference: float,
    alpha_actual: float,
) -> float | None:
    """Return how reliable the difference of two scale scores is (Lord 1963; Peter et al. 1993).

    A gap is the less reliable the more its two scores vary together: two good scales that
    correlate highly leave a difference that is mostly error.

    Parameters
    ----------
    sd_reference, sd_actual : float
        Standard deviations of the two scores, in scale points.
    correlation : float
        Between them, -1 to 1.
    alpha_reference, alpha_actual : float
        Their reliabilities.

    Returns
    -------
    float or None
        At most 1; None if the difference has no spread.

    Raises
    ------
    ValueError
        If a standard deviation is negative or the correlation lies outside -1 to 1.

    Examples
    --------
    >>> round(difference_reliability(1.0, 1.0, 0.5, 0.8, 0.8), 4)
    0.6
    """
    if sd_reference < 0 or sd_actual < 0 or not -1 <= correlation <= 1:
        raise ValueError("standard deviations are at least 0 and a correlation within -1 to 1")
    shared = 2 * correlation * sd_reference * sd_actual
    variance = sd_reference**2 + sd_actual**2 - shared
    if variance <= _NOTHING * (sd_reference**2 + sd_actual**2):
        return None
    true = sd_reference**2 * alpha_reference + sd_actual**2 * alpha_actual - shared
    return true / variance
