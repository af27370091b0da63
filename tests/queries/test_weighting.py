"""Weighted figures: the file's weights, raked to the margins, beside the unweighted ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.period import Period
from csat.model.scale import Scale
from csat.queries.facts import facts
from csat.queries.raked import Weighting
from csat.queries.representation import representation
from csat.queries.weighted import weighted
from csat.stats.design import design_mean, design_share
from csat.store.store import Store

HEADER = ["id", "when", "channel", "segment", "w", "stratum", "psu", "csat", "nps"]
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
