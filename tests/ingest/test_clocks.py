"""The clocks of a complaint: what passed, what is still open, what cannot be."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.mapping import Column, Mapping
from csat.ingest.source import open_source
from csat.store.store import Store

HOUR, DAY = 3_600, 86_400


def cases(store: Store) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT response_s, response_event, resolution_s, resolution_event, status "
        "FROM complaint ORDER BY case_no"
    )


def clocks(store: Store) -> list[tuple[Any, ...]]:
    return [tuple(case.values()) for case in cases(store)]


def test_a_closed_case_counts_seconds_from_receipt(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    load(
        complaint_file([["2026-01-05 10:00:00", "2026-01-05 11:00:00", "2026-01-06 10:00:00"]]),
        complaint_mapping,
    )
    assert clocks(store) == [(HOUR, 1, DAY, 1, "resolved")]


def test_an_open_case_is_censored_at_the_end_of_the_day_of_completeness(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    rows = [["2026-01-05 22:00:00", "", ""], ["2026-01-05 22:00:00", "2026-01-05 23:00:00", ""]]
    load(complaint_file(rows), complaint_mapping, as_of=date(2026, 1, 6))
    assert clocks(store) == [
        (26 * HOUR, 0, 26 * HOUR, 0, "open"),
        (HOUR, 1, 26 * HOUR, 0, "open"),
    ]


def test_without_a_day_of_completeness_the_latest_event_of_the_file_counts(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    rows = [["2026-01-05", "", ""], ["2026-01-05", "", "2026-01-09 08:00:00"]]
    assert load(complaint_file(rows), complaint_mapping).as_of == date(2026, 1, 5)
    assert clocks(store)[0] == (5 * DAY, 0, 5 * DAY, 0, "open")


def test_a_case_received_after_the_day_of_completeness_is_open_since_no_time(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    load(complaint_file([["2026-01-05", "", ""]]), complaint_mapping, as_of=date(2025, 12, 31))
    assert clocks(store) == [(0, 0, 0, 0, "open")]


def test_a_case_resolved_without_a_first_response_was_answered_when_resolved(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    load(complaint_file([["2026-01-05", "", "2026-01-07"]]), complaint_mapping)
    assert clocks(store) == [(2 * DAY, 1, 2 * DAY, 1, "resolved")]


def test_a_file_without_a_clock_has_none(store: Store, load, write_csv) -> None:
    columns = (Column("received", "received_at"), Column("sent", "forwarded_at"))
    path = write_csv([["received", "sent"], ["2026-01-05", "2026-01-06"]])
    load(path, Mapping("m", "complaints", "m", columns))
    assert clocks(store) == [(None, None, None, None, None)]


def test_a_resolution_alone_is_no_first_response(store: Store, load, write_csv) -> None:
    columns = (Column("received", "received_at"), Column("closed", "resolved_at"))
    path = write_csv([["received", "closed"], ["2026-01-05", "2026-01-06"]])
    load(path, Mapping("m", "complaints", "m", columns))
    assert clocks(store) == [(None, None, DAY, 1, "resolved")]


@pytest.mark.parametrize("column", ["answered", "resolved"])
def test_what_happened_before_receipt_is_refused_with_the_moment(
    store: Store, complaint_file, complaint_mapping: Mapping, column: str
) -> None:
    good = ["2026-01-05 10:00:00", "2026-01-05 10:00:00", "2026-01-05 10:00:00"]
    bad = list(good)
    bad[["received", "answered", "resolved"].index(column)] = "2026-01-05 09:59:59"
    source = open_source(complaint_file([good, bad]))
    checked = dry_run(store, source, complaint_mapping, "demo")
    assert checked.rows_accepted == 1
    assert [(r.row_no, r.column, r.value, str(r.reason)) for r in checked.refused] == [
        (3, column, "2026-01-05 09:59:59", "lies before the case was received")
    ]


def test_a_case_may_last_longer_than_a_lifetime(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    rows = [["1950-01-01", "2100-12-31", ""], ["1950-01-01", "", "1950-01-02"]]
    load(complaint_file(rows), complaint_mapping, as_of=date(2100, 12, 31))
    days = (date(2100, 12, 31) - date(1950, 1, 1)).days
    assert clocks(store)[0] == (days * DAY, 1, (days + 1) * DAY, 0, "open")


def test_passed_time_is_real_time_also_when_clocks_are_changed(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    rows = [
        ["2026-03-28 12:00:00", "2026-03-29 12:00:00", ""],
        ["2026-10-24 12:00:00", "2026-10-25 12:00:00", "2026-10-26 12:00:00"],
    ]
    load(
        complaint_file(rows),
        complaint_mapping,
        timezone="Europe/Berlin",
        as_of=date(2026, 10, 26),
    )
    spring, autumn = clocks(store)
    assert spring[:2] == (23 * HOUR, 1)
    assert autumn[:4] == (25 * HOUR, 1, 49 * HOUR, 1)
    [row] = store.rows(
        "SELECT COUNT(*) AS n FROM complaint "
        "WHERE response_s <> DATE_DIFF('second', received_at, first_response_at)"
    )
    assert row == {"n": 0}


def test_the_end_of_the_day_of_completeness_is_a_local_one(
    store: Store, load, complaint_file, complaint_mapping: Mapping
) -> None:
    load(
        complaint_file([["2026-01-05 12:00:00", "", ""]]),
        complaint_mapping,
        timezone="America/New_York",
        as_of=date(2026, 1, 5),
    )
    assert clocks(store) == [(12 * HOUR, 0, 12 * HOUR, 0, "open")]
