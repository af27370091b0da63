"""Counts as bars: per period, and by cause from the most frequent."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.ranking import ranked_rows
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.scales import period_ticks, value_scale
from csat.charts.wording import (
    NumberFormat,
    PeriodFormat,
    Translate,
    hover,
    icon,
    shown_name,
    why_empty,
)
from csat.charts.words import markup, wrap
from csat.model.answer import Figure
from csat.model.message import msg

MOST_BARS: Final = 12
"""Causes with a bar; the rest are counted together in the last line."""


def volume(
    figures: Sequence[Figure],
    *,
    t: Translate,
    fmt: NumberFormat,
    fmt_period: PeriodFormat,
    dark: bool,
    unit: str = "count",
    direction: str = "none",
) -> go.Figure:
    """Draw counts per period as bars from zero.

    Grey, or blue, orange or purple with a sign above where the count clearly changed from the
    period before. Unfinished periods are outlined only, withheld ones a cross on the baseline.

    Parameters
    ----------
    figures
        Counts, whose ``by`` is a bucket label.
    t, fmt, fmt_period
        Translator, writer of values, and writer of bucket labels.
    unit, direction
        Of the metric.
    dark
        Whether the reader looks at the dark theme.

    Returns
    -------
    Figure
        Each bar carries its bucket label as ``customdata``.
    """
    if all(f.value is None for f in figures):
        return theme.message_only(why_empty(figures, t=t), dark=dark)
    colours = theme.palette(dark=dark)
    labels = sorted({f.by for f in figures})
    place = {label: i for i, label in enumerate(labels)}
    bars = sorted((f for f in figures if f.value is not None), key=lambda f: f.by)
    hidden = [f for f in figures if f.withheld]
    scale = value_scale(bars, unit, fmt, from_zero=True)
    edges = [theme.signal(f.verdict, dark=dark) or colours.neutral for f in bars]
    clear = [theme.signal(f.verdict, dark=dark) is not None for f in bars]

    def shared(shown: Sequence[Figure]) -> dict[str, Any]:
        return {
            "x": [place[f.by] for f in shown],
            "customdata": [[f.by] for f in shown],
            "hovertext": [
                hover(f, fmt_period(f.by), t=t, fmt=fmt, direction=direction) for f in shown
            ],
            "hoverinfo": "text",
            "cliponaxis": False,
        }

    traces = [
        shared(bars)
        | {
            "type": "bar",
            "y": [f.value for f in bars],
            "marker": {
                "color": [
                    theme.faded(edge, 0.85) if f.finished else theme.CLEAR
                    for f, edge in zip(bars, edges, strict=True)
                ],
                "line": {"color": edges, "width": [0 if f.finished else 1.6 for f in bars]},
            },
            "text": [icon(f, direction) if c else "" for f, c in zip(bars, clear, strict=True)],
            "textposition": "outside",
            "textangle": 0,
            "textfont": {"size": 10, "color": edges},
        }
    ]
    if hidden:
        mark = {"symbol": "x-thin", "size": 7, "line": {"color": colours.neutral, "width": 1.5}}
        cross = {"type": "scatter", "mode": "markers", "marker": mark, "y": [0] * len(hidden)}
        traces.append(shared(hidden) | cross)
    at, texts = period_ticks(labels, fmt_period)
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=250,
            bargap=0.25,
            xaxis=theme.axis(
                dark=dark,
                grid=False,
                range=[-0.6, len(labels) - 0.4],
                tickvals=at,
                ticktext=texts,
                tickangle=0,
                ticks="outside",
                ticklen=4,
                tickcolor=theme.CLEAR,
            ),
            yaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[0, scale.high * 1.04],
                tickvals=scale.ticks,
                ticktext=scale.labels,
            ),
        ),
    )


def pareto(
    rows: Sequence[tuple[str, int]],
    *,
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
    most: int = MOST_BARS,
) -> go.Figure:
    """Draw what is counted most often, with the share reached so far beside each bar.

    Parameters
    ----------
    rows
        Name and count; equal counts stand by name. Beyond `most` names the rest is told in one
        line without a bar: it is no cause, and together it may be longer than any.
    t, fmt
        Translator, and writer of values.
    dark
        Whether the reader looks at the dark theme.

    Returns
    -------
    Figure
        Each bar carries its name as ``customdata``.
    """
    ranked = ranked_rows(rows)
    if not ranked:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    total = sum(n for _, n in ranked)
    rest = ranked[most:]
    counts = [n for _, n in ranked[:most]]
    keys = [name for name, _ in ranked[:most]]
    names = [shown_name(name, t=t) for name in keys]
    reached = [sum(counts[: i + 1]) for i in range(len(counts))]
    shares = [fmt(100 * n / total, "percent") for n in reached]
    hovers = []
    for name, n, share in zip(names, counts, shares, strict=True):
        own = fmt(100 * n / total, "percent")
        said = [
            t(msg("{count} of {total} ({share})", count=fmt(n, "count"), total=total, share=own)),
            t(msg("{share} with those above", share=share)),
        ]
        hovers.append(f"<b>{markup(wrap(name, 36))}</b><br>{markup(said)}")
    texts = [f"{fmt(n, 'count')} · {share}" for n, share in zip(counts, shares, strict=True)]
    labels = list(names)
    if rest:
        labels.append(t(msg("{n} more, see the table", n=len(rest))))
        left = sum(n for _, n in rest)
        texts.append(f"{fmt(left, 'count')} · {fmt(100.0, 'percent')}")
    title, margin = t("count · running share"), room(texts)
    return go.Figure(
        [
            {
                "type": "bar",
                "orientation": "h",
                "x": counts,
                "y": list(range(len(counts))),
                "customdata": [[key] for key in keys],
                "hovertext": hovers,
                "hoverinfo": "text",
                "marker": {
                    "color": theme.faded(colours.neutral, 0.85),
                    "line": {"width": 0},
                },
            }
        ],
        theme.layout(
            dark=dark,
            height=rows_height(labels) + 26,
            margin={"l": 8, "r": margin, "t": 26, "b": 8},
            bargap=0.35,
            xaxis=theme.axis(dark=dark, grid=False, range=[0, max(counts)], showticklabels=False),
            yaxis=row_axis(labels, dark=dark),
            annotations=[*column(texts, margin, dark=dark), heading(title, margin, dark=dark)],
        ),
    )
