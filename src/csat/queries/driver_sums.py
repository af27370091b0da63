"""What the drivers are counted from: exact sums of overall satisfaction and its predictors.

Resampling needs people, and people stay in the store. So the answers are dealt by a fixed hash
of their number into blocks, each block sends its sums, and blocks are resampled: with fewer
answers than blocks this is the ordinary bootstrap, with more a coarser one of the same width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import metric
from csat.queries.blocks import Question, questions, source
from csat.queries.catalogue import ItemRow
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import Facts
from csat.queries.gather import one_dimension_scale, one_scale
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.blocks import Blocks
from csat.store.prepared import BLOCK
from csat.store.scores import SCORE_UNIT, score_sql


@dataclass(frozen=True, slots=True)
class Predictors:
    """Where overall satisfaction and its predictors stand, one row per respondent.

    Parameters
    ----------
    names
        Dimensions, in order.
    viewpoint
        What the predictors are: "satisfaction" with each question where it is asked, else
        "perception".
    scales
        Lowest and highest rating of each predictor.
    sql, params
        A SELECT of ``block``, ``x0``, ``x1`` ... and the outcome ``y``, all in `SCORE_UNIT`.
    """

    names: tuple[str, ...]
    viewpoint: str
    scales: tuple[tuple[int, int], ...]
    sql: str
    params: dict[str, object]

    @property
    def columns(self) -> tuple[str, ...]:
        """The predictors' columns and, last, that of the outcome."""
        return (*(f"x{k}" for k in range(len(self.names))), "y")

    @property
    def complete(self) -> str:
        """SQL that keeps who answered everything."""
        return " AND ".join(f"{c} IS NOT NULL" for c in self.columns)


@dataclass(frozen=True, slots=True)
class DriverSums:
    """Sums per block over who answered everything, the outcome last, in scale points."""

    names: tuple[str, ...]
    viewpoint: str
    blocks: Blocks


def predictors(facts: Facts, filters: Filters) -> Predictors:
    """Say what overall satisfaction is explained by: the scores of every dimension asked.

    Raises
    ------
    NotAvailable
        When overall satisfaction or the dimensions are not asked, or on different scales.
    """
    one_scale(facts, filters, metric("csat_mean"))
    rated = [i for i in facts.asked(filters.surveys) if "csat" in i.measures]
    pleased = [q for q in questions(facts, filters, "satisfaction") if q.dimension]
    if pleased and len(rated) == 1 and {q.survey_id for q in pleased} == {rated[0].survey_id}:
        return _from_answers(filters, pleased, rated[0])
    return _from_scores(facts, filters, {i.survey_id for i in rated})


def driver_sums(reader: Reader, facts: Facts, filters: Filters) -> DriverSums:
    """Count overall satisfaction against the scores of every dimension asked.

    Raises
    ------
    NotAvailable
        See `predictors`.
    """
    return _count(reader, predictors(facts, filters))


def _from_scores(facts: Facts, filters: Filters, rated: set[int]) -> Predictors:
    asked = [q for q in questions(facts, filters) if q.survey_id in rated and q.dimension]
    slots = [
        (key, slot)
        for key, slot in facts.slots
        if rated <= {q.survey_id for q in asked if q.dimension == key}
    ]
    if not slots:
        raise _no_dimensions()
    scales = [one_dimension_scale(facts, filters, metric(f"perception:{key}")) for key, _ in slots]
    where, params = survey_predicate(filters.for_survey())
    columns = [f"p_d{slot:d} AS x{k}" for k, (_, slot) in enumerate(slots)]
    inner = (
        f"SELECT block, {', '.join(columns)}, {SCORE_UNIT} * CAST(csat AS INTEGER) AS y "
        f"FROM response WHERE {where}"
    )
    known = tuple(scale for scale in scales if scale is not None)
    return Predictors(tuple(key for key, _ in slots), "perception", known, inner, params)


def _from_answers(filters: Filters, asked: Sequence[Question], outcome: ItemRow) -> Predictors:
    names = list(dict.fromkeys(q.dimension for q in asked))
    scales = {q.dimension: q.scale for q in asked}
    columns = [
        score_sql([f"a.{q.column('satisfaction')}" for q in asked if q.dimension == name])
        + f" AS x{k}"
        for k, name in enumerate(names)
    ]
    origin, params = source(outcome.survey_id, filters)
    inner = (
        f"SELECT {BLOCK.format(id='a.response_id')} AS block, {', '.join(columns)}, "
        f"{SCORE_UNIT} * CAST(a.i{outcome.item_no:d} AS INTEGER) AS y {origin}"
    )
    return Predictors(tuple(names), "satisfaction", tuple(scales.values()), inner, params)


def _count(reader: Reader, found: Predictors) -> DriverSums:
    """Add up by block. Scores are whole numbers, so that floating sums of a block are exact."""
    columns = found.columns
    parts = [f"SUM({c}) AS s{i}" for i, c in enumerate(columns)]
    parts += [
        f"SUM(CAST({c} AS DOUBLE) * {d}) AS p{i}_{j}"
        for i, c in enumerate(columns)
        for j, d in enumerate(columns[i:], i)
    ]
    table = reader.table(
        f"SELECT block, COUNT(*) AS n, {', '.join(parts)} FROM ({found.sql}) "
        f"WHERE {found.complete} GROUP BY block ORDER BY block",
        found.params,
    )
    return DriverSums(found.names, found.viewpoint, _blocks(table, len(columns)))


def _blocks(table: pa.Table, k: int) -> Blocks:
    def read(name: str) -> np.ndarray:
        return np.asarray(table[name].cast(pa.float64()).to_numpy())

    n = read("n")
    totals = np.column_stack([read(f"s{i}") for i in range(k)])
    cells = [f"p{min(i, j)}_{max(i, j)}" for i in range(k) for j in range(k)]
    products = np.column_stack([read(c) for c in cells]).reshape(-1, k, k)
    everyone = int(n.sum())
    return Blocks(everyone, float(everyone), n, totals / SCORE_UNIT, products / SCORE_UNIT**2)


def _no_dimensions() -> NotAvailable:
    text: Message = msg("No survey asks both overall satisfaction and dimensions of quality")
    return NotAvailable(text)
