"""What people say about a case: its history, and the form to say more."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, Final

import streamlit as st

from csat.ingest.case_notes import MOST_LETTERS, say_of_case, take_back
from csat.model.case_stages import NOTE, SET_BY_PEOPLE
from csat.model.category import category_names, category_path
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import Problem
from csat.model.vocabulary import DIMENSION_LABELS, SEVERITY_LABELS
from csat.queries.case_notes import CaseNote, case_notes
from csat.queries.complaints import every_branch
from csat.ui.cached import cached, store
from csat.ui.inert import inert
from csat.ui.language import formats, t
from csat.ui.view import View, current_view, show_problem

_UPHELD: Final = ("", "yes", "no")


def notes(record: dict[str, Any], program: str, view: View) -> None:
    """List what people said about a case, the latest first, and let those who may say more."""
    if not view.user.may("read_narratives"):
        return
    case_no = str(record["case_no"])
    found = case_notes(store(), program, case_no, user=view.user)
    st.markdown(f"**{t('Notes and classification')}**")
    if not found:
        st.caption(t("Nobody has noted or changed anything here; this is what the files say."))
    for note in found:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(_told(note), width="stretch")
            if note.stands and note.made_by == view.user.name and view.user.may("annotate"):
                clicked = st.button(
                    t("Take back"), key=f"take-back-{note.number}", type="tertiary",
                    icon=":material/undo:",
                )  # fmt: skip
                if clicked:
                    user = current_view("annotate").user
                    _say(partial(take_back, store(), note.number, user))
    if view.user.may("annotate"):
        _form(record, program, case_no)


def _told(note: CaseNote) -> str:
    who = msg("{who}, {moment} UTC", who=inert(note.made_by), moment=formats().moment(note.made_at))
    if note.field == NOTE:
        text = inert(note.value).replace("\n", "  \n")
    else:
        what = t(SET_BY_PEOPLE[note.field])
        text = f"**{what}**: {_value(note.field, note.before)} → {_value(note.field, note.value)}"
    if note.stands:
        return f"{text}  \n:gray[{t(who)}]"
    gone = msg("taken back by {who}", who=inert(note.removed_by))
    return f":gray[{text}]  \n:gray[{t(who)} · :material/undo: {t(gone)}]"


def _value(field: str, value: str) -> str:
    return inert(_said(field, value))


def _said(field: str, value: str) -> str:
    if not value:
        return t("not stated")
    if field == "category":
        return " › ".join(category_names(value))
    if field == "upheld":
        return t("yes") if value == "yes" else t("no")
    labels = {"severity": SEVERITY_LABELS, "dimension": DIMENSION_LABELS}.get(field, {})
    return t(labels[value]) if value in labels else value


def _form(record: dict[str, Any], program: str, case_no: str) -> None:
    """Draw the form; only fields that were changed in it are kept."""
    box = st.expander(
        t("Add a note, classify, link to a cause"),
        icon=":material/edit_note:",
        key=f"say-{case_no}",
        on_change="rerun",
    )
    if not box.open:
        return
    now = _now(record)
    with box, st.form(f"say-form-{case_no}", border=False):
        text = st.text_area(t("Note"), max_chars=MOST_LETTERS, key=f"note-{case_no}")
        chosen: dict[str, str] = {}
        with st.container(horizontal=True):
            for field, options in _options(program, now).items():
                chosen[field] = str(
                    st.selectbox(
                        t(SET_BY_PEOPLE[field]),
                        options,
                        index=options.index(now[field]),
                        format_func=partial(_said, field),
                        accept_new_options=field in ("cause", "touchpoint"),
                        key=f"set-{field}-{case_no}-{now[field]}",
                        width=240,
                    )
                    or ""
                )
        st.caption(t("Figures count the case by these values at once; the files stay as they are."))
        if st.form_submit_button(t("Keep"), type="primary"):
            changed = {f: v for f, v in chosen.items() if v != now[f]}
            if text.strip():
                changed[NOTE] = text
            user = current_view("annotate").user
            _say(
                lambda: [
                    say_of_case(store(), program, case_no, field, value, user)
                    for field, value in changed.items()
                ],
                forget=f"note-{case_no}",
            )


def _now(record: dict[str, Any]) -> dict[str, str]:
    """Return the fields of a case as they count now."""
    out = {f: str(record[f] or "") for f in SET_BY_PEOPLE if f not in ("category", "upheld")}
    path = [record[p] for p in ("category", "category_2", "category_3") if record[p]]
    return {
        "category": category_path(path),
        **out,
        "upheld": {1: "yes", 0: "no"}.get(record["upheld"], ""),
    }


def _options(program: str, now: dict[str, str]) -> dict[str, list[str]]:
    """Return what each field can be set to, its present value included."""
    everything = Filters.of(program, types=("complaint", "conduct"))

    def known(column: str) -> list[str]:
        return sorted(v for v, _ in cached("facet", everything, column) if v)

    tree = cached("category_tree", everything)
    listed = {
        "category": sorted(b.path for b in every_branch(tree) if b.path),
        "cause": known("cause"),
        "severity": list(SEVERITY_LABELS),
        "upheld": list(_UPHELD[1:]),
        "touchpoint": known("touchpoint"),
        "dimension": list(cached("dimensions", program)),
    }
    return {
        field: ["", *dict.fromkeys((*values, *(v for v in (now[field],) if v)))]
        for field, values in listed.items()
    }


def _say(work: Callable[[], object], forget: str = "") -> None:
    try:
        work()
    except Problem as problem:
        show_problem(problem)
    else:
        if forget:
            st.session_state.pop(forget, None)
        st.rerun()
