"""A metric over time as a control chart: points, limits, phases, signals, and what they say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from csat.model.answer import Figure, Provenance
from csat.model.message import Message

Variation = Literal["improving", "worsening", "shifting", "stable", "unknown"]
Assurance = Literal["meets", "misses", "at_random", "unknown", "no_target"]


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One figure beside the limits for it, in the metric's unit; None where there are none."""

    figure: Figure
    phase: int
    tested: bool
    centre: float | None = None
    low: float | None = None
    high: float | None = None
    z: float | None = None


@dataclass(frozen=True, slots=True)
class ChartPhase:
    """A stretch of a series with limits of its own.

    Parameters
    ----------
    start
        Label of its first bucket.
    reason
        Why it begins: the series break or what a person wrote; None for the first.
    kind, sigma_z, points
        The chart, how much more than by chance it scatters, and the points its limits rest on;
        kind is None where no limits can be given, and ``why`` says the reason.
    rare
        Whether limits are missing because events come less than once a period.
    """

    start: str
    reason: str | Message | None
    kind: str | None
    why: Message
    points: int
    provisional: bool
    sigma_z: float | None = None
    rare: bool = False


@dataclass(frozen=True, slots=True)
class ChartSignal:
    """A pattern that chance alone rarely makes: its rule, points and side.

    ``good`` is None where the metric has no good side. ``scope`` names group and filters as
    ``branch=North``; "" is the whole program.
    """

    metric: str
    scope: str
    grain: str
    rule: str
    labels: tuple[str, ...]
    above: bool | None
    good: bool | None
    phase: int

    @property
    def key(self) -> str:
        """Name under which a person acknowledges the signal."""
        return "|".join((self.metric, self.scope, self.grain, self.rule, self.labels[0]))


@dataclass(frozen=True, slots=True)
class ControlAnswer:
    """A metric over time as a control chart, after the privacy gate.

    Parameters
    ----------
    expected_false
        How many signals chance alone would make in the points tested.
    variation
        Whether the latest point is part of a signal, and which way: does it change?
    assurance
        Where the limits lie to the target: does it reliably meet its target?
    direction
        Which way is good on this chart: for rare events the time between them.
    note
        Why there is nothing to show, if so.
    """

    metric: str
    scope: str
    grain: str
    points: tuple[ControlPoint, ...]
    phases: tuple[ChartPhase, ...]
    signals: tuple[ChartSignal, ...]
    expected_false: float
    variation: Variation
    assurance: Assurance
    direction: str
    unit: str
    target: float | None = None
    note: Message | None = None
    provenance: Provenance | None = None
    group: str = ""

    @property
    def tested(self) -> int:
        """How many points were tested."""
        return sum(p.tested and p.z is not None for p in self.points)
