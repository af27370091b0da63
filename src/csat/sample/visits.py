"""The circumstances of each survey response: when, where, who."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from csat.sample.customers import Customers
from csat.sample.draw import Flags, Floats, Ints, pick, pick_by_row
from csat.sample.months import Moments
from csat.sample.organisation import (
    BRANCHES,
    CHANNELS,
    CHANNELS_AT,
    IMPROVED_TOUCHPOINT,
    SEGMENTS,
    SLIDING_BRANCH,
    SMALL_BRANCH,
    STABLE_BRANCH,
    TOUCHPOINTS,
    Group,
    names,
)
from csat.sample.plan import Plan
from csat.sample.truths import SMALL_BRANCH_COUNTS


@dataclass(frozen=True, slots=True)
class Visits:
    """Circumstances of each response, by position."""

    at: Moments
    month: Ints
    branch: Ints
    channel: Ints
    touchpoint: Ints
    segment: Ints
    customer: Ints
    chinese: Flags
    lean: Floats
    """How the circumstances move the general impression; zero when nothing is planted."""

    @property
    def sliding(self) -> Flags:
        """Responses at the branch that slides."""
        there: Flags = self.branch == names(BRANCHES).index(SLIDING_BRANCH)
        return there

    @property
    def seasonal(self) -> Flags:
        """Responses at branches where the season matters."""
        there: Flags = self.branch != names(BRANCHES).index(STABLE_BRANCH)
        return there

    @property
    def booked(self) -> Flags:
        """Responses about the touchpoint that improved, where it did."""
        improved: Flags = self.touchpoint == names(TOUCHPOINTS).index(IMPROVED_TOUCHPOINT)
        return improved & self.seasonal


def draw_visits(
    rng: np.random.Generator, plan: Plan, customers: Customers, responses: int
) -> Visits:
    """Draw the circumstances of each response."""
    at = plan.calendar.draw(rng, responses)
    month = plan.calendar.month_of(at)
    branch = pick(rng, [group.share for group in BRANCHES], responses)
    _place_small_branch(rng, branch, month, len(plan.calendar.months))
    touchpoint = pick(rng, [group.share for group in TOUCHPOINTS], responses)
    channel = pick_by_row(rng, channel_weights(), touchpoint)
    customer = rng.integers(0, customers.surveyed, responses)
    segment = customers.segment[customer]
    lean = (
        _leans(BRANCHES)[branch]
        + _leans(CHANNELS)[channel]
        + _leans(TOUCHPOINTS)[touchpoint]
        + _leans(SEGMENTS)[segment]
    ) * np.float32(plan.planted)
    chinese = customers.chinese[customer]
    return Visits(at, month, branch, channel, touchpoint, segment, customer, chinese, lean)


def channel_weights() -> NDArray[np.float64]:
    """Return the channel shares of each touchpoint."""
    average = tuple(group.share for group in CHANNELS)
    return np.array([CHANNELS_AT.get(name, average) for name in names(TOUCHPOINTS)])


def _place_small_branch(rng: np.random.Generator, branch: Ints, month: Ints, months: int) -> None:
    small = names(BRANCHES).index(SMALL_BRANCH)
    edges = np.searchsorted(month, np.arange(months + 1))
    counts = pick(rng, SMALL_BRANCH_COUNTS, months)
    for first, last, count in zip(edges[:-1], edges[1:], counts, strict=True):
        chosen = rng.choice(last - first, min(count, last - first), replace=False)
        branch[first + chosen] = small


def _leans(groups: tuple[Group, ...]) -> Floats:
    return np.array([group.lean for group in groups], dtype=np.float32)
