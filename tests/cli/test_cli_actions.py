"""Actions on the command line: kept from a file, judged, taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

ACTION = {
    "key": "second-counter",
    "title": "A second counter",
    "addresses": "gap",
    "addressed": "Responsiveness",
    "metric": "csat_top_box",
    "where": ["branch=North"],
    "against": ["others"],
    "start": "2025-07-01",
    "due": "2025-12-31",
    "owner": "North",
}


@pytest.fixture
def program(run: Any, tmp_path: Path, files: Any) -> None:
    """Load a year in which one of two branches gets better from July on."""
    lines = ["id,day,place,overall,recommend"]
    for month in range(1, 13):
        for place in ("North", "South"):
            satisfied = 80 if place == "North" and month >= 7 else 60
            lines += [
                f"{place}{month}-{i},2025-{month:02d}-15,{place},{5 if i < satisfied else 2},5"
                for i in range(100)
            ]
    path = tmp_path / "year.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run(
        "import", path, "--program", "bank", "--mapping", files.survey, "--as-of", "2025-12-31"
    )
    assert done.code == 0, done.err


def keep(tmp_path: Path, **changes: object) -> Path:
    path = tmp_path / "actions.json"
    path.write_text(json.dumps([{**ACTION, **changes}]), encoding="utf-8")
    return path


def test_an_action_from_a_file_is_judged(run: Any, program: None, tmp_path: Path) -> None:
    done = run("actions", "--program", "bank", "--add", keep(tmp_path), "--json")
    assert done.code == 0, done.err
    [row] = done.json["rows"]
    assert (done.json["new"], row["verdict"], row["method"]) == (
        1,
        "worked",
        "difference_in_differences",
    )
    assert row["effect"] == pytest.approx(20)
    assert row["low"] < 20 < row["high"]
    assert row["after"] == {"value": pytest.approx(80), "n": 600}
    assert row["fixed_in_advance"] is False
    assert any("after it began" in caution for caution in row["cautions"])


def test_the_same_file_again_changes_nothing(run: Any, program: None, tmp_path: Path) -> None:
    run("actions", "--program", "bank", "--add", keep(tmp_path))
    done = run("actions", "--program", "bank", "--add", keep(tmp_path), "--json")
    assert (done.json["new"], done.json["changed"]) == (0, 0)
    assert len(done.json["rows"][0]["history"]) == 1


def test_a_stage_may_change_and_the_question_may_not(
    run: Any, program: None, tmp_path: Path
) -> None:
    run("actions", "--program", "bank", "--add", keep(tmp_path))
    done = run("actions", "--program", "bank", "--add", keep(tmp_path, stage="check"), "--json")
    assert (done.json["changed"], done.json["rows"][0]["stage"]) == (1, "check")
    refused = run("actions", "--program", "bank", "--add", keep(tmp_path, metric="nps"))
    assert refused.code == 2
    assert "fixed" in refused.err


def test_what_is_taken_back_leaves_the_version_before(
    run: Any, program: None, tmp_path: Path
) -> None:
    run("actions", "--program", "bank", "--add", keep(tmp_path))
    run("actions", "--program", "bank", "--add", keep(tmp_path, owner="South"))
    once = run("actions", "--program", "bank", "--take-back", "second-counter", "--json")
    assert once.json["rows"][0]["owner"] == "North"
    twice = run("actions", "--program", "bank", "--take-back", "second-counter", "--json")
    assert twice.json["rows"] == []
    assert run("actions", "--program", "bank", "--take-back", "second-counter").code == 2


def test_a_table_names_the_verdict(run: Any, program: None, tmp_path: Path) -> None:
    done = run("actions", "--program", "bank", "--add", keep(tmp_path))
    assert "worked" in done.out
    assert "+20.0" in done.out


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"start": "soon"}, "soon"),
        ({"due": "2025-07-01"}, "due"),
        ({"metric": "nonsense"}, "nonsense"),
        ({"where": ["planet=Mars"]}, "planet=Mars"),
        ({"metric": "response_count"}, "Neither high nor low"),
        ({"where": ["cause=Queue"]}, "complaints"),
        ({"where": []}, "others"),
        ({"owner": " "}, "owner"),
        ({"stage": "later"}, "later"),
        ({"colour": "red"}, "colour"),
        ({"baseline_from": "2025-01-01"}, "baseline"),
        ({"baseline_from": "2025-01-01", "baseline_to": "2025-08-01"}, "baseline"),
    ],
)
def test_a_file_that_cannot_be_kept_says_why(
    run: Any, program: None, tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    done = run("actions", "--program", "bank", "--add", keep(tmp_path, **changes))
    assert done.code == 3
    assert said in done.err
    assert run("actions", "--program", "bank", "--json").json["rows"] == []


def test_a_csv_does_as_well(run: Any, program: None, tmp_path: Path) -> None:
    path = tmp_path / "actions.csv"
    path.write_text(
        "key,title,addressed,metric,where,against,start,due,owner\n"
        "a,Tea,Waiting,nps,branch=North; branch=South,,2025-07-01,2025-12-31,Ann\n",
        encoding="utf-8",
    )
    [row] = run("actions", "--program", "bank", "--add", path, "--json").json["rows"]
    assert (row["where"], row["verdict"]) == (["branch=North", "branch=South"], "too_early")


def test_what_changed_names_the_action_about_it(run: Any, program: None, tmp_path: Path) -> None:
    run("actions", "--program", "bank", "--add", keep(tmp_path))
    days = ("--from", "2025-07-01", "--to", "2025-12-31", "--compare", "previous")
    done = run("changes", "--program", "bank", *days, "--json")
    assert done.code == 0, done.err
    rows = {(r["cut"], r["group"]): r for r in done.json["rows"]}
    assert rows["branch", "North"]["action"] == "second-counter"
    assert rows["branch", "North"]["verdict"] == "better"
    assert ("branch", "South") not in rows
    assert "second-counter" in run("changes", "--program", "bank", *days).out


def test_where_nothing_changed_that_is_said(run: Any, program: None) -> None:
    days = ("--from", "2025-10-01", "--to", "2025-12-31", "--compare", "previous")
    assert "nothing changed" in run("changes", "--program", "bank", *days).out
    usual = run("changes", "--program", "bank", "--json").json
    assert usual["filters"]["from"] == "2025-10-01"
    assert usual["rows"] == []
