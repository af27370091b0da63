"""No sum of figures that are answered, with whatever signs and weights, is about few people.

Every figure that is answered is one equation over the cells of a table: who of which group
answered in which month. What follows from several figures is what their rows span, and that is
worked out exactly, in a field of whole numbers modulo a prime.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csat.ingest.mapping import Column
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.period import Period, bucket_span, month_end, month_start
from csat.model.settings import Thresholds
from csat.queries.borders import borders
from csat.queries.figures import evaluate
from csat.queries.isolation import isolated
from csat.queries.split_figures import evaluate_split
from csat.store.store import Store

LEAST = Thresholds().withhold_under
PRIME = 2_147_483_647
Cell = tuple[int, ...]
People = dict[Cell, int]


def reduced(rows: np.ndarray) -> tuple[np.ndarray, list[int]]:
    """Return a basis of what some rows span, in reduced form, and its leading columns."""
    rows, lead, done = np.unique(rows, axis=0) % PRIME, [], 0
    for column in range(rows.shape[1]):
        found = np.flatnonzero(rows[done:, column])
        if not len(found):
            continue
        rows[[done, done + found[0]]] = rows[[done + found[0], done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), PRIME - 2, PRIME) % PRIME
        factors = rows[:, column].copy()
        factors[done] = 0
        for other in np.flatnonzero(factors):
            rows[other] = (rows[other] - factors[other] * rows[done]) % PRIME
        lead.append(column)
        done += 1
    return rows[:done], lead


def sets_of_few(people: People, at_most: int) -> Iterator[tuple[Cell, ...]]:
    """Return every set of cells that holds fewer people than the minimum."""
    small = [cell for cell, n in people.items() if 0 < n < LEAST]
    for many in range(1, at_most + 1):
        for cells in combinations(small, many):
            if sum(people[c] for c in cells) < LEAST:
                yield cells


def told(
    shown: Iterable[frozenset[Cell]], people: People, at_most: int = LEAST
) -> tuple[Cell, ...] | None:
    """Return cells of too few people that follow from what is shown, None where none do."""
    held = {cell: i for i, cell in enumerate(c for c, n in people.items() if n)}
    rows = np.zeros((len(views := set(shown)), len(held)), dtype=np.int64)
    for row, cells in zip(rows, views, strict=True):
        row[[held[c] for c in cells]] = 1
    if not len(rows):
        return None
    basis, lead = reduced(rows)
    for cells in sets_of_few(people, at_most):
        left = np.zeros(len(held), dtype=np.int64)
        left[[held[c] for c in cells]] = 1
        for row, column in zip(basis, lead, strict=True):
            left = (left - left[column] * row) % PRIME
        if not left.any():
            return cells
    return None


def choices(many: int) -> list[tuple[int, ...]]:
    """Return every non-empty choice among some groups."""
    return [c for r in range(1, many + 1) for c in combinations(range(many), r)]


def test_the_equations_find_what_three_figures_tell() -> None:
    people = {(0,): 3, (1,): 40, (2,): 50}
    whole = frozenset(people)
    assert told([whole, frozenset({(1,)})], people) is None
    assert told([whole, frozenset({(1,)}), frozenset({(2,)})], people) == ((0,),)


SIZES = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 40, 50])
TABLES = st.integers(3, 5).flatmap(
    lambda months: st.lists(
        st.lists(SIZES, min_size=months, max_size=months), min_size=2, max_size=4
    )
)


@settings(max_examples=150, deadline=None)
@given(
    table=TABLES,
    levels=st.lists(st.sampled_from([0, 1, 2, 2]), min_size=5, max_size=5),
    runs=st.booleans(),
)
@example(table=[[9, 3, 2], [40, 50, 60]], levels=[2] * 5, runs=False)
@example(table=[[30, 0, 0], [3, 30, 30]], levels=[2] * 5, runs=False)
@example(table=[[5, 5, 0, 7], [7, 2, 6, 2], [6, 7, 6, 0]], levels=[1, 2, 0, 0, 0], runs=False)
def test_nothing_follows_about_few_people_from_one_direction_and_all_periods(
    table: list[list[int]], levels: list[int], runs: bool
) -> None:
    """All choices of groups in all periods of whole months, and all sums of these."""
    months = [m for m in range(len(table[0])) if any(line[m] for line in table)]
    if not months:
        return
    sizes = np.array(table)[:, months]
    people = {(g, m): int(n) for (g, m), n in np.ndenumerate(sizes)}
    starts = np.arange(1, len(months) + 1)
    running = len(months) if runs else 0
    line = borders(sizes, starts, np.array(levels)[months], LEAST, running)
    shown = []
    for first, last in combinations(range(len(months) + 1), 2):
        for chosen in choices(len(table)):
            groups = np.isin(np.arange(len(table)), chosen)
            cells = {(g, m) for g in chosen for m in range(first, last) if people[g, m]}
            allowed = line.allow(np.array([first]), np.array([last]), groups)[0]
            if allowed and sum(people[c] for c in cells) >= LEAST:
                shown.append(frozenset(cells))
    assert told(shown, people) is None


def test_large_groups_may_begin_and_end_anywhere() -> None:
    line = borders(np.full((3, 4), 20), np.arange(1, 5), np.array([0, 2, 2, 1]), LEAST)
    assert line.open


Fill = Callable[[People, list[date]], Filters]


@pytest.fixture
def fill(store: Store, add_rows, queries_survey) -> Fill:
    """Load people by branch, channel and day; return the filters that ask for all of them."""

    def filled(people: People, days: list[date]) -> Filters:
        mapping = replace(
            queries_survey, columns=(*queries_survey.columns, Column("way", "channel"))
        )
        rows = [
            (days[when].isoformat(), f"b{branch}", 1 + i % 5, i % 11, 7, f"c{channel}")
            for (branch, channel, when), many in people.items()
            for i in range(many)
        ]
        program = f"p{store.data_version()}"
        add_rows(mapping, rows, program=program, as_of=month_end(202604))
        return Filters.of(program, compare="none")

    return filled


MONTHS = [date(2025, 12, 10), date(2026, 1, 10), date(2026, 2, 10), date(2026, 3, 10)]
SPANS = [
    Period(month_start(a.year * 100 + a.month), month_end(b.year * 100 + b.month))
    for a, b in product(MONTHS, MONTHS)
    if a <= b
]


def asked(store: Store, filters: Filters, branches: int) -> Iterator[tuple[Filters, list[Figure]]]:
    """Return all figures for every choice of branches in every period, in every view."""
    for span, chosen in product(SPANS, choices(branches)):
        named = [f"b{b}" for b in chosen] if len(chosen) < branches else []
        own = filters.with_(period=span, branches=named)
        for by in ("total", "branch", "month", "quarter", "year"):
            comparing = own.with_(compare="previous")
            yield comparing, list(evaluate(store, comparing, ["csat_mean"], by).figures)
        yield own, list(evaluate_split(store, own, "csat_mean", "month", "branch").figures)


def equations(filters: Filters, figures: list[Figure], people: People) -> Iterator[frozenset[Cell]]:
    """Return which cells each base that a reader sees is of, and check that it is."""
    before: Period | None = None
    for figure in figures:
        span, group = filters.period, figure.group or figure.by
        assert span is not None
        reference = filters.comparison()
        past = reference.period if reference else None
        if figure.by[:1] == "2":
            inside = Period(*bucket_span(figure.by))
            past, span = before, Period(max(inside.first, span.first), min(inside.last, span.last))
            before = span
        named = (group,) if group[:1] == "b" else filters.branches
        for n, days in ((figure.n, span), (figure.reference_n, past)):
            cells = frozenset(
                (b, c, t)
                for (b, c, t), many in people.items()
                if many and days and days.first <= MONTHS[t] <= days.last
                if not named or f"b{b}" in named
            )
            if n:
                assert n == sum(people[c] for c in cells)
                yield cells


@pytest.mark.parametrize(
    "table",
    [
        [[3, 40, 30, 20], [9, 2, 8, 40], [50, 40, 30, 60]],
        [[6, 3, 6, 2], [20, 30, 4, 40]],
    ],
)
def test_nothing_follows_from_the_figures_of_pages_about_few_people(
    store: Store, fill: Fill, table: list[list[int]]
) -> None:
    """Totals, splits, series and comparisons of every choice in every period, taken together."""
    people = {(b, 0, m): n for b, line in enumerate(table) for m, n in enumerate(line)}
    everything = fill(people, MONTHS)
    shown = {
        cells
        for filters, figures in asked(store, everything, len(table))
        for cells in equations(filters, figures, people)
    }
    assert len(shown) > 10
    assert told(shown, people) is None


DAYS = [date(2026, 1, d) for d in (1, 5, 6, 30)] + [date(2026, 2, d) for d in (1, 20)]


@pytest.mark.parametrize("seed", range(3))
def test_nothing_follows_about_few_people_where_periods_cut_months(
    store: Store, fill: Fill, seed: int
) -> None:
    """Where every group has answered on every day; see below of what a reader may know."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice([1, 2, 4, 5, 7, 20, 30], size=(2, len(DAYS)))
    if seed % 2:
        sizes = np.maximum(sizes, 5) + (np.arange(len(DAYS)) == 4) * -2
    people = {(b, 0, d): int(n) for (b, d), n in np.ndenumerate(sizes)}
    everything = fill(people, DAYS)
    shown = []
    ends = [d + timedelta(days=k) for d in DAYS for k in (0, 1)]
    for (first, last), chosen in product(combinations(sorted(set(ends)), 2), choices(2)):
        cells = frozenset(
            (b, c, d)
            for (b, c, d), n in people.items()
            if n and b in chosen and first <= DAYS[d] <= last
        )
        named = [f"b{b}" for b in chosen] if len(chosen) < 2 else []
        filters = everything.with_(period=Period(first, last), branches=named)
        enough = sum(people[c] for c in cells) >= LEAST
        if enough and isolated(store, filters, Thresholds()) is None:
            shown.append(cells)
    assert shown
    assert told(shown, people) is None


