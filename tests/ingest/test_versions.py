"""Rows that come again: updated by their id, their earlier versions kept, undo exact."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.batches import commit, dry_run
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.people import LOCAL_USER, User
from csat.model.problem import AlreadyLoaded, ImportProblem
from csat.model.settings import Thresholds
from csat.queries.case_history import case_history
from csat.queries.figures import evaluate
from csat.store.integrity import check_store
from csat.store.store import Store

CASES = ["id", "received", "answered", "resolved", "category", "branch", "timely", "text"]
OPEN = Thresholds(withhold_under=1)


def cases(path: Path, rows: Sequence[Sequence[object]], header: Sequence[str] = CASES) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])
    return path


@pytest.fixture
def case_file(tmp_path: Path) -> Callable[..., Path]:
    return lambda name, rows: cases(tmp_path / name, rows)


JANUARY = [
    [1, "2026-01-05", "2026-01-06", "2026-01-07", "Fees", "North", "yes", "too dear"],
    [2, "2026-01-08", "2026-01-09", "", "Fees", "North", "yes", "still waiting"],
    [3, "2026-01-10", "", "", "Staff", "South", "", "rude"],
]
FEBRUARY = [
    JANUARY[0],
    [2, "2026-01-08", "2026-01-09", "2026-02-11", "Fees", "North", "yes", "still waiting"],
    JANUARY[2],
    [4, "2026-02-12", "2026-02-12", "", "Queue", "South", "no", "stood an hour"],
]


def stored(store: Store) -> list[tuple[object, ...]]:
    rows = store.rows(
        "SELECT case_no, batch_id, resolved_at, response_s, resolution_s, resolution_event, status "
        "FROM complaint ORDER BY case_no"
    )
    return [tuple(r.values()) for r in rows]


def test_a_later_export_updates_its_cases_and_adds_the_new_ones(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping)
    loaded = load(case_file("february.csv", FEBRUARY), complaint_mapping)
    checked = loaded.checked
    assert (checked.rows_new, checked.rows_updated, checked.rows_duplicate) == (1, 1, 2)
    assert checked.tally.changed == {"resolved": 1}
    found = {row[0]: row for row in stored(store)}
    assert sorted(found) == ["1", "2", "3", "4"]
    assert found["2"][1:3] == (2, store.rows("SELECT TIMESTAMP '2026-02-11' AS t")[0]["t"])
    assert found["2"][6] == "resolved"
    assert check_store(store) == []


def test_the_replaced_version_is_kept_and_the_case_keeps_its_number(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping)
    before = store.rows("SELECT complaint_id FROM complaint WHERE case_no = '2'")
    load(case_file("february.csv", FEBRUARY), complaint_mapping)
    [old] = store.rows(
        "SELECT complaint_id, batch_id, status, superseded_by FROM superseded_complaint"
    )
    assert old == {**before[0], "batch_id": 1, "status": "open", "superseded_by": 2}
    assert store.rows("SELECT complaint_id FROM complaint WHERE case_no = '2'") == before


def test_a_case_seen_open_again_has_waited_longer(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping, as_of=date(2026, 1, 31))
    day = 24 * 3600
    assert {r[0]: r[4] for r in stored(store)}["3"] == 22 * day
    load(case_file("february.csv", FEBRUARY), complaint_mapping, as_of=date(2026, 2, 28))
    assert {r[0]: r[4] for r in stored(store)}["3"] == 50 * day
    undo(store, 2, LOCAL_USER)
    assert {r[0]: r[4] for r in stored(store)}["3"] == 22 * day


def test_an_older_export_does_not_shorten_an_open_case(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("february.csv", FEBRUARY[2:]), complaint_mapping, as_of=date(2026, 2, 28))
    before = stored(store)
    load(case_file("january.csv", JANUARY[1:]), complaint_mapping, as_of=date(2026, 1, 31))
    assert [r for r in stored(store) if r[0] in "34"] == before


def test_undo_of_the_update_brings_the_earlier_version_back(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping)
    before = store.rows("SELECT * FROM complaint ORDER BY ALL")
    load(case_file("february.csv", FEBRUARY), complaint_mapping)
    undo(store, 2, LOCAL_USER)
    assert store.rows("SELECT * FROM complaint ORDER BY ALL") == before
    assert store.rows("SELECT * FROM superseded_complaint") == []
    assert store.rows("SELECT * FROM open_clock") == []
    assert check_store(store) == []


def test_undo_of_the_first_file_leaves_the_second_as_though_it_came_alone(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping)
    load(case_file("february.csv", FEBRUARY), complaint_mapping)
    assert undo(store, 1, LOCAL_USER)["again"] == [2]
    assert [(r[0], r[1]) for r in stored(store)] == [("1", 2), ("2", 2), ("3", 2), ("4", 2)]
    [batch] = store.rows("SELECT * FROM batch WHERE batch_id = 2")
    assert (batch["rows_accepted"], batch["rows_updated"], batch["rows_duplicate"]) == (4, 0, 0)
    assert check_store(store) == []


def test_undo_that_needs_a_lost_original_changes_nothing_and_says_which(
    store: Store, load, case_file, everything, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping)
    load(case_file("february.csv", FEBRUARY), complaint_mapping)
    [row] = store.rows("SELECT file_sha256 AS sha FROM batch WHERE batch_id = 2")
    (store.path.parent / "originals" / row["sha"]).unlink()
    before = everything()
    with pytest.raises(ImportProblem, match=r"Batch 2 .* february\.csv is missing") as caught:
        undo(store, 1, LOCAL_USER)
    assert "Undo batch 2 first" in str(caught.value.remedy)
    assert everything() == before


def test_an_answer_that_changed_is_updated_with_its_comment(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    load(survey_file([1, 2, 3], "one.csv", csat=4), survey_mapping)
    checked = load(survey_file([2, 3, 4], "two.csv", csat=5), survey_mapping).checked
    assert (checked.rows_new, checked.rows_updated) == (1, 2)
    assert checked.tally.changed == {"csat": 2}
    rows = store.rows("SELECT csat, COUNT(*) AS n FROM response GROUP BY csat ORDER BY csat")
    assert [(r["csat"], r["n"]) for r in rows] == [(4, 1), (5, 3)]
    assert store.rows("SELECT COUNT(*) AS n FROM comment")[0]["n"] == 4
    assert store.rows("SELECT COUNT(*) AS n FROM answers_1")[0]["n"] == 4
    assert store.rows("SELECT COUNT(*) AS n FROM superseded_answers_1")[0]["n"] == 2
    assert check_store(store) == []


def test_a_column_the_later_file_does_not_read_changes_nothing(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    load(survey_file([1, 2, 3], "one.csv"), survey_mapping)
    fewer = replace(
        survey_mapping,
        columns=tuple(c for c in survey_mapping.columns if c.source not in ("nps", "comment")),
    )
    checked = load(survey_file([1, 2, 3, 4], "two.csv"), fewer).checked
    assert (checked.rows_new, checked.rows_updated, checked.rows_duplicate) == (1, 0, 3)


def test_a_question_first_answered_later_is_an_update_and_undo_forgets_the_question(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    fewer = replace(
        survey_mapping, columns=tuple(c for c in survey_mapping.columns if c.source != "ces")
    )
    load(survey_file([1, 2], "one.csv"), fewer)
    before = store.rows("SELECT * FROM item ORDER BY ALL")
    checked = load(survey_file([1, 2, 3], "two.csv"), survey_mapping).checked
    assert (checked.rows_updated, checked.tally.changed) == (2, {"ces": 2})
    undo(store, 2, LOCAL_USER)
    assert store.rows("SELECT * FROM item ORDER BY ALL") == before


def test_a_dry_run_says_what_would_change_and_writes_nothing(
    store: Store, load, case_file, everything, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping)
    before = everything()
    source = open_source(case_file("february.csv", FEBRUARY))
    checked = dry_run(store, source, complaint_mapping, "demo")
    assert (checked.rows_new, checked.rows_updated, checked.rows_duplicate) == (1, 1, 2)
    assert everything() == before


def test_a_time_zone_makes_no_change_of_its_own(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    zone = "Asia/Shanghai"
    load(case_file("january.csv", JANUARY), complaint_mapping, timezone=zone)
    checked = load(case_file("february.csv", FEBRUARY), complaint_mapping, timezone=zone).checked
    assert (checked.rows_new, checked.rows_updated, checked.rows_duplicate) == (1, 1, 2)


DAYS = st.integers(1, 28)
CASE = st.tuples(
    st.integers(1, 12),
    DAYS,
    st.none() | DAYS,
    st.sampled_from(["Fees", "Staff"]),
    st.sampled_from(["yes", "no", ""]),
)
FILES = st.lists(CASE, min_size=1, max_size=8, unique_by=lambda case: case[0])
STEPS = st.lists(
    st.tuples(st.just("load"), FILES) | st.tuples(st.just("undo"), st.integers(0, 5)),
    min_size=2,
    max_size=7,
)


def rows_of(found: Sequence[Any]) -> list[list[object]]:
    """Write cases of February 2026; a resolution never lies before the receipt."""
    return [
        [
            key,
            f"2026-02-{received:02d}",
            "",
            "" if resolved is None else f"2026-02-{max(received, resolved):02d}",
            category,
            "North",
            timely,
            f"text {key}",
        ]
        for key, received, resolved, category, timely in found
    ]


def figures(store: Store, program: str) -> dict[str, tuple[Figure, ...]]:
    return {
        by: evaluate(store, Filters.of(program), HEADLINES, by, OPEN).figures
        for by in ("total", "month", "branch")
    }


@settings(max_examples=12)
@given(steps=STEPS)
def test_any_order_of_imports_updates_and_undos_equals_the_loaded_files_alone(
    store: Store, complaint_mapping: Mapping, steps: list[tuple[str, Any]]
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder, program = Path(name), Path(name).name
        active: dict[int, Path] = {}
        for number, (step, what) in enumerate(steps):
            if step == "undo":
                if active:
                    batch = sorted(active)[what % len(active)]
                    undo(store, batch, LOCAL_USER)
                    del active[batch]
                continue
            path = cases(folder / f"{number}.csv", rows_of(what))
            try:
                loaded = commit(
                    store, open_source(path), complaint_mapping, program=program, user=LOCAL_USER
                )
            except AlreadyLoaded:
                continue
            active[loaded.batch_id] = path
        assert check_store(store) == []
        if not active:
            return
        fresh = Store(folder / "fresh" / "fresh.duckdb")
        try:
            for batch in sorted(active):
                with_nothing_new(fresh, active[batch], complaint_mapping, program)
            assert figures(store, program) == figures(fresh, program)
        finally:
            fresh.close()


def with_nothing_new(store: Store, path: Path, mapping: Mapping, program: str) -> None:
    """Load a file; one that brings nothing new is left out, as it changed nothing before."""
    with suppress(AlreadyLoaded):
        commit(store, open_source(path), mapping, program=program, user=LOCAL_USER)


def test_a_case_tells_what_later_files_changed(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping, timezone="Asia/Shanghai")
    assert case_history(store, "demo", "2", user=LOCAL_USER) == []
    load(case_file("february.csv", FEBRUARY), complaint_mapping)
    [resolved, status] = sorted(
        case_history(store, "demo", "2", user=LOCAL_USER), key=lambda c: c.column
    )
    assert (resolved.column, resolved.before) == ("resolved_at", None)
    assert resolved.after == datetime(2026, 2, 11)
    assert (status.column, status.before, status.after) == ("status", "open", "resolved")
    assert (status.batch_id, status.file_name) == (2, "february.csv")
    assert case_history(store, "demo", "1", user=LOCAL_USER) == []


def test_a_changed_text_is_told_only_to_those_who_may_read_it(
    store: Store, load, case_file, complaint_mapping: Mapping
) -> None:
    load(case_file("january.csv", JANUARY), complaint_mapping)
    load(case_file("next.csv", [[*JANUARY[2][:-1], "very rude"]]), complaint_mapping)
    assert [c.after for c in case_history(store, "demo", "3", user=LOCAL_USER)] == ["very rude"]
    executive = User("eve", ("executive",))
    assert case_history(store, "demo", "3", user=executive) == []
