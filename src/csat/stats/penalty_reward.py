"""Penalty-reward contrasts: what punishes when it is bad and what rewards when it is good."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from csat.stats.least_squares import Regression, grouped_least_squares

FloatArray = NDArray[np.float64]

Role = Literal["basic", "performance", "excitement", "unclear"]
Unknown = Literal["too_few_answers", "no_spread", "inseparable"]

LEAST_CASES = 20
LEAST_SHARE = 0.05
FEWEST = 50
FEWEST_PER_EFFECT = 10
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Effect:
    """What one band of an attribute does to the outcome against the middle, in outcome points.

    ``n`` are the respondents in the band. Below 20 of them, or 5%, the band was merged into
    the middle and there is no effect (None). ``standard_error`` is HC3, on which the 95%
    interval and the p-value rest; ``classical_error`` supposes equal scatter.
    """

    n: int
    points: float | None = None
    standard_error: float | None = None
    classical_error: float | None = None
    p_value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Penalty and reward of one attribute.

    ``span`` is the outcome points between a bad and a good rating, |penalty| + reward;
    ``asymmetry`` is (reward - |penalty|) / span, from -1 (only punishes) to 1 (only rewards).
    Effects on the wrong side of zero count as none there; both are None unless both bands are
    there, the asymmetry also where the span is 0.
    """

    name: str
    penalty: Effect
    reward: Effect
    span: float | None
    asymmetry: float | None
    role: Role


@dataclass(frozen=True, slots=True)
class PenaltyReward:
    """All attributes of one regression; ``unknown`` is the reason why there is none."""

    n: int
    r_squared: float | None
    intercept: float | None
    attributes: tuple[Asymmetry, ...]
    unknown: Unknown | None = None


