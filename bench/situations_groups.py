"""Situations of weighted questions, and of a weighted group against all others of its survey."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from situations import Limits, Rng, Situation, Table
from situations_designs import POPULATION_OF_HEAVY, Codes, drawn_weights, ends, sums_of

from csat.stats.design_sums import (
    DesignSums,
    difference_from_sums,
    mean_from_sums,
    within,
)
from csat.stats.raking import rake

WHOLE = "t on the difference linearised as a whole"
GROUP = "weighted group less the others"
SHARE = "weighted share of a group less the others"
Flags = NDArray[np.bool_]


def groups() -> Iterator[Situation]:
    """Yield gaps of weighted questions, and groups against the others of one survey."""
    yield _question()
    yield from _singly()
    yield _clustered()
    yield from _raked()


def against(sums: DesignSums, inside: Flags) -> Limits:
    """Return the interval of a group less all others."""
    found = difference_from_sums(within(sums, inside), within(sums, ~inside))
    return (found.low, found.high) if found else (None, None)


def _question() -> Situation:
    desired = np.array([0.05, 0.25, 0.70])
    perceived = {
        True: np.array([0.02, 0.03, 0.05, 0.15, 0.25, 0.30, 0.20]),
        False: np.array([0.05, 0.10, 0.15, 0.25, 0.20, 0.15, 0.10]),
    }

    def question(rng: Rng, n: int) -> Limits:
        w = drawn_weights(rng, n)
        told = np.where(
            w > 1, rng.choice(7, n, p=perceived[True]), rng.choice(7, n, p=perceived[False])
        )
        gap = (told + 1.0) - (rng.choice(3, n, p=desired) + 5.0)
        return ends(mean_from_sums(sums_of(gap, w), bounds=(-6.0, 6.0)))

    means = {heavy: float(p @ np.arange(1, 8)) for heavy, p in perceived.items()}
    here = POPULATION_OF_HEAVY * means[True] + (1 - POPULATION_OF_HEAVY) * means[False]
    truth = here - float(desired @ np.arange(5, 8))
    text = "expectations at the ceiling, weights 1 and 3"
    return Situation("weighted gap of a question", "Taylor, t on the logit", text, truth, question)


def _singly() -> Iterator[Situation]:
    def mean(rng: Rng, n: int) -> Limits:
        w, inside = drawn_weights(rng, n), rng.random(n) < 0.3
        return against(sums_of(rng.normal(size=n) + (w > 1) + 0.5 * inside, w), inside)

    def share(rng: Rng, n: int) -> Limits:
        w, inside = drawn_weights(rng, n), rng.random(n) < 0.3
        marks = (rng.random(n) < np.where(inside, 0.8, 0.65)).astype(np.float64)
        return against(sums_of(marks, w), inside)

    yield Situation(GROUP, WHOLE, "3 of 10 answers, weights 1 and 3", 0.5, mean)
    yield Situation(SHARE, WHOLE, "3 of 10 answers, 0.8 less 0.65, weights 1 and 3", 0.15, share)


def _clustered() -> Situation:
    def drawn(rng: Rng, n: int) -> Limits:
        k = 10 if n < 100 else 20 if n < 1000 else 40
        codes: Codes = np.repeat(np.arange(k), n // k)
        inside = rng.random(len(codes)) < 0.5
        values = 0.5 * rng.normal(size=k)[codes] + rng.normal(size=len(codes)) + 0.3 * inside
        return against(sums_of(values, np.ones(len(codes)), cluster=codes), inside)

    return Situation(GROUP, WHOLE, "half of the answers of 10, 20, 40 branches", 0.3, drawn)


def _raked() -> Iterator[Situation]:
    """Two channels and three segments; who answers depends on both, and so do the answers."""
    people = np.array([[0.20, 0.15, 0.15], [0.15, 0.15, 0.20]])
    answering = np.outer([1.0, 0.5], [1.0, 0.7, 1.3])
    sampled = people * answering / (people * answering).sum()
    targets: dict[str, dict[Hashable, float]] = {
        "channel": dict(enumerate(people.sum(axis=1).tolist())),
        "segment": dict(enumerate(people.sum(axis=0).tolist())),
    }
    levels = 2 * np.array([[0.8, 0.7, 0.9], [0.3, 0.2, 0.4]])

    def raked(channel: Codes, segment: Codes, values: Table) -> DesignSums:
        n = len(values)
        cells, place = np.unique(3 * channel + segment, return_inverse=True)
        counts = np.bincount(place).astype(np.float64)
        kinds: dict[str, Any] = {"channel": (cells // 3).tolist(), "segment": (cells % 3).tolist()}
        found = rake(kinds, targets, counts)
        return replace(
            sums_of(values, np.ones(n)),
            factor=found.weights[place],
            margins=np.stack([channel, segment], axis=1),
            every_w=np.ones(n),
            every_ww=np.ones(n),
        )

    def drawn(rng: Rng, n: int) -> tuple[Codes, Codes]:
        codes = rng.choice(people.size, size=n, p=sampled.ravel())
        return codes // 3, codes % 3

    def half(rng: Rng, n: int) -> Limits:
        channel, segment = drawn(rng, n)
        inside = rng.random(n) < 0.5
        values = levels[channel, segment] + rng.normal(size=n) + 0.3 * inside
        return against(raked(channel, segment, values), inside)

    def channels(rng: Rng, n: int) -> Limits:
        channel, segment = drawn(rng, n)
        values = levels[channel, segment] + rng.normal(size=n)
        return against(raked(channel, segment, values), channel == 0)

    by_channel = (people * levels).sum(axis=1) / people.sum(axis=1)
    text = "raked to 2 channels and 3 segments"
    yield Situation(GROUP, WHOLE, f"half of the answers, {text}", 0.3, half, 1500, heavy=True)
    truth = float(by_channel[0] - by_channel[1])
    yield Situation(GROUP, WHOLE, f"one of the channels, {text}", truth, channels, 1500, heavy=True)
