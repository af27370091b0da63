"""One process owns a store file; everybody else is told plainly what is wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from csat.model.problem import Problem, UsageProblem
from csat.model.settings import Config
from csat.store.store import Store

OPEN = """
import sys
from pathlib import Path
from csat.model.problem import Problem
from csat.store.store import Store
try:
    Store(Path(sys.argv[1]))
except Problem as problem:
    print(type(problem).__name__, problem.title, problem.remedy, sep="|")
"""


def open_elsewhere(path: Path) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", OPEN, str(path)],
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    return done.stdout.strip().split("|")


def test_tests_have_a_store_of_their_own(tmp_path: Path) -> None:
    config = Config.from_environment()
    assert config.store.is_relative_to(tmp_path)
    assert config.sample == "none"


def test_a_second_process_is_told_who_has_the_store_and_what_to_do(store: Store) -> None:
    kind, title, remedy = open_elsewhere(store.path)
    assert kind == "StoreBusy"
    assert f"process {os.getpid()}" in title
    assert str(store.path) in title
    assert "Stop that process" in remedy
    assert "CSAT_STORE" in remedy


def test_a_closed_store_is_free_for_the_next_process(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    Store(path).close()
    assert open_elsewhere(path) == [""]


def test_the_folder_of_a_new_store_is_made(tmp_path: Path) -> None:
    path = tmp_path / "one" / "two" / "a.duckdb"
    Store(path).close()
    assert path.is_file()


@pytest.mark.parametrize("folder", ["plain", "clock", "conflicting lock"])
@pytest.mark.parametrize("content", [b"id,comment\n1,hello\n" * 500, b"\x00" * 9000, b"short"])
def test_a_file_that_is_no_store_is_refused_by_name(
    tmp_path: Path, folder: str, content: bytes
) -> None:
    path = tmp_path / folder / "a.duckdb"
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(UsageProblem, match="cannot be opened") as caught:
        Store(path)
    assert str(path) in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95])
def test_a_store_cut_short_is_refused_or_opens_but_never_crashes(
    tmp_path: Path, keep: float
) -> None:
    path = tmp_path / "a.duckdb"
    store = Store(path)
    store.checkpoint()
    store.close()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    try:
        Store(path).close()
    except Problem as problem:
        found: tuple[type, str] = (type(problem), str(problem))
    else:
        found = (UsageProblem, str(path))
    assert found[0] is UsageProblem
    assert str(path) in found[1]


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.duckdb").mkdir()
    with pytest.raises(UsageProblem, match="cannot be opened"):
        Store(tmp_path / "a.duckdb")


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    with pytest.raises(UsageProblem, match="cannot be opened"):
        Store(tmp_path / "data" / "a.duckdb")


@pytest.mark.parametrize(
    "name", ["temp.duckdb", "system.duckdb", "main.duckdb", "backup_copy.duckdb", "select.duckdb"]
)
def test_any_file_name_will_do(tmp_path: Path, name: str) -> None:
    store = Store(tmp_path / name)
    store.backup(tmp_path / "copy.duckdb")
    store.close()
    assert (tmp_path / "copy.duckdb").is_file()


def test_the_engine_keeps_to_its_memory_and_goes_on_by_way_of_the_disk(tmp_path: Path) -> None:
    store = Store(tmp_path / "a.duckdb", memory_mb=60)
    with store.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE t AS SELECT i, md5(CAST(i AS VARCHAR)) AS m, "
                       "md5(CAST(i + 1 AS VARCHAR)) AS n FROM range(1500000) r(i)")  # fmt: skip
        row = cursor.execute("SELECT COUNT(*), COUNT(n) FROM t").fetchone()
    assert row == (1_500_000, 1_500_000)
    store.close()
    assert [p.name for p in tmp_path.iterdir()] == ["a.duckdb"]
