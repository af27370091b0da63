from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.answering import (
    ceiling_share,
    item_nonresponse,
    share_of,
    straight_lined,
)
from csat.stats.factor import one_factor
from csat.stats.factorability import factorability
from csat.stats.reliability import difference_reliability, reliability

modest = settings(max_examples=40, deadline=None)


def scale_of(seed: int, k: int, n: int = 60, strength: float = 1.0) -> np.ndarray:
    """Return the covariances of k items driven by one factor."""
    rng = np.random.default_rng(seed)
    return np.cov((rng.normal(size=(n, k)) + strength * rng.normal(size=(n, 1))).T)


seeds, sizes = st.integers(0, 10_000), st.integers(3, 9)


# Alpha and omega


@modest
@given(seeds, sizes, st.floats(0.01, 100))
def test_reliability_knows_no_units_and_no_order(seed: int, k: int, unit: float) -> None:
    matrix = scale_of(seed, k)
    plain, scaled = reliability(matrix, 60), reliability(matrix * unit**2, 60)
    assert scaled.alpha == pytest.approx(plain.alpha)
    assert scaled.omega == pytest.approx(plain.omega, abs=1e-6)
    turned = reliability(matrix[::-1, ::-1], 60)
    assert turned.alpha == pytest.approx(plain.alpha)
    for item, mirrored in zip(plain.items, reversed(turned.items), strict=True):
        assert mirrored.item_total == pytest.approx(item.item_total)


@modest
@given(seeds, sizes)
def test_alpha_lies_within_its_interval_and_below_one(seed: int, k: int) -> None:
    scale = reliability(scale_of(seed, k), 60)
    assert scale.alpha is not None
    assert scale.low is not None
    assert scale.high is not None
    assert scale.low < scale.alpha < scale.high < 1


@modest
@given(seeds, sizes)
def test_alpha_without_an_item_is_the_alpha_of_the_others(seed: int, k: int) -> None:
    matrix = scale_of(seed, k)
    items = reliability(matrix, 60).items
    for i, item in enumerate(items):
        kept = [j for j in range(k) if j != i]
        rest = reliability(matrix[np.ix_(kept, kept)], 60)
        assert item.alpha_without == pytest.approx(rest.alpha)


@modest
@given(seeds, sizes)
def test_item_total_correlations_are_those_of_the_answers(seed: int, k: int) -> None:
    rows = np.random.default_rng(seed).integers(1, 8, size=(50, k))
    for i, item in enumerate(reliability(np.cov(rows.T), 50).items):
        rest = np.delete(rows, i, axis=1).sum(axis=1)
        assert item.item_total == pytest.approx(np.corrcoef(rows[:, i], rest)[0, 1])


@modest
@given(seeds, sizes)
def test_the_factor_reproduces_every_variance(seed: int, k: int) -> None:
    matrix = scale_of(seed, k)
    fit = one_factor(matrix)
    assert fit is not None
    if not fit.at_bound:
        own = fit.loadings**2 + fit.uniquenesses
        assert own == pytest.approx(np.diag(matrix), rel=1e-5)
        assert 0 <= fit.omega <= 1


def test_the_factor_agrees_with_an_independent_algorithm() -> None:
    """Rubin and Thayer's EM steps climb slowly to the same likelihood."""
    rng = np.random.default_rng(7)
    rows = rng.normal(size=(200, 5)) + rng.normal(size=(200, 1)) * [0.3, 0.5, 1.0, 1.5, 0.7]
    seen = np.cov(rows.T)
    loadings, own = np.sqrt(np.diag(seen)) * 0.7, np.diag(seen) * 0.5
    for _ in range(3000):
        weights = np.linalg.solve(np.outer(loadings, loadings) + np.diag(own), loadings)
        crossed = seen @ weights
        loadings = crossed / (1 - weights @ loadings + weights @ crossed)
        own = np.diag(seen) - loadings * crossed
    fit = one_factor(seen)
    assert fit is not None
    assert fit.loadings == pytest.approx(loadings, abs=1e-6)
    assert fit.uniquenesses == pytest.approx(own, abs=1e-6)


def test_equally_loaded_items_have_an_omega_equal_to_alpha() -> None:
    matrix = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    scale = reliability(matrix, 100)
    assert scale.omega == pytest.approx(scale.alpha)


def test_two_items_are_judged_by_spearman_and_brown() -> None:
    scale = reliability([[1.0, 0.6], [0.6, 4.0]], 100)
    assert scale.spearman_brown == pytest.approx(2 * 0.3 / 1.3)
    assert scale.omega is None
    assert [item.alpha_without for item in scale.items] == [None, None]
    assert scale.soundness == "poor"


@pytest.mark.parametrize(
    ("r", "word"), [(0.2, "poor"), (0.35, "doubtful"), (0.5, "good"), (0.97, "redundant")]
)
def test_the_judgement_follows_the_bands(r: float, word: str) -> None:
    matrix = np.full((4, 4), r) + (1 - r) * np.eye(4)
    assert reliability(matrix, 100).soundness == word


