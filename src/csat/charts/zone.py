"""Zone of tolerance as a band per row, with the perception on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.wording import NumberFormat, Translate, sentences
from csat.charts.words import markup, wrap
from csat.model.message import msg


@dataclass(frozen=True, slots=True)
class ZoneBar:
    """One row: the levels of expectation and the perception with its interval.

    ``band`` is "below_adequate", "in_zone", "above_desired" or "" where the interval leaves
    doubt; ``predicted`` is None where it is not asked.
    """

    key: str
    name: str
    adequate: float
    desired: float
    perceived: float
    low: float | None
    high: float | None
    n: int
    band: str
    predicted: float | None = None


def zone_bars(
    rows: Sequence[ZoneBar],
    scale: tuple[int, int],
    *,
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
) -> go.Figure:
    """Draw each row's zone from adequate to desired as a band on the whole scale.

    The left end of the axis is the worst possible, the right end the ideal. The perception is
    orange below the zone, blue above it, and grey within it or in doubt; a tick marks the level
    that is predicted.

    Returns
    -------
    Figure
        Each mark carries its row's key as ``customdata``.
    """
    if not rows:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    texts = [f"{fmt(r.perceived - r.adequate, 'rating')} · {fmt(r.n, 'count')}" for r in rows]
    names, margin = [r.name for r in rows], room(texts)
    places = list(range(len(rows)))
    band = {
        "type": "bar",
        "orientation": "h",
        "base": [min(r.adequate, r.desired) for r in rows],
        "x": [abs(r.desired - r.adequate) for r in rows],
        "y": places,
        "width": 0.5,
        "hoverinfo": "skip",
        "marker": {
            "color": theme.faded(colours.neutral, 0.28),
            "line": {"color": theme.faded(colours.neutral, 0.7), "width": 1},
        },
    }
    traces = [band]
    foreseen = [(i, r) for i, r in enumerate(rows) if r.predicted is not None]
    if foreseen:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [r.predicted for _, r in foreseen],
                "y": [i for i, _ in foreseen],
                "hoverinfo": "skip",
                "marker": {
                    "symbol": "line-ns",
                    "size": 16,
                    "line": {"color": colours.text, "width": 1.6},
                },
            }
        )
    traces.append(_perceived(rows, places, t=t, fmt=fmt, dark=dark))
    ticks = list(range(scale[0], scale[1] + 1)) if scale[1] - scale[0] <= 10 else None
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=rows_height(names) + 12 * len(rows) + 50,
            margin={"l": 8, "r": margin, "t": 26, "b": 8},
            annotations=[
                *column(texts, margin, dark=dark),
                heading(t("above minimum · n"), margin, dark=dark),
            ],
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[scale[0] - 0.1, scale[1] + 0.1],
                **({"tickvals": ticks} if ticks else {}),
                tickangle=0,
            ),
            yaxis=row_axis(names, dark=dark),
        ),
    )


def zone_alt(rows: Sequence[ZoneBar], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words which row comes closest to the least that is accepted."""
    if not rows:
        return t("No data in this selection")
    worst = min(rows, key=lambda r: r.perceived - r.adequate)
    parts = [
        t(
            msg(
                "{name} is closest to the minimum: perceived {perceived}, minimum {adequate}, "
                "desired {desired}.",
                name=worst.name,
                perceived=fmt(worst.perceived, "rating"),
                adequate=fmt(worst.adequate, "rating"),
                desired=fmt(worst.desired, "rating"),
            )
        )
    ]
    below = sum(r.band == "below_adequate" for r in rows)
    parts.append(t(msg("Below the minimum: {n} of {all}.", n=below, all=len(rows))))
    return sentences(parts, t=t)


def _perceived(
    rows: Sequence[ZoneBar],
    places: Sequence[int],
    *,
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
) -> dict[str, Any]:
    colours = theme.palette(dark=dark)
    known = {"below_adequate": colours.concern, "above_desired": colours.improvement}
    shapes = {"below_adequate": "triangle-down", "above_desired": "triangle-up"}
    edges = [known.get(r.band, colours.neutral) for r in rows]
    return {
        "type": "scatter",
        "mode": "markers",
        "x": [r.perceived for r in rows],
        "y": list(places),
        "customdata": [[r.key] for r in rows],
        "hovertext": [_hover(r, t=t, fmt=fmt) for r in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "color": edges,
            "symbol": [shapes.get(r.band, "diamond") for r in rows],
            "size": 12,
            "opacity": 1,
            "line": {"color": colours.surface, "width": 1},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": [0.0 if r.high is None else r.high - r.perceived for r in rows],
            "arrayminus": [0.0 if r.low is None else r.perceived - r.low for r in rows],
            "color": colours.text,
            "thickness": 1.6,
            "width": 4,
        },
    }


def _hover(row: ZoneBar, *, t: Translate, fmt: NumberFormat) -> str:
    lines = [
        t(
            msg(
                "minimum {adequate}, desired {desired}",
                adequate=fmt(row.adequate, "rating"),
                desired=fmt(row.desired, "rating"),
            )
        ),
        t(msg("perceived {value} · n {n}", value=fmt(row.perceived, "rating"), n=row.n)),
    ]
    if row.predicted is not None:
        lines.append(t(msg("predicted {value}", value=fmt(row.predicted, "rating"))))
    body = markup([part for line in lines for part in wrap(line, 40)])
    return f"<b>{markup(wrap(row.name, 36))}</b><br>{body}"