def both_ways(store: Store, everything: Filters, people: People) -> set[frozenset[Cell]]:
    """Return the cells of every choice of branches and channels in every period that is shown."""
    branches, channels, months = (1 + max(cell[i] for cell in people) for i in range(3))
    shown = set()
    for span, b, c in product(SPANS, choices(branches), choices(channels)):
        cells = frozenset(
            cell
            for cell, n in people.items()
            if n and cell[0] in b and cell[1] in c and span.first <= MONTHS[cell[2]] <= span.last
        )
        filters = everything.with_(
            period=span,
            branches=[f"b{k}" for k in b] if len(b) < branches else [],
            channels=[f"c{k}" for k in c] if len(c) < channels else [],
        )
        enough = sum(people[cell] for cell in cells) >= LEAST
        if months and enough and isolated(store, filters, Thresholds()) is None:
            shown.add(cells)
    return shown


@pytest.mark.parametrize("seed", range(4))
def test_two_directions_tell_neither_by_two_figures_nor_of_one_combination(
    store: Store, fill: Fill, seed: int
) -> None:
    """Where every combination has answered: that none has is something a reader may know."""
    chance = np.random.default_rng(seed)
    sizes = chance.choice([1, 2, 3, 4, 5, 9, 30, 40, 50], size=[(3, 2, 3), (2, 3, 3)][seed % 2])
    people = {(int(b), int(c), int(m)): int(n) for (b, c, m), n in np.ndenumerate(sizes)}
    shown = both_ways(store, fill(people, MONTHS), people)
    for wide, narrow in product(shown, shown):
        if narrow < wide:
            assert sum(people[c] for c in wide - narrow) >= LEAST
    assert told(shown, people, at_most=1) is None
