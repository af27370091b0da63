"""Undo: every figure returns to what it was, and the batch stays listed as undone."""

from __future__ import annotations

import csv
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.people import LOCAL_USER, User
from csat.model.problem import AlreadyLoaded, NotAllowed, UsageProblem
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.figures import evaluate
from csat.store.store import Store

SURVEY = ["id", "when", "branch", "csat", "nps", "ces", "comment"]
OPEN = Thresholds(withhold_under=1)
FACTS = ("response", "answers_1", "comment", "complaint", "exposure", "answer_exclusion")


def figures(store: Store, program: str = "demo") -> dict[str, tuple[Figure, ...]]:
    return {
        by: evaluate(store, Filters.of(program), HEADLINES, by).figures
        for by in ("total", "month", "branch")
    }


@pytest.fixture
def filled(
    store: Store, load, write_csv, survey_file, complaint_file, survey_mapping: Mapping,
    complaint_mapping: Mapping, exposure_mapping: Mapping,
) -> Store:  # fmt: skip
    load(survey_file(range(8)), survey_mapping)
    load(complaint_file([["2026-01-05", "2026-01-06", ""]] * 6), complaint_mapping)
    load(write_csv([["month", "branch", "customers"], ["2026-01", "North", 900]]), exposure_mapping)
    return store


def test_undo_restores_every_figure(
    filled: Store, load, survey_file, write_csv, survey_mapping: Mapping,
    complaint_mapping: Mapping, exposure_mapping: Mapping,
) -> None:  # fmt: skip
    before = figures(filled)
    header = ["id", *[c.source for c in complaint_mapping.columns[1:]]]
    case = [99, "2026-02-01", "", "2026-02-03", "Other", "South", "no", "late"]
    more = [
        load(survey_file(range(5, 15), "more.csv", csat=9), survey_mapping),
        load(write_csv([header, case], "cases.csv"), complaint_mapping),
        load(
            write_csv([["month", "branch", "customers"], ["2026-02", "South", 50]], "more-e.csv"),
            exposure_mapping,
        ),
    ]
    assert figures(filled) != before
    for loaded in reversed(more):
        undo(filled, loaded.batch_id, LOCAL_USER)
    assert figures(filled) == before


def test_undo_of_everything_leaves_no_row(filled: Store, count) -> None:
    for batch in (2, 1, 3):
        assert undo(filled, batch, LOCAL_USER)["batch"] == batch
    assert [count(table) for table in FACTS] == [0] * len(FACTS)
    with pytest.raises(UsageProblem, match="'demo' holds no data"):
        figures(filled)


def test_the_batch_stays_listed_with_who_undid_it(filled: Store) -> None:
    assert undo(filled, 1, User("ann", ("analyst",))) == {"batch": 1, "rows": 8, "again": []}
    [batch] = filled.rows("SELECT status, undone_by, undone_at FROM batch WHERE batch_id = 1")
    assert (batch["status"], batch["undone_by"]) == ("undone", "ann")
    assert batch["undone_at"] is not None
    last = filled.rows("SELECT who, action, subject FROM audit ORDER BY happened_at")[-1]
    assert last == {"who": "ann", "action": "undo", "subject": "batch 1"}


def test_undo_twice_is_refused(filled: Store, everything) -> None:
    undo(filled, 1, LOCAL_USER)
    before = everything()
    with pytest.raises(UsageProblem, match="Batch 1 is undone already"):
        undo(filled, 1, LOCAL_USER)
    assert everything() == before


@pytest.mark.parametrize("roles", [(), ("executive",), ("quality",)])
def test_who_may_not_undo_changes_nothing(
    filled: Store, everything, roles: tuple[str, ...]
) -> None:
    before = everything()
    with pytest.raises(NotAllowed):
        undo(filled, 1, User("eve", roles))
    assert everything() == before


