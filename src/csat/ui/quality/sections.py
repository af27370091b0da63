"""Sections of the page below the fold: questions, answers, groups, time."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from csat.charts.alt import dots_alt, trend_alt
from csat.charts.dots import dots
from csat.charts.dumbbell import dumbbells, dumbbells_alt
from csat.charts.spread import SpreadBar, spread_alt, spread_bars
from csat.charts.trend import trend
from csat.charts.wording import marks_key, sentences
from csat.model.answer import Answer
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.vocabulary import CUT_LABELS, GRAIN_LABELS
from csat.queries.contrasts import ContrastAnswer
from csat.queries.dimension_rows import DimensionAnswer
from csat.queries.ratings import RatingsAnswer
from csat.queries.weighted_groups import WeightedGroups
from csat.queries.weighted_series import WeightedSeries
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.charts import beneath, chart_footer, draw, draw_to_pick, figure_table
from csat.ui.language import dark, formats, t, translate
from csat.ui.quality.overall import legend, named, row_notes, table
from csat.ui.quality.remarks import comments_of
from csat.ui.quality.words import (
    by_priority,
    dimension_name,
    dumbbell_of,
    listed,
    question_words,
)
from csat.ui.view import View
from csat.ui.weighting import weighted_groups_words, weighted_table
from csat.ui.words import group_name


def item_rows(
    filters: Filters, dimension: str, weights: str, view: View, *, weighted: bool = False
) -> None:
    """Draw the questions of a dimension, and the comments behind one of them."""
    question = "weighted_dimensions" if weighted else "dimension_gaps"
    answer: DimensionAnswer = cached(question, filters, view.limits, weights, dimension)
    rows = by_priority(answer.items(dimension))
    if not rows:
        st.info(t("This dimension has no questions of its own."), icon=":material/info:")
        return
    f, say = formats(), translate()
    st.markdown(f"**{t(msg('Questions of {name}', name=dimension_name(dimension)))}**")
    if all(r.gap.value is None and not r.gap.withheld for r in rows):
        figures = [named(r) for r in rows]
        picture = dots(
            figures, unit="rating", dark=dark(), direction="up", t=say, fmt=f.value, whole=True
        )
        draw(picture, dots_alt(figures, t=say, fmt=f.value), key="items")
        picked = None
    else:
        drawn = [dumbbell_of(r, " · ".join(filter(None, (r.item, row_notes(r))))) for r in rows]
        limit = view.limits.caution_under
        picture = dumbbells(drawn, dark=dark(), caution_under=limit, t=say, fmt=f.value)
        picked = draw_to_pick(picture, dumbbells_alt(drawn, t=say, fmt=f.value), key="items")
        st.caption(legend(rows, view))
    for note in dict.fromkeys(t(r.gap.note) for r in rows if weighted and r.gap.note is not None):
        st.caption(note)
    beneath(lambda: table(rows, view), rows[0].gap, answer.provenance, key="items")
    if picked in {r.item for r in rows}:
        url.later("item", str(picked))
        st.rerun()
    comments_of(filters, rows, view)


def answers(filters: Filters, dimension: str, view: View) -> None:
    """Draw how the perceptions of a dimension spread, and the share of dissatisfied customers."""
    answer: RatingsAnswer = cached("ratings", filters, dimension, view.limits)
    if answer.note is not None:
        st.info(t(answer.note), icon=":material/info:")
        return
    f, say = formats(), translate()
    told = []
    for key, share in answer.dissatisfied.items():
        if share is not None and share.share is not None:
            told.append((share.share, key, share))
    told.sort(reverse=True)
    if told:
        st.markdown(f"**{t('Dissatisfied customers: mean perception below the middle')}**")
        with st.container(horizontal=True):
            for value, key, share in told:
                low, high = 100 * (share.low or 0.0), 100 * (share.high or 0.0)
                with st.container(width="content", gap=None):
                    st.metric(dimension_name(key), f.value(100 * value, "percent"))
                    base = f"{f.interval(low, high, 'percent')}  \nn {f.count(share.n)}"
                    st.caption(base)
    spreads = [s for s in answer.spreads if s.scale == answer.spreads[0].scale]
    if not spreads:
        return
    bars = [SpreadBar(s.key, question_words(s.key, s.wording), s.counts or {}) for s in spreads]
    title = t(msg("How the answers on {name} spread", name=dimension_name(dimension)))
    st.markdown(f"**{title}**")
    scale = spreads[0].scale
    draw(
        spread_bars(bars, scale, dark=dark(), t=say, fmt=f.value),
        spread_alt(bars, scale, t=say, fmt=f.value),
        key="spread",
    )
    st.caption(t("Share of each rating in percent; orange lies under the middle of the scale."))


def groups(
    filters: Filters,
    dimension: str,
    answer: DimensionAnswer,
    view: View,
    *,
    weighted: bool = False,
) -> None:
    """Draw each group of a cut against all others together."""
    options = [c for c, found in cached("groups", filters.program).items() if len(found) > 1]
    if not options:
        st.info(t("The answers name no groups to compare."), icon=":material/info:")
        return
    cut = url.choose(
        t("Compare"), "cut", options, options[0], lambda c: t(CUT_LABELS[c]), width=320
    )
    row = next((r for r in answer.dimensions if r.dimension == dimension), None)
    gaps = row is not None and (row.gap.value is not None or row.gap.withheld)
    key = f"{'gap' if gaps else 'perception'}:{dimension}"
    question = "weighted_groups" if weighted else "contrasts"
    found: ContrastAnswer | WeightedGroups = cached(question, filters, key, cut, view.limits)
    if found.note is not None:
        st.info(t(found.note), icon=":material/info:")
        return
    f, say = formats(), translate()
    figures = list(found.weighted if isinstance(found, WeightedGroups) else found.figures)
    clear = [x for x in figures if x.verdict in ("better", "worse")]
    name = dimension_name(dimension)
    if clear:
        worse = listed(x.by or t("not stated") for x in clear if x.verdict == "worse")
        better = listed(x.by or t("not stated") for x in clear if x.verdict == "better")
        if worse:
            st.markdown(
                t(msg("**{name} is worse than elsewhere: {list}.**", name=name, list=worse))
            )
        if better:
            told = msg("**{name} is better than elsewhere: {list}.**", name=name, list=better)
            st.markdown(t(told))
    else:
        st.markdown(t("**No group differs from the others beyond noise.**"))
    overall = row.gap if row is not None and gaps else (row.performance if row else None)
    overall = replace(overall, note=None) if overall else None  # nothing is compared over time
    limit = view.limits.caution_under
    picture = dots(
        figures,
        unit="rating",
        dark=dark(),
        direction="up",
        overall=overall,
        caution_under=limit,
        t=say,
        fmt=f.value,
    )
    draw(picture, dots_alt(figures, overall=overall, t=say, fmt=f.value), key="contrast")
    if isinstance(found, WeightedGroups):
        notes = dict.fromkeys(t(x.note) for x in figures if x.note is not None)
        key_words = marks_key(figures, t=say, caution_under=limit)
        st.caption(sentences([weighted_groups_words(found), key_words, *notes], t=say))
        rows, first = found.figures, t(CUT_LABELS[cut])
        names = [group_name(cut, x.plain.by) for x in rows]
        if rows:
            beneath(
                lambda: weighted_table(rows, first, names, view),
                rows[0].weighted,
                found.provenance,
                key="contrast",
            )
        return
    method = "Holm" if found.correction == "holm" else "Benjamini-Hochberg"
    st.caption(
        t(
            msg(
                "Each against all others together, corrected for their number ({method}). "
                "Intervals are not corrected. {key}",
                method=method,
                key=marks_key(figures, t=say, caution_under=limit),
            )
        )
    )
    beneath(
        lambda: figure_table(
            figures, view.limits, first=t(CUT_LABELS[cut]), names={"": t("not stated")}
        ),
        figures[0],
        found.provenance,
        key="contrast",
    )


def over_time(filters: Filters, dimension: str, view: View, *, weighted: bool = False) -> None:
    """Draw the level desired and the perception beside each other over all dates."""
    grain = url.choose(
        t("By"), "by", list(GRAIN_LABELS), "month", lambda g: t(GRAIN_LABELS[g]), width=320
    )
    everything = filters.with_(period=None, compare="previous")
    keys = (f"expectation:{dimension}", f"perception:{dimension}")
    answer = (
        _weighted(cached("weighted_series", everything, keys, grain, view.limits))
        if weighted
        else cached("evaluate", everything, keys, grain, view.limits)
    )
    f, say = formats(), translate()
    names = dict(zip(keys, (t("Desired"), t("Perceived")), strict=True))
    lines = {
        name: found
        for key, name in names.items()
        if any(found := [x for x in answer.figures if x.metric == key and x.by != "total"])
        and any(x.value is not None or x.withheld for x in found)
    }
    if not lines:
        st.info(t("No data in this selection"), icon=":material/info:")
        return
    title = msg("{name}: what customers want and what they get", name=dimension_name(dimension))
    st.markdown(f"**{t(title)}**")
    picture = trend(
        lines,
        t=say,
        fmt=f.value,
        fmt_period=f.period,
        unit="rating",
        direction="none" if len(lines) > 1 else "up",
        dark=dark(),
    )
    draw(picture, trend_alt(lines, t=say, fmt=f.value, fmt_period=f.period), key="over-time")
    shown = [x for line in lines.values() for x in line]
    told = [t("All dates, whatever period is chosen.")]
    if weighted:
        told.append(t("Weighted: each period has weights of its own."))
    st.caption(sentences([*told, marks_key(shown, t=say)], t=say))
    chart_footer(
        shown,
        answer,
        view.limits,
        first=t(GRAIN_LABELS[grain]),
        names={x.by: f.period(x.by) for x in shown},
        key="over-time",
    )


def _weighted(series: WeightedSeries) -> Answer:
    return Answer(tuple(f.weighted for f in series.figures), series.provenance)
