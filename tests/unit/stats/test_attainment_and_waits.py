"""Promises kept and waits compared, against plain counting and a second implementation."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.duration.survfunc import survdiff

from csat.model.working_hours import ALWAYS, WorkingHours
from csat.stats import waits
from csat.stats.attainment import (
    breach_chances,
    clock_curve,
    mean_wait,
    pooled_share,
    standing,
)
from csat.stats.business_time import lay_out
from csat.stats.survival import kaplan_meier, log_rank, survival_table
from csat.stats.waits import compare_waits, ended_quantile

CLOCK = lay_out(WorkingHours("UTC", ALWAYS), date(1970, 1, 1), date(1970, 1, 20))
CASES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.booleans()), min_size=1)


@given(CASES, st.integers(0, 9))
def test_every_case_is_in_one_of_four_states(
    cases: list[tuple[int, int, bool]], target: int
) -> None:
    received = np.array([a for a, _, _ in cases])
    until = received + [n for _, n, _ in cases]
    ended = [done for _, _, done in cases]
    found = standing(CLOCK, received, until, ended, target)
    for i, (_, spent, done) in enumerate(cases):
        state = [bool(flags[i]) for flags in found[1:]]
        in_time = spent <= target
        assert state == [done and in_time, done and not in_time,
                         not done and not in_time, not done and in_time]  # fmt: skip


def test_chance_of_a_breach_is_that_of_past_cases_that_waited_as_long() -> None:
    curve = clock_curve(CLOCK, [0] * 5, [1, 2, 4, 8, 8], [1, 1, 1, 1, 1])
    found = breach_chances(curve, [0, 1, 2, 3], 3)
    assert found is not None
    assert found.tolist() == pytest.approx([3 / 5, 3 / 4, 1, 1])


def test_nothing_is_foretold_beyond_what_was_followed() -> None:
    curve = clock_curve(CLOCK, [0, 0], [2, 5], [1, 0])
    assert breach_chances(curve, [1], 6) is None
    assert breach_chances(curve, [1], 5) is not None


GROUPS = st.lists(
    st.lists(st.tuples(st.integers(1, 6), st.integers(0, 1)), min_size=2, max_size=8),
    min_size=2,
    max_size=4,
)


@given(GROUPS)
def test_each_group_is_tested_against_all_others(groups: list[list[tuple[int, int]]]) -> None:
    tables = [survival_table(*zip(*group, strict=True)) for group in groups]
    found = compare_waits(tables).each
    for place, test in enumerate(found):
        rest = [case for i, group in enumerate(groups) if i != place for case in group]
        pair = log_rank([tables[place], survival_table(*zip(*rest, strict=True))])
        assert test.chi_square == pytest.approx(pair.chi_square, abs=1e-9)
        assert test.p_value == pytest.approx(pair.p_value, abs=1e-9)


@pytest.mark.parametrize("block", [1, 3, 65_536])
@given(GROUPS)
def test_summing_over_stretches_of_time_changes_nothing(
    block: int, groups: list[list[tuple[int, int]]]
) -> None:
    tables = [survival_table(*zip(*group, strict=True)) for group in groups]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waits, "_BLOCK", block)
        found = compare_waits(tables).overall
    whole = log_rank(tables)
    assert found.df == whole.df
    assert found.chi_square == pytest.approx(whole.chi_square, abs=1e-9)


def test_one_against_the_rest_agrees_with_statsmodels() -> None:
    chance = np.random.default_rng(5)
    times, seen = chance.integers(1, 40, 120), chance.integers(0, 2, 120)
    place = chance.integers(0, 3, 120)
    tables = [survival_table(times[place == g], seen[place == g]) for g in range(3)]
    for group, test in enumerate(compare_waits(tables).each):
        chi_square, p_value = survdiff(times, seen, (place == group).astype(int))
        assert (test.chi_square, test.p_value) == pytest.approx((chi_square, p_value))


@given(
    st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3)), min_size=1),
    st.floats(0, 1),
)
def test_quantile_of_ended_cases_is_that_of_type_seven(
    table: list[tuple[int, int]], q: float
) -> None:
    counts = dict(table)
    times = sorted(counts)
    ended = [counts[t] for t in times]
    found = ended_quantile(times, ended, q)
    if not sum(ended):
        assert found is None
        return
    assert found == pytest.approx(float(np.quantile(np.repeat(times, ended), q)))


def test_share_still_open_is_read_from_the_curve() -> None:
    curve = kaplan_meier([1, 2, 4], [1, 1, 0], [0, 0, 2])
    assert [curve.still_open(t).value for t in (0.5, 1, 3, 4)] == [1.0, 0.75, 0.5, 0.5]
    assert curve.still_open(4.1).value is None
    low, high = curve.still_open(3)[1:]
    assert low is not None
    assert high is not None
    assert low < 0.5 < high


@pytest.mark.parametrize("q", [-0.1, 1.1])
def test_what_is_no_quantile_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ended_quantile([1], [1], q)


def test_mean_wait_of_ended_cases_is_their_mean() -> None:
    waits = np.random.default_rng(3).integers(1, 90, 200)
    found = mean_wait(kaplan_meier(*survival_table(waits, np.ones(200))))
    assert found is not None
    assert found.value == pytest.approx(waits.mean())
    reach = stats.t.ppf(0.975, 199) * waits.std(ddof=1) / np.sqrt(200) / waits.mean()
    assert found.high == pytest.approx(waits.mean() * np.exp(reach))
    assert found.low == pytest.approx(waits.mean() / np.exp(reach))


def test_mean_wait_with_open_cases_covers_the_restricted_mean() -> None:
    """Its error against that of many samples of the same kind."""
    rng = np.random.default_rng(5)
    means, errors = [], []
    for _ in range(300):
        true, end = rng.exponential(10, 150), rng.uniform(5, 30, 150)
        table = survival_table(
            np.minimum(np.minimum(true, end), 20.0), (true <= end) & (true <= 20)
        )
        found = mean_wait(kaplan_meier(*table))
        assert found is not None
        means.append(found.value)
        errors.append((found.high - found.value) / 1.959964)
    assert np.mean(means) == pytest.approx(10 * (1 - np.exp(-2)), abs=0.15)
    assert np.mean(errors) == pytest.approx(np.std(means), rel=0.12)


def test_one_time_tells_no_mean_wait() -> None:
    assert mean_wait(kaplan_meier(*survival_table([3.0], [1]))) is None


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=6))
def test_pooled_share_is_never_surer_than_all_its_checks(pairs: list[tuple[int, int]]) -> None:
    parts = [(met, met + missed) for met, missed in pairs]
    total = sum(n for _, n in parts)
    found = pooled_share(parts)
    if not total:
        assert found is None
        return
    assert found is not None
    assert found.effective <= total + 1e-9
    assert found.low <= found.value <= found.high
    assert found.value == pytest.approx(sum(m for m, _ in parts) / total)
