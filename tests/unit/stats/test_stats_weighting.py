from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.comparison import welch_difference
from csat.stats.design import design_mean, design_share
from csat.stats.design_estimate import design_difference
from csat.stats.intervals import mean_interval, wilson_interval
from csat.stats.moments import Moments
from csat.stats.raking import rake
from csat.stats.sampling import (
    answers_needed,
    detectable_change,
    kish,
    kish_from_sums,
    likeness,
)

modest = settings(max_examples=60, deadline=None)
ratings = st.lists(st.integers(1, 7), min_size=2, max_size=40)
some_weights = st.lists(st.floats(0.01, 100), min_size=1, max_size=40)


# Kish


@modest
@given(some_weights, st.floats(0.01, 100))
def test_the_design_effect_is_at_least_one_and_knows_no_unit(w: list[float], unit: float) -> None:
    found = kish(w)
    assert found.deff is not None
    assert found.n_effective is not None
    assert found.deff >= 1
    assert found.n_effective <= len(w)
    assert kish([x * unit for x in w]).deff == pytest.approx(found.deff)


@modest
@given(st.integers(1, 50), st.floats(0.1, 10))
def test_equal_weights_cost_nothing(n: int, weight: float) -> None:
    assert kish([weight] * n).deff == pytest.approx(1)


def test_respondents_alike_may_be_given_as_one_row() -> None:
    assert kish([1, 3], [4, 2]) == kish([1, 1, 1, 1, 3, 3])


def test_without_weights_there_is_no_effective_size() -> None:
    assert kish([]).n_effective is None
    assert kish([0, 0]).deff is None
    assert not kish([]).costly
    assert kish([1] * 9 + [50]).costly
    with pytest.raises(ValueError, match="at least 0"):
        kish([-1])


# Raking


@modest
@given(
    st.lists(st.tuples(st.sampled_from("fm"), st.sampled_from("yo")), min_size=8, max_size=60),
    st.floats(0.2, 0.8),
    st.floats(0.2, 0.8),
)
def test_raked_weights_meet_every_margin(people: list[tuple[str, str]], f: float, y: float) -> None:
    cells = [("f", "y"), ("f", "o"), ("m", "y"), ("m", "o")]
    sex, age = zip(*(people + cells), strict=True)
    margins = {"sex": {"f": f, "m": 1 - f}, "age": {"y": y, "o": 1 - y}}
    found = rake({"sex": sex, "age": age}, margins, trim=None, rounds=10_000)
    assert found.converged
    for name, codes in (("sex", sex), ("age", age)):
        for category, share in margins[name].items():
            inside = np.array(codes) == category
            assert found.weights[inside].sum() / len(sex) == pytest.approx(share)
    assert found.weights.mean() == pytest.approx(1)


def test_margins_already_met_leave_the_weights_alone() -> None:
    found = rake({"sex": ["f", "f", "m"]}, {"sex": {"f": 2, "m": 1}}, start=[1, 2, 1.5])
    assert found.weights == pytest.approx([1, 2, 1.5])


def test_margins_that_contradict_each_other_do_not_converge() -> None:
    rows = {"sex": ["f", "m"], "age": ["y", "o"]}
    found = rake(rows, {"sex": {"f": 1, "m": 1}, "age": {"y": 3, "o": 1}}, rounds=50)
    assert not found.converged
    assert found.worst_miss > 0.1


def test_a_cell_emptied_by_one_margin_and_wanted_by_another_is_a_miss() -> None:
    rows = {"sex": ["f", "m"], "age": ["y", "o"]}
    found = rake(rows, {"sex": {"f": 1, "m": 0}, "age": {"y": 1, "o": 1}}, rounds=50)
    assert not found.converged


def test_a_category_nobody_is_in_is_named_and_its_share_goes_to_the_others() -> None:
    found = rake({"age": ["y", "y", "o"]}, {"age": {"y": 25, "o": 25, "child": 50}})
    assert found.empty == (("age", "child"),)
    assert found.weights == pytest.approx([0.75, 0.75, 1.5])


def test_respondents_of_unknown_category_keep_their_share() -> None:
    found = rake({"sex": ["f", "f", "m", None]}, {"sex": {"f": 1, "m": 1}})
    assert found.unknown == (("sex", None),)
    assert found.weights == pytest.approx([0.75, 0.75, 1.5, 1.0])


