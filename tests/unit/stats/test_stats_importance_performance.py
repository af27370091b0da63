from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr

from csat.stats.importance_performance import importance_performance, quadrant
from csat.stats.intervals import mean_interval
from csat.stats.moments import Moments

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


def test_an_item_has_the_t_interval_of_its_ratings() -> None:
    grid = importance_performance(NAMES, STATED, RATED)
    assert grid is not None
    ratings = [int(x) for x in RATED[:, 0]]
    ci = mean_interval(Moments(len(ratings), sum(ratings), sum(x * x for x in ratings)))
    assert ci is not None
    item = grid.items[0]
    assert (item.performance_low, item.performance_high) == pytest.approx((ci.low, ci.high))


def test_an_item_all_rate_alike_has_no_width() -> None:
    rated = RATED.copy()
    rated[:, 0] = 3
    grid = importance_performance(NAMES, STATED, rated)
    assert grid is not None
    assert (grid.items[0].performance_low, grid.items[0].performance_high) == (3, 3)


@pytest.mark.parametrize("n", [1500, 6001])
def test_support_is_the_chance_of_staying_on_one_side_of_the_line(n: int) -> None:
    """Singly or in blocks, the draws scatter as the mean of the ratings does."""
    stated, rated = answers(5, n, (5.0, 5.0)), answers(6, n, (4.0, 4.0))
    line = float(rated[:, 0].mean() - 0.5 * rated[:, 0].std() / n**0.5)
    grid = importance_performance(["a", "b"], stated, rated, (1.0, line), draws=4000)
    assert grid is not None
    assert grid.items[0].support == pytest.approx(ndtr(0.5), abs=0.03)


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
