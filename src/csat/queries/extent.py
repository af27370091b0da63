"""From which day to which a program has records, and where some are missing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from csat.model.filters import Compare
from csat.model.period import Period, month_end, month_start
from csat.queries.catalogue import OURS
from csat.store.store import Store

_MANY: Final = 20
"""Complaints in the months before and after that make one without any a hole in the records."""


@dataclass(frozen=True, slots=True)
class Extent:
    """From when to when a program has data, and up to which day it is complete."""

    first: date | None
    last: date | None
    surveys_complete: date | None
    complaints_complete: date | None
    responses: int
    complaints: int
    surveys_from: date | None = None
    complaints_from: date | None = None
    holes: tuple[Period, ...] = ()
    """Whole months without a single complaint on record, between months that have many."""

    def unrecorded(self, subject: str, period: Period) -> int:
        """Return the days of a period that lie in a hole of the records."""
        found = self.holes if subject != "survey" else ()
        spans = ((max(h.first, period.first), min(h.last, period.last)) for h in found)
        return sum((last - first).days + 1 for first, last in spans if first <= last)

    def in_hole(self, day: date) -> bool:
        """Say whether a day lies in a hole of the complaints on record."""
        return any(h.first <= day <= h.last for h in self.holes)

    def covers(self, subject: str, first: date, last: date) -> bool:
        """Say whether any day of a period lies where a subject's records are known."""
        start = self.surveys_from if subject == "survey" else self.complaints_from
        complete = self.complete(subject)
        return start is not None and start <= last and (complete is None or first <= complete)

    def holds(self, subject: str) -> bool:
        """Say whether the program has any records of a subject."""
        return bool(self.responses if subject == "survey" else self.complaints)

    def usual_comparison(self, period: Period | None) -> Compare:
        """Return what a period is compared with where nobody chose.

        The same period last year where the data reaches back that far, as it holds the season;
        else the period before.
        """
        if period is None or self.first is None:
            return "previous"
        return "last_year" if period.last_year().last >= self.first else "previous"

    def complete(self, subject: str) -> date | None:
        """Return the day up to which the records of a subject are complete."""
        return self.surveys_complete if subject == "survey" else self.complaints_complete


def extent(store: Store, program: str) -> Extent:
    """Return the days a program's data spans and up to which it is complete."""
    rows = store.rows(
        "WITH p AS (SELECT program_id FROM program WHERE key = $program), "
        "r AS (SELECT MIN(day_key) AS a, MAX(day_key) AS z, "
        f"COUNT(CASE WHEN survey_id NOT IN {OURS} THEN 1 END) AS n FROM response "
        "WHERE program_id = (SELECT program_id FROM p)), "
        "c AS (SELECT MIN(day_key) AS a, MAX(day_key) AS z, "
        "SUM(CASE WHEN conduct = 0 THEN cases ELSE 0 END) AS n FROM complaint "
        "WHERE program_id = (SELECT program_id FROM p)), "
        "b AS (SELECT MAX(CASE WHEN kind = 'survey' THEN as_of END) AS s, "
        "MAX(CASE WHEN kind = 'complaints' THEN as_of END) AS c FROM batch "
        "WHERE status = 'active' AND program_id = (SELECT program_id FROM p)) "
        "SELECT r.a AS ra, r.z AS rz, r.n AS rn, c.a AS ca, c.z AS cz, c.n AS cn, "
        "b.s AS bs, b.c AS bc FROM r, c, b",
        {"program": program},
    )
    row = rows[0]
    starts = [k for k in (row["ra"], row["ca"]) if k is not None]
    ends = [k for k in (row["rz"], row["cz"]) if k is not None]
    return Extent(
        _day(min(starts)) if starts else None,
        _day(max(ends)) if ends else None,
        row["bs"],
        row["bc"],
        int(row["rn"]),
        int(row["cn"] or 0),
        _day(row["ra"]) if row["ra"] is not None else None,
        _day(row["ca"]) if row["ca"] is not None else None,
        _holes(store, program),
    )


def _holes(store: Store, program: str) -> tuple[Period, ...]:
    """Return the months between others in which a file is missing, not complaints.

    A month without any is told from a good one by the months on both sides of it: beside
    `_MANY` in each, one without any happens by chance less than once in a hundred million.
    """
    rows = store.rows(
        "SELECT month_key AS month, SUM(cases) AS n FROM complaint WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) AND conduct = 0 "
        "GROUP BY month_key ORDER BY month_key",
        {"program": program},
    )
    found = []
    for before, after in pairwise(rows):
        first = month_end(int(before["month"])) + timedelta(days=1)
        last = month_start(int(after["month"])) - timedelta(days=1)
        if first < last and min(int(before["n"]), int(after["n"])) >= _MANY:
            found.append(Period(first, last))
    return tuple(found)


def _day(key: int) -> date:
    return date(key // 10000, key // 100 % 100, key % 100)
