"""Agreement of raters: mystery shoppers and experts who score, coders who sort complaints."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]

Level = Literal["nominal", "ordinal", "interval", "ratio"]
Firmness = Literal["firm", "tentative", "insufficient"]

_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Intraclass:
    """Intraclass correlations of Shrout and Fleiss; 1 is perfect agreement, 0 or less is none.

    ``one_way`` if each target has other raters, ``two_way`` if the raters are a sample and their
    level counts (agreement), ``fixed`` if these raters are all there are and only their order
    counts (consistency); the ``mean_...`` figures are those of the mean over the raters.
    """

    targets: int
    raters: int
    one_way: float
    two_way: float | None
    fixed: float | None
    mean_one_way: float | None
    mean_two_way: float | None
    mean_fixed: float | None


def intraclass(scores: ArrayLike) -> Intraclass | None:
    """Return the intraclass correlations of scores (Shrout and Fleiss 1979).

    Parameters
    ----------
    scores : array-like, targets by raters
        A target with a missing score (NaN) is left out.

    Returns
    -------
    Intraclass or None
        None below two complete targets or two raters, or if all scores are the same. A figure
        is None where what it would divide is nothing, as for the mean if no targets differ.

    Raises
    ------
    ValueError
        If `scores` is not a table.

    Examples
    --------
    >>> found = intraclass([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6],
    ...                     [10, 5, 6, 9], [6, 2, 4, 7]])
    >>> round(found.one_way, 2), round(found.two_way, 2), round(found.fixed, 2)
    (0.17, 0.29, 0.71)
    """
    table = np.asarray(scores, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("scores must be a table: a row per target, a column per rater")
    table = table[~np.isnan(table).any(axis=1)]
    n, k = table.shape
    if n < 2 or k < 2 or np.ptp(table) == 0:
        return None
    table = table - table.mean()
    between = k * float((table.mean(axis=1) ** 2).sum()) / (n - 1)
    raters = n * float((table.mean(axis=0) ** 2).sum()) / (k - 1)
    total = float((table**2).sum())
    within = (total - between * (n - 1)) / (n * (k - 1))
    residual = max(0.0, (total - between * (n - 1) - raters * (k - 1)) / ((n - 1) * (k - 1)))
    return Intraclass(
        targets=n,
        raters=k,
        one_way=(between - within) / (between + (k - 1) * within),
        two_way=_over(
            between - residual, between + (k - 1) * residual + k * (raters - residual) / n, total
        ),
        fixed=_over(between - residual, between + (k - 1) * residual, total),
        mean_one_way=_over(between - within, between, total),
        mean_two_way=_over(between - residual, between + (raters - residual) / n, total),
        mean_fixed=_over(between - residual, between, total),
    )


def _over(part: float, whole: float, total: float) -> float | None:
    """Return a share of variance; None if there is nothing but rounding to share."""
    return part / whole if whole > _NOTHING * total else None


def fleiss_kappa(counts: ArrayLike) -> float | None:
    """Return how far raters agree on categories beyond chance (Fleiss 1971).

    `counts` holds, by subject and category, the number of raters who chose it; every subject has
    the same number of raters. 1 is perfect agreement, 0 what chance gives. None if all choices
    fall in one category, below two raters or without subjects. Raises ValueError if the numbers
    of raters differ or a count is negative.

    Examples
    --------
    >>> fleiss_kappa([[2, 0], [0, 2], [1, 1]])
    0.33333333333333326
    """
    table = np.asarray(counts, dtype=np.float64)
    if table.ndim != 2 or np.any(~(table >= 0)) or len(set(table.sum(axis=1).tolist())) > 1:
        raise ValueError("each subject needs the same number of raters, by category")
    raters = float(table.sum(axis=1).max(initial=0))
    if raters < 2:
        return None
    shares = table.sum(axis=0) / table.sum()
    chance = float(shares @ shares)
    seen = float(((table**2).sum(axis=1) - raters).mean() / (raters * (raters - 1)))
    return (seen - chance) / (1 - chance) if chance < 1 - _NOTHING else None


def cohen_kappa(
    table: ArrayLike, weights: Literal["none", "linear", "quadratic"] = "none"
) -> float | None:
    """Return how far two raters agree beyond chance (Cohen 1960, weighted 1968).

    Parameters
    ----------
    table : array-like, c by c
        Number of subjects by the first rater's category (rows) and the second's (columns), in
        the same order.
    weights : {"none", "linear", "quadratic"}
        How a disagreement grows with the distance of ordered categories.

    Returns
    -------
    float or None
        1 is perfect agreement, 0 what chance gives; None without subjects or if both raters
        always chose the same one category.

    Raises
    ------
    ValueError
        If the table is not square or a count is negative.

    Examples
    --------
    >>> cohen_kappa([[20, 5], [10, 15]])
    0.4
    """
    seen = np.asarray(table, dtype=np.float64)
    if seen.ndim != 2 or seen.shape[0] != seen.shape[1] or np.any(~(seen >= 0)):
        raise ValueError("two raters need a square table of numbers of at least 0")
    n, c = float(seen.sum()), len(seen)
    if not n:
        return None
    distance = np.abs(np.subtract.outer(np.arange(c), np.arange(c))).astype(np.float64)
    powers = {"none": (distance > 0).astype(np.float64), "linear": distance}
    cost = powers.get(weights, distance**2)
    expected = np.outer(seen.sum(axis=1), seen.sum(axis=0)) / n
    apart = float((cost * expected).sum())
    return 1 - float((cost * seen).sum()) / apart if apart > 0 else None


def krippendorff_alpha(
    values: Sequence[Sequence[Hashable | None]], level: Level = "nominal"
) -> float | None:
    """Return the agreement of observers of whom some skipped some units (Krippendorff 2011).

    Parameters
    ----------
    values : sequence of observers, each a sequence of units
        None where an observer did not judge the unit. Numbers, for any level but nominal.
    level : {"nominal", "ordinal", "interval", "ratio"}
        What a difference of two values means.

    Returns
    -------
    float or None
        1 is perfect agreement, 0 what chance gives; at least .80 is firm, at least .667
        tentative. None if no unit was judged twice or all values are the same.

    Raises
    ------
    ValueError
        If observers judged different numbers of units, or ratios are negative.

    Examples
    --------
    >>> coders = [["delay", "price", "delay", None], ["delay", "price", "price", "delay"]]
    >>> round(krippendorff_alpha(coders), 3)
    0.444
    """
    if len({len(observer) for observer in values}) > 1:
        raise ValueError("every observer needs one value, or None, for each unit")
    units = [[v for v in unit if v is not None] for unit in zip(*values, strict=True)]
    units = [unit for unit in units if len(unit) > 1]
    seen = {value for unit in units for value in unit}
    if len(seen) < 2:
        return None
    order = list(seen) if level == "nominal" else sorted(seen)
    place = {value: k for k, value in enumerate(order)}
    together = np.zeros((len(order), len(order)))
    for unit in units:
        counts = np.bincount([place[value] for value in unit], minlength=len(order))
        together += (np.outer(counts, counts) - np.diag(counts)) / (len(unit) - 1)
    totals = together.sum(axis=1)
    cost = _difference(order, totals, level)
    expected = float((cost * np.outer(totals, totals)).sum()) / float(totals.sum() - 1)
    return 1 - float((cost * together).sum()) / expected if expected > 0 else None


def _difference(order: Sequence[Hashable], totals: FloatArray, level: Level) -> FloatArray:
    if level == "nominal":
        return 1.0 - np.eye(len(order))
    if level == "ordinal":
        # The number of values between two ranks, each end by half.
        ranks = np.cumsum(totals) - totals / 2
        return np.subtract.outer(ranks, ranks) ** 2
    numbers = np.array(order, dtype=np.float64)
    apart = np.subtract.outer(numbers, numbers)
    if level == "interval":
        return apart**2
    if numbers.min() < 0:
        raise ValueError("ratios must be at least 0")
    sums = np.add.outer(numbers, numbers)
    return np.divide(apart, sums, out=np.zeros_like(apart), where=sums > 0) ** 2


def firmness(alpha: float) -> Firmness:
    """Return how far codings with this Krippendorff alpha carry a conclusion.

    Examples
    --------
    >>> firmness(0.81), firmness(0.7), firmness(0.5)
    ('firm', 'tentative', 'insufficient')
    """
    return "firm" if alpha >= 0.80 else "tentative" if alpha >= 0.667 else "insufficient"


@dataclass(frozen=True, slots=True)
class Concordance:
    """Kendall's W, from 0 (no common order) to 1 (the same order), and its chi-square test."""

    w: float
    chi_square: float
    df: int
    p_value: float


