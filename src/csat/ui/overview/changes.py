"""What changed, in sentences made from tests, each with its chart and its action."""

from __future__ import annotations

import streamlit as st

from csat.charts import wording
from csat.model.action import VERDICT_LABELS
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import metric
from csat.queries.effects import Judged
from csat.queries.movers import Mover
from csat.ui.cached import cached
from csat.ui.improve.words import OUTCOMES
from csat.ui.inert import inert
from csat.ui.language import t
from csat.ui.view import View, page_link
from csat.ui.words import is_good, mover_detail, mover_link, mover_sentence, mover_since


def moved(filters: Filters, view: View) -> None:
    """List what changed beyond noise, the largest effect on customers first, or say nothing did."""
    st.header(t("What changed"), anchor=False)
    if filters.comparison() is None:
        st.caption(t("Choose a period and what to compare it with to see what moved."))
        return
    found: tuple[Mover, ...] = cached("movers", filters, view.limits)
    if not found:
        st.markdown(t("Nothing changed beyond noise."))
        st.caption(
            t(
                "Branches, touchpoints, channels, segments, dimensions, complaint categories "
                "and causes were tested together, corrected for their number, and held against "
                "their control charts."
            )
        )
        return
    verdicts = {j.action.number: j for j in cached("effects", filters.program, view.limits)}
    for mover in found:
        _sentence(mover, verdicts)


def _sentence(mover: Mover, verdicts: dict[int, Judged]) -> None:
    sign = wording.icon(mover.figure, metric(mover.figure.metric).direction)
    colour, word = ("blue", t("better")) if is_good(mover.figure) else ("orange", t("worse"))
    since = mover_since(mover)
    detail = t("; ").join(filter(None, (mover_detail(mover), since)))
    told, onward = st.columns([9, 1], gap="small", vertical_alignment="center")
    with told:
        st.markdown(
            f":{colour}[{sign} **{word}**] · {mover_sentence(mover)}{_action(mover, verdicts)}  \n"
            f":gray[{detail}]",
        )
    with onward:
        link = mover_link(mover)
        page_link("trends", t("Trend"), ":material/show_chart:", link)


def _action(mover: Mover, verdicts: dict[int, Judged]) -> str:
    """Name the action about a mover with its verdict; "" where there is none."""
    if mover.action is None or mover.action.number not in verdicts:
        return ""
    judged = verdicts[mover.action.number]
    sign, colour = OUTCOMES[judged.outcome]
    said = t(
        msg(
            "action: {title}, {verdict}",
            title=inert(mover.action.plan.title),
            verdict=f"{sign} {t(VERDICT_LABELS[judged.outcome])}",
        )
    )
    return f" · :{colour}[{said}]"
