"""The filters of the complaints page: search, category tree, severity and status, and pills."""

from __future__ import annotations

from typing import Final

import streamlit as st

from csat.model.case_stages import CONDUCT, TYPE_LABELS
from csat.model.case_states import STANDING_LABELS, STATE_FILTERS, Due, state_words
from csat.model.category import category_names
from csat.model.cause_tree import CauseTree
from csat.model.conformance import Cell
from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.model.problem import Problem, UsageProblem
from csat.model.search import parse_search
from csat.model.vocabulary import SEVERITY_LABELS, STATUS_LABELS
from csat.queries.case_facets import Panel
from csat.queries.conformance import require_shown
from csat.queries.targets import require_target
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.category_tree import category_tree, cause_tree, settle_categories
from csat.ui.language import formats, t
from csat.ui.view import View, show_problem

PANEL: Final = ("category", "cause", "severity", "status", "outcome", "type", *STATE_FILTERS)
_QUICK: Final = {"overdue": ("sla", "overdue"), "urgent": ("urgency", "urgent")}
_LISTED: Final = {
    "cause": "causes",
    "severity": "severities",
    "status": "statuses",
    "outcome": "outcomes",
}
"""Filters by the values of a column, and their field of the filters and of the counts."""
_NAMES: Final = {"severity": SEVERITY_LABELS, "status": STATUS_LABELS}
_SYNTAX: Final = (
    (N_("meter reading"), N_("both words, in any order, also inside longer words")),
    (N_('"late fee"'), N_("exactly this phrase")),
    (N_("refund OR compensation"), N_("at least one of them")),
    (N_("refund NOT fee"), N_("the first and not the second; also written -fee")),
    (N_("(refund OR 退款) meter"), N_("brackets hold together what belongs together")),
)


def panel(base: Filters, view: View) -> tuple[Filters, tuple[int, int]]:
    """Draw search and filters in as little room as they need, and return what they choose.

    A search that cannot be read is said to be so and left out. Returned with the filters is how
    many cases they choose, and how many of them only as counts.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="panel"):
        search = _search(view)
        base = base.with_(search=search, conformance=_cell(base, view), types=_types(base.program))
        _quick()
        known: Panel = cached("filter_panel", base)
        categories = settle_categories(known.tree)
        chosen: dict[str, list[str]] = {
            field: _settled(name, list(getattr(known, field))) for name, field in _LISTED.items()
        }
        chosen |= {field: _state(name, base.program) for name, field in STATE_FILTERS.items()}
        filters = base.with_(categories=categories, **chosen)
        here: Panel = cached("filter_panel", filters) if filters != base else known
        label = msg("Category ({n} chosen)", n=len(categories)) if categories else t("Category")
        with st.popover(t(label), icon=":material/account_tree:", key="categories"):
            category_tree(known.tree, here.tree)
        _causes(base.program, known, here)
        _standings(filters)
        _more(base.program, known, here)
    return filters, (here.total, here.only_counted)


def _settled(name: str, options: list[str]) -> list[str]:
    """Return the valid values chosen of a column."""
    url.settle_list(name, options)
    return list(st.session_state[name])


def _state(name: str, program: str) -> list[str]:
    """Return the valid codes of a filter that figures set when clicked, and pills take away."""
    valid = []
    for code in st.session_state.get(name, []):
        try:
            state_words(name, code)
            if name == "due":
                require_target(store(), program, Due.of(code).target)
        except UsageProblem:
            continue
        valid.append(code)
    url.settle_list(name, valid)
    url.note(name, valid)
    return valid


def _standings(filters: Filters) -> None:
    """Draw the choice among the ways a case can stand; counted only while it is open."""
    active = len(st.session_state.get("sla", []))
    label = f"{t('Service level')} ({active})" if active else t("Service level")
    f = formats()
    with st.popover(label, icon=":material/timer:", key="list-sla", on_change="rerun") as box:
        counts = cached("standing_counts", filters.with_(standings=())) if box.open else {}
        url.choose_many(
            t("Service level"),
            "sla",
            list(STANDING_LABELS),
            lambda c: (
                t(STANDING_LABELS[c]) + (f" ({f.count(counts.get(c, 0))})" if box.open else "")
            ),
            placeholder=t("All"),
        )


def _quick() -> None:
    """Draw the two choices that a team makes every morning as one click each."""
    names = {"overdue": t("Overdue"), "urgent": t("Urgent")}
    st.session_state["quick"] = [
        q for q, (key, code) in _QUICK.items() if code in st.session_state.get(key, [])
    ]
    st.pills(
        t("Quick choice"),
        list(names),
        selection_mode="multi",
        format_func=names.__getitem__,
        key="quick",
        label_visibility="collapsed",
        on_change=_take_quick,
    )


def _take_quick() -> None:
    for name, (key, code) in _QUICK.items():
        wanted = [v for v in st.session_state.get(key, []) if v != code]
        if name in st.session_state["quick"]:
            wanted.append(code)
        st.session_state[key] = wanted


def _cell(base: Filters, view: View) -> str:
    """Return the cell of the matrix of conformance that the link names, if it may be shown."""
    code = str(st.session_state.get("conformance", "") or "")
    if not code:
        return ""
    try:
        chosen = base.with_(conformance=Cell.of(code).code)
        require_shown(store(), chosen, view.limits)
    except Problem as problem:
        show_problem(problem)
        return ""
    url.note("conformance", code)
    return code


def _types(program: str) -> list[str]:
    """Return the types of cases chosen, where the program has more than complaints."""
    has_both = bool(cached("types_of_cases", program).get(CONDUCT))
    return _settled("type", list(TYPE_LABELS) if has_both else [])


def _search(view: View) -> str:
    """Draw the search box with its syntax, for those who may read texts."""
    if not view.user.may("read_narratives"):
        return ""
    typed = st.text_input(
        t("Search in complaint texts"),
        key="search",
        label_visibility="collapsed",
        placeholder=t("Words or a case number"),
        icon=":material/search:",
        persist_state="session",
        width=215,
    )
    search = (typed or "").strip()
    url.note("search", search)
    with st.popover("", icon=":material/help:", help=t("How to search"), key="search-help"):
        for example, meaning in _SYNTAX:
            st.markdown(f"`{t(example)}`  \n{t(meaning)}")
        st.caption(t("Capitals do not matter, except in AND, OR and NOT."))
    try:
        parse_search(search)
    except UsageProblem as problem:
        show_problem(problem)
        return ""
    return search


def _more(program: str, known: Panel, here: Panel) -> None:
    """Draw the filters that are needed less often, in one place."""
    listed = ("severity", "status", "outcome", "type")
    active = sum(len(st.session_state.get(key, [])) for key in listed)
    label = msg("More filters ({n})", n=active) if active else t("More filters")
    with st.popover(t(label), icon=":material/filter_list:", key="list-more"):
        _choice("severity", known.severities, here.severities, t("Severity"))
        _choice("status", known.statuses, here.statuses, t("Status"))
        _choice("outcome", known.outcomes, here.outcomes, t("Outcome"))
        counts: dict[str, int] = cached("types_of_cases", program)
        if counts.get(CONDUCT):
            f = formats()
            url.choose_many(
                t("Type of case"),
                "type",
                list(TYPE_LABELS),
                lambda c: f"{t(TYPE_LABELS[c])} ({f.count(counts.get(c, 0))})",
                placeholder=t("Complaints"),
            )


def _causes(program: str, known: Panel, here: Panel) -> None:
    """Draw the causes: below the themes of the program's tree where it has one."""
    tree: CauseTree | None = cached("cause_tree", program)
    if tree is None or not any(known.causes):
        _listed("cause", known.causes, here.causes, t("Cause"))
        return
    chosen = list(st.session_state["cause"])
    url.note("cause", chosen)
    label = msg("Cause ({n} chosen)", n=len(chosen)) if chosen else t("Cause")
    with st.popover(t(label), icon=":material/account_tree:", key="list-cause"):
        cause_tree(tree.themes, known.causes, here.causes)


