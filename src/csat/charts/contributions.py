"""What an index is made up of: one bar per indicator, as long as what it could add."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.wording import NumberFormat, Translate, sentences
from csat.charts.words import markup, wrap
from csat.model.message import msg


@dataclass(frozen=True, slots=True)
class Contribution:
    """One indicator: points it adds, the most it could add, and the mean of its answers.

    ``added`` is None where it is withheld.
    """

    key: str
    name: str
    added: float | None
    possible: float | None
    level: float | None
    n: int | None

    @property
    def lost(self) -> float:
        """Points that are missing to the most it could add."""
        return (self.possible or 0.0) - (self.added or 0.0)


def contributions(
    rows: Sequence[Contribution], *, t: Translate, fmt: NumberFormat, dark: bool
) -> go.Figure:
    """Draw the points that each indicator adds as a full bar, and what is missing as a pale one.

    Both are without a verdict, so neither has a colour of its own.
    """
    known = [r for r in rows if r.added is not None and r.possible]
    if not known:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    names = [r.name for r in rows]
    texts = [_beside(r, t, fmt) for r in rows]
    margin = room(texts)
    top = max(5, 5 * ceil(max(r.possible or 0.0 for r in known) / 5))
    ticks = [float(v) for v in range(0, top + 1, 5 if top <= 30 else 10)]
    said = [_hover(r, t, fmt) for r in known]

    def bar(name: str, widths: list[float], strength: float) -> dict[str, Any]:
        return {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "x": widths,
            "y": [rows.index(r) for r in known],
            "customdata": [[r.key] for r in known],
            "hovertext": said,
            "hoverinfo": "text",
            "marker": {
                "color": theme.faded(colours.neutral, strength),
                "line": {"color": colours.neutral, "width": 1},
            },
        }

    return go.Figure(
        [
            bar(t("points added"), [r.added or 0.0 for r in known], 0.8),
            bar(t("missing to 100"), [max(0.0, r.lost) for r in known], 0.08),
        ],
        theme.layout(
            dark=dark,
            height=rows_height(names) + 84,
            margin={"l": 8, "r": margin, "t": 26, "b": 34},
            barmode="stack",
            bargap=0.4,
            showlegend=True,
            legend=theme.layout(dark=dark, height=0)["legend"] | {"traceorder": "normal"},
            annotations=[
                *column(texts, margin, dark=dark),
                heading(t("adds / at most"), margin, dark=dark),
            ],
            xaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[0, max(float(top), 1.02 * max(r.possible or 0.0 for r in known))],
                tickvals=ticks,
                ticktext=[fmt(v, "count") for v in ticks],
            ),
            yaxis=row_axis(names, dark=dark),
        ),
    )


def contributions_alt(rows: Sequence[Contribution], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words which indicator costs most points, and which fewest."""
    known = [r for r in rows if r.added is not None and r.possible]
    if not known:
        return t("No data in this selection")
    worst, best = max(known, key=lambda r: r.lost), min(known, key=lambda r: r.lost)
    parts = [
        t(
            msg(
                "{name} costs most: {lost} of the {possible} points it could add are missing.",
                name=worst.name,
                lost=fmt(worst.lost, "index"),
                possible=fmt(worst.possible, "index"),
            )
        )
    ]
    if best is not worst:
        lost = fmt(best.lost, "index")
        parts.append(t(msg("{name} costs fewest: {lost} points.", name=best.name, lost=lost)))
    return sentences(parts, t=t)


def _beside(row: Contribution, t: Translate, fmt: NumberFormat) -> str:
    if row.added is None:
        return t("withheld")
    return f"{fmt(row.added, 'index')} / {fmt(row.possible, 'index')}"


def _hover(row: Contribution, t: Translate, fmt: NumberFormat) -> str:
    lines = [
        t(
            msg(
                "adds {added} of {possible} points",
                added=fmt(row.added, "index"),
                possible=fmt(row.possible, "index"),
            )
        ),
        t(msg("mean of its answers on 0 to 100: {level}", level=fmt(row.level, "index"))),
        t(msg("n {n}", n=fmt(row.n, "count"))),
    ]
    return f"<b>{markup(wrap(row.name, 36))}</b><br>{markup(lines)}"
