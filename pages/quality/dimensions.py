"""Dimensions: what customers want against what they get, and how sure that is."""

from typing import Final

import streamlit as st

from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.queries.dimension_rows import DimensionAnswer
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.empty import empty_store, nothing_chosen
from csat.ui.filter_bar import sentence
from csat.ui.language import t
from csat.ui.quality import effects, judgement, sections
from csat.ui.quality.forms import questionnaires
from csat.ui.quality.grid import importance_grid
from csat.ui.quality.index_section import index_section
from csat.ui.quality.overall import chart, choose_weights, headline, scores, weighted_words
from csat.ui.quality.own_weights import own_weights
from csat.ui.quality.words import by_priority, dimension_name
from csat.ui.quality.zone import zone_of_tolerance
from csat.ui.view import View, current_view, page_head
from csat.ui.weighting import choose_weighting, say_unweighted

SECTIONS: Final[dict[str, str]] = {
    "questions": N_("Questions"),
    "importance": N_("Importance"),
    "zone": N_("Zone of tolerance"),
    "answers": N_("Answers"),
    "groups": N_("Groups"),
    "time": N_("Over time"),
    "drivers": N_("Key drivers"),
    "index": N_("Index"),
    "sound": N_("Is the measure sound?"),
    "forms": N_("Questionnaires"),
}
OF_ONE: Final = ("questions", "answers", "groups", "time")
"""Sections about one dimension."""
WEIGHTED: Final = ("questions", "groups", "time")
"""Sections whose figures can be weighted; the others say that they are not."""


def below(
    filters: Filters, answer: DimensionAnswer, weights: str, view: View, *, weighted: bool
) -> None:
    """Draw the section that is asked for, and no other."""
    section = url.choose_in_row(
        t("Show"), "section", {code: t(text) for code, text in SECTIONS.items()}, pills=True
    )
    dimension = ""
    if section in OF_ONE:
        keys = [r.dimension for r in by_priority(answer.dimensions)]
        dimension = url.choose(
            t("Dimension"), "dimension", keys, keys[0], dimension_name, width=320
        )
    if section == "questions":
        sections.item_rows(filters, dimension, weights, view, weighted=weighted)
    elif section == "importance":
        importance_grid(filters, view)
    elif section == "zone":
        zone_of_tolerance(filters, view)
    elif section == "answers":
        sections.answers(filters, dimension, view)
    elif section == "groups":
        sections.groups(filters, dimension, answer, view, weighted=weighted)
    elif section == "time":
        sections.over_time(filters, dimension, view, weighted=weighted)
    elif section == "drivers":
        judgement.key_drivers(filters, view)
        effects.penalty_and_reward(filters, view)
        effects.kano_features(filters, view)
    elif section == "sound":
        judgement.sound(filters, view)
    elif section == "index":
        index_section(filters, view)
    else:
        questionnaires()
    if weighted and section not in (*WEIGHTED, "forms"):
        say_unweighted(filters.program)


def page(filters: Filters, view: View) -> None:
    weighted = choose_weighting(filters)
    top = st.container()
    left, right = st.columns([3, 1], gap="medium")
    with right:
        weights = choose_weights(filters)
    answer: DimensionAnswer = (
        cached("weighted_dimensions", filters, view.limits, weights, None)
        if weighted
        else cached("dimension_gaps", filters, view.limits, weights, None)
    )
    for note in answer.notes:
        st.warning(t(note), icon=":material/info:")
    if not any(r.gap.n or r.performance.n or r.gap.withheld for r in answer.dimensions):
        with top:
            nothing_chosen()
        return
    with top:
        headline(answer)
    with left:
        picked = chart(answer, view)
        if weighted:
            st.caption(weighted_words(answer))
    with right:
        scores(answer)
        own_weights(filters, answer, view)
    if picked:
        url.later("dimension", picked)
        url.later("section", "questions")
        st.rerun()
    below(filters, answer, weights, view, weighted=weighted)


view = current_view("read_figures")
if view.filters is None:
    page_head(t("Dimensions"), view)
    empty_store(view.user)
else:
    page_head(
        t("Dimensions"),
        view,
        t(msg("{filters}. Ranges are 95% intervals.", filters=sentence(view.filters))),
    )
    usual: DimensionAnswer = cached("dimension_gaps", view.filters, view.limits, "", None)
    if usual.dimensions:
        page(view.filters, view)
    elif usual.notes:
        for reason in usual.notes:
            st.info(t(reason), icon=":material/visibility_off:")
    else:
        if cached("kano", view.filters, view.limits).rows:
            effects.kano_features(view.filters, view)
        st.info(
            t(
                "No survey here measures dimensions of quality. Load one whose questions belong "
                "to dimensions, or begin with one of these questionnaires."
            ),
            icon=":material/upload_file:",
        )
        questionnaires()
        if cached("surveys", view.filters.program):
            st.header(t("Index"), anchor=False)
            index_section(view.filters, view)
