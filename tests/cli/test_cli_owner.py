"""Commands that change the store are done by the process that owns it, while it runs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from csat.model.settings import Config
from csat.store.store import Store
from csat.upkeep.desk import served
from csat.upkeep.sweeper import Sweeper

SOURCE = Path(__file__).resolve().parents[2] / "src"


def test_import_undo_backup_and_restore_go_through_the_owner(run_process, owner, files, tmp_path):
    ask = ("import", files.answers, "--program", "bank", "--mapping", files.survey)
    checked = run_process(*ask, "--dry-run", "--json")
    assert (checked.code, checked.json["batch"], checked.json["rows_accepted"]) == (0, None, 34)
    done = run_process(*ask, "--json")
    assert (done.code, done.err) == (0, "")
    assert (done.json["batch"], done.json["rows_accepted"]) == (1, 34)
    again = run_process(*ask)
    assert (again.code, again.out) == (4, "")
    assert "already loaded as batch 1" in again.err
    copy = tmp_path / "copies" / "copy.duckdb"
    assert "1 original files" in run_process("backup", copy).out
    assert "34 rows withdrawn" in run_process("undo", 1).out
    assert owner.rows("SELECT COUNT(*) AS n FROM response") == [{"n": 0}]
    assert run_process("restore", copy).code == 0
    assert owner.rows("SELECT COUNT(*) AS n FROM response") == [{"n": 34}]
    assert run_process("restore", tmp_path / "absent.duckdb").code == 2


def test_relative_paths_count_from_where_the_command_is_given(
    run_process, owner, files, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    ask = ("import", "answers.csv", "--program", "bank", "--mapping", "survey.json")
    assert run_process(*ask).code == 0
    assert run_process("backup", "copy.duckdb").code == 0
    assert (tmp_path / "copy.duckdb").is_file()


def test_an_owner_without_an_inbox_is_named(run_process, store_path, files, monkeypatch):
    store = Store(store_path)
    for inbox in ("inbox", "none"):
        monkeypatch.setenv("CSAT_INBOX", inbox)
        done = run_process("import", files.answers, "--program", "bank", "--mapping", files.survey)
        assert (done.code, done.out) == (5, "")
        assert "is in use by process" in done.err
    store.close()


def test_a_setting_moves_the_inbox(run_process, store_path, files, tmp_path, monkeypatch):
    monkeypatch.setenv("CSAT_INBOX", str(tmp_path / "elsewhere"))
    store = Store(store_path)
    config = replace(Config.from_environment(), store=store_path)
    sweeper = Sweeper(tmp_path / "elsewhere", lambda: store, config, every=0.02)
    sweeper.start()
    until = time.monotonic() + 300
    while not served(sweeper.inbox):
        assert time.monotonic() < until
        time.sleep(0.01)
    done = run_process("import", files.answers, "--program", "bank", "--mapping", files.survey)
    sweeper.stop()
    store.close()
    assert done.code == 0


def test_a_person_at_a_terminal_sees_how_far_it_is(owner, files, store_path):
    mine, theirs = pytest.importorskip("pty").openpty()
    done = subprocess.run(
        [sys.executable, "-m", "csat", "import", str(files.answers), "--program", "bank",
         "--mapping", str(files.survey)],
        stdout=subprocess.PIPE, stderr=theirs, timeout=300, check=False,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )  # fmt: skip
    os.close(theirs)
    said = os.read(mine, 10_000).decode()
    os.close(mine)
    assert done.returncode == 0
    assert f"Handing the request to process {os.getpid()}" in said
    assert said.endswith("\r")
