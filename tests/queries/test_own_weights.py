"""A program's own weights: from when they hold, who may give them, and how they are taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from csat.ingest.weighing import set_weights, take_weights_back
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.period import Period
from csat.model.problem import NotAllowed, UsageProblem
from csat.queries.dimensions import dimensions
from csat.queries.own_weights import own_weights
from csat.store.store import Store

YEAR, LATER = date(2026, 1, 1), date(2026, 7, 1)
EVEN = {"reliability": 50.0, "empathy": 50.0}
ONE = {"tangibles": 100.0}
SPRING = Filters("sample", Period(date(2026, 4, 1), date(2026, 6, 30)))
SUMMER = Filters("sample", Period(date(2026, 7, 1), date(2026, 9, 30)))


@pytest.fixture
def sample(own_sample_store: Path) -> Iterator[Store]:
    store = Store(own_sample_store)
    yield store
    store.close()


def used(store: Store, filters: Filters, weights: str = "") -> tuple[str, dict[str, float]]:
    found = dimensions(store, filters, None, weights, None).weights
    return found.source, {k: round(v, 9) for k, v in found.percent.items() if v}


def test_weights_in_force_are_the_usual_ones_and_say_from_when(sample: Store) -> None:
    assert used(sample, SUMMER)[0] == "points"
    set_weights(sample, "sample", EVEN, YEAR, "agreed by the board", LOCAL_USER)
    answer = dimensions(sample, SUMMER, None, "", None)
    assert used(sample, SUMMER) == used(sample, SUMMER, "own") == ("own", EVEN)
    assert "in force from 2026-01-01" in str(answer.weights.label)
    gaps = {r.dimension: r.gap.value or 0.0 for r in answer.dimensions}
    assert answer.weighted == pytest.approx((gaps["reliability"] + gaps["empathy"]) / 2)
    assert used(sample, SUMMER, "points")[0] == "points"


def test_a_later_set_leaves_the_days_before_it_alone(sample: Store) -> None:
    set_weights(sample, "sample", EVEN, YEAR, "first", LOCAL_USER)
    set_weights(sample, "sample", ONE, LATER, "second", LOCAL_USER)
    assert used(sample, SPRING) == ("own", EVEN)
    assert used(sample, SUMMER) == ("own", ONE)
    before = Filters("sample", Period(date(2025, 1, 1), date(2025, 12, 31)))
    assert used(sample, before)[0] == "points"


def test_taking_a_set_back_restores_the_one_before_and_keeps_both_on_record(sample: Store) -> None:
    set_weights(sample, "sample", EVEN, YEAR, "first", LOCAL_USER)
    wrong = set_weights(sample, "sample", ONE, YEAR, "mistyped", LOCAL_USER)
    assert used(sample, SUMMER) == ("own", ONE)
    take_weights_back(sample, "sample", wrong, LOCAL_USER)
    assert used(sample, SUMMER) == ("own", EVEN)
    told = [(w.reason, w.made_by, w.removed_by) for w in own_weights(sample, "sample")]
    assert told == [("first", "local", None), ("mistyped", "local", "local")]
    with pytest.raises(UsageProblem, match="no weights"):
        take_weights_back(sample, "sample", wrong, LOCAL_USER)
    written = [r["action"] for r in sample.rows("SELECT action FROM audit")]
    assert [written.count(a) for a in ("weights set", "weights taken back")] == [2, 1]


@pytest.mark.parametrize("role", ["executive", "quality"])
def test_only_who_may_import_changes_what_a_score_means(sample: Store, role: str) -> None:
    number = set_weights(sample, "sample", EVEN, YEAR, "first", LOCAL_USER)
    reader = User("eve", (role,))
    with pytest.raises(NotAllowed):
        set_weights(sample, "sample", ONE, YEAR, "mine", reader)
    with pytest.raises(NotAllowed):
        take_weights_back(sample, "sample", number, reader)


@pytest.mark.parametrize(
    ("points", "reason", "complaint"),
    [
        ({"reliability": 60.0, "empathy": 30.0}, "why", "add up to 90, not to 100"),
        ({"speed": 100.0}, "why", "no dimension 'speed'"),
        ({"reliability": 110.0, "empathy": -10.0}, "why", "is no weight"),
        ({"reliability": float("nan")}, "why", "is no weight"),
        (EVEN, "  ", "reason is missing"),
    ],
)
def test_weights_that_mean_nothing_are_refused(
    sample: Store, points: dict[str, float], reason: str, complaint: str
) -> None:
    with pytest.raises(UsageProblem, match=complaint):
        set_weights(sample, "sample", points, YEAR, reason, LOCAL_USER)
    assert own_weights(sample, "sample") == ()


def test_a_backup_carries_the_weights(sample: Store, tmp_path: Path) -> None:
    set_weights(sample, "sample", EVEN, YEAR, "first", LOCAL_USER)
    sample.backup(tmp_path / "kept.duckdb")
    copy = Store(tmp_path / "kept.duckdb")
    assert used(copy, SUMMER) == ("own", EVEN)
    copy.close()
