"""Long files and hashed ids, from the file to the store, and the ticket presets that need them."""

from __future__ import annotations

from typing import Any

from csat.ingest.batches import dry_run
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.preset import preset
from csat.ingest.source import open_source
from csat.model.scale import Scale
from csat.store.store import Store

FIVE = Scale.of(1, 5, special={"9": "dont_know"})
LONG = Mapping(
    "long",
    "survey",
    "Long",
    (
        Column("response", "response_id"),
        Column("who", "respondent_id", keep="hash"),
        Column("when", "submitted_at"),
        Column("branch", "branch"),
        Column("question", "question"),
        Column("answer", "answer"),
        Column("Q1", "item", item=Item("Q1", "Q1", FIVE, measures=("csat",))),
        Column("Q2", "item", item=Item("Q2", "Q2", FIVE)),
        Column("Why?", "comment"),
    ),
    survey_key="s",
)
HEADER = ["response", "who", "when", "branch", "question", "answer"]
BASE = ["a@b.org", "2026-01-05", "North"]
ROWS = [
    ["r1", *BASE, "Q1", "5"],
    ["r1", *BASE, "Q2", "9"],
    ["r1", *BASE, "Why?", "quick"],
    ["r2", *BASE, "Q1", "2"],
    ["r2", *BASE, "Q9", "1"],
]


def test_a_long_file_is_loaded_as_responses(store: Store, load: Any, write_csv: Any) -> None:
    checked = load(write_csv([HEADER, *ROWS]), LONG).checked
    assert (checked.rows_read, checked.rows_accepted) == (2, 2)
    assert store.rows("SELECT i1, i2 FROM answers_1 ORDER BY response_id") == [
        {"i1": 5, "i2": None},
        {"i1": 2, "i2": None},
    ]
    assert store.rows("SELECT csat, branch FROM response ORDER BY response_id") == [
        {"csat": 5, "branch": "North"},
        {"csat": 2, "branch": "North"},
    ]
    assert store.rows("SELECT item_key, kind, n FROM answer_exclusion") == [
        {"item_key": "Q2", "kind": "dont_know", "n": 1}
    ]
    assert store.rows("SELECT body FROM comment") == [{"body": "quick"}]


def test_the_same_responses_again_are_known(store: Store, load: Any, write_csv: Any) -> None:
    load(write_csv([HEADER, *ROWS]), LONG)
    more = write_csv([HEADER, *ROWS, ["r3", *BASE, "Q1", "4"]], "more.csv")
    checked = load(more, LONG).checked
    assert (checked.rows_read, checked.rows_duplicate, checked.rows_accepted) == (3, 2, 1)


def test_responses_that_contradict_themselves_are_refused_with_what_they_say(
    store: Store, write_csv: Any
) -> None:
    rows = [*ROWS, ["r1", *BASE, "Q1", "4"], ["r2", "a@b.org", "2026-01-05", "South", "Q2", "3"]]
    checked = dry_run(store, open_source(write_csv([HEADER, *rows])), LONG, "demo")
    assert [(r.row_no, r.column, r.value, str(r.reason)) for r in checked.refused] == [
        (2, "Q1", "4 | 5", "is not on the scale 1 to 5"),
        (5, "question", "branch: North | South", "differs between the rows of one response"),
    ]


def test_ids_reach_the_store_as_hashes_only(store: Store, load: Any, write_csv: Any) -> None:
    load(write_csv([HEADER, *ROWS]), LONG)
    found = {r["respondent_id"] for r in store.rows("SELECT respondent_id FROM response")}
    assert len(found) == 1
    assert all(len(value) == 32 and "@" not in value for value in found)


ZENDESK = [
    [
        *("Id", "Requester", "Requester id", "Requester email", "Group", "Subject", "Status"),
        *("Priority", "Via", "Ticket type", "Created at", "Organization"),
        *("Initially assigned at", "Solved at", "First reply time in minutes"),
    ],
    [
        *("7", "Ann Lee", "501", "a@b.org", "East", "Wrong invoice", "Solved"),
        *("Urgent", "Mail", "Problem", "2026-01-05 10:00:00 +0000", "Acme"),
        *("2026-01-05 10:30:00 +0000", "2026-01-05 12:00:00 +0000", "30"),
    ],
    [
        *("8", "Bob", "502", "b@b.org", "West", "No power", "Open"),
        *("Low", "Web", "Incident", "2026-01-06 10:00", "-", "", "", ""),
    ],
]


def test_tickets_of_zendesk_are_loaded_without_names(
    store: Store, load: Any, write_csv: Any
) -> None:
    assert load(write_csv(ZENDESK), preset("zendesk"), "desk").checked.rows_accepted == 2
    found = store.rows(
        "SELECT case_no, branch, severity, status, segment, response_s, resolution_s, "
        "resolution_event, respondent_id FROM complaint ORDER BY case_no"
    )
    assert [tuple(r.values())[:8] for r in found] == [
        ("7", "East", "critical", "resolved", "Acme", None, 7200, 1),
        ("8", "West", "low", "open", None, None, 50400, 0),
    ]
    assert all(len(r["respondent_id"]) == 32 for r in found)


def test_tickets_of_zammad_are_loaded_with_both_clocks(
    store: Store, load: Any, write_csv: Any
) -> None:
    header = ["#", "Title", "State", "Priority", "Group", "Owner", "Customer", "Organization"]
    header += ["Create Channel", "Created At", "Closed At", "First Response At"]
    row = ["22001", "Wrong invoice", "closed", "3 high", "East", "Bob", "Ann Lee", "Acme", "phone"]
    row += ["2026-01-05 10:00:00", "2026-01-05 12:00:00", "2026-01-05 10:30:00"]
    load(write_csv([header, row]), preset("zammad"), "desk")
    [case] = store.rows(
        "SELECT case_no, severity, status, channel, response_s, resolution_s FROM complaint"
    )
    assert tuple(case.values()) == ("22001", "high", "resolved", "phone", 1800, 7200)
