"""The questions of a survey as blocks: which answers make a pair, and where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from csat.model.filters import Filters
from csat.queries.catalogue import ItemRow
from csat.queries.facts import Facts
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.stats.comoments import Comoments
from csat.store.scores import POINTS_SCALE

Difference = tuple[str, str]
"""A column of answers less another one; the second is "" where it stands alone."""


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
    def difference(self) -> Difference:
        """Perception less desired level."""
        return self.column("perception"), self.column("desired")


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


def chosen_answers(
    survey_id: int, filters: Filters, columns: Iterable[str]
) -> tuple[str, str, dict[str, object]]:
    """Return a WITH clause, the table to read and the parameters, for several reads at once.

    Under filters the chosen answers are looked up once and held; without, the table is read.
    """
    origin, params = source(survey_id, filters)
    if origin.endswith("WHERE TRUE"):
        return "", f"answers_{survey_id:d}", {}
    named = ", ".join(f"a.{c}" for c in dict.fromkeys(columns))
    return f"WITH chosen AS MATERIALIZED (SELECT {named} {origin}) ", "chosen", params


def comoments(
    reader: Reader, survey_id: int, filters: Filters, groups: Sequence[Sequence[Difference]]
) -> list[Comoments]:
    """Return the comoments of groups of answers, each over who answered all of it.

    Parameters
    ----------
    groups
        The columns of a survey's answers, each alone, or one less another one.

    Returns
    -------
    list of Comoments
        One for each group, in order; an empty group is over nobody.
    """
    begin, table, params = chosen_answers(
        survey_id, filters, (c for group in groups for one in group for c in one if c)
    )
    parts = [_sums_of(k, table, group) for k, group in enumerate(groups) if group]
    row = reader.rows(f"{begin}SELECT * FROM {', '.join(parts)}", params)[0] if parts else {}
    return [_told(row, k, len(group)) for k, group in enumerate(groups)]


def _sums_of(k: int, table: str, group: Sequence[Difference]) -> str:
    """Return SQL of the sums of one group; a scan of its own is the cheapest."""
    terms = [f"({one} - {less})" if less else one for one, less in group]
    parts = [f"COUNT(*) AS n{k}"]
    for i, one in enumerate(terms):
        parts.append(f"SUM({one}) AS s{k}_{i}")
        for j, other in enumerate(terms[i:], i):
            parts.append(f"SUM(CAST({one} AS INTEGER) * {other}) AS p{k}_{i}_{j}")
    everyone = " AND ".join(f"{c} IS NOT NULL" for pair in group for c in pair if c)
    return f"(SELECT {', '.join(parts)} FROM {table} WHERE {everyone})"


def _told(row: Mapping[str, Any], k: int, size: int) -> Comoments:
    if not size:
        return Comoments(0, (), ())
    return Comoments(
        int(row[f"n{k}"]),
        [int(row[f"s{k}_{i}"] or 0) for i in range(size)],
        [[int(row[f"p{k}_{i}_{j}"] or 0) for j in range(i, size)] for i in range(size)],
    )
