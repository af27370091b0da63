"""What closed cases were paid: counted one by one, no two currencies added, few people hidden."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from scipy import stats

from csat.ingest.mapping import Column, Mapping
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.queries.compensation import Paid, compensation
from csat.store.store import Store

Add = Callable[..., None]
ALL = Filters("demo")
OPEN = Thresholds(withhold_under=1)
CASES = Mapping(
    "cases",
    "complaints",
    "Cases",
    (
        Column("id", "complaint_id"),
        Column("received", "received_at"),
        Column("resolved", "resolved_at"),
        Column("branch", "branch"),
        Column("paid", "compensation"),
        Column("money", "currency"),
    ),
)
PLAIN = Mapping("plain", "complaints", "Plain", CASES.columns[:4])
Case = tuple[str, str, str, str, object, str]


def cases(n: int = 200) -> list[Case]:
    """Return cases of three branches, paid in two currencies, in none, or nothing."""
    chance = random.Random(n)
    found: list[Case] = []
    for k in range(n):
        at = datetime(2026, 1, 1) + timedelta(hours=chance.randrange(24 * 150))
        closed = at + timedelta(days=3) if chance.random() < 0.8 else None
        branch = chance.choice(("North", "South", "West"))
        paid: object = ""
        if chance.random() < 0.6:
            paid = chance.choice((0, round(chance.expovariate(1 / 40), 2)))
        money = "" if paid == "" else chance.choice(("EUR", "eur", "USD", ""))
        found.append((f"K{k}", f"{at:%Y-%m-%d}", f"{closed:%Y-%m-%d}" if closed else "", branch,
                      paid, money))  # fmt: skip
    return found


def amounts(rows: Sequence[Case], currency: str, branch: str = "") -> tuple[list[float], int]:
    """Return what each closed case was paid in a currency, 0 in another, and how many were."""
    closed = [r for r in rows if r[2] and branch in ("", r[3])]
    paid = [float(str(r[4] or 0)) if r[5].upper() == currency else 0.0 for r in closed]
    return paid, sum(p > 0 for p in paid)


def row(found: Sequence[Paid], group: str | None, currency: str) -> Paid:
    return next(r for r in found if (r.group, r.currency) == (group, currency))


@pytest.mark.parametrize("currency", ["EUR", "USD", ""])
@pytest.mark.parametrize("branch", ["", "North", "South", "West"])
def test_sums_and_means_are_those_counted_one_by_one(
    store: Store, add_rows: Add, currency: str, branch: str
) -> None:
    rows = cases()
    add_rows(CASES, rows)
    one = row(compensation(store, ALL, "branch", OPEN).rows, branch or None, currency)
    paid, compensated = amounts(rows, currency, branch)
    assert (one.closed, one.compensated) == (len(paid), compensated)
    assert one.total == pytest.approx(sum(paid))
    assert one.mean == pytest.approx(np.mean(paid))
    assert one.each == pytest.approx(sum(paid) / compensated)
    wanted = stats.t.interval(0.95, len(paid) - 1, np.mean(paid), stats.sem(paid))
    assert (one.low, one.high) == pytest.approx((max(0.0, wanted[0]), wanted[1]))


def test_no_two_currencies_are_added(store: Store, add_rows: Add) -> None:
    add_rows(CASES, cases())
    assert {r.currency for r in compensation(store, ALL, None, OPEN).whole} == {"EUR", "USD", ""}


def test_open_cases_that_were_paid_are_counted_apart(store: Store, add_rows: Add) -> None:
    rows = cases()
    add_rows(CASES, rows)
    wanted = sum(1 for r in rows if not r[2] and r[4] not in ("", 0))
    assert compensation(store, ALL, None, OPEN).still_open == wanted > 0


def test_files_that_record_no_compensation_are_no_cases_paid_nothing(
    store: Store, add_rows: Add
) -> None:
    rows = cases()
    add_rows(CASES, rows)
    add_rows(PLAIN, [(f"P{k}", "2026-02-01", "2026-02-03", "North") for k in range(50)])
    whole = compensation(store, ALL, None, OPEN).whole[0]
    assert whole.closed == sum(1 for r in rows if r[2])


def test_the_period_is_that_of_the_receipt(store: Store, add_rows: Add) -> None:
    rows = cases()
    add_rows(CASES, rows)
    march = Filters("demo", Period(date(2026, 3, 1), date(2026, 3, 31)))
    whole = compensation(store, march, None, OPEN).whole[0]
    assert whole.closed == sum(1 for r in rows if r[2] and r[1].startswith("2026-03"))


def test_what_few_cases_were_paid_is_withheld_and_cannot_be_worked_out(
    store: Store, add_rows: Add
) -> None:
    rows: list[Case] = [
        (f"N{k}", "2026-02-01", "2026-02-03", "North", 10, "EUR") for k in range(20)
    ]
    rows += [(f"S{k}", "2026-02-01", "2026-02-03", "South", 10, "EUR") for k in range(9)]
    rows += [(f"W{k}", "2026-02-01", "2026-02-03", "West", 99, "EUR") for k in range(2)]
    add_rows(CASES, rows)
    found = compensation(store, ALL, "branch").rows
    hidden = {r.group for r in found if r.withheld}
    assert hidden == {"West", "South"}, "else the total less the others would tell West's"
    for one in found:
        told = (one.compensated, one.total, one.mean, one.each, one.low)
        assert all(v is None for v in told) == (one.group in hidden)
    assert compensation(store, Filters("demo", branches=("West",))).whole[0].withheld


def test_a_group_that_was_paid_nothing_says_so(store: Store, add_rows: Add) -> None:
    rows: list[Case] = [
        (f"N{k}", "2026-02-01", "2026-02-03", "North", 10, "EUR") for k in range(20)
    ]
    rows += [(f"S{k}", "2026-02-01", "2026-02-03", "South", 0, "") for k in range(9)]
    add_rows(CASES, rows)
    south = next(r for r in compensation(store, ALL, "branch").rows if r.group == "South")
    assert (south.closed, south.compensated, south.currency) == (9, 0, None)


def test_without_amounts_or_closings_it_says_what_is_missing(store: Store, add_rows: Add) -> None:
    add_rows(PLAIN, [("P1", "2026-02-01", "2026-02-03", "North")])
    assert "compensation paid" in str(compensation(store, ALL).needs)
    add_rows(CASES, [("K1", "2026-02-01", "", "North", 5, "EUR")])
    found = compensation(store, ALL)
    assert "closed" in str(found.needs)
    assert found.rows == ()


def test_an_unknown_grouping_is_refused(store: Store, add_rows: Add) -> None:
    add_rows(CASES, cases(20))
    with pytest.raises(UsageProblem, match="no grouping"):
        compensation(store, ALL, "narrative")
