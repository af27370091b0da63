"""Weighted figures: the file's weights, raked to the margins, beside the unweighted ones."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.preset import preset
from csat.ingest.undo import undo
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.period import Period
from csat.model.scale import Scale
from csat.queries.facts import facts
from csat.queries.raked import Weighting
from csat.queries.representation import representation
from csat.queries.weighted import weighted
from csat.stats.design import design_mean, design_share
from csat.store.store import Store

CASES = Path(__file__).resolve().parents[2].parent / "shared" / "reference" / "cases.json"
HEADER = ["id", "when", "channel", "segment", "w", "stratum", "psu", "csat", "nps"]
MARGINS = preset("population-margins")
JANUARY = Period(date(2026, 1, 1), date(2026, 1, 31))
FEBRUARY = Period(date(2026, 2, 1), date(2026, 2, 28))
Rows = list[dict[str, Any]]


def reading(*, weights: bool = True, design: bool = True) -> Mapping:
    """Return the reading of a survey file, with or without how its sample was drawn."""
    csat = Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))
    nps = Item("nps", "Recommend", Scale.of(0, 10), measures=("nps",))
    columns = [
        Column("id", "response_id"),
        Column("when", "submitted_at"),
        Column("channel", "channel"),
        Column("segment", "segment"),
        *([Column("w", "weight")] if weights else []),
        *([Column("stratum", "stratum"), Column("psu", "cluster")] if design else []),
        Column("csat", "item", item=csat),
        Column("nps", "item", item=nps),
    ]
    return Mapping("drawn", "survey", "Drawn", tuple(columns), survey_key="drawn")


def draw(n: int = 240, *, clusters: int = 24, seed: int = 4, month: int = 1) -> Rows:
    """Draw answers of which the phone ones are fewer and worse."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(n):
        stratum = "urban" if i % 3 else "rural"
        phone = rng.random() < 0.25
        rows.append(
            {
                "id": f"r{month}-{i}",
                "when": f"2026-{month:02d}-{1 + i % 28:02d}",
                "channel": "Phone" if phone else "Web",
                "segment": rng.choice(["Gold", "Silver", "Bronze"]),
                "w": round(float(rng.uniform(0.5, 2.0)), 3),
                "stratum": stratum,
                "psu": f"{stratum}{rng.integers(0, clusters)}",
                "csat": int(rng.integers(1, 4 if phone else 6)),
                "nps": int(rng.integers(0, 11)),
            }
        )
    return rows


Add = Callable[..., int]


@pytest.fixture
def answers(load: Any, write_csv: Any) -> Add:
    """Load answers, and return the number of their batch."""

    def add(rows: Rows, name: str = "a.csv", **parts: bool) -> int:
        told = [[row[c] for c in HEADER] for row in rows]
        return int(load(write_csv([HEADER, *told], name), reading(**parts)).batch_id)

    return add


@pytest.fixture
def population(load: Any, write_csv: Any) -> Add:
    """Load population margins, and return the number of their batch."""

    def add(rows: Sequence[Sequence[Any]], name: str = "m.csv") -> int:
        filled = [[*row, *[""] * (5 - len(row))] for row in rows]
        header = ["group_kind", "group", "served", "invited", "month"]
        return int(load(write_csv([header, *filled], name), MARGINS).batch_id)

    return add


def weights_of(store: Store, filters: Filters | None = None) -> Weighting:
    found = representation(store, filters or Filters("demo")).weighting
    assert found is not None
    return found


def test_weights_strata_and_clusters_give_the_figures_of_the_respondents(
    store: Store, answers: Add
) -> None:
    rows = draw()
    answers(rows)
    told = weighted(store, Filters("demo"), ("csat_top_box", "csat_mean", "nps"))
    design = {
        "weights": [r["w"] for r in rows],
        "strata": [r["stratum"] for r in rows],
        "clusters": [r["psu"] for r in rows],
    }
    marks = [int(r["csat"] >= 4) for r in rows]
    promoted = [100 * (r["nps"] >= 9) - 100 * (r["nps"] <= 6) for r in rows]
    wanted = {
        "csat_top_box": (design_share(marks, **design), 100.0),
        "csat_mean": (design_mean([r["csat"] for r in rows], **design, bounds=(1, 5)), 1.0),
        "nps": (design_mean(promoted, **design, bounds=(-100, 100)), 1.0),
    }
    for key, (estimate, unit) in wanted.items():
        figure = told.one(key)
        assert figure is not None
        assert estimate is not None
        assert figure.weighted.value == pytest.approx(unit * estimate.value)
        assert figure.weighted.low == pytest.approx(unit * estimate.low)
        assert figure.weighted.high == pytest.approx(unit * estimate.high)
        assert figure.standard_error == pytest.approx(unit * estimate.standard_error)
        assert figure.plain.value == pytest.approx(unit * estimate.unweighted)
        assert figure.weighted.n == figure.plain.n == len(rows)


