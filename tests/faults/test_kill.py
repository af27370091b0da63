"""A process killed at any instant of an import leaves whole batches only."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from csat.ingest.batches import commit
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.store.store import Store

pytestmark = pytest.mark.faults

KILLS = 8
ANSWERS, CASES = 200_000, 40_000

IMPORT = """
import sys
from pathlib import Path
from csat.ingest.batches import commit
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.store.store import Store

store = Store(Path(sys.argv[1]))
print("opened", flush=True)
for path in map(Path, sys.argv[2:]):
    mapping = Mapping.from_json(path.with_suffix(".json").read_text())
    loaded = commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)
    print("loaded", loaded.batch_id, flush=True)
undo(store, 1, LOCAL_USER)
print("undone", 1, flush=True)
store.close()
"""


@dataclass
class Scene:
    """A store with one small batch, and two large files to load into it."""

    store: Path
    files: list[Path]

    def run(self, folder: Path) -> tuple[Path, subprocess.Popen[str]]:
        """Start the import on a fresh copy of the store and wait until it has opened."""
        copy = folder / "data" / "test.duckdb"
        shutil.copytree(self.store.parent, copy.parent)
        process = subprocess.Popen(
            [sys.executable, "-c", IMPORT, str(copy), *map(str, self.files)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "opened\n"
        return copy, process


@pytest.fixture
def scene(tmp_path: Path, survey_mapping: Mapping, complaint_mapping: Mapping) -> Scene:
    survey, cases = tmp_path / "survey.csv", tmp_path / "cases.csv"
    with survey.open("w") as stream:
        stream.write("id,when,branch,csat,nps,ces,comment\n")
        for i in range(ANSWERS):
            month, branch, csat, note = 1 + i % 12, i % 7, 1 + i % 5, f"note {i}" * (i % 3)
            stream.write(f"{i},2026-{month:02d}-03 10:00,b{branch},{csat},{i % 11},7,{note}\n")
    with cases.open("w") as stream:
        stream.write("id,received,answered,resolved,category,branch,timely,text\n")
        for i in range(CASES):
            stream.write(f"{i},2026-01-{1 + i % 28:02d},,2026-02-03,c{i % 5},b{i % 7},yes,x {i}\n")
    survey.with_suffix(".json").write_text(survey_mapping.to_json())
    cases.with_suffix(".json").write_text(complaint_mapping.to_json())
    small = tmp_path / "small.csv"
    small.write_text("id,when,branch,csat,nps,ces,comment\nfirst,2026-01-01,b0,5,9,6,ok\n")
    store = Store(tmp_path / "base" / "test.duckdb")
    commit(store, open_source(small), survey_mapping, program="demo", user=LOCAL_USER)
    store.close()
    return Scene(store.path, [survey, cases])


def require_whole_batches(store: Store, said: list[str]) -> None:
    """Check that each batch is there whole or not at all, and that nothing promised is lost."""
    batches = store.rows("SELECT batch_id, kind, survey_id, rows_accepted, status FROM batch")
    for batch in batches:
        rows = {
            table: store.rows(f"SELECT COUNT(*) AS n FROM {source}", {"b": batch["batch_id"]})
            for table, source in (
                ("response", "response WHERE batch_id = $b"),
                ("answers", "answers_1 JOIN response USING (response_id) WHERE batch_id = $b"),
                ("complaint", "complaint WHERE batch_id = $b"),
            )
        }
        found = {table: count[0]["n"] for table, count in rows.items()}
        held = batch["rows_accepted"] if batch["status"] == "active" else 0
        survey = held if batch["kind"] == "survey" else 0
        assert found == {"response": survey, "answers": survey, "complaint": held - survey}
    known = {b["batch_id"] for b in batches}
    for table in ("response", "complaint", "comment", "rejected_row", "answer_exclusion"):
        assert {r["b"] for r in store.rows(f"SELECT DISTINCT batch_id AS b FROM {table}")} <= known
    [answers] = store.rows("SELECT COUNT(*) AS n FROM answers_1")
    [responses] = store.rows("SELECT COUNT(*) AS n FROM response")
    assert answers == responses
    status = {b["batch_id"]: b["status"] for b in batches}
    for line in said:
        step, number = line.split()
        assert status[int(number)] == ("undone" if step == "undone" or number == "1" else "active")
    [actions] = store.rows("SELECT COUNT(*) AS n FROM audit")
    assert store.data_version() == 1 + actions["n"]


def require_originals(store: Store) -> None:
    for row in store.rows("SELECT file_sha256 AS sha FROM batch"):
        original = store.path.parent / "originals" / row["sha"]
        assert hashlib.sha256(original.read_bytes()).hexdigest() == row["sha"]


def test_a_kill_at_any_instant_leaves_whole_batches(scene: Scene, tmp_path: Path) -> None:
    copy, process = scene.run(tmp_path / "whole")
    begun = time.monotonic()
    said = process.communicate(timeout=120)[0].splitlines()
    length = time.monotonic() - begun
    assert said == ["loaded 2", "loaded 3", "undone 1"]
    store = Store(copy)
    require_whole_batches(store, said)
    store.close()
    chance = random.Random(20260930)
    for number in range(KILLS):
        copy, process = scene.run(tmp_path / f"kill{number}")
        time.sleep(length * (number + chance.random()) / KILLS)
        process.kill()
        said = process.communicate()[0].splitlines()
        store = Store(copy)
        require_whole_batches(store, said)
        require_originals(store)
        if number == KILLS // 2:
            finish(store, scene)
        store.close()
        shutil.rmtree(copy.parent)


def finish(store: Store, scene: Scene) -> None:
    """Do what the killed process could not: the store works on as if nothing had happened."""
    done = store.rows("SELECT file_name, status FROM batch")
    for path in scene.files:
        if path.name not in {b["file_name"] for b in done}:
            mapping = Mapping.from_json(path.with_suffix(".json").read_text())
            commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)
    if all(b["status"] == "active" for b in done):
        undo(store, 1, LOCAL_USER)
    [counts] = store.rows(
        "SELECT (SELECT COUNT(*) FROM response) AS r, (SELECT COUNT(*) FROM complaint) AS c"
    )
    assert counts == {"r": ANSWERS, "c": CASES}
