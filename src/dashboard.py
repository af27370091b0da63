"""The script behind ``app.py``: one run of the dashboard for one visitor.

Streamlit puts this folder on the import path, so the package beside it need not be installed.
"""

from pathlib import Path

from csat.ui.shell import run

run(Path(__file__).resolve().parent.parent)
