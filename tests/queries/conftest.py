"""One small program with known rows, loaded once, beside the rows themselves."""

from __future__ import annotations

import csv
import random
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from csat.ingest.batches import Loaded, commit
from csat.ingest.index_definitions import set_index
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.preset import preset
from csat.ingest.source import open_source
from csat.model.answer import Answer
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.period import Period, month_key
from csat.model.satisfaction_index import IndexDefinition, WeightedIndicator
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate
from csat.store.store import Store

BRANCHES = ("East", "North", "South", "")
CATEGORIES = ("Billing", "Delivery", "Staff")
MONTHS = tuple(date(2025, 10 + m, 1) if m < 3 else date(2026, m - 2, 1) for m in range(9))
"""October 2025 to June 2026."""
OPEN_UNTIL = datetime(2026, 7, 1)
"""Cases without an end are known to be open at the end of June."""
FIVE = Scale.of(1, 5, special={"9": "not_applicable"})


@dataclass(frozen=True)
class Row:
    when: date
    branch: str
    csat: int | None
    nps: int | None
    ces: int | None


@dataclass(frozen=True)
class Case:
    received: datetime
    answered: datetime | None
    resolved: datetime | None
    category: str
    branch: str
    timely: bool | None


@dataclass(frozen=True)
class Raw:
    """The rows of the program, as plain Python."""

    rows: tuple[Row, ...]
    cases: tuple[Case, ...]
    customers: dict[tuple[int, str], int]

    def answers(self, field: str, keep: Callable[[Row], bool] = lambda _: True) -> list[int]:
        return [getattr(r, field) for r in self.rows if keep(r) and getattr(r, field) is not None]

    def seconds(
        self, end: str, keep: Callable[[Case], bool] = lambda _: True
    ) -> tuple[list[float], list[int]]:
        """Return how long each case took and whether it has ended; the rest is still open."""
        times, ended = [], []
        for case in filter(keep, self.cases):
            done = case.resolved if end == "resolved" else (case.answered or case.resolved)
            times.append(((done or OPEN_UNTIL) - case.received).total_seconds())
            ended.append(int(done is not None))
        return times, ended


