"""Sums over the ratings of a survey, kept by month and by month and group (ADR 17).

Products of every two questions add up over respondents. So a question about whole months, of
everybody or of groups of one kind, is answered from these sums and reads no ratings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import duckdb
import numpy as np

from csat.stats.rating_layout import Layout
from csat.stats.rating_sums import Flags
from csat.store.cells import DIRECTIONS, Cells, Whose
from csat.store.score_sums import fill_scores, forget_scores
from csat.store.unpacked import Ratings, unpacked

_READ: Final = 65_536
Asked = tuple[int, str, str, int | None, int]
"""Number, viewpoint, pair, dimension and highest rating of a question."""


def layout_of(asked: Iterable[Asked]) -> Layout:
    """Return what is added up of the questions of one survey.

    Every perception, alone and less the desired level of its pair; within each dimension the
    products of perceptions, of desired levels and of gaps; the products of all perceptions; and
    how many gave the highest desired level.

    Examples
    --------
    >>> layout = layout_of([(1, "perception", "x", 0, 7), (2, "desired", "x", 0, 7)])
    >>> layout.pairs, layout.marks
    ((('i1', 'i2'),), (('i2', 7),))
    >>> layout.groups
    ((('i1', ''),), (('i2', ''),), (('i1', 'i2'),))
    """
    rows = sorted(asked)
    twins: dict[str, dict[str, tuple[int, int]]] = {}
    for number, view, pair, _, top in rows:
        if pair:
            twins.setdefault(pair, {})[view] = number, top
    pairs, marks = [], []
    by_dimension: dict[int, list[tuple[str, str]]] = {}
    for number, view, pair, dimension, top in rows:
        if view == "perception" and (pair or dimension is not None):
            views = twins[pair] if pair else {view: (number, top)}
            column = f"i{views['perception'][0]:d}"
            other = f"i{views['desired'][0]:d}" if "desired" in views else ""
            pairs.append((column, other))
            if other:
                marks.append((other, views["desired"][1]))
            if dimension is not None:
                by_dimension.setdefault(dimension, []).append((column, other))
    groups = []
    for own in by_dimension.values():
        groups.append(tuple((p, "") for p, _ in own))
        if all(d for _, d in own):
            groups += [tuple((d, "") for _, d in own), tuple(own)]
    groups.append(tuple((p, "") for p, _ in pairs))
    known = tuple(dict.fromkeys(g for g in groups if g))
    questions = tuple(dict.fromkeys(c for pair in pairs for c in pair if c))
    return Layout(questions, tuple(dict.fromkeys(pairs)), known, tuple(dict.fromkeys(marks)))


def stored_layout(cursor: duckdb.DuckDBPyConnection, survey_id: int) -> Layout:
    """Return what is added up of a survey, as the store knows its questions."""
    rows = cursor.execute(
        "SELECT item_no, viewpoint, COALESCE(pair, ''), dim_no, scale_max FROM item "
        "WHERE survey_id = $survey",
        {"survey": survey_id},
    ).fetchall()
    return layout_of((int(n), view, pair, slot, int(top)) for n, view, pair, slot, top in rows)


def forget_cells(cursor: duckdb.DuckDBPyConnection, survey_id: int, batch_id: int) -> None:
    """Forget the sums of the months that a batch holds answers of, or replaced answers of."""
    months = (
        "SELECT month_key FROM response WHERE batch_id = $batch UNION ALL "
        "SELECT month_key FROM superseded_response WHERE superseded_by = $batch"
    )
    params = {"survey": survey_id, "batch": batch_id}
    cursor.execute(
        f"DELETE FROM answer_cell WHERE survey_id = $survey AND month_key IN ({months})", params
    )
    forget_scores(cursor, months, params)


def fill_cells(cursor: duckdb.DuckDBPyConnection, survey_id: int) -> None:
    """Add up the months of a survey whose sums are missing, or are of other questions."""
    fill_scores(cursor, survey_id)
    layout = stored_layout(cursor, survey_id)
    cursor.execute(
        "DELETE FROM answer_cell WHERE survey_id = $survey AND layout <> $layout",
        {"survey": survey_id, "layout": layout.fingerprint},
    )
    if not layout.questions:
        return
    counted = ", ".join(f"COUNT(DISTINCT COALESCE({d}, '')) AS {d}" for d in DIRECTIONS)
    months = cursor.execute(
        f"SELECT month_key, COUNT(*) AS people, {counted} FROM response "
        "WHERE survey_id = $survey AND month_key NOT IN "
        "(SELECT month_key FROM answer_cell WHERE survey_id = $survey) "
        "GROUP BY month_key ORDER BY month_key",
        {"survey": survey_id},
    ).fetchall()
    if not months:
        return
    cells = Cells(
        layout,
        {
            int(month): (int(people), dict(zip(DIRECTIONS, map(int, groups), strict=True)))
            for month, people, *groups in months
        },
    )
    for ratings, told, whose in _answers(cursor, survey_id, layout.questions, list(cells.months)):
        cells.add(ratings, told, whose)
    cursor.register("cells_found", cells.table())
    cursor.execute(
        "INSERT INTO answer_cell SELECT $survey, month_key, direction, group_name, people, split, "
        "$layout, sums FROM cells_found ORDER BY direction, month_key, group_name",
        {"survey": survey_id, "layout": layout.fingerprint},
    )
    cursor.unregister("cells_found")


def fill_all_cells(cursor: duckdb.DuckDBPyConnection) -> None:
    """Add up the ratings of every survey that were loaded before sums were kept."""
    for (survey_id,) in cursor.execute("SELECT survey_id FROM survey ORDER BY 1").fetchall():
        fill_cells(cursor, int(survey_id))


def _answers(
    cursor: duckdb.DuckDBPyConnection, survey_id: int, questions: Iterable[str], months: list[int]
) -> Iterator[tuple[Ratings, Flags, Whose]]:
    """Yield ratings, which were given, and the month and groups of the respondents.

    The engine would join them for twice the time: both tables are in the order of respondents.
    """
    groups = ", ".join(DIRECTIONS)
    people = cursor.sql(
        f"SELECT response_id, month_key, {groups} FROM response WHERE survey_id = $survey "
        "AND LIST_CONTAINS($months, month_key) ORDER BY response_id",
        params={"survey": survey_id, "months": months},
    ).to_arrow_table()
    ids = np.asarray(people["response_id"], dtype=np.int64)
    whose = Whose.of(people)
    asked = ", ".join(questions)
    found = cursor.sql(
        f"SELECT {asked}, response_id FROM answers_{survey_id:d} "
        "WHERE response_id BETWEEN $first AND $last",
        params={"first": int(ids[0]), "last": int(ids[-1])},
    )
    for batch in found.to_arrow_reader(_READ):
        own = np.asarray(batch.column(batch.num_columns - 1), dtype=np.int64)
        at = np.minimum(np.searchsorted(ids, own), len(ids) - 1)
        ratings, told = unpacked(batch.select(range(batch.num_columns - 1)))
        kept = np.flatnonzero(ids[at] == own)
        if len(kept) < len(own):
            ratings, told = ratings.take(kept, axis=1), told.take(kept, axis=1)
        yield ratings, told, whose.at(at[kept])
