"""The program's own weights: who may gives them here, and everybody reads who gave which."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

import streamlit as st

from csat.ingest.weighing import MOST_LETTERS, POINTS, set_weights, take_weights_back
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import Problem
from csat.queries.dimension_rows import DimensionAnswer
from csat.queries.own_weights import OwnWeights
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.inert import inert
from csat.ui.language import formats, t
from csat.ui.quality.words import dimension_name
from csat.ui.view import View, current_view, show_problem

_FIELD: Final = 140


def own_weights(filters: Filters, answer: DimensionAnswer, view: View) -> None:
    """Draw the button behind which a program's own weights are given and their history stands."""
    button = st.popover(
        t("Own weights"),
        icon=":material/balance:",
        type="tertiary",
        key="own-weights",
        on_change="rerun",
    )
    if not button.open:
        return
    known: tuple[OwnWeights, ...] = cached("own_weights", filters.program)
    with button:
        if view.user.may("import"):
            _editor(filters, answer)
        _history(filters, known, answer.weights.held, view)


def _editor(filters: Filters, answer: DimensionAnswer) -> None:
    """Draw the points of each dimension, beginning with the weights in use now."""
    st.markdown(t("Spread 100 points over the dimensions: how much each counts here."))
    names = [r.dimension for r in answer.dimensions]
    start = whole_points({r.dimension: r.weight or 0.0 for r in answer.dimensions})
    given: dict[str, float] = {}
    with st.container(horizontal=True, gap="small"):
        for name in names:
            value = st.number_input(
                dimension_name(name),
                min_value=0,
                max_value=POINTS,
                value=start[name],
                step=1,
                width=_FIELD,
                key=f"own-{filters.program}-{name}-{answer.weights.source}",
            )
            given[name] = float(value)
    total = sum(given.values())
    if total != POINTS:
        lack = msg("{total} of 100 points: {left} to go", total=round(total), left=_signed(total))
        st.caption(f"⚠ {t(lack)}")
    day = st.date_input(
        t("In force from"), value=_first_day(filters), format="YYYY-MM-DD", key="own-from"
    )
    reason = st.text_input(t("Why these weights?"), max_chars=MOST_LETTERS, key="own-reason")
    if st.button(t("Put into force"), disabled=total != POINTS, key="own-keep"):
        _do(partial(_keep, filters.program, given, day, reason))


def _signed(total: float) -> str:
    return f"{POINTS - round(total):+d}".replace("-", "−")


def _first_day(filters: Filters) -> date:
    if filters.period is not None:
        return filters.period.first
    extent = cached("extent", filters.program)
    return extent.first or date.today()


def whole_points(percent: Mapping[str, float]) -> dict[str, int]:
    """Return weights as whole points that add up to 100, the largest remainders rounded up.

    Examples
    --------
    >>> whole_points({"a": 33.4, "b": 33.3, "c": 33.3})
    {'a': 34, 'b': 33, 'c': 33}
    """
    total = sum(percent.values())
    shares = {
        k: POINTS * v / total if total else POINTS / max(1, len(percent))
        for k, v in percent.items()
    }
    found = {k: int(v) for k, v in shares.items()}
    first = sorted(shares, key=lambda k: found[k] - shares[k])
    for name in first[: POINTS - sum(found.values())]:
        found[name] += 1
    return found


def _keep(program: str, given: Mapping[str, float], day: date, reason: str) -> None:
    set_weights(store(), program, given, day, reason, current_view("read_figures").user)
    url.later("weights", "own")


def _history(
    filters: Filters, known: Sequence[OwnWeights], held: OwnWeights | None, view: View
) -> None:
    """List every set, the newest first, with who gave it when, why, and until when it held."""
    if not known:
        st.caption(t("This program has no weights of its own yet."))
        return
    st.markdown(f"**{t('Own weights so far')}**")
    for one in sorted(known, key=lambda w: -w.number):
        with st.container(border=True, gap="xsmall", key=f"own-set-{one.number}"):
            st.markdown(_told(one, in_use=held is not None and held.number == one.number))
            if one.removed_at is None and view.user.may("import"):
                st.button(
                    t("Take back"),
                    key=f"own-undo-{one.number}",
                    type="tertiary",
                    icon=":material/undo:",
                    help=t("The weights before these hold again. Nothing is deleted."),
                    on_click=_take_back,
                    args=(filters.program, one.number),
                )
    problem = st.session_state.pop("_own_problem", None)
    if problem is not None:
        show_problem(problem)


def _take_back(program: str, number: int) -> None:
    try:
        take_weights_back(store(), program, number, current_view("read_figures").user)
    except Problem as problem:
        st.session_state["_own_problem"] = problem


def _told(one: OwnWeights, *, in_use: bool) -> str:
    f = formats()
    points = " · ".join(f"{dimension_name(k)} {v:g}" for k, v in one.points.items() if v)
    if one.removed_at is not None:
        parts = {"who": inert(one.removed_by or ""), "when": f.moment(one.removed_at)}
        state = f":gray-badge[{t(msg('taken back by {who}, {when}', **parts))}]"
    elif in_use:
        state = f":gray-badge[{t('in use for this period')}]"
    else:
        state = ""
    day = t(msg("from {day}", day=f.day(one.valid_from)))
    who = f"{inert(one.made_by)}, {f.moment(one.made_at)}"
    return f"**{day}** {state}  \n{points}  \n:gray[{inert(one.reason)} — {who}]"


def _do(work: Callable[[], None]) -> None:
    try:
        work()
    except Problem as problem:
        show_problem(problem)
    else:
        st.rerun()
