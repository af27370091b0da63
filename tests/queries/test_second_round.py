"""Cases taken up again: the stages of their second round, against counting case by case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from csat.ingest.mapping import Column, Mapping
from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.stages import stages
from csat.store.store import Store

DEMO = Filters.of("demo")
CONDUCT = DEMO.with_(types=["conduct"])
ALL = Thresholds(withhold_under=1)
DAY = 86_400
LAST = {"as_of": date(2026, 1, 31)}
CASES = Mapping("cases", "complaints", "Cases", tuple(
    Column(role, role)
    for role in ("complaint_id", "received_at", "resolved_at", "severity", "violation")
))  # fmt: skip
ROWS = [
    ("K1", "2026-01-01", "2026-01-05", "high", ""),
    ("K2", "2026-01-01", "", "low", ""),
    ("K3", "2026-01-02", "2026-01-04", "low", ""),
    ("K4", "2026-01-10", "", "", ""),
    ("V1", "2026-01-03", "", "", "Data shared"),
]
LOG = Mapping("log", "events", "Log", tuple(
    Column(role, role) for role in ("case_id", "event", "happened_at", "until_at", "done_by")
))  # fmt: skip
EVENTS = [
    ("K1", "assessed", "2026-01-01 12:00", "", "ann"),
    ("K1", "reopened", "2026-01-08", "", ""),
    ("K1", "assessed", "2026-01-09", "", ""),
    ("K1", "decided", "2026-01-11", "", ""),
    ("K1", "resolved", "2026-01-12", "", ""),
    ("K2", "assessed", "2026-01-02", "", ""),
    ("K2", "escalated", "2026-01-03", "", ""),
    ("K2", "investigated", "2026-01-05", "", ""),
    ("K3", "appealed", "2026-01-06", "", ""),
    ("K3", "appeal_decided", "2026-01-16", "", ""),
]


@pytest.fixture
def again(store: Store, add_rows: Callable[..., None]) -> Store:
    add_rows(CASES, ROWS, **LAST)
    add_rows(LOG, EVENTS, **LAST)
    return store


def test_a_second_assessment_is_a_stage_of_the_second_round(again: Store) -> None:
    found = stages(again, DEMO, thresholds=ALL)
    assert {r.stage: (r.reached, r.skipped, r.ahead, r.waiting) for r in found.again} == {
        "again": (3, 0, 0, 0),
        "assessed_again": (1, 2, 0, 0),  # K2 was investigated, K3's appeal decided without one
        "investigated_again": (1, 2, 0, 1),
        "decided_again": (2, 0, 1, 1),
        "resolved_again": (1, 0, 2, 0),
    }
    start = found.again[0]
    # K1 a day, K2 two days, K3 ten days
    assert start.times[0].seconds == 2 * DAY
    assert start.followed == 10 * DAY


def test_the_first_round_counts_each_case_once(again: Store) -> None:
    found = stages(again, DEMO, thresholds=ALL)
    assert next(r for r in found.rows if r.stage == "assessed").reached == 2


def test_the_second_round_follows_the_filters_and_the_privacy_gate(again: Store) -> None:
    one = DEMO.with_(severities=["high"])
    assert [r.reached for r in stages(again, one, thresholds=ALL).again] == [1, 1, 1, 1]
    assert all(r.withheld for r in stages(again, DEMO).again)


def test_a_file_that_tells_of_a_reopening_alone_has_a_second_round_too(
    store: Store, add_rows: Callable[..., None]
) -> None:
    roles = ("complaint_id", "received_at", "resolved_at", "reopened_at", "closed_at")
    mapping = Mapping("again", "complaints", "Again", tuple(Column(r, r) for r in roles))
    rows = [("A1", "2026-01-01", "2026-01-03", "2026-01-05", "2026-01-09"),
            ("A2", "2026-01-01", "2026-01-03", "", "")]  # fmt: skip
    add_rows(mapping, rows, **LAST)
    found = stages(store, DEMO, thresholds=ALL).again
    assert [(r.stage, r.reached) for r in found] == [("again", 1), ("resolved_again", 1)]


def test_conduct_cases_have_their_appeal_among_their_own_stages(again: Store) -> None:
    assert stages(again, CONDUCT, thresholds=ALL).again == ()
