"""The airport's yearly surveys: 2014, 2016 and 2017, against the raw files read with pandas."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from csat.ingest.batches import Loaded
from csat.ingest.preset import preset
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.queries.figures import evaluate
from csat.store.store import Store

pytestmark = pytest.mark.real

YEARS = (2014, 2016, 2017)
ROWS = {2014: 2845, 2016: 3087, 2017: 2831}


def file_of(shared_data: Path, year: int) -> Path:
    return shared_data / "sfo_airport_survey" / f"{year}_SFO_Customer_Survey_20250817.csv"


def ratings(shared_data: Path, year: int, column: str, low: int = 1, high: int = 5) -> pd.Series:
    """Return the valid ratings of a column: numbers on the scale, everything else left out."""
    raw = pd.read_csv(file_of(shared_data, year), dtype=str, encoding="utf-8-sig")
    numbers = pd.to_numeric(raw[column], errors="coerce")
    return numbers[numbers.between(low, high)]


@pytest.fixture
def loaded(load: Callable[..., Loaded], shared_data: Path) -> Callable[[int], Loaded]:
    def load_year(year: int) -> Loaded:
        return load(file_of(shared_data, year), preset(f"sfo-{year}"), "sfo")

    return load_year


def one(store: Store, key: str, year: int) -> Figure:
    return evaluate(store, Filters.of("sfo", surveys=[f"sfo-{year}"]), [key]).figures[0]


@pytest.mark.parametrize("year", YEARS)
def test_every_row_of_a_year_is_accounted_for(loaded, shared_data: Path, year: int) -> None:
    raw = pd.read_csv(file_of(shared_data, year), dtype=str, encoding="utf-8-sig")
    checked = loaded(year).checked
    assert checked.rows_read == len(raw)
    assert checked.rows_accepted + checked.rows_refused == len(raw)
    assert checked.rows_accepted > 0.99 * len(raw)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("column", ["Q7ALL", "Q7FOOD", "Q7SIGN", "Q9ALL", "Q14PASSTHRU"])
def test_a_mean_is_the_mean_of_the_valid_ratings(
    store: Store, loaded, shared_data: Path, year: int, column: str
) -> None:
    loaded(year)
    valid = ratings(shared_data, year, column)
    figure = one(store, f"mean:{column}", year)
    assert abs(figure.n - len(valid)) <= 2  # rows without a readable date are refused
    assert figure.value == pytest.approx(valid.mean(), abs=0.002)


def test_the_mean_of_2016_is_the_published_one(store: Store, loaded) -> None:
    loaded(2016)
    figure = one(store, "csat_mean", 2016)
    assert (round(figure.value, 3), figure.n) == (4.038, 2919)


def test_the_net_promoter_score_of_2017(store: Store, loaded, shared_data: Path) -> None:
    loaded(2017)
    valid = ratings(shared_data, 2017, "NETPRO", 0, 10)
    score = 100 * ((valid >= 9).mean() - (valid <= 6).mean())
    figure = one(store, "nps", 2017)
    assert (round(figure.value, 2), figure.n) == (39.84, 2746)
    assert (figure.value, figure.n) == (pytest.approx(score), len(valid))


def test_three_years_stand_side_by_side(store: Store, loaded, shared_data: Path) -> None:
    for year in YEARS:
        loaded(year)
    figures = evaluate(store, Filters.of("sfo"), ["csat_top_box"], "year").figures
    found = {f.by: f for f in figures}
    for year in YEARS:
        valid = ratings(shared_data, year, "Q7ALL")
        assert found[str(year)].value == pytest.approx(100 * (valid >= 4).mean(), abs=0.05)
    assert found["2015"].state == "no_data"
    assert found["2016"].verdict in ("unfinished", "not_compared")
    assert one(store, "nps", 2014).state == "not_available"
