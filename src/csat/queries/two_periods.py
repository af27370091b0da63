"""Count the sufficient statistics of a period and of what it is compared with."""

from __future__ import annotations

from collections.abc import Sequence

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.model.period import Period, month_key
from csat.queries.complaint_tallies import NotAvailable, Tallies
from csat.queries.facts import Facts
from csat.queries.gather import Found, gather
from csat.queries.months import gather_months, in_months
from csat.queries.reader import Reader
from csat.queries.tally import (
    CountTally,
)


def gather_compared(
    reader: Reader, facts: Facts, filters: Filters, metrics: Sequence[Metric], keys: Sequence[str]
) -> tuple[Found, Found]:
    """Return what `gather` finds in the period, and in the one it is compared with.

    Whole months are counted by month and added up.
    """
    reference = filters.comparison()
    if reference is None:
        return gather(reader, facts, filters, metrics, keys), {}
    now, before = filters.period, reference.period
    if now is None or before is None or not in_months(metrics, keys, now, before):
        return (
            gather(reader, facts, filters, metrics, keys),
            gather(reader, facts, reference, metrics, keys),
        )
    months = gather_months(reader, facts, filters, metrics, keys, [now, before])
    return _added(months, metrics, keys, now), _added(months, metrics, keys, before)


def _added(months: Found, metrics: Sequence[Metric], keys: Sequence[str], period: Period) -> Found:
    """Add up the months of a period."""
    first, last = month_key(period.first), month_key(period.last)
    out: Found = {}
    for m in metrics:
        found = months[m.key]
        if isinstance(found, NotAvailable):
            out[m.key] = found
            continue
        total: Tallies = {(): CountTally(0, 0)} if m.family == "count" and not keys else {}
        for (month, *rest), tally in found.items():
            if first <= month <= last:
                group = tuple(rest)
                total[group] = total[group] + tally if group in total else tally
        out[m.key] = total
    return out
