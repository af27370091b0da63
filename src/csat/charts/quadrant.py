"""Importance against performance: four quadrants, and marks that show how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.crossed import crossed_layout, whiskers
from csat.charts.placing import Mark, names_beside
from csat.charts.wording import NumberFormat, Translate, sentences
from csat.charts.words import markup, wrap
from csat.model.message import N_, msg

QUADRANTS: Final[dict[str, str]] = {
    "concentrate": N_("Concentrate here"),
    "keep_up": N_("Keep up the good work"),
    "low_priority": N_("Low priority"),
    "possible_overkill": N_("Possibly more than needed"),
}


MOST_NAMES: Final = 8
"""Items that carry their name; of more each carries its key, and the name when pointed at."""
CLEAR_OF: Final = (0.1, 0.05)
"""How far names of many items keep apart, as shares of the width and the height."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One item: importance and performance with their intervals, and its quadrant.

    ``sure`` is whether enough of the resampled surveys agree on the quadrant.
    """

    key: str
    name: str
    importance: float
    importance_low: float
    importance_high: float
    performance: float
    performance_low: float
    performance_high: float
    quadrant: str
    sure: bool


def quadrants(
    spots: Sequence[Spot],
    cross: tuple[float, float],
    *,
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
    importance_unit: str = "rating",
) -> go.Figure:
    """Draw items by performance (across) and importance (up), with intervals both ways.

    Orange marks the items that surely call for concentration; a hollow mark lies so close to a
    line that another survey might put it on the other side.

    Parameters
    ----------
    cross
        Importance and performance where the lines cross.
    importance_unit
        "rating", or "percent" for points of 100.

    Returns
    -------
    Figure
        Each mark carries its item's key as ``customdata``.
    """
    if not spots:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    x = _ends([v for s in spots for v in (s.performance_low, s.performance_high)], cross[1])
    y = _ends([v for s in spots for v in (s.importance_low, s.importance_high)], cross[0])
    told = _told(spots, x, y)
    names = names_beside(
        [Mark(s.performance, s.importance, _name(s, spots) if s.key in told else "")
         for s in spots], x, y, dark=dark,
    )  # fmt: skip
    edges = [
        colours.concern if s.sure and s.quadrant == "concentrate" else colours.neutral
        for s in spots
    ]
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": [s.performance for s in spots],
        "y": [s.importance for s in spots],
        "customdata": [[s.key] for s in spots],
        "hovertext": [_hover(s, t=t, fmt=fmt, unit=importance_unit) for s in spots],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "color": [e if s.sure else colours.surface for e, s in zip(edges, spots, strict=True)],
            "symbol": [
                "triangle-up" if s.sure and s.quadrant == "concentrate" else "circle" for s in spots
            ],
            "size": 11,
            "opacity": 1,
            "line": {"color": edges, "width": 1.8},
        },
        "error_x": whiskers(
            [s.performance for s in spots],
            [s.performance_low for s in spots],
            [s.performance_high for s in spots],
            dark=dark,
        ),
        "error_y": whiskers(
            [s.importance for s in spots],
            [s.importance_low for s in spots],
            [s.importance_high for s in spots],
            dark=dark,
        ),
    }
    return go.Figure(
        [points],
        crossed_layout(
            (cross[1], cross[0]),
            x,
            y,
            titles=(t("Performance"), t("Importance")),
            corners=[
                [t(QUADRANTS[key])]
                for key in ("concentrate", "keep_up", "low_priority", "possible_overkill")
            ],
            names=names,
            dark=dark,
        ),
    )


def quadrants_alt(spots: Sequence[Spot], *, t: Translate) -> str:
    """Say in words which items call for concentration, and how many are in doubt."""
    if not spots:
        return t("No data in this selection")
    urgent = [s.name for s in spots if s.quadrant == "concentrate" and s.sure]
    parts = [
        t(msg("High importance, low performance: {names}.", names=t(", ").join(urgent)))
        if urgent
        else t("Nothing is surely of high importance and low performance.")
    ]
    doubtful = sum(not s.sure for s in spots)
    if doubtful:
        parts.append(t(msg("In doubt: {n} of {all}.", n=doubtful, all=len(spots))))
    return sentences(parts, t=t)


def _ends(values: Sequence[float], line: float) -> tuple[float, float]:
    low, high = min(*values, line), max(*values, line)
    pad = 0.12 * (high - low) or 0.5
    return low - pad, high + pad


def _name(spot: Spot, spots: Sequence[Spot]) -> str:
    return spot.name if len(spots) <= MOST_NAMES else spot.key


def _told(spots: Sequence[Spot], x: tuple[float, float], y: tuple[float, float]) -> frozenset[str]:
    """Return the spots whose names do not run into another's: what needs attention first."""
    if len(spots) <= MOST_NAMES:
        return frozenset(s.key for s in spots)
    width, height = CLEAR_OF[0] * (x[1] - x[0]), CLEAR_OF[1] * (y[1] - y[0])
    kept: list[Spot] = []
    for s in sorted(spots, key=lambda s: (s.quadrant != "concentrate", not s.sure)):
        near = (
            abs(s.performance - k.performance) < width and abs(s.importance - k.importance) < height
            for k in kept
        )
        if not any(near):
            kept.append(s)
    return frozenset(s.key for s in kept)


def _hover(spot: Spot, *, t: Translate, fmt: NumberFormat, unit: str) -> str:
    def spread(low: float, high: float, kind: str) -> str:
        return t(msg("[{low} to {high}]", low=fmt(low, kind), high=fmt(high, kind)))

    lines = [
        t(msg("importance {value}", value=fmt(spot.importance, unit)))
        + " "
        + spread(spot.importance_low, spot.importance_high, unit),
        t(msg("performance {value}", value=fmt(spot.performance, "rating")))
        + " "
        + spread(spot.performance_low, spot.performance_high, "rating"),
        t(QUADRANTS[spot.quadrant]) if spot.sure else t("in doubt: close to a line"),
    ]
    body = markup([part for line in lines for part in wrap(line, 44)])
    return f"<b>{markup(wrap(spot.name, 36))}</b><br>{body}"
