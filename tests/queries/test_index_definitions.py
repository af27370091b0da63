"""What an index is made of: agreed for whole years, changed for a reason, kept on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from csat.ingest.index_definitions import set_index, withdraw_index
from csat.ingest.index_presets import index_presets
from csat.ingest.mapping import Mapping
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.problem import NotAllowed, UsageProblem
from csat.model.satisfaction_index import (
    IndexDefinition,
    WeightedIndicator,
    index_definition,
    mistakes,
)
from csat.queries.index_versions import defined, index_versions
from csat.queries.satisfaction_index import satisfaction_index, year_of
from csat.store.store import Store

TODAY = date(2026, 11, 22)
WHOLE = Filters("demo")
OLD = IndexDefinition((WeightedIndicator("csat_mean", 60), WeightedIndicator("nps", 40)))
NEW = IndexDefinition((WeightedIndicator("csat_mean", 20), WeightedIndicator("ces", 80)))


@pytest.fixture
def program(store: Store, add_rows: Callable[..., None], queries_survey: Mapping) -> Store:
    """Return a program with an index from 2024 on and another one from 2026 on."""
    rows = [
        (date(year, 1 + k % 12, 1 + k % 28), "North", 1 + k % 5, k % 11, 1 + k % 7)
        for year in (2024, 2025, 2026)
        for k in range(60)
    ]
    add_rows(queries_survey, rows, as_of=date(2026, 12, 31))
    set_index(store, "demo", 2024, OLD, LOCAL_USER, today=TODAY)
    set_index(store, "demo", 2026, NEW, LOCAL_USER, "Effort counts from now on", today=TODAY)
    return store


def test_a_year_that_has_begun_is_changed_for_a_stated_reason_alone(program: Store) -> None:
    with pytest.raises(UsageProblem, match="frozen"):
        set_index(program, "demo", 2026, OLD, LOCAL_USER, today=TODAY)
    with pytest.raises(UsageProblem, match="frozen"):
        set_index(program, "demo", 2025, NEW, LOCAL_USER, today=TODAY)
    set_index(program, "demo", 2027, OLD, LOCAL_USER, today=TODAY)
    number = set_index(program, "demo", 2026, OLD, LOCAL_USER, " a mistake ", today=TODAY)
    newest = index_versions(program, "demo")[0]
    assert (newest.number, newest.year, newest.reason) == (number, 2026, "a mistake")
    assert newest.set_by == LOCAL_USER.name
    assert satisfaction_index(program, WHOLE).changes == ()


def test_a_definition_taken_back_or_used_again_stays_on_record(program: Store) -> None:
    before = satisfaction_index(program, year_of(WHOLE, 2026)).figure.value
    with pytest.raises(UsageProblem, match="frozen"):
        withdraw_index(program, "demo", 2026, LOCAL_USER, today=TODAY)
    withdraw_index(program, "demo", 2026, LOCAL_USER, "not agreed", today=TODAY)
    assert defined(index_versions(program, "demo")) == ((2024, OLD),)
    assert satisfaction_index(program, year_of(WHOLE, 2026)).definition == OLD
    set_index(program, "demo", 2026, NEW, LOCAL_USER, "agreed after all", today=TODAY)
    assert satisfaction_index(program, year_of(WHOLE, 2026)).figure.value == before
    assert [v.definition for v in index_versions(program, "demo")] == [NEW, None, NEW, OLD]
    with pytest.raises(UsageProblem, match="No definition begins with 2025"):
        withdraw_index(program, "demo", 2025, LOCAL_USER, "x", today=TODAY)


def test_the_first_definition_may_begin_in_the_past(program: Store) -> None:
    set_index(program, "demo", 2023, NEW, LOCAL_USER, today=TODAY)
    assert defined(index_versions(program, "demo"))[0] == (2023, NEW)


def test_what_changes_nothing_is_refused(program: Store) -> None:
    for year in (2024, 2025):
        with pytest.raises(UsageProblem, match="defined so already"):
            set_index(program, "demo", year, OLD, LOCAL_USER, "again", today=TODAY)


def test_only_who_may_import_defines_an_index(program: Store) -> None:
    for role in ("executive", "quality"):
        with pytest.raises(NotAllowed):
            set_index(program, "demo", 2030, OLD, User("ann", (role,)), today=TODAY)


@pytest.mark.parametrize(
    ("indicators", "said"),
    [
        ([], "no indicator"),
        ([("csat_mean", 60.0)], "add up to 60, not to 100: 40 are missing"),
        ([("csat_mean", 60.0), ("nps", 45.0)], "5 too many"),
        ([("nps", 50.0), ("nps", 50.0)], "twice"),
        ([("nps", 100.0), ("ces", 0.0)], "above 0"),
        ([("nps", float("nan"))], "above 0"),
        ([("complaints_received", 100.0)], "cannot be in the index"),
        ([("expectation:price", 100.0)], "cannot be in the index"),
        ([("perception", 100.0)], "cannot be in the index"),
        ([("nonsense", 100.0)], "cannot be in the index"),
    ],
)
def test_mistakes_are_told_in_plain_words(indicators: list[tuple[str, float]], said: str) -> None:
    found = mistakes([WeightedIndicator(*i) for i in indicators])
    assert any(said in str(m) for m in found)
    with pytest.raises(UsageProblem):
        index_definition({"indicators": [{"metric": m, "weight": w} for m, w in indicators]})


def test_thirds_count_as_all_of_it() -> None:
    assert not mistakes([WeightedIndicator(m, 33.33) for m in ("nps", "ces", "csat_mean")])


def test_ready_made_definitions_hold_together() -> None:
    for made in index_presets():
        assert not mistakes(made.indicators.indicators)
        assert index_definition(made.definition("zh_CN").to_json()) == made.definition("zh_CN")
