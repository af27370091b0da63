"""How each case stands against the targets that apply to it, and the cases that stand so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.model.case_stages import TYPE_LABELS
from csat.model.case_states import SOON_DAYS, STANDING_LABELS, state_words
from csat.model.conformance import Cell
from csat.model.filters import Filters
from csat.model.standards import ServiceStandard, Target
from csat.model.working_hours import WorkingHours
from csat.queries.facts import facts as facts_of
from csat.queries.predicate import complaint_predicate
from csat.queries.reader import Reader, whole
from csat.queries.targets import due_cases, service_standard, stand, target_sides
from csat.queries.timed_cases import TimedCases
from csat.stats.attainment import Seconds
from csat.store.remembered import until_changed
from csat.store.store import Store

_BITS: Final = {code: 1 << i for i, code in enumerate(STANDING_LABELS)}
Flags = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, eq=False)
class Standings:
    """Every case of a program at one data version, with the bits of how it stands."""

    version: int
    ids: Seconds
    flags: Flags


@until_changed
def standings(store: Store, program: str) -> Standings:
    """Return how each case of a program stands, remembered until the data change.

    Where the program has set no target, the file's own mark of timeliness stands for one.

    Raises
    ------
    UsageProblem
        When there is no such program, or its working hours never add up to a target.
    """
    version = store.data_version()
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
    basis = Cell.of(filters.conformance).basis if filters.conformance else None
    if basis is not None and basis.target:
        params |= target_sides(store, filters.program, basis.target)
    return where, params


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
