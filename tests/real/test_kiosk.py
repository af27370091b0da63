"""The kiosk survey of 2019: what R found, reproduced from the raw file to the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csat.cli import main
from csat.ingest.batches import Loaded, commit
from csat.ingest.preset import preset
from csat.ingest.source import open_source
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries.dimension_rows import DimensionAnswer
from csat.queries.dimensions import dimensions
from csat.queries.importance import importance
from csat.queries.kano import kano_features
from csat.queries.penalty_reward import penalty_reward
from csat.queries.soundness import soundness
from csat.store.store import Store

pytestmark = pytest.mark.real

NAMES = {"tangible": "tangibles"}
"""What the reference calls the dimensions that have other names here."""


@pytest.fixture(scope="module")
def reference(shared_data: Path) -> dict[str, Any]:
    text = (shared_data.parent / "reference" / "kiosk_ref.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


@pytest.fixture(scope="module")
def kiosk(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Loaded]]:
    store = Store(tmp_path_factory.mktemp("kiosk") / "kiosk.duckdb")
    source = open_source(shared_data / "kiosk_servqual" / "kiosk_responses_cp949.csv")
    yield store, commit(store, source, preset("kiosk-servqual"), program="kiosk", user=LOCAL_USER)
    store.close()


@pytest.fixture(scope="module")
def answer(kiosk: tuple[Store, Loaded]) -> DimensionAnswer:
    return dimensions(kiosk[0], Filters("kiosk"))


def printed(kiosk: tuple[Store, Loaded], capsys: pytest.CaptureFixture[str], *words: str) -> Any:
    """Return what a command prints, from a copy of the store that no one else holds."""
    copy = kiosk[0].path.parent / f"{'-'.join(words)}.duckdb"
    kiosk[0].backup(copy)
    assert main(["--store", str(copy), *words, "--program", "kiosk", "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_the_file_loads_as_it_is(kiosk: tuple[Store, Loaded]) -> None:
    checked = kiosk[1].checked
    assert (checked.rows_read, checked.rows_accepted, checked.rows_refused) == (211, 211, 0)


def test_gaps_and_reliability_are_those_of_r(
    answer: DimensionAnswer, reference: dict[str, Any]
) -> None:
    found = {row.dimension: row for row in answer.dimensions}
    assert len(found) == len(reference["gap"])
    for key, wanted in reference["gap"].items():
        row = found[NAMES.get(key, key)]
        assert row.gap.n == wanted["n"]
        told = (row.expectation, row.perception, row.gap.value, row.gap.low, row.gap.high)
        expected = (wanted["mean_E"], wanted["mean_P"], wanted["gap"], *wanted["ci"])
        assert told == pytest.approx(expected, abs=1e-8)
        assert row.alpha == pytest.approx(wanted["alpha_P"], abs=1e-8)
        assert row.performance.value == pytest.approx(wanted["mean_P"], abs=1e-8)
        assert len(answer.items(row.dimension)) == len(wanted["items"])
    assert answer.unweighted == pytest.approx(reference["unweighted_score"], abs=1e-8)
    assert answer.servperf == pytest.approx(reference["unweighted_P"], abs=1e-8)


def test_questions_outside_the_dimensions_have_rows_without_one(answer: DimensionAnswer) -> None:
    assert {row.item for row in answer.items("")} == {"P9", "P12", "P23", "P24"}


def test_the_command_prints_the_same_unrounded(
    kiosk: tuple[Store, Loaded], answer: DimensionAnswer, capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(kiosk, capsys, "dimensions")
    assert out["rows"] == [row.to_json() for row in answer.rows]
    assert out["weights"]["source"] == "stated"
    assert sum(r["weight"] for r in out["rows"] if r["item"] is None) == pytest.approx(100)
    wanted = {
        "dimension", "item", "expectation", "perception", "gap", "low", "high", "n", "weight",
        "alpha", "verdict", "withheld",
    }  # fmt: skip
    assert all(wanted <= set(row) for row in out["rows"])


def test_drivers_are_those_of_relaimpo(
    kiosk: tuple[Store, Loaded],
    reference: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = printed(kiosk, capsys, "drivers")
    rows = {row["driver"]: row for row in out["rows"]}
    wanted = reference["kda"]
    assert (out["n"], out["predictors"]) == (wanted["n"], "satisfaction")
    assert out["r2"] == pytest.approx(wanted["R2"], abs=1e-8)
    for key, share in wanted["lmg"].items():
        row = rows[NAMES.get(key, key)]
        assert row["importance"] == pytest.approx(share, abs=1e-8)
        assert row["percent_of_r2"] == pytest.approx(100 * share / wanted["R2"], abs=1e-6)
        assert row["coefficient"] == pytest.approx(wanted["coef"][key], abs=1e-8)
        assert row["low"] < row["importance"] < row["high"]
    assert sum(row["importance"] for row in rows.values()) == pytest.approx(out["r2"])


def test_soundness_is_that_of_psych(kiosk: tuple[Store, Loaded], reference: dict[str, Any]) -> None:
    survey = soundness(kiosk[0], Filters("kiosk")).surveys[0]
    assert survey.n == 207
    for d in survey.dimensions:
        wanted = next(v for k, v in reference["gap"].items() if NAMES.get(k, k) == d.dimension)
        assert d.perception.alpha == pytest.approx(wanted["alpha_P"], abs=1e-8)
        assert d.expectation is not None
        assert d.expectation.alpha == pytest.approx(wanted["alpha_E"], abs=1e-8)
        assert d.correlation == pytest.approx(wanted["r_EP"], abs=1e-8)
    validity = reference["validity"]
    assert survey.factors is not None
    assert survey.factors.kmo == pytest.approx(validity["kmo"], abs=1e-8)
    assert survey.factors.chi_square == pytest.approx(validity["bartlett_chisq"], abs=1e-6)
    assert survey.factors.df == validity["bartlett_df"]
    assert survey.factors.eigenvalues[:8] == pytest.approx(validity["eigen"], abs=1e-8)


def test_importance_and_performance_fall_into_the_same_quadrants(
    kiosk: tuple[Store, Loaded], reference: dict[str, Any]
) -> None:
    grid, wanted = importance(kiosk[0], Filters("kiosk")).grid, reference["ipa"]
    assert grid is not None
    assert grid.n == 207
    cross = (grid.cross_importance, grid.cross_performance)
    assert cross == pytest.approx((wanted["cross_I"], wanted["cross_S"]), abs=1e-8)
    placed = {p.name: p for p in grid.items}
    for i in range(24):
        found = placed[f"P{i + 1}"]
        means = (found.importance, found.performance)
        assert means == pytest.approx((wanted["mean_I"][i], wanted["mean_S"][i]), abs=1e-8)
        assert found.quadrant == wanted["quadrant"][i]


def test_gaps_of_the_questions_hang_together_as_psych_says(
    kiosk: tuple[Store, Loaded],
    answer: DimensionAnswer,
    reference: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
) -> None:
    printed_rows = {
        row["dimension"]: row
        for row in printed(kiosk, capsys, "dimensions", "--weights", "equal")["rows"]
        if row["item"] is None
    }
    survey = soundness(kiosk[0], Filters("kiosk")).surveys[0]
    sound = {d.dimension: d.gap for d in survey.dimensions}
    found = {row.dimension: row.alpha_gap for row in answer.dimensions}
    for key, wanted in reference["gap"].items():
        name = NAMES.get(key, key)
        reliability = sound[name]
        assert reliability is not None
        told = (found[name], printed_rows[name]["alpha_gap"], reliability.alpha)
        assert told == pytest.approx((wanted["alpha_gap"],) * 3, abs=1e-8)


def test_penalties_and_rewards_are_those_of_the_regression_in_r(
    kiosk: tuple[Store, Loaded], reference: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    out, wanted = printed(kiosk, capsys, "penalty-reward"), reference["prca"]
    assert (out["n"], out["predictors"]) == (207, "satisfaction")
    assert (out["r2"], out["intercept"]) == pytest.approx(
        (wanted["R2"], wanted["coef"]["intercept"]), abs=1e-8
    )
    assert out["rows"] == penalty_reward(kiosk[0], Filters("kiosk")).to_json()
    rows = {row["dimension"]: row for row in out["rows"]}
    assert len(rows) == len(reference["dims"])
    for key in reference["dims"]:
        row = rows[NAMES.get(key, key)]
        assert (row["low_up_to"], row["high_from"]) == (4, 6)
        assert row["penalty_n"] == wanted["n_low"][f"{key}_pen"]
        assert row["reward_n"] == wanted["n_high"][f"{key}_rew"]
        assert (row["penalty"], row["reward"]) == pytest.approx(
            (wanted["coef"][f"{key}_pen"], wanted["coef"][f"{key}_rew"]), abs=1e-8
        )


def test_classes_of_the_features_are_those_counted_in_r(
    kiosk: tuple[Store, Loaded], reference: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    out = printed(kiosk, capsys, "kano")
    assert out["rows"] == [row.to_json() for row in kano_features(kiosk[0], Filters("kiosk")).rows]
    rows = {row["feature"]: row for row in out["rows"]}
    assert len(rows) == len(reference["kano"])
    for wanted in reference["kano"]:
        row = rows[f"K{wanted['item']}f"]
        assert row["counts"] == wanted["counts"]
        assert (row["better"], row["worse"]) == pytest.approx(
            (wanted["cs"], wanted["ds"]), abs=1e-8
        )
        assert row["mode"] == wanted["mode"]
        assert row["worse_low"] < row["worse"] < row["worse_high"] <= 0
