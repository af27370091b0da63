"""What people say about a series: explained signals, phases, events and targets."""

from __future__ import annotations

from functools import partial
from typing import Final

import streamlit as st

from csat.charts.control_words import signal_words
from csat.ingest.marking import MOST_LETTERS, remove_mark
from csat.model.control import ChartSignal, ControlAnswer
from csat.model.filters import Filters
from csat.model.ledger import Action
from csat.model.message import N_, msg
from csat.model.metrics import metric
from csat.queries.marks import Mark, replies
from csat.ui.cached import cached, store
from csat.ui.card import label
from csat.ui.inert import inert
from csat.ui.language import formats, t, translate
from csat.ui.trends.replying import add_mark_of, reply_form, reply_words, say
from csat.ui.view import View, current_view

KINDS: Final[dict[str, str]] = {
    "event": N_("Event: something happened on a day"),
    "phase": N_("Phase: new limits from a day on"),
    "target": N_("Target: the value to meet"),
}
_MOST_NAMED: Final = 6


def signal_list(answer: ControlAnswer, said: tuple[Mark, ...], view: View) -> None:
    """List the signals of a chart, newest first, each with what people replied to it."""
    if not answer.signals or answer.provenance is None:
        return
    program, told = answer.provenance.filters.program, replies(said)
    known: tuple[Action, ...] = cached("actions", program)
    newest = sorted(answer.signals, key=lambda s: s.labels[-1], reverse=True)
    for signal in newest[:_MOST_NAMED]:
        reply = told.get(signal.key)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_line(signal, reply_words(reply, known)), width="stretch")
            reply_form(signal.key, program, reply, view)
    if len(newest) > _MOST_NAMED:
        st.caption(t(msg("{n} earlier signals are in the table.", n=len(newest) - _MOST_NAMED)))


def _line(signal: ChartSignal, reply: str) -> str:
    colour = {True: "blue", False: "orange", None: "violet"}[signal.good]
    sign = {True: "▲", False: "▼", None: "◆"}[signal.above]
    words = signal_words(signal, t=translate(), fmt_period=formats().period)
    text = f":{colour}[{sign}] {words}"
    return f"{text} — :gray[{reply}]" if reply else text


def marks_section(filters: Filters, key: str, view: View) -> None:
    """List what people have said about this figure, and let them say more."""
    said: tuple[Mark, ...] = cached("marks", filters.program)
    here = [m for m in said if m.kind != "signal" and m.about(key)]
    if not here:
        st.caption(t("Nobody has marked a phase, an event or a target here yet."))
    for mark in here:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_told(mark), width="stretch")
            if view.user.may("annotate") and st.button(
                t("Take back"), key=f"unmark-{mark.number}", type="tertiary"
            ):
                say(partial(remove_mark, store(), mark.number, current_view("annotate").user))
    if view.user.may("annotate"):
        _new_mark(filters, key)


def _told(mark: Mark) -> str:
    f, m = formats(), metric(mark.metric) if mark.metric else None
    what = {"event": t("Event"), "phase": t("New limits"), "target": t("Target")}[mark.kind]
    about = f.day(mark.day) if mark.day else f.value(mark.value, m.unit if m else "")
    whole = t("all figures") if m is None else label(m)
    return f"**{what}** {about} · {whole}: {inert(mark.reason)}  \n:gray[{_who(mark)}]"


def _who(mark: Mark) -> str:
    return f"{inert(mark.made_by)}, {formats().moment(mark.made_at)}"


def _new_mark(filters: Filters, key: str) -> None:
    with st.form("new-mark", clear_on_submit=True):
        kind = st.selectbox(t("What is it?"), list(KINDS), format_func=lambda k: t(KINDS[k]))
        left, right = st.columns(2)
        day = left.date_input(t("Day of the event or phase"), value=None, format="YYYY-MM-DD")
        value = right.number_input(t("Value of the target"), value=None)
        everywhere = st.checkbox(t("About every figure, not only this one"))
        reason = st.text_input(
            t("Reason, which others will read on the chart"), max_chars=MOST_LETTERS
        )
        if st.form_submit_button(t("Keep")):
            shared = everywhere and kind != "target"
            say(
                lambda: add_mark_of(
                    filters.program,
                    str(kind),
                    reason,
                    metric="" if shared else key,
                    day=None if kind == "target" else day,
                    value=value if kind == "target" else None,
                )
            )
