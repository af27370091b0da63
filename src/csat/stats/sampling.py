"""What a sample is worth: effective size, likeness to the population, and how many to ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from csat.stats._checks import normal_quantile, require_confidence

HIGH_DEFF = 2.0
"""Above this the weights cost more than half of the answers: a warning stands beside them."""


@dataclass(frozen=True, slots=True)
class Kish:
    """The cost of unequal weights: ``n`` respondents say as much as ``n_effective`` equal ones.

    ``deff`` is n over n_effective, at least 1; both are None without any weight.
    """

    n: int
    deff: float | None
    n_effective: float | None

    @property
    def costly(self) -> bool:
        """Whether weighting loses more than half of the answers."""
        return self.deff is not None and self.deff > HIGH_DEFF


def kish(weights: ArrayLike, respondents: ArrayLike | None = None) -> Kish:
    """Return Kish's (1965) design effect of unequal weights, n Σw² / (Σw)².

    `weights` holds one weight per respondent, or per row of `respondents` alike. It is the loss
    if the weights have nothing to do with the answers; those of weight 0 count among n. Raises
    ValueError if a weight is negative.

    Examples
    --------
    >>> kish([1, 1, 2])
    Kish(n=3, deff=1.125, n_effective=2.6666666666666665)
    """
    w = np.asarray(weights, dtype=np.float64)
    times = np.ones(w.shape) if respondents is None else np.asarray(respondents, dtype=np.float64)
    if w.shape != times.shape or np.any(~(w >= 0)) or np.any(~(times >= 0)):
        raise ValueError("weights and numbers of respondents must be at least 0, one each")
    return kish_from_sums(round(float(times.sum())), float(times @ w), float(times @ w**2))


def kish_from_sums(n: int, total: float, total_sq: float) -> Kish:
    """Return Kish's design effect from the number, sum and sum of squares of the weights.

    Examples
    --------
    >>> kish_from_sums(3, 4.0, 6.0).deff
    1.125
    """
    if not (n > 0 and total > 0):
        return Kish(n, None, None)
    effective = min(float(n), total * total / total_sq)
    return Kish(n, n / effective, effective)


@dataclass(frozen=True, slots=True)
class Likeness:
    """Respondents against the population on one variable.

    ``sample`` and ``population`` are shares by category, 0 to 1. ``chi_square``, ``df`` and
    ``p_value`` test whether the respondents could be a random draw; None with fewer than two
    categories. ``outside`` are respondents in none of the population's categories.
    """

    sample: Mapping[str, float]
    population: Mapping[str, float]
    chi_square: float | None
    df: int
    p_value: float | None
    outside: int

    @property
    def distance(self) -> float:
        """Share of the answers that would have to come from another category, 0 to 1.

        Half the sum of the differences of shares (Duncan and Duncan 1955): total variation.
        """
        shares = self.population
        return 0.5 * sum(abs(self.sample[name] - share) for name, share in shares.items())


def likeness(respondents: Mapping[str, int], population: Mapping[str, float]) -> Likeness | None:
    """Return who answered against who was served, by category (Pearson's chi-square).

    Parameters
    ----------
    respondents : Mapping of str to int
        Number by category.
    population : Mapping of str to float
        Counts or shares by category.

    Returns
    -------
    Likeness or None
        None if nobody answered in a category of the population. With expected numbers below
        five the test is rough; with many respondents it finds differences too small to matter,
        so look at the shares first.

    Raises
    ------
    ValueError
        If a number is negative.

    Examples
    --------
    >>> found = likeness({"young": 30, "old": 70}, {"young": 5000, "old": 5000})
    >>> found.sample["young"], found.population["young"], round(found.p_value, 6)
    (0.3, 0.5, 6.3e-05)
    >>> round(found.distance, 3)
    0.2
    """
    if any(x < 0 for x in (*respondents.values(), *population.values())):
        raise ValueError("numbers of people must be at least 0")
    kept = {name: share for name, share in population.items() if share > 0}
    n = sum(respondents.get(name, 0) for name in kept)
    outside = sum(respondents.values()) - n
    if not n:
        return None
    total = sum(kept.values())
    target = {name: share / total for name, share in kept.items()}
    sample = {name: respondents.get(name, 0) / n for name in kept}
    df = len(kept) - 1
    if df < 1:
        return Likeness(sample, target, None, df, None, outside)
    chi = n * sum((sample[name] - t) ** 2 / t for name, t in target.items())
    return Likeness(sample, target, chi, df, float(special.chdtrc(df, chi)), outside)


def r_indicator(invited: Mapping[str, int], answered: Mapping[str, int]) -> float | None:
    """Return how alike response rates are over categories, from 0 to 1 (Schouten et al. 2009).

    R = 1 - 2 S, with S the standard deviation of the response rate over everybody invited; 1
    means that every category answers alike. None where nobody was invited. Raises ValueError if
    more people of a category answered than were invited.

    Examples
    --------
    >>> round(r_indicator({"young": 500, "old": 500}, {"young": 100, "old": 300}), 6)
    0.6
    """
    asked = {name: n for name, n in invited.items() if n > 0}
    if any(answered.get(name, 0) > n or answered.get(name, 0) < 0 for name, n in asked.items()):
        raise ValueError("no more people can answer than were invited, and none below 0")
    if not asked:
        return None
    total = sum(asked.values())
    rates = {name: answered.get(name, 0) / n for name, n in asked.items()}
    mean = sum(n * rates[name] for name, n in asked.items()) / total
    variance = sum(n * (rates[name] - mean) ** 2 for name, n in asked.items()) / total
    return 1 - 2 * sqrt(variance)


def answers_needed(
    half_width: float,
    share: float = 0.5,
    deff: float = 1.0,
    population: int | None = None,
    confidence: float = 0.95,
) -> int:
    """Return how many answers give a share an interval of plus or minus `half_width`.

    n = deff z² p (1 - p) / e², less in a small `population`. Raises ValueError unless
    `half_width` and `share` lie between 0 and 1 and `deff` is positive.

    Examples
    --------
    >>> answers_needed(0.05), answers_needed(0.05, population=1000)
    (385, 278)
    """
    if not 0 < half_width < 1 or not 0 < share < 1 or not deff > 0:
        raise ValueError("half width and share lie between 0 and 1, deff above 0")
    z = normal_quantile(confidence)
    n = deff * z * z * share * (1 - share) / half_width**2
    return ceil(n if population is None else n / (1 + (n - 1) / population))


def detectable_change(
    n: float, share: float = 0.5, confidence: float = 0.95, power: float = 0.80
) -> float:
    """Return the change of a share that two samples of `n` would show with the given power.

    (z + z_power) √(2 p (1 - p) / n), as a fraction; pass the effective n of weighted answers.
    Raises ValueError unless n is positive and the rest lies between 0 and 1.

    Examples
    --------
    >>> round(detectable_change(400, share=0.8), 3)
    0.079
    """
    require_confidence(power)
    if not n > 0 or not 0 <= share <= 1:
        raise ValueError("n must be above 0 and a share between 0 and 1")
    reach = normal_quantile(confidence) + float(special.ndtri(power))
    return reach * sqrt(2 * share * (1 - share) / n)
