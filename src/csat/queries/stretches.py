"""The months before and after an action began, of its own group and of the one beside it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from csat.model.action import OTHERS, ActionPlan
from csat.model.category import category_path
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric
from csat.model.period import Period, month_end, month_key, month_start, shift_month
from csat.model.settings import Thresholds
from csat.queries.apart import kept_apart
from csat.queries.buckets import buckets
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import Facts
from csat.queries.gather import NOT_STATED, gather
from csat.queries.reader import Reader
from csat.queries.tally import Tally

YARDSTICK = 12
"""Whole months before the start that an action is compared with, where no others are named."""
_CUT_OF = {
    "branches": "branch",
    "channels": "channel",
    "segments": "segment",
    "touchpoints": "touchpoint",
    "categories": "category",
    "causes": "cause",
}


@dataclass(frozen=True, slots=True)
class Spans:
    """Whole months: what is compared with, and those since the start (None while there are none).

    ``whole`` reaches over both.
    """

    baseline: Period
    after: Period | None

    @property
    def whole(self) -> Period:
        """From the first month of the baseline to the last one judged."""
        return Period(self.baseline.first, (self.after or self.baseline).last)


def spans(plan: ActionPlan, complete: date | None) -> Spans:
    """Return the months an action is judged on, by data that are complete up to a day.

    Examples
    --------
    >>> from csat.model.action import read_action
    >>> plan = read_action({"key": "a", "title": "a", "addressed": "a", "metric": "nps",
    ...     "start": "2026-01-15", "due": "2026-06-30", "owner": "Ann"})
    >>> spans(plan, date(2026, 4, 20)).after
    Period(first=datetime.date(2026, 2, 1), last=datetime.date(2026, 3, 31))
    """
    begun = month_key(plan.start)
    whole = Period(month_start(shift_month(begun, -YARDSTICK)), month_end(shift_month(begun, -1)))
    first = plan.start if plan.start.day == 1 else month_start(shift_month(begun, 1))
    end = plan.due if complete is None else min(plan.due, complete)
    last = month_key(end) if end == month_end(month_key(end)) else shift_month(month_key(end), -1)
    after = Period(first, month_end(last)) if month_end(last) > first else None
    return Spans(plan.baseline or whole, after)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The finished months of one stretch that hold data, oldest first."""

    months: tuple[Tally, ...]

    @property
    def total(self) -> Any:
        """All of them as one tally; None where there are none."""
        found: Any = None
        for tally in self.months:
            found = tally if found is None else found + tally
        return found

    @property
    def n(self) -> int:
        """Unweighted base."""
        return int(self.total.n) if self.months else 0


@dataclass(frozen=True, slots=True)
class Side:
    """One group before and since the start, and the filters that choose it."""

    filters: Filters
    before: Stretch
    after: Stretch


def side(reader: Reader, facts: Facts, m: Metric, filters: Filters, when: Spans) -> Side:
    """Count the months of one group.

    Raises
    ------
    NotAvailable
        With the reason, where the figure cannot be made or must not be shown.
    """
    chosen = filters.with_(period=when.whole)
    found = gather(reader, facts, chosen, [m], ("month_key",))[m.key]
    if isinstance(found, NotAvailable):
        raise found
    tallies = {int(group[0]): tally for group, tally in found.items()}
    cut = buckets(m, tallies, when.whole, "month", facts.span, asked=when.whole)
    held = [b for b in cut if b.finished and b.tally is not None]

    def within(days: Period | None) -> Stretch:
        inside = [
            b.tally
            for b in held
            if days is not None and days.first <= b.span.first and b.span.last <= days.last
        ]
        return Stretch(tuple(t for t in inside if t is not None))

    return Side(chosen, within(when.baseline), within(when.after))


def require_shown(reader: Reader, facts: Facts, m: Metric, one: Side, limits: Thresholds) -> None:
    """Refuse a group that the privacy minimum hides.

    Raises
    ------
    NotAvailable
        Saying so.
    """
    _, hidden = kept_apart(reader.store, facts, one.filters, [m], limits)
    if hidden:
        raise NotAvailable(hidden[0].note or Message("Withheld"))
    bases = [s.n for s in (one.before, one.after)]
    if m.field != "complaints" and any(0 < n < limits.withhold_under for n in bases):
        raise NotAvailable(msg("Withheld: fewer than {n} answers", n=limits.withhold_under))


def beside(
    reader: Reader, facts: Facts, m: Metric, plan: ActionPlan, program: str, when: Spans
) -> Filters | None:
    """Return the filters of the comparison group; None where the plan names none.

    Raises
    ------
    NotAvailable
        Where there is nobody else.
    """
    if plan.against != (OTHERS,):
        return plan.compared(program)
    field = plan.split()
    assert field is not None  # a plan without one is refused
    mine = plan.filters(program).with_(period=when.whole)
    rest = mine.with_(**{field: ()})
    cut = _CUT_OF[field]
    found = gather(reader, facts, rest, [m], (cut,))[m.key]
    if isinstance(found, NotAvailable):
        raise found
    groups = {NOT_STATED if g[0] is None else str(g[0]) for g in found}
    if field == "categories":
        groups = {category_path([name]) for name in groups}
    others = sorted(groups - set(getattr(mine, field)))
    if not others:
        raise NotAvailable(msg("There is no other group to compare with"))
    return replace(rest.with_(**{field: others}), period=None)
