from __future__ import annotations

from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.comparison import welch_difference
from csat.stats.intervals import mean_interval
from csat.stats.moments import Moments, moments_from_counts
from csat.stats.multiplicity import benjamini_hochberg, holm
from csat.stats.paired import (
    PairedGap,
    adjust,
    against_complement,
    bootstrap_gap_interval,
    gap_family,
    gap_from_summary,
    paired_gap,
)
from csat.stats.signed_rank import signed_rank

modest = settings(max_examples=60, deadline=None)
gap_counts = st.dictionaries(st.integers(-6, 6), st.integers(1, 40), min_size=2, max_size=13)


# One gap


@modest
@given(gap_counts)
def test_the_interval_is_that_of_the_mean_of_the_differences(counts: dict[int, int]) -> None:
    moments = moments_from_counts(counts)
    gap, ci = paired_gap(moments), mean_interval(moments)
    assert ci is not None
    assert gap.low is not None
    assert gap.high is not None
    assert isclose(gap.low, ci.low)
    assert isclose(gap.high, ci.high)


@modest
@given(gap_counts)
def test_the_test_rejects_exactly_when_the_interval_leaves_out_zero(counts: dict[int, int]) -> None:
    gap = paired_gap(moments_from_counts(counts))
    assert gap.low is not None
    assert gap.high is not None
    assert gap.p_value is not None
    assert (gap.p_value < 0.05) == (not gap.low <= 0 <= gap.high)


@modest
@given(gap_counts)
def test_swapping_expectation_and_perception_turns_the_sign(counts: dict[int, int]) -> None:
    gap = paired_gap(moments_from_counts(counts))
    turned = paired_gap(moments_from_counts({-value: n for value, n in counts.items()}))
    assert turned.p_value == pytest.approx(gap.p_value)
    assert turned.effect_size == pytest.approx(-(gap.effect_size or 0))
    assert turned.low == pytest.approx(-(gap.high or 0))


def test_without_pairs_there_is_no_gap() -> None:
    assert paired_gap(Moments(0, 0, 0)) == PairedGap(0, None)


@pytest.mark.parametrize("moments", [Moments(1, -2, 4), Moments(3, -6, 12)], ids=["one", "alike"])
def test_a_gap_without_spread_has_a_mean_and_no_doubt_computed(moments: Moments) -> None:
    gap = paired_gap(moments)
    assert gap.mean == -2
    assert (gap.low, gap.high, gap.p_value, gap.effect_size, gap.df) == (None,) * 5


@pytest.mark.parametrize(("n", "sd"), [(1, 1.0), (10, 0.0), (10, float("nan"))])
def test_a_summary_that_allows_no_test_is_refused(n: int, sd: float) -> None:
    with pytest.raises(ValueError, match="two pairs and a spread"):
        gap_from_summary(n, -0.5, sd)


# Families


def test_five_dimensions_are_a_planned_family() -> None:
    parts = {str(k): Moments(50, -10 * k, 60 + 8 * k) for k in range(5)}
    family = gap_family(parts)
    p = [paired_gap(m).p_value for m in parts.values()]
    assert [gap.p_adjusted for gap in family.values()] == holm([x for x in p if x is not None])


def test_more_than_ten_tests_are_a_screen() -> None:
    p = [0.001 * (k + 1) for k in range(11)]
    assert adjust(p) == (benjamini_hochberg(p), "benjamini_hochberg")


def test_what_was_not_tested_does_not_make_the_family_larger() -> None:
    assert adjust([None, 0.03, None]) == ([None, 0.03, None], "holm")
    assert adjust([]) == ([], "holm")


# Groups


@modest
@given(gap_counts, gap_counts, gap_counts)
def test_a_group_is_compared_with_all_others_together(
    a: dict[int, int], b: dict[int, int], c: dict[int, int]
) -> None:
    groups = {name: moments_from_counts(x) for name, x in zip("abc", (a, b, c), strict=True)}
    expected = welch_difference(groups["a"], groups["b"] + groups["c"])
    assert against_complement(groups)["a"].comparison == expected


def test_two_groups_against_each_other_differ_by_opposite_amounts() -> None:
    pair = against_complement({"a": Moments(40, -60, 130), "b": Moments(60, -30, 80)})
    a, b = pair["a"].comparison, pair["b"].comparison
    assert a is not None
    assert b is not None
    assert (a.difference, a.low, a.high) == pytest.approx((-b.difference, -b.high, -b.low))


def test_a_small_group_keeps_its_interval_and_gets_no_test() -> None:
    contrast = against_complement({"a": Moments(12, -12, 30), "b": Moments(60, -30, 80)})["a"]
    assert contrast.comparison is not None
    assert contrast.p_adjusted is None


def test_a_group_without_others_or_without_values_is_not_compared() -> None:
    assert against_complement({"a": Moments(40, -60, 130)})["a"].comparison is None
    with_nobody = against_complement({"a": Moments(40, -60, 130), "b": Moments(0, 0, 0)})
    assert [c.comparison for c in with_nobody.values()] == [None, None]
    assert against_complement({}) == {}


# Checks on the t interval


def test_few_or_skewed_gaps_get_a_bootstrap_range_in_scale_points() -> None:
    whole = bootstrap_gap_interval({-3: 2, -1: 10, 0: 18})
    sixtieths = bootstrap_gap_interval({-180: 2, -60: 10, 0: 18}, divisor=60)
    assert whole is not None
    assert sixtieths is not None
    assert (sixtieths.low, sixtieths.high) == pytest.approx((whole.low, whole.high))
    assert bootstrap_gap_interval({-6: 8, 0: 192}) is not None


def test_many_symmetric_gaps_need_none_and_equal_gaps_have_none() -> None:
    assert bootstrap_gap_interval({-1: 30, 0: 40, 1: 30}) is None
    assert bootstrap_gap_interval({-1: 30}) is None
    assert bootstrap_gap_interval({}) is None


@modest
@given(gap_counts)
def test_signed_ranks_agree_with_an_independent_implementation(counts: dict[int, int]) -> None:
    from scipy import stats

    differences = [value for value, n in counts.items() for _ in range(n)]
    test = signed_rank(counts)
    assert test is not None
    oracle = stats.wilcoxon(
        differences, correction=True, alternative="two-sided", method="asymptotic"
    )
    assert test.p_value == pytest.approx(oracle.pvalue, abs=1e-12)


def test_pairs_that_do_not_differ_say_nothing_of_ranks() -> None:
    assert signed_rank({0: 50}) is None
    assert signed_rank({}) is None
    with pytest.raises(ValueError, match="at least 0"):
        signed_rank({1: -1})
