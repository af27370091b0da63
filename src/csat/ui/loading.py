"""The last steps of an upload: check every row, then load the file as one batch."""

from __future__ import annotations

from datetime import date

import streamlit as st

from csat.ingest.batches import commit, dry_run
from csat.ingest.checking import Checked
from csat.ingest.library import known, save
from csat.ingest.mapping import Mapping
from csat.ingest.reading import Source
from csat.model.message import msg
from csat.ui import url
from csat.ui.cached import store
from csat.ui.checked import show_checked
from csat.ui.language import t
from csat.ui.view import View


def check_and_load(
    source: Source,
    mapping: Mapping,
    program: str,
    rows_read: int,
    view: View,
    as_of: date | None,
) -> None:
    """Offer to check the rows of a file, and to load it once its check was seen."""
    signature = (source.sha256, source.reading.to_json(), mapping.to_json(), program)
    if st.button(t(msg("Check {n} rows", n=rows_read)), icon=":material/fact_check:"):
        with st.spinner(t("Checking every row"), show_time=True):
            st.session_state["_checked"] = (signature, dry_run(store(), source, mapping, program))
    held = st.session_state.get("_checked")
    if not held or held[0] != signature:
        st.caption(t("Nothing is written before you have seen the check."))
        return
    checked: Checked = held[1]
    show_checked(checked, source)
    if checked.rows_accepted == 0:
        st.warning(t("There is no row to load."))
        return
    if st.button(
        t(msg("Load {n} rows", n=checked.rows_accepted)), type="primary", icon=":material/upload:"
    ):
        _load(source, mapping, program, view, as_of)


def _load(source: Source, mapping: Mapping, program: str, view: View, as_of: date | None) -> None:
    with st.spinner(t("Loading"), show_time=True):
        names = {m.name for m in known(store())}
        loaded = commit(
            store(),
            source,
            mapping,
            program=program,
            user=view.user,
            timezone=st.session_state.get("new-timezone", "UTC"),
            as_of=as_of,
        )
        if mapping.name not in names:
            save(store(), mapping, view.user)
    st.session_state["_loaded"] = msg(
        "{n} rows of {name} are loaded into {program} as batch {batch}.",
        n=loaded.checked.rows_accepted,
        name=source.name,
        program=program,
        batch=loaded.batch_id,
    )
    st.session_state["_uploads"] = st.session_state.get("_uploads", 0) + 1
    url.later("program", program)
    st.rerun()
