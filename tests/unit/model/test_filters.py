"""Filters: one value that is a URL, a sentence and a key."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.model.filters import COMPARE_LABELS, Filters, parse_day, where_clause
from csat.model.period import Period
from csat.model.problem import UsageProblem

DAYS = st.dates(date(1990, 1, 1), date(2080, 12, 31))
TEXTS = st.text(max_size=12)
LISTS = st.lists(TEXTS, max_size=4)


@st.composite
def any_filters(draw: st.DrawFn) -> Filters:
    first, last = sorted(draw(st.tuples(DAYS, DAYS)))
    return Filters.of(
        draw(st.text(min_size=1, max_size=12)),
        period=draw(st.sampled_from([None, Period(first, last)])),
        compare=draw(st.sampled_from(list(COMPARE_LABELS))),
        branches=draw(LISTS),
        channels=draw(LISTS),
        segments=draw(LISTS),
        touchpoints=draw(LISTS),
        surveys=draw(LISTS),
        categories=draw(LISTS),
        severities=draw(LISTS),
        statuses=draw(LISTS),
        search=draw(TEXTS),
    )


@given(any_filters())
def test_filters_survive_the_way_through_a_url(filters: Filters) -> None:
    url = urlencode(filters.to_query(), doseq=True)
    assert Filters.from_query(parse_qs(url, keep_blank_values=True)) == filters


@given(any_filters())
def test_filters_are_hashable_and_their_sentence_names_every_choice(filters: Filters) -> None:
    assert hash(filters) == hash(filters.with_())
    sentence = "; ".join(str(part) for part in filters.sentence())
    for value in (*filters.branches, *filters.categories, filters.search):
        assert value in sentence


def test_order_and_repeats_of_values_make_no_other_filters() -> None:
    assert Filters.of("p", branches=["b", "a", "b"]) == Filters.of("p", branches=("a", "b"))


def test_changing_a_list_sorts_it_again() -> None:
    assert Filters.of("p").with_(segments=["z", "a", "z"]).segments == ("a", "z")


def test_the_sentence_reads_period_then_choices_then_comparison() -> None:
    filters = Filters.of(
        "demo",
        period=Period(date(2026, 4, 1), date(2026, 6, 30)),
        branches=["South", "North"],
        search="meter",
    )
    assert [str(part) for part in filters.sentence()] == [
        "2026-04-01 to 2026-06-30",
        "branch North / South",
        "text contains 'meter'",
        "compared with 2026-01-01 to 2026-03-31",
    ]


def test_without_a_period_the_sentence_says_all_dates_and_nothing_is_compared() -> None:
    filters = Filters.of("demo")
    assert [str(part) for part in filters.sentence()] == ["all dates"]
    assert filters.comparison() is None


def test_the_reference_has_no_reference_of_its_own() -> None:
    reference = Filters.of(
        "demo", period=Period(date(2026, 1, 1), date(2026, 1, 31)), branches=["North"]
    ).comparison()
    assert reference is not None
    assert reference.period == Period(date(2025, 12, 1), date(2025, 12, 31))
    assert reference.branches == ("North",)
    assert reference.comparison() is None


def test_comparing_with_nothing_gives_no_reference() -> None:
    filters = Filters.of("demo", period=Period(date(2026, 1, 1), date(2026, 1, 31)), compare="none")
    assert filters.comparison() is None


def test_survey_answers_know_no_complaint_filters() -> None:
    filters = Filters.of(
        "demo", branches=["North"], categories=["A"], severities=["high"], statuses=["open"]
    ).with_(search="x")
    assert filters.for_survey() == Filters.of("demo", branches=["North"])


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({}, "No program is named"),
        ({"program": ""}, "No program is named"),
        ({"program": []}, "No program is named"),
        ({"program": "p", "from": "2026-13-01", "to": "2026-12-31"}, "'2026-13-01' is not a day"),
        ({"program": "p", "from": "yesterday", "to": "today"}, "'yesterday' is not a day"),
        ({"program": "p", "from": "2026-03-01", "to": "2026-02-01"}, "2026-03-01"),
        ({"program": "p", "from": "0001-01-01", "to": "2026-02-01"}, "0001-01-01"),
        ({"program": "p", "from": "2026-03-01", "to": "9999-12-31"}, "9999-12-31"),
    ],
)
def test_a_url_that_makes_no_sense_is_refused(query: dict[str, str], says: str) -> None:
    with pytest.raises(UsageProblem, match=says):
        Filters.from_query(query)


def test_a_url_with_one_end_of_a_period_has_no_period() -> None:
    assert Filters.from_query({"program": "p", "from": "2026-01-01"}).period is None


def test_an_unknown_comparison_in_a_url_is_the_usual_one() -> None:
    assert Filters.from_query({"program": "p", "compare": "next"}).compare == "previous"


def test_the_last_of_repeated_single_values_counts() -> None:
    assert Filters.from_query({"program": ["a", "b"]}).program == "b"


def test_days_are_written_year_month_day() -> None:
    assert parse_day("2024-02-29") == date(2024, 2, 29)
    with pytest.raises(UsageProblem, match="'2023-02-29' is not a day"):
        parse_day("2023-02-29")


def test_command_line_filters_gather_values_by_name() -> None:
    assert where_clause(["branch=A=B", "branch=C", "category=x > y"]) == {
        "branches": ["A=B", "C"],
        "categories": ["x > y"],
    }


@pytest.mark.parametrize("clause", ["branch", "color=red", "", "=North", "branches=North"])
def test_a_command_line_filter_that_is_none_lists_the_names(clause: str) -> None:
    with pytest.raises(UsageProblem, match="branch, channel, segment"):
        where_clause([clause])
