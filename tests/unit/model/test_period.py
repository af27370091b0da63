"""Days, months, quarters and what a period is compared with."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.model.period import (
    Period,
    bucket_label,
    bucket_span,
    day_key,
    month_end,
    month_key,
    month_start,
    months_between,
    shift_month,
)
from csat.model.problem import UsageProblem

DAYS = st.dates(date(1960, 1, 1), date(2090, 12, 31))
MONTHS = st.builds(lambda y, m: y * 100 + m, st.integers(1960, 2090), st.integers(1, 12))


@pytest.mark.parametrize(
    ("first", "last", "before_first", "before_last"),
    [
        ("2026-03-01", "2026-03-31", "2026-02-01", "2026-02-28"),
        ("2024-03-01", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("2026-04-01", "2026-06-30", "2026-01-01", "2026-03-31"),
        ("2026-01-01", "2026-12-31", "2025-01-01", "2025-12-31"),
        ("2026-01-01", "2026-01-31", "2025-12-01", "2025-12-31"),
        ("2026-03-05", "2026-03-11", "2026-02-26", "2026-03-04"),
        ("2024-02-29", "2024-02-29", "2024-02-28", "2024-02-28"),
        ("2026-01-30", "2026-02-28", "2025-12-31", "2026-01-29"),
    ],
)
def test_the_period_before_is_as_many_months_or_days_just_before(
    first: str, last: str, before_first: str, before_last: str
) -> None:
    assert period(first, last).previous() == period(before_first, before_last)


@pytest.mark.parametrize(
    ("first", "last", "then_first", "then_last"),
    [
        ("2026-01-01", "2026-03-31", "2025-01-01", "2025-03-31"),
        ("2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28"),
        ("2025-02-01", "2025-02-28", "2024-02-01", "2024-02-29"),
        ("2024-02-29", "2024-02-29", "2023-02-28", "2023-02-28"),
        ("2024-02-15", "2024-03-15", "2023-02-15", "2023-03-15"),
    ],
)
def test_the_same_period_last_year_keeps_whole_months_whole(
    first: str, last: str, then_first: str, then_last: str
) -> None:
    assert period(first, last).last_year() == period(then_first, then_last)


@given(DAYS, st.integers(0, 800))
def test_the_period_before_touches_the_period_and_never_overlaps(first: date, length: int) -> None:
    now = Period(first, first + timedelta(days=length))
    before = now.previous()
    assert before.last + timedelta(days=1) == now.first
    if now.whole_months:
        assert before.whole_months
    else:
        assert before.days == now.days


@given(DAYS, DAYS)
def test_a_period_that_ends_before_it_starts_does_not_exist(a: date, b: date) -> None:
    if a <= b:
        assert Period(a, b).days >= 1
    else:
        with pytest.raises(UsageProblem):
            Period(a, b)


@given(MONTHS, st.integers(-500, 500))
def test_shifting_a_month_forward_and_back_returns_it(key: int, by: int) -> None:
    assert shift_month(shift_month(key, by), -by) == key


@given(DAYS)
def test_a_day_lies_in_its_month_quarter_and_year(day: date) -> None:
    key = month_key(day)
    assert day_key(day) == key * 100 + day.day
    assert month_start(key) <= day <= month_end(key)
    for grain in ("month", "quarter", "year"):
        first, last = bucket_span(bucket_label(key, grain))
        assert first <= day <= last
        assert bucket_label(month_key(first), grain) == bucket_label(month_key(last), grain)
        assert bucket_label(month_key(last + timedelta(days=1)), grain) != bucket_label(key, grain)


def test_months_run_over_the_new_year_with_both_ends() -> None:
    assert list(months_between(202511, 202602)) == [202511, 202512, 202601, 202602]
    assert list(months_between(202602, 202601)) == []


@pytest.mark.parametrize(
    ("label", "first", "last"),
    [
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-Q4", "2026-10-01", "2026-12-31"),
        ("2026", "2026-01-01", "2026-12-31"),
    ],
)
def test_a_label_names_whole_days(label: str, first: str, last: str) -> None:
    assert bucket_span(label) == (date.fromisoformat(first), date.fromisoformat(last))


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))
