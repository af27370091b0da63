"""Standards, promises, conformance and definitions on the gaps page: the figures of the CLI."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csat.cli import main
from csat.locale.formats import Formats
from csat.model.register_fields import FIELDS, cells_of
from csat.model.registers import Standard
from csat.reports.register_files import register_bytes
from csat.store.store import Store
from csat.ui.quality.register_table import entries_of

f = Formats("en")
RENEWED = Standard("ASS-09", "Advice is given by certified staff only", "assurance", "Quotation")


@pytest.fixture
def told(
    sample_template: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Return what a command prints about a copy of the sample."""

    def tell(*argv: str) -> Any:
        copy = Path(shutil.copy(sample_template, tmp_path / "cli.duckdb"))
        assert main(["--store", str(copy), *argv, "--program", "sample", "--json"]) == 0
        return json.loads(capsys.readouterr().out)

    return tell


def frames(at: Any) -> list[Any]:
    return [d.value for d in at.dataframe]


def texts(at: Any) -> str:
    found = [*at.header, *at.markdown, *at.caption, *at.info, *at.warning, *at.error]
    return "\n".join(str(m.value) for m in found)


def test_gaps_from_records_are_those_of_the_command(
    sample_store: Path, open_page: Any, told: Callable[..., Any]
) -> None:
    rows = told("gaps")["rows"]
    at = open_page("gaps", sample_store, {"period": "all"})
    table = next(d for d in frames(at) if "n (promises)" in d.columns)
    heads = {2: "Gap 2: standards", 3: "Gap 3: delivery", 4: "Gap 4: communication"}
    counts = {2: "n (touchpoints)", 3: "n (cases and audits)", 4: "n (promises)"}
    names = list(table["Dimension"])
    seen = 0
    for row in (r for r in rows if r["source"] == "record"):
        place = names.index((row["dimension"] or "All dimensions").capitalize()
                            if row["dimension"] else "All dimensions")  # fmt: skip
        shown = table[heads[row["gap"]]][place]
        assert f.difference(row["value"], "percent") in shown
        if row["low"] is not None:
            assert f"{row['low']:.1f} to {row['high']:.1f}".replace("-", "−") in shown
        assert table[counts[row["gap"]]][place] == f.count(row["n"])
        seen += 1
    assert seen == 3 * 6


def test_gaps_from_surveys_are_those_of_the_command(
    sample_store: Path, open_page: Any, told: Callable[..., Any]
) -> None:
    rows = told("gaps")["rows"]
    at = open_page("gaps", sample_store, {"period": "all"})
    table = next(d for d in frames(at) if "Gap 1: understanding" in d.columns)
    heads = [c for c in table.columns if c != "Dimension"]
    names = list(table["Dimension"])
    for row in (r for r in rows if r["source"] == "survey"):
        place = names.index(row["dimension"].capitalize() if row["dimension"] else names[0])
        shown = table[heads[row["gap"] - 1]][place]
        assert f.value(row["value"], "rating") in shown
        assert f.interval(row["low"], row["high"], "rating") in shown


def test_every_standard_shows_what_the_command_measures(
    sample_store: Path, open_page: Any, told: Callable[..., Any]
) -> None:
    rows = {r["code"]: r for r in told("gaps")["records"]["standards"]}
    at = open_page("gaps", sample_store, {"period": "all"})
    table = next(d for d in frames(at) if "Reached, case by case" in d.columns)
    assert set(table["Code"]) == set(rows)
    for _, line in table.iterrows():
        row = rows[line["Code"]]
        words = {"met": "attained", "missed": "missed", "too_few": "too few"}
        assert words[row["state"]] in line["State"]
        assert ("out of date" in line["State"]) == row["stale"]
        assert line["Measured"].startswith(
            f.value(row["value"], "" if row["unit"] == "hours" else row["unit"])
        )
        assert line["n"] == f.count(row["n"])


def test_the_matrix_is_that_of_the_command_and_leads_to_its_cases(
    sample_store: Path, open_page: Any, told: Callable[..., Any]
) -> None:
    row = told("conformance")["rows"][0]
    at = open_page("gaps", sample_store, {"period": "all", "view": "conformance"})
    assert not at.exception
    shown = {m.label: m.value for m in at.metric}
    assert shown["Standard met, dissatisfied"] == f"{row['cells']['met-dissatisfied']} cases"
    assert shown["Standard missed, satisfied"] == f"{row['cells']['missed-satisfied']} cases"
    [link] = [x for x in at.page_link if x.proto.page == "complaints"]
    assert "conformance=met-dissatisfied" in link.proto.query_string
    query = {
        "period": "all",
        "touchpoint": row["touchpoints"],
        "conformance": f"met-dissatisfied:{row['basis']}",
    }
    cases = open_page("complaints", sample_store, query)
    assert not cases.exception
    assert not cases.error
    assert f"Showing **{row['cells']['met-dissatisfied']}** of" in texts(cases)


