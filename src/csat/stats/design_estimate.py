"""An estimate from a survey drawn with weights, strata and clusters: its interval, its change."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy import special

from csat.stats._checks import require_confidence
from csat.stats.comparison import Comparison
from csat.stats.intervals import wilson_interval

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class DesignEstimate:
    """A weighted mean or share with the doubt its sampling design leaves.

    ``value``, ``standard_error``, ``low`` and ``high`` are in the unit of the values; ``df`` are
    clusters less strata, and ``df_effective`` what a t quantile may lean on: less where weights
    or strata are uneven. ``unweighted`` is the plain mean for comparison. ``deff`` is the
    variance over that of as many respondents drawn singly, and ``n_effective`` is n over deff;
    both are None without spread. ``lonely`` counts strata with a single cluster, whose doubt is
    taken from its distance to the overall mean. The interval is None where no doubt can be
    computed: one cluster per stratum, or values all alike.
    """

    n: int
    value: float
    unweighted: float
    standard_error: float | None
    df: int
    low: float | None
    high: float | None
    deff: float | None
    n_effective: float | None
    lonely: int
    df_effective: float = inf

    @property
    def t_df(self) -> float:
        """Degrees of freedom of its t quantile."""
        return min(float(self.df), self.df_effective)


def effective_df(
    variances: FloatArray, drawn: FloatArray, weights: FloatArray, squares: FloatArray
) -> float:
    """Return the degrees of freedom of a sum of variances of strata (Satterthwaite 1946).

    Parameters
    ----------
    variances, drawn : arrays, one entry for each stratum
        Its part of the variance, and its clusters.
    weights, squares : arrays
        Sum of the weights of its clusters, and of their squares: uneven ones are worth fewer.

    Examples
    --------
    >>> one = np.array([1.0])
    >>> effective_df(one, 10 * one, 10 * one, 10 * one)
    9.0
    >>> effective_df(one, 10 * one, 8 * one, 16 * one)
    3.0
    """
    total = float(variances.sum())
    if not total > 0:
        return inf
    even = np.divide(weights**2, squares, out=np.ones_like(weights), where=squares > 0)
    own = np.clip(even - 1, 1.0, np.maximum(drawn - 1, 1.0))
    return total**2 / float((variances**2 / own).sum())


def with_mean_interval(
    found: DesignEstimate,
    confidence: float = 0.95,
    bounds: tuple[float, float] | None = None,
) -> DesignEstimate:
    """Add the t interval of a mean to an estimate that has a standard error.

    With the ends of the scale as `bounds` it is made on the logit, as `design_mean` says.

    Examples
    --------
    >>> bare = DesignEstimate(4, 3.5, 3.5, 0.5, 3, None, None, 1.0, 4.0, 0)
    >>> round(with_mean_interval(bare).low, 3)
    1.909
    >>> found = with_mean_interval(bare, bounds=(1, 5))
    >>> round(found.low, 3), round(found.high, 3)
    (1.936, 4.604)
    """
    require_confidence(confidence)
    if not found.standard_error or found.df < 1:
        return found
    half = float(special.stdtrit(found.t_df, 0.5 + confidence / 2)) * found.standard_error
    if bounds is None or not bounds[0] < found.value < bounds[1]:
        return replace(found, low=found.value - half, high=found.value + half)
    floor, width = bounds[0], bounds[1] - bounds[0]
    place = (found.value - floor) / width
    reach = half / width / (place * (1 - place))
    low, high = special.expit(special.logit(place) + np.array([-reach, reach]))
    return replace(found, low=floor + width * float(low), high=floor + width * float(high))


def with_share_interval(
    found: DesignEstimate, equal: float, *, clustered: bool, confidence: float = 0.95
) -> DesignEstimate:
    """Add Wilson's interval of a share to an estimate, at its effective sample size.

    `equal` is the effective size of the weights alone, for shares of 0 and 1; the rest is as
    `design_share` says.

    Examples
    --------
    >>> bare = DesignEstimate(50, 0.4, 0.4, 0.07, 49, None, None, 1.0, 50.0, 0)
    >>> round(with_share_interval(bare, 50.0, clustered=False).low, 3)
    0.275
    """
    p, se = found.value, found.standard_error
    if se and 0 < p < 1:
        size = p * (1 - p) / se**2
        size = min(float(found.n), size) if clustered else size
    else:
        size = min(equal, max(found.df, 1) + 1.0)
    if found.df >= 1 and found.n > 1:
        usual, own = special.stdtrit([found.n - 1.0, found.t_df], 0.5 + confidence / 2)
        size *= min(1.0, float(usual / own) ** 2)
    ci = wilson_interval(min(p * size, size), size, confidence)
    return replace(found, low=ci.low, high=ci.high)


def design_difference(
    current: DesignEstimate, reference: DesignEstimate, confidence: float = 0.95
) -> Comparison | None:
    """Return how far a weighted mean or share moved between two surveys drawn apart.

    Welch's t with the design-based errors and their degrees of freedom. For groups of one
    survey, which share clusters and margins, see `csat.stats.design_sums.difference_from_sums`.
    None if either side has no standard error.

    Examples
    --------
    >>> from csat.stats.design import design_mean
    >>> now = design_mean([4.0, 5.0, 3.0, 5.0], [1, 2, 1, 2])
    >>> before = design_mean([2.0, 3.0, 3.0, 1.0], [1, 1, 2, 2])
    >>> found = design_difference(now, before)
    >>> round(found.difference, 3), round(found.low, 3), round(found.high, 3)
    (2.333, 0.482, 4.184)
    """
    require_confidence(confidence)
    now, before = current.standard_error, reference.standard_error
    if not now or not before or current.df < 1 or reference.df < 1:
        return None
    return difference_of(current, reference, now**2 + before**2, inf, confidence)


def difference_of(
    one: DesignEstimate,
    other: DesignEstimate,
    variance: float,
    most_df: float,
    confidence: float = 0.95,
) -> Comparison | None:
    """Return one less the other by a t interval, of a difference with a known variance.

    Parameters
    ----------
    one, other
        Both with a standard error; their degrees of freedom are joined as Welch does.
    variance
        Of the difference; the sum of both where they were drawn apart.
    most_df
        Degrees of freedom that the design leaves at most.

    Returns
    -------
    Comparison or None
        None where the variance or the degrees of freedom leave nothing to test by.

    Examples
    --------
    >>> bare = DesignEstimate(4, 3.5, 3.5, 0.5, 3, None, None, 1.0, 4.0, 0)
    >>> found = difference_of(bare, replace(bare, value=2.0), 0.5, inf)
    >>> found.difference, round(found.low, 3), round(found.high, 3)
    (1.5, -0.23, 3.23)
    """
    parts = [(one.standard_error or 0.0) ** 2, (other.standard_error or 0.0) ** 2]
    total = sum(parts)
    if not variance > 1e-12 * total or most_df < 1:
        return None
    df = 1 / sum((p / total) ** 2 / e.t_df for p, e in zip(parts, (one, other), strict=True))
    df = min(df, most_df)
    difference = one.value - other.value
    half = float(special.stdtrit(df, 0.5 + confidence / 2)) * sqrt(variance)
    p_value = float(2 * special.stdtr(df, -abs(difference) / sqrt(variance)))
    return Comparison(difference, difference - half, difference + half, p_value)
