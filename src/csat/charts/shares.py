"""Shares of groups in two wholes side by side: those who were served, and those who answered."""

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
class SharePair:
    """One group: its share of those served, and of those who answered with its interval.

    All in percent; ``answered`` is None where it is withheld or nobody answered at all.
    """

    name: str
    served: float
    answered: float | None
    low: float | None = None
    high: float | None = None

    @property
    def apart(self) -> int:
        """1 where more answered than their share, -1 where fewer, 0 where chance may do it."""
        if self.answered is None or self.low is None or self.high is None:
            return 0
        return (self.low > self.served) - (self.high < self.served)


def share_pairs(
    rows: Sequence[SharePair],
    *,
    t: Translate,
    fmt: NumberFormat,
    change: NumberFormat,
    dark: bool,
) -> go.Figure:
    """Draw each group as its share of those served (ring) and of the answers (mark), joined.

    The mark is a triangle that points the way the answers miss, in violet, where the 95%
    interval of the share leaves out the population's; else a grey diamond.

    Parameters
    ----------
    change
        Writes a signed difference of two shares.
    """
    texts = [_beside(r, t=t, change=change) for r in rows]
    margin = room([*texts, t("difference")])
    ends = [x for r in rows for x in (r.served, r.low, r.high) if x is not None]
    scale = value_scale([_span(ends)], "percent", fmt)
    every = -(-len(scale.labels) // 5)
    names = [r.name for r in rows]
    return go.Figure(
        [_lines(rows, dark=dark), _rings(rows, t, fmt, dark=dark), _marks(rows, t, fmt, dark=dark)],
        theme.layout(
            dark=dark,
            height=rows_height(names) + 50,
            margin={"l": 8, "r": margin, "t": 26, "b": 8},
            annotations=[
                *column(texts, margin, dark=dark),
                heading(t("difference"), margin, dark=dark),
            ],
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[scale.low, scale.high],
                tickvals=scale.ticks,
                ticktext=[s if i % every == 0 else "" for i, s in enumerate(scale.labels)],
                tickangle=0,
            ),
            yaxis=row_axis(names, dark=dark),
        ),
    )


def share_pairs_alt(rows: Sequence[SharePair], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words which group is farthest from its share, and how many are clearly off."""
    known = [r for r in rows if r.answered is not None]
    if not known:
        return t("Nothing to list.")
    worst = max(known, key=lambda r: abs((r.answered or 0.0) - r.served))
    parts = [_told(worst, t=t, fmt=fmt)]
    off = sum(r.apart != 0 for r in known)
    parts.append(t(msg("{n} of {all} groups are clearly off their share.", n=off, all=len(known))))
    return sentences(parts, t=t)


def _told(row: SharePair, *, t: Translate, fmt: NumberFormat) -> str:
    return t(
        msg(
            "{name}: {answered} of the answers, {served} of those served.",
            name=row.name,
            answered=fmt(row.answered, "percent"),
            served=fmt(row.served, "percent"),
        )
    )


def _span(ends: Sequence[float]) -> Figure:
    low, high = min(ends, default=0.0), max(ends, default=100.0)
    return Figure("csat_top_box", "", low, "percent", 1, low, high, "not_compared")


def _beside(row: SharePair, *, t: Translate, change: NumberFormat) -> str:
    if row.answered is None:
        return t("withheld")
    return change(row.answered - row.served, "percent")


def _hover(row: SharePair, *, t: Translate, fmt: NumberFormat) -> str:
    lines = [t(msg("served {share}", share=fmt(row.served, "percent")))]
    if row.answered is None:
        lines.append(t("withheld"))
    else:
        lines.append(t(msg("answered {share}", share=fmt(row.answered, "percent"))))
        if row.low is not None:
            low, high = fmt(row.low, "percent"), fmt(row.high, "percent")
            lines.append(t(msg("95% interval: {low} to {high}", low=low, high=high)))
    body = markup([part for line in lines for part in wrap(line, 40)])
    return f"<b>{markup(wrap(row.name, 36))}</b><br>{body}"


def _lines(rows: Sequence[SharePair], *, dark: bool) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[int | None] = []
    for i, r in enumerate(rows):
        if r.answered is not None:
            x += [r.served, r.answered, None]
            y += [i, i, None]
    colour = theme.faded(theme.palette(dark=dark).neutral, 0.55)
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": {"color": colour, "width": 2},
        "hoverinfo": "skip",
        "connectgaps": False,
    }


def _points(rows: Sequence[tuple[int, SharePair]], hovers: Sequence[str]) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "y": [i for i, _ in rows],
        "hovertext": list(hovers),
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _rings(
    rows: Sequence[SharePair], t: Translate, fmt: NumberFormat, *, dark: bool
) -> dict[str, Any]:
    colours = theme.palette(dark=dark)
    return _points(list(enumerate(rows)), [_hover(r, t=t, fmt=fmt) for r in rows]) | {
        "x": [r.served for r in rows],
        "marker": {
            "color": colours.surface,
            "symbol": "circle",
            "size": 11,
            "opacity": 1,
            "line": {"color": colours.text, "width": 1.8},
        },
    }


def _marks(
    rows: Sequence[SharePair], t: Translate, fmt: NumberFormat, *, dark: bool
) -> dict[str, Any]:
    known = [(i, r) for i, r in enumerate(rows) if r.answered is not None]
    colours = theme.palette(dark=dark)
    edges = [colours.undirected if r.apart else colours.neutral for _, r in known]
    shapes = {1: "triangle-right", -1: "triangle-left", 0: "diamond"}
    reach = {
        "type": "data",
        "symmetric": False,
        "array": [(r.high or r.answered or 0.0) - (r.answered or 0.0) for _, r in known],
        "arrayminus": [(r.answered or 0.0) - (r.low or r.answered or 0.0) for _, r in known],
        "thickness": 5,
        "width": 0,
        "color": theme.faded(colours.neutral, 0.35),
    }
    return _points(known, [_hover(r, t=t, fmt=fmt) for _, r in known]) | {
        "x": [r.answered for _, r in known],
        "error_x": reach,
        "marker": {
            "color": edges,
            "symbol": [shapes[r.apart] for _, r in known],
            "size": 11,
            "opacity": 1,
        },
    }
