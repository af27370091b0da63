"""Complaints beside survey scores, theme by theme: a part of the complaints page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.charts.agreement import FINDINGS, ThemeSpot, agreement_alt, agreement_map
from csat.ingest.cause_tree import set_cause_tree
from csat.model.cause_tree import Theme
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import Problem, UsageProblem
from csat.model.vocabulary import DIMENSION_LABELS
from csat.queries.agreement import Agreement, ThemeRow
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.charts import show_table
from csat.ui.drill import Choice, draw_to_open
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View, page_link, show_problem
from csat.ui.weighting import say_unweighted

_SIDES = ("program", "period", "from", "to", "branch", "channel", "segment", "touchpoint", "survey")


def scores_beside(filters: Filters, view: View) -> None:
    """Draw on which themes complaints and scores say the same, and on which they do not."""
    found: Agreement = cached("agreement", filters, view.limits)
    if not found.rows:
        st.info(
            t(
                "To join complaints and survey answers, say which causes and which questions are "
                "about the same theme: a short text file, see docs/guide/"
                "join-scores-and-complaints.md."
            ),
            icon=":material/account_tree:",
        )
        if not cached("surveys", filters.program):
            st.caption(
                t("Complaints are held against survey answers here, and this program has none yet.")
            )
            page_link("data", t("Load a survey on the Data page"), ":material/arrow_forward:")
        _upload(filters, view)
        return
    if found.note is not None:
        st.info(t(found.note), icon=":material/info:")
    say_unweighted(filters.program)
    named = {code: [t(r.theme.title) for r in found.rows if r.finding == code] for code in FINDINGS}
    for code in ("both", "complaints_only", "silent"):
        if named[code]:
            names = _plain(t(", ").join(named[code]))
            st.markdown(t(msg("**{finding}**: {names}", finding=t(FINDINGS[code]), names=names)))
    f, spots = formats(), _spots(found)
    draw_to_open(
        agreement_map(
            spots, 100 / len(found.rows), dark=dark(), t=translate(), fmt=f.value
        ),
        agreement_alt(named, t=translate()),
        {
            r.theme.key: (f"{t(r.theme.title)} ({f.count(r.complaints.count)})",
                          _cases_of(r.theme), None)
            for r in found.rows
            if r.complaints.count
        },
        key="agreement",
    )  # fmt: skip
    st.caption(
        t(
            "Many: clearly more than an even share of the complaints of all themes, by a tenth at "
            "least. Low: clearly below the other themes in the eyes of the same respondents, by "
            "one point of 100 at least. Both tests are corrected for the number of themes."
        )
    )
    with st.expander(t("Table"), icon=":material/table:", expanded=not spots):
        show_table(_table(found), alt=t("Complaints and scores by theme"))
    if found.unplaced:
        text = msg("{n} complaints belong to no theme.", n=f.count(found.unplaced))
        st.caption(t(text))
    if found.missing:
        st.caption(t(msg("Not in the data: {names}", names=_plain(t(", ").join(found.missing)))))
    shared = {k: v for k, v in url.noted().items() if k in _SIDES}
    page_link("dimensions", t("Look at the dimensions"), ":material/straighten:", {**shared})
    if view.user.may("import"):
        with st.expander(t("Set another tree"), icon=":material/upload_file:"):
            _upload(filters, view)


def _plain(text: str) -> str:
    """Return a text of the program in which nothing is taken for Markdown."""
    return "".join(f"\\{c}" if c in "\\`*_{}[]()<>#+-.!|~$:" else c for c in text)


def _spots(found: Agreement) -> list[ThemeSpot]:
    spots = []
    for row in found.rows:
        score, share = row.score, row.complaints
        ends = (score.mean, score.low, score.high, share.share, share.low, share.high)
        if any(v is None for v in ends):
            continue
        mean, low, high, part, few, many = (float(v) for v in ends if v is not None)
        spots.append(
            ThemeSpot(row.theme.key, t(row.theme.title), mean, low, high,
                      100 * part, 100 * few, 100 * many, row.finding)
        )  # fmt: skip
    return spots


def _cases_of(theme: Theme) -> Choice:
    if theme.causes:
        return {"cause": theme.causes}
    return {"category": theme.categories}


def _table(found: Agreement) -> pd.DataFrame:
    f = formats()
    rows = found.rows
    frame = pd.DataFrame(
        {
            t("Theme"): [t(r.theme.title) for r in rows],
            t("Dimension"): [
                t(DIMENSION_LABELS.get(r.theme.dimension, r.theme.dimension)) for r in rows
            ],
            t("Complaints"): [f.count(r.complaints.count) for r in rows],
            t("Share"): [
                "" if r.complaints.share is None else f.value(100 * r.complaints.share, "percent")
                for r in rows
            ],
            t("Per 1,000 customers"): [
                "" if r.rate is None else f.value(r.rate, "per_1000") for r in rows
            ],
            t("Score (0 to 100)"): [_score(r) for r in rows],
            t("95% interval"): [f.interval(r.score.low, r.score.high, "index") for r in rows],
            t("Against the other themes"): [
                "" if r.score.difference is None else f.difference(r.score.difference, "index")
                for r in rows
            ],
            "n": ["" if r.withheld else f.count(r.score.n) for r in rows],
            t("Finding"): [t(FINDINGS[r.finding]) for r in rows],
        }
    )
    empty = [c for c in frame.columns if not frame[c].astype(bool).any()]
    return frame.drop(columns=empty)


def _score(row: ThemeRow) -> str:
    if row.withheld:
        return t("withheld")
    shown = formats().value(row.score.mean, "index")
    return f"{shown} ({t('whole dimension')})" if row.whole_dimension else shown


def _upload(filters: Filters, view: View) -> None:
    """Take a tree from those who may load files."""
    if not view.user.may("import"):
        st.caption(t("An analyst can load it here."))
        return
    file = st.file_uploader(t("Tree of causes (TOML)"), type=[".toml"], key="cause-tree")
    if file is None:
        return
    if st.button(t("Put the tree into force"), type="primary", key="set-tree"):
        try:
            set_cause_tree(store(), filters.program, _text(file.getvalue()), view.user)
        except Problem as problem:
            show_problem(problem)
            return
        st.rerun()


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageProblem(msg("The file is no text in UTF-8"), msg("Save it as UTF-8")) from error
