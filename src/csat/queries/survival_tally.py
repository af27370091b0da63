"""Times to an event as a tally: exact counts that add up over any parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np

from csat.stats.comparison import (
    Comparison,
)
from csat.stats.intervals import (
    Interval,
)
from csat.stats.survival import (
    KaplanMeier,
    SurvivalQuantile,
    SurvivalTable,
    kaplan_meier,
    log_rank,
)

_DAY: Final = 86_400


@dataclass(frozen=True)
class SurvivalTally:
    """Seconds to an event, with the number that happened and the number still open.

    The parts lie side by side until first looked at; table and curve are then made once.
    """

    seconds: tuple[np.ndarray, ...] = field(default=())
    events: tuple[np.ndarray, ...] = field(default=())
    censored: tuple[np.ndarray, ...] = field(default=())

    @cached_property
    def n(self) -> int:
        return int(
            sum(
                int(e.sum()) + int(c.sum()) for e, c in zip(self.events, self.censored, strict=True)
            )
        )

    def __add__(self, other: SurvivalTally) -> SurvivalTally:
        return SurvivalTally(
            self.seconds + other.seconds,
            self.events + other.events,
            self.censored + other.censored,
        )

    @cached_property
    def table(self) -> SurvivalTable:
        """One survival table over all parts, times ascending."""
        empty = np.zeros(0, dtype=np.int64)
        seconds, events, censored = (
            np.concatenate([empty, *parts]) for parts in (self.seconds, self.events, self.censored)
        )
        order = np.argsort(seconds)
        seconds = seconds[order]
        starts = np.flatnonzero(np.diff(seconds, prepend=-1))
        return SurvivalTable(
            seconds[starts].astype(np.float64),
            np.add.reduceat(events[order], starts) if starts.size else empty,
            np.add.reduceat(censored[order], starts) if starts.size else empty,
        )

    @cached_property
    def curve(self) -> KaplanMeier:
        """The Kaplan-Meier curve over seconds."""
        return kaplan_meier(*self.table)

    @cached_property
    def median(self) -> SurvivalQuantile:
        """The seconds within which half of the cases ended, with their limits."""
        return self.curve.median

    def value(self) -> float | None:
        if not self.n or self.median.value is None:
            return None
        return self.median.value / _DAY

    def interval(self) -> Interval | None:
        if not self.n:
            return None
        median = self.median
        if median.low is None:
            return None
        high = float("inf") if median.high is None else median.high / _DAY
        return Interval(median.low / _DAY, high)

    def compare(self, reference: SurvivalTally) -> Comparison | None:
        now, before = self.value(), reference.value()
        if now is None or before is None:
            return None
        test = log_rank([self.table, reference.table])
        return Comparison(now - before, float("nan"), float("nan"), test.p_value)
