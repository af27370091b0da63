"""How sure the agreement of raters is: intervals of ICC, and alpha over whole visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats._checks import require_confidence

DRAWS: Final = 2_000
SEED: Final = 20_260_101
_NOTHING: Final = 1e-12


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure of agreement with its 95% interval; the ends are None where there is none."""

    value: float
    low: float | None
    high: float | None


def one_way_interval(scores: ArrayLike, confidence: float = 0.95) -> Interval | None:
    """Return ICC(1,1) with its exact F interval (Shrout and Fleiss 1979).

    Parameters
    ----------
    scores : array-like, targets by raters
        Every target rated by as many raters, who may be others each time.

    Returns
    -------
    Interval or None
        None below two targets or two raters, or if all scores are the same.

    Examples
    --------
    >>> found = one_way_interval([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6],
    ...                           [10, 5, 6, 9], [6, 2, 4, 7]])
    >>> [round(x, 3) for x in (found.value, found.low, found.high)]
    [0.166, -0.133, 0.723]
    """
    squares = _squares(scores, confidence)
    if squares is None:
        return None
    n, k, between, _, residual, within = squares
    del residual
    value = (between - within) / (between + (k - 1) * within)
    if within <= _NOTHING * between:
        return Interval(value, None, None)
    f, a, b = between / within, n - 1, n * (k - 1)
    tail = (1 - confidence) / 2
    low = f / float(special.fdtri(a, b, 1 - tail))
    high = f * float(special.fdtri(b, a, 1 - tail))
    return Interval(value, (low - 1) / (low + k - 1), (high - 1) / (high + k - 1))


def two_way_interval(scores: ArrayLike, confidence: float = 0.95) -> Interval | None:
    """Return ICC(2,1), agreement of the same raters, with its interval (McGraw and Wong 1996).

    `scores` and None are as in `one_way_interval`; each column is one rater.

    Examples
    --------
    >>> found = two_way_interval([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6],
    ...                           [10, 5, 6, 9], [6, 2, 4, 7]])
    >>> [round(x, 3) for x in (found.value, found.low, found.high)]
    [0.29, 0.019, 0.761]
    """
    squares = _squares(scores, confidence)
    if squares is None:
        return None
    n, k, between, raters, residual, _ = squares
    total = between + (k - 1) * residual + k * (raters - residual) / n
    if total <= 0:
        return None
    value = (between - residual) / total
    if residual <= _NOTHING * between or abs(1 - value) < _NOTHING:
        return Interval(value, None, None)
    a = k * value / (n * (1 - value))
    b = 1 + k * value * (n - 1) / (n * (1 - value))
    spread = (a * raters) ** 2 / (k - 1) + (b * residual) ** 2 / ((n - 1) * (k - 1))
    v = (a * raters + b * residual) ** 2 / spread
    tail = (1 - confidence) / 2
    upper = float(special.fdtri(n - 1, v, 1 - tail))
    lower = float(special.fdtri(v, n - 1, 1 - tail))
    rest = k * raters + (k * n - k - n) * residual
    low = n * (between - upper * residual) / (upper * rest + n * between)
    high = n * (lower * between - residual) / (rest + n * lower * between)
    return Interval(value, low, high)


def _squares(
    scores: ArrayLike, confidence: float
) -> tuple[int, int, float, float, float, float] | None:
    """Return targets, raters and mean squares: between, raters, residual, within."""
    require_confidence(confidence)
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2 or np.isnan(table).any():
        raise ValueError("every target needs a score of every rater")
    n, k = table.shape
    if n < 2 or k < 2 or np.ptp(table) == 0:
        return None
    table = table - table.mean()
    between = k * float((table.mean(axis=1) ** 2).sum()) / (n - 1)
    raters = n * float((table.mean(axis=0) ** 2).sum()) / (k - 1)
    total = float((table**2).sum())
    within = (total - between * (n - 1)) / (n * (k - 1))
    residual = max(0.0, (total - between * (n - 1) - raters * (k - 1)) / ((n - 1) * (k - 1)))
    return n, k, between, raters, residual, within


def alpha_over_visits(
    visits: Sequence[Sequence[Sequence[float]]],
    *,
    ordered: bool,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Interval | None:
    """Return Krippendorff's alpha of judgements with a bootstrap interval over whole visits.

    Criteria of one visit are not independent, so visits are drawn, not judgements (Efron and
    Tibshirani 1993; Krippendorff 2011).

    Parameters
    ----------
    visits
        Of each visit, the units (criteria) judged, each with the values that raters gave it.
    ordered
        Whether distances between values count (interval level), or only sameness (nominal).

    Returns
    -------
    Interval or None
        None if no unit was judged twice or all values are the same; without interval from
        fewer than five visits.

    Examples
    --------
    >>> found = alpha_over_visits([[[1, 1], [0, 1]], [[0, 0]], [[1, 1]]], ordered=False)
    >>> round(found.value, 3), found.low
    (0.533, None)
    """
    pooled = [[u for u in units if len(u) > 1] for units in visits]
    pooled = [units for units in pooled if units]
    values = sorted({v for units in pooled for u in units for v in u})
    if len(values) < 2:
        return None
    place, c = {value: i for i, value in enumerate(values)}, len(values)
    tables = np.zeros((len(pooled), c, c))
    for table, units in zip(tables, pooled, strict=True):
        for unit in units:
            counts = np.bincount([place[v] for v in unit], minlength=c)
            table += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    apart = np.subtract.outer(values, values) ** 2
    cost = apart if ordered else 1.0 - np.eye(c)
    value = float(_alpha(tables.sum(axis=0)[None], cost)[0])
    if len(pooled) < 5:
        return Interval(value, None, None)
    rng = np.random.default_rng(seed)
    even = np.full(len(pooled), 1 / len(pooled))
    drawn = rng.multinomial(len(pooled), even, size=draws).astype(np.float64)
    found = _alpha(np.tensordot(drawn, tables, axes=1), cost)
    found = found[~np.isnan(found)]
    if len(found) < draws / 2:
        return Interval(value, None, None)
    low, high = np.quantile(found, [0.025, 0.975])
    return Interval(value, float(low), float(high))


def _alpha(together: NDArray[np.float64], cost: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return alpha of each table of coincidences; NaN where nothing is expected to differ."""
    totals = together.sum(axis=2)
    expected = np.einsum("di,ij,dj->d", totals, cost, totals) / (totals.sum(axis=1) - 1)
    seen = np.einsum("dij,ij->d", together, cost)
    shares: NDArray[np.float64] = np.divide(
        seen, expected, out=np.full(len(seen), np.nan), where=expected > 0
    )
    return 1 - shares
