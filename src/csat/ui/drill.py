"""From a mark of a chart to the cases behind it: by a click, or by a choice beside the chart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import plotly.graph_objects as go
import streamlit as st

from csat.model.period import Period
from csat.ui import url
from csat.ui.charts import draw_to_pick
from csat.ui.language import t

Choice = Mapping[str, Sequence[str]]
"""Lists of the URL and what they should hold, such as ``{"cause": ["Late fee"]}``."""

ALL_DAYS: Final = "all"
"""In place of days: the filters of a mark hold over all data, whatever period is chosen now."""
Days = Period | Literal["all"] | None
Marks = Mapping[str, tuple[str, Choice, Days]]
"""What a mark is known by -> its name in the choice, its filters, and its days if it has any."""
MOST_CHOICES: Final = 60


def open_cases(choice: Choice, period: Days = None) -> None:
    """Show the cases of a mark: its filters are added to those in force, and the list is drawn."""
    for key, values in choice.items():
        url.later(key, list(values))
    if period == ALL_DAYS:
        url.later("period", ALL_DAYS)
    elif isinstance(period, Period):
        url.later("period", "custom")
        url.later("from", period.first.isoformat())
        url.later("to", period.last.isoformat())
    url.later("view", "cases")
    url.clear("case")
    st.rerun()


def draw_to_open(figure: go.Figure, alt: str, marks: Marks, *, key: str) -> None:
    """Draw a chart of which every mark opens its cases, and the same choice for the keyboard.

    Parameters
    ----------
    marks
        By what each mark carries as its first ``customdata``.
    """
    picked = draw_to_pick(figure, alt, key=key)
    choose_to_open(marks, key=key, hint=t("Open cases: click a mark, or choose here"))
    if picked in marks:
        _, choice, period = marks[str(picked)]
        open_cases(choice, period)


def choose_to_open(marks: Marks, *, key: str, hint: str) -> None:
    """Draw the choice among marks that open their cases; it needs no pointer."""
    if not marks:
        return
    code = st.selectbox(
        t("Open the cases of"),
        list(marks)[:MOST_CHOICES],
        index=None,
        format_func=lambda code: marks[code][0],
        placeholder=hint,
        label_visibility="collapsed",
        key=f"open-{key}",
        width=400,
    )
    if code is not None:
        _, choice, period = marks[code]
        open_cases(choice, period)
