"""A metric over time: lines with their intervals, clear changes, gaps and breaks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.lines import Frame, Line, traces
from csat.charts.scales import period_ticks, value_scale
from csat.charts.wording import NumberFormat, PeriodFormat, Translate, why_empty
from csat.charts.words import markup, shorten, wrap
from csat.model.answer import Figure
from csat.model.message import Message, msg

COLOURED: Final = len(theme.LIGHT.series)
"""Series that get a colour of their own."""
_LEVEL: Final = 17
"""Pixels of one line of text above the plot."""


def trend(
    series: Mapping[str, Sequence[Figure]],
    *,
    t: Translate,
    fmt: NumberFormat,
    fmt_period: PeriodFormat,
    unit: str,
    direction: str,
    dark: bool,
    breaks: Sequence[tuple[str, str | Message]] = (),
    scale_note: str | Message | None = None,
    beside: str = "",
) -> go.Figure:
    """Draw a metric over time.

    One series is grey with its 95% interval as a band; up to five are coloured with whiskers;
    of more, the five with the largest base are coloured and the rest thin and grey. Blue and
    orange triangles mark clear changes from the period before. Unfinished periods are hollow
    on a dotted line, withheld ones a cross on the baseline, and periods without data a gap.

    Parameters
    ----------
    series
        Name -> figures, whose ``by`` is a bucket label.
    t, fmt, fmt_period
        Translator, writer of values, and writer of bucket labels.
    unit, direction
        Of the metric.
    dark
        Whether the reader looks at the dark theme.
    breaks
        Bucket label and reason: from that period on the series measures something else, so no
        line crosses into it.
    scale_note
        What to know of the scale, such as that it was rescaled.
    beside
        Name of a series that the others are only held against: grey, without whiskers.

    Returns
    -------
    Figure
        Each point carries bucket label and series name as ``customdata``.
    """
    figures = [f for line in series.values() for f in line]
    if all(f.value is None for f in figures):
        return theme.message_only(why_empty(figures, t=t), dark=dark)
    labels = sorted({f.by for f in figures})
    known = [(labels.index(label), text) for label, text in breaks if label in labels]
    frame = Frame(
        labels,
        value_scale(figures, unit, fmt),
        frozenset(at for at, _ in known),
        direction,
        dark,
        t,
        fmt,
        fmt_period,
    )
    lines = _lines(series, labels, beside, dark=dark)
    drawn = [trace for line in lines for trace in traces(line, frame)]
    rest = [line for line in lines if line.rest]
    if rest:
        drawn.append(_legend_of_rest(rest[0], len(rest), t))
    return go.Figure(drawn, _layout(frame, lines, known, scale_note))


def _lines(
    series: Mapping[str, Sequence[Figure]], labels: Sequence[str], beside: str, *, dark: bool
) -> list[Line]:
    """Return the lines in drawing order: grey ones first, so that colour lies on top."""
    colours = theme.palette(dark=dark)
    place = {label: i for i, label in enumerate(labels)}
    placed = {name: {place[f.by]: f for f in line} for name, line in series.items()}
    if len(series) == 1:
        (name,) = series
        return [Line(name, colours.neutral, placed[name], alone=True)]
    top = [name for name in series if name != beside]
    if len(series) > COLOURED:
        top.sort(key=lambda name: (-sum(f.n or 0 for f in series[name]), name))
    top = top[:COLOURED]
    middle = (len(top) - 1) / 2
    few = len(series) <= COLOURED
    grey = [
        Line(name, theme.faded(colours.rest, 0.55), placed[name], rest=True)
        for name in series
        if name not in (*top, beside)
    ]
    grey += [Line(name, colours.neutral, placed[name]) for name in series if name == beside]
    return grey + [
        Line(name, colour, placed[name], offset=0.05 * (i - middle) * few, whiskers=few)
        for i, (name, colour) in enumerate(zip(top, colours.series, strict=False))
    ]


def _legend_of_rest(line: Line, count: int, t: Translate) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": t(msg("{n} others in grey", n=count)),
        "x": [None],
        "y": [None],
        "line": {"color": line.colour, "width": 1.2},
        "hoverinfo": "skip",
        "showlegend": True,
    }


def _layout(
    frame: Frame,
    lines: Sequence[Line],
    breaks: Sequence[tuple[int, str | Message]],
    scale_note: str | Message | None,
) -> dict[str, Any]:
    at, texts = period_ticks(frame.labels, frame.fmt_period)
    last = len(frame.labels) - 1
    notes = [_break_note(place, frame, text, i) for i, (place, text) in enumerate(breaks)]
    top = 12 + _LEVEL * len(notes)
    if scale_note is not None:
        said = wrap(frame.t(scale_note), 52)
        notes.append(_note(frame, markup(said), x=0, xref="paper", xanchor="left", yshift=top - 10))
        top += 15 * len(said)
    named = 0 if lines[0].alone else min(len(lines), COLOURED + 1)
    return theme.layout(
        dark=frame.dark,
        height=268 + top + 20 * named,
        margin={"l": 8, "r": 24, "t": top, "b": 8},
        showlegend=named > 0,
        xaxis=theme.axis(
            dark=frame.dark,
            grid=False,
            type="linear",
            range=[-0.5, last + 0.5],
            tickvals=at,
            ticktext=texts,
            tickangle=0,
            ticks="outside",
            ticklen=4,
            tickcolor=theme.CLEAR,
        ),
        yaxis=theme.axis(
            dark=frame.dark,
            grid=True,
            range=[frame.scale.low, frame.scale.high],
            tickvals=frame.scale.ticks,
            ticktext=frame.scale.labels,
        ),
        shapes=[
            line
            for i, (place, _) in enumerate(breaks)
            for line in _break_lines(place, i, frame.dark)
        ],
        annotations=notes,
    )


def _break_lines(place: int, level: int, dark: bool) -> list[dict[str, Any]]:
    """Return the line of a break: across the plot, and on up to its own label."""
    line = {
        "type": "line",
        "x0": place - 0.5,
        "x1": place - 0.5,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "line": {"color": theme.palette(dark=dark).neutral, "width": 1.2, "dash": "dot"},
    }
    above = {"ysizemode": "pixel", "yanchor": 1, "y1": _LEVEL * level + 3}
    return [line, line | above]


def _break_note(place: int, frame: Frame, text: str | Message, level: int) -> dict[str, Any]:
    """Return the label of a break, on a line of its own, where it fits on a phone."""
    said = frame.t(text)
    share = place / len(frame.labels)
    return _note(
        frame,
        markup([shorten(said, 34)]),
        x=place - 0.5,
        xref="x",
        xanchor="left" if share < 1 / 3 else ("right" if share > 2 / 3 else "center"),
        yshift=2 + _LEVEL * level,
        hovertext=markup(wrap(said, 40)),
        bgcolor=theme.palette(dark=frame.dark).surface,
        borderpad=0,
    )


def _note(frame: Frame, text: str, **place: Any) -> dict[str, Any]:
    return {
        "text": text,
        "y": 1,
        "yref": "paper",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "font": {"size": theme.SMALL, "color": theme.palette(dark=frame.dark).faint},
    } | place
