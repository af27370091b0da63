"""Sums that weighted figures are made of, in one scan of the answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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
from csat.queries.raked import Weighting
from csat.queries.reader import Reader
from csat.stats.design_sums import SINGLY, DesignSums
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


_SEVERAL: Final = 2
"""With one kind of groups, each group is a combination of its own and looked at as such."""
_ZERO: Final = 1e-9
Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sums of one metric, and how many answered in each group that carries a weight.

    ``combined`` holds the people of each combination of groups, and their factor.
    """

    sums: DesignSums
    by_label: Mapping[tuple[str, str], int]
    combined: Mapping[tuple[str, ...], tuple[int, float]] = field(default_factory=dict)

    @property
    def fewest(self) -> int | None:
        """The smallest number of people, above none, that the weights tell of.

        Of a group that carries a weight, or of a combination of groups that follows from the
        weighted figure and the unweighted ones of all groups.
        """
        alone = [self.combined[key][0] for key in solved(self.combined)]
        return min((n for n in (*self.by_label.values(), *alone) if n), default=None)


def solved(combined: Mapping[tuple[str, ...], tuple[int, float]]) -> list[tuple[str, ...]]:
    """Return the combinations of groups that one weighted figure lets a reader solve for.

    Figures of single groups add up over combinations; the weights are one equation more. A
    combination follows where its own row is in the span of them all: its leverage is 1.

    Examples
    --------
    Two branches by two channels: three of the unweighted figures and the weighted one are four
    equations. Not so where the weights only add up as the figures of groups do.

    >>> keys = [("A", "web"), ("A", "phone"), ("B", "web"), ("B", "phone")]
    >>> len(solved({key: (9, w) for key, w in zip(keys, (1.0, 2.0, 3.0, 6.0))}))
    4
    >>> solved({key: (9, w) for key, w in zip(keys, (1.0, 2.0, 3.0, 4.0))})
    []
    """
    keys = [key for key, (n, _) in combined.items() if n]
    if not keys or len(keys[0]) < _SEVERAL:
        return []
    groups = sorted({(i, name) for key in keys for i, name in enumerate(key)})
    known = [[float(key[i] == name) for i, name in groups] for key in keys]
    weights = np.array([combined[key][1] for key in keys])
    spanned = np.column_stack([known, weights / weights.max()])
    basis, size, _ = np.linalg.svd(spanned, full_matrices=False)
    leverage = (basis[:, size > _ZERO * size[0]] ** 2).sum(axis=1)
    return [key for key, h in zip(keys, leverage, strict=True) if h > 1 - _ZERO]


def value_sql(metric: Metric, facts: Facts) -> str | None:
    """Return SQL for what one answer counts in a metric, None where answers do not make it."""
    if metric.subject == "survey" and metric.field == "dimension":
        slot = facts.slot(metric.argument)
        if slot is not None:
            letter = LETTERS[metric.key.partition(":")[0]]
            return f"({letter}_d{slot:d} / {SCORE_UNIT:d}.0)"
    return _VALUES.get(metric.key)


