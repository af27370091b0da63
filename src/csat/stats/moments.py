"""Exact sums from which the mean and spread of a rating follow."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt


@dataclass(frozen=True, slots=True)
class Moments:
    """Count, sum and sum of squares of some values, held as exact integers.

    Whole numbers add without rounding, so the moments of a year equal the added moments of its
    months to the last digit, whatever the order of adding.

    Parameters
    ----------
    n : int
        Number of values.
    total : int
        Sum of the values, each multiplied by `divisor`.
    total_sq : int
        Sum of the squares of the values, each multiplied by `divisor` before squaring.
    divisor : int
        The values are ``x / divisor``; 1 for ratings, for example 60 for minutes kept as hours.

    Raises
    ------
    ValueError
        If `n` is negative, `divisor` is not positive, or no set of values has these sums.
    TypeError
        If a field is not a whole number.

    Examples
    --------
    Three answers 3, 4 and 5:

    >>> answers = Moments(n=3, total=12, total_sq=50)
    >>> answers.mean, answers.variance, answers.sd
    (4.0, 1.0, 1.0)
    >>> answers + answers
    Moments(n=6, total=24, total_sq=100, divisor=1)
    """

    n: int
    total: int
    total_sq: int
    divisor: int = 1

    def __post_init__(self) -> None:
        for field in ("n", "total", "total_sq", "divisor"):
            # Fixed-width integers would overflow in the products below; Python's own do not.
            object.__setattr__(self, field, operator.index(getattr(self, field)))
        if self.n < 0:
            raise ValueError(f"n must be at least 0, got {self.n}")
        if self.divisor < 1:
            raise ValueError(f"divisor must be at least 1, got {self.divisor}")
        if self._scaled_squares < 0 or (self.n == 0 and self.total_sq != 0):
            raise ValueError("no values have this count, sum and sum of squares")

    @property
    def _scaled_squares(self) -> int:
        """``n`` times the sum of squared deviations from the mean, in units of 1/divisor²."""
        return self.n * self.total_sq - self.total * self.total

    @property
    def mean(self) -> float | None:
        """Arithmetic mean, in the unit of the values; None without values."""
        return self.total / (self.n * self.divisor) if self.n else None

    @property
    def variance(self) -> float | None:
        """Sample variance (denominator n - 1), in squared units; None below two values."""
        if self.n < 2:
            return None
        return self._scaled_squares / (self.n * (self.n - 1) * self.divisor**2)

    @property
    def sd(self) -> float | None:
        """Sample standard deviation, in the unit of the values; None below two values."""
        variance = self.variance
        return None if variance is None else sqrt(variance)

    def __add__(self, other: Moments) -> Moments:
        if not isinstance(other, Moments):
            return NotImplemented
        if self.divisor != other.divisor:
            raise ValueError(
                f"moments with divisors {self.divisor} and {other.divisor} cannot be added"
            )
        return Moments(
            self.n + other.n,
            self.total + other.total,
            self.total_sq + other.total_sq,
            self.divisor,
        )


def moments_from_counts(counts: Mapping[int, int]) -> Moments:
    """Return the moments of a rating given as the number of answers per category.

    Parameters
    ----------
    counts : Mapping[int, int]
        Category (the value itself, such as 1 to 5) to number of answers.

    Returns
    -------
    Moments
        With divisor 1.

    Raises
    ------
    ValueError
        If a count is negative.

    Examples
    --------
    One 3, one 4 and two 5s average (3 + 4 + 5 + 5) / 4:

    >>> moments_from_counts({3: 1, 4: 1, 5: 2}).mean
    4.25
    """
    n = total = total_sq = 0
    for category, answers in counts.items():
        value, count = operator.index(category), operator.index(answers)
        if count < 0:
            raise ValueError(f"category {value} has a negative count: {count}")
        n += count
        total += count * value
        total_sq += count * value * value
    return Moments(n, total, total_sq)
