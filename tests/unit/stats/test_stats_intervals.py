from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from csat.stats.intervals import (
    Interval,
    bca_mean_interval,
    mean_interval,
    nps_interval,
    nps_score,
    nps_standard_error,
    poisson_interval,
    rating_mean_interval,
    wilson_interval,
)
from csat.stats.moments import Moments, moments_from_counts

modest = settings(max_examples=50, deadline=None)
shares = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
ratings = st.dictionaries(st.integers(1, 5), st.integers(1, 200), min_size=1)
nps_counts = st.tuples(*[st.integers(0, 500)] * 3).filter(any)


def test_an_interval_cannot_be_upside_down_or_unknown() -> None:
    for low, high in [(2.0, 1.0), (float("nan"), 1.0)]:
        with pytest.raises(ValueError, match="must not exceed"):
            Interval(low, high)


# Shares


@modest
@given(shares, st.sampled_from([0.8, 0.95, 0.99]))
def test_wilson_agrees_with_a_second_implementation(
    share: tuple[int, int], confidence: float
) -> None:
    oracle = pytest.importorskip("statsmodels.stats.proportion")
    low, high = oracle.proportion_confint(*share, alpha=1 - confidence, method="wilson")
    ours = wilson_interval(*share, confidence)
    assert (ours.low, ours.high) == pytest.approx((low, high), abs=1e-12)


@modest
@given(shares)
def test_wilson_holds_the_share_and_stays_a_share(share: tuple[int, int]) -> None:
    x, n = share
    ci = wilson_interval(x, n)
    assert 0 <= ci.low <= x / n <= ci.high <= 1


@modest
@given(shares)
def test_wilson_of_failures_mirrors_that_of_successes(share: tuple[int, int]) -> None:
    x, n = share
    ci, mirror = wilson_interval(x, n), wilson_interval(n - x, n)
    assert (ci.low, ci.high) == pytest.approx((1 - mirror.high, 1 - mirror.low), abs=1e-12)


def test_wilson_ends_exactly_at_none_and_all() -> None:
    for n in range(1, 200):
        assert wilson_interval(0, n).low == 0
        assert wilson_interval(n, n).high == 1


def test_wilson_takes_an_effective_number_of_answers() -> None:
    whole, half = wilson_interval(80, 100), wilson_interval(40.4, 50.5)
    assert half.high - half.low > whole.high - whole.low


@pytest.mark.parametrize(("x", "n"), [(0, 0), (3, 2), (-1, 5), (1, float("nan"))])
def test_a_share_that_does_not_exist_is_refused(x: float, n: float) -> None:
    with pytest.raises(ValueError, match=r"at least one answer|between 0 and n"):
        wilson_interval(x, n)


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_off_the_open_unit_range_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        wilson_interval(1, 2, confidence)
    with pytest.raises(ValueError, match="confidence"):
        poisson_interval(1, 2, confidence=confidence)


# Means


