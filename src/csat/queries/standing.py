"""How each case stands against the targets that apply to it, and the cases that stand so."""

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
from csat.model.case_states import SOON_DAYS, STANDING_LABELS, Due, state_words
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.model.standards import ServiceStandard, Target, stored_standard
from csat.model.working_hours import ALWAYS, WorkingHours
from csat.queries.facts import facts as facts_of
from csat.queries.predicate import complaint_predicate
from csat.queries.reader import Reader, whole
from csat.queries.timed_cases import TimedCases
from csat.stats.attainment import Seconds, Standing, standing
from csat.stats.business_time import WorkingTime, lay_out
from csat.stats.paused_time import NO_PAUSES
from csat.store.store import Store

_REACHES: Final = (60, 800, 12_000)
"""Days beyond the last moment that a calendar is laid out for, until every deadline fits."""
_KEPT: Final = 16
"""Choices by due day that are remembered."""
_BITS: Final = {code: 1 << i for i, code in enumerate(STANDING_LABELS)}
Flags = NDArray[np.uint8]
Mask = NDArray[np.bool_]


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


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """Every case of a program at one data version, with the bits of how it stands."""

    version: int
    ids: Seconds
    flags: Flags


_known: Final[WeakKeyDictionary[Store, dict[str, Standings]]] = WeakKeyDictionary()
_chosen: Final[WeakKeyDictionary[Store, OrderedDict[tuple[int, str, str], pa.Table]]] = (
    WeakKeyDictionary()
)
_lock: Final = threading.Lock()


def standings(store: Store, program: str) -> Standings:
    """Return how each case of a program stands, remembered until the data change.

    Where the program has set no target, the file's own mark of timeliness stands for one.

    Raises
    ------
    UsageProblem
        When there is no such program, or its working hours never add up to a target.
    """
    version = store.data_version()
    with _lock:
        kept = _known.get(store, {}).get(program)
    if kept is not None and kept.version == version:
        return kept
    made = _standings(store, program, version)
    with _lock:
        _known.setdefault(store, {})[program] = made
    return made


def _standings(store: Store, program: str, version: int) -> Standings:
    reader = Reader(store, facts_of(store, program))
    where, params = complaint_predicate(Filters.of(program, types=tuple(TYPE_LABELS)))
    rows = reader.table(
        f"SELECT complaint_id, timely FROM complaint WHERE {where} ORDER BY complaint_id", params
    )
    ids = whole(rows.column("complaint_id"))
    flags: Flags = np.zeros(ids.size, dtype=np.uint8)
    standard = service_standard(store, program)
    if standard is None:
        told = rows.column("timely").is_valid().to_numpy()
        in_time = whole(rows.column("timely")) == 1
        flags[told & in_time] = _BITS["met"]
        flags[told & ~in_time] = _BITS["late"]
    else:
        for event in dict.fromkeys(t.event for t in standard.targets):
            cases = TimedCases.read(reader, (where, params), program, event)
            _mark(flags, ids, cases, standard, event)
    flags[(flags & (_BITS["overdue"] | _BITS["soon"] | _BITS["late"])) > 0] &= ~np.uint8(
        _BITS["waiting"] | _BITS["met"]
    )
    flags[(flags & _BITS["waiting"]) > 0] &= ~np.uint8(_BITS["met"])
    flags[flags == 0] = _BITS["none"]
    return Standings(version, ids, flags)


def _mark(
    flags: Flags, ids: Seconds, cases: TimedCases, standard: ServiceStandard, event: str
) -> None:
    """Set the bits of the cases that the targets of one event cover."""
    for target in (t for t in standard.targets if t.event == event):
        own = cases.only([i for i, s in enumerate(cases.names) if standard.covers(target, s)])
        if own.ids.size:
            flags[np.searchsorted(ids, own.ids)] |= _bits(own, target, standard.hours)


def _bits(cases: TimedCases, target: Target, hours: WorkingHours) -> Flags:
    """Return the bit of each case for one target."""
    _, found = stand(cases, target, hours)
    soon = found.waiting & (found.due < int(cases.until.max()) + SOON_DAYS * 86_400)
    states = [found.overdue, soon, found.waiting, found.late]
    names = ("overdue", "soon", "waiting", "late")
    return np.select(states, [_BITS[n] for n in names], _BITS["met"]).astype(np.uint8)


