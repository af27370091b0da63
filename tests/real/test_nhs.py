"""Patients' friends-and-family answers: worded ratings, one unknown, eleven surgeries."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

from csat.ingest.preset import preset
from csat.model.filters import Filters
from csat.queries.figures import evaluate
from csat.store.store import Store

pytestmark = pytest.mark.real

POSITIVE = ["Extremely likely", "Likely"]


@pytest.fixture
def raw(shared_data: Path, load) -> pd.DataFrame:
    path = shared_data / "nhs_gp_fft" / "gp_fft_responses.csv"
    load(path, preset("nhs-fft"), "nhs")
    return pd.read_csv(path, parse_dates=["time"])


def test_the_positive_share_leaves_dont_know_out(store: Store, raw: pd.DataFrame) -> None:
    known = raw[raw["rating"] != "Don't know"]
    positive = known["rating"].isin(POSITIVE)
    answer = evaluate(store, Filters.of("nhs"), ["recommend_share", "response_count"])
    figure = answer.one("recommend_share")
    assert (figure.value, figure.n) == (pytest.approx(100 * positive.mean()), len(known))
    assert round(figure.value, 2) == 91.04
    low, high = proportion_confint(positive.sum(), len(known), method="wilson")
    assert (figure.low, figure.high) == pytest.approx((100 * low, 100 * high))
    assert answer.one("response_count").n == len(raw)
    [left_out] = answer.provenance.exclusions
    assert str(left_out).startswith(f"rating: {len(raw) - len(known)} answers left out")


def test_each_surgery_and_each_month_agrees(store: Store, raw: pd.DataFrame) -> None:
    known = raw[raw["rating"] != "Don't know"]
    months = known["time"].dt.strftime("%Y-%m")
    for by, groups in (("branch", known.groupby("surgery")), ("month", known.groupby(months))):
        found = evaluate(store, Filters.of("nhs"), ["recommend_share"], by)
        assert {f.by for f in found.figures} == set(groups.groups)
        for name, group in groups:
            figure = found.one("recommend_share", str(name))
            if figure.withheld:
                continue
            share = 100 * group["rating"].isin(POSITIVE).mean()
            assert (figure.value, figure.n) == (pytest.approx(share), len(group))
        withheld = [f.by for f in found.figures if f.withheld]
        assert all(len(groups.get_group(name)) >= 5 or name in withheld for name in groups.groups)


def test_the_last_month_of_the_file_is_not_finished(store: Store, raw: pd.DataFrame) -> None:
    figures = evaluate(store, Filters.of("nhs"), ["recommend_share"], "month").figures
    assert [f.by for f in figures if not f.finished] == ["2024-04"]