def penalty_reward(
    values: ArrayLike,
    outcome: ArrayLike,
    names: Sequence[str],
    low: float,
    high: float,
    alpha: float = 0.05,
) -> PenaltyReward:
    """Return penalty and reward of each attribute (Brandt 1987; Mikulić and Prebežac 2008).

    One regression of the outcome on two marks per attribute, in the low band and in the high
    band, with the middle as reference. An attribute with a significant penalty only is basic,
    with a significant reward only it is exciting, with both it performs. It is association.

    Parameters
    ----------
    values : array-like, n by k
        Ratings of the attributes, high is good; a row with a missing value (NaN) is left out.
    outcome : array-like of n
        Overall satisfaction.
    names : Sequence of str
        Attributes, in the order of the columns.
    low, high : float
        A rating up to `low` is in the low band, from `high` on in the high band.
    alpha : float
        Level of each effect's test (by HC3 errors, not corrected for their number).

    Returns
    -------
    PenaltyReward
        Without attributes below max(50, 10 per effect) answers, without spread in the outcome,
        or where bands of attributes coincide.

    Raises
    ------
    ValueError
        If the shapes do not fit or the bands overlap.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> clean, gift = rng.integers(1, 8, 400), rng.integers(1, 8, 400)
    >>> overall = 5 - 2.0 * (clean <= 2) + 1.5 * (gift >= 6) + rng.normal(0, 0.5, 400)
    >>> found = penalty_reward(np.column_stack((clean, gift)), overall, ["clean", "gift"], 2, 6)
    >>> [(a.name, a.role) for a in found.attributes]
    [('clean', 'basic'), ('gift', 'excitement')]
    """
    x, y = np.asarray(values, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    if x.ndim != 2 or x.shape[1] != len(names) or y.shape != (len(x),):
        raise ValueError("each respondent needs one rating per attribute and one outcome")
    if not low < high:
        raise ValueError(f"the low band must end below the high one, got {low} and {high}")
    kept = ~(np.isnan(x).any(axis=1) | np.isnan(y))
    x, y = x[kept], y[kept]
    # The outcome is measured from its middle, so that its squares stay exact.
    centre = float(y.mean()) if len(y) else 0.0
    patterns, place = np.unique(
        np.concatenate((x <= low, x >= high), axis=1), axis=0, return_inverse=True
    )
    place = place.reshape(-1)
    counts = np.bincount(place, minlength=len(patterns))
    means = np.bincount(place, y - centre, len(patterns)) / np.maximum(counts, 1)
    within = np.bincount(place, (y - centre - means[place]) ** 2, len(patterns))
    return penalty_reward_of_patterns(patterns, counts, means + centre, within, names, alpha)


def penalty_reward_of_patterns(
    patterns: ArrayLike,
    counts: ArrayLike,
    means: ArrayLike,
    within: ArrayLike,
    names: Sequence[str],
    alpha: float = 0.05,
) -> PenaltyReward:
    """Return the same from counts, so that no respondent is needed.

    Parameters
    ----------
    patterns : array-like of bool, g by 2 k
        One row per pattern that occurs: whether each attribute is in its low band, then whether
        each is in its high band.
    counts, means, within : array-like of g
        Respondents with the pattern, the mean of their outcome, and the sum of squared
        distances from it.
    names, alpha
        See `penalty_reward`.

    Raises
    ------
    ValueError
        If the shapes do not fit.

    Examples
    --------
    >>> marks = [[True, False], [False, False], [False, True]]
    >>> found = penalty_reward_of_patterns(marks, [30, 40, 30], [2, 4, 4.1], [9, 9, 9], ["clean"])
    >>> found.attributes[0].role, round(found.attributes[0].penalty.points, 3)
    ('basic', -2.0)
    """
    marks, size = np.asarray(patterns, dtype=np.bool_), np.asarray(counts, dtype=np.int64)
    y, inside = np.asarray(means, dtype=np.float64), np.asarray(within, dtype=np.float64)
    k = len(names)
    if marks.ndim != 2 or marks.shape[1] != 2 * k:
        raise ValueError("each pattern needs two marks per attribute")
    n = int(size.sum())
    sizes = size @ marks
    used = sizes >= max(LEAST_CASES, LEAST_SHARE * n)
    if n < max(FEWEST, FEWEST_PER_EFFECT * int(used.sum())):
        return PenaltyReward(n, None, None, (), "too_few_answers")
    if np.ptp(y) == 0 and not inside.any():
        return PenaltyReward(n, None, None, (), "no_spread")
    fit = grouped_least_squares(marks[:, used].astype(np.float64), size, y, inside)
    if fit is None:
        return PenaltyReward(n, None, None, (), "inseparable")
    effects = _effects(fit, used, sizes)
    found = tuple(
        _asymmetry(name, effects[j], effects[k + j], alpha) for j, name in enumerate(names)
    )
    return PenaltyReward(n, fit.r_squared, float(fit.coefficients[0]), found)


def _effects(fit: Regression, used: NDArray[np.bool_], sizes: NDArray[np.int64]) -> list[Effect]:
    place = np.cumsum(used)  # 1 for the first used mark: entry 0 is the intercept
    reach = float(special.stdtrit(fit.df, (1 + _CONFIDENCE) / 2)) * fit.standard_error
    return [
        Effect(
            int(size),
            float(fit.coefficients[k]),
            float(fit.standard_error[k]),
            float(fit.classical_error[k]),
            float(fit.p_value[k]),
            float(fit.coefficients[k] - reach[k]),
            float(fit.coefficients[k] + reach[k]),
        )
        if held
        else Effect(int(size))
        for held, size, k in zip(used, sizes, place, strict=True)
    ]


def _asymmetry(name: str, penalty: Effect, reward: Effect, alpha: float) -> Asymmetry:
    lost, won = max(0.0, -(penalty.points or 0.0)), max(0.0, reward.points or 0.0)
    both = penalty.points is not None and reward.points is not None
    span = lost + won if both else None
    punishes = lost > 0 and penalty.p_value is not None and penalty.p_value < alpha
    rewards = won > 0 and reward.p_value is not None and reward.p_value < alpha
    role: Role = "unclear"
    if punishes or rewards:
        role = "performance" if punishes and rewards else "basic" if punishes else "excitement"
    return Asymmetry(name, penalty, reward, span, (won - lost) / span if span else None, role)
