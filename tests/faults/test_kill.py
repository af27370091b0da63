"""A process killed at any instant leaves a store that opens and holds whole steps only.

The process loads two files, loads one of them again with changes, undoes, and restores. A clean
run tells what the store holds after each step; after a kill it must hold what it held after the
last step that was announced, or after the one that was under way.
"""

from __future__ import annotations

import inspect
import json
import os
import random
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.batches import commit
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.store.integrity import check_store
from csat.store.store import Store

pytestmark = pytest.mark.faults

ANSWERS, CASES = 20_000, 5_000
State = dict[str, Any]


def state_of(store: Store) -> State:
    """Return what tells one step from the next; the process that is killed runs this too."""
    batches = store.rows("SELECT batch_id, status, rows_accepted FROM batch ORDER BY batch_id")
    counts = {
        t: store.rows(f"SELECT COUNT(*) AS n FROM {t}")[0]["n"]
        for t in ("response", "answers_1", "complaint", "comment", "rejected_row")
    }
    csat = store.rows("SELECT CAST(SUM(csat) AS BIGINT) AS n FROM response")[0]["n"]
    return {"version": store.data_version(), "batches": batches, "counts": counts, "csat": csat}


WORK = f"""
from __future__ import annotations
import json, sys
from pathlib import Path
from csat.ingest.batches import commit
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.store.store import Store
from csat.upkeep.backup import restore

{inspect.getsource(state_of)}
def say():
    print(json.dumps(state_of(store)), flush=True)

store = Store(Path(sys.argv[1]))
say()
for path in map(Path, sys.argv[3:]):
    mapping = Mapping.from_json(path.with_suffix(".json").read_text())
    commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)
    say()
for batch in (4, 1):
    undo(store, batch, LOCAL_USER)
    say()
restore(store, Path(sys.argv[2]), LOCAL_USER)
say()
store.close()
"""


