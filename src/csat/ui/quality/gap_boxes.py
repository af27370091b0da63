"""The boxes of the model in order, each with its gap or with what would measure it."""

from __future__ import annotations

from typing import Final

import streamlit as st

from csat.ingest.instruments import instrument
from csat.model.message import N_, msg
from csat.model.settings import Thresholds
from csat.queries.gap_rows import (
    GAP_MEANINGS,
    QUESTIONNAIRES,
    GapAnswer,
    GapRow,
    Measured,
)
from csat.ui.language import formats, language, t
from csat.ui.quality.forms import downloads
from csat.ui.quality.gap_words import VERDICTS, base, size, verdict_of
from csat.ui.quality.registers import open_register, register_template
from csat.ui.view import page_link

BOXES: Final[tuple[tuple[str, int], ...]] = (
    (N_("Management's belief"), 1),
    (N_("Specification"), 2),
    (N_("Delivery"), 3),
    (N_("Communication"), 4),
    (N_("Perception"), 5),
)
"""What stands in each box after the customers' expectation, and the gap before it."""


def boxes(answer: GapAnswer, dimension: str | None, limits: Thresholds) -> None:
    """Draw the six boxes of the model for a dimension (None: all)."""
    st.caption(t("Every gap is what is, less what should be: below zero falls short."))
    row_one, row_two = st.columns(3, gap="small"), st.columns(3, gap="small")
    places = [*row_one, *row_two]
    with places[0]:
        _expectation(answer, dimension)
    for place, (name, gap) in zip(places[1:], BOXES, strict=True):
        with place:
            _box(t(name), answer, gap, dimension, limits)


def _expectation(answer: GapAnswer, dimension: str | None) -> None:
    way, five, one = answer.way(dimension), answer.row(5, dimension), answer.row(1, dimension)
    level = way.expectation if way is not None else None
    if level is None and one is not None and one.measured is not None:
        level = one.measured.reference
    with st.container(border=True, height="stretch", gap="xsmall", key="gap-box-0"):
        st.markdown(f"**{t('Customers’ expectation')}**")
        f = formats()
        if level is not None:
            st.metric(t("Level desired"), f.value(level, "rating"), label_visibility="collapsed")
            st.caption(t("What customers want; all the rest is measured against it."))
        elif five is not None and five.measured is not None:
            st.caption(t("What customers want; it is part of gap 5."))
        else:
            hand_out(QUESTIONNAIRES[5], key="expectation")


def _box(name: str, answer: GapAnswer, gap: int, dimension: str | None, limits: Thresholds) -> None:
    row = answer.row(gap, dimension)
    record = answer.row(gap, dimension, "record")
    with st.container(border=True, height="stretch", gap="xsmall", key=f"gap-box-{gap}"):
        number = t(msg("Gap {n}", n=gap))
        st.markdown(f"**{name}** · {number}", help=t(GAP_MEANINGS[gap]))
        if row is None or (row.measured is None and not row.withheld):
            _unmeasured(row, gap)
        elif row.withheld or row.measured is None:
            hidden = t(msg("withheld (n < {n})", n=limits.withhold_under))
            st.metric(name, hidden, label_visibility="collapsed")
            if row.needs is not None:
                st.caption(t(row.needs))
        else:
            _measured(name, row, row.measured, limits)
        if record is not None:
            _recorded(record, limits)


def _recorded(record: GapRow, limits: Thresholds) -> None:
    """Say in a box what records tell, or what is missing for it."""
    found = record.measured
    if record.withheld:
        hidden = t(msg("withheld (n < {n})", n=limits.withhold_under))
        st.caption(t(msg("From records: {text}", text=hidden)))
    elif found is not None:
        told = msg(
            "From records: {size} ({words})", size=size(found, record.unit), words=verdict_of(found)
        )
        detail = "" if record.detail is None else f"  \n{t(record.detail)}"
        st.caption(t(told) + detail, help=t(record.meaning))
    elif record.needs is not None:
        st.caption(t(msg("From records: not measured: {needs}", needs=t(record.needs))))
        register = "promises" if record.gap == 4 else "standards"
        register_template(register, key=f"gap-{record.gap}")
        open_register(register, key=f"box-{record.gap}")


def _measured(name: str, row: GapRow, found: Measured, limits: Thresholds) -> None:
    st.metric(
        name,
        size(found, row.unit),
        verdict_of(found),
        label_visibility="collapsed",
        delta_color=VERDICTS[found.verdict][2],  # type: ignore[arg-type]
        delta_arrow="off",
    )
    few = min(n for n in (found.n, found.n_reference) if n is not None)
    caution = "⚠ " if few < limits.caution_under else ""
    st.caption(f"{caution}{t('Survey')} · {base(found)}", help=t(row.meaning))
    if row.also is not None and row.also.value is not None:
        told = msg(
            "Also rated as a whole: {size} (n {n})",
            size=size(row.also, "rating"),
            n=formats().count(row.also.n or 0),
        )
        st.caption(t(told))


def _unmeasured(row: GapRow | None, gap: int) -> None:
    if row is not None and row.needs is not None:
        st.markdown(t(msg("Not measured: {needs}", needs=t(row.needs))))
    hand_out(QUESTIONNAIRES[gap], key=str(gap))


def hand_out(questionnaire: str, *, key: str) -> None:
    """Draw a questionnaire to take away, and the way to load its answers."""
    chosen = instrument(questionnaire, language())
    st.caption(chosen.title)
    downloads(chosen, key=f"gap-template-{key}")
    page_link("data", t("Load the answers"), ":material/upload_file:")
