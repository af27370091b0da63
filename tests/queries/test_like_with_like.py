"""Figures that would pool what cannot be pooled, or divide by what is not known, say why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate
from csat.store.store import Store

OPEN = Thresholds(withhold_under=1)
FIVE, SEVEN = Scale.of(1, 5), Scale.of(1, 7)


def one(store: Store, key: str, by: str = "total", **parts: Any) -> Figure:
    return evaluate(store, Filters.of("demo", **parts), [key], by, OPEN).figures[0]


def survey(key: str, *items: Item) -> Mapping:
    columns = [Column(f"c{i}", "item", item=item) for i, item in enumerate(items)]
    return Mapping(key, "survey", key, (Column("when", "submitted_at"), *columns), survey_key=key)


def said(figure: Figure) -> str:
    assert figure.state == "not_available"
    assert (figure.value, figure.n, figure.low, figure.high) == (None, 0, None, None)
    return str(figure.note)


@pytest.mark.parametrize("key", ["csat_mean", "csat_top_box", "recommend_share", "mean:q"])
@pytest.mark.parametrize("other", [SEVEN, Scale.of(1, 5, top_from=5), Scale.of(0, 5)])
def test_two_scales_are_never_pooled(store: Store, add_rows, key: str, other: Scale) -> None:
    asked = Item("q", "q", FIVE, measures=("csat", "recommend"))
    add_rows(survey("a", asked), [("2026-01-01", 5)] * 6)
    assert one(store, key).state == "ok"
    add_rows(survey("b", replace(asked, scale=other)), [("2026-01-01", 3)] * 6)
    for by in ("total", "month", "branch"):
        assert "different scales" in said(one(store, key, by))
        assert "choose one survey" in said(one(store, key, by))
    assert one(store, key, surveys=["a"]).n == 6
    assert one(store, key, surveys=["b"]).n == 6


@pytest.mark.parametrize("key", ["perception:ease", "gap:ease"])
@pytest.mark.parametrize("surveys", [("a", "a"), ("a", "b")])
def test_a_dimension_on_two_scales_is_never_pooled(
    store: Store, add_rows, key: str, surveys: tuple[str, str]
) -> None:
    def pair(name: str, scale: Scale) -> list[Item]:
        wanted = Item(f"{name}-e", name, scale, "desired", "ease", name)
        return [wanted, Item(f"{name}-p", name, scale, "perception", "ease", name)]

    first, second = pair("one", FIVE), pair("two", SEVEN)
    if surveys[0] == surveys[1]:
        add_rows(survey("a", *first, *second), [("2026-01-01", 5, 4, 7, 6)] * 6)
    else:
        add_rows(survey("a", *first), [("2026-01-01", 5, 4)] * 6)
        assert one(store, key).value == {"perception:ease": 4.0, "gap:ease": -1.0}[key]
        add_rows(survey("b", *second), [("2026-01-01", 7, 6)] * 6)
        assert one(store, key, surveys=["b"]).n == 6
    assert "different scales" in said(one(store, key))


def test_equal_scales_of_two_surveys_are_pooled(store: Store, add_rows) -> None:
    asked = Item("q", "q", FIVE, measures=("csat",))
    add_rows(survey("a", asked), [("2026-01-01", 5)] * 6)
    add_rows(survey("b", asked), [("2026-01-01", 2)] * 6)
    assert (one(store, "csat_mean").value, one(store, "csat_mean").n) == (3.5, 12)
    assert (one(store, "mean:q").value, one(store, "mean:q").n) == (3.5, 12)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("csat_mean", "Load a survey file and map a column"),
        ("nps", "Load a survey file and map a column"),
        ("mean:gone", "No survey here asks 'gone'"),
        ("perception:gone", "No survey here measures the dimension 'gone'"),
        ("gap:gone", "No survey here measures the dimension 'gone'"),
        ("complaints_received", "Load a complaint file"),
        ("complaints_per_1000", "customers served"),
        ("timely_response_share", "Load a complaint file"),
        ("median_days_to_response", "Load a complaint file"),
    ],
)
def test_a_figure_without_its_file_says_what_to_load(
    store: Store, add_rows, key: str, says: str
) -> None:
    add_rows(survey("a", Item("q", "q", FIVE)), [("2026-01-01", 5)] * 6)
    for by in ("total", "month", "quarter"):
        figures = evaluate(store, Filters.of("demo"), [key], by).figures
        assert len(figures) == 1
        assert says in said(figures[0])


RATE = "complaints_per_1000"


@pytest.mark.parametrize("part", ["channels", "segments", "touchpoints"])
def test_a_filter_that_the_customers_do_not_have_breaks_the_rate_and_says_so(
    ask, part: str
) -> None:
    assert "clear the other filters" in said(ask(RATE, **{part: ["x"]}).one(RATE))


@pytest.mark.parametrize("by", ["channel", "segment", "touchpoint"])
def test_a_split_that_the_customers_do_not_have_breaks_the_rate(ask, by: str) -> None:
    assert "per month and branch only" in said(ask(RATE, by=by).one(RATE))


def test_a_period_of_odd_days_breaks_the_rate(ask) -> None:
    period = Period(date(2026, 4, 1), date(2026, 6, 29))
    assert "choose whole months" in said(ask(RATE, period=period).one(RATE))


def rate(store: Store, **parts: Any) -> tuple[float | None, int | None]:
    figure = one(store, RATE, **parts)
    return figure.value, figure.n


@pytest.fixture
def four_months(store: Store, add_rows, queries_complaints: Mapping) -> Callable[..., None]:
    """Load one complaint a month of January to April, complete to the end of April."""

    def load(*customers: tuple[str, str, int], exposure: Mapping) -> None:
        cases = [(f"2026-0{m}-05", "", "", "Fees", "North", "") for m in (1, 2, 3, 4)]
        add_rows(queries_complaints, cases, as_of=date(2026, 4, 30))
        add_rows(exposure, customers)

    return load


def test_the_rate_covers_the_months_and_branches_that_both_know(
    store: Store, four_months, queries_exposure: Mapping
) -> None:
    served = [("2026-02", "North", 500), ("2026-03", "North", 500), ("2026-03", "South", 1000)]
    four_months(*served, exposure=queries_exposure)
    assert rate(store) == (1.0, 2000)
    assert rate(store, branches=["North"]) == (2.0, 1000)
    assert rate(store, branches=["South"]) == (0.0, 1000)
    assert rate(store, categories=["Other"]) == (0.0, 2000)
    figures = evaluate(store, Filters.of("demo"), [RATE], "branch").figures
    assert [(f.by, f.value) for f in figures] == [("North", 2.0), ("South", 0.0)]
    months = evaluate(store, Filters.of("demo"), [RATE], "month").figures
    assert [(f.by, f.value) for f in months] == [("2026-02", 2.0), ("2026-03", 1000 / 1500)]


def test_customers_of_months_whose_complaints_are_not_known_yet_do_not_count(
    store: Store, four_months, queries_exposure: Mapping
) -> None:
    served = [(f"2026-{m:02d}", "North", 1000) for m in range(1, 13)]
    four_months(*served, exposure=queries_exposure)
    assert rate(store) == (1.0, 4000)
    later = Period(date(2026, 7, 1), date(2026, 9, 30))
    assert one(store, RATE, period=later).state == "no_data"
    months = evaluate(store, Filters.of("demo"), [RATE], "month").figures
    assert [f.by for f in months] == ["2026-01", "2026-02", "2026-03", "2026-04"]


def test_customers_known_per_month_only_give_the_total_and_no_branch(
    store: Store, four_months, queries_exposure: Mapping
) -> None:
    whole = replace(queries_exposure, columns=queries_exposure.columns[::2])
    four_months(*[(f"2026-0{m}", 500) for m in (1, 2)], exposure=whole)  # type: ignore[arg-type]
    assert rate(store) == (2.0, 1000)
    assert "per month only" in said(one(store, RATE, branches=["North"]))
    assert "per month only" in said(one(store, RATE, "branch"))


def test_rates_of_categories_share_one_denominator(ask, raw) -> None:
    customers = sum(raw.customers.values())
    for figure in ask(RATE, by="category").figures:
        cases = sum(c.category == figure.by and bool(c.branch) for c in raw.cases)
        assert (figure.value, figure.n) == (pytest.approx(1000 * cases / customers), customers)


def test_more_than_half_still_open_has_no_median_and_says_so(
    store: Store, add_rows, queries_complaints: Mapping
) -> None:
    rows = [("2026-01-01", "", "2026-01-02" if i < 3 else "", "Fees", "N", "") for i in range(8)]
    add_rows(queries_complaints, rows, as_of=date(2026, 3, 1))
    figure = one(store, "median_days_to_resolution")
    assert (figure.state, figure.value, figure.n) == ("not_available", None, 8)
    assert str(figure.note) == "More than half are still open"


def test_a_count_inside_the_data_may_be_zero_and_outside_is_unknown(
    store: Store, add_rows, queries_complaints: Mapping
) -> None:
    rows = [(f"2026-0{m}-15", "", "", "Fees", "North", "") for m in (2, 2, 4, 4)]
    add_rows(queries_complaints, rows, as_of=date(2026, 4, 30))
    add_rows(survey("a", Item("q", "q", FIVE)), [("2025-06-01", 5), ("2026-12-01", 5)])
    months = evaluate(store, Filters.of("demo"), ["complaints_received"], "month").figures
    assert [(f.by, f.value) for f in months] == [("2026-02", 2), ("2026-03", 0), ("2026-04", 2)]
    for period, value in (
        (Period(date(2026, 3, 1), date(2026, 3, 31)), 0),
        (Period(date(2025, 12, 1), date(2025, 12, 31)), None),
        (Period(date(2026, 6, 1), date(2026, 6, 30)), None),
    ):
        figure = one(store, "complaints_received", period=period)
        assert (figure.value, figure.state) == (value, "no_data" if value is None else "ok")
        [figure] = evaluate(
            store, Filters.of("demo", period=period), ["complaints_received"], "month"
        ).figures
        assert figure.value == value


@pytest.mark.parametrize(("before", "now", "says"), [(0, 40, "worse"), (40, 0, "better")])
def test_none_at_all_is_compared_like_any_other_count(
    store: Store, add_rows, queries_complaints: Mapping, before: int, now: int, says: str
) -> None:
    days = ["2025-12-15", *["2026-01-15"] * before, *["2026-02-15"] * now]
    rows = [(day, "", "", "Fees", "North", "") for day in days]
    add_rows(queries_complaints, rows, as_of=date(2026, 2, 28))
    february = Period(date(2026, 2, 1), date(2026, 2, 28))
    figure = one(store, "complaints_received", period=february)
    assert (figure.value, figure.reference_value, figure.verdict) == (now, before, says)
    last = evaluate(store, Filters.of("demo", period=february), ["complaints_received"], "branch")
    assert [(f.by, f.value, f.verdict) for f in last.figures] == [("North", now, says)]
