"""Charts on a page: drawn in the reader's language and theme, with the table behind them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import Any, Final

import pandas as pd
import plotly.graph_objects as go
import streamlit as st

from csat.charts.theme import PLOTLY_CONFIG
from csat.model.answer import Answer, Figure, Provenance
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.ui.card import explanation, label, shown, verdict_words
from csat.ui.language import formats, t

_FAINT: Final = "#757575"
"""Of figures that are shown for comparison only; readable on light and on dark."""


def draw(figure: go.Figure, alt: str, *, key: str) -> None:
    """Draw a chart with its text alternative."""
    st.plotly_chart(figure, key=key, alt=alt, config=PLOTLY_CONFIG)


def draw_to_pick(figure: go.Figure, alt: str, *, key: str) -> str | None:
    """Draw a chart whose marks can be clicked; return the key of a mark clicked just now."""
    event: Any = st.plotly_chart(
        figure,
        key=key,
        alt=alt,
        config=PLOTLY_CONFIG,
        on_select="rerun",
        selection_mode="points",
    )
    points = event["selection"]["points"] if event and "selection" in event else []
    picked = next((p["customdata"][0] for p in points if p.get("customdata")), None)
    if picked == st.session_state.get(f"_picked_{key}"):
        return None
    st.session_state[f"_picked_{key}"] = picked
    return None if picked is None else str(picked)


def _panels(key: str) -> tuple[Any, Any]:
    """Draw the two panels that stand closed below every chart: its table and its method."""
    with st.container(horizontal=True):
        table = st.popover(
            t("Table"),
            icon=":material/table:",
            type="tertiary",
            key=f"table-{key}",
            on_change="rerun",
        )
        why = st.popover(
            t("Explain"),
            icon=":material/info:",
            type="tertiary",
            key=f"why-{key}",
            on_change="rerun",
        )
    return table, why


def beneath(
    frame: Callable[[], pd.DataFrame], figure: Figure, origin: Provenance, *, key: str
) -> None:
    """Draw below a chart its table and the method behind it, each made only when opened."""
    table, why = _panels(key)
    if table.open:
        with table:
            show_table(frame(), alt=t("Table"))
    if why.open:
        with why:
            explanation(figure, Answer((), origin))


def figure_table(
    figures: Sequence[Figure], limits: Thresholds, *, first: str, names: dict[str, str]
) -> pd.DataFrame:
    """Return figures as the table behind a chart: group, value, base, interval, verdict."""
    f = formats()
    return pd.DataFrame(
        {
            first: [names.get(x.by, x.by) for x in figures],
            t("Value"): [shown(x, limits) for x in figures],
            "n": [f.count(x.n) if x.n is not None else "" for x in figures],
            t("95% interval"): [f.interval(x.low, x.high, x.unit) for x in figures],
            t("Verdict"): [verdict_words(x) for x in figures],
        }
    )


def show_table(frame: pd.DataFrame, *, alt: str, faint: Sequence[str] = ()) -> None:
    """Draw a table, or say that it is empty; ``faint`` columns are greyed."""
    if frame.empty:
        st.caption(t("Nothing to list."))
        return
    greyed: list[Hashable] = [c for c in faint if c in frame.columns]
    shown = frame.style.set_properties(subset=greyed, color=_FAINT) if greyed else frame
    st.dataframe(shown, hide_index=True, alt=alt, height="content")


def chart_footer(
    figures: Sequence[Figure],
    answer: Answer,
    limits: Thresholds,
    *,
    first: str,
    names: dict[str, str],
    key: str,
) -> None:
    """Draw below a chart: its table and its explanation, each made only when opened."""
    table, why = _panels(key)
    if table.open:
        with table:
            show_table(
                figure_table(figures, limits, first=first, names=names),
                alt=label(metric(figures[0].metric)) if figures else "",
            )
    if why.open and figures:
        with why:
            explanation(figures[-1], answer)
