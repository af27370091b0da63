from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from csat.store.store import Store

SOURCE = Path(__file__).resolve().parents[2] / "src"


def test_a_store_in_use_is_exit_5_and_names_the_process(run_process, loaded, store_path):
    store = Store(store_path)
    try:
        done = run_process("metrics", "--program", "bank", "--metric", "nps", "--json")
    finally:
        store.close()
    assert (done.code, done.out) == (5, "")
    title, remedy = done.err.splitlines()
    assert str(os.getpid()) in title
    assert "CSAT_STORE" in remedy


def test_json_is_all_that_standard_output_holds(run_process, loaded):
    done = run_process("complaints", "--program", "bank", "--json")
    assert (done.code, done.err) == (0, "")
    assert json.loads(done.out)["total"] == 3
    figures = run_process("metrics", "--program", "bank", "--metric", "nps", "--json")
    assert figures.json["rows"][0]["n"] == 34


def test_problems_leave_standard_output_empty(run_process, loaded):
    again = run_process(
        "import", loaded.answers, "--program", "bank", "--mapping", loaded.survey, "--json"
    )
    assert (again.code, again.out) == (4, "")
    assert len(again.err.splitlines()) == 2
    wrong = run_process("metrics", "--program", "bank", "--metric", "joy", "--json")
    assert (wrong.code, wrong.out) == (2, "")


def test_names_in_any_script_pass_an_ascii_terminal(run_process, loaded, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    done = run_process("complaints", "--program", "bank", "--json")
    assert "等了两个小时" in done.out


def test_a_reader_who_stops_early_is_no_problem(loaded, store_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "csat", "complaints", "--program", "bank", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    assert (process.wait(timeout=300), told) == (0, b"")
