"""Importance against performance, of questions or of dimensions, without moving any answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.queries.blocks import allocation, questions, source
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader, whole
from csat.stats.importance_performance import (
    ImportancePerformance,
    Placed,
    importance_performance,
    quadrant,
)
from csat.store.prepared import BLOCK
from csat.store.scores import POINT_UNIT, POINTS_SCALE, SCORE_UNIT
from csat.store.store import Store

Of = Literal["questions", "dimensions"]
Counts = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ImportanceAnswer:
    """The grid of questions (by stated importance) or of dimensions (by points of 100).

    ``wording`` gives each question's text; ``note`` the reason why there is no grid.
    ``other_scales`` names what is left out, for it is not on the scales of most of the others.
    """

    grid: ImportancePerformance | None
    of: Of
    wording: dict[str, str]
    provenance: Provenance
    note: Message | None = None
    other_scales: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """One item: SQL of both sides, what a unit of each is worth, and the scales behind them.

    No scales where the questions of one dimension have several.
    """

    name: str
    importance: str
    performance: str
    scales: tuple[tuple[int, int], ...]
    importance_unit: int = 1
    performance_unit: int = 1


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is placed, and the SQL of where it stands and of each respondent's block."""

    of: Of
    sides: Sequence[_Side]
    wording: dict[str, str]
    block: str = ""
    origin: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


_UNASKED: Final = msg("No survey here asks how important each question or dimension is")


