"""The data page: a file in, seen in the figures, and out again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.ingest.library import known, save
from csat.ingest.mapping import Column, Mapping
from csat.locale.catalogue import translator
from csat.model.message import Message, msg
from csat.model.people import LOCAL_USER
from csat.queries import loads
from csat.store.store import Store

HEADER = "response_id,submitted_at,branch,csat,nps,ces\n"
ROWS = [
    f"r{i},2026-{1 + i % 9:02d}-{1 + i % 28:02d},{('North', 'South')[i % 2]},"
    f"{1 + i % 5},{i % 11},{1 + i % 7}"
    for i in range(200)
]
SURVEY = (HEADER + "\n".join(ROWS) + "\n").encode()
MANY = [f"q{i},2026-{1 + i % 9:02d}-{1 + i % 28:02d},North,{1 + i % 5},9,7" for i in range(420)]
WITH_BAD_ROW = (HEADER + "\n".join([*MANY, "q900,2026-05-99,North,5,9,7"]) + "\n").encode()


def say(text: str | Message) -> str:
    return translator("en")(text)


def button(at: Any, text: str | Message) -> Any:
    """Return the one button of a label; those of uploads have no key of their own."""
    found = [b for b in at.button if b.label == say(text)]
    assert len(found) == 1, [b.label for b in at.button]
    return found[0]


def upload(at: Any, content: bytes, name: str = "visits.csv", program: str = "Branches") -> Any:
    at.file_uploader[0].upload(name, content, "text/csv").run()
    if program:
        at.get_by_key("new-program").set_value(program).run()
    assert not at.exception
    return at


def load(at: Any, content: bytes = SURVEY, rows: int = 200, **named: Any) -> Any:
    upload(at, content, **named)
    button(at, msg("Check {n} rows", n=content.count(b"\n") - 1)).click().run()
    button(at, msg("Load {n} rows", n=rows)).click().run()
    assert not at.exception
    return at


def held(path: Path) -> list[dict[str, Any]]:
    store = Store(path)
    try:
        return loads.batches(store)
    finally:
        store.close()


def test_nothing_is_written_before_it_is_loaded(empty_store: Path, open_page: Any) -> None:
    at = upload(open_page("data", empty_store), SURVEY)
    assert not at.error
    assert len(at.data_editor) == 1
    roles = at.data_editor[0].value
    assert list(roles.iloc[:, 0]) == HEADER.strip().split(",")
    assert held(empty_store) == []
    button(at, msg("Check {n} rows", n=200)).click().run()
    assert [m.value for m in at.metric] == ["200", "200", "0", "0", "0"]
    assert held(empty_store) == []


@pytest.mark.parametrize("first", ["empty_store", "own_sample_store"])
def test_file_is_loaded_seen_and_undone(
    first: str, request: pytest.FixtureRequest, open_page: Any
) -> None:
    path = request.getfixturevalue(first)
    before = len(held(path))
    at = load(open_page("data", path))
    assert len(at.success) == 1
    assert "visits.csv" in at.success[0].value
    rows = held(path)
    assert len(rows) == before + 1
    assert rows[0]["rows_accepted"] == 200
    key = rows[0]["program"]

    at.switch_page("../pages/executive/overview.py").run()
    assert at.query_params["program"] == key
    at.get_by_key("period").set_value("all").run()
    assert {"card-csat_top_box", "card-nps", "card-ces"} <= {
        str(getattr(b, "key", "")) for b in at.main
    }
    assert "n 200" in at.get_by_key("card-nps").caption[0].value

    at.switch_page("../pages/analyst/data.py").run()
    at.get_by_key("tab").set_value("batches").run()
    table = at.dataframe[0].value
    assert len(table) == before + 1
    assert "visits.csv" in table.iloc[0].to_list()
    at.session_state["batches"] = {"selection": {"rows": [0], "columns": [], "cells": []}}
    at.run()
    at.get_by_key(f"undo-{rows[0]['batch_id']}").click().run()
    assert not at.exception
    assert not at.error
    assert len(at.toast) == 1
    assert held(path)[0]["status"] == "undone"
    assert not [b for b in at.button if str(b.key).startswith("undo-")]
    at.switch_page("../pages/executive/overview.py").run()
    assert not at.exception
    assert at.query_params.get("program") == (None if before == 0 else "sample")


def test_mapping_is_kept_for_the_next_file(empty_store: Path, open_page: Any) -> None:
    at = load(open_page("data", empty_store))
    store = Store(empty_store)
    saved = [m for m in known(store) if {c.source for c in m.columns} >= {"csat", "nps"}]
    store.close()
    assert len(saved) == 1
    more = (HEADER + "\n".join(r.replace("r", "s", 1) for r in ROWS) + "\n").encode()
    upload(at, more, "august.csv", program="")
    chosen = next(s for s in at.selectbox if saved[0].name in str(s.value))
    assert chosen.value == saved[0].name
    button(at, msg("Check {n} rows", n=200)).click().run()
    assert [m.value for m in at.metric] == ["200", "200", "0", "0", "0"]


def test_same_file_again_is_refused_in_words(empty_store: Path, open_page: Any) -> None:
    at = load(open_page("data", empty_store))
    upload(at, SURVEY, "again.csv", program="")
    button(at, msg("Check {n} rows", n=200)).click().run()
    assert not at.exception
    said = [e.value for e in at.error] + [w.value for w in at.warning]
    assert any("again.csv" in text and "already" in text for text in said) or any(
        say("There is no row to load.") in text for text in said
    )
    assert not [b for b in at.button if b.label.startswith("Load ")]
    assert len(held(empty_store)) == 1


def test_refused_rows_are_shown_with_their_reason(empty_store: Path, open_page: Any) -> None:
    at = upload(open_page("data", empty_store), WITH_BAD_ROW)
    button(at, msg("Check {n} rows", n=421)).click().run()
    assert [m.value for m in at.metric] == ["421", "420", "0", "0", "1"]
    refused = at.dataframe[-1].value
    assert refused.iloc[0, 0] in (421, 422)
    assert list(refused.iloc[0, 1:3]) == ["submitted_at", "2026-05-99"]
    assert say("Download the refused rows") in [b.label for b in at.download_button]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("header.csv", HEADER.encode()),
        ("open.csv", b'a,b\n1,2\n3,"4\n5,6\n'),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(64)),
        ("noise.csv", bytes(range(256)) * 8),
    ],
)
def test_file_that_is_none_gets_a_plain_word(
    name: str, content: bytes, empty_store: Path, open_page: Any
) -> None:
    at = open_page("data", empty_store)
    at.file_uploader[0].upload(name, content, "text/csv").run()
    assert not at.exception
    assert len(at.error) == 1
    assert "Traceback" not in at.error[0].value
    assert len(at.error[0].value) > 20


def test_unreadable_scale_is_said(empty_store: Path, open_page: Any) -> None:
    at = upload(open_page("data", empty_store), SURVEY)
    key = at.data_editor[0].key
    at.session_state[key] = {
        "edited_rows": {3: {"low": None}},
        "added_rows": [],
        "deleted_rows": [],
    }
    at.run()
    assert not at.exception
    assert "csat" in at.error[0].value
    assert not [b for b in at.button if b.label.startswith("Check ")]


def test_mappings_are_listed(empty_store: Path, open_page: Any) -> None:
    at = open_page("data", empty_store, {"tab": "mappings"})
    names = set(at.dataframe[0].value.iloc[:, 1])
    assert {"cfpb-complaints", "nhs-fft", "sfo-2017"} <= names
    assert at.query_params["tab"] == "mappings"


def test_names_that_people_gave_are_not_translated(empty_store: Path, open_page: Any) -> None:
    store = Store(empty_store)
    when = Column("when", "submitted_at")
    save(store, Mapping("good", "survey", "good", (when,), survey_key="good"), LOCAL_USER)
    store.close()
    at = open_page("data", empty_store, {"tab": "mappings"}, locale="zh-CN")
    titles = dict(zip(at.dataframe[0].value["名称"], at.dataframe[0].value["标题"], strict=True))
    assert translator("zh_CN")("good") != "good"
    assert titles["good"] == "good"
    assert titles["nyc-311"] == "NYC 311 服务请求"


def test_empty_list_of_batches_says_so(empty_store: Path, open_page: Any) -> None:
    at = open_page("data", empty_store, {"tab": "batches"})
    assert not at.exception
    assert len(at.info) == 1


def test_receipts_of_the_inbox_are_listed_with_the_batches(
    empty_store: Path, open_page: Any
) -> None:
    inbox = empty_store.parent / "inbox"
    for part, name, text in (
        ("done", "a.csv.receipt.json", '{"batch": 3, "rows_accepted": 1200, "rows_refused": 4}'),
        ("failed", "b.csv.reason.txt", "b.csv is empty\nExport it again"),
    ):
        (inbox / part / "bank").mkdir(parents=True)
        (inbox / part / "bank" / name).write_text(text)
    at = open_page("data", empty_store, {"tab": "batches"})
    assert not at.exception
    table = at.dataframe[-1].value if len(at.dataframe) else at.table[-1].value
    told = table.to_csv()
    assert "batch 3: 1,200 rows accepted, 4 refused" in told
    assert "b.csv is empty" in told
    assert "loaded" in told


def test_without_an_inbox_there_is_no_word_of_it(
    empty_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_INBOX", "none")
    at = open_page("data", empty_store, {"tab": "batches"})
    assert not at.exception
    assert not [s for s in at.header if s.value == say("Inbox")]


def test_no_period_is_asked_for_and_the_one_chosen_elsewhere_is_kept(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("overview", sample_store, {"period": "m12", "branch": "Riverside"})
    at.switch_page("../pages/analyst/data.py").run()
    assert [s.label for s in at.sidebar.selectbox] == ["Program"]
    at.switch_page("../pages/executive/overview.py").run()
    assert at.get_by_key("period").value == "m12"
    assert at.get_by_key("branch").value == ["Riverside"]


def test_what_a_killed_server_left_of_an_upload_is_gone_when_the_store_is_opened(
    empty_store: Path, open_page: Any
) -> None:
    left = empty_store.with_name(f"{empty_store.name}.uploads") / "tmpkilled" / "upload.csv"
    left.parent.mkdir(parents=True)
    left.write_bytes(SURVEY)
    at = open_page("data", empty_store)
    assert not left.exists()
    upload(at, SURVEY)
    held_now = list(left.parents[1].glob("*/upload.csv"))
    assert [f.read_bytes() for f in held_now] == [SURVEY]
    assert left.parents[1].stat().st_mode & 0o077 == 0
