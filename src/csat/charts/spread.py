"""How answers spread over a scale: one bar of a hundred per cent per question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.rows import column, heading, room, row_axis, rows_height
from csat.charts.scales import tick_labels
from csat.charts.wording import NumberFormat, Translate, sentences
from csat.charts.words import markup, wrap
from csat.model.message import msg


@dataclass(frozen=True, slots=True)
class SpreadBar:
    """One question with its answers per rating, empty where they are withheld."""

    key: str
    name: str
    counts: dict[int, int]

    @property
    def n(self) -> int:
        """Answers to the question."""
        return sum(self.counts.values())

    def below(self, middle: float) -> float:
        """Return the share of answers under the middle of the scale, in percent."""
        return 100 * sum(n for code, n in self.counts.items() if code < middle) / self.n


def spread_bars(
    rows: Sequence[SpreadBar],
    scale: tuple[int, int],
    *,
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
) -> go.Figure:
    """Draw the share of each rating, the lowest at the left.

    Orange below the middle of the scale and blue above it, the stronger the further away; the
    middle is grey. The number on each part is the rating's share where it fits.
    """
    known = [r for r in rows if r.n]
    if not known:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    names = [r.name for r in rows]
    texts = [fmt(r.n, "count") if r.n else t("withheld") for r in rows]
    margin = room(texts)
    middle, reach = sum(scale) / 2, (scale[1] - scale[0]) / 2
    traces = []
    for code in range(scale[0], scale[1] + 1):
        colour = colours.concern if code < middle else colours.improvement
        strength = 0.25 + 0.65 * abs(code - middle) / reach
        if code == middle:
            colour, strength = colours.neutral, 0.3
        shares = [100 * r.counts.get(code, 0) / r.n for r in known]
        traces.append(
            {
                "type": "bar",
                "orientation": "h",
                "name": str(code),
                "x": shares,
                "y": [rows.index(r) for r in known],
                "customdata": [[r.key] for r in known],
                "hovertext": [
                    _hover(r, code, share, t=t, fmt=fmt)
                    for r, share in zip(known, shares, strict=True)
                ],
                "hoverinfo": "text",
                "text": [f"{share:.0f}" if share >= 6 else "" for share in shares],
                "textposition": "inside",
                "insidetextanchor": "middle",
                "textangle": 0,
                "textfont": {
                    "size": 11,
                    "color": theme.readable_on(colour, strength, dark=dark),
                },
                "marker": {
                    "color": theme.faded(colour, round(strength, 2)),
                    "line": {"color": colours.surface, "width": 1},
                },
            }
        )
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=rows_height(names, whole=True) + 84,
            margin={"l": 8, "r": margin, "t": 26, "b": 34},
            barmode="stack",
            bargap=0.35,
            showlegend=True,
            legend=theme.layout(dark=dark, height=0)["legend"] | {"traceorder": "normal"},
            annotations=[
                *column(texts, margin, dark=dark),
                heading(t("n"), margin, dark=dark),
            ],
            xaxis=theme.axis(
                dark=dark,
                grid=False,
                range=[0, 100],
                tickvals=[0, 50, 100],
                ticktext=tick_labels((0, 50, 100), "percent", fmt),
            ),
            yaxis=row_axis(names, dark=dark, whole=True),
        ),
    )


def spread_alt(
    rows: Sequence[SpreadBar], scale: tuple[int, int], *, t: Translate, fmt: NumberFormat
) -> str:
    """Say in words which question has most answers under the middle of its scale."""
    known = [r for r in rows if r.n]
    if not known:
        return t("No data in this selection")
    middle = sum(scale) / 2
    worst = max(known, key=lambda r: r.below(middle))
    best = min(known, key=lambda r: r.below(middle))
    parts = [
        t(
            msg(
                "{name} has most answers under the middle of the scale: {share}.",
                name=worst.name,
                share=fmt(worst.below(middle), "percent"),
            )
        )
    ]
    if best is not worst:
        share = fmt(best.below(middle), "percent")
        parts.append(t(msg("{name} has fewest: {share}.", name=best.name, share=share)))
    return sentences(parts, t=t)


def _hover(row: SpreadBar, code: int, share: float, *, t: Translate, fmt: NumberFormat) -> str:
    said = t(
        msg(
            "rating {code}: {share} ({count} of {n})",
            code=code,
            share=fmt(share, "percent"),
            count=fmt(row.counts.get(code, 0), "count"),
            n=fmt(row.n, "count"),
        )
    )
    return f"<b>{markup(wrap(row.name, 36))}</b><br>{markup([said])}"
