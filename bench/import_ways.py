"""One way of bringing a file into a DuckDB file: ``python bench/import_ways.py WAY FILE FOLDER``.

Run by ``bench/import_speed.py`` in processes of their own, so that none sees what another keeps.
Prints one line of JSON: seconds, rows, and peak memory in MiB. What a way imports is imported
before its clock starts; the command line's own process counts whole.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from peak import children_mib, peak_mib
from wide_file import COLUMNS, HEADLINES, RATINGS, mapping_json

SOURCES = Path(__file__).resolve().parents[1] / "src"
Way = Callable[[Path, Path], tuple[float, int]]


def product(file: Path, folder: Path) -> tuple[float, int]:
    """The ordinary import: detect, map, check every value, load, derive scores, keep the file."""
    from csat.ingest.batches import commit
    from csat.ingest.mapping import Mapping
    from csat.ingest.source import open_source
    from csat.model.people import LOCAL_USER
    from csat.store.store import Store

    store = Store(folder / "product.duckdb")
    mapping = Mapping.from_json(mapping_json(), name="wide")
    started = time.perf_counter()
    loaded = commit(store, open_source(file), mapping, program="bench", user=LOCAL_USER)
    seconds = time.perf_counter() - started
    store.close()
    return seconds, loaded.checked.rows_accepted


def command(file: Path, folder: Path) -> tuple[float, int]:
    """The same through ``csat import``, with the start of its process."""
    mapping = folder / "wide.json"
    mapping.write_text(mapping_json(), encoding="utf-8")
    words = ["--store", str(folder / "command.duckdb"), "--mapping", str(mapping), "--json"]
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "csat", "import", str(file), "--program", "bench", *words],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(SOURCES), "CSAT_MAX_UPLOAD_MB": "100000"},
    )
    return time.perf_counter() - started, int(json.loads(done.stdout)["rows_accepted"])


def bare(file: Path, folder: Path) -> tuple[float, int]:
    """DuckDB's own reader into a table, its kinds guessed, nothing checked or derived."""
    import duckdb

    con = duckdb.connect(str(folder / "bare.duckdb"))
    started = time.perf_counter()
    con.execute("CREATE TABLE answers AS SELECT * FROM read_csv($path)", {"path": str(file)})
    con.execute("CHECKPOINT")
    seconds = time.perf_counter() - started
    row = con.execute("SELECT COUNT(*) FROM answers").fetchone()
    con.close()
    return seconds, int(row[0]) if row else 0


def pandas(file: Path, folder: Path) -> tuple[float, int]:
    """A frame: read, coerce each column, blank what is off its scale, insert."""
    import duckdb
    import pandas as pd

    con = duckdb.connect(str(folder / "pandas.duckdb"))
    started = time.perf_counter()
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
    seconds = time.perf_counter() - started
    con.close()
    return seconds, len(frame)


def workbook(file: Path, folder: Path) -> tuple[float, int]:
    """The reader of the import, on a workbook."""
    from csat.ingest.source import workbook_rows

    del folder
    started = time.perf_counter()
    found, _, _ = workbook_rows(file, file.name, "")
    seconds = time.perf_counter() - started
    assert len(found[0]) == len(COLUMNS)
    return seconds, len(found) - 1


def openpyxl(file: Path, folder: Path) -> tuple[float, int]:
    """The usual reader, in its quicker mode, values only."""
    from openpyxl import load_workbook

    del folder
    started = time.perf_counter()
    book = load_workbook(file, read_only=True, data_only=True)
    found = [row for row in book.worksheets[0].iter_rows(values_only=True)]
    seconds = time.perf_counter() - started
    book.close()
    return seconds, len(found) - 1


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
    seconds, count = WAYS[way](Path(sys.argv[2]), Path(sys.argv[3]))
    peak = children_mib() if way == "command" else peak_mib()
    print(json.dumps({"seconds": seconds, "rows": count, "peak": peak}))