def case_predicate(
    store: Store, filters: Filters, alias: str = ""
) -> tuple[str, dict[str, object]]:
    """Return the condition on ``complaint`` and its parameters, how cases stand included.

    Raises
    ------
    UsageProblem
        When there is no such program, or a filter names a state that does not exist.
    """
    where, params = complaint_predicate(filters.with_(standings=(), dues=()), alias)
    if filters.standings:
        wanted = sum(_bit(code) for code in filters.standings)
        known = standings(store, filters.program)
        found = known.ids[(known.flags & wanted) > 0]
        params["chosen_standing"] = pa.table({"complaint_id": found})
        where += f" AND {alias}complaint_id IN (SELECT complaint_id FROM chosen_standing)"
    for i, code in enumerate(filters.dues):
        params[f"chosen_due_{i}"] = due_cases(store, filters.program, code)
        where += f" AND {alias}complaint_id IN (SELECT complaint_id FROM chosen_due_{i:d})"
    return where, params


def due_cases(store: Store, program: str, code: str) -> pa.Table:
    """Return the ids of the cases that stand so against one target and fall due in its days.

    These are the cases that `csat.queries.sla.service_levels` counts for a period of these days.

    Raises
    ------
    UsageProblem
        When the code is none, or the program has no such target.
    """
    key = (store.data_version(), program, code)
    with _lock:
        kept = _chosen.setdefault(store, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    made = _due_cases(store, program, Due.of(code))
    with _lock:
        kept[key] = made
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return made


def require_target(store: Store, program: str, code: str) -> tuple[ServiceStandard, Target]:
    """Return the standard in force and the target that a code of `Due` is about.

    Raises
    ------
    UsageProblem
        When the code is none, or the program has no such target.
    """
    wanted, standard = Due.of(code), service_standard(store, program)
    targets = {t.key: t for t in standard.targets} if standard is not None else {}
    if standard is not None and wanted.target in targets:
        return standard, targets[wanted.target]
    raise UsageProblem(
        msg("Program '{program}' has no target '{target}'", program=program, target=wanted.target),
        msg("Use one of: {names}", names=", ".join(targets) or "-"),
    )


def _due_cases(store: Store, program: str, wanted: Due) -> pa.Table:
    standard, target = require_target(store, program, wanted.code)
    everything = complaint_predicate(Filters.of(program, types=tuple(TYPE_LABELS)))
    reader = Reader(store, facts_of(store, program))
    cases = TimedCases.read(reader, everything, program, target.event)
    own = cases.only([i for i, s in enumerate(cases.names) if standard.covers(target, s)])
    if not own.ids.size:
        return pa.table({"complaint_id": own.ids})
    _, found = stand(own, target, standard.hours)
    chosen = ~found.waiting if wanted.state == "due" else getattr(found, wanted.state).copy()
    if wanted.first is not None and wanted.last is not None:
        chosen &= due_within(
            found.due, wanted.first, wanted.last, ZoneInfo(standard.hours.timezone)
        )
    return pa.table({"complaint_id": own.ids[chosen]})


def _bit(code: str) -> int:
    state_words("sla", code)
    return _BITS[code]


def standing_counts(store: Store, filters: Filters) -> dict[str, int]:
    """Return how many of the cases that the other filters choose stand how, 0 left out.

    A case may be overdue for one target and late for another, and then counts for both.
    """
    known = standings(store, filters.program)
    where, params = case_predicate(store, filters.with_(standings=()))
    params["known_standing"] = pa.table({"complaint_id": known.ids, "flags": known.flags})
    rows = store.rows(
        "SELECT flags, SUM(cases) AS n FROM complaint JOIN known_standing USING (complaint_id) "
        f"WHERE {where} GROUP BY flags",
        params,
    )
    found = {
        code: sum(int(r["n"]) for r in rows if int(r["flags"]) & bit) for code, bit in _BITS.items()
    }
    return {code: n for code, n in found.items() if n}
