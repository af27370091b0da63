"""The five definitions of quality on the page: their indicators, and where they disagree."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from csat.model.message import N_, msg
from csat.model.metrics import metric
from csat.model.quality_views import QUALITY_VIEWS, SPECIAL_LABELS
from csat.queries.quality_views import Indicator, QualityAnswer, ViewState
from csat.ui.cached import cached
from csat.ui.card import label
from csat.ui.language import formats, t
from csat.ui.view import View

STATES: Final[dict[str, tuple[str, str, str]]] = {
    "good": ("▲", N_("good"), "blue"),
    "poor": ("▼", N_("poor"), "orange"),
    "mixed": ("◆", N_("mixed"), "violet"),
    "unclear": ("■", N_("not clear"), "gray"),
    "not_measured": ("–", N_("not measured"), "gray"),
}
"""State of a definition -> sign, words, colour."""
_BY_CHANGE: Final[dict[str, str]] = {"good": N_("getting better"), "poor": N_("getting worse")}
"""Words where no indicator has a target: a change alone makes nothing good or poor."""
_INDICATORS: Final[dict[str, str]] = {
    "met": N_("▲ target met"),
    "missed": N_("▼ target missed"),
    "unclear": N_("■ not clear"),
    "better": N_("▲ better than before"),
    "worse": N_("▼ worse than before"),
    "no_clear_change": N_("■ no clear change"),
    "none": N_("– not judged"),
}


def definitions_section(view: View) -> None:
    """Draw the five definitions, each with its state, and where they disagree."""
    st.markdown(
        t(
            "The same service may be good by one definition of quality and poor by another. "
            "Where two disagree, find out why before you act on either."
        )
    )
    if view.filters is None:
        for name in QUALITY_VIEWS:
            _view(ViewState(name, "not_measured", ()), view)
        return
    found: QualityAnswer = cached("quality_views", view.filters, view.limits)
    _disagreements(found)
    for state in found.views:
        _view(state, view)
    st.caption(
        t(
            "Judged against its target where one is set (on Trends, or as a standard of all "
            "touchpoints on that metric), else by its change against the period compared with."
        )
    )


def _disagreements(found: QualityAnswer) -> None:
    if not found.disagreements:
        st.header(t("No two definitions clearly disagree."), anchor=False)
        return
    st.header(t("Where they disagree"), anchor=False)
    lines = [
        t(
            msg(
                "**{one}** is good ({good}), **{other}** is poor ({poor}).",
                good=msg(QUALITY_VIEWS[a].label),
                one=indicator_name(x),
                poor=msg(QUALITY_VIEWS[b].label),
                other=indicator_name(y),
            )
        )
        for a, x, b, y in found.disagreements
    ]
    st.markdown("\n".join(f"- {line}" for line in lines))


def indicator_name(key: str) -> str:
    """Return the name of an indicator as the reader sees it."""
    return t(SPECIAL_LABELS[key]) if key in SPECIAL_LABELS else label(metric(key))


def _view(state: ViewState, view: View) -> None:
    about = QUALITY_VIEWS[state.view]
    sign, words, colour = STATES[state.state]
    if not any(i.state in ("met", "missed", "unclear") for i in state.indicators):
        words = _BY_CHANGE.get(state.state, words)
    with st.container(border=True, gap="xsmall", key=f"view-{state.view}"):
        st.markdown(f"**{t(about.label)}** :{colour}-badge[{sign} {t(words)}]")
        st.caption(t(about.meaning))
        shown = [i for i in state.indicators if i.value is not None or i.withheld]
        if shown:
            st.table(_table(shown, view), alt=t(about.label))
        if state.state == "not_measured":
            st.caption(t(msg("Not measured: {needs}", needs=msg(about.needs))))


def _table(indicators: list[Indicator], view: View) -> pd.DataFrame:
    f = formats()
    hidden = t(msg("withheld (n < {n})", n=view.limits.withhold_under))
    return pd.DataFrame(
        {
            t("Indicator"): [indicator_name(i.key) for i in indicators],
            t("State"): [t(_INDICATORS[i.state]) for i in indicators],
            t("Value, 95% interval"): [hidden if i.withheld else _value(i) for i in indicators],
            "n": ["" if i.n is None else f.count(i.n) for i in indicators],
            t("Target"): [
                "—" if i.target is None else f.value(i.target, i.unit) for i in indicators
            ],
        }
    ).set_index(t("Indicator"))


def _value(indicator: Indicator) -> str:
    f = formats()
    value = f.value(indicator.value, indicator.unit)
    if indicator.low is None and indicator.high is None:
        return value
    return f"{value} ({f.interval(indicator.low, indicator.high, indicator.unit)})"
