"""A metric over time as a control chart: the answer in words, the chart, the method behind."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.control import control_chart
from csat.charts.control_marks import Ink
from csat.charts.control_words import (
    ASSURANCE,
    VARIATION,
    chance_sentence,
    control_alt,
    phase_words,
    signal_words,
    variation_sign,
    verdict_sentence,
)
from csat.model.answer import Answer, Figure
from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.period import Period, day_label, month_start, year_earlier
from csat.model.vocabulary import CHART_GRAIN_LABELS
from csat.queries.charted import zones_are_sound
from csat.queries.found_breaks import FoundBreak
from csat.queries.marks import Mark
from csat.ui.cached import cached
from csat.ui.card import explanation, label, shown
from csat.ui.charts import draw, show_table
from csat.ui.empty import nothing_chosen
from csat.ui.language import dark, formats, t, translate
from csat.ui.trends.marking import signal_list
from csat.ui.view import View

_ZONES: Final = "zone-rules"
_BADGES: Final = {
    "improvement": "blue",
    "concern": "orange",
    "undirected": "violet",
    "neutral": "gray",
}


def ink() -> Ink:
    """Return how this reader's language and theme write and colour a chart."""
    f = formats()
    return Ink(translate(), f.value, f.period, dark())


def with_history(filters: Filters, first_month: int | None) -> Filters:
    """Return the filters with everything before their period, which limits rest on."""
    if filters.period is None or first_month is None:
        return filters
    first = min(month_start(first_month), filters.period.first)
    return filters.with_(period=Period(first, filters.period.last))


def control_section(
    filters: Filters,
    chosen: Filters,
    key: str,
    grain: str,
    view: View,
    week_start: int,
    *,
    last_year: bool = False,
) -> None:
    """Draw the words, the control chart and what lies behind it.

    Parameters
    ----------
    filters
        With the days the series runs over.
    chosen
        The reader's own filters, whose period is shaded.
    last_year
        Whether the same period last year stands beside each month, quarter or year.
    """
    zones = bool(st.session_state.get(_ZONES, False))
    answer: ControlAnswer = cached("control", filters, key, grain, view.limits, week_start, zones)
    if answer.note is not None:
        st.info(t(answer.note), icon=":material/info:")
        return
    if not any(p.figure.n or p.figure.value is not None for p in answer.points):
        nothing_chosen()
        return
    headline(answer)
    said: tuple[Mark, ...] = cached("marks", filters.program)
    brush, f = ink(), formats()
    picture = control_chart(
        answer,
        ink=brush,
        events=[
            *_events(said, key, grain, week_start),
            *_breaks(filters, key, grain, view, week_start),
        ],
        beside=(last_year and _year_before(answer))
        or _beside(filters, key, grain, view, week_start),
        chosen=_chosen(chosen, grain, week_start),
    )
    alt = control_alt(answer, t=brush.t, fmt=f.value, fmt_period=f.period)
    draw(picture, alt, key="trend")
    st.caption(_key_of(answer, chosen))
    _behind(answer, view)
    signal_list(answer, said, view)


def headline(answer: ControlAnswer) -> None:
    """Say first whether anything changes, and whether the target is met."""
    f, say = formats(), translate()
    sentence = verdict_sentence(answer, t=say, fmt_period=f.period)
    st.markdown(f"**{sentence}**")
    text, _, colour = VARIATION[answer.variation]
    words = [(text, variation_sign(answer), colour)]
    if answer.target is not None:
        words.append(ASSURANCE[answer.assurance])
    st.markdown(
        " ".join(f":{_BADGES[colour]}-badge[{sign} {t(text)}]" for text, sign, colour in words)
    )


def _events(said: tuple[Mark, ...], key: str, grain: str, week_start: int) -> list[tuple[str, str]]:
    return [
        (day_label(mark.day, grain, week_start), mark.reason)
        for mark in said
        if mark.kind == "event" and mark.about(key) and mark.day is not None
    ]


def _breaks(
    filters: Filters, key: str, grain: str, view: View, week_start: int
) -> list[tuple[str, str]]:
    """Return the breaks that the records show: another scale, channel or list of categories."""
    found: tuple[FoundBreak, ...] = cached(
        "found_breaks", filters.with_(period=None), key, view.limits
    )
    return [
        (day_label(b.day, grain, week_start), t(msg("Break: {what}", what=b.note))) for b in found
    ]


