"""People by combinations of groups in months or days, and where their lines may be cut."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import prod
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from csat.model.period import Period, day_key, day_of
from csat.queries.borders import Borders, borders

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
_CONTEXTS: Final = 4_096
_Kept = TypeVar("_Kept")
Counts = NDArray[np.int64]
Whole = NDArray[np.signedinteger[Any]]
"""Whole numbers; where there are many of them, short ones."""
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
    codes: Mapping[str, Whole]
    starts: Counts
    people: Mapping[str, Whole]
    running: int
    _found: dict[object, Borders] = field(default_factory=dict)
    _bound: dict[object, Bound] = field(default_factory=dict)

    @cached_property
    def rows(self) -> Counts:
        """The groups of each row, one line for each direction."""
        return np.stack(list(self.codes.values()))

    @cached_property
    def units(self) -> tuple[Counts, Counts]:
        """The units that hold anybody, and for each row the place of its own among them."""
        starts, place = np.unique(self.starts, return_inverse=True)
        return starts, np.asarray(place, dtype=np.int64)

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


def joined(parts: Sequence[Lines]) -> Lines:
    """Return the rows of several tables of the same directions, as short numbers.

    Examples
    --------
    >>> north, south = (
    ...     Lines({"branch": (name,)}, {"branch": np.array([0])}, np.array([day]),
    ...           {"*": np.array([n])}, 0)
    ...     for name, day, n in (("South", 20260101, 4), ("North", 20260201, 3)))
    >>> both = joined([north, south])
    >>> both.names["branch"], both.codes["branch"].tolist(), both.people["*"].tolist()
    (('North', 'South'), [1, 0], [4, 3])
    """
    names = {d: tuple(sorted({n for p in parts for n in p.names[d]})) for d in parts[0].names}
    codes: dict[str, Whole] = {}
    for d, known in names.items():
        number = {name: k for k, name in enumerate(known)}
        own = [np.array([number[n] for n in p.names[d]], dtype=np.int32)[p.codes[d]] for p in parts]
        codes[d] = np.concatenate(own)
    people: dict[str, Whole] = {
        c: np.concatenate([p.people[c].astype(np.int32) for p in parts]) for c in parts[0].people
    }
    return Lines(names, codes, np.concatenate([p.starts for p in parts]), people, parts[0].running)


def part_of(
    full: Lines,
    directions: Sequence[str],
    columns: Sequence[str],
    period: Period | None,
    *,
    by_month: bool,
) -> Lines:
    """Return the people of some directions out of those of more, by month or all together.

    Parameters
    ----------
    period
        Of whole months; None for all dates.

    Examples
    --------
    >>> full = Lines(
    ...     {"branch": ("North", "South"), "channel": ("Web", "Phone")},
    ...     {"branch": np.array([0, 0, 1]), "channel": np.array([0, 1, 1])},
    ...     np.array([20260101, 20260101, 20260201]), {"*": np.array([3, 4, 5])}, 0)
    >>> found = part_of(full, ["branch"], ["*"], None, by_month=False)
    >>> found.names["branch"], found.people["*"].tolist()
    (('North', 'South'), [7, 5])
    """
    inside = np.ones(len(full.starts), dtype=np.bool_)
    if period is not None:
        inside = (full.starts >= day_key(period.first)) & (full.starts <= day_key(period.last))
    starts, unit = full.units if by_month else (np.zeros(1, np.int64), np.zeros_like(full.starts))
    sizes = [len(full.names[d]) for d in directions]
    cell = unit[inside]
    for d, size in zip(directions, sizes, strict=True):
        cell = cell * size + full.codes[d][inside]
    held = np.bincount(cell, minlength=len(starts) * prod(sizes)) > 0
    place = (np.cumsum(held) - 1)[cell]
    cells = np.flatnonzero(held)
    people = {
        c: np.bincount(place, full.people[c][inside], len(cells)).astype(np.int64) for c in columns
    }
    names: dict[str, tuple[str, ...]] = {}
    codes: dict[str, Counts] = {}
    for d, size in zip(reversed(directions), reversed(sizes), strict=True):
        cells, of = np.divmod(cells, size)
        seen, numbers = np.unique(of, return_inverse=True)
        names[d] = tuple(full.names[d][k] for k in seen)
        codes[d] = np.asarray(numbers, dtype=np.int64)
    ordered = {d: codes[d] for d in directions}
    return Lines({d: names[d] for d in directions}, ordered, starts[cells], people, full.running)
