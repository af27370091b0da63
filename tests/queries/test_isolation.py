"""No sequence of filters tells by subtraction what the gate withholds."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.contrasts import contrasts
from csat.queries.dimensions import dimensions
from csat.queries.figures import evaluate
from csat.queries.isolation import allowed, isolated
from csat.store.store import Store

LEAST = 5
SIZES = st.sampled_from([0, 0, 1, 2, 3, 4, 5, 6, 9, 40, 50])
TABLES = st.lists(st.lists(SIZES, min_size=3, max_size=3), min_size=2, max_size=3)


def choices(many: int) -> list[np.ndarray]:
    """Return every non-empty choice among some groups."""
    return [np.array(bits) for bits in product([False, True], repeat=many) if any(bits)]


def answered(table: np.ndarray) -> list[tuple[frozenset[int], tuple[np.ndarray, ...]]]:
    """Return the cells of every choice of rows and columns that may be shown."""
    codes = np.array([(r, c) for r in range(table.shape[0]) for c in range(table.shape[1])]).T
    people = table.ravel()
    found = []
    for masks in product(choices(table.shape[0]), choices(table.shape[1])):
        cells = frozenset(
            k for k, (r, c) in enumerate(codes.T) if masks[0][r] and masks[1][c] and people[k]
        )
        if cells and people[list(cells)].sum() >= LEAST and allowed(codes, people, masks, LEAST):
            found.append((cells, masks))
    return found


@settings(max_examples=150)
@given(table=TABLES)
@example(table=[[3, 50, 0], [50, 50, 0]])
@example(table=[[3, 50, 0], [50, 0, 0]])
@example(table=[[0, 3, 0], [50, 0, 0], [0, 50, 50]])
@example(table=[[3, 50, 50], [50, 50, 50], [50, 50, 50]])
def test_two_choices_one_within_the_other_differ_by_nobody_or_enough(
    table: list[list[int]],
) -> None:
    people = np.array(table)
    shown = answered(people)
    for (wide, _), (narrow, _) in product(shown, shown):
        if narrow < wide:
            assert people.ravel()[list(wide - narrow)].sum() >= LEAST


@settings(max_examples=60)
@given(table=TABLES)
@example(table=[[3, 50, 0], [50, 50, 0], [50, 50, 0]])
@example(table=[[3, 4, 0], [50, 50, 0], [60, 50, 0]])
def test_choices_of_one_direction_subtracted_in_turn_leave_nobody_or_enough(
    table: list[list[int]],
) -> None:
    people = np.array(table)
    shown = answered(people)
    for wide, masks in shown:
        parts = [
            cells for cells, other in shown if cells < wide and (np.array_equal(other[1], masks[1]))
        ]
        for several in range(2, 4):
            for taken in combinations(parts, several):
                together = frozenset().union(*taken)
                if sum(map(len, taken)) == len(together):
                    left = int(people.ravel()[list(wide - together)].sum())
                    assert left == 0 or left >= LEAST


@pytest.fixture
def branches(store: Store, add_rows, queries_survey) -> Callable[[dict[str, int]], Store]:
    def fill(sizes: dict[str, int]) -> Store:
        rows = [
            (f"2026-01-{1 + i % 28:02d}", branch, 1 + i % 5, i % 11, 7)
            for branch, many in sizes.items()
            for i in range(many)
        ]
        add_rows(queries_survey, rows)
        return store

    return fill


SMALL = {"North": 40, "East": 3, "South": 9, "West": 30}
"""The gate withholds East, and South with it."""


def chosen(*branches: str) -> Filters:
    return Filters.of("demo", branches=branches)


@pytest.mark.parametrize(
    ("choice", "shown"),
    [
        (("North",), True),
        (("North", "West"), True),
        (("East",), False),
        (("South",), False),
        (("North", "South", "West"), False),
        (("East", "South"), False),
        (("North", "East"), False),
        (("North", "East", "South", "West"), True),
    ],
)
def test_a_choice_of_groups_shows_no_more_than_the_split_by_them(
    branches, choice: tuple[str, ...], shown: bool
) -> None:
    store = branches(SMALL)
    figure = evaluate(store, chosen(*choice), ["csat_mean"]).figures[0]
    assert figure.withheld is not shown
    assert (figure.value is None, figure.n is None) == (not shown, not shown)
    if not shown:
        assert "fewer than 5 people" in str(figure.note)


def test_counts_of_answers_are_withheld_too_and_months_as_well(branches) -> None:
    store = branches(SMALL)
    for by in ("total", "month", "branch"):
        for figure in evaluate(store, chosen("South"), ["response_count", "nps"], by).figures:
            assert figure.withheld


def test_every_view_refuses_what_one_refuses(branches) -> None:
    store = branches(SMALL)
    assert isolated(store, chosen("South"), Thresholds()) is not None
    assert isolated(store, chosen("North"), Thresholds()) is None
    assert contrasts(store, chosen("South"), "gap:empathy", "branch").figures == ()
    assert dimensions(store, chosen("South")).rows == ()


def test_a_split_under_another_filter_hides_what_the_difference_would_tell(
    store: Store, add_rows, queries_survey
) -> None:
    """North by phone are all of North but three, who then follow from the two splits."""
    rows = [
        ("2026-01-05", branch, 1 + i % 5, i % 11, 7, channel)
        for branch, channel, many in (
            ("North", "phone", 40),
            ("North", "web", 3),
            ("South", "phone", 40),
            ("South", "web", 40),
            ("West", "phone", 30),
            ("West", "web", 30),
        )
        for i in range(many)
    ]
    from dataclasses import replace

    from csat.ingest.mapping import Column

    mapping = replace(queries_survey, columns=(*queries_survey.columns, Column("way", "channel")))
    add_rows(mapping, rows)
    phone = Filters.of("demo", channels=["phone"])
    figures = {f.by: f for f in evaluate(store, phone, ["csat_mean"], "branch").figures}
    assert figures["North"].withheld
    assert sum(f.withheld for f in figures.values()) > 1
    assert not evaluate(store, phone, ["csat_mean"]).figures[0].withheld
