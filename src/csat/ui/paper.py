"""A page on paper: what the browser's print command leaves out and how wide it sets the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

_SHEET: Final = Path(__file__).with_name("print.css")


def for_print() -> None:
    """Let the browser print the page on one sheet of A4, without controls."""
    st.html(_SHEET)
