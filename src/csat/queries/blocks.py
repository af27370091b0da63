"""The questions of a survey as blocks: which answers make a pair, and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from csat.model.filters import Filters
from csat.queries.catalogue import ItemRow
from csat.queries.facts import Facts
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.comoments import Comoments
from csat.store.scores import POINTS_SCALE


@dataclass(frozen=True, slots=True)
class Question:
    """One question seen from several viewpoints; its key is that of the perception.

    Parameters
    ----------
    views
        Viewpoint to the item that asks it.
    """

    key: str
    wording: str
    dimension: str
    survey_id: int
    survey: str
    scale: tuple[int, int]
    views: dict[str, ItemRow]

    def column(self, viewpoint: str) -> str:
        """Return the column of a viewpoint's answers."""
        return f"i{self.views[viewpoint].item_no:d}"

    @property
    def difference(self) -> str:
        """SQL of perception less desired level, of the answers ``a``."""
        return f"(a.{self.column('perception')} - a.{self.column('desired')})"


def questions(facts: Facts, filters: Filters, main: str = "perception") -> tuple[Question, ...]:
    """Return the questions of the chosen surveys that are asked from a viewpoint, in order."""
    asked = facts.asked(filters.surveys)
    twins: dict[tuple[int, str], dict[str, ItemRow]] = {}
    for item in asked:
        if item.pair:
            twins.setdefault((item.survey_id, item.pair), {})[item.viewpoint] = item
    return tuple(
        Question(
            item.key,
            item.wording,
            item.dimension,
            item.survey_id,
            item.survey,
            item.scale,
            twins[item.survey_id, item.pair] if item.pair else {item.viewpoint: item},
        )
        for item in asked
        if item.viewpoint == main and (item.pair or item.dimension)
    )


def allocation(facts: Facts, filters: Filters) -> tuple[ItemRow, ...]:
    """Return the questions over which respondents spread 100 points, one for each dimension."""
    return tuple(
        i
        for i in facts.asked(filters.surveys)
        if i.viewpoint == "importance" and i.dimension and not i.pair and i.scale == POINTS_SCALE
    )


def surveys_of(asked: Iterable[Question]) -> tuple[int, ...]:
    """Return the surveys of some questions, in order."""
    return tuple(dict.fromkeys(q.survey_id for q in asked))


def source(survey_id: int, filters: Filters) -> tuple[str, dict[str, object]]:
    """Return the FROM and WHERE of one survey's answers ``a``, and its parameters.

    The table holds the rows of this survey alone, so that without filters nothing is joined.
    """
    narrowed = replace(filters.for_survey(), surveys=(), compare="previous")
    if narrowed == Filters(filters.program):
        return f"FROM answers_{survey_id:d} a WHERE TRUE", {}
    where, params = survey_predicate(narrowed, "r.")
    return (
        f"FROM answers_{survey_id:d} a WHERE a.response_id IN (SELECT r.response_id "
        f"FROM response r WHERE r.survey_id = $survey_id AND {where})",
        {"survey_id": survey_id, **params},
    )


def comoments(
    reader: Reader, survey_id: int, filters: Filters, groups: Sequence[Sequence[str]]
) -> list[Comoments]:
    """Return the comoments of groups of answers, each over who answered all of it.

    Parameters
    ----------
    groups
        SQL of each answer of the survey's answers ``a``, such as ``a.i3``.

    Returns
    -------
    list of Comoments
        One for each group, in order; an empty group is over nobody.
    """
    return [_complete(reader, survey_id, filters, columns) for columns in groups]


def _complete(
    reader: Reader, survey_id: int, filters: Filters, columns: Sequence[str]
) -> Comoments:
    """Count one group over those who answered all of it; a scan of its own is the cheapest."""
    if not columns:
        return Comoments(0, (), ())
    parts = ["COUNT(*) AS n"]
    for i, one in enumerate(columns):
        parts.append(f"SUM({one}) AS s{i}")
        for j, other in enumerate(columns[i:], i):
            parts.append(f"SUM(CAST({one} AS INTEGER) * {other}) AS p{i}_{j}")
    origin, params = source(survey_id, filters)
    everyone = " AND ".join(f"{c} IS NOT NULL" for c in columns)
    row = reader.rows(f"SELECT {', '.join(parts)} {origin} AND {everyone}", params)[0]
    k = len(columns)
    return Comoments(
        int(row["n"]),
        [int(row[f"s{i}"] or 0) for i in range(k)],
        [[int(row[f"p{i}_{j}"] or 0) for j in range(i, k)] for i in range(k)],
    )
