"""A file dropped into the inbox is loaded once, and moved away with a receipt or the reasons."""

from __future__ import annotations

import csv
import io
import json
import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.library import save
from csat.ingest.mapping import Mapping
from csat.model.message import msg
from csat.model.people import LOCAL_USER
from csat.model.problem import StoreBusy
from csat.store.store import Store
from csat.upkeep.receipts import recent
from csat.upkeep.sweeper import Sweeper

HEAD = "id,when,branch,csat,nps,ces,comment\n"
GOOD = HEAD + "1,2026-01-05,North,4,9,6,\n2,2026-01-06,South,5,10,7,\n"
Sweep = Callable[[], None]


@pytest.fixture
def ours(store: Store, survey_mapping: Mapping) -> None:
    """Keep one mapping that fits the files of these tests."""
    save(store, replace(survey_mapping, name="ours"), LOCAL_USER)


@pytest.fixture
def drop(inbox: Path) -> Callable[..., Path]:
    def put(content: str = GOOD, name: str = "a.csv", folder: str = "bank") -> Path:
        path = inbox / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return put


def batches(store: Store) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT p.key AS program, b.file_name AS file, b.rows_accepted AS rows, "
        "b.loaded_by AS who, b.mapping_name AS mapping "
        "FROM batch b JOIN program p USING (program_id) ORDER BY batch_id"
    )


def files(folder: Path) -> list[str]:
    found = [p.relative_to(folder) for p in folder.rglob("*") if p.is_file() or p.is_symlink()]
    return sorted(p.as_posix() for p in found if p.parts[0] != ".requests")


