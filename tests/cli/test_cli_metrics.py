from __future__ import annotations

from math import sqrt
from pathlib import Path

import pytest

from csat.model.filters import Filters
from csat.queries.figures import evaluate
from csat.store.store import Store

NHS = Path(__file__).resolve().parents[3] / "shared/data/nhs_gp_fft/gp_fft_responses.csv"


def ask(run, *more, metric="csat_top_box"):
    return run("metrics", "--program", "bank", "--metric", metric, *more, "--json")


def wilson(x, n, z=1.959963984540054):
    centre = (x + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * sqrt(x * (n - x) / n + z * z / 4)
    return 100 * (centre - half), 100 * (centre + half)


def test_totals_agree_with_a_count_by_hand(run, loaded):
    done = ask(run, metric="csat_top_box,nps,mean:overall,complaints_received")
    assert (done.code, done.err) == (0, "")
    assert list(done.json) == ["filters", "data_version", "answers", "rows"]
    assert done.json["answers"] == "unweighted"
    assert done.json["filters"] == {"program": "bank"}
    share, nps, mean, cases = done.json["rows"]
    low, high = wilson(19, 34)
    assert share == {
        "metric": "csat_top_box",
        "by": "total",
        "value": pytest.approx(100 * 19 / 34, abs=1e-12),
        "unit": "percent",
        "n": 34,
        "low": pytest.approx(low, abs=1e-9),
        "high": pytest.approx(high, abs=1e-9),
        "verdict": "not_compared",
        "withheld": False,
    }
    assert nps["value"] == pytest.approx(100 * (13 - 15) / 34)
    assert mean["value"] == pytest.approx(120 / 34)
    assert (cases["value"], cases["unit"]) == (3.0, "count")


def test_groups_under_the_minimum_are_withheld_with_one_more(run, loaded):
    rows = {r["by"]: r for r in ask(run, "--by", "branch").json["rows"]}
    assert list(rows) == ["East", "North", "South", "West"]
    assert rows["North"]["value"] == 80.0
    assert rows["West"]["value"] == 25.0
    for name in ("South", "East"):
        assert rows[name]["withheld"] is True
        assert (rows[name]["value"], rows[name]["n"]) == (None, None)
        assert (rows[name]["low"], rows[name]["high"]) == (None, None)


def test_the_thresholds_are_those_of_the_installation(run, loaded, monkeypatch):
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "2")
    rows = ask(run, "--by", "branch").json["rows"]
    assert not any(r["withheld"] for r in rows)
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "none")
    assert ask(run).code == 2


def test_rows_equal_what_the_pages_evaluate(run, loaded, store_path):
    told = ask(run, "--by", "month", metric="nps,csat_mean").json
    store = Store(store_path)
    answer = evaluate(store, Filters.of("bank"), ("nps", "csat_mean"), "month")
    store.close()
    assert told["rows"] == [f.to_json() for f in answer.figures]


def test_text_form(run, loaded):
    done = run("metrics", "--program", "bank", "--metric", "csat_top_box,nps", "--by", "branch")
    lines = done.out.splitlines()
    assert lines[0] == "bank; all dates"
    assert lines[1].split() == ["metric", "by", "value", "n", "95%", "interval", "verdict"]
    south = next(line for line in lines if "South" in line)
    assert "withheld (n < 5)" in south
    assert "too few answers" in south
    north = next(line for line in lines if "North" in line and "nps" in line)
    assert "+20" in north
    assert "10!" in north
    assert "! fewer than 30 answers" in done.out
    at = lines[1].index("95%")
    assert all(line[at - 2 : at] == "  " for line in lines[2:8])


def test_text_form_says_why_there_is_no_figure(run, loaded):
    done = run("metrics", "--program", "bank", "--metric", "ces,csat_top_box")
    assert "—" in done.out
    assert "ces: Load a survey file" in done.out


