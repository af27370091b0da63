"""What managers, contact staff and auditors of the sample say, with the gaps planted in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import numpy as np
import pyarrow as pa

from csat.sample.customers import numbered
from csat.sample.draw import (
    Floats,
    chance,
    draw_allocation,
    latent_mean,
    pick,
    spread,
    text_column,
    to_scale,
)
from csat.sample.instrument import DIMENSIONS, ITEMS, column
from csat.sample.organisation import BRANCHES, CHANNELS, SMALL_BRANCH, TOUCHPOINTS, Group, names

LOW, HIGH = 1, 7
GENERAL_PART, DIMENSION_PART, ITEM_PART = 0.45, 0.45, 0.77
BLANK_SHARE: Final = 0.02
NO_STANDARD: Final = 0
NO_STANDARD_SHARE: Final = 0.04
LAST_DAYS: Final = 120
"""The company was asked and audited in the days before the data end."""


@dataclass(frozen=True, slots=True)
class Levels:
    """Planted mean ratings (1 to 7) of one dimension by viewpoint, and of statements about it.

    ``formality``, ``meeting`` and ``keeping`` are the statements of managers (how formal the
    standards are) and of staff (how well standards and promises can be kept).
    """

    believed: float
    standard: float
    delivered: float
    promised: float
    formality: float
    meeting: float
    keeping: float


COMPANY: Final[dict[str, Levels]] = {
    "tangibles": Levels(6.3, 6.2, 5.7, 5.9, 6.0, 5.2, 6.0),
    "reliability": Levels(6.5, 6.3, 5.3, 5.8, 5.8, 4.2, 5.2),
    "responsiveness": Levels(6.3, 5.5, 5.4, 5.7, 3.9, 5.9, 5.6),
    "assurance": Levels(6.3, 6.1, 5.9, 6.6, 5.6, 5.7, 4.6),
    "empathy": Levels(5.5, 5.4, 5.5, 5.7, 5.2, 5.9, 5.7),
}
"""The largest internal gap is planted as 3, 3, 2, 4 and 1, in the order above."""
GAP_OF: Final = {1: "understanding", 2: "standards", 3: "delivery", 4: "communication"}


@dataclass(frozen=True, slots=True)
class Felt:
    """One cause: its planted mean (7 is the good end), and which statements are reversed."""

    mean: float
    reversed: tuple[bool, ...]


_BOTH: Final = (False, True)
CAUSES: Final[dict[str, dict[str, Felt]]] = {
    "managers": {
        "research": Felt(4.1, _BOTH),
        "upward": Felt(2.9, _BOTH),
        "levels": Felt(4.6, (True,)),
        "commitment": Felt(4.8, _BOTH),
        "goals": Felt(3.2, (False,)),
        "standardisation": Felt(4.4, (False,)),
        "feasibility": Felt(4.9, _BOTH),
    },
    "staff": {
        "teamwork": Felt(5.2, (False,)),
        "job_fit": Felt(5.4, (False,)),
        "technology_fit": Felt(3.0, (False,)),
        "control": Felt(4.3, _BOTH),
        "supervision": Felt(4.6, (False,)),
        "role_conflict": Felt(4.2, (True,)),
        "role_ambiguity": Felt(4.8, _BOTH),
        "horizontal": Felt(2.8, _BOTH),
        "overpromise": Felt(3.6, (True,)),
    },
}
BELIEVED_POINTS: Final[dict[str, int]] = {
    "tangibles": 21,
    "reliability": 24,
    "responsiveness": 15,
    "assurance": 30,
    "empathy": 10,
}
"""How managers think customers would spread 100 points; customers put reliability first."""
PEOPLE: Final = {"managers": 140, "staff": 320, "audit": 420}


def planted_gap(dimension: str, gap: int) -> float:
    """Return the gap planted in a dimension.

    Examples
    --------
    >>> planted_gap("empathy", 1), planted_gap("assurance", 4)
    (-0.8, -0.7)
    """
    found = COMPANY[dimension]
    desired = next(d.desired for d in DIMENSIONS if d.key == dimension)
    sides = {
        1: (found.believed, desired),
        2: (found.standard, found.believed),
        3: (found.delivered, found.standard),
        4: (found.delivered, found.promised),
    }
    actual, reference = sides[gap]
    return round(actual - reference, 2)


def largest_gap(dimension: str) -> int:
    """Return the internal gap planted as the largest.

    Examples
    --------
    >>> [largest_gap(d.key) for d in DIMENSIONS]
    [3, 3, 2, 4, 1]
    """
    return min(GAP_OF, key=lambda gap: planted_gap(dimension, gap))


def company_table(rng: np.random.Generator, name: str, as_of: date) -> Any:
    """Simulate the answers to one questionnaire.

    Parameters
    ----------
    name
        A key of `PEOPLE`.
    as_of
        The last day of the data.

    Returns
    -------
    pyarrow.Table
        One row per answer; ratings as they were ticked, reversed statements not turned round.
    """
    count = PEOPLE[name]
    people = _People(rng, count)
    day = np.datetime64(as_of, "D") - 1 - rng.integers(0, LAST_DAYS, count)
    order = np.argsort(day, kind="stable")
    columns: dict[str, Any] = {
        "response_id": numbered(name[0].upper(), count),
        "submitted_at": pa.array(day[order].astype("M8[s]")),
        "branch": _groups(rng, tuple(b for b in BRANCHES if b.name != SMALL_BRANCH), count),
    }
    if name == "audit":
        columns["channel"] = _groups(rng, CHANNELS, count)
        columns["touchpoint"] = _groups(rng, TOUCHPOINTS, count)
    levels = {"managers": {"M": "believed"}, "staff": {}}
    seen = {"S": "standard", "V": "delivered", "R": "promised"}
    for letter, attribute in levels.get(name, seen).items():
        for item in ITEMS:
            wanted = getattr(COMPANY[item.dimension], attribute)
            columns[column(letter, item.number)] = people.rate(wanted, item.dimension)
    if name == "managers":
        columns |= _believed_points(rng.spawn(1)[0], count)
    said = {"managers": {"F": "formality"}, "staff": {"N": "meeting", "K": "keeping"}, "audit": {}}
    for letter, attribute in said[name].items():
        for d in DIMENSIONS:
            wanted = getattr(COMPANY[d.key], attribute)
            columns[f"{letter}_{d.key}"] = people.rate(wanted, d.key, none=True)
    for cause, felt in CAUSES.get(name, {}).items():
        for k, turned in enumerate(felt.reversed, 1):
            wanted = LOW + HIGH - felt.mean if turned else felt.mean
            columns[f"{cause}.{k}"] = people.rate(wanted)
    return pa.table(columns)


def _believed_points(rng: np.random.Generator, count: int) -> dict[str, Any]:
    """Draw managers' points, with a stream of their own so that nothing else moves."""
    given = draw_allocation(rng, list(BELIEVED_POINTS.values()), count)
    return {f"B_{key}": pa.array(given[:, k]) for k, key in enumerate(BELIEVED_POINTS)}


