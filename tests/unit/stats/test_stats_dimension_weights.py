from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csat.stats.dimension_weights import (
    PUBLISHED,
    Weights,
    allocations,
    normalised,
    published_weights,
    score_of_means,
    weighted_score,
)
from csat.stats.intervals import mean_interval
from csat.stats.moments import Moments

modest = settings(max_examples=60, deadline=None)
gap_tables = arrays(
    np.float64, st.tuples(st.integers(2, 30), st.just(3)), elements=st.integers(-6, 6).map(float)
)
point_tables = arrays(
    np.float64, st.tuples(st.integers(1, 30), st.just(3)), elements=st.integers(0, 100).map(float)
)
THREE = Weights("own", {"a": 0.5, "b": 0.3, "c": 0.2})


# Sources


@modest
@given(st.dictionaries(st.text(max_size=3), st.floats(0.01, 1e6), min_size=1), st.floats(0.01, 1e3))
def test_weights_sum_to_one_whatever_their_unit(raw: dict[str, float], unit: float) -> None:
    found, scaled = normalised(raw), normalised({k: w * unit for k, w in raw.items()})
    assert found is not None
    assert scaled is not None
    assert sum(found.weights.values()) == pytest.approx(1)
    assert scaled.weights == pytest.approx(found.weights)


def test_weights_of_zero_weigh_nothing() -> None:
    assert normalised({"a": 0, "b": 0}) is None


@pytest.mark.parametrize("raw", [{}, {"a": -1}, {"a": float("nan")}], ids=str)
def test_impossible_weights_are_refused(raw: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        normalised(raw)


def test_the_published_weights_make_a_hundred() -> None:
    assert sum(PUBLISHED.values()) == 100
    assert published_weights([]) is None


# Points


@modest
@given(point_tables)
def test_every_usable_allocation_sums_to_one(points: Any) -> None:
    found = allocations(points)
    usable = ~np.isnan(found.weights).any(axis=1)
    assert found.weights[usable].sum(axis=1) == pytest.approx(np.ones(usable.sum()))
    assert found.unusable == int((points.sum(axis=1) == 0).sum())
    assert (found.mean is None) == (not usable.any())


def test_half_a_point_off_is_rounding_and_more_is_flagged() -> None:
    assert allocations([[33.3, 33.3, 33.3]]).rescaled == 0
    assert allocations([[33, 33, 33]]).rescaled == 1


def test_negative_points_make_an_allocation_unusable() -> None:
    found = allocations([[120, -20, 0], [50, 30, 20]])
    assert found.unusable == 1
    assert found.mean == pytest.approx([0.5, 0.3, 0.2])
    with pytest.raises(ValueError, match="table"):
        allocations([1, 2, 3])


# Scores


@modest
@given(gap_tables)
def test_with_fixed_weights_the_score_is_that_of_the_means(gaps: Any) -> None:
    found = weighted_score(gaps, THREE)
    assert found is not None
    score, parts = score_of_means(dict(zip("abc", gaps.mean(axis=0), strict=True)), THREE)
    assert found.score == pytest.approx(score)
    assert found.difference == pytest.approx(0, abs=1e-9)
    assert found.contributions == pytest.approx(parts)


@modest
@given(gap_tables)
def test_the_score_lies_between_the_least_and_the_greatest_gap(gaps: Any) -> None:
    found = weighted_score(gaps, THREE)
    assert found is not None
    assert gaps.min() - 1e-9 <= found.score <= gaps.max() + 1e-9


@modest
@given(gap_tables)
def test_the_interval_is_that_of_the_respondents_scores(gaps: Any) -> None:
    found = weighted_score(gaps, THREE)
    tenths = (gaps @ [5, 3, 2]).astype(int).tolist()
    ci = mean_interval(Moments(len(tenths), sum(tenths), sum(x * x for x in tenths), 10))
    assert found is not None
    assert (found.low is None) == (ci is None)
    if ci is not None:
        assert (found.low, found.high) == pytest.approx((ci.low, ci.high))


def test_people_who_weigh_what_they_miss_lower_the_score() -> None:
    gaps = np.array([[-3.0, 0.0, 0.0], [0.0, -3.0, 0.0], [0.0, 0.0, -3.0]])
    own = allocations([[80, 10, 10], [10, 80, 10], [10, 10, 80]])
    found = weighted_score(gaps, THREE, own.weights)
    assert found is not None
    assert found.score == pytest.approx(-2.4)
    assert found.mean_times_mean == pytest.approx(-1.0)
    assert found.difference == pytest.approx(-1.4)
    assert found.source == "respondents"


def test_a_missing_dimension_leaves_its_weight_to_the_others() -> None:
    gaps = [[-2.0, np.nan, -1.0], [np.nan, -1.0, -1.0], [-1.0, -1.0, -1.0]]
    found = weighted_score(gaps, THREE)
    assert found is not None
    assert found.score == pytest.approx(((0.5 * -2 + 0.2 * -1) / 0.7 - 1 - 1) / 3)
    assert found.n == 3


def test_respondents_with_less_than_half_the_weight_do_not_count() -> None:
    found = weighted_score([[np.nan, -1.0, np.nan], [-1.0, 0.0, 0.0], [0, 0, 0]], THREE)
    assert found is not None
    assert found.n == 2
    assert weighted_score([[np.nan, np.nan, -1.0]], THREE) is None


def test_respondents_without_usable_points_do_not_count() -> None:
    own = allocations([[0, 0, 0], [50, 30, 20]])
    found = weighted_score([[-1.0, -1.0, -1.0], [-2.0, -2.0, -2.0]], THREE, own.weights)
    assert found is not None
    assert (found.n, found.score, found.low) == (1, -2.0, None)


def test_equal_scores_have_no_interval() -> None:
    found = weighted_score(np.full((5, 3), -1.1), THREE)
    assert found is not None
    assert (found.low, found.high) == (None, None)


def test_tables_that_do_not_match_are_refused() -> None:
    with pytest.raises(ValueError, match="one column for each"):
        weighted_score([[1.0, 2.0]], THREE)
    with pytest.raises(ValueError, match="shape of the values"):
        weighted_score([[1.0, 2.0, 3.0]], THREE, [[1.0, 2.0]])
    with pytest.raises(ValueError, match="no weighted dimension"):
        score_of_means({"d": 1.0}, THREE)
