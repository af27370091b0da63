"""The write transaction: all of it lands with a new data version, or none of it."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import duckdb
import pytest

from csat.store.store import Store

NOTE = "INSERT INTO audit VALUES (now()::TIMESTAMP, $who, 'test', '')"


def audits(store: Store) -> int:
    return int(store.rows("SELECT COUNT(*) AS n FROM audit")[0]["n"])


def test_each_commit_raises_the_data_version_by_one(store: Store) -> None:
    versions = [store.data_version()]
    for _ in range(3):
        with store.write() as cursor:
            cursor.execute(NOTE, {"who": "ann"})
            versions.append(store.data_version())
        versions.append(store.data_version())
    first = versions[0]
    assert versions == [first, first, first + 1, first + 1, first + 2, first + 2, first + 3]
    assert audits(store) == 3


class StopScript(BaseException):
    """Stands for what a web server throws into a running script."""


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, StopScript, ValueError])
def test_whatever_is_raised_inside_leaves_nothing(store: Store, error: type[BaseException]) -> None:
    before = store.data_version()

    def work() -> None:
        with store.write() as cursor:
            cursor.execute(NOTE, {"who": "ann"})
            cursor.execute("CREATE TABLE half_made (a INTEGER)")
            raise error

    with pytest.raises(error):
        work()
    assert audits(store) == 0
    assert store.data_version() == before
    assert not store.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'half_made'")
    with store.write() as cursor:
        cursor.execute(NOTE, {"who": "bob"})
    assert audits(store) == 1


def test_an_error_of_the_database_is_the_error_that_arrives(store: Store) -> None:
    def work() -> None:
        with store.write() as cursor:
            cursor.execute(NOTE, {"who": "ann"})
            cursor.execute("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(duckdb.CatalogException, match="nowhere"):
        work()
    assert audits(store) == 0


def test_a_commit_that_fails_is_the_error_that_arrives_and_leaves_nothing(store: Store) -> None:
    def work() -> None:
        with store.write() as cursor, store.cursor() as other:
            cursor.execute(NOTE, {"who": "ann"})
            other.execute("UPDATE meta SET data_version = data_version + 1")

    with pytest.raises(duckdb.Error, match="onflict"):
        work()
    assert audits(store) == 0


def test_temporary_tables_of_a_lent_cursor_serve_the_transaction(store: Store) -> None:
    with store.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE names AS SELECT 'ann' AS who")
        with store.write(cursor) as same:
            same.execute("INSERT INTO audit SELECT now()::TIMESTAMP, who, 'test', '' FROM names")
    assert audits(store) == 1
    with pytest.raises(duckdb.CatalogException):
        store.rows("SELECT * FROM names")


def test_writers_wait_for_each_other(store: Store) -> None:
    def add() -> None:
        for _ in range(10):
            with store.write() as cursor:
                cursor.execute(NOTE, {"who": "ann"})

    before = store.data_version()
    writers = [threading.Thread(target=add) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert audits(store) == 40
    assert store.data_version() == before + 40


def test_readers_beside_a_writer_see_only_whole_batches(store: Store) -> None:
    rows, batches = 1_000, 12
    done = threading.Event()
    seen: set[tuple[int, int]] = set()
    failures: list[BaseException] = []

    def read() -> None:
        try:
            while not done.is_set():
                row = store.rows(
                    "SELECT (SELECT COUNT(*) FROM complaint) AS n, "
                    "(SELECT data_version FROM meta) AS version"
                )[0]
                seen.add((row["n"], row["version"]))
        except BaseException as error:
            failures.append(error)

    first = store.data_version()
    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for batch in range(batches):
        with store.write() as cursor:
            for part in (range(0, 400), range(400, rows)):
                cursor.execute(
                    "INSERT INTO complaint (complaint_id, program_id, batch_id, source_key, "
                    "case_no, received_at, day_key, month_key) SELECT i, 1, $b, i, i, "
                    "TIMESTAMP '2026-01-01', 20260101, 202601 FROM range($from, $to) r(i)",
                    {"b": batch, "from": part.start, "to": part.stop},
                )
                time.sleep(0.005)
        store.checkpoint()
        until = time.monotonic() + 300
        while not failures and (rows * (batch + 1), first + batch + 1) not in seen:
            assert time.monotonic() < until, "no reader came to look"
            time.sleep(0.001)
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert len(seen) > batches - 1
    assert all(n == rows * (version - first) for n, version in seen)


def test_after_a_checkpoint_nothing_waits_in_the_log(store: Store, tmp_path: Path) -> None:
    with store.write() as cursor:
        cursor.execute(NOTE, {"who": "ann"})
    store.checkpoint()
    log = store.path.with_name(store.path.name + ".wal")
    assert not log.exists() or log.stat().st_size == 0
