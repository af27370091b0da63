"""Data: load files, see what is loaded, undo."""

import json
from typing import Any

import pandas as pd
import streamlit as st

from csat.ingest.reasons import read_reason
from csat.ingest.roles import KIND_LABELS
from csat.ingest.undo import undo
from csat.model.message import Message, msg
from csat.model.problem import Problem
from csat.model.settings import Config
from csat.queries.loads import refused
from csat.sample_program import PROGRAM, load_sample, remove_sample
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.charts import show_table
from csat.ui.language import formats, language, t
from csat.ui.mapping_library import mapping_library
from csat.ui.receipts import show_receipts
from csat.ui.upload import upload
from csat.ui.view import View, current_view, page_head, show_problem


def batches() -> None:
    """List every batch, and open one."""
    f = formats()
    rows: list[dict[str, Any]] = cached("batches")
    if not rows:
        st.info(t("No file has been loaded yet."), icon=":material/info:")
        return
    titles = {p.key: t(p.title) if p.simulated else p.title for p in cached("programs")}
    states = {"active": t("in use"), "undone": t("undone")}
    frame = pd.DataFrame(
        {
            t("Batch"): [r["batch_id"] for r in rows],
            t("Program"): [titles.get(r["program"], r["program"]) for r in rows],
            t("File"): [r["file_name"] for r in rows],
            t("Kind"): [t(KIND_LABELS[r["kind"]]) for r in rows],
            t("New"): [f.count(r["rows_accepted"] - r["rows_updated"]) for r in rows],
            t("Updated"): [f.count(r["rows_updated"]) for r in rows],
            t("Refused"): [f.count(r["rows_refused"]) for r in rows],
            t("Already loaded"): [f.count(r["rows_duplicate"]) for r in rows],
            t("Loaded (UTC)"): [f.moment(r["loaded_at"]) for r in rows],
            t("Loaded by"): [r["loaded_by"] for r in rows],
            t("State"): [states[r["status"]] for r in rows],
        }
    )
    event = st.dataframe(
        frame,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        key="batches",
        alt=t("Batches, newest first"),
    )
    st.caption(t("Select a row to see its details or to undo it."))
    if event.selection.rows and event.selection.rows[0] < len(rows):
        one_batch(rows[event.selection.rows[0]])


def one_batch(row: dict[str, Any]) -> None:
    f = formats()
    reading = json.loads(row["reading_json"])
    with st.container(border=True):
        st.header(t(msg("Batch {batch}", batch=str(row["batch_id"]))), anchor=False)
        facts = [
            (t("File"), row["file_name"]),
            (t("Fingerprint (SHA-256)"), row["file_sha256"]),
            (t("Mapping"), row["mapping_name"]),
            (t("Encoding"), reading.get("encoding") or "—"),
            (t("Sheet"), reading.get("sheet") or "—"),
            (t("Complete up to"), f.day(row["as_of"]) if row["as_of"] else "—"),
            (t("Rows read"), f.count(row["rows_read"])),
        ]
        if row["status"] == "undone":
            facts.append((t("Undone"), f"{f.moment(row['undone_at'])} · {row['undone_by']}"))
        show_table(
            pd.DataFrame(facts, columns=[t("Field"), t("Content")]),
            alt=t("What is recorded about the batch"),
        )
        if row["rows_refused"]:
            found = refused(store(), row["batch_id"])
            st.markdown(f"**{t('Refused rows')}**")
            show_table(
                pd.DataFrame(
                    [
                        [r["row_no"], r["column_name"], r["value"], t(read_reason(r["reason"]))]
                        for r in found
                    ],
                    columns=[t("Row"), t("Column"), t("Value"), t("Reason")],
                ),
                alt=t("Refused rows with row number, column, value and reason"),
            )
        if row["status"] == "active":
            with st.popover(t("Undo this batch"), icon=":material/undo:"):
                st.markdown(
                    t(msg("All {n} rows of this batch leave every figure.", n=row["rows_accepted"]))
                )
                if row["rows_updated"]:
                    st.markdown(t("The rows it updated return to their earlier version."))
                if st.button(t("Undo now"), type="primary", key=f"undo-{row['batch_id']}"):
                    again = undo(store(), row["batch_id"], view.user)["again"]
                    st.session_state["_note"] = _undone(row["batch_id"], again)
                    st.rerun()


def _undone(batch: int, again: list[int]) -> Message:
    if not again:
        return msg("Batch {batch} is undone.", batch=str(batch))
    return msg(
        "Batch {batch} is undone. Later batches that held the same rows were read again: {again}",
        batch=str(batch),
        again=", ".join(map(str, again)),
    )


def mappings() -> None:
    st.caption(
        t(
            "Mappings say what each column of a file is. Those shipped with csat and those "
            "you saved are offered whenever a file has their columns."
        )
    )
    mapping_library(view.user)


def sample(page_view: View) -> None:
    """Load or remove the simulated program."""
    present = any(p.key == PROGRAM for p in cached("programs"))
    st.markdown(
        t(
            "The simulated program shows every page with made-up data: 25 months, 12 "
            "branches, 40,000 responses and 8,000 complaints, with known effects planted."
        )
    )
    if present:
        if st.button(t("Remove the simulated program"), icon=":material/delete:", type="primary"):
            with st.spinner(t("Removing"), show_time=True):
                remove_sample(store(), page_view.user)
            st.session_state["_note"] = msg("The simulated program is removed.")
            st.rerun()
    elif st.button(t("Load the simulated program"), icon=":material/science:", type="primary"):
        with st.spinner(t("Simulating and loading"), show_time=True):
            words = Config.from_environment().sample_language(language())
            load_sample(store(), page_view.user, language=words)
        url.later("program", PROGRAM)
        st.rerun()


view = current_view("import")
page_head(t("Data"), view)
names = {
    "load": t("Load a file"),
    "batches": t("Batches"),
    "mappings": t("Mappings"),
    "sample": t("Simulated program"),
}
chosen = url.choose_in_row(t("Show"), "tab", names)
told = st.session_state.pop("_note", None)
if told is not None:
    st.toast(t(told), icon=":material/check_circle:")
try:
    if chosen == "load":
        upload(view)
    elif chosen == "batches":
        batches()
        show_receipts()
    elif chosen == "mappings":
        mappings()
    else:
        sample(view)
except Problem as problem:
    show_problem(problem)
