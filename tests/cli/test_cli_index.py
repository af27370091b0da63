"""The command about the satisfaction index: define it, print it, take it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.queries.satisfaction_index import satisfaction_index
from csat.store.store import Store

MADE = {
    "year": 2026,
    "title": "Ours",
    "indicators": [{"metric": "csat_mean", "weight": 70}, {"metric": "nps", "weight": 30}],
}


@pytest.fixture
def loaded(run: Any, files: Any) -> None:
    out = run("import", files.answers, "--program", "bank", "--mapping", files.survey)
    assert out.code == 0, out.err


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    path = tmp_path / "index.json"
    path.write_text(json.dumps(MADE), encoding="utf-8")
    return path


def test_a_file_defines_the_index_and_json_prints_its_figures(
    run: Any, loaded: None, definition: Path, store_path: Path
) -> None:
    out = run("index", "--program", "bank", "--define", definition, "--json")
    assert out.code == 0, out.err
    store = Store(store_path)
    answer = satisfaction_index(store, Filters("bank"))
    store.close()
    told = out.json
    assert told["index"]["value"] == answer.figure.value
    assert told["index"]["standard_error"] == answer.figure.standard_error
    assert (told["index"]["low"], told["index"]["high"]) == (answer.figure.low, answer.figure.high)
    assert told["indicators"] == [p.to_json() for p in answer.parts]
    assert told["definition"]["title"] == "Ours"
    assert [h["by"] for h in told["history"]] == ["2026"]
    assert told["versions"][0]["year"] == 2026
    # 34 answers: means of the overall question and of promoters less detractors, by hand.
    overall = 100 * ((30 + 8 + 4 + 32 + 15 + 27 + 4) / 34 - 1) / 4
    net = 100 * ((5 + 8) - (3 + 12)) / 34
    assert told["index"]["value"] == pytest.approx(0.7 * overall + 0.3 * (net + 100) / 2, abs=1e-6)


def test_one_year_and_its_groups(run: Any, loaded: None, definition: Path) -> None:
    run("index", "--program", "bank", "--define", definition)
    whole = run("index", "--program", "bank", "--year", 2026, "--json").json
    assert whole["index"]["n"] == 34
    assert whole["filters"]["from"] == "2026-01-01"
    assert run("index", "--program", "bank", "--year", 2025, "--json").json["index"]["n"] == 0
    north = run("index", "--program", "bank", "--where", "branch=North", "--json").json
    assert north["index"]["withheld"] or north["index"]["n"] == 10


def test_the_text_names_index_error_indicators_and_versions(
    run: Any, loaded: None, definition: Path
) -> None:
    out = run("index", "--program", "bank", "--define", definition).out
    for part in ("standard error", "csat_mean", "70%", "from 2026", "Ours", "n 34"):
        assert part in out


def test_a_year_that_has_begun_needs_a_reason(run: Any, loaded: None, definition: Path) -> None:
    year = 2026
    run("index", "--program", "bank", "--define", definition, "--year", year - 1)
    frozen = run("index", "--program", "bank", "--define", "service-quality", "--year", year)
    assert frozen.code == 2
    assert "frozen" in frozen.err
    reason = ("--reason", "agreed by the board")
    changed = run("index", "--program", "bank", "--define", "five-facet", "--year", year, *reason)
    assert changed.code == 0
    assert "agreed by the board" in changed.out
    back = run("index", "--program", "bank", "--withdraw", "--year", year, *reason, "--json")
    assert [v["definition"] is None for v in back.json["versions"]] == [True, False, False]
    assert back.json["definition"]["title"] == "Ours"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "no JSON"),
        ("[]", "no list of indicators"),
        ('{"indicators": [], "year": 2027}', "no indicator"),
        ('{"indicators": [{"metric": "nps", "weight": "all"}]}', "no number"),
        ('{"indicators": [{"metric": "nps", "weight": 90}], "year": 2027}', "10 are missing"),
        ('{"indicators": [{"metric": "nps", "weight": 100}]}', "year"),
        ('{"indicators": [{"metric": "nps", "weight": 100}], "year": "soon"}', "no year"),
        ('{"indicators": [{"metric": "nps", "weight": 100}], "wights": 1}', "wights"),
    ],
)
def test_a_file_that_is_no_definition_is_refused_in_two_lines(
    text: str, said: str, run: Any, loaded: None, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, encoding="utf-8")
    out = run("index", "--program", "bank", "--define", path)
    assert out.code == 2
    assert said in out.err
    assert len(out.err.strip().splitlines()) == 2


def test_a_year_and_a_period_contradict_each_other(run: Any, loaded: None) -> None:
    out = run("index", "--program", "bank", "--year", 2026, "--from", "2026-01-01")
    assert out.code == 2
