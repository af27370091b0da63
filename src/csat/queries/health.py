"""The state of the data itself: age, coverage, gaps and refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from csat.model.period import Period, month_end, month_start, months_between, shift_month
from csat.queries import catalogue, loads
from csat.queries.extent import Extent, extent
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Health:
    """What a reader should know before trusting a figure.

    Parameters
    ----------
    last_day
        Latest day with an answer or a complaint.
    empty_months
        Months between the first and the last that hold no answers although surveys ran
        before and after.
    rows_refused, rows_read
        Over all active batches.
    unanswered_share
        Share of responses without an answer to the satisfaction or recommendation question,
        0 to 1; None where neither is asked.
    """

    last_day: date | None
    responses: int
    complaints: int
    batches: int
    rows_read: int
    rows_refused: int
    empty_months: tuple[int, ...]
    unanswered_share: float | None


def health(store: Store, program: str) -> Health:
    """Return the health of a program's data."""
    span = extent(store, program)
    batches = [b for b in loads.batches(store, program) if b["status"] == "active"]
    rows = store.rows(
        "SELECT month_key, COUNT(*) AS n, SUM(CASE WHEN csat IS NULL AND nps IS NULL "
        "AND recommend IS NULL THEN 1 ELSE 0 END) AS silent FROM response "
        f"WHERE survey_id NOT IN {catalogue.OURS} AND program_id = "
        "(SELECT program_id FROM program WHERE key = $program) GROUP BY month_key",
        {"program": program},
    )
    seen = sorted(int(r["month_key"]) for r in rows)
    empty = tuple(m for m in months_between(seen[0], seen[-1]) if m not in seen) if seen else ()
    total = sum(int(r["n"]) for r in rows)
    asked = any(i.measures for i in catalogue.items(store, program))
    silent = sum(int(r["silent"]) for r in rows)
    return Health(
        last_day=span.last,
        responses=span.responses,
        complaints=span.complaints,
        batches=len(batches),
        rows_read=sum(int(b["rows_read"]) for b in batches),
        rows_refused=sum(int(b["rows_refused"]) for b in batches),
        empty_months=empty,
        unanswered_share=silent / total if total and asked else None,
    )


def last_whole_month(span: Extent) -> int | None:
    """Return the key of the last month that is complete, or the last with any data."""
    complete = max(
        (d for d in (span.surveys_complete, span.complaints_complete) if d), default=None
    )
    if span.last is None or complete is None:
        return None
    key = min(complete, span.last).year * 100 + min(complete, span.last).month
    if month_end(key) <= complete:
        return key
    before = [m for m in months_between(_key(span.first), key) if month_end(m) <= complete]
    return before[-1] if before else key


def latest_months(span: Extent, months: int) -> Period | None:
    """Return the latest whole months that hold data."""
    last = last_whole_month(span)
    if last is None:
        return None
    return Period(month_start(shift_month(last, 1 - months)), month_end(last))


def _key(day: date | None) -> int:
    return 190001 if day is None else day.year * 100 + day.month
