from __future__ import annotations

from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.blocks import MOST_BLOCKS, Blocks, blocks_of
from csat.stats.drivers import drivers, noise_limit
from csat.stats.least_squares import least_squares
from csat.stats.relative_importance import (
    explained_by_subsets,
    relative_weights,
    shapley_shares,
    shares_of,
)

modest = settings(max_examples=30, deadline=None)
seeds = st.integers(0, 10_000)
Table = np.ndarray[Any, np.dtype[np.float64]]


def survey(seed: int, p: int, n: int = 80) -> Table:
    """Return p related predictors and, last, an outcome that follows some of them."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, p)) + rng.normal(size=(n, 1))
    return np.column_stack((x, x @ rng.uniform(-0.5, 1, p) + rng.normal(size=n)))


def r_squared(x: Table, y: Table) -> float:
    design = np.column_stack((np.ones(len(x)), x))
    residual = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - float(residual @ residual) / float(((y - y.mean()) ** 2).sum())


# Parts of the explained variance


@modest
@given(seeds, st.integers(1, 4))
def test_every_subset_is_explained_as_its_own_regression_says(seed: int, p: int) -> None:
    rows = survey(seed, p)
    explained = explained_by_subsets(np.cov(rows.T)[None])[:, 0]
    for subset, value in enumerate(explained):
        members = [j for j in range(p) if subset >> (p - 1 - j) & 1]
        assert value == pytest.approx(r_squared(rows[:, members], rows[:, -1]), abs=1e-9)


@modest
@given(seeds, st.integers(2, 4))
def test_a_share_is_what_a_predictor_adds_on_average_over_all_orders(seed: int, p: int) -> None:
    rows = survey(seed, p)
    added = np.zeros(p)
    orders = list(permutations(range(p)))
    for order in orders:
        for place, j in enumerate(order):
            before, after = list(order[:place]), list(order[: place + 1])
            added[j] += r_squared(rows[:, after], rows[:, -1]) - r_squared(
                rows[:, before], rows[:, -1]
            )
    assert shapley_shares(np.cov(rows.T)[None])[0] == pytest.approx(added / len(orders), abs=1e-9)


@modest
@given(seeds, st.integers(1, 7), st.floats(0.01, 100))
def test_shares_sum_to_r_squared_and_know_no_units(seed: int, p: int, unit: float) -> None:
    rows = survey(seed, p)
    whole = r_squared(rows[:, :-1], rows[:, -1])
    for method in (shapley_shares, relative_weights):
        shares = method(np.cov(rows.T)[None])[0]
        assert (shares >= 0).all()
        assert shares.sum() == pytest.approx(whole, abs=1e-9)
        rows_scaled = rows * np.linspace(unit, 1, p + 1)
        assert method(np.cov(rows_scaled.T)[None])[0] == pytest.approx(shares, abs=1e-9)


@modest
@given(seeds)
def test_shares_follow_their_predictors_when_these_change_places(seed: int) -> None:
    rows = survey(seed, 5)
    order = [3, 0, 4, 1, 2]
    for method in (shapley_shares, relative_weights):
        plain = method(np.cov(rows.T)[None])[0]
        moved = method(np.cov(rows[:, [*order, 5]].T)[None])[0]
        assert moved == pytest.approx(plain[order], abs=1e-9)


def test_a_repeated_predictor_halves_its_share() -> None:
    rows = survey(1, 2)
    doubled = rows[:, [0, 0, 1, 2]]
    for method in (shapley_shares, relative_weights):
        shares = method(np.cov(doubled.T)[None])[0]
        assert shares[0] == pytest.approx(shares[1])
        assert shares.sum() == pytest.approx(r_squared(rows[:, :-1], rows[:, -1]))


def test_what_has_no_spread_has_no_share_and_explains_nothing() -> None:
    rows = survey(1, 3)
    rows[:, 1] = 4
    for method in (shapley_shares, relative_weights):
        assert method(np.cov(rows.T)[None])[0][1] == 0
    rows[:, -1] = 4
    assert explained_by_subsets(np.cov(rows.T)[None]).max() == 0


def test_beyond_twelve_predictors_johnson_takes_over() -> None:
    stack = np.cov(survey(2, 13, 200).T)[None]
    assert shares_of(stack) == pytest.approx(relative_weights(stack))


# Blocks of respondents


@modest
@given(seeds, st.integers(2, 40))
def test_blocks_hold_the_covariances_of_their_respondents(seed: int, n: int) -> None:
    rows = survey(seed, 2, n) + 1000
    assert blocks_of(rows).covariance == pytest.approx(np.cov(rows.T, ddof=0), rel=1e-6, abs=1e-6)


def test_weights_count_like_repeated_respondents() -> None:
    rows = survey(3, 2, 30)
    times = np.arange(30) % 3
    blocks = blocks_of(rows, times)
    assert blocks.covariance == pytest.approx(np.cov(np.repeat(rows, times, axis=0).T, ddof=0))
    assert (blocks.n, blocks.effective_n) == (20, pytest.approx(30**2 / 50))


def test_many_respondents_share_blocks_without_changing_the_sums() -> None:
    rows = survey(4, 2, 3 * MOST_BLOCKS + 7)
    blocks = blocks_of(rows)
    assert len(blocks.weights) == MOST_BLOCKS
    assert set(blocks.weights) == {3, 4}
    assert blocks.covariance == pytest.approx(np.cov(rows.T, ddof=0))


def test_draws_of_blocks_scatter_as_draws_of_respondents_do() -> None:
    rows = survey(5, 1, 4000)
    singly = blocks_of(rows[:MOST_BLOCKS])
    grouped = blocks_of(rows)
    spread = [np.concatenate(list(b.resampled(400, 1)))[:, 0, 1].std() for b in (singly, grouped)]
    assert spread[0] / spread[1] == pytest.approx(2**0.5, rel=0.15)


def test_the_same_seed_draws_the_same_samples() -> None:
    blocks = blocks_of(survey(6, 2))
    first, second = (np.concatenate(list(blocks.resampled(150, 9))) for _ in range(2))
    assert first.shape == (150, 3, 3)
    assert (first == second).all()


def test_respondents_with_a_missing_answer_or_no_weight_are_left_out() -> None:
    rows = [[1.0, 2.0], [np.nan, 1.0], [2.0, 5.0], [9.0, 9.0]]
    assert blocks_of(rows, [1, 1, 1, 0]).n == 2
    assert blocks_of(np.empty((0, 2))).covariance.tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize(
    ("rows", "weights", "message"),
    [([1.0], None, "table"), ([[1.0]], [1, 2], "one weight"), ([[1.0]], [-1], "at least 0")],
)
def test_a_malformed_table_or_weight_is_refused(rows: Any, weights: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        blocks_of(rows, weights)


def test_blocks_of_unequal_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="each block"):
        Blocks(1, 1.0, np.ones(2), np.ones((1, 2)), np.ones((1, 2, 2)))


# Drivers


def test_a_driver_carries_its_share_interval_slope_and_inflation() -> None:
    rows = survey(7, 3, 300)
    found = drivers(blocks_of(rows), ["a", "b", "c"])
    fit = least_squares(rows[:, :-1], rows[:, -1])
    assert fit is not None
    assert found.r_squared == pytest.approx(fit.r_squared)
    assert [d.coefficient for d in found.drivers] == pytest.approx(list(fit.coefficients[1:]))
    for j, driver in enumerate(found.drivers):
        others = np.delete(rows[:, :-1], j, axis=1)
        assert driver.vif == pytest.approx(1 / (1 - r_squared(others, rows[:, j])))
        assert driver.low <= driver.share <= driver.high
    assert sum(d.percent for d in found.drivers) == pytest.approx(100)


def test_noise_is_shown_as_zero() -> None:
    rng = np.random.default_rng(8)
    rows = rng.normal(size=(200, 4))
    rows[:, 3] += rows[:, 0]
    found = drivers(blocks_of(rows), ["real", "noise", "more noise"])
    assert [d.shown > 0 for d in found.drivers] == [True, False, False]
    assert found.drivers[0].shown == found.drivers[0].share


def test_random_answers_rarely_pass_for_a_driver() -> None:
    rng = np.random.default_rng(9)
    false_alarms = 0
    for _ in range(200):
        rows = rng.normal(size=(100, 5))
        rows[:, 4] += rows[:, 0]
        covariance = np.cov(rows.T)
        limit = noise_limit(covariance, 100)
        false_alarms += bool((shapley_shares(covariance[None])[0][1:] > limit).any())
    assert false_alarms <= 20  # some 10 are expected


def test_predictors_that_follow_from_each_other_are_named() -> None:
    rows = survey(10, 2, 100)
    found = drivers(blocks_of(np.column_stack((rows[:, 0], rows))), ["a", "a again", "b"])
    assert [d.vif is None for d in found.drivers] == [True, True, False]
    assert [d.repeats_others for d in found.drivers] == [True, True, False]


def test_a_suppressed_predictor_is_seen_by_its_sign() -> None:
    rng = np.random.default_rng(11)
    common = rng.normal(size=400)
    a = common + 0.2 * rng.normal(size=400)
    b = common + 0.2 * rng.normal(size=400)
    found = drivers(blocks_of(np.column_stack((a, b, 2 * a - b))), ["a", "b"])
    assert [d.sign_turns for d in found.drivers] == [False, True]


def test_a_predictor_everyone_answers_alike_drives_nothing() -> None:
    rows = survey(12, 2, 100)
    rows[:, 1] = 5
    flat = drivers(blocks_of(rows), ["a", "b"]).drivers[1]
    assert (flat.share, flat.coefficient, flat.vif, flat.above_noise) == (0, 0, None, False)


def test_little_explained_is_called_weak() -> None:
    rows = np.random.default_rng(13).normal(size=(200, 3))
    assert drivers(blocks_of(rows), ["a", "b"]).weak


@pytest.mark.parametrize(("n", "p"), [(49, 2), (99, 10)])
def test_too_few_answers_have_no_drivers(n: int, p: int) -> None:
    found = drivers(blocks_of(survey(1, p, n)), [str(j) for j in range(p)])
    assert (found.drivers, found.r_squared, found.unknown) == ((), None, "too_few_answers")
    assert not found.weak


def test_unequal_weights_can_make_answers_too_few() -> None:
    weights = np.ones(60)
    weights[:10] = 20
    found = drivers(blocks_of(survey(1, 2, 60), weights), ["a", "b"])
    assert found.unknown == "too_few_answers"


@pytest.mark.parametrize("columns", [[2], [0, 1]], ids=["outcome", "predictors"])
def test_equal_answers_have_no_drivers(columns: list[int]) -> None:
    rows = survey(1, 2, 100)
    rows[:, columns] = 3.7
    assert drivers(blocks_of(rows), ["a", "b"]).unknown == "no_spread"


def test_names_must_match_and_draws_must_suffice() -> None:
    blocks = blocks_of(survey(1, 2))
    with pytest.raises(ValueError, match="do not match"):
        drivers(blocks, ["a"])
    with pytest.raises(ValueError, match="100 draws"):
        drivers(blocks, ["a", "b"], draws=99)


# Regression


@modest
@given(seeds, st.integers(1, 4))
def test_regression_agrees_with_an_independent_implementation(seed: int, p: int) -> None:
    import statsmodels.api as sm

    rows = survey(seed, p, 40)
    fit = least_squares(rows[:, :-1], rows[:, -1])
    oracle = sm.OLS(rows[:, -1], sm.add_constant(rows[:, :-1])).fit(cov_type="HC3", use_t=True)
    assert fit is not None
    assert fit.coefficients == pytest.approx(oracle.params)
    assert fit.standard_error == pytest.approx(oracle.bse)
    assert fit.p_value == pytest.approx(oracle.pvalues, abs=1e-9)


def test_one_respondent_alone_in_a_category_does_not_break_the_errors() -> None:
    x = np.zeros((10, 1))
    x[0] = 1
    fit = least_squares(x, np.arange(10.0))
    assert fit is not None
    assert np.isfinite(fit.standard_error).all()


def test_what_cannot_be_fitted_has_no_regression() -> None:
    assert least_squares([[1.0], [2.0]], [1.0, 2.0]) is None
    assert least_squares([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0], [0, 0]], [1, 2, 3, 5]) is None
    assert least_squares([[1.0], [2.0], [4.0]], [5.0, 5.0, 5.0]) is None
    with pytest.raises(ValueError, match="one outcome"):
        least_squares([[1.0]], [1.0, 2.0])
