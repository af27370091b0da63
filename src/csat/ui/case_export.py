"""Exactly the cases chosen as a file, made when it is asked for."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from csat import __version__
from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries import complaints
from csat.queries.facts import facts
from csat.reports.case_export import Cover, cases_csv, cases_workbook
from csat.reports.streamed import MOST_ROWS
from csat.ui.cached import store
from csat.ui.filter_bar import sentence
from csat.ui.language import formats, t
from csat.ui.view import View


def export(filters: Filters, total: int, view: View) -> None:
    """Draw the download buttons; texts and ids of customers only for those who may read them."""
    with st.popover(
        t("Export"), icon=":material/download:", key="export", on_change="rerun"
    ) as box:
        if not box.open:
            return
        if not view.user.may("read_narratives"):
            st.caption(t("Without texts and ids of customers, which your role may not read."))
        name = f"{filters.program}-complaints"
        st.download_button(
            t(msg("CSV, {n} cases", n=total)),
            lambda: _csv(filters, view),
            f"{name}.csv",
            "text/csv",
            icon=":material/csv:",
            on_click="ignore",
            key="export-csv",
        )
        cover = _cover(filters, total, view)
        sheets = -(-total // (MOST_ROWS - 1))
        text = msg("Workbook (XLSX), {n} cases and a cover sheet", n=total)
        if sheets > 1:
            text = msg("Workbook (XLSX), {n} cases in {m} sheets and a cover", n=total, m=sheets)
        st.download_button(
            t(text),
            lambda: _workbook(filters, view, cover),
            f"{name}.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            icon=":material/table_view:",
            on_click="ignore",
            key="export-xlsx",
        )


def _csv(filters: Filters, view: View) -> bytes:
    with cases_csv(*complaints.export(store(), filters, user=view.user)) as file:
        return file.read()


def _workbook(filters: Filters, view: View, cover: Cover) -> bytes:
    header, batches = complaints.export(store(), filters, user=view.user)
    with cases_workbook(header, batches, cover, "cases") as file:
        return file.read()


def _cover(filters: Filters, total: int, view: View) -> Cover:
    """Say what the workbook holds, while the reader's language is known."""
    known = facts(store(), filters.program)
    read = t("yes") if view.user.may("read_narratives") else t("no")
    lines = [
        (t("Program"), known.program.title),
        (t("Filters"), sentence(filters.with_(compare="none"))),
        (t("Cases"), formats().count(total)),
        (t("Time zone of all moments"), known.program.timezone),
        (t("Texts and ids of customers"), read),
        (t("Exported"), f"{formats().moment(datetime.now())} · {view.user.name}"),
        (t("Batches"), "; ".join(known.batches)),
        (t("Data version"), str(known.version)),
        (t("Software"), f"csat {__version__}"),
    ]
    if known.program.simulated:
        lines.insert(1, ("", t("Simulated data, no real customers")))
    return Cover(t("Complaints"), tuple(lines))