def kendall_w(ratings: ArrayLike) -> Concordance | None:
    """Return how far judges put items in the same order (Kendall and Babington Smith 1939).

    `ratings` holds one row per judge, one column per item, as ranks or scores; ties share their
    ranks and are corrected for. With fewer than eight items or so the p-value is rough. None
    below two judges or two items, or if every judge ties all items. Raises ValueError for a
    missing value.

    Examples
    --------
    >>> found = kendall_w([[1, 2, 3, 4], [1, 3, 2, 4], [2, 1, 3, 4]])
    >>> round(found.w, 4), found.df
    (0.7778, 3)
    """
    table = np.asarray(ratings, dtype=np.float64)
    if table.ndim != 2 or np.isnan(table).any():
        raise ValueError("each judge needs a rank or score for every item")
    m, n = table.shape
    if m < 2 or n < 2:
        return None
    # A rank is the number of items below plus half of those level with it.
    below = (table[:, None, :] < table[:, :, None]).sum(axis=2)
    level = (table[:, None, :] == table[:, :, None]).sum(axis=2)
    ranks = below + (level + 1) / 2
    ties = float((level.astype(np.float64) ** 2 - 1).sum())  # Σ t³ - t, item by item
    spread = float(((ranks.sum(axis=0) - m * (n + 1) / 2) ** 2).sum())
    most = m * m * (n**3 - n) - m * ties
    if most <= 0:
        return None
    w = min(1.0, 12 * spread / most)
    chi = m * (n - 1) * w
    return Concordance(w, chi, n - 1, float(special.chdtrc(n - 1, chi)))
