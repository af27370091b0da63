"""Where complaints arise and what ISO 10002 asks: parts of the complaints page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.charts.grids import cell_key, heat, heat_alt, ranked_axes
from csat.locale.formats import DASH
from csat.model.category import category_path
from csat.model.filters import Filters
from csat.queries.iso10002 import Indicator
from csat.ui.cached import cached
from csat.ui.charts import show_table
from csat.ui.drill import draw_to_open
from csat.ui.empty import not_recorded
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View, page_link


def places(filters: Filters) -> None:
    """Draw cases by category and touchpoint."""
    cells = cached("crossed", filters)
    if not cells:
        not_recorded(t("The files do not say at which touchpoint cases arose."))
        return
    f = formats()
    st.header(t("Cases by category and touchpoint"), anchor=False)
    rows, columns = ranked_axes(cells)
    counts = {(r, c): n for r, c, n in cells}
    draw_to_open(
        heat(cells, dark=dark(), t=translate(), fmt=formats().value),
        heat_alt(cells, t=translate(), fmt=formats().value),
        {
            cell_key(r, c): (
                f"{r or t('not stated')} · {c} ({f.count(n)})",
                {"category": [category_path([r])], "touchpoint": [c]},
                None,
            )
            for r, c, n in cells
            if r in rows and c in columns and c
        },
        key="places",
    )
    frame = pd.DataFrame(
        {
            t("Category"): [r or t("not stated") for r in rows],
            **{
                c or t("not stated"): [f.count(counts.get((r, c), 0)) for r in rows]
                for c in columns
            },
        }
    )
    with st.expander(t("Table"), icon=":material/table:"):
        show_table(frame, alt=t("Cases by category and touchpoint"))


def standard_table(filters: Filters, view: View) -> None:
    """Draw the indicators of ISO 10002 that the files tell, then what the others need.

    Both tables break their lines, so that they are read whole on a phone.
    """
    found: tuple[Indicator, ...] = cached("indicators", filters, view.limits)
    measured = [x for x in found if x.figure is not None or x.value is not None]
    lacking = [x for x in found if x not in measured]
    f = formats()
    if measured:
        frame = pd.DataFrame(
            {
                t("Clause and indicator"): [_named(x) for x in measured],
                t("Value"): [_value(x) for x in measured],
                t("95% interval"): [
                    f.interval(x.figure.low, x.figure.high, "percent")
                    if x.figure and x.figure.low is not None
                    else DASH
                    for x in measured
                ],
                "n": [
                    f.count(x.figure.n) if x.figure and x.figure.n is not None else DASH
                    for x in measured
                ],
            }
        )
        st.table(frame, hide_index=True, border="horizontal", alt=t("Indicators of ISO 10002"))
    st.caption(
        t(
            "After ISO 10002:2018 / GB/T 19012-2019, guidance on handling complaints. Reopened "
            "counts cases closed at least 30 days before the data ends."
        )
    )
    if lacking:
        st.header(t("Not measured yet"), anchor=False)
        needs = {
            t("Clause and indicator"): [_named(x) for x in lacking],
            t("What to add"): [t(x.missing) for x in lacking],
        }
        alt = t("Indicators of ISO 10002 that need more data")
        st.table(pd.DataFrame(needs), hide_index=True, border="horizontal", alt=alt)
        page_link("data", t("Go to the Data page"), ":material/arrow_forward:")


def _named(indicator: Indicator) -> str:
    return f"{indicator.clause} · {t(indicator.label)}"


def _value(indicator: Indicator) -> str:
    if indicator.figure is not None:
        if indicator.figure.withheld:
            return t("withheld")
        return formats().value(indicator.figure.value, "percent")
    return formats().count(indicator.value) if indicator.value is not None else "—"
