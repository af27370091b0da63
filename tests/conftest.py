"""Fixtures for every test, and the guard that keeps tests away from a real store."""

from __future__ import annotations

import csv
import json
import os
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from csat.ingest.batches import Loaded, commit
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.people import LOCAL_USER
from csat.model.scale import Scale
from csat.sample_program import load_sample
from csat.store.store import Store

settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(
    "thorough", settings.get_profile("repeatable"), derandomize=False, max_examples=1500
)
settings.load_profile("repeatable")

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
REFERENCE = SHARED.with_name("reference") / "cases.json"


@pytest.fixture(scope="session", autouse=True)
def _no_settings_from_outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Forget the settings of whoever runs the tests; no store but a temporary one."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("CSAT_")]:
            patch.delenv(name)
        patch.setenv("CSAT_STORE", str(tmp_path_factory.mktemp("session") / "csat.duckdb"))
        patch.setenv("CSAT_SAMPLE", "none")
        yield


@pytest.fixture(autouse=True)
def _own_store_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSAT_STORE", str(tmp_path / "csat.duckdb"))


@pytest.fixture(scope="session")
def _empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "empty.duckdb"
    Store(path).close()
    return path


@pytest.fixture
def store(tmp_path: Path, _empty_store: Path) -> Iterator[Store]:
    """Return an empty store of this test's own (a copy, which is quicker than making one)."""
    path = tmp_path / "store" / "test.duckdb"
    path.parent.mkdir()
    shutil.copyfile(_empty_store, path)
    opened = Store(path)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sample_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the simulated program, its originals beside it; copy it, do not open it.

    Of all workers of a run the first to ask makes it, and the others wait for it.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    done = shared / "simulated"
    try:
        (shared / "simulated.begun").mkdir()
    except FileExistsError:
        until = time.monotonic() + 300
        while not done.exists():
            assert time.monotonic() < until, "no worker has made the simulated program"
            time.sleep(0.1)
    else:
        making = tmp_path_factory.mktemp("template")
        store = Store(making / "sample.duckdb")
        load_sample(store, LOCAL_USER)
        store.checkpoint()
        store.close()
        making.rename(done)
    return done / "sample.duckdb"


@pytest.fixture(scope="module")
def sample_store(sample_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the simulated program, for tests that only read."""
    return Path(shutil.copy(sample_template, tmp_path_factory.mktemp("sample")))


@pytest.fixture
def own_sample_store(sample_template: Path, tmp_path: Path) -> Path:
    """Return a store with the simulated program, for a test that writes."""
    return Path(shutil.copy(sample_template, tmp_path))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder of real files beside the repository."""
    if not SHARED.is_dir():
        pytest.skip(f"the folder of real files is absent: {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def reference_cases() -> dict[str, dict[str, Any]]:
    """Return the published reference numbers by their ids."""
    if not REFERENCE.exists():
        pytest.skip(f"the reference numbers are absent: {REFERENCE}")
    return {case["id"]: case for case in json.loads(REFERENCE.read_text(encoding="utf-8"))}


WriteCsv = Callable[..., Path]


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteCsv:
    """Write rows (the header first), or a text, to a file and return its path."""

    def write(
        content: str | Iterable[Sequence[object]], name: str = "file.csv", encoding: str = "utf-8"
    ) -> Path:
        path = tmp_path / name
        with path.open("w", encoding=encoding, newline="") as stream:
            if isinstance(content, str):
                stream.write(content)
            else:
                csv.writer(stream, lineterminator="\n").writerows(content)
        return path

    return write


Load = Callable[..., Loaded]


@pytest.fixture
def load(store: Store) -> Load:
    """Commit a file into a program as the local user."""

    def load_file(path: Path, mapping: Mapping, program: str = "demo", **options: Any) -> Loaded:
        source = open_source(path)
        return commit(store, source, mapping, program=program, user=LOCAL_USER, **options)

    return load_file


@pytest.fixture(scope="session")
def survey_mapping() -> Mapping:
    """Return the reading of a survey file with id, when, branch, csat, nps, ces and comment."""
    five = Scale.of(1, 5, special={"9": "not_applicable"})
    return Mapping(
        name="test-survey",
        kind="survey",
        title="Test survey",
        survey_key="visits",
        survey_title="Visits",
        columns=(
            Column("id", "response_id"),
            Column("when", "submitted_at"),
            Column("branch", "branch"),
            Column("csat", "item", item=Item("csat", "Overall", five, measures=("csat",))),
            Column(
                "nps", "item", item=Item("nps", "Recommend", Scale.of(0, 10), measures=("nps",))
            ),
            Column("ces", "item", item=Item("ces", "Easy", Scale.of(1, 7), measures=("ces",))),
            Column("comment", "comment"),
        ),
    )


@pytest.fixture(scope="session")
def complaint_mapping() -> Mapping:
    """Return the reading of a complaint file with both clocks."""
    return Mapping(
        name="test-complaints",
        kind="complaints",
        title="Test complaints",
        columns=(
            Column("id", "complaint_id"),
            Column("received", "received_at"),
            Column("answered", "first_response_at"),
            Column("resolved", "resolved_at"),
            Column("category", "category"),
            Column("branch", "branch"),
            Column("timely", "timely"),
            Column("text", "narrative"),
        ),
    )


@pytest.fixture(scope="session")
def exposure_mapping() -> Mapping:
    """Return the reading of a file of customers served per month and branch."""
    return Mapping(
        name="test-exposure",
        kind="exposure",
        title="Customers served",
        columns=(
            Column("month", "month"),
            Column("branch", "branch"),
            Column("customers", "customers"),
        ),
    )
