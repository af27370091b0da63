"""The store that is measured: simulated, loaded by the ordinary import, kept between runs."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from csat.model.people import LOCAL_USER
from csat.sample import SAMPLE_SEED, SampleFiles, generate
from csat.sample.generate import (
    COMPLAINT_FILE,
    CONDUCT_FILE,
    EVENT_FILE,
    EXPOSURE_FILE,
    SURVEY_FILE,
)
from csat.sample.truths import SAMPLE_AS_OF
from csat.sample_program import load_files
from csat.store.answer_cells import fill_all_cells
from csat.store.store import Store

SOURCES = Path(__file__).resolve().parents[1] / "src" / "csat"
STORE_FILE = "store.duckdb"


@dataclass(frozen=True)
class Built:
    """What was made, from which sources, and how long the import took."""

    made_from: str
    responses: int
    complaints: int
    rows: int
    file_bytes: int
    import_seconds: float


def files_in(folder: Path) -> SampleFiles:
    return SampleFiles(
        folder / SURVEY_FILE,
        folder / COMPLAINT_FILE,
        folder / EXPOSURE_FILE,
        folder / EVENT_FILE,
        folder / CONDUCT_FILE,
        SAMPLE_AS_OF,
    )


def build(folder: Path, responses: int, complaints: int) -> Built:
    """Make the store of a folder, unless it holds one made by the same code."""
    note = folder / "built.json"
    made_from = _made_from()
    if note.is_file():
        known = Built(**json.loads(note.read_text(encoding="utf-8")))
        if known.made_from == made_from and known.responses == responses:
            return known
        shutil.rmtree(folder)
    made = generate(folder, seed=SAMPLE_SEED, responses=responses, complaints=complaints)
    files = replace(made, company=())
    paths = (files.survey, files.complaints, files.exposure)
    store = Store(folder / STORE_FILE)
    started = time.perf_counter()
    load_files(store, LOCAL_USER, files)
    seconds = time.perf_counter() - started
    rows = sum(int(b["n"]) for b in store.rows("SELECT rows_accepted AS n FROM batch"))
    store.close()
    built = Built(
        made_from, responses, complaints, rows, sum(p.stat().st_size for p in paths), seconds
    )
    note.write_text(json.dumps(asdict(built)), encoding="utf-8")
    return built


def _made_from() -> str:
    """Return a fingerprint of the code that a store depends on."""
    digest = hashlib.sha256()
    parts = ("sample", "ingest", "store", "model")
    for file in sorted(f for part in parts for f in (SOURCES / part).rglob("*.*")):
        if file.suffix in (".py", ".sql"):
            digest.update(file.read_bytes())
    digest.update((SOURCES / "sample_program.py").read_bytes())
    return digest.hexdigest()


def multiply(folder: Path, times: int, target: Path) -> None:
    """Write a store with every survey answer of a folder's store that many times.

    The copies keep the order of the answers in time; complaints and comments stay single.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / STORE_FILE, target)
    store = Store(target, memory_mb=6_000)
    surveys = [int(r["survey_id"]) for r in store.rows("SELECT survey_id FROM survey")]
    with store.write() as cursor:
        for table in ("response", *(f"answers_{survey:d}" for survey in surveys)):
            cursor.execute(f"CREATE TEMP TABLE single AS SELECT * FROM {table}")
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(
                f"INSERT INTO {table} SELECT single.* REPLACE "
                "(response_id * $times + copy AS response_id) "
                "FROM single, range($times) AS copies(copy) ORDER BY 1",
                {"times": times},
            )
            cursor.execute("DROP TABLE single")
        cursor.execute("DELETE FROM answer_cell; DELETE FROM score_sum")
        fill_all_cells(cursor)
    store.checkpoint()
    store.close()
