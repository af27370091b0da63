"""What complaints are about and how many there are: parts of the complaints page."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd
import streamlit as st

from csat.charts.alt import pareto_alt, trend_alt, volume_alt
from csat.charts.bars import MOST_BARS, pareto, volume
from csat.charts.ranking import ranked_rows
from csat.charts.trend import trend
from csat.charts.wording import marks_key
from csat.model.answer import Figure
from csat.model.category import category_path
from csat.model.filters import Filters
from csat.model.message import N_
from csat.model.period import Period, bucket_span
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.charts import chart_footer, draw, show_table
from csat.ui.drill import Choice, draw_to_open
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View

WEIGHED: Final = {"cases": N_("by cases"), "urgent": N_("by urgent cases")}
_TITLES: Final = {
    "cause": N_("Causes by number of cases"),
    "category": N_("Categories by number of cases"),
    "branch": N_("Branches by number of cases"),
}


def causes(filters: Filters) -> None:
    """Draw the Pareto of causes; every bar opens its cases."""
    names = {code: t(text) for code, text in WEIGHED.items()}
    weighed = url.choose_in_row(t("Count"), "weighed", names)
    by, found = cached("pareto_rows", filters, weighed)
    f, title = formats(), t(_TITLES[by])
    st.markdown(f"**{title}**")
    if not found:
        st.caption(t("None of the cases chosen is urgent."))
        return
    rows = [(r.name, r.count) for r in found]
    words: dict[str, Any] = {"t": translate(), "fmt": f.value}
    draw_to_open(
        pareto(rows, dark=dark(), **words),
        pareto_alt(rows, **words),
        {
            name: (f"{name or t('not stated')} ({f.count(n)})", _chosen(by, name, weighed), None)
            for name, n in ranked_rows(rows)[:MOST_BARS]
            if name or by != "branch"
        },
        key="pareto",
    )
    frame = pd.DataFrame(
        {
            title: [r.name or t("not stated") for r in found],
            t("Cases"): [f.count(r.count) for r in found],
            t("Share"): [f.value(r.share, "percent") for r in found],
            t("Share with those above"): [f.value(r.reached, "percent") for r in found],
        }
    )
    with st.expander(t("Table"), icon=":material/table:"):
        show_table(frame, alt=title)


def _chosen(by: str, name: str, weighed: str | None) -> Choice:
    value = category_path([name]) if by == "category" else name
    return {by: [value], **({"urgency": ["urgent"]} if weighed == "urgent" else {})}


def months(filters: Filters, view: View) -> None:
    """Draw complaints received per month, and per 1,000 customers where these are known."""
    everything = filters.with_(period=None, compare="previous")
    keys = ("complaints_received", "complaints_per_1000")
    answer = cached("evaluate", everything, keys, "month", view.limits)
    counts = [x for x in answer.figures if x.metric == keys[0]]
    rates = [x for x in answer.figures if x.metric == keys[1]]
    f = formats()
    words: dict[str, Any] = {"t": translate(), "fmt": f.value, "fmt_period": f.period}
    st.markdown(f"**{t('Complaints received per month, all dates')}**")
    draw_to_open(
        volume(counts, dark=dark(), direction="down", **words),
        volume_alt(counts, **words),
        _months_of(counts),
        key="volume",
    )
    st.caption(marks_key(counts, t=translate()))
    names = {x.by: f.period(x.by) for x in answer.figures}
    first = t("Month")
    chart_footer(counts, answer, view.limits, first=first, names=names, key="volume")
    st.markdown(f"**{t('Complaints per 1,000 customers served')}**")
    if all(x.value is None for x in rates):
        why = next((x.note for x in rates if x.note is not None), None)
        st.caption(t(why) if why is not None else t("Customers served are not known."))
        return
    series = {"": rates}
    draw(
        trend(series, dark=dark(), unit="per_1000", direction="down", **words),
        trend_alt(series, **words),
        key="rate",
    )
    chart_footer(rates, answer, view.limits, first=first, names=names, key="rate")


def _months_of(figures: list[Figure]) -> dict[str, tuple[str, Choice, Period | None]]:
    """Return what each month's bar stands for, the latest first."""
    f = formats()
    return {
        x.by: (f"{f.period(x.by)} ({f.count(int(x.value))})", {}, Period(*bucket_span(x.by)))
        for x in sorted(figures, key=lambda x: x.by, reverse=True)
        if x.value
    }
