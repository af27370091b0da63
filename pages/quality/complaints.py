"""Complaints: filter, read, and count the cases."""

from math import ceil
from typing import Any

import pandas as pd
import streamlit as st

from csat.ingest.roles import COMPLAINT_ROLES
from csat.model.answer import Figure
from csat.model.case_stages import CONDUCT
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.search import hits, parse_search, words_of
from csat.model.vocabulary import SEVERITY_LABELS, STATUS_LABELS
from csat.queries.case_columns import CONDUCT_COLUMNS
from csat.queries.complaints import listing
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.card import explain
from csat.ui.case import close_case, one_case, yes_no
from csat.ui.case_agreement import scores_beside
from csat.ui.case_causes import causes, months
from csat.ui.case_closed import after_closing
from csat.ui.case_export import export
from csat.ui.case_levels import levels
from csat.ui.case_panel import panel, pills
from csat.ui.case_places import places, standard_table
from csat.ui.case_stages import case_stages
from csat.ui.case_times import ages, waits
from csat.ui.empty import empty_store, nothing_chosen
from csat.ui.filter_bar import sentence
from csat.ui.highlight import excerpt
from csat.ui.language import formats, t
from csat.ui.view import View, current_view, page_head, page_link, show_problem

PAGE_SIZE = 25
VIEWS = (
    "cases",
    "causes",
    "volume",
    "times",
    "stages",
    "sla",
    "ages",
    "closed",
    "places",
    "scores",
    "standard",
)
COUNTED = ("volume", "causes", "standard")
"""Views that counts can fill, without a single case on record."""
EXCERPT = 160


def shown_text(text: str, words: tuple[str, ...]) -> str:
    """Return a text for the list; where words were searched, the stretch around the first."""
    return excerpt(text, hits(text, words), EXCERPT) if words else text


def case_table(rows: list[dict[str, Any]], words: tuple[str, ...]) -> pd.DataFrame:
    f = formats()
    timed = any((r["received_at"].hour, r["received_at"].minute) != (0, 0) for r in rows)
    return pd.DataFrame(
        {
            t("Case"): [r["case_no"] for r in rows],
            **(
                {t("Text"): [shown_text(r["narrative"] or "", words) for r in rows]}
                if rows and "narrative" in rows[0]
                else {}
            ),
            t("Received"): [
                f.moment(r["received_at"]) if timed else f.day(r["received_at"]) for r in rows
            ],
            t("Severity"): [
                t(SEVERITY_LABELS.get(r["severity"], r["severity"] or "")) for r in rows
            ],
            t("Status"): [t(STATUS_LABELS.get(r["status"], r["status"] or "")) for r in rows],
            t("Category"): [
                " › ".join(filter(None, (r["category"], r["category_2"]))) for r in rows
            ],
            t("Cause"): [r["cause"] or "" for r in rows],
            **{t(COMPLAINT_ROLES[c][0]): [r.get(c) or "" for r in rows] for c in CONDUCT_COLUMNS},
            t("Branch"): [r["branch"] or "" for r in rows],
            t("Answered in time"): [yes_no(r["timely"]) for r in rows],
        }
    )


def cases(filters: Filters, listed_total: int, view: View) -> None:
    pages = max(1, ceil(listed_total / PAGE_SIZE))
    listed = f"page-{hash(filters)}"  # every choice of cases starts at its first page
    page = min(int(st.session_state.get(listed, 1)), pages)
    found = listing(
        store(),
        filters,
        user=view.user,
        limit=PAGE_SIZE,
        offset=(page - 1) * PAGE_SIZE,
        total=listed_total,
    )
    frame = case_table(found.rows, words_of(parse_search(filters.search)))
    empty = [c for c in frame.columns if not frame[c].astype(bool).any()]
    event = st.dataframe(
        frame.drop(columns=empty),
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key=f"cases-{listed}-{page}-{st.session_state.get('_closed', 0)}",
        height=38 * 12,
        column_config={
            t("Status"): st.column_config.TextColumn(width=90),
            t("Text"): st.column_config.TextColumn(width=300),
        },
        alt=t(msg("{n} of {total} cases, newest first", n=found.shown, total=total)),
    )
    if pages > 1:
        st.pagination(pages, key=listed, persist_state="session")
    picked = event.selection.rows
    if picked and picked[0] < len(found.rows):
        st.session_state["case"] = found.rows[picked[0]]["case_no"]
    st.caption(t("Select a row to open the case."))


def without_targets(filters: Filters, view: View) -> None:
    """Say why nothing can be due: no target says until when."""
    if not {"overdue", "soon"} & set(filters.standings):
        return
    if cached("service_levels", Filters.of(filters.program), view.limits).standard is None:
        st.caption(t("No targets are set, so no case counts as overdue or soon due."))
        page_link("gaps", t("Standards on the Gaps page"), ":material/rule:")


view = current_view("read_narratives")
about = sentence(view.filters.with_(compare="none")) if view.filters is not None else ""
page_head(t("Complaints"), view, about)
if view.filters is None:
    empty_store(view.user)
elif not cached("types_of_cases", view.filters.program):
    st.info(
        t("This program has no complaint records. Load a complaint file on the Data page."),
        icon=":material/upload_file:",
    )
    page_link("data", t("Go to the Data page"), ":material/arrow_forward:")
else:
    names = {
        "cases": t("Cases"),
        "causes": t("Causes"),
        "volume": t("Volume"),
        "times": t("Time taken"),
        "stages": t("Stages"),
        "sla": t("Service levels"),
        "ages": t("Ageing"),
        "closed": t("After closing"),
        "places": t("Touchpoints"),
        "scores": t("Beside scores"),
        "standard": t("ISO 10002"),
    }
    filters, (total, counted) = panel(view.filters, view)
    everything = cached("count", Filters.of(filters.program, types=filters.types))
    pills(filters)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            t(
                msg("Showing **{n}** of **{total}** conduct cases", n=total, total=everything)
                if CONDUCT in filters.types
                else msg("Showing **{n}** of **{total}** complaints", n=total, total=everything)
            ),
            width="content",
        )
        here = Figure(
            "complaints_received", "total", float(total), "count", total, None, None, "not_compared"
        )
        explain(here, filters, view.limits)
        if total > counted:
            export(filters, total - counted, view)
    if counted:
        text = (
            msg("They come from files of counts: there are no cases to list or to open.")
            if total == counted
            else msg("{n} of them come from files of counts and cannot be opened.",
                     n=formats().count(counted))
        )  # fmt: skip
        st.caption(t(text))
    views = COUNTED if total and total == counted else VIEWS
    chosen = url.choose_in_row(t("Show"), "view", {v: names[v] for v in views})
    place = st.container()
    if chosen == "sla":
        levels(filters, view)
    elif total == 0:
        nothing_chosen()
        without_targets(filters, view)
    elif chosen == "cases":
        cases(filters, total - counted, view)
    elif chosen == "causes":
        causes(filters)
    elif chosen == "volume":
        months(filters, view)
    elif chosen == "times":
        waits(filters, view)
    elif chosen == "stages":
        case_stages(filters, view)
    elif chosen == "ages":
        ages(filters)
    elif chosen == "closed":
        after_closing(filters, view)
    elif chosen == "places":
        places(filters)
    elif chosen == "scores":
        scores_beside(filters, view)
    else:
        standard_table(filters, view)
    opened = st.session_state.get("case")
    if opened:
        with place:
            try:
                one_case(str(opened), filters, view)
                url.note("case", str(opened))
            except UsageProblem as problem:
                show_problem(problem)
                close_case()
