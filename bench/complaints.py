"""Measure the complaints page at a million cases with texts, and write what came out.

``python bench/complaints.py [--cases 1000000] [--repeats 5] [--out docs/benchmarks-complaints.md]
[--browser]``; the cases are those of ``complaint_cases.py``.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from complaint_cases import PROGRAM, build, vocabulary  # noqa: E402
from complaints_page import measure_page  # noqa: E402 (found without installing)
from run import machine, timed  # noqa: E402 (found without installing)

from csat.model.filters import Filters  # noqa: E402
from csat.model.people import LOCAL_USER  # noqa: E402
from csat.queries import complaints  # noqa: E402
from csat.queries.case_facets import filter_panel  # noqa: E402
from csat.queries.case_figures import case_figures  # noqa: E402
from csat.queries.handling import ageing, crossed  # noqa: E402
from csat.queries.iso10002 import indicators  # noqa: E402
from csat.queries.resolution import resolution  # noqa: E402
from csat.queries.returning import returns  # noqa: E402
from csat.queries.sla import service_levels  # noqa: E402
from csat.queries.standing import standing_counts  # noqa: E402
from csat.store.store import Store  # noqa: E402

SEARCHES = {
    "a word in most texts": "{w3}",
    "a word in one text of a hundred": "{w180}",
    "a rare word": "{w12000}",
    "a word in no text": "qqqqzz",
    "two words, both": "{w60} {w180}",
    "one or the other, not a third": "({w300} OR {w400}) NOT {w20}",
    "a Chinese word": "{c20}{c45}",
    "two Chinese words, both": "{c20} {c400}",
    "a case number": "K00000042",
}


def searches() -> dict[str, str]:
    words, signs = vocabulary()
    names = {f"w{i}": words[i] for i in (3, 20, 60, 180, 300, 400, 12_000)}
    names |= {f"c{i}": signs[i] for i in (20, 45, 400)}
    return {label: text.format(**names) for label, text in SEARCHES.items()}


def plain(store: Store, word: str) -> int:
    """Return how many texts a scan with ILIKE finds, after reading its first page."""
    like = {"like": f"%{word}%"}
    store.rows(
        "SELECT case_no, narrative FROM complaint WHERE narrative ILIKE $like "
        "ORDER BY received_at DESC, complaint_id DESC LIMIT 25",
        like,
    )
    return int(
        store.rows("SELECT COUNT(*) AS n FROM complaint WHERE narrative ILIKE $like", like)[0]["n"]
    )


def measure(store: Store, repeats: int) -> dict[str, tuple[float, float, str]]:
    """Return what was asked -> median milliseconds, of processor time too, and what came out."""
    everything = Filters.of(PROGRAM)
    found: dict[str, tuple[float, float, str]] = {}

    def ask(
        name: str, job: Callable[[], object], said: Callable[[object], str] = lambda _: ""
    ) -> None:
        out = job()  # warms
        walls, busy = [], []
        for _ in range(repeats):
            before = time.process_time()
            walls.append(timed(job))
            busy.append(1000 * (time.process_time() - before))
        found[name] = (statistics.median(walls), statistics.median(busy), said(out))

    for label, text in searches().items():
        filters = everything.with_(search=text)
        page = f"first page: {label}"
        ask(page, lambda f=filters: complaints.listing(store, f, user=LOCAL_USER, limit=25),
            lambda out: f"{out.total:,} found")  # fmt: skip
        if not set(text) & set(" ()"):
            ask(f"the same with ILIKE: {label}", lambda w=text: plain(store, w),
                lambda n: f"{n:,} found")  # fmt: skip
    ask("counts beside the filters", lambda: filter_panel(store, everything))
    ask("figures, Pareto and category tree", lambda: case_figures(store, everything))
    ask("waits of all cases", lambda: resolution(store, everything))
    ask("waits by category, with tests", lambda: resolution(store, everything, "category"))
    ask("waits by branch (200), with tests", lambda: resolution(store, everything, "branch"))
    ask("service levels on both clocks, with forecast", lambda: service_levels(store, everything))
    ask("ageing", lambda: ageing(store, everything))
    ask("category by touchpoint", lambda: crossed(store, everything))
    ask("cases that come back, by category", lambda: returns(store, everything, "category"))
    ask("counts by service level", lambda: standing_counts(store, everything))
    ask("ISO 10002 indicators", lambda: indicators(store, everything))
    return found


def report(
    cases: int,
    seconds: float | None,
    found: dict[str, tuple[float, float, str]],
    size: int,
    drawn: dict[str, tuple[float, float]],
) -> str:
    lines = [
        "<!-- Written by bench/complaints.py; change that script, not this page. -->",
        "",
        "# Benchmarks of complaints",
        "",
        f"How long the questions of the complaints page take on {cases:,} simulated cases, each "
        "with a text of its own (about 70 words, or 140 characters in Chinese; "
        f"the store takes {size / 1024**2:,.0f} MB). Medians in milliseconds, warm, the cache of "
        "the pages left out. A search reads its first page of 25 cases *and* counts all that "
        "match, as the page does; the plain scan with `ILIKE` does the same. Processor time is "
        "summed over both cores and hardly depends on what else the machine does; on two idle "
        "cores a search takes about half of it.",
        "",
        "| question | ms | processor ms | |",
        "| --- | ---: | ---: | --- |",
        *(
            f"| {name} | {wall:,.0f} | {busy:,.0f} | {said} |"
            for name, (wall, busy, said) in found.items()
        ),
        "",
    ]
    if drawn:
        lines += [
            "In Chromium, on the same store: from a click until the page is redrawn and nothing "
            "stale is left on it, server and browser on the same two cores. The first time "
            "answers nothing from the cache; later the same choices are made again.",
            "",
            "| what a reader does | ms, first | ms, later |",
            "| --- | ---: | ---: |",
            *(
                f"| {name} | {first:,.0f} | {later:,.0f} |"
                for name, (first, later) in drawn.items()
            ),
            "",
        ]
    if seconds is not None:
        lines += [f"The import took {seconds:.0f} s, {cases / seconds:,.0f} cases a second.", ""]
    lines += [
        "A search scans a copy of the texts in lower case that the import writes. No index is "
        "kept: the scan is fast enough, finds parts of words as well as Chinese without spaces, "
        "and costs nothing when cases change.",
        "",
        *(f"- {name}: {value}" for name, value in machine().items()),
        "",
        "```",
        ".venv/bin/python bench/complaints.py --browser",
        "```",
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks-complaints.md")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "csat-bench")
    parser.add_argument("--browser", action="store_true", help="time the page in Chromium too")
    args = parser.parse_args()
    path, seconds = build(args.folder / f"complaints-{args.cases}", args.cases)
    store = Store(path)
    try:
        found = measure(store, args.repeats)
    finally:
        store.close()
    drawn = measure_page(path, args.repeats, vocabulary()[0][60]) if args.browser else {}
    text = report(args.cases, seconds, found, path.stat().st_size, drawn)
    args.out.write_text(text, encoding="utf-8")
    print(args.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
