"""Two effects of one thing, laid off from zero to both sides: what it costs, what it wins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.scales import value_scale
from csat.charts.wording import NumberFormat
from csat.charts.words import markup, wrap
from csat.model.answer import Figure

MOST_LABELS: Final = 5


@dataclass(frozen=True, slots=True)
class Side:
    """One effect with its 95% interval; ``clear`` where it is told from zero beyond chance."""

    value: float
    low: float | None
    high: float | None
    clear: bool = True


@dataclass(frozen=True, slots=True)
class TwoSides:
    """One row: an effect below zero, one above it, either None where it is not known.

    ``beside`` stands at the right of the row, ``told`` are the lines of its hover text.
    """

    key: str
    name: str
    cost: Side | None
    gain: Side | None
    beside: str
    told: tuple[str, ...] = ()


def two_sides(
    rows: Sequence[TwoSides],
    *,
    fmt: NumberFormat,
    dark: bool,
    unit: str,
    beside: str,
    empty: str,
    apart: bool = False,
) -> go.Figure:
    """Draw rows as bars from zero with their intervals, first on top.

    The cost is orange, the gain blue; an effect that may be chance is hollow.

    Parameters
    ----------
    unit
        Of the values.
    beside
        Heading of the texts on the right.
    empty
        Says why there is nothing, where no row has an effect.
    apart
        Draw the two bars of a row below each other, as both may lie on one side of zero.

    Returns
    -------
    Figure
        Each bar carries its row's key as ``customdata``.
    """
    if all(row.cost is None and row.gain is None for row in rows):
        return theme.message_only(empty, dark=dark)
    names, texts = [r.name for r in rows], [r.beside for r in rows]
    margin, colours = room([*texts, beside]), theme.palette(dark=dark)
    low, high, ticks, labels = _reach(rows, unit, fmt)
    return go.Figure(
        [
            _bars(rows, "cost", colours.concern, dark=dark),
            _bars(rows, "gain", colours.improvement, dark=dark),
        ],
        theme.layout(
            dark=dark,
            height=rows_height(names, whole=True) + (8 * len(names) if apart else 0) + 50,
            margin={"l": 8, "r": margin, "t": 26, "b": 8},
            barmode="group" if apart else "overlay",
            bargap=0.35 if apart else 0.5,
            annotations=[
                *column(texts, margin, dark=dark),
                heading(beside, margin, dark=dark),
            ],
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[low, high],
                zeroline=True,
                zerolinecolor=colours.neutral,
                zerolinewidth=1.4,
                tickvals=ticks,
                ticktext=labels,
                tickangle=0,
            ),
            yaxis=row_axis(names, dark=dark, whole=True),
        ),
    )


def _reach(
    rows: Sequence[TwoSides], unit: str, fmt: NumberFormat
) -> tuple[float, float, list[float], list[str]]:
    """Return the ends of the axis and what it names; shares fill it from -100% to 100%."""
    if unit == "percent":
        ticks = [-100.0, -50.0, 0.0, 50.0, 100.0]
        return -104.0, 104.0, ticks, ["" if abs(v) == 50 else f"{abs(v):.0f}%" for v in ticks]
    sides = [s for row in rows for s in (row.cost, row.gain) if s is not None]
    ends = [x for s in sides for x in (s.value, s.low, s.high) if x is not None]
    reach = Figure("", "", 0.0, unit, None, min(0.0, *ends), max(0.0, *ends), "not_compared")
    scale = value_scale([reach], unit, fmt)
    every = 1 if len(scale.labels) <= MOST_LABELS else 2
    zero = min(range(len(scale.ticks)), key=lambda i: abs(scale.ticks[i]))
    labels = [x if (i - zero) % every == 0 else "" for i, x in enumerate(scale.labels)]
    return scale.low, scale.high, list(scale.ticks), labels


def _bars(rows: Sequence[TwoSides], which: str, colour: str, *, dark: bool) -> dict[str, Any]:
    shown: list[tuple[int, TwoSides, Side]] = [
        (i, row, side) for i, row in enumerate(rows) if (side := getattr(row, which)) is not None
    ]
    sides = [side for _, _, side in shown]
    return {
        "type": "bar",
        "orientation": "h",
        "x": [s.value for s in sides],
        "y": [i for i, _, _ in shown],
        "customdata": [[row.key] for _, row, _ in shown],
        "hovertext": [_hover(row) for _, row, _ in shown],
        "hoverinfo": "text",
        "marker": {
            "color": [theme.faded(colour, 0.85) if s.clear else theme.CLEAR for s in sides],
            "line": {"color": colour, "width": 1.4},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [0.0 if s.high is None else s.high - s.value for s in sides],
            "arrayminus": [0.0 if s.low is None else s.value - s.low for s in sides],
            "color": theme.palette(dark=dark).text,
            "thickness": 1.4,
            "width": 4,
        },
    }


def _hover(row: TwoSides) -> str:
    body = markup([part for line in row.told for part in wrap(line, 40)])
    return f"<b>{markup(wrap(row.name, 36))}</b><br>{body}"
