"""Ratings: a general impression, five dimension factors and item noise behind each answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa

from csat.sample.draw import (
    Flags,
    Floats,
    Ints,
    Ratings,
    chance,
    draw_allocation,
    latent_mean,
    latent_shifts,
    spread,
    to_scale,
)
from csat.sample.instrument import (
    DIMENSIONS,
    ITEMS,
    NOT_APPLICABLE,
    PREDICTED,
    VIEWPOINTS,
    Item,
    column,
    points_column,
)
from csat.sample.plan import Plan
from csat.sample.truths import REWORDED_ITEM
from csat.sample.visits import Visits

LOW, HIGH = 1, 7
SPREADS: Final = {"D": 0.9, "A": 1.05, "P": 1.25}
PREDICTED_SPREAD: Final = 1.1
GENERAL_PART, DIMENSION_PART, ITEM_PART = 0.57, 0.46, 0.68
BLANK_SHARE: Final = 0.03
NOT_APPLICABLE_SHARE: Final = 0.01
GENERAL_WEIGHT: Final = 0.55
OUTCOME_NOISE: Final = 0.62
POINTS_SHARE: Final = 1 / 3
PREDICTED_SHARE: Final = 1 / 4
SLIDING_DIMENSION: Final = "responsiveness"


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline question: its scale, and the normal value behind its ratings."""

    name: str
    low: int
    high: int
    mean: float
    sd: float

    def shifts(self, plan: Plan, key: str) -> Floats:
        """Return the shift per month that makes the mean rating change as planted."""
        return latent_shifts(plan.change(key).tolist(), self.mean, self.sd, self.low, self.high)


CSAT: Final = Headline("csat", 1, 5, 4.08, 0.95)
NPS: Final = Headline("nps", 0, 10, 8.12, 2.2)
CES: Final = Headline("ces", 1, 7, latent_mean(5.2, 1.4, 1, 7), 1.4)


@dataclass(frozen=True, slots=True)
class Answers:
    """Rating columns of the file and what the comments need to know."""

    columns: dict[str, Any]
    satisfaction: Floats
    strongest: Ints
    weakest: Ints


def draw_answers(rng: np.random.Generator, plan: Plan, visits: Visits) -> Answers:
    """Draw every rating of every response."""
    count = len(visits.at)
    general = spread(rng, count) + visits.lean
    factors = [spread(rng, count) for _ in DIMENSIONS]
    wishes = spread(rng, count)
    wish_factors = [spread(rng, count) for _ in DIMENSIONS]
    columns: dict[str, Any] = {}
    desired: dict[int, Ratings] = {}
    for prefix, level, _ in VIEWPOINTS:
        whole, parts = (general, factors) if prefix == "P" else (wishes, wish_factors)
        for item, mean in _item_means(level, SPREADS[prefix]):
            at = [d.key for d in DIMENSIONS].index(item.dimension)
            sd = np.float32(SPREADS[prefix])
            value = spread(rng, count) * np.float32(ITEM_PART)
            value += whole * np.float32(GENERAL_PART) + parts[at] * np.float32(DIMENSION_PART)
            value = value * sd + np.float32(mean)
            if prefix == "P":
                _plant(plan, visits, item, mean, value)
            ratings = to_scale(value, LOW, HIGH)
            if prefix == "D":
                desired[item.number] = ratings
            elif prefix == "A":
                ratings = np.minimum(ratings, desired[item.number])
            columns[column(prefix, item.number)] = _with_gaps(rng, ratings, prefix == "P")
    weighted = sum(np.float32(d.weight) * f for d, f in zip(DIMENSIONS, factors, strict=True))
    pleased = np.float32(GENERAL_WEIGHT) * general + weighted
    satisfaction = np.zeros(count, dtype=np.float32)
    for question in (CSAT, NPS, CES):
        noise = spread(rng, count) * np.float32(OUTCOME_NOISE)
        value = (pleased + noise) * np.float32(question.sd) + np.float32(question.mean)
        value += _headline_shift(plan, visits, question)
        if question is CSAT:
            satisfaction = value
        columns[question.name] = _with_gaps(rng, to_scale(value, question.low, question.high))
    strongest, weakest = _extremes(factors)
    return Answers(columns, satisfaction, strongest, weakest)


