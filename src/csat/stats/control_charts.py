"""Control charts: what a series does by chance, so that what it does beyond stands out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

FloatArray = NDArray[np.float64]
Kind = Literal["p", "p_prime", "u", "u_prime", "xmr", "score", "g", "t"]

D2 = 1.128
"""Mean range of two normal values in units of their sigma, rounded as the tables print it."""

RANGE_LIMIT = 3.267
FEWEST_POINTS = 12
"""Limits from fewer points are provisional."""

LARGE_BASE = 1000
LEAST_EVENTS = 1.0
_SKEW = 3.6
"""Root that makes times between events nearly normal (Nelson 1994)."""


@dataclass(frozen=True, slots=True, eq=False)
class ControlChart:
    """A series with its centre line and three-sigma limits, one entry per point.

    ``values``, ``centre``, ``low`` and ``high`` share the unit of the chart (fractions for p,
    events per unit of exposure for u); ``z`` is the distance from the centre in sigmas, on which
    run rules work. A point without a base has NaN in ``values`` and ``z``. ``sigma_z`` is
    Laney's: how much more than by chance the points scatter, where the chart allows for it.
    ``points`` are those the limits rest on.
    """

    kind: Kind
    values: FloatArray
    centre: FloatArray
    low: FloatArray
    high: FloatArray
    z: FloatArray
    points: int
    sigma_z: float | None = None

    @property
    def provisional(self) -> bool:
        """Whether the limits rest on too few points to be frozen."""
        return self.points < FEWEST_POINTS

    @property
    def beyond(self) -> list[int]:
        """Positions of the points outside their limits, from 0."""
        outside = (self.values < self.low) | (self.values > self.high)
        return [int(i) for i in np.flatnonzero(outside)]


def _base(values: FloatArray, baseline: ArrayLike | None) -> NDArray[np.bool_]:
    mask = np.ones(values.shape, bool) if baseline is None else np.asarray(baseline, dtype=bool)
    if mask.shape != values.shape:
        raise ValueError("the baseline needs one mark per point")
    kept: NDArray[np.bool_] = mask & ~np.isnan(values)
    return kept


def _moving_range(values: FloatArray, base: NDArray[np.bool_]) -> float | None:
    """Return the mean distance of neighbours that both belong to the baseline."""
    pairs = base[1:] & base[:-1]
    return float(np.abs(np.diff(values))[pairs].mean()) if pairs.any() else None


def proportion_chart(
    events: ArrayLike, n: ArrayLike, baseline: ArrayLike | None = None, laney: bool | None = None
) -> ControlChart | None:
    """Return the p chart of a share, or Laney's p' chart where shares scatter beyond chance.

    Parameters
    ----------
    events, n : array-like
        Events and answers of each period; a period with n = 0 is an empty point.
    baseline : array-like of bool, optional
        Points the limits rest on; all if left out.
    laney : bool, optional
        Whether to widen the limits by Laney's sigma_z (2002). If left out: when the scatter is
        beyond chance (chi-square at 1%) or the median base exceeds 1,000.

    Returns
    -------
    ControlChart or None
        Limits p̄ ± 3 √(p̄ q̄ / n) within 0 to 1. None if nothing can be charted: no point in
        the baseline, or on average less than one event (or non-event) a period; count the time
        between events instead.

    Raises
    ------
    ValueError
        If lengths differ or events lie outside 0 to n.

    Examples
    --------
    >>> chart = proportion_chart([12, 15, 8, 10, 4, 7], [50] * 6)
    >>> [line.round(4).tolist()[0] for line in (chart.centre, chart.low, chart.high)], chart.kind
    ([0.1867, 0.0214, 0.352], 'p')
    """
    x, size = np.asarray(events, dtype=np.float64), np.asarray(n, dtype=np.float64)
    if x.shape != size.shape or x.ndim != 1 or np.any(~((x >= 0) & (x <= size))):
        raise ValueError("events must lie between 0 and n, one pair per period")
    return _attribute("p", x, size, baseline, laney, 1.0)


def rate_chart(
    events: ArrayLike,
    exposure: ArrayLike,
    baseline: ArrayLike | None = None,
    laney: bool | None = None,
) -> ControlChart | None:
    """Return the u chart of events per unit of exposure, or Laney's u' chart.

    As `proportion_chart`, with limits ū ± 3 √(ū / exposure) not below 0. Raises ValueError if
    lengths differ, events are negative or exposure is.

    Examples
    --------
    >>> chart = rate_chart([10, 12, 8, 14, 10, 16], [5] * 6)
    >>> [line.round(3).tolist()[0] for line in (chart.centre, chart.low, chart.high)]
    [2.333, 0.284, 4.383]
    """
    x, size = np.asarray(events, dtype=np.float64), np.asarray(exposure, dtype=np.float64)
    if x.shape != size.shape or x.ndim != 1 or np.any(~((x >= 0) & (size >= 0))):
        raise ValueError("events and exposure must be at least 0, one pair per period")
    return _attribute("u", x, size, baseline, laney, np.inf)


def _attribute(
    kind: Literal["p", "u"],
    x: FloatArray,
    size: FloatArray,
    baseline: ArrayLike | None,
    laney: bool | None,
    most: float,
) -> ControlChart | None:
    held = size > 0
    values = np.divide(x, size, out=np.full(x.shape, np.nan), where=held)
    base = _base(values, baseline)
    total = float(size[base].sum())
    if not total:
        return None
    events, centre = float(x[base].sum()), float(x[base].sum()) / total
    scarce = min(events, total - events) if kind == "p" else events
    if scarce / base.sum() < LEAST_EVENTS:
        return None
    variance = centre * (1 - centre) if kind == "p" else centre
    sigma = np.sqrt(np.divide(variance, size, out=np.full(x.shape, np.nan), where=held))
    z = (values - centre) / sigma
    if laney is None:
        laney = _scatters(z[base], size[base] if kind == "p" else None)
    between = _moving_range(z, base) if laney else None
    if not between:
        return _chart(kind, values, centre, sigma, base, most, None)
    prime: Kind = "p_prime" if kind == "p" else "u_prime"
    return _chart(prime, values, centre, sigma * between / D2, base, most, between / D2)


def _scatters(z: FloatArray, size: FloatArray | None) -> bool:
    """Whether points scatter beyond chance, or stand on bases so large that anything would."""
    if len(z) < 2:
        return False
    large = size is not None and float(np.median(size)) > LARGE_BASE
    return large or float(special.chdtrc(len(z) - 1, float(z @ z))) < 0.01


def _chart(
    kind: Kind,
    values: FloatArray,
    centre: float,
    sigma: FloatArray,
    base: NDArray[np.bool_],
    most: float,
    sigma_z: float | None,
    least: float = 0.0,
) -> ControlChart:
    low, high = np.maximum(centre - 3 * sigma, least), np.minimum(centre + 3 * sigma, most)
    z = (values - centre) / sigma
    line = np.full(values.shape, centre)
    return ControlChart(kind, values, line, low, high, z, int(base.sum()), sigma_z)


def individuals_chart(
    values: ArrayLike, baseline: ArrayLike | None = None
) -> tuple[ControlChart, float] | None:
    """Return the XmR chart of single values, and the upper limit of its moving ranges.

    Sigma is the mean moving range over 1.128. NaN marks an empty period. None below two
    neighbouring values in the baseline, or if these are all the same.

    Examples
    --------
    >>> chart, range_limit = individuals_chart([49.6, 47.6, 49.9, 51.3, 47.8, 51.2])
    >>> [line.round(2).tolist()[0] for line in (chart.centre, chart.low, chart.high)]
    [49.57, 42.86, 56.27]
    >>> round(range_limit, 2)
    8.23
    """
    x = np.asarray(values, dtype=np.float64)
    base = _base(x, baseline)
    between = _moving_range(x, base)
    if not between:
        return None
    sigma = np.full(x.shape, between / D2)
    chart = _chart("xmr", x, float(x[base].mean()), sigma, base, np.inf, None, -np.inf)
    return chart, RANGE_LIMIT * between


def score_chart(
    values: ArrayLike, standard_errors: ArrayLike, baseline: ArrayLike | None = None
) -> ControlChart | None:
    """Return the chart of a score with a known standard error per period, as a monthly NPS.

    Limits centre ± 3 SE sigma_z, with Laney's sigma_z of the series: months of few answers have
    wider limits. The centre weighs each period by its precision. None below two neighbouring
    points in the baseline or if all are the same. Raises ValueError unless every point has a
    standard error above 0.

    Examples
    --------
    >>> chart = score_chart([30, 34, 28, 33, 31, 35], [3, 3, 3, 3, 3, 6])
    >>> round(float(chart.centre[0]), 2), round(chart.sigma_z, 2), chart.beyond
    (31.38, 1.13, [])
    """
    x, se = np.asarray(values, dtype=np.float64), np.asarray(standard_errors, dtype=np.float64)
    if x.shape != se.shape or x.ndim != 1 or np.any(~(se[~np.isnan(x)] > 0)):
        raise ValueError("each point needs a standard error above 0")
    base = _base(x, baseline)
    if not base.any():
        return None
    precision = 1 / se[base] ** 2
    centre = float(precision @ x[base] / precision.sum())
    between = _moving_range((x - centre) / se, base)
    if not between:
        return None
    sigma = se * between / D2
    return _chart("score", x, centre, sigma, base, np.inf, between / D2, -np.inf)


def cases_between_chart(
    counts: ArrayLike, baseline: ArrayLike | None = None
) -> ControlChart | None:
    """Return the g chart: how many cases pass between two rare events (Benneyan 2001).

    The count is geometric: sigma is √(ḡ (ḡ + 1)) and the lower limit 0, so bad news shows as a
    run of short gaps rather than as a single point. None without a baseline or if every gap is 0.
    Raises ValueError for a negative count.

    Examples
    --------
    >>> chart = cases_between_chart([120, 80, 200, 150])
    >>> [line.round(1).tolist()[0] for line in (chart.centre, chart.low, chart.high)]
    [137.5, 0.0, 551.5]
    """
    x = np.asarray(counts, dtype=np.float64)
    if x.ndim != 1 or np.any(x < 0):
        raise ValueError("a number of cases between events must be at least 0")
    base = _base(x, baseline)
    centre = float(x[base].mean()) if base.any() else 0.0
    if not centre:
        return None
    sigma = np.full(x.shape, np.sqrt(centre * (centre + 1)))
    return _chart("g", x, centre, sigma, base, np.inf, None)


def time_between_chart(times: ArrayLike, baseline: ArrayLike | None = None) -> ControlChart | None:
    """Return the t chart: the time that passes between two rare events (Nelson 1994).

    An XmR chart of the times' 3.6th root, turned back to times; a short time is bad news. None
    below two times in the baseline, or if they are all the same. Raises ValueError for a
    negative time.

    Examples
    --------
    >>> chart = time_between_chart([12.0, 30.0, 7.0, 21.0, 40.0])
    >>> [line.round(1).tolist()[0] for line in (chart.centre, chart.low, chart.high)]
    [19.4, 0.2, 139.7]
    """
    x = np.asarray(times, dtype=np.float64)
    if x.ndim != 1 or np.any(x < 0):
        raise ValueError("a time between events must be at least 0")
    found = individuals_chart(x ** (1 / _SKEW), baseline)
    if found is None:
        return None
    chart = found[0]
    low, high = np.maximum(chart.low, 0.0) ** _SKEW, chart.high**_SKEW
    return ControlChart("t", x, chart.centre**_SKEW, low, high, chart.z, chart.points)
