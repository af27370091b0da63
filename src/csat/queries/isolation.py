"""Which filters would set so few people apart that a subtraction tells what they said.

A figure for some groups is compared in the reader's mind with the figure for all, or for other
groups or periods, and the difference is about whoever is in one and not in the other. So a choice
of groups is answered only where no such difference is about fewer people than the minimum:

- In each direction that is narrowed down (branch, channel, segment, touchpoint, survey), with
  the other directions as chosen, values of too few people are kept with the next smallest ones
  as `gate` does, and none of them may be chosen one by one.
- People left out in several directions at once are nobody, or enough.
- A period begins and ends only where `csat.queries.spans` lets it, for everybody and for each
  group.

Directions that the chosen people narrow down by themselves (a branch that knows one channel
only) count as narrowed down. What follows from that, and what does not: docs/adr/0005.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.queries.borders import kept_together
from csat.queries.line_tables import DIRECTIONS, EVERYBODY, Lines
from csat.queries.lines import lines
from csat.queries.spans import spans_apart
from csat.store.remembered import until_changed
from csat.store.store import Store

Mask = NDArray[np.bool_]


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
    everybody = Filters(chosen.program, chosen.period)
    refused = _refused(store, chosen, everybody, columns, least)
    return {c: _reason(least) for c in columns if c in refused}


def _refused(
    store: Store, chosen: Filters, everybody: Filters, columns: Sequence[str], least: int
) -> set[str]:
    """Return the columns of which a choice must not be shown, among some people and at all."""
    span = [chosen.period]
    if not any(getattr(chosen, field) for field in DIRECTIONS.values()):
        told = spans_apart(store, everybody, {}, span, columns, least)
        return {c for c in columns if told[c][0]}
    lines(store, everybody, tuple(DIRECTIONS), columns, "period")  # all counted in one scan
    return {c for c in columns if _apart(store, chosen, everybody, c, least)}


@until_changed
def _apart(store: Store, chosen: Filters, everybody: Filters, column: str, least: int) -> bool:
    """Say whether a choice must not be shown of one column."""
    table = lines(store, everybody, tuple(DIRECTIONS), (column,), "period")
    masks = _masks(table, chosen)
    return not allowed(table.rows, table.people[column], masks, least) or _cut_apart(
        store, everybody, table, column, masks, least
    )


def _cut_apart(
    store: Store, everybody: Filters, table: Lines, column: str, masks: Sequence[Mask], least: int
) -> bool:
    """Say whether the period of a choice begins or ends where few people would follow.

    Of the choice as it was made, and of the smallest one of the same people.
    """
    codes, present = table.rows, table.people[column] > 0
    for chosen in _ways(codes, table.people[column], masks):
        narrowed = {
            d: frozenset(name for name, of in zip(table.names[d], mask, strict=True) if of)
            for d, row, mask in zip(DIRECTIONS, codes, chosen, strict=True)
            if not mask[row[present]].all()
        }
        told = spans_apart(
            store,
            everybody,
            narrowed,
            [everybody.period],
            [column],
            least,
            pairs=chosen is masks,
            counted=tuple(table.people),
        )
        if told[column][0]:
            return True
    return False


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
    everybody = Filters(chosen.program, chosen.period, surveys=(survey,))
    return _reason(least) if _refused(store, chosen, everybody, (EVERYBODY,), least) else None


def refused_groups(
    store: Store,
    filters: Filters,
    thresholds: Thresholds,
    cut: str,
    column: str = EVERYBODY,
    beside: Sequence[str] = (),
    *,
    in_series: bool = False,
) -> set[str]:
    """Return the groups of a split that must not be shown beside the filters in force.

    Without any other filter the gate itself decides within the period, and here it matters only
    where the period begins and ends.

    Parameters
    ----------
    beside
        Further columns that are asked for in turn: all are counted in one scan.
    in_series
        Whether only stretches of the period are shown, which are looked at one by one.
    """
    chosen, least = filters.for_survey(), thresholds.withhold_under
    everybody, span = Filters(chosen.program, chosen.period), [chosen.period]
    columns = tuple(dict.fromkeys((*beside, column)))
    found: set[str] = set()
    if not any(getattr(chosen, field) for field in DIRECTIONS.values()):
        if in_series:
            return found
        months = lines(store, everybody, (cut,), columns, "month")
        if (span[0] is None or span[0].whole_months) and months.borders(
            cut, {}, column, least
        ).open:
            return found
        for name in months.names[cut]:
            one = {cut: frozenset({name})}
            if spans_apart(store, everybody, one, span, [column], least)[column][0]:
                found.add(name)
        return found
    table = lines(store, everybody, tuple(DIRECTIONS), columns, "period")
    codes, masks = table.rows, _masks(table, chosen)
    place = list(DIRECTIONS).index(cut)
    for k, name in enumerate(table.names[cut]):
        if masks[place][k]:
            only = np.arange(len(masks[place])) == k
            narrowed = [*masks[:place], only, *masks[place + 1 :]]
            if not allowed(codes, table.people[column], narrowed, least) or (
                not in_series and _cut_apart(store, everybody, table, column, narrowed, least)
            ):
                found.add(name)
    return found


def _reason(least: int) -> Message:
    return msg(
        "Withheld: these filters would set fewer than {n} people apart from the rest. "
        "Choose other groups or another period, or clear one.",
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
    present = people > 0
    if not _inside(codes, present, masks).any():
        return True
    made = [d for d, row in enumerate(codes) if not masks[d][row[present]].all()]
    return all(
        _sets_nobody_apart(codes, people, chosen, least, made)
        for chosen in _ways(codes, people, masks)
    )


def _inside(codes: NDArray[np.int64], present: Mask, masks: Sequence[Mask]) -> Mask:
    """Say which combinations of groups with people in them a choice is of."""
    inside = present.copy()
    for row, mask in zip(codes, masks, strict=True):
        inside &= mask[row]
    return inside


def _ways(
    codes: NDArray[np.int64], people: NDArray[np.int64], masks: Sequence[Mask]
) -> list[Sequence[Mask]]:
    """Return a choice as it was made, and the smallest one of the same people if it is another.

    Groups without people make no difference: whatever is asked of a choice is about people.
    """
    present = people > 0
    closed = _closed(codes, present, masks)
    same = all(
        (tight == mask)[row[present]].all()
        for row, mask, tight in zip(codes, masks, closed, strict=True)
    )
    return [masks] if same else [masks, closed]


def _closed(codes: NDArray[np.int64], present: Mask, masks: Sequence[Mask]) -> Sequence[Mask]:
    """Return the smallest choice of the same people; the choice itself where it is of nobody."""
    inside = _inside(codes, present, masks)
    if not inside.any():
        return masks
    found = []
    for row, mask in zip(codes, masks, strict=True):
        tight = np.zeros(len(mask), dtype=np.bool_)
        tight[row[inside]] = True
        found.append(tight)
    return found


def _sets_nobody_apart(
    codes: NDArray[np.int64],
    people: NDArray[np.int64],
    masks: Sequence[Mask],
    least: int,
    made: list[int],
) -> bool:
    """Check the directions that a choice narrows down one by one, and those it names together."""
    present = people > 0
    narrowed = [d for d, row in enumerate(codes) if not masks[d][row[present]].all()]
    within = {d: masks[d][codes[d]] for d in narrowed}
    for d in narrowed:
        context = present.copy()
        for e in narrowed:
            if e != d:
                context &= within[e]
        sizes = np.bincount(codes[d][context], people[context], len(masks[d])).astype(np.int64)
        if not masks[d][sizes > 0].all() and (masks[d] & kept_together(sizes, least)).any():
            return False
    for many in range(2, len(made) + 1):
        for out in combinations(made, many):
            apart = present.copy()
            for d in narrowed:
                apart &= ~within[d] if d in out else within[d]
            if 0 < people[apart].sum() < least:
                return False
    return True


def _masks(table: Lines, filters: Filters) -> list[Mask]:
    chosen = {d: getattr(filters, field) for d, field in DIRECTIONS.items()}
    return [table.mask(d, groups or table.names[d]) for d, groups in chosen.items()]
