"""Population margins: which are in force, and how like the population who answered is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import numpy as np
import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.undo import undo
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.period import Period
from csat.model.scale import Scale
from csat.queries.raked import Weighting
from csat.queries.representation import representation
from csat.store.store import Store

JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
VISITS = Mapping(
    "visits",
    "survey",
    "Visits",
    (
        Column("when", "submitted_at"),
        Column("channel", "channel"),
        Column("segment", "segment"),
        Column("csat", "item", item=Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))),
    ),
    survey_key="visits",
)
Add = Callable[..., int]
Answered = Callable[[Sequence[tuple[str, str, str]]], None]


def draw(n: int = 240, *, seed: int = 4, month: int = 1) -> list[tuple[str, str, str]]:
    """Draw when people answered and of which channel and segment they are; few are of Phone."""
    rng = np.random.default_rng(seed)
    return [
        (
            f"2026-{month:02d}-{1 + i % 28:02d}",
            "Phone" if rng.random() < 0.25 else "Web",
            str(rng.choice(["Gold", "Silver", "Bronze"])),
        )
        for i in range(n)
    ]


@pytest.fixture
def answered(add_rows: Callable[..., None]) -> Answered:
    """Load the answers of people."""
    return lambda people: add_rows(VISITS, [[*who, 4] for who in people])


def weights_of(store: Store) -> Weighting:
    found = representation(store, Filters("demo")).weighting
    assert found is not None
    return found


def test_the_published_raking_of_schools_is_met(
    store: Store,
    answered: Answered,
    population: Add,
    reference_cases: dict[str, dict[str, Any]],
) -> None:
    case = reference_cases["rake_apiclus1"]
    people = []
    for cell, many in case["inputs"]["cell_counts"].items():
        stype, wide = cell.split("|")
        people += [("2026-01-05", wide, stype)] * many
    answered(people)
    targets = case["inputs"]["targets"]
    population(
        [["segment", name, n] for name, n in targets["stype"].items()]
        + [["channel", name, n] for name, n in targets["sch.wide"].items()]
    )
    found = weights_of(store)
    expected = case["expected"]
    total = sum(targets["stype"].values()) / len(people)
    assert found.kinds == ("channel", "segment")
    for cell, weight in expected["weights"].items():
        stype, wide = cell.split("|")
        assert found.factors[wide, stype] * total == pytest.approx(weight, rel=1e-7)
    assert found.kish.deff == pytest.approx(expected["kish_deff"], abs=1e-7)
    assert found.kish.n_effective == pytest.approx(expected["n_eff"], abs=1e-5)
    assert found.converged


def test_of_one_kind_the_file_loaded_last_is_in_force_and_undo_brings_the_former_back(
    store: Store, answered: Answered, population: Add
) -> None:
    answered(draw())
    population([["channel", "Phone", 1], ["channel", "Web", 1], ["segment", "Gold", 1]], "a.csv")
    before = weights_of(store).factors
    later = population([["channel", "Phone", 9], ["channel", "Web", 1]], "b.csv")
    assert weights_of(store).kinds == ("channel", "segment")
    assert weights_of(store).factors != before
    undo(store, later, LOCAL_USER)
    assert weights_of(store).factors == before


def test_margins_of_months_are_those_of_the_period(
    store: Store, answered: Answered, population: Add
) -> None:
    answered(draw(month=1) + draw(month=2, seed=9))
    rows = [("Phone", 8, 2), ("Web", 2, 8)]
    population(
        [["channel", name, a, "", "2026-01"] for name, a, _ in rows]
        + [["channel", name, b, "", "2026-02"] for name, _, b in rows]
    )

    def served(period: Period | None) -> dict[str, float]:
        [kind] = representation(store, Filters("demo", period)).kinds
        return {r.group: round(r.served) for r in kind.rows}

    assert served(JANUARY) == {"Phone": 80, "Web": 20}
    assert served(FEBRUARY) == {"Phone": 20, "Web": 80}
    assert served(None) == {"Phone": 50, "Web": 50}


def test_a_margin_none_of_whose_groups_answered_is_left_out_and_said(
    store: Store, answered: Answered, population: Add
) -> None:
    answered(draw())
    population([["channel", "Fax", 1], ["segment", "Gold", 1], ["segment", "Silver", 1]])
    found = weights_of(store)
    assert found.kinds == ("segment",)
    assert any("Fax" not in str(n) and "m.csv" in str(n) for n in found.notes)
    assert ("segment", "Bronze") in found.unknown


def test_a_group_nobody_answered_from_is_named(
    store: Store, answered: Answered, population: Add
) -> None:
    answered(draw())
    population([["channel", "Phone", 1], ["channel", "Web", 1], ["channel", "Fax", 1]])
    assert weights_of(store).empty == (("channel", "Fax"),)


def test_shares_rates_and_the_measures_of_likeness_are_as_counted_by_hand(
    store: Store, answered: Answered, population: Add
) -> None:
    people = draw()
    answered(people)
    phone = sum(channel == "Phone" for _, channel, _ in people)
    population([["channel", "Phone", 600, 400, "2026-01"], ["channel", "Web", 400, 500, "2026-01"]])
    [kind] = representation(store, Filters("demo", JANUARY)).kinds
    row = next(r for r in kind.rows if r.group == "Phone")
    assert row.share == pytest.approx(100 * phone / 240)
    assert row.difference == pytest.approx(100 * phone / 240 - 60)
    assert row.weight == pytest.approx(0.6 / (phone / 240))
    assert row.rate == pytest.approx(100 * phone / 400)
    assert kind.distance == pytest.approx(60 - 100 * phone / 240)
    rates = np.array([phone / 400, (240 - phone) / 500])
    invited = np.array([400, 500]) / 900
    spread = np.sqrt(invited @ (rates - invited @ rates) ** 2)
    assert kind.r == pytest.approx(1 - 2 * spread)
    assert kind.rate == pytest.approx(100 * 240 / 900)


def test_more_answers_than_invitations_show_no_rate(
    store: Store, answered: Answered, population: Add
) -> None:
    answered(draw())
    population([["channel", "Phone", 6, 10, "2026-01"], ["channel", "Web", 4, 10, "2026-01"]])
    [kind] = representation(store, Filters("demo", JANUARY)).kinds
    assert kind.r is None
    assert all(r.rate is None for r in kind.rows)
    assert kind.notes
