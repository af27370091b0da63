"""The section on the satisfaction index: its value, what it is made up of, how it went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.alt import trend_alt
from csat.charts.contributions import Contribution, contributions, contributions_alt
from csat.charts.trend import trend
from csat.charts.wording import VERDICTS, marks_key, sentences
from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.model.vocabulary import GRAIN_LABELS
from csat.queries.index_changes import IndexChange
from csat.queries.satisfaction_index import IndexAnswer, IndexPart
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.card import shown, verdict_words
from csat.ui.charts import beneath, draw, show_table
from csat.ui.inert import inert
from csat.ui.language import dark, formats, t, translate
from csat.ui.quality.index_editor import definition_editor
from csat.ui.quality.index_words import indicator_name
from csat.ui.view import View

_GRAINS: Final = ("year", "quarter", "month")
_STEPS: Final[dict[str, str]] = {
    "before": N_("{year}, as defined then"),
    "old": N_("{year}, by the definition of {before}"),
    "new": N_("{year}, by its own definition"),
}


def index_section(filters: Filters, view: View) -> None:
    """Draw the index of the program under the filters, and its definition below."""
    grain = str(st.session_state.get("by", "year"))
    grain = grain if grain in _GRAINS else "year"
    answer: IndexAnswer = cached("satisfaction_index", filters, view.limits, grain)
    if answer.versions:
        _headline(answer, view)
        left, right = st.columns(2, gap="large")
        with left:
            _made_up_of(answer, view)
        with right:
            _over_time(answer, view)
        for change in answer.changes:
            _change(change)
    else:
        st.header(t("This program has not defined its index yet."), anchor=False)
        st.markdown(
            t(
                "A satisfaction index puts what matters to you on one scale from 0 (worst) to 100 "
                "(best): dimensions, the overall question, single questions, each with a weight. "
                "It is fixed for a year, so that a change of it is the customers' and not the "
                "weights'."
            )
        )
    definition_editor(filters.program, answer, view)


def _headline(answer: IndexAnswer, view: View) -> None:
    figure, f = answer.figure, formats()
    if figure.value is None:
        told = t(figure.note) if figure.note is not None else shown(figure, view.limits)
        st.info(told, icon=":material/info:")
        return
    with st.container(gap="xsmall"):
        st.header(first_sentence(answer), anchor=False)
        said = [
            t(
                msg(
                    "95% interval {interval} · standard error {error} · n {n}",
                    interval=f.interval(figure.low, figure.high, "index"),
                    error=f.value(figure.standard_error, "rating"),
                    n=f.count(figure.n or 0),
                )
            )
        ]
        if figure.verdict != "not_compared":
            said.append(verdict_words(figure))
        if figure.note is not None:
            said.append(t(figure.note))
        st.markdown(" · ".join(said))
        st.caption(_base_words(answer))


def _base_words(answer: IndexAnswer) -> str:
    f, parts = formats(), []
    if answer.partial:
        counted = msg(
            "{n} of these left some answers out; their weights are shared out.",
            n=f.count(answer.partial),
        )
        parts.append(t(counted))
    if answer.left_out:
        few = msg("{n} more answered less than half and do not count.", n=f.count(answer.left_out))
        parts.append(t(few))
    if answer.mixed:
        parts.append(
            t(
                "These dates span a change of the definition: every answer counts as its own "
                "year's definition says."
            )
        )
    return sentences(parts, t=translate())


def first_sentence(answer: IndexAnswer) -> str:
    """Say where the index stands, and what costs it most."""
    f = formats()
    value = f.value(answer.figure.value, "index")
    known = [p for p in answer.parts if p.lost is not None and p.possible]
    if not known:
        return t(msg("The index stands at {value} of 100.", value=value))
    worst = max(known, key=lambda p: p.lost or 0.0)
    return t(
        msg(
            "The index stands at {value} of 100. {name} costs most: {lost} points are missing.",
            value=value,
            name=inert(indicator_name(worst.metric)),
            lost=f.value(worst.lost, "index"),
        )
    )


def _made_up_of(answer: IndexAnswer, view: View) -> None:
    st.markdown(f"**{t('What it is made up of')}**")
    if not answer.parts:
        st.caption(t("No data in this selection"))
        return
    rows = [
        Contribution(p.metric, indicator_name(p.metric), p.contribution, p.possible, p.level, p.n)
        for p in answer.parts
        if p.weight or p.n or p.withheld
    ]
    f, say = formats(), translate()
    draw(
        contributions(rows, t=say, fmt=f.value, dark=dark()),
        contributions_alt(rows, t=say, fmt=f.value),
        key="index-parts",
    )
    st.caption(t("Points of the index: a full bar is every answer at the best end of its scale."))
    beneath(lambda: parts_table(answer, view), answer.figure, answer.provenance, key="index-parts")


def parts_table(answer: IndexAnswer, view: View) -> pd.DataFrame:
    """Return the indicators as the table behind the chart."""
    f = formats()

    def points(values: Sequence[tuple[IndexPart, float | None]]) -> list[str]:
        return [shown_or_withheld(part, value, view) for part, value in values]

    rows = answer.parts
    return pd.DataFrame(
        {
            t("Indicator"): [indicator_name(p.metric) for p in rows],
            t("Weight"): [f.value(p.weight, "percent") for p in rows],
            t("Mean, 0-100"): points([(p, p.level) for p in rows]),
            t("Points added"): points([(p, p.contribution) for p in rows]),
            t("At most"): points([(p, p.possible) for p in rows]),
            t("Missing"): points([(p, p.lost) for p in rows]),
            "n": [f.count(p.n) if p.n else "" for p in rows],
        }
    )


def shown_or_withheld(part: IndexPart, value: float | None, view: View) -> str:
    """Return a figure of an indicator as the reader sees it."""
    if part.withheld:
        return t(msg("withheld (n < {n})", n=view.limits.withhold_under))
    return formats().value(value, "index")


def _over_time(answer: IndexAnswer, view: View) -> None:
    st.markdown(f"**{t('Over time')}**")
    grain = url.choose(
        t("By"), "by", list(_GRAINS), "year", lambda g: t(GRAIN_LABELS[g]), width=200
    )
    f, say = formats(), translate()
    history = list(answer.history)
    if not any(x.value is not None or x.withheld for x in history):
        st.caption(t("No data in this selection"))
        return
    lines = {t("Satisfaction index"): history}
    picture = trend(
        lines,
        t=say,
        fmt=f.value,
        fmt_period=f.period,
        unit="index",
        direction="up",
        breaks=list(_breaks(answer, grain).items()),
        dark=dark(),
    )
    draw(picture, trend_alt(lines, t=say, fmt=f.value, fmt_period=f.period), key="index-time")
    st.caption(f"{t('All dates, whatever period is chosen.')} {marks_key(history, t=say)}")
    beneath(lambda: history_table(answer, view), answer.figure, answer.provenance, key="index-time")


def _breaks(answer: IndexAnswer, grain: str) -> dict[str, str | Message]:
    """Return where a new definition begins, by the label of the period."""
    first = {"year": "", "quarter": "-Q1", "month": "-01"}[grain]
    shown_now = {x.by for x in answer.history[1:]}
    found = {f"{c.year:04d}{first}": N_("new definition") for c in answer.changes}
    return {label: text for label, text in found.items() if label in shown_now}


def history_table(answer: IndexAnswer, view: View) -> pd.DataFrame:
    """Return the history as the table behind the chart."""
    f, rows = formats(), answer.history
    return pd.DataFrame(
        {
            t("Period"): [f.period(x.by) for x in rows],
            t("Satisfaction index"): [shown(x, view.limits) for x in rows],
            t("Standard error"): [f.value(x.standard_error, "rating") for x in rows],
            t("95% interval"): [f.interval(x.low, x.high, "index") for x in rows],
            "n": [f.count(x.n) if x.n else "" for x in rows],
            t("Verdict"): [verdict_words(x) for x in rows],
        }
    )


def _change(change: IndexChange) -> None:
    """Say which part of a step is the definition's and which the customers'."""
    f = formats()
    name = t(msg("The change of the definition in {year}", year=str(change.year)))
    st.markdown(f"**{name}**")
    if change.withheld:
        st.caption(t("Withheld: too few answers"))
        return
    if change.old is None or change.new is None:
        st.caption(t("The answers of this year do not hold what the earlier definition needs."))
        return
    st.markdown(_step_words(change))
    steps = [("old", change.year, change.old), ("new", change.year, change.new)]
    if change.before is not None:
        steps.insert(0, ("before", change.year - 1, change.before))
    frame = pd.DataFrame(
        {
            t("Answers and definition"): [
                t(Message(_STEPS[k], {"year": str(y), "before": str(change.year - 1)}))
                for k, y, _ in steps
            ],
            t("Satisfaction index"): [f.value(i.value, "index") for _, _, i in steps],
            t("Standard error"): [f.value(i.standard_error, "rating") for _, _, i in steps],
            t("95% interval"): [f.interval(i.low, i.high, "index") for _, _, i in steps],
            "n": [f.count(i.n) for _, _, i in steps],
        }
    )
    show_table(frame, alt=name)


def _step_words(change: IndexChange) -> str:
    f = formats()
    shift = f.difference(change.shift, "index")
    if change.moved is None or change.step is None:
        told = msg(
            "The same answers: the definition alone moves the index by {shift}.", shift=shift
        )
        return t(told)
    return t(
        msg(
            "The index went from {before} to {now} ({step}). The definition made {shift} of it, "
            "by the same answers; customers made {moved} ({low} to {high}, {verdict}).",
            before=f.value(change.before.value if change.before else None, "index"),
            now=f.value(change.new.value if change.new else None, "index"),
            step=f.difference(change.step, "index"),
            shift=shift,
            moved=f.difference(change.moved.difference, "index"),
            low=f.difference(change.moved.low, "index"),
            high=f.difference(change.moved.high, "index"),
            verdict=t(VERDICTS[change.told][0]),
        )
    )
