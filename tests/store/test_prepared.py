"""What is told of each respondent at the import, so that no question has to work it out."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.people import LOCAL_USER
from csat.model.scale import Scale
from csat.store.prepared import BLOCKS, fill_prepared_scores
from csat.store.scores import SCORE_UNIT
from csat.store.store import Store

VIEWS = ("adequate", "desired", "perception", "predicted")
QUESTIONS = 3
COLUMNS = [f"{view[0]}{view[-1]}{n}" for view in VIEWS for n in range(QUESTIONS)]
MAPPING = Mapping(
    "m",
    "survey",
    "M",
    (
        Column("when", "submitted_at"),
        *(
            Column(c, "item", item=Item(c, c, Scale.of(1, 7), view, "empathy", c[2]))
            for c, view in zip(COLUMNS, np.repeat(VIEWS, QUESTIONS), strict=True)
        ),
    ),
    survey_key="s",
)
READ = (
    "SELECT msa_d3, mss_d3, zone_p_d3, predicted_d3, answered, alike, block FROM response "
    "ORDER BY response_id"
)
Row = tuple[int | None, ...]
ratings = st.one_of(st.none(), st.integers(1, 7), st.integers(1, 7))


def load(store: Store, folder: Path, rows: list[list[int | None]]) -> list[Row]:
    path = folder / "answers.csv"
    lines = [",".join(["2026-01-05", *("" if v is None else str(v) for v in row)]) for row in rows]
    path.write_text("\n".join([",".join(["when", *COLUMNS]), *lines, ""]))
    commit(store, open_source(path), MAPPING, program="demo", user=LOCAL_USER)
    return [tuple(r.values()) for r in store.rows(READ)]


def mean(values: list[int]) -> int:
    """Return the mean as a whole number of units, halves away from zero."""
    return int(np.floor(SCORE_UNIT * sum(values) / len(values) + 0.5))


def told_of(row: list[int | None]) -> Row:
    """Work out by hand what the store tells of a respondent, block left out."""
    sides = {view: row[i * QUESTIONS : (i + 1) * QUESTIONS] for i, view in enumerate(VIEWS)}
    whole = [k for k in range(QUESTIONS) if all(sides[v][k] is not None for v in VIEWS[:3])]
    zone: list[int | None] = [None, None, None]
    if 2 * len(whole) >= QUESTIONS:
        a, d, p = (mean([sides[v][k] or 0 for k in whole]) for v in VIEWS[:3])
        zone = [p - a, p - d, p]
    foreseen = [v for v in sides["predicted"] if v is not None]
    predicted = mean(foreseen) if 2 * len(foreseen) >= QUESTIONS else None
    given = [v for v in sides["perception"] if v is not None]
    alike = int(len(set(given)) == 1) if given else None
    return (*zone, predicted, len(given), alike)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(ratings, min_size=12, max_size=12), min_size=1, max_size=6))
def test_each_respondent_is_told_of_as_by_hand_and_again_when_told_later(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[int | None]]
) -> None:
    rows = [row for row in rows if any(v is not None for v in row)] or [[4] * 12]
    rows = [list(row) for row in dict.fromkeys(map(tuple, rows))]
    folder = tmp_path_factory.mktemp("prepared")
    store = Store(folder / "a.duckdb")
    try:
        loaded = load(store, folder, rows)
        assert [row[:-1] for row in loaded] == [told_of(row) for row in rows]
        with store.write() as cursor:
            cursor.execute(
                "UPDATE response SET msa_d3 = NULL, mss_d3 = NULL, zone_p_d3 = NULL, "
                "predicted_d3 = NULL, answered = NULL, alike = NULL, block = NULL"
            )
            fill_prepared_scores(cursor)
        assert [tuple(r.values()) for r in store.rows(READ)] == loaded
    finally:
        store.close()


def test_respondents_are_dealt_into_blocks_evenly_and_the_same_way_again(
    store: Store, tmp_path: Path
) -> None:
    rows: list[list[int | None]] = [
        [1 + n % 7, 1 + n // 7 % 7, 1 + n // 49] + [4] * 9 for n in range(343)
    ]
    blocks = [row[-1] for row in load(store, tmp_path, rows)]
    assert all(b is not None and 0 <= b < BLOCKS for b in blocks)
    assert max(np.bincount(np.array(blocks, dtype=int))) <= 2
    assert blocks[:3] == [618, 236, 854]  # multiples of the golden ratio
