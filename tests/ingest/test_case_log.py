"""Logs of events join the cases that are loaded, move their clocks on, and leave no trace."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.mapping import Column, Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import ImportProblem
from csat.store.integrity import check_store
from csat.store.store import Store

HEADER = ["case", "event", "at", "until", "by"]
LOG = Mapping(
    "log",
    "events",
    "Log",
    (
        Column("case", "case_id"),
        Column("event", "event"),
        Column("at", "happened_at"),
        Column("until", "until_at"),
        Column("by", "done_by"),
    ),
)
HOUR, DAY = 3_600, 86_400
Fields = Callable[..., dict[str, Any]]


@pytest.fixture
def log_file(write_csv) -> Callable[..., Path]:
    def write(rows: list[list[str]], name: str = "log.csv") -> Path:
        return write_csv([HEADER, *[[*row, *[""] * (5 - len(row))] for row in rows]], name)

    return write


@pytest.fixture
def cases(store: Store, load, complaint_file, complaint_mapping: Mapping) -> Store:
    """Return a store with case 1 open, 2 answered and 3 resolved, known to the 10th of January."""
    rows = [
        ["2026-01-01 09:00", "", ""],
        ["2026-01-02 09:00", "2026-01-02 12:00", ""],
        ["2026-01-03 09:00", "2026-01-03 10:00", "2026-01-05 09:00"],
    ]
    load(complaint_file(rows), complaint_mapping, as_of=date(2026, 1, 10))
    return store


@pytest.fixture
def case(store: Store) -> Fields:
    def read(number: str) -> dict[str, Any]:
        return store.rows("SELECT * FROM complaint WHERE case_no = $n", {"n": number})[0]

    return read


def test_a_log_moves_the_clocks_of_its_cases_on(cases: Store, load, log_file, case: Fields) -> None:
    rows = [
        ["1", "First response", "2026-01-01 15:00", "", "ann"],
        ["1", "Solved", "2026-01-04 09:00"],
        ["2", "solved", "2026-01-03 09:00"],
    ]
    load(log_file(rows), LOG, as_of=date(2026, 1, 12))
    one, two, three = case("1"), case("2"), case("3")
    assert one["first_response_at"] == datetime(2026, 1, 1, 15)
    assert (one["response_s"], one["response_event"]) == (6 * HOUR, 1)
    assert (one["resolution_s"], one["resolution_event"], one["status"]) == (3 * DAY, 1, "resolved")
    assert (two["response_s"], two["resolution_s"]) == (3 * HOUR, DAY)
    assert (three["resolution_s"], three["resolution_event"]) == (2 * DAY, 1)


def test_an_automatic_reply_is_no_first_response(
    cases: Store, load, log_file, case: Fields
) -> None:
    load(log_file([["1", "Auto-reply", "2026-01-01 09:01"]]), LOG, as_of=date(2026, 1, 12))
    assert case("1")["auto_reply_at"] == datetime(2026, 1, 1, 9, 1)
    assert case("1")["response_event"] == 0


def test_a_first_response_at_the_moment_of_the_automatic_one_is_that(
    cases: Store, load, log_file, case: Fields
) -> None:
    load(log_file([["2", "auto_reply", "2026-01-02 12:00"],
                   ["2", "replied", "2026-01-04 09:00"]]), LOG)  # fmt: skip
    assert case("2")["response_s"] == 2 * DAY


def test_a_reopened_case_is_open_until_it_is_resolved_again(
    cases: Store, load, log_file, case: Fields
) -> None:
    load(log_file([["3", "reopened", "2026-01-06 09:00"]]), LOG, as_of=date(2026, 1, 12))
    assert (case("3")["resolution_event"], case("3")["status"]) == (0, "reopened")
    assert case("3")["resolution_s"] == 9 * DAY + 15 * HOUR  # to the end of the 12th
    load(log_file([["3", "resolved", "2026-01-08 09:00"]], "later.csv"), LOG)
    assert (case("3")["resolution_event"], case("3")["resolution_s"]) == (1, 5 * DAY)
    assert case("3")["resolved_at"] == datetime(2026, 1, 5, 9)  # the first resolution stays known


def test_a_case_that_a_log_shows_open_has_waited_to_the_day_of_the_log(
    cases: Store, load, log_file, case: Fields
) -> None:
    load(log_file([["1", "escalated", "2026-01-07 09:00"]]), LOG, as_of=date(2026, 1, 12))
    assert (case("1")["resolution_event"], case("1")["resolution_s"]) == (0, 11 * DAY + 15 * HOUR)
    assert case("2")["resolution_s"] == 8 * DAY + 15 * HOUR  # the log does not speak of it


def test_words_of_the_mapping_count_before_those_we_know(
    cases: Store, load, log_file, case: Fields
) -> None:
    ours = Mapping("log", "events", "Log", (
        LOG.columns[0], Column("event", "event", labels={"T3": "escalated", "closed": "referred"}),
        *LOG.columns[2:],
    ))  # fmt: skip
    load(log_file([["1", "T3", "2026-01-02"], ["1", "closed", "2026-01-03"],
                   ["1", "Tagged by bot", "2026-01-02"]]), ours)  # fmt: skip
    assert case("1")["escalated_at"] == datetime(2026, 1, 2)
    assert (case("1")["referred_at"], case("1")["closed_at"]) == (datetime(2026, 1, 3), None)
    kept = cases.rows("SELECT event, words FROM case_event ORDER BY words")
    assert {"event": "other", "words": "Tagged by bot"} in kept


def test_events_of_unknown_cases_and_from_before_the_case_are_refused(
    cases: Store, log_file
) -> None:
    path = log_file([["9", "closed", "2026-01-05"], ["1", "closed", "2025-12-31"],
                     ["1", "closed", "2026-01-05"], ["", "closed", "2026-01-05"],
                     ["1", "paused", "2026-01-05", "2026-01-04"]])  # fmt: skip
    checked = dry_run(cases, open_source(path), LOG, "demo")
    assert checked.rows_accepted == 1
    reasons = {r.row_no: str(r.reason) for r in checked.refused}
    assert "no case that is loaded" in reasons[2]
    assert "before the case was received" in reasons[3]
    assert "is empty" in reasons[5]
    assert "ends before it begins" in reasons[6]


def test_a_log_for_no_case_is_refused_as_a_whole(store: Store, load, log_file) -> None:
    with pytest.raises(ImportProblem, match="no case that is loaded"):
        load(log_file([["1", "closed", "2026-01-05"]]), LOG)


def test_a_longer_log_adds_only_what_is_new(cases: Store, load, log_file, count) -> None:
    first = [["1", "assessed", "2026-01-02"], ["1", "assessed", "2026-01-02"]]
    loaded = load(log_file(first), LOG)
    assert (loaded.checked.rows_accepted, loaded.checked.rows_duplicate) == (1, 1)
    again = load(log_file([*first, ["2", "assessed", "2026-01-03"]], "longer.csv"), LOG)
    assert (again.checked.rows_accepted, again.checked.rows_duplicate) == (1, 2)
    assert count("case_event") == 2


def test_undo_of_a_log_gives_everything_back(cases: Store, load, log_file, everything) -> None:
    before = everything()
    rows = [
        ["1", "solved", "2026-01-04"],
        ["3", "reopened", "2026-01-06"],
        ["2", "paused", "2026-01-03"],
    ]
    loaded = load(log_file(rows), LOG)
    undo(cases, loaded.batch_id, LOCAL_USER)
    after = everything()
    for name in ("complaint", "case_event", "case_as_stated", "superseded_complaint"):
        assert after[name] == before[name], name
    assert check_store(cases) == []


def test_a_later_export_of_the_cases_and_their_log_come_apart_again(
    cases: Store, load, log_file, complaint_file, complaint_mapping: Mapping, everything
) -> None:
    rows = [
        ["2026-01-01 09:00", "", "2026-01-15 09:00"],
        ["2026-01-02 09:00", "2026-01-02 12:00", ""],
        ["2026-01-03 09:00", "2026-01-03 10:00", "2026-01-05 09:00"],
    ]
    later = load(complaint_file(rows, "later.csv"), complaint_mapping, as_of=date(2026, 1, 20))
    assert (later.checked.rows_updated, later.checked.rows_duplicate) == (1, 2)
    without = everything()
    undo(cases, later.batch_id, LOCAL_USER)
    log = load(log_file([["1", "replied", "2026-01-02"], ["3", "reopened", "2026-01-06"]]), LOG)
    again = load(complaint_file(rows, "later-2.csv"), complaint_mapping, as_of=date(2026, 1, 20))
    # what the log says is no change of the file
    assert (again.checked.rows_updated, again.checked.rows_duplicate) == (1, 2)
    undo(cases, log.batch_id, LOCAL_USER)
    kept = ("complaint_id", "batch_id")
    for name in ("complaint", "superseded_complaint"):
        plain = [{k: v for k, v in r.items() if k not in (*kept, "superseded_by")}
                 for r in everything()[name]]  # fmt: skip
        former = [{k: v for k, v in r.items() if k not in (*kept, "superseded_by")}
                  for r in without[name]]  # fmt: skip
        assert plain == former, name
    assert check_store(cases) == []


def test_undo_of_the_cases_reads_the_log_again(
    cases: Store, load, log_file, complaint_file, complaint_mapping: Mapping, count
) -> None:
    rows = [["2026-01-01 09:00", "", ""]] * 4  # cases 1 to 4; the first three are changed
    more = load(complaint_file(rows, "more.csv"), complaint_mapping)
    log = load(log_file([["4", "solved", "2026-01-05"], ["1", "solved", "2026-01-06"]]), LOG)
    done = undo(cases, more.batch_id, LOCAL_USER)
    assert done["again"] == [log.batch_id]
    assert cases.rows("SELECT case_key FROM case_event") == [{"case_key": "1"}]
    listed = cases.rows("SELECT rows_accepted, rows_refused FROM batch WHERE kind = 'events'")
    assert listed == [{"rows_accepted": 1, "rows_refused": 1}]
    assert check_store(cases) == []


def test_a_log_of_which_no_case_is_left_is_undone_with_them(
    cases: Store, load, log_file, count
) -> None:
    load(log_file([["1", "solved", "2026-01-05"]]), LOG)
    assert undo(cases, 1, LOCAL_USER)["again"] == []
    assert cases.rows("SELECT DISTINCT status FROM batch") == [{"status": "undone"}]
    assert count("complaint") == count("case_event") == count("case_as_stated") == 0
    assert check_store(cases) == []


PAUSED = Mapping(
    "paused",
    "complaints",
    "Cases",
    tuple(
        Column(name, role)
        for name, role in (
            ("id", "complaint_id"), ("received", "received_at"), ("closed", "closed_at"),
            ("from1", "pause_from"), ("to1", "pause_to"),
            ("from2", "pause_from"), ("to2", "pause_to"),
        )
    ),
)  # fmt: skip
WIDE = ["id", "received", "closed", "from1", "to1", "from2", "to2"]


def test_pauses_of_a_complaint_file_have_versions_like_the_case(
    store: Store, load, write_csv, everything
) -> None:
    row = ["K1", "2026-01-01", "", "2026-01-02", "2026-01-03", "", ""]
    load(write_csv([WIDE, row]), PAUSED, as_of=date(2026, 1, 10))
    before = everything()
    row[5:] = ["2026-01-05", ""]
    loaded = load(write_csv([WIDE, row], "later.csv"), PAUSED, as_of=date(2026, 1, 10))
    assert loaded.checked.rows_updated == 1
    assert loaded.checked.tally.changed == {"from1": 1}
    spans = store.rows("SELECT happened_at, until_at FROM case_event ORDER BY 1")
    assert [r["until_at"] for r in spans] == [datetime(2026, 1, 3), None]
    undo(store, loaded.batch_id, LOCAL_USER)
    for name in ("complaint", "case_event", "superseded_case_event"):
        assert everything()[name] == before[name], name


def test_pauses_that_make_no_sense_are_refused(store: Store, write_csv) -> None:
    path = write_csv([
        WIDE,
        ["K1", "2026-01-01", "", "2026-01-03", "2026-01-02", "", ""],
        ["K2", "2026-01-01", "", "", "", "", "2026-01-02"],
        ["K3", "2026-01-01", "", "2026-01-02", "", "", ""],
    ])  # fmt: skip
    checked = dry_run(store, open_source(path), PAUSED, "demo")
    assert [(r.row_no, r.column) for r in checked.refused] == [(2, "to1"), (3, "to2")]


def test_a_pause_needs_both_its_columns() -> None:
    half = Mapping("half", "complaints", "Half", (PAUSED.columns[1], PAUSED.columns[3]))
    with pytest.raises(ImportProblem, match="a column with its start and one with its end"):
        half.check()


def test_without_a_resolution_the_closing_ends_the_work(store: Store, load, write_csv) -> None:
    rows = [["K1", "2026-01-01", "2026-01-03", "", "", "", ""],
            ["K2", "2026-01-01", "", "", "", "", ""]]  # fmt: skip
    load(write_csv([WIDE, *rows]), PAUSED, as_of=date(2026, 1, 10))
    found = store.rows(
        "SELECT resolution_s, resolution_event, status FROM complaint ORDER BY case_no"
    )
    assert [tuple(r.values()) for r in found] == [(2 * DAY, 1, "resolved"), (10 * DAY, 0, "open")]


def test_a_case_with_a_violation_is_one_of_conduct(store: Store, load, write_csv) -> None:
    mapping = Mapping("conduct", "complaints", "Conduct", (
        Column("id", "complaint_id"), Column("at", "received_at"), Column("what", "violation"),
    ))  # fmt: skip
    load(write_csv([["id", "at", "what"], ["V1", "2026-01-01", "Data shared"],
                    ["K1", "2026-01-01", ""]]), mapping)  # fmt: skip
    found = store.rows("SELECT case_no, conduct FROM complaint ORDER BY 1")
    assert [tuple(r.values()) for r in found] == [("K1", 0), ("V1", 1)]
