from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.control_charts import (
    cases_between_chart,
    individuals_chart,
    proportion_chart,
    rate_chart,
    score_chart,
    time_between_chart,
)
from csat.stats.funnel import funnel
from csat.stats.mix import decompose
from csat.stats.moments import Moments, moments_from_counts
from csat.stats.run_rules import RULES, Signal, run_rules

modest = settings(max_examples=60, deadline=None)
periods = st.lists(
    st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
    min_size=1,
    max_size=30,
)
NAN = float("nan")


# Charts of shares and rates


@modest
@given(periods)
def test_limits_of_shares_lie_on_the_scale_around_the_centre(months: Any) -> None:
    x, n = zip(*months, strict=True)
    for laney in (False, True, None):
        chart = proportion_chart(x, n, laney=laney)
        if chart is None:
            assert min(sum(x), sum(n) - sum(x)) < len(x)
            continue
        assert chart.centre[0] == pytest.approx(sum(x) / sum(n))
        assert (chart.low >= 0).all()
        assert (chart.high <= 1).all()
        assert (chart.low <= chart.centre).all()
        assert (chart.centre <= chart.high).all()


@modest
@given(periods)
def test_counting_failures_instead_mirrors_the_chart(months: Any) -> None:
    x, n = (np.array(side) for side in zip(*months, strict=True))
    good, bad = proportion_chart(x, n), proportion_chart(n - x, n)
    assert (good is None) == (bad is None)
    if good is not None and bad is not None:
        assert good.kind == bad.kind
        assert good.low == pytest.approx(1 - bad.high)
        assert good.beyond == bad.beyond


def test_an_empty_period_has_no_point_and_moves_no_limit() -> None:
    full = proportion_chart([10, 12, 9], [50, 50, 50])
    gap = proportion_chart([10, 12, 0, 9], [50, 50, 0, 50])
    assert full is not None
    assert gap is not None
    assert np.isnan(gap.values[2])
    assert gap.centre[0] == full.centre[0]
    assert gap.beyond == []


def test_scatter_beyond_chance_or_large_bases_call_for_laney() -> None:
    calm = proportion_chart([20, 22, 18, 21], [100] * 4)
    wild = proportion_chart([5, 45, 8, 40], [100] * 4)
    large = proportion_chart([2000, 2010, 1990, 2005], [10_000] * 4)
    assert calm is not None
    assert wild is not None
    assert large is not None
    assert (calm.kind, calm.sigma_z) == ("p", None)
    assert wild.kind == large.kind == "p_prime"
    assert wild.sigma_z is not None
    assert wild.sigma_z > 1


def test_shares_too_rare_for_a_chart_have_none() -> None:
    assert proportion_chart([0, 1, 0, 0], [50] * 4) is None
    assert proportion_chart([50, 49, 50, 50], [50] * 4) is None
    assert rate_chart([0, 1, 0], [10, 10, 10]) is None
    assert proportion_chart([], []) is None
    assert proportion_chart([0], [0]) is None


def test_limits_rest_on_the_baseline_alone() -> None:
    chart = rate_chart([10, 12, 8, 40], [5] * 4, baseline=[True, True, True, False])
    assert chart is not None
    assert (chart.centre[0], chart.points, chart.beyond) == (2.0, 3, [3])
    assert chart.provisional


@pytest.mark.parametrize(
    "make",
    [
        lambda: proportion_chart([5], [4]),
        lambda: proportion_chart([1, 2], [4]),
        lambda: proportion_chart([1], [4], baseline=[True, True]),
        lambda: rate_chart([-1], [4]),
        lambda: score_chart([1], [0]),
        lambda: cases_between_chart([-1]),
        lambda: time_between_chart([-1]),
    ],
)
def test_what_cannot_be_charted_is_refused(make: Any) -> None:
    with pytest.raises(ValueError, match=r"must|needs"):
        make()


# Charts of single values


