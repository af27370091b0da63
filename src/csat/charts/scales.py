"""Where an axis starts and ends, and the round values it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, inf, log10
from typing import Final

from csat.charts.wording import NumberFormat, PeriodFormat
from csat.charts.words import markup
from csat.model.answer import Figure

_BOUNDS: Final[dict[str, tuple[float, float]]] = {
    "percent": (0, 100),
    "points": (-100, 100),
    "index": (0, 100),
    "count": (0, inf),
    "per_1000": (0, inf),
    "days": (0, inf),
}
_LEAST: Final[dict[str, float]] = {
    "percent": 8,
    "points": 12,
    "index": 4,
    "rating": 0.4,
    "count": 4,
    "per_1000": 0.4,
    "days": 1 / 6,
}
"""Least span of an axis, so that a chart does not blow noise up to drama."""
_HOURS: Final = tuple(h / 24 for h in (1, 2, 3, 6, 12))
_STEPS: Final[dict[str, tuple[int, ...]]] = {
    "month": (1, 2, 3, 4, 6, 12, 24, 36, 60),
    "quarter": (1, 2, 4, 8, 12, 20),
    "year": (1, 2, 5, 10, 20),
    "week": (1, 2, 4, 13, 26, 52),
    "day": (1, 2, 7, 14, 28, 56, 91, 182, 364),
}
MOST_PERIODS: Final = 6
"""Period labels that fit side by side on a phone."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Ends of an axis and its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]


def value_scale(
    figures: Iterable[Figure], unit: str, fmt: NumberFormat, *, from_zero: bool = False
) -> Scale:
    """Return the axis that holds figures and their intervals.

    Parameters
    ----------
    figures
        At least one with a value.
    from_zero
        Start at zero, as bars must.
    """
    figures = [f for f in figures if f.value is not None]
    values = [v for f in figures for v in (f.value, f.low, f.high) if v is not None]
    if from_zero:
        values = [0.0, *(f.value for f in figures if f.value is not None)]
    low, high = min(values), max(values)
    lack = max(0.0, _LEAST.get(unit, 0.4) - (high - low)) / 2
    pad = 0.06 * (high - low) + lack
    first, last = _bounds(figures, unit, low, high)
    low = low if from_zero else max(first, low - pad)
    high = min(last, high + pad)
    ticks = _ticks(low, high, unit)
    return Scale(low, high, ticks, tuple(tick_labels(ticks, unit, fmt)))


def period_ticks(labels: Sequence[str], fmt_period: PeriodFormat) -> tuple[list[int], list[str]]:
    """Return which periods an axis names, counted back from the last, and their labels.

    Examples
    --------
    >>> period_ticks(["2026-01", "2026-02"], str)
    ([0, 1], ['2026-01', '2026-02'])
    """
    if not labels:
        return [], []
    kinds = {4: "year", 7: "quarter" if "Q" in labels[0] else "month", 10: "day", 14: "week"}
    grain = kinds.get(len(labels[0]), "year")
    fitting = (s for s in _STEPS[grain] if ceil(len(labels) / s) <= MOST_PERIODS)
    step = next(fitting, ceil(len(labels) / MOST_PERIODS))
    at = list(range(len(labels) - 1, -1, -step))[::-1]
    return at, [_stacked(fmt_period(labels[i][:10])) for i in at]


def tick_labels(ticks: Sequence[float], unit: str, fmt: NumberFormat) -> list[str]:
    """Return the values an axis names as text, without decimals that are zero in all of them.

    Examples
    --------
    >>> tick_labels((0, 50, 100), "percent", lambda v, unit: f"{v:.1f}%")
    ['0%', '50%', '100%']
    """
    texts = [fmt(v, unit) for v in ticks]
    if any(v != int(v) for v in ticks):
        return texts
    return [re.sub(r"\.0+(?!\d)", "", text) for text in texts]


def _bounds(figures: Sequence[Figure], unit: str, low: float, high: float) -> tuple[float, float]:
    if unit in _BOUNDS:
        return _BOUNDS[unit]
    scale = next((f.scale for f in figures if f.scale is not None), None)
    if scale is None or low < scale[0] or high > scale[1]:
        return -inf, inf
    return scale


def _ticks(low: float, high: float, unit: str) -> tuple[float, ...]:
    step = _step((high - low) / 5, unit)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return tuple(round(i * step, 10) for i in range(first, last + 1))


def _step(raw: float, unit: str) -> float:
    """Return the round step nearest to a raw one."""
    if unit == "count" and raw <= 1:
        return 1.0
    if unit == "days" and raw < 0.7:
        return min(_HOURS, key=lambda hours: abs(log10(hours / raw)))
    power = 10.0 ** floor(log10(raw))
    return power * min((1, 2, 5, 10), key=lambda step: abs(log10(step * power / raw)))


def _stacked(label: str) -> str:
    """Put the two parts of a period's name on two lines: half as wide."""
    parts = label.rsplit(" ", 1) if " " in label else label.partition("年")[::2]
    if len(parts) == 2 and parts[1]:
        return markup([parts[0] if " " in label else f"{parts[0]}年", parts[1]])
    return markup([label])
