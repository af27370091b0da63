"""The airport's yearly surveys: 2014, 2016 and 2017, against the raw files read with pandas."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from csat.ingest.batches import Loaded, commit
from csat.ingest.preset import preset
from csat.ingest.source import open_source
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries.figures import evaluate
from csat.store.store import Store

pytestmark = pytest.mark.real

YEARS = (2014, 2016, 2017)


def file_of(shared_data: Path, year: int) -> Path:
    return shared_data / "sfo_airport_survey" / f"{year}_SFO_Customer_Survey_20250817.csv"


def ratings(shared_data: Path, year: int, column: str, low: int = 1, high: int = 5) -> pd.Series:
    """Return the valid ratings of a column: numbers on the scale, everything else left out."""
    raw = pd.read_csv(file_of(shared_data, year), dtype=str, encoding="utf-8-sig")
    numbers = pd.to_numeric(raw[column], errors="coerce")
    return numbers[numbers.between(low, high)]


Loads = dict[int, Loaded]


@pytest.fixture(scope="module")
def airport(
    shared_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Loads]]:
    """Return a store with the three years, and what each load said."""
    store = Store(tmp_path_factory.mktemp("sfo") / "sfo.duckdb")
    loads = {}
    for year in YEARS:
        source, mapping = open_source(file_of(shared_data, year)), preset(f"sfo-{year}")
        loads[year] = commit(store, source, mapping, program="sfo", user=LOCAL_USER)
    yield store, loads
    store.close()


def one(store: Store, key: str, year: int) -> Figure:
    return evaluate(store, Filters.of("sfo", surveys=[f"sfo-{year}"]), [key]).figures[0]


@pytest.mark.parametrize("year", YEARS)
def test_every_row_of_a_year_is_accounted_for(airport, shared_data: Path, year: int) -> None:
    raw = pd.read_csv(file_of(shared_data, year), dtype=str, encoding="utf-8-sig")
    checked = airport[1][year].checked
    assert checked.rows_read == len(raw)
    assert checked.rows_accepted + checked.rows_refused == len(raw)
    assert checked.rows_accepted > 0.99 * len(raw)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("column", ["Q7ALL", "Q7FOOD", "Q7SIGN", "Q9ALL", "Q14PASSTHRU"])
def test_a_mean_is_the_mean_of_the_valid_ratings(
    airport, shared_data: Path, year: int, column: str
) -> None:
    valid = ratings(shared_data, year, column)
    figure = one(airport[0], f"mean:{column}", year)
    assert (figure.value, figure.n) == (pytest.approx(valid.mean()), len(valid))


def test_the_mean_of_2016_is_the_published_one(airport) -> None:
    figure = one(airport[0], "csat_mean", 2016)
    assert (round(figure.value, 3), figure.n) == (4.038, 2919)


def test_the_net_promoter_score_of_2017(airport, shared_data: Path) -> None:
    valid = ratings(shared_data, 2017, "NETPRO", 0, 10)
    score = 100 * ((valid >= 9).mean() - (valid <= 6).mean())
    figure = one(airport[0], "nps", 2017)
    assert (round(figure.value, 2), figure.n) == (39.84, 2746)
    assert (figure.value, figure.n) == (pytest.approx(score), len(valid))


def test_three_years_stand_side_by_side(airport, shared_data: Path) -> None:
    found = evaluate(airport[0], Filters.of("sfo"), ["csat_top_box"], "year")
    for year in YEARS:
        valid = ratings(shared_data, year, "Q7ALL")
        assert found.one("csat_top_box", str(year)).value == pytest.approx(
            100 * (valid >= 4).mean()
        )
    assert found.one("csat_top_box", "2015").state == "no_data"
    assert found.one("csat_top_box", "2016").verdict == "not_compared"
    assert one(airport[0], "nps", 2014).state == "not_available"
