"""How many people answered in each month or day, by group: what periods may be cut out of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from math import prod
from typing import Final, Literal
from weakref import WeakKeyDictionary

import numpy as np

from csat.model.filters import Filters
from csat.model.period import month_key
from csat.queries.catalogue import OURS, group_names
from csat.queries.facts import Facts, facts
from csat.queries.line_tables import DIRECTIONS, EVERYBODY, Lines, joined, part_of
from csat.queries.predicate import survey_predicate
from csat.queries.reader import whole
from csat.store.store import Store

OF_CUSTOMERS: Final = f" AND r.survey_id NOT IN {OURS}"
_KEPT: Final = 64
_CELLS: Final = 250_000
"""Combinations of groups and months that are held in memory: some 30 MB with all columns."""
_AT_ONCE: Final = 6
"""Months of all combinations that are read at once."""
Unit = Literal["month", "day", "period"]
_STARTS: Final[dict[Unit, str]] = {
    "month": "r.month_key * 100 + 1",
    "day": "r.day_key",
    "period": "0",
}
_known: Final[WeakKeyDictionary[Store, OrderedDict[object, Lines]]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


def lines(
    store: Store,
    base: Filters,
    directions: Sequence[str],
    columns: Sequence[str],
    unit: Unit,
    months: Sequence[int] = (),
) -> Lines:
    """Count people by directions and units, over all dates, some months, or in the period.

    Parameters
    ----------
    base
        Whose answers. Their period counts only where the unit is all of it, since what may be
        cut out of a line must not depend on what is looked at.
    columns
        At least these are counted; what was counted before is kept.
    """
    everyone = _everyone(base, unit)
    key = (store.data_version(), everyone, *map(tuple, (directions, months)), unit)
    held = _held(store, key)
    if held is not None and held.people.keys() >= set(columns):
        return held
    wanted = tuple(dict.fromkeys((*(held.people if held is not None else ()), *columns)))
    full = None if unit == "day" else _in_full(store, everyone, directions, wanted)
    if full is not None:
        by_month = unit == "month"
        made = part_of(full, directions, wanted, everyone.period, by_month=by_month)
        return _keep(store, key, made)
    return _keep(store, key, _read(store, everyone, directions, wanted, unit, months))


def _held(store: Store, key: object) -> Lines | None:
    with _lock:
        kept = _known.setdefault(store, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
        return kept.get(key)


def _keep(store: Store, key: object, read: Lines) -> Lines:
    with _lock:
        kept = _known.setdefault(store, OrderedDict())
        kept[key] = read
        kept.move_to_end(key)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return read


def _in_full(
    store: Store, base: Filters, directions: Sequence[str], columns: Sequence[str]
) -> Lines | None:
    """Return everybody by month and all directions where lines can be made of it, else None.

    It is counted once for all filters, when more than one direction is first asked for, unless
    there are so many groups that it would take much memory.
    """
    plain = Filters.of(base.program, period=base.period)
    if base != _everyone(plain, "period") or not (base.period is None or base.period.whole_months):
        return None
    known = facts(store, base.program)
    slots = [f"{letter}_d{slot:d}" for letter in "pg" for _, slot in known.slots]
    every = (EVERYBODY, "csat", "nps", "ces", "recommend", *slots)
    key = (store.data_version(), base.program, "full")
    full = _held(store, key)
    if not set(columns) <= set(every) or (full is None and len(directions) < 2):
        return None
    if full is None:
        months = _months(store, base.program)
        if len(months) * _most_groups(store, known) > _CELLS:
            return None
        full = _keep(store, key, _count_all(store, base.with_(period=None), every, months))
    return full


def _count_all(store: Store, base: Filters, columns: Sequence[str], months: Sequence[int]) -> Lines:
    """Count everybody by all directions, half a year at a time to hold little beside the result."""
    directions = tuple(DIRECTIONS)
    parts = [
        _read(store, base, directions, columns, "month", months[at : at + _AT_ONCE])
        for at in range(0, max(len(months), 1), _AT_ONCE)
    ]
    return joined(parts)


def _months(store: Store, program: str) -> list[int]:
    rows = store.rows(
        "SELECT DISTINCT month_key FROM response WHERE program_id = "
        "(SELECT program_id FROM program WHERE key = $program) ORDER BY month_key",
        {"program": program},
    )
    return [int(r["month_key"]) for r in rows]


def _most_groups(store: Store, known: Facts) -> int:
    """Return how many combinations of groups there can be at most."""
    kinds = [d for d in DIRECTIONS if d != "survey"]
    sizes = [1 + len(group_names(store, known.program.key, d)) for d in kinds]
    return prod([*sizes, len({i.survey_id for i in known.asked(())})])


@lru_cache(maxsize=256)
def _everyone(base: Filters, unit: Unit) -> Filters:
    period = base.period if unit == "period" else None
    return base.for_survey().with_(period=period, compare="previous")


def _read(
    store: Store,
    base: Filters,
    directions: Sequence[str],
    columns: Sequence[str],
    unit: Unit,
    months: Sequence[int],
) -> Lines:
    where, params = survey_predicate(base, "r.")
    where += "" if base.surveys else OF_CUSTOMERS
    asked = {f"month_{i:d}": month for i, month in enumerate(months)}
    where += f" AND r.month_key IN ({', '.join(f'${name}' for name in asked)})" if asked else ""
    groups = {d: "s.key" if d == "survey" else f"COALESCE(r.{d}, '')" for d in directions}
    named = "".join(f"{sql} AS g_{d}, " for d, sql in groups.items())
    join = "JOIN survey s ON s.survey_id = r.survey_id " if "survey" in groups else ""
    found = store.query(
        f"SELECT {named}{_STARTS[unit]} AS unit, {counts_sql(columns)} FROM response r {join}"
        f"WHERE {where} GROUP BY ALL",
        {**params, **asked},
    )
    names, codes = {}, {}
    for d in directions:
        coded = found.column(f"g_{d}").combine_chunks().dictionary_encode()
        met = [str(v) for v in coded.dictionary.to_pylist()]
        order = np.array(sorted(range(len(met)), key=met.__getitem__), dtype=np.int64)
        names[d] = tuple(met[k] for k in order)  # of groups of one size, always the same is hidden
        codes[d] = np.argsort(order)[coded.indices.to_numpy()]
    people = {c: whole(found.column(f"n{i}")) for i, c in enumerate(columns)}
    complete = facts(store, base.program).span.surveys_complete
    running = 0 if complete is None else month_key(complete + timedelta(days=1)) * 100 + 1
    return Lines(names, codes, whole(found.column("unit")), people, running)


def counts_sql(columns: Sequence[str]) -> str:
    """Return SQL that counts who answered in each column, as n0, n1 and so on."""
    counted = ["*" if c == EVERYBODY else f"r.{c}" for c in columns]
    return ", ".join(f"COUNT({c}) AS n{i}" for i, c in enumerate(counted))
