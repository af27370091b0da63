"""Counts in two directions: a heat map, and bands of age side by side."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.scales import tick_labels
from csat.charts.wording import NumberFormat, Translate, sentences, shown_name
from csat.charts.words import markup, tick
from csat.model.message import msg

MOST_ROWS: Final = 12
Cell = tuple[str, str, int]
UNSEEN: Final[dict[str, Any]] = {
    "marker": {"symbol": "square", "size": 26, "opacity": 0},
    "selected": {"marker": {"opacity": 0}},
    "unselected": {"marker": {"opacity": 0}},
    "showlegend": False,
}
"""Of marks that only take clicks."""


def ranked_axes(cells: Sequence[Cell], most: int = MOST_ROWS) -> tuple[list[str], list[str]]:
    """Return the largest rows and columns of a table of counts, ties by name.

    Examples
    --------
    >>> ranked_axes([("a", "x", 2), ("b", "x", 5), ("b", "y", 1)])
    (['b', 'a'], ['x', 'y'])
    """
    axes = []
    for place in (0, 1):
        sums: dict[str, int] = {}
        for cell in cells:
            name = str(cell[place])
            sums[name] = sums.get(name, 0) + cell[2]
        axes.append(sorted(sums, key=lambda name: (-sums[name], name))[:most])
    return axes[0], axes[1]


def heat(
    cells: Sequence[Cell], *, t: Translate, fmt: NumberFormat, dark: bool, most: int = MOST_ROWS
) -> go.Figure:
    """Draw counts by row and column, darker where there are more, each number written in brief.

    Parameters
    ----------
    cells
        Row, column and count; the `most` largest rows and columns are drawn.

    Returns
    -------
    Figure
        A heat map takes no clicks, so an unseen mark lies on every cell that counts something;
        it carries `cell_key` as ``customdata``.
    """
    if not cells:
        return theme.message_only(t("No data in this selection"), dark=dark)
    rows, columns = ranked_axes(cells, most)
    counts = {(r, c): n for r, c, n in cells}
    grid = [[counts.get((r, c), 0) for c in columns] for r in rows]
    colours = theme.palette(dark=dark)
    hovers = [
        [
            markup([shown_name(r, t=t), shown_name(c, t=t), fmt(counts.get((r, c), 0), "count")])
            for c in columns
        ]
        for r in rows
    ]
    trace = {
        "type": "heatmap",
        "z": grid,
        "x": list(range(len(columns))),
        "y": list(range(len(rows))),
        "text": [[_short(n) for n in line] for line in grid],
        "texttemplate": "%{text}",
        "textfont": {"size": 10, "color": colours.text},
        "colorscale": [
            [0, theme.faded(colours.neutral, 0.02)],
            [1, theme.faded(colours.neutral, 0.6)],
        ],
        "zmin": 0,
        "showscale": False,
        "xgap": 2,
        "ygap": 2,
        "hovertext": hovers,
        "hoverinfo": "text",
    }
    taken = [(i, j) for i in range(len(rows)) for j in range(len(columns)) if grid[i][j]]
    marks = {
        "type": "scatter",
        "mode": "markers",
        "x": [j for _, j in taken],
        "y": [i for i, _ in taken],
        "customdata": [[cell_key(rows[i], columns[j])] for i, j in taken],
        "hovertext": [hovers[i][j] for i, j in taken],
        "hoverinfo": "text",
        **UNSEEN,
    }
    return go.Figure(
        [trace, marks],
        theme.layout(
            dark=dark,
            height=max(140, 34 * len(rows) + 110),
            margin={"l": 8, "r": 64, "t": 12, "b": 8},
            xaxis=theme.axis(
                dark=dark,
                grid=False,
                side="top",
                tickvals=list(range(len(columns))),
                ticktext=[tick(shown_name(c, t=t)) for c in columns],
                tickangle=-55,
            ),
            yaxis=theme.axis(
                dark=dark,
                grid=False,
                range=[len(rows) - 0.5, -0.5],
                tickvals=list(range(len(rows))),
                ticktext=[tick(shown_name(r, t=t)) for r in rows],
                tickfont={"size": 12, "color": colours.text},
            ),
        ),
    )


def cell_key(row: str, column: str) -> str:
    """Return what names a cell of the heat map.

    Examples
    --------
    >>> cell_key("Billing", "Desk")
    '["Billing", "Desk"]'
    """
    return json.dumps([row, column], ensure_ascii=False)


def _short(n: int) -> str:
    """Return a count that fits a narrow cell; the exact one stands in the hover text.

    Examples
    --------
    >>> [_short(n) for n in (0, 999, 1_731, 25_310)]
    ['', '999', '1.7k', '25k']
    """
    if n < 1000:
        return str(n or "")
    return f"{n / 1000:.1f}k" if n < 10_000 else f"{n // 1000}k"


def heat_alt(cells: Sequence[Cell], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words where most are counted."""
    if not cells:
        return t("No data in this selection")
    row, column, n = max(cells, key=lambda c: (c[2], c[0], c[1]))
    total = sum(c[2] for c in cells)
    return t(
        msg(
            "Most of {total}: {count} at {row}, {column}.",
            total=fmt(total, "count"),
            count=fmt(n, "count"),
            row=shown_name(row, t=t),
            column=shown_name(column, t=t),
        )
    )


