"""From one level to another, step by step: where the way falls and where it rises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.scales import value_scale
from csat.charts.wording import NumberFormat, Translate, sentences
from csat.charts.words import markup, wrap
from csat.model.answer import Figure
from csat.model.message import msg


@dataclass(frozen=True, slots=True)
class Fall:
    """One row: a level (``start`` is None), or a step with the 95% interval of its size."""

    name: str
    end: float
    start: float | None = None
    low: float | None = None
    high: float | None = None
    note: str = ""

    @property
    def size(self) -> float:
        """How far the step leads."""
        return 0.0 if self.start is None else self.end - self.start

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low is not None and self.high is not None and self.low * self.high > 0


def waterfall(
    rows: Sequence[Fall], *, t: Translate, fmt: NumberFormat, dark: bool, scale: tuple[int, int]
) -> go.Figure:
    """Draw levels as diamonds and steps as bars from where they start to where they end.

    The mark at the end of a step points the way it leads: to the left where quality is lost; a
    square where that is not clear. The whisker is the 95% interval of the step's size, laid off
    from where it starts. Size and base stand on the right, so that nothing hangs on colour.
    """
    names = [r.name for r in rows]
    texts = [_beside(r, fmt) for r in rows]
    margin = room(texts)
    figures = [
        Figure("gap:*", r.name, r.end, "rating", 1, *_reach(r), "not_compared", scale=scale)
        for r in rows
    ]
    axis = value_scale(figures, "rating", fmt)
    return go.Figure(
        [_bars(rows, dark=dark), _joints(rows, dark=dark), _marks(rows, t, fmt, dark=dark)],
        theme.layout(
            dark=dark,
            height=rows_height(names) + 10 * len(names) + 50,
            margin={"l": 8, "r": margin, "t": 26, "b": 8},
            bargap=0.45,
            annotations=[
                *column(texts, margin, dark=dark),
                heading(t("level or step"), margin, dark=dark),
            ],
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[axis.low, axis.high],
                tickvals=axis.ticks,
                ticktext=axis.labels,
                tickangle=0,
            ),
            yaxis=row_axis(names, dark=dark),
        ),
    )


def waterfall_alt(rows: Sequence[Fall], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words from where to where the way leads, and which step loses most."""
    steps = [r for r in rows if r.start is not None]
    first, last = rows[0], rows[-1]
    parts = [
        t(
            msg(
                "From {first} {start} to {last} {end}.",
                first=first.name,
                start=fmt(first.end, "rating"),
                last=last.name,
                end=fmt(last.end, "rating"),
            )
        )
    ]
    worst = min(steps, key=lambda r: r.size, default=None)
    if worst is not None and worst.size < 0:
        size = fmt(worst.size, "rating")
        parts.append(t(msg("Most is lost at {name}: {size}.", name=worst.name, size=size)))
    return sentences(parts, t=t)


def _reach(row: Fall) -> tuple[float, float]:
    ends = [row.end] if row.start is None else [row.start, row.end]
    if row.start is not None:
        ends += [row.start + limit for limit in (row.low, row.high) if limit is not None]
    return min(ends), max(ends)


def _beside(row: Fall, fmt: NumberFormat) -> str:
    if row.start is None:
        return fmt(row.end, "rating")
    return f"{'+' if row.size > 0 else ''}{fmt(row.size, 'rating')}"


def _colour(row: Fall, *, dark: bool) -> str:
    colours = theme.palette(dark=dark)
    if not row.clear:
        return colours.neutral
    return colours.concern if row.size < 0 else colours.improvement


def _bars(rows: Sequence[Fall], *, dark: bool) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "y": [i for i, r in enumerate(rows) if r.start is not None],
        "x": [r.size for r in rows if r.start is not None],
        "base": [r.start for r in rows if r.start is not None],
        "hoverinfo": "skip",
        "marker": {
            "color": [theme.faded(_colour(r, dark=dark), 0.4) for r in rows if r.start is not None],
            "line": {
                "color": [_colour(r, dark=dark) for r in rows if r.start is not None],
                "width": 1.2,
            },
        },
    }


def _joints(rows: Sequence[Fall], *, dark: bool) -> dict[str, Any]:
    """Join the end of each row with the start of the next."""
    x: list[float | None] = []
    y: list[float | None] = []
    for i, r in enumerate(rows[:-1]):
        x += [r.end, r.end, None]
        y += [i, i + 1, None]
    line = {"color": theme.palette(dark=dark).faint, "width": 1, "dash": "dot"}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": line,
        "hoverinfo": "skip",
        "connectgaps": False,
    }


def _marks(rows: Sequence[Fall], t: Translate, fmt: NumberFormat, *, dark: bool) -> dict[str, Any]:
    colours = theme.palette(dark=dark)
    shapes = [
        "diamond"
        if r.start is None
        else "square"
        if not r.clear
        else "triangle-left"
        if r.size < 0
        else "triangle-right"
        for r in rows
    ]
    high = [0.0 if r.high is None else r.high - r.size for r in rows]
    low = [0.0 if r.low is None else r.size - r.low for r in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [r.end for r in rows],
        "y": list(range(len(rows))),
        "hovertext": [_hover(r, t, fmt) for r in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "color": [colours.text if r.start is None else _colour(r, dark=dark) for r in rows],
            "symbol": shapes,
            "size": [12 if s == "diamond" else 9 if s == "square" else 13 for s in shapes],
            "opacity": 1,
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": high,
            "arrayminus": low,
            "color": colours.text,
            "thickness": 1.6,
            "width": 4,
        },
    }


def _hover(row: Fall, t: Translate, fmt: NumberFormat) -> str:
    lines = [_beside(row, fmt)]
    if row.low is not None:
        low, high = fmt(row.low, "rating"), fmt(row.high, "rating")
        lines.append(t(msg("95% interval: {low} to {high}", low=low, high=high)))
    if row.note:
        lines.append(row.note)
    body = markup([part for line in lines for part in wrap(line, 40)])
    return f"<b>{markup(wrap(row.name, 36))}</b><br>{body}"
