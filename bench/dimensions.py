"""Measure the questions of the page on dimensions against reading the same columns once.

``python bench/dimensions.py [--responses 1000000] [--repeats 5]``

The floor of a question is ``SELECT SUM(c)`` over exactly the columns it reads, under the same
filters: less work than that nobody can do. The page's first view is the first two lines; all
else is asked when its section is opened.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
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
from csat.queries.drivers import drivers  # noqa: E402
from csat.queries.importance import importance  # noqa: E402
from csat.queries.penalty_reward import penalty_reward  # noqa: E402
from csat.queries.predicate import survey_predicate  # noqa: E402
from csat.queries.ratings import ratings  # noqa: E402
from csat.queries.soundness import soundness  # noqa: E402
from csat.queries.zones import zones  # noqa: E402
from csat.store.store import Store  # noqa: E402

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

What each question of the page on dimensions takes, and the floor: summing exactly the columns it
reads once, under the same filters. Processor milliseconds over both threads, halved: *own / floor
= ratio*, the best of some repeats, warm. The page opens with "dimensions"; a click on one asks
"questions of one"; all else is asked when its section is opened. The aim is twice the floor for
the page's queries: met by the first two, missed by the sections, which count ratings one by one,
multiply every question with every other or draw bootstrap samples. Above {largest:,d} responses
the answers are copies of these.

{tables}

```
.venv/bin/python bench/dimensions.py --responses 1000000 10000000 --out docs/benchmarks.md
```"""
Reads = tuple[tuple[str, list[str]], ...]
"""Tables, and the columns read from each."""


def columns_of(store: Store) -> dict[str, Reads]:
    """Return the tables and the columns that each question reads."""
    asked = items(store, "sample")
    survey = asked[0].survey_id

    def rated(*views: str, dimension: str = "") -> list[str]:
        return [
            f"i{i.item_no}"
            for i in asked
            if i.viewpoint in views and i.dimension and (not dimension or i.dimension == dimension)
        ]

    slots = range(5)
    scored = [f"{letter}_d{d}" for letter in "peg" for d in slots]
    rows = ("response", [*scored, *(f"points_d{d}" for d in slots), "own_gap"])
    both, answers = ("perception", "desired"), f"answers_{survey}"
    return {
        "dimensions": (rows,),
        "questions of one": (rows, (answers, rated(*both, dimension="reliability"))),
        "all questions, alphas": (rows, (answers, rated(*both))),
        "drivers": (("response", [*scored, "csat"]),),
        "penalty and reward": (("response", [*(f"p_d{d}" for d in slots), "csat"]),),
        "importance": ((answers, rated("perception", "importance")),),
        "zone of tolerance": ((answers, rated(*both, "adequate", "predicted")),),
        "answers": ((answers, rated("perception", dimension="reliability")),),
        "groups": (("response", ["g_d0"]),),
        "soundness": ((answers, rated(*both)),),
    }


def floor_of(store: Store, filters: Filters, table: str, columns: list[str]) -> float:
    """Return the milliseconds of summing columns once under the filters, of the best of five."""
    where, params = survey_predicate(filters, "r.")
    sums = ", ".join(f"SUM({c})" for c in columns)
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


def measure(store: Store, repeats: int) -> dict[str, dict[str, tuple[float, float]]]:
    """Return what every question took for every choice of filters, and its floor."""
    reads = columns_of(store)
    return {
        name: {
            title: (
                measured(lambda ask=ask, filters=filters: ask(store, filters), repeats),
                sum(floor_of(store, filters, *read) for read in reads[name]),
            )
            for title, filters in CHOICES.items()
        }
        for name, ask in QUESTIONS.items()
    }


def table(found: dict[str, dict[str, tuple[float, float]]], responses: int) -> str:
    """Return the measurements as a table: milliseconds, the floor's, and their ratio."""
    lines = [
        f"| {responses:,d} responses | " + " | ".join(CHOICES) + " |",
        "| --- |" + " --- |" * len(CHOICES),
    ]
    for name, cells in found.items():
        shown = [f"{own:,.0f} / {floor:,.0f} = {own / floor:.1f}" for own, floor in cells.values()]
        lines.append(f"| {name} | " + " | ".join(shown) + " |")
    return "\n".join(lines)


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
    tables = []
    for responses in args.responses:
        store = Store(store_of(responses))
        tables.append(table(measure(store, args.repeats), responses))
        store.close()
        print(tables[-1])
    if args.out:
        put_section(
            args.out, "dimensions", SECTION.format(largest=LARGEST, tables="\n\n".join(tables))
        )


if __name__ == "__main__":
    main()
