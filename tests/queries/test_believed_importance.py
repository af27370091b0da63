"""Managers' 100 points beside the customers': against plain arithmetic, and without them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from csat.ingest.instruments import instrument
from csat.ingest.mapping import Mapping as FileMapping
from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.model.vocabulary import SERVQUAL_DIMENSIONS
from csat.queries.believed_importance import NEEDS, NEEDS_CUSTOMERS, BelievedImportance
from csat.queries.dimensions import dimensions
from csat.queries.gaps import gaps
from csat.store.store import Store

Add = Callable[..., None]
ALL = Filters("demo")
MANAGERS, CUSTOMERS = instrument("managers").mapping(), instrument("importance").mapping()
BELIEVED = {
    "tangibles": 40,
    "reliability": 25,
    "responsiveness": 15,
    "assurance": 10,
    "empathy": 10,
}
SAID = {"tangibles": 10, "reliability": 35, "responsiveness": 25, "assurance": 15, "empathy": 15}


def spread(means: Mapping[str, int], people: int, seed: int) -> list[dict[str, int]]:
    """Return points that scatter around the means; their sum is not always 100."""
    chance = random.Random(seed)
    return [
        {k: max(0, v + chance.randrange(-6, 7)) for k, v in means.items()} for _ in range(people)
    ]


def rows(
    mapping: FileMapping, points: Sequence[Mapping[str, int]], branches: Sequence[str] = ("North",)
) -> list[list[object]]:
    """Return answers that give the points and nothing else but when and where."""
    out = []
    for k, given in enumerate(points):
        plain = {
            "response_id": f"{mapping.name}-{k}",
            "submitted_at": "2026-03-05",
            "branch": branches[k % len(branches)],
        }
        row: list[object] = []
        for c in mapping.columns:
            if c.item is None:
                row.append(plain.get(c.role, ""))
            elif c.item.scale.maximum == 100:
                row.append(given.get(c.item.dimension, ""))
            else:
                row.append("")
        out.append(row)
    return out


def shares(points: Sequence[Mapping[str, int]], dimension: str) -> list[float]:
    return [100 * given[dimension] / sum(given.values()) for given in points]


def found(
    store: Store, filters: Filters = ALL, limits: Thresholds | None = None
) -> BelievedImportance:
    return gaps(store, filters, limits).importance


@pytest.fixture
def both(store: Store, add_rows: Add) -> Store:
    add_rows(MANAGERS, rows(MANAGERS, spread(BELIEVED, 40, 1)))
    add_rows(CUSTOMERS, rows(CUSTOMERS, spread(SAID, 90, 2)))
    return store


@pytest.mark.parametrize("dimension", SERVQUAL_DIMENSIONS)
def test_shares_and_their_difference_are_those_of_plain_arithmetic(
    both: Store, dimension: str
) -> None:
    row = next(r for r in found(both).rows if r.dimension == dimension)
    one = shares(spread(BELIEVED, 40, 1), dimension)
    other = shares(spread(SAID, 90, 2), dimension)
    for share, values in ((row.managers, one), (row.customers, other)):
        wanted = stats.t.interval(0.95, len(values) - 1, np.mean(values), stats.sem(values))
        assert share.value == pytest.approx(np.mean(values), abs=1e-5)
        assert (share.low, share.high) == pytest.approx(wanted, abs=1e-5)
    apart = stats.ttest_ind(one, other, equal_var=False).confidence_interval()
    assert row.difference.value == pytest.approx(np.mean(one) - np.mean(other), abs=1e-5)
    assert (row.difference.low, row.difference.high) == pytest.approx(
        (apart.low, apart.high), abs=1e-5
    )


def test_customers_shares_are_the_weights_of_the_dimensions(both: Store, add_rows: Add) -> None:
    weights = dimensions(both, ALL, weights="points").weights.percent
    for row in found(both).rows:
        assert row.customers.value == pytest.approx(weights[row.dimension], abs=1e-5)


def test_it_says_what_managers_and_customers_put_first(both: Store) -> None:
    answer = found(both)
    assert (answer.managers, answer.customers) == (40, 90)
    assert answer.managers_first == ("tangibles",)
    assert answer.customers_first == ("reliability",)
    verdicts = {r.dimension: r.verdict for r in answer.rows}
    assert verdicts["tangibles"] == "overrated"
    assert verdicts["reliability"] == "underrated"
    assert answer.most_underrated is not None
    assert answer.most_underrated.dimension in ("reliability", "responsiveness")


def test_what_is_not_clearly_apart_is_named_together(store: Store, add_rows: Add) -> None:
    level = {**SAID, "reliability": 30, "responsiveness": 30}
    add_rows(MANAGERS, rows(MANAGERS, spread(BELIEVED, 40, 1)))
    add_rows(CUSTOMERS, rows(CUSTOMERS, spread(level, 90, 2)))
    assert set(found(store).customers_first) == {"reliability", "responsiveness"}


def test_under_thirty_managers_get_an_interval_and_no_verdict(store: Store, add_rows: Add) -> None:
    add_rows(MANAGERS, rows(MANAGERS, spread(BELIEVED, 12, 1)))
    add_rows(CUSTOMERS, rows(CUSTOMERS, spread(SAID, 90, 2)))
    for row in found(store).rows:
        assert row.verdict == "too_few"
        assert row.difference.low is not None


@pytest.mark.parametrize(("managers", "customers"), [(4, 90), (40, 4)])
def test_few_people_on_either_side_are_withheld(
    store: Store, add_rows: Add, managers: int, customers: int
) -> None:
    add_rows(MANAGERS, rows(MANAGERS, spread(BELIEVED, managers, 1)))
    add_rows(CUSTOMERS, rows(CUSTOMERS, spread(SAID, customers, 2)))
    answer = found(store)
    assert answer.withheld
    assert answer.rows == ()
    assert answer.managers is answer.customers is None
    assert answer.managers_first == answer.customers_first == ()


def test_filters_that_set_few_customers_apart_withhold_it(store: Store, add_rows: Add) -> None:
    add_rows(MANAGERS, rows(MANAGERS, spread(BELIEVED, 40, 1)))
    customers = instrument("complete").mapping()
    add_rows(customers, rows(customers, spread(SAID, 60, 2), ["North"] * 14 + ["South"]))
    answer = found(store, Filters("demo", branches=("North",)))
    assert answer.withheld
    assert answer.rows == ()


def test_managers_who_state_no_branch_count_for_all(both: Store, add_rows: Add) -> None:
    answer = found(both, Filters("demo", surveys=("questionnaire-importance",)))
    assert answer.managers == 40
    assert answer.customers == 90


def test_without_managers_points_it_says_what_to_collect(store: Store, add_rows: Add) -> None:
    add_rows(CUSTOMERS, rows(CUSTOMERS, spread(SAID, 90, 2)))
    answer = found(store)
    assert (answer.needs, answer.questionnaire) == (NEEDS, "managers")


def test_without_customers_points_it_asks_for_theirs(store: Store, add_rows: Add) -> None:
    add_rows(MANAGERS, rows(MANAGERS, spread(BELIEVED, 40, 1)))
    answer = found(store)
    assert (answer.needs, answer.questionnaire) == (NEEDS_CUSTOMERS, "importance")


def test_points_over_other_dimensions_are_shares_of_another_whole(
    store: Store, add_rows: Add
) -> None:
    fewer = replace(
        CUSTOMERS,
        columns=tuple(c for c in CUSTOMERS.columns if not (c.item and "empathy" in c.item.key)),
    )
    add_rows(MANAGERS, rows(MANAGERS, spread(BELIEVED, 40, 1)))
    add_rows(fewer, rows(fewer, spread(SAID, 90, 2)))
    assert found(store).needs == NEEDS_CUSTOMERS


def test_managers_points_are_no_weights_of_the_customers(both: Store, add_rows: Add) -> None:
    del add_rows
    told = dimensions(both, ALL, weights="points").weights
    assert told.n == 90
