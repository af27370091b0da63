"""A control chart: values, centre line, limits, signals, phases, events and the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.control_marks import Ink, limit_traces, value_traces
from csat.charts.scales import period_ticks, value_scale
from csat.charts.wording import why_empty
from csat.charts.words import markup, shorten, wrap
from csat.model.answer import Figure
from csat.model.control import ControlAnswer
from csat.model.message import msg

_LEVEL: Final = 17
"""Pixels of one line of text above the plot."""
MOST_NOTES: Final = 3
"""Notes above the plot that each take a line; of more, those of one period share it."""


def control_chart(
    answer: ControlAnswer,
    *,
    ink: Ink,
    events: Sequence[tuple[str, str]] = (),
    beside: tuple[str, Sequence[Figure]] | None = None,
    chosen: tuple[str, str] | None = None,
) -> go.Figure:
    """Draw a control chart.

    Values are a grey line; points of a signal are triangles on the side they lie, blue where
    that is good and orange where not; unfinished periods are hollow, withheld ones a cross.
    Limits are thin lines with a pale band, dashed while provisional.

    Parameters
    ----------
    events
        Bucket label and words of what happened, marked above the plot.
    beside
        Name and figures of a second line without limits, such as the level desired.
    chosen
        First and last label of the period that the reader chose, shaded.
    """
    figures = [p.figure for p in answer.points]
    if all(f.value is None for f in figures):
        return theme.message_only(why_empty(figures, t=ink.t), dark=ink.dark)
    labels = [f.by for f in figures]
    scale = value_scale(_reach(answer, beside), answer.unit, ink.fmt)
    drawn: list[dict[str, Any]] = []
    for phase in range(len(answer.phases)):
        drawn += limit_traces(answer, phase, ink)
    drawn += value_traces(answer, ink, low=scale.low)
    if beside is not None:
        drawn.append(_beside(beside, labels, ink))
    starts = [
        (labels.index(p.start), ink.t(p.reason)) for p in answer.phases if p.reason is not None
    ]
    marked = [(labels.index(label), text) for label, text in events if label in labels]
    told = _together(starts + marked, ink)
    notes = [_note(at, texts, i, labels, ink) for i, (at, texts) in enumerate(told)]
    top = 12 + _LEVEL * len(notes)
    at, texts = period_ticks(labels, ink.fmt_period)
    lines = [_upright(place, ink, left=True) for place in dict.fromkeys(p for p, _ in starts)]
    lines += [_upright(place, ink, left=False) for place in dict.fromkeys(p for p, _ in marked)]
    return go.Figure(
        drawn,
        theme.layout(
            dark=ink.dark,
            height=280 + top + (20 if beside else 0),
            margin={"l": 8, "r": 24, "t": top, "b": 8},
            showlegend=beside is not None,
            shapes=[
                *_band(chosen, labels, ink),
                *lines,
                *_target(answer, scale.low, scale.high, ink),
            ],
            annotations=notes,
            xaxis=theme.axis(
                dark=ink.dark,
                grid=False,
                type="linear",
                range=[-0.6, len(labels) - 0.4],
                tickvals=at,
                ticktext=texts,
                tickangle=0,
            ),
            yaxis=theme.axis(
                dark=ink.dark,
                grid=True,
                range=[scale.low, scale.high],
                tickvals=scale.ticks,
                ticktext=scale.labels,
            ),
        ),
    )


def _reach(answer: ControlAnswer, beside: tuple[str, Sequence[Figure]] | None) -> list[Figure]:
    """Return figures whose ends are the limits, so that the axis holds these."""
    out = [
        replace(
            p.figure,
            low=p.low if p.tested else None,
            high=p.high if p.tested else None,
            unit=answer.unit,
        )
        for p in answer.points
    ]
    if answer.target is not None and out:
        out.append(replace(out[0], value=answer.target, low=None, high=None))
    return out + ([] if beside is None else [replace(f, low=None, high=None) for f in beside[1]])


def _beside(
    beside: tuple[str, Sequence[Figure]], labels: Sequence[str], ink: Ink
) -> dict[str, Any]:
    name, figures = beside
    place = {label: i for i, label in enumerate(labels)}
    known = [f for f in figures if f.by in place and f.value is not None]
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": markup([name]),
        "x": [place[f.by] for f in known],
        "y": [f.value for f in known],
        "line": {"color": ink.colours.undirected, "width": 1.6, "dash": "dot"},
        "marker": {"symbol": "circle-open", "size": 6},
        "hovertext": [
            f"<b>{markup([ink.fmt_period(f.by)])}</b><br>"
            + markup([f"{name}: {ink.fmt(f.value, f.unit)}"])
            for f in known
        ],
        "hoverinfo": "text",
        "showlegend": True,
    }


def _together(notes: Sequence[tuple[int, str]], ink: Ink) -> list[tuple[int, list[str]]]:
    """Return notes by place; where they are many, those of one period become one.

    The first text of each is what the chart shows, the others are told when pointed at.
    """
    if len(notes) <= MOST_NOTES:
        return [(at, [text]) for at, text in notes]
    places: dict[int, list[str]] = {}
    for at, text in notes:
        places.setdefault(at, []).append(text)
    return [
        (at, said if len(said) == 1 else [ink.t(msg("{n} changes", n=len(said))), *said])
        for at, said in places.items()
    ]


def _note(
    at: int, texts: Sequence[str], level: int, labels: Sequence[str], ink: Ink
) -> dict[str, Any]:
    share = at / max(1, len(labels))
    return {
        "text": markup([shorten(texts[0], 38)]),
        "hovertext": markup([line for text in texts for line in wrap(text, 40)]),
        "x": at,
        "xref": "x",
        "xanchor": "left" if share < 1 / 3 else ("right" if share > 2 / 3 else "center"),
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "yshift": 2 + _LEVEL * level,
        "showarrow": False,
        "bgcolor": ink.colours.surface,
        "borderpad": 0,
        "font": {"size": theme.SMALL, "color": ink.colours.faint},
    }


def _upright(at: int, ink: Ink, *, left: bool) -> dict[str, Any]:
    x = at - 0.5 if left else at
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": ink.colours.neutral, "width": 1.2, "dash": "dot" if left else "dashdot"},
    }


def _band(chosen: tuple[str, str] | None, labels: Sequence[str], ink: Ink) -> list[dict[str, Any]]:
    inside = [i for i, label in enumerate(labels) if chosen and chosen[0] <= label <= chosen[1]]
    if not inside or len(inside) == len(labels):
        return []
    return [
        {
            "type": "rect",
            "x0": inside[0] - 0.5,
            "x1": inside[-1] + 0.5,
            "y0": 0,
            "y1": 1,
            "yref": "paper",
            "fillcolor": theme.faded(ink.colours.undirected, 0.1),
            "line": {"width": 0},
            "layer": "below",
        }
    ]


def _target(answer: ControlAnswer, low: float, high: float, ink: Ink) -> list[dict[str, Any]]:
    if answer.target is None or not low <= answer.target <= high:
        return []
    text = ink.t(msg("target {value}", value=ink.fmt(answer.target, answer.unit)))
    return [
        {
            "type": "line",
            "x0": 0,
            "x1": 1,
            "xref": "paper",
            "y0": answer.target,
            "y1": answer.target,
            "line": {"color": ink.colours.text, "width": 1.4, "dash": "longdash"},
            "label": {
                "text": markup([text]),
                "textposition": "start",
                "font": {"size": theme.SMALL},
            },
        }
    ]
