"""Where quality is lost: the five gaps as one strip, and what was done about it."""

from __future__ import annotations

import streamlit as st

from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.effects import Judged
from csat.queries.gap_rows import GAP_LABELS, GapAnswer
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.improve.words import action_words
from csat.ui.language import formats, t
from csat.ui.quality.gap_words import VERDICTS, largest_sentence, size
from csat.ui.view import View, page_link

_MOST: int = 5


def gap_strip(filters: Filters, view: View) -> None:
    """Draw the five gaps over all dimensions in model order, the largest named above."""
    answer: GapAnswer = cached("gaps", filters.with_(compare="none"), view.limits)
    st.header(t("Where quality is lost"), anchor=False)
    if not answer.dimensions:
        st.caption(t("Not measured: needs a survey of what customers expect and perceive."))
        page_link("gaps", t("What would measure it"), ":material/stairs:")
        return
    st.markdown(largest_sentence(answer, None))
    for place, gap in zip(st.columns(len(GAP_LABELS), gap="xsmall"), GAP_LABELS, strict=True):
        box = place.container(gap=None, key=f"gap-strip-{gap}")
        with box:
            _cell(answer, gap, view)
    page_link("gaps", t("All gaps, by dimension"), ":material/stairs:", dict(url.noted()))


def _cell(answer: GapAnswer, gap: int, view: View) -> None:
    """Draw one gap: name, size with its sign, and interval."""
    row = answer.row(gap, None)
    st.caption(t(GAP_LABELS[gap]))
    if row is not None and row.withheld:
        st.markdown(t(msg("withheld (n < {n})", n=view.limits.withhold_under)))
    elif row is None or row.measured is None:
        st.markdown("—")
        st.caption(t("not measured"))
    else:
        sign, words, colour = VERDICTS[row.measured.verdict]
        number, f = size(row.measured, row.unit), formats()
        st.markdown(f":{colour}[{sign} **{number}**]")
        st.caption(f"{f.interval(row.measured.low, row.measured.high, row.unit)} · {t(words)}")


def done(filters: Filters, view: View) -> None:
    """List the actions on record with their verdicts, those that can be told first."""
    st.header(t("What we did about it"), anchor=False)
    found: tuple[Judged, ...] = cached("effects", filters.program, view.limits)
    if not found:
        st.caption(t("No action is on record."))
    ordered = sorted(found, key=lambda j: j.outcome == "too_early")
    for judged in ordered[:_MOST]:
        st.markdown(action_words(judged))
    more = len(found) - _MOST
    text = t(msg("{n} more actions", n=more)) if more > 0 else t("All actions")
    page_link("improve", text, ":material/build:")
