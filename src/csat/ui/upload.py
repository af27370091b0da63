"""The upload: from a dropped file to one loaded batch, nothing written before it is seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import available_timezones

import streamlit as st

from csat.ingest.forms import ENDINGS
from csat.ingest.library import fitting
from csat.ingest.mapping import Mapping
from csat.ingest.reading import Source
from csat.ingest.register_files import register_of
from csat.ingest.registers import load_register
from csat.ingest.roles import KIND_LABELS, Kind
from csat.ingest.suggest import guess_kind, suggest
from csat.ingest.suggest.suggestion import Suggestion
from csat.model.message import msg
from csat.model.naming import program_key
from csat.model.problem import Problem
from csat.model.registers import REGISTERS
from csat.model.settings import Config
from csat.ui.cached import cached, store
from csat.ui.language import t
from csat.ui.loading import check_and_load
from csat.ui.mapping_editor import edit_mapping
from csat.ui.mapping_library import mapping_title
from csat.ui.reading_panel import Looked, look_through, read_upload, show_preview
from csat.ui.upload_folder import UploadFolder
from csat.ui.view import View, page_link, show_problem

_NEW: Final = "+"


def upload(view: View) -> None:
    """Draw the whole way from a file to a batch."""
    limit = Config.from_environment().max_upload_mb
    file = st.file_uploader(
        t("Survey, complaint or customer-count file, as your tool wrote it"),
        type=list(ENDINGS),
        max_upload_size=limit,
        key=f"upload-{st.session_state.get('_uploads', 0)}",
    )
    done = st.session_state.get("_loaded")
    if file is None:
        if done:
            st.success(t(done), icon=":material/check_circle:")
            page_link("overview", t("Open the overview"), ":material/arrow_forward:")
        return
    st.session_state["_loaded"] = None
    path = _keep(file)
    try:
        source = read_upload(path, file.name, limit)
        _from_source(source, view)
    except Problem as problem:
        show_problem(problem)


def _keep(file: Any) -> Path:
    """Write an upload to a file of our own naming, once per upload."""
    held = st.session_state.get("_upload_file")
    if held and held[0] == file.file_id and held[1].exists():
        return Path(held[1])
    if "_upload_folder" not in st.session_state:
        folder = UploadFolder(Config.from_environment().uploads_folder())
        st.session_state["_upload_folder"] = folder
    name = f"upload{Path(file.name).suffix.lower()}"
    path: Path = st.session_state["_upload_folder"].keep(name, file.getbuffer())
    st.session_state["_upload_file"] = (file.file_id, path)
    return path


def _from_source(source: Source, view: View) -> None:
    register = register_of(source.reading.columns)
    if register is not None:
        _register(register, source, view)
        return
    looked = look_through(source)
    kind = st.session_state.get(f"kind-{source.sha256}") or guess_kind(source.reading.columns)
    suggestion = _suggestion(source, looked, kind)
    show_preview(source, looked, suggestion)
    program = _program(view)
    mapping = _mapping(source, looked, suggestion, kind)
    if not program or mapping is None:
        return
    as_of = st.date_input(
        t("The data is complete up to"),
        value=mapping.as_of,
        key=f"as-of-{source.sha256}",
        format="YYYY-MM-DD",
        help=t("Later periods count as unfinished. Empty: the latest day in the file."),
    )
    complete = as_of if isinstance(as_of, date) else None
    check_and_load(source, mapping, program, looked.rows, view, complete)


def _register(register: str, source: Source, view: View) -> None:
    """Take a register into its program, or say where it belongs."""
    known = {p.key: t(p.title) if p.simulated else p.title for p in cached("programs")}
    told = msg("This file is a register: {name}.", name=msg(REGISTERS[register]))
    st.info(t(told), icon=":material/edit_note:")
    if not known:
        st.caption(t("Load a survey or complaints first; registers belong to a program."))
        return
    here = view.program.key if view.program and view.program.key in known else next(iter(known))
    program = st.selectbox(
        t("Program"), list(known), index=list(known).index(here), format_func=known.__getitem__
    )
    if st.button(t("Take it into the register"), type="primary", icon=":material/save:"):
        done = load_register(store(), str(program), register, source, view.user)
        st.success(
            t(
                msg(
                    "{new} entries are new, {replaced} replaced, {same} were there already.",
                    new=done.new,
                    replaced=done.replaced,
                    same=done.same,
                )
            )
        )
        query: dict[str, str | list[str]] = {"program": str(program), "view": "registers"}
        if register != "standards":
            query["section"] = register
        page_link("gaps", t("Open the register"), ":material/edit_note:", query)


def _suggestion(source: Source, looked: Looked, kind: Kind) -> Suggestion:
    """Guess what each column is; once per file, reading and kind."""
    key = (source.sha256, source.reading.to_json(), kind)
    held = st.session_state.get("_suggestion")
    if held and held[0] == key:
        found: Suggestion = held[1]
        return found
    found = suggest(
        source.name,
        source.reading.columns,
        looked.sample,
        kind,
        tool=source.reading.tool,
        wordings=source.reading.wordings,
        labels=source.labels,
        missing=source.missing,
        facts=looked.facts,
    )
    st.session_state["_suggestion"] = (key, found)
    return found


def _program(view: View) -> str:
    """Ask which program the file belongs to; a new one also has a time zone."""
    programs = {p.key: p.title for p in cached("programs") if not p.simulated}
    left, right = st.columns(2)
    options = [*programs, _NEW]
    preset = view.program.key if view.program and view.program.key in programs else _NEW
    chosen = left.selectbox(
        t("Program"),
        options,
        index=options.index(preset),
        key="load-program",
        format_func=lambda k: t("New program") if k == _NEW else programs[k],
        help=t("One service being measured. Data of two programs never mix in one figure."),
    )
    if chosen != _NEW:
        return str(chosen)
    name = right.text_input(
        t("Name of the new program"), key="new-program", placeholder=t("e.g. Service centres")
    )
    zones = sorted(available_timezones())
    default = Config.from_environment().timezone
    left.selectbox(
        t("Time zone of its dates"),
        zones,
        key="new-timezone",
        index=zones.index(default) if default in zones else zones.index("UTC"),
    )
    if not name.strip():
        st.caption(t("Give the program a name to go on."))
        return ""
    return program_key(name)


def _mapping(source: Source, looked: Looked, suggestion: Suggestion, kind: Kind) -> Mapping | None:
    columns, rows = source.reading.columns, looked.sample
    found = fitting(store(), columns)
    options = [m.name for m in found]
    by_name = {m.name: m for m in found}
    guess = "?"
    chosen = st.selectbox(
        t("Mapping: what each column is"),
        [*options, guess],
        key=f"mapping-{source.sha256}",
        format_func=lambda n: (
            t("Suggested from names and values")
            if n == guess
            else f"{mapping_title(by_name[n])} ({n})"
        ),
    )
    if chosen != guess:
        mapping = by_name[str(chosen)]
        if mapping.description:
            st.caption(t(mapping.description))
        with st.expander(t("Look at the mapping"), icon=":material/rule:"):
            edited = edit_mapping(mapping, columns, rows, key=f"edit-{source.sha256}-{chosen}")
        return _with_day(edited, source)
    st.segmented_control(
        t("The file holds"),
        list(KIND_LABELS),
        default=kind,
        required=True,
        format_func=lambda k: t(KIND_LABELS[k]),
        key=f"kind-{source.sha256}",
    )
    suggested = suggestion.mapping
    st.caption(t("Check what each column is before you go on."))
    edited = edit_mapping(
        suggested, columns, rows, key=f"edit-{source.sha256}-{kind}", suggestion=suggestion
    )
    name = st.text_input(
        t("Name of this mapping"),
        value=suggested.name,
        key=f"name-{source.sha256}",
        help=t("It is saved and offered for the next file of this layout."),
    )
    return _with_day(replace(edited, name=name.strip() or suggested.name), source)


def _with_day(mapping: Mapping, source: Source) -> Mapping:
    """Ask for the day of the answers where the file of a survey holds none."""
    if mapping.kind != "survey" or mapping.column("submitted_at") is not None:
        return mapping
    day = st.date_input(
        t("The file holds no dates. On which day were the answers given?"),
        value=mapping.day,
        key=f"day-{source.sha256}",
        format="YYYY-MM-DD",
        help=t("All answers of the file count on this day, such as the last day of the survey."),
    )
    return replace(mapping, day=day if isinstance(day, date) else None)
