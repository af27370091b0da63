"""The funnel on the command line: branches for everybody, staff for those allowed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

TEAM = {"A": (40, 10), "B": (42, 8), "C": (38, 12), "D": (39, 11), "X": (12, 38), "few": (3, 2)}


@pytest.fixture
def served(run: Any, tmp_path: Path, files: Any) -> None:
    """Load answers that say who served."""
    mapping = json.loads(files.survey.read_text(encoding="utf-8"))
    mapping["columns"].append({"column": "who", "role": "staff", "keep": "plain"})
    path = tmp_path / "staff.json"
    path.write_text(json.dumps(mapping), encoding="utf-8")
    lines = ["id,day,place,overall,recommend,who"]
    for who, (satisfied, others) in TEAM.items():
        for i in range(satisfied + others):
            lines.append(f"{who}{i},2026-01-15,North,{5 if i < satisfied else 2},5,{who}")
    lines += [f"n{i},2026-01-15,{('North', 'South')[i % 2]},{5 - i % 4},5," for i in range(80)]
    answers = tmp_path / "team.csv"
    answers.write_text("\n".join(lines), encoding="utf-8")
    done = run("import", answers, "--program", "bank", "--mapping", path, "--as-of", "2026-01-31")
    assert done.code == 0, done.err


def asked(run: Any, *more: str) -> Any:
    return run("funnel", "--program", "bank", "--metric", "csat_top_box", *more)


def test_staff_stand_in_the_order_of_names_with_limits_and_place(run: Any, served: None) -> None:
    told = asked(run, "--by", "staff", "--json").json
    rows = {r["group"]: r for r in told["rows"]}
    assert list(rows) == ["A", "B", "C", "D", "X"]
    assert (rows["X"]["value"], rows["X"]["n"], rows["X"]["side"]) == (24.0, 50, "below")
    assert rows["X"]["place"] != "within"
    assert {rows[n]["place"] for n in "ABCD"} == {"within"}
    assert (told["withheld"], told["withheld_under"]) == (1, 30)
    assert not any("rank" in key for key in rows["X"])


def test_words_say_who_lies_outside(run: Any, served: None) -> None:
    out = asked(run, "--by", "staff").out
    line = next(x for x in out.splitlines() if x.startswith("X"))
    assert "below the 9" in line
    assert "withheld: 1 staff" in out


def test_the_threshold_is_a_setting(
    run: Any, served: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_STAFF_MIN", "51")
    told = asked(run, "--by", "staff", "--json").json
    assert (told["rows"], told["withheld"], told["withheld_under"]) == ([], 6, 51)
    assert "Fewer than two staff" in told["note"]


def test_a_role_without_the_permission_is_refused(
    run: Any, served: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    done = asked(run, "--by", "staff", "--json")
    assert (done.code, done.out) == (7, "")
    assert asked(run, "--by", "branch", "--json").code == 0


def test_branches_are_the_usual_groups(run: Any, served: None) -> None:
    told = asked(run, "--json").json
    assert [r["group"] for r in told["rows"]] == ["North", "South"]
    assert told["by"] == "branch"


def test_staff_are_neither_a_filter_nor_a_split(run: Any, served: None) -> None:
    assert asked(run, "--where", "staff=X").code == 2
    assert run("metrics", "--program", "bank", "--metric", "nps", "--by", "staff").code == 2
