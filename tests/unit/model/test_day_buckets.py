"""Days, weeks, months, quarters and years: every day in one bucket, none missed, none twice."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.model.period import Period, bucket_span, day_key, day_label, day_labels, day_of
from csat.model.vocabulary import CHART_GRAINS

DAYS = st.dates(date(1951, 1, 1), date(2099, 12, 31))
STARTS = st.integers(0, 6)
GRAINS = st.sampled_from(CHART_GRAINS)


@given(DAYS, GRAINS, STARTS)
def test_a_day_lies_in_the_bucket_that_is_named_after_it(day: date, grain: str, start: int) -> None:
    first, last = bucket_span(day_label(day, grain, start))
    assert first <= day <= last
    assert day_label(first, grain, start) == day_label(last, grain, start)


@given(DAYS, st.integers(0, 500), GRAINS, STARTS)
def test_buckets_follow_one_another_without_gap_or_overlap(
    first: date, length: int, grain: str, start: int
) -> None:
    period = Period(first, first + timedelta(days=length))
    labels = day_labels(period, grain, start)
    spans = [bucket_span(label) for label in labels]
    assert spans[0][0] <= period.first
    assert spans[-1][1] >= period.last
    for before, after in pairwise(spans):
        assert before[1] + timedelta(days=1) == after[0]
    assert labels == sorted(labels)


@given(DAYS, STARTS)
def test_a_week_has_seven_days_and_begins_on_the_day_weeks_begin(day: date, start: int) -> None:
    first, last = bucket_span(day_label(day, "week", start))
    assert (last - first).days == 6
    assert first.weekday() == start


@given(DAYS)
def test_a_day_key_gives_its_day_back(day: date) -> None:
    assert day_of(day_key(day)) == day


@pytest.mark.parametrize("year", [2015, 2020, 2026])
def test_week_53_is_one_week_of_both_years(year: int) -> None:
    """These years have 53 ISO weeks; the last begins in one year and ends in the next."""
    assert date(year, 12, 31).isocalendar().week == 53
    assert day_label(date(year, 12, 31), "week") == day_label(date(year + 1, 1, 1), "week")


def test_a_leap_day_has_a_bucket_of_its_own_and_lengthens_its_month() -> None:
    assert day_labels(Period(date(2024, 2, 28), date(2024, 3, 1)), "day")[1] == "2024-02-29"
    assert bucket_span(day_label(date(2024, 2, 29), "month"))[1] == date(2024, 2, 29)
    assert day_labels(Period(date(2023, 2, 28), date(2023, 3, 1)), "day") == [
        "2023-02-28",
        "2023-03-01",
    ]


def test_one_day_is_one_bucket_of_every_grain() -> None:
    for grain in CHART_GRAINS:
        assert len(day_labels(Period(date(2026, 3, 29), date(2026, 3, 29)), grain)) == 1
