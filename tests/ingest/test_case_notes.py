"""What people say about a case: on record, for those who may, and there after every import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from csat.ingest.case_notes import MOST_LETTERS, say_of_case, take_back
from csat.ingest.undo import undo
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.problem import NotAllowed, UsageProblem
from csat.queries.case_history import case_history
from csat.queries.case_notes import case_notes
from csat.queries.complaints import category_tree, facet
from csat.store.integrity import check_store
from csat.store.store import Store

ANN, BOB = User("ann", ("quality",)), User("bob", ("analyst",))
CHIEF = User("chief", ("executive",))
DEMO = Filters.of("demo")


@pytest.fixture
def cases(store: Store, load, complaint_file, complaint_mapping) -> Store:
    rows = [["2026-01-01 09:00", "", ""], ["2026-01-02 09:00", "2026-01-02 12:00", ""]]
    load(complaint_file(rows), complaint_mapping, as_of=date(2026, 1, 10))
    return store


@pytest.fixture
def case(store: Store) -> Callable[[str], dict[str, Any]]:
    def read(number: str) -> dict[str, Any]:
        return store.rows("SELECT * FROM complaint WHERE case_no = $n", {"n": number})[0]

    return read


def test_what_people_set_counts_in_every_figure(cases: Store, case) -> None:
    say_of_case(cases, "demo", "1", "category", "Billing > Refund", ANN)
    say_of_case(cases, "demo", "1", "cause", "Refund delayed", ANN)
    say_of_case(cases, "demo", "1", "upheld", "yes", ANN)
    assert [b.path for b in category_tree(cases, DEMO)] == ["Billing", "Fees"]
    assert facet(cases, DEMO, "cause") == [("", 1), ("Refund delayed", 1)]
    assert (case("1")["category_2"], case("1")["upheld"]) == ("Refund", 1)


def test_the_history_tells_who_changed_what_and_when(cases: Store) -> None:
    first = say_of_case(cases, "demo", "1", "severity", "high", ANN)
    second = say_of_case(cases, "demo", "1", "severity", "low", BOB)
    say_of_case(cases, "demo", "1", "note", "Called back.\nSolved by phone.", ANN)
    take_back(cases, second, BOB)
    found = case_notes(cases, "demo", "1", user=ANN)
    told = [(n.field, n.before, n.value, n.made_by, n.removed_by) for n in found]
    assert told == [
        ("note", "", "Called back.\nSolved by phone.", "ann", ""),
        ("severity", "high", "low", "bob", "bob"),
        ("severity", "", "high", "ann", ""),
    ]
    assert [n.number for n in found if n.field == "severity"] == [second, first]
    assert all(n.made_at <= (n.removed_at or n.made_at) for n in found)


def test_taking_back_gives_what_held_before(cases: Store, case) -> None:
    say_of_case(cases, "demo", "1", "cause", "Meter", ANN)
    number = say_of_case(cases, "demo", "1", "cause", "Tariff", ANN)
    take_back(cases, number, ANN)
    assert case("1")["cause"] == "Meter"
    cleared = say_of_case(cases, "demo", "1", "category", "", ANN)
    assert case("1")["category"] is None
    take_back(cases, cleared, ANN)
    assert case("1")["category"] == "Fees"


def test_only_who_said_it_takes_it_back_and_only_once(cases: Store) -> None:
    number = say_of_case(cases, "demo", "1", "note", "Mine", ANN)
    with pytest.raises(NotAllowed, match="is by ann"):
        take_back(cases, number, BOB)
    take_back(cases, number, ANN)
    with pytest.raises(UsageProblem, match="no entry"):
        take_back(cases, number, ANN)


def test_executives_may_neither_say_nor_take_back_nor_read(cases: Store) -> None:
    number = say_of_case(cases, "demo", "1", "note", "Mine", ANN)
    with pytest.raises(NotAllowed):
        say_of_case(cases, "demo", "1", "note", "Hers", CHIEF)
    with pytest.raises(NotAllowed):
        take_back(cases, number, CHIEF)
    with pytest.raises(NotAllowed):
        case_notes(cases, "demo", "1", user=CHIEF)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("severity", "awful", "cannot be the severity"),
        ("upheld", "perhaps", "cannot be the upheld"),
        ("dimension", "speed", "cannot be the dimension"),
        ("status", "open", "no field 'status' that people set"),
        ("note", "  ", "A note is missing"),
        ("note", "x" * (MOST_LETTERS + 1), "A note is missing"),
        ("cause", "x" * 201, "longer than 200"),
    ],
)
def test_what_a_field_cannot_hold_is_refused(
    field: str, value: str, said: str, cases: Store, everything
) -> None:
    before = everything()
    with pytest.raises(UsageProblem, match=said):
        say_of_case(cases, "demo", "1", field, value, ANN)
    assert everything() == before


def test_a_case_that_is_not_there_is_named(cases: Store) -> None:
    with pytest.raises(UsageProblem, match="no case '7'"):
        say_of_case(cases, "demo", "7", "note", "Lost", ANN)


def test_who_and_when_stand_in_the_audit(cases: Store) -> None:
    number = say_of_case(cases, "demo", "1", "cause", "Meter", ANN)
    take_back(cases, number, ANN)
    rows = cases.rows("SELECT who, action, subject FROM audit ORDER BY happened_at DESC LIMIT 2")
    assert rows[::-1] == [
        {"who": "ann", "action": "case cause", "subject": f"case 1, entry {number}"},
        {"who": "ann", "action": "case entry taken back", "subject": f"entry {number}"},
    ]


def test_another_export_keeps_what_people_said_and_is_compared_with_files(
    cases: Store, load, complaint_file, complaint_mapping, case
) -> None:
    say_of_case(cases, "demo", "1", "category", "Billing", ANN)
    same = [["2026-01-01 09:00", "", ""], ["2026-01-02 09:00", "2026-01-02 12:00", ""]]
    third = ["2026-01-03 09:00", "", ""]
    loaded = load(complaint_file([*same, third], "b.csv"), complaint_mapping)
    assert (loaded.checked.rows_updated, loaded.checked.rows_duplicate) == (0, 2)
    assert case("1")["category"] == "Billing"
    same[0][1] = "2026-01-04 09:00"
    loaded = load(complaint_file([*same, third], "c.csv"), complaint_mapping)
    assert loaded.checked.rows_updated == 1
    assert case("1")["category"] == "Billing"
    changed = [(c.column, c.before) for c in case_history(cases, "demo", "1", user=ANN)]
    assert changed == [("first_response_at", None)]


def test_what_people_said_waits_for_a_case_that_is_undone(
    cases: Store, load, complaint_file, complaint_mapping, case, count
) -> None:
    say_of_case(cases, "demo", "1", "cause", "Meter", ANN)
    undo(cases, 1, LOCAL_USER)
    assert count("complaint") == count("case_as_stated") == 0
    rows = [["2026-01-01 09:00", "", "2026-01-06 09:00"]]
    load(complaint_file(rows, "again.csv"), complaint_mapping)
    assert case("1")["cause"] == "Meter"
    undo(cases, 2, LOCAL_USER)
    assert check_store(cases) == []


def test_a_case_keeps_the_clocks_of_its_log_when_people_change_it(
    cases: Store, load, write_csv, case
) -> None:
    from csat.ingest.mapping import Column, Mapping

    log = Mapping("log", "events", "Log", (
        Column("case", "case_id"), Column("event", "event"), Column("at", "happened_at"),
    ))  # fmt: skip
    load(write_csv([["case", "event", "at"], ["1", "solved", "2026-01-04 09:00"]]), log)
    number = say_of_case(cases, "demo", "1", "cause", "Meter", ANN)
    assert case("1")["resolution_event"] == 1
    take_back(cases, number, ANN)
    assert (case("1")["resolution_event"], case("1")["cause"]) == (1, None)
    undo(cases, 2, LOCAL_USER)
    assert case("1")["resolution_event"] == 0
