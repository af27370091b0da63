"""A restore puts the state of a backup in the place of the store's own, whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from csat.ingest.mapping import Mapping
from csat.model.problem import UsageProblem
from csat.store import migration
from csat.store.originals import copy_originals
from csat.store.store import Store

HEADER = ["id", "when", "branch", "csat", "nps", "ces", "comment"]
Contents = dict[str, list[dict[str, Any]]]


def contents(store: Store) -> Contents:
    tables = store.rows(
        "SELECT table_name AS t FROM information_schema.tables WHERE table_type = 'BASE TABLE'"
    )
    found = {r["t"]: store.rows(f"SELECT * FROM {r['t']} ORDER BY ALL") for r in tables}
    found.pop("meta")
    return found


@pytest.fixture
def fill(load: Callable[..., Any], write_csv: Any, survey_mapping: Mapping) -> Callable[..., Any]:
    def add(first: int, n: int = 5, program: str = "demo") -> Any:
        rows = [[i, "2026-01-05", "North", 4, 9, 6, "good"] for i in range(first, first + n)]
        return load(write_csv([HEADER, *rows], f"{first}.csv"), survey_mapping, program)

    return add


@pytest.fixture
def saved(store: Store, fill: Callable[..., Any], tmp_path: Path) -> tuple[Path, Contents]:
    """Return a backup of a store with one batch, and what it holds; the store has gone on."""
    fill(0)
    store.backup(tmp_path / "copy.duckdb")
    before = contents(store)
    fill(100)
    fill(200, program="other")
    return tmp_path / "copy.duckdb", before


def test_the_state_of_the_backup_comes_back_whole(store: Store, saved: Any, fill: Any) -> None:
    path, before = saved
    later = store.data_version()
    store.restore(path)
    assert contents(store) == before
    assert store.data_version() > later
    assert fill(300).batch_id == 2
    assert store.rows("SELECT COUNT(*) AS n FROM answers_1") == [{"n": 10}]


def test_a_restored_store_opens_again(store: Store, saved: Any) -> None:
    path, before = saved
    store.restore(path)
    version = store.data_version()
    store.close()
    again = Store(store.path)
    assert (contents(again), again.data_version()) == (before, version)
    again.close()


def test_the_data_version_rises_above_that_of_the_backup_too(store: Store, tmp_path: Path) -> None:
    other = Store(tmp_path / "other.duckdb")
    for _ in range(50):
        with other.write():
            pass
    other.close()
    store.restore(other.path)
    assert store.data_version() == 52


def test_readers_see_the_old_state_or_the_new_one(store: Store, saved: Any) -> None:
    path, _ = saved
    seen: set[tuple[Any, ...]] = set()
    failures: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        sql = (
            "SELECT (SELECT COUNT(*) FROM response) AS r, (SELECT COUNT(*) FROM batch) AS b, "
            "(SELECT COUNT(*) FROM answers_1) AS a, (SELECT data_version FROM meta) AS v"
        )
        try:
            while not stop.is_set():
                seen.add(tuple(store.rows(sql)[0].values()))
        except BaseException as error:
            failures.append(error)

    before = store.data_version()
    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(3):
        store.restore(path)
    stop.set()
    for reader in readers:
        reader.join()
    assert failures == []
    assert all(s == ((15, 3, 10, s[3]) if s[3] == before else (5, 1, 5, s[3])) for s in seen)


def test_what_fails_inside_leaves_the_store_as_it_was(store: Store, saved: Any) -> None:
    path, _ = saved
    before, version = contents(store), store.data_version()

    def stop(_: duckdb.DuckDBPyConnection) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.restore(path, stop)
    assert (contents(store), store.data_version()) == (before, version)
    store.restore(path)


def foreign(path: Path) -> None:
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE meta (a INTEGER)")
    con.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda p: None, "There is no file"),
        (lambda p: p.write_bytes(b"id,when\n1,2\n" * 900), "cannot be opened"),
        (foreign, "is no store of csat"),
        (lambda p: p.mkdir(), "There is no file"),
    ],
    ids=["absent", "a table of text", "another database", "a folder"],
)
def test_what_is_no_store_is_refused_and_nothing_changes(
    store: Store, saved: Any, tmp_path: Path, make: Callable[[Path], Any], said: str
) -> None:
    make(tmp_path / "wrong.duckdb")
    before = contents(store)
    with pytest.raises(UsageProblem, match=said):
        store.restore(tmp_path / "wrong.duckdb")
    assert contents(store) == before


def test_a_store_is_no_backup_of_itself(store: Store) -> None:
    with pytest.raises(UsageProblem, match="is this store itself"):
        store.restore(store.path)


def test_a_backup_of_a_newer_version_is_refused(store: Store, tmp_path: Path) -> None:
    newer = Store(tmp_path / "newer.duckdb")
    with newer.write() as cursor:
        cursor.execute("INSERT INTO schema_migration VALUES (9999, '9999_later', now()::TIMESTAMP)")
    newer.close()
    with pytest.raises(UsageProblem, match="layout 9999, newer than"):
        store.restore(newer.path)


def test_an_older_backup_is_brought_to_this_layout_and_stays_as_it_is(
    store: Store, saved: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = saved
    shipped = migration.available()
    step = (shipped[-1][0] + 1, "9000_more", "CREATE TABLE added (a INTEGER);")
    for module in ("migration", "copies"):
        monkeypatch.setattr(f"csat.store.{module}.available", lambda: [*shipped, step])
    content = path.read_bytes()
    store.restore(path)
    assert store.rows("SELECT COUNT(*) AS n FROM added") == [{"n": 0}]
    assert store.rows("SELECT COUNT(*) AS n FROM response") == [{"n": 5}]
    assert path.read_bytes() == content
    assert [f.name for f in store.path.parent.iterdir() if f.name.startswith(".restore")] == []


def test_a_backup_that_stops_half_way_leaves_no_file(
    store: Store, fill: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(0)
    target = tmp_path / "copies" / "copy.duckdb"

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("csat.store.copies._count", stop)
        with pytest.raises(KeyboardInterrupt):
            store.backup(target)
    assert list(target.parent.iterdir()) == []
    (target.parent / "copy.duckdb.part").write_text("left behind by a process that was killed")
    store.backup(target)
    assert [f.name for f in target.parent.iterdir()] == ["copy.duckdb"]


def test_a_copy_that_lacks_rows_is_not_kept(
    store: Store, fill: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(0)
    numbers = iter(range(1000))
    monkeypatch.setattr("csat.store.copies._count", lambda *_: next(numbers))
    with pytest.raises(duckdb.IOException, match="is not whole"):
        store.backup(tmp_path / "copy.duckdb")
    assert not (tmp_path / "copy.duckdb").exists()


def test_originals_are_copied_whole_and_those_missing_are_named(tmp_path: Path) -> None:
    source, target = tmp_path / "a", tmp_path / "b"
    source.mkdir()
    for name in ("one", "two", "of another store"):
        (source / name).write_text(name)
    assert copy_originals(["two", "one", "one", "three"], source, target) == (2, ["three"])
    assert sorted(f.name for f in target.iterdir()) == ["one", "two"]
    assert copy_originals(["one"], source, target) == (0, [])
