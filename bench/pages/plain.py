"""The overview's figures as a dashboard without a store draws them: pandas and Plotly.

``CSAT_BENCH_FILES`` names the folder of the CSV files. The frames are loaded once and kept; a
choice of branches filters them, and every figure is counted again.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import plotly.graph_objects as go
import streamlit as st

ROOT = Path(__file__).resolve().parents[2]
for folder in (ROOT / "bench", ROOT / "src"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

from build import files_in  # noqa: E402 (found without installing)
from overview import CARDS, Asked  # noqa: E402
from overview_frames import Frames, Pandas  # noqa: E402


@st.cache_resource
def frames() -> Frames:
    """Read the columns the page needs, once."""
    return Frames.load(files_in(Path(os.environ["CSAT_BENCH_FILES"])), branches=True)


st.set_page_config(page_title="plain", layout="wide")
whole = frames()
with st.sidebar:
    chosen = st.multiselect("Branch", sorted(whole.responses["branch"].dropna().unique()))
if chosen:
    whole = replace(
        whole,
        responses=whole.responses[whole.responses["branch"].isin(chosen)],
        complaints=whole.complaints[whole.complaints["branch"].isin(chosen)],
        served=whole.served[whole.served["branch"].isin(chosen)],
    )
page = Pandas(whole, Asked.ending(int(whole.responses["month_key"].max())))
values, months = page.cards(), page.sparklines()
columns = st.columns(4)
shown = [metric for metric in CARDS if (metric, "now") in values]
for place, metric in enumerate(shown):
    with columns[place % 4].container(border=True):
        now, before = values[metric, "now"], values.get((metric, "before"))
        delta = None if before is None else f"{now - before:.2f}"
        st.metric(metric.replace("_", " "), f"{now:,.2f}", delta)
        line = sorted((key, v) for (m, key), v in months.items() if m == metric)
        figure = go.Figure(go.Scatter(x=[k for k, _ in line], y=[v for _, v in line]))
        figure.update_layout(height=120, margin={"l": 0, "r": 0, "t": 0, "b": 0})
        st.plotly_chart(figure, key=metric, config={"displayModeBar": False})
