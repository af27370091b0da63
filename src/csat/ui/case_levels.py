"""How well targets are met, what falls due next, and the cases behind each number."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.model.case_states import DUE_LABELS, Due
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.standards import CLOCKS, EVENTS, Target
from csat.model.vocabulary import SEVERITY_LABELS
from csat.queries.sla import Level, ServiceLevels
from csat.ui.cached import cached
from csat.ui.charts import show_table
from csat.ui.drill import ALL_DAYS, Choice, Days, Marks, choose_to_open
from csat.ui.empty import not_recorded, nothing_chosen
from csat.ui.language import formats, t
from csat.ui.view import View, page_link

_DAY = 86_400


def levels(filters: Filters, view: View) -> None:
    """Draw how well targets are met on both clocks, and what falls due next."""
    found: ServiceLevels = cached("service_levels", filters, view.limits)
    f = formats()
    if _nothing_due(found):
        if _nothing_due(cached("service_levels", Filters.of(filters.program), view.limits)):
            told = t("No targets are set, and the files do not mark which cases were in time.")
            not_recorded(told)
            page_link("gaps", t("Standards on the Gaps page"), ":material/rule:")
        else:
            nothing_chosen()
        return
    by_due = t("Counted are the cases that fall due in the period, whenever they came in.")
    st.caption(by_due if found.standard is not None else t("Counted by the day cases came in."))
    for note in found.notes:
        st.info(t(note), icon=":material/info:")
    frame = pd.DataFrame(
        {
            t("Target"): [_target(x) for x in found.levels],
            t("Severity"): [_severity(x) for x in found.levels],
            t("Share met"): [t("withheld") if x.figure.withheld
                             else f.value(x.figure.value, "percent") for x in found.levels],
            t("95% interval"): [f.interval(x.figure.low, x.figure.high, "percent")
                                 for x in found.levels],
            t("Due"): [_count(x.figure.n) for x in found.levels],
            t("Met"): [_count(x.met) for x in found.levels],
            t("Late"): [_count(x.late) for x in found.levels],
            t("Open, overdue"): [_count(x.overdue) for x in found.levels],
            t("Not due yet"): [_count(x.waiting) for x in found.levels],
            t("Within"): [_within(x) for x in found.levels],
            t("Clock"): [t(CLOCKS[x.target.clock]) if x.target else "" for x in found.levels],
        }
    )  # fmt: skip
    empty = [c for c in frame.columns if not frame[c].astype(bool).any()]
    show_table(frame.drop(columns=empty), alt=t("Targets and how well they are met"))
    choose_to_open(
        _behind(filters, found), key="levels", hint=t("Open the cases behind a number above")
    )
    if found.standard is None or view.user.may("import"):
        page_link("gaps", t("Standards on the Gaps page"), ":material/rule:")
    if found.standard is not None:
        st.header(t("Due in the coming days"), anchor=False)
        if found.as_of is not None:
            st.caption(t(msg("Counted from {moment}.", moment=found.as_of.replace(tzinfo=None))))
        show_table(
            pd.DataFrame(
                {
                    t("Day"): [f.day(x.day) for x in found.forecast],
                    t("Target"): [_title(x.target) for x in found.forecast],
                    t("Open cases due"): [f.count(x.due) for x in found.forecast],
                    t("Likely late"): [f.value(x.expected, "rating") for x in found.forecast],
                }
            ),
            alt=t("Open cases that fall due in the coming days"),
        )


def _behind(filters: Filters, found: ServiceLevels) -> Marks:
    """Return the numbers of the table and of the days ahead, with filters for just these cases.

    What a target counts goes by the day a case falls due, so the filter carries the days itself.
    """
    f = formats()
    days = (None, None) if filters.period is None else (filters.period.first, filters.period.last)
    marks: dict[str, tuple[str, Choice, Days]] = {}
    for x in found.levels:
        counts = {"met": x.met, "late": x.late, "overdue": x.overdue, "waiting": x.waiting}
        of = {} if x.severity is None else {"severity": [x.severity]}
        for state, n in counts.items():
            if not n:
                continue
            name = " · ".join(
                [_target(x), *([] if x.severity is None else [_severity(x)]), t(DUE_LABELS[state])]
            )
            label = f"{name} ({f.count(n)})"
            if x.target is None:
                standing = "none" if state == "waiting" else state
                marks[f"{state}:{x.severity}"] = (label, {"sla": [standing], **of}, None)
                continue
            due = Due(state, x.target.key, *days)
            choice = {"due": [*filters.dues, due.code], **of}
            marks[f"{due.code}:{x.severity}"] = (label, choice, ALL_DAYS)
    for ahead in found.forecast:
        due = Due("waiting", ahead.target.key, ahead.day, ahead.day)
        label = f"{_title(ahead.target)} · {f.day(ahead.day)} ({f.count(ahead.due)})"
        marks[f"ahead:{due.code}"] = (label, {"due": [*filters.dues, due.code]}, ALL_DAYS)
    return marks


def _severity(level: Level) -> str:
    if level.severity is None:
        return t("all")
    return t(SEVERITY_LABELS.get(level.severity, level.severity)) or t("not stated")


def _target(level: Level) -> str:
    if level.target is None:
        return t("in time by the file's own mark")
    return _title(level.target)


def _title(target: Target) -> str:
    """Name a target as its file does, in the file's language."""
    if target.title != target.key:
        return target.title
    return f"{target.key} ({t(EVENTS[target.event])})"


def _within(level: Level) -> str:
    """Write the time a target gives; working time in hours, as its days are no days of 24."""
    if level.target is None:
        return ""
    f, seconds = formats(), level.target.seconds
    return f.worked(seconds) if level.target.clock == "business" else f.duration(seconds / _DAY)


def _count(n: int | None) -> str:
    return "" if n is None else formats().count(n)


def _nothing_due(found: ServiceLevels) -> bool:
    """Say whether there is neither a target nor a case with a mark of its own."""
    return found.standard is None and all(x.figure.n == 0 for x in found.levels)
