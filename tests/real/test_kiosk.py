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
    copy = kiosk[0].path.parent / f"{words[0]}.duckdb"
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
