"""The registers of a program: what its service is to be, and what customers were promised.

A *standard* says how good one thing is to be at a touchpoint; a *promise* says what customers
were told they would get, and what they got (methods.md 2.15).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from csat.model.message import N_

Register = Literal["standards", "promises"]
REGISTERS: Final[dict[str, str]] = {"standards": N_("Standards"), "promises": N_("Promises")}
DIRECTIONS: Final[dict[str, str]] = {"at least": N_("at least"), "at most": N_("at most")}
STATISTICS: Final[dict[str, str]] = {
    "mean": N_("mean"),
    "max": N_("largest value"),
    "share": N_("share"),
}
CLOCK_METRICS: Final[dict[str, str]] = {
    "response_time": "response",
    "resolution_time": "resolution",
}
"""Metric of a standard in hours on the calendar clock -> the event that stops it."""
AUDIT_METRIC: Final = "audit"
"""Metric of a standard on the level that auditors see delivered in a dimension."""

PERCENTILE: Final = re.compile(r"p(\d{1,2}(?:\.\d+)?)")


@dataclass(frozen=True, slots=True)
class Standard:
    """One standard of the service.

    Parameters
    ----------
    code
        Name of its own in the register, such as S01.
    text
        What it says, in words.
    dimension, touchpoint
        What it is about; an empty touchpoint is every one.
    metric
        What it is measured by: ``response_time`` or ``resolution_time`` (hours), the key of a
        target of `csat.model.standards`, a metric of `csat.model.metrics`, or ``audit``.
    statistic
        ``mean``, ``max``, ``share`` or a percentile such as ``p90``; empty for the metric's own.
    target, direction
        The level to reach, and from which side.
    written, measurable
        Whether it stands on paper, and whether it can be measured at all.
    """

    code: str
    text: str
    dimension: str = ""
    touchpoint: str = ""
    metric: str = ""
    statistic: str = ""
    target: float | None = None
    direction: str = "at least"
    written: bool = False
    measurable: bool = False
    owner: str = ""
    valid_to: date | None = None

    def stale(self, day: date) -> bool:
        """Say whether it is out of date on a day."""
        return self.valid_to is not None and self.valid_to < day

    def formal(self, day: date) -> bool:
        """Say whether it is written, measurable, owned and in date."""
        return self.written and self.measurable and bool(self.owner) and not self.stale(day)

    @property
    def percentile(self) -> float | None:
        """The share (0 to 1) of a percentile, None for another statistic."""
        found = PERCENTILE.fullmatch(self.statistic)
        return float(found[1]) / 100 if found else None


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise to customers, and what was delivered.

    ``promised`` and ``delivered`` are two days or two numbers. ``broken`` is what somebody has
    said of it; None leaves it to the two.
    """

    code: str
    source: str
    text: str
    dimension: str = ""
    promised: date | float | None = None
    delivered: date | float | None = None
    direction: str = "at least"
    broken: bool | None = None

    def kept(self, day: date) -> bool | None:
        """Say whether it was kept, as known on a day; None while that is open.

        A promised day that has passed without delivery is broken. One still to come is open,
        also where delivery came early: else the early ones alone would count.

        Examples
        --------
        >>> Promise("P1", "contract", "", promised=date(2026, 3, 1)).kept(date(2026, 3, 2))
        False
        """
        if self.broken is not None:
            return not self.broken
        wanted, got = self.promised, self.delivered
        if isinstance(wanted, date):
            if wanted > day or (got is None and wanted == day):
                return None
            return isinstance(got, date) and got <= wanted
        if wanted is None or not isinstance(got, float):
            return None
        return got <= wanted if self.direction == "at most" else got >= wanted

    @property
    def days_late(self) -> int | None:
        """Days from the promised to the delivered day; below zero it came early."""
        if isinstance(self.promised, date) and isinstance(self.delivered, date):
            return (self.delivered - self.promised).days
        return None


Entry = Standard | Promise
