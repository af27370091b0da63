"""What a column can be, per kind of file: role, its label, and the type of its values."""

from __future__ import annotations

from typing import Final, Literal

from csat.model.message import N_

Kind = Literal["survey", "complaints", "exposure", "margins"]

TEXT: Final = "text"
MOMENT: Final = "moment"
YES_NO: Final = "yes_no"
NUMBER: Final = "number"
RATING: Final = "rating"

SURVEY_ROLES: Final[dict[str, tuple[str, str]]] = {
    "submitted_at": (N_("Date of the answer"), MOMENT),
    "response_id": (N_("Id of the response"), TEXT),
    "respondent_id": (N_("Id of the respondent"), TEXT),
    "branch": (N_("Branch"), TEXT),
    "channel": (N_("Channel"), TEXT),
    "segment": (N_("Segment"), TEXT),
    "touchpoint": (N_("Touchpoint"), TEXT),
    "form": (N_("Version of the form"), TEXT),
    "weight": (N_("Survey weight"), NUMBER),
    "stratum": (N_("Stratum of the sample"), TEXT),
    "cluster": (N_("Cluster drawn as a whole"), TEXT),
    "item": (N_("Rated question"), RATING),
    "comment": (N_("Comment"), TEXT),
    "question": (N_("Question, where each row holds one answer"), TEXT),
    "answer": (N_("Answer, where each row holds one answer"), TEXT),
}
COMPLAINT_ROLES: Final[dict[str, tuple[str, str]]] = {
    "received_at": (N_("Received"), MOMENT),
    "acknowledged_at": (N_("Acknowledged"), MOMENT),
    "forwarded_at": (N_("Forwarded"), MOMENT),
    "first_response_at": (N_("First response"), MOMENT),
    "resolved_at": (N_("Resolved"), MOMENT),
    "reopened_at": (N_("Reopened"), MOMENT),
    "complaint_id": (N_("Case number"), TEXT),
    "cases": (N_("Number of cases"), NUMBER),
    "category": (N_("Category"), TEXT),
    "category_2": (N_("Subcategory"), TEXT),
    "category_3": (N_("Third category level"), TEXT),
    "cause": (N_("Cause"), TEXT),
    "severity": (N_("Severity"), TEXT),
    "status": (N_("Status"), TEXT),
    "outcome": (N_("Outcome"), TEXT),
    "timely": (N_("Answered in time"), YES_NO),
    "upheld": (N_("Upheld"), YES_NO),
    "branch": (N_("Branch"), TEXT),
    "channel": (N_("Channel"), TEXT),
    "segment": (N_("Segment"), TEXT),
    "touchpoint": (N_("Touchpoint"), TEXT),
    "respondent_id": (N_("Id of the respondent"), TEXT),
    "narrative": (N_("Complaint text"), TEXT),
}
EXPOSURE_ROLES: Final[dict[str, tuple[str, str]]] = {
    "month": (N_("Month"), MOMENT),
    "branch": (N_("Branch"), TEXT),
    "customers": (N_("Customers served"), NUMBER),
}
MARGIN_ROLES: Final[dict[str, tuple[str, str]]] = {
    "group_kind": (N_("Kind of group (branch, channel, segment, touchpoint)"), TEXT),
    "group_name": (N_("Group"), TEXT),
    "people": (N_("Customers served, or their share"), NUMBER),
    "invited": (N_("Customers invited to answer"), NUMBER),
    "month": (N_("Month"), MOMENT),
}
ROLES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "survey": SURVEY_ROLES,
    "complaints": COMPLAINT_ROLES,
    "exposure": EXPOSURE_ROLES,
    "margins": MARGIN_ROLES,
}
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "survey": ("submitted_at",),
    "complaints": ("received_at",),
    "exposure": ("month", "customers"),
    "margins": ("group_kind", "group_name", "people"),
}
MANY: Final = ("item", "comment")
"""Roles that several columns may hold."""
HASHABLE: Final = ("respondent_id", "response_id")
"""Roles whose values may be replaced by a keyed hash."""
KIND_LABELS: Final[dict[str, str]] = {
    "survey": N_("Survey answers"),
    "complaints": N_("Complaint records"),
    "exposure": N_("Customers served"),
    "margins": N_("Population margins"),
}
