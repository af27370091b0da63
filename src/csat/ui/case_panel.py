"""The filters of the complaints page: search, category tree, severity and status, and pills."""

from __future__ import annotations

from typing import Final

import streamlit as st

from csat.model.case_stages import CONDUCT, TYPE_LABELS
from csat.model.category import category_names
from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.model.problem import UsageProblem
from csat.model.search import parse_search
from csat.model.vocabulary import SEVERITY_LABELS, STATUS_LABELS
from csat.queries.complaints import Panel
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.category_tree import category_tree, settle_categories
from csat.ui.language import formats, t
from csat.ui.view import View, show_problem

PANEL: Final = ("category", "severity", "status", "type")
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
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="panel"):
        search = _search(view)
        base = base.with_(search=search, types=_types(base))
        known: Panel = cached("filter_panel", base)
        tree = known.tree
        categories = settle_categories(tree)
        label = msg("Category ({n} chosen)", n=len(categories)) if categories else t("Category")
        with st.popover(t(label), icon=":material/account_tree:", key="categories"):
            category_tree(tree)
        chosen = {
            "severity": _listed("severity", known.severities, SEVERITY_LABELS, t("Severity")),
            "status": _listed("status", known.statuses, STATUS_LABELS, t("Status")),
        }
    filters = base.with_(
        categories=categories, severities=chosen["severity"], statuses=chosen["status"]
    )
    if filters == base:  # counted already, beside the filters
        return filters, (known.total, known.only_counted)
    return filters, cached("counts", filters)


def _types(base: Filters) -> list[str]:
    """Draw the choice between complaints and conduct cases, where the program has both."""
    counts: dict[str, int] = cached("types_of_cases", base.program)
    if not counts.get(CONDUCT):
        return []
    f = formats()
    return url.choose_many(
        t("Type of case"),
        "type",
        list(TYPE_LABELS),
        lambda c: f"{t(TYPE_LABELS[c])} ({f.count(counts.get(c, 0))})",
        placeholder=t("Complaints"),
    )


def _search(view: View) -> str:
    """Draw the search box with its syntax, for those who may read texts."""
    if not view.user.may("read_narratives"):
        return ""
    typed = st.text_input(
        t("Search in complaint texts"),
        key="search",
        placeholder=t("Words, a phrase or a case number"),
        icon=":material/search:",
        persist_state="session",
        width=320,
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


def _listed(column: str, counts: dict[str, int], names: dict[str, str], title: str) -> list[str]:
    """Draw a choice among the values of a column, each with its count."""
    options = [c for c in names if c in counts]
    options += [c for c in counts if c and c not in names]
    if not options:
        return []
    active = len(st.session_state.get(column, []))
    label = f"{title} ({active})" if active else title
    f = formats()
    with st.popover(label, icon=":material/filter_list:", key=f"list-{column}"):
        return url.choose_many(
            title,
            column,
            options,
            lambda c: f"{t(names.get(c, c))} ({f.count(counts.get(c, 0))})",
            placeholder=t("All"),
        )


def pills(filters: Filters) -> None:
    """Show what is chosen as buttons that take it away again."""
    chosen = [("category", v, " › ".join(category_names(v)) or t("not stated"))
              for v in filters.categories]  # fmt: skip
    chosen += [("severity", v, t(SEVERITY_LABELS.get(v, v))) for v in filters.severities]
    chosen += [("type", v, t(TYPE_LABELS.get(v, v))) for v in filters.types]
    chosen += [("status", v, t(STATUS_LABELS.get(v, v))) for v in filters.statuses]
    if not chosen and not filters.search:
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
        st.button(
            t("Clear all"),
            type="tertiary",
            key="clear-all",
            on_click=url.clear,
            args=(*PANEL, "search"),
        )
