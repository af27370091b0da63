"""Any sequence of imports, updates and undos: every table and every metric is what it must be.

After each step the store is compared with what it was when the same batches were in force before,
and at the end with a store that is rebuilt from the originals. All tables are compared, row by
row, but for the ledger itself and for numbers that only join rows; and every registered metric,
in total, by month and by each group.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.actions import keep_actions
from csat.ingest.batches import commit
from csat.ingest.case_notes import say_of_case
from csat.ingest.cause_tree import set_cause_tree
from csat.ingest.index_definitions import set_index
from csat.ingest.mapping import Mapping
from csat.ingest.marking import add_mark
from csat.ingest.registers import save_entries
from csat.ingest.source import open_source
from csat.ingest.standards import set_standard
from csat.ingest.undo import undo
from csat.ingest.weighing import set_weights
from csat.model.action import ActionPlan
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES, REGISTRY, metric
from csat.model.people import LOCAL_USER
from csat.model.problem import AlreadyLoaded, ImportProblem
from csat.model.registers import Standard
from csat.model.satisfaction_index import IndexDefinition, WeightedIndicator
from csat.model.settings import Thresholds
from csat.model.vocabulary import CUTS, SURVEY_CUTS
from csat.queries import catalogue
from csat.queries.figures import evaluate
from csat.store.integrity import check_store
from csat.store.store import Store
from csat.upkeep.rebuild import rebuild

OPEN = Thresholds(withhold_under=1, caution_under=1)
ZONE = "Asia/Shanghai"
INDEX = IndexDefinition(
    (WeightedIndicator("perception:reliability", 60), WeightedIndicator("csat_mean", 40))
)


TARGET = """[[target]]
key = "answer"
title = "Cases answered"
event = "response"
clock = "calendar"
within = "5 d"
"""
THEME = """[[theme]]
key = "queue"
title = "No long queue"
dimension = "reliability"
causes = ["North"]
items = ["p1"]
"""


def in_force(store: Store) -> list[int]:
    rows = store.rows("SELECT batch_id FROM batch WHERE status = 'active' ORDER BY batch_id")
    return [r["batch_id"] for r in rows]


def every_figure(store: Store, groups: Iterable[str]) -> dict[tuple[str, str, str], Any]:
    """Return every registered metric of every question and dimension."""
    out = {}
    for program in (p.key for p in catalogue.programs(store)):
        keys = [*HEADLINES, *(f"mean:{i.key}" for i in catalogue.items(store, program))]
        families = [k for k in REGISTRY if k not in (*HEADLINES, "mean")]
        keys += [f"{k}:{d}" for d in catalogue.dimensions(store, program) for k in families]
        keys = list(dict.fromkeys(keys))
        cases = [k for k in keys if metric(k).subject == "complaints"]
        for by in groups:
            asked = keys if by not in CUTS or by in SURVEY_CUTS else cases
            for figure in evaluate(store, Filters.of(program), asked, by, OPEN).figures:
                said = {k: rounded(v) for k, v in asdict(figure).items()}
                out[program, by, f"{figure.metric} {figure.by}"] = said
    return out


def rounded(value: object) -> object:
    return float(f"{value:.10g}") if isinstance(value, float) else value


Step = tuple[str, Any]
State = tuple[dict[str, Any], dict[Any, Any]]
Contents = Callable[[Store], dict[str, Any]]
Files = Callable[[Path, str, list[tuple[int, int]]], tuple[Path, Mapping]]
RunOf = Callable[[list[Step]], State]
FILES = st.lists(
    st.tuples(st.integers(1, 4), st.integers(0, 3)),
    min_size=1, max_size=5, unique_by=lambda row: row[0],
)  # fmt: skip
FORMS = (
    "survey", "later form", "answers alone", "no ids", "long", "cases", "open cases", "closings",
    "conduct", "counts", "log", "served", "margins", "checks", "visits", "other visits", "findings",
    "comparisons", "grades",
)  # fmt: skip
POOLS = (
    ("survey", "later form", "answers alone"),
    ("survey", "later form", "no ids", "long", "margins"),
    ("cases", "open cases", "closings", "conduct", "log"),
    ("cases", "log", "say", "served"),
    ("counts", "cases", "served"),
    ("checks", "visits", "other visits", "findings", "comparisons", "grades"),
    FORMS,
)
"""Files that have to do with each other."""


def steps_of(pool: tuple[str, ...]) -> st.SearchStrategy[list[Step]]:
    loads = st.tuples(st.sampled_from([name for name in pool if name in FORMS]), FILES)
    others = st.tuples(st.sampled_from(["undo", "undo", "say"]), st.integers(0, 7))
    return st.lists(loads | loads | others, min_size=3, max_size=9)


STEPS = st.sampled_from(POOLS).flatmap(steps_of)
AGAIN = ("survey", "cases", "open cases", "checks", "findings", "comparisons")
EVERYTHING: list[Step] = [
    *((name, [(n, 0) for n in range(1, 5)]) for name in FORMS),
    *((name, [(n, 1) for n in range(1, 5)]) for name in AGAIN),
    *(("open cases", [(n, 3) for n in range(1, last)]) for last in (8, 9)),
    ("cases", [(n, 0) for n in range(9, 13)]),
]


def same(now: State, then: State) -> None:
    """Fail with the rows and figures that differ, and with nothing else."""
    for one, other in zip(now, then, strict=True):
        for key in sorted({*one, *other}, key=str):
            here, there = one.get(key, []), other.get(key, [])
            if isinstance(here, list) and here != there:
                here = [dict(r) for r in here if r not in there]
                there = [dict(r) for r in there if dict(r) not in here]
            assert (key, here) == (key, there)


def people_say(store: Store) -> None:
    """Let people state what no file holds: it outlives every import, and a rebuild."""
    set_index(store, "demo", 2020, INDEX, LOCAL_USER, "agreed")
    points = {"reliability": 50, "own": 30, "more": 20}
    set_weights(store, "demo", points, date(2026, 1, 1), "agreed", LOCAL_USER)
    set_standard(store, "demo", TARGET, LOCAL_USER)
    set_cause_tree(store, "demo", THEME, LOCAL_USER)
    save_entries(store, "demo", "standards", [Standard("S1", "Answer", target=24.0)], LOCAL_USER)
    add_mark(store, "demo", "event", LOCAL_USER, "A strike", day=date(2026, 1, 9))
    plan = ActionPlan(
        "queue", "Shorter queue", "other", "queues", "csat_mean", (), (), date(2026, 2, 1),
        date(2026, 6, 1), "Ann",
    )  # fmt: skip
    keep_actions(store, "demo", [plan], LOCAL_USER)


class Run:
    """One store that takes steps, and what it held whenever the same batches were in force."""

    def __init__(self, store: Store, folder: Path, files: Files, contents: Contents) -> None:
        self.store, self.folder, self.files, self.contents = store, folder, files, contents
        self.said = 0
        self.states: dict[tuple[int, ...], State] = {}

    def take(self, step: Step) -> None:
        name, what = step
        if name == "undo":
            if batches := in_force(self.store):
                undo(self.store, batches[what % len(batches)], LOCAL_USER)
        elif name == "say":
            self.say(what)
        elif name == "people":
            people_say(self.store)
            self.said += 1
        else:
            path, form = self.files(self.folder, name, what)
            try:
                commit(
                    self.store, open_source(path), form, program="demo", user=LOCAL_USER,
                    timezone=ZONE, as_of=date(2026, 4, 1 + len(what)) if what[0][1] % 2 else None,
                )  # fmt: skip
            except (AlreadyLoaded, ImportProblem):
                return
        self.compare()

    def say(self, number: int) -> None:
        """Let a person give a case another category."""
        cases = self.store.rows("SELECT case_no FROM complaint WHERE case_no <> '' ORDER BY 1")
        if cases:
            value = f"Said {number}"
            case = cases[number % len(cases)]["case_no"]
            say_of_case(self.store, "demo", case, "category", value, LOCAL_USER)
            self.said += 1

    def compare(self) -> None:
        now = self.state(self.store, ("total", "month"))
        key = (self.said, *in_force(self.store))
        same(now, self.states.setdefault(key, now))

    def state(self, store: Store, groups: Sequence[str] = ("total", "month", *CUTS)) -> State:
        return self.contents(store), every_figure(store, groups)

    def end(self) -> None:
        """Compare the store with one made again from the originals."""
        assert check_store(self.store) == []
        path = self.folder.parent / "again.duckdb"
        again = rebuild(self.store, path, lambda _: None)
        assert [str(m) for m in again.differences] == []
        made = Store(path)
        try:
            same(self.state(made), self.state(self.store))
        finally:
            made.close()


@pytest.fixture
def run_of(_empty_store: Path, files: Files, contents: Contents) -> RunOf:
    """Take steps in a store of their own."""

    def run(steps: list[Step]) -> State:
        with tempfile.TemporaryDirectory() as folder:
            written = Path(folder) / "files"
            written.mkdir()
            path = Path(folder) / "store.duckdb"
            shutil.copyfile(_empty_store, path)
            store = Store(path)
            try:
                run = Run(store, written, files, contents)
                for step in steps:
                    run.take(step)
                run.end()
                return run.state(store)
            finally:
                store.close()

    return run


def test_the_files_reach_every_table_and_every_metric(run_of: RunOf) -> None:
    """What the sequences compare is not empty."""
    rows, figures = run_of([*EVERYTHING, ("people", 0), ("say", 1)])
    assert sorted(t for t, found in rows.items() if not found) == ["superseded_grade_band"]
    valued = [name for (*_, name), f in figures.items() if f["value"] is not None]
    assert {name.split()[0].partition(":")[0] for name in valued} == set(REGISTRY)


def test_undo_and_rebuild_agree_in_every_row_and_every_metric(
    run_of: RunOf, sequences: int
) -> None:
    @settings(max_examples=sequences)
    @given(steps=STEPS)
    def any_sequence(steps: list[Step]) -> None:
        run_of(steps)

    any_sequence()
