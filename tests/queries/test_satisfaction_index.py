"""The satisfaction index: computed twice, taken apart, told by the year."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.index_definitions import set_index
from csat.ingest.index_presets import index_presets
from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.satisfaction_index import IndexDefinition, WeightedIndicator, mistakes
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.facts import facts
from csat.queries.figures import evaluate
from csat.queries.index_sources import unasked
from csat.queries.index_versions import defined, index_versions
from csat.queries.satisfaction_index import even_definition, satisfaction_index, year_of
from csat.stats.index import Indicator, reweighted
from csat.stats.index import satisfaction_index as from_rows
from csat.store.store import Store

FIVE, TEN = Scale.of(1, 5), Scale.of(1, 10)
TODAY = date(2026, 11, 22)
HEAD = ("when", "branch", "quality", "price", "wait", "overall")
WHOLE = Filters("demo")


def form(scale: Scale, survey: str = "visits") -> Mapping:
    """Return a survey of quality and price (dimensions), waiting (a question), and the whole."""
    asked = {
        "quality": Item("quality", "Quality", scale, dimension="quality"),
        "price": Item("price", "Price", scale, dimension="price"),
        "wait": Item("wait", "Minutes waited, in bands", FIVE),
        "overall": Item("overall", "Overall", FIVE, measures=("csat",)),
    }
    columns = [Column("when", "submitted_at"), Column("branch", "branch")]
    columns += [Column(key, "item", item=item) for key, item in asked.items()]
    return Mapping(survey, "survey", "Survey", tuple(columns), survey_key=survey)


def drawn(years: tuple[int, ...], n: int = 60, top: int = 5, seed: int = 7) -> list[list[Any]]:
    chance = random.Random(seed)
    rows: list[list[Any]] = []
    for year, number in itertools.product(years, range(n)):
        day = date(year, 1 + number % 12, 1 + chance.randrange(28))
        ratings: list[int | None] = [chance.randint(1, top), chance.randint(1, top)]
        ratings += [chance.randint(1, 5), chance.randint(1, 5)]
        ratings = [None if chance.random() < 0.15 else r for r in ratings]
        rows.append([day, ("North", "South")[number % 2], *ratings])
    return rows


def of(**weights: float) -> IndexDefinition:
    """Return a definition; ``wait`` counts as good where it is low."""
    named = {"quality": "perception:quality", "price": "perception:price", "wait": "mean:wait"}
    return IndexDefinition(
        tuple(
            WeightedIndicator(named.get(k, "csat_mean"), w, low_is_good=k == "wait")
            for k, w in weights.items()
        )
    )


OLD = of(quality=50, price=30, overall=20)
NEW = of(quality=20, price=20, wait=40, overall=20)
INDICATORS = [
    Indicator("perception:quality", 0, 1, 5),
    Indicator("perception:price", 0, 1, 5),
    Indicator("mean:wait", 0, 5, 1),
    Indicator("csat_mean", 0, 1, 5),
]


def weighted(definition: IndexDefinition) -> list[Indicator]:
    return [Indicator(i.key, definition.weight(i.key), i.worst, i.best) for i in INDICATORS]


def table(rows: list[list[Any]], keep: Callable[[list[Any]], bool] = lambda _: True) -> np.ndarray:
    found = [[np.nan if v is None else v for v in r[2:]] for r in rows if keep(r)]
    return np.array(found, dtype=np.float64)


Load = Callable[..., None]


@pytest.fixture
def rows() -> list[list[Any]]:
    return drawn((2024, 2025, 2026))


@pytest.fixture
def program(store: Store, add_rows: Load, rows: list[list[Any]]) -> Store:
    """Return a program with an index from 2024 on and another one from 2026 on."""
    add_rows(form(FIVE), rows, as_of=date(2026, 12, 31))
    set_index(store, "demo", 2024, OLD, LOCAL_USER, today=TODAY)
    set_index(store, "demo", 2026, NEW, LOCAL_USER, "Waiting counts from now on", today=TODAY)
    return store


def test_the_index_and_its_error_are_those_of_the_rows(
    program: Store, rows: list[list[Any]]
) -> None:
    for year, definition in ((2024, OLD), (2025, OLD), (2026, NEW)):
        answer = satisfaction_index(program, year_of(WHOLE, year))
        wanted = from_rows(table(rows, lambda r, y=year: r[0].year == y), weighted(definition))
        assert wanted is not None
        assert answer.figure.value == pytest.approx(wanted.value, abs=1e-5)
        assert answer.figure.standard_error == pytest.approx(wanted.standard_error, abs=1e-5)
        assert (answer.figure.low, answer.figure.high) == pytest.approx(
            (wanted.low, wanted.high), abs=1e-5
        )
        assert (answer.figure.n, answer.partial, answer.left_out) == (
            wanted.n,
            wanted.partial,
            wanted.left_out,
        )
        for part in answer.parts:
            assert part.level == pytest.approx(wanted.levels[part.metric], abs=1e-5)


def test_contributions_add_up_to_the_index_and_what_is_possible_to_100(program: Store) -> None:
    for filters in (WHOLE, year_of(WHOLE, 2025), Filters.of("demo", branches=["North"])):
        answer = satisfaction_index(program, filters)
        assert sum(p.contribution or 0 for p in answer.parts) == pytest.approx(
            answer.figure.value, abs=1e-4
        )
        assert sum(p.possible or 0 for p in answer.parts) == pytest.approx(100, abs=1e-4)


def test_each_answer_counts_under_the_definition_of_its_own_year(
    program: Store, rows: list[list[Any]]
) -> None:
    answer = satisfaction_index(program, WHOLE)
    scores = []
    for year, definition in ((2024, OLD), (2025, OLD), (2026, NEW)):
        found = from_rows(table(rows, lambda r, y=year: r[0].year == y), weighted(definition))
        assert found is not None
        scores.append((found.n, found.value))
    n = sum(k for k, _ in scores)
    assert answer.mixed
    assert answer.figure.n == n
    assert answer.figure.value == pytest.approx(sum(k * v for k, v in scores) / n, abs=1e-5)
    assert answer.definition == NEW


def test_a_step_is_what_customers_and_what_the_definition_made_of_it(
    program: Store, rows: list[list[Any]]
) -> None:
    [change] = satisfaction_index(program, WHOLE).changes
    both = reweighted(table(rows, lambda r: r[0].year == 2026), weighted(OLD), weighted(NEW))
    before = from_rows(table(rows, lambda r: r[0].year == 2025), weighted(OLD))
    assert both is not None
    assert before is not None
    assert change.moved is not None
    assert change.shift == pytest.approx(both.shift, abs=1e-5)
    assert change.moved.difference == pytest.approx(both.old.value - before.value, abs=1e-5)
    assert change.step == pytest.approx(change.shift + change.moved.difference, abs=1e-9)
    assert change.version.reason == "Waiting counts from now on"
    assert change.finished


def test_no_period_is_compared_across_a_change_of_the_definition(program: Store) -> None:
    answer = satisfaction_index(program, year_of(WHOLE, 2026))
    assert answer.figure.verdict == "not_compared"
    assert "change of the index" in str(answer.figure.note)
    assert [f.verdict for f in answer.history] == [
        "not_compared",
        "no_clear_change",
        "not_compared",
    ]
    assert [f.by for f in answer.history] == ["2024", "2025", "2026"]


def test_months_and_branches_add_up_to_the_whole(program: Store) -> None:
    keys = ("satisfaction_index",)
    whole = evaluate(program, WHOLE, keys).one(keys[0])
    for by in ("month", "branch", "quarter"):
        parts = evaluate(program, WHOLE, keys, by, Thresholds(withhold_under=1)).figures
        total = sum((f.value or 0) * (f.n or 0) for f in parts)
        assert total / sum(f.n or 0 for f in parts) == pytest.approx(whole.value)


def test_surveys_on_two_scales_are_pooled_on_0_to_100(store: Store, add_rows: Load) -> None:
    five, ten = drawn((2025,), top=5), drawn((2025,), top=10, seed=8)
    add_rows(form(FIVE), five)
    add_rows(form(TEN, "calls"), ten)
    set_index(store, "demo", 2025, of(quality=50, price=50), LOCAL_USER, today=TODAY)
    answer = satisfaction_index(store, WHOLE)
    parts = []
    for asked, best in ((five, 5), (ten, 10)):
        found = from_rows(
            table(asked)[:, :2], [Indicator("q", 1, 1, best), Indicator("p", 1, 1, best)]
        )
        assert found is not None
        parts.append(found)
    n = sum(p.n for p in parts)
    assert answer.figure.n == n
    assert answer.figure.value == pytest.approx(sum(p.n * p.value for p in parts) / n, abs=1e-5)


def test_a_survey_that_asks_less_than_half_of_the_index_is_left_out(
    store: Store, add_rows: Load
) -> None:
    add_rows(form(FIVE), drawn((2025,)))
    asked = IndexDefinition(
        (WeightedIndicator("perception:attitude", 60), WeightedIndicator("csat_mean", 40))
    )
    set_index(store, "demo", 2025, asked, LOCAL_USER, today=TODAY)
    answer = satisfaction_index(store, WHOLE)
    assert answer.figure.value is None
    assert "asks half or more" in str(answer.figure.note)


def test_a_program_without_a_definition_says_where_to_make_one(
    store: Store, add_rows: Load
) -> None:
    add_rows(form(FIVE), drawn((2025,)))
    answer = satisfaction_index(store, WHOLE)
    assert answer.figure.state == "not_available"
    assert "Define the index" in str(answer.figure.note)
    assert answer.history == ()


def test_years_before_the_first_definition_have_no_index(program: Store, add_rows: Load) -> None:
    add_rows(form(FIVE), drawn((2022,), seed=9))
    answer = satisfaction_index(program, year_of(WHOLE, 2022))
    assert answer.figure.value is None
    assert "from 2024 on" in str(answer.figure.note)
    assert [f.by for f in satisfaction_index(program, WHOLE).history if f.value is not None] == [
        "2024",
        "2025",
        "2026",
    ]


@settings(max_examples=12)
@given(
    weights=st.lists(st.integers(1, 50), min_size=4, max_size=4),
    order=st.permutations(range(4)),
)
def test_the_index_lies_on_its_scale_whatever_the_weights_and_their_order(
    weights: list[int], order: list[int], store: Store, add_rows: Load, rows: list[list[Any]]
) -> None:
    if not index_versions(store, "demo"):
        add_rows(form(FIVE), rows)
    names = ("quality", "price", "wait", "overall")
    shares = {n: 100 * w / sum(weights) for n, w in zip(names, weights, strict=True)}
    mixed = of(**{names[i]: shares[names[i]] for i in order})
    turned = IndexDefinition(
        tuple(WeightedIndicator(i.metric, i.weight, not i.low_is_good) for i in mixed.indicators)
    )
    found = []
    for definition in (of(**shares), mixed, turned):
        if (2024, definition) not in defined(index_versions(store, "demo")):
            set_index(store, "demo", 2024, definition, LOCAL_USER, "again", today=TODAY)
        found.append(satisfaction_index(store, WHOLE).figure)
    plain, shuffled, mirror = found
    assert plain.value is not None
    assert mirror.value is not None
    assert 0 <= (plain.low or 0) <= plain.value <= (plain.high or 100) <= 100
    assert shuffled.value == pytest.approx(plain.value, abs=1e-5)
    assert mirror.value == pytest.approx(100 - plain.value, abs=1e-5)


def test_what_a_program_measures_is_a_definition_to_begin_with(program: Store) -> None:
    known = facts(program, "demo")
    even = even_definition(known)
    assert [i.metric for i in even.indicators] == [
        "perception:quality",
        "perception:price",
        "csat_mean",
    ]
    assert not mistakes(even.indicators)
    assert unasked(known, even) == ()
    assert unasked(known, index_presets()[0].indicators) == (
        "perception:attitude",
        "perception:efficiency",
        "perception:after-sales",
    )
