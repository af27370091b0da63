"""Funnel plots: which branches differ from the whole by more than their size explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import inf, sqrt
from typing import Literal

import numpy as np
from scipy import special

from csat.stats.control_charts import D2

Place = Literal["within", "beyond_95", "beyond_998"]

_OUTER = 0.998


@dataclass(frozen=True, slots=True)
class FunnelPoint:
    """One unit: its share or rate, its base, and the limits for units of that base."""

    n: int
    share: float
    low: float
    high: float
    outer_low: float
    outer_high: float
    z: float

    @property
    def place(self) -> Place:
        """Within the 95% limits, or beyond these or the 99.8% ones."""
        if self.share < self.outer_low or self.share > self.outer_high:
            return "beyond_998"
        return "beyond_95" if self.share < self.low or self.share > self.high else "within"


@dataclass(frozen=True, slots=True)
class Funnel:
    """Units about their common share; ``sigma_z`` is how much their scatter exceeds chance.

    Of a ``rate`` shares are events per unit of exposure, and n is the exposure.
    """

    share: float
    sigma_z: float
    points: Mapping[str, FunnelPoint]
    rate: bool = False

    @property
    def spread(self) -> float:
        """Standard deviation of one unit of the base, by chance alone."""
        return sqrt(self.share if self.rate else self.share * (1 - self.share))


def funnel(units: Mapping[str, tuple[int, int]]) -> Funnel | None:
    """Return the funnel of some units' shares (Spiegelhalter 2005, widened as Laney's charts).

    Limits p̄ ± 1.96 and 3.09 √(p̄ q̄ / n) times sigma_z, at least 1, within 0 to 1. Units have no
    order, so sigma_z is Laney's averaged over all orders: the mean distance of two units' z over
    1.128. One unit in twenty lies beyond the inner limits by chance alone.

    Parameters
    ----------
    units : Mapping of str to (events, n)
        A unit without answers is left out.

    Returns
    -------
    Funnel or None
        None below two units with answers, or if the common share is 0 or 1.

    Raises
    ------
    ValueError
        If events lie outside 0 to n.

    Examples
    --------
    >>> found = funnel({"North": (60, 100), "South": (82, 100), "East": (81, 100)})
    >>> round(found.share, 3), {name: point.place for name, point in found.points.items()}
    (0.743, {'North': 'within', 'South': 'within', 'East': 'within'})
    """
    if any(not 0 <= events <= n for events, n in units.values()):
        raise ValueError("events must lie between 0 and n")
    kept = {name: unit for name, unit in units.items() if unit[1]}
    total = sum(n for _, n in kept.values())
    share = sum(events for events, _ in kept.values()) / total if total else 0.0
    if len(kept) < 2 or not 0 < share < 1:
        return None
    return _funnel(kept, Funnel(share, 1.0, {}))


def rate_funnel(units: Mapping[str, tuple[int, int]]) -> Funnel | None:
    """Return the funnel of some units' rates of events.

    Limits λ ± 1.96 and 3.09 √(λ / exposure) times sigma_z, as those of `funnel`, at least 0.

    Parameters
    ----------
    units : Mapping of str to (events, exposure)
        Events and what they are counted over, such as customers served; a unit without exposure
        is left out.

    Returns
    -------
    Funnel or None
        In events per unit of exposure. None below two units with exposure, or without events.

    Raises
    ------
    ValueError
        If events or exposure lie below 0.

    Examples
    --------
    >>> found = rate_funnel({"North": (40, 10_000), "South": (42, 10_000), "East": (95, 10_000)})
    >>> round(1000 * found.share, 2), found.points["East"].place
    (5.9, 'within')
    """
    if any(events < 0 or size < 0 for events, size in units.values()):
        raise ValueError("events and exposure must be at least 0")
    kept = {name: unit for name, unit in units.items() if unit[1]}
    events, size = (sum(unit[i] for unit in kept.values()) for i in (0, 1))
    if len(kept) < 2 or not events:
        return None
    return _funnel(kept, Funnel(events / size, 1.0, {}, rate=True))


def _funnel(kept: Mapping[str, tuple[int, int]], bare: Funnel) -> Funnel:
    """Put units about their common level."""
    share, spread, most = bare.share, bare.spread, inf if bare.rate else 1.0
    z = {name: (x / n - share) * sqrt(n) / spread for name, (x, n) in kept.items()}
    sigma_z = max(1.0, _mean_distance(list(z.values())) / D2)
    inner, outer = (float(special.ndtri(0.5 + level / 2)) * sigma_z for level in (0.95, _OUTER))
    points = {}
    for name, (x, n) in kept.items():
        sigma = spread / sqrt(n)
        points[name] = FunnelPoint(
            n,
            x / n,
            max(0.0, share - inner * sigma),
            min(most, share + inner * sigma),
            max(0.0, share - outer * sigma),
            min(most, share + outer * sigma),
            z[name] / sigma_z,
        )
    return Funnel(share, sigma_z, points, bare.rate)


def _mean_distance(values: list[float]) -> float:
    """Return the mean distance of all pairs, from the values in order."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    k = len(ordered)
    weights = 2 * np.arange(k) - k + 1
    return float(weights @ ordered) / (k * (k - 1) / 2)
