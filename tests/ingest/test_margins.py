"""Population margins: a file that only makes sense whole, and how a sample was drawn."""

from __future__ import annotations

from typing import Any

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.preset import preset
from csat.ingest.source import open_source
from csat.ingest.suggest import guess_kind, suggest
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import AlreadyLoaded, ImportProblem
from csat.model.scale import Scale
from csat.store.integrity import check_store
from csat.store.store import Store

HEADER = ["group_kind", "group", "served", "invited", "month"]
MARGINS = preset("population-margins")


def margins(store: Store) -> list[tuple[Any, ...]]:
    rows = store.rows(
        "SELECT group_kind, group_name, people, invited, month_key FROM population_margin "
        "ORDER BY ALL"
    )
    return [tuple(row.values()) for row in rows]


def test_counts_and_shares_are_stored_as_they_stand(store: Store, load, write_csv) -> None:
    rows = [["segment", "Gold", 1000, 80, "2026-01"], ["segment", "Silver", 3000, 90, "2026-01"]]
    load(write_csv([HEADER, *rows, ["Channel", "Web", 0.25, "", ""]]), MARGINS)
    assert margins(store) == [
        ("channel", "Web", 0.25, None, None),
        ("segment", "Gold", 1000.0, 80, 202601),
        ("segment", "Silver", 3000.0, 90, 202601),
    ]
    assert check_store(store) == []


@pytest.mark.parametrize(
    ("said", "kind"), [("BRANCH", "branch"), (" Touchpoint", "touchpoint"), ("客群", "segment")]
)
def test_the_kind_of_group_may_be_named_in_two_languages(
    store: Store, load, write_csv, said: str, kind: str
) -> None:
    load(write_csv([HEADER, [said, "A", 1, "", ""]]), MARGINS)
    assert margins(store)[0][0] == kind


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (["planet", "Mars", 5, "", ""], "group_kind"),
        (["segment", "", 5, "", ""], "group"),
        (["segment", "Gold", 0, "", ""], "served"),
        (["segment", "Gold", "inf", "", ""], "served"),
        (["segment", "Gold", "", "", ""], "served"),
        (["segment", "Gold", 5, 2.5, ""], "invited"),
        (["segment", "Gold", 5, "", "soon"], "month"),
        (["Segment", "Silver", 5, "", ""], "group_kind"),
        (["segment", "Gold", 5, "", "2026-01"], "month"),
    ],
)
def test_one_wrong_row_refuses_the_whole_file(
    store: Store, write_csv, row: list[object], column: str
) -> None:
    source = open_source(write_csv([HEADER, ["segment", "Silver", 7, "", ""], row]))
    checked = dry_run(store, source, MARGINS, "demo")
    assert checked.rows_accepted == 0
    assert checked.rows_duplicate == 0
    assert column in [r.column for r in checked.refused]
    assert {r.row_no for r in checked.refused} == {2, 3}


def test_a_file_of_one_wrong_row_is_not_loaded(store: Store, load, write_csv) -> None:
    with pytest.raises(ImportProblem):
        load(write_csv([HEADER, ["segment", "Gold", -1, "", ""]]), MARGINS)
    assert margins(store) == []


def test_undo_takes_the_margins_back(store: Store, load, write_csv) -> None:
    before = load(write_csv([HEADER, ["segment", "Gold", 1, "", ""]], "a.csv"), MARGINS)
    after = load(write_csv([HEADER, ["segment", "Gold", 2, "", ""]], "b.csv"), MARGINS)
    undo(store, after.batch_id, LOCAL_USER)
    assert margins(store) == [("segment", "Gold", 1.0, None, None)]
    undo(store, before.batch_id, LOCAL_USER)
    assert margins(store) == []


def test_the_same_file_is_not_loaded_twice(load, write_csv) -> None:
    path = write_csv([HEADER, ["segment", "Gold", 1, "", ""]])
    load(path, MARGINS)
    with pytest.raises(AlreadyLoaded):
        load(path, MARGINS)


