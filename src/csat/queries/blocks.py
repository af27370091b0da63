"""The questions of a survey as blocks: which answers make a pair, and where they lie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from csat.model.filters import Filters
from csat.queries.catalogue import ItemRow
from csat.queries.facts import Facts
from csat.queries.predicate import survey_predicate
from csat.stats.rating_sums import Difference
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
    def versus(self) -> Difference:
        """The columns of the perception and of the level desired, "" where that is not asked."""
        return self.column("perception"), self.column("desired") if "desired" in self.views else ""


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