def _item_means(level: str, sd: float) -> Iterator[tuple[Item, float]]:
    dimensions = {d.key: d for d in DIMENSIONS}
    for item in ITEMS:
        lean = item.lean if level == "perceived" else item.lean / 4
        wanted = getattr(dimensions[item.dimension], level) + lean
        yield item, latent_mean(wanted, sd, LOW, HIGH)


def _plant(plan: Plan, visits: Visits, item: Item, mean: float, value: Floats) -> None:
    sd = SPREADS["P"]
    if item.number == REWORDED_ITEM:
        changes = plan.change("wording").tolist()
        value += latent_shifts(changes, mean, sd, LOW, HIGH)[visits.month]
    if item.dimension == SLIDING_DIMENSION:
        changes = plan.change("slide_responsiveness").tolist()
        row = np.flatnonzero(visits.sliding)
        value[row] += latent_shifts(changes, mean, sd, LOW, HIGH)[visits.month[row]]


def _headline_shift(plan: Plan, visits: Visits, question: Headline) -> Floats:
    effects: dict[str, list[tuple[str, Flags]]] = {
        "csat": [
            ("slide_csat", visits.sliding),
            ("season_csat", visits.seasonal),
            ("booking_csat", visits.booked),
        ],
        "nps": [("slide_nps", visits.sliding)],
        "ces": [("booking_ces", visits.booked)],
    }
    shift = np.zeros(len(visits.at), dtype=np.float32)
    for key, where in effects[question.name]:
        shift += question.shifts(plan, key)[visits.month] * where
    return shift


def _with_gaps(rng: np.random.Generator, ratings: Ratings, special: bool = False) -> Any:
    if special:
        ratings[chance(rng, NOT_APPLICABLE_SHARE, len(ratings))] = NOT_APPLICABLE
    return pa.array(ratings, mask=chance(rng, BLANK_SHARE, len(ratings)))


def _extremes(factors: list[Floats]) -> tuple[Ints, Ints]:
    strongest = weakest = np.zeros(len(factors[0]), dtype=np.int64)
    best, worst = factors[0].copy(), factors[0].copy()
    for at, factor in enumerate(factors[1:], 1):
        strongest = np.where(factor > best, at, strongest)
        weakest = np.where(factor < worst, at, weakest)
        best, worst = np.maximum(best, factor), np.minimum(worst, factor)
    return strongest, weakest


def draw_points(rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Draw how respondents spread 100 points over the dimensions; a third is asked.

    Each respondent leans his own way around the mean and gives points in fives.
    """
    asked = chance(rng, POINTS_SHARE, count)
    wanted = np.array([d.points for d in DIMENSIONS], dtype=np.float64)
    given = draw_allocation(rng, wanted, count)
    return {
        points_column(d.key): pa.array(given[:, k], mask=~asked) for k, d in enumerate(DIMENSIONS)
    }


def draw_predicted(rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Draw what respondents foresee for each item; a quarter is asked."""
    asked = chance(rng, PREDICTED_SHARE, count)
    whole = spread(rng, count)
    parts = [spread(rng, count) for _ in DIMENSIONS]
    keys = [d.key for d in DIMENSIONS]
    columns = {}
    for item, mean in _item_means("predicted", PREDICTED_SPREAD):
        value = spread(rng, count) * np.float32(ITEM_PART)
        value += whole * np.float32(GENERAL_PART)
        value += parts[keys.index(item.dimension)] * np.float32(DIMENSION_PART)
        ratings = to_scale(value * np.float32(PREDICTED_SPREAD) + np.float32(mean), LOW, HIGH)
        columns[column(PREDICTED, item.number)] = pa.array(ratings, mask=~asked)
    return columns
