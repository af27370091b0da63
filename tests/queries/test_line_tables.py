"""People by groups and months: what is made of the whole is what a count of its own gives."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pytest

from csat.model.filters import Filters
from csat.model.period import Period, month_key
from csat.queries.line_tables import EVERYBODY, Lines, part_of
from csat.queries.lines import lines
from csat.store.store import Store

SPRING = Period(date(2026, 4, 1), date(2026, 6, 30))
SIZES = {"branch": 4, "channel": 3, "segment": 5}


def cells(table: Lines, column: str) -> Counter[tuple[Any, ...]]:
    """Return the people of a table by the names of their groups and their unit."""
    found: Counter[tuple[Any, ...]] = Counter()
    for row, start in enumerate(table.starts):
        group = tuple(table.names[d][table.codes[d][row]] for d in table.names)
        found[(*group, int(start))] += int(table.people[column][row])
    return +found


@pytest.fixture(scope="module")
def whole() -> Lines:
    """Return cells of three directions over eight months; the last branch has nobody in spring."""
    rng = np.random.default_rng(5)
    months = [20250901 + 100 * m if m < 4 else 20260101 + 100 * (m - 4) for m in range(8)]
    held = [
        (m, *place)
        for m in range(8)
        for place in np.ndindex(*SIZES.values())
        if rng.random() < 0.4 and not (m >= 5 and place[0] == 3)
    ]
    columns = np.array(held).T
    return Lines(
        {d: tuple(f"{d} {k}" for k in range(size)) for d, size in SIZES.items()},
        {d: columns[i + 1].astype(np.int32) for i, d in enumerate(SIZES)},
        np.array(months)[columns[0]],
        {c: rng.integers(0, 9, len(held)).astype(np.int32) for c in ("csat", EVERYBODY)},
        20260501,
    )


@pytest.mark.parametrize("period", [None, SPRING, Period(date(2025, 11, 1), date(2026, 1, 31))])
@pytest.mark.parametrize("by_month", [True, False])
@pytest.mark.parametrize("directions", [("branch", "channel", "segment"), ("segment",), ()])
def test_part_of_the_cells_adds_up_all_the_others(
    whole: Lines, directions: tuple[str, ...], period: Period | None, *, by_month: bool
) -> None:
    found = part_of(whole, directions, ["csat", EVERYBODY], period, by_month=by_month)
    for column in ("csat", EVERYBODY):
        expected: Counter[tuple[Any, ...]] = Counter()
        for (branch, channel, segment, start), n in cells(whole, column).items():
            month = date(start // 10_000, start // 100 % 100, 1)
            if period is None or period.first <= month <= period.last:
                own = {"branch": branch, "channel": channel, "segment": segment}
                expected[(*(own[d] for d in directions), start if by_month else 0)] += n
        assert cells(found, column) == expected
    assert found.running == whole.running
    assert tuple(found.names) == directions


def test_groups_of_nobody_in_the_period_are_not_named(whole: Lines) -> None:
    found = part_of(whole, ["branch"], ["csat"], SPRING, by_month=True)
    assert found.names["branch"] == ("branch 0", "branch 1", "branch 2")


@pytest.mark.parametrize("directions", [("branch",), ("branch", "survey")])
def test_lines_of_the_store_are_those_of_its_rows(
    demo: Store, raw: Any, directions: tuple[str, ...]
) -> None:
    """By month over all dates and in a period, counted alone or made of the whole."""
    by_month = lines(demo, Filters.of("demo"), directions, ["csat"], "month")
    expected: Counter[tuple[Any, ...]] = Counter()
    for row in raw.rows:
        if row.csat is not None:
            groups = {"branch": row.branch, "survey": "visits"}
            start = month_key(row.when) * 100 + 1
            expected[(*(groups[d] for d in directions), start)] += 1
    assert cells(by_month, "csat") == expected
    in_spring = lines(demo, Filters.of("demo", period=SPRING), directions, ["csat"], "period")
    spring: Counter[tuple[Any, ...]] = Counter()
    for (*group, start), n in expected.items():
        if 20260401 <= start <= 20260630:
            spring[(*group, 0)] += n
    assert cells(in_spring, "csat") == spring
    assert list(by_month.names["branch"]) == sorted({r.branch for r in raw.rows})
