"""What managers believe matters to customers, beside what customers say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from csat.model.message import N_, msg
from csat.model.settings import Thresholds
from csat.queries.believed_importance import BelievedImportance, Share
from csat.queries.gap_rows import QUESTIONNAIRES, GapAnswer
from csat.ui.charts import show_table
from csat.ui.language import formats, t
from csat.ui.quality.gap_boxes import hand_out
from csat.ui.quality.words import dimension_name

VERDICTS: Final[dict[str, tuple[str, str]]] = {
    "underrated": ("▼", N_("managers underrate it")),
    "overrated": ("▲", N_("managers overrate it")),
    "no_clear_change": ("■", N_("no clear difference")),
    "too_few": ("□", N_("too few answers")),
    "not_compared": ("–", N_("not tested")),
}
"""Verdict on a difference -> icon and words."""


def importance_gap(answer: GapAnswer, limits: Thresholds) -> None:
    """Draw the two allocations of 100 points side by side, or say what would measure them."""
    found = answer.importance
    if not found.rows and (found.needs is None or found.needs in answer.notes):
        return
    st.header(t("What matters to customers"), anchor=False)
    if not found.rows:
        _missing(answer)
        return
    st.markdown(first_sentence(found))
    f = formats()
    frame = pd.DataFrame(
        {
            t("Dimension"): [dimension_name(r.dimension) for r in found.rows],
            t("Customers’ points"): [_points(r.customers) for r in found.rows],
            t("Managers’ points"): [_points(r.managers) for r in found.rows],
            t("Managers less customers"): [_signed(r.difference) for r in found.rows],
            t("Verdict"): [_verdict(r.verdict) for r in found.rows],
        }
    )
    show_table(frame, alt=t("100 points as customers and managers spread them"))
    few = "⚠ " if min(found.managers or 0, found.customers or 0) < limits.caution_under else ""
    told = msg(
        "Mean points out of 100 with 95% intervals; managers were asked how customers would "
        "spread them. n {customers} customers, {managers} managers. Dimensions named together "
        "at the top are not clearly apart.",
        customers=f.count(found.customers or 0),
        managers=f.count(found.managers or 0),
    )
    st.caption(few + t(told))


def _missing(answer: GapAnswer) -> None:
    """Say what is missing, with its questionnaire unless the box of gap 1 hands it out already."""
    found, one = answer.importance, answer.row(1, None)
    if found.needs is None:
        return
    if found.withheld:
        st.info(t(found.needs), icon=":material/visibility_off:")
        return
    st.markdown(t(msg("Not measured: {needs}", needs=t(found.needs))))
    offered = one is None or one.measured is None
    if found.questionnaire and not (offered and found.questionnaire == QUESTIONNAIRES[1]):
        hand_out(found.questionnaire, key="importance")


def first_sentence(found: BelievedImportance) -> str:
    """Say what managers think matters most, what customers say, and the worst misjudgement."""
    believed, said = _named(found.managers_first), _named(found.customers_first)
    if set(found.managers_first) == set(found.customers_first):
        text = t(msg("Managers and customers agree on what matters most: {said}.", said=said))
    else:
        text = t(
            msg(
                "What matters most: managers think {believed}; customers say {said}.",
                believed=believed,
                said=said,
            )
        )
    worst = found.most_underrated
    if worst is None:
        return text
    lost = msg(
        "Managers underrate {name} most: {points} points.",
        name=f"**{dimension_name(worst.dimension)}**",
        points=formats().difference(worst.difference.value, "index"),
    )
    return f"{text} {t(lost)}"


def _named(names: Sequence[str]) -> str:
    return ", ".join(f"**{dimension_name(name)}**" for name in names)


def _points(share: Share) -> str:
    f = formats()
    value = f.value(share.value, "index")
    if share.low is None:
        return value
    return f"{value} ({f.interval(share.low, share.high, 'index')})"


def _signed(share: Share) -> str:
    f = formats()
    value = f.difference(share.value, "index")
    if share.low is None:
        return value
    return f"{value} ({f.interval(share.low, share.high, 'index')})"


def _verdict(verdict: str) -> str:
    icon, words = VERDICTS[verdict]
    return f"{icon} {t(words)}"
