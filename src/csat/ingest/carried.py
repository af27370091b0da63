"""What rows carry over from the version they replace: whatever their file does not read.

A file with fewer columns than the one before it says nothing of the others, so that a row that
it updates keeps them. Scores and clocks are made anew of what the row then holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as MappingABC
from dataclasses import dataclass, field, replace

import duckdb

from csat.ingest.catalogue import item_numbers
from csat.ingest.layout import is_long
from csat.ingest.mapping import Item, Mapping

NEW_ROWS = "FROM typed t JOIN numbered n ON n.row_no = t.row_no"


@dataclass(frozen=True, slots=True)
class Part:
    """Accepted rows that are written alike: ``t`` is the file, ``n`` their numbers.

    Parameters
    ----------
    joined
        The FROM clause. Where rows replace a version, that is ``o``, and its answers are ``a``.
    where
        The condition that picks the rows out; bound as ``params``.
    items
        The questions these rows were asked in any version, those of the file first.
    alias
        Key of a question -> SQL of its rating.
    """

    joined: str
    where: str
    params: dict[str, object]
    replaces: bool
    items: Sequence[Item] = ()
    alias: MappingABC[str, str] = field(default_factory=dict)


def case_parts(cursor: duckdb.DuckDBPyConnection, batch_id: int) -> list[Part]:
    """Return the rows of a complaint file that replace a version, and those that do not."""
    if not _any_changed(cursor):
        return [Part(NEW_ROWS, "TRUE", {}, replaces=False)]
    old = (
        f"{NEW_ROWS} JOIN superseded_complaint o ON o.complaint_id = n.complaint_id "
        f"AND o.superseded_by = {batch_id:d}"
    )
    known = "t.row_no NOT IN (SELECT row_no FROM known)"
    return [Part(old, "TRUE", {}, replaces=True), Part(NEW_ROWS, known, {}, replaces=False)]


def response_parts(
    cursor: duckdb.DuckDBPyConnection, mapping: Mapping, survey_id: int, batch_id: int
) -> list[Part]:
    """Return the rows of a survey file, by the questions they were asked in any version."""
    asked = [item for _, item in mapping.items()]
    own = {item.key: f"t.v{i:d}" for i, item in enumerate(asked)}
    if not _any_changed(cursor):
        return [Part(NEW_ROWS, "TRUE", {}, False, asked, own)]
    cursor.execute("DROP TABLE IF EXISTS lineage")
    cursor.execute(
        "CREATE TEMP TABLE lineage AS SELECT response_id, "
        "LIST_SORT(LIST_DISTINCT(LIST(batch_id))) AS batches FROM superseded_response "
        "WHERE response_id IN (SELECT old_id FROM known WHERE changed) GROUP BY response_id"
    )
    stored = {k: f"a.i{n:d}" for k, n in item_numbers(cursor, survey_id).items()}
    alias = {**stored, **own}
    if is_long(mapping):
        alias |= {
            item.key: f"CASE WHEN t.said{i:d} THEN t.v{i:d} ELSE {stored[item.key]} END"
            for i, item in enumerate(asked)
        }
    joined = (
        f"{NEW_ROWS} JOIN lineage l ON l.response_id = n.response_id "
        f"JOIN superseded_response o ON o.response_id = n.response_id "
        f"AND o.superseded_by = {batch_id:d} "
        f"JOIN superseded_answers_{survey_id:d} a ON a.response_id = n.response_id "
        f"AND a.superseded_by = {batch_id:d}"
    )
    whose = "LIST_CONTAINS($lines, l.batches)"
    parts = [
        Part(joined, whose, {"lines": lines}, True, _without_rivals([*asked, *more]), alias)
        for lines, more in _asked_before(cursor, asked)
    ]
    known = "t.row_no NOT IN (SELECT row_no FROM known)"
    return [*parts, Part(NEW_ROWS, known, {}, False, asked, own)]


def _any_changed(cursor: duckdb.DuckDBPyConnection) -> bool:
    found = cursor.execute("SELECT 1 FROM known WHERE changed LIMIT 1").fetchone()
    return found is not None


def _asked_before(
    cursor: duckdb.DuckDBPyConnection, asked: Iterable[Item]
) -> list[tuple[list[list[int]], list[Item]]]:
    """Return what other questions the replaced versions were asked, with the batches of these.

    The questions of later files come first.
    """
    rows = cursor.execute("SELECT DISTINCT batches FROM lineage ORDER BY batches").fetchall()
    mappings = {
        int(number): Mapping.from_json(text, name=name)
        for number, name, text in cursor.execute(
            "SELECT batch_id, mapping_name, mapping_json FROM batch WHERE batch_id IN "
            "(SELECT UNNEST(batches) FROM lineage)"
        ).fetchall()
    }
    now = {item.key for item in asked}
    found: dict[tuple[str, ...], tuple[list[list[int]], list[Item]]] = {}
    for (batches,) in rows:
        more: dict[str, Item] = {}
        for number in reversed(batches):
            for _, item in mappings[number].items():
                if item.key not in now:
                    more.setdefault(item.key, item)
        found.setdefault(tuple(more), ([], list(more.values())))[0].append(list(batches))
    return list(found.values())


def _without_rivals(items: Sequence[Item]) -> list[Item]:
    """Take from later questions of a list the headline use and the pair that earlier ones have.

    Examples
    --------
    >>> from csat.model.scale import Scale
    >>> five = Scale.of(1, 5)
    >>> two = [Item(k, k, five, measures=("csat",)) for k in ("now", "before")]
    >>> [i.measures for i in _without_rivals(two)]
    [('csat',), ()]
    """
    measures: set[str] = set()
    sides: set[tuple[str, str]] = set()
    out = []
    for item in items:
        side = (item.pair, item.viewpoint)
        own = tuple(m for m in item.measures if m not in measures)
        out.append(replace(item, measures=own, pair="" if side in sides else item.pair))
        measures.update(own)
        if item.pair:
            sides.add(side)
    return out
