"""Whether actions worked: computed from the records, by what was fixed in advance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from math import exp
from typing import Any, Final, Literal

import numpy as np

from csat.model.ledger import Action
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.settings import Thresholds
from csat.queries.actions import actions
from csat.queries.chart_choice import choose_chart, moments_of
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import breaks_of
from csat.queries.reader import Reader
from csat.queries.stretches import Side, Spans, Stretch, beside, require_shown, side, spans
from csat.queries.tally import CountTally, RateTally, Tally
from csat.stats.control_charts import FEWEST_POINTS
from csat.stats.improvement import (
    Level,
    difference_in_differences,
    level_of_events,
    level_of_means,
)
from csat.stats.run_rules import Signal, run_rules
from csat.store.store import Store

Outcome = Literal["worked", "did_not", "too_early"]
Method = Literal["difference_in_differences", "control_chart", ""]

FEWEST_MONTHS: Final = 3
"""Fewer months on a side say nothing about how much months differ."""
RUN: Final = 8
"""Points that a run on one side of the centre line needs."""
_ALPHA: Final = 0.05


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch as the reader sees it: value and base in the metric's unit, and its months."""

    value: float | None
    n: int
    months: int


@dataclass(frozen=True, slots=True)
class Judged:
    """An action with its verdict and what that rests on.

    Parameters
    ----------
    effect, low, high
        With a comparison group how much more the figure changed than there: in the metric's
        unit, or in percent where ``relative``. Else None.
    before, after, other_before, other_after
        The stretches compared; None where there are none, or they are withheld.
    cautions
        What a reader should know beside the verdict.
    """

    action: Action
    outcome: Outcome
    reason: Message
    method: Method = ""
    effect: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    relative: bool = False
    before: Held | None = None
    after: Held | None = None
    other_before: Held | None = None
    other_after: Held | None = None
    spans: Spans | None = None
    cautions: tuple[Message, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        plan = self.action.plan
        return {
            **plan.to_json(),
            "number": self.action.number,
            "verdict": self.outcome,
            "reason": str(self.reason),
            "method": self.method or None,
            "effect": self.effect,
            "low": self.low,
            "high": self.high,
            "p_value": self.p_value,
            "unit": "percent_change" if self.relative else metric(plan.metric).unit,
            **{
                name: None if held is None else {"value": held.value, "n": held.n}
                for name, held in self._stretches().items()
            },
            "fixed_in_advance": self.action.in_advance,
            "cautions": [str(c) for c in self.cautions],
            "history": [
                {
                    "version": v.number,
                    "stage": v.plan.stage,
                    "made_at": v.made_at.isoformat(),
                    "made_by": v.made_by,
                    "taken_back_by": v.removed_by,
                }
                for v in self.action.history
            ],
        }

    def _stretches(self) -> dict[str, Held | None]:
        return {
            "before": self.before,
            "after": self.after,
            "other_before": self.other_before,
            "other_after": self.other_after,
        }


def effects(store: Store, program: str, thresholds: Thresholds | None = None) -> tuple[Judged, ...]:
    """Answer of every action of a program whether it worked, the latest start first.

    Returns
    -------
    tuple of Judged
        After the privacy gate. Before the day an action is judged, and on too little data, the
        verdict is "too early". With a comparison group a difference in differences decides,
        without one a control chart whose limits rest on the months before (methods.md 2.17).

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts = facts_of(store, program)
    return tuple(judge(store, facts, a, thresholds) for a in actions(store, program))


def judge(
    store: Store, facts: Facts, action: Action, thresholds: Thresholds | None = None
) -> Judged:
    """Answer whether one action worked."""
    plan, limits = action.plan, thresholds or Thresholds()
    m, reader, program = metric(plan.metric), Reader(store, facts), facts.program.key
    complete = facts.span.complete(m.subject) or facts.span.last
    when = spans(plan, complete)
    found = Judged(action, "too_early", msg("Not begun"), spans=when, cautions=_late(action))
    if when.after is None:
        return replace(found, reason=msg("No whole month of data since it began"))
    try:
        own = side(reader, facts, m, plan.filters(program), when)
        require_shown(reader, facts, m, own, limits)
        others = beside(reader, facts, m, plan, program, when)
        other = None if others is None else side(reader, facts, m, others, when)
        if other is not None:
            require_shown(reader, facts, m, other, limits)
    except NotAvailable as reason:
        return replace(found, reason=reason.note)
    found = replace(found, before=_held(own.before), after=_held(own.after))
    broken = [b for b in breaks_of(facts, own.filters, m) if when.baseline.first < b.day]
    broken = [b for b in broken if b.day <= when.whole.last]
    if other is None:
        if broken:
            note = msg(
                "The question changed on {day}, and there is no group beside", day=broken[0].day
            )
            return replace(found, reason=note)
        judged = _by_chart(found, m, own)
    else:
        both = _held(other.before), _held(other.after)
        found = replace(found, other_before=both[0], other_after=both[1])
        judged = _beside(found, m, own, other)
    if complete is not None and complete < plan.due:
        note = msg(
            "It is judged on {day}; so far the data reach {last}", day=plan.due, last=complete
        )
        judged = replace(judged, outcome="too_early", reason=note)
    return replace(judged, cautions=(*judged.cautions, *_unusual(m, own.before)))


def _late(action: Action) -> tuple[Message, ...]:
    if action.in_advance:
        return ()
    return (msg("Put on record on {day}, after it began", day=action.fixed_at.date()),)


def _held(stretch: Stretch) -> Held | None:
    total = stretch.total
    if total is None:
        return None
    months = len(stretch.months)
    value = total.value()
    if isinstance(total, CountTally) and value is not None:
        value /= months
    return Held(value, stretch.n, months)


def _beside(found: Judged, m: Metric, own: Side, other: Side) -> Judged:
    """Judge by how much more the group changed than the one beside it."""
    stretches = (own.after, own.before, other.after, other.before)
    if min(len(s.months) for s in stretches) < FEWEST_MONTHS:
        return replace(found, reason=msg("Fewer than {n} months on a side", n=FEWEST_MONTHS))
    if min(s.n for s in stretches) < m.minimum_base:
        return replace(found, reason=msg("Fewer than {n} answers on a side", n=m.minimum_base))
    now, before, other_now, other_before = (_level(s) for s in stretches)
    if now is None or before is None or other_now is None or other_before is None:
        return replace(
            found, reason=msg("This figure has no difference in differences; leave the group out")
        )
    effect = difference_in_differences(now, before, other_now, other_before)
    relative = isinstance(own.after.total, CountTally | RateTally)
    told: Callable[[float], float] = (lambda x: 100 * (exp(x) - 1)) if relative else float
    good = (effect.value > 0) == (m.direction == "up")
    clear = effect.p_value < _ALPHA
    if clear and good:
        outcome: Outcome = "worked"
        reason = msg("Improved more than the comparison group")
    else:
        outcome = "did_not"
        reason = (
            msg("Got worse than the comparison group")
            if clear
            else msg("No different from the comparison group, as far as can be told")
        )
    return replace(
        found,
        outcome=outcome,
        reason=reason,
        method="difference_in_differences",
        effect=told(effect.value),
        low=told(effect.low),
        high=told(effect.high),
        p_value=effect.p_value,
        relative=relative,
    )


def _level(stretch: Stretch) -> Level | None:
    events = [
        (t.events, float(t.days if isinstance(t, CountTally) else t.exposure))
        for t in stretch.months
        if isinstance(t, CountTally | RateTally)
    ]
    if events:
        return level_of_events(events)
    moments = [moments_of(t) for t in stretch.months]
    known = [found for found in moments if found is not None]
    return level_of_means(known) if len(known) == len(moments) else None


def _by_chart(found: Judged, m: Metric, own: Side) -> Judged:
    """Judge by whether the series left the limits that rest on the months before."""
    first, n = len(own.before.months), len(own.after.months)
    if first < FEWEST_POINTS:
        return replace(found, reason=msg("Fewer than {n} months before it", n=FEWEST_POINTS))
    months: list[Tally | None] = [*own.before.months, *own.after.months]
    base = np.arange(len(months)) < first
    chosen = choose_chart(m, months, base)
    if chosen.chart is None:
        return replace(found, reason=chosen.why)
    signals = run_rules([float(z) for z in chosen.chart.z[first:]])
    for signal in sorted(signals, key=lambda s: s.points[-1], reverse=True):
        return replace(found, method="control_chart", **_said(signal, m))
    if n < RUN:
        note = msg("No signal in {n} months; without a group beside it eight are needed", n=n)
        return replace(found, reason=note, method="control_chart")
    return replace(
        found,
        outcome="did_not",
        reason=msg("Stayed within the limits of the months before"),
        method="control_chart",
    )


def _said(signal: Signal, m: Metric) -> dict[str, Any]:
    if signal.above == (m.direction == "up"):
        return {"outcome": "worked", "reason": msg("Left the limits of before for the better")}
    return {"outcome": "did_not", "reason": msg("Left the limits of before for the worse")}


def _unusual(m: Metric, before: Stretch) -> tuple[Message, ...]:
    """Warn where the months compared with were special themselves: their end is no effect."""
    if len(before.months) < FEWEST_MONTHS:
        return ()
    chosen = choose_chart(m, list(before.months), np.ones(len(before.months), dtype=bool))
    if chosen.chart is None or not run_rules([float(z) for z in chosen.chart.z]):
        return ()
    return (msg("The months before were themselves unusual: part of the change may be their end"),)
