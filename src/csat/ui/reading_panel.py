"""How an uploaded file is read: shown, changeable, with its first rows as they come out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from csat.ingest.reading import Reading, Source
from csat.ingest.source import DELIMITERS, ENCODINGS, open_source
from csat.ingest.staging import rows_aside, sample_rows, stage
from csat.ingest.suggest import FileFacts, facts_of_staged
from csat.ingest.suggest.personal import masked
from csat.ingest.suggest.suggestion import Suggestion
from csat.model.message import N_, Message, msg
from csat.ui.cached import store
from csat.ui.inert import inert
from csat.ui.language import formats, t

_DELIMITER_NAMES: Final[dict[str, str]] = {
    ",": N_("comma"),
    ";": N_("semicolon"),
    "\t": N_("tab"),
    "|": N_("bar"),
}
_FORMS: Final[dict[str, str]] = {
    "labelled": N_("SPSS or Stata"),
    "parquet": N_("Parquet"),
    "json": N_("JSON"),
}
_ASIDE: Final[dict[str, str]] = {
    "header": N_("the header again"),
    "remark": N_("a remark"),
    "footer": N_("below the table"),
}
_CHOICES: Final = ("encoding", "delimiter", "sheet", "header")
_SAMPLE_ROWS: Final = 400
_PREVIEW_ROWS: Final = 8


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look through the whole file found, kept while the reading stays the same.

    Parameters
    ----------
    rows
        Rows staged.
    sample
        The first of them, as texts.
    facts
        What each column holds.
    aside
        Rows that are no answers: their number, why, and how they begin.
    """

    rows: int
    sample: list[tuple[str | None, ...]]
    facts: FileFacts
    aside: list[tuple[int, str, str | None]]


def read_upload(path: Path, name: str, limit: int) -> Source:
    """Open the file as detected and let the reader choose otherwise."""
    chosen = {k: st.session_state.get(f"read-{k}", "") for k in _CHOICES}
    source = open_source(
        path,
        name,
        max_mb=limit,
        encoding=chosen["encoding"],
        delimiter=chosen["delimiter"],
        sheet=chosen["sheet"],
        header_rows=int(chosen["header"] or 0),
    )
    reading = source.reading
    label = t(msg("Read as: {how}", how=" · ".join(_how(reading))))
    with st.expander(label, icon=":material/description:"):
        for note in reading.notes:
            st.markdown(f"- {inert(t(note))}")
        _choices(reading)
    return source


def _how(reading: Reading) -> list[str]:
    how = [t(msg("{n} columns", n=len(reading.columns)))]
    if reading.form == "csv":
        sign = _DELIMITER_NAMES.get(reading.delimiter)
        how += [reading.encoding, t(sign) if sign else reading.delimiter]
    elif reading.form in _FORMS:
        how.append(t(_FORMS[reading.form]))
    if reading.sheet:
        how.append(t(msg("sheet {sheet}", sheet=reading.sheet)))
    return [inert(part) for part in how if part]


def _choices(reading: Reading) -> None:
    auto = t("as detected")
    if reading.form == "csv":
        st.selectbox(
            t("Encoding"), ["", *ENCODINGS], key="read-encoding", format_func=lambda e: e or auto
        )
        st.selectbox(
            t("Delimiter"),
            ["", *DELIMITERS],
            key="read-delimiter",
            format_func=lambda d: t(_DELIMITER_NAMES[d]) if d else auto,
        )
    if len(reading.sheets) > 1:
        hidden = set(reading.hidden)
        st.selectbox(
            t("Sheet"),
            ["", *reading.sheets],
            key="read-sheet",
            format_func=lambda s: (
                (t(msg("{sheet} (hidden)", sheet=s)) if s in hidden else s) or auto
            ),
        )
    if reading.form in ("csv", "workbook"):
        st.selectbox(
            t("Rows of the header"),
            ["", "-1", "1", "2", "3", "4"],
            key="read-header",
            format_func=lambda n: {"": auto, "-1": t("none: the first row holds data")}.get(n, n),
        )


def look_through(source: Source) -> Looked:
    """Stage the file and gather what it holds; once per file and reading."""
    key = (source.sha256, source.reading.to_json())
    held = st.session_state.get("_looked")
    if held and held[0] == key:
        looked: Looked = held[1]
        return looked
    with st.spinner(t("Reading the file"), show_time=True), store().cursor() as cursor:
        rows = stage(cursor, source)
        looked = Looked(
            rows,
            sample_rows(cursor, source, _SAMPLE_ROWS),
            facts_of_staged(cursor, source.reading.columns),
            rows_aside(cursor),
        )
    st.session_state["_looked"] = (key, looked)
    return looked


def show_preview(source: Source, looked: Looked, suggestion: Suggestion) -> None:
    """Draw the first rows; personal data only in its shape."""
    columns = list(source.reading.columns)
    personal = {name for name, found in suggestion.findings.items() if found.personal}
    rows = [
        [masked(v) if v and columns[i] in personal else v or "" for i, v in enumerate(row)]
        for row in looked.sample[:_PREVIEW_ROWS]
    ]
    st.dataframe(
        pd.DataFrame(rows, columns=columns),
        hide_index=True,
        height=38 * 6,
        alt=t("The first rows of the file, as read"),
    )
    if looked.aside:
        st.caption(inert(t(_set_aside(looked))))


def _set_aside(looked: Looked) -> Message:
    f = formats()
    first = t(", ").join(
        f"{f.count(row)} ({t(_ASIDE.get(why, why))})" for row, why, _ in looked.aside[:6]
    )
    more = len(looked.aside) - 6
    return msg("Rows left aside: {rows}", rows=first + (f", +{more}" if more > 0 else ""))
