"""A file with fewer columns updates what it reads; everything else keeps what the store says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.remarks import remarks
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.store.integrity import check_store
from csat.store.store import Store

FIVE = Scale.of(1, 5, special={"9": "not_applicable"})
CASES = Mapping(
    "cases",
    "complaints",
    "Cases",
    (
        Column("no", "complaint_id"),
        Column("received", "received_at"),
        Column("answered", "first_response_at"),
        Column("resolved", "resolved_at"),
        Column("state", "status"),
        Column("kind", "category"),
        Column("text", "narrative"),
        Column("paid", "compensation"),
        Column("breach", "violation"),
        Column("waits 1", "pause_from"),
        Column("until 1", "pause_to"),
        Column("waits 2", "pause_from"),
        Column("until 2", "pause_to"),
    ),
)
CASE = [
    "7", "2026-01-05", "2026-01-06", "", "escalated", "Fees", "Too Dear", "12.5", "fraud",
    "2026-01-07", "2026-01-08", "2026-01-09", "",
]  # fmt: skip
HEADER = [c.source for c in CASES.columns]


def only(mapping: Mapping, *names: str) -> Mapping:
    return replace(mapping, columns=tuple(c for c in mapping.columns if c.source in names))


@pytest.fixture
def row(store: Store) -> Callable[[str], dict[str, object]]:
    """Return the one row of a table."""

    def read(table: str) -> dict[str, object]:
        [found] = store.rows(f"SELECT * FROM {table}")
        return found

    return read


@pytest.fixture
def case(load, write_csv) -> Callable[..., object]:
    """Load a complaint file with one case, which says what is given by column."""

    def written(name: str, as_of: date = date(2026, 1, 31), **cells: str):
        named = {k.replace("_", " "): v for k, v in cells.items()}
        path = write_csv([list(named), list(named.values())], name)
        return load(path, only(CASES, *named), as_of=as_of)

    return written


def test_a_closing_date_alone_leaves_the_rest_of_a_case_alone(
    store: Store, load, write_csv, case, row
) -> None:
    load(write_csv([HEADER, CASE]), CASES, as_of=date(2026, 1, 31))
    before = row("complaint")
    checked = case("next.csv", no="7", received="2026-01-05", resolved="2026-02-02").checked
    assert (checked.rows_updated, checked.tally.changed) == (1, {"resolved": 1})
    kept = {"answered", "state", "kind", "text", "paid", "breach", "waits 1", "waits 2"}
    assert checked.tally.kept == dict.fromkeys(kept, 1)
    now = row("complaint")
    assert {k: v for k, v in now.items() if v != before[k]} == {
        "batch_id": 2,
        "resolved_at": datetime(2026, 2, 2),
        "resolution_s": 28 * 86_400,
        "resolution_event": 1,
    }
    pauses = store.rows("SELECT happened_at, until_at FROM case_event ORDER BY 1")
    assert [tuple(r.values()) for r in pauses] == [
        (datetime(2026, 1, 7), datetime(2026, 1, 8)),
        (datetime(2026, 1, 9), None),
    ]
    assert check_store(store) == []
    undo(store, 2, LOCAL_USER)
    assert row("complaint") == before


def test_a_column_that_is_read_and_empty_says_so(load, write_csv, case, row) -> None:
    load(write_csv([HEADER, CASE]), CASES, as_of=date(2026, 1, 31))
    case("next.csv", no="7", received="2026-01-05", answered="", kind="")
    now = row("complaint")
    assert (now["category"], now["first_response_at"]) == (None, None)
    assert (now["response_event"], now["response_s"]) == (0, 27 * 86_400)
    assert now["narrative"] == "Too Dear"


def test_a_status_worked_out_from_dates_follows_them(case, row) -> None:
    case("first.csv", no="7", received="2026-01-05", resolved="", kind="Fees")
    assert row("complaint")["status"] == "open"
    case("second.csv", no="7", received="2026-01-05", resolved="2026-01-09")
    assert row("complaint")["status"] == "resolved"
    case("third.csv", no="7", received="2026-01-05", resolved="")
    now = row("complaint")
    assert (now["status"], now["category"], now["resolution_event"]) == ("open", "Fees", 0)


def test_a_clock_whose_end_a_file_does_not_read_stays(case, row) -> None:
    case("first.csv", no="7", received="2026-01-05", answered="", resolved="")
    case("later.csv", date(2026, 3, 31), no="7", received="2026-01-05", kind="Fees")
    now = row("complaint")
    assert (now["response_s"], now["resolution_s"]) == (27 * 86_400, 27 * 86_400)
    case("open.csv", date(2026, 4, 1), no="7", received="2026-01-05", kind="Staff", resolved="")
    now = row("complaint")
    assert (now["response_s"], now["resolution_s"]) == (27 * 86_400, 87 * 86_400)


def test_a_pause_whose_column_is_missing_stays_and_one_that_is_read_changes(
    store: Store, load, write_csv, case
) -> None:
    load(write_csv([HEADER, CASE]), CASES, as_of=date(2026, 1, 31))
    later = {"no": "7", "received": "2026-01-05"}
    ends = {"waits_2": "2026-01-09", "until_2": "2026-01-12"}
    assert case("ends.csv", **later, **ends).checked.tally.changed == {"waits 2": 1}
    pauses = store.rows("SELECT happened_at, until_at, batch_id FROM case_event ORDER BY 1")
    assert [tuple(r.values()) for r in pauses] == [
        (datetime(2026, 1, 7), datetime(2026, 1, 8), 2),
        (datetime(2026, 1, 9), datetime(2026, 1, 12), 2),
    ]
    [*_] = [case("again.csv", **later, kind="Staff")]
    assert store.rows("SELECT COUNT(*) AS n FROM case_event") == [{"n": 2}]


def answer(key: str, **more: object) -> Column:
    return Column(key, "item", item=Item(key, key, FIVE, dimension="care", **more))  # type: ignore[arg-type]


VISITS = Mapping(
    "visits",
    "survey",
    "Visits",
    (
        Column("id", "response_id"),
        Column("when", "submitted_at"),
        Column("place", "branch"),
        Column("w", "weight"),
        answer("one", measures=("csat",)),
        answer("two"),
        answer("three"),
        Column("liked", "comment"),
        Column("missed", "comment"),
    ),
    survey_key="visits",
    survey_title="Visits",
)
VISIT = ["r1", "2026-01-05 10:00", "North", "1.5", "4", "", "2", "the staff", "a chair"]


@pytest.fixture
def visit(load, write_csv) -> Callable[..., object]:
    """Load a survey file with one response, which says what is given by column."""

    def written(name: str, **cells: str):
        path = write_csv([list(cells), list(cells.values())], name)
        return load(path, only(VISITS, *cells))

    return written


@pytest.fixture
def whole(load, write_csv) -> Path:
    """Load the response with all its columns."""
    path = write_csv([[c.source for c in VISITS.columns], VISIT])
    load(path, VISITS)
    return path


R1 = {"id": "r1", "when": "2026-01-05 10:00"}


def test_one_more_answer_leaves_the_others_alone_and_scores_are_made_of_all(
    store: Store, whole, visit, row
) -> None:
    before = row("response")
    assert before["p_d5"] == 3 * 2520
    checked = visit("next.csv", **R1, two="3").checked
    assert (checked.rows_updated, checked.tally.changed) == (1, {"two": 1})
    kept = dict.fromkeys(("place", "w", "one", "three", "liked", "missed"), 1)
    assert checked.tally.kept == kept
    assert [str(r.text) for r in remarks(checked)][1] == (
        "Columns that this file does not have keep their values in these rows: 6 (place (1), "
        "w (1), one (1), three (1), liked (1), missed (1))"
    )
    now = row("response")
    assert {k: v for k, v in now.items() if v != before[k]} == {"batch_id": 2, "answered": 3}
    answers = row("answers_1")
    assert [answers[f"i{n}"] for n in (1, 2, 3)] == [4, 3, 2]
    assert store.rows("SELECT body FROM comment ORDER BY body") == [
        {"body": "a chair"},
        {"body": "the staff"},
    ]
    assert check_store(store) == []


def test_half_of_the_questions_are_half_of_those_asked_in_any_file(whole, visit, row) -> None:
    """One of three is too few, though the later file asks this one alone."""
    visit("fewer.csv", **R1, one="4", three="")
    assert (row("response")["p_d5"], row("response")["csat"]) == (None, 4)
    visit("more.csv", **R1, two="5")
    assert row("response")["p_d5"] == int(4.5 * 2520)


def test_a_comment_whose_column_is_missing_stays(store: Store, whole, visit) -> None:
    visit("next.csv", **R1, liked="the new staff")
    bodies = {r["body"] for r in store.rows("SELECT body FROM comment")}
    assert bodies == {"the new staff", "a chair"}
    checked = visit("again.csv", **R1, missed="a chair", place="South").checked
    assert checked.tally.changed == {"place": 1}
    visit("none.csv", **R1, missed="")
    assert store.rows("SELECT body, asked FROM comment") == [
        {"body": "the new staff", "asked": "liked"}
    ]


def test_a_comment_whose_column_has_another_name_is_not_kept_twice(
    store: Store, load, whole, write_csv
) -> None:
    renamed = replace(
        VISITS,
        columns=(*VISITS.columns[:3], Column("praise", "comment")),
    )
    path = write_csv([["id", "when", "place", "praise"], [*VISIT[:3], "the staff"], [
        "r2", "2026-01-05 10:00", "North", "a queue"]], "renamed.csv")  # fmt: skip
    checked = load(path, renamed).checked
    assert (checked.rows_new, checked.rows_updated, checked.rows_duplicate) == (1, 0, 1)


def test_the_day_of_a_file_without_dates_is_for_new_answers_only(load, whole, write_csv, row):
    undated = replace(only(VISITS, "id", "two"), day=date(2026, 5, 5))
    load(write_csv([["id", "two"], ["r1", "5"]], "undated.csv"), undated)
    assert row("response")["submitted_at"] == datetime(2026, 1, 5, 10)
    assert row("response")["month_key"] == 202601


LONG = Mapping(
    "long",
    "survey",
    "Long",
    (
        Column("id", "response_id"),
        Column("when", "submitted_at"),
        Column("asked", "question"),
        Column("said", "answer"),
        answer("one"),
        answer("two"),
        answer("three"),
        Column("liked", "comment"),
    ),
    survey_key="long",
    survey_title="Long",
)


def test_a_question_without_a_row_in_a_long_file_keeps_its_answer(
    store: Store, load, write_csv, row
) -> None:
    header = ["id", "when", "asked", "said"]
    said = [("one", "4"), ("two", "2"), ("three", "5"), ("liked", "all")]
    load(write_csv([header, *([*R1.values(), *pair] for pair in said)]), LONG)
    later = [("one", "9"), ("two", "")]
    checked = load(write_csv([header, *([*R1.values(), *p] for p in later)], "l.csv"), LONG).checked
    assert checked.tally.changed == {"one": 1, "two": 1}
    answers = row("answers_1")
    assert [answers[f"i{n}"] for n in (1, 2, 3)] == [None, None, 5]
    assert row("comment")["body"] == "all"
    again = [[*R1.values(), "three", "5"], ["r2", "2026-01-06", "one", "1"]]
    assert load(write_csv([header, *again], "again.csv"), LONG).checked.rows_duplicate == 1


CHECKLIST = Mapping(
    "visits",
    "evaluations",
    "Visits",
    (
        Column("visit", "visit"),
        Column("when", "evaluated_at"),
        Column("shop", "branch"),
        Column("how", "method"),
        Column("clean", "item", item=Item("clean", "Clean", FIVE)),
        Column("quick", "item", item=Item("quick", "Quick", FIVE, critical=True)),
    ),
)


def test_a_criterion_without_a_column_keeps_its_rating(
    store: Store, load, write_csv, everything
) -> None:
    seen = {"visit": "v1", "when": "2026-01-05"}
    full = {**seen, "shop": "North", "how": "expert", "clean": "5", "quick": "3"}
    load(write_csv([list(full), list(full.values())], "full.csv"), CHECKLIST)
    before = everything()
    later = {**seen, "shop": "South", "clean": "1"}
    checked = load(
        write_csv([list(later), list(later.values())], "later.csv"), only(CHECKLIST, *later)
    ).checked
    assert checked.tally.changed == {"shop": 1, "clean": 1}
    assert checked.tally.kept == {"how": 1, "quick": 1}
    rows = store.rows(
        "SELECT criterion, branch, method, points, critical FROM evaluation ORDER BY 1"
    )
    assert [tuple(r.values()) for r in rows] == [
        ("clean", "South", "expert", 0, 0),
        ("quick", "South", "expert", 0.5, 1),
    ]
    undo(store, 2, LOCAL_USER)
    assert everything()["evaluation"] == before["evaluation"]


def test_a_case_number_and_a_closing_date_are_enough(
    store: Store, load, write_csv, row, everything
) -> None:
    load(write_csv([HEADER, CASE]), CASES, as_of=date(2026, 1, 31))
    before = everything()
    closing = only(CASES, "no", "resolved")
    rows = [["7", "2026-02-02"], ["8", "2026-02-02"], ["9", ""]]
    checked = load(write_csv([["no", "resolved"], *rows], "closing.csv"), closing).checked
    assert (checked.rows_updated, checked.rows_refused) == (1, 2)
    assert "is not loaded yet" in str(checked.refused[0].reason)
    now = row("complaint")
    assert (now["received_at"], now["category"]) == (datetime(2026, 1, 5), "Fees")
    assert (now["resolution_s"], now["month_key"]) == (28 * 86_400, 202601)
    undo(store, 2, LOCAL_USER)
    assert everything()["complaint"] == before["complaint"]


def test_a_closing_before_the_case_was_received_is_refused(load, write_csv) -> None:
    load(write_csv([HEADER, CASE]), CASES, as_of=date(2026, 1, 31))
    closing = only(CASES, "no", "resolved")
    path = write_csv([["no", "resolved"], ["7", "2026-01-04"]], "closing.csv")
    with pytest.raises(ImportProblem, match=r"closing\.csv"):
        load(path, closing)


def test_undo_of_the_cases_takes_back_a_file_that_only_updated_them(
    store: Store, load, write_csv
) -> None:
    load(write_csv([HEADER, CASE]), CASES, as_of=date(2026, 1, 31))
    closing = only(CASES, "no", "resolved")
    load(write_csv([["no", "resolved"], ["7", "2026-02-02"]], "closing.csv"), closing)
    assert undo(store, 1, LOCAL_USER)["again"] == []
    assert store.rows("SELECT status FROM batch") == [{"status": "undone"}] * 2
    assert check_store(store) == []


def test_one_answer_beside_the_id_is_enough(store: Store, load, whole, write_csv, row) -> None:
    path = write_csv([["id", "two"], ["r1", "5"], ["r2", "4"]], "answer.csv")
    checked = load(path, only(VISITS, "id", "two")).checked
    assert (checked.rows_updated, checked.rows_refused) == (1, 1)
    assert row("response")["submitted_at"] == datetime(2026, 1, 5, 10)
