"""What people have said about series: phases, events, targets, and signals they explained."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from csat.store.remembered import until_changed
from csat.store.store import Store

MarkKind = Literal["phase", "event", "target", "signal"]


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing a person has said about a series, with the reason.

    Parameters
    ----------
    metric
        Registry key; "" for every metric of the program.
    day
        When a phase begins or an event happened; None for targets and signals.
    value
        The target, in the metric's unit.
    subject
        What signal is acknowledged (`csat.model.control.ChartSignal.key`); "" otherwise.
    action
        Number of the action that answers the signal, if one is named.
    """

    number: int
    kind: MarkKind
    metric: str
    day: date | None
    value: float | None
    subject: str
    reason: str
    made_at: datetime
    made_by: str
    action: int | None = None

    def about(self, metric: str) -> bool:
        """Say whether the mark is about a metric."""
        return self.metric in ("", metric)


@until_changed
def marks(store: Store, program: str) -> tuple[Mark, ...]:
    """Return the marks of a program that are in force, in the order they were made."""
    rows = store.rows(
        "SELECT m.mark_id, m.kind, m.metric, m.day, m.value, m.subject, m.reason, m.made_at, "
        "m.made_by, m.action_id FROM chart_mark m JOIN program p USING (program_id) "
        "WHERE p.key = $program AND m.removed_at IS NULL ORDER BY m.mark_id",
        {"program": program},
    )
    return tuple(
        Mark(
            r["mark_id"],
            r["kind"],
            r["metric"],
            r["day"],
            r["value"],
            r["subject"],
            r["reason"],
            r["made_at"],
            r["made_by"],
            r["action_id"],
        )
        for r in rows
    )


def target_of(known: tuple[Mark, ...], metric: str) -> Mark | None:
    """Return the target in force for a metric: the one set last."""
    found = [m for m in known if m.kind == "target" and m.metric == metric]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Reply:
    """What people have said to a signal: the first who saw it, the last reason, the last action.

    ``marks`` are all of them, oldest first.
    """

    marks: tuple[Mark, ...]

    @property
    def seen(self) -> Mark:
        """The first mark: who acknowledged the signal."""
        return self.marks[0]

    @property
    def explained(self) -> Mark | None:
        """The last mark that gives a reason."""
        return next((m for m in reversed(self.marks) if m.reason), None)

    @property
    def action(self) -> int | None:
        """Number of the action named last."""
        return next((m.action for m in reversed(self.marks) if m.action is not None), None)


def replies(known: tuple[Mark, ...]) -> dict[str, Reply]:
    """Return what was said to each signal, by the signal's key."""
    found: dict[str, list[Mark]] = {}
    for mark in known:
        if mark.kind == "signal":
            found.setdefault(mark.subject, []).append(mark)
    return {key: Reply(tuple(said)) for key, said in found.items()}