def test_a_group_keeps_the_clusters_that_nobody_of_it_is_in(store: Store, answers: Add) -> None:
    rows = draw()
    answers(rows)
    figure = weighted(store, Filters.of("demo", channels=["Phone"]), ("csat_mean",)).one(
        "csat_mean"
    )
    estimate = design_mean(
        [r["csat"] if r["channel"] == "Phone" else np.nan for r in rows],
        weights=[r["w"] for r in rows],
        strata=[r["stratum"] for r in rows],
        clusters=[r["psu"] for r in rows],
    )
    assert figure is not None
    assert estimate is not None
    assert figure.weighted.value == pytest.approx(estimate.value)
    assert figure.standard_error == pytest.approx(estimate.standard_error)


def test_margins_move_the_mean_to_that_of_the_population(
    store: Store, answers: Add, population: Add
) -> None:
    rows = draw()
    answers(rows, weights=False, design=False)
    population([["channel", "Phone", 700], ["channel", "Web", 300]])
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    by_channel = {
        name: float(np.mean([r["csat"] for r in rows if r["channel"] == name]))
        for name in ("Phone", "Web")
    }
    assert figure is not None
    assert figure.weighted.value == pytest.approx(
        0.7 * by_channel["Phone"] + 0.3 * by_channel["Web"]
    )
    assert figure.moved is not None
    assert figure.moved < -0.3


def test_what_a_margin_explains_is_not_in_doubt(
    store: Store, answers: Add, population: Add
) -> None:
    """One margin is poststratification: only the spread within its groups is left."""
    rows = draw()
    answers(rows, weights=False, design=False)
    population([["channel", "Phone", 700], ["channel", "Web", 300]])
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    n, variance = len(rows), 0.0
    for name, part in (("Phone", 0.7), ("Web", 0.3)):
        own = np.array([r["csat"] for r in rows if r["channel"] == name])
        variance += part**2 / (len(own) - 1) ** 2 * float(((own - own.mean()) ** 2).sum())
    assert figure is not None
    assert figure.standard_error == pytest.approx(np.sqrt(n / (n - 1) * variance))


def test_a_margin_that_does_not_know_every_group_explains_nothing(
    store: Store, answers: Add, population: Add
) -> None:
    rows = draw()
    for row in rows[:30]:
        row["channel"] = ""
    answers(rows, weights=False, design=False)
    population([["channel", "Phone", 700], ["channel", "Web", 300]])
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    factors = {k[0]: f for k, f in weights_of(store).factors.items()}
    alone = design_mean([r["csat"] for r in rows], [factors[r["channel"]] for r in rows])
    assert figure is not None
    assert alone is not None
    assert figure.standard_error == pytest.approx(alone.standard_error)


def test_margins_rake_the_weights_that_a_file_brings(
    store: Store, answers: Add, population: Add
) -> None:
    rows = draw()
    answers(rows)
    population([["channel", "Phone", 0.5], ["channel", "Web", 0.5]])
    factor = {
        name: 0.5 / sum(r["w"] for r in rows if r["channel"] == name) for name in ("Phone", "Web")
    }
    raked = np.array([r["w"] * factor[r["channel"]] for r in rows])
    marks = np.array([r["csat"] for r in rows])
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    assert figure is not None
    assert figure.weighted.value == pytest.approx(float(raked @ marks))
    assert figure.effective_n == pytest.approx(raked.sum() ** 2 / (raked @ raked))


def test_the_published_raking_of_schools_is_met(
    store: Store, answers: Add, population: Add
) -> None:
    if not CASES.is_file():
        pytest.skip(f"the reference cases are absent: {CASES}")
    [case] = [c for c in _cases() if c["id"] == "rake_apiclus1"]
    rows: Rows = []
    for cell, many in case["inputs"]["cell_counts"].items():
        stype, wide = cell.split("|")
        for _ in range(many):
            row = {"segment": stype, "channel": wide, "when": "2026-01-05", "csat": 4, "nps": 9}
            rows.append({**row, "id": len(rows), "w": 1, "stratum": "a", "psu": "b"})
    answers(rows, weights=False, design=False)
    targets = case["inputs"]["targets"]
    population(
        [["segment", name, n] for name, n in targets["stype"].items()]
        + [["channel", name, n] for name, n in targets["sch.wide"].items()]
    )
    found = weights_of(store)
    expected = case["expected"]
    total = sum(targets["stype"].values()) / len(rows)
    assert found.kinds == ("channel", "segment")
    for cell, weight in expected["weights"].items():
        stype, wide = cell.split("|")
        assert found.factors[wide, stype] * total == pytest.approx(weight, rel=1e-7)
    assert found.kish.deff == pytest.approx(expected["kish_deff"], abs=1e-7)
    assert found.kish.n_effective == pytest.approx(expected["n_eff"], abs=1e-5)
    assert found.converged


