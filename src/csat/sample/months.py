"""The months of the sample and moments drawn from them."""

from __future__ import annotations

from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from csat.sample.draw import Ints, pick

FULL_MONTHS: Final = 24
WEEKDAY_WEIGHTS: Final = (1.05, 1.0, 1.0, 1.0, 0.95, 0.55, 0.3)
HOUR_WEIGHTS: Final = (
    *(1, 0, 0, 0, 1, 3, 10, 22, 45, 70, 82, 80),
    *(60, 58, 70, 74, 72, 66, 60, 52, 40, 26, 12, 4),
)
GROWTH: Final = 0.12
"""How much busier the last day is than the first."""

Moments = NDArray[np.datetime64]


def month_label(year: int, month: int) -> str:
    """Write a month as YYYY-MM; a month outside 1 to 12 rolls into another year.

    Examples
    --------
    >>> month_label(2026, 10), month_label(2026, 0), month_label(2026, -1)
    ('2026-10', '2025-12', '2025-11')
    """
    years, month0 = divmod(month - 1, 12)
    return f"{year + years:04d}-{month0 + 1:02d}"


def sample_months(as_of: date) -> tuple[str, ...]:
    """List the full months of the sample and, last, the month that contains `as_of`.

    Examples
    --------
    >>> months = sample_months(date(2026, 10, 18))
    >>> months[0], months[-2], months[-1], len(months)
    ('2024-10', '2026-09', '2026-10', 25)
    """
    return tuple(month_label(as_of.year, as_of.month - back) for back in range(FULL_MONTHS, -1, -1))


class Calendar:
    """Days from the first month's first day to `as_of`, weighted by how busy they are.

    Parameters
    ----------
    as_of
        The last day with data; the sample ends when this day ends.
    """

    def __init__(self, as_of: date) -> None:
        self.months: tuple[str, ...] = sample_months(as_of)
        self.end: np.datetime64 = np.datetime64(as_of, "s") + np.timedelta64(86_399, "s")
        days = np.arange(np.datetime64(self.months[0], "D"), np.datetime64(as_of, "D") + 1)
        self._days = days
        weekday = (days.astype(np.int64) + 3) % 7  # 1970-01-01 was a Thursday
        busy = np.array(WEEKDAY_WEIGHTS)[weekday] * np.linspace(1, 1 + GROWTH, len(days))
        self._cumulative = np.concatenate([[0.0], np.cumsum(busy) / busy.sum()])
        starts = np.array(self.months, "M8[M]").astype("M8[D]")
        self._first = np.append(np.searchsorted(days, starts), len(days))

    @property
    def month_shares(self) -> NDArray[np.float64]:
        """Share of the whole activity that falls into each month."""
        return np.diff(self._cumulative[self._first])

    def draw(self, rng: np.random.Generator, count: int) -> Moments:
        """Draw moments of the whole period, in order."""
        return np.sort(self._moments(rng, rng.random(count)))

    def draw_within(self, rng: np.random.Generator, month: Ints) -> Moments:
        """Draw one moment in each of the given months (by position)."""
        edge = self._cumulative[self._first]
        low = edge[month]
        share = low + rng.random(len(month)) * (edge[month + 1] - low)
        day = np.searchsorted(self._cumulative, share, side="right") - 1
        kept = np.clip(day, self._first[month], self._first[month + 1] - 1)
        return self._at(rng, kept)

    def month_of(self, moments: Moments) -> Ints:
        """Return the position of each moment's month."""
        first = np.datetime64(self.months[0], "M")
        return (moments.astype("M8[M]") - first).astype(np.int64)

    def _moments(self, rng: np.random.Generator, share: NDArray[np.float64]) -> Moments:
        day = np.searchsorted(self._cumulative, share, side="right") - 1
        return self._at(rng, np.clip(day, 0, len(self._days) - 1))

    def _at(self, rng: np.random.Generator, day: Ints) -> Moments:
        hour = pick(rng, HOUR_WEIGHTS, len(day))
        second = hour * 3600 + rng.integers(0, 3600, len(day))
        moments: Moments = self._days[day].astype("M8[s]") + second.astype("m8[s]")
        return moments
