"""A series as a control chart: its points, phases, signals, and what these say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan
from typing import Final

import numpy as np

from csat.model.answer import Figure
from csat.model.control import (
    Assurance,
    ChartPhase,
    ChartSignal,
    ControlAnswer,
    ControlPoint,
    Variation,
)
from csat.model.message import Message
from csat.model.metrics import Metric, metric
from csat.queries.chart_choice import Chosen, choose_chart
from csat.queries.tally import Tally
from csat.stats.control_charts import ControlChart
from csat.stats.run_rules import DEFAULT, ZONES, Rule, Signal, run_rules

FALSE_PER_100: Final = 0.65
"""False signals in 100 points of a series in control, by points beyond limits and runs of eight
on known limits (average run length 152.7, Champ & Woodall 1987)."""

FALSE_PER_100_ZONES: Final = 1.09
"""The same with the zone rules (average run length 91.75)."""

BASELINE: Final[dict[str, int]] = {"day": 56, "week": 26, "month": 24, "quarter": 20, "year": 20}
"""Most points of a phase that limits rest on: its first ones. Later points do not move them."""

_SYMMETRIC: Final = ("xmr", "score")


@dataclass(frozen=True, slots=True)
class SeriesOf:
    """What a chart is about: metric, group and filters, grain, direction and unit."""

    metric: str
    scope: str
    grain: str
    direction: str
    unit: str
    group: str = ""

    @classmethod
    def of(cls, m: Metric, scope: str, grain: str, group: str = "") -> SeriesOf:
        """Describe a series of counts per period."""
        return cls(m.key, scope, grain, m.direction, m.unit, group)


def chart_series(
    about: SeriesOf,
    figures: Sequence[Figure],
    tallies: Sequence[Tally | None],
    starts: Sequence[tuple[int, str | Message]],
    *,
    target: float | None = None,
    zones: bool = False,
    ready: Chosen | None = None,
) -> ControlAnswer:
    """Put limits on a series and find its signals.

    Parameters
    ----------
    figures
        After the privacy gate; those withheld, without data or not finished are not tested.
    tallies
        The counts behind each figure.
    starts
        Position and reason of each new phase.
    zones
        Also use the zone rules, where the chart is one of roughly symmetric values.
    ready
        The chart of the whole series, where it is not made from tallies per period.
    """
    m = metric(about.metric)
    tested = [f.state == "ok" and f.finished and f.value is not None for f in figures]
    marks = _phase_of(len(figures), [at for at, _ in starts])
    reasons: list[str | Message | None] = [None, *(reason for _, reason in starts)]
    phases: list[ChartPhase] = []
    points: list[ControlPoint] = []
    for number in range(max(marks, default=-1) + 1):
        inside = [i for i, mark in enumerate(marks) if mark == number]
        part = [tallies[i] if tested[i] else None for i in inside]
        base = _baseline([tested[i] for i in inside], BASELINE[about.grain])
        chosen = ready or choose_chart(m, part, base)
        phases.append(_phase(figures[inside[0]].by, reasons[number], chosen))
        points += [
            _point(figures[i], number, tested[i], chosen.chart, place)
            for place, i in enumerate(inside)
        ]
    signals = _signals(about, points, phases, zones=zones)
    return ControlAnswer(
        about.metric,
        about.scope,
        about.grain,
        tuple(points),
        tuple(phases),
        tuple(signals),
        _expected(about.metric, points, phases, zones=zones),
        _variation(about, points, phases, signals),
        _assurance(about, points, phases, target),
        about.direction,
        about.unit,
        target,
        group=about.group,
    )


def _phase_of(size: int, starts: Sequence[int]) -> list[int]:
    return [sum(start <= i for start in starts if start) for i in range(size)]


def _baseline(tested: Sequence[bool], most: int) -> np.ndarray:
    marks = np.asarray(tested, dtype=bool)
    return marks & (np.cumsum(marks) <= most)


def _phase(start: str, reason: str | Message | None, chosen: Chosen) -> ChartPhase:
    chart = chosen.chart
    if chart is None:
        return ChartPhase(start, reason, None, chosen.why, 0, True, rare=chosen.rare)
    return ChartPhase(
        start, reason, chart.kind, chosen.why, chart.points, chart.provisional, chart.sigma_z
    )


def _point(
    figure: Figure, phase: int, tested: bool, chart: ControlChart | None, place: int
) -> ControlPoint:
    if chart is None or figure.value is None:
        return ControlPoint(figure, phase, tested)
    parts = (chart.centre, chart.low, chart.high, chart.z)
    centre, low, high, z = (None if isnan(v := float(p[place])) else v for p in parts)
    return ControlPoint(figure, phase, tested, centre, low, high, z if tested else None)


def zones_are_sound(key: str, phases: Sequence[ChartPhase]) -> bool:
    """Say whether zone rules may be used: on charts of values that are not skewed.

    Shares, counts and rates are skewed where they are small, and times are always.
    """
    known = [p.kind for p in phases if p.kind is not None]
    skewed = metric(key).family == "median"
    return bool(known) and not skewed and all(kind in _SYMMETRIC for kind in known)


def _rules(key: str, phases: Sequence[ChartPhase], zones: bool) -> tuple[Rule, ...]:
    return (*DEFAULT, *ZONES) if zones and zones_are_sound(key, phases) else DEFAULT


def _signals(
    about: SeriesOf,
    points: Sequence[ControlPoint],
    phases: Sequence[ChartPhase],
    *,
    zones: bool,
) -> list[ChartSignal]:
    rare = any(p.kind == "g" for p in phases)
    z = [float("nan") if p.z is None else p.z for p in points]
    marks = [p.phase for p in points]
    found: list[Signal] = []
    for rule in _rules(about.metric, phases, zones):
        # Most gaps between rare cases lie below their mean: a run is counted about the median.
        used = _about_median(points) if rare and rule == "eight_one_side" else z
        found += _joined(run_rules(used, (rule,), marks), marks)
    return [
        ChartSignal(
            about.metric,
            about.scope,
            about.grain,
            signal.rule,
            tuple(points[i].figure.by for i in signal.points),
            signal.above,
            _good(signal.above, about.direction),
            marks[signal.points[0]],
        )
        for signal in found
    ]


def _joined(found: Sequence[Signal], marks: Sequence[int]) -> list[Signal]:
    """Make one signal of neighbouring points beyond the same limit."""
    out: list[Signal] = []
    for signal in found:
        last = out[-1] if out else None
        if (
            last is not None
            and last.above == signal.above
            and last.points[-1] + 1 == signal.points[0]
            and marks[last.points[-1]] == marks[signal.points[0]]
        ):
            out[-1] = Signal(signal.rule, (*last.points, *signal.points), signal.above)
        else:
            out.append(signal)
    return out


def _about_median(points: Sequence[ControlPoint]) -> list[float]:
    """Return on which side of the median of a geometric count each point lies."""
    out = []
    for p in points:
        if p.z is None or p.figure.value is None or p.centre is None:
            out.append(float("nan"))
        else:
            out.append(float(np.sign(p.figure.value + 0.5 - np.log(2) * (p.centre + 0.5))))
    return out


def _good(above: bool | None, direction: str) -> bool | None:
    if above is None or direction == "none":
        return None
    return above == (direction == "up")


def _expected(
    key: str, points: Sequence[ControlPoint], phases: Sequence[ChartPhase], *, zones: bool
) -> float:
    each = FALSE_PER_100_ZONES if len(_rules(key, phases, zones)) > len(DEFAULT) else FALSE_PER_100
    return each / 100 * sum(p.z is not None for p in points)


def _latest(points: Sequence[ControlPoint]) -> ControlPoint | None:
    return next((p for p in reversed(points) if p.z is not None), None)


def _variation(
    about: SeriesOf,
    points: Sequence[ControlPoint],
    phases: Sequence[ChartPhase],
    signals: Sequence[ChartSignal],
) -> Variation:
    last = _latest(points)
    if last is None or phases[last.phase].points < 2:
        return "unknown"
    here = [s for s in signals if last.figure.by in s.labels and s.phase == last.phase]
    if not here:
        return "stable"
    good = here[-1].good
    return "shifting" if good is None else ("improving" if good else "worsening")


def _assurance(
    about: SeriesOf,
    points: Sequence[ControlPoint],
    phases: Sequence[ChartPhase],
    target: float | None,
) -> Assurance:
    """Say where the target lies to the limits of the latest point."""
    if target is None or about.direction == "none":
        return "no_target"
    last = _latest(points)
    if last is None or last.low is None or last.high is None or phases[last.phase].provisional:
        return "unknown"
    worst, best = (last.low, last.high) if about.direction == "up" else (-last.high, -last.low)
    wanted = target if about.direction == "up" else -target
    if worst >= wanted:
        return "meets"
    return "misses" if best < wanted else "at_random"
