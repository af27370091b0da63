"""Parts add up to their total, and a total is the same however it is asked for."""

from __future__ import annotations

from datetime import date

import pytest

from csat.model.period import Period, bucket_span
from csat.model.problem import UsageProblem

COUNTS = ("response_count", "complaints_received")
SURVEY = ("csat_top_box", "csat_mean", "nps", "ces", "recommend_share", "response_count")
COMPLAINTS = (
    "complaints_received",
    "timely_response_share",
    "median_days_to_response",
    "median_days_to_resolution",
)
ADDITIVE = ("csat_top_box", "nps", "csat_mean", "ces", "timely_response_share", *COUNTS)


@pytest.mark.parametrize("by", ["month", "quarter", "year", "branch"])
@pytest.mark.parametrize("key", ADDITIVE)
def test_parts_add_up_to_the_total(ask, key: str, by: str) -> None:
    parts = [f for f in ask(key, by=by).figures if f.state == "ok"]
    total = ask(key).one(key)
    assert sum(f.n for f in parts) == total.n
    if key not in COUNTS:
        assert sum(f.value * f.n for f in parts) / total.n == pytest.approx(total.value)


def test_categories_add_up_to_the_total(raw, ask) -> None:
    parts = ask("complaints_received", "timely_response_share", by="category")
    for category in {c.category for c in raw.cases}:
        cases = [c for c in raw.cases if c.category == category]
        decided = [c.timely for c in cases if c.timely is not None]
        assert parts.one("complaints_received", category).value == len(cases)
        share = parts.one("timely_response_share", category)
        assert (share.value, share.n) == (
            pytest.approx(100 * sum(decided) / len(decided)),
            len(decided),
        )


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
@pytest.mark.parametrize("key", [*SURVEY, *COMPLAINTS, "complaints_per_1000", "mean:nps"])
def test_a_bucket_equals_the_same_days_asked_for_directly(ask, key: str, grain: str) -> None:
    """A quarter from its months is the quarter counted at once, never a mean of means."""
    for bucket in ask(key, by=grain).figures:
        first, last = bucket_span(bucket.by)
        direct = ask(key, period=Period(first, last), compare="none").one(key)
        assert (direct.value, direct.low, direct.high) == pytest.approx(
            (bucket.value, bucket.low, bucket.high)
        )
        assert direct.n == bucket.n


@pytest.mark.parametrize("key", [*SURVEY, *COMPLAINTS, "complaints_per_1000"])
def test_a_group_equals_the_same_group_filtered(ask, key: str) -> None:
    for group in ask(key, by="branch").figures:
        if group.by or key != "complaints_per_1000":
            direct = ask(key, branches=[group.by]).one(key)
            assert (direct.value, direct.low, direct.n) == (group.value, group.low, group.n)


@pytest.mark.parametrize("key", [*SURVEY, *COMPLAINTS, "complaints_per_1000"])
@pytest.mark.parametrize("by", ["total", "branch"])
def test_a_comparison_equals_the_reference_asked_for_directly(ask, key: str, by: str) -> None:
    """Whether both periods come from one scan or from two makes no difference."""
    for first, last in (
        (date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 3, 3), date(2026, 4, 9)),
    ):
        period = Period(first, last)
        if key == "complaints_per_1000" and not period.whole_months:
            continue
        figures = ask(key, by=by, period=period).figures
        alone = {f.by: f for f in ask(key, by=by, period=period, compare="none").figures}
        before = ask(key, by=by, period=period.previous(), compare="none").figures
        references = {f.by: f for f in before}
        for figure in figures:
            assert (figure.value, figure.n) == (alone[figure.by].value, alone[figure.by].n)
            if figure.reference_n is not None:
                assert figure.reference_n == references[figure.by].n
                assert figure.reference_value == references[figure.by].value


def test_the_same_period_last_year_is_compared_when_chosen(raw, ask) -> None:
    period = Period(date(2026, 10, 1), date(2026, 12, 31))
    figure = ask("csat_mean", period=period, compare="last_year").one("csat_mean")
    assert figure.state == "no_data"
    both = ask("csat_mean", period=Period(date(2026, 1, 1), date(2026, 6, 30)), compare="last_year")
    assert both.one("csat_mean").reference_n is None


def test_groups_that_are_not_stated_come_last_and_count(raw, ask) -> None:
    figures = ask("response_count", by="branch").figures
    assert [f.by for f in figures] == ["East", "North", "South", ""]
    assert figures[-1].n == sum(not r.branch for r in raw.rows)


def test_months_without_answers_stand_in_the_row_without_a_value(ask) -> None:
    figures = ask(
        "csat_mean", by="month", period=Period(date(2025, 8, 1), date(2025, 11, 30))
    ).figures
    assert [(f.by, f.state) for f in figures] == [
        ("2025-08", "no_data"),
        ("2025-09", "no_data"),
        ("2025-10", "ok"),
        ("2025-11", "ok"),
    ]


def test_several_metrics_at_once_equal_each_alone(ask) -> None:
    keys = (*SURVEY, *COMPLAINTS, "complaints_per_1000", "mean:ces")
    together = ask(*keys, by="month")
    for key in keys:
        assert [f for f in together.figures if f.metric == key] == list(
            ask(key, by="month").figures
        )


@pytest.mark.parametrize(
    ("keys", "by", "says"),
    [
        (["csat_mean"], "weekday", "'weekday' is no grouping"),
        (["csat_mean"], "category", "csat_mean cannot be split by category"),
        (["joy"], "total", "There is no metric 'joy'"),
    ],
)
def test_what_cannot_be_asked_is_refused(ask, keys: list[str], by: str, says: str) -> None:
    with pytest.raises(UsageProblem, match=says):
        ask(*keys, by=by)
