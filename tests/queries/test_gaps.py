"""The five gaps from few known answers: against plain arithmetic, and what is said without them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from scipy import stats

from csat.ingest.instruments import instrument
from csat.ingest.mapping import Mapping
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.scale import Scale
from csat.model.vocabulary import SERVQUAL_DIMENSIONS
from csat.queries.extent import extent
from csat.queries.figures import evaluate
from csat.queries.gap_rows import NEEDS, GapAnswer, GapRow, Measured
from csat.queries.gaps import gaps, unmeasured
from csat.store.store import Store

Rows = list[list[object]]
ALL = Filters("demo")
Add = Callable[..., None]


def answers(
    mapping: Mapping, people: int, means: dict[str, float], branches: tuple[str, ...] = ("North",)
) -> Rows:
    """Return answers that scatter around the mean of each viewpoint, some left blank."""
    chance = random.Random(people)
    rows = []
    for k in range(people):
        row: list[object] = []
        for column in mapping.columns:
            if column.item is None:
                cells = {
                    "response_id": f"{mapping.name}-{k}",
                    "submitted_at": f"2026-0{1 + k % 6}-05",
                    "branch": branches[k % len(branches)],
                }
                row.append(cells.get(column.role, ""))
            elif chance.random() < 0.05:
                row.append("")
            else:
                mean = means.get(column.item.viewpoint, 4.0)
                row.append(min(7, max(1, round(chance.gauss(mean, 1.2)))))
        rows.append(row)
    return rows


def falls_short(gap: int, low: float, high: float, scale: tuple[int, int] = (1, 7)) -> GapRow:
    found = Measured((low + high) / 2, low, high, 50, 50, verdict="worse", scale=scale)
    return GapRow(gap, None, "survey", found)


def test_gaps_not_clearly_less_than_the_largest_are_named_beside_it() -> None:
    rows = (
        falls_short(1, -0.35, -0.18),
        falls_short(3, -0.42, -0.29),
        falls_short(4, -0.46, -0.33),
    )
    answer = replace(unmeasured(), rows=rows)
    first = answer.largest(None)
    assert first is not None
    assert first.gap == 4
    assert [r.gap for r in answer.close_to_largest(None)] == [3]


def test_gaps_are_compared_as_shares_of_their_scales() -> None:
    rows = (falls_short(1, -0.9, -0.6), falls_short(4, -1.4, -1.0, (1, 5)))
    answer = replace(unmeasured(), rows=rows)
    assert answer.close_to_largest(None) == ()


CUSTOMERS = instrument("service-quality").mapping()
MANAGERS = instrument("managers").mapping()
STAFF = instrument("staff").mapping()
AUDIT = instrument("audit").mapping()
WANTED = {"desired": 6.2, "adequate": 4.0, "perception": 5.0, "management": 5.6, "standard": 5.4}
WANTED |= {"delivery": 5.0, "promise": 5.8}


def scores(mapping: Mapping, rows: Rows, viewpoint: str, dimension: str) -> list[float]:
    """Return each respondent's mean over a dimension's statements, from half of them up."""
    places = [
        i
        for i, c in enumerate(mapping.columns)
        if c.item and c.item.viewpoint == viewpoint and c.item.dimension == dimension
    ]
    out = []
    for row in rows:
        known = [int(str(row[i])) for i in places if row[i] != ""]
        if known and 2 * len(known) >= len(places):
            out.append(float(np.mean(known)))
    return out


def measured(answer: GapAnswer, gap: int, dimension: str | None) -> Measured:
    row = answer.row(gap, dimension)
    assert row is not None
    assert row.measured is not None, row.needs
    return row.measured


@pytest.mark.parametrize("dimension", SERVQUAL_DIMENSIONS)
def test_two_viewpoints_are_compared_by_welch(store: Store, add_rows: Add, dimension: str) -> None:
    managers, audits = answers(MANAGERS, 35, WANTED), answers(AUDIT, 60, WANTED)
    add_rows(MANAGERS, managers)
    add_rows(AUDIT, audits)
    found = measured(gaps(store, ALL), 2, dimension)
    one = scores(AUDIT, audits, "standard", dimension)
    other = scores(MANAGERS, managers, "management", dimension)
    wanted = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    assert found.value == pytest.approx(np.mean(one) - np.mean(other), abs=1e-9)
    assert (found.low, found.high) == pytest.approx((wanted.low, wanted.high), abs=1e-9)
    assert (found.n, found.n_reference) == (len(one), len(other))


def test_statements_are_taken_from_the_top_of_their_scale(store: Store, add_rows: Add) -> None:
    staff = answers(STAFF, 40, WANTED)
    add_rows(STAFF, staff)
    answer = gaps(store, ALL)
    for gap, viewpoint in ((3, "delivery"), (4, "promise")):
        found = measured(answer, gap, "empathy")
        said = scores(STAFF, staff, viewpoint, "empathy")
        assert found.value == pytest.approx(np.mean(said) - 7)
        assert answer.row(gap, "empathy").form == "statement"


def test_no_standard_is_no_rating(store: Store, add_rows: Add) -> None:
    staff = answers(STAFF, 40, WANTED)
    place = next(i for i, c in enumerate(STAFF.columns) if c.item and c.item.key == "N_empathy")
    for row in staff[:30]:
        row[place] = 0
    add_rows(STAFF, staff)
    assert measured(gaps(store, ALL), 3, "empathy").n <= 10


def test_gap_1_needs_both_sides(store: Store, add_rows: Add) -> None:
    add_rows(MANAGERS, answers(MANAGERS, 40, WANTED))
    row = gaps(store, ALL).row(1, "empathy")
    assert row.measured is None
    assert str(row.needs) == "needs a survey of customers: what they expect"
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    found = measured(gaps(store, ALL), 1, "empathy")
    assert found.verdict == "worse"
    assert found.actual - found.reference == pytest.approx(found.value)


def test_a_customer_survey_alone_measures_gap_5_and_says_what_to_collect(
    store: Store, add_rows: Add
) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    answer = gaps(store, ALL)
    assert measured(answer, 5, None).value < 0
    for gap in (1, 2, 3, 4):
        assert answer.row(gap, None).needs == NEEDS[gap]
        assert answer.largest(None) is None
    assert answer.way(None).reason is not None


def test_an_empty_store_says_what_to_collect() -> None:
    rows = unmeasured().rows
    assert [r.needs for r in rows if r.source == "survey"] == [NEEDS[g] for g in range(1, 6)]
    assert [r.gap for r in rows if r.source == "record" and r.needs] == [2, 3, 4]


def test_few_managers_get_an_interval_and_no_verdict(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    add_rows(MANAGERS, answers(MANAGERS, 12, WANTED))
    found = measured(gaps(store, ALL), 1, "assurance")
    assert found.verdict == "too_few"
    assert found.low < found.value < found.high


def test_four_managers_are_withheld(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    add_rows(MANAGERS, answers(MANAGERS, 4, WANTED))
    answer = gaps(store, ALL)
    for name in (None, *SERVQUAL_DIMENSIONS):
        for gap in (1, 2):
            assert answer.row(gap, name).withheld
            assert answer.row(gap, name).to_json()["value"] is None
    assert all(c.value is None and c.n is None for c in answer.causes)


def test_a_branch_that_sets_few_managers_apart_is_withheld(store: Store, add_rows: Add) -> None:
    """Three managers of South follow from all of them less those of North."""
    add_rows(CUSTOMERS, answers(CUSTOMERS, 90, WANTED, ("North", "South")))
    rows = answers(MANAGERS, 33, WANTED)
    place = [c.role for c in MANAGERS.columns].index("branch")
    for row in rows[:3]:
        row[place] = "South"
    add_rows(MANAGERS, rows)
    assert measured(gaps(store, ALL), 1, "empathy").n == 33
    answer = gaps(store, ALL.with_(branches=("North",)))
    assert answer.row(1, "empathy").withheld
    assert answer.row(1, "empathy").measured is None
    assert measured(answer, 5, "empathy").n > 0


def test_managers_who_state_no_branch_count_for_all(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 90, WANTED, ("North", "South")))
    add_rows(MANAGERS, answers(MANAGERS, 33, WANTED, ("",)))
    answer = gaps(store, ALL.with_(branches=("North",)))
    found = measured(answer, 1, "empathy")
    assert (found.n, found.n_reference) == (33, 45)
    assert len(answer.notes) == 1


def test_the_period_narrows_every_side(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 120, WANTED))
    add_rows(MANAGERS, answers(MANAGERS, 60, WANTED))
    found = measured(
        gaps(store, ALL.with_(period=Period(date(2026, 1, 1), date(2026, 3, 31)))), 1, None
    )
    assert found.n == 30
    assert 50 < found.n_reference <= 60


def test_a_choice_of_surveys_narrows_customers_alone(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    add_rows(MANAGERS, answers(MANAGERS, 40, WANTED))
    found = measured(gaps(store, ALL.with_(surveys=(CUSTOMERS.survey_key,))), 1, None)
    assert found.n_reference is not None


def test_reversed_statements_are_turned_round_once(store: Store, add_rows: Add) -> None:
    rows = answers(STAFF, 40, WANTED)
    place = next(i for i, c in enumerate(STAFF.columns) if c.item and c.item.key == "overpromise.1")
    for row in rows:
        row[place] = 6
    add_rows(STAFF, rows)
    causes = {c.cause: c for c in gaps(store, ALL).causes}
    assert causes["overpromise"].value == 2.0


def test_other_scales_are_not_compared(store: Store, add_rows: Add) -> None:
    columns = tuple(
        replace(c, item=replace(c.item, scale=Scale.of(1, 10))) if c.item else c
        for c in MANAGERS.columns
        if c.item is None or c.item.viewpoint == "management"
    )
    other = replace(MANAGERS, columns=columns)
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    add_rows(other, answers(other, 40, WANTED))
    row = gaps(store, ALL).row(1, "empathy")
    assert row.measured is None
    assert "on one scale" in str(row.needs)


def test_what_managers_say_is_no_answer_of_customers(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    before = evaluate(store, ALL, ["response_count", "perception:empathy"]).figures
    add_rows(MANAGERS, answers(MANAGERS, 40, WANTED))
    found = evaluate(store, ALL, ["response_count", "perception:empathy", "mean:M01"]).figures
    assert [(f.value, f.n) for f in found[:2]] == [(f.value, f.n) for f in before]
    assert found[2].state == "not_available"
    assert extent(store, "demo").responses == 60


def test_the_answer_says_where_it_comes_from(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, answers(CUSTOMERS, 60, WANTED))
    origin = gaps(store, ALL).provenance
    assert origin.batches
    assert any("g_d0" in sql for sql, _ in origin.reads)
