"""Forms for a new action and for what may change of one that is on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import streamlit as st

from csat.ingest.actions import keep_actions
from csat.model.action import (
    ADDRESSES_LABELS,
    MOST_LETTERS,
    OTHERS,
    STAGE_LABELS,
    STAGES,
    ActionPlan,
)
from csat.model.category import category_path
from csat.model.filters import Filters
from csat.model.ledger import Action
from csat.model.message import N_, msg
from csat.model.metrics import metric
from csat.model.problem import Problem, UsageProblem
from csat.model.vocabulary import CUT_LABELS, SURVEY_CUTS
from csat.ui.cached import cached, store
from csat.ui.language import t
from csat.ui.metric_options import metric_options
from csat.ui.view import current_view, show_problem
from csat.ui.words import group_name

_USUAL: Final = timedelta(days=182)
_BESIDE: Final = {
    "others": N_("all other groups together"),
    "none": N_("nothing: a control chart decides"),
}


def new_form(program: str) -> None:
    """Draw the form for a new action."""
    with st.expander(t("Record a new action"), icon=":material/add_task:"):
        figures = {
            key: name
            for key, name in metric_options(program).items()
            if metric(key).direction != "none"
        }
        groups = _groups(program)
        with st.form("new-action", border=False):
            title = st.text_input(t("What will be done"), max_chars=MOST_LETTERS)
            one, two = st.columns(2)
            kinds = list(ADDRESSES_LABELS)
            kind = one.selectbox(t("Against"), kinds, format_func=lambda k: t(ADDRESSES_LABELS[k]))
            about = two.text_input(t("Its name"), max_chars=MOST_LETTERS)
            figure = one.selectbox(t("Judged by"), list(figures), format_func=figures.__getitem__)
            group = two.selectbox(t("Over"), list(groups), format_func=groups.__getitem__)
            beside = one.selectbox(
                t("Compared with"), list(_BESIDE), format_func=lambda k: t(_BESIDE[k])
            )
            owner = two.text_input(t("Owner"), max_chars=MOST_LETTERS)
            start = one.date_input(t("First day in force"), format="YYYY-MM-DD")
            due = two.date_input(t("Judged on"), value=date.today() + _USUAL, format="YYYY-MM-DD")
            note = st.text_input(t("Note"), max_chars=MOST_LETTERS)
            st.caption(
                t(
                    "Figure, records, comparison and days cannot be changed once it has begun: "
                    "they are the question, and the records give the answer."
                )
            )
            if not st.form_submit_button(t("Put on record"), type="primary"):
                return
        _keep(
            program,
            lambda: ActionPlan(
                key=_key(program, title),
                title=title.strip(),
                addresses=str(kind),
                addressed=about.strip(),
                metric=str(figure),
                where=() if not group else (str(group),),
                against=(OTHERS,) if beside == "others" and group else (),
                start=_day(start),
                due=_day(due),
                owner=owner.strip(),
                note=note.strip(),
            ),
        )


def change_form(action: Action, program: str) -> None:
    """Draw the form for what may change of an action."""
    button = st.popover(
        t("Change"),
        icon=":material/edit:",
        type="tertiary",
        key=f"change-{action.number}",
        on_change="rerun",
    )
    if not button.open:
        return
    plan = action.plan
    with button, st.form(f"change-form-{action.number}", border=False):
        stage = st.selectbox(
            t("Stage"),
            list(STAGES),
            index=STAGES.index(plan.stage),
            format_func=lambda s: t(STAGE_LABELS[s]),
        )
        owner = st.text_input(t("Owner"), plan.owner, max_chars=MOST_LETTERS)
        title = st.text_input(t("What will be done"), plan.title, max_chars=MOST_LETTERS)
        note = st.text_input(t("Note"), plan.note, max_chars=MOST_LETTERS)
        if st.form_submit_button(t("Keep")):
            _keep(
                program,
                lambda: plan.with_(
                    stage=str(stage), owner=owner.strip(), title=title.strip(), note=note.strip()
                ),
            )


def _keep(program: str, make: Callable[[], ActionPlan]) -> None:
    try:
        keep_actions(store(), program, [make()], current_view("act").user)
    except Problem as problem:
        show_problem(problem)
    else:
        st.rerun()


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise UsageProblem(msg("A day is missing"), msg("Choose one"))
    return value


def _key(program: str, title: str) -> str:
    """Return a short name that no action of the program has."""
    known = {j.action.plan.key for j in cached("effects", program, current_view("act").limits)}
    stem = "-".join("".join(c if c.isalnum() else " " for c in title.lower()).split())[:60]
    number, key = 1, stem or "action"
    while key in known:
        number += 1
        key = f"{stem or 'action'}-{number}"
    return key


def _groups(program: str) -> dict[str, str]:
    """Return every group that an action may be about, as NAME=VALUE, with its words."""
    out = {"": t("all records")}
    known = cached("groups", program)
    for cut in SURVEY_CUTS:
        for value in known[cut]:
            out[f"{cut}={value}"] = f"{t(CUT_LABELS[cut])}: {group_name(cut, value)}"
    everything = Filters.of(program, compare="none")
    for cut in ("category", "cause"):
        for value, _ in cached("facet", everything, cut):
            if value:
                path = category_path([value]) if cut == "category" else value
                out[f"{cut}={path}"] = f"{t(CUT_LABELS[cut])}: {value}"
    return out
