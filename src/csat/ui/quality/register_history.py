"""The history of a register: who put what into force and when, and the ways back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.ingest.registers import restore_version, take_back
from csat.queries.registers import Version
from csat.ui.cached import cached, store
from csat.ui.charts import show_table
from csat.ui.language import formats, t
from csat.ui.quality.register_steps import carried_out
from csat.ui.quality.register_words import cells_in_words
from csat.ui.view import View, current_view


def history(register: str, program: str, view: View) -> None:
    """Draw every version with who and when, and the ways back."""
    panel = st.expander(t("History"), icon=":material/history:", key="register-history",
                        on_change="rerun")  # fmt: skip
    if not panel.open:
        return
    versions: tuple[Version, ...] = cached("register_history", program, register)
    with panel:
        f = formats()
        frame = pd.DataFrame(
            {
                t("Change"): [v.change for v in versions],
                t("Version"): [v.number for v in versions],
                t("Code"): [v.code for v in versions],
                t("State"): [_standing(v) for v in versions],
                t("What it said"): [_said(v) for v in versions],
                t("When (UTC)"): [f.moment(v.made_at) for v in versions],
                t("Who"): [v.made_by for v in versions],
                t("From"): [v.note or t("by hand") for v in versions],
            }
        )
        show_table(frame, alt=t("Every version of the register, newest first"))
        if versions and view.user.may("annotate"):
            _ways_back(register, program, versions)


def _ways_back(register: str, program: str, versions: tuple[Version, ...]) -> None:
    changes = list(dict.fromkeys(v.change for v in versions))
    past = [v for v in versions if v.entry is not None and not v.in_force]
    left, right = st.columns(2, gap="medium")
    with left:
        change = st.selectbox(t("Change to take back"), changes, key=f"change-{register}")
        if st.button(
            t("Take back"), icon=":material/undo:", key=f"back-{register}"
        ) and carried_out(
            lambda: take_back(
                store(), program, register, int(change), current_view("annotate").user
            )
        ):
            st.rerun()
    if not past:
        return
    with right:
        named = {v.number: f"{v.number} · {v.code} · {formats().moment(v.made_at)}" for v in past}
        number = st.selectbox(
            t("Version to restore"), list(named), format_func=named.__getitem__,
            key=f"version-{register}",
        )  # fmt: skip
        if st.button(
            t("Restore"), icon=":material/restore:", key=f"restore-{register}"
        ) and carried_out(
            lambda: restore_version(
                store(), program, register, int(number), current_view("annotate").user
            )
        ):
            st.rerun()


def _standing(version: Version) -> str:
    if version.entry is None:
        return t("taken out")
    return t("in force") if version.in_force else ""


def _said(version: Version) -> str:
    if version.entry is None:
        return ""
    return " · ".join(v for k, v in cells_in_words(version.entry).items() if v and k != "code")
