"""Targets of the headline figures, and whether the service reliably meets them."""

from __future__ import annotations

from typing import Final

from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.message import N_, msg
from csat.model.metrics import metric
from csat.queries.marks import Mark, target_of
from csat.ui.cached import cached
from csat.ui.language import formats, t
from csat.ui.trends.chart import first_month, with_history
from csat.ui.view import View

MET: Final[dict[str, str]] = {
    "meets": N_("✔ reliably met"),
    "misses": N_("✘ reliably missed"),
    "at_random": N_("? not reliably met"),
    "unknown": N_("□ too early to say"),
    "no_target": N_("– no target set"),
}
"""Assurance of a chart, as short as a card needs it."""


def aims(filters: Filters, keys: tuple[str, ...], view: View, week_start: int) -> dict[str, str]:
    """Say of every figure that has a target what it is and whether it is reliably met."""
    said: tuple[Mark, ...] = cached("marks", filters.program)
    known = [key for key in keys if target_of(said, key) is not None]
    if not known:
        return {}
    series = with_history(filters.with_(compare="none"), first_month(filters))
    out = {}
    for key in known:
        answer: ControlAnswer = cached("control", series, key, "month", view.limits, week_start)
        target = formats().value(answer.target, metric(key).unit)
        met = t(MET[answer.assurance])
        out[key] = t(msg("Target {target} · {met}", target=target, met=met))
    return out
