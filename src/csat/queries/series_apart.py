"""Which months, weeks or days of a series would tell about few people, beside other figures.

Months, quarters and years of a series are periods like any other, so what `csat.queries.spans`
says of periods is said of them. Weeks and days of chosen groups keep to two rules of their own,
which are not as strict: each begins and ends where the line of the choice itself has a border,
and within each the groups of too few people are kept with the next smallest.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from csat.model.filters import Filters
from csat.model.period import Period
from csat.queries.borders import kept_together
from csat.queries.line_tables import DIRECTIONS, Chosen, Lines
from csat.queries.lines import lines
from csat.queries.spans import ends, spans_apart
from csat.store.store import Store


def buckets_apart(
    store: Store, filters: Filters, spans: Sequence[Period], column: str, least: int
) -> list[bool]:
    """Say which stretches of a series of the chosen groups must not be shown."""
    chosen, base = _chosen(filters), Filters(filters.program)
    if not chosen or all(s.whole_months for s in spans):
        return spans_apart(store, base, chosen, spans, [column], least)[column]
    days = lines(store, base, _directions(chosen), [column], "day")
    return _days_apart(days, chosen, spans, column, least)


def cells_apart(
    store: Store, filters: Filters, cut: str, spans: Sequence[Period], column: str, least: int
) -> dict[str, list[bool]]:
    """Say for each group of a split which stretches must not be shown."""
    chosen, base = _chosen(filters), Filters(filters.program)
    directions = _directions({**chosen, cut: frozenset()})
    whole = all(s.whole_months for s in spans)
    table = lines(store, base, directions, [column], "month" if whole else "day")
    if whole and not chosen and table.borders(cut, {}, column, least).open:
        return {name: [False] * len(spans) for name in table.names[cut]}
    out = {}
    for name in table.names[cut]:
        if cut not in chosen or name in chosen[cut]:
            one = {**chosen, cut: frozenset({name})}
            out[name] = (
                spans_apart(store, base, one, spans, [column], least)[column]
                if whole
                else _days_apart(table, one, spans, column, least)
            )
    return out


def _chosen(filters: Filters) -> Chosen:
    own = filters.for_survey()
    return {d: frozenset(getattr(own, f)) for d, f in DIRECTIONS.items() if getattr(own, f)}


def _directions(chosen: Chosen) -> tuple[str, ...]:
    return tuple(d for d in DIRECTIONS if d in chosen)


def _days_apart(
    days: Lines, chosen: Chosen, spans: Sequence[Period], column: str, least: int
) -> list[bool]:
    own = days.borders("", chosen, column, least)
    places = [tuple(map(own.place, ends(s))) for s in spans]
    told = [a != b and not (own.usable[a] and own.usable[b]) for a, b in places]
    for d in chosen:
        others = {o: groups for o, groups in chosen.items() if o != d}
        counted, starts = days.by_unit(d, others, column)
        mask = days.mask(d, chosen[d])
        for i, span in enumerate(spans):
            first, last = np.searchsorted(starts, ends(span))
            sizes = counted[:, first:last].sum(axis=1)
            if not mask[sizes > 0].all():
                told[i] |= bool((mask & kept_together(sizes, least)).any())
    return told
