"""The reader's language: from the browser, switchable in place, kept in the URL when chosen."""

from __future__ import annotations

import streamlit as st

from csat.locale.catalogue import LANGUAGES, Translator, closest, translator
from csat.locale.formats import Formats
from csat.model.message import Message
from csat.ui import url


def language() -> str:
    """Return the catalogue code of the reader's language."""
    chosen = st.session_state.get("lang")
    if chosen in LANGUAGES:
        return str(chosen)
    return closest(st.context.locale)


def t(text: str | Message) -> str:
    """Say a text in the reader's language."""
    return translator(language())(text)


def translate() -> Translator:
    """Return the translator itself, for code that takes one."""
    return translator(language())


def formats() -> Formats:
    """Return how the reader's language writes numbers and dates."""
    return Formats(language())


def language_switch() -> None:
    """Draw the switch between languages; a choice goes into the URL."""
    codes = list(LANGUAGES)
    if st.session_state.get("lang") not in codes:
        st.session_state["lang"] = language()
    st.segmented_control(
        "Language / 语言",
        codes,
        format_func=LANGUAGES.__getitem__,
        key="lang",
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )
    if st.session_state["lang"] != closest(st.context.locale):
        url.note("lang", st.session_state["lang"])


def dark() -> bool:
    """Say whether the reader looks at the dark theme."""
    return st.context.theme.type == "dark"
