"""The head of the page: the weakest dimension in words, the dumbbells, and the scores."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.alt import dots_alt
from csat.charts.dots import dots
from csat.charts.dumbbell import dumbbells, dumbbells_alt
from csat.charts.wording import marks_key, sentences
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.queries.dimension_rows import DimensionAnswer, DimensionRow
from csat.queries.facts import facts
from csat.queries.weights import available
from csat.ui import url
from csat.ui.cached import store
from csat.ui.card import shown
from csat.ui.charts import beneath, draw, draw_to_pick
from csat.ui.language import dark, formats, t, translate
from csat.ui.quality.words import (
    by_priority,
    dumbbell_of,
    first_sentence,
    row_name,
    second_sentence,
)
from csat.ui.view import View

_SHORT: Final = {
    "points": N_("points of respondents"),
    "stated": N_("stated importance"),
    "derived": N_("derived importance"),
    "published": N_("published, 1990"),
    "expert": N_("experts in pairs"),
    "equal": N_("all the same"),
    "own": N_("the program's own"),
}


def choose_weights(filters: Filters) -> str:
    """Draw the choice of weights and return it; ones for a single look come by the link."""
    offered = available(facts(store(), filters.program), filters)
    own = str(st.session_state.get("weights", ""))
    options = [*offered, own] if "=" in own else list(offered)
    return url.choose(
        t("Weights"),
        "weights",
        options,
        offered[0],
        lambda s: t(_SHORT[s]) if s in _SHORT else t(msg("your own: {weights}", weights=s)),
        help=t("How much each dimension counts in the order and in the weighted score."),
    )


def headline(answer: DimensionAnswer) -> None:
    """Write what is weakest, and how the dimensions stand, in words."""
    with st.container(gap="xsmall"):
        st.header(first_sentence(answer), anchor=False)
        second = second_sentence(answer)
        if second:
            st.markdown(second)


def chart(answer: DimensionAnswer, view: View) -> str | None:
    """Draw all dimensions, the one that costs most on top; return one that was clicked."""
    rows = by_priority(answer.dimensions)
    f = formats()
    say = translate()
    if all(r.gap.value is None and not r.gap.withheld for r in rows):
        figures = [r.performance for r in rows]
        named = [named(r) for r in rows]
        picture = dots(
            named,
            unit="rating",
            dark=dark(),
            direction="up",
            caution_under=view.limits.caution_under,
            t=say,
            fmt=f.value,
        )
        draw(picture, dots_alt(named, t=say, fmt=f.value), key="dimensions")
        st.caption(
            t("Perceptions alone: the survey does not ask for the level that is desired.")
            + " "
            + marks_key(figures, t=translate(), caution_under=view.limits.caution_under)
        )
        beneath(lambda: table(rows, view), figures[0], answer.provenance, key="dimensions")
        return None
    drawn = [dumbbell_of(r, row_notes(r)) for r in rows]
    picture = dumbbells(
        drawn, dark=dark(), caution_under=view.limits.caution_under, t=say, fmt=f.value
    )
    picked = draw_to_pick(picture, dumbbells_alt(drawn, t=say, fmt=f.value), key="dimensions")
    st.caption(legend(rows, view))
    beneath(lambda: table(rows, view), rows[0].gap, answer.provenance, key="dimensions")
    return picked


def named(row: DimensionRow) -> Figure:
    """Return the perception alone under the name that the reader knows."""
    return replace(row.performance, by=row_name(row))


def row_notes(row: DimensionRow) -> str:
    """Say how much a dimension counts, and how many answers a weighted one is worth."""
    f, parts = formats(), []
    if row.weight is not None:
        parts.append(t(msg("weight {share}", share=f.value(row.weight, "percent"))))
    if row.effective_n is not None:
        parts.append(t(msg("effective n {n}", n=f.count(round(row.effective_n)))))
    return " · ".join(parts)


def weighted_words(answer: DimensionAnswer) -> str:
    """Say that the answers are weighted, how many they are worth, and what is not weighted."""
    worth = [round(r.effective_n) for r in answer.dimensions if r.effective_n is not None]
    said = t(
        "The dimensions, the scores, the questions, groups and the course over time count each "
        "answer by its weight; the other sections below do not."
    )
    if not worth:
        return said
    effective = t(msg("Effective n: {n}.", n=formats().count(min(worth))))
    return sentences([effective, said], t=translate())


def legend(rows: list[DimensionRow], view: View) -> str:
    """Say what the marks of the dumbbells mean."""
    key = marks_key([r.gap for r in rows], t=translate(), caution_under=view.limits.caution_under)
    key = key.replace("○", "◇")  # the ring is the desired level here
    base = t("○ desired · ◆ perceived · the bar is the 95% interval of the gap")
    return f"{base} · {key}" if key else base


def scores(answer: DimensionAnswer) -> None:
    """Draw the scores over all dimensions: gap and perception, weighted and plain."""
    f = formats()
    with st.container(border=True, gap="xsmall"):
        gap_help = t(
            "SERVQUAL: perceived less desired, mean over the dimensions. Below zero falls short."
        )
        st.metric(t("Gap, all together"), f.value(answer.weighted, "rating"), help=gap_help)
        beside = t(
            msg(
                "by the weights below; {value} if every dimension counts alike",
                value=f.value(answer.unweighted, "rating"),
            )
        )
        if answer.weighted_low is not None:
            low, high = (f.value(v, "rating") for v in (answer.weighted_low, answer.weighted_high))
            told = t(msg("95% interval: {low} to {high}", low=low, high=high))
            beside = f"{told}  \n{beside}"
        st.caption(beside)
        st.metric(
            t("Perception, all together"),
            f.value(answer.servperf_weighted, "rating"),
            help=t("SERVPERF: what customers perceive, without regard to what they desire."),
        )
        plain = f.value(answer.servperf, "rating")
        st.caption(
            t(msg("by the weights below; {value} if every dimension counts alike", value=plain))
        )
        told = t(answer.weights.label)
        if answer.weights.held is not None:
            day = f.day(answer.weights.held.valid_from)
            told = t(msg("the program's own weights, in force from {day}", day=day))
        base = f" · n {f.count(answer.weights.n)}" if answer.weights.n else ""
        published = answer.weights.source == "published"
        st.caption(
            t(msg("Weights: {source}{base}", source=told, base=base)),
            help=t("The source text calls these five numbers shares of dissatisfied customers.")
            if published
            else None,
        )


def _effective(rows: list[DimensionRow], view: View) -> dict[str, list[str]]:
    if all(r.effective_n is None for r in rows):
        return {}
    f = formats()
    cells = ["" if r.effective_n is None else f.count(round(r.effective_n)) for r in rows]
    plain = [r.plain.gap if r.plain is not None else None for r in rows]
    alone = [r.plain.performance if r.plain is not None else None for r in rows]
    return {
        t("Effective n"): cells,
        t("Gap, unweighted"): ["" if x is None else shown(x, view.limits) for x in plain],
        t("Perception alone, unweighted"): [
            "" if x is None else shown(x, view.limits) for x in alone
        ],
    }


def table(rows: list[DimensionRow], view: View) -> pd.DataFrame:
    """Return rows as the table behind a chart."""
    f = formats()
    hidden = t(msg("withheld (n < {n})", n=view.limits.withhold_under))
    return pd.DataFrame(
        {
            t("Dimension or question"): [row_name(r) for r in rows],
            t("Desired"): [f.value(r.expectation, "rating") for r in rows],
            t("Perceived"): [
                f.value(r.perception if r.perception is not None else r.performance.value, "rating")
                for r in rows
            ],
            t("Gap"): [hidden if r.gap.withheld else f.value(r.gap.value, "rating") for r in rows],
            t("95% interval"): [f.interval(r.gap.low, r.gap.high, "rating") for r in rows],
            "n": [f.count(r.gap.n) if r.gap.n else "" for r in rows],
            **_effective(rows, view),
            t("Weight"): ["" if r.weight is None else f.value(r.weight, "percent") for r in rows],
            t("Perception alone (SERVPERF)"): [
                f.value(r.performance.value, "rating") for r in rows
            ],
        }
    )
