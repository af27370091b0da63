"""What people reply to a signal: that it was seen, what was behind it, which action answers it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from csat.ingest.marking import MOST_LETTERS, add_mark, remove_mark
from csat.model.ledger import Action
from csat.model.message import msg
from csat.model.problem import Problem, UsageProblem
from csat.queries.marks import Reply
from csat.ui.cached import cached, store
from csat.ui.inert import inert
from csat.ui.language import formats, t
from csat.ui.view import View, current_view, page_link, show_problem


def reply_words(reply: Reply | None, known: tuple[Action, ...]) -> str:
    """Say who saw a signal, what was behind it, and which action answers it; "" without a reply."""
    if reply is None:
        return ""
    mark = reply.explained or reply.seen
    who, day = inert(mark.made_by), formats().day(mark.made_at.date())
    if reply.explained is None:
        text = msg("seen by {who} on {day}", who=who, day=day)
    else:
        reason = inert(mark.reason)
        text = msg("explained by {who} on {day}: {reason}", who=who, day=day, reason=reason)
    parts = [t(text)]
    action = next((a for a in known if a.number == reply.action), None)
    if action is not None:
        parts.append(t(msg("action: {title}", title=inert(action.plan.title))))
    return "✔ " + " · ".join(parts)


def reply_form(
    key: str, program: str, reply: Reply | None, view: View, *, place: str = "chart"
) -> None:
    """Draw the button that opens the form, for those who may annotate.

    ``place`` tells the lists apart in which one signal may stand on the same page.
    """
    if not view.user.may("annotate"):
        return
    button = st.popover(
        t("Explain") if reply is None else t("Change"),
        icon=":material/edit_note:",
        type="tertiary",
        key=f"explain-{place}-{key}",
        on_change="rerun",
    )
    if not button.open:
        return
    known: tuple[Action, ...] = cached("actions", program)
    titles = {"": t("none yet"), **{str(a.number): a.plan.title for a in known}}
    named = "" if reply is None or reply.action is None else str(reply.action)
    with button:
        with st.form(f"form-{place}-{key}", border=False):
            said = "" if reply is None or reply.explained is None else reply.explained.reason
            reason = st.text_input(t("What was behind it?"), said, max_chars=MOST_LETTERS)
            action = st.selectbox(
                t("Action that answers it"),
                list(titles),
                index=list(titles).index(named) if named in titles else 0,
                format_func=titles.__getitem__,
            )
            if st.form_submit_button(t("Keep")):
                say(partial(_keep, program, key, reason, action or ""))
        page_link("improve", t("Record a new action"), ":material/add_task:")
        if reply is None:
            if st.button(t("Seen, still looking into it"), key=f"seen-{place}-{key}"):
                say(lambda: add_mark_of(program, "signal", "", subject=key))
        elif st.button(t("Take back"), key=f"unsay-{place}-{key}", type="tertiary"):
            say(lambda: remove_mark(store(), reply.marks[-1].number, current_view("annotate").user))


def _keep(program: str, key: str, reason: str, action: str) -> None:
    if not reason.strip() and not action:
        raise UsageProblem(
            msg("Neither a reason nor an action is given"),
            msg("Say what was behind it, or which action answers it"),
        )
    add_mark_of(program, "signal", reason, subject=key, action=int(action) if action else None)


def add_mark_of(program: str, kind: str, reason: str, **about: object) -> int:
    """Keep a mark in the name of this run's reader."""
    user = current_view("annotate").user
    return add_mark(store(), program, kind, user, reason, **about)  # type: ignore[arg-type]


def say(work: Callable[[], object]) -> None:
    """Do what a person asked for, and draw the page again, or say why it cannot be done."""
    try:
        work()
    except Problem as problem:
        show_problem(problem)
    else:
        st.rerun()
