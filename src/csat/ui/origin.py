"""What figures are made of: filters, batches, version and SQL, in the popovers that explain."""

from __future__ import annotations

import streamlit as st

from csat import __version__
from csat.model.answer import Provenance
from csat.model.message import msg
from csat.ui.filter_bar import sentence
from csat.ui.language import t


def origin_of(origin: Provenance) -> None:
    """Write what an answer is made of, after its method."""
    st.text(sentence(origin.filters))
    st.text(t("; ").join(origin.batches))
    told = msg(
        "Data version {version} · csat {software}",
        version=origin.data_version,
        software=__version__,
    )
    st.text(t(told))
    reads_of(origin)


def reads_of(origin: Provenance) -> None:
    """Write the SQL that was run, with its parameters."""
    for sql, params in origin.reads:
        st.code(sql, language="sql", wrap_lines=True)
        st.json({k: str(v) for k, v in params.items()}, expanded=False)
