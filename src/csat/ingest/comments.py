"""Comments of responses: what a file states, what the store holds, what a file leaves alone.

A response may have several, each in a column of its own. A file replaces those of the columns it
reads; the others stay.
"""

from __future__ import annotations

from typing import Final

import duckdb

from csat.ingest.layout import is_long
from csat.ingest.mapping import Mapping

_JOINED: Final = "CHR(31)"


def comment_columns(mapping: Mapping) -> list[str]:
    """Return the columns of a file that hold comments, in its order: ``k0``, ``k1`` ..."""
    return [c.source for c in mapping.columns if c.role == "comment"]


def comments_differ(mapping: Mapping) -> tuple[str, str, dict[str, object]]:
    """Return SQL of the comments a row leaves its response with and of those it has, and params.

    ``m`` is `stored_comments`. Both are one text, whatever the order.
    """
    read, params = _read(mapping, "s.asked")
    texts = _texts(mapping)
    kept = (
        f"LIST_TRANSFORM(LIST_FILTER(COALESCE(m.said, []), lambda s: NOT ({read}) "
        f"AND NOT LIST_CONTAINS({texts}, s.body)), lambda s: s.body)"
    )
    after = f"ARRAY_TO_STRING(LIST_SORT(LIST_CONCAT({texts}, {kept})), {_JOINED})"
    before = (
        "ARRAY_TO_STRING(LIST_SORT(LIST_TRANSFORM(COALESCE(m.said, []), lambda s: s.body)), "
        f"{_JOINED})"
    )
    return after, before, params


def stored_comments() -> str:
    """Return a subquery of response_id and its comments with their columns."""
    return (
        "(SELECT response_id, LIST({'body': body, 'asked': asked}) AS said FROM comment "
        "GROUP BY response_id)"
    )


def load_comments(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, *, program_id: int, batch_id: int
) -> None:
    """Move the comments of accepted rows into ``comment``, with those the file leaves alone."""
    params: dict[str, object] = {"program": program_id, "batch": batch_id}
    for i, column in enumerate(comment_columns(mapping)):
        cursor.execute(
            f"INSERT INTO comment SELECT n.response_id, $program, $batch, t.k{i:d}, $column "
            "FROM typed t JOIN numbered n ON n.row_no = t.row_no "
            f"WHERE t.k{i:d} IS NOT NULL ORDER BY n.response_id",
            {**params, "column": column},
        )
    read, columns = _read(mapping, "s.asked")
    cursor.execute(
        "INSERT INTO comment SELECT s.response_id, s.program_id, $batch, s.body, s.asked "
        "FROM superseded_comment s JOIN numbered n ON n.response_id = s.response_id "
        "JOIN typed t ON t.row_no = n.row_no WHERE s.superseded_by = $batch "
        f"AND NOT ({read}) AND NOT LIST_CONTAINS({_texts(mapping)}, s.body) ORDER BY ALL",
        {"batch": batch_id, **columns},
    )


def _texts(mapping: Mapping) -> str:
    """Return SQL of the list of comments that a row states."""
    texts = ", ".join(f"t.k{i:d}" for i in range(len(comment_columns(mapping))))
    return f"LIST_FILTER(CAST([{texts}] AS VARCHAR[]), lambda k: k IS NOT NULL)"


def _read(mapping: Mapping, asked: str) -> tuple[str, dict[str, object]]:
    """Return SQL of whether a file reads the column a comment stood in, and its params.

    A comment whose column is not known is read by any file with comments.
    """
    columns = comment_columns(mapping)
    if not columns:
        return "FALSE", {}
    if not is_long(mapping):
        return f"COALESCE(LIST_CONTAINS($columns, {asked}), TRUE)", {"columns": columns}
    known = " OR ".join(f"t.heard{i:d} AND {asked} = $column{i:d}" for i in range(len(columns)))
    heard = " OR ".join(f"t.heard{i:d}" for i in range(len(columns)))
    return (
        f"CASE WHEN {asked} IS NULL THEN {heard} ELSE {known} END",
        {f"column{i:d}": name for i, name in enumerate(columns)},
    )
