"""Gaps: where quality is lost between what customers expect and what they perceive."""

import streamlit as st

from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.gap_rows import GapAnswer
from csat.queries.gaps import unmeasured
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.empty import empty_store
from csat.ui.filter_bar import sentence
from csat.ui.language import t
from csat.ui.quality import gap_sections, record_sections
from csat.ui.quality.believed_importance import importance_gap
from csat.ui.quality.conformance import conformance_section
from csat.ui.quality.definitions import definitions_section
from csat.ui.quality.gap_actions import gap_actions
from csat.ui.quality.gap_boxes import boxes
from csat.ui.quality.gap_words import largest_sentence, place_name
from csat.ui.quality.rater_panel import rater_panel
from csat.ui.quality.registers import registers
from csat.ui.view import View, current_view, page_head
from csat.ui.weighting import say_unweighted

ALL = "all"


def chosen_view() -> str:
    """Ask what to look at; the choice stays in the URL."""
    names = {
        "gaps": t("The five gaps"),
        "registers": t("Standards and promises"),
        "conformance": t("Conformance"),
        "definitions": t("Definitions of quality"),
        "raters": t("Raters"),
    }
    return url.choose_in_row(t("Show"), "view", names)


def page(filters: Filters, view: View) -> None:
    answer: GapAnswer = cached("gaps", filters, view.limits)
    for note in answer.notes:
        st.warning(t(note), icon=":material/info:")
    dimension = None
    if answer.dimensions:
        chosen = url.choose(
            t("Dimension"),
            "dimension",
            [ALL, *answer.dimensions],
            ALL,
            lambda key: place_name(None if key == ALL else key),
            width=320,
        )
        dimension = None if chosen == ALL else chosen
        st.header(largest_sentence(answer, dimension), anchor=False)
    boxes(answer, dimension, view.limits)
    gap_sections.way_of(answer, dimension)
    if answer.dimensions:
        gap_sections.matrix(answer, view.limits)
    importance_gap(answer, view.limits)
    record_sections.recorded(answer, view.limits)
    record_sections.behind_records(answer)
    gap_sections.method(answer)
    say_unweighted(filters.program)
    gap_sections.causes(answer)
    gap_actions(filters, view)


def nothing_yet(view: View) -> None:
    empty_store(view.user)
    nothing = unmeasured()
    boxes(nothing, None, view.limits)
    gap_sections.causes(nothing)


def unweighted(view: View) -> None:
    if view.filters is not None:
        say_unweighted(view.filters.program)


view = current_view("read_figures")
told = (
    t(msg("{filters}. Ranges are 95% intervals.", filters=sentence(view.filters)))
    if view.filters is not None
    else ""
)
page_head(t("Gaps"), view, told)
chosen = chosen_view()
if chosen == "registers":
    registers(view)
elif chosen == "conformance":
    conformance_section(view)
elif chosen == "definitions":
    definitions_section(view)
    unweighted(view)
elif chosen == "raters":
    rater_panel(view.filters, view)
    unweighted(view)
elif view.filters is None:
    nothing_yet(view)
else:
    page(view.filters, view)
