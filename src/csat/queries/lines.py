"""How many people answered in each month or day, by group: what periods may be cut out of it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property, lru_cache
from typing import Final, Literal, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from csat.model.filters import Filters
from csat.model.period import day_of, month_key
from csat.queries.borders import Borders, borders
from csat.queries.catalogue import OURS
from csat.queries.facts import facts
from csat.queries.predicate import survey_predicate
from csat.queries.reader import whole
from csat.store.store import Store

EVERYBODY: Final = "*"
"""In place of a column: every response, whatever was answered."""
DIRECTIONS: Final[dict[str, str]] = {
    "branch": "branches",
    "channel": "channels",
    "segment": "segments",
    "touchpoint": "touchpoints",
    "survey": "surveys",
}
"""Kinds of groups that filters choose -> their field in the filters."""
OF_CUSTOMERS: Final = f" AND r.survey_id NOT IN {OURS}"
_KEPT: Final = 64
_CONTEXTS: Final = 4_096
_Kept = TypeVar("_Kept")
Unit = Literal["month", "day", "period"]
_STARTS: Final[dict[Unit, str]] = {
    "month": "r.month_key * 100 + 1",
    "day": "r.day_key",
    "period": "0",
}
Counts = NDArray[np.int64]
Chosen = Mapping[str, frozenset[str]]
"""For each direction that is narrowed down, the groups that are chosen."""
Bound = tuple[list[Chosen], NDArray[np.bool_]]
"""Contexts, and for each of them which groups are bound there."""


@dataclass(frozen=True)
class Lines:
    """People of each combination of groups in each month or day.

    Parameters
    ----------
    names
        For each direction, its groups in the order of their numbers.
    codes
        For each direction, the group of each row.
    starts
        First day of the unit of each row, as a day key.
    people
        By column of answers, the people of each row.
    running
        First day of the month that is not over yet.
    """

    names: Mapping[str, tuple[str, ...]]
    codes: Mapping[str, Counts]
    starts: Counts
    people: Mapping[str, Counts]
    running: int
    _found: dict[object, Borders] = field(default_factory=dict)
    _bound: dict[object, Bound] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Counts:
        """The groups of each row, one line for each direction."""
        return np.stack(list(self.codes.values()))

    def borders(self, direction: str, others: Chosen, column: str, least: int) -> Borders:
        """Return the borders of the groups of a direction, among those chosen in the others.

        An empty direction takes everybody for one group.
        """
        key = (direction, tuple(sorted(others.items())), column, least)
        found = self._found.get(key)
        if found is None:
            counted, starts = self.by_unit(direction, others, column)
            found = borders(counted, starts, levels(starts), least, self.running)
            _put(self._found, key, found)
        return found

    def bound(
        self,
        direction: str,
        others: Chosen,
        single: str,
        column: str,
        least: int,
        days: tuple[int, ...],
        late: int,
    ) -> Bound:
        """Return which groups of a direction may not begin and end anywhere, in each context.

        Parameters
        ----------
        others, single
            What is chosen in other directions, and the direction each group of which makes a
            context of its own; "" for one context without.
        days, late
            Where is asked about, as day keys; what lies after the second is cut off there.
        """
        key = (direction, tuple(sorted(others.items())), single, column, least, days, late)
        kept = self._bound.get(key)
        if kept is None:
            contexts = self.contexts(others, single)
            found = [self.borders(direction, c, column, least) for c in contexts]
            places = [{min(x.place(day), x.place(late)) for day in days} for x in found]
            bound = np.zeros((len(contexts), len(self.names[direction])), dtype=np.bool_)
            for row, line, where in zip(bound, found, places, strict=True):
                row |= line.bound_at(sorted(where))
            kept = contexts, bound
            _put(self._bound, key, kept)
        return kept

    def contexts(self, others: Chosen, single: str) -> list[Chosen]:
        """Return what is chosen in other directions, with each single group of one more."""
        if not single:
            return [others]
        return [{**others, single: frozenset({name})} for name in self.names[single]]

    def by_unit(self, direction: str, others: Chosen, column: str) -> tuple[Counts, Counts]:
        """Return the people of each group in each unit that holds any, and these units."""
        people = self.people[column]
        inside = people > 0
        for other, groups in others.items():
            inside &= self.mask(other, groups)[self.codes[other]]
        starts, unit = np.unique(self.starts[inside], return_inverse=True)
        many = len(self.names[direction]) if direction else 1
        row = self.codes[direction][inside] if direction else np.zeros(len(unit), dtype=np.int64)
        counted = np.zeros((many, len(starts)), dtype=np.int64)
        np.add.at(counted, (row, unit), people[inside])
        return counted, starts

    def mask(self, direction: str, groups: Collection[str]) -> NDArray[np.bool_]:
        """Say of each group of a direction whether it is one of some."""
        return np.array([name in groups for name in self.names[direction]], dtype=np.bool_)


def _put(kept: dict[object, _Kept], key: object, value: _Kept) -> None:
    """Remember a value among not too many."""
    if len(kept) >= _CONTEXTS:
        kept.clear()
    kept[key] = value


def levels(starts: Sequence[int] | Counts) -> Counts:
    """Return what begins with each unit: 0 a year, 1 a quarter, 2 a month, 3 a week, 4 a day.

    Examples
    --------
    >>> levels([20251231, 20260101, 20260105, 20260106, 20260201]).tolist()
    [0, 0, 3, 4, 2]
    """
    found, before = [], None
    for key in (int(s) for s in starts):
        month = key // 100 % 100
        day = day_of(key).toordinal()
        now = (key // 10_000, (month - 1) // 3, month, (day - 1) // 7)
        same = 0 if before is None else next((i for i in range(4) if now[i] != before[i]), 4)
        found.append(same)
        before = now
    return np.array(found, dtype=np.int64)


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
    with _lock:
        kept = _known.setdefault(store, OrderedDict())
        held = kept.get(key)
        if held is not None and held.people.keys() >= set(columns):
            kept.move_to_end(key)
            return held
    wanted = tuple(dict.fromkeys((*(held.people if held is not None else ()), *columns)))
    read = _read(store, everyone, directions, wanted, unit, months)
    with _lock:
        kept[key] = read
        kept.move_to_end(key)
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return read


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
        names[d] = tuple(str(v) for v in coded.dictionary.to_pylist())
        codes[d] = np.asarray(coded.indices.to_numpy(), dtype=np.int64)
    people = {c: whole(found.column(f"n{i}")) for i, c in enumerate(columns)}
    complete = facts(store, base.program).span.surveys_complete
    running = 0 if complete is None else month_key(complete + timedelta(days=1)) * 100 + 1
    return Lines(names, codes, whole(found.column("unit")), people, running)


def counts_sql(columns: Sequence[str]) -> str:
    """Return SQL that counts who answered in each column, as n0, n1 and so on."""
    counted = ["*" if c == EVERYBODY else f"r.{c}" for c in columns]
    return ", ".join(f"COUNT({c}) AS n{i}" for i, c in enumerate(counted))
