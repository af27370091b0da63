"""The funnel on the page on trends: groups of different size, and staff for those allowed."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from csat.charts.funnel import funnel_plot, funnel_words, place_words
from csat.charts.wording import sentences
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.vocabulary import FUNNEL_LABELS, STAFF
from csat.queries.funnels import FunnelAnswer
from csat.stats.funnel import Funnel
from csat.ui import url
from csat.ui.cached import cached
from csat.ui.card import label
from csat.ui.charts import draw, show_table
from csat.ui.language import formats, t, translate
from csat.ui.trends.chart import ink
from csat.ui.trends.groups import choose_cut, open_cuts
from csat.ui.view import View
from csat.ui.words import group_name


def funnel_section(filters: Filters, key: str, split: str, view: View) -> None:
    """Draw which groups differ by more than their size explains."""
    by = _choose(filters, split, view)
    answer: FunnelAnswer = cached("funnel_of", filters, key, by, view.user, view.limits)
    if answer.plot is None:
        if answer.note is not None:
            st.info(t(answer.note), icon=":material/info:")
        return
    brush = ink()
    words = funnel_words(answer.plot, ink=brush)
    st.markdown(f"**{words}**")
    draw(funnel_plot(answer.plot, ink=brush, direction=metric(key).direction), words, key="funnel")
    _outside(answer.plot, key, by)
    parts = [
        t(
            msg(
                "Dotted: 95% limits, which one group in twenty passes by chance; solid: 99.8%. "
                "Widened {sigma} times for how far groups scatter anyway.",
                sigma=f"{answer.plot.sigma_z:.1f}",
            )
        )
    ]
    if by == STAFF:
        parts.append(
            t(
                "Beyond the limits is a reason to look, not a verdict: branches, shifts and cases "
                "differ. Choose a branch to compare colleagues."
            )
        )
        if answer.withheld:
            parts.append(
                t(
                    msg(
                        "Withheld: {n} staff, who served fewer than {least} of those counted, or "
                        "would give others away.",
                        n=answer.withheld,
                        least=answer.least,
                    )
                )
            )
    st.caption(sentences(parts, t=translate()))


def _choose(filters: Filters, split: str, view: View) -> str:
    """Return the groups chosen; staff are offered to those alone who may see them."""
    if not view.user.may("read_staff"):
        return choose_cut(filters, split)
    cuts = [split] if split != "none" else open_cuts(filters)
    return url.choose(
        t("Groups"), "cut", [*cuts, STAFF], cuts[0], lambda c: t(FUNNEL_LABELS[c]), width=320
    )


def _outside(plot: Funnel, key: str, by: str) -> None:
    """List the groups beyond any limit, in the order of names."""
    found = {name: p for name, p in sorted(plot.points.items()) if p.place != "within"}
    if not found:
        return
    f, scale = formats(), 1000 if plot.rate else 100
    unit = "per_1000" if plot.rate else "percent"
    show_table(
        pd.DataFrame(
            {
                t(FUNNEL_LABELS[by]): [group_name(by, name) for name in found],
                t("Where it lies"): [place_words(p, plot.share, t=t) for p in found.values()],
                t("Value"): [f.value(scale * p.share, unit) for p in found.values()],
                "n": [f.count(p.n) for p in found.values()],
                t("95% by chance"): [
                    t(
                        msg(
                            "{low} to {high}",
                            low=f.value(scale * p.low, unit),
                            high=f.value(scale * p.high, unit),
                        )
                    )
                    for p in found.values()
                ],
            }
        ),
        alt=label(metric(key)),
    )
