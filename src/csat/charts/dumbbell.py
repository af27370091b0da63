"""Expectation and perception side by side: a dumbbell per row, in the order given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.dots import CAUTION_UNDER
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.scales import Scale, value_scale
from csat.charts.wording import (
    NumberFormat,
    Translate,
    sentences,
    symbol,
    verdict_words,
    why_empty,
)
from csat.charts.words import markup, wrap
from csat.model.answer import Figure
from csat.model.message import msg

MOST_LABELS: Final = 4
"""Values named on the axis: more would run together on a phone."""


@dataclass(frozen=True, slots=True)
class Dumbbell:
    """One row: what was desired, what was perceived, and the gap with its paired interval.

    ``key`` is what a click on the row hands back, ``note`` a further line of its hover text.
    """

    key: str
    name: str
    expectation: float | None
    perception: float | None
    gap: Figure
    scale: tuple[int, int] | None = None
    note: str = ""

    @property
    def drawn(self) -> bool:
        """Whether there is anything to draw."""
        return self.expectation is not None and self.perception is not None


def dumbbells(
    rows: Sequence[Dumbbell],
    *,
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
    caution_under: int = CAUTION_UNDER,
) -> go.Figure:
    """Draw rows as desired level (ring) and perception (mark) joined by a line, first on top.

    The bar behind the perception is the paired 95% interval of the gap, laid off from the
    desired level. The mark is grey, or a blue or orange triangle where the gap clearly changed;
    hollow under the caution base. Gap and base stand on the right.

    Returns
    -------
    Figure
        Each mark carries its row's key as ``customdata``.
    """
    known = [r for r in rows if r.drawn]
    if not known:
        return theme.message_only(why_empty([r.gap for r in rows], t=t), dark=dark)
    names = [r.name for r in rows]
    texts = [_beside(r, t=t, fmt=fmt) for r in rows]
    margin = room(texts)
    scale = value_scale([f for r in known for f in _reach(r)], "rating", fmt)
    every = -(-len(scale.labels) // MOST_LABELS)
    labels = [text if i % every == 0 else "" for i, text in enumerate(scale.labels)]
    hovers = [_hover(r, t=t, fmt=fmt) for r in rows]
    place = {r.key: i for i, r in enumerate(rows)}
    traces = [
        _lines(known, place, dark=dark),
        _expected(known, place, hovers, dark=dark),
        _perceived(known, place, hovers, caution_under, dark=dark),
    ]
    hidden = [r for r in rows if not r.drawn]
    if hidden:
        traces.append(_reasons(hidden, place, hovers, scale, t, dark=dark))
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=rows_height(names, whole=True) + 8 * len(names) + 50,
            margin={"l": 8, "r": margin, "t": 26, "b": 8},
            annotations=[
                *column(texts, margin, dark=dark),
                heading(t("gap · n"), margin, dark=dark),
            ],
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[scale.low, scale.high],
                tickvals=scale.ticks,
                ticktext=labels,
                tickangle=0,
            ),
            yaxis=row_axis(names, dark=dark, whole=True),
        ),
    )


def dumbbells_alt(rows: Sequence[Dumbbell], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words where the gap is widest and where it is smallest."""
    known = sorted(
        (r for r in rows if r.drawn and r.gap.value is not None), key=lambda r: r.gap.value or 0.0
    )
    if not known:
        return why_empty([r.gap for r in rows], t=t)
    parts = [_told(known[0], t=t, fmt=fmt)]
    if len(known) > 1:
        last = known[-1]
        parts.append(
            t(
                msg(
                    "Of {n} rows this is the lowest gap; the highest is {name} with {gap}.",
                    n=len(known),
                    name=last.name,
                    gap=fmt(last.gap.value, "rating"),
                )
            )
        )
    withheld = sum(r.gap.withheld for r in rows)
    if withheld:
        parts.append(t(msg("Figures withheld: {n}.", n=withheld)))
    return sentences(parts, t=t)


def _told(row: Dumbbell, *, t: Translate, fmt: NumberFormat) -> str:
    return t(
        msg(
            "{name}: desired {expectation}, perceived {perception}, gap {gap}.",
            name=row.name,
            expectation=fmt(row.expectation, "rating"),
            perception=fmt(row.perception, "rating"),
            gap=fmt(row.gap.value, "rating"),
        )
    )


def _beside(row: Dumbbell, *, t: Translate, fmt: NumberFormat) -> str:
    if row.gap.withheld:
        return t("withheld")
    if row.gap.n is None or not row.drawn:
        return ""
    return f"{fmt(row.gap.value, 'rating')} · {fmt(row.gap.n, 'count')}"


