"""What pictures of two measures share: whiskers both ways, lines that cross, words in corners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csat.charts import theme
from csat.charts.words import markup

Ends = tuple[float, float]
"""Where an axis begins and ends."""


def whiskers(
    values: Sequence[float], low: Sequence[float], high: Sequence[float], *, dark: bool
) -> dict[str, Any]:
    """Return the error bars of marks, from their lower limits to their upper ones.

    Examples
    --------
    >>> bars = whiskers([5.0], [4.0], [7.0], dark=False)
    >>> bars["array"], bars["arrayminus"]
    ([2.0], [1.0])
    """
    return {
        "type": "data",
        "symmetric": False,
        "array": [h - v for h, v in zip(high, values, strict=True)],
        "arrayminus": [v - lo for v, lo in zip(values, low, strict=True)],
        "color": theme.faded(theme.palette(dark=dark).neutral, 0.6),
        "thickness": 1.2,
        "width": 0,
    }


def crossed_layout(
    at: tuple[float, float],
    x: Ends,
    y: Ends,
    *,
    titles: tuple[str, str],
    corners: Sequence[list[str]],
    names: Sequence[dict[str, Any]],
    dark: bool,
    suffix: str = "",
) -> dict[str, Any]:
    """Lay out a picture that two lines cut into quarters.

    Parameters
    ----------
    at
        Where the lines cross, across and up.
    titles, suffix
        Of the axes, across and up; what follows the numbers of the latter.
    corners
        The words of the quarters, each as its lines: top left, top right, bottom left, bottom
        right.
    names
        Annotations beside marks.
    """
    line = {"color": theme.palette(dark=dark).neutral, "width": 1.2, "dash": "dash"}
    shared: dict[str, Any] = {"type": "line", "layer": "below", "line": line}
    across, up = (
        theme.axis(
            dark=dark,
            grid=False,
            range=list(ends),
            title={"text": title, "font": {"size": theme.SMALL}},
            **more,
        )
        for ends, title, more in (
            (x, titles[0], {}),
            (y, titles[1], {"ticksuffix": suffix} if suffix else {}),
        )
    )
    return theme.layout(
        dark=dark,
        height=430,
        margin={"l": 8, "r": 24, "t": 16, "b": 40},
        shapes=[
            shared | {"x0": at[0], "x1": at[0], "y0": y[0], "y1": y[1]},
            shared | {"x0": x[0], "x1": x[1], "y0": at[1], "y1": at[1]},
        ],
        annotations=[*_corners(corners, dark=dark), *names],
        xaxis=across,
        yaxis=up,
    )


def _corners(words: Sequence[list[str]], *, dark: bool) -> list[dict[str, Any]]:
    places = ((0, 1), (1, 1), (0, 0), (1, 0))
    return [
        {
            "text": f"<i>{markup(lines)}</i>",
            "x": x,
            "y": y,
            "xref": "paper",
            "yref": "paper",
            "xanchor": ("left", "right")[x],
            "yanchor": ("bottom", "top")[y],
            "align": ("left", "right")[x],
            "showarrow": False,
            "font": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
        }
        for lines, (x, y) in zip(words, places, strict=True)
    ]