def test_a_dropped_file_is_loaded_with_the_only_mapping_that_fits(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    drop()
    sweep()
    assert batches(store) == [
        {"program": "bank", "file": "a.csv", "rows": 2, "who": "inbox", "mapping": "ours"}
    ]
    assert files(inbox) == ["done/bank/a.csv", "done/bank/a.csv.receipt.json"]
    receipt = json.loads((inbox / "done/bank/a.csv.receipt.json").read_text("utf-8"))
    assert (receipt["batch"], receipt["mapping"], receipt["as_of"]) == (1, "ours", "2026-01-06")
    assert [receipt[f"rows_{n}"] for n in ("read", "accepted", "duplicate", "refused")] == [
        2,
        2,
        0,
        0,
    ]
    [note] = store.rows("SELECT who, action, subject FROM audit")
    assert note == {"who": "inbox", "action": "import", "subject": "batch 1"}


def test_a_folder_names_the_mapping_where_several_fit(
    store: Store, ours: None, survey_mapping: Mapping, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    save(store, replace(survey_mapping, name="other", survey_key="x"), LOCAL_USER)
    drop(name="which.csv")
    drop(name="this.csv", folder="bank/other")
    sweep()
    assert [(b["file"], b["mapping"]) for b in batches(store)] == [("this.csv", "other")]
    reason = (inbox / "failed/bank/which.csv.reason.txt").read_text("utf-8")
    assert "Several mappings fit" in reason
    assert "bank/MAPPING/which.csv" in reason


def test_a_folder_of_an_unknown_mapping_names_those_there_are(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    drop(folder="bank/nonsense")
    sweep()
    reason = (inbox / "failed/bank/a.csv.reason.txt").read_text("utf-8")
    assert "neither a preset nor a saved mapping 'nonsense'" in reason
    assert "ours" in reason
    assert "nhs-fft" in reason


def test_a_file_that_is_still_written_is_left_alone(
    store: Store, ours: None, drop: Any, sweeper: Sweeper, inbox: Path
) -> None:
    path = drop(HEAD)
    sweeper.load_files()
    path.write_text(GOOD)
    sweeper.load_files()
    assert files(inbox) == ["bank/a.csv"]
    sweeper.load_files()
    assert files(inbox) == ["done/bank/a.csv", "done/bank/a.csv.receipt.json"]


@pytest.mark.parametrize("name", ["a.csv.part", "a.csv.tmp", "a.csv~", ".a.csv", "A.CSV.PART"])
def test_names_of_unfinished_files_are_left_alone(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path, name: str
) -> None:
    drop(name=name)
    sweep()
    assert files(inbox) == [f"bank/{name}"]
    assert batches(store) == []


def test_rows_refused_are_listed_so_that_no_spreadsheet_runs_them(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    drop(GOOD + "3,2026-01-05,North,=1+1,9,6,\n")
    drop(HEAD + "4,2026-01-05,North,=2+2,9,6,\n", "bad.csv")
    sweep()
    for path in ("done/bank/a.csv", "failed/bank/bad.csv"):
        text = (inbox / f"{path}.refused.csv").read_text("utf-8-sig")
        head, row = csv.reader(io.StringIO(text))
        assert head == ["row", "column", "value", "reason"]
        assert row[1] == "csat"
        assert row[2].startswith("'=")
    assert "No row of bad.csv can be loaded" in (
        inbox / "failed/bank/bad.csv.reason.txt"
    ).read_text("utf-8")
    assert len(batches(store)) == 1


def test_two_files_of_one_name_keep_both_receipts(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    drop()
    sweep()
    drop(GOOD.replace("\n1,", "\n8,").replace("\n2,", "\n9,"))
    sweep()
    assert [b["rows"] for b in batches(store)] == [2, 2]
    assert files(inbox / "done/bank") == [
        "a (2).csv", "a (2).csv.receipt.json", "a.csv", "a.csv.receipt.json",
    ]  # fmt: skip


def test_a_file_loaded_before_a_stop_is_recognised(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path, monkeypatch: Any
) -> None:
    """The process ends after the commit and before the move: the file is found again."""
    drop()

    def stop(*_: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("csat.upkeep.dropped.set_aside", stop)
        with pytest.raises(SystemExit):
            sweep()
    assert (len(batches(store)), files(inbox)) == (1, ["bank/a.csv"])
    sweep()
    assert len(batches(store)) == 1
    receipt = json.loads((inbox / "done/bank/a.csv.receipt.json").read_text("utf-8"))
    assert (receipt["batch"], receipt["rows_accepted"]) == (1, 2)
    assert "already loaded as batch 1" in receipt["note"]


def test_links_are_set_aside_unread(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text(GOOD)
    folder = drop(name="real.csv").parent
    (folder / "link.csv").symlink_to(secret)
    (folder / "nowhere.csv").symlink_to(tmp_path / "absent")
    (inbox / "linked").symlink_to(tmp_path)
    (tmp_path / "outside.csv").write_text(GOOD)
    sweep()
    assert [b["file"] for b in batches(store)] == ["real.csv"]
    assert {"failed/bank/link.csv.reason.txt", "failed/bank/nowhere.csv.reason.txt"} <= set(
        files(inbox)
    )
    assert secret.read_text() == GOOD
    assert (tmp_path / "outside.csv").exists()


def test_names_of_folders_that_no_program_may_have_are_refused(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    drop(folder="evil\nname")
    drop(folder="x" * 90)
    sweep()
    assert batches(store) == []
    reasons = [p.read_text("utf-8") for p in (inbox / "failed").glob("*/*.reason.txt")]
    assert len(reasons) == 2
    assert any("is no name of a program" in r for r in reasons)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_set_aside(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    drop().chmod(0)
    sweep()
    assert "cannot be read" in (inbox / "failed/bank/a.csv.reason.txt").read_text("utf-8")


def test_a_file_that_cannot_be_moved_is_loaded_once(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path, monkeypatch: Any
) -> None:
    drop()
    tried = []

    def refuse(file: Path, folder: Path) -> Path:
        tried.append(file)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("csat.upkeep.dropped.set_aside", refuse)
    for _ in range(3):
        sweep()
    assert (len(batches(store)), len(tried)) == (1, 1)


@pytest.mark.parametrize("content", ["", HEAD, "\x00\x01" * 500, "a,a\n1,2\n"])
def test_what_is_no_table_is_set_aside_with_the_reason(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path, content: str
) -> None:
    drop(content)
    sweep()
    reason = (inbox / "failed/bank/a.csv.reason.txt").read_text("utf-8")
    assert len(reason.splitlines()) == 2
    assert "Traceback" not in reason


def test_files_beside_the_folders_of_programs_are_left_alone(
    store: Store, ours: None, inbox: Path, sweep: Sweep
) -> None:
    inbox.mkdir()
    (inbox / "README.txt").write_text("how to use this")
    sweep()
    assert files(inbox) == ["README.txt"]


def test_the_newest_receipts_come_first(
    store: Store, ours: None, drop: Any, sweep: Sweep, inbox: Path
) -> None:
    drop()
    sweep()
    drop("", "b.csv")
    sweep()
    for number, path in enumerate((inbox / "done").glob("*/*.json")):
        os.utime(path, (number, number))
    found = recent(inbox)
    assert [(r.file, r.program, r.loaded, r.batch) for r in found] == [
        ("b.csv", "bank", False, None),
        ("a.csv", "bank", True, 1),
    ]
    assert "b.csv is empty" in found[0].text
    assert recent(inbox, 1) == found[:1]


def test_the_thread_starts_once_and_stops(
    store: Store, ours: None, drop: Any, sweeper: Sweeper, until: Any, inbox: Path
) -> None:
    def alive() -> int:
        return sum(t.name == "inbox" for t in threading.enumerate())

    sweeper.start()
    sweeper.start()
    assert alive() == 1
    drop()
    until(lambda: files(inbox) == ["done/bank/a.csv", "done/bank/a.csv.receipt.json"])
    sweeper.stop()
    assert alive() == 0
    drop(name="later.csv")
    sweeper.start()
    until(lambda: not (inbox / "bank/later.csv").exists())


def test_a_store_that_opens_later_is_found(
    store: Store, ours: None, drop: Any, inbox: Path, until: Any, sweeper: Sweeper
) -> None:
    looks = []

    def late() -> Store:
        looks.append(1)
        if len(looks) < 5:
            raise StoreBusy(msg("The store is in use"), msg("Wait"))
        return store

    sweeper._store = late
    drop()
    sweeper.start()
    until(lambda: batches(store))


def test_one_inbox_is_served_by_one_process_at_a_time(
    store: Store, ours: None, drop: Any, sweeper: Sweeper, inbox: Path, until: Any
) -> None:
    other = Sweeper(inbox, lambda: store, sweeper._config, every=0.02)
    other.start()
    until(lambda: (inbox / ".requests/owner").exists())
    drop()
    sweeper.answer_requests()
    assert sweeper._claim is None
    other.stop()
    sweeper.answer_requests()
    assert sweeper._claim is not None
