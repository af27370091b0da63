"""One scan of the answers for weighted figures: sums by stratum, cluster and kinds of groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.queries.apart import LETTERS
from csat.queries.facts import Facts
from csat.queries.population import everybody
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.design_sums import SINGLY
from csat.store.scores import SCORE_UNIT

_VALUES: Final[dict[str, str]] = {
    "csat_top_box": "csat_top",
    "recommend_share": "recommend_top",
    "csat_mean": "csat",
    "ces": "ces",
    "nps": "CASE WHEN nps >= 9 THEN 100 WHEN nps <= 6 THEN -100 WHEN nps IS NOT NULL THEN 0 END",
}
"""What one answer counts, by metric; shares count 1 or 0."""
_PARTS: Final = {
    "n": "COUNT({x})",
    "x": "SUM({x})",
    "w": "SUM(CASE WHEN {x} IS NOT NULL THEN w END)",
    "ww": "SUM(CASE WHEN {x} IS NOT NULL THEN w * w END)",
    "wx": "SUM(w * {x})",
    "wxx": "SUM(w * {x} * {x})",
    "wwx": "SUM(w * w * {x})",
    "wwxx": "SUM(w * w * {x} * {x})",
}
_ALIKE: Final = {"n": "COUNT({x})", "x": "SUM({x})", "xx": "SUM({x} * {x})"}
"""What tells all of the above where everybody has one weight."""
Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
Column = tuple[int, int]
"""A survey and the number of a question of it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What one answer counts in a figure: SQL, and the ratings of surveys that it reads.

    A rating is called as `rating` names it.
    """

    sql: str
    ratings: tuple[Column, ...] = ()


def rating(column: Column) -> str:
    """Return what a rating is called in the SQL of a `Counted`."""
    return f"a{column[0]:d}_i{column[1]:d}"


def counted(metric: Metric, facts: Facts, filters: Filters) -> Counted | None:
    """Return what one answer counts in a metric, None where answers alone do not make it."""
    if metric.subject == "survey" and metric.field == "dimension":
        slot = facts.slot(metric.argument)
        if slot is not None:
            letter = LETTERS[metric.key.partition(":")[0]]
            return Counted(f"({letter}_d{slot:d} / {SCORE_UNIT:d}.0)")
    if metric.field == "item":
        asked = [i for i in facts.asked(filters.surveys) if i.key == metric.argument]
        return together(Counted(rating(c), (c,)) for c in ((i.survey_id, i.item_no) for i in asked))
    return Counted(_VALUES[metric.key]) if metric.key in _VALUES else None


def together(parts: Iterable[Counted]) -> Counted | None:
    """Return one figure of several surveys; who answered one of them answered no other."""
    known = list(parts)
    if not known:
        return None
    sql = ", ".join(p.sql for p in known)
    return Counted(
        f"COALESCE({sql})" if len(known) > 1 else sql, tuple(c for p in known for c in p.ratings)
    )


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """Values of rows, as places in the list of those that occur."""

    names: tuple[Any, ...]
    places: Codes

    def only(self, rows: Flags) -> Coded:
        """Return the values of some rows."""
        return Coded(self.names, self.places[rows])


@dataclass(frozen=True, slots=True, eq=False)
class DesignRows:
    """The sums of everybody who answered in a period, row by row.

    Parameters
    ----------
    groups
        Kind of group -> group of each row, None where not stated.
    by
        Further columns asked for -> value of each row.
    stratum, cluster
        Codes as `csat.stats.design_sums.DesignSums` has them.
    bare
        Rows of answers without a weight; the weights there are 1.
    drawn, every_w, every_ww
        Respondents of each row, and sums of their weights and squared weights.
    parts
        Figure -> name of a sum -> its values, over those who are chosen and answered.
    """

    groups: Mapping[str, Coded]
    by: Mapping[str, Coded]
    stratum: Codes
    cluster: Codes
    bare: Flags
    drawn: Numbers
    every_w: Numbers
    every_ww: Numbers
    parts: Mapping[str, Mapping[str, Numbers]]

    def only(self, rows: Flags) -> DesignRows:
        """Return some rows, as if nothing else had been drawn."""
        return replace(
            self,
            groups={kind: own.only(rows) for kind, own in self.groups.items()},
            by={name: own.only(rows) for name, own in self.by.items()},
            stratum=self.stratum[rows],
            cluster=self.cluster[rows],
            bare=self.bare[rows],
            drawn=self.drawn[rows],
            every_w=self.every_w[rows],
            every_ww=self.every_ww[rows],
            parts={
                key: {name: values[rows] for name, values in own.items()}
                for key, own in self.parts.items()
            },
        )


def scan(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    values: Mapping[str, Counted],
    kinds: Sequence[str],
    *,
    weighted: bool,
    by: Sequence[str] = (),
) -> DesignRows:
    """Count the sums of some figures in one scan.

    All respondents of the period count as drawn, also those outside of the groups that are
    chosen: a cluster without anybody in them was drawn nevertheless.

    Parameters
    ----------
    values
        By figure, what one answer counts.
    kinds, by
        Kinds of groups that weights go by, and further columns to count by.
    weighted
        Whether any answer has a weight in its file.
    """
    where, params = survey_predicate(everybody(filters).for_survey())
    where += facts.of_customers(filters.surveys)
    chosen, more = survey_predicate(filters.for_survey())
    narrowed = filters.branches or filters.channels or filters.segments or filters.touchpoints
    parts_of = _PARTS if weighted else _ALIKE
    keys = list(dict.fromkeys(["stratum", "cluster", *kinds, *by]))
    columns = ", ".join(f"v{i:d}" for i in range(len(values)))
    asked = [f"CASE WHEN {chosen} THEN {v.sql} END" if narrowed else v.sql for v in values.values()]
    inside = ", ".join(f"CAST({sql} AS DOUBLE) AS v{i:d}" for i, sql in enumerate(asked))
    sums = ", ".join(
        f"{part.format(x=f'v{i:d}')} AS {name}_{i:d}"
        for i in range(len(values))
        for name, part in parts_of.items()
    )
    weight = "COALESCE(weight, 1)" if weighted else "1"
    bare = "weight IS NULL" if weighted else "FALSE"
    named = ", ".join(keys)
    table = reader.table(
        f"SELECT {named}, bare, COUNT(*) AS drawn, SUM(w) AS every_w, SUM(w * w) AS every_ww, "
        f"{sums} FROM (SELECT {named}, {bare} AS bare, {weight} AS w, {columns} FROM ("
        f"SELECT {named}, weight, {inside} FROM {_source(values.values())} WHERE {where})) "
        f"GROUP BY {named}, bare ORDER BY {named}, bare",
        {**params, **(more if narrowed else {})},
    )
    parts = {}
    for i, key in enumerate(values):
        found = {name: _numbers(table, f"{name}_{i:d}") for name in parts_of}
        parts[key] = found if weighted else _one_weight(found)
    cluster = table.column("cluster")
    return DesignRows(
        {kind: _coded(table.column(kind)) for kind in kinds},
        {name: _coded(table.column(name)) for name in by},
        _coded(table.column("stratum")).places,
        np.where(cluster.is_null().to_numpy(), SINGLY, _coded(cluster).places),
        np.asarray(table.column("bare").to_numpy(), dtype=np.bool_),
        _numbers(table, "drawn"),
        _numbers(table, "every_w"),
        _numbers(table, "every_ww"),
        parts,
    )


def _source(values: Iterable[Counted]) -> str:
    """Return the responses, joined with the ratings of surveys that are read."""
    wanted: dict[int, dict[Column, None]] = {}
    for value in values:
        for column in value.ratings:
            wanted.setdefault(column[0], {})[column] = None
    joined = [
        f" LEFT JOIN (SELECT response_id AS id_{survey:d}, "
        f"{', '.join(f'i{c[1]:d} AS {rating(c)}' for c in columns)} FROM answers_{survey:d}) "
        f"ON id_{survey:d} = response_id"
        for survey, columns in wanted.items()
    ]
    return "response" + "".join(joined)


def _one_weight(parts: Mapping[str, Numbers]) -> dict[str, Numbers]:
    """Return all sums from those that hold no weight, as everybody weighs 1."""
    n, x, xx = parts["n"], parts["x"], parts["xx"]
    return {"n": n, "x": x, "w": n, "ww": n, "wx": x, "wxx": xx, "wwx": x, "wwxx": xx}


def _coded(column: pa.ChunkedArray) -> Coded:
    coded: Any = column.combine_chunks().dictionary_encode(null_encoding="encode")
    places = np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)
    return Coded(tuple(coded.dictionary.to_pylist()), places)


def _numbers(table: pa.Table, name: str) -> Numbers:
    column = table.column(name).cast(pa.float64()).fill_null(0.0)
    return np.asarray(column.to_numpy(), dtype=np.float64)
