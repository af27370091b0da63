"""Scores counted in memory are those that the engine counts."""

from __future__ import annotations

import duckdb
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.queries.small_scores import count_scores
from csat.store.scores import score_sql

NAMES = ("i1", "i2", "i3", "i4")
ratings = st.one_of(st.none(), st.integers(-6, 10))
rows = st.lists(st.tuples(*[ratings] * len(NAMES)), min_size=1, max_size=25)
score = st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True)


@settings(max_examples=30, deadline=None)
@given(rows, st.lists(score, min_size=1, max_size=3))
def test_sums_of_scores_are_those_of_the_engine(
    answered: list[tuple[int | None, ...]], asked: list[list[str]]
) -> None:
    columns = list(zip(*answered, strict=True))
    answers = pa.table(
        {name: pa.array(c, pa.int16()) for name, c in zip(NAMES, columns, strict=True)}
    )
    [found] = count_scores(answers, [asked])
    whole = " + ".join(f"({score_sql(names)})" for names in asked)
    with duckdb.connect() as engine:
        engine.register("answers", answers)
        row = engine.execute(
            f"SELECT COUNT(s), COALESCE(SUM(s), 0), COALESCE(SUM(CAST(s AS BIGINT) * s), 0) "
            f"FROM (SELECT {whole} AS s FROM answers)"
        ).fetchone()
    assert row == (found.n, found.total, found.total_sq)
