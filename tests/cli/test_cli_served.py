"""The real server sweeps its inbox from its start to its end, before anybody visits a page."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from csat.store.store import Store

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def server(store_path: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")]
    with (tmp_path / "log").open("wb") as log, socket.socket() as held:
        # held, so that no other test gets the port; the server may still listen on it
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        process = subprocess.Popen(
            [*command, "--server.port", str(port), "--server.headless", "true"],
            cwd=ROOT,
            stdout=log,
            stderr=log,
            env={**os.environ, "PYTHONPATH": "", "CSAT_SAMPLE": "none"},
        )
        owner = store_path.parent / "inbox" / ".requests" / "owner"
        end = time.monotonic() + 3000
        while not (owner.exists() and owner.stat().st_size):
            assert process.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < end, (tmp_path / "log").read_text()
            time.sleep(0.05)
        yield process
        process.kill()
        process.wait()


def test_commands_and_dropped_files_are_served_without_a_visit(
    server, run_process, files, store_path
):
    done = run_process(
        "import", files.answers, "--program", "bank", "--mapping", files.survey, "--json"
    )
    assert (done.code, done.json["batch"]) == (0, 1)
    listed = run_process("batches", "--json")
    assert (listed.code, listed.json["batches"][0]["rows_accepted"]) == (0, 34)
    folder = store_path.parent / "inbox" / "bank"
    folder.mkdir()
    head, *rows = files.answers.read_text("utf-8").splitlines()
    (folder / "more.csv").write_text("\n".join([head, *(f"x{r}" for r in rows)]))
    reason = store_path.parent / "inbox" / "failed" / "bank" / "more.csv.reason.txt"
    end = time.monotonic() + 300
    while not reason.exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    assert "No known mapping fits" in reason.read_text("utf-8")
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=300) is not None
    store = Store(store_path)
    assert json.loads(json.dumps(store.rows("SELECT batch_id FROM batch"))) == [{"batch_id": 1}]
    store.close()
