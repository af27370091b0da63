"""Who answered: the answers against those who were served, and figures weighted to them."""

import streamlit as st

from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.facts import facts
from csat.queries.population import everybody
from csat.queries.representation import Representation
from csat.queries.weighted import HEADLINES, WeightedAnswer
from csat.ui.cached import cached, store
from csat.ui.empty import empty_store, nothing_chosen
from csat.ui.filter_bar import sentence
from csat.ui.language import t
from csat.ui.quality import answering
from csat.ui.view import View, current_view, page_head, page_link


def page(filters: Filters, view: View) -> None:
    told: Representation = cached("representation", everybody(filters), view.limits)
    if told.weighting is None:
        for note in told.notes:
            st.info(t(note), icon=":material/visibility_off:")
        if not told.notes:
            if cached("surveys", filters.program):
                nothing_chosen()
            else:
                st.info(
                    t("This program has no survey answers. Load a survey file on the Data page."),
                    icon=":material/upload_file:",
                )
                page_link("data", t("Go to the Data page"), ":material/arrow_forward:")
            answering.margins_file(view)
        return
    answer: WeightedAnswer = cached("weighted", filters, HEADLINES, view.limits)
    designed = facts(store(), filters.program).designed
    answering.headline(told, answer, designed=designed)
    if filters.branches or filters.channels or filters.segments or filters.touchpoints:
        st.caption(
            t("Shares and weights are of everybody in the period, whatever groups are chosen.")
        )
    if designed:
        answering.came_about(told)
    answering.shares(told, view)
    if designed:
        answering.beside(answer, view)
    answering.margins_file(view)


view = current_view("read_figures")
if view.filters is None:
    page_head(t("Who answered"), view)
    empty_store(view.user)
else:
    page_head(
        t("Who answered"),
        view,
        t(msg("{filters}. Ranges are 95% intervals.", filters=sentence(view.filters))),
    )
    page(view.filters, view)