@modest
@given(st.lists(st.integers(-50, 50), min_size=2, max_size=30), st.floats(0.1, 10))
def test_a_chart_of_single_values_knows_no_unit(values: list[int], unit: float) -> None:
    plain = individuals_chart(values)
    scaled = individuals_chart(np.array(values) * unit)
    assert (plain is None) == (scaled is None) == (len(set(values)) == 1)
    if plain is not None and scaled is not None:
        assert scaled[0].z == pytest.approx(plain[0].z)
        assert scaled[1] == pytest.approx(plain[1] * unit)


def test_a_gap_in_the_series_makes_no_moving_range() -> None:
    found = individuals_chart([1.0, 2.0, NAN, 10.0, 11.0])
    assert found is not None
    assert found[1] == pytest.approx(3.267)
    assert individuals_chart([1.0, NAN, 2.0]) is None
    assert individuals_chart([1.0]) is None


def test_scores_of_few_answers_have_wider_limits() -> None:
    chart = score_chart([30, 34, 28, 33], [3, 3, 6, 3])
    assert chart is not None
    assert chart.high[2] - chart.low[2] == pytest.approx(2 * (chart.high[0] - chart.low[0]))
    assert score_chart([], []) is None
    assert score_chart([30, 30], [3, 3]) is None


def test_rare_events_are_charted_by_what_lies_between_them() -> None:
    cases = cases_between_chart([100, 100, 100, 900])
    times = time_between_chart([10.0, 11.0, 9.0, 10.5, 9.5, 10.0, 400.0], [True] * 6 + [False])
    assert cases is not None
    assert times is not None
    assert (cases.low == 0).all()
    assert times.beyond == [6]
    assert times.centre[0] == pytest.approx(10, rel=0.05)
    assert cases_between_chart([0, 0]) is None
    assert time_between_chart([5.0, 5.0]) is None


# Run rules


@modest
@given(st.lists(st.floats(-4, 4), max_size=30))
def test_turning_the_series_over_turns_the_sides(z: list[float]) -> None:
    up, down = run_rules(z, RULES), run_rules([-v for v in z], RULES)
    turned = [Signal(s.rule, s.points, None if s.above is None else not s.above) for s in down]
    assert {(s.rule, s.points, s.above) for s in up} == {
        (s.rule, s.points, s.above) for s in turned
    }


@modest
@given(st.lists(st.floats(-4, 4), min_size=1, max_size=30), st.integers(0, 29))
def test_points_are_named_within_the_series_and_an_empty_period_never(
    z: list[float], gap: int
) -> None:
    z[gap % len(z)] = NAN
    for signal in run_rules(z, RULES):
        assert set(signal.points) <= set(range(len(z)))
        assert gap % len(z) not in signal.points


def test_a_longer_run_is_one_signal() -> None:
    assert run_rules([0.5] * 11, ["eight_one_side"]) == [
        Signal("eight_one_side", tuple(range(11)), True)
    ]


def test_a_point_on_the_centre_line_breaks_a_run() -> None:
    assert run_rules([0.5] * 7 + [0.0] + [0.5] * 7) == []


def test_ties_break_a_trend() -> None:
    assert run_rules([0.1, 0.2, 0.3, 0.3, 0.4, 0.5], ["six_steady"]) == []


def test_no_pattern_reaches_over_a_change_of_phase() -> None:
    z, phases = [0.5] * 10, [0] * 5 + [1] * 5
    assert run_rules(z) != []
    assert run_rules(z, phases=phases) == []
    late = run_rules([0.5] * 2 + [-0.5] * 8, phases=[0] * 2 + [1] * 8)
    assert late == [Signal("eight_one_side", tuple(range(2, 10)), False)]


def test_false_signals_of_the_default_rules_come_about_as_often_as_theory_says() -> None:
    """Champ and Woodall's in-control run length for one point or eight on a side is 152.7."""
    rng = np.random.default_rng(1)
    lengths = []
    for _ in range(300):
        z = rng.normal(size=1500).tolist()
        first = min(s.points[-1] if len(s.points) == 1 else s.points[7] for s in run_rules(z))
        lengths.append(first + 1)
    assert np.mean(lengths) == pytest.approx(152.7, rel=0.2)


