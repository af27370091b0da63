"""Importance against performance, with the doubt of each place."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.charts.quadrant import MOST_NAMES, QUADRANTS, Spot, quadrants, quadrants_alt
from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.importance import ImportanceAnswer
from csat.ui.cached import cached
from csat.ui.charts import draw, show_table
from csat.ui.inert import inert
from csat.ui.language import dark, formats, t, translate
from csat.ui.quality.words import dimension_name, listed, question_words
from csat.ui.view import View


def importance_grid(filters: Filters, view: View) -> None:
    """Draw importance against performance with the doubt of each place."""
    answer: ImportanceAnswer = cached("importance", filters, view.limits)
    if answer.grid is None:
        if answer.note is not None:
            st.info(t(answer.note), icon=":material/info:")
        return
    f, say, grid = formats(), translate(), answer.grid
    questions = answer.of == "questions"
    spots = [
        Spot(
            p.name,
            question_words(p.name, answer.wording.get(p.name, ""))
            if questions
            else dimension_name(p.name),
            p.importance,
            p.importance_low,
            p.importance_high,
            p.performance,
            p.performance_low,
            p.performance_high,
            p.quadrant,
            not p.borderline,
        )
        for p in grid.items
    ]
    st.markdown(f"**{quadrants_alt(spots, t=say)}**")
    picture = quadrants(
        spots,
        (grid.cross_importance, grid.cross_performance),
        dark=dark(),
        importance_unit="rating" if questions else "percent",
        t=say,
        fmt=f.value,
    )
    draw(picture, quadrants_alt(spots, t=say), key="quadrants")
    with st.expander(t("Table"), icon=":material/table:"):
        show_table(_placed(spots, questions=questions), alt=t("Importance"))
    if len(spots) > MOST_NAMES:
        st.caption(t("Not every mark has room for its key; the table names them all."))
    st.caption(
        t(
            msg(
                "Importance {what}; the lines are the means of all. A hollow mark is in doubt: "
                "fewer than 80% of resampled surveys put it in the same quadrant. n {n}.",
                what=t("as stated") if questions else t("in points of 100"),
                n=grid.n,
            )
        )
    )
    if answer.other_scales:
        names = [
            inert(question_words(key, answer.wording.get(key, "")))
            if questions
            else dimension_name(key)
            for key in answer.other_scales
        ]
        st.caption(
            t(
                msg(
                    "Left out, because they are not on the scale of the others: {names}",
                    names=listed(names),
                )
            )
        )


def _placed(spots: list[Spot], *, questions: bool) -> pd.DataFrame:
    f, unit = formats(), "rating" if questions else "percent"
    return pd.DataFrame(
        {
            "": [s.key if questions else "" for s in spots],
            t("Dimension or question"): [s.name for s in spots],
            t("Importance"): [f.value(s.importance, unit) for s in spots],
            t("Performance"): [f.value(s.performance, "rating") for s in spots],
            t("Place"): [
                t(QUADRANTS[s.quadrant]) if s.sure else t("in doubt: close to a line")
                for s in spots
            ],
        }
    )
