"""One complaint case on a page: text, facts and timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from csat.ingest.roles import COMPLAINT_ROLES
from csat.locale.formats import Formats
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.search import hits, parse_search, words_of
from csat.model.vocabulary import DIMENSION_LABELS, SEVERITY_LABELS, STATUS_LABELS
from csat.queries.case_history import case_history
from csat.queries.complaints import case
from csat.ui import url
from csat.ui.cached import store
from csat.ui.case_notes import notes
from csat.ui.case_timeline import timeline
from csat.ui.charts import show_table
from csat.ui.highlight import as_markdown
from csat.ui.language import formats, t
from csat.ui.view import View

_SELDOM: Final = {
    column: COMPLAINT_ROLES[column][0]
    for column in (
        *("severity_first", "safety", "first_contact", "satisfied", "remedy", "compensation"),
        *(
            "currency",
            "owner",
            "department",
            "dimension",
            "responsibility",
            "sanction",
            "appeal_outcome",
        ),
    )
}
"""Fields of a case that few files have, with their names."""


def yes_no(value: int | None) -> str:
    """Say yes, no, or nothing where it is not known."""
    return {1: t("yes"), 0: t("no")}.get(value, "") if value is not None else ""


def close_case() -> None:
    """Close the case and forget which row was selected."""
    url.clear("case")
    st.session_state["_closed"] = st.session_state.get("_closed", 0) + 1


def one_case(case_no: str, filters: Filters, view: View) -> None:
    """Draw one case: what the customer said, what is recorded, and when what happened.

    Raises
    ------
    UsageProblem
        When the program holds no such case.
    """
    record, f = case(store(), filters.program, case_no, user=view.user), formats()
    with st.container(border=True, key="one-case"):
        head, close = st.columns([5, 1])
        number = record["case_no"]
        conduct = msg("Conduct case {case}", case=number)
        head.header(
            t(conduct if record["conduct"] else msg("Case {case}", case=number)), anchor=False
        )
        close.button(t("Close"), icon=":material/close:", on_click=close_case, width="stretch")
        left, right = st.columns([2, 3], gap="medium")
        with left:
            said = t("What was reported") if record["conduct"] else t("What the customer said")
            st.markdown(f"**{said}**")
            if "narrative" in record:
                _text(record["narrative"] or t("No text was recorded."), filters.search)
            else:
                st.caption(t("Complaint texts are shown to the quality team only."))
            _facts(record)
        with right:
            st.markdown(f"**{t('Timeline')}**")
            resolved = record["resolved_at"] or record["status"] != "open"
            timeline(case_no, filters.program, view, still_open=not resolved)
            _history(filters.program, case_no, view, f)
        notes(record, filters.program, view)


def _text(text: str, search: str) -> None:
    """Show a text letter by letter, with the words searched for marked."""
    spans = hits(text, words_of(parse_search(search)))
    if spans:
        st.markdown(as_markdown(text, spans))
    else:
        st.text(text)


def _facts(record: dict[str, Any]) -> None:
    rows = [
        (
            t("Category"),
            " › ".join(
                filter(None, (record["category"], record["category_2"], record["category_3"]))
            ),
        ),
        (t("Violation"), record["violation"]),
        (t("Cause"), record["cause"]),
        (t("Severity"), t(SEVERITY_LABELS.get(record["severity"], record["severity"] or ""))),
        (t("Status"), t(STATUS_LABELS.get(record["status"], record["status"] or ""))),
        (t("Branch"), record["branch"]),
        (t("Channel"), record["channel"]),
        (t("Touchpoint"), record["touchpoint"]),
        (t("Segment"), record["segment"]),
        (t("Outcome"), record["outcome"]),
        (t("Answered in time"), yes_no(record["timely"])),
        (t("Upheld"), yes_no(record["upheld"])),
        *((t(label), _seldom(record, column)) for column, label in _SELDOM.items()),
        (t("Batch"), str(record["batch_id"])),
    ]
    frame = pd.DataFrame([r for r in rows if r[1]], columns=[t("Field"), t("Content")])
    show_table(frame, alt=t("What is recorded about the case"))


def _seldom(record: dict[str, Any], column: str) -> str:
    """Write a field that few files have, "" where it is not stated."""
    value = record.get(column)
    if value is None:
        return ""
    if column in ("safety", "first_contact", "satisfied"):
        return yes_no(value)
    if column == "compensation":
        return formats().value(float(value), "rating")
    labels = {"severity_first": SEVERITY_LABELS, "dimension": DIMENSION_LABELS}.get(column, {})
    return t(labels[value]) if value in labels else str(value)


def _history(program: str, case_no: str, view: View, f: Formats) -> None:
    """List what later files changed about the case, where any did."""
    changes = case_history(store(), program, case_no, user=view.user)
    if not changes:
        return
    names = {role: t(label) for role, (label, _) in COMPLAINT_ROLES.items()}
    with st.expander(t(msg("Changed by later files ({n})", n=len(changes)))):
        frame = pd.DataFrame(
            {
                t("Batch"): [str(c.batch_id) for c in changes],
                t("Loaded (UTC)"): [f.moment(c.loaded_at) for c in changes],
                t("Field"): [names.get(c.column, c.column) for c in changes],
                t("Was"): [_said(c.column, c.before, f) for c in changes],
                t("Became"): [_said(c.column, c.after, f) for c in changes],
            }
        )
        show_table(frame, alt=t("What later files changed about the case"))


def _said(column: str, value: Any, f: Formats) -> str:
    if value is None:
        return "—"
    if isinstance(value, datetime):
        return f.moment(value)
    if column in ("timely", "upheld"):
        return yes_no(value)
    words = {"severity": SEVERITY_LABELS, "status": STATUS_LABELS}.get(column, {})
    return t(words.get(value, value))
