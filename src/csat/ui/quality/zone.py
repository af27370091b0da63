"""Zone of tolerance and the ladder of expectations, with the perception's place on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.wording import sentences
from csat.charts.zone import ZoneBar, zone_alt, zone_bars
from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.queries.zones import Zone, ZoneAnswer
from csat.ui.cached import cached
from csat.ui.charts import draw, show_table
from csat.ui.language import dark, formats, t, translate
from csat.ui.quality.words import dimension_name, listed
from csat.ui.view import View

RUNGS: Final[dict[str, str]] = {
    "worst_possible": N_("worst possible"),
    "adequate": N_("minimum"),
    "predicted": N_("predicted"),
    "desired": N_("desired"),
    "ideal": N_("ideal"),
}


def zone_of_tolerance(filters: Filters, view: View) -> None:
    """Draw each dimension's zone from the least accepted to the desired level."""
    answer: ZoneAnswer = cached("zones", filters, view.limits)
    shown = [z for z in answer.rows if z.zone is not None and z.levels is not None]
    if not shown:
        needs = msg("Not measured: load a survey that also asks for the minimum acceptable level.")
        for note in (answer.note or needs, *answer.notes):
            st.info(t(note), icon=":material/info:")
        return
    f, say = formats(), translate()
    scale = shown[0].scale
    bars = [_bar(z) for z in shown if z.scale == scale]
    bars.sort(key=lambda b: b.perceived - b.adequate)
    st.markdown(f"**{zone_alt(bars, t=say, fmt=f.value)}**")
    draw(
        zone_bars(bars, scale, dark=dark(), t=say, fmt=f.value),
        zone_alt(bars, t=say, fmt=f.value),
        key="zone",
    )
    told = [
        t(
            "The band runs from the minimum acceptable to the desired level; ◆ is the perception "
            "with its 95% interval. The left end of the scale is the worst possible, the right "
            "end the ideal."
        )
    ]
    if any(b.predicted is not None for b in bars):
        told.append(t("│ is what customers expect to get, whether or not they accept it."))
    st.caption(sentences(told, t=say))
    apart = [dimension_name(z.dimension) for z in shown if z.scale != scale]
    if apart:
        text = msg("On another scale, so in the table below alone: {names}", names=listed(apart))
        st.caption(t(text))
    for note in answer.notes:
        st.caption(t(note))
    with st.expander(t("The ladder of expectations"), icon=":material/stairs:"):
        show_table(ladder(shown), alt=t("The ladder of expectations"))
    lines = []
    for z in shown:
        if z.zone is not None and z.zone.inverted.count:
            share = f.value(100 * (z.zone.inverted.share or 0.0), "percent")
            lines.append(f"{dimension_name(z.dimension)} {share}")
    if lines:
        st.caption(
            t(
                msg(
                    "Minimum above the desired level, so left out of the place in the zone: {list}",
                    list=" · ".join(lines),
                )
            )
        )


def ladder(rows: Sequence[Zone]) -> pd.DataFrame:
    """Return every level of expectation of each dimension, and the perception's place on it."""
    f = formats()

    def level(name: str) -> list[str]:
        return [f.value((z.levels or {}).get(name), "rating") for z in rows]

    return pd.DataFrame(
        {
            t("Dimension"): [dimension_name(z.dimension) for z in rows],
            t("Worst possible"): [f.count(z.scale[0]) for z in rows],
            t("Minimum"): level("adequate"),
            t("Predicted"): level("predicted"),
            t("Desired"): level("desired"),
            t("Ideal"): [f.count(z.scale[1]) for z in rows],
            t("Perceived"): [f.value(z.perceived, "rating") for z in rows],
            t("Place on the ladder"): [_place(z) for z in rows],
            "n": [f.count(z.n or 0) for z in rows],
        }
    )


def _place(zone: Zone) -> str:
    found = zone.ladder
    if found is None or found.reached is None:
        return "—"
    reached = t(RUNGS[found.reached])
    if found.next is None or found.way is None:
        return t(msg("at or above: {rung}", rung=reached))
    way = msg(
        "{share} of the way from {rung} to {next}",
        share=f"{100 * found.way:.0f}%",
        rung=reached,
        next=t(RUNGS[found.next]),
    )
    return t(way)


def _bar(zone: Zone) -> ZoneBar:
    found, levels = zone.zone, zone.levels or {}
    adequate = levels["adequate"]
    low = high = None
    band = ""
    if found is not None:
        low = None if found.msa.low is None else adequate + found.msa.low
        high = None if found.msa.high is None else adequate + found.msa.high
        band = found.verdict or ""
    return ZoneBar(
        zone.dimension,
        dimension_name(zone.dimension),
        adequate,
        levels["desired"],
        zone.perceived or 0.0,
        low,
        high,
        zone.n or 0,
        band,
        levels.get("predicted"),
    )
