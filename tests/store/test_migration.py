"""Migrations: each applied once, in order, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.people import LOCAL_USER
from csat.model.problem import UsageProblem
from csat.model.scale import Scale
from csat.store import migration
from csat.store.scores import SCORE_UNIT, fill_expectation_scores, fill_points_scores
from csat.store.store import Store


def layouts(store: Store) -> list[int]:
    return [r["number"] for r in store.rows("SELECT number FROM schema_migration ORDER BY 1")]


def test_a_fresh_store_has_every_layout(store: Store) -> None:
    assert layouts(store) == [number for number, _, _ in migration.available()]


def test_migrations_are_numbered_without_repeats_in_the_order_they_apply() -> None:
    numbers = [number for number, _, _ in migration.available()]
    assert numbers[0] == 1
    assert numbers == sorted(set(numbers))


def test_opening_a_store_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    first = Store(path)
    with first.write() as cursor:
        cursor.execute("INSERT INTO mapping VALUES ('m', '{}', now()::TIMESTAMP, 'ann')")
    before = (layouts(first), first.data_version())
    first.close()
    again = Store(path)
    assert (layouts(again), again.data_version()) == before
    assert again.rows("SELECT name FROM mapping") == [{"name": "m"}]
    again.close()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "a.duckdb"
    store = Store(path)
    with store.write() as cursor:
        cursor.execute("INSERT INTO schema_migration VALUES (9999, '9999_later', now()::TIMESTAMP)")
    store.close()
    before = path.read_bytes()
    with pytest.raises(UsageProblem, match="layout 9999, newer than") as caught:
        Store(path)
    assert "Install the version" in str(caught.value.remedy)
    assert path.read_bytes() == before


def test_a_migration_that_fails_half_way_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = migration.available()
    broken = (len(shipped) + 1, "broken", "CREATE TABLE half (a INTEGER); SELECT * FROM nowhere;")
    monkeypatch.setattr(migration, "available", lambda: [*shipped, broken])
    path = tmp_path / "a.duckdb"
    with pytest.raises(duckdb.Error, match="nowhere"):
        Store(path)
    monkeypatch.undo()
    store = Store(path)
    assert layouts(store) == [number for number, _, _ in shipped]
    assert not store.rows("SELECT 1 FROM information_schema.tables WHERE table_name = 'half'")
    store.close()


def test_answers_loaded_without_scores_of_the_desired_level_get_them(
    store: Store, tmp_path: Path
) -> None:
    mapping = Mapping(
        "m",
        "survey",
        "M",
        (
            Column("when", "submitted_at"),
            *(
                Column(k, "item", item=Item(k, k, Scale.of(1, 7), view, "empathy", k[1]))
                for view, keys in (("desired", ("d1", "d2")), ("perception", ("p1", "p2")))
                for k in keys
            ),
        ),
        survey_key="s",
    )
    path = tmp_path / "answers.csv"
    path.write_text("when,d1,d2,p1,p2\n2026-01-05,7,6,5,\n2026-01-05,,6,5,\n2026-01-05,7,4,1,2\n")
    commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)
    read = "SELECT e_d3 AS e FROM response ORDER BY response_id"
    loaded = [r["e"] for r in store.rows(read)]
    assert loaded == [7 * SCORE_UNIT, None, 11 * SCORE_UNIT // 2]
    with store.write() as cursor:
        cursor.execute("UPDATE response SET e_d3 = NULL")
        fill_expectation_scores(cursor)
    assert [r["e"] for r in store.rows(read)] == loaded


def test_answers_loaded_without_the_shares_of_their_points_get_them(
    store: Store, tmp_path: Path
) -> None:
    asked = [("desired", "d"), ("perception", "p")]
    mapping = Mapping(
        "m",
        "survey",
        "M",
        (
            Column("when", "submitted_at"),
            *(
                Column(f"{k}{n}", "item", item=Item(f"{k}{n}", k, Scale.of(1, 7), view, of, str(n)))
                for view, k in asked
                for n, of in enumerate(("empathy", "assurance"))
            ),
            *(
                Column(k, "item", item=Item(k, k, Scale.of(0, 100), "importance", of))
                for k, of in (("w0", "empathy"), ("w1", "assurance"))
            ),
        ),
        survey_key="s",
    )
    path = tmp_path / "answers.csv"
    path.write_text(
        "when,d0,d1,p0,p1,w0,w1\n2026-01-05,7,6,5,6,75,25\n2026-01-05,7,7,6,,30,60\n"
        "2026-01-05,7,7,6,,60,\n2026-01-05,7,7,6,6,,\n"
    )
    commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)
    slots = {r["key"]: r["dim_no"] for r in store.rows("SELECT key, dim_no FROM dimension")}
    empathy, assurance = (f"points_d{slots[k]}" for k in ("empathy", "assurance"))
    read = f"SELECT {empathy} AS e, {assurance} AS a, own_gap AS g FROM response ORDER BY ALL"
    loaded = [tuple(r.values()) for r in store.rows(read)]
    assert sorted(loaded, key=str) == sorted(
        [
            (7_500_000, 2_500_000, -1_500 * SCORE_UNIT),
            (3_333_333, 6_666_667, None),  # a third of the points, less than half, has a gap
            (10_000_000, 0, -1_000 * SCORE_UNIT),
            (None, None, None),
        ],
        key=str,
    )
    with store.write() as cursor:
        cursor.execute(f"UPDATE response SET {empathy} = NULL, {assurance} = NULL, own_gap = NULL")
        fill_points_scores(cursor)
    assert [tuple(r.values()) for r in store.rows(read)] == loaded


def test_batches_of_an_older_layout_keep_their_kind_and_may_be_of_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, shipped = tmp_path / "old.duckdb", migration.available()
    row = (
        "INSERT INTO batch (program_id, kind, file_name, file_sha256, file_bytes, mapping_name, "
        "mapping_json, reading_json, rows_read, rows_accepted, rows_duplicate, rows_refused, "
        "loaded_at, loaded_by) VALUES (1, $kind, 'f', 's', 1, 'm', '{}', '{}', 1, 1, 0, 0, "
        "TIMESTAMP '2026-01-01', 'ann')"
    )
    with monkeypatch.context() as patch:
        patch.setattr(migration, "available", lambda: [s for s in shipped if s[0] < 42])
        old = Store(path)
        with old.write() as cursor:
            cursor.execute(row, {"kind": "complaints"})
        with pytest.raises(duckdb.ConstraintException), old.write() as cursor:
            cursor.execute(row, {"kind": "findings"})
        old.close()
    new = Store(path)
    with new.write() as cursor:
        cursor.execute(row, {"kind": "findings"})
    kinds = [r["kind"] for r in new.rows("SELECT kind FROM batch ORDER BY loaded_at, batch_id")]
    assert kinds == ["complaints", "findings"]
    new.close()
