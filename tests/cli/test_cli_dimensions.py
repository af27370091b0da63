"""The commands on dimensions, drivers and questionnaires."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from csat.cli import main
from csat.ingest.columns import LANGUAGES
from csat.ingest.instruments import instrument, instrument_names

Said = tuple[int, str, str]


@pytest.fixture
def csat(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """Run the command line on a store of this test."""

    def run(*words: str) -> Said:
        code = main(["--store", str(tmp_path / "own.duckdb"), *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


def fill(path: Path, people: int = 60) -> None:
    """Fill in the complete questionnaire: reliability short by 2, all else by 1."""
    asked = instrument("complete").asked
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([a.header for a in asked])
        for i in range(people):
            wobble = i % 2
            row: list[object] = []
            for a in asked:
                item = a.column.item
                if item is None:
                    given = {"response_id": i, "submitted_at": f"2026-03-{1 + i % 28:02d}"}
                    given |= {"branch": "A" if i % 3 else "B", "comment": "so so"}
                    row.append(given.get(a.column.role, ""))
                elif item.viewpoint == "importance":
                    row.append(40 if item.dimension == "reliability" else 15)
                elif item.measures:
                    row.append(3 + wobble)
                else:
                    level = {"adequate": 3, "desired": 6, "perception": 5}[item.viewpoint]
                    short = item.viewpoint == "perception" and item.dimension == "reliability"
                    row.append(level - short + wobble * (item.viewpoint != "desired"))
            writer.writerow(row)


@pytest.fixture(scope="module")
def filled_store(carry_out: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Load the questionnaire without naming a mapping."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder / "filled.csv")
    return Path(carry_out(folder, ("import", folder / "filled.csv", "--program", "own")))


@pytest.fixture
def filled(csat: Any, filled_store: Path, tmp_path: Path) -> Any:
    shutil.copyfile(filled_store / "csat.duckdb", tmp_path / "own.duckdb")
    return csat


def test_dimensions_are_printed_with_their_questions(filled: Any) -> None:
    code, out, _ = filled("dimensions", "--program", "own", "--json")
    told = json.loads(out)
    assert code == 0
    own = {r["dimension"]: r for r in told["rows"] if r["item"] is None}
    assert len(own) == 5
    assert len(told["rows"]) == 5 + 22
    row = own["reliability"]
    assert (row["expectation"], row["perception"], row["gap"], row["n"]) == (6.0, 4.5, -1.5, 60)
    assert (row["weight"], told["weights"]["source"]) == (40.0, "points")
    assert row["low"] < row["gap"] < row["high"]
    assert own["empathy"]["gap"] == -0.5
    assert told["scores"]["unweighted"] == pytest.approx(-0.7)
    assert told["scores"]["weighted"] == pytest.approx(-0.9)


OWN = ("weights", "--program", "own")


def test_a_program_s_own_weights_are_set_used_listed_and_taken_back(filled: Any) -> None:
    assert filled(*OWN) == (0, "own has no weights of its own\n", "")
    code, out, err = filled(
        *OWN, "--set", "reliability=60,empathy=40", "--from", "2026-01-01",
        "--reason", "agreed by the board", "--json",
    )  # fmt: skip
    assert code == 0, err
    [row] = json.loads(out)["rows"]
    assert (row["set"], row["valid_from"], row["in_force"]) == (1, "2026-01-01", True)
    assert row["points"]["reliability"] == 60
    told = json.loads(filled("dimensions", "--program", "own", "--json")[1])
    assert told["weights"]["source"] == "own"
    assert told["scores"]["weighted"] == pytest.approx(0.6 * -1.5 + 0.4 * -0.5)
    code, out, _ = filled(*OWN, "--take-back", "1")
    assert code == 0
    assert "taken back by" in out
    told = json.loads(filled("dimensions", "--program", "own", "--json")[1])
    assert told["weights"]["source"] == "points"


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--set", "reliability=60,empathy=40"), "need a day and a reason"),
        (("--set", "reliability", "--from", "2026-01-01", "--reason", "x"), "says no weight"),
        (("--set", "reliability=100", "--from", "soon", "--reason", "x"), "is no day"),
        (("--set", "reliability=99", "--from", "2026-01-01", "--reason", "x"), "add up to 99"),
        (("--take-back", "7"), "no weights 7"),
    ],
)
def test_wrong_weights_are_refused_with_the_reason(
    filled: Any, words: tuple[str, ...], complaint: str
) -> None:
    code, _, err = filled(*OWN, *words)
    assert code == 2
    assert complaint in err


def test_effects_and_features_are_printed_for_people(filled: Any) -> None:
    code, out, _ = filled("penalty-reward", "--program", "own")
    assert code == 0
    assert "cannot be told apart" in out or "dimension" in out
    code, out, _ = filled("kano", "--program", "own")
    assert (code, "Not measured" in out) == (0, True)


def test_weights_are_chosen_or_given(filled: Any) -> None:
    for words, weighted in (
        ("equal", -0.7),
        ("published", -0.82),
        ("reliability=1,empathy=1", -1.0),
    ):
        _, out, _ = filled("dimensions", "--program", "own", "--weights", words, "--json")
        assert json.loads(out)["scores"]["weighted"] == pytest.approx(weighted)
    for words in ("nonsense", "nobody=3", "empathy=-1", "empathy=0", "stated"):
        assert filled("dimensions", "--program", "own", "--weights", words)[0] == 2


def test_people_read_a_table(filled: Any) -> None:
    _, out, _ = filled("dimensions", "--program", "own")
    assert "reliability" in out
    assert "-1.50" in out
    assert "weights: 100 points" in out
    code, out, _ = filled("drivers", "--program", "own")
    assert code == 0
    assert "Association, not cause" in out or "Too few people" in out


def test_a_filter_keeps_only_its_people(filled: Any) -> None:
    _, out, _ = filled("dimensions", "--program", "own", "--where", "branch=A", "--json")
    assert {r["n"] for r in json.loads(out)["rows"]} == {40}


def test_questionnaires_are_listed(csat: Any) -> None:
    code, out, _ = csat("instruments", "--json")
    assert code == 0
    assert [i["name"] for i in json.loads(out)] == instrument_names()
    assert "complete" in csat("instruments")[1]


OF_RATERS = {
    **{"evaluated_at": "2026-03-05", "method": "expert", "critical": "no", "result": "pass"},
    **{"found_on": "2026-03-05", "due_on": "2026-03-06", "closed_on": "", "severity": "high"},
    **{"weight": 2, "scale_low": "", "scale_high": "", "times": 3, "floor": 90, "cap": 50},
    **{"other": "another text"},
}
"""A good value for each column of raters' forms that takes no text of any kind."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", instrument_names())
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_made_from_a_template_maps_itself(
    csat: Any, tmp_path: Path, name: str, language: str, kind: str
) -> None:
    path = tmp_path / f"form.{kind}"
    code, _, err = csat("instruments", name, "--language", language, "--output", str(path))
    assert code == 0, err
    asked = instrument(name, language).asked
    values: list[object] = []
    for a in asked:
        known = {"submitted_at": "2026-03-05", "response_id": "1", **OF_RATERS}
        item = a.column.item
        values.append(item.scale.maximum if item else known.get(a.column.role, "text"))
    if kind == "csv":
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerow(values)
    else:
        book = load_workbook(path)
        assert len(book.sheetnames) == 2
        book.worksheets[0].append(values)
        book.save(path)
    code, out, err = csat("import", str(path), "--program", "own", "--json")
    assert code == 0, err
    told = json.loads(out)
    assert (told["rows_accepted"], told["rows_refused"]) == (1, 0)
    assert instrument(name, language).preset_name in err


