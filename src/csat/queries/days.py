"""Which days a figure is about, and whether all that happened on them is known."""

from __future__ import annotations

from collections.abc import Sequence

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.model.period import Period
from csat.queries.catalogue import SeriesBreak
from csat.queries.extent import Extent
from csat.queries.tally import CountTally, Tally


def finished_in(m: Metric, period: Period | None, span: Extent) -> bool:
    """Say whether a period is over and its records are complete."""
    if period is None:
        return True
    complete = span.complete(m.subject)
    return complete is None or period.last <= complete


def lies_inside(bucket: Period, period: Period | None) -> bool:
    """Say whether a bucket lies wholly inside the period that was asked for."""
    return period is None or (period.first <= bucket.first and bucket.last <= period.last)


def break_between(
    breaks: Sequence[SeriesBreak], reference: Filters | None, filters: Filters
) -> SeriesBreak | None:
    """Return a break that lies between a period and the one it is compared with."""
    if reference is None or reference.period is None or filters.period is None:
        return None
    start, end = reference.period.first, filters.period.last
    return next((b for b in breaks if start < b.day <= end), None)


def with_days(
    m: Metric, tally: Tally | None, filters: Filters | None, span: Extent
) -> Tally | None:
    """Put a count on the days of the filters' period, or of all data."""
    if filters is None:
        return None
    period = filters.period
    if period is None and span.first is not None and span.last is not None:
        period = Period(span.first, span.last)
    return count_days(m, tally, period, span)


def count_days(m: Metric, tally: Tally | None, period: Period | None, span: Extent) -> Tally | None:
    """Put a count on the days of its period; none at all is 0 only where records are known.

    Days in a hole of the records do not count, so that a change is judged by the others.
    """
    if m.family != "count" or period is None:
        return tally
    return on_days(tally, *days_on_record(m, period, span))


def days_on_record(m: Metric, period: Period, span: Extent) -> tuple[int, bool]:
    """Return the days of a period outside any hole, and whether records of any are known."""
    days = period.days - span.unrecorded(m.subject, period)
    return days, span.covers(m.subject, period.first, period.last)


def on_days(tally: Tally | None, days: int, known: bool) -> Tally | None:
    """Put a count on days; None where there is none, and nobody knows that there was none."""
    events = tally.n if tally is not None else 0
    if not events and (days <= 0 or not known):
        return None
    return CountTally(events, max(days, 1))
