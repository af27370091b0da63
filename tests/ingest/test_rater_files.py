"""Files of raters: forms that map themselves, rows that are refused, versions, undo, the page."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.batches import Loaded, commit
from csat.ingest.choosing import sole_fitting
from csat.ingest.evidence import FORMS
from csat.ingest.instruments import LANGUAGES, instrument
from csat.ingest.mapping import Mapping
from csat.ingest.said import keep_rows
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER, User
from csat.model.problem import ImportProblem, NotAllowed, UsageProblem
from csat.sample.raters import CHECKS, RATER_COLUMNS
from csat.store.integrity import check_store
from csat.store.store import Store

NAMES = ("mystery-shopper", "evaluations", "findings", "comparisons", "grades")
Load = Callable[..., Loaded]


@pytest.fixture
def fill(store: Store, tmp_path: Path) -> Load:
    """Fill in a form, rows given by role (``checks`` for the checklist), and load it."""

    def load(name: str, *rows: dict[str, Any], language: str = "en") -> Loaded:
        made = instrument(name, language)
        path = tmp_path / f"{name}-{store.data_version()}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([a.header for a in made.asked])
            for row in rows:
                checks = iter(row.get("checks", ()))
                writer.writerow(
                    next(checks, "") if a.column.item else row.get(a.column.role, "")
                    for a in made.asked
                )
        source = open_source(path)
        return commit(store, source, sole_fitting(store, source), program="bank", user=LOCAL_USER)

    return load


def visit(number: str, rater: str, checks: Sequence[str], **more: Any) -> dict[str, Any]:
    return {
        **{"visit": number, "evaluated_at": "2026-05-04", "rater": rater, "branch": "North"},
        **{"method": "mystery_shopper", "checks": checks},
        **more,
    }


def refused(loaded: Loaded) -> list[tuple[int, str]]:
    return [(r.row_no, str(r.reason)) for r in loaded.checked.refused]


def finding(number: str, **more: Any) -> dict[str, Any]:
    return {"finding_no": number, "found_on": "2026-05-04", "finding": "Dirty", **more}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_a_filled_form_is_known_by_its_columns(
    store: Store, name: str, language: str, tmp_path: Path
) -> None:
    made = instrument(name, language)
    path = tmp_path / "form.csv"
    header = [a.header for a in made.asked]
    path.write_text(",".join(f'"{h}"' for h in header) + "\n" + "," * (len(header) - 1) + "x\n")
    assert sole_fitting(store, open_source(path)).name == made.preset_name


@pytest.mark.parametrize("name", NAMES)
def test_a_form_reads_back_from_its_mapping_and_is_alike_in_both_languages(name: str) -> None:
    one, other = (instrument(name, language).mapping() for language in LANGUAGES)
    assert Mapping.from_json(one.to_json()) == one
    assert [(c.role, c.item and (c.item.key, c.item.weight)) for c in one.columns] == [
        (c.role, c.item and (c.item.key, c.item.weight)) for c in other.columns
    ]


def test_a_row_of_a_checklist_becomes_a_row_for_each_criterion(store: Store, fill: Load) -> None:
    loaded = fill("mystery-shopper", visit("1", "Ann", ["pass"] * 9 + ["FAIL", "n/a", "1"]))
    rows = store.rows("SELECT * FROM evaluation ORDER BY criterion")
    assert loaded.checked.rows_accepted == 1
    assert len(rows) == 15
    assert [r["points"] for r in rows].count(1.0) == 10
    assert [r["points"] for r in rows].count(None) == 1 + 3  # not applicable, and left blank
    [failed] = [r for r in rows if r["points"] == 0]
    assert (failed["critical"], failed["weight"], failed["dimension"]) == (1, 3.0, "assurance")
    assert (failed["day_key"], failed["branch"]) == (20260504, "North")
    assert check_store(store) == []


def test_a_rating_counts_as_the_share_of_its_scale(store: Store, fill: Load) -> None:
    seen = {"visit": "1", "evaluated_at": "2026-05-04", "rater": "王", "method": "专家"}
    fill(
        "evaluations",
        {**seen, "criterion": "a", "result": "4", "scale_low": "1", "scale_high": "5"},
        {**seen, "criterion": "b", "result": "合格", "critical": "是", "weight": "2"},
        {**seen, "criterion": "c", "result": "不适用", "dimension": "可靠性"},
        language="zh_CN",
    )
    rows = store.rows(
        "SELECT criterion, points, critical, weight, dimension, method FROM evaluation ORDER BY 1"
    )
    assert [tuple(r.values()) for r in rows] == [
        ("a", 0.75, 0, 1.0, None, "expert"),
        ("b", 1.0, 1, 2.0, None, "expert"),
        ("c", None, 0, 1.0, "reliability", "expert"),
    ]


def test_what_makes_no_sense_is_refused_with_its_reason(fill: Load) -> None:
    seen = {"visit": "1", "evaluated_at": "2026-05-04", "criterion": "a", "result": "pass"}
    loaded = fill(
        "evaluations",
        seen,
        {**seen, "rater": "x", "result": "perhaps"},
        {**seen, "rater": "y", "result": "6", "scale_low": "1", "scale_high": "5"},
        {**seen, "rater": "z", "method": "neighbour"},
        {**seen, "visit": ""},
        seen,
    )
    assert loaded.checked.rows_accepted == 1
    told = dict(refused(loaded))
    assert "neither passed nor failed" in told[3]
    assert "neither passed nor failed" in told[4]
    assert "mystery_shopper, expert, third_party" in told[5]
    assert told[6] == "is empty"
    assert told[7] == "also stands in an earlier row of this file"


def test_findings_comparisons_and_grades_refuse_what_makes_no_sense(fill: Load) -> None:
    bad = fill(
        "findings", finding("1"), finding("2", due_on="2026-05-03"), finding("3", severity="?")
    )
    assert [n for n, _ in refused(bad)] == [3, 4]
    pairs = [("a", "b", "1/3"), ("a", "a", "2"), ("a", "c", "0")]
    rows = [{"expert": "E", "indicator": a, "other": b, "times": t} for a, b, t in pairs]
    assert [n for n, _ in refused(fill("comparisons", *rows))] == [3, 4]
    grades = [{"grade": "A", "floor": "90", "cap": "50"}, {"grade": "B", "floor": "101"}]
    assert [n for n, _ in refused(fill("grades", *grades))] == [3]


def test_a_later_file_replaces_a_row_by_its_key_and_undo_brings_it_back(
    store: Store, fill: Load, everything: Callable[[], dict[str, Any]]
) -> None:
    first = fill("findings", finding("1", owner="Ann", evidence="photo"), finding("2"))
    before = {f.table: everything()[f.table] for f in FORMS.values()}
    second = fill("findings", finding("1", closed_on="2026-06-01", owner="Ann"), finding("2"))
    assert (second.checked.rows_updated, second.checked.rows_duplicate) == (1, 1)
    [now] = store.rows("SELECT closed_on, batch_id FROM finding WHERE finding_no = '1'")
    assert (str(now["closed_on"]), now["batch_id"]) == ("2026-06-01", second.batch_id)
    assert check_store(store) == []
    undo(store, second.batch_id, LOCAL_USER)
    assert {f.table: everything()[f.table] for f in FORMS.values()} == before
    fill("findings", finding("1", closed_on="2026-06-02"))
    undo(store, first.batch_id, LOCAL_USER)
    rows = store.rows("SELECT finding_no, CAST(closed_on AS VARCHAR) AS d FROM finding")
    assert rows == [{"finding_no": "1", "d": "2026-06-02"}]
    assert check_store(store) == []


def test_a_changed_checklist_replaces_all_criteria_of_the_visit(store: Store, fill: Load) -> None:
    fill("mystery-shopper", visit("1", "Ann", ["pass"] * 15), visit("2", "Ann", ["pass"] * 15))
    again = fill(
        "mystery-shopper", visit("1", "Ann", ["fail"] * 15), visit("2", "Ann", ["pass"] * 15)
    )
    assert (again.checked.rows_updated, again.checked.rows_duplicate) == (1, 1)
    rows = store.rows("SELECT visit, SUM(points) AS p, COUNT(*) AS n FROM evaluation GROUP BY 1")
    assert {r["visit"]: (r["p"], r["n"]) for r in rows} == {"1": (0, 15), "2": (15, 15)}
    assert check_store(store) == []
    undo(store, again.batch_id, LOCAL_USER)
    assert store.rows("SELECT SUM(points) AS p FROM evaluation")[0]["p"] == 30
    assert check_store(store) == []


def test_what_a_file_does_not_state_stays(store: Store, fill: Load, tmp_path: Path) -> None:
    fill("findings", finding("1", owner="Ann", severity="high"))
    path = tmp_path / "closed.csv"
    path.write_text("no,day,what,closed\n1,2026-05-04,Dirty,2026-06-01\n")
    text = (
        '{"kind": "findings", "title": "x", "columns": ['
        '{"column": "no", "role": "finding_no"}, {"column": "day", "role": "found_on"}, '
        '{"column": "what", "role": "finding"}, {"column": "closed", "role": "closed_on"}]}'
    )
    mapping = Mapping.from_json(text, name="closed")
    loaded = commit(store, open_source(path), mapping, program="bank", user=LOCAL_USER)
    assert loaded.checked.tally.changed == {"closed": 1}
    [row] = store.rows("SELECT owner, severity, CAST(closed_on AS VARCHAR) AS d FROM finding")
    assert row == {"owner": "Ann", "severity": "high", "d": "2026-06-01"}


def test_the_latest_file_of_grades_is_in_force(store: Store, fill: Load) -> None:
    fill("grades", {"grade": "A", "floor": "90"}, {"grade": "B", "floor": "0"})
    again = fill("grades", {"grade": "A", "floor": "90"}, {"grade": "C", "floor": "0"})
    assert again.checked.rows_duplicate == 0
    assert len(store.rows("SELECT * FROM grade_band")) == 4
    undo(store, again.batch_id, LOCAL_USER)
    assert {r["grade"] for r in store.rows("SELECT grade FROM grade_band")} == {"A", "B"}


def test_a_row_stated_on_the_page_is_a_batch_like_any_other(store: Store, fill: Load) -> None:
    fill("findings", finding("1"))
    quality = User("qi", ("quality",))
    said = keep_rows(store, "findings", "bank", [finding("1", owner="Bo")], quality)
    back = keep_rows(store, "findings", "bank", [finding("1", owner="")], quality)
    again = keep_rows(store, "findings", "bank", [finding("1", owner="Bo")], quality)
    assert [b.checked.rows_updated for b in (said, back, again)] == [1, 1, 1]
    by = store.rows("SELECT loaded_by FROM batch WHERE batch_id = $b", {"b": said.batch_id})
    assert by == [{"loaded_by": "qi"}]
    assert len(store.rows("SELECT * FROM superseded_finding")) == 3
    undo(store, again.batch_id, LOCAL_USER)
    assert store.rows("SELECT owner FROM finding") == [{"owner": None}]
    assert check_store(store) == []


def test_who_may_not_state_rows_is_refused(store: Store, fill: Load) -> None:
    fill("findings", finding("1"))
    pair = {"expert": "E", "indicator": "a", "other": "b", "times": "2"}
    with pytest.raises(NotAllowed):
        keep_rows(store, "findings", "bank", [finding("2")], User("ex", ("executive",)))
    with pytest.raises(NotAllowed):
        keep_rows(store, "comparisons", "bank", [pair], User("qi", ("quality",)))
    with pytest.raises(UsageProblem):
        keep_rows(store, "findings", "nowhere", [finding("2")], LOCAL_USER)
    with pytest.raises(ImportProblem, match="lies before"):
        keep_rows(store, "findings", "bank", [finding("2", due_on="2020-01-01")], LOCAL_USER)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ('{"column": "r", "role": "result"}', "No column holds what was rated"),
        (
            '{"column": "r", "role": "result"}, {"column": "q", "role": "item", '
            '"item": {"key": "q", "scale": {"min": 0, "max": 1}}}',
            "is a criterion of its own",
        ),
        (
            '{"column": "d2", "role": "dimension"}, {"column": "q", "role": "item", '
            '"item": {"key": "q", "scale": {"min": 0, "max": 1}}}',
            "is about one criterion, but each row holds a whole visit",
        ),
        (
            '{"column": "q", "role": "item", '
            '"item": {"key": "q", "scale": {"min": 0, "max": 1}, "weight": 0}}',
            "weighs nothing",
        ),
    ],
)
def test_a_mapping_that_says_half_is_refused(columns: str, said: str) -> None:
    head = '{"column": "d", "role": "evaluated_at"}, {"column": "v", "role": "visit"}'
    with pytest.raises(ImportProblem, match=said):
        Mapping.from_json(f'{{"kind": "evaluations", "columns": [{head}, {columns}]}}', name="x")


def test_the_sample_fills_in_the_checklist_that_is_shipped() -> None:
    made = instrument("mystery-shopper").mapping()
    items = [c.item for c in made.columns if c.item]
    assert [(i.dimension, i.weight, i.critical) for i in items] == [
        (c.dimension, float(c.weight), c.critical) for c in CHECKS
    ]
    for name, columns in RATER_COLUMNS.items():
        assert set(columns) <= {c.role for c in instrument(name).mapping().columns}
