"""Whether an improvement worked: before against after, beside a group without it."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from math import log, sqrt

from scipy import special

from csat.stats._checks import require_confidence
from csat.stats.moments import Moments

_HALF = 0.5
"""Added to the events of a stretch that has none, so that its logarithm exists (Haldane 1956)."""


@dataclass(frozen=True, slots=True)
class Level:
    """A stretch of periods as one level.

    Parameters
    ----------
    value : float
        Mean over all answers of the stretch; of events the logarithm of their rate.
    variance : float
        Of ``value``, if nothing but chance made the answers differ.
    scatter : float
        Chi-square of the periods about ``value``: how far they differ, in units of chance.
    freedom : int
        Degrees of freedom of ``scatter``: periods less one.
    """

    value: float
    variance: float
    scatter: float
    freedom: int


@dataclass(frozen=True, slots=True)
class Effect:
    """What an improvement changed, beyond what changed without it.

    ``value``, ``low`` and ``high`` have the unit of the levels. ``dispersion`` is how many times
    more than by chance the periods scatter, at least 1; the interval is widened by it.
    """

    value: float
    low: float
    high: float
    p_value: float
    dispersion: float


def level_of_means(periods: Sequence[Moments]) -> Level | None:
    """Return the level of a mean, a share or a net score over some periods.

    None with fewer than two answers, or if no answer differs from another.

    Examples
    --------
    >>> level = level_of_means([Moments(50, 150, 500), Moments(50, 170, 620)])
    >>> round(level.value, 2), round(level.variance, 4), round(level.scatter, 2), level.freedom
    (3.2, 0.0097, 4.12, 1)
    """
    known = [p for p in periods if p.n]
    if not known:
        return None
    total = reduce(operator.add, known)
    if total.mean is None or not total.variance:
        return None
    means = [(p.n, p.mean) for p in known if p.mean is not None]
    scatter = sum(n * (mean - total.mean) ** 2 for n, mean in means) / total.variance
    return Level(total.mean, total.variance / total.n, scatter, len(known) - 1)


def level_of_events(periods: Sequence[tuple[int, float]]) -> Level | None:
    """Return the level of a rate of events over some periods, as its logarithm.

    Parameters
    ----------
    periods : Sequence of (events, size)
        Events and what they are counted over: days, or customers served.

    Returns
    -------
    Level or None
        None if nothing was counted over.

    Examples
    --------
    >>> level = level_of_events([(12, 31.0), (9, 28.0), (15, 31.0)])
    >>> round(level.value, 3), round(level.variance, 4), level.freedom
    (-0.916, 0.0278, 2)
    """
    known = [(events, size) for events, size in periods if size > 0]
    size = sum(s for _, s in known)
    if not size:
        return None
    events = sum(e for e, _ in known) or _HALF
    rate = events / size
    scatter = sum((e - rate * s) ** 2 / (rate * s) for e, s in known)
    return Level(log(rate), 1 / events, scatter, len(known) - 1)


def difference_in_differences(
    now: Level, before: Level, other_now: Level, other_before: Level, confidence: float = 0.95
) -> Effect:
    """Return how much more a group changed than the group it is compared with.

    (now - before) - (other_now - other_before), with the root of the sum of the four variances
    as its standard error (methods.md 2.17), times the root of how much more than by chance the
    periods scatter (at least 1: McCullagh & Nelder 1989, quasi-likelihood), and Student's t with
    the degrees of freedom of that scatter. Without the improvement both groups would have moved
    alike: that is assumed, not tested. On logarithms of rates the effect is a ratio of ratios.

    Parameters
    ----------
    confidence : float
        Of the interval.

    Raises
    ------
    ValueError
        If the four stretches together leave fewer than two degrees of freedom.

    Examples
    --------
    >>> flat = Level(3.0, 0.0016, 5.0, 5)
    >>> found = difference_in_differences(Level(3.5, 0.0025, 4.0, 5), flat, flat, flat)
    >>> round(found.value, 2), round(found.low, 3), round(found.high, 3), found.dispersion
    (0.5, 0.322, 0.678, 1.0)
    """
    require_confidence(confidence)
    sides = now, before, other_now, other_before
    freedom = sum(s.freedom for s in sides)
    if freedom < 2:
        raise ValueError(f"too few periods: {freedom} degrees of freedom")
    value = (now.value - before.value) - (other_now.value - other_before.value)
    dispersion = max(1.0, sum(s.scatter for s in sides) / freedom)
    error = sqrt(dispersion * sum(s.variance for s in sides))
    reach = float(special.stdtrit(freedom, 0.5 + confidence / 2)) * error
    p_value = float(2 * special.stdtr(freedom, -abs(value) / error))
    return Effect(value, value - reach, value + reach, p_value, sqrt(dispersion))
