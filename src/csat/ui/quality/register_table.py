"""The table of a register: to read for everybody, to edit for those who may."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

import pandas as pd
import streamlit as st

from csat.ingest.registers import Changed, save_entries
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.register_fields import FIELDS, cells_of, read_entry
from csat.model.registers import DIRECTIONS, REGISTERS, STATISTICS, Entry, Standard
from csat.model.vocabulary import SERVQUAL_DIMENSIONS
from csat.queries.gap_records import judged_on_of
from csat.queries.registers import Line
from csat.ui.cached import cached, store
from csat.ui.charts import show_table
from csat.ui.language import language, t
from csat.ui.quality.register_steps import carried_out
from csat.ui.quality.register_words import (
    cells_in_words,
    direction_name,
    metric_choices,
    metric_name,
    statistic_name,
)
from csat.ui.quality.words import dimension_name
from csat.ui.view import View, current_view

_FLAGS: Final = ("written", "measurable")
_PERCENTILES: Final = ("p50", "p75", "p80", "p90", "p95", "p99")


def register_table(register: str, filters: Filters, lines: tuple[Line, ...], view: View) -> None:
    """Draw the register, to be edited by those who may."""
    day = judged_on_of(store(), filters)
    stale = [x.entry.code for x in lines if isinstance(x.entry, Standard) and x.entry.stale(day)]
    if stale:
        told = msg("Out of date: {codes}. Renew them or take them out.", codes=t(", ").join(stale))
        st.warning(t(told), icon=":material/event_busy:")
    may = view.user.may("annotate")
    if not lines and not may:
        st.caption(t("The register is empty."))
        return
    frame = _frame(register, lines, day)
    headings = {f.name: f.heading(language()) for f in FIELDS[register]}
    if not may:
        show_table(_to_read(register, lines, day), alt=t(REGISTERS[register]))
        return
    version = max((line.version for line in lines), default=0)
    count = st.session_state.get(f"_saved_{register}", 0)
    edited = st.data_editor(
        frame,
        num_rows="dynamic",
        hide_index=True,
        column_config=_columns(register, headings, lines),
        disabled=["state"],
        key=f"edit-{register}-{filters.program}-{version}-{count}",
        height=min(38 * (len(frame) + 3), 420),
        alt=t(REGISTERS[register]),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        save = st.button(t("Save changes"), type="primary", icon=":material/save:")
        st.caption(t("Add rows at the end; tick rows at the left to take them out."))
    if save and carried_out(lambda: _saved(register, filters.program, edited, lines)):
        st.session_state[f"_saved_{register}"] = count + 1
        st.rerun()


def _frame(register: str, lines: tuple[Line, ...], day: date) -> pd.DataFrame:
    names = [f.name for f in FIELDS[register]]
    cells = [cells_of(line.entry) for line in lines]
    frame = pd.DataFrame({name: [c[name] for c in cells] for name in names}, dtype=object)
    for name in _FLAGS:
        if name in frame:
            frame[name] = [c[name] == "yes" for c in cells]
            frame[name] = frame[name].astype(bool)
    frame.insert(0, "state", [_state(line.entry, day) for line in lines])
    return frame


def _to_read(register: str, lines: tuple[Line, ...], day: date) -> pd.DataFrame:
    """Return the table for those who may not edit it: every code in words."""
    rows = [cells_in_words(line.entry) for line in lines]
    cells = {f.heading(language()): [row[f.name] for row in rows] for f in FIELDS[register]}
    return pd.DataFrame({t("State"): [_state(line.entry, day) for line in lines], **cells})


def _state(entry: Entry, day: date) -> str:
    if isinstance(entry, Standard):
        if entry.stale(day):
            return f"⚠ {t('out of date')}"
        return f"✓ {t('formal')}" if entry.formal(day) else f"○ {t('not formal')}"
    kept = entry.kept(day)
    return {True: f"▲ {t('kept')}", False: f"▼ {t('broken')}", None: f"○ {t('open')}"}[kept]


def _columns(register: str, headings: dict[str, str], lines: tuple[Line, ...]) -> dict[str, Any]:
    """Return how each column is edited: ticks, choices or texts."""
    config: dict[str, Any] = {"state": st.column_config.TextColumn(t("State"), pinned=True)}
    about = {
        f.name: f.about_zh if language().startswith("zh") else f.about for f in FIELDS[register]
    }
    known = {line.entry.dimension for line in lines if line.entry.dimension}
    dimensions = ["", *dict.fromkeys([*_usual_dimensions(), *sorted(known)])]
    for name, heading in headings.items():
        if name in _FLAGS:
            config[name] = st.column_config.CheckboxColumn(heading, default=False)
        elif name == "direction":
            config[name] = st.column_config.SelectboxColumn(
                heading,
                options=list(DIRECTIONS),
                format_func=lambda v: direction_name(str(v)),
            )
        elif name == "statistic":
            config[name] = st.column_config.SelectboxColumn(
                heading,
                options=_statistics(lines),
                format_func=lambda v: statistic_name(str(v)) if v else "",
                help=about[name],
            )
        elif name == "metric":
            config[name] = st.column_config.SelectboxColumn(
                heading,
                options=metric_choices(_used(lines, "metric")),
                format_func=lambda v: metric_name(str(v)) if v else "",
                help=about[name],
                width="medium",
            )
        elif name == "dimension":
            config[name] = st.column_config.SelectboxColumn(
                heading,
                options=dimensions,
                format_func=lambda v: dimension_name(str(v)) if v else "",
            )
        else:
            config[name] = st.column_config.TextColumn(heading, help=about[name])
    return config


def _statistics(lines: tuple[Line, ...]) -> list[str]:
    """Return the statistics to choose among: the usual ones and those in the register."""
    known = _used(lines, "statistic") - {""}
    return ["", *dict.fromkeys([*STATISTICS, *_PERCENTILES, *sorted(known)])]


def _used(lines: tuple[Line, ...], field: str) -> set[str]:
    return {str(getattr(x.entry, field)) for x in lines if isinstance(x.entry, Standard)}


def _usual_dimensions() -> tuple[str, ...]:
    view = current_view("read_figures")
    own: tuple[str, ...] = cached("dimensions", view.program.key) if view.program else ()
    return own or SERVQUAL_DIMENSIONS


def _saved(register: str, program: str, edited: pd.DataFrame, lines: tuple[Line, ...]) -> Changed:
    """Put into force what stands in the table; rows that are gone are taken out."""
    user = current_view("annotate").user
    entries = entries_of(register, edited)
    codes = {e.code for e in entries}
    removed = [line.entry.code for line in lines if line.entry.code not in codes]
    return save_entries(store(), program, register, entries, user, removed=removed)


def entries_of(register: str, edited: pd.DataFrame) -> list[Entry]:
    """Return the entries of an edited table; raises UsageProblem naming the row."""
    out: dict[str, Entry] = {}
    for number, row in enumerate(edited.to_dict("records"), start=1):
        cells = {f.name: _text(row.get(f.name)) for f in FIELDS[register]}
        if not any(v for k, v in cells.items() if k not in (*_FLAGS, "direction")):
            continue
        try:
            entry = read_entry(register, cells)
        except UsageProblem as problem:
            raise UsageProblem(
                msg("Row {row}: {what}", row=number, what=problem.title), problem.remedy
            ) from problem
        if entry.code in out:
            raise UsageProblem(
                msg("Row {row}: the code '{code}' stands twice", row=number, code=entry.code),
                msg("Give every row its own code"),
            )
        out[entry.code] = entry
    return list(out.values())


def _text(value: object) -> str:
    if value is None or value is pd.NA or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value).strip()
