"""Sufficient statistics of one figure: exact integers that add up over any parts.

A query returns tallies, never a finished mean or interval; here they become value, interval
and comparison. Adding tallies of parts gives the total to the last bit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol, Self

from csat.stats.comparison import (
    Comparison,
    newcombe_difference,
    nps_difference,
    rate_difference,
    welch_difference,
)
from csat.stats.intervals import (
    Interval,
    mean_interval,
    nps_interval,
    nps_score,
    poisson_interval,
    rating_mean_interval,
    wilson_interval,
)
from csat.stats.moments import Moments, moments_from_counts


class Estimate(Protocol):
    """What a figure is made of: its base, its value with interval, and a comparison."""

    @property
    def n(self) -> int:
        """The number of answers that the figure rests on."""

    def value(self) -> float | None:
        """Return the figure in its unit, or None without data."""

    def interval(self) -> Interval | None:
        """Return the 95% interval in the same unit."""

    def compare(self, reference: Self) -> Comparison | None:
        """Return current less reference in the same unit, with interval and p-value."""


class Tally(Estimate, Protocol):
    """What every family of figures can do with its counts: they add up over any parts."""

    def __add__(self, other: Self) -> Self: ...


@dataclass(frozen=True, slots=True)
class ShareTally:
    """Successes among n, as a percentage.

    Examples
    --------
    >>> (ShareTally(1, 2) + ShareTally(3, 4)).value()
    66.66666666666667
    """

    x: int
    n: int

    def __add__(self, other: ShareTally) -> ShareTally:
        return ShareTally(self.x + other.x, self.n + other.n)

    def value(self) -> float | None:
        return 100.0 * self.x / self.n if self.n else None

    def interval(self) -> Interval | None:
        if not self.n:
            return None
        w = wilson_interval(self.x, self.n)
        return Interval(100 * w.low, 100 * w.high)

    def compare(self, reference: ShareTally) -> Comparison | None:
        if not self.n or not reference.n:
            return None
        c = newcombe_difference(self.x, self.n, reference.x, reference.n)
        return Comparison(100 * c.difference, 100 * c.low, 100 * c.high, c.p_value)


@dataclass(frozen=True, slots=True)
class RatingTally:
    """Counts per rating on a known scale, as a mean."""

    counts: tuple[tuple[int, int], ...]
    scale: tuple[int, int]

    @property
    def n(self) -> int:
        return sum(c for _, c in self.counts)

    def __add__(self, other: RatingTally) -> RatingTally:
        total = Counter(dict(self.counts))
        total.update(dict(other.counts))
        return RatingTally(tuple(sorted(total.items())), self.scale)

    def value(self) -> float | None:
        return moments_from_counts(dict(self.counts)).mean

    def interval(self) -> Interval | None:
        if self.n < 2:
            return None
        return rating_mean_interval(dict(self.counts), *self.scale)[0]

    def compare(self, reference: RatingTally) -> Comparison | None:
        if not self.n or not reference.n:
            return None
        return welch_difference(
            moments_from_counts(dict(self.counts)), moments_from_counts(dict(reference.counts))
        )


@dataclass(frozen=True, slots=True)
class ScoreTally:
    """Moments of respondent scores, as a mean."""

    moments: Moments

    @property
    def n(self) -> int:
        return self.moments.n

    def __add__(self, other: ScoreTally) -> ScoreTally:
        return ScoreTally(self.moments + other.moments)

    def value(self) -> float | None:
        return self.moments.mean

    def interval(self) -> Interval | None:
        return mean_interval(self.moments)

    def compare(self, reference: ScoreTally) -> Comparison | None:
        if not self.n or not reference.n:
            return None
        return welch_difference(self.moments, reference.moments)


@dataclass(frozen=True, slots=True)
class NpsTally:
    """Promoters, passives and detractors, as a net promoter score in points."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        return self.promoters + self.passives + self.detractors

    def __add__(self, other: NpsTally) -> NpsTally:
        return NpsTally(
            self.promoters + other.promoters,
            self.passives + other.passives,
            self.detractors + other.detractors,
        )

    def value(self) -> float | None:
        return nps_score(self.promoters, self.passives, self.detractors) if self.n else None

    def interval(self) -> Interval | None:
        return nps_interval(self.promoters, self.passives, self.detractors) if self.n else None

    def compare(self, reference: NpsTally) -> Comparison | None:
        if not self.n or not reference.n:
            return None
        return nps_difference(
            (self.promoters, self.passives, self.detractors),
            (reference.promoters, reference.passives, reference.detractors),
        )


@dataclass(frozen=True, slots=True)
class CountTally:
    """Events over a number of days, as a count. A change is put on equal days."""

    events: int
    days: int

    @property
    def n(self) -> int:
        return self.events

    def __add__(self, other: CountTally) -> CountTally:
        return CountTally(self.events + other.events, self.days + other.days)

    def value(self) -> float | None:
        return float(self.events)

    def interval(self) -> Interval | None:
        return poisson_interval(self.events, 1)

    def compare(self, reference: CountTally) -> Comparison | None:
        if not self.days or not reference.days:
            return None
        return rate_difference(
            self.events, self.days, reference.events, reference.days, per=self.days
        )


@dataclass(frozen=True, slots=True)
class RateTally:
    """Events for every 1,000 customers served."""

    events: int
    exposure: int

    @property
    def n(self) -> int:
        return self.exposure

    def __add__(self, other: RateTally) -> RateTally:
        return RateTally(self.events + other.events, self.exposure + other.exposure)

    def value(self) -> float | None:
        return 1000.0 * self.events / self.exposure if self.exposure else None

    def interval(self) -> Interval | None:
        return poisson_interval(self.events, self.exposure, per=1000) if self.exposure else None

    def compare(self, reference: RateTally) -> Comparison | None:
        if not self.exposure or not reference.exposure:
            return None
        return rate_difference(
            self.events, self.exposure, reference.events, reference.exposure, per=1000
        )
