"""A store made again from originals and mappings says what the first one says."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.actions import take_back
from csat.ingest.case_notes import say_of_case
from csat.ingest.case_notes import take_back as take_note_back
from csat.ingest.library import save, saved
from csat.ingest.mapping import Column, Mapping
from csat.ingest.marking import add_mark, remove_mark
from csat.ingest.registers import save_entries
from csat.ingest.standards import set_standard
from csat.ingest.undo import undo
from csat.model.message import Message
from csat.model.people import LOCAL_USER
from csat.model.problem import CheckFailed, UsageProblem
from csat.model.registers import Standard
from csat.queries.case_notes import case_notes
from csat.queries.effects import effects
from csat.queries.registers import register_history
from csat.store.integrity import check_store
from csat.store.store import Store
from csat.upkeep.rebuild import Rebuilt, rebuild

STANDARD = """[[target]]
key = "answer"
title = "Cases answered"
event = "response"
clock = "calendar"
within = "5 d"
"""
SURVEY = "id,when,branch,csat,nps,ces,comment\n"
CASES = "id,received,answered,resolved,category,branch,timely,text\n"


def silent(_: Message) -> None:
    """Say nothing."""


@pytest.fixture
def again(store: Store, tmp_path: Path) -> Callable[[], Rebuilt]:
    return lambda: rebuild(store, tmp_path / "new" / "again.duckdb", silent)


def batches(store: Store) -> list[dict[str, Any]]:
    return store.rows(
        "SELECT kind, file_name, file_sha256, mapping_json, reading_json, as_of, loaded_at, "
        "loaded_by, rows_read, rows_accepted, rows_duplicate, rows_refused FROM batch "
        "WHERE status = 'active' ORDER BY batch_id"
    )


def programs(store: Store) -> list[dict[str, Any]]:
    return store.rows("SELECT key, title, timezone, simulated FROM program ORDER BY program_id")


def load_many(load: Any, write_csv: Any, survey: Mapping, cases: Mapping) -> None:
    """Load what makes rebuilding hard: refused and repeated rows, other zones, stated days."""
    answers = [
        f"{i},2026-0{1 + i % 3}-05 10:00,North,{1 + i % 5},{i % 11},6,note" for i in range(40)
    ]
    load(
        write_csv(SURVEY + "\n".join([*answers, "40,2026-01-05,North,77,9,6,off"]), "a.csv"), survey
    )
    more = [*answers[30:], *(a.replace(",", "x,", 1) for a in answers[:9])]
    load(write_csv(SURVEY + "\n".join(more), "b.csv"), survey, as_of=date(2026, 4, 30))
    shanghai: dict[str, Any] = {"timezone": "Asia/Shanghai", "program_title": "上海"}
    rows = [f"K{i},2026-01-{1 + i:02d} 01:30,,,Fees,North,yes,text" for i in range(20)]
    done = "K90,2026-01-03 01:30,2026-03-04,2026-03-09 23:10,Fees,South,no,late"
    load(write_csv(CASES + "\n".join([*rows, done]), "c.csv"), cases, "asia", **shanghai)
    stated = [r.replace("K", "S") for r in [*rows, done]]
    load(write_csv(CASES + "\n".join(stated), "d.csv"), cases, "asia", as_of=date(2026, 1, 20))


def test_every_batch_and_every_figure_is_the_same(
    store: Store,
    load: Any,
    write_csv: Any,
    survey_mapping: Mapping,
    complaint_mapping: Mapping,
    again: Callable[[], Rebuilt],
    tmp_path: Path,
) -> None:
    load_many(load, write_csv, survey_mapping, complaint_mapping)
    save(store, replace(survey_mapping, name="ours"), LOCAL_USER)
    made = again()
    assert [str(m) for m in made.differences] == []
    assert made.batches == {1: 1, 2: 2, 3: 3, 4: 4}
    assert made.figures > 50
    new = Store(tmp_path / "new" / "again.duckdb")
    assert batches(new) == batches(store)
    assert programs(new) == programs(store)
    assert [m.name for m in saved(new)] == ["ours"]
    clocks = "SELECT case_no, response_s, response_event, resolution_s FROM complaint ORDER BY ALL"
    assert new.rows(clocks) == store.rows(clocks)
    assert check_store(new) == []
    new.close()


def test_undone_batches_are_not_loaded_again(
    store: Store, load: Any, write_csv: Any, survey_mapping: Mapping, again: Callable[[], Rebuilt]
) -> None:
    for i in range(3):
        load(write_csv(f"{SURVEY}{i},2026-01-05,North,4,9,6,\n", f"{i}.csv"), survey_mapping)
    undo(store, 2, LOCAL_USER)
    made = again()
    assert (made.batches, made.differences) == ({1: 1, 3: 2}, [])


@pytest.fixture(scope="module")
def simulated(
    sample_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, Store, Rebuilt]]:
    """Return the simulated program with what people said besides, and the same made again."""
    folder = tmp_path_factory.mktemp("simulated")
    shutil.copytree(sample_template.parent, folder / "store")
    store = Store(folder / "store" / sample_template.name)
    add_mark(store, "sample", "event", LOCAL_USER, "A strike", day=date(2026, 3, 1))
    remove_mark(store, 3, LOCAL_USER)
    add_mark(store, "sample", "event", LOCAL_USER, "A flood", day=date(2026, 4, 1))
    set_standard(store, "sample", STANDARD, LOCAL_USER)
    take_back(store, "sample", 2, LOCAL_USER)
    target = folder / "new" / "again.duckdb"
    told = rebuild(store, target, silent)
    made = Store(target)
    yield store, made, told
    made.close()
    store.close()


def test_the_simulated_program_comes_out_the_same(simulated: Any) -> None:
    _, _, told = simulated
    assert (told.differences, len(told.batches)) == ([], 13)
    assert told.figures > 1000


def test_registers_come_out_with_their_history(
    store: Store,
    load: Callable[..., Any],
    write_csv: Callable[..., Path],
    survey_mapping: Mapping,
    again: Callable[[], Rebuilt],
    tmp_path: Path,
) -> None:
    load(write_csv(SURVEY + "1,2026-01-05 10:00,N,5,9,6,", "a.csv"), survey_mapping)
    for target in (24.0, 12.0):
        entry = Standard("S1", "Answer", target=target)
        save_entries(store, "demo", "standards", [entry], LOCAL_USER)
    again()
    made = Store(tmp_path / "new" / "again.duckdb")
    both = [register_history(s, "demo", "standards") for s in (store, made)]
    made.close()
    assert [(v.entry, v.made_at, v.in_force) for v in both[0]] == [
        (v.entry, v.made_at, v.in_force) for v in both[1]
    ]


def test_what_people_said_of_cases_comes_along_and_counts(
    store: Store, load: Any, write_csv: Any, again: Callable[[], Rebuilt], tmp_path: Path,
    complaint_mapping: Mapping,
) -> None:  # fmt: skip
    rows = [f"K{i},2026-01-{1 + i:02d} 01:30,,,Fees,North,yes,text" for i in range(9)]
    load(write_csv(CASES + "\n".join(rows), "c.csv"), complaint_mapping, as_of=date(2026, 1, 20))
    log = Mapping("log", "events", "Log", (
        Column("case", "case_id"), Column("event", "event"), Column("at", "happened_at"),
    ))  # fmt: skip
    load(write_csv([["case", "event", "at"], ["K3", "solved", "2026-01-09"]], "l.csv"), log)
    say_of_case(store, "demo", "K1", "category", "Delivery", LOCAL_USER)
    say_of_case(store, "demo", "K1", "note", "Called back", LOCAL_USER)
    take_note_back(
        store, say_of_case(store, "demo", "K2", "cause", "Meter", LOCAL_USER), LOCAL_USER
    )
    assert again().differences == []
    new = Store(tmp_path / "new" / "again.duckdb")
    for table in ("complaint", "case_as_stated", "case_event"):
        rows_of = f"SELECT * FROM {table} ORDER BY ALL"
        assert new.rows(rows_of) == store.rows(rows_of), table
    for case in ("K1", "K2"):
        said = [case_notes(s, "demo", case, user=LOCAL_USER) for s in (store, new)]
        assert said[0] == said[1] != ()
    assert check_store(new) == []
    new.close()


def test_what_the_originals_do_not_give_is_named(
    store: Store, load: Any, write_csv: Any, survey_mapping: Mapping, again: Callable[[], Rebuilt]
) -> None:
    rows = "\n".join(f"{i},2026-01-05,North,4,9,6," for i in range(9))
    load(write_csv(SURVEY + rows), survey_mapping)
    with store.write() as cursor:
        cursor.execute("UPDATE response SET nps = 0 WHERE response_id = 1")
        cursor.execute("UPDATE batch SET rows_duplicate = 5")
    told = [str(m) for m in again().differences]
    assert "Batch 1: rows duplicate were 5, now 0" in told
    assert any(t.startswith("demo, nps, total: 77.7778 (n 9), now 100 (n 9)") for t in told)


def test_a_missing_or_changed_original_is_named_and_nothing_is_made(
    store: Store,
    load: Any,
    write_csv: Any,
    survey_mapping: Mapping,
    again: Callable[[], Rebuilt],
    tmp_path: Path,
) -> None:
    load(write_csv(f"{SURVEY}1,2026-01-05,North,4,9,6,\n", "kept.csv"), survey_mapping)
    [original] = (store.path.parent / "originals").iterdir()
    content = original.read_bytes()
    original.write_bytes(content + b"2,2026-01-05,North,4,9,6,\n")
    with pytest.raises(CheckFailed, match=r"Batch 1: the original of kept\.csv was changed"):
        again()
    original.unlink()
    with pytest.raises(CheckFailed, match=r"the original of kept\.csv is missing"):
        again()
    assert not (tmp_path / "new").exists()


def test_an_existing_target_is_left_alone(store: Store, tmp_path: Path) -> None:
    (tmp_path / "there.duckdb").write_text("precious")
    with pytest.raises(UsageProblem, match="exists already"):
        rebuild(store, tmp_path / "there.duckdb", silent)
    assert (tmp_path / "there.duckdb").read_text() == "precious"


def test_what_people_said_comes_along(simulated: Any) -> None:
    """Standards, marks and actions are in no file, and their numbers go on from where they were."""
    store, made, _ = simulated
    for table in ("chart_mark", "service_standard", "action", "action_version"):
        asked = f"SELECT * EXCLUDE (program_id) FROM {table} ORDER BY ALL"
        if table == "action_version":
            asked = f"SELECT * FROM {table} ORDER BY ALL"
        assert made.rows(asked) == store.rows(asked)
    assert effects(made, "sample") == effects(store, "sample")
    assert add_mark(made, "sample", "event", LOCAL_USER, "A fire", day=date(2026, 5, 1)) == 5
