"""Withheld stays withheld: nothing shown lets a reader work out a figure on few people."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate, evaluate_split
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


def little(figures: list[Figure], by: str) -> Figure:
    return next(f for f in figures if f.by == by)


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
    write(store, add_rows, queries_survey, [(4, 30), (40, 30), (40, 30)], "demo")
    figures = evaluate(store, Filters.of("demo", period=FEBRUARY), ["csat_mean"], "branch").figures
    assert [f.state for f in figures] == ["ok", "ok", "ok"]
    assert figures[0].reference_n is None
    assert figures[0].difference is None
    assert figures[0].p_value is None
    assert figures[0].verdict == "too_few"


def test_cases_are_records_and_not_opinions(
    store: Store, add_rows, queries_complaints
) -> None:
    rows = [("2026-01-05", "", "", "Fees", "North", "yes")]
    add_rows(queries_complaints, rows)
    answer = evaluate(store, Filters.of("demo"), ["complaints_received", "timely_response_share"])
    assert answer.one("complaints_received").value == 1
    assert answer.one("timely_response_share").withheld


PAIRS = st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=6)
LEAST = 5


@settings(max_examples=40)
@given(sizes=PAIRS)
@example(sizes=[(3, 40), (50, 40)])
@example(sizes=[(40, 3), (40, 50), (40, 60)])
@example(sizes=[(1, 40), (1, 40), (40, 40)])
@example(sizes=[(3, 0), (40, 40), (50, 40)])
@example(sizes=[(3, 0), (0, 30)])
@example(sizes=[(2, 2), (1, 30), (30, 1), (9, 9)])
def test_nothing_withheld_follows_by_subtraction_from_the_total(
    store: Store, queries_survey, sizes: Sizes
) -> None:
    if not any(map(sum, sizes)):
        return
    program = f"p{store.data_version()}"
    with tempfile.TemporaryDirectory() as folder:
        write_here(store, Path(folder), queries_survey, sizes, program)
    filters = Filters.of(program, period=FEBRUARY)
    january, february = ([pair[m] for pair in sizes] for m in (0, 1))
    for key in KEYS:
        total = evaluate(store, filters, [key]).figures[0]
        parts = {f.by: f for f in evaluate(store, filters, [key], "branch").figures}
        shown = [(parts[f"b{b}"].n if f"b{b}" in parts else 0) for b in range(len(sizes))]
        refuse_subtraction(february, shown, total.n)
        compared = [
            parts[f"b{b}"].reference_n if f"b{b}" in parts else None for b in range(len(sizes))
        ]
        refuse_subtraction(january, compared, total.reference_n)
        alone = {f.by: f for f in evaluate(store, Filters.of(program), [key], "month").figures}
        refuse_subtraction_of_months(sum(january), sum(february), alone, store, program, key)


def refuse_subtraction(true: list[int], shown: list[int | None], total: int | None) -> None:
    """Check that what a total leaves, less what its parts show, is nobody or enough people."""
    for size, seen in zip(true, shown, strict=True):
        assert seen in (None, size, 0) or seen == size
    if total is None:
        return
    gone = [size for size, seen in zip(true, shown, strict=True) if seen is None and size]
    gone += [size for size, seen in zip(true, shown, strict=True) if seen == 0 and size]
    assert not gone or sum(gone) >= LEAST
    if any(size < LEAST for size in gone):
        assert len(gone) > 1


def refuse_subtraction_of_months(
    january: int, february: int, months: dict[str, Figure], store: Store, program: str, key: str
) -> None:
    total = evaluate(store, Filters.of(program), [key]).figures[0]
    first, second = months.get("2026-01"), months.get("2026-02")
    known = [
        (first.n if first else 0) or (second.reference_n if second else None),
        second.n if second else 0,
    ]
    refuse_subtraction([january, february], known, total.n)


def write_here(store: Store, folder: Path, mapping: Any, sizes: Sizes, program: str) -> None:
    from csat.ingest.batches import commit
    from csat.ingest.source import open_source
    from csat.model.people import LOCAL_USER

    def add(mapping: Any, rows: list[tuple[Any, ...]], **options: Any) -> None:
        path = folder / "rows.csv"
        lines = [",".join(c.source for c in mapping.columns)]
        lines += [",".join(str(v) for v in row) for row in rows]
        path.write_text("\n".join(lines))
        commit(store, open_source(path), mapping, user=LOCAL_USER, **options)

    write(store, add, mapping, sizes, program)
