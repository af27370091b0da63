"""What moved: only what the tests support, the largest effect on customers first."""

from __future__ import annotations

from datetime import date

import pytest

from csat.model.filters import Filters
from csat.model.period import Period
from csat.queries.movers import movers
from csat.store.store import Store

FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
MOVED = Filters.of("demo", period=FEBRUARY)


def answers(branch: str, month: int, satisfied: int, others: int) -> list[tuple[object, ...]]:
    day = f"2026-{month:02d}-10"
    return [(day, branch, 5, 9, 7)] * satisfied + [(day, branch, 2, 3, 3)] * others


@pytest.fixture
def changing(store: Store, add_rows, queries_survey, queries_complaints) -> Store:
    rows = [
        *(answers("Rises", 1, 40, 60) + answers("Rises", 2, 80, 20)),
        *(answers("Falls much", 1, 200, 50) + answers("Falls much", 2, 60, 190)),
        *(answers("Stays", 1, 50, 50) + answers("Stays", 2, 51, 49)),
        *(answers("Tiny", 1, 8, 0) + answers("Tiny", 2, 0, 8)),
    ]
    add_rows(queries_survey, rows, as_of=date(2026, 2, 28))
    cases = [("2026-01-10", "", "", "Fees", "", "")] * 20
    cases += [("2026-02-10", "", "", "Fees", "", "")] * 20
    cases += [("2026-01-10", "", "", "Queue", "", "")] * 60
    cases += [("2026-02-10", "", "", "Queue", "", "")] * 8
    add_rows(queries_complaints, cases, as_of=date(2026, 2, 28))
    return store


def test_what_moved_is_listed_and_nothing_else(changing: Store) -> None:
    found = {(m.cut, m.group): m.figure.verdict for m in movers(changing, MOVED)}
    assert found == {
        ("branch", "Falls much"): "worse",
        ("branch", "Rises"): "better",
        ("category", "Queue"): "better",
    }


def test_the_largest_effect_on_customers_comes_first(changing: Store) -> None:
    branches = [m.group for m in movers(changing, MOVED) if m.cut == "branch"]
    assert branches == ["Falls much", "Rises"]
    assert [m.group for m in movers(changing, MOVED, limit=1)] == [movers(changing, MOVED)[0].group]


def test_a_mover_says_how_many_customers_it_concerns(changing: Store) -> None:
    shares = {m.group: m.share for m in movers(changing, MOVED) if m.cut == "branch"}
    assert shares["Falls much"] == pytest.approx(250 / 458)


def test_without_a_comparison_nothing_moved(changing: Store) -> None:
    assert movers(changing, Filters.of("demo")) == ()
    assert movers(changing, MOVED.with_(compare="none")) == ()


def test_a_branch_that_is_chosen_is_not_screened_against_the_others(changing: Store) -> None:
    found = movers(changing, MOVED.with_(branches=["Rises"]))
    assert [m for m in found if m.cut == "branch"] == []


def test_a_change_beyond_all_doubt_is_not_lost(store: Store, add_rows, queries_survey) -> None:
    """Its p-value is zero to the last digit, which is no missing p-value."""
    rows = answers("North", 1, 4000, 0) + answers("North", 2, 0, 4000)
    rows += answers("South", 1, 50, 50) + answers("South", 2, 50, 50)
    add_rows(queries_survey, rows, as_of=date(2026, 2, 28))
    [mover] = movers(store, MOVED)
    assert (mover.group, mover.figure.verdict, mover.figure.p_value) == ("North", "worse", 0.0)
