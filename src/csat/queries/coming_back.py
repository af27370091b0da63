"""Closed cases that come back, as SQL: the case itself, or its customer with another one."""

from __future__ import annotations

from typing import Final

_OURS: Final = "(SELECT program_id FROM program WHERE key = $program)"
_PEOPLE: Final = (
    "(SELECT respondent_id, COALESCE(category, '') AS category, received_at FROM complaint "
    f"WHERE program_id = {_OURS} AND respondent_id IS NOT NULL AND case_no <> '')"
)

CAME_BACK: Final = (
    "WITH known AS (SELECT batch_id, CAST(as_of AS TIMESTAMP) + INTERVAL 1 DAY AS ends, "
    "MAX(CAST(as_of AS TIMESTAMP) + INTERVAL 1 DAY) OVER () AS all_ends, reopens "
    f"FROM batch JOIN (SELECT batch_id, COUNT(reopened_at) > 0 AS reopens FROM complaint "
    f"WHERE program_id = {_OURS} GROUP BY batch_id) USING (batch_id)) "
    "SELECT c.complaint_id, "
    "CASE WHEN c.reopened_at >= c.resolved_at "
    "THEN DATE_DIFF('second', c.resolved_at, c.reopened_at) END AS reopened_s, "
    "DATE_DIFF('second', c.resolved_at, s.received_at) AS repeated_s, "
    "DATE_DIFF('second', c.resolved_at, a.received_at) AS recontacted_s, "
    "CASE WHEN k.reopens THEN DATE_DIFF('second', c.resolved_at, k.ends) END AS own_s, "
    "CASE WHEN c.respondent_id IS NOT NULL "
    "THEN DATE_DIFF('second', c.resolved_at, k.all_ends) END AS all_s "
    "FROM complaint c JOIN known k USING (batch_id) "
    f"ASOF LEFT JOIN {_PEOPLE} a "
    "ON c.respondent_id = a.respondent_id AND c.resolved_at < a.received_at "
    f"ASOF LEFT JOIN {_PEOPLE} s ON c.respondent_id = s.respondent_id "
    "AND COALESCE(c.category, '') = s.category AND c.resolved_at < s.received_at "
    f"WHERE c.program_id = {_OURS} AND c.case_no <> '' AND c.resolved_at IS NOT NULL"
)
"""Every closed case of the program ``$program``, with seconds after it was closed.

``reopened_s``, ``repeated_s`` and ``recontacted_s`` say when it was reopened, and when its
customer next had a case of the same category, or any; NULL where that is not known to have
happened. ``own_s`` and ``all_s`` say how long after closing its own file, and the files of the
program, go on: NULL where files record no reopening, or the customer is not known, so that a
case that did not come back tells nothing.
"""

FOLLOWED: Final[dict[str, str]] = {
    "reopened": "own_s",
    "repeated": "all_s",
    "recontacted": "all_s",
}
"""What says how long a case was watched for each way of coming back."""
