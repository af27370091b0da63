"""Codes of a register in the reader's words: what is measured, how, and of which dimension."""

from __future__ import annotations

from typing import Final

from csat.model.message import N_
from csat.model.metrics import HEADLINES, metric
from csat.model.register_fields import cells_of
from csat.model.registers import DIRECTIONS, STATISTICS, Entry
from csat.ui.card import label
from csat.ui.language import t
from csat.ui.quality.words import dimension_name

RECORDED: Final[dict[str, str]] = {
    "response_time": N_("Time to first response"),
    "resolution_time": N_("Time to resolution"),
    "audit": N_("Delivery observed"),
}
"""Metrics of standards that are measured case by case or seen by auditors."""


def metric_name(key: str) -> str:
    """Return what a standard is measured by; a service target keeps the name it was given."""
    if key in RECORDED:
        return t(RECORDED[key])
    return label(metric(key)) if key in HEADLINES else key


def metric_choices(known: set[str]) -> list[str]:
    """Return the metrics to choose among: those that are registered, and the register's own."""
    return ["", *dict.fromkeys([*RECORDED, *HEADLINES, *sorted(known - {""})])]


def statistic_name(code: str) -> str:
    """Return how a standard sums up what is measured."""
    return t(STATISTICS[code]) if code in STATISTICS else code


def direction_name(code: str) -> str:
    """Return on which side of its target a standard is met."""
    return t(DIRECTIONS[code]) if code in DIRECTIONS else code


def cells_in_words(entry: Entry) -> dict[str, str]:
    """Return the cells of an entry as they are read, by the names of their fields."""
    said = {
        "metric": metric_name,
        "statistic": statistic_name,
        "direction": direction_name,
        "dimension": dimension_name,
        **dict.fromkeys(("written", "measurable", "broken"), _yes_or_no),
    }
    return {k: said[k](v) if k in said and v else v for k, v in cells_of(entry).items()}


def _yes_or_no(code: str) -> str:
    return t("yes") if code == "yes" else t("no")