def test_a_filled_template_of_features_tells_their_classes(csat: Any, tmp_path: Path) -> None:
    asked, path = instrument("features", "zh_CN").asked, tmp_path / "kano.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([a.header for a in asked])
        for i in range(40):
            known = {"submitted_at": f"2026-03-{1 + i % 28:02d}", "response_id": i}
            given = {"functional": 1, "dysfunctional": 3}
            writer.writerow(
                known.get(a.column.role, "") if a.column.item is None
                else given[a.column.item.viewpoint]
                for a in asked
            )  # fmt: skip
    code, _, err = csat("import", str(path), "--program", "own")
    assert code == 0, err
    rows = json.loads(csat("kano", "--program", "own", "--json")[1])["rows"]
    assert len(rows) == 8
    assert {(r["n"], r["class"], r["clear"]) for r in rows} == {(40, "A", True)}
    assert "网上预约" in csat("kano", "--program", "own")[1]


def test_a_template_is_never_written_over_another_file(csat: Any, tmp_path: Path) -> None:
    path = tmp_path / "there.csv"
    path.write_text("mine", encoding="utf-8")
    assert csat("instruments", "headline", "--output", str(path))[0] == 2
    assert path.read_text(encoding="utf-8") == "mine"
    assert csat("instruments", "headline", "--output", str(tmp_path / "a.pdf"))[0] == 2
    assert csat("instruments", "nothing")[0] == 2
