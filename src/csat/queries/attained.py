"""How far each standard of the register is attained: by clocks, audits and indicators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csat.model.message import Message
from csat.model.registers import Standard
from csat.model.settings import Thresholds


@dataclass(frozen=True, slots=True)
class Attained:
    """One standard, what it is measured at, and whether it is attained.

    Parameters
    ----------
    value, low, high
        What is, with its 95% interval, in ``unit``; an end is None where it is not known.
    unit
        ``hours``, or a unit of `csat.model.metrics`.
    state
        met, missed, unclear (the interval holds the target), too_few, withheld, or
        not_measured (``needs`` says why).
    checked, reached
        Cases or visits that can be judged one by one, and how many of them reached the target;
        None for a standard that is judged as a whole.
    stale
        Whether it is out of date.
    """

    standard: Standard
    stale: bool
    value: float | None = None
    low: float | None = None
    high: float | None = None
    n: int | None = None
    unit: str = ""
    state: str = "not_measured"
    checked: int | None = None
    reached: int | None = None
    needs: Message | None = None

    @property
    def measured(self) -> bool:
        """Whether it counts as attained or not."""
        return self.state in ("met", "missed", "unclear") and not self.stale

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        s = self.standard
        return {
            "code": s.code,
            "text": s.text,
            "dimension": s.dimension or None,
            "touchpoint": s.touchpoint or None,
            "metric": s.metric or None,
            "statistic": s.statistic or None,
            "direction": s.direction,
            "target": s.target,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
            "unit": self.unit or None,
            "state": self.state,
            "checked": self.checked,
            "reached": self.reached,
            "stale": self.stale,
            "needs": None if self.needs is None else str(self.needs),
        }


def state_of(found: Attained, limits: Thresholds) -> str:
    """Judge a measured standard by its interval against its target."""
    if found.standard.target is None or found.n is None:
        return "not_measured"
    if found.n < limits.caution_under:
        return "too_few"
    low, high = found.low, found.high
    if found.standard.statistic == "max":
        low = high = found.value
    better, worse = (low, high) if found.standard.direction == "at least" else (high, low)
    target = found.standard.target
    sign = 1 if found.standard.direction == "at least" else -1
    if better is not None and sign * better >= sign * target:
        return "met"
    if worse is not None and sign * worse < sign * target:
        return "missed"
    return "unclear"
