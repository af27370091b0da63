"""Count the sufficient statistics of a period and of what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.model.period import Period, month_key
from csat.queries.complaint_tallies import NotAvailable, Tallies
from csat.queries.facts import Facts
from csat.queries.gather import Found, gather
from csat.queries.reader import Reader
from csat.queries.tally import (
    CountTally,
)


def gather_compared(
    reader: Reader, facts: Facts, filters: Filters, metrics: Sequence[Metric], keys: Sequence[str]
) -> tuple[Found, Found]:
    """Return what `gather` finds in the period, and in the one it is compared with.

    Whole months that follow one another are counted in one scan by month and added up.
    """
    reference = filters.comparison()
    if reference is None:
        return gather(reader, facts, filters, metrics, keys), {}
    now, before = filters.period, reference.period
    rated = any(m.family == "rate" for m in metrics)
    if (
        now is None
        or before is None
        or not (now.whole_months and before.whole_months)
        or before.last + timedelta(days=1) != now.first
        or (rated and "category" in keys)  # a category rates 0 only beside its own period
    ):
        return (
            gather(reader, facts, filters, metrics, keys),
            gather(reader, facts, reference, metrics, keys),
        )
    both = filters.with_(period=Period(before.first, now.last), compare="none")
    months = gather(reader, facts, both, metrics, ("month_key", *keys))
    split = month_key(now.first)
    return _months_added(months, metrics, keys, split), _months_added(months, metrics, keys, -split)


def _months_added(
    months: Found, metrics: Sequence[Metric], keys: Sequence[str], split: int
) -> Found:
    """Add up the months from a month on, or those before it where it is negative."""
    out: Found = {}
    for m in metrics:
        found = months[m.key]
        if isinstance(found, NotAvailable):
            out[m.key] = found
            continue
        total: Tallies = {(): CountTally(0, 0)} if m.family == "count" and not keys else {}
        for (month, *rest), tally in found.items():
            if (month >= split) if split > 0 else (month < -split):
                group = tuple(rest)
                total[group] = total[group] + tally if group in total else tally
        out[m.key] = total
    return out
