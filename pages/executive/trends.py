"""Trends: any metric over time as a control chart; groups, comparisons, signals, marks."""

from typing import Final

import streamlit as st

from csat.model.message import N_
from csat.model.metrics import metric
from csat.model.settings import Config
from csat.model.vocabulary import (
    CHART_GRAIN_LABELS,
    CUT_LABELS,
    CUTS,
    SURVEY_CUTS,
)
from csat.queries.weighted import weighable
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.empty import empty_store
from csat.ui.filter_bar import sentence
from csat.ui.language import t
from csat.ui.metric_options import metric_options
from csat.ui.trends.chart import control_section, first_month, with_history
from csat.ui.trends.funnels import funnel_section
from csat.ui.trends.groups import choose_cut, comparison, small_multiples
from csat.ui.trends.listing import all_signals
from csat.ui.trends.marking import marks_section
from csat.ui.trends.weighted import control_unweighted, weighted_comparison, weighted_section
from csat.ui.view import View, current_view, page_head
from csat.ui.weighting import choose_weighting, say_unweighted

SECTIONS: Final = {
    "none": N_("This chart alone"),
    "compare": N_("Compare periods and groups"),
    "funnel": N_("Funnel: groups of different size"),
    "signals": N_("All signals, newest first"),
    "marks": N_("Phases, events and target"),
}


DATES: Final = {
    "all": N_("with history"),
    "last_year": N_("with last year beside"),
    "period": N_("period alone"),
}


def choices(program: str) -> tuple[str, str, str, str]:
    """Draw the choices of figure, grain, split and dates."""
    options = metric_options(program)
    usual = "csat_top_box" if cached("surveys", program) else "complaints_received"
    with st.container(horizontal=True, gap="small"):  # two beside each other on a phone
        key = url.choose(
            t("Figure"), "metric", list(options), usual, options.__getitem__, width=440
        )
        grains = list(CHART_GRAIN_LABELS)
        grain = url.choose(
            t("By"), "by", grains, "month", lambda g: t(CHART_GRAIN_LABELS[g]), width=150
        )
        cuts = CUTS if metric(key).subject == "complaints" else SURVEY_CUTS
        split = url.choose(
            t("Split by"),
            "split",
            ["none", *cuts],
            "none",
            lambda c: t("no split") if c == "none" else t(CUT_LABELS[c]),
            width=150,
        )
        dates = url.choose(
            t("Dates"), "dates", list(DATES), "all", lambda d: t(DATES[d]), width=190
        )
    return key, grain, split, dates


def choose_more() -> str:
    """Ask what to look at besides the chart; the choice stays in the URL."""
    url.settle("section", list(SECTIONS), "none")
    chosen = st.pills(
        t("Look further"),
        list(SECTIONS),
        format_func=lambda s: t(SECTIONS[s]),
        key="section",
        required=True,
        persist_state="session",
    )
    url.note("section", "" if chosen == "none" else str(chosen))
    return str(chosen)


def more(key: str, grain: str, split: str, view: View, week_start: int, *, weighted: bool) -> None:
    """Draw the part below that is asked for."""
    if view.filters is None:
        return
    section = choose_more()
    if section == "compare" and weighted and weighable(metric(key)):
        weighted_comparison(view.filters, key, choose_cut(view.filters, split), view)
    elif section == "compare":
        comparison(view.filters, key, choose_cut(view.filters, split), view)
    elif section == "funnel":
        funnel_section(view.filters, key, split, view)
    elif section == "signals":
        all_signals(view.filters, grain, view, week_start)
    elif section == "marks":
        marks_section(view.filters, key, view)
    if weighted and section in ("funnel", "signals"):
        say_unweighted(view.filters.program)


view = current_view("read_figures")
page_head(t("Trends"), view)
if view.filters is None:
    empty_store(view.user)
else:
    week_start = Config.from_environment().week_start
    key, grain, split, dates = choices(view.filters.program)
    of_answers = metric(key).subject == "survey"
    weighted = of_answers and choose_weighting(view.filters)
    alone = view.filters.with_(compare="none")
    series = alone if dates == "period" else with_history(alone, first_month(alone))
    st.caption(sentence(series))
    if weighted:
        weighted_section(series, key, grain, view)
        control_unweighted()
    year = dates == "last_year"
    control_section(series, view.filters, key, grain, view, week_start, last_year=year)
    if split != "none":
        small_multiples(series, key, grain, split, view, week_start)
    more(key, grain, split, view, week_start, weighted=weighted)
