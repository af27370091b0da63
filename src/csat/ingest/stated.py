"""What a file states about a record: one SQL expression per column of the store.

The load writes these, and a later file is compared with what is stored by the same expressions.
"""

from __future__ import annotations

from typing import Final

from csat.ingest.mapping import Mapping
from csat.model.case_stages import EVENT_COLUMNS

CLOCKS: Final = tuple(EVENT_COLUMNS.values())
_PLACES: Final = ("branch", "channel", "segment", "touchpoint", "respondent_id", "staff")
_SURVEY_TEXTS: Final = (*_PLACES, "form", "stratum", "cluster")
_CASE_TEXTS: Final = (
    *_PLACES,
    "category",
    "category_2",
    "category_3",
    "cause",
    "outcome",
    "narrative",
    "remedy",
    "owner",
    "department",
    "violation",
    "responsibility",
    "sanction",
    "appeal_outcome",
)
_RAISED: Final = ("currency",)
_LOWERED: Final = ("severity", "severity_first", "dimension")
YES_NO: Final = ("timely", "upheld", "safety", "first_contact", "satisfied")
_TO_UTC: Final = "CAST(({0} AT TIME ZONE $tz) AT TIME ZONE 'UTC' AS TIMESTAMP)"


def utc(moment: str, timezone: str) -> str:
    """Return SQL for a local moment in UTC; a time zone other than UTC is bound as ``$tz``."""
    return moment if timezone == "UTC" else _TO_UTC.format(moment)


def stated_of_response(mapping: Mapping, timezone: str) -> dict[str, str]:
    """Return column -> expression over ``typed t`` for what a survey file states of a response.

    Only columns that the mapping reads are in it; answers and comments are not.
    """
    out = {"submitted_at": utc("t.submitted_at", timezone)}
    out.update({r: f"t.{r}" for r in (*_SURVEY_TEXTS, "weight") if mapping.column(r)})
    return out


def stated_of_complaint(mapping: Mapping, timezone: str) -> dict[str, str]:
    """Return column -> expression over ``typed t`` for what a file states of a case."""
    out = {"received_at": utc("t.received_at", timezone)}
    out.update({r: utc(f"t.{r}", timezone) for r in CLOCKS if mapping.column(r)})
    out.update({r: f"t.{r}" for r in _CASE_TEXTS if mapping.column(r)})
    out.update({r: f"LOWER(t.{r})" for r in (*_LOWERED, "status") if mapping.column(r)})
    out.update({r: f"UPPER(t.{r})" for r in _RAISED if mapping.column(r)})
    out.update({r: f"t.{r}" for r in YES_NO if mapping.column(r)})
    if mapping.column("compensation"):
        out["compensation"] = "CAST(ROUND(t.compensation * 100) AS BIGINT)"
    return out


def texts_of(kind: str) -> tuple[str, ...]:
    """Return the text columns of a kind of fact, which are NULL where a file has none."""
    return _SURVEY_TEXTS if kind == "survey" else (*_CASE_TEXTS, *_RAISED, *_LOWERED)


def human_response(stated: dict[str, str]) -> str:
    """Return SQL for the first response by a person, from what a file states of a case.

    A first response at the moment of the automatic reply is that reply: nobody has answered yet.
    """
    response = stated.get("first_response_at", "CAST(NULL AS TIMESTAMP)")
    automatic = stated.get("auto_reply_at")
    return response if automatic is None else f"NULLIF({response}, {automatic})"
