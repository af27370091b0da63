"""Complaints against scores: one mark for each theme, and the quarter it lies in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import plotly.graph_objects as go

from csat.charts import theme
from csat.charts.crossed import crossed_layout, whiskers
from csat.charts.placing import Mark, names_beside
from csat.charts.wording import NumberFormat, Translate, sentences
from csat.charts.words import markup, wrap
from csat.model.message import N_, msg

FINDINGS: Final[dict[str, str]] = {
    "both": N_("Many complaints and a low score"),
    "complaints_only": N_("Many complaints, but the score is fine"),
    "silent": N_("A low score, but few complain"),
    "fine": N_("Fine on both sides"),
    "unknown": N_("Not known from both sides"),
}
_SYMBOLS: Final = {
    "both": "triangle-up",
    "complaints_only": "diamond",
    "silent": "square",
    "fine": "circle",
    "unknown": "circle-open",
}


@dataclass(frozen=True, slots=True)
class ThemeSpot:
    """One theme: its score (0 to 100) and its share of complaints (0 to 100), with limits."""

    key: str
    name: str
    score: float
    score_low: float
    score_high: float
    share: float
    share_low: float
    share_high: float
    finding: str


def agreement_map(
    spots: Sequence[ThemeSpot], even: float, *, t: Translate, fmt: NumberFormat, dark: bool
) -> go.Figure:
    """Draw themes by their score (across) and their share of complaints (up), with intervals.

    Orange marks the themes on which a side is bad; the shape says which, and they alone carry
    their names: the others show theirs when pointed at. The lines cross at the
    mean score of the themes and at an even share of complaints.

    Parameters
    ----------
    even
        Share that an even spread over the themes would give, 0 to 100.

    Returns
    -------
    Figure
        Each mark carries its theme's key as ``customdata``.
    """
    if not spots:
        return theme.message_only(t("No data in this selection"), dark=dark)
    colours = theme.palette(dark=dark)
    middle = sum(s.score for s in spots) / len(spots)
    x = _ends([v for s in spots for v in (s.score_low, s.score_high)])
    y = (0.0, 1.18 * max(even, *(s.share_high for s in spots)))
    colour = [
        colours.concern if s.finding in ("both", "complaints_only", "silent") else colours.neutral
        for s in spots
    ]
    points = {
        "type": "scatter",
        "mode": "markers",
        "x": [s.score for s in spots],
        "y": [s.share for s in spots],
        "customdata": [[s.key] for s in spots],
        "hovertext": [_hover(s, t=t, fmt=fmt) for s in spots],
        "hoverinfo": "text",
        "cliponaxis": False,
        "marker": {
            "color": colour,
            "symbol": [_SYMBOLS[s.finding] for s in spots],
            "size": 11,
            "opacity": 1,
        },
        "error_x": whiskers(
            [s.score for s in spots],
            [s.score_low for s in spots],
            [s.score_high for s in spots],
            dark=dark,
        ),
        "error_y": whiskers(
            [s.share for s in spots],
            [s.share_low for s in spots],
            [s.share_high for s in spots],
            dark=dark,
        ),
    }
    names = names_beside(
        [Mark(s.score, s.share, "" if s.finding == "fine" else s.name) for s in spots],
        x,
        y,
        dark=dark,
    )
    return go.Figure(
        [points],
        crossed_layout(
            (middle, even),
            x,
            y,
            titles=(t("Score (0 to 100)"), t("Share of complaints")),
            corners=[
                wrap(t(FINDINGS[key]), 22) for key in ("both", "complaints_only", "silent", "fine")
            ],
            names=names,
            dark=dark,
            suffix="%",
        ),
    )


def agreement_alt(named: Mapping[str, Sequence[str]], *, t: Translate) -> str:
    """Say in words which themes have which finding."""
    parts = [
        t(msg("{finding}: {names}.", finding=t(FINDINGS[code]), names=t(", ").join(named[code])))
        for code in FINDINGS
        if named.get(code)
    ]
    return sentences(parts, t=t) if parts else t("No data in this selection")


def _ends(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    pad = 0.15 * (high - low) or 1.0
    return low - pad, high + pad


def _hover(spot: ThemeSpot, *, t: Translate, fmt: NumberFormat) -> str:
    lines = [
        t(msg("score {value} [{low} to {high}]", value=fmt(spot.score, "index"),
              low=fmt(spot.score_low, "index"), high=fmt(spot.score_high, "index"))),
        t(msg("complaints {value} [{low} to {high}]", value=fmt(spot.share, "percent"),
              low=fmt(spot.share_low, "percent"), high=fmt(spot.share_high, "percent"))),
        t(FINDINGS[spot.finding]),
    ]  # fmt: skip
    body = markup([part for line in lines for part in wrap(line, 44)])
    return f"<b>{markup(wrap(spot.name, 36))}</b><br>{body}"
