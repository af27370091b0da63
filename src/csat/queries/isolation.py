"""Which filters would set so few people apart that a subtraction tells what they said.

A figure for some groups is compared in the reader's mind with the figure for all, or for other
groups, and the difference is about whoever is in one and not in the other. So a choice of
groups is answered only where no such difference is about fewer people than the minimum:

- In each direction that is narrowed down (branch, channel, segment, touchpoint, survey), with
  the other directions as chosen, values of too few people are kept with the next smallest ones
  as `gate` does, and none of them may be chosen one by one.
- People left out in several directions at once are nobody, or enough.
- A period that cuts a month is answered only where every day of that month holds enough people.

Directions that the chosen people narrow down by themselves (a branch that knows one channel
only) count as narrowed down. Then for any two choices of which one contains the other, the
difference is nobody or enough people (docs/adr/0005).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.period import day_key
from csat.model.settings import Thresholds
from csat.queries.catalogue import OURS
from csat.queries.predicate import survey_predicate
from csat.store.store import Store

EVERYBODY: Final = "*"
"""In place of a column: every response, whatever was answered."""
_KEPT: Final = 64
_DIRECTIONS: Final[dict[str, str]] = {
    "branch": "branches",
    "channel": "channels",
    "segment": "segments",
    "touchpoint": "touchpoints",
    "survey": "surveys",
}
_OF_CUSTOMERS: Final = f" AND r.survey_id NOT IN {OURS}"
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Table:
    """People per combination of groups in one period.

    ``codes`` holds a row of group numbers for each direction, ``people`` the numbers for each
    column that was counted; ``names`` the groups in the order of their numbers, the one that is
    not stated last.
    """

    names: tuple[tuple[str, ...], ...]
    codes: NDArray[np.int64]
    people: dict[str, NDArray[np.int64]]


_known: Final[WeakKeyDictionary[Store, OrderedDict[object, _Table]]] = WeakKeyDictionary()
_lock: Final = threading.Lock()


def refusals(
    store: Store,
    filters: Filters,
    thresholds: Thresholds,
    columns: Sequence[str] = (EVERYBODY,),
) -> dict[str, Message]:
    """Return the columns of answers that a choice of groups must not show, with the reason.

    Parameters
    ----------
    columns
        Columns of ``response`` that hold the answers, or `EVERYBODY`.

    Returns
    -------
    dict
        Empty where nothing is narrowed down or everything may be shown.
    """
    chosen, least = filters.for_survey(), thresholds.withhold_under
    refused = _days_apart(store, chosen, columns, least)
    if any(getattr(chosen, field) for field in _DIRECTIONS.values()):
        table, masks = _table(store, chosen, columns), _masks(store, chosen, columns)
        refused |= {c for c in columns if not allowed(table.codes, table.people[c], masks, least)}
    return {c: _reason(least) for c in columns if c in refused}


def _masks(store: Store, filters: Filters, columns: Sequence[str]) -> list[Mask]:
    names = _table(store, filters, columns).names
    return [
        _mask(names[d], getattr(filters, field)) for d, field in enumerate(_DIRECTIONS.values())
    ]


def _days_apart(store: Store, filters: Filters, columns: Sequence[str], least: int) -> set[str]:
    """Return the columns of which a period that cuts a month could tell single days apart.

    A cut is safe where nothing of the month lies on its other side, or where every day of the
    month holds nobody or enough people.
    """
    period = filters.period
    if period is None or period.whole_months:
        return set()
    first, last = day_key(period.first), day_key(period.last)
    where, params = survey_predicate(filters.with_(period=None), "r.")
    where += "" if filters.surveys else _OF_CUSTOMERS
    counted = ["*" if c == EVERYBODY else f"r.{c}" for c in columns]
    counts = ", ".join(f"COUNT({c}) AS n{i}" for i, c in enumerate(counted))
    rows = store.rows(
        f"SELECT r.day_key AS day, {counts} FROM response r WHERE {where} "
        "AND r.month_key IN ($month_a, $month_b) GROUP BY r.day_key",
        {**params, "month_a": first // 100, "month_b": last // 100},
    )
    refused = set()
    for i, column in enumerate(columns):
        for month in {first // 100, last // 100}:
            days = {int(r["day"]): int(r[f"n{i}"]) for r in rows if int(r["day"]) // 100 == month}
            beyond = any(n for day, n in days.items() if not first <= day <= last)
            if beyond and any(0 < n < least for n in days.values()):
                refused.add(column)
    return refused


def isolated(
    store: Store, filters: Filters, thresholds: Thresholds, columns: Sequence[str] = ()
) -> Message | None:
    """Return why a choice of groups must not be shown: for all responses or any column."""
    found = refusals(store, filters, thresholds, (EVERYBODY, *columns))
    return next(iter(found.values()), None)


def isolated_within(
    store: Store, filters: Filters, thresholds: Thresholds, survey: str
) -> Message | None:
    """Return why a choice of groups must not be shown of the people of one survey alone.

    For figures about one survey that no other survey's answers are part of, such as what managers
    say: its people are then the whole that a subtraction starts from.
    """
    chosen, least = filters.for_survey().with_(surveys=(survey,)), thresholds.withhold_under
    if _days_apart(store, chosen, (EVERYBODY,), least):
        return _reason(least)
    table = _read(store, Filters(chosen.program, chosen.period, surveys=(survey,)), (EVERYBODY,))
    masks = [
        _mask(table.names[d], getattr(chosen, field))
        for d, field in enumerate(_DIRECTIONS.values())
    ]
    fine = allowed(table.codes, table.people[EVERYBODY], masks, least)
    return None if fine else _reason(least)


def refused_groups(
    store: Store,
    filters: Filters,
    thresholds: Thresholds,
    cut: str,
    column: str = EVERYBODY,
) -> set[str]:
    """Return the groups of a split that must not be shown beside the filters in force.

    Without any other filter the gate itself decides, and nothing is returned.
    """
    chosen = filters.for_survey()
    if not any(getattr(chosen, field) for field in _DIRECTIONS.values()):
        return set()
    table, masks = _table(store, chosen, (column,)), _masks(store, chosen, (column,))
    place = list(_DIRECTIONS).index(cut)
    found = set()
    for k, name in enumerate(table.names[place]):
        if masks[place][k]:
            one = np.zeros_like(masks[place])
            one[k] = True
            narrowed = [*masks[:place], one, *masks[place + 1 :]]
            if not allowed(table.codes, table.people[column], narrowed, thresholds.withhold_under):
                found.add(name)
    return found


def _reason(least: int) -> Message:
    return msg(
        "Withheld: these filters would set fewer than {n} people apart from the rest. "
        "Choose other groups, or clear one.",
        n=least,
    )


def allowed(
    codes: NDArray[np.int64], people: NDArray[np.int64], masks: Sequence[Mask], least: int
) -> bool:
    """Say whether a choice of groups sets nobody apart, or enough people.

    Parameters
    ----------
    codes
        One row per direction, one column per combination of groups.
    people
        People of each combination.
    masks
        For each direction, which groups are chosen.

    Examples
    --------
    Of two branches one has 3 people. Together they may be shown, one by one not:

    >>> codes, people = np.array([[0, 1]]), np.array([3, 50])
    >>> allowed(codes, people, [np.array([True, True])], 5)
    True
    >>> allowed(codes, people, [np.array([False, True])], 5)
    False
    """
    inside = np.ones(codes.shape[1], dtype=np.bool_)
    for row, mask in zip(codes, masks, strict=True):
        inside &= mask[row]
    inside &= people > 0
    if not inside.any():
        return True
    closed = []
    for row, mask in zip(codes, masks, strict=True):
        tight = np.zeros(len(mask), dtype=np.bool_)
        tight[row[inside]] = True
        closed.append(tight)
    return _sets_nobody_apart(codes, people, masks, least) and _sets_nobody_apart(
        codes, people, closed, least
    )


def _sets_nobody_apart(
    codes: NDArray[np.int64], people: NDArray[np.int64], masks: Sequence[Mask], least: int
) -> bool:
    """Check the directions that some choice narrows down, one by one and together."""
    present = people > 0
    narrowed = [d for d, row in enumerate(codes) if not masks[d][row[present]].all()]
    within = {d: masks[d][codes[d]] for d in narrowed}
    for d in narrowed:
        context = present.copy()
        for e in narrowed:
            if e != d:
                context &= within[e]
        sizes = np.zeros(len(masks[d]), dtype=np.int64)
        np.add.at(sizes, codes[d][context], people[context])
        if (masks[d] & _kept_together(sizes, least)).any():
            return False
    for many in range(2, len(narrowed) + 1):
        for out in combinations(narrowed, many):
            apart = present.copy()
            for d in narrowed:
                apart &= ~within[d] if d in out else within[d]
            if 0 < people[apart].sum() < least:
                return False
    return True


def _kept_together(sizes: NDArray[np.int64], least: int) -> Mask:
    """Return the groups of too few people, and the next smallest ones that hide them."""
    kept = (sizes > 0) & (sizes < least)
    if not kept.any():
        return kept
    for k in np.argsort(sizes, kind="stable"):
        if kept.sum() > 1 and sizes[kept].sum() >= least:
            break
        if sizes[k] > 0:
            kept[k] = True
    return kept


def _mask(names: tuple[str, ...], chosen: tuple[str, ...]) -> Mask:
    return np.array([not chosen or name in chosen for name in names], dtype=np.bool_)


def _table(store: Store, filters: Filters, columns: Sequence[str]) -> _Table:
    key = (store.data_version(), filters.program, filters.period, tuple(columns))
    with _lock:
        kept = _known.setdefault(store, OrderedDict())
        if key in kept:
            kept.move_to_end(key)
            return kept[key]
    table = _read(store, Filters(filters.program, filters.period), columns)
    with _lock:
        kept[key] = table
        while len(kept) > _KEPT:
            kept.popitem(last=False)
    return table


def _read(store: Store, everybody: Filters, columns: Sequence[str]) -> _Table:
    where, params = survey_predicate(everybody, "r.")
    where += "" if everybody.surveys else _OF_CUSTOMERS
    groups = [f"COALESCE(r.{d}, '')" for d in _DIRECTIONS if d != "survey"]
    counts = [
        f"COUNT({'*' if c == EVERYBODY else f'r.{c}'}) AS n{i}" for i, c in enumerate(columns)
    ]
    named = ", ".join(f"{g} AS g{i}" for i, g in enumerate([*groups, "s.key"]))
    found = store.query(
        f"SELECT {named}, {', '.join(counts)} FROM response r JOIN survey s "
        f"ON s.survey_id = r.survey_id WHERE {where} GROUP BY ALL",
        params,
    )
    names, codes = [], []
    for i in range(len(_DIRECTIONS)):
        values = found.column(f"g{i}").to_pylist()
        ordered = sorted(set(values), key=lambda v: (v == "", v))
        number = {v: k for k, v in enumerate(ordered)}
        names.append(tuple(ordered))
        codes.append([number[v] for v in values])
    people = {
        c: np.array(found.column(f"n{i}").to_pylist(), dtype=np.int64)
        for i, c in enumerate(columns)
    }
    return _Table(tuple(names), np.array(codes, dtype=np.int64).reshape(len(names), -1), people)