def bands(
    names: Sequence[str],
    still_open: Sequence[int],
    closed: Sequence[int],
    *,
    ends: Sequence[str],
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
    codes: Sequence[tuple[str, str]] = (),
) -> go.Figure:
    """Draw how open and closed cases spread over bands of time, each as shares of its own.

    Parameters
    ----------
    names
        Of the bands, the shortest first; open and closed are counts in each.
    ends
        Of the bands in days, as short as an axis needs them.
    codes
        What the bars of open and of closed cases carry as ``customdata``, band by band.
    """
    colours = theme.palette(dark=dark)
    traces, top = [], 10.0
    for place, (label, counts, colour) in enumerate(
        (
            (t("open, by age"), still_open, colours.text),
            (t("closed, by time taken"), closed, theme.faded(colours.neutral, 0.5)),
        )
    ):
        total = sum(counts) or 1
        shares = [100 * n / total for n in counts]
        top = max(top, *shares)
        said = [
            markup([name, label, f"{fmt(n, 'count')} · {fmt(share, 'percent')}"])
            for name, n, share in zip(names, counts, shares, strict=True)
        ]
        traces.append(
            {
                "type": "bar",
                "name": markup([label]),
                "x": list(range(len(names))),
                "y": shares,
                "customdata": [[pair[place]] for pair in codes] or None,
                "marker": {"color": colour, "line": {"width": 0}},
                "hovertext": said,
                "hoverinfo": "text",
            }
        )
    step = 20 if top > 40 else 10
    ticks = list(range(0, int(top * 1.08) + 1, step))
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=320,
            barmode="group",
            bargap=0.3,
            showlegend=True,
            margin={"l": 8, "r": 24, "t": 12, "b": 70},
            xaxis=theme.axis(
                dark=dark,
                grid=False,
                tickvals=list(range(len(names))),
                ticktext=[markup([end]) for end in ends],
                tickangle=0,
                title={"text": t("days"), "font": {"size": theme.SMALL}, "standoff": 4},
            ),
            yaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[0, top * 1.08],
                tickvals=ticks,
                ticktext=tick_labels(ticks, "percent", fmt),
            ),
        ),
    )


def bands_alt(
    names: Sequence[str],
    still_open: Sequence[int],
    closed: Sequence[int],
    *,
    t: Translate,
    fmt: NumberFormat,
) -> str:
    """Say in words how many cases are open and closed, and how many open ones are oldest."""
    if not names:
        return t("No data in this selection")
    parts = [
        t(
            msg(
                "{n} open, {m} closed.",
                n=fmt(sum(still_open), "count"),
                m=fmt(sum(closed), "count"),
            )
        ),
        t(msg("Open in the band {band}: {n}.", band=names[-1], n=fmt(still_open[-1], "count"))),
    ]
    return sentences(parts, t=t)
