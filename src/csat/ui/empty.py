"""What a page shows while there is nothing to show: what to do next."""

from __future__ import annotations

import streamlit as st

from csat.model.people import User
from csat.ui.language import t
from csat.ui.view import page_link


def empty_store(user: User) -> None:
    """Say how to fill an empty store."""
    st.info(
        f"**{t('There is no data yet.')}**\n\n"
        + t("Load a survey or complaint file, or the simulated program, on the Data page."),
        icon=":material/upload_file:",
    )
    if user.may("import"):
        page_link("data", t("Go to the Data page"), ":material/arrow_forward:")


def nothing_chosen() -> None:
    """Say that the filters leave nothing."""
    st.info(
        t("Nothing matches these filters. Choose other dates or clear some groups."),
        icon=":material/filter_alt_off:",
    )


def not_recorded(text: str) -> None:
    """Say what the files do not tell, and where a column for it is chosen."""
    st.info(text, icon=":material/upload_file:")
    page_link("data", t("Choose a column for it on the Data page"), ":material/arrow_forward:")
