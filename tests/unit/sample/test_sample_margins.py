"""The planted bias of who answers, and that the margins undo it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries.weighted import weighted
from csat.sample import generate
from csat.sample.truths import READINESS
from csat.sample_program import PROGRAM, load_files
from csat.store.store import Store


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame, Any]:
    """Return the store of a sample, its survey file, and its files."""
    folder = tmp_path_factory.mktemp("margins")
    files = generate(folder, responses=12_000, complaints=500)
    path = folder / "store.duckdb"
    with_store = Store(path)
    load_files(with_store, LOCAL_USER, files)
    with_store.close()
    kinds = [*READINESS, "csat"]
    return path, pd.read_csv(files.survey, usecols=kinds, keep_default_na=True), files


def one_by_one(survey: pd.DataFrame) -> np.ndarray:
    """Return the weight of each answer: one over how readily its groups answer."""
    ready = np.ones(len(survey))
    for kind, known in READINESS.items():
        ready *= survey[kind].map(known).fillna(1.0).to_numpy()
    return np.asarray(1 / ready)


def test_the_margins_recover_what_everybody_served_would_have_said(loaded: Any) -> None:
    path, survey, _ = loaded
    truth = one_by_one(survey)
    answered = survey["csat"].notna().to_numpy()
    marks = (survey["csat"] >= 4).to_numpy()[answered]
    wanted = 100 * float(np.average(marks, weights=truth[answered]))
    store = Store(path)
    figure = weighted(store, Filters(PROGRAM), ("csat_top_box",)).one("csat_top_box")
    store.close()
    assert figure is not None
    assert figure.weighted.value is not None
    assert figure.plain.value is not None
    assert figure.standard_error is not None
    # What is left is the chance of this sample in the margins, less than the error of sampling.
    assert figure.weighted.value == pytest.approx(wanted, abs=0.5 * figure.standard_error)
    assert figure.plain.value - wanted > 1.5 * figure.standard_error
    assert figure.plain.value > figure.weighted.value


def test_margins_of_every_kind_add_up_to_the_customers_served(loaded: Any) -> None:
    _, _, files = loaded
    margins, served = pd.read_csv(files.margins), pd.read_csv(files.exposure)
    total = served["customers"].sum()
    assert list(margins.columns) == ["group_kind", "group", "served", "invited", "month"]
    for _, own in margins.groupby("group_kind"):
        assert own["served"].sum() == pytest.approx(total, rel=0.001)


def test_response_rates_are_as_planted(loaded: Any) -> None:
    _, survey, files = loaded
    margins = pd.read_csv(files.margins)
    own = margins[margins["group_kind"] == "segment"].groupby("group")["invited"].sum()
    rates = survey["segment"].value_counts() / own
    usual = rates["Established household"]
    for name, ready in READINESS["segment"].items():
        assert rates[name] / usual == pytest.approx(ready, rel=0.15)


def test_nothing_is_planted_without_effects(tmp_path: Path) -> None:
    files = generate(tmp_path, responses=500, complaints=100, planted=False)
    assert files.margins is not None
    margins = pd.read_csv(files.margins)
    own = margins[margins["group_kind"] == "segment"].groupby("group")["served"].sum()
    assert own["Senior"] / own.sum() == pytest.approx(0.15, abs=0.002)
