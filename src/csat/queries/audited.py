"""What auditors see delivered in a dimension, at one touchpoint or at all of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.queries.facts import Facts
from csat.queries.gap_levels import Sides, Want
from csat.queries.gate import gate
from csat.queries.reader import Reader
from csat.stats.moments import Moments
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Seen:
    """Scores that auditors gave, and how many of them reached a level; or why there are none."""

    scores: Moments | None = None
    reached: int = 0
    refused: Message | None = None
    needs: Message | None = None


class Audits:
    """The delivery that auditors saw, behind the privacy gate."""

    def __init__(
        self, store: Store, reader: Reader, facts: Facts, filters: Filters, limits: Thresholds
    ) -> None:
        self._parts: tuple[Any, ...] = (store, reader, facts)
        self._filters, self._limits = filters, limits
        self._sides: dict[Filters, Sides] = {}
        self._split: dict[object, dict[str, tuple[Moments, int]]] = {}

    def seen(self, dimension: str, touchpoint: str, level: float, *, at_most: bool) -> Seen:
        """Return the scores of a dimension at a touchpoint ("" for all of them).

        Without a choice of groups the touchpoints are parts of a whole that can also be seen,
        so that where one is withheld, enough others are. With one, a touchpoint is a further
        choice (see `csat.queries.isolation`).
        """
        f = self._filters
        grouped = f.branches or f.channels or f.segments or f.touchpoints
        own = f.with_(touchpoints=[touchpoint]) if touchpoint and grouped else f
        if own not in self._sides:
            store, reader, facts = self._parts
            self._sides[own] = Sides(store, reader, facts, own, self._limits)
        sides = self._sides[own]
        refused = sides.refusal(["delivery"])
        if refused is not None:
            return Seen(refused=refused)
        rated = sides.levels("delivery", dimension)
        if not rated or len(set(rated.values())) > 1:
            return Seen(needs=msg("needs audits of this dimension on one scale"))
        want = Want("delivery", dimension, frozenset(rated))
        key = (own, want, level, at_most)
        if key not in self._split:
            self._split[key] = sides.by_touchpoint(want, level, at_most=at_most)
        parts = self._split[key]
        if touchpoint and not grouped:
            shown = self._shown(parts)
            if touchpoint in parts and touchpoint not in shown:
                return Seen(refused=msg("too few audits to be shown"))
            parts = {k: v for k, v in parts.items() if k == touchpoint}
        if not parts:
            return Seen(needs=msg("needs audits of this touchpoint"))
        total = sum((m for m, _ in parts.values()), start=Moments(0, 0, 0, _divisor(parts)))
        return Seen(total, sum(reached for _, reached in parts.values()))

    def _shown(self, parts: dict[str, tuple[Moments, int]]) -> set[str]:
        """Return the touchpoints whose audits may be shown one by one."""
        figures = [
            Figure("gap:*", name, m.mean, "rating", m.n, None, None, "not_compared")
            for name, (m, _) in parts.items()
        ]
        shown = gate(figures, self._limits, parts_of_whole=True)
        return {f.by for f in shown if not f.withheld}


def _divisor(parts: dict[str, tuple[Moments, int]]) -> int:
    return next(iter(parts.values()))[0].divisor
