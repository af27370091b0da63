"""Intervals of agreement against published figures, and against other ways to the same number."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from csat.stats.audit import CheckItem, apart, site_score, visit_score
from csat.stats.rater_intervals import alpha_over_visits, one_way_interval, two_way_interval
from csat.stats.raters import intraclass, krippendorff_alpha

SHROUT_FLEISS = [
    [9, 2, 5, 8],
    [6, 1, 3, 2],
    [8, 4, 6, 8],
    [7, 1, 2, 6],
    [10, 5, 6, 9],
    [6, 2, 4, 7],
]
judged = st.lists(
    st.lists(st.lists(st.sampled_from([0.0, 1.0]), min_size=1, max_size=3), min_size=1, max_size=4),
    min_size=1,
    max_size=6,
)


def test_the_intervals_of_shrout_and_fleiss_are_those_that_are_published() -> None:
    # psych::ICC and McGraw and Wong 1996 on the table of Shrout and Fleiss 1979
    one, two = one_way_interval(SHROUT_FLEISS), two_way_interval(SHROUT_FLEISS)
    assert one is not None
    assert two is not None
    assert (one.low, one.value, one.high) == pytest.approx((-0.133, 0.166, 0.723), abs=5e-4)
    assert (two.low, two.value, two.high) == pytest.approx((0.019, 0.290, 0.761), abs=5e-4)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_the_values_are_those_of_the_plain_correlations(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(8, 3)).round(2)
    found, one, two = intraclass(scores), one_way_interval(scores), two_way_interval(scores)
    assert found is not None
    assert one is not None
    assert two is not None
    assert one.value == pytest.approx(found.one_way)
    assert two.value == pytest.approx(found.two_way)
    for interval in (one, two):
        assert interval.low is None or interval.low <= interval.value <= interval.high


def test_raters_who_agree_in_everything_have_no_interval() -> None:
    found = one_way_interval([[1, 1], [2, 2], [3, 3]])
    assert found is not None
    assert (found.value, found.low) == (1.0, None)
    assert two_way_interval([[5, 5], [5, 5]]) is None


@settings(max_examples=60, deadline=None)
@given(judged)
def test_alpha_over_visits_is_alpha_over_all_their_units(visits: Any) -> None:
    found = alpha_over_visits(visits, ordered=False, draws=50)
    units = [u + [None] * (3 - len(u)) for visit in visits for u in visit]
    plain = krippendorff_alpha([list(observer) for observer in zip(*units, strict=True)])
    assert (None if found is None else pytest.approx(found.value)) == plain


def test_alpha_of_ratings_on_a_scale_counts_distances() -> None:
    visits = [[[1.0, 0.75]], [[0.0, 0.25]], [[0.5, 0.5]], [[1.0, 1.0]], [[0.25, 0.0]]]
    found = alpha_over_visits(visits, ordered=True)
    plain = krippendorff_alpha(
        [[v[0][0] for v in visits], [v[0][1] for v in visits]], level="interval"
    )
    assert found is not None
    assert found.value == pytest.approx(plain)
    assert found.low < found.value <= found.high


def test_the_interval_of_alpha_is_wider_where_a_visit_is_right_or_wrong_as_a_whole() -> None:
    rng = np.random.default_rng(1)
    wrong = rng.random(60) < 0.2
    whole = [[[1.0, float(not w)], [0.0, float(w)]] * 5 for w in wrong]
    apart_ = [[unit] for visit in whole for unit in visit]
    one, other = alpha_over_visits(whole, ordered=False), alpha_over_visits(apart_, ordered=False)
    assert one is not None
    assert other is not None
    assert one.value == pytest.approx(other.value)
    assert one.high - one.low > 1.5 * (other.high - other.low)


def test_raters_apart_from_others_is_the_test_of_welch() -> None:
    rng = np.random.default_rng(3)
    visits, others = rng.normal(70, 9, 14).clip(0, 100), rng.normal(64, 20, 400).clip(0, 100)
    site = site_score(list(visits))
    assert site is not None
    se = others.std(ddof=1) / np.sqrt(len(others))
    found = apart(site, others.mean(), se, len(others))
    welch = ttest_ind(visits, others, equal_var=False)
    interval = welch.confidence_interval()
    assert found.p_value == pytest.approx(welch.pvalue)
    assert (found.low, found.high) == pytest.approx((interval.low, interval.high))


def test_a_line_rated_on_a_scale_counts_as_the_share_it_reached() -> None:
    lines = [CheckItem("speed", 1), CheckItem("safety", 3, critical=True)]
    found = visit_score({"speed": 0.25, "safety": 0.75}, lines, cap=40)
    assert (found.score, found.failed_critical) == (62.5, ())
    low = visit_score({"speed": 1.0, "safety": 0.25}, lines, cap=40)
    assert (low.score, low.uncapped, low.failed_critical) == (40.0, 43.75, ("safety",))
    with pytest.raises(ValueError, match="from 0 to 1"):
        visit_score({"speed": 4.0}, lines)
