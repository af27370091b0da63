"""Reads: parameters, kinds of columns, time limits."""

from __future__ import annotations

import threading
import time
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from csat.store.store import Store

TYPED = (
    "SELECT source_key, received_at, day_key, response_s, timely, narrative FROM complaint "
    "WHERE branch = $branch"
)


def test_an_empty_answer_keeps_the_kinds_of_its_columns(store: Store) -> None:
    empty = store.query(TYPED, {"branch": "nowhere"})
    assert empty.num_rows == 0
    with store.write() as cursor:
        cursor.execute(
            "INSERT INTO complaint (complaint_id, program_id, batch_id, source_key, case_no, "
            "received_at, day_key, month_key, branch) VALUES "
            "(1, 1, 1, 'a', 'a', TIMESTAMP '2026-01-31 10:00:00', 20260131, 202601, 'North')"
        )
    one = store.query(TYPED, {"branch": "North"})
    assert one.schema == empty.schema
    assert empty.schema.field("narrative").type == pa.string()
    assert empty.schema.field("day_key").type == pa.int32()
    assert one.to_pylist()[0]["received_at"] == datetime(2026, 1, 31, 10)


def test_a_value_is_never_read_as_sql(store: Store) -> None:
    evil = "x' OR 1=1; DROP TABLE complaint; --"
    assert store.rows("SELECT $v AS v", {"v": evil}) == [{"v": evil}]
    assert store.query(TYPED, {"branch": evil}).num_rows == 0


def test_a_read_cannot_see_python_variables(store: Store) -> None:
    secret = pa.table({"a": [1]})
    assert secret.num_rows == 1
    with pytest.raises(duckdb.CatalogException):
        store.rows("SELECT * FROM secret")


def test_a_read_that_takes_too_long_is_interrupted(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.duckdb", query_timeout_ms=1000)
    with pytest.raises(duckdb.InterruptException):
        store.query("SELECT SUM(a.i * b.i) AS s FROM range(1000000) a(i), range(1000000) b(i)")
    assert store.rows("SELECT 1 AS one") == [{"one": 1}]
    store.close()


def test_the_engine_keeps_to_the_memory_it_is_given(tmp_path: Path) -> None:
    """An import larger than memory is written beside the store instead."""
    store = Store(tmp_path / "small.duckdb", memory_mb=256)
    try:
        limit = store.rows("SELECT current_setting('memory_limit') AS m")[0]["m"]
        assert limit == "244.1 MiB"
        with store.cursor() as cursor:
            cursor.execute(
                "CREATE TEMP TABLE much AS SELECT range AS n, repeat('x', 200) || range AS t "
                "FROM range(3_000_000)"
            )
            assert cursor.execute("SELECT COUNT(*) FROM much").fetchone() == (3_000_000,)
    finally:
        store.close()


def test_how_far_a_statement_is_can_be_asked_from_another_thread(store: Store) -> None:
    assert store.percent() == -1
    seen: list[float] = []
    over = threading.Event()

    def ask() -> None:
        while not over.wait(0.002):
            seen.append(store.percent())

    asking = threading.Thread(target=ask)
    asking.start()
    until = time.monotonic() + 300
    while max(seen, default=-1) <= 0 and time.monotonic() < until:
        with store.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE t AS SELECT md5(CAST(i AS VARCHAR)) AS m "
                           "FROM range(300000) r(i)")  # fmt: skip
    over.set()
    asking.join()
    assert store.percent() == -1
    assert all(-1 <= percent <= 100 for percent in seen)
    assert max(seen) > 0
