"""Measure a page as its reader feels it, in Chromium: ``python bench/page.py [--quick]``.

Four servers stand side by side on the same machine and take turns: the product with its data,
the product with an empty store, the floor (what the product sent, sent again from memory) and a
plain page of pandas and Plotly. Each is opened by new visitors, the first one cold, who then
add one branch after the other to the filter: every choice is one that nobody made before.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from build import STORE_FILE, build  # noqa: E402 (found without installing)
from page_report import report  # noqa: E402
from sections import put_section  # noqa: E402
from served import Served, serve  # noqa: E402
from watched import BROWSERS, Drawn, Visit  # noqa: E402

from csat.store.store import Store  # noqa: E402

WAYS = ("product", "floor", "pandas", "empty")


@dataclass
class Measured:
    """Every measurement of one way; milliseconds and MiB."""

    cold_card: list[float] = field(default_factory=list)
    cold_drawn: list[float] = field(default_factory=list)
    warm_card: list[float] = field(default_factory=list)
    warm_drawn: list[float] = field(default_factory=list)
    warm_cpu: list[float] = field(default_factory=list)
    filter_drawn: list[float] = field(default_factory=list)
    filter_cpu: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)
    elements: int = 0


@dataclass(frozen=True)
class Setup:
    """Where the data of a run lie, and what is asked."""

    folder: Path
    scratch: Path
    branches: tuple[str, ...]
    page: str

    def options(self, way: str) -> tuple[str, dict[str, str]]:
        """Return the script of a way and its settings."""
        if way == "pandas":
            return "bench/pages/plain.py", {"CSAT_BENCH_FILES": str(self.folder)}
        store = self.scratch / "empty.duckdb" if way == "empty" else self.folder / STORE_FILE
        settings = {"CSAT_STORE": str(store), "CSAT_SAMPLE": "none"}
        if way == "floor":
            return "bench/pages/recorded.py", {
                **settings,
                "CSAT_BENCH_RECORD": str(self.scratch / "recorded"),
            }
        return "app.py", settings

    @contextmanager
    def served(self, way: str) -> Iterator[Served]:
        script, settings = self.options(way)
        with serve(ROOT, script, self.scratch / f"{way}.log", settings) as server:
            yield server


def record(browser: Any, setup: Setup) -> None:
    """Keep what the product sends for every step of the visit, for the floor to send again."""
    folder = setup.scratch / "recorded"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    steps = []

    def last_run() -> None:
        steps.append(pickle.loads(sorted(folder.glob("run-*.pickle"))[-1].read_bytes()))

    with setup.served("floor") as server, Visit.of(browser, server.url + setup.page) as visit:
        visit.opened()
        last_run()
        for branch in setup.branches:
            visit.choose(branch)
            last_run()
    (folder / "runs.pickle").write_bytes(pickle.dumps(steps))


def open_page(browser: Any, server: Served, page: str, found: Measured, *, cold: bool) -> None:
    """Let a new visitor open the page."""
    before = server.cpu_ms()
    with Visit.of(browser, server.url + page) as visit:
        drawn: Drawn = visit.opened()
        spent = server.cpu_ms() - before
    if cold:
        found.cold_card.append(drawn.first_card)
        found.cold_drawn.append(drawn.last_change)
    else:
        found.warm_card.append(drawn.first_card)
        found.warm_drawn.append(drawn.last_change)
        found.warm_cpu.append(spent)
    found.elements = drawn.elements


def measure(browser: Any, setup: Setup, repeats: int) -> dict[str, Measured]:
    """Return the measurements of every way, which take turns."""
    found = {way: Measured() for way in WAYS}
    pages = {way: setup.page if way in ("product", "empty") else "" for way in WAYS}
    for _ in range(repeats):
        with ExitStack() as stack:
            servers = {way: stack.enter_context(setup.served(way)) for way in WAYS}
            for way, server in servers.items():
                open_page(browser, server, pages[way], found[way], cold=True)
            for way, server in servers.items():
                open_page(browser, server, pages[way], found[way], cold=False)
            visits = {
                way: stack.enter_context(Visit.of(browser, server.url + pages[way]))
                for way, server in servers.items()
                if way != "empty"
            }
            for visit in visits.values():
                visit.opened()
            for branch in setup.branches:
                for way, visit in visits.items():
                    before = servers[way].cpu_ms()
                    drawn = visit.choose(branch)
                    found[way].filter_drawn.append(drawn.last_change)
                    found[way].filter_cpu.append(servers[way].cpu_ms() - before)
            for way, server in servers.items():
                found[way].resident.append(server.resident_mib())
    return found


def main() -> None:
    """Build or find the store, measure every way, write the section of the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--page", default="", help="address of the page, such as /dimensions")
    parser.add_argument("--quick", action="store_true", help="40,000 responses, once; print only")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    responses = 40_000 if args.quick else args.responses
    folder = Path(tempfile.gettempdir()) / "csat-bench" / str(responses)
    folder.mkdir(parents=True, exist_ok=True)
    build(folder, responses, responses // 10)
    store = Store(folder / STORE_FILE)
    rows = store.rows("SELECT branch FROM response GROUP BY branch ORDER BY COUNT(*) DESC LIMIT 4")
    store.close()
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="csat-page-") as scratch, sync_playwright() as tool:
        path = next((p for n in BROWSERS if (p := shutil.which(n))), None)
        browser = tool.chromium.launch(executable_path=path, args=["--no-sandbox"])
        setup = Setup(folder, Path(scratch), tuple(str(r["branch"]) for r in rows), args.page)
        record(browser, setup)
        found = measure(browser, setup, 1 if args.quick else args.repeats)
        browser.close()
    text = report(found, responses, os.getloadavg()[0])
    print(text)
    if args.out:
        put_section(args.out, f"page{args.page.replace('/', '-')}-{responses}", text)
    medians = {
        way: {k: statistics.median(v) for k, v in asdict(m).items() if isinstance(v, list) and v}
        for way, m in found.items()
    }
    print(json.dumps(medians, indent=1), file=sys.stderr)


if __name__ == "__main__":
    main()
