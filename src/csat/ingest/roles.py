"""What a column can be, per kind of file: role, its label, and the type of its values."""

from __future__ import annotations

from typing import Final, Literal

from csat.model.case_stages import EVENT_COLUMNS, EVENT_LABELS
from csat.model.message import N_

Kind = Literal[
    "survey",
    "complaints",
    "exposure",
    "events",
    "margins",
    "evaluations",
    "findings",
    "comparisons",
    "grades",
]

TEXT: Final = "text"
MOMENT: Final = "moment"
YES_NO: Final = "yes_no"
NUMBER: Final = "number"
RATING: Final = "rating"
DURATION: Final = "duration"

SURVEY_ROLES: Final[dict[str, tuple[str, str]]] = {
    "submitted_at": (N_("Date of the answer"), MOMENT),
    "response_id": (N_("Id of the response"), TEXT),
    "respondent_id": (N_("Id of the respondent"), TEXT),
    "branch": (N_("Branch"), TEXT),
    "channel": (N_("Channel"), TEXT),
    "segment": (N_("Segment"), TEXT),
    "touchpoint": (N_("Touchpoint"), TEXT),
    "staff": (N_("Who served the customer"), TEXT),
    "form": (N_("Version of the form"), TEXT),
    "weight": (N_("Survey weight"), NUMBER),
    "duration": (N_("How long the answering took"), DURATION),
    "stratum": (N_("Stratum of the sample"), TEXT),
    "cluster": (N_("Cluster drawn as a whole"), TEXT),
    "item": (N_("Rated question"), RATING),
    "comment": (N_("Comment"), TEXT),
    "question": (N_("Question, where each row holds one answer"), TEXT),
    "answer": (N_("Answer, where each row holds one answer"), TEXT),
}
COMPLAINT_ROLES: Final[dict[str, tuple[str, str]]] = {
    "received_at": (N_("Received"), MOMENT),
    **{column: (EVENT_LABELS[event], MOMENT) for event, column in EVENT_COLUMNS.items()},
    "pause_from": (N_("Waiting for the customer, from"), MOMENT),
    "pause_to": (N_("Waiting for the customer, until"), MOMENT),
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
    "staff": (N_("Who served the customer"), TEXT),
    "narrative": (N_("Complaint text"), TEXT),
    "severity_first": (N_("Severity as first assessed"), TEXT),
    "safety": (N_("Concerns safety"), YES_NO),
    "first_contact": (N_("Solved at the first contact"), YES_NO),
    "satisfied": (N_("Complainant satisfied with the handling"), YES_NO),
    "remedy": (N_("Remedy"), TEXT),
    "compensation": (N_("Compensation paid"), NUMBER),
    "currency": (N_("Currency of the compensation"), TEXT),
    "owner": (N_("Owner of the case"), TEXT),
    "department": (N_("Department"), TEXT),
    "dimension": (N_("Dimension"), TEXT),
    "violation": (N_("Violation"), TEXT),
    "responsibility": (N_("Responsibility"), TEXT),
    "sanction": (N_("Sanction"), TEXT),
    "appeal_outcome": (N_("Outcome of the appeal"), TEXT),
}
EVENT_ROLES: Final[dict[str, tuple[str, str]]] = {
    "case_id": (N_("Case number"), TEXT),
    "event": (N_("Event"), TEXT),
    "happened_at": (N_("When it happened"), MOMENT),
    "until_at": (N_("Until when it lasted"), MOMENT),
    "done_by": (N_("By whom"), TEXT),
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
EVALUATION_ROLES: Final[dict[str, tuple[str, str]]] = {
    "evaluated_at": (N_("Date of the visit"), MOMENT),
    "visit": (N_("Id of the visit"), TEXT),
    "rater": (N_("Rater"), TEXT),
    "method": (N_("Kind of rating: mystery shopper, expert or third party"), TEXT),
    "organisation": (N_("Organisation that rated"), TEXT),
    "edition": (N_("Standard and edition rated against"), TEXT),
    "branch": (N_("Branch"), TEXT),
    "channel": (N_("Channel"), TEXT),
    "touchpoint": (N_("Touchpoint"), TEXT),
    "criterion": (N_("Criterion"), TEXT),
    "dimension": (N_("Dimension"), TEXT),
    "weight": (N_("Weight"), NUMBER),
    "critical": (N_("Critical: failing it caps the visit"), YES_NO),
    "result": (N_("Result: passed, failed, not applicable, or a rating"), TEXT),
    "scale_low": (N_("Lowest rating of its scale"), NUMBER),
    "scale_high": (N_("Highest rating of its scale"), NUMBER),
    "item": (N_("Rated criterion, where each row holds one visit"), RATING),
    "note": (N_("Note"), TEXT),
}
FINDING_ROLES: Final[dict[str, tuple[str, str]]] = {
    "finding_no": (N_("Number of the finding"), TEXT),
    "found_on": (N_("Found on"), MOMENT),
    "finding": (N_("Finding"), TEXT),
    "severity": (N_("Severity"), TEXT),
    "owner": (N_("Owner"), TEXT),
    "due_on": (N_("Due on"), MOMENT),
    "closed_on": (N_("Closed on"), MOMENT),
    "evidence": (N_("Evidence"), TEXT),
    "visit": (N_("Id of the visit"), TEXT),
    "branch": (N_("Branch"), TEXT),
    "touchpoint": (N_("Touchpoint"), TEXT),
    "dimension": (N_("Dimension"), TEXT),
}
COMPARISON_ROLES: Final[dict[str, tuple[str, str]]] = {
    "expert": (N_("Expert"), TEXT),
    "indicator": (N_("Indicator"), TEXT),
    "other": (N_("Compared with"), TEXT),
    "times": (N_("How many times it matters more"), NUMBER),
}
GRADE_ROLES: Final[dict[str, tuple[str, str]]] = {
    "grade": (N_("Grade"), TEXT),
    "floor": (N_("From score"), NUMBER),
    "cap": (N_("Highest score after a critical fail"), NUMBER),
}
ROLES: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "survey": SURVEY_ROLES,
    "complaints": COMPLAINT_ROLES,
    "exposure": EXPOSURE_ROLES,
    "margins": MARGIN_ROLES,
    "evaluations": EVALUATION_ROLES,
    "findings": FINDING_ROLES,
    "comparisons": COMPARISON_ROLES,
    "grades": GRADE_ROLES,
    "events": EVENT_ROLES,
}
REQUIRED: Final[dict[str, tuple[str, ...]]] = {
    "survey": ("submitted_at",),
    "complaints": ("received_at",),
    "exposure": ("month", "customers"),
    "margins": ("group_kind", "group_name", "people"),
    "evaluations": ("evaluated_at", "visit"),
    "findings": ("finding_no", "found_on", "finding"),
    "comparisons": ("expert", "indicator", "other", "times"),
    "grades": ("grade", "floor"),
    "events": ("case_id", "event", "happened_at"),
}
ID_ROLE: Final[dict[str, str]] = {"survey": "response_id", "complaints": "complaint_id"}
"""Kind of file -> the role whose values name its rows, so that a later file can update them."""
ARRIVAL: Final[dict[str, str]] = {"survey": "submitted_at", "complaints": "received_at"}
"""Kind of file -> the role a file may lack that only updates rows by their id."""
MANY: Final = ("item", "comment", "pause_from", "pause_to")
"""Roles that several columns may hold."""
HASHABLE: Final = ("respondent_id", "response_id", "rater", "expert", "staff")
"""Roles whose values may be replaced by a keyed hash."""
HASHED: Final = ("staff",)
"""Those of them whose values are replaced, unless a person chooses to keep them."""
KIND_LABELS: Final[dict[str, str]] = {
    "survey": N_("Survey answers"),
    "complaints": N_("Complaint records"),
    "exposure": N_("Customers served"),
    "margins": N_("Population margins"),
    "evaluations": N_("Evaluations by raters"),
    "findings": N_("Findings"),
    "comparisons": N_("Experts' comparisons"),
    "grades": N_("Grades of a visit"),
    "events": N_("Events of cases"),
}