def weigh(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    weighting: Weighting,
    metrics: Sequence[Metric],
) -> dict[str, Weighed]:
    """Return the sums of every metric that answers make, over the groups that are chosen.

    All respondents of the period count as drawn, also those outside of the groups: a cluster
    without anybody in them was drawn nevertheless.
    """
    values = {m.key: sql for m in metrics if (sql := value_sql(m, facts)) is not None}
    if not values:
        return {}
    where, params = survey_predicate(everybody(filters).for_survey())
    where += facts.of_customers(filters.surveys)
    chosen, more = survey_predicate(filters.for_survey())
    narrowed = filters.branches or filters.channels or filters.segments or filters.touchpoints
    parts_of = _PARTS if weighting.weighted else _ALIKE
    kinds = list(weighting.kinds)
    keys = ["stratum", "cluster", *kinds]
    weight = "COALESCE(weight, $usual)" if weighting.weighted else "1"
    columns = ", ".join(f"v{i:d}" for i in range(len(values)))
    asked = {k: f"CASE WHEN {chosen} THEN {v} END" if narrowed else v for k, v in values.items()}
    inside = ", ".join(f"CAST({sql} AS DOUBLE) AS v{i:d}" for i, sql in enumerate(asked.values()))
    sums = ", ".join(
        f"{part.format(x=f'v{i:d}')} AS {name}_{i:d}"
        for i in range(len(values))
        for name, part in parts_of.items()
    )
    everyone = "SUM(w) AS every_w, SUM(w * w) AS every_ww"
    table = reader.table(
        f"SELECT {', '.join(keys)}, COUNT(*) AS drawn, {everyone}, {sums} FROM ("
        f"SELECT {', '.join(keys)}, {weight} AS w, {columns} FROM ("
        f"SELECT {', '.join(keys)}, weight, {inside} FROM response WHERE {where})) "
        f"GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}",
        {
            **params,
            **(more if narrowed else {}),
            **({"usual": weighting.usual} if weighting.weighted else {}),
        },
    )
    groups = [[text or "" for text in table.column(kind).to_pylist()] for kind in kinds]
    cells = list(zip(*groups, strict=True)) if kinds else [()] * table.num_rows
    factor = np.array([weighting.factors[cell] for cell in cells], dtype=np.float64)
    stratum = _codes(table.column("stratum"))
    named = table.column("cluster")
    cluster = np.where(named.is_null().to_numpy(), SINGLY, _codes(named))
    raked = _raked(weighting, groups)
    usual = 1.0 if weighting.weighted else weighting.usual
    every_w, every_ww = usual * _numbers(table, "every_w"), usual**2 * _numbers(table, "every_ww")
    out = {}
    for i, key in enumerate(values):
        parts = {name: _numbers(table, f"{name}_{i:d}") for name in parts_of}
        if not weighting.weighted:
            parts = _one_weight(parts, weighting.usual)
        found = DesignSums(
            stratum,
            cluster,
            factor,
            _numbers(table, "drawn"),
            **parts,
            margins=raked,
            every_w=every_w,
            every_ww=every_ww,
        )
        by_label: dict[tuple[str, str], int] = {}
        for kind, column in zip(kinds, groups, strict=True):
            for group, n in zip(column, parts["n"], strict=True):
                label = (kind, weighting.label(kind, group))
                by_label[label] = by_label.get(label, 0) + round(n)
        out[key] = Weighed(found, by_label, _combined(weighting, cells, parts["n"]))
    return out


def _raked(weighting: Weighting, groups: list[list[str]]) -> NDArray[np.int64] | None:
    """Return the group of each row on every margin that the weights meet, None without any.

    A kind with groups that its margin does not know is not held to the population as a whole.
    """
    loose = {kind for kind, _ in weighting.unknown}
    met = [(k, g) for k, g in zip(weighting.kinds, groups, strict=True) if k not in loose]
    if not met or not weighting.converged:
        return None
    columns = []
    for kind, column in met:
        labels = [weighting.label(kind, group) for group in column]
        columns.append(np.unique(labels, return_inverse=True)[1].ravel())
    return np.stack(columns, axis=1).astype(np.int64)


def _combined(
    weighting: Weighting, cells: Sequence[tuple[str, ...]], people: Numbers
) -> dict[tuple[str, ...], tuple[int, float]]:
    """Return the people and the factor of each combination of groups as the raking knows them."""
    found: dict[tuple[str, ...], tuple[int, float]] = {}
    for cell, n in zip(cells, people, strict=True):
        key = tuple(
            weighting.label(kind, group) for kind, group in zip(weighting.kinds, cell, strict=True)
        )
        found[key] = (found.get(key, (0, 0.0))[0] + round(n), weighting.factors[cell])
    return found


def _one_weight(parts: dict[str, Numbers], w: float) -> dict[str, Numbers]:
    """Return all sums from those that hold no weight, as everybody weighs `w`."""
    n, x, xx = parts["n"], parts["x"], parts["xx"]
    return {
        "n": n,
        "x": x,
        "w": w * n,
        "ww": w * w * n,
        "wx": w * x,
        "wxx": w * xx,
        "wwx": w * w * x,
        "wwxx": w * w * xx,
    }


def _codes(column: pa.ChunkedArray) -> NDArray[np.int64]:
    coded: Any = column.combine_chunks().dictionary_encode(null_encoding="encode")
    return np.asarray(coded.indices.to_numpy(zero_copy_only=False), dtype=np.int64)


def _numbers(table: pa.Table, name: str) -> Numbers:
    column = table.column(name).cast(pa.float64()).fill_null(0.0)
    return np.asarray(column.to_numpy(), dtype=np.float64)
