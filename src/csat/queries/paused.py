"""The clocks of cases and their pauses, as they lie in the store."""

from __future__ import annotations

from typing import Final

import numpy as np

from csat.model.case_stages import PAUSED, RESUMED
from csat.queries.reader import Reader, whole
from csat.stats.business_time import Seconds
from csat.stats.paused_time import NO_PAUSES, Pauses, join_pauses

_SINCE_1970: Final = "DATE_DIFF('second', TIMESTAMP '1970-01-01 00:00:00', {0})"
OF_PROGRAM: Final = "program_id = (SELECT program_id FROM program WHERE key = $program)"

_PAUSES: Final = (
    "WITH marks AS (SELECT case_key, event, happened_at, MAX(until_at) AS until_at "
    f"FROM case_event WHERE {OF_PROGRAM} "
    f"AND event IN ('{PAUSED}', '{RESUMED}', 'resolved', 'closed', 'reopened') GROUP BY 1, 2, 3 "
    "UNION ALL SELECT source_key, 'resolved', resolved_at, reopened_at FROM complaint "
    f"WHERE {OF_PROGRAM} AND case_no <> '' AND reopened_at > resolved_at), "
    "paired AS (SELECT *, MIN(CASE WHEN event = 'resumed' THEN happened_at END) OVER later "
    "AS resumed, MIN(CASE WHEN event = 'reopened' THEN happened_at END) OVER later AS reopened "
    "FROM marks WINDOW later AS (PARTITION BY case_key ORDER BY happened_at, event DESC "
    "ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)), "
    "rests AS (SELECT case_key, happened_at, COALESCE(until_at, CASE WHEN event = 'paused' "
    "THEN resumed ELSE reopened END) AS until_at FROM paired WHERE event = 'paused' "
    "OR (event IN ('resolved', 'closed') AND COALESCE(until_at, reopened) IS NOT NULL)) "
)
"""Waiting for the customer, and the time from an end of the work until a case is reopened.

A pause of a log ends where the log says so, or with the next event that work goes on; one that
an earlier export left open is closed by a later one."""


def clock_columns(event: str) -> tuple[str, str]:
    """Return SQL for the seconds of a clock of cases and for whether it has ended.

    A case is acknowledged by its first answer at the latest. Who acknowledges is known only
    where the files of a program say so.
    """
    if event != "acknowledgement":
        return f"{event}_s", f"{event}_event"
    first = "LEAST(acknowledged_at, first_response_at, resolved_at)"
    still_open = "COALESCE(resolution_s, response_s)"
    recorded = (
        "batch_id IN (SELECT batch_id FROM complaint WHERE acknowledged_at IS NOT NULL) "
        "AND case_no <> ''"
    )
    return (
        f"COALESCE(GREATEST(DATE_DIFF('second', received_at, {first}), 0), {still_open})",
        f"CASE WHEN {recorded} THEN CASE WHEN {first} IS NOT NULL THEN 1 "
        f"WHEN {still_open} IS NOT NULL THEN 0 END END",
    )


def pauses_of(reader: Reader, program: str, numbers: Seconds, until: Seconds) -> Pauses:
    """Return the stretches of cases in which their working clock stands still.

    Parameters
    ----------
    numbers
        The numbers of the cases in the store, in any order; pauses name their places here.
    until
        Per case: the moment up to which is known what happened, in seconds UTC.
    """
    table = reader.table(
        _PAUSES + f"SELECT c.complaint_id, {_SINCE_1970.format('r.happened_at')} AS start, "
        f"COALESCE({_SINCE_1970.format('r.until_at')}, -1) AS stop FROM rests r "
        f"JOIN complaint c ON c.source_key = r.case_key AND c.{OF_PROGRAM} AND c.case_no <> '' "
        "WHERE r.until_at IS NULL OR r.until_at > r.happened_at",
        {"program": program},
    )
    if not table.num_rows or not numbers.size:
        return NO_PAUSES
    order = np.argsort(numbers)
    wanted = whole(table.column("complaint_id"))
    at = np.minimum(np.searchsorted(numbers, wanted, sorter=order), numbers.size - 1)
    place = order[at]
    found = numbers[place] == wanted
    start, stop = whole(table.column("start")), whole(table.column("stop"))
    return join_pauses(place[found], start[found], stop[found], until)
