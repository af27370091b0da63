"""The life of one case on a page: what happened when, by both clocks, and the pauses."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.charts.wording import sentences
from csat.model.case_stages import EVENT_LABELS, OTHER, PAUSED, RESUMED
from csat.queries.case_clock import working_seconds
from csat.queries.case_life import CaseEvent, case_events, rests
from csat.ui.cached import store
from csat.ui.charts import show_table
from csat.ui.language import formats, t, translate
from csat.ui.view import View

_DAY = 86_400


def timeline(case_no: str, program: str, view: View, *, still_open: bool) -> None:
    """Draw the events of a case in their order, each with the time since receipt.

    Working time leaves out closed hours and the time the case waited for its customer; calendar
    time is the customer's wait and has no pauses.
    """
    found = case_events(store(), program, case_no, user=view.user)
    events = _with_ends(found)
    f = formats()
    start = next(e.when for e in events if e.event == "received")
    since = [max(e.when, start) for e in events]
    worked = working_seconds(store(), program, start, since, rests(found))
    frame = pd.DataFrame(
        {
            t("Step"): [e.words if e.event == OTHER else t(EVENT_LABELS[e.event]) for e in events],
            t("When"): [f.moment(e.when) for e in events],
            t("After receipt"): [
                f.duration((when - start).total_seconds() / _DAY) if when != start else ""
                for when in since
            ],
            **(
                {t("Working time"): [f.worked(s) if s else "" for s in worked]}
                if worked is not None
                else {}
            ),
            t("By whom"): [e.done_by for e in events],
        }
    )
    empty = [c for c in frame.columns if not frame[c].astype(bool).any()]
    show_table(frame.drop(columns=empty), alt=t("Timeline of the case"))
    _below(events, has_hours=worked is not None, still_open=still_open)


def _with_ends(events: tuple[CaseEvent, ...]) -> list[CaseEvent]:
    """Tell the end of a pause as an event of its own."""
    out = list(events)
    told = {e.when for e in events if e.event == RESUMED}
    for event in events:
        if event.event == PAUSED and event.until is not None and event.until not in told:
            out.append(CaseEvent(RESUMED, "", event.until))
    return sorted(out, key=lambda e: e.when)


def _below(events: list[CaseEvent], *, has_hours: bool, still_open: bool) -> None:
    """Say what the two clocks make of the events."""
    said = []
    if still_open:
        said.append(t("Not resolved yet."))
    if any(e.event == "auto_replied" for e in events):
        said.append(t("An automatic reply is no first response; the clock runs on."))
    if has_hours and any(e.event == PAUSED for e in events):
        said.append(t("Working time stands still while the case waits for the customer."))
    if said:
        st.caption(sentences(said, t=translate()))
