"""Where the answers to each indicator of the index lie, survey by survey, and on which scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.model.satisfaction_index import IndexDefinition, WeightedIndicator, is_indicator
from csat.queries.apart import LETTERS
from csat.queries.catalogue import ItemRow
from csat.queries.facts import Facts
from csat.stats.index import LEAST_PRESENT
from csat.store.scores import SCORE_UNIT

_YES_NO: Final[dict[str, str]] = {
    "csat_top_box": "r.csat_top",
    "recommend_share": "r.recommend_top",
}
_NPS: Final = (
    "CASE WHEN r.nps IS NULL THEN NULL WHEN r.nps >= 9 THEN 1 WHEN r.nps <= 6 THEN -1 ELSE 0 END"
)


@dataclass(frozen=True, slots=True)
class Source:
    """A value that each respondent of a survey has, and the ends of its scale.

    ``worst`` is 0 of the index and ``best`` 100; ``of_item`` says that the value lies in the
    table of the survey's answers.
    """

    sql: str
    worst: int
    best: int
    of_item: bool = False

    def scaled(self) -> str:
        """Return SQL of the value from 0 (worst) to 1 (best)."""
        return (
            f"(CAST({self.sql} AS DOUBLE) - ({self.worst:d})) / "
            f"(({self.best:d}) - ({self.worst:d}))"
        )

    def turned(self) -> Source:
        """Return the same value where low is good."""
        return Source(self.sql, self.best, self.worst, self.of_item)


@dataclass(frozen=True, slots=True)
class Shape:
    """Surveys whose answers are scored alike.

    ``missing`` is the weight of the indicators that they do not ask.
    """

    surveys: tuple[int, ...]
    asked: tuple[tuple[WeightedIndicator, Source], ...]
    missing: float

    def joined(self) -> str:
        """Return SQL that joins the answers to single questions, where any is needed."""
        if not any(source.of_item for _, source in self.asked):
            return ""
        return f" JOIN answers_{self.surveys[0]:d} a ON a.response_id = r.response_id"


def shapes(facts: Facts, filters: Filters, definition: IndexDefinition) -> list[Shape]:
    """Return the chosen surveys that ask at least half of the index, by weight.

    Each survey's answers are put on 0 to 100 by its own scale, so that surveys on different
    scales can be pooled.
    """
    whole = sum(i.weight for i in definition.indicators)
    by_survey: dict[int, list[ItemRow]] = {}
    for item in facts.asked(filters.surveys):
        by_survey.setdefault(item.survey_id, []).append(item)
    found: list[Shape] = []
    for survey, items in by_survey.items():
        asked = tuple(
            (i, source.turned() if i.low_is_good else source)
            for i in definition.indicators
            if (source := source_of(facts, items, i.metric)) is not None
        )
        held = sum(i.weight for i, _ in asked)
        if not asked or held < (LEAST_PRESENT - 1e-12) * whole:
            continue
        twin = next((s for s in found if s.asked == asked and not s.joined()), None)
        if twin is not None:
            found[found.index(twin)] = Shape((*twin.surveys, survey), asked, twin.missing)
        else:
            found.append(Shape((survey,), asked, whole - held))
    return found


def source_of(facts: Facts, items: list[ItemRow], key: str) -> Source | None:
    """Return where one survey's answers to an indicator lie, None where it does not ask it."""
    entry = metric(key)
    if entry.field == "item":
        item = next((i for i in items if i.key == entry.argument), None)
        return None if item is None else Source(f"a.i{item.item_no:d}", *item.scale, of_item=True)
    if entry.field == "dimension":
        return _dimension(facts, items, key)
    item = next((i for i in items if entry.field in i.measures), None)
    if item is None:
        return None
    if key in _YES_NO:
        return Source(_YES_NO[key], 0, 1)
    if key == "nps":
        return Source(_NPS, -1, 1)
    return Source(f"r.{entry.field}", *item.scale)


def _dimension(facts: Facts, items: list[ItemRow], key: str) -> Source | None:
    """Return the score of a dimension, where all its questions share one scale."""
    name, _, dimension = key.partition(":")
    slot = facts.slot(dimension)
    views = ("perception",) if name == "perception" else ("perception", "desired")
    own = [i for i in items if i.dimension == dimension and i.viewpoint in views]
    scales = {i.scale for i in own}
    if slot is None or len(scales) != 1 or {i.viewpoint for i in own} != set(views):
        return None
    low, high = scales.pop()
    ends = (low, high) if name == "perception" else (low - high, high - low)
    return Source(f"r.{LETTERS[name]}_d{slot:d}", SCORE_UNIT * ends[0], SCORE_UNIT * ends[1])


def unasked(facts: Facts, definition: IndexDefinition) -> tuple[str, ...]:
    """Return the indicators of a definition that no survey asks so far."""
    by_survey: dict[int, list[ItemRow]] = {}
    for item in facts.asked(()):
        by_survey.setdefault(item.survey_id, []).append(item)
    return tuple(
        i.metric
        for i in definition.indicators
        if is_indicator(i.metric)
        and all(source_of(facts, items, i.metric) is None for items in by_survey.values())
    )


def viewpoint_of(facts: Facts, key: str) -> str:
    """Return the viewpoint from which an indicator is asked, "" where none is known."""
    entry = metric(key)
    if entry.field == "dimension":
        return "perception" if key.startswith("perception") else ""
    asked = facts.asked(())
    return next((i.viewpoint for i in asked if i.key == entry.argument), "")
