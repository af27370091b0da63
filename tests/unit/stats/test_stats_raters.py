from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from csat.stats.ahp import joint_comparisons, pairwise_weights
from csat.stats.raters import (
    cohen_kappa,
    fleiss_kappa,
    intraclass,
    kendall_w,
    krippendorff_alpha,
)

modest = settings(max_examples=60, deadline=None)
score_tables = arrays(
    np.float64,
    st.tuples(st.integers(2, 10), st.integers(2, 5)),
    elements=st.integers(1, 10).map(float),
)
square_tables = arrays(np.int64, st.just((3, 3)), elements=st.integers(0, 20))
weight_lists = st.lists(st.floats(0.1, 10), min_size=2, max_size=9)


# Scores


@modest
@given(score_tables)
def test_intraclass_correlations_come_from_the_analysis_of_variance(scores: Any) -> None:
    found = intraclass(scores)
    n, k = scores.shape
    grand = scores.mean()
    between = k * ((scores.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    within = scores.var(axis=1, ddof=1).mean()
    if found is None:
        assert np.ptp(scores) == 0
        return
    assert found.one_way == pytest.approx((between - within) / (between + (k - 1) * within))
    figures = (found.one_way, found.two_way, found.fixed, found.mean_fixed)
    assert all(figure is None or figure <= 1 + 1e-9 for figure in figures)


@modest
@given(score_tables, st.floats(-5, 5), st.floats(0.1, 10))
def test_intraclass_correlations_know_no_unit(scores: Any, shift: float, unit: float) -> None:
    plain, moved = intraclass(scores), intraclass(scores * unit + shift)
    if plain is not None and moved is not None:
        assert moved.two_way == pytest.approx(plain.two_way, abs=1e-6)


@modest
@given(score_tables)
def test_a_harsh_rater_lowers_agreement_and_not_consistency(scores: Any) -> None:
    harsh = scores - np.arange(scores.shape[1]) * 3.0
    plain, lowered = intraclass(scores), intraclass(harsh)
    if plain is not None and lowered is not None:
        assert lowered.fixed == pytest.approx(plain.fixed, abs=1e-9)


def test_raters_who_agree_entirely_reach_one() -> None:
    found = intraclass([[1, 1], [5, 5], [3, 3]])
    assert found is not None
    assert (found.one_way, found.two_way, found.mean_fixed) == (1, 1, 1)


def test_scores_that_cannot_agree_or_disagree_have_no_figure() -> None:
    assert intraclass([[3, 3], [3, 3]]) is None
    assert intraclass([[1, 2]]) is None
    assert intraclass([[1], [2]]) is None
    assert intraclass([[1, np.nan], [2, 3]]) is None
    flat = intraclass([[1, 5], [5, 1]])
    assert flat is not None
    assert flat.mean_one_way is None
    with pytest.raises(ValueError, match="table"):
        intraclass([1, 2])


# Categories


@modest
@given(square_tables)
def test_two_raters_agree_as_an_independent_implementation_says(table: Any) -> None:
    from statsmodels.stats.inter_rater import cohens_kappa

    found = cohen_kappa(table)
    if found is None:
        return
    assert found == pytest.approx(cohens_kappa(table, return_results=False), abs=1e-9)
    quadratic = cohens_kappa(table, wt="fc", return_results=False)
    assert cohen_kappa(table, "quadratic") == pytest.approx(quadratic, abs=1e-9)


@modest
@given(square_tables)
def test_agreement_is_mutual(table: Any) -> None:
    for weights in ("none", "linear", "quadratic"):
        mine, theirs = cohen_kappa(table, weights), cohen_kappa(table.T, weights)
        assert mine == (None if theirs is None else pytest.approx(theirs))


def test_near_misses_count_less_when_weighted() -> None:
    table = [[10, 5, 0], [5, 10, 5], [0, 5, 10]]
    plain, linear, quadratic = (cohen_kappa(table, w) for w in ("none", "linear", "quadratic"))
    assert plain is not None
    assert linear is not None
    assert quadratic is not None
    assert plain < linear < quadratic


def test_categories_nobody_could_disagree_on_have_no_kappa() -> None:
    assert cohen_kappa([[0, 0], [0, 0]]) is None
    assert cohen_kappa([[9, 0], [0, 0]]) is None
    assert fleiss_kappa([[3, 0], [3, 0]]) is None
    assert fleiss_kappa([[1, 0], [0, 1]]) is None
    assert fleiss_kappa(np.empty((0, 2))) is None


def test_kappas_of_impossible_tables_are_refused() -> None:
    with pytest.raises(ValueError, match="square"):
        cohen_kappa([[1, 2]])
    with pytest.raises(ValueError, match="same number of raters"):
        fleiss_kappa([[2, 0], [1, 0]])


@modest
@given(st.lists(st.lists(st.sampled_from("abc"), min_size=2, max_size=2), min_size=2, max_size=20))
def test_alpha_of_two_complete_coders_is_scotts_pi_for_small_samples(pairs: Any) -> None:
    alpha = krippendorff_alpha(list(zip(*pairs, strict=True)))
    values = [v for pair in pairs for v in pair]
    n = len(values)
    shares = [values.count(c) / n for c in "abc"]
    chance = sum(s * s for s in shares)
    if chance == 1:
        assert alpha is None
        return
    pi = (np.mean([a == b for a, b in pairs]) - chance) / (1 - chance)
    assert alpha == pytest.approx(1 - (1 - pi) * (n - 1) / n)


def test_alpha_needs_a_unit_judged_twice_and_two_values() -> None:
    assert krippendorff_alpha([[1, None], [None, 2]]) is None
    assert krippendorff_alpha([[1, 1], [1, 1]]) is None
    assert krippendorff_alpha([]) is None
    assert krippendorff_alpha([[0, 0, 1], [0, 0, 1]], "ratio") == 1
    with pytest.raises(ValueError, match="every observer"):
        krippendorff_alpha([[1], [1, 2]])
    with pytest.raises(ValueError, match="at least 0"):
        krippendorff_alpha([[-1, 2], [1, 2]], "ratio")


# Rankings


@modest
@given(score_tables)
def test_concordance_rests_on_ranks_alone(scores: Any) -> None:
    plain, stretched = kendall_w(scores), kendall_w(np.exp(scores / 3))
    assert plain == stretched
    if plain is not None:
        assert 0 <= plain.w <= 1


def test_two_judges_concord_as_their_rank_correlation_says() -> None:
    from scipy import stats

    ratings = [[1, 2, 2, 4, 5, 7], [2, 1, 4, 4, 6, 5]]
    found = kendall_w(ratings)
    assert found is not None
    assert stats.friedmanchisquare(*np.transpose(ratings)).statistic == pytest.approx(
        found.chi_square
    )


def test_judges_who_rank_nothing_have_no_concordance() -> None:
    assert kendall_w([[1, 1], [2, 2]]) is None
    assert kendall_w([[1, 2]]) is None
    with pytest.raises(ValueError, match="every item"):
        kendall_w([[1, np.nan], [1, 2]])


# Pairwise comparisons


@modest
@given(weight_lists)
def test_consistent_comparisons_give_back_their_weights(weights: list[float]) -> None:
    found = pairwise_weights(np.divide.outer(weights, weights))
    assert found.weights == pytest.approx(tuple(np.array(weights) / sum(weights)))
    assert found.consistency_ratio == pytest.approx(0, abs=1e-6)
    assert found.acceptable


def test_comparisons_that_run_in_a_circle_go_back_to_the_expert() -> None:
    found = pairwise_weights([[1, 5, 1 / 5], [1 / 5, 1, 5], [5, 1 / 5, 1]])
    assert found.acceptable is False


def test_beyond_nine_indicators_consistency_is_not_known() -> None:
    found = pairwise_weights(np.ones((10, 10)))
    assert (found.consistency_ratio, found.acceptable) == (None, None)
    assert pairwise_weights([[1.0]]).weights == (1.0,)
    assert pairwise_weights([[1, 4], [0.25, 1]]).consistency_ratio == 0


@pytest.mark.parametrize(
    ("matrix", "message"),
    [([[1, 2]], "one column"), ([[1, 0], [0, 1]], "above 0"), ([[1, 2], [2, 1]], "reciprocal")],
)
def test_comparisons_that_cannot_be_are_refused(matrix: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pairwise_weights(matrix)
    with pytest.raises(ValueError, match="each expert"):
        joint_comparisons(matrix)
