"""One way of bringing a file into a DuckDB file: ``python bench/import_ways.py WAY FILE FOLDER``.

Run by ``bench/import_speed.py`` in processes of their own, so that none sees what another keeps.
Prints one line of JSON: seconds, seconds of processor time, rows, and peak memory in MiB. What a
way imports is imported before its clocks start; the command line's own process counts whole.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from peak import children_mib, children_seconds, peak_mib
from wide_file import COLUMNS, HEADLINES, RATINGS, mapping_json

SOURCES = Path(__file__).resolve().parents[1] / "src"
Way = Callable[[Path, Path], tuple["Took", int]]


@dataclass
class Took:
    """Seconds that passed, and seconds that processors worked, on all threads."""

    wall: float = 0.0
    cpu: float = 0.0


@contextmanager
def clocks() -> Iterator[Took]:
    took, wall, cpu = Took(), time.perf_counter(), time.process_time()
    yield took
    took.wall, took.cpu = time.perf_counter() - wall, time.process_time() - cpu


def product(file: Path, folder: Path) -> tuple[Took, int]:
    """The ordinary import: detect, map, check every value, load, derive scores, keep the file."""
    from csat.ingest.batches import commit
    from csat.ingest.mapping import Mapping
    from csat.ingest.source import open_source
    from csat.model.people import LOCAL_USER
    from csat.store.store import Store

    store = Store(folder / "product.duckdb")
    mapping = Mapping.from_json(mapping_json(), name="wide")
    with clocks() as took:
        loaded = commit(store, open_source(file), mapping, program="bench", user=LOCAL_USER)
    store.close()
    return took, loaded.checked.rows_accepted


def command(file: Path, folder: Path) -> tuple[Took, int]:
    """The same through ``csat import``, with the start of its process."""
    mapping = folder / "wide.json"
    mapping.write_text(mapping_json(), encoding="utf-8")
    words = ["--store", str(folder / "command.duckdb"), "--mapping", str(mapping), "--json"]
    with clocks() as took:
        done = subprocess.run(
            [sys.executable, "-m", "csat", "import", str(file), "--program", "bench", *words],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(SOURCES), "CSAT_MAX_UPLOAD_MB": "100000"},
        )
    took.cpu = children_seconds()
    return took, int(json.loads(done.stdout)["rows_accepted"])


def bare(file: Path, folder: Path) -> tuple[Took, int]:
    """DuckDB's own reader into a table, its kinds guessed, nothing checked or derived."""
    import duckdb

    con = duckdb.connect(str(folder / "bare.duckdb"))
    with clocks() as took:
        con.execute("CREATE TABLE answers AS SELECT * FROM read_csv($path)", {"path": str(file)})
        con.execute("CHECKPOINT")
    row = con.execute("SELECT COUNT(*) FROM answers").fetchone()
    con.close()
    return took, int(row[0]) if row else 0


def pandas(file: Path, folder: Path) -> tuple[Took, int]:
    """A frame: read, coerce each column, blank what is off its scale, insert."""
    import duckdb
    import pandas as pd

    con = duckdb.connect(str(folder / "pandas.duckdb"))
    with clocks() as took:
        frame = pd.read_csv(file, dtype=str)
        frame["when"] = pd.to_datetime(frame["when"], errors="coerce")
        scales = {key: (low, high) for key, low, high in HEADLINES}
        scales.update({f"q{i:02d}": (1, 7) for i in range(RATINGS)})
        for name, (low, high) in scales.items():
            codes = pd.to_numeric(frame[name], errors="coerce")
            frame[name] = codes.where(codes.between(low, high)).astype("Int16")
        frame = frame.drop_duplicates("id")
        con.register("frame", frame)
        con.execute("CREATE TABLE answers AS SELECT * FROM frame")
        con.execute("CHECKPOINT")
    con.close()
    return took, len(frame)


def workbook(file: Path, folder: Path) -> tuple[Took, int]:
    """The reader of the import, on a workbook."""
    from csat.ingest.source import open_source
    from csat.ingest.workbook import sheet_rows

    del folder
    with clocks() as took:
        source = open_source(file)
        found = list(sheet_rows(source, file))
    assert len(source.reading.columns) == len(COLUMNS)
    return took, len(found)


def openpyxl(file: Path, folder: Path) -> tuple[Took, int]:
    """The usual reader, in its quicker mode, values only."""
    from openpyxl import load_workbook

    del folder
    with clocks() as took:
        book = load_workbook(file, read_only=True, data_only=True)
        found = [row for row in book.worksheets[0].iter_rows(values_only=True)]
    book.close()
    return took, len(found) - 1


WAYS: dict[str, Way] = {
    "product": product,
    "command": command,
    "bare": bare,
    "pandas": pandas,
    "workbook": workbook,
    "openpyxl": openpyxl,
}


if __name__ == "__main__":
    way = sys.argv[1]
    took, count = WAYS[way](Path(sys.argv[2]), Path(sys.argv[3]))
    peak = children_mib() if way == "command" else peak_mib()
    print(json.dumps({"seconds": took.wall, "cpu": took.cpu, "rows": count, "peak": peak}))
