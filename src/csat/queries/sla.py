"""Service levels: due, met, late and overdue per target and severity, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.model.standards import ServiceStandard, Target
from csat.model.vocabulary import SEVERITY_LABELS
from csat.model.working_hours import WorkingHours
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.queries.targets import due_within, service_standard, stand
from csat.queries.timed_cases import TimedCases
from csat.stats.attainment import Seconds, Standing, breach_chances, clock_curve
from csat.stats.business_time import WorkingTime
from csat.stats.intervals import wilson_interval
from csat.stats.paused_time import NO_PAUSES, worked
from csat.store.store import Store

METRIC: Final = "timely_response_share"
"""The registry entry whose unit, direction and privacy rule attainment shares."""


@dataclass(frozen=True, slots=True)
class Level:
    """How the cases of one target and severity stand; ``severity`` None is all of them.

    ``figure`` is the share met of those due, after the privacy gate; where it is withheld, the
    counts are None too.
    """

    target: Target | None
    severity: str | None
    figure: Figure
    met: int | None
    late: int | None
    overdue: int | None
    waiting: int | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Open cases of a target that fall due on a day, and how many of them will be late."""

    target: Target
    day: date
    due: int
    expected: float | None


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """The answer: levels by target and severity, the forecast, and what they rest on.

    ``as_of`` is the latest moment anything is known of, in the calendar's zone.
    """

    levels: tuple[Level, ...]
    forecast: tuple[Forecast, ...]
    standard: ServiceStandard | None
    as_of: datetime | None
    notes: tuple[Message, ...]
    provenance: Provenance


def service_levels(
    store: Store, filters: Filters, thresholds: Thresholds | None = None, days: int = 7
) -> ServiceLevels:
    """Answer how well targets are met, among cases due in the period of the filters.

    Parameters
    ----------
    filters
        Which cases; the period chooses by the day a case is **due**, not received.
    days
        How many days ahead of the latest known moment to forecast.

    Returns
    -------
    ServiceLevels
        Where the program has no targets: the file's own mark of timeliness, and a note.
    """
    limits = thresholds or Thresholds()
    reader = Reader(store, facts_of(store, filters.program))
    standard = service_standard(store, filters.program)
    if standard is None:
        levels = _marked(reader, filters, limits)
        why = msg("No targets are set; these are the cases that the file itself marks as in time.")
        return ServiceLevels(levels, (), None, None, (why,), reader.provenance(filters))
    levels_out: list[Level] = []
    forecast: list[Forecast] = []
    latest = 0
    for event in dict.fromkeys(t.event for t in standard.targets):
        chosen = case_predicate(store, filters.with_(period=None))
        cases = TimedCases.read(reader, chosen, filters.program, event)
        if cases.received.size:
            latest = max(latest, int(cases.until.max()))
        for target in (t for t in standard.targets if t.event == event):
            own = cases.only([i for i, s in enumerate(cases.names) if standard.covers(target, s)])
            found, ahead = _measured(own, target, standard.hours, filters, limits, days)
            levels_out += found
            forecast += ahead
    zone = ZoneInfo(standard.hours.timezone)
    notes = tuple(
        msg("{title}: no case in the data records this clock.", title=level.target.title)
        for level in levels_out
        if level.severity is None and level.target and level.met is not None
        and not (level.figure.n or level.waiting)
    )  # fmt: skip
    return ServiceLevels(
        tuple(levels_out),
        tuple(forecast),
        standard,
        datetime.fromtimestamp(latest, zone) if latest else None,
        notes,
        reader.provenance(filters),
    )


