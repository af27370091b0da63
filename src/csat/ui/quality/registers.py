"""The registers on the page: templates, a file to take in, a table to edit, and the history."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from csat.ingest.forms import ENDINGS
from csat.ingest.registers import Changed, load_register
from csat.ingest.source import open_source
from csat.model.registers import REGISTERS, Entry
from csat.model.settings import Config
from csat.queries.registers import Line
from csat.reports.register_files import register_bytes, register_name
from csat.reports.templates import FORMATS
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.language import language, t
from csat.ui.quality.register_history import history
from csat.ui.quality.register_steps import carried_out, told
from csat.ui.quality.register_table import register_table
from csat.ui.view import View, current_view


def register_template(register: str, *, key: str, entries: Sequence[Entry] = ()) -> None:
    """Draw the downloads of a register: its template, or what is in force."""
    with st.container(horizontal=True, gap="small"):
        for kind, mime in FORMATS.items():
            st.download_button(
                kind.upper(),
                data=lambda kind=kind: register_bytes(  # type: ignore[misc]
                    register, language(), kind, entries
                ),
                file_name=register_name(register, language(), kind),
                mime=mime,
                icon=":material/download:",
                key=f"register-{register}-{key}-{kind}",
                on_click="ignore",
            )


def open_register(register: str, *, key: str) -> None:
    """Draw the button that leads to a register."""

    def go() -> None:
        st.session_state["view"] = "registers"
        st.session_state["section"] = register

    st.button(
        t("Open the register"),
        icon=":material/edit_note:",
        type="tertiary",
        key=f"open-register-{key}",
        on_click=go,
    )


def registers(view: View) -> None:
    """Draw the registers of the program, one at a time."""
    names = {key: t(label) for key, label in REGISTERS.items()}
    chosen = url.choose_in_row(t("Register"), "section", names)
    if view.filters is None:
        st.caption(t("Load a survey or complaints first; registers belong to a program."))
        st.markdown(f"**{t('Template')}**")
        register_template(chosen, key="empty")
        return
    told()
    program = view.filters.program
    lines: tuple[Line, ...] = cached("register_lines", program, chosen)
    register_table(chosen, view.filters, lines, view)
    history(chosen, program, view)
    _files(chosen, program, lines, view)


def _files(register: str, program: str, lines: tuple[Line, ...], view: View) -> None:
    """Draw the template, the register as a file, and the place to drop one."""
    left, right = st.columns([1, 2], gap="medium")
    with left:
        st.markdown(f"**{t('Template')}**")
        register_template(register, key="template")
        if lines:
            st.markdown(f"**{t('What is in force, as a file')}**")
            register_template(register, key="force", entries=[line.entry for line in lines])
    if not view.user.may("import"):
        return
    with right:
        count = st.session_state.get(f"_taken_{register}", 0)
        file = st.file_uploader(
            t("A filled template: rows of known codes are replaced, others added"),
            type=list(ENDINGS),
            max_upload_size=Config.from_environment().max_upload_mb,
            key=f"take-{register}-{count}",
        )
        if file is not None and carried_out(lambda: _taken(register, program, file)):
            st.session_state[f"_taken_{register}"] = count + 1
            st.rerun()


def _taken(register: str, program: str, file: Any) -> Changed:
    user = current_view("import").user
    with tempfile.TemporaryDirectory(prefix="csat-register-") as folder:
        path = Path(folder) / f"register{Path(file.name).suffix.lower()}"
        path.write_bytes(file.getbuffer())
        source = open_source(path, file.name, max_mb=Config.from_environment().max_upload_mb)
        return load_register(store(), program, register, source, user)
