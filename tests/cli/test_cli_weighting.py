"""Margins by the command line, and the figures of the page of who answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.queries.representation import representation
from csat.queries.weighted import HEADLINES, weighted
from csat.queries.weighted_dimensions import weighted_dimensions
from csat.queries.weighted_groups import weighted_groups
from csat.queries.weighted_series import weighted_series
from csat.store.store import Store

MARGINS = "Variable,Category,Population\nbranch,North,10\nbranch,East,30\nBranch,West,10\n"


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(text: str, name: str = "margins.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def test_weighting_prints_the_figures_of_the_page_unrounded(run: Any, sample_store: Path) -> None:
    told = run("weighting", "--program", "sample", "--store", str(sample_store), "--json").json
    store = Store(sample_store)
    filters = Filters("sample")
    answer = weighted(store, filters, HEADLINES)
    kinds = representation(store, filters).kinds
    store.close()
    for figure, f in zip(told["figures"], answer.figures, strict=True):
        for name, value in f.to_json().items():  # parts are summed in any order
            number = isinstance(value, float)
            assert figure[name] == (pytest.approx(value, rel=1e-12) if number else value), name
    assert told["kinds"] == [k.to_json() for k in kinds]
    assert told["weights_known"]
    assert told["weighting"]["margins"] == ["channel", "segment", "touchpoint"]


def test_weighting_says_in_words_what_weights_cost(run: Any, sample_store: Path) -> None:
    text = run("weighting", "--program", "sample", "--store", str(sample_store)).out
    assert "40,000 answers say as much as" in text
    assert "Complaint handling" in text


def test_dimensions_can_be_weighted(run: Any, sample_store: Path) -> None:
    where = ("--program", "sample", "--store", str(sample_store), "--json")
    told = run("dimensions", *where, "--weighted").json
    store = Store(sample_store)
    answer = weighted_dimensions(store, Filters("sample"))
    store.close()
    assert told["answers"] == "weighted"
    for row, own in zip(told["rows"], answer.rows, strict=True):
        # sums of products with weights end in another last digit each time they are added
        assert row == {
            k: pytest.approx(v, rel=1e-12) if isinstance(v, float) else v
            for k, v in own.to_json().items()
        }
    assert all(r["effective_n"] < r["n"] for r in told["rows"])
    assert run("dimensions", *where).json["answers"] == "unweighted"


def test_questions_are_weighted_with_the_unweighted_beside(run: Any, sample_store: Path) -> None:
    where = ("--program", "sample", "--store", str(sample_store))
    rows = run("dimensions", *where, "--weighted", "--json").json["rows"]
    plain = run("dimensions", *where, "--json").json["rows"]
    assert [(r["dimension"], r["item"]) for r in rows] == [
        (r["dimension"], r["item"]) for r in plain
    ]
    for row, own in zip(rows, plain, strict=True):
        assert own.keys() <= row.keys()
        assert row["unweighted_gap"] == own["gap"]
        assert row["low"] < row["gap"] < row["high"]
    assert "unweighted" in run("dimensions", *where, "--weighted").out


def test_figures_over_time_can_be_weighted(run: Any, sample_store: Path) -> None:
    ask = ("metrics", "--program", "sample", "--store", str(sample_store), "--weighted")
    some = ("--metric", "csat_top_box,response_count", "--by", "quarter")
    told = run(*ask, *some, "--json").json
    store = Store(sample_store)
    usual = Filters("sample")
    answer = weighted_series(store, usual, ("csat_top_box",), "quarter")
    store.close()
    assert told["answers"] == "weighted"
    assert told["unweighted"] == ["response_count"]
    for row, own in zip(told["rows"], answer.figures, strict=True):
        assert row["by"] == own.plain.by
        assert row["weighted"] == pytest.approx(own.weighted.value, rel=1e-12)
        assert row["unweighted"] == own.plain.value
        assert row["effective_n"] < row["n"]
    text = run(*ask, *some).out
    assert "eff. n" in text
    assert "response_count: A number of answers is not weighted" in text
    refused = run(*ask, "--metric", "csat_top_box", "--by", "branch")
    assert refused.code != 0
    assert "quarter" in refused.err


def test_figures_in_total_can_be_weighted(run: Any, sample_store: Path) -> None:
    where = ("--program", "sample", "--store", str(sample_store))
    told = run("metrics", *where, "--weighted", "--metric", "nps", "--json").json
    same = run("weighting", *where, "--metric", "nps", "--json").json["figures"]
    assert told["rows"][0]["weighted"] == pytest.approx(same[0]["weighted"], rel=1e-12)


def test_groups_can_be_weighted(run: Any, sample_store: Path) -> None:
    ask = (
        "groups",
        "--program",
        "sample",
        "--store",
        str(sample_store),
        "--metric",
        "gap:reliability",
    )
    told = run(*ask, "--by", "channel", "--weighted", "--json").json
    plain = run(*ask, "--by", "channel", "--json").json
    store = Store(sample_store)
    answer = weighted_groups(store, Filters("sample"), "gap:reliability", "channel")
    store.close()
    assert (told["answers"], plain["answers"]) == ("weighted", "unweighted")
    assert told["correction"] == "holm"
    for row, own, old in zip(told["rows"], answer.figures, plain["rows"], strict=True):
        assert row["by"] == own.plain.by == old["by"]
        assert row["value"] == pytest.approx(own.weighted.value, rel=1e-12)
        assert row["difference"] == pytest.approx(own.weighted.difference, rel=1e-9)
        assert row["unweighted_difference"] == old["difference"]
    text = run(*ask, "--by", "channel", "--weighted").out
    assert "eff. n" in text
    assert "Holm" in text
    cases = run(*ask[:-1], "complaints_received", "--weighted").out
    assert "complaints are counted, not weighted" in cases


COUNTING_ALIKE = (
    ("metrics", "--metric", "nps"),
    ("dimensions",),
    ("groups", "--metric", "csat_mean"),
    ("control", "--metric", "csat_mean"),
    ("answers",),
    ("drivers",),
    ("penalty-reward",),
    ("kano",),
    ("zones",),
    ("importance",),
    ("soundness",),
    ("changes",),
    ("funnel", "--metric", "csat_top_box"),
    ("signals",),
    ("gaps",),
    ("index",),
    ("definitions",),
    ("agreement",),
)


@pytest.mark.parametrize("command", COUNTING_ALIKE, ids=lambda c: c[0])
def test_commands_on_answers_say_that_they_do_not_weigh_them(
    run: Any, sample_store: Path, command: tuple[str, ...]
) -> None:
    told = run(command[0], "--program", "sample", "--store", str(sample_store), *command[1:])
    assert "Not weighted: every answer counts once" in told.out


@pytest.mark.parametrize(
    "command",
    [("metrics", "--metric", "complaints_received"), ("groups", "--metric", "complaints_per_1000")],
    ids=lambda c: c[0],
)
def test_commands_on_cases_alone_say_nothing_of_weights(
    run: Any, sample_store: Path, command: tuple[str, ...]
) -> None:
    told = run(command[0], "--program", "sample", "--store", str(sample_store), *command[1:])
    assert told.code == 0
    assert "weighted" not in told.out


def test_margins_are_loaded_whatever_their_columns_are_called_and_undone(
    run: Any, file: Any, own_sample_store: Path
) -> None:
    where = ("--program", "bank", "--store", str(own_sample_store))
    loaded = run("margins", *where, file(MARGINS), "--json")
    assert loaded.code == 0
    assert [(r["kind"], r["group"], r["share"]) for r in loaded.json["rows"]] == [
        ("branch", "East", 60.0),
        ("branch", "North", 20.0),
        ("branch", "West", 20.0),
    ]
    assert run("undo", str(loaded.json["batch"]), "--store", str(own_sample_store)).code == 0
    assert run("margins", *where, "--json").code != 0  # the program holds nothing any more


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MARGINS + "planet,Mars,4\n", "'planet'"),
        (MARGINS + "branch,South,-4\n", "'-4'"),
        ("Variable,Category\nbranch,North\n", "people"),
    ],
)
def test_a_file_that_makes_no_margins_is_refused_with_its_reason(
    run: Any, file: Any, tmp_path: Path, text: str, said: str
) -> None:
    store = str(tmp_path / "own.duckdb")
    refused = run("margins", "--program", "bank", "--store", store, file(text))
    assert refused.code != 0
    assert said in refused.err + refused.out