def test_where_a_period_is_too_short_the_one_that_answers_is_one_click_away(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("gaps", sample_store, {"view": "conformance"})
    assert "Withheld: too few answers" in texts(at)
    at.button(key="longer-period").click().run()
    assert at.query_params["period"] == "m12"
    assert "Withheld: too few answers" not in texts(at)
    assert "longer-period" not in [b.key for b in at.button]


def test_a_register_says_by_name_what_is_measured(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("gaps", sample_store, {"view": "registers"})
    table = next(d for d in frames(at) if "Metric" in d.columns)
    assert "Time to first response" in set(table["Metric"])
    assert not {"audit", "response_time"} & set(table["Metric"])
    assert {"yes", "no", ""} >= set(table["Written"])


def test_a_link_to_a_cell_that_is_none_is_refused_in_words(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, {"conformance": "met-dissatisfied:response-1"})
    assert not at.exception
    assert "Withheld" in texts(at)


def test_the_definitions_are_those_of_the_command(
    sample_store: Path, open_page: Any, told: Callable[..., Any]
) -> None:
    rows = told("definitions", "--from", "2026-07-01", "--to", "2026-09-30")["views"]
    at = open_page("gaps", sample_store, {"period": "m3", "view": "definitions"})
    assert not at.exception
    shown = [
        (value.partition(" (")[0], n)
        for d in at.table
        for value, n in zip(d.value["Value, 95% interval"], d.value["n"], strict=True)
    ]
    wanted = [
        (f.value(i["value"], i["unit"]), f.count(i["n"]))
        for view in rows
        for i in view["indicators"]
        if i["value"] is not None
    ]
    assert shown == wanted


def test_a_definition_that_is_mixed_is_not_called_good(sample_store: Path, open_page: Any) -> None:
    at = open_page("gaps", sample_store, {"period": "m3", "view": "definitions"})
    said = texts(at)
    assert "**Manufacturing based** :violet-badge[◆ mixed]" in said
    assert "**Answered in time** is good (Manufacturing based)" in said
    assert "**Manufacturing based** is good" not in said


def test_the_four_groups_are_named_as_the_language_lists(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("gaps", sample_store, {"view": "conformance"}, locale="zh-CN")
    assert "达到标准、满意" in [m.label for m in at.metric]


def test_stale_standards_are_flagged_and_every_version_is_listed(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("gaps", sample_store, {"period": "all", "view": "registers"})
    assert not at.exception
    assert "Out of date: ASS-09, EMP-08, RES-06." in texts(at)


def test_a_file_is_taken_in_and_its_change_taken_back(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("gaps", own_sample_store, {"period": "all", "view": "registers"})
    content = register_bytes("standards", "zh_CN", "csv", [RENEWED])
    at.file_uploader[0].upload("standards.csv", content, "text/csv").run()
    assert not at.exception
    assert "ASS-09" not in next(w.value for w in at.warning)
    at.session_state["register-history"] = True
    at.run()
    back = next(b for b in at.button if b.label == "Take back")
    back.click().run()
    assert "ASS-09" in next(w.value for w in at.warning)


def test_a_register_dropped_on_the_data_page_is_known_by_its_columns(
    own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("data", own_sample_store)
    content = register_bytes("standards", "en", "csv", [RENEWED])
    at.file_uploader[0].upload("anything.csv", content, "text/csv").run()
    assert "This file is a register: Standards." in texts(at)
    next(b for b in at.button if b.label == "Take it into the register").click().run()
    assert not at.exception
    assert "0 entries are new, 1 replaced" in at.success[0].value


def test_an_executive_reads_and_does_not_write(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("gaps", sample_store, {"period": "all", "view": "registers"})
    assert not at.exception
    assert not at.file_uploader
    assert not [b for b in at.button if b.label == "Save changes"]
    assert frames(at)


@pytest.mark.parametrize("view", ["registers", "conformance", "definitions"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize(
    "any_store",
    ["sample_store", "empty_store", "survey_store", "complaint_store"],
    indirect=True,
)
def test_every_view_draws_in_both_languages(
    any_store: Path, locale: str, view: str, open_page: Any
) -> None:
    at = open_page("gaps", any_store, {"view": view}, locale=locale)
    assert not at.exception
    assert not at.error


def test_an_edited_table_becomes_entries(sample_store: Path) -> None:
    import pandas as pd

    names = [x.name for x in FIELDS["standards"]]
    cells = cells_of(RENEWED)
    frame = pd.DataFrame([{**{n: cells[n] for n in names}, "written": True, "measurable": None},
                          dict.fromkeys(names)])  # fmt: skip
    [entry] = entries_of("standards", frame)
    assert (entry.code, entry.written, entry.measurable) == ("ASS-09", True, False)


def test_the_sample_store_is_left_as_it_was(sample_store: Path) -> None:
    store = Store(Path(shutil.copy(sample_store, sample_store.with_name("look.duckdb"))))
    assert store.rows("SELECT COUNT(DISTINCT change_no) AS n FROM register_version")[0]["n"] == 2
    store.close()
