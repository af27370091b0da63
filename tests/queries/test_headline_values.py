"""Every headline figure against the raw rows, computed independently here."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight, survdiff
from statsmodels.stats.proportion import (
    confint_proportions_2indep,
    proportion_confint,
    proportions_ztest,
)
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from csat.model.period import Period

DAY = 86_400


def in_quarter(day: date) -> bool:
    return date(2026, 4, 1) <= day <= date(2026, 6, 30)


def in_quarter_before(day: date) -> bool:
    return date(2026, 1, 1) <= day <= date(2026, 3, 31)


def close(figure: Any, value: float, low: float, high: float, n: int) -> None:
    assert figure.state == "ok"
    assert figure.n == n
    assert (figure.value, figure.low, figure.high) == pytest.approx((value, low, high), abs=1e-9)


@pytest.mark.parametrize(
    ("key", "field", "top"), [("csat_top_box", "csat", 4), ("recommend_share", "csat", 4)]
)
def test_a_share_is_its_count_with_wilsons_interval(
    raw, ask, key: str, field: str, top: int
) -> None:
    answers = raw.answers(field)
    x, n = sum(a >= top for a in answers), len(answers)
    low, high = proportion_confint(x, n, method="wilson")
    close(ask(key).one(key), 100 * x / n, 100 * low, 100 * high, n)


def test_answered_in_time_leaves_undecided_cases_out(raw, ask) -> None:
    decided = [c.timely for c in raw.cases if c.timely is not None]
    low, high = proportion_confint(sum(decided), len(decided), method="wilson")
    figure = ask("timely_response_share").one("timely_response_share")
    close(figure, 100 * np.mean(decided), 100 * low, 100 * high, len(decided))


@pytest.mark.parametrize(
    ("key", "field", "scale"), [("csat_mean", "csat", (1, 5)), ("ces", "ces", (1, 7))]
)
def test_a_mean_has_students_interval_in_the_units_of_its_scale(
    raw, ask, key: str, field: str, scale: tuple[int, int]
) -> None:
    answers = raw.answers(field)
    low, high = DescrStatsW(answers).tconfint_mean()
    figure = ask(key).one(key)
    close(figure, float(np.mean(answers)), low, high, len(answers))
    assert figure.scale == scale


def test_a_question_by_name_is_the_same_mean(raw, ask) -> None:
    named, headline = ask("mean:ces").one("mean:ces"), ask("ces").one("ces")
    assert (named.value, named.low, named.n) == (headline.value, headline.low, headline.n)


def test_nps_counts_nine_and_ten_against_zero_to_six(raw, ask) -> None:
    answers = np.array(raw.answers("nps"))
    p, d, n = np.sum(answers >= 9), np.sum(answers <= 6), len(answers)
    adjusted_n = n + 3
    centre = (p - d) / adjusted_n
    variance = (p + d + 1.5) / adjusted_n - centre**2
    half = stats.norm.ppf(0.975) * np.sqrt(variance / adjusted_n)
    close(ask("nps").one("nps"), 100 * (p - d) / n, 100 * (centre - half), 100 * (centre + half), n)


@pytest.mark.parametrize("key", ["response_count", "complaints_received"])
def test_a_count_has_the_exact_poisson_interval(raw, ask, key: str) -> None:
    n = len(raw.rows if key == "response_count" else raw.cases)
    low, high = stats.chi2.ppf(0.025, 2 * n) / 2, stats.chi2.ppf(0.975, 2 * n + 2) / 2
    close(ask(key).one(key), n, low, high, n)


def test_complaints_per_1000_are_complaints_over_customers(raw, ask) -> None:
    customers = sum(raw.customers.values())
    n = sum(bool(c.branch) for c in raw.cases)
    low, high = stats.chi2.ppf(0.025, 2 * n) / 2, stats.chi2.ppf(0.975, 2 * n + 2) / 2
    per = 1000 / customers
    close(
        ask("complaints_per_1000").one("complaints_per_1000"),
        n * per,
        low * per,
        high * per,
        customers,
    )


@pytest.mark.parametrize(
    ("key", "end"),
    [("median_days_to_response", "answered"), ("median_days_to_resolution", "resolved")],
)
def test_a_median_time_counts_open_cases_as_censored(raw, ask, key: str, end: str) -> None:
    times, ended = raw.seconds(end)
    assert 0 < sum(ended) < len(ended)
    curve = SurvfuncRight(times, ended)
    low, high = curve.quantile_ci(0.5)
    figure = ask(key).one(key)
    close(figure, curve.quantile(0.5) / DAY, low / DAY, high / DAY, len(times))
    assert figure.value > np.median([t for t, e in zip(times, ended, strict=True) if e]) / DAY


def test_a_change_of_a_share_has_newcombes_interval_and_the_pooled_test(
    raw, ask, quarter: Period
) -> None:
    now = raw.answers("csat", lambda r: in_quarter(r.when))
    before = raw.answers("csat", lambda r: in_quarter_before(r.when))
    x = [sum(a >= 4 for a in part) for part in (now, before)]
    n = [len(now), len(before)]
    low, high = confint_proportions_2indep(x[0], n[0], x[1], n[1], method="newcomb")
    figure = ask("csat_top_box", period=quarter).one("csat_top_box")
    assert figure.difference == pytest.approx(100 * (x[0] / n[0] - x[1] / n[1]))
    assert (figure.difference_low, figure.difference_high) == pytest.approx((100 * low, 100 * high))
    assert figure.p_value == pytest.approx(proportions_ztest(x, n)[1])
    assert (figure.reference_value, figure.reference_n) == (pytest.approx(100 * x[1] / n[1]), n[1])
    assert figure.verdict == ("better" if figure.p_value < 0.05 else "no_clear_change")


@pytest.mark.parametrize(
    ("key", "field"), [("csat_mean", "csat"), ("ces", "ces"), ("mean:ces", "ces")]
)
def test_a_change_of_a_mean_has_welchs_test(
    raw, ask, quarter: Period, key: str, field: str
) -> None:
    now = raw.answers(field, lambda r: in_quarter(r.when))
    before = raw.answers(field, lambda r: in_quarter_before(r.when))
    both = CompareMeans(DescrStatsW(now), DescrStatsW(before))
    figure = ask(key, period=quarter).one(key)
    assert figure.difference == pytest.approx(np.mean(now) - np.mean(before))
    assert (figure.difference_low, figure.difference_high) == pytest.approx(
        both.tconfint_diff(usevar="unequal")
    )
    assert figure.p_value == pytest.approx(both.ttest_ind(usevar="unequal")[1])


def test_a_change_of_nps_adds_both_variances(raw, ask, quarter: Period) -> None:
    parts = [
        np.array(raw.answers("nps", lambda r, inside=inside: inside(r.when)))
        for inside in (in_quarter, in_quarter_before)
    ]
    signs = [(part >= 9).astype(int) - (part <= 6).astype(int) for part in parts]
    difference = 100 * (signs[0].mean() - signs[1].mean())
    error = 100 * np.sqrt(sum(s.var() / len(s) for s in signs))
    figure = ask("nps", period=quarter).one("nps")
    assert figure.difference == pytest.approx(difference)
    assert figure.p_value == pytest.approx(2 * stats.norm.sf(abs(difference) / error))


@pytest.mark.parametrize("key", ["complaints_received", "response_count"])
def test_a_change_of_a_count_is_put_on_equal_days(raw, ask, quarter: Period, key: str) -> None:
    days = (
        [c.received.date() for c in raw.cases]
        if key == "complaints_received"
        else [r.when for r in raw.rows]
    )
    now, before = sum(map(in_quarter, days)), sum(map(in_quarter_before, days))
    figure = ask(key, period=quarter).one(key)
    assert figure.difference == pytest.approx(now - before * 91 / 90)
    expected = stats.binomtest(now, now + before, 91 / 181).pvalue
    assert figure.p_value == pytest.approx(expected)
    worse = figure.p_value < 0.05 and key == "complaints_received"
    assert figure.verdict == ("worse" if worse else "no_clear_change")


def test_a_change_of_a_rate_has_the_exact_conditional_test(raw, ask, quarter: Period) -> None:
    now = sum(in_quarter(c.received.date()) for c in raw.cases if c.branch)
    before = sum(in_quarter_before(c.received.date()) for c in raw.cases if c.branch)
    served = [
        sum(n for (month, _), n in raw.customers.items() if first <= month <= last)
        for first, last in ((202604, 202606), (202601, 202603))
    ]
    figure = ask("complaints_per_1000", period=quarter).one("complaints_per_1000")
    assert figure.value == pytest.approx(1000 * now / served[0])
    assert figure.difference == pytest.approx(1000 * (now / served[0] - before / served[1]))
    expected = stats.binomtest(now, now + before, served[0] / sum(served)).pvalue
    assert figure.p_value == pytest.approx(expected)


def test_a_change_of_a_median_has_the_log_rank_test(raw, ask, quarter: Period) -> None:
    parts = [
        raw.seconds("resolved", lambda c, inside=inside: inside(c.received.date()))
        for inside in (in_quarter, in_quarter_before)
    ]
    times = [*parts[0][0], *parts[1][0]]
    ended = [*parts[0][1], *parts[1][1]]
    group = [0] * len(parts[0][0]) + [1] * len(parts[1][0])
    figure = ask("median_days_to_resolution", period=quarter).one("median_days_to_resolution")
    assert figure.p_value == pytest.approx(
        survdiff(np.array(times), np.array(ended), np.array(group))[1]
    )
    assert figure.reference_n == len(parts[1][0])
