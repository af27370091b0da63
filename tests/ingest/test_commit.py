"""Commit: every accepted row of a file once, or nothing at all."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from csat.ingest.batches import commit, dry_run
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.undo import undo
from csat.model.message import Message
from csat.model.people import LOCAL_USER, User
from csat.model.problem import AlreadyLoaded, NotAllowed, UsageProblem
from csat.store.store import Store


def without_ids(mapping: Mapping) -> Mapping:
    return replace(mapping, columns=mapping.columns[1:])


def test_a_batch_remembers_where_it_comes_from(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    path = survey_file(range(3))
    loaded = load(path, survey_mapping)
    [batch] = store.rows("SELECT * FROM batch")
    assert batch["batch_id"] == loaded.batch_id
    assert batch["file_name"] == "survey.csv"
    assert batch["file_sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert batch["file_bytes"] == path.stat().st_size
    assert (batch["rows_read"], batch["rows_accepted"]) == (3, 3)
    assert (batch["rows_duplicate"], batch["rows_refused"]) == (0, 0)
    assert (batch["loaded_by"], batch["status"]) == ("local", "active")
    assert batch["as_of"] == date(2026, 1, 5)
    assert Mapping.from_json(batch["mapping_json"]) == survey_mapping
    assert '"encoding": "utf-8"' in batch["reading_json"]
    [note] = store.rows("SELECT who, action, subject FROM audit")
    assert note == {"who": "local", "action": "import", "subject": "batch 1"}


def test_the_original_is_kept_under_its_fingerprint(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    path = survey_file(range(3))
    load(path, survey_mapping)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    folder = store.path.parent / "originals"
    assert [f.name for f in folder.iterdir()] == [digest]
    assert (folder / digest).read_bytes() == path.read_bytes()


def test_a_batch_whose_original_cannot_be_kept_is_not_loaded(
    store: Store, load, survey_file, survey_mapping: Mapping, everything
) -> None:
    (store.path.parent / "originals").write_text("a file where the folder should be")
    before = everything()
    with pytest.raises(OSError, match="originals"):
        load(survey_file(range(3)), survey_mapping)
    assert everything() == before


def test_a_dry_run_tells_what_a_commit_would_do_and_writes_nothing(
    store: Store, load, survey_file, survey_mapping: Mapping, everything
) -> None:
    load(survey_file([1, 2]), survey_mapping)
    before = everything()
    source = open_source(survey_file([1, 2, 3, "", 3], "more.csv"))
    checked = dry_run(store, source, survey_mapping, "demo")
    assert (checked.rows_read, checked.rows_refused) == (5, 2)
    assert (checked.rows_duplicate, checked.rows_accepted) == (2, 1)
    assert everything() == before
    loaded = load(source.path, survey_mapping).checked
    assert (loaded.tally, loaded.refused) == (checked.tally, checked.refused)


def test_the_same_file_twice_is_refused(
    store: Store, load, survey_file, survey_mapping: Mapping, everything
) -> None:
    path = survey_file(range(3))
    load(path, survey_mapping)
    before = everything()
    copy = path.with_name("renamed.csv")
    copy.write_bytes(path.read_bytes())
    with pytest.raises(AlreadyLoaded, match=r"renamed\.csv is already loaded as batch 1") as caught:
        load(copy, survey_mapping)
    assert caught.value.exit_code == 4
    with pytest.raises(AlreadyLoaded):
        dry_run(store, open_source(copy), survey_mapping, "demo")
    assert everything() == before


def test_the_same_file_may_serve_another_program(
    load, survey_file, survey_mapping: Mapping, count
) -> None:
    load(survey_file(range(3)), survey_mapping)
    load(survey_file(range(3)), survey_mapping, "other")
    assert count("response") == 6


@pytest.mark.parametrize("ids", [True, False])
def test_a_longer_export_adds_only_what_is_new(
    store: Store, load, survey_file, survey_mapping: Mapping, ids: bool
) -> None:
    mapping = survey_mapping if ids else without_ids(survey_mapping)
    load(survey_file([1, 2, 3]), mapping)
    checked = load(survey_file([4, 3, 2, 1, 5], "longer.csv"), mapping).checked
    assert (checked.rows_duplicate, checked.rows_accepted) == (3, 2)
    found = store.rows("SELECT body FROM comment ORDER BY body")
    assert [r["body"] for r in found] == [f"note {i}" for i in (1, 2, 3, 4, 5)]


def test_an_export_with_nothing_new_is_loaded_already(
    load, survey_file, survey_mapping: Mapping, everything
) -> None:
    load(survey_file([1, 2, 3]), survey_mapping)
    before = everything()
    with pytest.raises(AlreadyLoaded, match=r"All 2 rows of part\.csv are loaded already"):
        load(survey_file([3, 1], "part.csv"), survey_mapping)
    assert everything() == before


def test_equal_rows_without_ids_are_all_kept_and_recognised_later(
    load, write_csv, survey_mapping: Mapping, count
) -> None:
    mapping = without_ids(survey_mapping)
    header, row = "when,branch,csat,nps,ces,comment\n", "2026-01-05,North,4,9,6,\n"
    load(write_csv(header + row * 3), mapping)
    assert count("response") == 3
    checked = load(write_csv(header + row * 5, "longer.csv"), mapping).checked
    assert (checked.rows_duplicate, checked.rows_accepted) == (3, 2)


def test_an_id_that_repeats_inside_a_file_counts_once(
    store: Store, survey_file, survey_mapping: Mapping
) -> None:
    source = open_source(survey_file(["a", "b", "a", "a"]))
    checked = dry_run(store, source, survey_mapping, "demo")
    assert checked.rows_accepted == 2
    assert [(r.row_no, r.column, r.value, str(r.reason)) for r in checked.refused] == [
        (4, "id", "a", "also stands in an earlier row of this file"),
        (5, "id", "a", "also stands in an earlier row of this file"),
    ]


@pytest.mark.parametrize("roles", [(), ("executive",), ("quality",), ("executive", "quality")])
def test_who_may_not_import_changes_nothing(
    store: Store, survey_file, survey_mapping: Mapping, everything, roles: tuple[str, ...]
) -> None:
    before = everything()
    source = open_source(survey_file(range(3)))
    with pytest.raises(NotAllowed):
        commit(store, source, survey_mapping, program="demo", user=User("eve", roles))
    assert everything() == before
    assert not (store.path.parent / "originals").exists()


def test_two_people_loading_overlapping_files_load_each_answer_once(
    store: Store, load, survey_file, survey_mapping: Mapping, count
) -> None:
    first, second = survey_file([1, 2, 3], "a.csv"), survey_file([2, 3, 4], "b.csv")
    overtaken = []

    def overtake(message: Message) -> None:
        if message.text.startswith("Writing") and not overtaken:
            overtaken.append(load(second, survey_mapping))

    loaded = load(first, survey_mapping, progress=overtake)
    assert count("response") == count("answers_1") == 4
    assert count("(SELECT DISTINCT source_key FROM response)") == 4
    assert loaded.checked.rows_duplicate == 2
    found = store.rows("SELECT batch_id, rows_accepted FROM batch ORDER BY batch_id")
    assert [r["rows_accepted"] for r in found] == [3, 1]


def test_many_people_loading_at_once_load_everything_once(
    store: Store, load, survey_file, survey_mapping: Mapping, count
) -> None:
    paths = [survey_file(range(i, i + 6), f"{i}.csv") for i in range(6)]
    problems: list[BaseException] = []

    def work(path: Path) -> None:
        try:
            load(path, survey_mapping)
        except AlreadyLoaded:
            pass
        except BaseException as error:
            problems.append(error)

    people = [threading.Thread(target=work, args=(p,)) for p in paths]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert problems == []
    assert count("response") == count("(SELECT DISTINCT source_key FROM response)") == 11
    [row] = store.rows("SELECT CAST(SUM(rows_accepted) AS INT) AS n FROM batch")
    assert row == {"n": 11}


def test_the_day_of_completeness_is_the_callers_then_the_mappings_then_the_files(
    load, survey_file, survey_mapping: Mapping
) -> None:
    dated = replace(survey_mapping, as_of=date(2026, 2, 1))
    assert load(survey_file([1], "a.csv"), survey_mapping).as_of == date(2026, 1, 5)
    assert load(survey_file([2], "b.csv"), dated).as_of == date(2026, 2, 1)
    chosen = load(survey_file([3], "c.csv"), dated, as_of=date(2026, 3, 1))
    assert chosen.as_of == date(2026, 3, 1)


def test_an_unknown_batch_cannot_be_undone(store: Store) -> None:
    with pytest.raises(UsageProblem, match="There is no batch 7"):
        undo(store, 7, LOCAL_USER)