def draw() -> Raw:
    chance = random.Random(42)
    rows, cases, customers = [], [], {}
    for number, first in enumerate(MONTHS):
        for branch, many in zip(BRANCHES, (30, 45, 25, 6), strict=True):
            better = number >= 6 and branch == "North"
            for _ in range(many):
                ratings = (3, 4, 5, 5) if better else (1, 2, 3, 4, 5)
                rows.append(
                    Row(
                        first + timedelta(days=chance.randrange(28)),
                        branch,
                        chance.choice((*ratings, None)),
                        chance.choice((*range(11), 9, 10, None)),
                        chance.choice((1, 3, 5, 6, 7, 7, None)),
                    )
                )
            for _ in range(many // 3 * (2 if number >= 6 and branch == "South" else 1)):
                cases.append(case(chance, first, branch))
            if branch:
                customers[month_key(first), branch] = 400 + 100 * number + many
    return Raw(tuple(rows), tuple(cases), customers)


def case(chance: random.Random, first: date, branch: str) -> Case:
    start = datetime(first.year, first.month, 1 + chance.randrange(28), chance.randrange(24))
    answered = start + timedelta(hours=chance.randint(1, 200)) if chance.random() < 0.7 else None
    since = answered or start
    resolved = since + timedelta(hours=chance.randint(1, 500)) if chance.random() < 0.8 else None
    answered = answered if answered is None or answered < OPEN_UNTIL else None
    resolved = resolved if resolved is None or resolved < OPEN_UNTIL else None
    timely = chance.choice((True, True, False, None))
    return Case(start, answered, resolved, chance.choice(CATEGORIES), branch, timely)


SURVEY = Mapping(
    "survey",
    "survey",
    "Survey",
    (
        Column("when", "submitted_at"),
        Column("branch", "branch"),
        Column("csat", "item", item=Item("csat", "Overall", FIVE, measures=("csat", "recommend"))),
        Column("nps", "item", item=Item("nps", "NPS", Scale.of(0, 10), measures=("nps",))),
        Column("ces", "item", item=Item("ces", "Easy", Scale.of(1, 7), measures=("ces",))),
    ),
    survey_key="visits",
)
COMPLAINTS = Mapping(
    "complaints",
    "complaints",
    "Complaints",
    tuple(
        Column(name, role)
        for name, role in (
            ("received", "received_at"),
            ("answered", "first_response_at"),
            ("resolved", "resolved_at"),
            ("category", "category"),
            ("branch", "branch"),
            ("timely", "timely"),
        )
    ),
)
EXPOSURE = Mapping(
    "exposure",
    "exposure",
    "Exposure",
    (Column("month", "month"), Column("branch", "branch"), Column("customers", "customers")),
)


INDEX = IndexDefinition((WeightedIndicator("csat_mean", 60), WeightedIndicator("nps", 40)))


def load_rows(
    store: Store,
    folder: Path,
    mapping: Mapping,
    rows: Iterable[Iterable[object]],
    **options: object,
) -> None:
    """Write rows under the header of a mapping and load them."""
    path = folder / f"{mapping.name}-{store.data_version()}.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow([c.source for c in mapping.columns])
        writer.writerows([["" if v is None else v for v in row] for row in rows])
    options = {"program": "demo", "user": LOCAL_USER, **options}
    commit(store, open_source(path), mapping, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def raw() -> Raw:
    return draw()


@pytest.fixture(scope="session")
def demo(raw: Raw, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store with the program of `raw`, complete up to the end of June 2026."""
    folder = tmp_path_factory.mktemp("demo")
    store = Store(folder / "demo.duckdb")
    until = {"as_of": OPEN_UNTIL.date() - timedelta(days=1)}
    answers = ((r.when, r.branch, r.csat or 9, r.nps, r.ces) for r in raw.rows)
    load_rows(store, folder, SURVEY, answers, **until)
    cases = (
        (c.received, c.answered, c.resolved, c.category, c.branch, c.timely) for c in raw.cases
    )
    load_rows(store, folder, COMPLAINTS, cases, **until)
    served = ((f"{m // 100}-{m % 100:02d}", b, n) for (m, b), n in raw.customers.items())
    load_rows(store, folder, EXPOSURE, served)
    set_index(store, "demo", 2025, INDEX, LOCAL_USER)
    yield store
    store.close()


@pytest.fixture(scope="session")
def sample(sample_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store with the simulated program, for tests that only read."""
    store = Store(Path(shutil.copy(sample_template, tmp_path_factory.mktemp("sample"))))
    yield store
    store.close()


Ask = Callable[..., Answer]
EVERYTHING = Thresholds(withhold_under=1)
"""Show every figure, however few people it rests on."""


@pytest.fixture
def ask(demo: Store) -> Ask:
    """Ask the program, with nothing withheld, for metrics by a grouping and with filters."""

    def question(*keys: str, by: str = "total", **parts: object) -> Answer:
        return evaluate(demo, Filters.of("demo", **parts), keys, by, EVERYTHING)

    return question


@pytest.fixture
def quarter() -> Period:
    """Return April to June 2026, which follows January to March."""
    return Period(date(2026, 4, 1), date(2026, 6, 30))


@pytest.fixture
def add_rows(store: Store, tmp_path: Path) -> Callable[..., None]:
    """Load rows into the test's own store."""

    def add(mapping: Mapping, rows: Iterable[Iterable[object]], **options: object) -> None:
        load_rows(store, tmp_path, mapping, rows, **options)

    return add


@pytest.fixture
def population(load: Callable[..., Loaded], write_csv: Callable[..., Path]) -> Callable[..., int]:
    """Load population margins into the test's own store; give the number of their batch."""

    def add(rows: Iterable[Sequence[object]], name: str = "m.csv") -> int:
        header = ["group_kind", "group", "served", "invited", "month"]
        filled = [[*row, *[""] * (len(header) - len(row))] for row in rows]
        return load(write_csv([header, *filled], name), preset("population-margins")).batch_id

    return add


@pytest.fixture
def queries_survey() -> Mapping:
    return SURVEY


@pytest.fixture
def queries_complaints() -> Mapping:
    return COMPLAINTS


@pytest.fixture
def queries_exposure() -> Mapping:
    return EXPOSURE
