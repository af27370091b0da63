"""The commands on raters, findings and experts print what the page shows."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from csat.ingest.instruments import instrument


def write(folder: Path, name: str, rows: list[dict[str, object]]) -> Path:
    made = instrument(name)
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([a.header for a in made.asked])
        writer.writerows([[r.get(a.column.role, "") for a in made.asked] for r in rows])
    return path


@pytest.fixture
def rated(run, tmp_path):
    """Load visits, findings and comparisons, without naming a mapping."""
    visits = [
        {
            **{"visit": f"v{v}", "evaluated_at": "2026-05-04", "rater": rater, "branch": "North"},
            **{"method": "mystery_shopper", "criterion": f"c{c}", "critical": "yes" if c else ""},
            "result": "fail" if (v, c) == (1, 3) else "pass",
        }
        for v in range(5)
        for c in range(4)
        for rater in ("Ann Smith", "Bo")
    ]
    findings = [
        {
            "finding_no": "1",
            "found_on": "2026-03-01",
            "finding": "Dirty",
            "owner": "Cy Jones",
            "due_on": "2026-04-01",
            "severity": "high",
        },
        {"finding_no": "2", "found_on": "2026-03-01", "finding": "Cold"},
    ]
    pairs = [
        {"expert": "Di Bell", "indicator": "a", "other": "b", "times": "3"},
        {"expert": "Ed", "indicator": "a", "other": "b", "times": "3"},
        {"expert": "Ed", "indicator": "a", "other": "c", "times": "1/9"},
        {"expert": "Ed", "indicator": "b", "other": "c", "times": "9"},
    ]
    for name, rows in (("evaluations", visits), ("findings", findings), ("comparisons", pairs)):
        done = run("import", write(tmp_path, name, rows), "--program", "bank")
        assert done.code == 0, done.err
    return run


def test_raters_prints_scores_agreement_and_visits(rated):
    told = rated("raters", "--program", "bank", "--json").json
    [total] = [s for s in told["scores"] if s["by"] == "total"]
    assert (total["visits"], total["critical_fails"]) == (5, 1)
    assert total["score"] == pytest.approx((4 * 100 + 59) / 5)
    assert told["grades"]["critical_cap"] == 59
    assert not told["grades"]["own"]
    [agreement] = told["agreement"]
    assert agreement["visits"] == 5
    assert agreement["pairs"][0]["raters"] == ["Ann Smith", "Bo"]
    failed = [v for v in told["visits"] if v["failed_critical"]]
    assert [(v["visit"], v["uncapped"], v["score"]) for v in failed] == [("v1", 75.0, 59.0)]
    said = rated("raters", "--program", "bank").out
    assert "Mystery shopper" in said
    assert "5 visits rated twice" in said


def test_findings_are_listed_with_what_is_overdue(rated):
    told = rated("findings", "--program", "bank", "--on", "2026-04-03", "--json").json
    assert told["counts"] == {"overdue": 1, "open": 1, "closed": 0}
    first = told["findings"][0]
    assert (first["finding_no"], first["overdue_days"], first["owner"]) == ("1", 2, "Cy Jones")
    assert first["before"] == []
    said = rated("findings", "--program", "bank", "--on", "2026-04-03").out
    assert "overdue 2 d" in said


def test_ahp_says_who_contradicts_and_what_is_missing(rated):
    told = rated("ahp", "--program", "bank", "--json").json
    assert told["weights"] == {}
    one, two = told["experts"]
    assert (one["expert"], one["missing"]) == ("Di Bell", [["a", "c"], ["b", "c"]])
    assert two["consistency_ratio"] > 0.1
    assert two["acceptable"] is False
    said = rated("ahp", "--program", "bank").out
    assert "2 pairs missing: a-c, b-c" in said
    assert "contradicts itself" in said


def test_names_are_kept_from_roles_that_may_not_see_them(rated, monkeypatch):
    monkeypatch.setenv("CSAT_ROLES", "executive")
    for command in ("raters", "findings", "ahp"):
        out = rated(command, "--program", "bank", "--json").out
        assert not [n for n in ("Ann Smith", "Cy Jones", "Di Bell") if n in out]


@pytest.mark.usefixtures("loaded")
def test_nothing_rated_is_said(run):
    assert "No visits were rated here" in run("raters", "--program", "bank").out
    assert "No expert has compared anything" in run("ahp", "--program", "bank").out
    assert run("findings", "--program", "bank").out.startswith("0 overdue")
    assert run("ahp", "--program", "nowhere").code == 2
