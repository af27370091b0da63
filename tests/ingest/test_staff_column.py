"""Who served the customer: recognised, hashed unless a person says otherwise, and versioned."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.columns import HASH, PLAIN
from csat.ingest.mapping import Column, Mapping
from csat.ingest.secret import key_path
from csat.ingest.suggest import suggest
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import AlreadyLoaded, UsageProblem
from csat.queries.case_columns import case_columns
from csat.store.store import Store
from csat.upkeep.rebuild import rebuild

HEAD = ["id", "received", "answered", "resolved", "category", "branch", "timely", "text", "agent"]


def row(number: int, agent: str) -> list[object]:
    return [number, "2026-01-05", "2026-01-06", "2026-01-07", "Fees", "North", "yes", "dear", agent]


def stored(store: Store) -> list[str | None]:
    return [r["staff"] for r in store.rows("SELECT staff FROM complaint ORDER BY case_no")]


@pytest.fixture
def with_staff(complaint_mapping: Mapping) -> Mapping:
    agent = Column("agent", "staff", keep=HASH)
    return replace(complaint_mapping, columns=(*complaint_mapping.columns, agent))


@pytest.mark.parametrize(
    "name",
    [
        *("Agent", "agent_id", "EmployeeID", "staff", "Staff name", "Clerk no.", "Served by"),
        *("员工", "员工编号", "工号", "坐席", "坐席工号", "员工姓名", "柜员号", "经办人"),
    ],
)
@pytest.mark.parametrize("kind", ["survey", "complaints"])
def test_a_column_of_staff_is_recognised_and_kept_as_hashes(name: str, kind: Any) -> None:
    rows = [[f"2026-01-{1 + i:02d}", f"A{i % 5:03d}", f"{i}"] for i in range(28)]
    made = suggest("file.csv", ["date", name, "x"], rows, kind)
    column = next(c for c in made.mapping.columns if c.source == name)
    assert (column.role, column.keep) == ("staff", HASH)
    assert made.findings[name].personal


@pytest.mark.parametrize(
    "name",
    ["Staff friendliness", "The staff were polite", "Agent comments", "员工态度", "员工服务"],
)
def test_what_customers_say_of_staff_is_no_column_of_staff(name: str) -> None:
    rows = [[f"2026-01-{1 + i:02d}", ("good", "bad", "so so")[i % 3]] for i in range(28)]
    made = suggest("file.csv", ["date", name], rows, "survey")
    assert "staff" not in {c.role for c in made.mapping.columns}


def test_a_mapping_file_that_says_nothing_means_hashes_and_may_say_otherwise() -> None:
    text = (
        '{{"kind": "survey", "title": "t", "survey": {{"key": "s"}}, "columns": ['
        '{{"column": "when", "role": "submitted_at"}}, {{"column": "who", "role": "staff"{0}}}]}}'
    )
    for said, kept in (("", HASH), (', "keep": "plain"', PLAIN)):
        mapping = Mapping.from_json(text.format(said), name="m")
        assert mapping.columns[1].keep == kept
        assert Mapping.from_json(mapping.to_json(), name="m").columns == mapping.columns


def test_codes_are_replaced_unless_a_person_keeps_them(
    store: Store, load: Any, write_csv: Any, with_staff: Mapping
) -> None:
    load(write_csv([HEAD, row(1, "A001"), row(2, "a001 "), row(3, "B")], "a.csv"), with_staff)
    first, second, third = stored(store)
    assert first == second != third
    assert first is not None
    assert len(first) == 32
    plain = replace(with_staff.columns[-1], keep=PLAIN)
    kept = replace(with_staff, columns=(*with_staff.columns[:-1], plain))
    load(write_csv([HEAD, row(1, "A001")], "b.csv"), kept, "other")
    assert "A001" in stored(store)


def test_another_code_is_a_new_version_which_undo_takes_back(
    store: Store, load: Any, write_csv: Any, with_staff: Mapping
) -> None:
    load(write_csv([HEAD, row(1, "A"), row(2, "B")], "a.csv"), with_staff)
    before = stored(store)
    second = load(write_csv([HEAD, row(1, "C"), row(2, "B")], "b.csv"), with_staff)
    assert second.checked.tally.changed == {"agent": 1}
    assert stored(store)[0] != before[0]
    assert stored(store)[1] == before[1]
    assert store.rows("SELECT staff FROM superseded_complaint") == [{"staff": before[0]}]
    undo(store, second.batch_id, LOCAL_USER)
    assert stored(store) == before


def test_a_rebuilt_store_holds_the_same(
    store: Store, load: Any, write_csv: Any, with_staff: Mapping, tmp_path: Path
) -> None:
    load(write_csv([HEAD, row(1, "A"), row(2, "B")], "a.csv"), with_staff)
    load(write_csv([HEAD, row(1, "C"), row(2, "B")], "b.csv"), with_staff)
    path = tmp_path / "new" / "again.duckdb"
    made = rebuild(store, path, lambda _: None)
    assert [str(d) for d in made.differences] == []
    again = Store(path)
    assert stored(again) == stored(store)
    again.close()
    assert key_path(path).read_bytes() == key_path(store.path).read_bytes()
    assert sorted(p.name for p in path.parent.glob("*.key")) == ["again.key"]


def test_a_rebuild_does_not_replace_the_secret_of_another_store(
    store: Store, load: Any, write_csv: Any, with_staff: Mapping, tmp_path: Path
) -> None:
    load(write_csv([HEAD, row(1, "A")], "a.csv"), with_staff)
    other = tmp_path / "again.key"
    other.write_text("of another store")
    with pytest.raises(UsageProblem, match="exists already"):
        rebuild(store, tmp_path / "again.duckdb", lambda _: None)
    assert other.read_text() == "of another store"
    assert not (tmp_path / "again.duckdb").exists()


def test_a_file_without_the_column_says_nothing_of_staff(
    store: Store, load: Any, write_csv: Any, with_staff: Mapping, complaint_mapping: Mapping
) -> None:
    load(write_csv([HEAD, row(1, "A")], "a.csv"), with_staff)
    with pytest.raises(AlreadyLoaded):
        load(write_csv([HEAD[:-1], row(1, "")[:-1]], "b.csv"), complaint_mapping)
    assert stored(store)[0] is not None


def test_lists_and_exports_of_cases_have_no_column_of_staff() -> None:
    assert "staff" not in case_columns(LOCAL_USER)


def test_counts_of_complaints_may_be_by_staff(store: Store, load: Any, write_csv: Any) -> None:
    mapping = Mapping(
        *("counts", "complaints", "Counts"),
        (
            Column("month", "received_at"),
            Column("cases", "cases"),
            Column("who", "staff", keep=HASH),
        ),
    )
    rows = [["month", "cases", "who"], ["2026-01-01", 4, "A"], ["2026-01-01", 6, "B"]]
    assert load(write_csv(rows), mapping).checked.rows_new == 2
