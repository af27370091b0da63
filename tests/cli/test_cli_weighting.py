"""Margins by the command line, and the figures of the page of who answered."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.queries.representation import representation
from csat.queries.weighted import HEADLINES, weighted
from csat.queries.weighted_dimensions import weighted_dimensions
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
