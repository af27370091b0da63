"""csat in the browser: ``streamlit run app.py``.

The script that draws every run lies in ``src/``, not beside ``pages/``: Streamlit takes page
files beside its main script for pages of its own, before anybody is signed in.
"""

import sys
from pathlib import Path

import streamlit as st

SOURCES = Path(__file__).resolve().parent / "src"
if str(SOURCES) not in sys.path:
    sys.path.insert(0, str(SOURCES))

from csat.cli.carrying import carry  # noqa: E402 (found without being installed)
from csat.ui.serving import serving  # noqa: E402

app = st.App(SOURCES / "dashboard.py", lifespan=serving(carry))