def test_unknown_rules_and_phases_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="rules must be"):
        run_rules([0.1], ["ten_one_side"])  # type: ignore[list-item]
    with pytest.raises(ValueError, match="one phase"):
        run_rules([0.1], phases=[0, 0])


# Funnels


def test_small_branches_have_wider_limits_and_extreme_ones_stand_out() -> None:
    units = {f"b{k}": (160 + k, 200) for k in range(10)} | {"odd": (100, 200), "tiny": (7, 10)}
    found = funnel(units)
    assert found is not None
    assert found.points["odd"].place == "beyond_998"
    assert found.points["tiny"].low < found.points["b0"].low
    assert found.points["b0"].place == "within"


def test_a_funnel_does_not_depend_on_the_order_of_its_units() -> None:
    units = {f"b{k}": (50 + 7 * k % 40, 100) for k in range(12)}
    mirrored = dict(reversed(units.items()))
    first, second = funnel(units), funnel(mirrored)
    assert first is not None
    assert second is not None
    assert first.sigma_z == pytest.approx(second.sigma_z)
    z = [point.z * first.sigma_z for point in first.points.values()]
    pairs = [abs(a - b) for k, a in enumerate(z) for b in z[:k]]
    assert first.sigma_z == pytest.approx(max(1, np.mean(pairs) / 1.128))


def test_units_that_cannot_differ_have_no_funnel() -> None:
    assert funnel({"a": (5, 10)}) is None
    assert funnel({"a": (0, 10), "b": (0, 10)}) is None
    assert funnel({"a": (5, 10), "b": (0, 0)}) is None
    with pytest.raises(ValueError, match="between 0 and n"):
        funnel({"a": (11, 10)})


# Change within groups and change of mix

rating_counts = st.dictionaries(st.integers(1, 5), st.integers(0, 30), max_size=5)
group_tables = st.dictionaries(st.sampled_from("abcd"), rating_counts, min_size=1, max_size=4)


@modest
@given(group_tables, group_tables)
def test_the_parts_of_a_change_sum_to_the_change(now: Any, before: Any) -> None:
    current = {g: moments_from_counts(c) for g, c in now.items()}
    reference = {g: moments_from_counts(c) for g, c in before.items()}
    whole_now = sum(current.values(), Moments(0, 0, 0)).mean
    whole_before = sum(reference.values(), Moments(0, 0, 0)).mean
    found = decompose(current, reference)
    if whole_now is None or whole_before is None:
        assert found is None
        return
    assert found is not None
    assert found.total == pytest.approx(whole_now - whole_before)
    assert found.within.value + found.mix.value == pytest.approx(found.total)
    back = decompose(reference, current)
    assert back is not None
    assert back.within.value == pytest.approx(-found.within.value)


def test_a_group_that_came_new_is_mix_alone() -> None:
    before = {"a": Moments(50, 200, 820)}
    now = {"a": Moments(50, 200, 820), "b": Moments(50, 100, 220)}
    found = decompose(now, before)
    assert found is not None
    assert found.within.value == 0
    assert found.groups["b"].within == 0
    assert found.mix.value == pytest.approx(-1.0)


def test_the_real_change_has_the_interval_of_its_groups() -> None:
    before = {"a": Moments(100, 400, 1700), "b": Moments(100, 200, 500)}
    now = {"a": Moments(100, 450, 2125), "b": Moments(100, 250, 725)}
    found = decompose(now, before)
    assert found is not None
    assert found.within.value == pytest.approx(0.5)
    assert found.within.low is not None
    assert found.within.p_value is not None
    assert found.within.low > 0
    assert found.within.p_value < 0.001
    assert found.mix.value == 0


def test_a_group_of_one_leaves_the_doubt_unknown() -> None:
    found = decompose({"a": Moments(1, 4, 16)}, {"a": Moments(30, 100, 400)})
    assert found is not None
    assert (found.within.low, found.within.p_value) == (None, None)
