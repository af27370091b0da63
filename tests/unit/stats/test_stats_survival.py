from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.survival import SurvivalTable, kaplan_meier, log_rank, survival_table

modest = settings(max_examples=50, deadline=None)
case_lists = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=2, max_size=60)
Cases = list[tuple[int, bool]]


def table_of(cases: Cases) -> SurvivalTable:
    return survival_table([t for t, _ in cases], [seen for _, seen in cases])


# Tables


@modest
@given(case_lists)
def test_a_table_counts_every_case_once_at_its_time(cases: Cases) -> None:
    table = table_of(cases)
    assert table.times.tolist() == sorted({t for t, _ in cases})
    for t, d, c in zip(*table, strict=True):
        assert d == sum(1 for case in cases if case == (t, True))
        assert c == sum(1 for case in cases if case == (t, False))


@pytest.mark.parametrize(
    ("times", "observed", "message"),
    [
        ([], [], "at least one case"),
        ([1, 2], [1], "one time and one mark"),
        ([1, -2], [1, 1], "rising and at least 0"),
        ([1, float("nan")], [1, 1], "rising and at least 0"),
        ([1, 2], [1, 2], "observed"),
    ],
)
def test_malformed_cases_are_refused(times: list[float], observed: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        survival_table(times, observed)


@pytest.mark.parametrize(
    ("times", "events", "censored", "message"),
    [
        ([1, 1], [1, 1], [0, 0], "distinct, rising"),
        ([2, 1], [1, 1], [0, 0], "distinct, rising"),
        ([1, 2], [1, -1], [0, 0], "whole numbers"),
        ([1, 2], [1, 1], [0, 0.5], "whole numbers"),
        ([1, 2], [1, 1], [0], "one number of events"),
        ([1, 2], [0, 0], [0, 0], "at least one case"),
    ],
)
def test_a_malformed_table_is_refused(
    times: list[float], events: list[float], censored: list[float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        kaplan_meier(times, events, censored)


# Curves


@modest
@given(case_lists)
def test_the_curve_agrees_with_a_second_implementation(cases: Cases) -> None:
    oracle = pytest.importorskip("statsmodels.duration.survfunc")
    curve = kaplan_meier(*table_of(cases))
    happened = curve.events > 0
    if not happened.any():
        assert curve.survival.tolist() == [1.0] * len(curve.times)
        return
    with np.errstate(all="ignore"):
        theirs = oracle.SurvfuncRight([t for t, _ in cases], [int(seen) for _, seen in cases])
    open_still = theirs.surv_prob > 1e-12
    assert curve.times[happened].tolist() == theirs.surv_times.tolist()
    assert curve.at_risk[happened].tolist() == theirs.n_risk.tolist()
    assert curve.survival[happened] == pytest.approx(theirs.surv_prob, abs=1e-12)
    assert curve.standard_error[happened][open_still] == pytest.approx(
        theirs.surv_prob_se[open_still], abs=1e-12
    )


@modest
@given(case_lists)
def test_the_curve_falls_within_its_band(cases: Cases) -> None:
    curve = kaplan_meier(*table_of(cases))
    assert np.all(np.diff(curve.survival) <= 0)
    inner = (curve.survival > 0) & (curve.survival < 1)
    assert np.array_equal(np.isnan(curve.low), ~inner)
    assert np.all(curve.low[inner] <= curve.survival[inner])
    assert np.all(curve.survival[inner] <= curve.high[inner])


@modest
@given(st.lists(st.integers(1, 30), min_size=1, max_size=50))
def test_without_open_cases_the_restricted_mean_is_the_mean(times: list[int]) -> None:
    curve = kaplan_meier(*survival_table(times, [1] * len(times)))
    for tau in (max(times), max(times) + 5):
        assert curve.restricted_mean(tau) == pytest.approx(np.mean(times))
    cut = np.minimum(times, 7)
    if max(times) >= 7:
        assert curve.restricted_mean(7) == pytest.approx(cut.mean())


@modest
@given(case_lists, st.floats(0.01, 0.99))
def test_open_cases_never_shorten_a_quantile(cases: Cases, q: float) -> None:
    alive = kaplan_meier(*table_of(cases)).quantile(q).value
    naive = kaplan_meier(*table_of([(t, True) for t, _ in cases])).quantile(q).value
    assert naive is not None
    assert alive is None or alive >= naive


def test_the_quantile_is_the_middle_of_a_stretch_at_its_level() -> None:
    curve = kaplan_meier(*survival_table([1, 2, 3, 4], [1, 1, 1, 1]))
    assert curve.median.value == 2.5
    assert curve.quantile(0.25).value == 1.5
    assert curve.quantile(0.6).value == 3


def test_rounding_in_the_curve_does_not_hide_a_stretch_at_the_level() -> None:
    curve = kaplan_meier(*survival_table(range(1, 11), [1] * 10))
    assert [curve.quantile(k / 10).value for k in range(1, 10)] == [k + 0.5 for k in range(1, 10)]


def test_a_stretch_at_the_level_may_last_to_the_end_of_follow_up() -> None:
    curve = kaplan_meier(*survival_table([1, 2, 9, 10], [1, 1, 0, 0]))
    assert curve.median.value == (2 + 10) / 2


def test_what_follow_up_does_not_reach_is_not_guessed() -> None:
    curve = kaplan_meier(*survival_table([1, 5, 6, 7], [1, 0, 0, 0]))
    assert curve.median.value is None
    assert curve.median.high is None
    assert curve.restricted_mean(7) == pytest.approx(1 + 6 * 0.75)
    assert curve.restricted_mean(8) is None


def test_cases_all_done_at_once_leave_no_band_and_no_warning() -> None:
    curve = kaplan_meier([3], [4], [0])
    assert curve.survival.tolist() == [0]
    assert np.isnan(curve.standard_error[0])
    assert curve.median == (3, None, None)


def test_cases_all_open_leave_a_flat_curve() -> None:
    curve = kaplan_meier([2, 4], [0, 0], [1, 3])
    assert curve.survival.tolist() == [1, 1]
    assert curve.standard_error.tolist() == [0, 0]
    assert curve.median == (None, None, None)
    assert curve.restricted_mean(3) == 3


def test_a_case_closed_at_once_counts_from_time_zero() -> None:
    curve = kaplan_meier(*survival_table([0, 0, 2, 4], [1, 1, 1, 1]))
    assert curve.restricted_mean(4) == 1.5


def test_times_without_cases_say_nothing() -> None:
    padded = kaplan_meier([1, 2, 3, 9], [1, 0, 1, 0], [0, 0, 1, 0])
    assert padded.times.tolist() == [1, 3]
    assert padded.restricted_mean(9) is None


@pytest.mark.parametrize("q", [0, 1, -0.5, float("nan")])
def test_a_quantile_off_its_range_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        kaplan_meier([1], [1], [0]).quantile(q)


def test_a_negative_horizon_is_refused() -> None:
    with pytest.raises(ValueError, match="tau"):
        kaplan_meier([1], [1], [0]).restricted_mean(-1)


def test_a_million_cases_take_about_a_second() -> None:
    rng = np.random.default_rng(7)
    times, observed = rng.exponential(size=1_000_000), rng.random(1_000_000) < 0.8
    start = time.process_time()
    curve = kaplan_meier(*survival_table(times, observed))
    median = curve.median
    assert time.process_time() - start < 5
    assert median.low is not None
    assert median.value is not None
    assert median.high is not None
    assert median.low < median.value < median.high


# Log-rank


@pytest.mark.parametrize("groups", [2, 3, 4])
@modest
@given(data=st.data())
def test_the_log_rank_test_agrees_with_a_second_implementation(
    groups: int, data: st.DataObject
) -> None:
    oracle = pytest.importorskip("statsmodels.duration.survfunc")
    samples = [data.draw(case_lists) for _ in range(groups)]
    # Every group sees the first event, so that all of them take part.
    samples = [[(1, True), (12, True), *cases] for cases in samples]
    everyone = [(t, int(seen), g) for g, cases in enumerate(samples) for t, seen in cases]
    chi_square, p_value = oracle.survdiff(
        *(np.array(column) for column in zip(*everyone, strict=True))
    )
    test = log_rank([table_of(cases) for cases in samples])
    assert test.df == groups - 1
    assert test.chi_square == pytest.approx(float(chi_square), rel=1e-6, abs=1e-8)
    assert test.p_value == pytest.approx(float(p_value), rel=1e-6, abs=1e-8)


@modest
@given(case_lists, case_lists, case_lists)
def test_the_order_of_the_groups_does_not_matter(a: Cases, b: Cases, c: Cases) -> None:
    one = log_rank([table_of(g) for g in (a, b, c)])
    other = log_rank([table_of(g) for g in (c, a, b)])
    assert one.chi_square == pytest.approx(other.chi_square, rel=1e-6, abs=1e-8)
    assert one.df == other.df


@modest
@given(case_lists)
def test_a_group_does_not_differ_from_itself(cases: Cases) -> None:
    test = log_rank([table_of(cases), table_of(cases)])
    assert test.chi_square == pytest.approx(0, abs=1e-9)
    assert test.p_value == pytest.approx(1, abs=1e-4)


def test_without_events_nothing_speaks_for_a_difference() -> None:
    test = log_rank([survival_table([1, 2], [0, 0]), survival_table([5], [0])])
    assert (test.chi_square, test.p_value) == (0, 1)


def test_a_group_gone_before_the_first_event_takes_no_part() -> None:
    gone = survival_table([1, 2], [0, 0])
    fast, slow = survival_table([3, 3, 4], [1, 1, 1]), survival_table([5, 6, 7], [1, 1, 1])
    assert log_rank([gone, fast, slow]) == log_rank([fast, slow])


def test_events_all_at_one_moment_cannot_tell_groups_apart() -> None:
    test = log_rank([survival_table([3, 3], [1, 1]), survival_table([3], [1])])
    assert (test.chi_square, test.p_value, test.df) == (0, 1, 1)


def test_one_group_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="at least two groups"):
        log_rank([survival_table([1], [1])])
