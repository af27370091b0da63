"""Five ways to define quality, and which indicators stand for each (Garvin 1984)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from csat.model.message import N_

VALUE_DIMENSION: Final = "value"
"""Dimension of questions on what customers get for their money."""
GAP_FIVE: Final = "gap-5"
ATTAINED: Final = "standards-attained"
SEEN: Final = "audits-attained"
KEPT: Final = "promises-kept"


@dataclass(frozen=True, slots=True)
class QualityView:
    """One definition: its name, what quality is in its eyes, and its indicators.

    ``indicators`` are keys of `csat.model.metrics`, or of the records and gaps above.
    """

    label: str
    meaning: str
    indicators: tuple[str, ...]
    needs: str


QUALITY_VIEWS: Final[dict[str, QualityView]] = {
    "transcendent": QualityView(
        N_("Transcendent"),
        N_("Excellence that people recognise when they meet it, and tell others of."),
        ("nps", "recommend_share"),
        N_("Ask whether customers would recommend you."),
    ),
    "product": QualityView(
        N_("Product based"),
        N_("Measurable attributes of what is delivered: time taken, level seen by auditors."),
        ("median_days_to_response", "median_days_to_resolution", SEEN),
        N_("Load complaints with their clocks, or audits with standards on them."),
    ),
    "user": QualityView(
        N_("User based"),
        N_("What customers want, as they say themselves."),
        ("csat_top_box", "ces", GAP_FIVE),
        N_("Load a survey of customers."),
    ),
    "manufacturing": QualityView(
        N_("Manufacturing based"),
        N_("Conformance: what was specified and promised is what was done."),
        (ATTAINED, KEPT, "timely_response_share", "complaints_per_1000"),
        N_("Fill in the registers of standards and promises."),
    ),
    "value": QualityView(
        N_("Value based"),
        N_("Quality for its price: what customers get for their money and effort."),
        (f"perception:{VALUE_DIMENSION}", f"gap:{VALUE_DIMENSION}"),
        N_("Ask what customers get for their money, as questions of a dimension named 'value'."),
    ),
}
"""View -> what stands for it, in the order of the literature."""
SPECIAL_LABELS: Final[dict[str, str]] = {
    GAP_FIVE: N_("Gap 5: what customers feel"),
    ATTAINED: N_("Standards attained"),
    SEEN: N_("Audit standards attained"),
    KEPT: N_("Promises kept"),
}
