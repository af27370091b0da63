"""Colours with one meaning each, and the layout that every chart shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts.words import markup, wrap


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme.

    Parameters
    ----------
    neutral, improvement, concern, undirected
        Grey for no clear signal, blue, orange, and purple for figures without a good side.
    series
        Colours after Okabe and Ito that tell series apart and mean nothing; those near to blue
        and orange come last.
    rest
        Grey of the series beyond the coloured ones.
    surface
        What hollow marks are filled with.
    """

    neutral: str
    improvement: str
    concern: str
    undirected: str
    series: tuple[str, ...]
    rest: str
    surface: str
    text: str
    faint: str
    grid: str


LIGHT: Final = Palette(
    neutral="#6B7280",
    improvement="#0072B2",
    concern="#B85000",
    undirected="#7A4FB5",
    series=("#00875F", "#B8578F", "#9A7400", "#0072B2", "#D55E00"),
    rest="#7A818C",
    surface="#FFFFFF",
    text="#1F2430",
    faint="#5B6270",
    grid="rgba(31,36,48,0.10)",
)
DARK: Final = Palette(
    neutral="#9AA3AF",
    improvement="#56B4E9",
    concern="#F0A030",
    undirected="#B79BE6",
    series=("#2FBF97", "#DE9CC1", "#F0E442", "#56B4E9", "#E69F00"),
    rest="#9AA3AF",
    surface="#15181D",
    text="#E6E8EC",
    faint="#A9B0BC",
    grid="rgba(230,232,236,0.12)",
)

FONT_SIZE: Final = 13
SMALL: Final = 11.5
CLEAR: Final = "rgba(0,0,0,0)"

PLOTLY_CONFIG: Final[dict[str, Any]] = {
    "displaylogo": False,
    "scrollZoom": False,
    "modeBarButtonsToRemove": [
        "zoom2d",
        "pan2d",
        "select2d",
        "lasso2d",
        "zoomIn2d",
        "zoomOut2d",
        "autoScale2d",
        "resetScale2d",
    ],
    "toImageButtonOptions": {"format": "png", "scale": 2},
}
"""For the page that shows a chart: of the tool bar only the download as PNG remains."""


def palette(*, dark: bool) -> Palette:
    """Return the colours of a theme."""
    return DARK if dark else LIGHT


def signal(verdict: str, *, dark: bool) -> str | None:
    """Return the colour a verdict earns, or None where it earns none.

    Examples
    --------
    >>> signal("better", dark=False), signal("no_clear_change", dark=False)
    ('#0072B2', None)
    """
    colours = palette(dark=dark)
    return {
        "better": colours.improvement,
        "worse": colours.concern,
        "changed": colours.undirected,
    }.get(verdict)


def faded(colour: str, opacity: float) -> str:
    """Return a colour of the palette made translucent.

    Examples
    --------
    >>> faded("#0072B2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def readable_on(colour: str, opacity: float, *, dark: bool) -> str:
    """Return black or white, whichever reads better on a colour laid over the page.

    The better of the two has a contrast of at least 4.5 on every colour (WCAG 2.2, 1.4.3).

    Examples
    --------
    >>> readable_on("#0072B2", 1.0, dark=False), readable_on("#0072B2", 0.5, dark=False)
    ('#FFFFFF', '#000000')
    """
    top, under = _channels(colour), _channels(palette(dark=dark).surface)
    mixed = [opacity * a + (1 - opacity) * b for a, b in zip(top, under, strict=True)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in mixed]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#000000" if (light + 0.05) ** 2 > 1.05 * 0.05 else "#FFFFFF"


def _channels(colour: str) -> list[float]:
    return [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]


def axis(*, dark: bool, grid: bool, **changes: Any) -> dict[str, Any]:
    """Return an axis: small quiet labels that make their own room, and no zoom.

    Fixed ranges keep a finger that scrolls past a chart from dragging it instead.
    """
    colours = palette(dark=dark)
    base: dict[str, Any] = {
        "automargin": True,
        "fixedrange": True,
        "zeroline": False,
        "showline": False,
        "showgrid": grid,
        "gridcolor": colours.grid,
        "ticks": "",
        "tickfont": {"size": SMALL, "color": colours.faint},
        "title": None,
    }
    return base | changes


def layout(*, dark: bool, height: int, **changes: Any) -> dict[str, Any]:
    """Return the layout that all charts share.

    Parameters
    ----------
    dark
        Whether the reader looks at the dark theme.
    height
        Pixels. The width is the container's.
    **changes
        Layout entries that replace the shared ones.

    Examples
    --------
    >>> layout(dark=False, height=300)["paper_bgcolor"]
    'rgba(0,0,0,0)'
    """
    colours = palette(dark=dark)
    base: dict[str, Any] = {
        "height": height,
        "autosize": True,
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "font": {"size": FONT_SIZE, "color": colours.text},
        "margin": {"l": 8, "r": 24, "t": 12, "b": 8},
        "showlegend": False,
        "dragmode": False,
        "hovermode": "closest",
        "hoverlabel": {
            "align": "left",
            "namelength": -1,
            "bgcolor": colours.surface,
            "bordercolor": colours.neutral,
            "font": {"size": 12, "color": colours.text},
        },
        "modebar": {"bgcolor": CLEAR, "color": colours.neutral, "activecolor": colours.text},
        "legend": {
            "title": None,
            "orientation": "h",
            "yref": "container",
            "y": 0,
            "yanchor": "bottom",
            "x": 0,
            "xanchor": "left",
            "font": {"size": SMALL, "color": colours.text},
            "bgcolor": CLEAR,
        },
        "xaxis": axis(dark=dark, grid=False),
        "yaxis": axis(dark=dark, grid=True),
    }
    return base | changes


def message_only(text: str, *, dark: bool, height: int = 160) -> go.Figure:
    """Return a chart without data that says why, in the middle.

    Parameters
    ----------
    text
        The reason, in the reader's language.
    """
    hidden = {"visible": False, "fixedrange": True}
    note = {
        "text": markup(wrap(text, 40)),
        "x": 0.5,
        "y": 0.5,
        "xref": "paper",
        "yref": "paper",
        "showarrow": False,
        "font": {"size": FONT_SIZE, "color": palette(dark=dark).faint},
    }
    return go.Figure(
        layout=layout(dark=dark, height=height, xaxis=hidden, yaxis=hidden, annotations=[note])
    )
