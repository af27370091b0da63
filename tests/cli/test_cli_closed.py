"""Commands on closed cases and themes, and the states that cases are chosen by."""

from __future__ import annotations

import pytest

TREE = """
[[theme]]
key = "bills"
title = "Bills are right"
dimension = "reliability"
categories = ["Billing"]
[[theme]]
key = "people"
dimension = "empathy"
categories = ["Staff", "Manners"]
"""


def test_what_the_files_cannot_say_is_empty_and_not_zero(run, loaded) -> None:
    done = run("returns", "--program", "bank", "--by", "category", "--json")
    assert done.code == 0, done.err
    assert {r["closed"] for r in done.json["rows"]} == {0}
    assert {r["value"] for r in done.json["rows"]} == {None}
    assert done.json["satisfaction"]["rows"] == []
    told = run("returns", "--program", "bank", "--where", "branch=North")
    assert "recontacted" in told.out
    assert "No customer with a closed case" in told.out


def test_a_tree_is_set_stays_in_force_and_tells_what_it_does_not_find(
    run, loaded, tmp_path
) -> None:
    assert "No tree of causes is set" in run("agreement", "--program", "bank").out
    path = tmp_path / "themes.toml"
    path.write_text(TREE, encoding="utf-8")
    assert run("agreement", "--program", "bank", "--set", path).code == 0
    found = run("agreement", "--program", "bank", "--json").json
    assert [(r["theme"], r["complaints"]["count"]) for r in found["rows"]] == [
        ("bills", 2),
        ("people", 1),
    ]
    assert {r["finding"] for r in found["rows"]} == {"unknown"}
    assert found["missing"] == ["Manners"]
    assert "No survey asks about at least two of the themes" in found["note"]
    assert "not in the data: Manners" in run("agreement", "--program", "bank").out


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"[[theme]]\nkey = 3", b""])
def test_a_file_without_themes_is_refused(run, loaded, tmp_path, content) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    done = run("agreement", "--program", "bank", "--set", path)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 2


@pytest.mark.parametrize(
    ("clause", "numbers"),
    [
        ("age=open:0-30", {"K2"}),
        ("age=closed:0-2", {"K3"}),
        ("urgency=normal", {"K1", "K2", "K3"}),
        ("sla=none", {"K1", "K2", "K3"}),
    ],
)
def test_cases_are_chosen_by_their_state(run, loaded, clause, numbers) -> None:
    found = run("complaints", "--program", "bank", "--where", clause, "--json").json
    assert {r["case_no"] for r in found["rows"]} == numbers
    assert found["figures"]["count"] == len(numbers)


@pytest.mark.parametrize(
    "clause", ["sla=sleepy", "urgency=very", "age=old", "return=reopened:31", "cause=none", "x=1"]
)
def test_states_that_do_not_exist_are_refused(run, loaded, clause) -> None:
    done = run("complaints", "--program", "bank", "--where", clause)
    assert done.code == 2
    assert len(done.err.strip().splitlines()) == 2