def _reach(row: Dumbbell) -> list[Figure]:
    """Return figures that span what the row draws, for the axis."""
    base = row.expectation or 0.0
    ends = [base, row.perception or 0.0]
    ends += [base + end for end in (row.gap.low, row.gap.high) if end is not None]
    return [replace(row.gap, value=row.perception, low=min(ends), high=max(ends), scale=row.scale)]


def _hover(row: Dumbbell, *, t: Translate, fmt: NumberFormat) -> str:
    gap = row.gap
    if not row.drawn:
        lines = [t("withheld") if gap.withheld else t("no data")]
    else:
        lines = [
            t(
                msg(
                    "desired {expectation}, perceived {perception}",
                    expectation=fmt(row.expectation, "rating"),
                    perception=fmt(row.perception, "rating"),
                )
            ),
            t(msg("gap {gap} · n {n}", gap=fmt(gap.value, "rating"), n=gap.n)),
        ]
        if gap.low is not None:
            low, high = fmt(gap.low, "rating"), fmt(gap.high, "rating")
            lines.append(t(msg("95% interval: {low} to {high}", low=low, high=high)))
        lines.append(verdict_words(gap, t=t, direction="up"))
    if row.note:
        lines.append(row.note)
    body = markup([part for line in lines for part in wrap(line, 40)])
    return f"<b>{markup(wrap(row.name, 36))}</b><br>{body}"


def _lines(known: Sequence[Dumbbell], place: dict[str, int], *, dark: bool) -> dict[str, Any]:
    x: list[float | None] = []
    y: list[int | None] = []
    for r in known:
        x += [r.expectation, r.perception, None]
        y += [place[r.key], place[r.key], None]
    colour = theme.faded(theme.palette(dark=dark).neutral, 0.55)
    line = {"color": colour, "width": 2}
    return {
        "type": "scatter",
        "mode": "lines",
        "x": x,
        "y": y,
        "line": line,
        "hoverinfo": "skip",
        "connectgaps": False,
    }


def _marks(
    known: Sequence[Dumbbell], place: dict[str, int], hovers: Sequence[str]
) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "markers",
        "y": [place[r.key] for r in known],
        "customdata": [[r.key] for r in known],
        "hovertext": [hovers[place[r.key]] for r in known],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _expected(
    known: Sequence[Dumbbell], place: dict[str, int], hovers: Sequence[str], *, dark: bool
) -> dict[str, Any]:
    colours = theme.palette(dark=dark)
    return _marks(known, place, hovers) | {
        "x": [r.expectation for r in known],
        "marker": {
            "color": colours.surface,
            "symbol": "circle",
            "size": 11,
            "opacity": 1,
            "line": {"color": colours.text, "width": 1.8},
        },
    }


def _perceived(
    known: Sequence[Dumbbell],
    place: dict[str, int],
    hovers: Sequence[str],
    caution_under: int,
    *,
    dark: bool,
) -> dict[str, Any]:
    colours = theme.palette(dark=dark)
    edges, fills, symbols, up, down = [], [], [], [], []
    for r in known:
        edge = theme.signal(r.gap.verdict, dark=dark) or colours.neutral
        careful = not r.gap.finished or (r.gap.n or 0) < caution_under
        shape = symbol(r.gap, "up")
        edges.append(edge)
        fills.append(colours.surface if careful else edge)
        symbols.append("diamond" if shape == "circle" else shape)
        value = r.gap.value or 0.0
        up.append(0.0 if r.gap.high is None else r.gap.high - value)
        down.append(0.0 if r.gap.low is None else value - r.gap.low)
    return _marks(known, place, hovers) | {
        "x": [r.perception for r in known],
        "marker": {
            "color": fills,
            "symbol": symbols,
            "size": [11 if s == "diamond" else 13 for s in symbols],
            "opacity": 1,
            "line": {"color": edges, "width": 1.8},
        },
        "error_x": {
            "type": "data",
            "symmetric": False,
            "array": up,
            "arrayminus": down,
            "color": colours.text,
            "thickness": 1.6,
            "width": 4,
        },
    }


def _reasons(
    hidden: Sequence[Dumbbell],
    place: dict[str, int],
    hovers: Sequence[str],
    scale: Scale,
    t: Translate,
    *,
    dark: bool,
) -> dict[str, Any]:
    return _marks(hidden, place, hovers) | {
        "mode": "text",
        "x": [scale.low] * len(hidden),
        "text": [t("withheld") if r.gap.withheld else t("no data") for r in hidden],
        "textposition": "middle right",
        "textfont": {"size": theme.SMALL, "color": theme.palette(dark=dark).faint},
    }
