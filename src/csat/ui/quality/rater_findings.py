"""Findings: what is to be put right, what is overdue, and who said what when."""

from __future__ import annotations

from datetime import date
from typing import Final

import pandas as pd
import streamlit as st

from csat.ingest.said import keep_rows
from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.model.problem import Problem
from csat.model.vocabulary import SEVERITY_LABELS
from csat.queries.findings import Finding, FindingAnswer
from csat.ui.cached import cached, store
from csat.ui.charts import show_table
from csat.ui.inert import inert
from csat.ui.language import formats, t
from csat.ui.quality.words import dimension_name
from csat.ui.view import View, show_problem

STATES: Final[dict[str, str]] = {
    "overdue": N_("⚠ overdue"),
    "open": N_("○ open"),
    "closed": N_("✓ closed"),
}
_NEW: Final = ""
_LETTERS: Final = 400


def findings_part(filters: Filters, view: View) -> None:
    """Draw the findings of the selection, and the form to state or change one."""
    answer: FindingAnswer = cached("findings", filters, date.today(), view.user)
    if answer.findings:
        st.markdown(_counts(answer))
        show_table(_table(answer.findings, view), alt=t("Findings"))
        st.caption(
            t("Findings of the chosen branches and touchpoints, found before the period ends.")
        )
    else:
        st.info(
            t("No finding is listed in this selection. State one here, or load a list of them."),
            icon=":material/checklist:",
        )
    if view.user.may("annotate"):
        _edit(answer, filters, view)


def _counts(answer: FindingAnswer) -> str:
    f = formats()
    told = msg(
        "**{overdue} overdue**, {open} open, {closed} closed.",
        overdue=f.count(answer.count("overdue")),
        open=f.count(answer.count("open")),
        closed=f.count(answer.count("closed")),
    )
    return t(told)


def _table(rows: tuple[Finding, ...], view: View) -> pd.DataFrame:
    columns = {
        t("No."): [r.finding_no for r in rows],
        t("State"): [_state(r) for r in rows],
        t("Severity"): [_severity(r.severity) for r in rows],
        t("Finding"): [r.finding for r in rows],
        t("Branch"): [r.branch for r in rows],
        t("Due on"): [_day(r.due_on) for r in rows],
        t("Owner"): [r.owner for r in rows],
        t("Evidence"): [r.evidence for r in rows],
        t("Found on"): [_day(r.found_on) for r in rows],
        t("Closed on"): [_day(r.closed_on) for r in rows],
        t("Dimension"): [dimension_name(r.dimension) if r.dimension else "" for r in rows],
    }
    if not view.user.may("read_narratives"):
        del columns[t("Owner")]
    frame = pd.DataFrame(columns)
    return frame.loc[:, [c for c in frame.columns if frame[c].astype(bool).any()]]


def _state(f: Finding) -> str:
    words = t(STATES[f.state])
    if f.state != "overdue":
        return words
    return t(msg("{state} by {n} d", state=words, n=formats().count(f.overdue_days)))


def _severity(code: str) -> str:
    return t(SEVERITY_LABELS[code]) if code in SEVERITY_LABELS else code


def _day(day: date | None) -> str:
    return "" if day is None else day.isoformat()


def _edit(answer: FindingAnswer, filters: Filters, view: View) -> None:
    """Draw the form of one finding and what was said of it before."""
    known = {f.finding_no: f for f in answer.findings}
    panel = st.expander(
        t("State or change a finding"),
        icon=":material/edit_note:",
        key="finding-edit",
        on_change="rerun",
    )
    if not panel.open:
        return
    with panel:
        number = st.selectbox(
            t("Finding"),
            [_NEW, *known],
            format_func=lambda n: f"{n} · {known[n].finding}" if n else t("a new one"),
            key="finding-chosen",
        )
        chosen = known.get(str(number))
        _form(chosen, filters, view)
        if chosen is not None:
            _history(answer.history[chosen.finding_no])


def _form(was: Finding | None, filters: Filters, view: View) -> None:
    key = was.finding_no if was is not None else "new"
    with st.form(f"finding-{key}", border=False):
        left, right = st.columns(2)
        number = was.finding_no if was else left.text_input(t("Number"), max_chars=40)
        text = st.text_area(t("Finding"), was.finding if was else "", max_chars=_LETTERS)
        found = left.date_input(
            t("Found on"), was.found_on if was else "today", format="YYYY-MM-DD"
        )
        codes = ["", *SEVERITY_LABELS]
        severity = right.selectbox(
            t("Severity"),
            codes,
            index=codes.index(was.severity) if was and was.severity in codes else 0,
            format_func=lambda c: _severity(c) if c else t("not stated"),
        )
        owner = left.text_input(t("Owner"), was.owner if was else "", max_chars=80)
        branch = right.text_input(t("Branch"), was.branch if was else "", max_chars=80)
        due = left.date_input(t("Due on"), was.due_on if was else None, format="YYYY-MM-DD")
        closed = right.date_input(
            t("Closed on"), was.closed_on if was else None, format="YYYY-MM-DD"
        )
        evidence = st.text_area(t("Evidence"), was.evidence if was else "", max_chars=_LETTERS)
        if st.form_submit_button(t("Keep"), type="primary"):
            row = {
                "finding_no": number.strip(),
                "found_on": _written(found),
                "finding": text.strip(),
                "severity": severity,
                "owner": owner.strip(),
                "branch": branch.strip(),
                "due_on": _written(due),
                "closed_on": _written(closed),
                "evidence": evidence.strip(),
            }
            if was is not None:
                row |= {"visit": was.visit, "touchpoint": was.touchpoint}
                row |= {"dimension": was.dimension}
            _keep(row, filters, view)


def _written(day: object) -> str:
    return day.isoformat() if isinstance(day, date) else ""


def _keep(row: dict[str, str], filters: Filters, view: View) -> None:
    try:
        keep_rows(store(), "findings", filters.program, [row], view.user)
    except Problem as problem:
        show_problem(problem)
        return
    st.toast(t(msg("Finding {number} is kept.", number=inert(row["finding_no"]))))
    st.rerun()


def _history(states: tuple[Finding, ...]) -> None:
    """List what was said of a finding, the latest first."""
    f = formats()
    st.markdown(f"**{t('What was said of it')}**")
    frame = pd.DataFrame(
        {
            t("When (UTC)"): [f.moment(s.said_on) for s in states],
            t("By whom"): [s.said_by for s in states],
            t("State"): [t(_kept_state(s)) for s in states],
            t("Severity"): [_severity(s.severity) for s in states],
            t("Owner"): [s.owner for s in states],
            t("Due on"): [_day(s.due_on) for s in states],
            t("Evidence"): [s.evidence for s in states],
            t("Batch"): [s.batch for s in states],
        }
    )
    show_table(frame, alt=t("What was said of it"))


def _kept_state(f: Finding) -> Message:
    if f.closed_on is not None:
        return msg("closed on {day}", day=f.closed_on.isoformat())
    return msg("open")
