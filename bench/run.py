"""Measure the figures of the overview on a large simulated store, and write what came out.

``python bench/run.py [--responses 1000000] [--repeats 7] [--out docs/benchmarks.md] [--quick]``
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from build import STORE_FILE, Built, build, files_in  # noqa: E402 (found without installing)
from overview import Asked, Product, Sql, disagreements  # noqa: E402
from overview_frames import Frames, Pandas  # noqa: E402
from report import page  # noqa: E402
from sections import sections_of  # noqa: E402

from csat.store.store import Store  # noqa: E402

QUICK_RESPONSES = 40_000
PARTS = ("cards", "sparklines")


@dataclass
class Results:
    """Milliseconds of every repeat, by what was measured, and the facts beside them."""

    built: Built
    asked: Asked
    repeats: int
    figures: dict[str, int]
    times: dict[str, list[float]] = field(default_factory=dict)
    memory: dict[str, dict[str, float]] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)

    def median(self, *names: str) -> float:
        """Return the sum of the medians of some measurements, in milliseconds."""
        return sum(statistics.median(self.times[name]) for name in names)


def measure(folder: Path, built: Built, repeats: int) -> Results:
    """Ask every way in turn, again and again, after checking that all agree.

    Raises
    ------
    SystemExit
        When two ways give different figures.
    """
    peaks = memory(folder)  # first: one process at a time owns the store
    store = Store(folder / STORE_FILE)
    try:
        asked = Asked.latest(store)
        ways = {
            "A": Product(store, asked),
            "B": Sql(store, asked),
            "B medians in SQL": Sql(store, asked, medians_in_sql=True),
            "C": Pandas(Frames.load(files_in(folder)), asked),
        }
        figures = agreed(ways)
        results = Results(built, asked, repeats, figures, memory=peaks)
        jobs: dict[str, Callable[[], object]] = {}
        for part, reads in ways["A"].reads().items():
            jobs.update({f"{name} {part}": getattr(way, part) for name, way in ways.items()})
            jobs[f"A reads {part}"] = lambda reads=reads: [store.query(*read) for read in reads]
        jobs["A movers"] = ways["A"].movers
        for turn in range(repeats + 2):
            for name, job in jobs.items():
                took = timed(job)
                if turn >= 2:  # the first two turns warm every way
                    results.times.setdefault(name, []).append(took)
        for _ in range(repeats):
            with store.write():  # a new data version: what is kept of the catalogue is read again
                pass
            results.times.setdefault("A after a write", []).append(timed(ways["A"].cards))
    finally:
        store.close()
    results.machine = machine()
    return results


def timed(job: Callable[[], object]) -> float:
    started = time.perf_counter()
    job()
    return 1000 * (time.perf_counter() - started)


def agreed(ways: dict[str, Product | Sql | Pandas]) -> dict[str, int]:
    """Return how many figures each part has, once every way gives the same ones."""
    counted = {}
    for part in PARTS:
        answers = {name: getattr(way, part)() for name, way in ways.items()}
        for name, answer in answers.items():
            if different := disagreements(answers["A"], answer):
                raise SystemExit(f"A and {name} differ in the {part}:\n" + "\n".join(different))
        counted[part] = len(answers["A"])
    return counted


def memory(folder: Path) -> dict[str, dict[str, float]]:
    """Return the peak memory of the product and of pandas, each in a process of its own."""
    script = str(Path(__file__).with_name("memory.py"))
    path = os.pathsep.join(filter(None, (str(ROOT / "src"), os.environ.get("PYTHONPATH"))))
    found = {}
    for way in ("product", "pandas"):
        done = subprocess.run(
            [sys.executable, script, way, str(folder)],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        found[way] = json.loads(done.stdout)
    return found


def machine() -> dict[str, str]:
    """Return what the numbers were measured on and with."""
    models = Path("/proc/cpuinfo")
    lines = models.read_text().splitlines() if models.is_file() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    facts = {"Processor": f"{os.cpu_count()} cores, {names[0] if names else platform.machine()}"}
    if hasattr(os, "getloadavg"):
        facts["Load at the end of the run"] = f"{os.getloadavg()[0]:.1f} (one minute)"
    packages = ("duckdb", "pandas", "numpy", "pyarrow", "scipy")
    facts["System"] = f"{platform.system()}, Python {platform.python_version()}"
    facts["Libraries"] = ", ".join(f"{name} {version(name)}" for name in packages)
    return facts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "csat-bench")
    parser.add_argument("--quick", action="store_true", help="40,000 responses, two repeats")
    args = parser.parse_args()
    if args.quick:
        args.responses, args.repeats = QUICK_RESPONSES, 2
    folder = args.folder / str(args.responses)
    print(f"Building, or finding, {args.responses:,} responses in {folder}", flush=True)
    built = build(folder, args.responses, args.responses // 10)
    print("Measuring", flush=True)
    text = page(measure(folder, built, args.repeats))
    if args.quick and args.out == parser.get_default("out"):
        print(text)
        return
    args.out.write_text(text + sections_of(args.out), encoding="utf-8")
    print(f"Wrote {args.out}")


if __name__ == "__main__":
    main()
