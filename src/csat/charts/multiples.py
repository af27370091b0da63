"""Small multiples: one control chart per group, all on the same axes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.control_marks import Ink, limit_traces, value_traces
from csat.charts.control_words import VARIATION, variation_sign
from csat.charts.scales import Scale, period_ticks, value_scale
from csat.charts.wording import shown_name, why_empty
from csat.charts.words import markup, shorten
from csat.model.answer import Figure
from csat.model.control import ControlAnswer

COLUMNS: Final = 2
_PANEL: Final = 128
"""Pixels of a panel with its title."""
_TITLE: Final = 26


def multiples(answers: Sequence[ControlAnswer], *, ink: Ink) -> go.Figure:
    """Draw one panel per group: values with 95% intervals, limits and signals.

    All panels have the same axes, so that they can be compared by eye; each title says in a
    sign and a colour whether the group changes.
    """
    figures = [p.figure for a in answers for p in a.points]
    if all(f.value is None for f in figures):
        return theme.message_only(why_empty(figures, t=ink.t), dark=ink.dark)
    labels = [p.figure.by for p in answers[0].points]
    scale = value_scale(_reach(answers), answers[0].unit, ink.fmt)
    rows = -(-len(answers) // COLUMNS)
    height = rows * _PANEL + 40
    drawn: list[dict[str, Any]] = []
    layout: dict[str, Any] = {}
    titles = []
    for number, answer in enumerate(answers):
        row, column = divmod(number, COLUMNS)
        end = "" if number == 0 else str(number + 1)
        place = {"xaxis": f"x{end}", "yaxis": f"y{end}"}
        for phase in range(len(answer.phases)):
            drawn += limit_traces(answer, phase, ink, **place)
        drawn += value_traces(answer, ink, low=scale.low, whiskers=True, **place)
        last = row == rows - 1 or number + COLUMNS >= len(answers)
        top = 1 - row / rows
        layout |= _axes(end, column, top, rows, labels, scale, ink, named=last)
        titles.append(_title(answer, column, top, ink))
    return go.Figure(
        drawn,
        theme.layout(
            dark=ink.dark,
            height=height,
            margin={"l": 8, "r": 16, "t": 4, "b": 8},
            annotations=titles,
            **layout,
        ),
    )


def _reach(answers: Sequence[ControlAnswer]) -> list[Figure]:
    """Return figures whose ends are limits, not intervals: one wide interval hides the rest."""
    return [
        replace(p.figure, low=p.low, high=p.high)
        for a in answers
        for p in a.points
        if p.figure.value is not None
    ]


def _axes(
    end: str,
    column: int,
    top: float,
    rows: int,
    labels: Sequence[str],
    scale: Scale,
    ink: Ink,
    *,
    named: bool,
) -> dict[str, Any]:
    wide = 1 / COLUMNS
    at, texts = period_ticks(labels, ink.fmt_period)
    if len(at) > 3:
        at, texts = at[::-2][::-1], texts[::-2][::-1]
    left = column * wide + (0.03 if column else 0)
    ticks = scale.ticks[:: max(1, len(scale.ticks) // 3)]
    return {
        f"xaxis{end}": theme.axis(
            dark=ink.dark,
            grid=False,
            type="linear",
            domain=[left, (column + 1) * wide - 0.01],
            anchor=f"y{end}",
            range=[-0.6, len(labels) - 0.4],
            tickvals=at,
            ticktext=texts,
            tickangle=0,
            showticklabels=named,
        ),
        f"yaxis{end}": theme.axis(
            dark=ink.dark,
            grid=True,
            domain=[top - 1 / rows, top - _TITLE / (rows * _PANEL)],
            anchor=f"x{end}",
            range=[scale.low, scale.high],
            tickvals=ticks,
            ticktext=[scale.labels[scale.ticks.index(v)] for v in ticks],
            showticklabels=column == 0,
        ),
    }


def _title(answer: ControlAnswer, column: int, top: float, ink: Ink) -> dict[str, Any]:
    sign, colour = variation_sign(answer), VARIATION[answer.variation][2]
    name = shown_name(answer.group, t=ink.t)
    return {
        "text": markup([shorten(f"{sign} {name}", 24)]),
        "x": column / COLUMNS + (0.03 if column else 0),
        "xref": "paper",
        "xanchor": "left",
        "y": top,
        "yref": "paper",
        "yanchor": "top",
        "showarrow": False,
        "font": {
            "size": 12.5,
            "color": getattr(ink.colours, colour) if sign not in "■□" else ink.colours.text,
        },
    }
