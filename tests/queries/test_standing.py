"""How each case stands against targets: the filter, its counts and the table agree."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from csat.ingest.standards import set_standard
from csat.model.case_states import DUE_LABELS, STANDING_LABELS, Due
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.period import Period
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.predicate import complaint_predicate
from csat.queries.sla import service_levels
from csat.queries.standing import standing_counts
from csat.queries.targets import due_cases
from csat.store.store import Store

DEMO = Filters.of("demo")
ALL = Thresholds(withhold_under=1)
ONE_TARGET = """
[[target]]
key = "solve"
event = "resolution"
within = "10 d"
"""
TWO_TARGETS = (
    ONE_TARGET
    + """
[[target]]
key = "answer"
event = "response"
within = "2 d"
"""
)


@pytest.fixture
def own(demo: Store, tmp_path: Path) -> Iterator[Store]:
    demo.checkpoint()
    store = Store(Path(shutil.copyfile(demo.path, tmp_path / "own.duckdb")))
    yield store
    store.close()


def test_with_one_target_the_filter_chooses_exactly_the_cases_of_the_table(own: Store) -> None:
    set_standard(own, "demo", ONE_TARGET, LOCAL_USER)
    level = service_levels(own, DEMO, ALL).levels[0]

    def chosen(*states: str) -> int:
        return complaints.count(own, DEMO.with_(standings=states))

    assert chosen("overdue") == level.overdue
    assert chosen("late") == level.late
    assert chosen("met") == level.met
    assert chosen("soon", "waiting") == level.waiting
    assert chosen("none") == 0
    assert chosen("overdue", "late", "met", "soon", "waiting") == complaints.count(own, DEMO)


def test_a_case_is_overdue_where_any_of_its_targets_is(own: Store) -> None:
    set_standard(own, "demo", TWO_TARGETS, LOCAL_USER)
    solve, answer = (x for x in service_levels(own, DEMO, ALL).levels if x.severity is None)
    overdue = complaints.count(own, DEMO.with_(standings=["overdue"]))
    assert max(solve.overdue or 0, answer.overdue or 0) <= overdue
    assert overdue <= (solve.overdue or 0) + (answer.overdue or 0)
    states = [complaints.count(own, DEMO.with_(standings=[s])) for s in ("met", "waiting", "none")]
    broken = complaints.count(own, DEMO.with_(standings=["overdue", "late", "soon"]))
    assert sum(states) + broken == complaints.count(own, DEMO)


@pytest.mark.parametrize("filters", [DEMO, DEMO.with_(branches=["North"], search="")])
def test_counts_beside_the_choice_are_what_it_then_chooses(filters: Filters, own: Store) -> None:
    set_standard(own, "demo", TWO_TARGETS, LOCAL_USER)
    counts = standing_counts(own, filters)
    assert counts == {
        state: n
        for state in STANDING_LABELS
        if (n := complaints.count(own, filters.with_(standings=[state])))
    }


PERIODS = [None, *(Period(date(2026, m, 1), date(2026, m + 1, 15)) for m in (1, 3, 5))]


@pytest.mark.parametrize("period", PERIODS)
@pytest.mark.parametrize("state", DUE_LABELS)
def test_each_number_of_the_table_is_the_number_of_cases_that_its_filter_chooses(
    state: str, period: Period | None, own: Store
) -> None:
    set_standard(own, "demo", TWO_TARGETS, LOCAL_USER)
    days = (None, None) if period is None else (period.first, period.last)
    levels = service_levels(own, DEMO.with_(period=period), ALL).levels
    for level in levels:
        assert level.target is not None
        told = {"due": level.figure.n, "met": level.met, "late": level.late}
        told |= {"overdue": level.overdue, "waiting": level.waiting}
        chosen = DEMO.with_(dues=[Due(state, level.target.key, *days).code])
        if level.severity is not None:
            chosen = chosen.with_(severities=[level.severity])
        assert complaints.count(own, chosen) == told[state], level


def test_cases_due_in_a_period_are_not_those_received_in_it(own: Store) -> None:
    set_standard(own, "demo", ONE_TARGET, LOCAL_USER)
    may = Period(date(2026, 5, 1), date(2026, 5, 31))
    due = DEMO.with_(dues=[Due("due", "solve", may.first, may.last).code])
    both = complaints.count(own, due.with_(period=may))
    assert 0 < both < complaints.count(own, due)


def test_of_several_states_by_due_day_every_one_holds(own: Store) -> None:
    set_standard(own, "demo", TWO_TARGETS, LOCAL_USER)
    late = [Due("late", key).code for key in ("solve", "answer")]
    ids = [set(due_cases(own, "demo", code).column("complaint_id").to_pylist()) for code in late]
    assert complaints.count(own, DEMO.with_(dues=late)) == len(ids[0] & ids[1])
    assert complaints.count(own, DEMO.with_(dues=late[:1])) == len(ids[0])


def test_counts_beside_the_choice_know_the_cases_chosen_by_due_day(own: Store) -> None:
    set_standard(own, "demo", ONE_TARGET, LOCAL_USER)
    late = DEMO.with_(dues=[Due("late", "solve").code])
    assert standing_counts(own, late) == {"late": complaints.count(own, late)}


def test_a_target_that_is_not_there_is_refused(own: Store) -> None:
    for code, said in (
        ("late:solve", "has no target 'solve'"),
        ("late", "no state of a target"),
        ("sleepy:solve", "no state of a target"),
        ("late:solve:2026-02-30:2026-03-01", "no state of a target"),
        ("late:solve:2026-03-01", "no state of a target"),
        ("late:solve:2026-03-02:2026-03-01", "no state of a target"),
    ):
        with pytest.raises(UsageProblem, match=said):
            complaints.count(own, DEMO.with_(dues=[code]))
    with pytest.raises(ValueError, match="case_predicate"):
        complaint_predicate(DEMO.with_(dues=["late:solve"]))


def test_without_targets_the_mark_of_the_file_stands_for_one(own: Store) -> None:
    level = service_levels(own, DEMO, ALL).levels[0]
    assert complaints.count(own, DEMO.with_(standings=["met"])) == level.met
    assert complaints.count(own, DEMO.with_(standings=["late"])) == level.late
    assert complaints.count(own, DEMO.with_(standings=["none"])) == level.waiting


def test_a_new_standard_is_seen_at_once(own: Store) -> None:
    before = complaints.count(own, DEMO.with_(standings=["overdue"]))
    set_standard(own, "demo", ONE_TARGET, LOCAL_USER)
    assert before == 0 < complaints.count(own, DEMO.with_(standings=["overdue"]))


def test_an_unknown_state_is_refused_and_the_bare_predicate_never_ignores_one(own: Store) -> None:
    with pytest.raises(UsageProblem, match="no value of the filter"):
        complaints.count(own, DEMO.with_(standings=["sleepy"]))
    with pytest.raises(ValueError, match="case_predicate"):
        complaint_predicate(DEMO.with_(standings=["late"]))
