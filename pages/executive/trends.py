"""Trends: any metric over time, in total or by group, with intervals."""

import streamlit as st

from csat.charts.alt import dots_alt, trend_alt
from csat.charts.dots import dots
from csat.charts.trend import trend
from csat.charts.wording import marks_key
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import HEADLINES, metric
from csat.model.period import bucket_label, month_key
from csat.model.vocabulary import COMPANY_VIEWPOINTS, CUT_LABELS, CUTS, GRAIN_LABELS, SURVEY_CUTS
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.card import label, verdict_words
from csat.ui.charts import chart_footer, draw
from csat.ui.empty import empty_store, nothing_chosen
from csat.ui.filter_bar import sentence
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View, current_view, page_head
from csat.ui.words import group_name

MOST_LINES = 12


def metric_options(program: str) -> dict[str, str]:
    """Return every metric this program can show, with its name."""
    options = {k: label(metric(k)) for k in HEADLINES}
    for key in cached("dimensions", program):
        name = group_name("dimension", key)
        for family, text in (("perception", t("Perception")), ("gap", t("Gap"))):
            options[f"{family}:{key}"] = f"{text} · {name}"
    seen = set()
    for item in cached("items", program):
        if item.key not in seen and item.viewpoint not in COMPANY_VIEWPOINTS:
            seen.add(item.key)
            options[f"mean:{item.key}"] = f"{item.key} · {t(item.wording)}"
    return options


def series(
    filters: Filters, key: str, grain: str, split: str, view: View
) -> dict[str, list[Figure]]:
    """Return one line in total, or one per group, the largest groups first."""
    if split == "none":
        answer = cached("evaluate", filters, (key,), grain, view.limits)
        return {label(metric(key)): list(answer.figures)}
    answer = cached("evaluate_split", filters, key, grain, split, view.limits)
    lines: dict[str, list[Figure]] = {}
    for figure in answer.figures:
        lines.setdefault(group_name(split, figure.group), []).append(figure)
    largest = sorted(lines, key=lambda g: -sum(x.n or 0 for x in lines[g]))[:MOST_LINES]
    return {g: lines[g] for g in largest}


def marks(filters: Filters, key: str, grain: str) -> list[tuple[str, str]]:
    """Return the breaks of the series as period label and words."""
    m = metric(key)
    found = []
    for b in cached("series_breaks", filters.program):
        touches = b.item == m.argument or (m.field == "dimension" and b.dimension == m.argument)
        if touches:
            found.append((bucket_label(month_key(b.day), grain), f"{b.item}: {t(b.note)}"))
    return found


def over_time(filters: Filters, key: str, grain: str, split: str, view: View) -> None:
    m, f = metric(key), formats()
    lines = series(filters, key, grain, split, view)
    notes = {
        t(x.note)
        for line in lines.values()
        for x in line
        if x.state == "not_available" and x.note and x.by == "total"
    }
    if notes or not any(x.n for line in lines.values() for x in line):
        for note in notes:
            st.info(note, icon=":material/info:")
        if not notes:
            nothing_chosen()
        return
    picture = trend(
        lines,
        t=translate(),
        fmt=f.value,
        fmt_period=f.period,
        unit=m.unit,
        direction=m.direction,
        dark=dark(),
        breaks=marks(filters, key, grain),
    )
    alt = trend_alt(lines, t=translate(), fmt=f.value, fmt_period=f.period)
    draw(picture, alt, key="trend")
    st.caption(marks_key([x for line in lines.values() for x in line], t=translate()))
    total = cached("evaluate", filters, (key,), grain, view.limits)
    figures = list(total.figures)
    chart_footer(
        figures,
        total,
        view.limits,
        first=t(GRAIN_LABELS[grain]),
        names={x.by: f.period(x.by) for x in figures},
        key="trend",
    )
    named = [x for x in figures if x.verdict in ("better", "worse", "changed")]
    if split == "none" and named:
        st.markdown(t("**Changes beyond noise, each against the period before**"))
        for x in named[-6:]:
            st.markdown(f"- {f.period(x.by)}: {verdict_words(x)}")
    elif split == "none":
        st.caption(t("No period differs from the one before beyond noise."))


def by_group(filters: Filters, key: str, cut: str, view: View) -> None:
    m, f = metric(key), formats()
    answer = cached("evaluate", filters, (key,), cut, view.limits)
    figures = [x for x in answer.figures if x.by != "total"]
    if not figures:
        for x in answer.figures:
            if x.note:
                st.info(t(x.note), icon=":material/info:")
        return
    total = cached("evaluate", filters, (key,), "total", view.limits).figures[0]
    st.subheader(t(msg("By {cut}, in the period", cut=t(CUT_LABELS[cut]).lower())), anchor=False)
    words = {"t": translate(), "fmt": f.value, "overall": total}
    picture = dots(
        figures,
        unit=m.unit,
        direction=m.direction,
        dark=dark(),
        caution_under=view.limits.caution_under,
        **words,
    )
    draw(picture, dots_alt(figures, **words), key="groups")
    st.caption(marks_key(figures, t=translate(), caution_under=view.limits.caution_under))
    chart_footer(
        figures,
        answer,
        view.limits,
        first=t(CUT_LABELS[cut]),
        names={"": t("not stated")},
        key="groups",
    )


view = current_view("read_figures")
page_head(t("Trends"), view)
if view.filters is None:
    empty_store(view.user)
else:
    options = metric_options(view.filters.program)
    one, two, three, four = st.columns([3, 1, 1, 1])
    with one:
        key = url.choose(t("Figure"), "metric", list(options), "csat_top_box", options.__getitem__)
    with two:
        grain = url.choose(t("By"), "by", list(GRAIN_LABELS), "month", lambda g: t(GRAIN_LABELS[g]))
    cuts = CUTS if metric(key).subject == "complaints" else SURVEY_CUTS
    with three:
        split = url.choose(
            t("Split by"),
            "split",
            ["none", *cuts],
            "none",
            lambda c: t("no split") if c == "none" else t(CUT_LABELS[c]),
        )
    with four:
        dates = url.choose(
            t("Dates"),
            "dates",
            ["all", "period"],
            "all",
            lambda d: t("all dates") if d == "all" else t("the period chosen"),
        )
    shown_filters = view.filters
    if dates == "all":
        shown_filters = view.filters.with_(period=None, compare="previous")
    st.caption(sentence(shown_filters))
    over_time(shown_filters, key, grain, split, view)
    if split != "none":
        by_group(view.filters, key, split, view)
