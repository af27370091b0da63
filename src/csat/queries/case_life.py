"""The life of cases: events from columns and logs, and the stretches that do not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from csat.model.case_stages import EVENT_COLUMNS, EVENT_LABELS, OTHER, PAUSED, RESUMED
from csat.model.people import User
from csat.queries import catalogue
from csat.queries.case_columns import case_key
from csat.queries.complaint_tallies import whole
from csat.queries.complaints import case
from csat.queries.reader import Reader
from csat.stats.business_time import Seconds
from csat.stats.paused_time import NO_PAUSES, Pauses, join_pauses
from csat.store.store import Store

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


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """One event in the life of a case; moments in the program's time.

    Parameters
    ----------
    words
        What the log calls it; "" for an event known by a column.
    until
        When it ended, for a pause; None also where it still lasts.
    done_by
        Who did it, for readers who may know.
    """

    event: str
    words: str
    when: datetime
    until: datetime | None = None
    done_by: str = ""


def case_events(store: Store, program: str, case_no: str, *, user: User) -> tuple[CaseEvent, ...]:
    """Return the events of one case from columns and logs, in the order they happened.

    An automatic reply that a file also gives as the first response is told once.

    Raises
    ------
    UsageProblem
        When the program holds no such case.
    """
    record = case(store, program, case_no, user=user)
    zone = catalogue.require_program(store, program).timezone
    rows = store.rows(
        f"SELECT event, words, {_local('happened_at', zone)}, {_local('until_at', zone)}, done_by "
        f"FROM case_event WHERE {OF_PROGRAM} AND case_key = $key",
        {
            "program": program,
            "key": case_key(store, program, case_no),
            **({} if zone == "UTC" else {"tz": zone}),
        },
    )
    personal = user.may("read_narratives")
    found: dict[tuple[str, str, datetime], CaseEvent] = {}
    for row in rows:
        words = row["words"] or ""
        own = words if row["event"] == OTHER else ""
        key = (row["event"], own, row["happened_at"])
        by = (row["done_by"] or "") if personal else ""
        former = found.get(key)
        until = row["until_at"] or (former.until if former else None)
        found[key] = CaseEvent(row["event"], words, row["happened_at"], until, by)
    columns = {"received": "received_at", **EVENT_COLUMNS}
    for event, column in columns.items():
        when = record[column]
        automatic = event == "responded" and when == record["auto_reply_at"]
        if when is not None and not automatic:
            found.setdefault((event, "", when), CaseEvent(event, "", when))
    order = list(EVENT_LABELS)
    return tuple(sorted(found.values(), key=lambda e: (e.when, order.index(e.event), e.words)))


def _local(column: str, zone: str) -> str:
    if zone == "UTC":
        return column
    return f"CAST(({column} AT TIME ZONE 'UTC') AT TIME ZONE $tz AS TIMESTAMP) AS {column}"


def rests(events: Sequence[CaseEvent]) -> list[tuple[datetime, datetime | None]]:
    """Return the stretches of one case in which its working clock stands still.

    They are those of `pauses_of`: waiting for the customer until work goes on, and the time from
    an end of the work to the next reopening. None ends one that still lasts.
    """
    ordered = sorted(events, key=lambda e: (e.when, e.event != RESUMED))
    found = []
    for place, event in enumerate(ordered):
        later = ordered[place + 1 :]
        if event.event == PAUSED:
            resumed = next((e.when for e in later if e.event == RESUMED), None)
            found.append((event.when, event.until or resumed))
        elif event.event in ("resolved", "closed"):
            again = next((e.when for e in later if e.event == "reopened"), None)
            if again is not None:
                found.append((event.when, again))
    return found
