"""A mapping as a table that a person edits: one row per column of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st

from csat.ingest.columns import HASH, PLAIN
from csat.ingest.dates import BETWEEN, reading
from csat.ingest.mapping import Mapping
from csat.ingest.suggest import Question, Suggestion
from csat.ingest.suggest.personal import KINDS
from csat.model.message import msg
from csat.model.vocabulary import (
    DIMENSION_LABELS,
    MEASURES,
    SPECIAL_KINDS,
    SPECIAL_LABELS,
    VIEWPOINT_LABELS,
)
from csat.ui.language import formats, t
from csat.ui.mapping_bulk import bulk_edit
from csat.ui.mapping_table import KEEP, Table, read_table, role_names, table_frame

_ROW: Final = 36


@dataclass(slots=True)
class _Held:
    """What one editor keeps between runs.

    Parameters
    ----------
    origin
        The mapping it was opened with: with another it starts afresh.
    base, now
        The mapping that the table starts from, and as it stood after the last run.
    round
        How often the table was made anew, after a change of many columns.
    edited
        The columns that a person has touched.
    """

    origin: Mapping
    base: Mapping
    now: Mapping
    round: int = 0
    edited: set[str] = field(default_factory=set)


def edit_mapping(
    mapping: Mapping,
    columns: Sequence[str],
    rows: Sequence[Sequence[str | None]],
    *,
    key: str,
    suggestion: Suggestion | None = None,
) -> Mapping:
    """Draw the table and return the mapping as edited.

    Parameters
    ----------
    mapping, columns, rows
        What to start from, and the file's header and first rows.
    key
        Names the editor; another file or mapping has another.
    suggestion
        What was guessed: shown with its confidence and reason until a person edits it, with
        the questions that only a person can answer.

    Raises
    ------
    ImportProblem
        When a scale or a special code cannot be read.
    """
    held = _held(mapping, key)
    table = Table(tuple(columns), rows, suggestion)
    if suggestion is not None:
        for note in suggestion.notes:
            st.caption(t(note))
        for question in suggestion.questions:
            _ask(held, question, key)
    bulk = bulk_edit(held.now, table, key=f"{key}-bulk")
    if bulk is not None:
        names, held.base = bulk
        held.edited |= set(names)
        held.round += 1
    held.now = _edited(held, table, key)
    _say_of_personal(held.now, table)
    st.download_button(
        t("Save this mapping as a file"),
        held.now.to_json(),
        file_name=f"{held.now.name}.json",
        mime="application/json",
        icon=":material/download:",
        key=f"{key}-export",
    )
    return held.now


def _held(mapping: Mapping, key: str) -> _Held:
    held = st.session_state.get(f"{key}-held")
    if not isinstance(held, _Held) or held.origin != mapping:
        held = st.session_state[f"{key}-held"] = _Held(mapping, mapping, mapping)
    return held


def _ask(held: _Held, question: Question, key: str) -> None:
    """Ask how the dates of a column are written, where nothing in the file tells."""

    def said(choice: str) -> str:
        day = reading(question.example, choice)
        if day is None:
            return choice
        shown = {"example": question.example, "day": formats().day(day), "form": choice}
        return t(msg("{example} is {day} ({form})", **shown))

    chosen = st.radio(
        t(msg("Column '{column}': {question}", column=question.column, question=question.text)),
        question.choices,
        index=None,
        format_func=said,
        key=f"{key}-ask-{question.column}",
    )
    if chosen is None:
        return
    forms = tuple(chosen.split(BETWEEN))
    others = [tuple(choice.split(BETWEEN)) for choice in question.choices if choice != chosen]
    for column in held.base.columns:
        open_ = bool(column.undecided) or column.formats in others
        if column.source == question.column and open_:
            answered = replace(column, formats=forms, undecided=())
            columns = tuple(answered if c is column else c for c in held.base.columns)
            held.base = replace(held.base, columns=columns)
            held.edited.add(question.column)


def _edited(held: _Held, table: Table, key: str) -> Mapping:
    """Draw the table; a value that is changed in it stays, whatever the rest shows."""
    own = f"{key}-{held.round:d}" if held.round else key
    names = list(table_frame(held.base, table, ())["column"])
    touched = (st.session_state.get(own) or {}).get("edited_rows", {})
    held.edited |= {names[int(i)] for i in touched if int(i) < len(names)}
    edited = st.data_editor(
        table_frame(held.base, table, held.edited),
        hide_index=True,
        num_rows="fixed",
        key=own,
        column_config=_config(held.base, survey=held.base.kind == "survey"),
        disabled=["column", "samples", "sure", "why"],
        height=min(560, 40 + _ROW * len(names)),
        placeholder="",
        alt=t("What each column of the file is"),
    )
    return read_table(held.base, table, edited.to_dict("records"))


def _say_of_personal(mapping: Mapping, table: Table) -> None:
    """Say which ids are kept as hashes, and which personal data would be loaded as it is."""
    hashed = t(", ").join(c.source for c in mapping.columns if c.keep == HASH)
    if hashed:
        st.caption(t(msg("Kept as keyed hashes: {names}", names=hashed)))
    for column in mapping.columns:
        kind = table.personal(column.source)
        if kind and column.keep == PLAIN:
            st.warning(
                t(
                    msg(
                        "Column '{column}' holds {what} and would be loaded as it is: leave it "
                        "out, or keep it as a keyed hash.",
                        column=column.source,
                        what=msg(KINDS[kind]),
                    )
                ),
                icon=":material/privacy_tip:",
            )


def _config(mapping: Mapping, *, survey: bool) -> dict[str, Any]:
    kinds = t(", ").join(f"{k} ({t(SPECIAL_LABELS[k])})" for k in SPECIAL_KINDS)
    config: dict[str, Any] = {
        "column": st.column_config.TextColumn(t("Column"), pinned=True, width="medium"),
        "samples": st.column_config.TextColumn(t("Values")),
        "role": st.column_config.SelectboxColumn(
            t("What it is"),
            options=[t("left out"), *role_names(mapping).values()],
            required=True,
        ),
        "sure": st.column_config.TextColumn(
            t("How sure"),
            help=t("How sure the suggestion is; empty once you have changed the row."),
        ),
        "labels": st.column_config.TextColumn(
            t("Words"),
            help=t("VALUE=MEANING, such as Likely=4 or 1=At the counter."),
        ),
        "format": st.column_config.TextColumn(
            t("Date form"),
            help=t(
                "Year %Y, month %m, day %d, hour %H, minute %M, second %S; or iso, epoch, "
                "epoch-ms, excel. Several are parted by ;"
            ),
        ),
        "zone": st.column_config.TextColumn(
            t("Time zone"),
            help=t("Of dates without an offset, such as Asia/Shanghai; empty: as the program."),
        ),
        "keep": st.column_config.SelectboxColumn(
            t("Kept"),
            options=["", *(t(label) for label in KEEP.values())],
            help=t(
                "Ids of people can be kept as keyed hashes: equal ids stay equal, and unreadable."
            ),
        ),
        "why": st.column_config.TextColumn(t("Why"), width="large"),
    }
    rating = {
        "low": st.column_config.NumberColumn(t("Lowest"), step=1),
        "high": st.column_config.NumberColumn(t("Highest"), step=1),
        "reversed": st.column_config.CheckboxColumn(
            t("Turned"), help=t("High means bad: answers are turned when they are loaded.")
        ),
        "special": st.column_config.TextColumn(
            t("Special codes"),
            help=t(msg("CODE=REASON; reasons: {kinds}", kinds=kinds)),
        ),
        "measure": st.column_config.MultiselectColumn(
            t("Headline"),
            options=list(MEASURES),
            help=t("Which headline figure this question feeds."),
        ),
        "dimension": st.column_config.SelectboxColumn(
            t("Dimension"),
            options=["", *DIMENSION_LABELS],
        ),
        "viewpoint": st.column_config.SelectboxColumn(
            t("Viewpoint"),
            options=list(VIEWPOINT_LABELS),
        ),
        "pair": st.column_config.TextColumn(
            t("Pair"), help=t("Two views of one question, such as E1 and P1, share a word here.")
        ),
    }
    config.update(rating if survey else dict.fromkeys(rating))
    return config
