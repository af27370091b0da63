"""Control charts of real series: patients' answers by month and week, city service requests."""

from __future__ import annotations

import itertools
from math import sqrt
from pathlib import Path

import pandas as pd
import pytest

from csat.ingest.preset import preset
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.queries.charted import SeriesOf, chart_series
from csat.queries.control import control
from csat.queries.control_split import control_split
from csat.queries.signals import signals
from csat.queries.tally import CountTally
from csat.store.store import Store

pytestmark = pytest.mark.real

POSITIVE = ["Extremely likely", "Likely"]


@pytest.fixture
def patients(shared_data: Path, load) -> pd.DataFrame:
    path = shared_data / "nhs_gp_fft" / "gp_fft_responses.csv"
    load(path, preset("nhs-fft"), "nhs")
    raw = pd.read_csv(path, parse_dates=["time"])
    return raw[raw["rating"] != "Don't know"]


def test_weeks_of_patients_are_the_weeks_of_the_file(store: Store, patients: pd.DataFrame) -> None:
    found = control(store, Filters.of("nhs"), "recommend_share", "week")
    monday = (patients["time"] - pd.to_timedelta(patients["time"].dt.day_of_week, "D")).dt.date
    weeks = patients.groupby(monday)["rating"]
    shown = {p.figure.by[:10]: p.figure for p in found.points if p.figure.state == "ok"}
    assert len(shown) > 15  # a week of few is kept with the one before it
    for first, ratings in weeks:
        figure = shown.get(str(first))
        if figure is not None:
            assert figure.n == len(ratings)
            assert figure.value == pytest.approx(100 * ratings.isin(POSITIVE).mean())


def test_limits_of_the_weeks_are_those_of_a_p_chart_by_hand(
    store: Store, patients: pd.DataFrame
) -> None:
    found = control(store, Filters.of("nhs"), "recommend_share", "week")
    [phase] = found.phases
    places = [i for i, p in enumerate(found.points) if p.tested][: phase.points]
    base = [found.points[i] for i in places]
    n = [p.figure.n or 0 for p in base]
    x = [round((p.figure.value or 0) / 100 * k) for p, k in zip(base, n, strict=True)]
    centre = sum(x) / sum(n)
    sigma = [sqrt(centre * (1 - centre) / k) for k in n]
    z = [(a / k - centre) / s for a, k, s in zip(x, n, sigma, strict=True)]
    pairs = itertools.pairwise(zip(places, z, strict=True))
    moves = [abs(b - a) for (i, a), (j, b) in pairs if j == i + 1]
    assert phase.kind == "p_prime"
    assert phase.sigma_z == pytest.approx(sum(moves) / len(moves) / 1.128)
    first = base[0]
    assert first.centre == pytest.approx(100 * centre)
    reach = 300 * sigma[0] * (phase.sigma_z or 1.0)
    assert first.low == pytest.approx(max(0.0, 100 * centre - reach))
    assert first.high == pytest.approx(min(100.0, 100 * centre + reach))


def test_every_surgery_has_a_chart_or_is_withheld(store: Store, patients: pd.DataFrame) -> None:
    split = control_split(store, Filters.of("nhs"), ("recommend_share",), "month", "branch")
    assert {a.group for a in split} == set(patients["surgery"])
    for answer in split:
        for point in answer.points:
            assert point.figure.withheld or not point.figure.n or point.figure.n >= 5


def test_the_list_of_signals_holds_no_withheld_month(store: Store, patients: pd.DataFrame) -> None:
    found = signals(store, "nhs", latest=0)
    assert found.points > 0
    for listed in found.signals:
        assert listed.value is not None


def test_traveller_complaints_at_airports_scatter_beyond_chance(shared_data: Path) -> None:
    """Monthly complaints of all airports: a plain u chart would cry wolf, u' allows for it."""
    raw = pd.read_csv(shared_data / "tsa_complaints" / "complaints-by-airport.csv")
    newest = raw.sort_values("pdf_report_date").drop_duplicates(
        ["airport", "year_month"], keep="last"
    )
    monthly = newest.groupby("year_month")["count"].sum().sort_index()
    tallies = [CountTally(int(c), 30) for c in monthly]
    figures = [
        Figure("complaints_received", m, float(c), "count", int(c), None, None, "not_compared")
        for m, c in monthly.items()
    ]
    about = SeriesOf.of(metric("complaints_received"), "", "month")
    found = chart_series(about, figures, tallies, [])
    [phase] = found.phases
    assert phase.kind == "u_prime"
    assert phase.sigma_z is not None
    assert phase.sigma_z > 1.5
    last = found.points[-1]
    centre = float(monthly.iloc[:24].mean())
    assert last.centre == pytest.approx(centre)
    assert last.high == pytest.approx(centre + 3 * phase.sigma_z * sqrt(centre))


@pytest.fixture
def requests(shared_data: Path, load) -> pd.Series:
    """Load city service requests and return how many came on each day of the file."""
    path = shared_data / "nyc311_2020" / "nyc_311_with_header.csv"
    load(path, preset("nyc-311"), "nyc")
    raw = pd.read_csv(path, usecols=["created_date", "closed_date"])
    moments = raw.apply(pd.to_datetime, format="%m/%d/%Y %I:%M:%S %p")
    kept = moments[moments["closed_date"] >= moments["created_date"]]
    return kept.groupby(kept["created_date"].dt.date).size()


def test_days_of_service_requests_are_the_days_of_the_file(
    store: Store, requests: pd.Series
) -> None:
    found = control(store, Filters.of("nyc"), "complaints_received", "day")
    shown = {p.figure.by: p.figure.value for p in found.points}
    assert {str(day): float(n) for day, n in requests.items()} == {
        day: value for day, value in shown.items() if value
    }
    assert len(shown) == (max(requests.index) - min(requests.index)).days + 1


def test_limits_of_service_requests_are_those_of_a_u_chart_by_hand(
    store: Store, requests: pd.Series
) -> None:
    """Nearly all requests of this cut fall on five days: the scatter is far beyond chance."""
    found = control(store, Filters.of("nyc"), "complaints_received", "day")
    [phase] = found.phases
    counts = [p.figure.value or 0.0 for p in found.points if p.tested][: phase.points]
    centre = sum(counts) / len(counts)
    moves = [abs(b - a) / sqrt(centre) for a, b in itertools.pairwise(counts)]
    assert phase.kind == "u_prime"
    assert phase.sigma_z == pytest.approx(sum(moves) / len(moves) / 1.128)
    first = found.points[0]
    assert first.centre == pytest.approx(centre)
    assert first.high == pytest.approx(centre + 3 * (phase.sigma_z or 1.0) * sqrt(centre))
    beyond = {label for s in found.signals if s.rule == "beyond_limits" for label in s.labels}
    assert beyond == {
        p.figure.by for p in found.points if (p.figure.value or 0) > (p.high or 0) and p.tested
    }
