"""Charts of one row per name: labels on the left, numbers in a column on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from csat.charts import theme
from csat.charts.words import markup, statement, tick, width

_LINE: Final = 15


def rows_height(names: Sequence[str], *, whole: bool = False) -> int:
    """Return the pixels that rows need, more where a name takes two lines or, whole, more."""
    lines = max((_label(name, whole).count("<br>") + 1 for name in names), default=1)
    each = {1: 27, 2: 34}.get(lines, 8 + _LINE * lines)
    return max(60, each * len(names)) + 16


def row_axis(names: Sequence[str], *, dark: bool, whole: bool = False) -> dict[str, Any]:
    """Return the axis that names the rows from the top down.

    Rows have numbers, so that two names that shorten to the same text stay two rows.

    Parameters
    ----------
    whole
        Names are statements that lose their sense when they are cut: told on several lines.
    """
    return theme.axis(
        dark=dark,
        grid=False,
        ticks="outside",
        ticklen=6,
        tickcolor=theme.CLEAR,
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=[_label(name, whole) for name in names],
        tickfont={"size": 12, "color": theme.palette(dark=dark).text},
    )


def _label(name: str, whole: bool) -> str:
    return statement(name) if whole else tick(name)


def column(texts: Sequence[str], margin: int, *, dark: bool) -> list[dict[str, Any]]:
    """Return one text per row, also of several lines, flush right in the margin beside the plot."""
    return [
        {
            "text": markup(text.split("\n")),
            "align": "right",
            "x": 1,
            "xref": "paper",
            "xanchor": "right",
            "xshift": margin - 6,
            "y": i,
            "yref": "y",
            "yanchor": "middle",
            "showarrow": False,
            "font": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
        }
        for i, text in enumerate(texts)
    ]


def room(texts: Sequence[str]) -> int:
    """Return the margin that the column needs, in pixels."""
    lines = [line for text in texts for line in text.split("\n")]
    return 16 + round(6.7 * max((width(line) for line in lines), default=0))


def heading(text: str, margin: int, *, dark: bool) -> dict[str, Any]:
    """Return what stands above the column, flush with its right edge."""
    return {
        "text": markup([text]),
        "x": 1,
        "xref": "paper",
        "xanchor": "right",
        "xshift": margin - 6,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 2,
        "showarrow": False,
        "font": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
    }
