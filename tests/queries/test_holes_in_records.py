"""Months between two files without any complaint are not months without complaints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from csat.ingest.mapping import Column, Mapping
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.period import Period
from csat.queries.extent import extent
from csat.queries.figures import evaluate
from csat.store.store import Store

COUNTS = Mapping(
    "counts",
    "complaints",
    "Counts",
    (
        Column("month", "received_at", formats=("%Y-%m",)),
        Column("place", "branch"),
        Column("n", "cases"),
    ),
)
KEY = "complaints_received"


def months(year: int, *numbers: int, each: int = 40) -> list[tuple[str, str, int]]:
    return [(f"{year}-{n:02d}", "North", each) for n in numbers]


def now_and_before(store: Store, first: date, last: date) -> Figure:
    asked = Filters.of("demo", period=Period(first, last), compare="previous")
    return evaluate(store, asked, [KEY]).figures[0]


def test_a_period_is_not_compared_with_a_hole(store: Store, add_rows: Callable[..., None]) -> None:
    add_rows(COUNTS, [*months(2025, 1, 2, 3), *months(2025, 7, 8, 9)])
    figure = now_and_before(store, date(2025, 7, 1), date(2025, 9, 30))
    assert (figure.value, figure.verdict) == (120, "not_compared")
    assert figure.reference_value is None


def test_a_series_shows_nothing_where_nothing_is_on_record(
    store: Store, add_rows: Callable[..., None]
) -> None:
    add_rows(COUNTS, [*months(2025, 1, 2), *months(2025, 4, 5)])
    series = evaluate(store, Filters.of("demo", compare="none"), [KEY], "month").figures
    assert {f.by: f.value for f in series} == {
        "2025-01": 40, "2025-02": 40, "2025-03": None, "2025-04": 40, "2025-05": 40,
    }  # fmt: skip


def test_a_reference_that_is_known_in_part_counts_by_its_days(
    store: Store, add_rows: Callable[..., None]
) -> None:
    """As many a day as before: two of three months are known."""
    add_rows(COUNTS, [*months(2025, 1, 2, 3, 5, 6, 7, 8, 9)])
    figure = now_and_before(store, date(2025, 7, 1), date(2025, 9, 30))
    assert figure.verdict == "no_clear_change"
    assert figure.reference_value == 80


def test_a_quiet_month_of_a_program_with_few_complaints_is_no_hole(
    store: Store, add_rows: Callable[..., None]
) -> None:
    add_rows(COUNTS, [*months(2025, 1, 2, each=3), *months(2025, 4, each=3)])
    assert extent(store, "demo").holes == ()
    series = evaluate(store, Filters.of("demo", compare="none"), [KEY], "month").figures
    assert [f.value for f in series] == [3, 3, 0, 3]


def test_a_branch_without_complaints_in_a_month_that_others_have_had_none(
    store: Store, add_rows: Callable[..., None]
) -> None:
    add_rows(COUNTS, [*months(2025, 1, 2, 3), ("2025-01", "South", 30), ("2025-03", "South", 30)])
    asked = Filters.of("demo", branches=["South"], compare="none")
    series = evaluate(store, asked, [KEY], "month").figures
    assert [f.value for f in series] == [30, 0, 30]


def test_customers_served_in_a_hole_dilute_no_rate(
    store: Store, add_rows: Callable[..., None], queries_exposure: Mapping
) -> None:
    """40 complaints a month of 10,000 customers are 4 per 1,000 whatever is missing."""
    add_rows(COUNTS, [*months(2025, 1, 2), *months(2025, 4)])
    add_rows(queries_exposure, [(f"2025-{n:02d}", "North", 10_000) for n in range(1, 5)])
    asked = Filters.of("demo", compare="none")
    assert [f.value for f in evaluate(store, asked, ["complaints_per_1000"]).figures] == [4.0]
    series = evaluate(store, asked, ["complaints_per_1000"], "month").figures
    assert {f.by: f.value for f in series if f.value is not None} == {
        "2025-01": 4.0, "2025-02": 4.0, "2025-04": 4.0,
    }  # fmt: skip
