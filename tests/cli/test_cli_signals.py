"""Signals on the command line: what cron needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def falling(run: Any, tmp_path: Path, files: Any) -> None:
    """Load a branch whose share of satisfied customers falls in its last two months."""
    lines = ["id,day,place,overall,recommend"]
    many = [70, 72, 69, 71, 68, 70, 73, 70, 69, 71, 40, 38]
    for month, satisfied in enumerate(many, start=1):
        for i in range(100):
            rating = 5 if i < satisfied else 2
            lines.append(f"m{month}-{i},2025-{month:02d}-15,North,{rating},5")
    path = tmp_path / "falling.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    done = run(
        "import", path, "--program", "bank", "--mapping", files.survey, "--as-of", "2025-12-31"
    )
    assert done.code == 0


def test_open_signals_end_with_a_code_of_their_own(run: Any, falling: None) -> None:
    done = run("signals", "--program", "bank", "--json")
    assert done.code == 10
    told = done.json
    assert told["unexplained"] == told["found"] == len(told["rows"]) > 0
    assert told["expected_by_chance"] > 0
    row = next(r for r in told["rows"] if r["metric"] == "csat_top_box" and not r["scope"])
    assert (row["first"], row["last"], row["side"], row["good"]) == (
        "2025-11",
        "2025-12",
        "below",
        False,
    )


def test_explained_signals_end_with_0(run: Any, falling: None) -> None:
    for row in run("signals", "--program", "bank", "--json").json["rows"]:
        run("signals", "--program", "bank", "--explain", row["key"], "A strike")
    done = run("signals", "--program", "bank", "--json")
    assert done.code == 0
    assert done.json["unexplained"] == 0
    assert {r["explained"] for r in done.json["rows"]} == {"A strike"}


def test_a_signal_that_was_seen_is_no_longer_open(run: Any, falling: None) -> None:
    for row in run("signals", "--program", "bank", "--json").json["rows"]:
        run("signals", "--program", "bank", "--acknowledge", row["key"])
    done = run("signals", "--program", "bank", "--json")
    assert (done.code, done.json["open"]) == (0, 0)
    assert done.json["unexplained"] == done.json["found"] > 0
    assert all(row["acknowledged_by"] and not row["explained"] for row in done.json["rows"])


def test_a_signal_names_the_action_that_answers_it(run: Any, falling: None, tmp_path: Path) -> None:
    path = tmp_path / "actions.csv"
    path.write_text(
        "key,title,addresses,addressed,metric,where,start,due,owner\n"
        "staff,Two more,signal,Waiting,csat_top_box,branch=North,2026-01-01,2026-06-30,Ann\n",
        encoding="utf-8",
    )
    assert run("actions", "--program", "bank", "--add", path).code == 0
    key = run("signals", "--program", "bank", "--json").json["rows"][0]["key"]
    rows = run("signals", "--program", "bank", "--link", key, "staff", "--json").json["rows"]
    assert {r["key"]: r["action"] for r in rows}[key] == "staff"
    assert "staff" in run("signals", "--program", "bank").out
    assert run("signals", "--program", "bank", "--link", key, "nothing").code == 2
    run("actions", "--program", "bank", "--take-back", "staff")
    rows = run("signals", "--program", "bank", "--json").json["rows"]
    assert {r["key"]: r["action"] for r in rows}[key] is None


def test_the_table_names_signal_and_chance(run: Any, falling: None) -> None:
    done = run("signals", "--program", "bank")
    assert done.code == 10
    assert "expected by chance alone" in done.out
    assert "below the lower limit" in done.out


def test_a_quiet_program_ends_with_0(run: Any, files: Any) -> None:
    run("import", files.answers, "--program", "bank", "--mapping", files.survey)
    done = run("signals", "--program", "bank", "--json")
    assert (done.code, done.json["rows"]) == (0, [])


@pytest.mark.parametrize(
    "more",
    [
        ("--latest", "-1"),
        ("--by", "decade"),
        ("--explain", "no such key", "because"),
        ("--acknowledge", "no such key"),
    ],
)
def test_wrong_words_are_refused(run: Any, falling: None, more: tuple[str, ...]) -> None:
    done = run("signals", "--program", "bank", *more)
    assert done.code == 2
    assert done.err
