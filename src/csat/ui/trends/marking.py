"""What people say about a series: explained signals, phases, events and targets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Final

import streamlit as st

from csat.charts.control_words import signal_words
from csat.ingest.marking import MOST_LETTERS, add_mark, remove_mark
from csat.model.control import ChartSignal, ControlAnswer
from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.model.metrics import metric
from csat.model.problem import Problem
from csat.queries.marks import Mark
from csat.ui.cached import cached, store
from csat.ui.card import label
from csat.ui.language import formats, t, translate
from csat.ui.view import View, current_view, show_problem

KINDS: Final[dict[str, str]] = {
    "event": N_("Event: something happened on a day"),
    "phase": N_("Phase: new limits from a day on"),
    "target": N_("Target: the value to meet"),
}
_MOST_NAMED: Final = 6


def signal_list(answer: ControlAnswer, said: tuple[Mark, ...], view: View) -> None:
    """List the signals of a chart, newest first, each with its explanation or a form for one."""
    if not answer.signals:
        return
    explained = {m.subject: m for m in said if m.kind == "signal"}
    newest = sorted(answer.signals, key=lambda s: s.labels[-1], reverse=True)
    for signal in newest[:_MOST_NAMED]:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_line(signal, explained.get(signal.key)), width="stretch")
            if signal.key not in explained and view.user.may("annotate"):
                _explain(signal, answer)
    if len(newest) > _MOST_NAMED:
        st.caption(t(msg("{n} earlier signals are in the table.", n=len(newest) - _MOST_NAMED)))


def _line(signal: ChartSignal, mark: Mark | None) -> str:
    colour = {True: "blue", False: "orange", None: "violet"}[signal.good]
    sign = {True: "▲", False: "▼", None: "◆"}[signal.above]
    words = signal_words(signal, t=translate(), fmt_period=formats().period)
    text = f":{colour}[{sign}] {words}"
    if mark is None:
        return text
    note = msg(
        "explained by {who} on {day}: {reason}",
        who=inert(mark.made_by),
        day=formats().day(mark.made_at.date()),
        reason=inert(mark.reason),
    )
    return f"{text} — :gray[{t(note)}]"


def inert(text: str) -> str:
    """Keep what a person wrote from being read as Markdown."""
    for sign in "\\`*_{}[]<>#$|~:":
        text = text.replace(sign, f"\\{sign}")
    return text


def _explain(signal: ChartSignal, answer: ControlAnswer) -> None:
    button = st.popover(
        t("Explain"),
        icon=":material/edit_note:",
        type="tertiary",
        key=f"explain-{signal.key}",
        on_change="rerun",
    )
    if not button.open or answer.provenance is None:
        return
    program = answer.provenance.filters.program
    with button, st.form(f"form-{signal.key}", border=False):
        reason = st.text_input(t("What was behind it?"), max_chars=MOST_LETTERS)
        if st.form_submit_button(t("Keep")):
            _say(lambda: add_mark_of(program, "signal", reason, subject=signal.key))


def add_mark_of(program: str, kind: str, reason: str, **about: object) -> int:
    """Keep a mark in the name of this run's reader."""
    user = current_view("annotate").user
    return add_mark(store(), program, kind, user, reason, **about)  # type: ignore[arg-type]


def _say(work: Callable[[], object]) -> None:
    try:
        work()
    except Problem as problem:
        show_problem(problem)
    else:
        st.rerun()


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
                _say(partial(remove_mark, store(), mark.number, current_view("annotate").user))
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
            _say(
                lambda: add_mark_of(
                    filters.program,
                    str(kind),
                    reason,
                    metric="" if shared else key,
                    day=None if kind == "target" else day,
                    value=value if kind == "target" else None,
                )
            )
