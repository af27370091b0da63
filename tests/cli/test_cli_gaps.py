"""The command that prints the five gaps."""

from __future__ import annotations

import csv
import random
import shutil
from pathlib import Path

import pytest

from csat.ingest.instruments import instrument

RATINGS = {"desired": (6, 7), "adequate": (4, 4), "perception": (5, 4), "management": (5, 6)}

POINTS = {
    "managers": dict(tangibles=40, reliability=20, responsiveness=20, assurance=10, empathy=10),
    "importance": dict(tangibles=10, reliability=40, responsiveness=20, assurance=20, empathy=10),
}


def fill(folder: Path, name: str, people: int) -> Path:
    """Write a questionnaire that was filled in."""
    made, chance = instrument(name), random.Random(name)
    path = folder / f"{name}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([a.header for a in made.asked])
        for k in range(people):
            row: list[object] = []
            for a in made.asked:
                item = a.column.item
                plain = {"response_id": f"r{k}", "submitted_at": "2026-05-04", "branch": "North"}
                if item is None:
                    row.append(plain.get(a.column.role, ""))
                elif item.scale.maximum == 100:
                    row.append(POINTS[name][item.dimension] + chance.randrange(6))
                else:
                    row.append(RATINGS.get(item.viewpoint, (3, 5))[chance.randrange(2)])
            writer.writerow(row)
    return path


@pytest.fixture(scope="module")
def filled_store(carry_out, tmp_path_factory):
    """Load a survey of customers and what managers believe, without naming a mapping."""
    folder = tmp_path_factory.mktemp("filled")
    return carry_out(
        folder / "store",
        ("import", fill(folder, "service-quality", 60), "--program", "bank"),
        ("import", fill(folder, "managers", 40), "--program", "bank"),
    )


@pytest.fixture
def filled(run, filled_store, store_path):
    shutil.copytree(filled_store, store_path.parent)
    return run


def test_json_has_a_row_for_every_gap_dimension_and_source(filled):
    told = filled("gaps", "--program", "bank", "--json").json
    surveys = [(r["gap"], r["dimension"]) for r in told["rows"] if r["source"] == "survey"]
    assert len(surveys) == len(set(surveys)) == 5 * 6
    assert {r["gap"] for r in told["rows"] if r["source"] == "record"} >= {3}
    for row in told["rows"]:
        assert set(row) >= {
            *("gap", "dimension", "source", "value", "low", "high"),
            *("n", "n_reference", "verdict", "needs"),
        }
        assert (row["value"] is None) == (row["needs"] is not None)
    one = next(r for r in told["rows"] if r["gap"] == 1 and r["dimension"] is None)
    assert one["value"] < 0
    assert one["low"] < one["value"] < one["high"]
    assert (one["n"], one["n_reference"]) == (40, 60)
    assert one["verdict"] == "worse"


def test_the_largest_internal_gap_is_named(filled):
    told = filled("gaps", "--program", "bank", "--json").json
    assert {r["dimension"]: r["gap"] for r in told["largest"]}["empathy"] == 1
    said = filled("gaps", "--program", "bank").out
    assert "largest internal gap of empathy: Gap 1: understanding" in said
    assert "needs staff's answers" in said


def test_filters_are_those_of_the_other_commands(filled):
    told = filled("gaps", "--program", "bank", "--where", "branch=North", "--json").json
    assert told["filters"]["branch"] == ["North"]
    wrong = filled("gaps", "--program", "bank", "--where", "branch=Nrth")
    assert wrong.code == 2


def test_managers_points_stand_beside_those_of_customers(filled, tmp_path):
    missing = filled("gaps", "--program", "bank", "--json").json["importance"]
    assert missing["rows"] == []
    assert "customers' 100 points" in missing["needs"]
    done = filled("import", fill(tmp_path, "importance", 60), "--program", "bank")
    assert done.code == 0, done.err
    told = filled("gaps", "--program", "bank", "--json").json["importance"]
    assert (told["n_managers"], told["n_customers"]) == (40, 60)
    assert told["managers_first"] == ["tangibles"]
    assert told["customers_first"] == ["reliability"]
    one = next(r for r in told["rows"] if r["dimension"] == "reliability")
    assert one["difference"] == pytest.approx(one["managers"] - one["customers"])
    assert one["difference_low"] < one["difference"] < one["difference_high"] < 0
    assert one["verdict"] == "underrated"
    said = filled("gaps", "--program", "bank").out
    assert "managers underrate it" in said
    assert "matters most to customers, managers say: tangibles" in said
