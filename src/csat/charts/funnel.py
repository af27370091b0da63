"""A funnel plot: groups of different size on the limits that chance gives each size."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.control_marks import Ink
from csat.charts.wording import Translate, shown_name
from csat.charts.words import markup, shorten
from csat.model.message import N_, msg
from csat.stats.funnel import Funnel, FunnelPoint

_STEPS: Final = 80
_PLACES: Final[dict[tuple[str, bool], str]] = {
    ("beyond_95", True): N_("above the 95% limits"),
    ("beyond_95", False): N_("below the 95% limits"),
    ("beyond_998", True): N_("above the 99.8% limits"),
    ("beyond_998", False): N_("below the 99.8% limits"),
}
"""Place of a group and whether it lies above the common level -> words."""


def funnel_plot(found: Funnel, *, ink: Ink, direction: str) -> go.Figure:
    """Draw shares or rates against what they rest on, with the limits of each size.

    Only groups beyond the outer (99.8%) limits are coloured and named; between the limits of
    95% and these they are named only. There is no rank: inside the funnel order is chance.

    Parameters
    ----------
    direction
        Which way is good, as of the metric.
    """
    points = found.points
    most = max(p.n for p in points.values())
    sizes = np.linspace(max(1.0, min(p.n for p in points.values()) * 0.8), most * 1.05, _STEPS)
    spread = found.spread / np.sqrt(sizes) * found.sigma_z
    scale, unit, most_of = (1000, "per_1000", np.inf) if found.rate else (100, "percent", 100.0)
    drawn: list[dict[str, Any]] = []
    for width, dash in ((1.959964, "dot"), (3.090232, "solid")):
        for sign in (-1, 1):
            drawn.append(
                {
                    "type": "scatter",
                    "mode": "lines",
                    "x": sizes.tolist(),
                    "y": np.clip(
                        scale * (found.share + sign * width * spread), 0, most_of
                    ).tolist(),
                    "line": {"color": ink.colours.neutral, "width": 1, "dash": dash},
                    "hoverinfo": "skip",
                }
            )
    drawn.append(_marks(found, ink, direction))
    values = [scale * p.share for p in points.values()]
    typical = found.sigma_z * 3.1 * found.spread / np.sqrt(_quarter(found))
    low, high = (
        min([*values, scale * (found.share - typical)]),
        max([*values, scale * (found.share + typical)]),
    )
    room = 0.1 * (high - low)
    low, high = max(0.0, low - room), min(most_of, high + room)
    step = max(1, round((high - low) / 5)) if high - low > 3 else (high - low) / 5
    ticks = np.arange(np.ceil(low / step) * step, high + 0.01 * step, step)
    return go.Figure(
        drawn,
        theme.layout(
            dark=ink.dark,
            height=320,
            shapes=[_centre(found, ink)],
            xaxis=theme.axis(
                dark=ink.dark,
                grid=False,
                title={
                    "text": ink.t(N_("customers served") if found.rate else N_("answers")),
                    "font": {"size": theme.SMALL},
                },
            ),
            yaxis=theme.axis(
                dark=ink.dark,
                grid=True,
                range=[low, high],
                tickvals=ticks.tolist(),
                ticktext=[_tick(ink.fmt(float(v), unit), rate=found.rate) for v in ticks],
            ),
        ),
    )


def _tick(text: str, *, rate: bool) -> str:
    return text.replace(".00", "") if rate else text.replace(".0", "")


def _quarter(found: Funnel) -> float:
    """Return the size that a quarter of the groups do not reach: smaller ones set no scale."""
    return float(np.quantile([p.n for p in found.points.values()], 0.25))


def _marks(found: Funnel, ink: Ink, direction: str) -> dict[str, Any]:
    names = list(found.points)
    looks = [_look(p, found.share, ink, direction) for p in found.points.values()]
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [p.n for p in found.points.values()],
        "y": [(1000 if found.rate else 100) * p.share for p in found.points.values()],
        "text": [
            "" if p.place == "within" else markup([shorten(shown_name(name, t=ink.t), 20)])
            for name, p in found.points.items()
        ],
        "textposition": [
            f"{'top' if p.share >= found.share else 'bottom'} center" for p in found.points.values()
        ],
        "textfont": {"size": theme.SMALL, "color": ink.colours.text},
        "marker": {
            "size": 9,
            "color": [colour for colour, _ in looks],
            "symbol": [symbol for _, symbol in looks],
            "opacity": 1,
        },
        "cliponaxis": False,
        "customdata": [[name] for name in names],
        "hovertext": [_hover(name, p, ink, rate=found.rate) for name, p in found.points.items()],
        "hoverinfo": "text",
    }


def _look(point: FunnelPoint, centre: float, ink: Ink, direction: str) -> tuple[str, str]:
    if point.place != "beyond_998":
        return ink.colours.neutral, "circle"
    above = point.share > centre
    shape = "triangle-up" if above else "triangle-down"
    if direction == "none":
        return ink.colours.undirected, shape
    good = above == (direction == "up")
    return (ink.colours.improvement if good else ink.colours.concern), shape


def _hover(name: str, point: FunnelPoint, ink: Ink, *, rate: bool) -> str:
    scale, unit = (1000, "per_1000") if rate else (100, "percent")
    low, high = ink.fmt(scale * point.low, unit), ink.fmt(scale * point.high, unit)
    lines = [
        f"{ink.fmt(scale * point.share, unit)} · {ink.t(msg('n {n}', n=point.n))}",
        ink.t(msg("By chance: {low} to {high}", low=low, high=high)),
    ]
    return f"<b>{markup([shown_name(name, t=ink.t)])}</b><br>{markup(lines)}"


def _centre(found: Funnel, ink: Ink) -> dict[str, Any]:
    return {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "xref": "paper",
        "y0": (1000 if found.rate else 100) * found.share,
        "y1": (1000 if found.rate else 100) * found.share,
        "line": {"color": ink.colours.neutral, "width": 1.2, "dash": "dash"},
    }


def funnel_words(found: Funnel, *, ink: Ink) -> str:
    """Say in words which groups chance does not explain."""
    names = [n for n, p in found.points.items() if p.place == "beyond_998"]
    if not names:
        return ink.t("No group lies further out than its size and chance explain.")
    listed = ", ".join(shown_name(n, t=ink.t) for n in names)
    return ink.t(msg("Beyond what size and chance explain: {list}.", list=listed))


def place_words(point: FunnelPoint, centre: float, *, t: Translate = str) -> str:
    """Say where a group lies.

    Examples
    --------
    >>> place_words(FunnelPoint(100, 0.5, 0.6, 0.8, 0.55, 0.85, -4.0), 0.7)
    'below the 99.8% limits'
    """
    if point.place == "within":
        return t(N_("within the limits"))
    return t(_PLACES[point.place, point.share > centre])
