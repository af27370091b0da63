"""Weights from experts who compare dimensions in pairs, and who contradicts themselves."""

from __future__ import annotations

from functools import partial
from itertools import combinations
from typing import Final

import pandas as pd
import streamlit as st

from csat.ingest.said import keep_rows
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import Problem
from csat.queries.expert_weights import Expert, ExpertAnswer
from csat.queries.facts import facts
from csat.ui.cached import cached, store
from csat.ui.charts import show_table
from csat.ui.inert import inert
from csat.ui.language import formats, t
from csat.ui.quality.words import dimension_name, listed
from csat.ui.view import View, page_link, show_problem

_MOST: Final = 9


def experts_part(filters: Filters, view: View) -> None:
    """Draw the experts' weights, each expert's consistency, and the form to compare."""
    answer: ExpertAnswer = cached("expert_weights", filters, view.user)
    if answer.experts:
        st.markdown(_first(answer))
        for expert in answer.experts:
            told = _trouble(expert)
            if told:
                st.warning(told, icon=":material/psychology_alt:")
        show_table(_table(answer), alt=t("Experts' weights"))
        st.caption(
            t(
                "Weights by pairwise comparison (AHP); together: geometric means of those who "
                "count. The consistency ratio says how far comparisons contradict each other: up "
                "to 0.10 an expert counts."
            )
        )
        if answer.joint is not None:
            page_link(
                "dimensions",
                t("Weigh the dimensions by the experts"),
                ":material/balance:",
                {"program": filters.program, "weights": "expert"},
            )
    else:
        st.info(
            t(
                "No expert has compared anything yet. Compare the dimensions in pairs here, or "
                "hand out the form."
            ),
            icon=":material/balance:",
        )
    if view.user.may("import"):
        _compare(filters, view)


def _first(answer: ExpertAnswer) -> str:
    if not answer.weights:
        return t("**No expert counts yet:** each comparison is incomplete or contradicts itself.")
    ranked = sorted(answer.weights.items(), key=lambda pair: -pair[1])
    named = listed(
        f"{inert(dimension_name(k))} {formats().value(100 * w, 'percent')}" for k, w in ranked
    )
    told = msg("**{n} experts together:** {weights}.", n=answer.counted, weights=named)
    return t(told)


def _trouble(expert: Expert) -> str:
    """Say why an expert does not count, in plain words; nothing where one does."""
    name = inert(expert.name)
    if expert.missing:
        pairs = listed(
            f"{inert(dimension_name(a))} – {inert(dimension_name(b))}"
            for a, b in expert.missing[:3]
        )
        told = msg(
            "{name} does not count yet: {n} pairs are not compared, such as {pairs}.",
            name=name,
            n=len(expert.missing),
            pairs=pairs,
        )
        return t(told)
    if expert.counts or expert.found is None:
        return ""
    ratio = expert.found.consistency_ratio
    if ratio is None:
        return t(msg("{name} does not count: more than nine things are compared.", name=name))
    told = msg(
        "{name} does not count: the comparisons contradict each other (consistency ratio "
        "{ratio}, at most 0.10). If A matters more than B and B more than C, A must matter more "
        "than C. Ask for them again.",
        name=name,
        ratio=formats().value(ratio, "rating"),
    )
    return t(told)


def _table(answer: ExpertAnswer) -> pd.DataFrame:
    f = formats()
    rows = []
    for e in answer.experts:
        shares = e.found.weights if e.found else [None] * len(answer.indicators)
        ratio = e.found.consistency_ratio if e.found else None
        counts = t("✓ counts") if e.counts else t("✕ does not count")
        rows.append([e.name, counts, f.value(ratio, "rating"), *shares])
    if answer.joint is not None:
        ratio = answer.joint.consistency_ratio
        rows.append([t("Together"), "", f.value(ratio, "rating"), *answer.joint.weights])
    names = [dimension_name(k) for k in answer.indicators]
    frame = pd.DataFrame(rows, columns=[t("Expert"), t("Counts"), t("Consistency ratio"), *names])
    for name in names:
        frame[name] = [f.value(None if w is None else 100 * w, "percent") for w in frame[name]]
    return frame


def _compare(filters: Filters, view: View) -> None:
    """Draw the form in which one expert compares every pair."""
    panel = st.expander(
        t("Compare the dimensions in pairs"),
        icon=":material/balance:",
        key="expert-edit",
        on_change="rerun",
    )
    if not panel.open:
        return
    keys = [key for key, _ in facts(store(), filters.program).slots]
    with panel:
        if len(keys) < 2:
            st.caption(t("This program has no dimensions to compare."))
            return
        st.caption(
            t(
                "1 the same, 3 somewhat more, 5 clearly more, 7 much more, 9 entirely more; to "
                "the left the first matters more, to the right the second."
            )
        )
        with st.form("expert-pairs", border=False):
            name = st.text_input(t("Expert"), max_chars=80)
            steps = [*range(-_MOST + 1, _MOST)]
            said, sides = {}, st.columns(2, gap="large")
            for place, (one, other) in enumerate(combinations(keys, 2)):
                said[one, other] = sides[place % 2].select_slider(
                    f"{dimension_name(one)} ↔ {dimension_name(other)}",
                    steps,
                    value=0,
                    format_func=partial(_step, one=one, other=other),
                )
            if st.form_submit_button(t("Keep"), type="primary"):
                rows = [
                    {
                        "expert": name.strip(),
                        "indicator": one,
                        "other": other,
                        "times": f"{1 - step}" if step <= 0 else f"1/{1 + step}",
                    }
                    for (one, other), step in said.items()
                ]
                _keep(rows, filters, view)


def _step(step: int, one: str, other: str) -> str:
    """Return what a step to the left (below 0) or right says."""
    if step == 0:
        return t("the same")
    return f"{dimension_name(one if step < 0 else other)} {abs(step) + 1}×"


def _keep(rows: list[dict[str, str]], filters: Filters, view: View) -> None:
    try:
        keep_rows(store(), "comparisons", filters.program, rows, view.user)
    except Problem as problem:
        show_problem(problem)
        return
    st.toast(t("The comparisons are kept."))
    st.rerun()
