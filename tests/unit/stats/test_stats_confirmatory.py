from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.confirmatory import confirmatory
from csat.stats.factor import one_factor

modest = settings(max_examples=20, deadline=None)
seeds = st.integers(0, 10_000)
TWO = {"a": [0, 1, 2], "b": [3, 4, 5]}
Table = np.ndarray[Any, np.dtype[np.float64]]


def answers(seed: int, between: float = 0.4, n: int = 300) -> Table:
    """Return six items of two dimensions that correlate by so much."""
    rng = np.random.default_rng(seed)
    factors = rng.multivariate_normal([0, 0], [[1, between], [between, 1]], size=n)
    noise = rng.normal(size=(n, 6))
    return np.repeat(factors, 3, axis=1) + 0.7 * noise


@modest
@given(seeds)
def test_the_fit_knows_no_units_and_no_order(seed: int) -> None:
    rows = answers(seed)
    plain = confirmatory(np.cov(rows.T), 300, TWO)
    scaled = confirmatory(np.cov((rows * [1, 2, 3, 4, 5, 6]).T), 300, TWO)
    turned = confirmatory(np.cov(rows[:, ::-1].T), 300, {"b": [2, 1, 0], "a": [5, 4, 3]})
    assert plain.chi_square == pytest.approx(scaled.chi_square, abs=1e-5)
    assert plain.chi_square == pytest.approx(turned.chi_square, abs=1e-5)
    assert plain.dimensions["a"].loadings == pytest.approx(
        turned.dimensions["a"].loadings, abs=1e-5
    )


@modest
@given(seeds)
def test_one_dimension_is_the_one_factor_model(seed: int) -> None:
    correlation = np.corrcoef(answers(seed)[:, :4].T)
    found = confirmatory(correlation, 300, {"all": [0, 1, 2, 3]})
    factor = one_factor(correlation)
    assert factor is not None
    if not factor.at_bound and not found.improper and found.unknown is None:
        assert found.dimensions["all"].loadings == pytest.approx(factor.loadings, abs=1e-4)
        assert found.dimensions["all"].composite == pytest.approx(factor.omega, abs=1e-4)


def test_items_under_the_right_heading_fit_and_under_the_wrong_one_do_not() -> None:
    covariance = np.cov(answers(1, between=0.3).T)
    right = confirmatory(covariance, 300, TWO)
    wrong = confirmatory(covariance, 300, {"a": [0, 1, 3], "b": [2, 4, 5]})
    assert right.cfi is not None
    assert right.cfi > 0.97
    assert all(d.distinct for d in right.dimensions.values())
    assert right.descriptive_only("a") is False
    assert wrong.cfi is None or wrong.cfi < 0.9 or wrong.improper


def test_dimensions_that_measure_the_same_are_not_distinct() -> None:
    found = confirmatory(np.cov(answers(2, between=0.98).T), 300, TWO)
    assert not found.dimensions["a"].distinct


@pytest.mark.parametrize(
    ("matrix", "n", "dimensions", "reason"),
    [
        (np.eye(6), 99, TWO, "too_few_answers"),
        (np.ones((6, 6)), 300, TWO, "no_spread"),
        (np.zeros((6, 6)), 300, TWO, "no_spread"),
        (np.eye(6), 300, {"a": [0, 1]}, "not_identified"),
        (np.eye(6), 300, {"a": [0], "b": [1, 2, 3]}, "not_identified"),
        (np.eye(6), 300, {}, "not_identified"),
    ],
)
def test_what_cannot_be_fitted_says_why(matrix: Any, n: int, dimensions: Any, reason: str) -> None:
    found = confirmatory(matrix, n, dimensions)
    assert (found.unknown, found.cfi, found.dimensions) == (reason, None, {})
    assert found.descriptive_only("a") is None


def test_unrelated_items_end_in_a_fit_or_in_a_reason() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        found = confirmatory(np.corrcoef(rng.normal(size=(120, 6)).T), 120, TWO)
        assert found.unknown in (None, "no_fit")


def test_an_item_in_two_dimensions_is_refused() -> None:
    with pytest.raises(ValueError, match="one dimension"):
        confirmatory(np.eye(4), 300, {"a": [0, 1], "b": [1, 2]})
