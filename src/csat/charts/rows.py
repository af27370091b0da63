"""Charts of one row per name: labels on the left, numbers in a column on the right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from csat.charts import theme
from csat.charts.words import markup, tick


def rows_height(names: Sequence[str]) -> int:
    """Return the pixels that rows need, more where a name takes two lines."""
    each = 34 if any("<br>" in tick(name) for name in names) else 27
    return max(60, each * len(names)) + 16


def row_axis(names: Sequence[str], *, dark: bool) -> dict[str, Any]:
    """Return the axis that names the rows from the top down.

    Rows have numbers, so that two names that shorten to the same text stay two rows.
    """
    return theme.axis(
        dark=dark,
        grid=False,
        range=[len(names) - 0.5, -0.5],
        tickvals=list(range(len(names))),
        ticktext=[f"{tick(name)} " for name in names],
        tickfont={"size": 12, "color": theme.palette(dark=dark).text},
    )


def column(texts: Sequence[str], *, dark: bool) -> list[dict[str, Any]]:
    """Return one text per row, in the margin to the right of the plot."""
    return [
        {
            "text": markup([text]),
            "x": 1,
            "xref": "paper",
            "xanchor": "left",
            "xshift": 6,
            "y": i,
            "yref": "y",
            "yanchor": "middle",
            "showarrow": False,
            "font": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
        }
        for i, text in enumerate(texts)
    ]


def heading(text: str, *, dark: bool) -> dict[str, Any]:
    """Return what stands above the column, flush with the right edge of the chart."""
    return {
        "text": markup([text]),
        "x": 1,
        "xref": "container",
        "xanchor": "right",
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 4,
        "showarrow": False,
        "font": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
    }