def _cases() -> list[dict[str, Any]]:
    told: Any = json.loads(CASES.read_text(encoding="utf-8"))
    return list(told if isinstance(told, list) else told["cases"])


def test_of_one_kind_the_file_loaded_last_is_in_force_and_undo_brings_the_former_back(
    store: Store, answers: Add, population: Add
) -> None:
    answers(draw(), weights=False, design=False)
    population([["channel", "Phone", 1], ["channel", "Web", 1], ["segment", "Gold", 1]], "a.csv")
    before = weights_of(store).factors
    later = population([["channel", "Phone", 9], ["channel", "Web", 1]], "b.csv")
    assert weights_of(store).kinds == ("channel", "segment")
    assert weights_of(store).factors != before
    undo(store, later, LOCAL_USER)
    assert weights_of(store).factors == before


def test_margins_of_months_are_those_of_the_period(
    store: Store, answers: Add, population: Add
) -> None:
    answers(draw(month=1) + draw(month=2, seed=9), weights=False, design=False)
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


def test_both_periods_have_weights_of_their_own(
    store: Store, answers: Add, population: Add
) -> None:
    january, february = draw(month=1), draw(month=2, seed=9)
    answers(january + february, weights=False, design=False)
    population(
        [
            ["channel", "Phone", 8, "", "2026-01"],
            ["channel", "Web", 2, "", "2026-01"],
            ["channel", "Phone", 2, "", "2026-02"],
            ["channel", "Web", 8, "", "2026-02"],
        ]
    )
    filters = Filters("demo", FEBRUARY, compare="previous")
    figure = weighted(store, filters, ("csat_mean",)).one("csat_mean")

    def mean(rows: Rows, phone: float) -> float:
        own = {
            name: np.mean([r["csat"] for r in rows if r["channel"] == name])
            for name in ("Phone", "Web")
        }
        return float(phone * own["Phone"] + (1 - phone) * own["Web"])

    assert figure is not None
    assert figure.weighted.value == pytest.approx(mean(february, 0.2))
    assert figure.weighted.reference_value == pytest.approx(mean(january, 0.8))
    assert figure.weighted.verdict == "better"


def test_a_margin_none_of_whose_groups_answered_is_left_out_and_said(
    store: Store, answers: Add, population: Add
) -> None:
    answers(draw(), weights=False, design=False)
    population([["channel", "Fax", 1], ["segment", "Gold", 1], ["segment", "Silver", 1]])
    found = weights_of(store)
    assert found.kinds == ("segment",)
    assert any("Fax" not in str(n) and "m.csv" in str(n) for n in found.notes)
    assert ("segment", "Bronze") in found.unknown


def test_a_group_nobody_answered_from_is_named(store: Store, answers: Add, population: Add) -> None:
    answers(draw(), weights=False, design=False)
    population([["channel", "Phone", 1], ["channel", "Web", 1], ["channel", "Fax", 1]])
    assert weights_of(store).empty == (("channel", "Fax"),)


def test_answers_without_a_weight_beside_others_get_the_mean(store: Store, answers: Add) -> None:
    rows = draw(60)
    for row in rows[:20]:
        row["w"] = ""
    answers(rows)
    known = [float(r["w"]) for r in rows[20:]]
    found = weights_of(store)
    assert found.usual == pytest.approx(np.mean(known))
    assert any("20" in str(note) for note in found.notes)
    filled = np.array([np.mean(known)] * 20 + known)
    figure = weighted(store, Filters("demo"), ("csat_mean",)).one("csat_mean")
    assert figure is not None
    assert figure.weighted.value == pytest.approx(
        float(filled @ [r["csat"] for r in rows] / filled.sum())
    )


def test_without_weights_both_figures_are_the_same(store: Store, answers: Add) -> None:
    answers(draw(), weights=False, design=False)
    assert not facts(store, "demo").designed
    for figure in weighted(store, Filters("demo"), ("csat_top_box", "nps")).figures:
        assert figure.weighted.value == pytest.approx(figure.plain.value)
        assert figure.effective_n == pytest.approx(figure.plain.n)


def test_shares_rates_and_the_measures_of_likeness_are_as_counted_by_hand(
    store: Store, answers: Add, population: Add
) -> None:
    rows = draw()
    answers(rows, weights=False, design=False)
    phone = sum(r["channel"] == "Phone" for r in rows)
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
    store: Store, answers: Add, population: Add
) -> None:
    answers(draw(), weights=False, design=False)
    population([["channel", "Phone", 6, 10, "2026-01"], ["channel", "Web", 4, 10, "2026-01"]])
    [kind] = representation(store, Filters("demo", JANUARY)).kinds
    assert kind.r is None
    assert all(r.rate is None for r in kind.rows)
    assert kind.notes
