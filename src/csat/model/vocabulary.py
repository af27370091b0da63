"""Closed lists of domain codes, with the labels people read."""

from __future__ import annotations

from typing import Final, Literal, get_args

from csat.model.message import N_, Message

Viewpoint = Literal[
    "perception",
    "desired",
    "adequate",
    "predicted",
    "importance",
    "management",
    "management_importance",
    "standard",
    "delivery",
    "promise",
    "satisfaction",
    "functional",
    "dysfunctional",
    "cause",
]
VIEWPOINTS: Final[tuple[str, ...]] = get_args(Viewpoint)

COMPANY_VIEWPOINTS: Final[tuple[str, ...]] = (
    "management",
    "management_importance",
    "standard",
    "delivery",
    "promise",
    "cause",
)
"""Viewpoints of the organisation itself; a survey of these alone is none of customers."""

KANO_SIDES: Final[tuple[Viewpoint, Viewpoint]] = ("functional", "dysfunctional")
"""The two questions about one feature."""
FEELINGS: Final = (1, 5)
"""Their answers: 1 like, 2 must be so, 3 neutral, 4 can live with it, 5 dislike."""

Measure = Literal["csat", "nps", "ces", "recommend"]
"""Headline questions that a survey may ask once each."""
MEASURES: Final[tuple[str, ...]] = get_args(Measure)

Cut = Literal["branch", "channel", "segment", "touchpoint", "category", "cause"]
CUTS: Final[tuple[str, ...]] = get_args(Cut)
STAFF: Final = "staff"
"""Who served the customer; no cut: only the funnel for those allowed knows it."""
SURVEY_CUTS: Final[tuple[str, ...]] = ("branch", "channel", "segment", "touchpoint")
CASE_CUTS: Final[tuple[str, ...]] = (
    "category",
    "cause",
    "severity",
    "status",
    "branch",
    "channel",
    "segment",
    "touchpoint",
)
"""What complaint cases are grouped by."""
RETURN_CUTS: Final[tuple[str, ...]] = (*CASE_CUTS, "outcome")
"""What closed cases are grouped by; the outcome is how a case was closed."""

Grain = Literal["month", "quarter", "year"]
GRAINS: Final[tuple[str, ...]] = get_args(Grain)
CHART_GRAINS: Final[tuple[str, ...]] = ("day", "week", *GRAINS)
"""Buckets of control charts; days and weeks are too small for tests of neighbours."""

By = Literal[
    "total", "month", "quarter", "year", "branch", "channel", "segment", "touchpoint", "category"
]

SERVQUAL_DIMENSIONS: Final[tuple[str, ...]] = (
    "reliability",
    "responsiveness",
    "assurance",
    "empathy",
    "tangibles",
)

VIEWPOINT_LABELS: Final[dict[str, str]] = {
    "perception": N_("Perception"),
    "desired": N_("Desired level"),
    "adequate": N_("Minimum acceptable level"),
    "predicted": N_("Predicted level"),
    "importance": N_("Importance"),
    "management": N_("Management's belief"),
    "management_importance": N_("Importance as management believes"),
    "standard": N_("Standard"),
    "delivery": N_("Delivery observed"),
    "promise": N_("Promise"),
    "satisfaction": N_("Satisfaction with it"),
    "functional": N_("Feeling if it is there"),
    "dysfunctional": N_("Feeling if it is missing"),
    "cause": N_("Cause of a gap"),
}
DIMENSION_LABELS: Final[dict[str, str]] = {
    "reliability": N_("Reliability"),
    "responsiveness": N_("Responsiveness"),
    "assurance": N_("Assurance"),
    "empathy": N_("Empathy"),
    "tangibles": N_("Tangibles"),
    "efficiency": N_("Efficiency"),
    "effect": N_("Effect"),
    "attitude": N_("Attitude"),
    "safety": N_("Safety"),
    "quality": N_("Quality"),
    "price": N_("Price"),
    "after-sales": N_("After-sales service"),
}
OTHER_DIMENSION_LABELS: Final[dict[str, str]] = {
    "security": N_("Security"),
    "economy": N_("Economy"),
    "convenience": N_("Convenience"),
    "control": N_("Control"),
}
"""Dimensions of the ready mappings besides those of SERVQUAL."""


def dimension_label(key: str) -> Message | str:
    """Return a dimension's name for a sentence; own ones as they were given.

    Examples
    --------
    >>> str(dimension_label("empathy")), str(dimension_label("queue"))
    ('Empathy', 'Queue')
    """
    known = {**DIMENSION_LABELS, **OTHER_DIMENSION_LABELS}
    return Message(known[key]) if key in known else key[:1].upper() + key[1:]


CUT_LABELS: Final[dict[str, str]] = {
    "branch": N_("Branch"),
    "channel": N_("Channel"),
    "segment": N_("Segment"),
    "touchpoint": N_("Touchpoint"),
    "category": N_("Category"),
    "cause": N_("Cause"),
}
FUNNEL_LABELS: Final[dict[str, str]] = {**CUT_LABELS, STAFF: N_("Staff")}
GRAIN_LABELS: Final[dict[str, str]] = {
    "month": N_("Month"),
    "quarter": N_("Quarter"),
    "year": N_("Year"),
}
CHART_GRAIN_LABELS: Final[dict[str, str]] = {
    "day": N_("Day"),
    "week": N_("Week"),
    **GRAIN_LABELS,
}
SEVERITY_LABELS: Final[dict[str, str]] = {
    "critical": N_("Critical"),
    "high": N_("High"),
    "medium": N_("Medium"),
    "low": N_("Low"),
}
STATUS_LABELS: Final[dict[str, str]] = {
    "open": N_("Open"),
    "resolved": N_("Resolved"),
    "reopened": N_("Reopened"),
}
SPECIAL_LABELS: Final[dict[str, str]] = {
    "blank": N_("no answer"),
    "not_applicable": N_("not applicable"),
    "never_used": N_("never used"),
    "dont_know": N_("don't know"),
}
SPECIAL_KINDS: Final[tuple[str, ...]] = tuple(SPECIAL_LABELS)