def importance(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> ImportanceAnswer:
    """Answer where importance and performance do not match, and how sure that is.

    The lines are means over all that is placed, so everything placed is on the same scales: what
    is on others than most is left out.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits)
    if apart is not None:
        return ImportanceAnswer(None, "dimensions", {}, reader.provenance(filters), apart)
    asked = _asked(facts, filters)
    if not asked.sides:
        return ImportanceAnswer(None, asked.of, {}, reader.provenance(filters), _UNASKED)
    usual = Counter(s.scales for s in asked.sides if s.scales).most_common(1)
    alike = [s for s in asked.sides if usual and s.scales == usual[0][0]]
    grid = _grid(reader, replace(asked, sides=alike), limits) if alike else None
    note = None if grid else msg("Too few answers to place these questions")
    others = tuple(s.name for s in asked.sides if s not in alike)
    origin = reader.provenance(filters)
    return ImportanceAnswer(grid, asked.of, asked.wording, origin, note, others)


def _asked(facts: Facts, filters: Filters) -> _Asked:
    """Return what can be placed: questions of the survey that states most, else dimensions."""
    stated = [
        q
        for q in questions(facts, filters, "importance")
        if q.scale != POINTS_SCALE and {"satisfaction", "perception"} & set(q.views)
    ]
    if not stated:
        return _dimensions_asked(facts, filters)
    most = Counter(q.survey_id for q in stated).most_common(1)[0][0]
    sides, wording = [], {}
    for q in (q for q in stated if q.survey_id == most):
        view = "satisfaction" if "satisfaction" in q.views else "perception"
        name = q.views.get("perception", q.views[view]).key
        scales = (q.scale, q.views[view].scale)
        sides.append(_Side(name, f"a.{q.column('importance')}", f"a.{q.column(view)}", scales))
        wording[name] = q.wording
    return _Asked(
        "questions", sides, wording, BLOCK.format(id="a.response_id"), *source(most, filters)
    )


def _dimensions_asked(facts: Facts, filters: Filters) -> _Asked:
    """Return the dimensions of the survey that spreads 100 points, from respondents' scores."""
    given = allocation(facts, filters)
    if not given:
        return _Asked("dimensions", [], {})
    survey_id = given[0].survey_id
    rated: dict[str, set[tuple[int, int]]] = {}
    for q in (q for q in questions(facts, filters) if q.survey_id == survey_id):
        rated.setdefault(q.dimension, set()).add(q.scale)
    sides = []
    for key in (i.dimension for i in given if i.survey_id == survey_id):
        slot = facts.slot(key)
        if key in rated and slot is not None:
            common = tuple(rated[key]) if len(rated[key]) == 1 else ()
            points, score = f"points_d{slot:d}", f"p_d{slot:d}"
            sides.append(_Side(key, points, score, common, POINT_UNIT // 100, SCORE_UNIT))
    where, params = survey_predicate(filters.for_survey())
    origin = f"FROM response WHERE survey_id = $placed AND {where}"
    return _Asked("dimensions", sides, {}, "block", origin, {"placed": survey_id, **params})


def _grid(reader: Reader, asked: _Asked, limits: Thresholds) -> ImportancePerformance | None:
    sides = asked.sides
    inner, parts = [], []
    for k, side in enumerate(sides):
        inner += [f"{side.importance} AS i{k}", f"{side.performance} AS p{k}"]
        parts += [f"COUNT({c}{k}) AS n{c}{k}, SUM({c}{k}) AS s{c}{k}" for c in "ip"]
    some = ", ".join(f"i{k}" for k in range(len(sides)))
    found = reader.table(
        f"SELECT block, COUNT(COALESCE({some})) AS n, {', '.join(parts)} FROM "
        f"(SELECT {asked.block} AS block, {', '.join(inner)} {asked.origin}) "
        "GROUP BY block ORDER BY block",
        asked.params,
    )
    people = whole(found["n"])
    n = int(people.sum())
    if n < limits.caution_under:
        return None
    units = {"i": [s.importance_unit for s in sides], "p": [s.performance_unit for s in sides]}
    names = [s.name for s in sides]
    sums = {c: _Sums.of(found, c, len(sides), people > 0) for c in "ip"}
    grid = importance_performance(names, sums["i"].means(units["i"]), sums["p"].means(units["p"]))
    if grid is None:
        return None
    exact = {c: sums[c].over_people(units[c]) for c in "ip"}
    return _made_exact(grid, n, exact["i"], exact["p"])


@dataclass(frozen=True)
class _Sums:
    """Ratings of one side and how many there are: a row for each block, a column for each item."""

    counts: Counts
    totals: Counts

    @classmethod
    def of(cls, found: pa.Table, side: str, many: int, kept: NDArray[np.bool_]) -> _Sums:
        counts, totals = (
            np.column_stack([whole(found[f"{part}{side}{k}"]) for k in range(many)])[kept]
            for part in "ns"
        )
        return cls(counts, totals)

    def means(self, units: Sequence[int]) -> NDArray[np.float64]:
        """Return the mean of each block and item; NaN where nobody of the block answered."""
        of = np.where(self.counts > 0, self.counts * np.array(units), 1)
        return np.where(self.counts > 0, self.totals / of, np.nan)

    def over_people(self, units: Sequence[int]) -> list[float]:
        """Return the mean of each item over all people."""
        n, totals = self.counts.sum(axis=0).tolist(), self.totals.sum(axis=0).tolist()
        return [total / (unit * k) for total, unit, k in zip(totals, units, n, strict=True)]


def _made_exact(
    grid: ImportancePerformance,
    n: int,
    stated: Sequence[float],
    rated: Sequence[float],
) -> ImportancePerformance:
    """Put the means over people in place of those over blocks, which differ by a hair."""
    cross = sum(stated) / len(stated), sum(rated) / len(rated)
    items: list[Placed] = []
    for k, item in enumerate(grid.items):
        items.append(
            replace(
                item,
                importance=stated[k],
                performance=rated[k],
                quadrant=quadrant(stated[k], rated[k], *cross),
                crosses_importance=item.importance_low <= cross[0] <= item.importance_high,
                crosses_performance=item.performance_low <= cross[1] <= item.performance_high,
            )
        )
    return replace(
        grid,
        n=n,
        cross_importance=cross[0],
        cross_performance=cross[1],
        items=tuple(items),
    )
