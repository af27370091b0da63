"""Scores of visits, the same beside the customers, and how far raters agree."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.alt import dots_alt
from csat.charts.dots import dots
from csat.charts.wording import sentences
from csat.model.answer import Figure
from csat.model.message import N_, msg
from csat.queries.rater_contrast import CUSTOMERS, Beside
from csat.queries.raters import RaterAnswer, ScoreRow
from csat.queries.visits import Visit
from csat.stats.audit import FEWEST_VISITS
from csat.ui.charts import draw, show_table
from csat.ui.inert import inert
from csat.ui.language import dark, formats, t, translate
from csat.ui.quality.rater_words import (
    VERDICTS,
    agreement_words,
    as_figure,
    contrast_words,
    criterion_name,
    grade_name,
    headline,
    method_name,
    reference_name,
)
from csat.ui.quality.words import dimension_name

_BY: Final[dict[str, str]] = {
    "branch": N_("Branch"),
    "dimension": N_("Dimension"),
    "touchpoint": N_("Touchpoint"),
}


def scores_part(answer: RaterAnswer) -> None:
    """Draw the scores of one kind of rating, and the visits that failed a critical criterion."""
    for method in answer.methods:
        st.markdown(headline(answer, method))
    method = _choose_method(answer)
    offered = [by for by in _BY if answer.rows(method, by)]
    if offered:
        by = st.segmented_control(
            t("Scores by"),
            offered,
            default=offered[0],
            required=True,
            format_func=lambda b: t(_BY[b]),
            key="raters-by",
        )
        _groups(answer.rows(method, str(by)), str(by))
    st.caption(_graded(answer))
    failed = [v for v in answer.visits if v.failed_critical]
    if failed:
        with st.expander(
            t(msg("Visits that failed a critical criterion ({n})", n=len(failed))),
            icon=":material/warning:",
        ):
            show_table(_visits(failed), alt=t("Visits that failed a critical criterion"))
    every = st.expander(
        t(msg("All visits ({n})", n=len(answer.visits))),
        icon=":material/table:",
        key="raters-visits",
        on_change="rerun",
    )
    if every.open:
        with every:
            show_table(_visits(answer.visits), alt=t("All visits"))


def _choose_method(answer: RaterAnswer) -> str:
    """Draw the choice of the kind of rating where there are several."""
    methods = list(answer.methods)
    if len(methods) == 1:
        return methods[0]
    chosen = st.segmented_control(
        t("Kind of rating"),
        methods,
        default=methods[0],
        required=True,
        format_func=method_name,
        key="raters-method",
    )
    return str(chosen)


def _groups(rows: list[ScoreRow], by: str) -> None:
    named = {r.group: dimension_name(r.group) if by == "dimension" else r.group for r in rows}
    figures = [as_figure(named[r.group], r.score) for r in rows]
    f, say = formats(), translate()
    picture = dots(
        figures, unit="index", dark=dark(), caution_under=FEWEST_VISITS, t=say, fmt=f.value
    )
    draw(picture, dots_alt(figures, t=say, fmt=f.value), key=f"raters-{by}")
    st.caption(
        t(
            msg(
                "Score from 0 to 100 with its 95% interval; hollow: under {n} visits.",
                n=FEWEST_VISITS,
            )
        )
    )
    with st.expander(t("Table"), icon=":material/table:"):
        frame = pd.DataFrame(
            {
                t(_BY[by]): [named[r.group] for r in rows],
                t("Score (0-100)"): [f.value(r.score.mean, "index") for r in rows],
                t("95% interval"): [f.interval(r.score.low, r.score.high, "index") for r in rows],
                t("Visits"): [f.count(r.score.visits) for r in rows],
            }
        )
        if by != "dimension":
            frame[t("Critical fails")] = [f.count(r.critical or 0) for r in rows]
            frame[t("Grade")] = [grade_name(r.grade) for r in rows]
        show_table(frame, alt=t("Scores of visits"))


def _graded(answer: RaterAnswer) -> str:
    f = formats()
    bands = t(", ").join(
        t(msg("{grade} from {floor}", grade=inert(grade_name(name)), floor=f.value(floor, "count")))
        for floor, name in answer.grades.bands
    )
    told = msg(
        "Grades: {bands}. A critical fail caps the visit at {cap}.",
        bands=bands,
        cap=f.value(answer.grades.cap, "count"),
    )
    against = [" · ".join(inert(p) for p in pair if p) for pair in answer.against]
    rated = t(msg("Rated against: {names}.", names=t(", ").join(against))) if against else ""
    usual = "" if answer.grades.own else t("These are the usual grades; load your own instead.")
    return sentences([part for part in (t(told), usual, rated) if part], t=translate())


def _visits(visits: list[Visit] | tuple[Visit, ...]) -> pd.DataFrame:
    f = formats()
    return pd.DataFrame(
        {
            t("Visit"): [v.visit for v in visits],
            t("Day"): [
                f"{v.day // 10000:04d}-{v.day // 100 % 100:02d}-{v.day % 100:02d}" for v in visits
            ],
            t("Branch"): [v.branch for v in visits],
            t("Touchpoint"): [v.touchpoint for v in visits],
            t("Score (0-100)"): [f.value(v.score, "index") for v in visits],
            t("Before the cap"): [f.value(v.uncapped, "index") for v in visits],
            t("Grade"): [grade_name(v.grade) for v in visits],
            t("Critical fails"): [
                t("; ").join(criterion_name(c) for c in v.failed_critical) for v in visits
            ],
            t("Kind of rating"): [method_name(v.method) for v in visits],
            t("Raters"): [t(", ").join(v.raters) for v in visits],
        }
    )


def beside_part(answer: RaterAnswer) -> None:
    """Draw raters' scores beside the customers', dimension by dimension, never averaged."""
    if not answer.beside:
        st.info(
            t(
                "There is nothing to set beside: raters' criteria name no dimension that "
                "customers were asked about on one scale."
            ),
            icon=":material/info:",
        )
        return
    method = _choose_method(answer)
    references = dict.fromkeys(b.reference for b in answer.beside if b.method == method)
    for reference in references:
        rows = [b for b in answer.beside if (b.method, b.reference) == (method, reference)]
        _contrast(rows, method, reference)


def _contrast(rows: list[Beside], method: str, reference: str) -> None:
    f, say = formats(), translate()
    if reference == CUSTOMERS:
        st.markdown(contrast_words(rows))
    else:
        title = msg(
            "{one} beside {other}", one=method_name(method), other=reference_name(reference)
        )
        st.markdown(f"**{t(title)}**")
    figures = [
        Figure(
            "raters",
            dimension_name(b.dimension),
            b.difference,
            "rating",
            b.raters.visits,
            b.low,
            b.high,
            "changed" if b.verdict in ("higher", "lower") else "no_clear_change",
            state="withheld" if b.verdict == "withheld" else "ok",
        )
        for b in rows
    ]
    same = msg("no difference")
    zero = Figure("raters", "", 0.0, "index", None, None, None, "not_compared", note=same)
    picture = dots(
        figures,
        unit="rating",
        dark=dark(),
        overall=zero,
        caution_under=FEWEST_VISITS,
        t=say,
        fmt=lambda v, u: f.difference(v, "index") if u == "rating" else f.value(v, u),
    )
    draw(picture, dots_alt(figures, t=say, fmt=f.value), key=f"beside-{method}-{reference}")
    st.caption(
        t(
            msg(
                "{other} compared: the raters' score less theirs, in points of 0 to 100, with its "
                "95% interval; ◆ clear difference; n is visits.",
                other=reference_name(reference),
            )
        )
    )
    with st.expander(t("Table"), icon=":material/table:"):
        frame = pd.DataFrame(
            {
                t("Dimension"): [dimension_name(b.dimension) for b in rows],
                t("Raters (0-100)"): [f.value(b.raters.mean, "index") for b in rows],
                t("Visits"): [f.count(b.raters.visits) for b in rows],
                f"{reference_name(reference)} (0-100)": [f.value(b.other, "index") for b in rows],
                "n": ["" if b.n is None else f.count(b.n) for b in rows],
                t("Difference"): [f.difference(b.difference, "index") for b in rows],
                t("95% interval"): [_signed(b) for b in rows],
                t("Verdict"): [t(VERDICTS[b.verdict]) for b in rows],
            }
        )
        show_table(frame, alt=t("Raters' scores beside others"))


def _signed(b: Beside) -> str:
    f = formats()
    if b.low is None:
        return "—"
    low, high = f.difference(b.low, "index"), f.difference(b.high, "index")
    return t(msg("{low} to {high}", low=low, high=high))


def agreement_part(answer: RaterAnswer) -> None:
    """Draw how far raters agree who rated the same visits."""
    if not answer.agreements:
        st.info(
            t(
                "No visit was rated by two raters. Let two of them rate some visits under the "
                "same number of the visit: only then is it known whether they agree."
            ),
            icon=":material/group:",
        )
        return
    f = formats()
    for found in answer.agreements:
        st.markdown("  \n".join(agreement_words(found)))
        if not found.pairs:
            continue
        frame = pd.DataFrame(
            {
                t("Raters"): [" – ".join(p.raters) for p in found.pairs],
                t("Criteria both rated"): [f.count(p.judgements) for p in found.pairs],
                t("Weighted kappa") if found.scaled else t("Cohen's kappa"): [
                    f.value(p.kappa, "rating") for p in found.pairs
                ],
            }
        )
        show_table(frame, alt=t("Agreement of each pair of raters"))
    st.caption(
        t(
            "1 is perfect agreement, 0 what chance gives. Each kind of rating stands for itself; "
            "a third party that sees it differently is a difference, not disagreement."
        )
    )
