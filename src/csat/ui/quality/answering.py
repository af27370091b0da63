"""Who answered: shares against those served, weighted beside unweighted, how weights came about."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from csat.charts.shares import SharePair, share_pairs, share_pairs_alt
from csat.charts.wording import sentences
from csat.ingest.margins import TEMPLATE
from csat.model.answer import Answer
from csat.model.message import msg
from csat.model.metrics import metric
from csat.queries.representation import Representation
from csat.queries.shares import SERVED, GroupShare, KindShares
from csat.queries.weighted import WeightedAnswer, WeightedFigure
from csat.ui import url
from csat.ui.card import explanation, label, shown, verdict_words, weighted_method
from csat.ui.charts import draw, show_table
from csat.ui.language import dark, formats, t, translate
from csat.ui.view import View, page_link
from csat.ui.weighting import cost_sentence, kind_name, remarks, warnings

_UNLIKELY: Final = 0.05


def headline(told: Representation, answer: WeightedAnswer, *, designed: bool) -> None:
    """Say who is missing most, and what that does to the first figure."""
    if told.kinds:
        st.header(_missing(told), anchor=False)
    figure = next((x for x in answer.figures if x.moved is not None), None)
    parts = [] if figure is None or not designed else [_moved(figure)]
    if designed and told.weighting is not None and told.weighting.kish.deff is not None:
        parts.append(cost_sentence(told.weighting))
    if parts:
        st.markdown(sentences(parts, t=translate()))


def _missing(told: Representation) -> str:
    """Name the group that is farthest from its share, among the kinds that are clearly off."""
    f = formats()
    clear = [k for k in told.kinds if k.p_value is not None and k.p_value < _UNLIKELY]
    rows = [k.farthest for k in clear if k.farthest is not None]
    if not rows:
        return t("Those who answered are much like those who were served.")
    row = max(rows, key=lambda r: abs(r.difference or 0.0))
    share, served = f.value(row.share, "percent"), f.value(row.served, "percent")
    named = {"group": row.group, "share": share, "served": served}
    if (row.difference or 0.0) < 0:
        return t(
            msg(
                "Too few answers from {group}: {share} of the answers, {served} of those served.",
                **named,
            )
        )
    return t(
        msg(
            "Too many answers from {group}: {share} of the answers, {served} of those served.",
            **named,
        )
    )


def _moved(figure: WeightedFigure) -> str:
    f, unit = formats(), figure.plain.unit
    return t(
        msg(
            "{metric}: {weighted} weighted, {plain} unweighted.",
            metric=label(metric(figure.plain.metric)),
            weighted=f.value(figure.weighted.value, unit),
            plain=f.value(figure.plain.value, unit),
        )
    )


def beside(answer: WeightedAnswer, view: View) -> None:
    """List the headline figures unweighted and weighted, with both bases."""
    st.header(t("With and without weights"), anchor=False)
    if not answer.figures:
        st.caption(t("Nothing to list."))
        return
    f = formats()
    rows = answer.figures
    frame = pd.DataFrame(
        {
            t("Figure"): [label(metric(r.plain.metric)) for r in rows],
            t("Unweighted"): [shown(r.plain, view.limits) for r in rows],
            t("95% interval"): [_interval(r.plain.low, r.plain.high, r.plain.unit) for r in rows],
            t("Weighted"): [shown(r.weighted, view.limits) for r in rows],
            t("95% interval, weighted"): [
                _interval(r.weighted.low, r.weighted.high, r.weighted.unit) for r in rows
            ],
            t("Weighted less unweighted"): [f.difference(r.moved, r.plain.unit) for r in rows],
            "n": ["" if r.plain.n is None else f.count(r.plain.n) for r in rows],
            t("Effective n"): [
                "" if r.effective_n is None else f.count(round(r.effective_n)) for r in rows
            ],
            t("Verdict, weighted"): [verdict_words(r.weighted) for r in rows],
        }
    )
    show_table(frame, alt=t("With and without weights"))
    for note in dict.fromkeys(t(r.weighted.note) for r in rows if r.weighted.note is not None):
        st.caption(note)
    known = next((r for r in rows if not r.weighted.withheld), None)
    if known is not None:
        why = st.popover(
            t("Explain"), icon=":material/info:", type="tertiary", key="why-weighted",
            on_change="rerun",
        )  # fmt: skip
        if why.open:
            with why:
                st.markdown(weighted_method())
                explanation(known.weighted, Answer((known.weighted,), answer.provenance))


def _interval(low: float | None, high: float | None, unit: str) -> str:
    return "" if low is None else formats().interval(low, high, unit)


def choose_kind(told: Representation) -> KindShares:
    """Draw the choice of the kind of group and return it."""
    kinds = {k.kind: k for k in told.kinds}
    order = sorted(kinds, key=lambda k: -(kinds[k].distance or 0.0))
    names = {kind: t(kind_name(kind)) for kind in order}
    return kinds[url.choose_in_row(t("Kind of group"), "kind", names, pills=True)]


def shares(told: Representation, view: View) -> None:
    """Draw the shares of one kind of group among the answers and among those served."""
    st.header(t("Who answered, who was served"), anchor=False)
    if not told.kinds:
        st.info(
            t(
                "Nothing here says who was served. Load a file of population margins: the kind of "
                "group, the group, and how many customers of it were served."
            ),
            icon=":material/upload_file:",
        )
        return
    kind = choose_kind(told)
    f = formats()
    rows = [_pair(r) for r in kind.rows]
    picture = share_pairs(rows, t=translate(), fmt=f.value, change=f.difference, dark=dark())
    draw(picture, share_pairs_alt(rows, t=translate(), fmt=f.value), key=f"shares-{kind.kind}")
    st.caption(
        t(
            "○ share of those served · ◆ share of the answers, with its 95% interval · "
            "▶ clearly more, ◀ clearly fewer than their share"
        )
    )
    st.markdown(_measures(kind))
    for note in kind.notes:
        st.caption(t(note))
    show_table(_table(kind, view), alt=t("Who answered, who was served"))


def _pair(row: GroupShare) -> SharePair:
    return SharePair(row.group, row.served, row.share, row.low, row.high)


def _measures(kind: KindShares) -> str:
    """Say how alike the answers and the population are."""
    f = formats()
    parts = []
    if kind.distance is not None:
        parts.append(
            t(
                msg(
                    "{share} of the answers would have to come from another group to match.",
                    share=f.value(kind.distance, "percent"),
                )
            )
        )
    if kind.p_value is not None:
        parts.append(
            t("Chance alone does not explain that (chi-square test).")
            if kind.p_value < _UNLIKELY
            else t("Chance alone may explain that (chi-square test).")
        )
    if kind.rate is not None and kind.r is not None:
        parts.append(
            t(
                msg(
                    "{rate} of those invited answered; R-indicator {r} (1: all groups alike).",
                    rate=f.value(kind.rate, "percent"),
                    r=f.value(kind.r, "rating"),
                )
            )
        )
    if kind.outside:
        text = msg("{n} answers are of groups that are not named.", n=f.count(kind.outside))
        parts.append(t(text))
    parts.append(
        t("From the counts of customers served; nothing is weighted to them.")
        if kind.source == SERVED
        else t(msg("From {file}; answers are weighted to it.", file=kind.file))
    )
    return sentences(parts, t=translate())


def _table(kind: KindShares, view: View) -> pd.DataFrame:
    f = formats()
    hidden = t(msg("withheld (n < {n})", n=view.limits.withhold_under))

    def cell(row: GroupShare, value: float | None, unit: str) -> str:
        return "" if row.withheld or value is None else f.value(value, unit)

    columns: dict[str, list[str]] = {
        t(kind_name(kind.kind)): [r.group for r in kind.rows],
        t("Answers"): [hidden if r.withheld else f.count(r.n or 0) for r in kind.rows],
        t("Share of answers"): [cell(r, r.share, "percent") for r in kind.rows],
        t("Share of those served"): [f.value(r.served, "percent") for r in kind.rows],
        t("Difference"): [
            "" if r.difference is None else f.difference(r.difference, "percent") for r in kind.rows
        ],
    }
    if any(r.weight is not None for r in kind.rows):
        columns[t("Mean weight")] = [cell(r, r.weight, "rating") for r in kind.rows]
    if any(r.rate is not None for r in kind.rows):
        columns[t("Response rate")] = [cell(r, r.rate, "percent") for r in kind.rows]
        columns[t("95% interval")] = [
            _interval(r.rate_low, r.rate_high, "percent") for r in kind.rows
        ]
    return pd.DataFrame(columns)


def came_about(told: Representation) -> None:
    """Say what is doubtful about the weights, and how they came about."""
    found = told.weighting
    if found is None:
        return
    for text in warnings(found):
        st.warning(text, icon=":material/warning:")
    with st.expander(t("How the weights came about"), icon=":material/balance:"):
        st.markdown(weighted_method())
        if found.kinds:
            named = t(", ").join(t(kind_name(k)) for k in found.kinds)
            st.markdown(t(msg("Raked to the margins of: {kinds}.", kinds=named)))
        if found.kinds and found.converged:
            st.markdown(t("The weights meet all margins."))
        if found.weighted:
            n = formats().count(found.weighted)
            st.markdown(t(msg("{n} answers came with a survey weight.", n=n)))
        for text in remarks(found):
            st.markdown(text)


def margins_file(view: View) -> None:
    """Offer the file of margins to fill in, and say where it is loaded."""
    if not view.user.may("import"):
        return
    with st.expander(t("Load population margins"), icon=":material/upload_file:"):
        st.markdown(
            t(
                "One row per group: its kind (branch, channel, segment or touchpoint), its name as "
                "the answers have it, and the customers served, as a number or a share. Invited "
                "customers and the month (2026-09) may be left blank. The file loaded last is in "
                "force for its kinds of group, and is undone like any other."
            )
        )
        with st.container(horizontal=True):
            st.download_button(
                t("Download the empty file"),
                TEMPLATE,
                file_name="population-margins.csv",
                mime="text/csv",
                icon=":material/download:",
            )
            page_link("data", t("Load it on the Data page"), ":material/arrow_forward:")