@modest
@given(ratings)
def test_the_t_interval_agrees_with_a_second_implementation(counts: dict[int, int]) -> None:
    assume(len(counts) > 1)
    answers = np.repeat(list(counts), list(counts.values()))
    expected = stats.ttest_1samp(answers, 0).confidence_interval(0.95)
    ours = mean_interval(moments_from_counts(counts))
    assert ours is not None
    assert (ours.low, ours.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


@pytest.mark.parametrize("counts", [{}, {4: 1}, {4: 30}], ids=["none", "one", "all the same"])
def test_a_mean_without_spread_has_no_interval(counts: dict[int, int]) -> None:
    assert mean_interval(moments_from_counts(counts)) is None
    assert bca_mean_interval(counts) is None


def test_the_unit_of_the_values_scales_the_interval() -> None:
    minutes, hours = (
        mean_interval(Moments(3, 360, 50400)),
        mean_interval(Moments(3, 360, 50400, 60)),
    )
    assert minutes is not None
    assert hours is not None
    assert hours.low == pytest.approx(minutes.low / 60)


@pytest.mark.parametrize(
    "counts", [{3: 2, 4: 5, 5: 33}, {1: 1, 4: 20, 5: 179}, {1: 8, 2: 3, 5: 2}], ids=str
)
def test_bca_agrees_with_a_second_implementation(counts: dict[int, int]) -> None:
    answers = np.repeat(list(counts), list(counts.values())).astype(float)
    theirs = stats.bootstrap(
        (answers,), np.mean, n_resamples=40_000, method="BCa", rng=np.random.default_rng(1)
    ).confidence_interval
    ours = bca_mean_interval(counts, draws=40_000)
    assert ours is not None
    step = 1 / len(answers)  # resampled means lie on a lattice; chance may move a limit by one step
    assert (ours.low, ours.high) == pytest.approx((theirs.low, theirs.high), abs=1.01 * step)


@modest
@given(ratings)
def test_bca_stays_among_the_answers_given(counts: dict[int, int]) -> None:
    ci = bca_mean_interval(counts, draws=200)
    if ci is not None:
        assert min(counts) <= ci.low < ci.high <= max(counts)


def test_bca_does_not_depend_on_chance_or_order() -> None:
    counts = {3: 2, 4: 5, 5: 33}
    backwards = {5: 33, 4: 5, 3: 2, 1: 0}
    assert bca_mean_interval(counts) == bca_mean_interval(counts) == bca_mean_interval(backwards)


def test_bca_leans_towards_the_long_tail() -> None:
    ci = bca_mean_interval({1: 2, 4: 5, 5: 33})
    mean = moments_from_counts({1: 2, 4: 5, 5: 33}).mean
    assert ci is not None
    assert mean is not None
    assert mean - ci.low > ci.high - mean


def test_bca_of_a_million_answers_is_as_close_as_the_t_interval() -> None:
    counts = {1: 10_000, 4: 190_000, 5: 800_000}
    bca, t = bca_mean_interval(counts), mean_interval(moments_from_counts(counts))
    assert bca is not None
    assert t is not None
    assert (bca.low, bca.high) == pytest.approx((t.low, t.high), abs=2e-4)


def test_a_bootstrap_of_a_few_draws_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 100 draws"):
        bca_mean_interval({1: 2, 2: 2}, draws=10)


@pytest.mark.parametrize(
    ("counts", "method"),
    [
        ({4: 10, 5: 10}, "bca"),
        ({1: 10, 2: 10}, "bca"),
        ({4: 11, 5: 9}, "t"),
        ({3: 10, 2: 1}, "t"),
        ({}, "t"),
        ({5: 40}, "bca"),
    ],
    ids=str,
)
def test_the_bootstrap_serves_means_within_half_a_point_of_an_end(
    counts: dict[int, int], method: str
) -> None:
    interval, chosen = rating_mean_interval(counts, 1, 5)
    assert chosen == method
    moments = moments_from_counts(counts)
    assert interval == (bca_mean_interval(counts) if method == "bca" else mean_interval(moments))


def test_answers_off_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\[0, 7\] lie off"):
        rating_mean_interval({7: 1, 0: 1, 3: 1, 6: 0}, 1, 5)
    with pytest.raises(ValueError, match="must rise"):
        rating_mean_interval({1: 1}, 5, 5)


# Net Promoter Score


@modest
@given(nps_counts)
def test_nps_is_the_mean_of_plus_and_minus_hundred(counts: tuple[int, int, int]) -> None:
    answers = np.repeat([100.0, 0.0, -100.0], counts)
    assert nps_score(*counts) == pytest.approx(answers.mean(), abs=1e-9)
    assert nps_standard_error(*counts) == pytest.approx(
        answers.std() / len(answers) ** 0.5, abs=1e-9
    )


@modest
@given(nps_counts)
def test_the_nps_interval_has_a_width_and_stays_on_the_scale(counts: tuple[int, int, int]) -> None:
    ci = nps_interval(*counts)
    assert -100 <= ci.low < ci.high <= 100


def test_promoters_alone_still_leave_doubt() -> None:
    ci = nps_interval(40, 0, 0)
    assert nps_standard_error(40, 0, 0) == 0
    assert ci.high == 100
    assert ci.low < 95


@pytest.mark.parametrize("figure", [nps_score, nps_standard_error, nps_interval])
def test_nps_without_answers_is_refused(figure: Callable[..., object]) -> None:
    with pytest.raises(ValueError, match="at least one answer"):
        figure(0, 0, 0)
    with pytest.raises(ValueError, match="at least 0"):
        figure(5, -1, 0)


# Rates


@modest
@given(st.integers(0, 5000), st.floats(0.1, 1e6))
def test_the_exact_rate_interval_agrees_with_a_second_implementation(
    events: int, exposure: float
) -> None:
    oracle = pytest.importorskip("statsmodels.stats.rates")
    low, high = oracle.confint_poisson(events, exposure, method="exact-c")
    ours = poisson_interval(events, exposure)
    assert ours.low == pytest.approx(0.0 if events == 0 else low, rel=1e-9)
    assert ours.high == pytest.approx(high, rel=1e-9)


@modest
@given(st.integers(0, 200), st.floats(1, 1e5))
def test_the_rate_interval_holds_the_rate(events: int, exposure: float) -> None:
    ci = poisson_interval(events, exposure, per=1000)
    assert ci.low <= 1000 * events / exposure <= ci.high


@pytest.mark.parametrize(("events", "exposure"), [(-1, 10), (1, 0), (1.5, 10), (1, float("inf"))])
def test_a_rate_that_does_not_exist_is_refused(events: int, exposure: float) -> None:
    with pytest.raises(ValueError, match=r"exposure above zero|whole number"):
        poisson_interval(events, exposure)
