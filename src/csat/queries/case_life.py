"""The life of cases: events from columns and logs, and the stretches that do not count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from csat.model.case_stages import EVENT_COLUMNS, EVENT_LABELS, OTHER, PAUSED, RESUMED
from csat.model.people import User
from csat.queries import catalogue
from csat.queries.case_columns import case_key
from csat.queries.complaints import case
from csat.queries.paused import OF_PROGRAM
from csat.store.store import Store


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
