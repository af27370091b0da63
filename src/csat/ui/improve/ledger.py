"""The ledger of actions on a page: each with its verdict, its history, and what may be changed."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from csat.ingest.actions import take_back
from csat.model.action import ADDRESSES_LABELS, STAGE_LABELS, STAGES, VERDICT_LABELS
from csat.model.ledger import Action
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.problem import Problem
from csat.model.vocabulary import SURVEY_CUTS
from csat.queries.effects import Judged
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.charts import show_table
from csat.ui.improve.form import change_form, new_form
from csat.ui.improve.words import addressed_name, because, outcome_badge, question, stretches
from csat.ui.inert import inert
from csat.ui.language import formats, t
from csat.ui.view import View, current_view, page_link, show_problem
from csat.ui.weighting import say_unweighted

_SIGNS: Final = {"worked": 0, "did_not": 1, "too_early": 2}


def ledger(program: str, view: View) -> None:
    """Draw all actions of a program, the latest start first."""
    found: tuple[Judged, ...] = cached("effects", program, view.limits)
    st.header(t("Actions: what was done, and whether it worked"), anchor=False)
    if found:
        st.markdown(_summary(found))
    else:
        st.info(
            t(
                "No action is on record. Record what you are about to do, and by what figure it "
                "will be judged, before it begins; the verdict is then computed from the records."
            ),
            icon=":material/assignment:",
        )
    for judged in found:
        _action(judged, program, view)
    if any(metric(j.action.plan.metric).subject == "survey" for j in found):
        say_unweighted(program)
    if view.user.may("act"):
        new_form(program)
    st.caption(
        t(
            "A verdict is computed, never typed: with a comparison group by how much more the "
            "figure changed than there, without one by a control chart whose limits rest on the "
            "months before. Before the day it is judged, every action is too early to tell."
        )
    )


def _summary(found: tuple[Judged, ...]) -> str:
    counts = {key: sum(j.outcome == key for j in found) for key in _SIGNS}
    return " · ".join(f"**{n}** {t(VERDICT_LABELS[key])}" for key, n in counts.items())


def _action(judged: Judged, program: str, view: View) -> None:
    plan, f = judged.action.plan, formats()
    with st.container(border=True, gap="xsmall", key=f"action-{judged.action.number}"):
        st.markdown(f"**{inert(plan.title)}** {outcome_badge(judged)}")
        st.markdown(because(judged))
        lines = [
            t(
                msg(
                    "Against {kind}: {name}",
                    kind=t(ADDRESSES_LABELS[plan.addresses]),
                    name=addressed_name(plan),
                )
            ),
            t(msg("{stage} · {owner}", stage=_stage(plan.stage), owner=inert(plan.owner))),
            t(msg("from {start}, judged on {due}", start=f.day(plan.start), due=f.day(plan.due))),
        ]
        st.caption(" · ".join(lines))
        st.caption(question(plan, program))
        told = stretches(judged)
        if told:
            st.caption(told)
        for caution in judged.cautions:
            st.caption(f"⚠ {t(caution)}")
        if plan.note:
            st.caption(inert(plan.note))
        with st.container(horizontal=True, vertical_alignment="center"):
            link = trend_link(judged)
            page_link("trends", t("Show trend"), ":material/show_chart:", link)
            _history(judged.action)
            if view.user.may("act"):
                change_form(judged.action, program)
                _undo(judged.action, program)


def _stage(stage: str) -> str:
    number = STAGES.index(stage) + 1
    return t(msg("step {n} of 4: {name}", name=t(STAGE_LABELS[stage]), n=number))


def trend_link(judged: Judged) -> dict[str, str | list[str]]:
    """Return the URL query of the chart of the figure that an action is judged by."""
    plan = judged.action.plan
    query: dict[str, str | list[str]] = {"metric": plan.metric}
    noted = url.noted()
    if "program" in noted:
        query["program"] = noted["program"]
    for clause in plan.where:
        name, _, value = clause.partition("=")
        if name in SURVEY_CUTS:
            query.setdefault(name, [])
            query[name] = [*query[name], value]
        elif name in ("category", "cause"):
            query["split"] = name  # the shared filters hold no categories and causes
    return query


def _history(action: Action) -> None:
    history = st.popover(
        t("History"),
        icon=":material/history:",
        type="tertiary",
        key=f"history-{action.number}",
        on_change="rerun",
    )
    if not history.open:
        return
    f = formats()
    with history:
        show_table(
            pd.DataFrame(
                {
                    t("When"): [f.moment(v.made_at) for v in action.history],
                    t("Who"): [v.made_by for v in action.history],
                    t("Stage"): [t(STAGE_LABELS[v.plan.stage]) for v in action.history],
                    t("Owner"): [v.plan.owner for v in action.history],
                    t("Judged on"): [f.day(v.plan.due) for v in action.history],
                    t("Note"): [v.plan.note for v in action.history],
                    t("Taken back by"): [v.removed_by or "" for v in action.history],
                }
            ),
            alt=t("History"),
        )


def _undo(action: Action, program: str) -> None:
    text = t("Undo last change") if len(_standing(action)) > 1 else t("Take back")
    if st.button(text, icon=":material/undo:", type="tertiary", key=f"undo-{action.number}"):
        try:
            take_back(store(), program, action.number, current_view("act").user)
        except Problem as problem:
            show_problem(problem)
        else:
            st.rerun()


def _standing(action: Action) -> list[int]:
    return [v.number for v in action.history if v.removed_at is None]
