from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.kano import CLASSES, kano, kano_class, kano_counts
from csat.stats.penalty_reward import penalty_reward

modest = settings(max_examples=60, deadline=None)
class_counts = st.fixed_dictionaries({name: st.integers(0, 80) for name in CLASSES})


# Kano


def test_the_table_has_its_published_numbers_of_cells() -> None:
    cells = kano_counts(product(range(1, 6), repeat=2))
    assert cells == {"M": 3, "O": 1, "A": 3, "I": 9, "R": 7, "Q": 2}


def test_the_classes_turn_around_when_the_question_is_turned_around() -> None:
    turned = {"A": "R", "M": "R", "O": "R", "Q": "Q", "I": "I"}
    for f, d in product(range(1, 6), repeat=2):
        seen = kano_class(f, d)
        if seen != "R":
            assert kano_class(d, f) == turned[seen]


@modest
@given(class_counts)
def test_shares_rest_on_the_four_classes_that_speak_for_the_feature(counts: Any) -> None:
    found = kano(counts)
    base = sum(counts[name] for name in "MOAI")
    assert found.better.n == found.worse.n == base
    if base:
        assert found.better.share == pytest.approx((counts["A"] + counts["O"]) / base)
        assert found.worse.share == pytest.approx((counts["O"] + counts["M"]) / base)


@modest
@given(class_counts)
def test_the_class_taken_is_never_more_than_five_points_behind(counts: Any) -> None:
    found = kano(counts)
    if found.decided is not None and found.mode is not None:
        n = sum(counts.values())
        assert counts[found.mode] - counts[found.decided] <= 0.05 * n
        assert CLASSES.index(found.decided) <= CLASSES.index(found.mode)


def test_classes_too_close_go_to_the_more_demanding_one_and_are_mixed() -> None:
    found = kano({"A": 62, "M": 55, "O": 54, "I": 35})
    assert (found.mode, found.decided, found.clear) == ("A", "M", False)


def test_few_answers_are_counted_and_not_judged() -> None:
    found = kano({"M": 29})
    assert (found.mode, found.decided, found.clear) == ("M", None, None)


def test_no_answers_have_no_class() -> None:
    found = kano({})
    assert (found.mode, found.decided, found.better.share, found.chi_square) == (None,) * 4
    assert not found.wording_fault


def test_many_contradictions_are_the_fault_of_the_question() -> None:
    assert kano({"Q": 11, "O": 89}).wording_fault
    assert not kano({"Q": 10, "O": 90}).wording_fault


def test_unknown_answers_and_classes_are_refused() -> None:
    with pytest.raises(ValueError, match="1 to 5"):
        kano_class(0, 3)
    with pytest.raises(ValueError, match="at least 0"):
        kano({"X": 1})  # type: ignore[dict-item]
    with pytest.raises(ValueError, match="at least 0"):
        kano({"M": -1})


# Penalty and reward


def ratings(seed: int, n: int = 300, k: int = 2) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.random.default_rng(seed).integers(1, 8, size=(n, k)).astype(float)


def test_penalty_and_reward_are_the_points_lost_and_won() -> None:
    x = ratings(1)
    y = 5 - 2.0 * (x[:, 0] <= 2) + 1.0 * (x[:, 0] >= 6)
    y = y + np.random.default_rng(2).normal(0, 0.2, len(y))
    first = penalty_reward(x, y, ["a", "b"], 2, 6).attributes[0]
    assert first.penalty.points == pytest.approx(-2, abs=0.1)
    assert first.reward.points == pytest.approx(1, abs=0.1)
    assert first.span == pytest.approx(3, abs=0.1)
    assert first.asymmetry == pytest.approx(-1 / 3, abs=0.05)
    assert first.role == "performance"


def test_an_attribute_without_effect_has_no_role() -> None:
    x = ratings(3)
    y = np.random.default_rng(4).normal(size=len(x))
    assert penalty_reward(x, y, ["a", "b"], 2, 6).attributes[0].role == "unclear"


def test_a_band_of_few_is_merged_into_the_middle() -> None:
    x = ratings(5)
    x[:, 1] = np.where(np.arange(len(x)) < 10, 1, 4)
    found = penalty_reward(x, x.sum(axis=1), ["a", "b"], 2, 6).attributes[1]
    assert (found.penalty.n, found.penalty.points) == (10, None)
    assert (found.span, found.asymmetry) == (None, None)


def test_effects_against_expectation_leave_no_asymmetry() -> None:
    x = ratings(6)
    y = 5.0 + (x[:, 0] <= 2) - (x[:, 0] >= 6) + np.random.default_rng(7).normal(0, 0.1, len(x))
    first = penalty_reward(x, y, ["a", "b"], 2, 6).attributes[0]
    assert (first.span, first.asymmetry, first.role) == (0.0, None, "unclear")


def test_answers_that_allow_no_regression_say_why() -> None:
    x = ratings(8)
    y = x[:, 0]
    assert penalty_reward(x[:39], y[:39], ["a", "b"], 2, 6).unknown == "too_few_answers"
    assert penalty_reward(x, np.full(len(x), 4.0), ["a", "b"], 2, 6).unknown == "no_spread"
    twice = x[:, [0, 0]]
    assert penalty_reward(twice, y, ["a", "a again"], 2, 6).unknown == "inseparable"


def test_missing_ratings_leave_the_respondent_out() -> None:
    x = ratings(9)
    x[0, 0] = np.nan
    assert penalty_reward(x, ratings(10)[:, 0], ["a", "b"], 2, 6).n == len(x) - 1


def test_shapes_and_bands_must_fit() -> None:
    with pytest.raises(ValueError, match="one rating per attribute"):
        penalty_reward([[1.0]], [1.0], ["a", "b"], 2, 6)
    with pytest.raises(ValueError, match="low band"):
        penalty_reward([[1.0]], [1.0], ["a"], 6, 6)
