"""Commands on promises and waiting, and the figures beside the list of cases."""

from __future__ import annotations

from pathlib import Path

import pytest

STANDARD = """
[[target]]
key = "solve"
event = "resolution"
within = "30 h"
"""


@pytest.fixture
def standard(tmp_path: Path) -> Path:
    path = tmp_path / "standards.toml"
    path.write_text(STANDARD, encoding="utf-8")
    return path


def test_targets_are_set_and_measured(run, loaded, standard) -> None:
    done = run("sla", "--program", "bank", "--set", standard, "--json")
    assert done.code == 0, done.err
    assert done.json["source"] == "targets"
    (row,) = done.json["rows"]
    wanted = {
        "target": "solve",
        "clock": "calendar",
        "within_seconds": 108_000,
        "severity": "total",
    }
    assert {k: row[k] for k in wanted} == wanted
    assert row["withheld"]
    assert row["met"] is None


def test_targets_stay_in_force(run, loaded, standard, monkeypatch) -> None:
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "1")
    run("sla", "--program", "bank", "--set", standard)
    # K1 took 48 h, K3 took 24 h, K2 is open since the 9th; the file ends on the 21st
    (row,) = run("sla", "--program", "bank", "--json").json["rows"]
    counts = [row[k] for k in ("due", "met", "late", "open_overdue", "not_yet_due")]
    assert counts == [3, 1, 1, 1, 0]
    assert row["value"] == pytest.approx(100 / 3)
    told = run("sla", "--program", "bank")
    assert "solve" in told.out
    assert "33.3%" in told.out


def test_cases_are_listed_by_the_day_they_fall_due(run, loaded, standard, monkeypatch) -> None:
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "1")
    run("sla", "--program", "bank", "--set", standard)
    (row,) = run("sla", "--program", "bank", "--json").json["rows"]
    for state, key in (("due", "due"), ("late", "late"), ("overdue", "open_overdue")):
        listed = run("complaints", "--program", "bank", "--where", f"due={state}:solve", "--json")
        assert listed.code == 0, listed.err
        assert listed.json["total"] == row[key]
    wrong = run("complaints", "--program", "bank", "--where", "due=late:sell")
    assert wrong.code == 2
    assert "Use one of: solve" in wrong.err


def test_without_targets_the_mark_of_the_file_is_used_and_said(run, loaded) -> None:
    done = run("sla", "--program", "bank", "--json")
    assert done.json["source"] == "timely flag of the file"
    assert done.json["rows"][0]["due"] == 0
    assert "No targets are set" in run("sla", "--program", "bank").out


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[[target]]\nkey = 3", b""])
def test_a_file_without_targets_is_refused(run, loaded, tmp_path, content) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    done = run("sla", "--program", "bank", "--set", path)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 2


def test_waits_are_told_by_group(run, loaded, monkeypatch) -> None:
    monkeypatch.setenv("CSAT_WITHHOLD_UNDER", "1")
    done = run("resolution", "--program", "bank", "--by", "category", "--json")
    rows = {(r["clock"], r["group"]): r for r in done.json["rows"]}
    billing = rows["resolution", "Billing"]
    assert (billing["n"], billing["events"], billing["censored"]) == (2, 1, 1)
    last = billing["quantiles"][-1]
    assert (last["q"], last["seconds"], last["closed_only_biased_low"]) == (0.95, None, 172_800)
    assert last["beyond"].startswith("> 11")
    assert billing["p_holm"] is not None
    assert done.json["log_rank"]["resolution"]["df"] == 1
    assert "closed" not in run("resolution", "--program", "bank").err
    assert "Billing" in run("resolution", "--program", "bank", "--by", "category").out


def test_waits_of_few_cases_are_withheld(run, loaded) -> None:
    done = run("resolution", "--program", "bank", "--by", "category", "--json")
    groups = [r for r in done.json["rows"] if r["group"] != "total" and r["clock"] == "resolution"]
    assert all(r["withheld"] and r["n"] is None and r["quantiles"] == [] for r in groups)
    assert "withheld" in run("resolution", "--program", "bank", "--by", "category").out


def test_the_list_comes_with_the_figures_of_the_page(run, loaded) -> None:
    found = run("complaints", "--program", "bank", "--json").json["figures"]
    assert found["count"] == 3
    assert found["categories"] == [{"path": "Billing", "count": 2}, {"path": "Staff", "count": 1}]
    assert [r["cumulative"] for r in found["pareto"]["rows"]] == [pytest.approx(200 / 3), 100]
    assert (found["rows_read"], found["refused"]) == (3, [])
    assert "complaints_received: 3" in run("complaints", "--program", "bank").out


def test_searches_take_operators_and_refuse_nonsense(run, loaded) -> None:
    found = run("complaints", "--program", "bank", "--search", "charged OR 小时", "--json").json
    assert [r["case_no"] for r in found["rows"]] == ["K3", "K1"]
    done = run("complaints", "--program", "bank", "--search", '"charged')
    assert done.code == 2
    assert "not closed" in done.err


def test_without_amounts_the_command_says_what_is_missing(run, loaded) -> None:
    done = run("compensation", "--program", "bank", "--json")
    assert done.code == 0, done.err
    assert done.json["rows"] == []
    assert "compensation paid" in done.json["needs"]
    assert "not measured" in run("compensation", "--program", "bank").out
