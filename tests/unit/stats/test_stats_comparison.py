from __future__ import annotations

from math import inf

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from csat.stats.comparison import (
    Comparison,
    newcombe_difference,
    nps_difference,
    rate_difference,
    rate_ratio,
    welch_difference,
)
from csat.stats.moments import Moments, moments_from_counts

modest = settings(max_examples=50, deadline=None)
shares = st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
ratings = st.dictionaries(st.integers(1, 5), st.integers(1, 200), min_size=2)
nps_counts = st.tuples(*[st.integers(0, 500)] * 3).filter(any)
rates = st.tuples(st.integers(0, 300), st.integers(1, 10_000))


def assert_mirrored(there: Comparison, back: Comparison) -> None:
    assert back.difference == pytest.approx(-there.difference, abs=1e-9)
    assert (back.low, back.high) == pytest.approx((-there.high, -there.low), abs=1e-9)
    assert back.p_value == pytest.approx(there.p_value, abs=1e-9)


# Shares


@modest
@given(shares, shares)
def test_the_newcombe_interval_agrees_with_a_second_implementation(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    low, high = oracle.confint_proportions_2indep(*now, *before, method="newcomb")
    ours = newcombe_difference(*now, *before)
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)


@modest
@given(shares, shares)
def test_the_share_test_agrees_with_a_second_implementation(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    assume(0 < now[0] + before[0] < now[1] + before[1])
    _, p_value = oracle.proportions_ztest([now[0], before[0]], [now[1], before[1]])
    assert newcombe_difference(*now, *before).p_value == pytest.approx(p_value, abs=1e-9)


@modest
@given(shares, shares)
def test_a_change_of_share_read_backwards_changes_sign(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    there = newcombe_difference(*now, *before)
    assert -1 <= there.low <= there.difference <= there.high <= 1
    assert_mirrored(there, newcombe_difference(*before, *now))


@pytest.mark.parametrize("x", [0, 10])
def test_all_or_none_satisfied_twice_is_no_change(x: int) -> None:
    change = newcombe_difference(x, 10, x, 10)
    assert change.difference == 0
    assert change.low < 0 < change.high
    assert change.p_value == 1


def test_a_share_of_nothing_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least one answer"):
        newcombe_difference(1, 2, 0, 0)


# Means


@modest
@given(ratings, ratings)
def test_welch_agrees_with_a_second_implementation(
    now: dict[int, int], before: dict[int, int]
) -> None:
    weighted = pytest.importorskip("statsmodels.stats.weightstats")
    samples = [np.repeat(list(c), list(c.values())).astype(float) for c in (now, before)]
    means = weighted.CompareMeans(*(weighted.DescrStatsW(s) for s in samples))
    _, p_value, _ = means.ttest_ind(usevar="unequal")
    low, high = means.tconfint_diff(usevar="unequal")
    ours = welch_difference(moments_from_counts(now), moments_from_counts(before))
    assert ours is not None
    assert ours.p_value == pytest.approx(p_value, abs=1e-9)
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-9)


def test_a_higher_current_mean_is_a_positive_difference() -> None:
    change = welch_difference(moments_from_counts({4: 5, 5: 5}), moments_from_counts({1: 5, 2: 5}))
    assert change is not None
    assert change.difference == 3
    assert change.low > 0


def test_welch_stands_where_one_group_has_no_spread() -> None:
    change = welch_difference(moments_from_counts({5: 30}), moments_from_counts({4: 20, 5: 10}))
    assert change is not None
    assert change.low < change.difference < change.high


@pytest.mark.parametrize(
    ("now", "before"), [({5: 1}, {4: 3, 5: 3}), ({5: 30}, {4: 30})], ids=["one", "no spread"]
)
def test_welch_without_spread_does_not_exist(now: dict[int, int], before: dict[int, int]) -> None:
    assert welch_difference(moments_from_counts(now), moments_from_counts(before)) is None


def test_the_mean_of_nothing_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least one value in each group"):
        welch_difference(Moments(0, 0, 0), moments_from_counts({4: 3, 5: 3}))


# Net Promoter Score


@modest
@given(nps_counts, nps_counts)
def test_a_change_of_nps_read_backwards_changes_sign(
    now: tuple[int, int, int], before: tuple[int, int, int]
) -> None:
    there = nps_difference(now, before)
    assert -200 <= there.low <= there.difference <= there.high <= 200
    assert 0 <= there.p_value <= 1
    assert_mirrored(there, nps_difference(before, now))


@modest
@given(nps_counts, nps_counts)
def test_the_nps_interval_leaves_out_zero_just_when_the_test_is_significant(
    now: tuple[int, int, int], before: tuple[int, int, int]
) -> None:
    change = nps_difference(now, before)
    assert (change.low > 0 or change.high < 0) == (change.p_value < 0.05)


def test_promoters_alone_are_compared_with_their_doubt() -> None:
    change = nps_difference((40, 0, 0), (40, 0, 0))
    assert change.difference == 0
    assert change.low < 0 < change.high
    assert change.p_value == 1


def test_nps_of_nothing_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least one answer"):
        nps_difference((1, 1, 1), (0, 0, 0))


# Rates


@modest
@given(rates, rates)
def test_the_exact_rate_test_agrees_with_a_second_implementation(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    oracle = pytest.importorskip("statsmodels.stats.rates")
    assume(now[0] + before[0] > 0)
    with np.errstate(divide="ignore"):
        expected = oracle.test_poisson_2indep(*now, *before, method="exact-cond").pvalue
    assert rate_ratio(*now, *before).p_value == pytest.approx(expected, abs=1e-9)


@modest
@given(rates, rates)
def test_a_ratio_of_rates_read_backwards_is_its_inverse(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    assume(now[0] > 0)
    assume(before[0] > 0)
    there, back = rate_ratio(*now, *before), rate_ratio(*before, *now)
    assert there.ratio is not None
    assert there.low < there.ratio < there.high
    assert back.ratio == pytest.approx(1 / there.ratio)
    assert (back.low, back.high) == pytest.approx((1 / there.high, 1 / there.low))
    assert back.p_value == pytest.approx(there.p_value)


def test_no_events_before_make_an_infinite_ratio_with_a_finite_floor() -> None:
    change = rate_ratio(12, 1000, 0, 1000)
    assert change.ratio == change.high == inf
    assert 1 < change.low < inf


def test_no_events_now_make_a_ratio_of_zero_with_a_ceiling() -> None:
    change = rate_ratio(0, 1000, 12, 1000)
    assert change.ratio == change.low == 0
    assert 0 < change.high < 1


def test_no_events_at_all_are_no_evidence_of_change() -> None:
    ratio, difference = rate_ratio(0, 10, 0, 20), rate_difference(0, 10, 0, 20)
    assert ratio.ratio is None
    assert (ratio.low, ratio.high, ratio.p_value) == (0, inf, 1)
    assert difference.difference == 0
    assert difference.low < 0 < difference.high
    assert difference.p_value == 1


@modest
@given(rates, rates)
def test_a_change_of_rate_read_backwards_changes_sign(
    now: tuple[int, int], before: tuple[int, int]
) -> None:
    there = rate_difference(*now, *before)
    assert there.low < there.difference < there.high
    assert_mirrored(there, rate_difference(*before, *now))


def test_the_unit_of_a_rate_scales_its_difference_and_not_its_test() -> None:
    one, thousand = rate_difference(9, 800, 3, 900), rate_difference(9, 800, 3, 900, per=1000)
    assert thousand.low == pytest.approx(1000 * one.low)
    assert thousand.high == pytest.approx(1000 * one.high)
    assert thousand.p_value == one.p_value


def test_a_rate_without_exposure_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="exposure above zero"):
        rate_difference(1, 10, 0, 0)
    with pytest.raises(ValueError, match="exposure above zero"):
        rate_ratio(1, 0, 1, 10)
