"""Ids of people as keyed hashes: equal ids stay equal, and no one reads them without the key."""

from __future__ import annotations

import hashlib
import hmac
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.ingest.columns import HASH
from csat.ingest.mapping import Column, Mapping
from csat.ingest.prepare import prepare
from csat.ingest.secret import HASH_LENGTH, hash_sql, key_beside, key_path, pads, store_key
from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem, UsageProblem
from csat.store.store import Store


def survey(**parts: Any) -> Mapping:
    who = Column("who", "respondent_id", keep=HASH)
    return Mapping(
        *("m", "survey", "m", (Column("when", "submitted_at"), who), "", "s", "s"), **parts
    )


def test_the_secret_is_made_once_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    store = tmp_path / "csat.duckdb"
    key = store_key(store)
    assert len(key) == 32
    assert store_key(store) == key
    assert stat.S_IMODE(key_path(store).stat().st_mode) == 0o600
    assert store_key(tmp_path / "other.duckdb") != key


@pytest.mark.parametrize("content", ["", "secret", "00" * 31, "zz" * 32])
def test_a_damaged_secret_is_refused_and_not_replaced(tmp_path: Path, content: str) -> None:
    store = tmp_path / "csat.duckdb"
    key_path(store).write_text(content)
    with pytest.raises(UsageProblem, match="holds no secret"):
        store_key(store)
    assert key_path(store).read_text() == content


@given(key=st.binary(min_size=32, max_size=100), text=st.text(min_size=1, max_size=40))
def test_the_hash_is_that_of_the_standard_library(store: Store, key: bytes, text: str) -> None:
    inner, outer = pads(key)
    with store.cursor() as cursor:
        row = cursor.execute(
            f"SELECT LOWER(TRIM($t)), {hash_sql('$t', '$i', '$o')}",
            {"t": text, "i": inner, "o": outer},
        ).fetchone()
    assert row is not None
    wanted = hmac.new(key, str(row[0]).encode(), hashlib.sha256).hexdigest()
    assert row[1] == wanted[:HASH_LENGTH]


def test_ids_are_replaced_before_anything_is_typed(store: Store, write_csv: Any) -> None:
    rows = [["when", "who"], ["2026-01-05", "Ann@Example.org "], ["2026-01-06", "ann@example.org"]]
    source = open_source(write_csv([*rows, ["soon", "bob@example.org"], ["2026-01-07", "-"]]))
    with store.cursor() as cursor:
        read = stage(cursor, source)
        assert prepare(cursor, survey(blanks=("-",)), source.reading.columns, read) == 4
        found = [r[0] for r in cursor.execute("SELECT c1 FROM staged ORDER BY row_no").fetchall()]
        key = key_beside(cursor)
    assert found[0] == found[1] != found[2]
    assert found[0] == hmac.new(key, b"ann@example.org", hashlib.sha256).hexdigest()[:32]
    assert found[3] == "-"
    assert not any("@" in value for value in found)
    assert key_path(store.path).is_file()


def test_without_ids_to_hash_no_secret_is_made(store: Store, write_csv: Any) -> None:
    mapping = Mapping("m", "survey", "m", (Column("when", "submitted_at"),), survey_key="s")
    source = open_source(write_csv([["when", "who"], ["2026-01-05", "ann@example.org"]]))
    with store.cursor() as cursor:
        prepare(cursor, mapping, source.reading.columns, stage(cursor, source))
    assert not key_path(store.path).exists()


def test_only_an_id_can_be_kept_as_a_hash() -> None:
    for column in (Column("b", "branch", keep=HASH), Column("b", "respondent_id", keep="md5")):
        mapping = Mapping("m", "survey", "m", (Column("w", "submitted_at"), column), survey_key="s")
        with pytest.raises(ImportProblem, match="Column 'b' cannot be kept as"):
            mapping.check()
    survey().check()
    assert Mapping.from_json(survey().to_json()) == survey()
