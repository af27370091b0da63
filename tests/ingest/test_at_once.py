"""A file typed in one pass says what it says when it is staged first: value for value."""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.at_once import holds_apart
from csat.ingest.catalogue import Target
from csat.ingest.checking import check_file, drop_typed
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.store.store import Store

HEADER = ["id", "when", "branch", "csat", "nps", "back", "why"]
ASKED = {
    "csat": Scale.of(1, 5, labels={"good": 4, " bad": 1}, special={"9": "not_applicable"}),
    "nps": Scale.of(0, 10, special={"99": "dont_know", "5": "never_used", "n": "dont_know"}),
    "back": Scale.of(1, 7, special={"99": "dont_know"}),
}
MAPPING = Mapping(
    "m", "survey", "m",
    (
        Column("id", "response_id"), Column("when", "submitted_at"), Column("branch", "branch"),
        *(Column(k, "item", item=Item(k, k, s, reversed=k == "back")) for k, s in ASKED.items()),
        Column("why", "comment"),
    ),
    survey_key="s", blanks=("-", "3"),
)  # fmt: skip
RATINGS = [
    *("1", "2", "3", "4", "5", "7", "10", "0", "99", "9", "", "", " ", " 4", "4 ", "4.0", "4.6"),
    *("good", " bad", "bad", "n", "-", "0x4", "+4", "04", "1e1", "NULL", "11", "x", "\t2", "２"),
]
CELLS = st.tuples(
    st.integers(1, 30),
    st.sampled_from(["2026-01-05", "2026-01-05 10:00", " 2026-02-01", "soon", ""]),
    st.sampled_from(["North", " South ", "-", "", "a,b", 'a"b', "a\nb"]),
    st.sampled_from(RATINGS), st.sampled_from(RATINGS), st.sampled_from(RATINGS),
    st.sampled_from(["", "slow", "  "]),
)  # fmt: skip
ROWS = st.lists(CELLS | st.just(tuple(HEADER)) | st.just(("",) * 7), min_size=1, max_size=12)
Outcome = tuple[Any, ...] | str


@pytest.fixture
def outcome(store: Store) -> Callable[[Path, Mapping, bool], tuple[Outcome, bool]]:
    """Check a file and return all that is known of it, and whether it was typed at once."""

    def look(path: Path, mapping: Mapping, whole: bool) -> tuple[Outcome, bool]:
        with store.cursor() as cursor:
            try:
                target = Target(None, None, "Asia/Shanghai")
                found = check_file(cursor, open_source(path), mapping, target, whole=whole)
            except ImportProblem as problem:
                return str(problem), False
            asked = [c.role for c in mapping.columns if c.role not in ("item", "comment")]
            names = [*asked, *(f"v{i:d}" for i in range(len(ASKED))), "k0", "source_key"]
            tables = [
                cursor.execute(sql).fetchall()
                for sql in (
                    f"SELECT row_no, {', '.join(names)}, source_key IS NULL OR occurrence = 1 "
                    "FROM typed ORDER BY row_no",
                    "SELECT * FROM refused ORDER BY ALL",
                    "SELECT row_no FROM accepted ORDER BY ALL",
                    "SELECT * FROM staged WHERE row_no IN (SELECT row_no FROM refused) ORDER BY 1"
                    if found[1].rows_refused
                    else "SELECT 1",
                )
            ]
            at_once = holds_apart(cursor)
            drop_typed(cursor)
            return (found, *tables), at_once

    return look


def write(path: Path, rows: list[tuple[Any, ...]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([HEADER, *rows])
    return path


@settings(max_examples=80)
@given(rows=ROWS)
def test_both_ways_agree_on_every_value_and_every_refusal(
    outcome: Any, tmp_path: Path, rows: list[tuple[Any, ...]]
) -> None:
    path = write(tmp_path / "rows.csv", rows)
    assert outcome(path, MAPPING, False)[0] == outcome(path, MAPPING, True)[0]


def test_a_plain_file_is_typed_at_once_and_keeps_the_order_of_its_rows(
    outcome: Any, tmp_path: Path
) -> None:
    chance = random.Random(3)
    rows: list[tuple[Any, ...]] = [
        (n, "2026-01-05", "North", *(chance.choice(["1", "4", "99", "4.6", ""]) for _ in ASKED), "")
        for n in range(30_000)
    ]
    rows[7] = ("",) * 7
    path = write(tmp_path / "rows.csv", rows)
    (one, at_once), (other, staged) = (outcome(path, MAPPING, whole) for whole in (False, True))
    assert (at_once, staged) == (True, False)
    assert one == other


@pytest.mark.parametrize(
    "row",
    [(1, "2026-01-05", "twice", "1", "1", "1", ""), tuple(HEADER), (2, "", "too short")],
    ids=["an id again", "the header again", "a ragged row"],
)
def test_what_is_odd_about_a_file_is_looked_at_the_ordinary_way(
    outcome: Any, tmp_path: Path, row: tuple[Any, ...]
) -> None:
    rows = [(1, "2026-01-05", "North", "1", "1", "1", ""), row]
    path = write(tmp_path / "rows.csv", rows)
    found, at_once = outcome(path, MAPPING, False)
    assert not at_once
    assert found == outcome(path, MAPPING, True)[0]


def test_special_codes_are_counted_both_ways_alike(store: Store, load: Any, tmp_path: Path) -> None:
    """A second file repeats an id, so that it is staged first."""
    mapping = Mapping("m", "survey", "m", MAPPING.columns, survey_key="s")
    codes = [("9", "99", "99"), ("4", "n", "1"), ("1", "5", "99"), ("9", "7", "2")]
    rows: list[tuple[Any, ...]] = [
        (n, "2026-01-05", "", *code, "") for n, code in enumerate(codes, start=1)
    ]
    load(write(tmp_path / "a.csv", rows), mapping, "one")
    load(write(tmp_path / "b.csv", [*rows, rows[0]]), mapping, "two")
    counts = store.rows("SELECT item_key, kind, n FROM answer_exclusion ORDER BY batch_id, 1, 2")
    assert counts[:4] == counts[4:]
    assert [(c["item_key"], c["kind"], c["n"]) for c in counts[:4]] == [
        ("back", "dont_know", 2),
        ("csat", "not_applicable", 2),
        ("nps", "dont_know", 2),
        ("nps", "never_used", 1),
    ]