def test_an_undone_file_may_be_loaded_again(
    filled: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    before = figures(filled)
    undo(filled, 1, LOCAL_USER)
    load(survey_file(range(8)), survey_mapping)
    assert figures(filled) == before


def test_a_mapping_mistake_can_be_corrected_by_undo(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    path = survey_file(range(8))
    columns = tuple(
        replace(c, item=Item("csat", "csat", Scale.of(1, 7), dimension="empathy"))
        if c.source == "csat"
        else replace(c, item=replace(c.item, key="effort", measures=("csat",)))
        if c.item and c.source == "ces"
        else c
        for c in survey_mapping.columns
    )
    undo(store, load(path, replace(survey_mapping, columns=columns)).batch_id, LOCAL_USER)
    load(path, survey_mapping)
    answer = evaluate(store, Filters.of("demo"), ["csat_mean", "gap:empathy"])
    assert (answer.one("csat_mean").value, answer.one("csat_mean").scale) == (4.0, (1, 5))
    assert answer.one("gap:empathy").state == "not_available"


def test_dimensions_of_undone_surveys_take_no_room(store: Store, load, write_csv) -> None:
    def load_with(dimension: str) -> int:
        item = Item("q", "q", Scale.of(1, 5), dimension=dimension)
        columns = (Column("when", "submitted_at"), Column("q", "item", item=item))
        mapping = Mapping("m", "survey", "m", columns, survey_key="s")
        path = write_csv([["when", "q"], ["2026-01-01", 3]], f"{dimension}.csv")
        return load(path, mapping).batch_id

    for number in range(12):
        undo(store, load_with(f"try {number}"), LOCAL_USER)
    load_with("at last")
    [figure] = evaluate(store, Filters.of("demo"), ["perception:at last"], "total", OPEN).figures
    assert (figure.value, figure.n) == (3.0, 1)


Answers = list[tuple[int, str, int | None]]
"""Id, month and rating of each answer of a file."""

FILES = st.lists(
    st.tuples(
        st.integers(1, 30), st.sampled_from(["2026-01", "2026-02"]), st.none() | st.integers(1, 5)
    ),
    min_size=1,
    max_size=12,
    unique_by=lambda answer: answer[0],
)
STEPS = st.lists(st.tuples(st.just("load"), FILES) | st.tuples(st.just("undo"), st.integers(0, 5)))


@settings(max_examples=15)
@given(steps=STEPS)
def test_any_order_of_loads_and_undos_agrees_with_a_plain_model(
    store: Store, survey_mapping: Mapping, steps: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder).name
        files: dict[int, Answers] = {}
        for number, (step, what) in enumerate(steps):
            if step == "undo":
                if files:
                    batch = sorted(files)[what % len(files)]
                    rows = undo(store, batch, LOCAL_USER)["rows"]
                    assert rows == len(news(files)[batch])
                    del files[batch]
                continue
            source = open_source(write(Path(folder) / f"{number}.csv", what))
            try:
                loaded = commit(store, source, survey_mapping, program=program, user=LOCAL_USER)
            except AlreadyLoaded:
                assert what in files.values() or not news({**files, number + 10**6: what})[-1]
                continue
            files[loaded.batch_id] = what
            assert loaded.checked.rows_accepted == len(news(files)[loaded.batch_id])
        expect(store, program, list(newest(files).values()))


def newest(files: dict[int, Answers]) -> dict[int, tuple[int, str, int | None]]:
    """Return the answer of each id as the latest file has it."""
    return {answer[0]: answer for number in sorted(files) for answer in files[number]}


def news(files: dict[int, Answers]) -> dict[int, Answers]:
    """Return what each file brings that those before it did not say; the last also as -1."""
    out: dict[int, Answers] = {}
    held: dict[int, tuple[int, str, int | None]] = {}
    for number in sorted(files):
        out[number] = out[-1] = [a for a in files[number] if held.get(a[0]) != a]
        held.update({a[0]: a for a in files[number]})
    return out


def write(path: Path, answers: Answers) -> Path:
    with path.open("w", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(SURVEY)
        for key, month, rating in answers:
            rows.writerow(
                [key, f"{month}-15", "North", "" if rating is None else rating, "", "", ""]
            )
    return path


def expect(store: Store, program: str, answers: Answers) -> None:
    if not answers:
        with pytest.raises(UsageProblem):
            evaluate(store, Filters.of(program), ["csat_mean"])
        return
    keys = ["csat_mean", "response_count"]
    found = evaluate(store, Filters.of(program), keys, "month", OPEN)
    for month in {month for _, month, _ in answers}:
        ratings = [r for _, m, r in answers if m == month and r is not None]
        assert found.one("response_count", month).n == sum(m == month for _, m, _ in answers)
        if ratings:
            mean = found.one("csat_mean", month)
            assert (mean.n, mean.value) == (len(ratings), sum(ratings) / len(ratings))
    total = evaluate(store, Filters.of(program), keys, "total", OPEN)
    assert total.one("csat_mean").n == sum(rating is not None for _, _, rating in answers)
