"""Measure the questions of the page on dimensions against reading the same columns once.

``python bench/dimensions.py [--responses 1000000] [--repeats 5]``

There are two floors: ``SELECT SUM(c)`` over exactly the columns that a question reads, and the
same over the answers it is about, as respondents gave them (some of what is read was worked out
from these at the import). Both under the same filters; less work than that nobody can do.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "src"))

from build import STORE_FILE, build, multiply  # noqa: E402 (found without installing)
from sections import put_section  # noqa: E402

from csat.model.filters import Filters  # noqa: E402
from csat.model.period import Period  # noqa: E402
from csat.model.settings import Thresholds  # noqa: E402
from csat.queries.catalogue import items  # noqa: E402
from csat.queries.contrasts import contrasts  # noqa: E402
from csat.queries.dimensions import dimensions  # noqa: E402
from csat.queries.driver_sums import driver_sums  # noqa: E402
from csat.queries.drivers import drivers  # noqa: E402
from csat.queries.facts import facts  # noqa: E402
from csat.queries.importance import importance  # noqa: E402
from csat.queries.penalty_reward import penalty_reward  # noqa: E402
from csat.queries.predicate import survey_predicate  # noqa: E402
from csat.queries.ratings import ratings  # noqa: E402
from csat.queries.reader import Reader  # noqa: E402
from csat.queries.soundness import soundness  # noqa: E402
from csat.queries.zones import zones  # noqa: E402
from csat.stats.drivers import drivers as analyse  # noqa: E402
from csat.store.scores import POINTS_SCALE  # noqa: E402
from csat.store.store import Store  # noqa: E402

AIM = 2
"""Times the floor that a question may take."""
LIMITS = Thresholds()
LARGEST = 1_000_000
"""Responses that are simulated and imported; more of them are copies of these."""
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
ALONE = Filters("sample", compare="none")
QUESTIONS: dict[str, Callable[[Store, Filters], Any]] = {
    "dimensions": lambda s, f: dimensions(s, f, LIMITS, "", None),
    "questions of one": lambda s, f: dimensions(s, f, LIMITS, "equal", "reliability"),
    "all questions, alphas": lambda s, f: dimensions(s, f, LIMITS, "equal"),
    "drivers": lambda s, f: drivers(s, f, LIMITS),
    "penalty and reward": lambda s, f: penalty_reward(s, f, LIMITS),
    "importance": lambda s, f: importance(s, f, LIMITS),
    "zone of tolerance": lambda s, f: zones(s, f, LIMITS),
    "answers": lambda s, f: ratings(s, f, "reliability", LIMITS),
    "groups": lambda s, f: contrasts(s, f, "gap:reliability", "branch", LIMITS),
    "soundness": lambda s, f: soundness(s, f, LIMITS),
}
CHOICES = {
    "all": ALONE,
    "a quarter": ALONE.with_(period=QUARTER),
    "two segments, a quarter": ALONE.with_(
        period=QUARTER, segments=("Household owner", "Small business")
    ),
}


SECTION = """## Dimensions

What each question of the page on dimensions takes, and two floors, under the same filters:
summing the **answers** that the question is about once, as respondents gave them, and summing
exactly the **columns** that it reads. They differ where something is worked out at the import
(ADR 17). Processor milliseconds over both threads, halved, the best of some repeats, warm:
*own; own / answers; own / columns*. The page opens with "dimensions"; a click on one asks
"questions of one"; all else is asked when its section is opened. Drivers and importance include
a bootstrap, which takes the same time whatever was read ({fixed}). Questions about whole months
are answered from kept sums where there are any; the floors are of what these are about. Above
{largest:,d} responses the answers are copies of these.

{tables}

{verdict}

