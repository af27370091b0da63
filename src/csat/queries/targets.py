"""The targets of a program: its calendar, how cases stand against one, and those that stand so."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.model.case_stages import TYPE_LABELS
from csat.model.case_states import Due
from csat.model.conformance import TARGET_MET, TARGET_MISSED
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.standards import ServiceStandard, Target, stored_standard
from csat.model.working_hours import ALWAYS, WorkingHours
from csat.queries.facts import facts as facts_of
from csat.queries.predicate import complaint_predicate
from csat.queries.reader import Reader
from csat.queries.timed_cases import TimedCases
from csat.stats.attainment import Seconds, Standing, standing
from csat.stats.business_time import WorkingTime, lay_out
from csat.stats.paused_time import NO_PAUSES
from csat.store.store import Store

_REACHES: Final = (60, 800, 12_000)
"""Days beyond the last moment that a calendar is laid out for, until every deadline fits."""
_KEPT: Final = 8
"""Targets whose cases are remembered."""
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class TargetCases:
    """The cases that one target covers, when each falls due and how it stands."""

    ids: Seconds
    standing: Standing
    zone: ZoneInfo


_known: Final[WeakKeyDictionary[Store, OrderedDict[tuple[int, str, str], TargetCases]]] = (
    WeakKeyDictionary()
)
_lock: Final = threading.Lock()


def service_standard(store: Store, program: str) -> ServiceStandard | None:
    """Return the calendar and targets in force, the program's time zone filled in."""
    rows = store.rows(
        "SELECT s.document, p.timezone FROM service_standard s JOIN program p USING (program_id) "
        "WHERE p.key = $program ORDER BY s.set_at DESC LIMIT 1",
        {"program": program},
    )
    if not rows:
        return None
    kept = stored_standard(rows[0]["document"])
    zone = kept.hours.timezone or str(rows[0]["timezone"])
    return replace(kept, hours=replace(kept.hours, timezone=zone))


def require_target(store: Store, program: str, key: str) -> tuple[ServiceStandard, Target]:
    """Return the standard in force and its target of a key.

    Raises
    ------
    UsageProblem
        When the program has no such target, listing those it has.
    """
    standard = service_standard(store, program)
    targets = {t.key: t for t in standard.targets} if standard is not None else {}
    if standard is not None and key in targets:
        return standard, targets[key]
    raise UsageProblem(
        msg("Program '{program}' has no target '{target}'", program=program, target=key),
        msg("Use one of: {names}", names=", ".join(targets) or "-"),
    )


def stand(cases: TimedCases, target: Target, hours: WorkingHours) -> tuple[WorkingTime, Standing]:
    """Return the target's clock, laid out as far as the deadlines need it, and what it says.

    Raises
    ------
    UsageProblem
        When the working hours never add up to the target.
    """
    pauses = cases.pauses
    if target.clock == "calendar":  # a customer's wait has no pauses
        hours = replace(hours, week=ALWAYS, holidays=frozenset(), extra=())
        pauses = NO_PAUSES
    zone = ZoneInfo(hours.timezone)
    first = datetime.fromtimestamp(int(cases.received.min()), zone).date()
    last = datetime.fromtimestamp(int(cases.until.max()), zone).date()
    for reach in _REACHES:
        clock = lay_out(hours, first, last + timedelta(days=reach))
        try:
            found = standing(
                clock, cases.received, cases.until, cases.ended, target.seconds, pauses
            )
            return clock, found
        except ValueError:
            continue
    raise UsageProblem(
        msg("The working hours never add up to the target '{key}'", key=target.key),
        msg("Set opening hours for at least one day of the week"),
    )


def due_within(due: Seconds, first: date, last: date, zone: ZoneInfo) -> Mask:
    """Say which due moments lie on one of some days, both ends counted, of a zone."""
    after = midnight(last + timedelta(days=1), zone)
    inside: Mask = (due >= midnight(first, zone)) & (due < after)
    return inside


def midnight(day: date, zone: ZoneInfo) -> int:
    """Return the moment in seconds UTC at which a day begins in a zone."""
    moment = datetime(day.year, day.month, day.day, tzinfo=zone)
    return int(moment.astimezone(UTC).timestamp())


def due_cases(store: Store, program: str, code: str) -> pa.Table:
    """Return the ids of the cases that stand so against one target and fall due in its days.

    These are the cases that `csat.queries.sla.service_levels` counts for a period of these days.

    Raises
    ------
    UsageProblem
        When the code is none, or the program has no such target.
    """
    wanted = Due.of(code)
    cases = _target_cases(store, program, wanted.target)
    found = cases.standing
    chosen: Mask = ~found.waiting if wanted.state == "due" else getattr(found, wanted.state)
    if wanted.first is not None and wanted.last is not None:
        chosen = chosen & due_within(found.due, wanted.first, wanted.last, cases.zone)
    return pa.table({"complaint_id": cases.ids[chosen]})


def target_sides(store: Store, program: str, target: str) -> dict[str, object]:
    """Return the cases that met a target and those that missed it, as parameters of SQL.

    Cases that are open within their time, or that the target does not cover, are in neither.

    Raises
    ------
    UsageProblem
        When the program has no such target.
    """
    cases = _target_cases(store, program, target)
    found = cases.standing
    sides = {TARGET_MET: found.met, TARGET_MISSED: found.late | found.overdue}
    return {name: pa.table({"complaint_id": cases.ids[mask]}) for name, mask in sides.items()}


def _target_cases(store: Store, program: str, target: str) -> TargetCases:
    """Return how every case stands against a target, remembered until the data change."""
    key = (store.data_version(), program, target)
    with _lock:
        kept = _known.setdefault(store, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    made = _read(store, program, target)
    with _lock:
        kept[key] = made
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return made


def _read(store: Store, program: str, target: str) -> TargetCases:
    standard, wanted = require_target(store, program, target)
    everything = complaint_predicate(Filters.of(program, types=tuple(TYPE_LABELS)))
    reader = Reader(store, facts_of(store, program))
    cases = TimedCases.read(reader, everything, program, wanted.event)
    own = cases.only([i for i, s in enumerate(cases.names) if standard.covers(wanted, s)])
    zone = ZoneInfo(standard.hours.timezone)
    if not own.ids.size:
        nobody = np.zeros(0, dtype=bool)
        return TargetCases(own.ids, Standing(own.until, nobody, nobody, nobody, nobody), zone)
    return TargetCases(own.ids, stand(own, wanted, standard.hours)[1], zone)
