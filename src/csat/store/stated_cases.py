"""What the files alone say of cases, beside what logs of events and people add.

A row of ``complaint`` holds a case as it is now: its files, its log, and what people set on the
page. Where the last two say something, ``case_as_stated`` keeps what the files say, so that a
later file is compared with files, and nothing that people said is lost or taken for a file's.
"""

from __future__ import annotations

from typing import Final

from csat.model.case_stages import EVENT_COLUMNS, SET_BY_PEOPLE

KEPT: Final = (
    *EVENT_COLUMNS.values(),
    "response_s",
    "response_event",
    "resolution_s",
    "resolution_event",
    "status",
    "category",
    "category_2",
    "category_3",
    *(field for field in SET_BY_PEOPLE if field != "category"),
)
"""Columns of a case that a log or a person may change."""


def stated_cases() -> str:
    """Return a subquery with the columns of ``complaint`` as the files alone state them."""
    columns = ", ".join(
        f"CASE WHEN kept.complaint_id IS NULL THEN now.{c} ELSE kept.{c} END AS {c}" for c in KEPT
    )
    return (
        f"(SELECT now.* REPLACE ({columns}) FROM complaint now "
        "LEFT JOIN case_as_stated kept ON kept.complaint_id = now.complaint_id)"
    )
