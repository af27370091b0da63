"""The list of signals: all of them, newest first, held against chance, explained by people."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from csat.ingest.marking import add_mark, remove_mark
from csat.model.people import LOCAL_USER, User
from csat.model.problem import NotAllowed, UsageProblem
from csat.queries.marks import marks
from csat.queries.signals import SignalList, signals
from csat.store.store import Store

STEADY = [70, 72, 69, 71, 68, 70, 73, 70, 69, 71, 70, 72]
FALLEN = [*STEADY[:10], 40, 38]


@pytest.fixture
def falling(store: Store, add_rows: Any, queries_survey: Any) -> Store:
    """Return a program whose branch South falls in its two last months."""
    rows = []
    for branch, many in (("North", STEADY), ("South", FALLEN)):
        for month, satisfied in enumerate(many):
            day = date(2025 + (month + 9) // 12, (month + 9) % 12 + 1, 15)
            rows += [(day, branch, 5 if i < satisfied else 2, 5, 4) for i in range(100)]
    add_rows(queries_survey, rows, as_of=date(2026, 9, 30))
    return store


def found(store: Store, latest: int = 3) -> SignalList:
    return signals(store, "demo", latest=latest)


def test_a_fall_of_one_branch_is_found_there(falling: Store) -> None:
    listed = {(s.signal.metric, s.signal.scope) for s in found(falling).signals}
    assert ("csat_top_box", "branch=South") in listed
    assert not any(scope == "branch=North" for _, scope in listed)


def test_signals_come_newest_first(falling: Store) -> None:
    lasts = [s.last for s in found(falling, 0).signals]
    assert lasts == sorted(lasts, reverse=True)


def test_the_number_expected_by_chance_follows_the_points_tested(falling: Store) -> None:
    few, all_of_them = found(falling), found(falling, 0)
    assert few.periods == ("2026-07", "2026-08", "2026-09")
    assert len(all_of_them.periods) == 12
    assert few.expected_false == pytest.approx(few.points * 0.0065)
    assert all_of_them.points > few.points


def test_events_too_rare_for_counts_do_not_crowd_out_the_periods(
    falling: Store, add_rows: Any, queries_complaints: Any
) -> None:
    """Their charts have one point an event; the latest three months stay three months."""
    days = ["2025-11-02", "2026-01-09", "2026-03-20", "2026-05-01", "2026-08-11", "2026-09-02"]
    rows = [(day, "", "", "Fees", "", "") for day in days]
    add_rows(queries_complaints, rows, as_of=date(2026, 9, 30))
    listed = found(falling)
    assert listed.periods == ("2026-07", "2026-08", "2026-09")
    assert ("csat_top_box", "branch=South") in {
        (s.signal.metric, s.signal.scope) for s in listed.signals
    }


def test_an_explained_signal_is_no_longer_open_and_can_be_opened_again(falling: Store) -> None:
    before = found(falling)
    key = before.signals[0].signal.key
    number = add_mark(falling, "demo", "signal", LOCAL_USER, "Two counters closed", subject=key)
    after = found(falling)
    assert after.open == before.open - 1
    mark = next(s.explained for s in after.signals if s.signal.key == key)
    assert mark is not None
    assert (mark.reason, mark.made_by) == ("Two counters closed", "local")
    remove_mark(falling, number, LOCAL_USER)
    assert found(falling).open == before.open


def test_what_is_taken_back_stays_on_record(falling: Store) -> None:
    day = date(2026, 1, 1)
    number = add_mark(falling, "demo", "event", LOCAL_USER, "New tariff", day=day)
    assert [m.reason for m in marks(falling, "demo")] == ["New tariff"]
    remove_mark(falling, number, LOCAL_USER)
    assert marks(falling, "demo") == ()
    [row] = falling.rows("SELECT reason, removed_by FROM chart_mark")
    assert row == {"reason": "New tariff", "removed_by": "local"}
    actions = [r["action"] for r in falling.rows("SELECT action FROM audit")]
    assert actions[-2:] == ["mark event", "mark removed"]


@pytest.mark.parametrize(
    ("kind", "about"),
    [("event", {}), ("phase", {}), ("target", {}), ("signal", {}), ("wish", {"value": 1.0})],
)
def test_a_mark_that_says_too_little_is_refused(
    falling: Store, kind: str, about: dict[str, Any]
) -> None:
    with pytest.raises(UsageProblem, match="too little"):
        add_mark(falling, "demo", kind, LOCAL_USER, "because", **about)


def test_a_mark_needs_a_reason_a_program_and_the_permission(falling: Store) -> None:
    day = date(2026, 1, 1)
    with pytest.raises(UsageProblem, match="reason"):
        add_mark(falling, "demo", "event", LOCAL_USER, "  ", day=day)
    with pytest.raises(UsageProblem, match="no program"):
        add_mark(falling, "nowhere", "event", LOCAL_USER, "because", day=day)
    with pytest.raises(NotAllowed):
        add_mark(falling, "demo", "event", User("eve", ("executive",)), "because", day=day)
    with pytest.raises(UsageProblem, match="no mark"):
        remove_mark(falling, 99, LOCAL_USER)
    assert marks(falling, "demo") == ()