def test_an_item_that_was_not_reversed_raises_the_alarm() -> None:
    matrix = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    matrix[0, 1:] *= -1
    matrix[1:, 0] *= -1
    assert [item.runs_against for item in reliability(matrix, 100).items] == [
        True,
        False,
        False,
        False,
    ]


def test_few_answers_give_figures_and_no_judgement() -> None:
    scale = reliability(scale_of(1, 4), 49)
    assert scale.alpha is not None
    assert (scale.soundness, scale.unknown) == (None, "too_few_answers")


def test_one_item_and_equal_answers_have_no_reliability() -> None:
    assert reliability([[1.0]], 100).unknown == "one_item"
    flat = reliability(np.zeros((3, 3)), 100)
    assert (flat.alpha, flat.omega, flat.unknown) == (None, None, "no_spread")
    assert [item.item_total for item in flat.items] == [None, None, None]


def test_items_that_cancel_each_other_have_no_alpha() -> None:
    assert reliability([[1.0, -1.0], [-1.0, 1.0]], 100).alpha is None


def test_an_item_everyone_answers_alike_spoils_only_what_needs_its_spread() -> None:
    matrix = np.zeros((4, 4))
    matrix[:3, :3] = 0.5 + 0.5 * np.eye(3)
    scale = reliability(matrix, 100)
    assert scale.alpha is not None
    assert (scale.standardised, scale.omega) == (None, None)
    assert scale.items[3].item_total is None


def test_an_item_that_repeats_another_leaves_no_factor_to_fit() -> None:
    matrix = np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]])
    assert one_factor(matrix) is None
    assert reliability(matrix, 100).alpha is not None


def test_a_fit_that_leaves_an_item_nothing_of_its_own_is_not_shown() -> None:
    matrix = np.array([[1.0, 0.7, 0.7], [0.7, 1.0, 0.4], [0.7, 0.4, 1.0]])
    fit = one_factor(matrix)
    assert fit is not None
    assert fit.at_bound
    assert reliability(matrix, 100).omega is None


# The difference of two scores


@modest
@given(st.floats(0.1, 3), st.floats(0.1, 3), st.floats(-0.9, 0.9), st.floats(0, 1), st.floats(0, 1))
def test_a_difference_is_no_better_than_perfect_and_turns_with_its_sides(
    s1: float, s2: float, r: float, a1: float, a2: float
) -> None:
    found = difference_reliability(s1, s2, r, a1, a2)
    assert found is not None
    assert found <= 1 + 1e-9
    assert found == pytest.approx(difference_reliability(s2, s1, r, a2, a1))


def test_scores_that_always_differ_by_the_same_have_no_reliable_difference() -> None:
    assert difference_reliability(1.0, 1.0, 1.0, 0.8, 0.8) is None
    with pytest.raises(ValueError, match="within -1 to 1"):
        difference_reliability(1.0, 1.0, 1.2, 0.8, 0.8)


# Factorability


@modest
@given(seeds, sizes)
def test_adequacy_is_a_share_and_eigenvalues_sum_to_the_items(seed: int, k: int) -> None:
    found = factorability(scale_of(seed, k), 60)
    assert found is not None
    assert 0 <= found.kmo <= 1
    assert sum(found.eigenvalues) == pytest.approx(k)
    assert list(found.eigenvalues) == sorted(found.eigenvalues, reverse=True)


def test_unrelated_items_share_nothing() -> None:
    found = factorability(np.eye(4), 100)
    assert found is not None
    assert (found.kmo, found.chi_square, found.p_value) == (0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("matrix", "n"),
    [([[1.0]], 50), (np.ones((2, 2)), 50), (np.diag([1.0, 0.0]), 50), (np.eye(4), 4)],
    ids=["one item", "repeated item", "no spread", "too few"],
)
def test_what_cannot_be_factored_has_no_figures(matrix: list[list[float]], n: int) -> None:
    assert factorability(matrix, n) is None


# How the questionnaire was answered


def test_nobody_asked_has_no_share() -> None:
    assert share_of(0, 0).low is None
    assert not item_nonresponse(0, 0).flagged
    assert ceiling_share({}, 7).share is None


def test_an_item_is_flagged_only_above_a_fifth() -> None:
    assert not item_nonresponse(80, 100).flagged
    assert item_nonresponse(79, 100).flagged


def test_more_answers_than_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and n"):
        item_nonresponse(11, 10)


def test_only_respondents_with_enough_answers_are_judged() -> None:
    rows = np.array([[3, 3, 3, np.nan], [3, 3, np.nan, np.nan], [1, 3, 3, 3]])
    found = straight_lined(rows, fewest_items=3)
    assert (found.count, found.n) == (1, 2)
    assert straight_lined(np.empty((0, 4))).share is None
    assert straight_lined(np.empty((3, 0)), fewest_items=1).n == 0


def test_a_list_is_not_a_table() -> None:
    with pytest.raises(ValueError, match="table"):
        straight_lined([1, 2])
