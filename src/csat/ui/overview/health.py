"""The data's own health: how old, how many, how much is missing."""

from __future__ import annotations

import streamlit as st

from csat.model.filters import Filters
from csat.model.message import msg
from csat.ui.cached import cached
from csat.ui.language import formats, t


def data_health(filters: Filters) -> None:
    """Say how fresh and how whole the data behind the page are."""
    st.header(t("The data behind this page"), anchor=False)
    state, f = cached("health", filters.program), formats()
    rows = [
        (t("Latest record"), f.day(state.last_day) if state.last_day else "—"),
        (t("Responses / complaints"), f"{f.count(state.responses)} / {f.count(state.complaints)}"),
        (
            t("Rows refused at import"),
            t(
                msg(
                    "{refused} of {read}",
                    refused=f.count(state.rows_refused),
                    read=f.count(state.rows_read),
                )
            ),
        ),
        (t("Batches"), f.count(state.batches)),
    ]
    if state.unanswered_share is not None:
        rows.append(
            (
                t("Responses without a headline answer"),
                f.value(100 * state.unanswered_share, "percent"),
            )
        )
    if state.empty_months:
        listed = t(", ").join(f.period(f"{m // 100}-{m % 100:02d}") for m in state.empty_months[:4])
        more = "" if len(state.empty_months) <= 4 else " …"
        rows.append((t("Months without answers"), f"{len(state.empty_months)}: {listed}{more}"))
    st.caption(" · ".join(t(msg("{name}: **{value}**", name=n, value=v)) for n, v in rows))
