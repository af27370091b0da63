"""The list of all signals of a program, newest first, each with a link to its chart."""

from __future__ import annotations

from typing import Final

import streamlit as st

from csat.charts.control_words import signal_words
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import metric
from csat.model.vocabulary import CUT_LABELS, SURVEY_CUTS
from csat.queries.signals import ListedSignal, SignalList
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.card import label
from csat.ui.inert import inert
from csat.ui.language import formats, t, translate
from csat.ui.trends.replying import reply_form, reply_words
from csat.ui.view import View, page_link
from csat.ui.words import group_name

_LATEST: Final = 3
_MOST: Final = 20


def all_signals(filters: Filters, grain: str, view: View, week_start: int) -> None:
    """List the special causes of the latest periods over all figures and groups."""
    found: SignalList = cached("signals", filters.program, grain, _LATEST, view.limits, week_start)
    text: Message = msg(
        "**{n} signals in the latest {k} periods.** {points} points on {charts} charts were "
        "tested: by chance alone about {expected} signals would be expected.",
        n=len(found.signals),
        k=len(found.periods),
        points=formats().count(found.points),
        charts=formats().count(found.charts),
        expected=f"{found.expected_false:.0f}",
    )
    st.markdown(t(text))
    for listed in found.signals[:_MOST]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_line(listed), width="stretch")
            reply_form(listed.signal.key, filters.program, listed.reply, view, place="all")
            page_link("trends", t("Show trend"), ":material/show_chart:", signal_link(listed))
    if len(found.signals) > _MOST:
        st.caption(t(msg("{n} more; 'csat signals' lists all.", n=len(found.signals) - _MOST)))


def _line(listed: ListedSignal) -> str:
    signal, f = listed.signal, formats()
    colour = {True: "blue", False: "orange", None: "violet"}[signal.good]
    sign = {True: "▲", False: "▼", None: "◆"}[signal.above]
    m = metric(signal.metric)
    words = signal_words(signal, t=translate(), fmt_period=f.period)
    where = scope_words(signal.scope)
    usual = t(
        msg(
            "now {now}, usually {usual}",
            now=f.value(listed.value, m.unit),
            usual=f.value(listed.centre, m.unit),
        )
    )
    said = t("; ").join((words, usual))
    text = f":{colour}[{sign}] **{label(m)}** · {inert(where)}  \n:gray[{said}]"
    if listed.reply is None:
        return text
    known = () if listed.action is None else (listed.action,)
    return f"{text}  \n:gray[{reply_words(listed.reply, known)}]"


def scope_words(scope: str) -> str:
    """Say the group a signal is about."""
    if not scope:
        return t("all groups")
    parts = [part.partition("=") for part in scope.split("&")]
    return t(", ").join(
        f"{t(CUT_LABELS.get(cut, cut))} {group_name(cut, group)}" for cut, _, group in parts
    )


def signal_link(listed: ListedSignal) -> dict[str, str | list[str]]:
    """Return the URL query of the chart that shows a signal."""
    signal = listed.signal
    query: dict[str, str | list[str]] = {**url.noted(), "metric": signal.metric}
    query.pop("section", None)
    if signal.grain != "month":
        query["by"] = signal.grain
    cut, _, group = signal.scope.partition("=")
    if cut in SURVEY_CUTS and group:
        query[cut] = [group]
    elif cut:
        query["split"] = cut  # the shared filters hold no categories and causes
    return query
