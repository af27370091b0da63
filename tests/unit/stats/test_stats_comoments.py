from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csat.stats.comoments import Comoments, comoments_of, correlation_of, square

modest = settings(max_examples=50, deadline=None)
answers = arrays(
    np.int64, st.tuples(st.integers(2, 30), st.integers(1, 6)), elements=st.integers(1, 7)
)


@modest
@given(answers)
def test_covariances_and_means_are_those_of_the_answers(rows: np.ndarray) -> None:
    sums = comoments_of(rows)
    assert sums.covariance == pytest.approx(np.atleast_2d(np.cov(rows.T)), abs=1e-12)
    assert sums.means == pytest.approx(rows.mean(axis=0))


@modest
@given(answers, st.integers(0, 30))
def test_adding_the_sums_of_batches_is_pooling_their_answers(rows: np.ndarray, cut: int) -> None:
    assert comoments_of(rows[:cut]) + comoments_of(rows[cut:]) == comoments_of(rows)


def test_a_respondent_with_a_missing_answer_is_left_out_whole() -> None:
    assert comoments_of([[1, 2], [3, np.nan], [2, 5]]) == comoments_of([[1, 2], [2, 5]])


def test_half_of_the_products_is_enough() -> None:
    rows = [[1, 2, 4], [2, 1, 3], [5, 5, 1]]
    full = comoments_of(rows)
    upper = [list(row[i:]) for i, row in enumerate(full.products)]
    assert Comoments(3, full.totals, upper) == full


def test_sums_beyond_fixed_width_integers_keep_their_digits() -> None:
    n, high = 10**8, 420
    sums = Comoments(2 * n, (n * high + n * (high - 1),), ((n * high**2 + n * (high - 1) ** 2,),))
    assert sums.covariance == pytest.approx(np.array([[0.25]]), rel=1e-7)


def test_items_can_be_selected_in_any_order() -> None:
    rows = np.array([[1, 2, 4], [2, 1, 3], [5, 5, 1]])
    assert comoments_of(rows).select([2, 0]) == comoments_of(rows[:, [2, 0]])


def test_scores_kept_as_sixtieths_are_scored_back() -> None:
    rows = np.array([[1, 2], [2, 5], [4, 4]])
    scaled = comoments_of(rows * 60)
    again = Comoments(scaled.n, scaled.totals, scaled.products, divisor=60)
    assert again.covariance == pytest.approx(comoments_of(rows).covariance)


def test_too_few_respondents_have_no_covariance() -> None:
    assert Comoments(0, (0,), ((0,),)).means is None
    assert comoments_of([[3, 4]]).covariance is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, (1, 2), ((1,),)), "2 by 2"),
        ((1, (1, 2), ((1, 2, 3), (1, 2, 3))), "2 by 2"),
        ((-1, (1,), ((1,),)), "at least 0"),
        ((1, (1,), ((1,),), 0), "at least 1"),
    ],
)
def test_malformed_sums_are_refused(arguments: tuple, message: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(ValueError, match=message):
        Comoments(*arguments)


def test_sums_of_different_items_do_not_add() -> None:
    with pytest.raises(ValueError, match="cannot be added"):
        comoments_of([[1, 2]]) + comoments_of([[1]])


def test_fractions_and_lists_are_not_a_table_of_answers() -> None:
    with pytest.raises(ValueError, match="whole numbers"):
        comoments_of([[1.5, 2]])
    with pytest.raises(ValueError, match="table"):
        comoments_of([1, 2])


@pytest.mark.parametrize(
    "matrix", [[[1, 2]], [[1, 2], [0, 1]], [[np.nan]], [1.0], np.empty((0, 0))], ids=str
)
def test_what_is_no_covariance_matrix_is_refused(matrix: object) -> None:
    with pytest.raises(ValueError, match="matrix must be"):
        square(matrix)  # type: ignore[arg-type]


def test_an_item_without_spread_has_no_correlations() -> None:
    assert correlation_of([[1.0, 0.0], [0.0, 0.0]]) is None
