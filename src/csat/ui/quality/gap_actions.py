"""What is done about the gaps: the actions on record against them, with their verdicts."""

from __future__ import annotations

import streamlit as st

from csat.model.filters import Filters
from csat.queries.effects import Judged
from csat.ui.cached import cached
from csat.ui.improve.words import action_words
from csat.ui.language import t
from csat.ui.view import View, page_link


def gap_actions(filters: Filters, view: View) -> None:
    """List the actions against a gap, the latest first; whatever period the filters choose."""
    st.header(t("What is done about it"), anchor=False)
    found: tuple[Judged, ...] = cached("effects", filters.program, view.limits)
    own = [judged for judged in found if judged.action.plan.addresses == "gap"]
    if not own:
        st.caption(t("No action against a gap is on record."))
    for judged in own:
        st.markdown(action_words(judged))
    page_link("improve", t("Record or judge an action"), ":material/build:")
