"""The mappings that can be used: looked at, taken home as a file, and taken in from one."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.ingest.library import known, read_shared, save
from csat.ingest.mapping import Mapping
from csat.ingest.preset import preset_names
from csat.ingest.roles import KIND_LABELS
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import Problem
from csat.ui.cached import store
from csat.ui.charts import show_table
from csat.ui.language import t
from csat.ui.view import show_problem

_LIMIT_MB = 2


def mapping_title(mapping: Mapping) -> str:
    """Return the title of a mapping: translated where csat ships it, else as a person wrote it."""
    return t(mapping.title) if mapping.name in preset_names() else mapping.title


def mapping_library(user: User) -> None:
    """List every mapping, offer each as a file, and save one that someone shares."""
    found = known(store())
    rows = [
        (mapping_title(m), m.name, t(KIND_LABELS[m.kind]), len(m.columns), t(m.description))
        for m in found
    ]
    show_table(
        pd.DataFrame(
            rows, columns=[t("Title"), t("Name"), t("Kind"), t("Columns"), t("Description")]
        ),
        alt=t("Mappings that can be used"),
    )
    by_name = {m.name: m for m in found}
    left, right = st.columns(2)
    with left:
        chosen = st.selectbox(t("Mapping to share"), list(by_name), key="share-mapping")
        st.download_button(
            t("Save this mapping as a file"),
            by_name[chosen].to_json(),
            file_name=f"{chosen}.json",
            mime="application/json",
            icon=":material/download:",
            key="share-download",
        )
    with right:
        file = st.file_uploader(
            t("Mapping that someone shares (JSON)"),
            type=[".json"],
            max_upload_size=_LIMIT_MB,
            key="share-upload",
        )
        if file is not None:
            _take_in(file.getvalue(), file.name, user)


def _take_in(content: bytes, file_name: str, user: User) -> None:
    """Save a shared mapping; one of the same name and content is there already."""
    try:
        mapping = read_shared(content, file_name)
        kept = {m.name: m for m in known(store())}
        if kept.get(mapping.name) != mapping:
            save(store(), mapping, user)
            st.rerun()
    except Problem as problem:
        show_problem(problem)
        return
    st.success(
        t(msg("The mapping '{name}' can be used.", name=mapping.name)),
        icon=":material/check_circle:",
    )
