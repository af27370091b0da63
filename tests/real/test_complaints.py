"""Consumer complaints and city service requests, against the raw files read with pandas."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

from csat.ingest.preset import preset
from csat.model.filters import Filters
from csat.queries.figures import evaluate
from csat.store.store import Store

pytestmark = pytest.mark.real


@pytest.fixture
def consumers(shared_data: Path, load) -> pd.DataFrame:
    path = shared_data / "cfpb_complaints" / "cfpb_2023_payday_narratives.csv"
    checked = load(path, preset("cfpb-complaints"), "cfpb").checked
    assert (checked.rows_refused, checked.rows_duplicate) == (0, 0)
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_complaints_are_counted_by_category_and_month(
    store: Store, consumers: pd.DataFrame
) -> None:
    def counts(by: str) -> dict[str, float | None]:
        figures = evaluate(store, Filters.of("cfpb"), ["complaints_received"], by).figures
        return {f.by: f.value for f in figures}

    assert counts("total") == {"total": 2827}
    assert counts("category") == consumers["Sub-product"].value_counts().to_dict()
    assert len(counts("category")) == 5
    days = pd.to_datetime(consumers["Date received"], format="%m/%d/%y")
    assert counts("month") == days.dt.strftime("%Y-%m").value_counts().to_dict()
    assert len(counts("month")) == 8


def test_answers_in_time_are_counted(store: Store, consumers: pd.DataFrame) -> None:
    late = (consumers["Timely response?"] == "No").sum()
    assert late == 108
    figure = evaluate(store, Filters.of("cfpb"), ["timely_response_share"]).figures[0]
    assert (figure.value, figure.n) == (pytest.approx(100 * (2827 - 108) / 2827), 2827)


def test_narratives_arrive_whole(store: Store, consumers: pd.DataFrame) -> None:
    kept = store.rows("SELECT case_no, narrative FROM complaint")
    wanted = consumers.set_index("Complaint ID")["Consumer complaint narrative"].str.strip()
    assert {r["case_no"]: r["narrative"] for r in kept} == wanted.to_dict()
    for word in ("scam", "interest", "100%"):
        found = evaluate(store, Filters.of("cfpb", search=word), ["complaints_received"])
        assert found.figures[0].value == wanted.str.lower().str.contains(word, regex=False).sum()


def test_an_older_layout_of_the_same_export_loads_too(
    store: Store, shared_data: Path, load
) -> None:
    path = shared_data / "cfpb_complaints" / "cfpb_2012_2017_all_products_sample.csv"
    raw = pd.read_csv(path, dtype=str)
    checked = load(path, preset("cfpb-complaints"), "cfpb").checked
    assert (checked.rows_read, checked.rows_refused) == (len(raw), 0)
    share = evaluate(store, Filters.of("cfpb"), ["timely_response_share"]).figures[0]
    timely = raw["timely_response"].str.lower()
    assert share.value == pytest.approx(100 * (timely == "true").mean())


@pytest.fixture
def city(shared_data: Path, load) -> tuple[pd.DataFrame, object]:
    path = shared_data / "nyc311_2020" / "nyc_311_with_header.csv"
    loaded = load(path, preset("nyc-311"), "nyc")
    form = "%m/%d/%Y %I:%M:%S %p"
    raw = pd.read_csv(path)
    for column in ("created_date", "closed_date"):
        raw[column] = pd.to_datetime(raw[column], format=form)
    return raw, loaded


def test_cases_closed_before_they_were_created_are_refused(store: Store, city) -> None:
    raw, loaded = city
    impossible = raw["closed_date"] < raw["created_date"]
    assert (loaded.checked.rows_read, loaded.checked.rows_refused) == (14_716, 325)
    assert impossible.sum() == 325
    refused = store.rows("SELECT row_no, column_name, value, reason FROM rejected_row")
    assert {r["row_no"] for r in refused} == set(np.flatnonzero(impossible) + 2)
    assert {r["column_name"] for r in refused} == {"closed_date"}
    assert all("before the case was received" in r["reason"] for r in refused)


def test_the_median_time_to_resolution(store: Store, city) -> None:
    raw, _ = city
    possible = raw[raw["closed_date"] >= raw["created_date"]]
    hours = (possible["closed_date"] - possible["created_date"]).dt.total_seconds() / 3600
    figure = evaluate(store, Filters.of("nyc"), ["median_days_to_resolution"]).figures[0]
    assert round(24 * figure.value, 2) == round(hours.median(), 2) == 6.54
    with np.errstate(divide="ignore", invalid="ignore"):
        low, high = SurvfuncRight(hours, np.ones(len(hours))).quantile_ci(0.5)
    assert (24 * figure.low, 24 * figure.high) == pytest.approx((low, high))
    found = evaluate(store, Filters.of("nyc"), ["median_days_to_resolution"], "branch")
    for borough, group in hours.groupby(possible["borough"]):
        own = found.one("median_days_to_resolution", borough)
        assert 24 * own.value == pytest.approx(group.median(), rel=1e-6)
