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

from build import STORE_FILE, build  # noqa: E402 (found without installing)

from csat.model.filters import Filters  # noqa: E402
from csat.model.period import Period  # noqa: E402
from csat.model.settings import Thresholds  # noqa: E402
from csat.queries.catalogue import items  # noqa: E402
from csat.queries.contrasts import contrasts  # noqa: E402
from csat.queries.dimensions import dimensions  # noqa: E402
from csat.queries.drivers import drivers  # noqa: E402
from csat.queries.importance import importance  # noqa: E402
from csat.queries.predicate import survey_predicate  # noqa: E402
from csat.queries.ratings import ratings  # noqa: E402
from csat.queries.soundness import soundness  # noqa: E402
from csat.queries.zones import zones  # noqa: E402
from csat.store.store import Store  # noqa: E402

LIMITS = Thresholds()
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))
QUESTIONS: dict[str, Callable[[Store, Filters], Any]] = {
    "dimensions": lambda s, f: dimensions(s, f, LIMITS, "", None),
    "questions of one": lambda s, f: dimensions(s, f, LIMITS, "equal", "reliability"),
    "all questions, alphas": lambda s, f: dimensions(s, f, LIMITS, "equal"),
    "drivers": lambda s, f: drivers(s, f, LIMITS),
    "importance": lambda s, f: importance(s, f, LIMITS),
    "zone of tolerance": lambda s, f: zones(s, f, LIMITS),
    "answers": lambda s, f: ratings(s, f, "reliability", LIMITS),
    "groups": lambda s, f: contrasts(s, f, "gap:reliability", "branch", LIMITS),
    "soundness": lambda s, f: soundness(s, f, LIMITS),
}
CHOICES = {
    "all": Filters("sample"),
    "a quarter": Filters("sample", period=QUARTER),
    "two segments, a quarter": Filters.of(
        "sample", period=QUARTER, segments=["Household owner", "Small business"]
    ),
}


def columns_of(store: Store) -> dict[str, tuple[str, list[str]]]:
    """Return the table and the columns that each question reads."""
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
    both, answers = ("perception", "desired"), f"answers_{survey}"
    return {
        "dimensions": ("response", [*scored, *(f"points_d{d}" for d in slots), "own_gap"]),
        "questions of one": (answers, rated(*both, dimension="reliability")),
        "all questions, alphas": (answers, rated(*both)),
        "drivers": ("response", [*(f"p_d{d}" for d in slots), "csat"]),
        "importance": (answers, rated("perception", "importance")),
        "zone of tolerance": (answers, rated(*both, "adequate")),
        "answers": (answers, rated("perception", dimension="reliability")),
        "groups": ("response", ["g_d0"]),
        "soundness": (answers, rated(*both)),
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


def main() -> None:
    """Measure every question for every choice of filters, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--responses", type=int, default=1_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    args = parser.parse_args()
    folder = Path(tempfile.gettempdir()) / "csat-bench-dimensions" / str(args.responses)
    build(folder, args.responses, max(args.responses // 10, 1))
    store = Store(folder / STORE_FILE)
    columns = columns_of(store)
    print(f"{'milliseconds (floor)':24}" + "".join(f"{name:>26}" for name in CHOICES))
    for name, ask in QUESTIONS.items():
        cells = []
        for filters in CHOICES.values():
            took = measured(lambda ask=ask, filters=filters: ask(store, filters), args.repeats)
            floor = floor_of(store, filters, *columns[name])
            cells.append(f"{took:9.0f} ({floor:.0f})")
        print(f"{name:24}" + "".join(f"{c:>26}" for c in cells))
    store.close()


if __name__ == "__main__":
    main()
