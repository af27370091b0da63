"""Withheld stays withheld: nothing shown lets a reader work out a figure on few people."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate
from csat.queries.split_figures import evaluate_split
from csat.store.store import Store

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
KEYS = ("csat_mean", "csat_top_box", "nps", "response_count")
HIDDEN = {
    "value", "n", "low", "high", "difference", "difference_low", "difference_high", "p_value",
    "reference_value", "reference_n",
}  # fmt: skip
Sizes = list[tuple[int, int]]
"""Answers of each branch in January and in February."""


def write(store: Store, add: Callable[..., None], mapping: Any, sizes: Sizes, program: str) -> None:
    chance = itertools.cycle((1, 5, 4, 2, 5, 3, 5))
    rows = [
        (f"2026-{month:02d}-{1 + i % 28:02d}", f"b{branch}", next(chance), i % 11, 7)
        for branch, pair in enumerate(sizes)
        for month, many in enumerate(pair, start=1)
        for i in range(many)
    ]
    add(mapping, rows, program=program, as_of=date(2026, 2, 28))


@pytest.fixture
def by_branch(store: Store, add_rows, queries_survey) -> Callable[..., list[Figure]]:
    def ask(sizes: list[int], key: str = "csat_mean", **limits: int) -> list[Figure]:
        write(store, add_rows, queries_survey, [(0, n) for n in sizes], "demo")
        answer = evaluate(store, Filters.of("demo"), [key], "branch", Thresholds(**limits))
        return list(answer.figures)

    return ask


@pytest.mark.parametrize("key", [*KEYS, "ces", "recommend_share", "mean:csat"])
def test_a_figure_on_fewer_people_than_the_minimum_is_withheld(by_branch, key: str) -> None:
    if key == "recommend_share":
        key = "csat_top_box"
    figures = by_branch([4, 5, 3], key)
    assert [f.state for f in figures] == ["withheld", "ok", "withheld"]
    for figure in (figures[0], figures[2]):
        assert all(getattr(figure, name) is None for name in HIDDEN)
        assert figure.verdict == "too_few"
        assert figure.to_json()["withheld"] is True


def test_the_minimum_is_a_setting(by_branch) -> None:
    figures = by_branch([9, 10, 9], withhold_under=10)
    assert [f.state for f in figures] == ["withheld", "ok", "withheld"]


def test_one_withheld_part_takes_the_next_smallest_with_it(by_branch) -> None:
    figures = by_branch([30, 4, 12, 8])
    assert [f.state for f in figures] == ["ok", "withheld", "ok", "withheld"]


def test_withheld_parts_that_are_together_too_few_take_another_with_them(by_branch) -> None:
    figures = by_branch([30, 2, 12, 1])
    assert [f.state for f in figures] == ["ok", "withheld", "withheld", "withheld"]


def test_a_total_of_too_few_is_withheld(store: Store, add_rows, queries_survey) -> None:
    write(store, add_rows, queries_survey, [(0, 4)], "demo")
    for by in ("total", "month", "quarter", "year", "branch"):
        for figure in evaluate(store, Filters.of("demo"), KEYS, by).figures:
            assert figure.withheld or figure.state == "no_data"


def test_no_answers_are_no_data_and_not_withheld(by_branch) -> None:
    figures = by_branch([0, 20])
    assert [(f.by, f.state) for f in figures] == [("b1", "ok")]


def test_a_reference_of_too_few_hides_the_change_and_not_the_figure(
    store: Store, add_rows, queries_survey
) -> None:
    """March begins where b0 has had enough before: nothing tells its four of February."""
    rows = [
        (f"2026-{month:02d}-{1 + i % 28:02d}", branch, 1 + i % 5, i % 11, 7)
        for branch, sizes in {"b0": (20, 4, 30), "b1": (40, 40, 40), "b2": (50, 50, 50)}.items()
        for month, many in enumerate(sizes, start=1)
        for i in range(many)
    ]
    add_rows(queries_survey, rows, as_of=date(2026, 3, 31))
    march = Filters.of("demo", period=Period(date(2026, 3, 1), date(2026, 3, 31)))
    figures = evaluate(store, march, ["csat_mean"], "branch").figures
    assert [f.state for f in figures] == ["ok", "ok", "ok"]
    assert figures[0].reference_n is None
    assert figures[0].difference is None
    assert figures[0].p_value is None
    assert figures[0].verdict in ("too_few", "not_compared")


def test_cases_are_records_and_not_opinions(store: Store, add_rows, queries_complaints) -> None:
    rows = [("2026-01-05", "", "", "Fees", "North", "yes")]
    add_rows(queries_complaints, rows)
    answer = evaluate(store, Filters.of("demo"), ["complaints_received", "timely_response_share"])
    assert answer.one("complaints_received").value == 1
    assert answer.one("timely_response_share").withheld


LEAST = 5
PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6)


def people_of(parts: dict[str, Figure], label: str) -> int | None:
    """Return the people of a part: none where it is withheld, alone or with all of the answer."""
    whole = parts.get("total")
    return None if whole and whole.withheld else parts[label].n if label in parts else 0


def refuse_subtraction(true: list[int], shown: list[int | None], total: int | None) -> None:
    """Check that a total less the parts that are shown is nobody, or enough people.

    Parameters
    ----------
    true, shown
        People of each part, and what the reader sees of it.
    """
    assert all(seen in (None, size) for size, seen in zip(true, shown, strict=True))
    assert all(seen is None or seen == 0 or seen >= LEAST for seen in shown)
    gone = [size for size, seen in zip(true, shown, strict=True) if seen is None and size]
    if total is not None and any(size < LEAST for size in gone):
        assert total == sum(true)
        assert len(gone) > 1
        assert sum(gone) >= LEAST


@settings(max_examples=20)
@given(sizes=PAIRS)
@example(sizes=[(3, 40), (50, 40)])
@example(sizes=[(40, 3), (40, 50), (40, 60)])
@example(sizes=[(1, 40), (1, 40), (40, 40)])
@example(sizes=[(3, 0), (40, 40), (50, 40)])
@example(sizes=[(3, 0), (0, 30)])
@example(sizes=[(2, 2), (1, 30), (30, 1), (9, 9)])
def test_no_group_follows_by_subtraction_from_the_total(
    store: Store, add_rows, queries_survey, sizes: Sizes
) -> None:
    if not any(february for _, february in sizes):
        return
    program = f"p{store.data_version()}"
    write(store, add_rows, queries_survey, sizes, program)
    filters = Filters.of(program, period=FEBRUARY)
    totals, groups = evaluate(store, filters, KEYS), evaluate(store, filters, KEYS, "branch")
    for key in KEYS:
        total = totals.one(key)
        parts = {f.by: f for f in groups.figures if f.metric == key}
        refuse_subtraction(
            [february for _, february in sizes],
            [people_of(parts, f"b{b}") for b in range(len(sizes))],
            total.n,
        )
        before = [parts.get(f"b{b}") for b in range(len(sizes))]
        refuse_subtraction(
            [january for january, _ in sizes],
            [f.reference_n if f else None for f in before],
            total.reference_n,
        )


@settings(max_examples=20)
@given(sizes=st.lists(st.integers(0, 12), min_size=1, max_size=6))
@example(sizes=[40, 3, 40, 12, 40])
@example(sizes=[40, 12, 3, 40])
@example(sizes=[1, 40, 1, 40])
def test_no_month_follows_by_subtraction_or_from_the_month_after(
    store: Store, add_rows, queries_survey, sizes: list[int]
) -> None:
    if not any(sizes):
        return
    program = f"p{store.data_version()}"
    rows = [
        (f"2026-{month:02d}-{1 + i % 28:02d}", "North", 1 + i % 5, i % 11, 7)
        for month, many in enumerate(sizes, start=1)
        for i in range(many)
    ]
    add_rows(queries_survey, rows, program=program, as_of=date(2026, 12, 31))
    everything = Filters.of(program)
    totals, by_month = evaluate(store, everything, KEYS), evaluate(store, everything, KEYS, "month")
    for key in KEYS:
        total = totals.one(key)
        months = {f.by: f for f in by_month.figures if f.metric == key}
        seen: list[int | None] = []
        for month in range(1, len(sizes) + 1):
            later = months.get(f"2026-{month + 1:02d}")
            own = people_of(months, f"2026-{month:02d}")
            seen.append(later.reference_n if own is None and later else own)
        refuse_subtraction(sizes, seen, total.n)


@settings(max_examples=20)
@given(table=st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=1, max_size=4))
def test_no_cell_of_a_table_follows_from_its_row_or_column(
    store: Store, add_rows, queries_survey, table: list[list[int]]
) -> None:
    if not any(map(sum, table)):
        return
    program = f"p{store.data_version()}"
    rows = [
        (f"2026-{month:02d}-{1 + i % 28:02d}", f"b{branch}", 1 + i % 5, i % 11, 7)
        for branch, line in enumerate(table)
        for month, many in enumerate(line, start=1)
        for i in range(many)
    ]
    add_rows(queries_survey, rows, program=program, as_of=date(2026, 12, 31))
    for key in ("csat_mean", "response_count"):
        figures = evaluate_split(store, Filters.of(program), key, "month", "branch").figures
        if figures[0].by == "total":
            assert figures[0].withheld
            continue
        cells = {(f.group, f.by): f for f in figures}
        seen: list[list[int | None]] = []
        for branch in range(len(table)):
            line: list[int | None] = []
            for month in (1, 2, 3):
                now = cells.get((f"b{branch}", f"2026-{month:02d}"))
                later = cells.get((f"b{branch}", f"2026-{month + 1:02d}"))
                own = now.n if now else 0
                line.append(later.reference_n if own is None and later else own)
            seen.append(line)
        columns = zip(zip(*table, strict=True), zip(*seen, strict=True), strict=True)
        for true, shown in (*zip(table, seen, strict=True), *columns):
            total = sum(true) if sum(true) >= LEAST else None
            refuse_subtraction(list(true), list(shown), total)


QUARTERS = ((1, 2, 3), (4, 5, 6))


def one_answer_each(program: str, months: list[int], add: Callable[..., None], survey: Any) -> None:
    rows = [
        (f"2026-{month:02d}-{1 + i % 28:02d}", "North", 1 + i % 5, i % 11, 7)
        for month, many in enumerate(months, start=1)
        for i in range(many)
    ]
    add(survey, rows, program=program, as_of=date(2026, 12, 31))


@settings(max_examples=20)
@given(sizes=st.lists(st.integers(0, 12), min_size=6, max_size=6))
@example(sizes=[3, 50, 60, 10, 70, 80])
@example(sizes=[3, 50, 60, 2, 70, 80])
@example(sizes=[3, 0, 0, 10, 70, 80])
def test_no_month_follows_by_subtraction_from_its_quarter(
    store: Store, add_rows, queries_survey, sizes: list[int]
) -> None:
    """The months of a quarter and the quarter itself can both be asked for."""
    if not any(sizes):
        return
    program = f"p{store.data_version()}"
    one_answer_each(program, sizes, add_rows, queries_survey)
    everything = Filters.of(program, compare="none")
    for key in KEYS:
        months = {f.by: f for f in evaluate(store, everything, [key], "month").figures}
        quarters = {f.by: f for f in evaluate(store, everything, [key], "quarter").figures}
        for quarter, parts in enumerate(QUARTERS, start=1):
            true = [sizes[m - 1] for m in parts]
            seen = [people_of(months, f"2026-{m:02d}") for m in parts]
            refuse_subtraction(true, seen, people_of(quarters, f"2026-Q{quarter}"))


def test_no_month_of_a_branch_follows_from_its_quarter(
    store: Store, add_rows, queries_survey
) -> None:
    rows = [
        (f"2026-{month:02d}-{1 + i % 28:02d}", branch, 1 + i % 5, i % 11, 7)
        for branch in ("North", "South")
        for month, many in enumerate([3, 50, 60, 10, 70, 80], start=1)
        for i in range(many)
    ]
    add_rows(queries_survey, rows, as_of=date(2026, 12, 31))
    found = evaluate_split(store, Filters.of("demo"), "csat_mean", "month", "branch").figures
    gone = {f.by for f in found if f.withheld and f.group == "North"}
    assert len(gone & {"2026-01", "2026-02", "2026-03"}) > 1