class _People:
    """Who answers: a general lean of each and one for each dimension, anew for each viewpoint."""

    def __init__(self, rng: np.random.Generator, count: int) -> None:
        self._rng, self._count = rng, count
        self._general = _centred(spread(rng, count))
        self._own: dict[str, Floats] = {key: _centred(spread(rng, count)) for key in _LEANS}

    def rate(self, wanted: float, dimension: str = "", *, none: bool = False) -> Any:
        """Draw ratings whose mean is as wanted; some are blank or say that there is none."""
        value = spread(self._rng, self._count) * np.float32(ITEM_PART)
        value += self._general * np.float32(GENERAL_PART)
        value += self._own[dimension] * np.float32(DIMENSION_PART)
        ratings = to_scale(value + np.float32(latent_mean(wanted, 1.0, LOW, HIGH)), LOW, HIGH)
        if none:
            ratings[chance(self._rng, NO_STANDARD_SHARE, self._count)] = NO_STANDARD
        return pa.array(ratings, mask=chance(self._rng, BLANK_SHARE, self._count))


_LEANS: Final = ("", *COMPANY)


def _centred(leans: Floats) -> Floats:
    """Bring leans to a mean of nothing: so few people would shift what is planted."""
    centred: Floats = leans - leans.mean(dtype=np.float32)
    return centred


def _groups(rng: np.random.Generator, groups: tuple[Group, ...], count: int) -> Any:
    return text_column(names(groups), pick(rng, [max(g.share, 0.03) for g in groups], count))
