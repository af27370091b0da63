"""Measure the import beside DuckDB's bare reader and beside pandas, and write what came out.

``python bench/import_speed.py [--rows 100000 1000000] [--repeats 3] [--out docs/benchmarks.md]
[--quick]``
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from import_report import Measured, section  # noqa: E402 (found without installing)
from sections import IMPORT, put_section  # noqa: E402
from wide_file import write_csv, write_xlsx  # noqa: E402

WAYS = ("product", "command", "bare", "pandas")
READERS = ("workbook", "openpyxl")
QUICK_ROWS = 5_000


def run(way: str, file: Path) -> dict[str, float]:
    """Run one way once, in a process and a folder of its own."""
    script = Path(__file__).with_name("import_ways.py")
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    with tempfile.TemporaryDirectory(prefix="csat-bench-", dir=file.parent) as folder:
        done = subprocess.run(
            [sys.executable, str(script), way, str(file), folder],
            stdout=subprocess.PIPE,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(file: Path, ways: tuple[str, ...], repeats: int) -> dict[str, Measured]:
    """Run every way in turn, again and again; a busy moment then falls on all of them.

    Raises
    ------
    SystemExit
        When two ways bring in different numbers of rows.
    """
    turns = [{way: run(way, file) for way in ways} for _ in range(repeats)]
    counts = {turn[way]["rows"] for turn in turns for way in ways}
    if len(counts) != 1:
        raise SystemExit(f"the ways differ in their rows: {turns}")
    return {
        way: Measured(
            int(turns[0][way]["rows"]),
            statistics.median(t[way]["seconds"] for t in turns),
            statistics.median(t[way]["cpu"] for t in turns),
            statistics.median(t[way]["peak"] for t in turns),
        )
        for way in ways
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--sheet-rows", type=int, default=20_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "csat-bench")
    parser.add_argument("--quick", action="store_true", help="5,000 rows, once")
    args = parser.parse_args()
    if args.quick:
        args.rows, args.sheet_rows, args.repeats = [QUICK_ROWS], QUICK_ROWS, 1
    args.folder.mkdir(parents=True, exist_ok=True)
    tables = []
    for rows in args.rows:
        file = args.folder / f"wide-{rows}.csv"
        if not file.exists():
            print(f"Writing {file}", flush=True)
            write_csv(file, rows)
        print(f"Measuring {rows:,} rows", flush=True)
        tables.append((file.stat().st_size, measure(file, WAYS, args.repeats)))
    book = args.folder / f"wide-{args.sheet_rows}.xlsx"
    if not book.exists():
        write_xlsx(book, args.sheet_rows)
    print("Measuring the workbook", flush=True)
    readers = measure(book, READERS, args.repeats)
    text = section(tables, readers, args.repeats)
    if args.quick and args.out == parser.get_default("out"):
        print(text)
        return
    put_section(args.out, IMPORT, text)
    print(f"Wrote {args.out}")


if __name__ == "__main__":
    main()