def _listed(column: str, known: dict[str, int], counts: dict[str, int], title: str) -> None:
    """Draw a choice among the values of a column in a place of its own."""
    active = len(st.session_state.get(column, []))
    if any(known):
        label = f"{title} ({active})" if active else title
        with st.popover(label, icon=":material/filter_list:", key=f"list-{column}"):
            _choice(column, known, counts, title)


def _choice(column: str, known: dict[str, int], counts: dict[str, int], title: str) -> None:
    """Draw a choice among the values of a column, each with the cases it would leave."""
    names = _NAMES.get(column, {})
    options = [c for c in names if c in known] + [c for c in known if c not in names]
    if not any(options):
        return
    f = formats()
    url.choose_many(
        title,
        column,
        options,
        lambda c: f"{t(names.get(c, c)) if c else t('not stated')} ({f.count(counts.get(c, 0))})",
        placeholder=t("All"),
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def pills(filters: Filters) -> None:
    """Show what is chosen as buttons that take it away again."""
    chosen = [("category", v, " › ".join(category_names(v)) or t("not stated"))
              for v in filters.categories]  # fmt: skip
    chosen += [("cause", v, v or t("not stated")) for v in filters.causes]
    chosen += [("severity", v, t(SEVERITY_LABELS.get(v, v))) for v in filters.severities]
    chosen += [("type", v, t(TYPE_LABELS.get(v, v))) for v in filters.types]
    chosen += [("status", v, t(STATUS_LABELS.get(v, v))) for v in filters.statuses]
    chosen += [("outcome", v, v or t("not stated")) for v in filters.outcomes]
    for name, field in STATE_FILTERS.items():
        values = getattr(filters, field)
        quick = {code for key, code in _QUICK.values() if key == name}  # take themselves away
        chosen += [(name, v, _capital(t(state_words(name, v)))) for v in values if v not in quick]
    if not chosen and not filters.search and not filters.conformance:
        return
    with st.container(horizontal=True, gap="small"):
        for key, value, text in chosen:
            st.button(
                text,
                icon=":material/close:",
                key=f"drop-{key}-{value}",
                on_click=url.drop,
                args=(key, value),
            )
        if filters.search:
            st.button(
                f"“{filters.search}”",
                icon=":material/close:",
                key="drop-search",
                on_click=url.clear,
                args=("search",),
            )
        if filters.conformance:
            st.button(
                t(Cell.of(filters.conformance).words),
                icon=":material/close:",
                key="drop-conformance",
                on_click=url.clear,
                args=("conformance",),
            )
        st.button(
            t("Clear all"),
            type="tertiary",
            key="clear-all",
            on_click=url.clear,
            args=(*PANEL, "search", "conformance"),
        )
