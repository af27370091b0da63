"""Groups side by side: a point with its interval per row, sorted by value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.ranking import ranked_figures
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.scales import Scale, value_scale
from csat.charts.wording import NumberFormat, Translate, hover, shown_name, symbol, why_empty
from csat.charts.words import markup
from csat.model.answer import Figure
from csat.model.message import msg

CAUTION_UNDER: Final = 30
"""Base below which a point is drawn hollow, unless the settings say otherwise."""


def dots(
    figures: Sequence[Figure],
    *,
    t: Translate,
    fmt: NumberFormat,
    unit: str,
    dark: bool,
    direction: str = "none",
    overall: Figure | None = None,
    caution_under: int = CAUTION_UNDER,
    whole: bool = False,
) -> go.Figure:
    """Draw groups as points with their 95% intervals, the highest on top.

    Grey, or a blue or orange triangle (purple diamond) where the group clearly changed.
    Hollow under the caution base and for unfinished periods. Groups without a value stand
    below, with the reason in place of the point.

    Parameters
    ----------
    figures
        One per group, named by ``by``.
    t, fmt
        Translator, and writer of values.
    unit, direction
        Of the metric.
    dark
        Whether the reader looks at the dark theme.
    overall
        Drawn as a dashed line across the rows, named by its note where it has one.
    caution_under
        Base under which a point is hollow.
    whole
        Whether names are statements that must not be cut.

    Returns
    -------
    Figure
        Each row carries its group as ``customdata``.
    """
    ranked = ranked_figures(figures)
    if not ranked:
        return theme.message_only(why_empty(figures, t=t), dark=dark)
    without = sorted((f for f in figures if f.value is None), key=lambda f: f.by)
    rows = [*ranked, *without]
    names = [shown_name(f.by, t=t) for f in rows]
    bases = [fmt(f.n, "count") if f.n else "" for f in rows]
    drawn = [*ranked, overall] if overall is not None else ranked
    scale = value_scale(drawn, unit, fmt)
    hovers = [
        hover(f, name, t=t, fmt=fmt, direction=direction)
        for f, name in zip(rows, names, strict=True)
    ]
    points = _points(ranked, hovers, scale, direction, caution_under, dark=dark)
    traces = [points]
    if without:
        traces.append(_reasons(without, hovers[len(ranked) :], len(ranked), scale, t, dark=dark))
    title, margin = t("n"), room(bases)
    notes = [*column(bases, margin, dark=dark), heading(title, margin, dark=dark)]
    shapes = []
    if overall is not None and overall.value is not None:
        said = t(overall.note or msg("overall {value}", value=fmt(overall.value, overall.unit)))
        shapes.append(_line(overall.value, dark=dark))
        notes.append(_line_note(overall.value, said, scale, dark=dark))
    labels = [text if i % 2 == 0 else "" for i, text in enumerate(scale.labels)]
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=rows_height(names, whole=whole) + 50,
            margin={"l": 8, "r": margin, "t": 26, "b": 8},
            shapes=shapes,
            annotations=notes,
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[scale.low, scale.high],
                tickvals=scale.ticks,
                ticktext=labels if len(labels) > 5 or unit == "days" else scale.labels,
                tickangle=0,
            ),
            yaxis=row_axis(names, dark=dark, whole=whole),
        ),
    )


def _points(
    ranked: Sequence[Figure],
    hovers: Sequence[str],
    scale: Scale,
    direction: str,
    caution_under: int,
    *,
    dark: bool,
) -> dict[str, Any]:
    colours = theme.palette(dark=dark)
    edges, fills, symbols, up, down = [], [], [], [], []
    for f in ranked:
        clear = theme.signal(f.verdict, dark=dark)
        careful = not f.finished or (f.n is not None and f.n < caution_under)
        edge = clear or colours.neutral
        edges.append(edge)
        fills.append(colours.surface if careful else edge)
        symbols.append(symbol(f, direction))
        value = f.value or 0.0
        down.append(0.0 if f.low is None else value - f.low)
        high = scale.high if f.high is None and f.low is not None else f.high
        up.append(0.0 if high is None else high - value)
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [f.value for f in ranked],
        "y": list(range(len(ranked))),
        "customdata": [[f.by] for f in ranked],
        "hovertext": list(hovers[: len(ranked)]),
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "color": fills,
            "symbol": symbols,
            "size": [9 if s == "circle" else 12 for s in symbols],
            "opacity": 1,
            "line": {"color": edges, "width": 1.8},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": up,
            "arrayminus": down,
            "color": theme.faded(colours.neutral, 0.75),
            "thickness": 1.6,
            "width": 0,
        },
    }


def _reasons(
    without: Sequence[Figure],
    hovers: Sequence[str],
    start: int,
    scale: Scale,
    t: Translate,
    *,
    dark: bool,
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "text",
        "x": [scale.low] * len(without),
        "y": list(range(start, start + len(without))),
        "text": [t("withheld") if f.withheld else t("no data") for f in without],
        "textposition": "middle right",
        "textfont": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
        "customdata": [[f.by] for f in without],
        "hovertext": list(hovers),
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _line(value: float, *, dark: bool) -> dict[str, Any]:
    return {
        "type": "line",
        "layer": "below",
        "x0": value,
        "x1": value,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": theme.palette(dark=dark).neutral, "width": 1.3, "dash": "dash"},
    }


def _line_note(value: float, text: str, scale: Scale, *, dark: bool) -> dict[str, Any]:
    share = (value - scale.low) / (scale.high - scale.low)
    return {
        "text": markup([text]),
        "x": value,
        "xanchor": "left" if share < 0.35 else ("right" if share > 0.65 else "center"),
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 2,
        "showarrow": False,
        "font": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
    }