def test_period_and_filters(run, loaded):
    only = ask(run, "--where", "branch=North", "--where", "branch=West", "--from", "2026-01-01")
    assert only.json["filters"] == {
        "program": "bank",
        "from": "2026-01-01",
        "to": "2026-01-20",
        "compare": "previous",
        "branch": ["North", "West"],
    }
    assert only.json["rows"][0]["value"] == pytest.approx(100 * 11 / 22)
    until = ask(run, "--to", "2026-01-31", "--compare", "last_year").json
    assert until["filters"]["from"] == "2026-01-03"
    assert until["filters"]["compare"] == "last_year"
    none = ask(run, "--from", "2026-01-16", "--to", "2026-01-17").json
    assert none["rows"][0]["value"] is None
    assert none["rows"][0]["withheld"] is False


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--where", "branch=Nroth"), "North"),
        (("--where", "survey=x"), "branch-survey"),
        (("--where", "category=Bills"), "Billing"),
        (("--where", "status=shut"), "resolved"),
        (("--where", "colour=red"), "touchpoint"),
        (("--where", "North"), "branch"),
        (("--by", "colour"), "quarter"),
        (("--metric", "happiness"), "csat_top_box"),
        (("--metric", "mean:q9"), "overall"),
        (("--metric", "gap:speed"), "—"),
        (("--metric", ","), "csat_top_box"),
        (("--from", "yesterday"), "2026-09-30"),
        (("--from", "2027-01-01"), "2026-01-20"),
    ],
)
def test_unknown_names_list_the_known_ones(run, loaded, more, said):
    done = ask(run, *more)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 2


def test_unknown_program_and_store(run, loaded, tmp_path):
    unknown = run("metrics", "--program", "shop", "--metric", "nps")
    assert unknown.code == 2
    assert "bank" in unknown.err
    assert run("batches", "--program", "shop").code == 2
    absent = run("--store", tmp_path / "none.duckdb", "batches")
    assert absent.code == 2
    assert "none.duckdb" in absent.err
    assert not (tmp_path / "none.duckdb").exists()


def test_explain_says_where_the_figures_come_from(run, loaded):
    told = ask(run, "--explain", "--where", "branch=North").json["explain"]
    assert told["batches"] == ["1 · answers.csv", "2 · cases.csv"]
    assert any("csat_top" in read["sql"] for read in told["reads"])
    assert all(read["params"]["program"] == "bank" for read in told["reads"])
    assert any("North" in read["params"].values() for read in told["reads"])
    assert told["definitions"]["csat_top_box"]["interval"] == "Wilson score interval"
    text = run("metrics", "--program", "bank", "--metric", "nps", "--explain").out
    for part in ("formula:", "sql:", "batches:", "left out:", "data version"):
        assert part in text


def test_complaints_are_listed_newest_first(run, loaded):
    done = run("complaints", "--program", "bank", "--json")
    assert list(done.json) == ["filters", "data_version", "figures", "total", "shown", "rows"]
    assert (done.json["total"], done.json["shown"]) == (3, 3)
    assert [r["case_no"] for r in done.json["rows"]] == ["K3", "K2", "K1"]
    assert done.json["rows"][0]["received_at"] == "2026-01-20T00:00:00"
    assert "等了两个小时" in done.out
    page = run("complaints", "--program", "bank", "--limit", "1", "--offset", "1", "--json").json
    assert [r["case_no"] for r in page["rows"]] == ["K2"]
    assert (page["total"], page["shown"]) == (3, 1)


def test_complaints_filters_and_text_form(run, loaded):
    billing = run("complaints", "--program", "bank", "--where", "category=Billing")
    assert "Showing 2 of 2 cases" in billing.out
    assert "K1" in billing.out
    assert "K3" not in billing.out
    found = run("complaints", "--program", "bank", "--search", "meter", "--json").json
    assert [r["case_no"] for r in found["rows"]] == ["K2"]
    assert found["filters"]["search"] == "meter"


def test_complaint_texts_are_for_those_who_may_read_them(run, loaded, monkeypatch):
    monkeypatch.setenv("CSAT_ROLES", "executive")
    done = run("complaints", "--program", "bank", "--json")
    assert all("narrative" not in r for r in done.json["rows"])
    assert "Charged twice" not in done.out
    assert run("complaints", "--program", "bank", "--search", "meter").code == 7


@pytest.mark.real
@pytest.mark.skipif(not NHS.exists(), reason="the folder of real survey files is absent")
def test_a_real_file_from_import_to_figure(run):
    loaded = run("import", NHS, "--program", "gp", "--preset", "nhs-fft", "--json")
    assert (loaded.code, loaded.json["rows_accepted"]) == (0, 3882)
    done = run("metrics", "--program", "gp", "--metric", "recommend_share", "--json")
    row = done.json["rows"][0]
    assert row["n"] == 3863
    assert round(row["value"], 2) == 91.04
    assert run("check").code == 0


def test_a_program_whose_batches_are_undone_is_known_but_empty(run, loaded):
    assert run("undo", 1).code == 0
    assert run("undo", 2).code == 0
    done = run("metrics", "--program", "bank", "--metric", "nps")
    assert (done.code, done.out) == (2, "")
    assert "Program 'bank' holds no data: its batches are undone" in done.err
    assert "no program 'bark'" in run("metrics", "--program", "bark", "--metric", "nps").err