```
.venv/bin/python bench/dimensions.py --responses 1000000 10000000 --out docs/benchmarks.md
```"""
Reads = tuple[tuple[str, list[str]], ...]
"""Tables, and the columns read from each."""


def columns_of(store: Store) -> dict[str, tuple[Reads, Reads]]:
    """Return the answers that each question is about, and the columns that it reads."""
    asked = items(store, "sample")
    survey = asked[0].survey_id
    table = f"answers_{survey}"

    def rated(*views: str, dimension: str = "") -> tuple[str, list[str]]:
        return table, [
            f"i{i.item_no}"
            for i in asked
            if i.viewpoint in views and i.dimension and (not dimension or i.dimension == dimension)
        ]

    slots = range(5)
    points = (table, [f"i{i.item_no}" for i in asked if i.scale == POINTS_SCALE])
    pleased = ("response", ["csat"])
    both = rated("perception", "desired")
    one = rated("perception", "desired", dimension="reliability")

    def scores(*names: str) -> tuple[str, list[str]]:
        return "response", [f"{name}_d{d}" for name in names for d in slots]

    told = ("response", ["answered", "alike"])
    weights = ("response", [*scores("points")[1], "own_gap"])
    zone = scores("msa", "mss", "zone_p", "predicted")
    levels = rated("perception", "desired", "adequate", "predicted")
    return {
        "dimensions": ((both, points), (scores("p", "e", "g"), weights)),
        "questions of one": ((both, one), (scores("p", "e", "g"), one)),
        "all questions, alphas": ((both, both), (scores("p", "e", "g"), both)),
        "drivers": ((both, pleased), (scores("p", "g"), pleased, ("response", ["block"]))),
        "penalty and reward": ((rated("perception"), pleased), (scores("p"), pleased)),
        "importance": (
            (rated("perception"), points),
            (scores("p", "points"), ("response", ["block"])),
        ),
        "zone of tolerance": ((levels,), (zone,)),
        "answers": (
            (rated("perception"), rated("perception", dimension="reliability")),
            (scores("p"), rated("perception", dimension="reliability")),
        ),
        "groups": ((one,), (("response", ["g_d0", "branch"]),)),
        "soundness": ((both,), (both, scores("e", "g"), told)),
    }


def floor_of(store: Store, filters: Filters, table: str, columns: list[str]) -> float:
    """Return the milliseconds of summing columns once under the filters, of the best of five."""
    where, params = survey_predicate(filters, "r.")
    sums = ", ".join(f"COUNT({c})" if c == "branch" else f"SUM({c})" for c in columns)
    if table == "response":
        sql = f"SELECT {sums} FROM response r WHERE {where}"
    elif filters == CHOICES["all"]:
        sql, params = f"SELECT {sums} FROM {table}", {}
    else:
        chosen = f"SELECT r.response_id FROM response r WHERE {where}"
        sql = f"SELECT {sums} FROM {table} WHERE response_id IN ({chosen})"
    return measured(lambda: store.rows(sql, params), 5)


def measured(work: Callable[[], Any], repeats: int) -> float:
    """Return the processor milliseconds of the best of some repeats, after one to warm up.

    Processor time over all threads, halved for the two that work, bears other load better than
    the clock on the wall.
    """
    work()
    times = []
    for _ in range(repeats):
        started = time.process_time()
        work()
        times.append(1000 * (time.process_time() - started) / 2)
    return min(times)


@dataclass(frozen=True)
class Taken:
    """Processor milliseconds of a question and of its two floors."""

    own: float
    answers: float
    columns: float

    def __str__(self) -> str:
        return f"{self.own:,.0f}; {self.own / self.answers:.1f}; {self.own / self.columns:.1f}"


Found = dict[str, dict[str, Taken]]


def measure(store: Store, repeats: int) -> Found:
    """Return what every question took for every choice of filters, and its floors."""
    reads = columns_of(store)
    found: Found = {}
    for name, ask in QUESTIONS.items():
        found[name] = {}
        for title, filters in CHOICES.items():
            own = measured(lambda ask=ask, filters=filters: ask(store, filters), repeats)
            floors = [sum(floor_of(store, filters, *read) for read in kind) for kind in reads[name]]
            found[name][title] = Taken(own, *floors)
    return found


def table(found: Found, responses: int) -> str:
    """Return the measurements as a table."""
    lines = [
        f"| {responses:,d} responses | " + " | ".join(CHOICES) + " |",
        "| --- |" + " --- |" * len(CHOICES),
    ]
    lines += [
        f"| {name} | {' | '.join(map(str, cells.values()))} |" for name, cells in found.items()
    ]
    return "\n".join(lines)


def verdict(measured: dict[int, Found]) -> str:
    """Say where twice the floor of the answers is kept, and where it is not."""
    missed = [
        f"{name} ({title}, {responses:,d} responses: {cell.own / cell.answers:.1f})"
        for responses, found in measured.items()
        for name, cells in found.items()
        for title, cell in cells.items()
        if cell.own > AIM * cell.answers
    ]
    told = f"The aim is {AIM} times the floor of the answers."
    return f"{told} Missed: {'; '.join(missed)}." if missed else f"{told} It is kept throughout."


def bootstrap(store: Store) -> float:
    """Return the processor milliseconds of the drivers' bootstrap alone."""
    known = facts(store, "sample")
    sums = driver_sums(Reader(store, known), known, ALONE)
    return measured(lambda: analyse(sums.blocks, sums.names), 5)


def store_of(responses: int) -> Path:
    """Return the store of so many responses, made where it is not there yet."""
    single = min(responses, LARGEST)
    folder = Path(tempfile.gettempdir()) / "csat-bench-dimensions" / str(single)
    build(folder, single, max(single // 10, 1))
    if responses == single:
        return folder / STORE_FILE
    path = folder / f"times-{responses // single}.duckdb"
    if not path.is_file():
        multiply(folder, responses // single, path)
    return path


def main() -> None:
    """Measure every question for every choice of filters, and print or write what it took."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--responses", type=int, nargs="+", default=[1_000_000])
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out", type=Path, help="page whose section is written")
    args = parser.parse_args()
    found: dict[int, Found] = {}
    for responses in args.responses:
        store = Store(store_of(responses))
        fixed = bootstrap(store)
        found[responses] = measure(store, args.repeats)
        store.close()
        print(table(found[responses], responses))
    print(verdict(found))
    if args.out:
        tables = "\n\n".join(table(cells, responses) for responses, cells in found.items())
        page = SECTION.format(
            largest=LARGEST, tables=tables, verdict=verdict(found), fixed=f"{fixed:.0f} ms"
        )
        put_section(args.out, "dimensions", page)


if __name__ == "__main__":
    main()
