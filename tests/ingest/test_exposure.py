"""Customers served: the denominator, which must never be counted twice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import AlreadyLoaded, ImportProblem
from csat.store.store import Store

HEADER = ["month", "branch", "customers"]


def served(store: Store) -> list[tuple[Any, ...]]:
    rows = store.rows(
        "SELECT month_key, branch, CAST(SUM(customers) AS BIGINT) AS n FROM exposure "
        "GROUP BY ALL ORDER BY ALL"
    )
    return [tuple(row.values()) for row in rows]


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2026-01", 202601),
        ("2026-1", 202601),
        ("2026/11", 202611),
        ("2026-01-31", 202601),
        ("2026-02-01 00:00:00", 202602),
    ],
)
def test_a_month_may_be_written_as_a_month_or_a_day(
    store: Store, load, write_csv, exposure_mapping: Mapping, text: str, month: int
) -> None:
    load(write_csv([HEADER, [text, "North", 100]]), exposure_mapping)
    assert served(store) == [(month, "North", 100)]


@pytest.mark.parametrize("text", ["January", "2026", "2026-13", "01/2026", "infinity"])
def test_what_is_no_month_is_refused(
    store: Store, write_csv, exposure_mapping: Mapping, text: str
) -> None:
    source = open_source(write_csv([HEADER, [text, "North", 100]]))
    [refused] = dry_run(store, source, exposure_mapping, "demo").refused
    assert (refused.column, refused.value) == ("month", text)


@pytest.mark.parametrize("value", ["0", "-5", "1.5", "many", "1,000", "inf"])
def test_customers_are_whole_and_above_zero(
    store: Store, write_csv, exposure_mapping: Mapping, value: str
) -> None:
    source = open_source(write_csv([HEADER, ["2026-01", "North", value]]))
    [refused] = dry_run(store, source, exposure_mapping, "demo").refused
    assert (refused.column, refused.value) == ("customers", value)
    assert str(refused.reason) == "is not a number above 0"


def test_days_of_a_month_add_up(store: Store, load, write_csv, exposure_mapping: Mapping) -> None:
    rows = [["2026-01-01", "North", 40], ["2026-01-02", "North", 60], ["2026-01-02", "South", 5]]
    load(write_csv([HEADER, *rows]), exposure_mapping)
    assert served(store) == [(202601, "North", 100), (202601, "South", 5)]


def test_a_longer_export_adds_only_the_new_months(
    store: Store, load, write_csv, exposure_mapping: Mapping
) -> None:
    months = [[f"2026-0{m}", b, 100 * m] for m in (1, 2, 3) for b in ("North", "South")]
    load(write_csv([HEADER, *months[:4]]), exposure_mapping)
    checked = load(write_csv([HEADER, *months], "longer.csv"), exposure_mapping).checked
    assert (checked.rows_duplicate, checked.rows_accepted) == (4, 2)
    assert [n for _, _, n in served(store)] == [100, 100, 200, 200, 300, 300]
    with pytest.raises(AlreadyLoaded):
        load(write_csv([HEADER, *months[2:]], "part.csv"), exposure_mapping)


def test_another_number_for_a_known_month_is_refused(
    store: Store, load, write_csv, exposure_mapping: Mapping
) -> None:
    first = load(write_csv([HEADER, ["2026-01", "North", 100]]), exposure_mapping)
    path = write_csv([HEADER, ["2026-01", "North", 120], ["2026-02", "North", 90]], "new.csv")
    checked = load(path, exposure_mapping).checked
    [refused] = checked.refused
    assert (refused.row_no, refused.column, refused.value) == (2, "customers", "120")
    assert str(refused.reason) == "is not the number loaded before for this month"
    assert served(store) == [(202601, "North", 100), (202602, "North", 90)]
    undo(store, first.batch_id, LOCAL_USER)
    undo(store, 2, LOCAL_USER)
    load(path, exposure_mapping)
    assert served(store) == [(202601, "North", 120), (202602, "North", 90)]


@pytest.mark.parametrize("branch_first", [True, False])
def test_a_total_beside_its_branches_would_count_everybody_twice(
    store: Store, load, write_csv, exposure_mapping: Mapping, branch_first: bool
) -> None:
    whole = replace(exposure_mapping, columns=exposure_mapping.columns[::2])
    files = [
        (write_csv([HEADER, ["2026-01", "North", 100]], "branch.csv"), exposure_mapping),
        (write_csv([["month", "customers"], ["2026-01", 100]], "whole.csv"), whole),
    ]
    first, second = files if branch_first else reversed(files)
    load(*first)
    with pytest.raises(ImportProblem, match="is not the number loaded before for this month"):
        load(*second)
    assert [n for _, _, n in served(store)] == [100]


def test_the_same_months_of_another_program_are_its_own(
    load, write_csv, exposure_mapping: Mapping, count
) -> None:
    load(write_csv([HEADER, ["2026-01", "North", 100]]), exposure_mapping)
    load(write_csv([HEADER, ["2026-01", "North", 120]], "b.csv"), exposure_mapping, "other")
    assert count("exposure") == 2
