"""What the check of a file found: counts, remarks, questions beside the last file, refusals."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from csat.ingest.checking import Checked
from csat.ingest.remarks import remarks
from csat.ingest.source import Source
from csat.reports.refused import refused_csv
from csat.ui.inert import inert
from csat.ui.language import formats, t

_ICONS = {"warning": ":material/warning:", "note": ":material/info:"}
_ROW = 35
_MOST_ROWS_SHOWN = 6


def show_checked(checked: Checked, source: Source) -> None:
    """Draw the outcome of a check, before anything is written."""
    f = formats()
    with st.container(horizontal=True):
        st.metric(t("Rows read"), f.count(checked.rows_read), border=True)
        st.metric(t("New"), f.count(checked.rows_new), border=True)
        st.metric(
            t("Updated"),
            f.count(checked.rows_updated),
            border=True,
            help=t("Same id as a row loaded before, with other values. The old version is kept."),
        )
        st.metric(t("Already loaded"), f.count(checked.rows_duplicate), border=True)
        st.metric(t("Refused"), f.count(checked.rows_refused), border=True)
    _remarks(checked)
    _questions(checked)
    if checked.refused:
        _refusals(checked, source)


def _remarks(checked: Checked) -> None:
    found = remarks(checked)
    warnings = [r for r in found if r.level == "warning"]
    if warnings:
        lines = "\n".join(f"- {inert(t(r.text))}" for r in warnings)
        st.warning(f"**{t('Look at this before loading')}**\n{lines}", icon=_ICONS["warning"])
    notes = [r for r in found if r.level == "note"]
    if notes:
        lines = "\n".join(f"- {inert(t(r.text))}" for r in notes)
        st.info(lines, icon=_ICONS["note"])


def _questions(checked: Checked) -> None:
    """List the questions with their answers beside those of the last file."""
    apart = checked.difference
    if apart is None or not apart.items:
        return
    with st.expander(t("Every question beside the last file"), icon=":material/compare_arrows:"):
        first = not apart.against
        frame = pd.DataFrame(
            {
                t("Question"): [s.item for s in apart.items],
                t("Answers"): [s.answered for s in apart.items],
                t("Blank (%)"): [_blank(s.answered, s.rows) for s in apart.items],
                t("Mean"): [s.mean for s in apart.items],
                **(
                    {}
                    if first
                    else {
                        t("Blank before (%)"): [
                            _blank(s.answered_before, s.rows_before) for s in apart.items
                        ],
                        t("Mean before"): [s.mean_before for s in apart.items],
                        t("Shifted answers (%)"): [
                            None if s.distance is None else 100 * s.distance for s in apart.items
                        ],
                    }
                ),
            }
        )
        decimals = {
            name: st.column_config.NumberColumn(format="%.2f" if "%" not in name else "%.0f")
            for name in frame.columns[2:]
        }
        st.dataframe(
            frame,
            hide_index=True,
            column_config=decimals,
            alt=t("Questions with answers, blanks and means, beside the last file"),
        )
        if first:
            st.caption(t("This is the first file of the survey; there is none to compare with."))


def _blank(answered: int, rows: int) -> float | None:
    return 100 * (1 - answered / rows) if rows else None


def _refusals(checked: Checked, source: Source) -> None:
    header = [t("Row"), t("Column"), t("Value"), t("Reason")]
    rows = [[r.row_no, r.column, r.value, t(r.reason)] for r in checked.refused]
    st.markdown(f"**{t('Refused rows')}**")
    st.dataframe(
        pd.DataFrame(rows, columns=header),
        hide_index=True,
        height=_ROW * (1 + min(len(rows), _MOST_ROWS_SHOWN))
        + (_ROW // 2 if len(rows) > _MOST_ROWS_SHOWN else 3),
        alt=t("Refused rows with row number, column, value and reason"),
    )
    st.download_button(
        t("Download the refused rows"),
        refused_csv(checked, source.reading.columns, t),
        file_name=f"refused-{Path(source.name).stem}.csv",
        mime="text/csv",
        icon=":material/download:",
        help=t("The rows as they stand in the file. Correct them and load that file too."),
    )