def _measured(
    cases: TimedCases,
    target: Target,
    hours: WorkingHours,
    filters: Filters,
    limits: Thresholds,
    days: int,
) -> tuple[list[Level], list[Forecast]]:
    """Measure one target: all its cases, each severity, and what falls due next."""
    if not cases.received.size:
        return _levels(target, [(None, np.zeros(4, dtype=np.int64))], limits), []
    if target.clock == "calendar":  # a customer's wait has no pauses
        cases = replace(cases, pauses=NO_PAUSES)
    clock, found = stand(cases, target, hours)
    zone = ZoneInfo(hours.timezone)
    inside = np.ones(found.due.shape, dtype=bool)
    if filters.period is not None:
        inside = due_within(found.due, filters.period.first, filters.period.last, zone)
    states = np.stack([found.met, found.late, found.overdue, found.waiting]) & inside
    counts: list[tuple[str | None, Seconds]] = [(None, states.sum(axis=1))]
    present = [i for i in range(len(cases.names)) if np.any(cases.place == i)]
    if len(present) > 1:
        counts += [
            (cases.names[i], (states & (cases.place == i)).sum(axis=1))
            for i in sorted(present, key=lambda i: _rank(cases.names[i]))
        ]
    return _levels(target, counts, limits), _ahead(cases, target, clock, found, zone, days)


def _ahead(
    cases: TimedCases,
    target: Target,
    clock: WorkingTime,
    found: Standing,
    zone: ZoneInfo,
    days: int,
) -> list[Forecast]:
    """Return the coming days on which open cases fall due."""
    if not found.waiting.any():
        return []
    curve = clock_curve(clock, cases.received, cases.until, cases.ended, cases.pauses)
    waiting = found.waiting
    spent = worked(clock, cases.pauses, cases.received, cases.until)[waiting]
    chances = breach_chances(curve, spent, target.seconds)
    start = datetime.fromtimestamp(int(cases.until.max()) - 1, zone).date()
    out = []
    for ahead in range(1, days + 1):
        day = start + timedelta(days=ahead)
        on_day = due_within(found.due[waiting], day, day, zone)
        if on_day.any():
            expected = None if chances is None else float(chances[on_day].sum())
            out.append(Forecast(target, day, int(on_day.sum()), expected))
    return out


def _levels(
    target: Target | None, counts: Sequence[tuple[str | None, Seconds]], limits: Thresholds
) -> list[Level]:
    """Turn counts of met, late, overdue and waiting into gated levels."""
    figures = [_figure(name, c) for name, c in counts]
    shown = [
        *gate(figures[:1], limits, parts_of_whole=False),
        *gate(figures[1:], limits, parts_of_whole=True),
    ]
    return [
        Level(target, name, figure, *((None,) * 4 if figure.withheld else map(int, c)))
        for (name, c), figure in zip(counts, shown, strict=True)
    ]


def _figure(severity: str | None, counts: Seconds) -> Figure:
    met, late, overdue = (int(v) for v in counts[:3])
    n, by = met + late + overdue, "total" if severity is None else severity
    if n == 0:
        return Figure(METRIC, by, None, "percent", 0, None, None, "not_compared", "no_data")
    ends = wilson_interval(met, n)
    return Figure(
        METRIC, by, 100 * met / n, "percent", n, 100 * ends.low, 100 * ends.high, "not_compared"
    )


def _rank(severity: str) -> tuple[int, str]:
    """Order severities from the gravest down; those of the file's own come after them."""
    known = list(SEVERITY_LABELS)
    return known.index(severity) if severity in known else len(known), severity


def _marked(reader: Reader, filters: Filters, limits: Thresholds) -> tuple[Level, ...]:
    """Count the file's own mark of timeliness, in all and by severity."""
    where, params = case_predicate(reader.store, filters)
    rows = reader.rows(
        "SELECT COALESCE(severity, '') AS severity, SUM(timely * cases) AS met, "
        "SUM((1 - timely) * cases) AS late, "
        "SUM(CASE WHEN timely IS NULL THEN cases ELSE 0 END) AS waiting "
        f"FROM complaint WHERE {where} GROUP BY 1",
        params,
    )
    parts = [
        (
            str(r["severity"]),
            np.array([int(r["met"] or 0), int(r["late"] or 0), 0, int(r["waiting"] or 0)]),
        )
        for r in sorted(rows, key=lambda r: _rank(str(r["severity"])))
    ]
    total = sum((c for _, c in parts), start=np.zeros(4, dtype=np.int64))
    counts: list[tuple[str | None, Seconds]] = [(None, total)]
    return tuple(_levels(None, [*counts, *parts] if len(parts) > 1 else counts, limits))
