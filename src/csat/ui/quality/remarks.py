"""From a question to what customers wrote who answered it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.dimension_rows import DimensionRow
from csat.queries.remarks import remarks
from csat.ui import url
from csat.ui.cached import store
from csat.ui.language import formats, t
from csat.ui.quality.words import row_name
from csat.ui.view import View

_RATING: Final = 70
"""Pixels of the column of ratings: the room belongs to what was written."""


def comments_of(filters: Filters, rows: Sequence[DimensionRow], view: View) -> None:
    """Draw the choice of a question, and the comments of those who answered it."""
    if not view.user.may("read_narratives"):
        return
    names = {str(r.item): row_name(r) for r in rows}
    item = url.choose(
        t("Comments of customers who answered"),
        "item",
        ["", *names],
        "",
        lambda key: names.get(key) or t("choose a question"),
    )
    if not item:
        return
    found = remarks(store(), filters, item, user=view.user, thresholds=view.limits)
    f = formats()
    if found.total is None:
        text = msg("Comments are withheld: fewer than {n} customers.", n=view.limits.comments_under)
        st.info(t(text), icon=":material/visibility_off:")
        return
    if not found.total:
        st.caption(t("Nobody who answered this question left a comment here."))
        return
    counted = msg(
        "{n} customers with a comment; the lowest ratings first, {shown} shown.",
        n=f.count(found.total),
        shown=len(found.rows),
    )
    st.caption(t(counted))
    frame = pd.DataFrame(
        {
            t("Rating"): [int(r["rating"]) for r in found.rows],
            t("Comment"): [r["body"] for r in found.rows],
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        alt=t(counted),
        height="content",
        column_config={t("Rating"): st.column_config.NumberColumn(width=_RATING)},
    )
