"""A backup is a complete store of one moment, which opens and works like the original."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from csat.ingest.batches import commit
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import UsageProblem
from csat.store.store import Store

HEADER = ["id", "when", "branch", "csat", "nps", "ces", "comment"]


def contents(store: Store) -> dict[str, list[dict[str, object]]]:
    tables = store.rows(
        "SELECT table_name AS t FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    )
    return {r["t"]: store.rows(f"SELECT * FROM {r['t']} ORDER BY ALL") for r in tables}


def test_a_backup_holds_everything_and_opens(
    store: Store, load, write_csv, survey_mapping: Mapping, tmp_path: Path
) -> None:
    rows = [[i, "2026-01-05", "North", 4, 9, 6, "good"] for i in range(20)]
    load(write_csv([HEADER, *rows]), survey_mapping)
    target = tmp_path / "copies of 'today'" / "copy.duckdb"
    store.backup(target)
    copy = Store(target)
    assert contents(copy) == contents(store)
    assert copy.data_version() == store.data_version()
    copy.close()


def test_a_backup_can_be_worked_with(
    store: Store, load, write_csv, survey_mapping: Mapping, tmp_path: Path
) -> None:
    load(write_csv([HEADER, [1, "2026-01-05", "North", 4, 9, 6, ""]]), survey_mapping)
    store.backup(tmp_path / "copy.duckdb")
    more = write_csv([HEADER, [2, "2026-01-06", "South", 5, 9, 6, ""]], "more.csv")
    copy = Store(tmp_path / "copy.duckdb")
    second = commit(copy, open_source(more), survey_mapping, program="demo", user=LOCAL_USER)
    assert second.batch_id == 2
    other = commit(copy, open_source(more), survey_mapping, program="other", user=LOCAL_USER)
    assert other.batch_id == 3
    undo(copy, 1, LOCAL_USER)
    assert copy.rows("SELECT COUNT(*) AS n FROM response") == [{"n": 2}]
    copy.close()


def test_an_existing_target_is_refused_and_left_alone(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "copy.duckdb"
    target.write_text("precious")
    with pytest.raises(UsageProblem, match="exists already"):
        store.backup(target)
    assert target.read_text() == "precious"


def test_a_store_is_no_target_of_its_own(store: Store) -> None:
    with pytest.raises(UsageProblem, match="exists already"):
        store.backup(store.path)


def test_others_read_and_write_around_a_backup(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                store.rows("SELECT COUNT(*) AS n FROM audit")
        except BaseException as error:
            failures.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    for i in range(3):
        with store.write() as cursor:
            cursor.execute("INSERT INTO audit VALUES (now()::TIMESTAMP, 'ann', 'test', '')")
        store.backup(tmp_path / f"copy{i}.duckdb")
    stop.set()
    reader.join()
    assert failures == []
    sizes = []
    for i in range(3):
        copy = Store(tmp_path / f"copy{i}.duckdb")
        sizes.append(copy.rows("SELECT COUNT(*) AS n FROM audit")[0]["n"])
        copy.close()
    assert sizes == [1, 2, 3]
