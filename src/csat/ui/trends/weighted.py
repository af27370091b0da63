"""Weighted figures on the page on trends: the course over time, the change, and the groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from csat.charts.alt import trend_alt
from csat.charts.trend import trend
from csat.charts.wording import marks_key, sentences
from csat.model.answer import Answer, Figure
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import metric
from csat.model.period import day_label
from csat.model.vocabulary import CHART_GRAIN_LABELS, CUT_LABELS, GRAINS
from csat.queries.facts import facts
from csat.queries.figures import breaks_of
from csat.queries.weighted import WeightedAnswer, WeightedFigure, unweighted_metric, weighable
from csat.queries.weighted_groups import WeightedGroups
from csat.queries.weighted_series import WeightedSeries
from csat.ui.cached import cached, store
from csat.ui.card import explanation, label, verdict_words, weighted_method
from csat.ui.charts import draw, show_table
from csat.ui.language import dark, formats, t, translate
from csat.ui.trends.groups import between, p_words
from csat.ui.view import View
from csat.ui.weighting import weighted_groups_words, weighted_table
from csat.ui.words import group_name


def weighted_section(filters: Filters, key: str, grain: str, view: View) -> None:
    """Draw the weighted figure over time, the unweighted one beside it, or say why there is none.

    Parameters
    ----------
    filters
        With the days the series runs over.
    """
    why = _unweighted(key, grain)
    if why is not None:
        st.info(t(why), icon=":material/balance:")
        return
    asked = filters.with_(compare="previous")
    answer: WeightedSeries = cached("weighted_series", asked, (key,), grain, view.limits)
    figures = answer.of(key)
    if not any(f.plain.by != "total" and f.plain.n for f in figures):
        return  # the section below says why there is nothing
    f, say, unit = formats(), translate(), figures[0].plain.unit
    st.markdown(f"**{_latest(figures)}**")
    lines = {
        t("Weighted"): [x.weighted for x in figures],
        t("Unweighted"): [
            replace(x.plain, low=None, high=None, verdict="not_compared") for x in figures
        ],
    }
    breaks = [
        (day_label(b.day, grain), t(Message(b.note)))
        for b in breaks_of(facts(store(), filters.program), filters, metric(key))
    ]
    picture = trend(
        lines,
        t=say,
        fmt=f.value,
        fmt_period=f.period,
        unit=unit,
        direction=metric(key).direction,
        dark=dark(),
        breaks=breaks,
        beside=t("Unweighted"),
    )
    draw(picture, trend_alt(lines, t=say, fmt=f.value, fmt_period=f.period), key="weighted-trend")
    told = [
        t(
            "Each period has weights of its own. Bars are the design-based 95% intervals of the "
            "weighted figures."
        ),
        *(t(note) for note in answer.notes()),
        *dict.fromkeys(t(x.weighted.note) for x in figures if x.weighted.note is not None),
    ]
    st.caption(sentences([*told, marks_key(lines[t("Weighted")], t=say)], t=say))
    _behind(figures, answer, grain, view)


def control_unweighted() -> None:
    """Say above the control chart why it is not weighted."""
    st.header(t("Variation and signals, unweighted"), anchor=False)
    st.caption(
        t(
            "Control limits tell how far plain counts scatter by chance alone. Weighted points "
            "would also move with the weights, which are made anew for each period, so every "
            "answer counts once in limits, signals and groups over time."
        )
    )


def _unweighted(key: str, grain: str) -> Message | None:
    """Say why a figure is not weighted; None where it is."""
    if not weighable(metric(key)):
        return unweighted_metric(metric(key))
    if grain not in GRAINS:
        return msg(
            "Weighted figures are made by month, quarter or year: a day or a week holds too few "
            "answers to be held to the population. Below, every answer counts once."
        )
    return None


def _latest(figures: Sequence[WeightedFigure]) -> str:
    """Say the latest finished figure both ways."""
    f = formats()
    known = [x for x in figures if x.weighted.value is not None and x.weighted.finished]
    if not known:
        return t("Too few answers to weigh them.")
    last = known[-1]
    unit = last.plain.unit
    return t(
        msg(
            "Weighted, {period}: {value} ({range}), {plain} unweighted.",
            period=f.period(last.plain.by),
            value=f.value(last.weighted.value, unit),
            range=f.interval(last.weighted.low, last.weighted.high, unit),
            plain=f.value(last.plain.value, unit),
        )
    )


def _behind(
    figures: Sequence[WeightedFigure], answer: WeightedSeries, grain: str, view: View
) -> None:
    """Draw the table and the method, each made only when opened."""
    with st.container(horizontal=True):
        table, why = (
            st.popover(t(name), icon=icon, type="tertiary", key=key, on_change="rerun")
            for name, icon, key in (
                ("Table", ":material/table:", "table-weighted-trend"),
                ("Method", ":material/info:", "why-weighted-trend"),
            )
        )
    if table.open:
        with table:
            f = formats()
            names = [f.period(x.plain.by) for x in figures]
            frame = weighted_table(figures, t(CHART_GRAIN_LABELS[grain]), names, view)
            show_table(frame, alt=t("Weighted"))
    if why.open:
        with why:
            st.markdown(weighted_method())
            explanation(figures[-1].weighted, Answer((), answer.provenance))


def weighted_comparison(filters: Filters, key: str, cut: str, view: View) -> None:
    """Draw the weighted change, and each weighted group against all others."""
    if not weighable(metric(key)):
        return
    _change(filters, key, view)
    answer: WeightedGroups = cached("weighted_groups", filters, key, cut, view.limits)
    st.markdown(f"**{t('Each group against all others, in the period')}**")
    if answer.note is not None:
        st.info(t(answer.note), icon=":material/info:")
        return
    names = [group_name(cut, x.plain.by) for x in answer.figures]
    f, rows = formats(), answer.weighted
    frame = weighted_table(answer.figures, t(CUT_LABELS[cut]), names, view)
    frame.insert(6, t("Difference"), [f.difference(x.difference, x.unit) for x in rows])
    spans = [between(x.difference_low, x.difference_high, x.unit) for x in rows]
    frame.insert(7, t("95% interval of the difference"), spans)
    frame.insert(8, t("Adjusted p"), [p_words(x.p_value) for x in rows])
    show_table(frame, alt=label(metric(key)))
    for note in dict.fromkeys(t(x.note) for x in rows if x.note is not None):
        st.caption(note)
    st.caption(weighted_groups_words(answer))


def _change(filters: Filters, key: str, view: View) -> None:
    """Say the weighted change; what part of it is mix is told unweighted alone."""
    found: WeightedAnswer = cached("weighted", filters, (key,), view.limits)
    st.markdown(f"**{t('Against the period it is compared with')}**")
    figure: Figure | None = next((x.weighted for x in found.figures), None)
    if figure is None or figure.difference is None:
        st.caption(t("Choose a period and what to compare it with in the sidebar."))
        return
    f = formats()
    st.markdown(
        t(
            msg(
                "{verdict}: from {before} to {now}, 95% interval of the change {range}, p {p}.",
                verdict=verdict_words(figure),
                before=f.value(figure.reference_value, figure.unit),
                now=f.value(figure.value, figure.unit),
                range=between(figure.difference_low, figure.difference_high, figure.unit),
                p=p_words(figure.p_value),
            )
        )
    )
    st.caption(t("How much of a change is who answered is told unweighted alone."))