def test_a_file_of_margins_is_known_by_its_columns() -> None:
    for names in (HEADER, ["variable", "category", "share"], ["分组变量", "类别", "人数"]):
        assert guess_kind(names) == "margins"
        rows = [["segment", "Gold", "0.4"], ["segment", "Silver", "0.6"]]
        if len(names) == 5:
            rows = [[*r, "100", "2026-01"] for r in rows]
        found = suggest("m.csv", names, rows, "margins").mapping
        roles = {c.role for c in found.columns}
        assert {"group_kind", "group_name", "people"} <= roles


@pytest.fixture
def designed() -> Mapping:
    """Return the reading of a survey file that says how its sample was drawn."""
    item = Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))
    return Mapping(
        name="designed",
        kind="survey",
        title="Designed",
        survey_key="designed",
        columns=(
            Column("id", "response_id"),
            Column("when", "submitted_at"),
            Column("w", "weight"),
            Column("stratum", "stratum"),
            Column("psu", "cluster"),
            Column("csat", "item", item=item),
        ),
    )


DESIGN = ["id", "when", "w", "stratum", "psu", "csat"]


def test_weight_stratum_and_cluster_are_kept_with_the_response(
    store: Store, load, write_csv, designed: Mapping
) -> None:
    load(write_csv([DESIGN, [1, "2026-01-05", 1.5, "urban", "u1", 4]]), designed)
    [row] = store.rows("SELECT weight, stratum, cluster FROM response")
    assert row == {"weight": 1.5, "stratum": "urban", "cluster": "u1"}


@pytest.mark.parametrize("weight", ["0", "-1", "inf", "nan", "heavy"])
def test_a_weight_is_a_finite_number_above_zero(
    store: Store, write_csv, designed: Mapping, weight: str
) -> None:
    source = open_source(write_csv([DESIGN, [1, "2026-01-05", weight, "a", "b", 4]]))
    [refused] = dry_run(store, source, designed, "demo").refused
    assert (refused.column, refused.value) == ("w", weight)


def test_a_corrected_stratum_replaces_the_earlier_version_and_undo_restores_it(
    store: Store, load, write_csv, designed: Mapping
) -> None:
    load(write_csv([DESIGN, [1, "2026-01-05", 1, "urban", "u1", 4]], "a.csv"), designed)
    later = load(write_csv([DESIGN, [1, "2026-01-05", 1, "rural", "u1", 4]], "b.csv"), designed)
    assert store.rows("SELECT stratum FROM response") == [{"stratum": "rural"}]
    undo(store, later.batch_id, LOCAL_USER)
    assert store.rows("SELECT stratum FROM response") == [{"stratum": "urban"}]


@pytest.mark.parametrize(
    ("name", "role", "values"),
    [
        ("survey_weight", "weight", ["0.8", "1.21", "3"]),
        ("抽样权重", "weight", ["0.8", "1.2", "1.0"]),
        ("Stratum of the address", "stratum", ["urban", "rural"]),
        ("分层", "stratum", ["城区", "郊区"]),
        ("PSU", "cluster", ["101", "102", "103"]),
        ("cluster_id", "cluster", ["a", "b", "c"]),
        ("抽样单元", "cluster", ["一", "二", "三"]),
    ],
)
def test_the_columns_of_a_design_are_recognised(name: str, role: str, values: list[str]) -> None:
    rows = [
        [f"2026-01-{day:02d}", values[day % len(values)], str(day % 5 + 1)] for day in range(1, 28)
    ]
    found = suggest("f.csv", ["submitted_at", name, "Overall satisfaction"], rows, "survey")
    column = found.findings[name].column
    assert column is not None
    assert column.role == role
    assert found.findings[name].confidence == (
        "medium" if name == "Stratum of the address" else "high"
    )


def test_a_weight_that_is_no_number_above_zero_is_not_suggested() -> None:
    rows = [[f"2026-01-{day:02d}", str(day - 9), str(day % 5 + 1)] for day in range(1, 28)]
    found = suggest("f.csv", ["submitted_at", "weight", "Overall"], rows, "survey")
    column = found.findings["weight"].column
    assert column is None or column.role != "weight"
