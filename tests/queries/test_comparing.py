"""Periods and groups compared: difference, doubt, and how much is who answered."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.settings import Thresholds
from csat.queries.comparing import groups_beside, period_change
from csat.stats.comparison import newcombe_difference
from csat.stats.multiplicity import holm
from csat.store.store import Store

EVERYTHING = Thresholds(withhold_under=1)
FEBRUARY = Filters.of("demo", period=Period(date(2026, 2, 1), date(2026, 2, 28)))


def answers(branch: str, month: int, satisfied: int, others: int) -> list[tuple[object, ...]]:
    day = f"2026-{month:02d}-10"
    return [(day, branch, 5, 9, 7)] * satisfied + [(day, branch, 2, 3, 3)] * others


def test_each_group_is_compared_with_all_others_together(demo: Store, raw: Any) -> None:
    found = groups_beside(demo, Filters.of("demo"), "csat_top_box", "branch", EVERYTHING)
    rated = {
        b: [r.csat for r in raw.rows if r.branch == b and r.csat is not None]
        for b in {r.branch for r in raw.rows}
    }
    expected = {}
    for branch, own in rated.items():
        rest = [r for b, ratings in rated.items() if b != branch for r in ratings]
        expected[branch] = newcombe_difference(
            sum(r >= 4 for r in own), len(own), sum(r >= 4 for r in rest), len(rest)
        )
    order = [f.by for f in found.figures]
    adjusted = dict(zip(order, holm([expected[b].p_value for b in order]), strict=True))
    assert found.correction == "holm"
    for figure in found.figures:
        told = expected[figure.by]
        assert figure.difference == pytest.approx(100 * told.difference)
        assert figure.difference_low == pytest.approx(100 * told.low)
        assert figure.p_value == pytest.approx(adjusted[figure.by])


def test_groups_stand_in_the_order_of_their_names_not_of_their_values(demo: Store) -> None:
    found = groups_beside(demo, Filters.of("demo"), "nps", "branch", EVERYTHING)
    assert [f.by for f in found.figures] == ["East", "North", "South", ""]


def test_a_funnel_holds_the_groups_that_are_shown(demo: Store) -> None:
    found = groups_beside(demo, Filters.of("demo"), "csat_top_box", "branch", EVERYTHING)
    assert found.plot is not None
    assert set(found.plot.points) == {f.by for f in found.figures}
    assert groups_beside(demo, Filters.of("demo"), "nps", "branch", EVERYTHING).plot is None


def test_withheld_groups_are_in_neither_table_nor_funnel(demo: Store, quarter: Period) -> None:
    strict = Thresholds(withhold_under=16)
    asked = Filters.of("demo", period=quarter)
    found = groups_beside(demo, asked, "csat_top_box", "branch", strict)
    hidden = {f.by for f in found.figures if f.withheld}
    assert "" in hidden
    assert len(hidden) >= 2
    assert found.plot is not None
    assert not hidden & set(found.plot.points)


def test_counts_of_groups_are_not_compared(demo: Store) -> None:
    found = groups_beside(demo, Filters.of("demo"), "complaints_received", "branch")
    assert found.figures == ()
    assert "share" in str(found.note)


def test_a_change_that_is_only_mix_says_so(
    store: Store, add_rows: Any, queries_survey: Any
) -> None:
    """Both branches stay as they are; the worse one answers more often."""
    rows = answers("Good", 1, 160, 40) + answers("Poor", 1, 20, 30)
    rows += answers("Good", 2, 80, 20) + answers("Poor", 2, 80, 120)
    add_rows(queries_survey, rows, as_of=date(2026, 2, 28))
    found = period_change(store, FEBRUARY, "csat_top_box", "branch")
    assert found.within is not None
    assert found.mix is not None
    assert found.within.value == pytest.approx(0.0)
    assert found.mix.value == pytest.approx(found.figure.difference)


def test_a_change_within_groups_is_no_mix(store: Store, add_rows: Any, queries_survey: Any) -> None:
    rows = answers("A", 1, 80, 20) + answers("B", 1, 40, 60)
    rows += answers("A", 2, 60, 40) + answers("B", 2, 20, 80)
    add_rows(queries_survey, rows, as_of=date(2026, 2, 28))
    found = period_change(store, FEBRUARY, "csat_top_box", "branch")
    assert found.within is not None
    assert found.mix is not None
    assert found.within.value == pytest.approx(-20.0)
    assert found.mix.value == pytest.approx(0.0)


def test_without_a_comparison_nothing_is_divided(demo: Store) -> None:
    found = period_change(demo, Filters.of("demo"), "csat_top_box", "branch")
    assert (found.figure.difference, found.within, found.mix) == (None, None, None)
