"""The registers on the command line, and the figures that rest on them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from csat.model.register_fields import FIELDS


def standards(path: Path, language: str, *rows: tuple[str, ...]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([f.heading(language) for f in FIELDS["standards"]])
        writer.writerows(rows)
    return path


ROW = ("S1", "Closed in three days", "", "responsiveness", "resolution_time", "max", "72",
       "at most", "yes", "yes", "Desk", "2026-12-31")  # fmt: skip


@pytest.mark.parametrize(("language", "kind"), [("en", "csv"), ("zh_CN", "xlsx")])
def test_a_template_is_written_filled_and_loaded(loaded, run, tmp_path, language, kind):
    template = tmp_path / f"t.{kind}"
    done = run("register", "standards", "--template", template, "--language", language, "--json")
    assert done.code == 0, done.err
    assert done.json["columns"] == [f.heading(language) for f in FIELDS["standards"]]
    filled = standards(tmp_path / "s.csv", language, ROW)
    told = run("register", "standards", "--program", "bank", "--load", filled, "--json").json
    assert (told["changed"]["new"], told["entries"][0]["code"]) == (1, "S1")
    assert told["entries"][0]["formal"] is True
    out = tmp_path / f"in-force.{kind}"
    run("register", "standards", "--program", "bank", "--template", out, "--language", language)
    again = run("register", "standards", "--program", "bank", "--load", out, "--json").json
    assert (again["changed"]["change"], again["changed"]["unchanged"]) == (None, 1)


def test_changes_are_listed_taken_back_and_restored(loaded, run, tmp_path):
    place = ("register", "standards", "--program", "bank")
    first = run(*place, "--load", standards(tmp_path / "a.csv", "en", ROW), "--json").json
    stricter = (*ROW[:6], "24", *ROW[7:])
    run(*place, "--load", standards(tmp_path / "b.csv", "en", stricter))
    history = run(*place, "--history", "--json").json["history"]
    assert [v["note"] for v in history] == ["b.csv", "a.csv"]
    assert "b.csv" in run(*place, "--history").out
    run(*place, "--undo", history[0]["change"])
    assert run(*place, "--json").json["entries"][0]["target"] == "72"
    run(*place, "--restore", history[0]["version"])
    assert run(*place, "--json").json["entries"][0]["target"] == "24"
    assert run(*place, "--undo", first["changed"]["change"]).code == 2


def test_records_have_rows_beside_the_surveys(loaded, run, tmp_path):
    before = run("gaps", "--program", "bank", "--json").json["rows"]
    needs = {r["gap"]: r["needs"] for r in before if r["source"] == "record"}
    assert needs[2] == "needs a register of standards"
    assert needs[4] == "needs a register of promises"
    run("register", "standards", "--program", "bank", "--load",
        standards(tmp_path / "a.csv", "en", ROW))  # fmt: skip
    told = run("gaps", "--program", "bank", "--json").json
    rows = {(r["gap"], r["dimension"]): r for r in told["rows"] if r["source"] == "record"}
    assert rows[2, "responsiveness"]["value"] == 0
    assert told["records"]["standards"][0]["code"] == "S1"
    text = run("gaps", "--program", "bank").out
    assert "resolution_time max at most 72" in text


def test_a_program_must_be_named(run):
    assert run("register", "standards").code == 2


def test_conformance_says_what_it_needs(loaded, run):
    told = run("conformance", "--program", "bank", "--json").json
    assert told["rows"] == []
    assert "same customers" in told["needs"]
    assert "not measured" in run("conformance", "--program", "bank").out
    refused = run("complaints", "--program", "bank", "--conformance", "met-dissatisfied:timely")
    assert refused.code == 7


def test_definitions_are_printed(loaded, run):
    told = run("definitions", "--program", "bank", "--json").json
    assert [v["view"] for v in told["views"]] == [
        *("transcendent", "product", "user", "manufacturing", "value")
    ]
    assert "transcendent" in run("definitions", "--program", "bank").out


def test_an_import_of_a_register_says_how_to_take_it_in(loaded, run, tmp_path):
    done = run("import", standards(tmp_path / "s.csv", "en", ROW), "--program", "bank")
    assert done.code == 3
    assert "csat register standards --load" in done.err
