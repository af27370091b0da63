"""Waiting as curves: the share of cases still open by the time since receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.scales import tick_labels
from csat.charts.wording import NumberFormat, Translate, sentences, shown_name
from csat.charts.words import markup, shorten
from csat.model.message import msg

Curve = Sequence[tuple[float, float]]
"""Seconds and the share (0 to 1) still open."""
_DAY: Final = 86_400
_STEPS: Final = (1 / 24, 3 / 24, 6 / 24, 12 / 24, 1, 2, 5, 7, 14, 30, 60, 90, 180, 365, 730)


def waiting_curves(
    curves: Mapping[str, Curve],
    *,
    t: Translate,
    fmt: NumberFormat,
    dark: bool,
    until: float | None = None,
) -> go.Figure:
    """Draw which share of the cases is still open after how long, one step line per group.

    Parameters
    ----------
    curves
        Name of each group with its curve, the largest group first.
    until
        Seconds at which the picture ends; None shows all that was followed.

    Returns
    -------
    Figure
        Every step carries the name of its group as ``customdata``.
    """
    drawn = {name: curve for name, curve in curves.items() if curve}
    if not drawn:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    end = (until or max(curve[-1][0] for curve in drawn.values())) / _DAY or 1.0
    traces = []
    for i, (name, curve) in enumerate(drawn.items()):
        said = shown_name(name, t=t)
        alone = len(drawn) == 1
        colour = colours.neutral if alone else colours.rest
        if not alone and i < len(colours.series):
            colour = colours.series[i]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+markers",
                "marker": {"opacity": 0, "size": 9},
                "selected": {"marker": {"opacity": 0}},
                "unselected": {"marker": {"opacity": 0}},
                "customdata": [[name]] * len(curve),
                "name": markup([shorten(said, 28)]),
                "x": [s / _DAY for s, _ in curve],
                "y": [100 * left for _, left in curve],
                "line": {"shape": "hv", "width": 2.2, "color": colour},
                "hovertext": [
                    markup([said, t(msg("{share} still open after {time}",
                                        share=fmt(100 * left, "percent"),
                                        time=fmt(s / _DAY, "days")))])
                    for s, left in curve
                ],
                "hoverinfo": "text",
                "showlegend": not alone,
            }
        )  # fmt: skip
    step = next((s for s in _STEPS if end / s <= 6), end / 5)
    ticks = [step * i for i in range(int(end / step) + 1)]
    return go.Figure(
        traces,
        theme.layout(
            dark=dark,
            height=300 if len(drawn) == 1 else 340,
            showlegend=len(drawn) > 1,
            margin={"l": 8, "r": 24, "t": 12, "b": 8 if len(drawn) == 1 else 60},
            xaxis=theme.axis(
                dark=dark,
                grid=False,
                range=[0, end],
                tickvals=ticks,
                ticktext=[fmt(v, "days") if v else "0" for v in ticks],
                tickangle=0,
            ),
            yaxis=theme.axis(
                dark=dark,
                grid=True,
                range=[0, 102],
                tickvals=[0, 25, 50, 75, 100],
                ticktext=tick_labels((0, 25, 50, 75, 100), "percent", fmt),
            ),
        ),
    )


def waiting_alt(medians: Mapping[str, float | None], *, t: Translate, fmt: NumberFormat) -> str:
    """Say in words by when half of each group's cases are done; medians in seconds."""
    known = {name: m for name, m in medians.items() if m is not None}
    if not medians:
        return t("No data in this selection")
    parts = [
        t(msg("{name}: half done within {time}.", name=shown_name(name, t=t),
              time=fmt(median / _DAY, "days")))
        for name, median in sorted(known.items(), key=lambda kv: kv[1])[:6]
    ]  # fmt: skip
    unknown = len(medians) - len(known)
    if unknown:
        parts.append(t(msg("Groups of which half is not done yet: {n}.", n=unknown)))
    return sentences(parts, t=t)
