"""Ctrl-C while the command line loads a file: nothing is left, or it says what was loaded."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from csat.ingest.mapping import Mapping
from csat.store.integrity import check_store
from csat.store.store import Store

pytestmark = [
    pytest.mark.faults,
    pytest.mark.skipif(os.name != "posix", reason="sends SIGINT to one process"),
]

ROWS = 60_000
INSTANTS = (0, 0.2, 0.4, 0.6, 0.9)
"""Shares of the time that the work takes once the store is there."""
PATIENCE = 300


def start(folder: Path, file: Path) -> subprocess.Popen[str]:
    (folder / "tmp").mkdir(parents=True)
    command = [sys.executable, "-m", "csat", "import", str(file), "--program", "demo"]
    return subprocess.Popen(
        [*command, "--mapping", str(file.with_suffix(".json"))],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(sys.path),
            "CSAT_STORE": str(folder / "s.duckdb"),
            "TMPDIR": str(folder / "tmp"),
        },
    )


def wait_for_store(process: subprocess.Popen[str], folder: Path) -> float:
    """Wait until the process has begun its store, and return when that was."""
    until = time.monotonic() + PATIENCE
    while not (folder / "s.duckdb").exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.005)
    return time.monotonic()


def test_a_load_that_is_stopped_leaves_nothing(tmp_path: Path, survey_mapping: Mapping) -> None:
    file = tmp_path / "survey.csv"
    with file.open("w") as stream:
        stream.write("id,when,branch,csat,nps,ces,comment\n")
        for i in range(ROWS):
            stream.write(f"{i},2026-01-{1 + i % 28:02d} 10:00,b{i % 7},{1 + i % 5},9,7,note\n")
    file.with_suffix(".json").write_text(survey_mapping.to_json())
    process = start(tmp_path / "whole", file)
    began = wait_for_store(process, tmp_path / "whole")
    assert process.communicate(timeout=PATIENCE)[1] == ""
    length = time.monotonic() - began
    for instant in INSTANTS:
        folder = tmp_path / "stopped"
        process = start(folder, file)
        wait_for_store(process, folder)
        time.sleep(length * instant)
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=PATIENCE)
        assert process.returncode in (0, 130, -signal.SIGINT), said
        assert "Traceback" not in said or process.returncode == -signal.SIGINT
        store = Store(folder / "s.duckdb")
        loaded = store.rows("SELECT COUNT(*) AS n FROM batch")[0]["n"]
        told = "Loaded as batch" in printed or "was loaded already" in said
        assert told == (loaded == 1), (process.returncode, printed, said)
        assert store.rows("SELECT COUNT(*) AS n FROM response")[0]["n"] == loaded * ROWS
        assert check_store(store) == []
        store.close()
        kept = folder / "originals"
        assert len(list(kept.iterdir()) if kept.exists() else []) == loaded
        assert list((folder / "tmp").iterdir()) == []
        shutil.rmtree(folder)
