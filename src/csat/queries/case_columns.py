"""The columns of a case: who may see which, and how people read them."""

from __future__ import annotations

from typing import Final

from csat.model.case_stages import EVENT_COLUMNS
from csat.model.message import msg
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.store.store import Store

PUBLIC: Final = (
    "case_no",
    "received_at",
    "first_response_at",
    "resolved_at",
    "category",
    "category_2",
    "category_3",
    "cause",
    "severity",
    "status",
    "branch",
    "channel",
    "touchpoint",
    "segment",
    "timely",
    "outcome",
)
PERSONAL: Final = ("narrative", "respondent_id", "owner")
MORE: Final = ("acknowledged_at", "forwarded_at", "reopened_at", "upheld", "batch_id")
CONDUCT_COLUMNS: Final = ("violation", "responsibility", "sanction", "appeal_outcome")
"""What a list of conduct cases shows besides."""
MOMENTS: Final = ("received_at", *EVENT_COLUMNS.values())
SELDOM: Final = (
    *(m for m in MOMENTS[1:] if m not in (*PUBLIC, *MORE)),
    *("conduct", "severity_first", "safety", "first_contact", "satisfied", "remedy"),
    *("compensation", "currency", "department", "dimension"),
    *CONDUCT_COLUMNS,
)
"""Columns that few files have; an export leaves out those that say nothing."""


def case_columns(user: User) -> tuple[str, ...]:
    """Return the columns of a case that a reader may see."""
    return (*PUBLIC, *MORE, *SELDOM, *(PERSONAL if user.may("read_narratives") else ()))


def shown(column: str, alias: str, timezone: str) -> str:
    """Return SQL for a column of a case as people read it.

    Moments are those of the program's time zone, bound as ``$tz`` unless it is UTC; money is
    given in units of the currency.
    """
    if column == "compensation":
        return f"{alias}{column} / 100.0 AS {column}"
    if column not in MOMENTS or timezone == "UTC":
        return f"{alias}{column} AS {column}"
    return f"CAST(({alias}{column} AT TIME ZONE 'UTC') AT TIME ZONE $tz AS TIMESTAMP) AS {column}"


def case_key(store: Store, program: str, case_no: str) -> str:
    """Return the id by which files know a case, whichever of them brings it.

    Raises
    ------
    UsageProblem
        When the program holds no such case.
    """
    rows = store.rows(
        "SELECT source_key FROM complaint WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) AND case_no = $case "
        "AND case_no <> '' "
        "ORDER BY complaint_id DESC LIMIT 1",
        {"program": program, "case": case_no},
    )
    if not rows:
        raise no_case(case_no)
    return str(rows[0]["source_key"])


def no_case(case_no: str) -> UsageProblem:
    """Return the problem of a case that the program does not hold."""
    return UsageProblem(
        msg("There is no case '{case}' in this program", case=case_no),
        msg("Check the number, or clear the filters"),
    )
