"""The way of cases: how many reached each stage, and how long each stage held them."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10
from typing import Any, Final, NamedTuple

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.wording import NumberFormat, Translate, sentences
from csat.charts.words import markup
from csat.model.message import msg

_DAY: Final = 86_400
_TICKS: Final = (10 / 1440, 1 / 24, 4 / 24, 12 / 24, 1, 3, 7, 14, 30, 90, 365)
_LEGEND: Final = 66
"""Pixels for the names of three colours, which stand below one another on a phone."""
_APART: Final = 3
"""Into how many parts the marks of an axis divide it at most; their names fit on a phone too."""
_SECOND_LINE: Final = 7
"""Pixels more for a row with two lines beside it; rows of both charts stand at one height."""
_LEAST: Final = 1 / 1440
"""Days below which a time is drawn as one minute; the axis is logarithmic."""


class StageBar(NamedTuple):
    """A stage and its cases: reached, skipped, and still to come to it."""

    name: str
    reached: int
    skipped: int
    ahead: int


class StageSpan(NamedTuple):
    """A stage and the seconds by which 50, 80 and 90% left it; None where not reached.

    ``followed`` is the longest time any case is known to have been in it.
    """

    name: str
    seconds: tuple[float | None, float | None, float | None]
    followed: float


def stage_bars(
    rows: Sequence[StageBar], *, t: Translate, fmt: NumberFormat, dark: bool
) -> go.Figure:
    """Draw one bar per stage: reached in full colour, without it in pale, still to come hollow."""
    colours = theme.palette(dark=dark)
    names = [r.name for r in rows]
    traces = []
    for label, counts, fill, edge in (
        (t("reached"), [r.reached for r in rows], theme.faded(colours.neutral, 0.9), 0),
        (t("skipped it"), [r.skipped for r in rows], theme.faded(colours.neutral, 0.3), 0),
        (t("may still come to it"), [r.ahead for r in rows], theme.CLEAR, 1),
    ):
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": markup([label]),
                "x": counts,
                "y": list(range(len(rows))),
                "marker": {"color": fill, "line": {"width": edge, "color": colours.neutral}},
                "hovertext": [
                    markup([name, f"{label}: {fmt(n, 'count')}"])
                    for name, n in zip(names, counts, strict=True)
                ],
                "hoverinfo": "text",
            }
        )
    texts = [_share(r, fmt) for r in rows]
    title = t("reached · of all")
    margin = max(room(texts), room([title]))
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=rows_height(names) + _SECOND_LINE * len(names) + 26 + _LEGEND,
            margin={"l": 8, "r": margin, "t": 26, "b": _LEGEND},
            barmode="stack",
            bargap=0.35,
            showlegend=True,
            legend={"orientation": "h", "x": 0, "y": 0, "yanchor": "top", "traceorder": "normal"},
            xaxis=theme.axis(
                dark=dark,
                grid=False,
                range=[0, max((sum(r[1:]) for r in rows), default=1) or 1],
                showticklabels=False,
            ),
            yaxis=row_axis(names, dark=dark),
            annotations=[*column(texts, margin, dark=dark), heading(title, margin, dark=dark)],
        ),
    )


def _share(row: StageBar, fmt: NumberFormat) -> str:
    every = row.reached + row.skipped + row.ahead
    count = fmt(row.reached, "count")
    return f"{count} · {fmt(100 * row.reached / every, 'percent')}" if every else count


def stage_spans(
    rows: Sequence[StageSpan], *, t: Translate, fmt: NumberFormat, dark: bool
) -> go.Figure:
    """Draw, per stage, when half of the cases have left it (dot) and when 90% have (bar's end).

    The tick between is 80%. An open end points beyond what was followed. Times are on a
    logarithmic axis, for stages last minutes or months.
    """
    if not rows:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    ink = colours.text
    traces: list[dict[str, Any]] = []
    reached: list[float] = []
    for i, row in enumerate(rows):
        low, far = _days(row.seconds[0]), _days(row.seconds[2])
        end = far or max(_LEAST, row.followed / _DAY)
        begin = low or end
        reached += [begin, end]
        said = markup([row.name, *_told(row, t, fmt)])
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [begin, end],
                "y": [i, i],
                "line": {"width": 6, "color": theme.faded(colours.neutral, 0.45)},
                "marker": {
                    "size": [0, 11 if far is None else 0],
                    "symbol": "triangle-right-open",
                    "color": ink,
                },
                "hovertext": [said, said],
                "hoverinfo": "text",
            }
        )
    for symbol, place, size in (("circle", 0, 10), ("line-ns", 1, 8)):
        drawn = [(i, _days(r.seconds[place])) for i, r in enumerate(rows)]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [x for _, x in drawn if x is not None],
                "y": [i for i, x in drawn if x is not None],
                "marker": {
                    "symbol": symbol,
                    "size": size,
                    "color": ink,
                    "line": {"width": 2 if place else 0, "color": ink},
                },
                "hoverinfo": "skip",
            }
        )
    names = [r.name for r in rows]
    texts = [_beside(r, fmt) for r in rows]
    title = t("half · 90% have moved on")
    margin = room(texts)
    span = (min(reached) / 1.6, max(reached) * 1.6)
    ticks = _fitting(span)
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=rows_height(names) + _SECOND_LINE * len(names) + 56,
            margin={"l": 8, "r": margin, "t": 26, "b": 34},
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                type="log",
                range=[log10(span[0]), log10(span[1])],
                tickvals=ticks,
                ticktext=[fmt(d, "days") for d in ticks],
                tickangle=0,
            ),
            yaxis=row_axis(names, dark=dark),
            annotations=[*column(texts, margin, dark=dark), heading(title, margin, dark=dark)],
        ),
    )


def _fitting(span: tuple[float, float]) -> list[float]:
    """Return the marks of the axis that lie far enough apart to be named."""
    least = log10(span[1] / span[0]) / _APART
    found: list[float] = []
    for days in _TICKS:
        if span[0] <= days <= span[1] and (not found or log10(days / found[-1]) >= least):
            found.append(days)
    return found


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else max(_LEAST, seconds / _DAY)


def _told(row: StageSpan, t: Translate, fmt: NumberFormat) -> list[str]:
    words = (t("half"), t("80%"), t("90%"))
    return [
        f"{word}: {fmt(s / _DAY, 'days') if s is not None else _beyond(row, fmt)}"
        for word, s in zip(words, row.seconds, strict=True)
    ]


def _beyond(row: StageSpan, fmt: NumberFormat) -> str:
    return f"> {fmt(row.followed / _DAY, 'days')}"


def _beside(row: StageSpan, fmt: NumberFormat) -> str:
    if row.seconds[0] is None:
        return _beyond(row, fmt)
    ends = (row.seconds[0], row.seconds[2])
    return "\n".join(fmt(s / _DAY, "days") if s is not None else _beyond(row, fmt) for s in ends)


def stages_alt(
    rows: Sequence[StageBar], spans: Sequence[StageSpan], *, t: Translate, fmt: NumberFormat
) -> str:
    """Say in words how many cases reached the last stage, and which stage holds them longest."""
    if not rows:
        return t("No data in this selection")
    last = rows[-1]
    said = msg("{n} of {total} cases reached the stage {stage}.", n=fmt(last.reached, "count"),
               total=fmt(rows[0].reached, "count"), stage=last.name)  # fmt: skip
    parts = [t(said)]
    known = [s for s in spans if s.seconds[0] is not None]
    if known:
        longest = max(known, key=lambda s: s.seconds[0] or 0)
        half = fmt((longest.seconds[0] or 0) / _DAY, "days")
        parts.append(t(msg("Cases stay longest in the stage {stage}: half have moved on "
                           "after {time}.", stage=longest.name, time=half)))  # fmt: skip
    return sentences(parts, t=t)