def _year_before(answer: ControlAnswer) -> tuple[str, list[Figure]] | None:
    """Return each period's figure a year earlier, where the series reaches back so far."""
    known = {p.figure.by: p.figure for p in answer.points}
    found = [
        replace(known[label], by=p.figure.by)
        for p in answer.points
        if (label := year_earlier(p.figure.by)) in known
    ]
    if not any(f.value is not None for f in found):
        return None
    return t("A year earlier"), found


def _beside(
    filters: Filters, key: str, grain: str, view: View, week_start: int
) -> tuple[str, list[Figure]] | None:
    """Return the level desired, to stand beside a perception where a survey asks both."""
    name, _, dimension = key.partition(":")
    if name != "perception":
        return None
    other = f"expectation:{dimension}"
    answer: ControlAnswer = cached("control", filters, other, grain, view.limits, week_start)
    figures = [p.figure for p in answer.points]
    if not any(x.value is not None for x in figures):
        return None
    return t("Desired level"), figures


def _chosen(chosen: Filters, grain: str, week_start: int) -> tuple[str, str] | None:
    if chosen.period is None:
        return None
    first = day_label(chosen.period.first, grain, week_start)
    return first, day_label(chosen.period.last, grain, week_start)


def _key_of(answer: ControlAnswer, chosen: Filters) -> str:
    parts = [t("Thin lines: limits of common variation; dashed: centre line")]
    if any(s.good is not None for s in answer.signals):
        parts.append(t("▲▼ special cause: blue is good, orange is bad"))
    elif answer.signals:
        parts.append(t("▲▼ special cause"))
    if any(not p.figure.finished for p in answer.points):
        parts.append(t("○ period not finished"))
    if any(p.figure.withheld for p in answer.points):
        parts.append(t("✕ withheld"))
    if chosen.period is not None:
        parts.append(t("shaded: the period chosen"))
    return " · ".join(parts)


def _behind(answer: ControlAnswer, view: View) -> None:
    """Draw the table and the method, each made only when opened."""
    with st.container(horizontal=True):
        table = st.popover(
            t("Table"),
            icon=":material/table:",
            type="tertiary",
            key="table-trend",
            on_change="rerun",
        )
        why = st.popover(
            t("Method"),
            icon=":material/info:",
            type="tertiary",
            key="why-trend",
            on_change="rerun",
        )
    if table.open:
        with table:
            show_table(_table(answer, view), alt=label(metric(answer.metric)))
    if why.open:
        with why:
            method(answer)


def method(answer: ControlAnswer) -> None:
    """Write which chart was chosen and why, what limits rest on, and what chance would do."""
    f, say = formats(), translate()
    for phase in answer.phases:
        st.markdown(" ".join(phase_words(phase, t=say, fmt_period=f.period)))
    st.markdown(
        t(
            "A point beyond a limit, or eight in a row on one side of the centre line, is a "
            "special cause. Periods that are not finished are shown and not tested."
        )
    )
    if zones_are_sound(answer.metric, answer.phases):
        st.checkbox(
            t("Also use the zone rules: they see small shifts sooner, and cry wolf more often"),
            key=_ZONES,
            persist_state="session",
        )
    st.markdown(chance_sentence(answer, t=say))
    last = next((p.figure for p in reversed(answer.points) if p.figure.state == "ok"), None)
    if last is not None and answer.provenance is not None:
        explanation(last, Answer((), answer.provenance))


def _table(answer: ControlAnswer, view: View) -> pd.DataFrame:
    f, say = formats(), translate()
    named = {
        label: signal_words(s, t=say, fmt_period=f.period)
        for s in answer.signals
        for label in s.labels
    }
    return pd.DataFrame(
        {
            t(CHART_GRAIN_LABELS[answer.grain]): [f.period(p.figure.by) for p in answer.points],
            t("Value"): [shown(p.figure, view.limits) for p in answer.points],
            "n": [f.count(p.figure.n) if p.figure.n is not None else "" for p in answer.points],
            t("Limits"): [f.interval(p.low, p.high, answer.unit) for p in answer.points],
            t("Signal"): [named.get(p.figure.by, "") for p in answer.points],
        }
    )


def first_month(filters: Filters) -> int | None:
    """Return the month in which the program's records begin."""
    span = cached("extent", filters.program)
    return None if span.first is None else span.first.year * 100 + span.first.month
