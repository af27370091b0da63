"""The ladder of expectations, and the rung that the perceived service reaches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

STANDARDS = ("worst_possible", "adequate", "should", "desired", "ideal")
"""Levels that judge a service, from the bottom up."""

PREDICTIONS = ("predicted_low", "predicted", "predicted_high")
"""Levels people foresee: a range around the adequate level, and no standard."""


@dataclass(frozen=True, slots=True)
class LadderPlace:
    """Where a perception stands among the expectation levels of a group.

    ``reached`` is the highest rung at or below the perception and ``next`` the lowest above it;
    ``surely_reached`` is the highest rung at or below the low end of the perception's interval.
    Each is None where there is no such rung. ``way`` is the part of the way from ``reached`` to
    ``next``, 0 to 1. ``disordered`` names each standard that lies below the one before it: the
    group did not tell the two apart as the wording meant.
    """

    reached: str | None
    surely_reached: str | None
    next: str | None
    way: float | None
    disordered: tuple[str, ...]


def ladder_place(
    levels: Mapping[str, float], perceived: float, low: float | None = None
) -> LadderPlace:
    """Return the place of a perception on the ladder of expectations.

    The levels run from the worst possible through the least acceptable (adequate) and what
    should be to the ideal; what is predicted is a range around the adequate level, and no
    standard. All are means on one scale, of the same respondents.

    Parameters
    ----------
    levels : Mapping of str to float
        Mean of each level asked: at least one of `STANDARDS` and `PREDICTIONS`.
    perceived : float
        Mean perception on the same scale.
    low : float, optional
        Low end of its interval; without one no rung is surely reached.

    Raises
    ------
    ValueError
        If there is no level, or one that is not on the ladder.

    Examples
    --------
    >>> place = ladder_place({"adequate": 4.0, "should": 6.0, "ideal": 6.5}, 4.5, low=4.2)
    >>> place.reached, place.next, place.way, place.surely_reached
    ('adequate', 'should', 0.25, 'adequate')
    """
    known = (*STANDARDS, *PREDICTIONS)
    if not levels or set(levels) - set(known):
        raise ValueError(f"levels must be some of {', '.join(known)}; got {', '.join(levels)}")
    # Rungs of equal height keep their order.
    by_height = sorted((name for name in known if name in levels), key=lambda name: levels[name])
    reached = _highest(by_height, levels, perceived)
    above = next((name for name in by_height if levels[name] > perceived), None)
    way = None
    if reached is not None and above is not None:
        way = (perceived - levels[reached]) / (levels[above] - levels[reached])
    surely = None if low is None else _highest(by_height, levels, low)
    standards = [name for name in STANDARDS if name in levels]
    disordered = tuple(b for a, b in pairwise(standards) if levels[b] < levels[a])
    return LadderPlace(reached, surely, above, way, disordered)


def _highest(by_height: Sequence[str], levels: Mapping[str, float], limit: float) -> str | None:
    return next((name for name in reversed(by_height) if levels[name] <= limit), None)
