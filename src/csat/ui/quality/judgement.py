"""Key drivers, and whether the measure itself is sound: plain words first, numbers second."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.alt import dots_alt
from csat.charts.dots import dots
from csat.charts.wording import sentences
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.queries.drivers import METHODS, DriverAnswer, DriverRow
from csat.queries.soundness import DimensionSoundness, SoundnessAnswer, SurveySoundness
from csat.stats.reliability import Reliability
from csat.ui.cached import cached
from csat.ui.charts import draw, show_table
from csat.ui.language import dark, formats, t, translate
from csat.ui.quality.words import dimension_name, listed, question_words
from csat.ui.view import View

_TOGETHER: Final[dict[str, str]] = {
    "good": N_("{name}: these {n} questions hang together well."),
    "doubtful": N_("{name}: these {n} questions hang together only loosely."),
    "poor": N_("{name}: these {n} questions do not hang together; read them one by one."),
    "redundant": N_("{name}: these {n} questions all but repeat each other."),
}
_UNKNOWN: Final[dict[str, str]] = {
    "too_few_answers": N_("{name}: too few complete answers to judge (50 needed)."),
    "one_item": N_("{name}: a single question, nothing to compare it with."),
    "no_spread": N_("{name}: all answers are alike, nothing to judge."),
}
_ICONS: Final = {"good": "✓", "doubtful": "⚠", "poor": "✕", "redundant": "⚠"}
_CEILING: Final = 0.5


def key_drivers(filters: Filters, view: View) -> None:
    """Draw what goes with overall satisfaction, and what to put right first."""
    answer: DriverAnswer = cached("drivers", filters, view.limits)
    if answer.note is not None:
        st.info(t(answer.note), icon=":material/info:")
        return
    f, say = formats(), translate()
    shown = [_share(row, answer) for row in answer.rows]
    first = answer.rows[0]
    if first.above_noise:
        told = msg(
            "**{name} goes most with overall satisfaction: {share} of what these questions "
            "explain.**",
            name=dimension_name(first.driver),
            share=f.value(first.percent, "percent"),
        )
        st.markdown(t(told))
    urgent = [r for r in answer.rows if r.priority is not None and r.priority.rank == 1]
    if urgent:
        names = listed(dimension_name(r.driver) for r in urgent)
        st.markdown(t(msg("Put right first: {names}.", names=names)))
    st.caption(
        t(
            msg(
                "This is association, not cause. Together the dimensions explain {r2} of the "
                "differences in overall satisfaction (n {n}).",
                r2=f.value(100 * (answer.r_squared or 0.0), "percent"),
                n=f.count(answer.n or 0),
            )
        )
    )
    if answer.weak:
        st.warning(t("That is little: something else matters more."), icon=":material/warning:")
    picture = dots(shown, unit="percent", dark=dark(), t=say, fmt=f.value)
    draw(picture, dots_alt(shown, t=say, fmt=f.value), key="drivers")
    told = msg(
        "Share of R² in percent with bootstrap intervals: {method}. Shares no larger than chance "
        "gives are shown as zero.",
        method=t(METHODS[answer.method]),
    )
    st.caption(sentences([t(told), *(t(note) for note in answer.notes)], t=say))
    with st.expander(t("Table"), icon=":material/table:"):
        show_table(_driver_table(answer), alt=t("Key drivers"))


def _share(row: DriverRow, answer: DriverAnswer) -> Figure:
    total = (answer.r_squared or 1.0) / 100
    return Figure(
        metric="drivers",
        by=dimension_name(row.driver),
        value=row.percent if row.above_noise else 0.0,
        unit="percent",
        n=answer.n,
        low=row.low / total,
        high=row.high / total,
        verdict="not_compared",
    )


def _driver_table(answer: DriverAnswer) -> pd.DataFrame:
    f = formats()
    rows = answer.rows
    return pd.DataFrame(
        {
            t("Dimension"): [dimension_name(r.driver) for r in rows],
            t("Share of R²"): [f.value(r.percent if r.above_noise else 0, "percent") for r in rows],
            t("Direction"): [{1: "+", -1: "−"}.get(r.sign, "0") for r in rows],
            "VIF": ["—" if r.vif is None else f.value(r.vif, "rating") for r in rows],
            t("Gap"): [f.value(r.gap, "rating") for r in rows],
            t("Customers below what they want"): [
                f.value(None if r.affected is None else 100 * r.affected, "percent") for r in rows
            ],
            t("Put right"): [str(r.priority.rank) if r.priority else "—" for r in rows],
        }
    )


def sound(filters: Filters, view: View) -> None:
    """Say whether the questions measure what they should."""
    answer: SoundnessAnswer = cached("soundness", filters, view.limits)
    if not answer.surveys:
        nothing = msg("No question of a survey here belongs to a dimension")
        st.info(t(answer.note or nothing), icon=":material/info:")
    titles = dict(cached("surveys", filters.program))
    for survey in answer.surveys:
        if len(answer.surveys) > 1:
            st.markdown(f"##### {titles.get(survey.survey, survey.survey)}")
        if survey.n is None:
            st.info(t("Withheld: too few answers"), icon=":material/visibility_off:")
        else:
            _one_survey(survey)


def _one_survey(survey: SurveySoundness) -> None:
    st.markdown(f"**{_verdict(survey)}**")
    st.markdown("  \n".join([*_in_words(survey), *_alarms(survey)]))
    with st.expander(t("Figures"), icon=":material/table:"):
        show_table(_reliabilities(survey), alt=t("Reliability of each dimension"))
        show_table(_questions(survey), alt=t("How each question goes with the others"))
        st.caption(
            t(
                "Alpha (Cronbach) and omega (McDonald) from 0.70 on are good; two questions are "
                "judged by Spearman-Brown. KMO from 0.80 on says that the questions can be grouped."
            )
        )


def _verdict(survey: SurveySoundness) -> str:
    judged = [d for d in survey.dimensions if d.perception.soundness is not None]
    sound_ones = [d for d in judged if d.perception.soundness in ("good", "redundant")]
    if not judged:
        return t("There are too few answers to say whether the measure is sound.")
    if len(sound_ones) == len(judged):
        return t("The questions of every dimension that can be judged hang together.")
    counted = msg(
        "In {n} of {all} dimensions the questions hang together well.",
        n=len(sound_ones),
        all=len(judged),
    )
    return t(counted)


def _in_words(survey: SurveySoundness) -> list[str]:
    lines = []
    for d in survey.dimensions:
        name = dimension_name(d.dimension)
        found = d.perception
        if found.soundness is not None:
            text = Message(_TOGETHER[found.soundness], {"name": name, "n": len(d.items)})
            lines.append(f"{_ICONS[found.soundness]} {t(text)} :gray[({_coefficient(found)})]")
        elif found.unknown is not None:
            lines.append(f"– {t(Message(_UNKNOWN[found.unknown], {'name': name}))}")
    return lines


def _coefficient(found: Reliability) -> str:
    """Return the figure behind the words with its name: two questions have another."""
    two = found.spearman_brown is not None
    name = "Spearman-Brown" if two else t("alpha")
    value = found.spearman_brown if two else found.alpha
    return f"{name} {formats().value(value, 'rating')}"


def _alarms(survey: SurveySoundness) -> list[str]:
    """Say what should make a reader careful: reversed items, ceilings, gaps, straight lines."""
    f = formats()
    out = []
    for d in survey.dimensions:
        for i in d.items:
            name = question_words(i.key, i.wording)
            if i.fit is not None and i.fit.runs_against:
                out.append(
                    t(
                        msg(
                            "✕ “{item}” runs against the others: is it worded the other way?",
                            item=name,
                        )
                    )
                )
            if i.missing.flagged:
                share = f.value(100 * (i.missing.missing.share or 0.0), "percent")
                out.append(t(msg("⚠ “{item}” was left out by {share}.", item=name, share=share)))
    crowded = [
        d for d in survey.dimensions if d.ceiling is not None and (d.ceiling.share or 0) > _CEILING
    ]
    if crowded:
        names = listed(dimension_name(d.dimension) for d in crowded)
        text = msg(
            "⚠ More than half want the highest rating ({names}): there the gap says hardly more "
            "than the perception alone.",
            names=names,
        )
        out.append(t(text))
    if survey.straight is not None and survey.straight.share:
        share = f.value(100 * survey.straight.share, "percent")
        out.append(t(msg("Same answer to every question: {share} of respondents.", share=share)))
    return out


def _reliabilities(survey: SurveySoundness) -> pd.DataFrame:
    f = formats()

    def two(value: float | None) -> str:
        return f.value(value, "rating")

    rows = survey.dimensions
    frame = {
        t("Dimension"): [dimension_name(d.dimension) for d in rows],
        t("Alpha"): [two(d.perception.alpha) for d in rows],
        t("95% interval (Feldt)"): [
            f.interval(d.perception.low, d.perception.high, "rating") for d in rows
        ],
        t("Omega"): [two(d.perception.omega) for d in rows],
        t("Alpha, desired"): [two(d.expectation.alpha if d.expectation else None) for d in rows],
        t("Alpha, gap"): [two(d.gap.alpha if d.gap else None) for d in rows],
        t("Gap, by its two sides"): [two(d.difference) for d in rows],
        t("Desired with perceived (r)"): [two(d.correlation) for d in rows],
        t("Desired at the ceiling"): [_percent(d) for d in rows],
        "n": [f.count(d.perception.n) for d in rows],
    }
    if survey.factors is not None:
        frame["KMO"] = [two(survey.factors.kmo)] * len(rows)
    return pd.DataFrame(frame)


def _percent(row: DimensionSoundness) -> str:
    share = None if row.ceiling is None or row.ceiling.share is None else 100 * row.ceiling.share
    return formats().value(share, "percent")


def _questions(survey: SurveySoundness) -> pd.DataFrame:
    f = formats()
    pairs = [(d, i) for d in survey.dimensions for i in d.items]
    return pd.DataFrame(
        {
            t("Question"): [question_words(i.key, i.wording) for _, i in pairs],
            t("Dimension"): [dimension_name(d.dimension) for d, _ in pairs],
            t("With the others (r)"): [
                f.value(i.fit.item_total if i.fit else None, "rating") for _, i in pairs
            ],
            t("Alpha without it"): [
                f.value(i.fit.alpha_without if i.fit else None, "rating") for _, i in pairs
            ],
            t("Left out"): [
                f.value(100 * (i.missing.missing.share or 0.0), "percent") for _, i in pairs
            ],
        }
    )
