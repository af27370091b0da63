from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.importance_performance import importance_performance, quadrant

NAMES = ["a", "b", "c", "d"]
Table = np.ndarray[Any, np.dtype[np.float64]]


def answers(seed: int, n: int, means: tuple[float, ...]) -> Table:
    rng = np.random.default_rng(seed)
    return np.clip(np.round(rng.normal(means, 1.0, size=(n, len(means)))), 1, 7)


STATED = answers(1, 120, (6.5, 6.4, 4.0, 4.1))
RATED = answers(2, 120, (3.0, 6.0, 3.2, 6.1))


def test_the_four_corners_are_told_apart() -> None:
    grid = importance_performance(NAMES, STATED, RATED)
    assert grid is not None
    assert [item.quadrant for item in grid.items] == [
        "concentrate",
        "keep_up",
        "low_priority",
        "possible_overkill",
    ]
    assert not any(item.borderline for item in grid.items)
    assert grid.crosshair == "means"


def test_an_item_beside_a_line_is_borderline() -> None:
    stated = answers(3, 40, (6.5, 5.25, 4.0))
    grid = importance_performance(["a", "b", "c"], stated, answers(4, 40, (3.0, 4.2, 5.5)))
    assert grid is not None
    middle = grid.items[1]
    assert middle.crosses_importance
    assert middle.crosses_performance
    assert middle.borderline
    assert middle.support < 0.8


def test_lines_may_be_medians_or_given() -> None:
    by_medians = importance_performance(NAMES, STATED, RATED, "medians")
    given_lines = importance_performance(NAMES, STATED, RATED, (4.0, 4.0))
    assert by_medians is not None
    assert given_lines is not None
    assert by_medians.cross_importance == pytest.approx(np.median(STATED.mean(axis=0)))
    assert (given_lines.cross_importance, given_lines.crosshair) == (4.0, "given")


def test_the_same_answers_give_the_same_grid() -> None:
    first, second = (importance_performance(NAMES, STATED, RATED) for _ in range(2))
    assert first == second


def test_an_item_rests_on_those_who_rated_it() -> None:
    rated = RATED.copy()
    rated[:100, 0] = np.nan
    grid = importance_performance(NAMES, STATED, rated)
    assert grid is not None
    assert grid.items[0].performance == pytest.approx(RATED[100:, 0].mean())
    rated[:119, 0] = np.nan
    rare = importance_performance(NAMES, STATED, rated)
    assert rare is not None
    assert np.isfinite(rare.items[0].performance_low)


def test_many_respondents_are_drawn_in_blocks_with_the_same_spread() -> None:
    stated, rated = answers(5, 4001, (6.5, 4.0)), answers(6, 4001, (3.0, 6.0))
    grid = importance_performance(["a", "b"], stated, rated)
    assert grid is not None
    item = grid.items[0]
    se = rated[:, 0].std() / 4001**0.5
    assert item.performance_high - item.performance_low == pytest.approx(2 * 1.96 * se, rel=0.15)


def test_items_without_ratings_and_lone_respondents_have_no_grid() -> None:
    rated = RATED.copy()
    rated[:, 0] = np.nan
    assert importance_performance(NAMES, STATED, rated) is None
    assert importance_performance(NAMES, STATED[:1], RATED[:1]) is None


def test_tables_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="one row per respondent"):
        importance_performance(NAMES, STATED, RATED[:-1])
    with pytest.raises(ValueError, match="100 draws"):
        importance_performance(NAMES, STATED, RATED, draws=10)


@settings(max_examples=50, deadline=None)
@given(*[st.floats(1, 7)] * 4, st.floats(-3, 3))
def test_a_quadrant_does_not_depend_on_where_the_scale_starts(
    i: float, p: float, ci: float, cp: float, shift: float
) -> None:
    near_a_line = min(abs(i - ci), abs(p - cp)) < 1e-9
    assert near_a_line or quadrant(i, p, ci, cp) == quadrant(
        i + shift, p + shift, ci + shift, cp + shift
    )