@dataclass
class Scene:
    """A store with one small batch, its backup, and the files to load into it."""

    store: Path
    backup: Path
    files: list[Path]

    def start(self, folder: Path) -> tuple[Path, subprocess.Popen[str], str]:
        """Start the work on a fresh copy of the store and wait until it has opened."""
        copy = folder / "data" / "test.duckdb"
        shutil.copytree(self.store.parent, copy.parent)
        process = subprocess.Popen(
            [sys.executable, "-c", WORK, *map(str, (copy, self.backup, *self.files))],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert process.stdout is not None
        return copy, process, process.stdout.readline()


def write_answers(path: Path, first: int, csat: int) -> None:
    with path.open("w") as stream:
        stream.write("id,when,branch,csat,nps,ces,comment\n")
        for i in range(first, first + ANSWERS):
            month, branch, note = 1 + i % 12, i % 7, f"note {i}" * (i % 3)
            stream.write(
                f"{i},2026-{month:02d}-03 10:00,b{branch},{1 + (i + csat) % 5},{i % 11},7,{note}\n"
            )


@pytest.fixture
def scene(tmp_path: Path, survey_mapping: Mapping, complaint_mapping: Mapping) -> Scene:
    survey, cases, again = (tmp_path / f"{n}.csv" for n in ("survey", "cases", "again"))
    write_answers(survey, 0, 0)
    write_answers(again, ANSWERS // 2, 1)  # half of it known by its id, with other answers
    with cases.open("w") as stream:
        stream.write("id,received,answered,resolved,category,branch,timely,text\n")
        for i in range(CASES):
            stream.write(f"{i},2026-01-{1 + i % 28:02d},,2026-02-03,c{i % 5},b{i % 7},yes,x {i}\n")
    for path in (survey, again):
        path.with_suffix(".json").write_text(survey_mapping.to_json())
    cases.with_suffix(".json").write_text(complaint_mapping.to_json())
    small = tmp_path / "small.csv"
    small.write_text("id,when,branch,csat,nps,ces,comment\nfirst,2026-01-01,b0,5,9,6,ok\n")
    store = Store(tmp_path / "base" / "test.duckdb")
    commit(store, open_source(small), survey_mapping, program="demo", user=LOCAL_USER)
    store.backup(tmp_path / "copies" / "backup.duckdb")
    store.close()
    return Scene(store.path, tmp_path / "copies" / "backup.duckdb", [survey, cases, again])


def require_sound(copy: Path) -> State:
    """Check that the store opens and agrees with itself; return what it holds."""
    store = Store(copy)
    assert check_store(store) == []
    state = state_of(store)
    store.close()
    return state


STEPS = 6
"""After the store has opened: three loads, two undos, one restore."""


def lengths_of_steps(process: subprocess.Popen[str]) -> tuple[list[str], list[float]]:
    """Return what a process announces, and how long each step took until it did."""
    assert process.stdout is not None
    said, moments = [], [time.monotonic()]
    with process.stdout as announced:
        for line in announced:
            said.append(line)
            moments.append(time.monotonic())
    assert process.wait(timeout=120) == 0
    return said, [b - a for a, b in pairwise(moments[: STEPS + 1])]


def test_a_kill_at_any_instant_leaves_whole_steps(scene: Scene, tmp_path: Path, kills: int) -> None:
    """Every step is met in turn, at an instant of its own, however fast the machine is today."""
    copy, process, first = scene.start(tmp_path / "whole")
    rest, lengths = lengths_of_steps(process)
    states = [json.loads(line) for line in (first, *rest)]
    assert len(states) == STEPS + 1
    assert require_sound(copy) == states[-1]
    chance = random.Random(20260930)
    rounds = -(-kills // STEPS)
    seen = set()
    for number in range(kills):
        turn, step = divmod(number, STEPS)
        copy, process, first = scene.start(tmp_path / f"kill{number}")
        assert process.stdout is not None
        lines = [first, *(process.stdout.readline() for _ in range(step))]
        time.sleep(lengths[step] * (turn + chance.random()) / rounds)
        process.kill()
        lines += process.communicate()[0].splitlines(keepends=True)
        said = sum(line.endswith("\n") for line in lines)
        found = require_sound(copy)
        assert found in states[said - 1 : said + 1], f"kill {number}, {said} steps announced"
        seen.add(states.index(found))
        if number == kills // 2:
            finish(copy, scene)
        shutil.rmtree(copy.parent)
    assert len(seen) > min(kills // 4, 3), "the kills did not meet different steps"


def finish(copy: Path, scene: Scene) -> None:
    """Do what the killed process could not: the store works on as if nothing had happened."""
    store = Store(copy)
    done = store.rows("SELECT file_name, status FROM batch")
    for path in scene.files[:2]:
        if path.name not in {b["file_name"] for b in done}:
            mapping = Mapping.from_json(path.with_suffix(".json").read_text())
            commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)
    for batch in store.rows("SELECT batch_id FROM batch WHERE status = 'active' ORDER BY 1 DESC"):
        undo(store, batch["batch_id"], LOCAL_USER)
    [counts] = store.rows(
        "SELECT (SELECT COUNT(*) FROM response) AS r, (SELECT COUNT(*) FROM complaint) AS c"
    )
    assert counts == {"r": 0, "c": 0}
    assert check_store(store) == []
    store.close()


BACKUP = """
import sys
from pathlib import Path
from csat.model.people import LOCAL_USER
from csat.store.store import Store
from csat.upkeep.backup import back_up

store = Store(Path(sys.argv[1]))
print("opened", flush=True)
back_up(store, Path(sys.argv[2]), LOCAL_USER)
print("written", flush=True)
store.close()
"""


def test_a_backup_that_is_killed_is_whole_or_absent(
    scene: Scene, tmp_path: Path, kills: int
) -> None:
    store = Store(scene.store)
    mapping = Mapping.from_json(scene.files[0].with_suffix(".json").read_text())
    commit(store, open_source(scene.files[0]), mapping, program="demo", user=LOCAL_USER)
    store.close()
    target = tmp_path / "copy" / "copy.duckdb"
    length = 0.0
    for number in range(-1, max(kills // 3, 4)):
        process = subprocess.Popen(
            [sys.executable, "-c", BACKUP, str(scene.store), str(target)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "opened\n"
        begun = time.monotonic()
        if number >= 0:
            time.sleep(length * number / max(kills // 3, 4))
            process.kill()
        said = process.communicate(timeout=300)[0]
        length = length or time.monotonic() - begun
        assert target.exists() or said != "written\n"
        if target.exists():
            copy = Store(target)
            assert copy.rows("SELECT COUNT(*) AS n FROM response") == [{"n": ANSWERS + 1}]
            copy.close()
            target.unlink()