def test_heavy_weights_are_trimmed_and_the_cost_reported() -> None:
    rows = {"sex": ["m"] * 2 + ["f"] * 98, "age": ["y", "o"] * 50}
    margins = {"sex": {"m": 50, "f": 50}, "age": {"y": 50, "o": 50}}
    free, cut = rake(rows, margins, trim=None), rake(rows, margins)
    assert free.weights.max() == pytest.approx(25)
    assert cut.weights.max() <= 5 * 1.001
    assert cut.trimmed == 2
    assert not cut.converged  # two men cannot be half of the customers within the limit
    assert cut.kish.deff is not None
    assert free.kish.deff is not None
    assert cut.kish.deff < free.kish.deff


def test_trimming_that_leaves_room_still_meets_the_margins() -> None:
    rows = {"sex": ["m"] * 10 + ["f"] * 90, "age": ["y"] * 9 + ["o"] + ["y"] * 30 + ["o"] * 60}
    margins = {"sex": {"m": 15, "f": 85}, "age": {"y": 20, "o": 80}}
    free, cut = rake(rows, margins, trim=None), rake(rows, margins, trim=3)
    assert free.weights.max() > 3
    assert cut.converged
    assert cut.weights.max() <= 3 * 1.001


@pytest.mark.parametrize(
    ("categories", "margins", "message"),
    [
        ({}, {"sex": {"f": 1}}, "categories of the respondents"),
        ({"sex": ["f"]}, {}, "categories of the respondents"),
        ({"sex": []}, {"sex": {"f": 1}}, "at least one respondent"),
        ({"sex": ["x"]}, {"sex": {"f": 1}}, "no respondent is in any"),
        ({"sex": ["f"]}, {"sex": {}}, "at least one share"),
        ({"sex": ["f"]}, {"sex": {"f": -1}}, "at least one share"),
        ({"sex": ["f"], "age": []}, {"sex": {"f": 1}, "age": {"y": 1}}, "one category"),
    ],
)
def test_raking_without_ground_is_refused(categories: Any, margins: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rake(categories, margins)


# Design


@modest
@given(ratings)
def test_respondents_drawn_singly_have_the_plain_t_interval(values: list[int]) -> None:
    found = design_mean(values)
    ci = mean_interval(Moments(len(values), sum(values), sum(x * x for x in values)))
    assert found is not None
    assert (found.low is None) == (ci is None)
    if ci is not None:
        assert (found.low, found.high) == pytest.approx((ci.low, ci.high))
        assert found.deff == pytest.approx(1)


@modest
@given(ratings, st.floats(0.01, 100))
def test_only_the_proportions_of_the_weights_matter(values: list[int], unit: float) -> None:
    weights = np.arange(1, len(values) + 1)
    plain, scaled = design_mean(values, weights), design_mean(values, weights * unit)
    assert plain is not None
    assert scaled is not None
    assert scaled.value == pytest.approx(plain.value)
    assert scaled.standard_error == pytest.approx(plain.standard_error)


def test_clusters_of_like_answers_widen_the_doubt() -> None:
    values = [1, 1, 1, 5, 5, 5, 3, 3, 3, 7, 7, 7]
    clusters = [k // 3 for k in range(12)]
    found = design_mean(values, clusters=clusters)
    means = Moments(4, 16, 84)
    assert found is not None
    assert found.df == 3
    assert means.sd is not None
    assert found.standard_error == pytest.approx(means.sd / 2)
    assert found.deff is not None
    assert found.deff > 2


def test_strata_of_like_answers_narrow_it() -> None:
    values, strata = [1, 1, 2, 6, 7, 7], list("aaabbb")
    plain, found = design_mean(values), design_mean(values, strata=strata)
    assert plain is not None
    assert found is not None
    assert found.standard_error is not None
    assert plain.standard_error is not None
    assert found.standard_error < plain.standard_error
    assert found.df == 4


def test_a_group_within_the_survey_keeps_the_clusters_it_misses() -> None:
    values = [3.0, 4.0, np.nan, np.nan, 5.0, 2.0]
    found = design_mean(values, clusters=[1, 1, 2, 2, 3, 3])
    assert found is not None
    assert (found.n, found.df) == (4, 2)


def test_a_stratum_with_one_cluster_adds_its_distance_to_the_overall_mean() -> None:
    found = design_mean([1, 2, 3, 7], strata=list("aaab"))
    without = design_mean([1, 2, 3, 7], strata=list("aaab"), population={"b": 1})
    assert found is not None
    assert without is not None
    assert (found.lonely, without.lonely) == (1, 0)
    assert found.standard_error is not None
    assert without.standard_error is not None
    assert found.standard_error > without.standard_error


def test_nothing_but_lonely_clusters_has_no_interval() -> None:
    found = design_mean([1, 2, 3], strata="abc")
    assert found is not None
    assert (found.df, found.standard_error, found.low, found.lonely) == (0, None, None, 3)


def test_equal_values_have_no_interval_and_nobody_has_no_mean() -> None:
    found = design_mean([4.1] * 10, [0.3] * 10)
    assert found is not None
    assert (found.standard_error, found.low, found.deff) == (None, None, None)
    assert design_mean([np.nan, 2.0], [1, 0]) is None
    assert design_share([]) is None


@modest
@given(ratings, ratings)
def test_two_surveys_drawn_singly_differ_as_welch_says(now: list[int], before: list[int]) -> None:
    current, reference = design_mean(now), design_mean(before)
    assert current is not None
    assert reference is not None
    found = design_difference(current, reference)
    if len(set(now)) == 1 or len(set(before)) == 1:
        assert found is None
        return
    sums = [Moments(len(v), sum(v), sum(x * x for x in v)) for v in (now, before)]
    plain = welch_difference(*sums)
    assert found is not None
    assert plain is not None
    assert (found.low, found.high) == pytest.approx((plain.low, plain.high))
    assert found.p_value == pytest.approx(plain.p_value)


def test_a_stratum_asked_in_full_leaves_no_doubt() -> None:
    found = design_mean([1, 2, 5, 6], strata=list("aabb"), population={"a": 2, "b": 2})
    assert found is not None
    assert found.standard_error is None


@modest
@given(st.integers(1, 40), st.integers(1, 40))
def test_an_unweighted_share_has_wilsons_interval(x: int, y: int) -> None:
    found = design_share([1] * x + [0] * y)
    size = x + y - 1  # the linearised variance divides by n - 1
    ci = wilson_interval(x / (x + y) * size, size)
    assert found is not None
    assert (found.low, found.high) == pytest.approx((ci.low, ci.high))


def test_a_share_of_all_or_none_keeps_a_width() -> None:
    everyone = design_share([1] * 20, weights=[1] * 10 + [3] * 10)
    nobody = design_share([0] * 20, clusters=[k // 5 for k in range(20)])
    assert everyone is not None
    assert nobody is not None
    assert everyone.high == 1
    assert everyone.low is not None
    assert 0.7 < everyone.low < 0.9
    assert nobody.low == 0
    assert nobody.high is not None
    assert nobody.high > 0.4


@pytest.mark.parametrize(
    ("values", "kwargs", "message"),
    [
        ([1, 2], {"weights": [1]}, "one value"),
        ([1, 2], {"weights": [1, -1]}, "at least 0"),
        ([1, 2], {"strata": "a"}, "one code"),
        ([1, 2], {"strata": "aa", "population": {"a": 1}}, "fewer clusters"),
    ],
)
def test_a_design_that_cannot_be_is_refused(values: Any, kwargs: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        design_mean(values, **kwargs)


def test_a_success_is_one_or_zero() -> None:
    with pytest.raises(ValueError, match="success is 1"):
        design_share([2, 1])


# Who answered, and how many to ask


def test_a_sample_in_proportion_is_like_its_population() -> None:
    found = likeness({"a": 30, "b": 70}, {"a": 3, "b": 7})
    assert found is not None
    assert (found.chi_square, found.p_value) == (pytest.approx(0), pytest.approx(1))


def test_respondents_outside_the_population_are_counted_apart() -> None:
    found = likeness({"a": 30, "x": 5}, {"a": 3, "b": 7, "c": 0})
    assert found is not None
    assert (found.outside, found.df, found.sample) == (5, 1, {"a": 1.0, "b": 0.0})
    assert likeness({"x": 5}, {"a": 1}) is None
    one = likeness({"a": 5}, {"a": 1})
    assert one is not None
    assert one.p_value is None
    with pytest.raises(ValueError, match="at least 0"):
        likeness({"a": -1}, {"a": 1})


def test_the_answers_needed_give_the_width_asked_for() -> None:
    n = answers_needed(0.03, share=0.2)
    assert 1.96 * (0.2 * 0.8 / n) ** 0.5 == pytest.approx(0.03, rel=1e-3)
    assert answers_needed(0.03, share=0.2, deff=2) == pytest.approx(2 * n, abs=1)
    with pytest.raises(ValueError, match="between 0 and 1"):
        answers_needed(0)


def test_four_times_the_answers_show_half_the_change() -> None:
    assert detectable_change(400) == pytest.approx(2 * detectable_change(1600))
    assert detectable_change(1000) == pytest.approx(2.80 * (2 * 0.25 / 1000) ** 0.5, rel=1e-3)
    with pytest.raises(ValueError, match="above 0"):
        detectable_change(0)
    assert kish_from_sums(0, 0, 0).deff is None
