"""The satisfaction index tells nothing of few people, nor do its parts and its history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from csat.ingest.index_definitions import set_index
from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.satisfaction_index import IndexDefinition, WeightedIndicator
from csat.model.scale import Scale
from csat.queries.figures import evaluate
from csat.queries.satisfaction_index import IndexAnswer, satisfaction_index
from csat.store.store import Store

TODAY = date(2026, 11, 22)
WHOLE = Filters("demo")
FIVE = Scale.of(1, 5)
SURVEY = Mapping(
    "visits",
    "survey",
    "Survey",
    (
        Column("when", "submitted_at"),
        Column("branch", "branch"),
        Column("quality", "item", item=Item("quality", "Quality", FIVE, dimension="quality")),
        Column("price", "item", item=Item("price", "Price", FIVE, dimension="price")),
        Column("overall", "item", item=Item("overall", "Overall", FIVE, measures=("csat",))),
    ),
    survey_key="visits",
)
Load = Callable[..., None]


def of(**weights: float) -> IndexDefinition:
    named = {"quality": "perception:quality", "price": "perception:price", "overall": "csat_mean"}
    return IndexDefinition(tuple(WeightedIndicator(named[k], w) for k, w in weights.items()))


OLD, NEW = of(quality=50, price=30, overall=20), of(quality=20, price=20, overall=60)


def drawn(*years: int, n: int = 60) -> list[list[Any]]:
    """Return answers of two branches, of which each rating comes up equally often."""
    return [
        [
            date(y, 1 + k % 12, 1 + k % 28),
            ("North", "South")[k % 2],
            *(1 + (k + q) % 5 for q in range(3)),
        ]
        for y in years
        for k in range(n)
    ]


def test_few_answers_are_withheld_with_all_that_would_tell_them(
    store: Store, add_rows: Load
) -> None:
    few = [[date(2026, 3, 1), "Tiny", 1, 1, 1]] * 3
    add_rows(SURVEY, [*few, *drawn(2024, 2025, 2026)], as_of=date(2026, 12, 31))
    set_index(store, "demo", 2024, OLD, LOCAL_USER, today=TODAY)
    set_index(store, "demo", 2026, NEW, LOCAL_USER, "x", today=TODAY)
    answer = satisfaction_index(store, Filters.of("demo", branches=["Tiny"]))
    assert answer.figure.withheld
    assert_nothing_told(answer)
    branches = evaluate(store, WHOLE, ("satisfaction_index",), "branch").figures
    hidden = [f.by for f in branches if f.withheld]
    assert "Tiny" in hidden
    assert len(hidden) > 1


def assert_nothing_told(answer: IndexAnswer) -> None:
    assert answer.parts == ()
    assert (answer.figure.standard_error, answer.partial, answer.left_out) == (None, None, None)
    assert all(f.value is None for f in answer.history)
    assert all(f.standard_error is None for f in answer.history)
    assert all(c.new is None and c.old is None and c.before is None for c in answer.changes)


def test_an_indicator_that_few_answered_is_withheld_with_the_next_smallest(
    store: Store, add_rows: Load
) -> None:
    rows = drawn(2025)
    for k, row in enumerate(rows):
        row[4] = 5 if k < 3 else None
    add_rows(SURVEY, rows)
    set_index(store, "demo", 2025, OLD, LOCAL_USER, today=TODAY)
    parts = {p.metric: p for p in satisfaction_index(store, WHOLE).parts}
    assert parts["csat_mean"].withheld
    assert parts["csat_mean"].contribution is None
    assert sum(p.withheld for p in parts.values()) == 2


def test_two_definitions_never_tell_the_few_that_only_one_of_them_counts(
    store: Store, add_rows: Load
) -> None:
    rows = drawn(2025, 2026, n=40)
    for row in rows:
        row[2:] = [4, 4, 4]
    for row in rows[-3:]:
        row[2:] = [None, None, 1]
    add_rows(SURVEY, rows, as_of=date(2026, 12, 31))
    set_index(store, "demo", 2025, of(quality=50, price=50), LOCAL_USER, today=TODAY)
    set_index(store, "demo", 2026, of(overall=100), LOCAL_USER, "x", today=TODAY)
    [change] = satisfaction_index(store, WHOLE).changes
    assert change.withheld
    assert change.old is None
