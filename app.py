"""csat in the browser: ``streamlit run app.py``.

The script that draws every run lies in ``src/``, not beside ``pages/``: Streamlit takes page
files beside its main script for pages of its own, before anybody is signed in.
"""

from pathlib import Path

import streamlit as st

app = st.App(Path(__file__).resolve().parent / "src" / "dashboard.py")
