"""An action over time: every version of it, and which of them is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from csat.model.action import ActionPlan


@dataclass(frozen=True, slots=True)
class Version:
    """One state of an action, with who made it and when, and who took it back."""

    number: int
    plan: ActionPlan
    made_at: datetime
    made_by: str
    removed_at: datetime | None = None
    removed_by: str | None = None


@dataclass(frozen=True, slots=True)
class Action:
    """An action with its history, oldest version first; the last that stands is in force."""

    number: int
    history: tuple[Version, ...]

    @property
    def stands(self) -> bool:
        """Whether it is not taken back whole."""
        return any(v.removed_at is None for v in self.history)

    @property
    def current(self) -> Version:
        """The version in force."""
        return [v for v in self.history if v.removed_at is None][-1]

    @property
    def plan(self) -> ActionPlan:
        """What is in force."""
        return self.current.plan

    @property
    def fixed_at(self) -> datetime:
        """When the question it is judged by was last changed."""
        standing = [v for v in self.history if v.removed_at is None]
        changes = [b for a, b in pairwise(standing) if not a.plan.same_question(b.plan)]
        return (changes[-1] if changes else standing[0]).made_at

    @property
    def in_advance(self) -> bool:
        """Whether metric, filter and days were on record when it began."""
        return self.fixed_at.date() <= self.plan.start
