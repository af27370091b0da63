"""Files of every kind whose rows change from version to version, and all that a store holds."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Break, Column, Item, Mapping
from csat.ingest.roles import ROLES
from csat.model.scale import Scale
from csat.store.answer_cells import fill_all_cells
from csat.store.store import Store

SEQUENCES = 6


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--sequences", type=int, default=SEQUENCES, help="sequences of imports and undos to try"
    )


@pytest.fixture
def sequences(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--sequences", SEQUENCES))


FIVE = Scale.of(1, 5, special={"9": "not_applicable"})


def pair(key: str, viewpoint: str) -> Item:
    return Item(key, key, FIVE, viewpoint, dimension="reliability", pair=key[1:])


ITEMS = {
    "csat": Item("csat", "Overall", FIVE, measures=("csat",)),
    "nps": Item("nps", "Recommend", Scale.of(0, 10), measures=("nps",)),
    "ces": Item("ces", "Easy", Scale.of(1, 7), measures=("ces",)),
    "again": Item("again", "Come again", FIVE, measures=("recommend",)),
    **{f"p{i}": pair(f"p{i}", "perception") for i in (1, 2)},
    **{f"d{i}": pair(f"d{i}", "desired") for i in (1, 2)},
    "late": Item("late", "Late", FIVE, dimension="own", reversed=True),
}
LATER = {
    "csat": replace(ITEMS["csat"], wording="All in all", wordings={"zh_CN": "总体"}),
    "p1": ITEMS["p1"],
    "d1": ITEMS["d1"],
    "new": Item("new", "New", FIVE, dimension="more"),
}


def columns(kind: str, *without: str) -> tuple[Column, ...]:
    """Return one column for each role of a kind of file, called like it."""
    left_out = (*without, "item", "question", "answer", "cases", "form", "scale_low", "scale_high")
    return tuple(Column(role, role) for role in ROLES[kind] if role not in left_out)


def rated(items: dict[str, Item]) -> tuple[Column, ...]:
    return tuple(Column(key, "item", item=item) for key, item in items.items())


def of(name: str, kind: str, *parts: tuple[Column, ...], **more: Any) -> Mapping:
    return Mapping(name, kind, name, tuple(c for p in parts for c in p), **more)  # type: ignore[arg-type]


VISITS = {"survey_key": "visits", "survey_title": "Visits"}
OF_ONE_CRITERION = ("criterion", "result", "dimension", "weight", "critical")
FORMS = {
    m.name: m
    for m in (
        of("survey", "survey", columns("survey"), rated(ITEMS), **VISITS),
        of(
            "later form", "survey", columns("survey", "channel", "comment"), rated(LATER),
            breaks=(Break(date(2026, 2, 1), "csat", "new"),), **VISITS,
        ),
        of("answers alone", "survey", (
            Column("response_id", "response_id"), Column("comment", "comment"),
        ), rated({k: ITEMS[k] for k in ("csat", "p2", "d2")}), **VISITS),
        of(
            "no ids", "survey", columns("survey", "response_id"), rated({"csat": ITEMS["csat"]}),
            survey_key="kiosk", survey_title="Kiosk",
        ),
        of("long", "survey", (
            Column("response_id", "response_id"), Column("submitted_at", "submitted_at"),
            Column("question", "question"), Column("answer", "answer"),
        ), rated({k: LATER[k] for k in ("csat", "new")}), survey_key="long", survey_title="Long"),
        of("cases", "complaints", columns("complaints", "violation", "sanction")),
        of("open cases", "complaints", tuple(
            Column(r, r) for r in ("complaint_id", "received_at", "status", "resolved_at")
        )),
        of("closings", "complaints", tuple(
            Column(r, r) for r in ("complaint_id", "resolved_at", "pause_from", "pause_to")
        )),
        of("conduct", "complaints", columns("complaints")),
        of("counts", "complaints", tuple(
            Column(r, r) for r in ("received_at", "category", "branch", "cases")
        )),
        of("log", "events", columns("events")),
        of("served", "exposure", columns("exposure")),
        of("margins", "margins", columns("margins", "month")),
        of("checks", "evaluations", columns("evaluations")),
        of("visits", "evaluations", columns("evaluations", *OF_ONE_CRITERION),
           rated({"clean": replace(ITEMS["late"], key="clean", reversed=False)})),
        of("other visits", "evaluations", columns("evaluations", "channel", *OF_ONE_CRITERION),
           rated({"quick": replace(ITEMS["late"], key="quick", reversed=False)})),
        of("findings", "findings", columns("findings")),
        of("comparisons", "comparisons", columns("comparisons")),
        of("grades", "grades", columns("grades")),
    )
}  # fmt: skip
IDS = {
    "response_id": "r", "complaint_id": "k", "case_id": "k", "visit": "v", "finding_no": "f",
    "indicator": "i", "grade": "g", "group_name": "n",
    "expert": "e", "other": "o",
}  # fmt: skip
WORDS = {
    "group_kind": ["segment"],
    "event": ["first response", "solved", "reopened", "escalated", "waiting", "tea"],
    "timely": ["yes", "no", ""], "upheld": ["yes", "no", ""], "satisfied": ["yes", "no"],
    "safety": ["yes", "no"], "first_contact": ["yes", ""], "critical": ["yes", "no"],
    "status": ["open", "closed", "resolved", ""], "severity": ["minor", "major", "critical"],
    "method": ["expert", "mystery_shopper"], "result": ["pass", "fail", "n/a", "maybe"],
    "question": ["csat", "new"], "answer": ["1", "4", "5"], "cap": ["50", ""],
    "month": ["2026-01", "2026-02"],
    "customers": ["400", "500"], "floor": ["10", "60"],
}  # fmt: skip
Rows = list[tuple[int, int]]
"""The number of the thing each row is about, and which of its versions the row says."""


def cell(chance: random.Random, form: Mapping, column: Column, number: int) -> object:
    """Return what one version of a row says; some say nothing, a few say what cannot be."""
    role, item = column.role, column.item
    if role in IDS:
        return f"{IDS[role]}{number}"
    if form.name == "counts" and role in ("category", "branch"):
        return f"{role} {number}"
    if item is not None:
        low, high = item.scale.ends
        odd = high + 1 if chance.random() < 0.02 else ""
        return chance.choice([odd, "9" if high == 5 else "", *range(low, high + 1)])
    if role in WORDS:
        return chance.choice(WORDS[role])
    if role in ("submitted_at", "received_at", "evaluated_at", "found_on"):
        day = 1 if form.name == "counts" else chance.randint(1, 20)
        return (
            f"2026-0{1 + number % 2}-{day:02d} {'' if form.name == 'counts' else '20:30'}".strip()
        )
    if role == "due_on":
        return "2026-04-01"
    if ROLES[form.kind][role][1] == "moment":
        return chance.choice(
            ["", f"2026-03-{chance.randint(1, 9):02d} 08:00", f"2026-02-{number + 9}"]
        )
    if ROLES[form.kind][role][1] == "number":
        return chance.choice([1, 2, 4])
    return chance.choice(["", "North", "South", "Web"])


def write(folder: Path, form: Mapping, rows: Rows) -> Path:
    """Write a file of a form; equal rows make equal files."""
    path = folder / f"{form.name} {len(list(folder.iterdir()))}.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow([c.source for c in form.columns if not (c.item and form.column("question"))])
        for number, version in rows:
            chance = random.Random(f"{form.kind} {form.survey_key} {number} {version}")
            for again in range(2 if form.column("question") else 1):
                line = [
                    cell(chance, form, c, number)
                    for c in form.columns
                    if not (c.item and form.column("question"))
                ]
                if form.column("question"):
                    line = [f"r{number}", "2026-01-09", ("csat", "new")[again], 1 + version]
                out.writerow(line)
    return path


@pytest.fixture(scope="session")
def files() -> Callable[[Path, str, Rows], tuple[Path, Mapping]]:
    """Return what writes rows to a new file of a folder, and says how the file is to be read."""

    def made(folder: Path, name: str, rows: Rows) -> tuple[Path, Mapping]:
        return write(folder, FORMS[name], rows), FORMS[name]

    return made


LEDGER = ("meta", "schema_migration", "audit", "mapping")
"""Tables that say what was done, not what is held."""
CLOCKS = ("created_at", "loaded_at", "undone_at", "undone_by", "status", "loaded_by")
JOINS = ("evaluation_id", "finding_id", "comparison_id", "grade_band_id", "note_id")
"""Columns that say when, or only join rows of one file."""
Content = dict[str, list[tuple[tuple[str, object], ...]]]


@pytest.fixture
def contents() -> Callable[[Store], Content]:
    """Return every row of every table, with names in the place of numbers given on the way.

    Two stores that were filled with the same files hold the same, whatever came in between.
    """
    return contents_of


def sums_are_of_the_ratings(store: Store) -> bool:
    """Say whether the sums kept of the ratings are those that adding them up anew gives."""
    tables = ("answer_cell", "score_sum")
    with store.cursor() as cursor:
        cursor.begin()
        kept = [cursor.execute(f"SELECT * FROM {t} ORDER BY ALL").fetchall() for t in tables]
        for table in tables:
            cursor.execute(f"DELETE FROM {table}")
        fill_all_cells(cursor)
        anew = [cursor.execute(f"SELECT * FROM {t} ORDER BY ALL").fetchall() for t in tables]
        cursor.rollback()
    return kept == anew


def contents_of(store: Store) -> Content:
    assert sums_are_of_the_ratings(store)

    def named(sql: str) -> dict[object, object]:
        found = (tuple(r.values()) for r in store.rows(sql))
        return {first: "/".join(map(str, rest)) for first, *rest in found}

    batches = store.rows("SELECT * FROM batch WHERE status = 'active' ORDER BY batch_id")
    programs = named("SELECT program_id, key FROM program")
    surveys = named("SELECT survey_id, key FROM survey")
    names: dict[str, dict[object, object]] = {
        "batch_id": {b["batch_id"]: i for i, b in enumerate(batches)},
        "program_id": {b["program_id"]: programs[b["program_id"]] for b in batches},
        "survey_id": {b["survey_id"]: surveys.get(b["survey_id"]) for b in batches},
        "response_id": named(
            "SELECT response_id, s.key, source_key FROM response JOIN survey s USING (survey_id)"
        ),
        "complaint_id": named("SELECT complaint_id, source_key FROM complaint"),
        "dim_no": named("SELECT dim_no, key FROM dimension"),
    }
    names["superseded_by"] = names["batch_id"]
    items = {
        (r["survey_id"], f"i{r['item_no']}"): r["key"]
        for r in store.rows("SELECT survey_id, item_no, key FROM item")
    }

    def told(table: str, row: dict[str, object]) -> Iterator[tuple[str, object]]:
        survey = int(table.rpartition("_")[2]) if "answers_" in table else 0
        for column, value in row.items():
            if column in (*CLOCKS, *JOINS, "item_no"):
                continue
            if table == "answer_cell" and column in ("layout", "sums"):  # compared on their own
                continue
            if survey and column[0] == "i":
                if (survey, column) in items:
                    yield items[survey, column], value
                else:
                    assert value is None, f"{table}.{column} is of no question"
            elif table == "score_sum" and column == "name" and str(value)[-3:-1] == "_d":
                yield column, f"{str(value)[:-1]}{names['dim_no'][int(str(value)[-1])]}"
            elif table.endswith("response") and column[:-1].endswith("_d"):
                key = names["dim_no"].get(int(column[-1]))
                assert key or value is None, f"{table}.{column} is of no dimension"
                if key:
                    yield f"{column[:-1]}{key}", value
            else:
                yield (
                    column,
                    names[column].get(value) if column in names and value is not None else value,
                )

    out: Content = {}
    for found in store.rows("SELECT table_name AS t FROM duckdb_tables() WHERE NOT temporary"):
        table = str(found["t"])
        if table in LEDGER:
            continue
        rows = batches if table == "batch" else store.rows(f"SELECT * FROM {table}")
        if table == "rejected_row":  # those of an undone batch stay listed with it
            rows = [r for r in rows if r["batch_id"] in names["batch_id"]]
        number = table.rpartition("_")[2] if "answers_" in table else ""
        name = table.replace(number, str(names["survey_id"].get(int(number)))) if number else table
        kept = [
            r for r in rows if r.get("program_id") is None or r["program_id"] in names["program_id"]
        ]
        kept = [
            r for r in kept if r.get("survey_id") is None or r["survey_id"] in names["survey_id"]
        ]
        lines = sorted((tuple(sorted(told(table, r), key=str)) for r in kept), key=str)
        if lines or not number:
            out[name] = lines
    return out
