"""Ready-made questionnaires to download and fill in."""

from __future__ import annotations

import streamlit as st

from csat.ingest.instruments import Instrument, instrument, instrument_names
from csat.reports.templates import FORMATS, template_bytes, template_name
from csat.ui.language import language, t


def questionnaires() -> None:
    """Draw the choice of a questionnaire and its downloads, in the reader's language."""
    spoken = language()
    known = {name: instrument(name, spoken) for name in instrument_names()}
    st.markdown(
        t(
            "Ready-made questionnaires in plain words. Fill in one row per response, or ask the "
            "questions with your own survey tool under these column names: the file is then known "
            "by its columns when you load it."
        )
    )
    name = st.selectbox(
        t("Questionnaire"),
        list(known),
        format_func=lambda key: known[key].title,
        key="questionnaire",
    )
    chosen = known[str(name)]
    st.caption(chosen.about)
    downloads(chosen, key="template")


def downloads(chosen: Instrument, *, key: str) -> None:
    """Draw the buttons that hand a form out, one for each kind of file."""
    with st.container(horizontal=True, gap="small"):
        for kind, mime in FORMATS.items():
            st.download_button(
                kind.upper(),
                data=lambda kind=kind: template_bytes(chosen, kind),  # type: ignore[misc]
                file_name=template_name(chosen, kind),
                mime=mime,
                icon=":material/download:",
                key=f"{key}-{kind}",
                on_click="ignore",
            )
