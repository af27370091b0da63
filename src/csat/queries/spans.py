"""Which periods of a choice of groups would tell about few people, beside other periods.

A period of whole months begins and ends at borders that `csat.queries.borders` finds. One that
cuts a month is answered for everybody where a border between days allows it, and for chosen
groups only where every group, chosen or not, has a border there, and at both ends of the month.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import combinations
from typing import Final

import numpy as np

from csat.model.filters import Filters
from csat.model.period import Period, day_key
from csat.queries.borders import Borders, Counts, Flags, safe_borders
from csat.queries.line_tables import DIRECTIONS, Chosen, Lines, levels
from csat.queries.lines import lines
from csat.store.store import Store

_FAR: Final = 99_999_999


def spans_apart(
    store: Store,
    base: Filters,
    chosen: Chosen,
    spans: Sequence[Period | None],
    columns: Sequence[str],
    least: int,
    *,
    pairs: bool = True,
    counted: Sequence[str] = (),
) -> dict[str, list[bool]]:
    """Say for each column which periods must not be shown of a choice of groups.

    Parameters
    ----------
    base
        Program, and surveys where the people of these are the whole.
    chosen
        The groups chosen in each direction that is narrowed down.
    spans
        The periods; None is all dates.
    pairs
        Whether any two directions must also be safe from equations over both.
    counted
        Further columns that are asked for in turn: all are counted in one scan.
    """
    directions = tuple(d for d in DIRECTIONS if d in chosen)
    whole = all(s is None or s.whole_months for s in spans)
    if not directions:
        return _of_everybody(store, base, spans, columns, least, whole=whole)
    months = lines(store, base, directions, (*columns, *counted), "month")
    cut = sorted({day // 100 for span in spans for day in _cuts(span)})
    days = lines(store, base, directions, (*columns, *counted), "day", cut) if cut else None
    asked = np.array([ends(span) for span in spans], dtype=np.int64).reshape(-1, 2)
    out = {}
    for column in columns:
        told = np.zeros(len(spans), dtype=np.bool_)
        for d, others, late in _contexts(months, chosen, column, least, asked, cut, pairs=pairs):
            if told.all():
                break
            line = months.borders(d, others, column, least)
            on_days = days.by_unit(d, others, column) if days is not None else None
            first, last, unsafe = _places(line, on_days, spans, asked, least)
            up_to = line.place(late)
            mask = months.mask(d, chosen[d])
            told |= unsafe | ~line.allow(np.minimum(first, up_to), np.minimum(last, up_to), mask)
        out[column] = told.tolist()
    return out


def _contexts(
    table: Lines,
    chosen: Chosen,
    column: str,
    least: int,
    asked: Counts,
    cut: Sequence[int],
    *,
    pairs: bool,
) -> Iterator[tuple[str, Chosen, int]]:
    """Return each direction with what is chosen in the others, and single groups of the others.

    Where all days are borders of months, contexts in which each of the chosen groups may be
    shown from any of them to any other are left out.

    Where two directions are narrowed down, figures for the groups of the first in each single
    group of the second could be solved for; so the first must be safe in every one of these, up
    to the month that still runs: the third part is the day that is looked up to.
    """
    wanted = [(d, "", _FAR) for d in chosen]
    narrowed = [d for d in DIRECTIONS if d in chosen and pairs]
    wanted += [(d, e, table.running or _FAR) for d, e in combinations(narrowed, 2)]
    days = tuple(sorted({int(day) for day in asked.flat}))
    for d, e, late in wanted:
        rest = {o: groups for o, groups in chosen.items() if o not in (d, e)}
        if cut:
            contexts = table.contexts(rest, e)
        else:
            each, bound = table.bound(d, rest, e, column, least, days, late)
            mask = table.mask(d, chosen[d])
            needed = np.asarray((bound & mask).any(axis=1) | bound.all(axis=1))
            contexts = [context for context, look in zip(each, needed, strict=True) if look]
        for others in contexts:
            yield d, others, late


def _of_everybody(
    store: Store,
    base: Filters,
    spans: Sequence[Period | None],
    columns: Sequence[str],
    least: int,
    *,
    whole: bool,
) -> dict[str, list[bool]]:
    line = lines(store, base, (), columns, "month" if whole else "day")
    out = {}
    for column in columns:
        found = line.borders("", {}, column, least)
        places = [tuple(map(found.place, ends(s))) for s in spans]
        out[column] = [not (found.usable[a] and found.usable[b]) and a != b for a, b in places]
    return out


def ends(span: Period | None) -> tuple[int, int]:
    """Return the first day of a period and the day after its last, as day keys."""
    if span is None:
        return 0, _FAR
    return day_key(span.first), day_key(span.last + timedelta(days=1))


def _cuts(span: Period | None) -> list[int]:
    """Return the days on which a period begins or ends within a month."""
    return [] if span is None else [day for day in ends(span) if day % 100 != 1]


def _places(
    line: Borders,
    days: tuple[Counts, Counts] | None,
    spans: Sequence[Period | None],
    asked: Counts,
    least: int,
) -> tuple[Counts, Counts, Flags]:
    """Return between which borders of months periods lie, and which cut a month unsafely.

    Parameters
    ----------
    line
        Of whole months.
    days
        People of each group on each day of the months that are cut, and these days.
    asked
        The two `ends` of each period.
    """
    first, last = np.searchsorted(line.starts, asked.T)
    unsafe = np.zeros(len(spans), dtype=np.bool_)
    for i, span in enumerate(spans if days is not None else ()):
        for day in _cuts(span):
            place = _cut_place(line, days, day, least, begins=day == asked[i, 0])
            unsafe[i] |= place is None
            (first if day == asked[i, 0] else last)[i] = place or 0
    return first, last, unsafe


def _cut_place(
    line: Borders, days: tuple[Counts, Counts] | None, day: int, least: int, *, begins: bool
) -> int | None:
    """Return the border of months that stands for a day within one, None where it is unsafe."""
    begin, end = line.place(day // 100 * 100 + 1), line.place(day // 100 * 100 + 32)
    if days is None or begin == end:
        return line.place(day)
    counted, starts = days
    inside = starts // 100 == day // 100
    place = int(np.searchsorted(starts[inside], day))
    if place in (0, int(inside.sum())):
        return end if place else begin
    safe = safe_borders(counted[:, inside], levels(starts[inside]), least)
    if not (line.free(begin) and line.free(end) and safe[:, place].all()):
        return None
    return begin if begins else end
