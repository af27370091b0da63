"""What the drivers are counted from: exact sums of overall satisfaction and its predictors.

Resampling needs people, and people stay in the store. So the answers are dealt by a fixed hash
of their number into blocks, each block sends its sums, and blocks are resampled: with fewer
answers than blocks this is the ordinary bootstrap, with more a coarser one of the same width.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from csat.model.filters import Filters
from csat.model.message import N_, Message, msg
from csat.model.metrics import metric
from csat.model.vocabulary import dimension_label
from csat.queries.blocks import Question, questions, source
from csat.queries.catalogue import ItemRow
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import Facts
from csat.queries.one_scale import different_scales, one_scale
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.blocks import Blocks
from csat.store.prepared import BLOCK
from csat.store.scores import SCORE_UNIT, place_sql, score_sql

_RESCALED: Final = N_(
    "{name}: its questions have different scales, so every answer counts by its place between "
    "the ends of its own scale."
)
_LEFT_OUT: Final = N_(
    "{name} is left out: the surveys ask it on different scales; choose one survey."
)


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
        Lowest and highest rating of each predictor; 0 and 1 of those in `rescaled`.
    sql, params
        A SELECT of ``block``, ``x0``, ``x1`` ... and the outcome ``y``, all in `SCORE_UNIT`.
    rescaled
        Dimensions whose questions have different scales: every answer counts by its place
        between the ends of its own scale (methods.md section 2.0).
    left_out
        Dimensions asked on other scales in another survey, which no score brings together.
    """

    names: tuple[str, ...]
    viewpoint: str
    scales: tuple[tuple[int, int], ...]
    sql: str
    params: dict[str, object]
    rescaled: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def notes(self) -> tuple[Message, ...]:
        """Say what different scales did to the dimensions."""
        return (
            *(msg(_RESCALED, name=dimension_label(key)) for key in self.rescaled),
            *(msg(_LEFT_OUT, name=dimension_label(key)) for key in self.left_out),
        )

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
    notes: tuple[Message, ...] = ()


def predictors(facts: Facts, filters: Filters) -> Predictors:
    """Say what overall satisfaction is explained by: the scores of every dimension asked.

    Raises
    ------
    NotAvailable
        When overall satisfaction or the dimensions are not asked, or nothing but different
        scales in different surveys is.
    """
    one_scale(facts, filters, metric("csat_mean"))
    rated = [i for i in facts.asked(filters.surveys) if "csat" in i.measures]
    pleased = [q for q in questions(facts, filters, "satisfaction") if q.dimension]
    if pleased and len(rated) == 1 and {q.survey_id for q in pleased} == {rated[0].survey_id}:
        return _from_answers(filters, pleased, rated[0], "satisfaction")
    return _from_scores(facts, filters, rated)


def driver_sums(reader: Reader, facts: Facts, filters: Filters) -> DriverSums:
    """Count overall satisfaction against the scores of every dimension asked.

    Raises
    ------
    NotAvailable
        See `predictors`.
    """
    return _count(reader, predictors(facts, filters))


def _from_scores(facts: Facts, filters: Filters, rated: Sequence[ItemRow]) -> Predictors:
    """Take the scores that are kept, or the answers where these are on different scales."""
    surveys = {i.survey_id for i in rated}
    asked = [q for q in questions(facts, filters) if q.survey_id in surveys and q.dimension]
    slots = [
        (key, slot)
        for key, slot in facts.slots
        if surveys <= {q.survey_id for q in asked if q.dimension == key}
    ]
    if not slots:
        raise _no_dimensions()
    told = {key: {q.scale for q in asked if q.dimension == key} for key, _ in slots}
    mixed = tuple(key for key, scales in told.items() if len(scales) > 1)
    if mixed and len(rated) == 1:
        return _from_answers(
            filters, [q for q in asked if q.dimension in told], rated[0], "perception"
        )
    slots = [(key, slot) for key, slot in slots if key not in mixed]
    if not slots:
        raise different_scales(told[mixed[0]])
    where, params = survey_predicate(filters.for_survey())
    columns = [f"p_d{slot:d} AS x{k}" for k, (_, slot) in enumerate(slots)]
    inner = (
        f"SELECT block, {', '.join(columns)}, {SCORE_UNIT} * CAST(csat AS INTEGER) AS y "
        f"FROM response WHERE {where}"
    )
    names = tuple(key for key, _ in slots)
    known = tuple(next(iter(told[key])) for key in names)
    return Predictors(names, "perception", known, inner, params, left_out=mixed)


def _from_answers(
    filters: Filters, asked: Sequence[Question], outcome: ItemRow, viewpoint: str
) -> Predictors:
    names = list(dict.fromkeys(q.dimension for q in asked))
    scales: list[tuple[int, int]] = []
    columns, rescaled = [], []
    for k, name in enumerate(names):
        own = [q for q in asked if q.dimension == name]
        values, told = [f"a.{q.column(viewpoint)}" for q in own], [q.scale for q in own]
        if len(set(told)) > 1:
            rescaled.append(name)
        score = place_sql(values, told) if name in rescaled else score_sql(values)
        scales.append((0, 1) if name in rescaled else told[0])
        columns.append(f"{score} AS x{k}")
    origin, params = source(outcome.survey_id, filters)
    inner = (
        f"SELECT {BLOCK.format(id='a.response_id')} AS block, {', '.join(columns)}, "
        f"{SCORE_UNIT} * CAST(a.i{outcome.item_no:d} AS INTEGER) AS y {origin}"
    )
    return Predictors(tuple(names), viewpoint, tuple(scales), inner, params, tuple(rescaled))


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
    return DriverSums(found.names, found.viewpoint, _blocks(table, len(columns)), found.notes)


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
