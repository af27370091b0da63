"""The same change made to many columns of a mapping in one step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import streamlit as st

from csat.ingest.editing import Change, answered_alike, changed
from csat.ingest.mapping import Mapping
from csat.model.message import N_, msg
from csat.model.vocabulary import DIMENSION_LABELS, VIEWPOINT_LABELS
from csat.ui.language import t
from csat.ui.mapping_table import Table, read_codes, read_pairs

_DIRECTIONS: Final[dict[str, str]] = {
    "up": N_("High is good"),
    "down": N_("High is bad: turn it"),
}


def bulk_edit(mapping: Mapping, table: Table, *, key: str) -> tuple[list[str], Mapping] | None:
    """Draw the form; return the columns and the mapping changed, or None where nothing was asked.

    Raises
    ------
    ImportProblem
        When a scale, a special code or a word cannot be read.
    """
    if mapping.kind != "survey":
        return None
    with st.expander(t("Change many columns at once"), icon=":material/edit_note:"):
        rated = [c.source for c, _ in mapping.items()]
        chosen = st.multiselect(t("Columns"), table.names, key=f"{key}-columns")
        more = st.segmented_control(
            t("and besides"),
            ["alike", "rated"],
            format_func=lambda m: {
                "alike": t("all that are answered like these"),
                "rated": t("all rated questions"),
            }[m],
            key=f"{key}-more",
        )
        names = _names(table, chosen, rated, more)
        change = _change(key)
        label = t(msg("Apply to {n} columns", n=len(names)))
        if st.button(label, disabled=not names, icon=":material/done_all:", key=f"{key}-apply"):
            return names, changed(mapping, table.columns, names, change)
    return None


def _names(
    table: Table, chosen: Sequence[str], rated: Sequence[str], more: str | None
) -> list[str]:
    names = dict.fromkeys(chosen)
    if more == "rated":
        names |= dict.fromkeys(rated)
    if more == "alike":
        for name in chosen:
            if name in table.columns:
                names |= dict.fromkeys(answered_alike(table.columns, table.rows, name))
    return list(names)


def _change(key: str) -> Change:
    low, high, turn = st.columns(3)
    lowest = low.number_input(t("Lowest"), value=None, step=1, key=f"{key}-low")
    highest = high.number_input(t("Highest"), value=None, step=1, key=f"{key}-high")
    direction = turn.selectbox(
        t("Direction"),
        list(_DIRECTIONS),
        index=None,
        format_func=lambda d: t(_DIRECTIONS[d]),
        placeholder=t("leave as it is"),
        key=f"{key}-direction",
    )
    codes, words = st.columns(2)
    special = codes.text_input(
        t("Special codes"), key=f"{key}-special", placeholder="99=dont_know; 0=not_applicable"
    )
    labels = words.text_input(t("Words"), key=f"{key}-labels", placeholder="Agree=4; 满意=4")
    about, view = st.columns(2)
    dimension = about.selectbox(
        t("Dimension"),
        list(DIMENSION_LABELS),
        index=None,
        format_func=lambda d: t(DIMENSION_LABELS[d]),
        placeholder=t("leave as it is"),
        key=f"{key}-dimension",
    )
    viewpoint = view.selectbox(
        t("Viewpoint"),
        list(VIEWPOINT_LABELS),
        index=None,
        format_func=lambda v: t(VIEWPOINT_LABELS[v]),
        placeholder=t("leave as it is"),
        key=f"{key}-viewpoint",
    )
    both = lowest is not None and highest is not None
    return Change(
        ends=(int(lowest or 0), int(highest or 0)) if both else None,
        reversed=None if direction is None else direction == "down",
        special=read_pairs(special, t("Special codes")) or None,
        labels=read_codes(read_pairs(labels, t("Words")), t("Words")) or None,
        dimension=dimension,
        viewpoint=viewpoint,
    )
