"""A change to a register made on the page: carried out, and said once on the next run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import streamlit as st

from csat.ingest.registers import Changed
from csat.model.message import Message, msg
from csat.model.problem import Problem
from csat.ui.language import t
from csat.ui.view import show_problem

_NOTE: Final = "_register_note"


def told() -> None:
    """Say what the change of the run before has done."""
    note = st.session_state.pop(_NOTE, None)
    if note is not None:
        st.toast(t(note), icon=":material/check_circle:")


def carried_out(work: Callable[[], Changed]) -> bool:
    """Carry out a change and remember what it did; say what went wrong instead."""
    try:
        done = work()
    except Problem as problem:
        show_problem(problem)
        return False
    st.session_state[_NOTE] = _counts(done)
    return True


def _counts(done: Changed) -> Message:
    if done.number is None:
        return msg("Nothing changed: the register held all of it already.")
    return msg(
        "Change {number}: {new} new, {replaced} replaced, {removed} taken out.",
        number=str(done.number),
        new=done.new,
        replaced=done.replaced,
        removed=done.removed,
    )
