"""The shared filters: program, period, comparison and groups, in the sidebar and the URL."""

from __future__ import annotations

from datetime import date
from typing import Final

import streamlit as st

from csat.model.filters import COMPARE_LABELS, Compare, Filters, parse_day
from csat.model.message import N_, msg
from csat.model.period import Period
from csat.model.problem import UsageProblem
from csat.model.vocabulary import CUT_LABELS, SURVEY_CUTS
from csat.queries.catalogue import Program
from csat.queries.extent import Extent
from csat.queries.health import latest_months
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.language import t

PERIODS: Final[dict[str, str]] = {
    "m3": N_("Latest 3 whole months"),
    "m1": N_("Latest whole month"),
    "m12": N_("Latest 12 whole months"),
    "all": N_("All dates"),
    "custom": N_("Own dates"),
}
_MONTHS: Final = {"m1": 1, "m3": 3, "m12": 12}


def filter_bar(known: tuple[Program, ...], *, program_only: bool = False) -> Filters:
    """Draw the shared filters and return what they choose.

    Parameters
    ----------
    program_only
        On a page that is about no period and no groups. What was chosen elsewhere is kept.
    """
    keys = [p.key for p in known]
    titles = {p.key: t(p.title) if p.simulated else p.title for p in known}
    program = url.choose(
        t("Program"),
        "program",
        keys,
        keys[0],
        titles.__getitem__,
        on_change=url.clear,
        args=("case",),
    )
    url.note("program", program)
    if program_only:
        return Filters.of(program)
    span: Extent = cached("extent", program)
    period = _period(span)
    compare = _compare(span, period)
    chosen = {}
    groups = cached("groups", program)
    asked = cached("surveys", program)
    active = sum(len(st.session_state.get(k, [])) for k in (*SURVEY_CUTS, "survey"))
    label = t(msg("Groups ({n} chosen)", n=active)) if active else t("Groups")
    with st.expander(label, expanded=bool(active), icon=":material/filter_alt:"):
        for cut in SURVEY_CUTS:
            if groups[cut]:
                chosen[cut] = url.choose_many(
                    t(CUT_LABELS[cut]), cut, groups[cut], placeholder=t("All")
                )
        if len(asked) > 1:
            names = dict(asked)
            chosen["survey"] = url.choose_many(
                t("Survey"), "survey", list(names), names.__getitem__, placeholder=t("All")
            )
        if active:
            st.button(
                t("Clear groups"),
                on_click=url.clear,
                args=(*SURVEY_CUTS, "survey"),
                icon=":material/close:",
                width="stretch",
            )
    return Filters.of(
        program,
        period=period,
        compare=compare,
        branches=chosen.get("branch", ()),
        channels=chosen.get("channel", ()),
        segments=chosen.get("segment", ()),
        touchpoints=chosen.get("touchpoint", ()),
        surveys=chosen.get("survey", ()),
    )


def _period(span: Extent) -> Period | None:
    chosen = url.choose(t("Period"), "period", list(PERIODS), "m3", lambda code: t(PERIODS[code]))
    if chosen in _MONTHS:
        return latest_months(span, _MONTHS[chosen])
    if chosen == "all" or span.first is None or span.last is None:
        return None
    default = latest_months(span, 3) or Period(span.first, span.last)
    left, right = st.columns(2)
    first = _day(left, "from", t("From"), default.first)
    last = _day(right, "to", t("To"), default.last)
    if last < first:
        st.warning(t("The end lies before the start; showing one day."))
        last = first
    url.note("from", first.isoformat())
    url.note("to", last.isoformat())
    return Period(first, last)


def _day(place: st.delta_generator.DeltaGenerator, key: str, label: str, default: date) -> date:
    known = st.session_state.get(key, default)
    if not isinstance(known, date):
        try:
            known = parse_day(str(known))
        except UsageProblem:
            known = default
    st.session_state[key] = known
    value = place.date_input(label, key=key, format="YYYY-MM-DD", persist_state="session")
    return value if isinstance(value, date) else default


def _compare(span: Extent, period: Period | None) -> Compare:
    """Ask what to compare with; last year where the data reaches that far, as it holds season."""
    if period is None:
        return "none"
    code = url.choose(
        t("Compared with"),
        "compare",
        list(COMPARE_LABELS),
        span.usual_comparison(period),
        lambda c: t(COMPARE_LABELS[c]),
    )
    options: dict[str, Compare] = {"previous": "previous", "last_year": "last_year", "none": "none"}
    return options[code]


def sentence(filters: Filters) -> str:
    """Say the filters as one sentence in the reader's language."""
    text = t("; ").join(t(part) for part in filters.sentence())
    return text[:1].upper() + text[1:]
