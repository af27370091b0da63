from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csat.stats.comoments import comoments_of
from csat.stats.index import (
    Indicator,
    index_from_moments,
    index_of_scores,
    index_scores,
    reweighted,
    satisfaction_index,
    unstandardised_weights,
)
from csat.stats.moments import Moments

modest = settings(max_examples=60, deadline=None)
answers = arrays(
    np.float64, st.tuples(st.integers(2, 30), st.just(3)), elements=st.integers(1, 10).map(float)
)
THREE = [Indicator("a", 5, 1, 10), Indicator("b", 3, 1, 10), Indicator("c", 2, 1, 10)]


@modest
@given(answers)
def test_the_index_is_the_weighted_mean_of_rescaled_answers(rows: Any) -> None:
    found = satisfaction_index(rows, THREE)
    assert found is not None
    means = 100 * (rows.mean(axis=0) - 1) / 9
    assert found.value == pytest.approx(means @ [0.5, 0.3, 0.2])
    assert list(found.levels.values()) == pytest.approx(means.tolist())


@modest
@given(answers)
def test_sums_alone_give_the_same_index_and_error(rows: Any) -> None:
    sums = comoments_of(rows)
    assert sums.means is not None
    whole, found = (
        index_from_moments(sums.n, sums.means, sums.covariance, THREE),
        satisfaction_index(rows, THREE),
    )
    assert found is not None
    assert whole.value == pytest.approx(found.value)
    assert (whole.standard_error or 0) == pytest.approx(found.standard_error or 0, abs=1e-6)


@modest
@given(answers)
def test_added_scores_give_the_same_index_and_error(rows: Any) -> None:
    unit = 1_000_000
    scores = [round(unit * float(x)) for x in index_scores(rows, THREE)]
    sums = Moments(len(scores), sum(scores), sum(x * x for x in scores), unit)
    added, found = index_of_scores(sums), satisfaction_index(rows, THREE)
    assert added is not None
    assert found is not None
    assert added.value == pytest.approx(found.value, abs=1e-6)
    assert (added.standard_error or 0) == pytest.approx(found.standard_error or 0, abs=1e-5)
    assert index_of_scores(Moments(0, 0, 0)) is None


@modest
@given(answers)
def test_the_index_stays_on_its_scale(rows: Any) -> None:
    found = satisfaction_index(rows, THREE)
    assert found is not None
    assert 0 <= found.value <= 100
    if found.low is not None and found.high is not None:
        assert 0 <= found.low <= found.value <= found.high <= 100


@modest
@given(answers)
def test_turning_every_scale_mirrors_the_index(rows: Any) -> None:
    turned = [Indicator(i.key, i.weight, i.best, i.worst) for i in THREE]
    plain, mirrored = satisfaction_index(rows, THREE), satisfaction_index(rows, turned)
    assert plain is not None
    assert mirrored is not None
    assert mirrored.value == pytest.approx(100 - plain.value)


def test_scales_of_different_length_meet_on_a_hundred() -> None:
    mixed = [Indicator("five", 1, 1, 5), Indicator("effort", 1, 7, 1)]
    assert index_scores([[5, 1], [1, 7], [3, 4]], mixed).tolist() == [100, 0, 50]


def test_half_of_the_weight_is_enough() -> None:
    nan = np.nan
    found = satisfaction_index([[10, nan, nan], [nan, 10, 10], [nan, 10, nan]], THREE)
    assert found is not None
    assert (found.n, found.partial, found.left_out) == (2, 2, 1)
    assert found.value == 100


def test_an_indicator_nobody_answered_has_no_level() -> None:
    found = satisfaction_index([[10, 5, np.nan], [9, 5, np.nan]], THREE)
    assert found is not None
    assert found.levels["c"] is None


def test_equal_answers_and_one_respondent_have_no_interval() -> None:
    for rows in ([[7, 7, 7]] * 5, [[7, 8, 9]]):
        found = satisfaction_index(rows, THREE)
        assert found is not None
        assert (found.standard_error, found.low, found.high) == (None, None, None)
    assert satisfaction_index(np.full((3, 3), np.nan), THREE) is None
    assert index_from_moments(5, [7, 7, 7], None, THREE).low is None


def test_new_weights_move_the_index_without_any_answer() -> None:
    dropped = [Indicator("a", 1, 1, 10), Indicator("b", 1, 1, 10), Indicator("c", 0, 1, 10)]
    found = reweighted([[10, 1, 4], [8, 3, np.nan]], THREE, dropped)
    assert found is not None
    assert found.shift == pytest.approx(found.new.value - found.old.value)
    assert found.new.partial == 0
    assert reweighted([[np.nan] * 3], THREE, dropped) is None
    with pytest.raises(ValueError, match="same indicators"):
        reweighted([[1, 2, 3]], THREE, THREE[:2])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Indicator("a", -1, 1, 5), "at least 0"),
        (lambda: Indicator("a", 1, 5, 5), "two ends"),
        (lambda: satisfaction_index([[1]], [Indicator("a", 0, 1, 5)]), "above 0"),
        (lambda: satisfaction_index([[1, 1]], [Indicator("a", 1, 1, 5)] * 2), "once"),
        (lambda: satisfaction_index([[1, 1]], [Indicator("a", 1, 1, 5)]), "one column"),
        (lambda: satisfaction_index([[6]], [Indicator("a", 1, 1, 5)]), "off the scale"),
        (lambda: index_from_moments(0, [1], None, [Indicator("a", 1, 1, 5)]), "one respondent"),
        (lambda: unstandardised_weights([1], [0]), "above 0"),
        (lambda: unstandardised_weights([-1], [1]), "more than 0"),
    ],
)
def test_an_index_that_cannot_be_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()
