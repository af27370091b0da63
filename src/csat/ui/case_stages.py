"""The stages of cases: who reached which, and the time in each; part of the complaints page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd
import streamlit as st

from csat.charts.stages import StageBar, StageSpan, stage_bars, stage_spans, stages_alt
from csat.model.answer import Figure
from csat.model.case_stages import AGAIN, CONDUCT, EVENT_LABELS
from csat.model.filters import Filters
from csat.model.message import msg
from csat.queries.conduct import Conduct
from csat.queries.stage_figures import StageFigures
from csat.queries.stages import Stages, working_hours
from csat.ui import url
from csat.ui.cached import cached, store
from csat.ui.charts import beneath, draw, show_table
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View

_DAY: Final = 86_400


def case_stages(filters: Filters, view: View) -> None:
    """Draw the funnel of stages and the time in each, open cases included."""
    clock = "calendar"
    if working_hours(store(), filters.program) is not None:
        names = {"calendar": t("Calendar time"), "business": t("Working time, less pauses")}
        clock = url.choose(
            t("Clock"), "clock", list(names), "calendar", names.__getitem__, width=280
        )
    found: Stages = cached("stages", filters, clock, view.limits)
    for note in found.notes:
        st.info(t(note), icon=":material/info:")
    if not any(r.reached for r in found.rows):
        return
    words: dict[str, Any] = {"t": translate(), "fmt": _writer(clock)}
    bars = [StageBar(_name(r), r.reached, r.skipped, r.ahead) for r in found.rows]
    spans = [_span(r) for r in found.rows if r.times]
    alt = stages_alt(bars, spans, **words)
    left, right = st.columns(2, gap="medium")
    with left:
        st.markdown(f"**{t('Stages that cases have reached')}**")
        draw(stage_bars(bars, dark=dark(), **words), alt, key="stages")
    with right:
        st.markdown(f"**{t('Time in each stage')}**")
        draw(stage_spans(spans, dark=dark(), **words), alt, key="stage-times")
    beneath(
        lambda: _table(found.rows, found.clock), found.rows[0].share, found.provenance, key="stages"
    )
    if found.again:
        _second_round(found, words)
    if found.type == CONDUCT and found.cases:
        _conduct(filters, view)
    if found.beside:
        f = formats()
        told = (f"{t(EVENT_LABELS[e])} {f.count(n)}" for e, n in found.beside.items())
        st.caption(t(msg("What else happened: {list}.", list=" · ".join(told))))
    st.caption(
        t(
            "A case leaves a stage when it reaches any later one. Open cases count with the time "
            "they have been in their stage so far; those that may still come to a stage count "
            "neither for nor against it."
        )
    )
    if found.not_recorded:
        missing = " · ".join(t(EVENT_LABELS[s]) for s in found.not_recorded)
        st.caption(t(msg("Not recorded by the files: {list}.", list=missing)))


def _second_round(found: Stages, words: dict[str, Any]) -> None:
    """Draw how far the cases have come that were looked at a second time."""
    st.markdown(f"**{t('Second round')}**")
    first, f = found.again[0], formats()
    told = msg(
        "{n} of {total} cases were reopened, escalated or appealed. Counted from then is what "
        "follows: assessed, investigated, decided and resolved again.",
        n=f.count(first.reached),
        total=f.count(found.cases),
    )
    st.caption(t(told))
    bars = [StageBar(_name(r), r.reached, r.skipped, r.ahead) for r in found.again]
    spans = [_span(r) for r in found.again if r.times]
    alt = stages_alt(bars, spans, **words)
    left, right = st.columns(2, gap="medium")
    with left:
        draw(stage_bars(bars, dark=dark(), **words), alt, key="stages-again")
    with right:
        if spans:
            draw(stage_spans(spans, dark=dark(), **words), alt, key="stage-times-again")
    if not any(r.stage == "assessed_again" for r in found.again):
        st.caption(t("No second assessment is on record: load a log with one row per event."))
    with st.expander(t("Table"), icon=":material/table:"):
        show_table(_table(found.again, found.clock), alt=t("Second round"))


def _conduct(filters: Filters, view: View) -> None:
    """Draw what became of conduct cases: shares, sanctions and violations."""
    known: Conduct = cached("conduct", filters, view.limits)
    f = formats()
    left, middle, right = st.columns(3, gap="medium")
    with left:
        st.markdown(f"**{t('Notices and appeals')}**")
        frame = pd.DataFrame(
            {
                t("Share"): [t(s.label) for s in known.shares],
                t("Value"): [_share(s.figure) for s in known.shares],
                "n": ["" if s.figure is None or s.figure.n is None else f.count(s.figure.n)
                      for s in known.shares],
                t("95% interval"): ["" if s.figure is None
                                     else f.interval(s.figure.low, s.figure.high, "percent")
                                     for s in known.shares],
            }
        )  # fmt: skip
        show_table(frame, alt=t("Notices and appeals"))
    for place, title, counts in (
        (middle, t("Sanctions"), known.sanctions),
        (right, t("Violations"), known.violations),
    ):
        with place:
            st.markdown(f"**{title}**")
            frame = pd.DataFrame(
                {
                    title: [name or t("not stated") for name, _ in counts],
                    t("Cases"): [f.count(n) for _, n in counts],
                }
            )
            show_table(frame, alt=title)


def _share(figure: Figure | None) -> str:
    if figure is None:
        return formats().value(None, "percent")
    return t("withheld") if figure.withheld else formats().value(figure.value, "percent")


def _writer(clock: str) -> Callable[[float | None, str], str]:
    """Return the writer of values: working time is written in hours, whose days differ."""
    f = formats()
    if clock == "calendar":
        return f.value

    def write(value: float | None, unit: str) -> str:
        return (
            f.worked(value * _DAY) if unit == "days" and value is not None else f.value(value, unit)
        )

    return write


def _name(row: StageFigures) -> str:
    return t(AGAIN.get(row.stage) or EVENT_LABELS[row.stage])


def _span(row: StageFigures) -> StageSpan:
    half, most, nearly = (at.seconds for at in row.times)
    return StageSpan(_name(row), (half, most, nearly), row.followed or 0.0)


def _table(rows: Sequence[StageFigures], clock: str) -> pd.DataFrame:
    f, write = formats(), _writer(clock)
    return pd.DataFrame(
        {
            t("Stage"): [_name(r) for r in rows],
            t("Reached"): [f.count(r.reached) for r in rows],
            t("Skipped it"): [f.count(r.skipped) for r in rows],
            t("May still come to it"): [f.count(r.ahead) for r in rows],
            t("In it now"): [f.count(r.waiting) for r in rows],
            t("Share that took it"): [
                t("withheld") if r.share.withheld else f.value(r.share.value, "percent")
                for r in rows
            ],
            t("95% interval"): [f.interval(r.share.low, r.share.high, "percent")
                                 for r in rows],
            **{
                name: [_time(r, i, write) for r in rows]
                for i, name in enumerate((t("Half moved on"), t("80% moved on"),
                                          t("90% moved on")))
            },
        }
    )  # fmt: skip


def _time(row: StageFigures, place: int, write: Callable[[float | None, str], str]) -> str:
    if row.withheld:
        return t("withheld")
    if not row.times:
        return write(None, "days")
    at = row.times[place]
    if at.seconds is None:
        return f"> {write((row.followed or 0) / _DAY, 'days')}"
    return write(at.seconds / _DAY, "days")
