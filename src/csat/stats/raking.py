"""Survey weights that bring the respondents into line with who was served."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from csat.stats.sampling import Kish, kish

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Category = Hashable

TRIM = 5.0
"""No respondent may weigh more than so many times the mean weight."""

_TRIM_ROUNDS = 20
_SLACK = 1.001
"""Cutting and raking take turns; a weight this close to the limit has reached it."""


@dataclass(frozen=True, slots=True, eq=False)
class Raking:
    """Weights found by raking, one per row given, and how well they fit.

    ``weights`` are per respondent. ``worst_miss`` is the largest relative distance of a margin
    from its target after the last round; ``converged`` tells whether it is small enough.
    ``trimmed`` counts the respondents whose weight was cut. ``empty`` names the categories of
    the population without respondents, whose share went to the others of the margin, and
    ``unknown`` those of respondents without a population figure, which keep their share.
    """

    weights: FloatArray
    converged: bool
    worst_miss: float
    trimmed: int
    empty: tuple[tuple[str, Category], ...]
    unknown: tuple[tuple[str, Category], ...]
    kish: Kish


@dataclass(frozen=True, slots=True, eq=False)
class _Margin:
    codes: IntArray
    targets: FloatArray


def rake(
    categories: Mapping[str, Sequence[Category]],
    margins: Mapping[str, Mapping[Category, float]],
    respondents: ArrayLike | None = None,
    start: ArrayLike | None = None,
    total: float | None = None,
    trim: float | None = TRIM,
    rounds: int = 1000,
    tolerance: float = 1e-10,
) -> Raking:
    """Return weights whose sums match the population on every margin (Deming and Stephan 1940).

    Parameters
    ----------
    categories : Mapping of str to Sequence
        For each variable the category of each row; a row is a respondent, or a cell of
        respondents alike.
    margins : Mapping of str to Mapping of category to float
        Population of each variable, as counts or shares; each is scaled to shares.
    respondents : array-like, optional
        Respondents in each row; 1 if left out.
    start : array-like, optional
        Weight of each respondent to start from; 1 if left out.
    total : float, optional
        What the weights shall sum to over respondents; if left out, the sum of the start.
    trim : float, optional
        Weights above so many times the mean are cut and the rest raked again; None never cuts.
    rounds : int
        Passes over all margins before the raking is given up as not converging.
    tolerance : float
        Relative miss of a margin that counts as met.

    Returns
    -------
    Raking
        Not converged if no weights meet all margins at once, be it because two margins
        contradict each other in the cells that have respondents or because trimming forbids it;
        the weights are then the last ones tried.

    Raises
    ------
    ValueError
        If lengths differ, a number is negative, nobody answered, or a margin is empty or has
        no respondent in any of its categories.

    Examples
    --------
    Six women and two men answered; half of the customers are men:

    >>> found = rake({"sex": ["f"] * 6 + ["m"] * 2}, {"sex": {"f": 500, "m": 500}})
    >>> found.weights.round(4).tolist()[5:], found.converged, round(found.kish.n_effective, 2)
    ([0.6667, 2.0, 2.0], True, 6.0)
    """
    counts, base = _rows(categories, margins, respondents, start)
    mass = counts * base
    goal = float(mass.sum()) if total is None else float(total)
    if not goal > 0:
        raise ValueError("raking needs at least one respondent with a weight above zero")
    tables: list[_Margin] = []
    empty: list[tuple[str, Category]] = []
    unknown: list[tuple[str, Category]] = []
    for name, shares in margins.items():
        margin, without, beyond = _margin(name, categories[name], shares, mass)
        tables.append(_Margin(margin.codes, margin.targets * goal))
        empty += [(name, category) for category in without]
        unknown += [(name, category) for category in beyond]
    fitted, miss = _fit(mass * goal / mass.sum(), tables, rounds, tolerance)
    capped = np.zeros(len(counts), dtype=bool)
    if trim is not None:
        fitted, miss, capped = _trimmed(fitted, counts, tables, trim, rounds, tolerance)
    weights = np.divide(fitted, counts, out=np.zeros_like(fitted), where=counts > 0)
    return Raking(
        weights,
        miss <= tolerance,
        miss,
        int(counts[capped].sum()),
        tuple(empty),
        tuple(unknown),
        kish(weights, counts),
    )


def _rows(
    categories: Mapping[str, Sequence[Category]],
    margins: Mapping[str, Mapping[Category, float]],
    respondents: ArrayLike | None,
    start: ArrayLike | None,
) -> tuple[FloatArray, FloatArray]:
    if not margins or set(margins) - set(categories):
        raise ValueError("each margin needs the categories of the respondents")
    n = len(categories[next(iter(margins))])
    counts = np.ones(n) if respondents is None else np.asarray(respondents, dtype=np.float64)
    base = np.ones(n) if start is None else np.asarray(start, dtype=np.float64)
    if any(len(categories[name]) != n for name in margins) or not counts.shape == base.shape == (
        n,
    ):
        raise ValueError("each row needs one category per variable, one number and one weight")
    if np.any(~(counts >= 0)) or np.any(~(base >= 0)) or not np.isfinite(counts @ base):
        raise ValueError("numbers of respondents and weights must be at least 0")
    return counts, base


def _margin(
    name: str, rows: Sequence[Category], shares: Mapping[Category, float], mass: FloatArray
) -> tuple[_Margin, list[Category], list[Category]]:
    """Return codes and target shares of one variable, categories nobody is in, unknown ones."""
    if not shares or any(not share >= 0 for share in shares.values()):
        raise ValueError(f"margin {name} needs at least one share, none below 0")
    seen = list(dict.fromkeys(rows))
    place = {category: k for k, category in enumerate(seen)}
    codes = np.array([place[category] for category in rows], dtype=np.int64)
    sample = np.bincount(codes, weights=mass, minlength=len(seen)) / mass.sum()
    known = np.array([category in shares and sample[place[category]] > 0 for category in seen])
    targets = np.array([float(shares.get(category, 0.0)) for category in seen])
    targets = np.where(known, targets, 0.0)
    if not targets.sum() > 0:
        raise ValueError(f"no respondent is in any category of margin {name}")
    beyond = np.array([category not in shares for category in seen])
    own = np.where(beyond, sample, 0.0)
    targets = own + targets / targets.sum() * (1 - own.sum())
    answered = {category for category in seen if sample[place[category]] > 0}
    without = [c for c, share in shares.items() if share > 0 and c not in answered]
    return _Margin(codes, targets), without, [c for c in seen if c not in shares]


def _fit(
    start: FloatArray, margins: Sequence[_Margin], rounds: int, tolerance: float
) -> tuple[FloatArray, float]:
    fitted = start.copy()
    miss = float("inf")
    for _ in range(rounds):
        before = fitted.copy()
        for margin in margins:
            fitted *= _factors(fitted, margin)[margin.codes]
        miss = _miss(fitted, margins)
        # Margins that contradict each other come to a standstill without being met.
        if miss <= tolerance or np.allclose(fitted, before, rtol=1e-13, atol=0):
            break
    return fitted, miss


def _sums(fitted: FloatArray, margin: _Margin) -> FloatArray:
    sums = np.bincount(margin.codes, weights=fitted, minlength=len(margin.targets))
    return sums.astype(np.float64, copy=False)


def _factors(fitted: FloatArray, margin: _Margin) -> FloatArray:
    sums = _sums(fitted, margin)
    return np.divide(margin.targets, sums, out=np.ones_like(sums), where=sums > 0)


def _miss(fitted: FloatArray, margins: Sequence[_Margin]) -> float:
    """Return the largest relative distance of a category's sum from its target."""
    worst = 0.0
    for margin in margins:
        wanted = margin.targets > 0
        away = np.abs(_sums(fitted, margin) - margin.targets)[wanted] / margin.targets[wanted]
        worst = max(worst, float(away.max()))
    return worst


def _trimmed(
    fitted: FloatArray,
    counts: FloatArray,
    margins: Sequence[_Margin],
    trim: float,
    rounds: int,
    tolerance: float,
) -> tuple[FloatArray, float, NDArray[np.bool_]]:
    """Cut the heaviest weights and rake again until none exceeds the limit, if that can be."""
    limit = trim * fitted.sum() / counts.sum() * counts
    capped = np.zeros(len(counts), dtype=bool)
    miss = _miss(fitted, margins)
    for _ in range(_TRIM_ROUNDS):
        over = fitted > limit * _SLACK
        capped |= over
        if not over.any():
            break
        fitted, miss = _fit(np.minimum(fitted, limit), margins, rounds, tolerance)
    if np.any(fitted > limit * _SLACK):
        fitted = np.minimum(fitted, limit)
        miss = _miss(fitted, margins)
    return fitted, miss, capped
