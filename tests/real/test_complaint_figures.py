"""Complaint figures of public files, through the command line, against the raw files."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from csat.cli import main

pytestmark = pytest.mark.real


@pytest.fixture
def ask(store_of_files, capsys):
    def run(*argv: str) -> dict:
        capsys.readouterr()
        assert main([*argv, "--store", str(store_of_files), "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture(scope="module")
def store_of_files(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("real") / "real.duckdb"
    for program, preset, file in (
        ("cfpb", "cfpb-complaints", "cfpb_complaints/cfpb_2023_payday_narratives.csv"),
        ("nyc", "nyc-311", "nyc311_2020/nyc_311_with_header.csv"),
        ("tsa", "tsa-complaints", "tsa_complaints/complaints-by-airport.csv"),
    ):
        command = ["import", str(shared_data / file), "--program", program, "--preset", preset]
        assert main([*command, "--store", str(path)]) == 0
    return path


def test_consumer_complaints(ask, shared_data: Path) -> None:
    raw = pd.read_csv(
        shared_data / "cfpb_complaints" / "cfpb_2023_payday_narratives.csv",
        dtype=str,
        keep_default_na=False,
    )
    found = ask("complaints", "--program", "cfpb", "--limit", "1")["figures"]
    assert found["count"] == 2_827
    paths = {c["path"]: c["count"] for c in found["categories"]}
    levels = raw[["Sub-product", "Issue", "Sub-issue"]].replace("None", "")
    wanted: Counter[str] = Counter()
    for names in levels.itertuples(index=False):
        said = [n for n in names if n]
        for depth in range(1, len(said) + 1):
            wanted[" > ".join(said[:depth])] += 1
    assert paths == wanted
    pareto = found["pareto"]
    top = raw["Sub-product"].value_counts()
    assert next((r["name"], r["count"]) for r in pareto["rows"]) == (top.index[0], top.iloc[0])
    assert pareto["rows"][-1]["cumulative"] == pytest.approx(100)
    timely = next(c for c in found["cards"] if c["metric"] == "timely_response_share")
    assert (round(timely["value"], 2), timely["n"]) == (96.18, 2_827)
    levels_found = ask("sla", "--program", "cfpb")
    assert levels_found["source"] == "timely flag of the file"
    (row,) = levels_found["rows"]
    assert (row["due"], row["met"], row["late"], round(row["value"], 2)) == (2827, 2719, 108, 96.18)
    where = "category=" + max(paths, key=len)
    one = ask("complaints", "--program", "cfpb", "--where", where, "--limit", "0")
    assert one["figures"]["count"] == paths[max(paths, key=len)]


def test_city_requests(ask, tmp_path: Path) -> None:
    found = ask("complaints", "--program", "nyc", "--limit", "0")["figures"]
    assert (found["count"], found["rows_read"]) == (14_391, 14_716)
    # which rows are valid: all but those closed before they were created
    (refused,) = found["refused"]
    assert (refused["column"], refused["rows"]) == ("closed_date", 325)
    assert refused["reason"] == "lies before the case was received"
    rows = ask("resolution", "--program", "nyc")["rows"]
    row = next(r for r in rows if r["clock"] == "resolution")
    assert round(row["quantiles"][0]["seconds"] / 3600, 1) == 6.5
    within = next(d for d in row["within"] if d["hours"] == 72)
    assert round(within["percent"], 2) == 77.85
    target = tmp_path / "target.toml"
    target.write_text('[[target]]\nkey = "three-days"\nevent = "resolution"\nwithin = "72 h"\n')
    (level,) = ask("sla", "--program", "nyc", "--set", str(target))["rows"]
    assert (level["due"], round(level["value"], 2)) == (14_391, 77.85)


def test_airport_complaint_counts(ask, shared_data: Path) -> None:
    raw = pd.read_csv(shared_data / "tsa_complaints" / "complaints-by-airport.csv")
    found = ask("complaints", "--program", "tsa")
    assert found["figures"]["count"] == found["figures"]["counted_only"] == 1_166_207
    assert (found["total"], found["rows"]) == (0, [])
    months = ask("metrics", "--program", "tsa", "--metric", "complaints_received", "--by", "month")
    values = {r["by"]: r["value"] for r in months["rows"]}
    assert len(values) == 118
    assert values == raw.groupby("year_month")["count"].sum().to_dict()
    airports = ask(
        "metrics", "--program", "tsa", "--metric", "complaints_received", "--by", "branch"
    )
    own = raw.assign(airport=raw["airport"].fillna("")).groupby("airport")["count"].sum()
    assert {r["by"]: r["value"] for r in airports["rows"]} == own.to_dict()
