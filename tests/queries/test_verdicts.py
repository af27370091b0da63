"""What may be said of a change: only what the test supports, and only of finished periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from statsmodels.stats.multitest import multipletests

from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.period import Period
from csat.queries.figures import evaluate
from csat.store.store import Store

WORDS = {
    "better", "worse", "changed", "no_clear_change", "too_few", "unfinished", "not_compared",
}  # fmt: skip


@pytest.fixture
def survey(queries_survey: Any, add_rows: Callable[..., None]) -> Callable[..., None]:
    def load(rows: list[tuple[str, str, int]], **options: object) -> None:
        add_rows(
            queries_survey, [(day, branch, csat, 9, 7) for day, branch, csat in rows], **options
        )

    return load


def verdict(store: Store, key: str = "csat_mean", by: str = "total", **parts: Any) -> list[str]:
    answer = evaluate(store, Filters.of("demo", **parts), [key], by)
    return [f.verdict for f in answer.figures]


JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
MARCH = Period(date(2026, 3, 1), date(2026, 3, 31))


def months(*ratings: tuple[int, int, int]) -> list[tuple[str, str, int]]:
    """Return answers per month: how many rated 3, 4 and 5."""
    return [
        (f"2026-{month:02d}-10", "North", rating)
        for month, numbers in enumerate(ratings, start=1)
        for rating, number in zip((3, 4, 5), numbers, strict=True)
        for _ in range(number)
    ]


@pytest.mark.parametrize(
    ("january", "february", "says"),
    [
        ((20, 20, 0), (0, 20, 20), "better"),
        ((0, 20, 20), (20, 20, 0), "worse"),
        ((10, 20, 10), (10, 21, 9), "no_clear_change"),
        ((10, 10, 9), (0, 20, 20), "too_few"),
        ((0, 20, 20), (10, 10, 9), "too_few"),
        ((0, 0, 0), (10, 20, 10), "not_compared"),
        ((0, 40, 0), (0, 40, 0), "not_compared"),
    ],
)
def test_a_change_of_satisfaction(
    store: Store, survey, january: tuple[int, int, int], february: tuple[int, int, int], says: str
) -> None:
    survey(months(january, february), as_of=date(2026, 2, 28))
    assert verdict(store, period=FEBRUARY) == [says]


def test_without_a_period_or_a_comparison_nothing_is_compared(store: Store, survey) -> None:
    survey(months((20, 20, 0), (0, 20, 20)), as_of=date(2026, 2, 28))
    assert verdict(store) == ["not_compared"]
    assert verdict(store, period=FEBRUARY, compare="none") == ["not_compared"]


def test_an_unfinished_period_is_not_judged(store: Store, survey) -> None:
    survey(months((20, 20, 0), (0, 20, 20)), as_of=date(2026, 2, 27))
    [figure] = evaluate(store, Filters.of("demo", period=FEBRUARY), ["csat_mean"]).figures
    assert (figure.verdict, figure.finished) == ("unfinished", False)
    months_ = evaluate(store, Filters.of("demo"), ["csat_mean"], "month").figures
    assert [(f.by, f.finished) for f in months_] == [("2026-01", True), ("2026-02", False)]


def test_a_month_after_an_unfinished_or_empty_one_is_not_compared(store: Store, survey) -> None:
    survey(months((20, 20, 0), (0, 0, 0), (0, 20, 20)), as_of=date(2026, 3, 31))
    assert verdict(store, by="month") == ["not_compared", "not_compared", "not_compared"]


def test_a_bucket_that_the_period_cuts_is_unfinished(store: Store, survey) -> None:
    survey(months((20, 20, 0), (0, 20, 20), (20, 20, 0)), as_of=date(2026, 3, 31))
    cut = Period(date(2026, 1, 5), date(2026, 3, 20))
    assert verdict(store, by="month", period=cut) == ["unfinished", "not_compared", "unfinished"]
    assert verdict(store, by="quarter", period=cut) == ["unfinished"]


def test_months_are_judged_against_the_month_before(store: Store, survey) -> None:
    survey(months((20, 20, 0), (0, 20, 20), (20, 20, 0)), as_of=date(2026, 3, 31))
    assert verdict(store, by="month") == ["not_compared", "better", "worse"]


def test_a_number_without_a_good_side_changes(store: Store, survey) -> None:
    survey(months((100, 100, 100), (10, 20, 30)), as_of=date(2026, 2, 28))
    assert verdict(store, "response_count", period=FEBRUARY) == ["changed"]


def test_fewer_complaints_are_better(
    store: Store, add_rows: Callable[..., None], queries_complaints: Any
) -> None:
    days = ["2026-01-05"] * 60 + ["2026-02-05"] * 10
    rows = [(day, "", "", "Fees", "North", "") for day in days]
    add_rows(queries_complaints, rows, as_of=date(2026, 2, 28))
    assert verdict(store, "complaints_received", period=FEBRUARY) == ["better"]


def test_groups_are_judged_with_p_values_adjusted_for_their_number(ask, quarter: Period) -> None:
    for key in ("csat_top_box", "csat_mean", "nps", "complaints_received"):
        figures = [f for f in ask(key, by="branch", period=quarter).figures]
        alone = [ask(key, branches=[f.by], period=quarter).one(key).p_value for f in figures]
        adjusted = multipletests(alone, method="holm")[1]
        assert [f.p_value for f in figures] == pytest.approx(list(adjusted))
        for figure in figures:
            if figure.verdict in ("better", "worse"):
                assert figure.p_value < 0.05


def test_many_groups_are_judged_by_the_share_of_false_alarms(store: Store, survey) -> None:
    rows = [
        (f"2026-{month:02d}-10", f"branch {b:02d}", 1 + (b + month * i) % 5)
        for b in range(12)
        for month in (1, 2)
        for i in range(31)
    ]
    survey(rows, as_of=date(2026, 2, 28))
    figures = evaluate(store, Filters.of("demo", period=FEBRUARY), ["csat_mean"], "branch").figures
    alone = [
        evaluate(store, Filters.of("demo", period=FEBRUARY, branches=[f.by]), ["csat_mean"])
        .figures[0]
        .p_value
        for f in figures
    ]
    assert [f.p_value for f in figures] == pytest.approx(
        list(multipletests(alone, method="fdr_bh")[1])
    )


@pytest.mark.parametrize("by", ["total", "month", "quarter", "year", "branch"])
def test_every_figure_has_one_of_seven_verdicts(ask, quarter: Period, by: str) -> None:
    for figure in ask(*HEADLINES, by=by, period=quarter).figures:
        assert figure.verdict in WORDS
        if figure.verdict in ("better", "worse", "changed", "no_clear_change"):
            assert figure.difference is not None
            assert figure.p_value is not None
            assert figure.finished
