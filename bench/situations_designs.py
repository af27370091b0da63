"""Situations of weighted answers: survey weights, strata, clusters, raking, changes of them."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr
from situations import TOP_HEAVY, TYPICAL, Limits, Rng, Situation, Table

from csat.stats.design_estimate import DesignEstimate, design_difference
from csat.stats.design_sums import SINGLY, DesignSums, mean_from_sums, share_from_sums
from csat.stats.raking import rake

Codes = NDArray[np.int64]
HEAVY = 0.3
"""Part of the sample that weighs three times as much as the rest."""
POPULATION_OF_HEAVY = 3 * HEAVY / (3 * HEAVY + 1 - HEAVY)
CLASSES = np.array([-100.0, 0.0, 100.0])
ON_SCALE = "Taylor, t on the logit"


def designs() -> Iterator[Situation]:
    """Yield weighted means and shares, drawn singly, by strata, by branches, and raked."""
    yield from _weighted()
    yield from _stratified()
    yield from _clustered()
    yield from _raked()
    yield from _changes()


def sums_of(
    values: NDArray[np.floating[Any]],
    weights: Table,
    stratum: Codes | None = None,
    cluster: Codes | None = None,
    inside: NDArray[np.bool_] | None = None,
) -> DesignSums:
    """Return the sums of respondents, one row for each; those outside count as drawn alone."""
    none = np.zeros(len(values), dtype=np.int64)
    kept = np.ones(len(values)) if inside is None else inside.astype(np.float64)
    w, x = weights * kept, values * kept
    return DesignSums(
        none if stratum is None else stratum,
        none + SINGLY if cluster is None else cluster,
        np.ones(len(values)),
        np.ones(len(values)),
        kept,
        x,
        w,
        w**2,
        w * x,
        w * x**2,
        w**2 * x,
        w**2 * x**2,
    )


def ends(found: DesignEstimate | None) -> Limits:
    return (found.low, found.high) if found else (None, None)


def drawn_weights(rng: Rng, n: int) -> Table:
    """Draw weights of 3 and of 1."""
    return np.where(rng.random(n) < HEAVY, 3.0, 1.0)


def _mixed(heavy: float, light: float) -> float:
    """Return the population's level from those of who weighs much and who weighs little."""
    return POPULATION_OF_HEAVY * heavy + (1 - POPULATION_OF_HEAVY) * light


def _weighted() -> Iterator[Situation]:
    for heavy, light in ((0.9, 0.6), (0.98, 0.96)):

        def share(rng: Rng, n: int, heavy: float = heavy, light: float = light) -> Limits:
            w = drawn_weights(rng, n)
            marks = rng.random(n) < np.where(w > 1, heavy, light)
            return ends(share_from_sums(sums_of(marks.astype(np.float64), w)))

        text = f"weights 1 and 3, p = {_mixed(heavy, light):.2f}"
        truth = _mixed(heavy, light)
        yield Situation("weighted share", "Wilson, effective n", text, truth, share)

    def score(rng: Rng, n: int) -> Limits:
        w, draw = drawn_weights(rng, n), rng.random(n)
        promoters, detractors = np.where(w > 1, 0.6, 0.4), np.where(w > 1, 0.1, 0.3)
        values: Table = CLASSES[
            1 + (draw < promoters).astype(int) - (draw > 1 - detractors).astype(int)
        ]
        return ends(mean_from_sums(sums_of(values, w), bounds=(-100, 100)))

    yield Situation("weighted NPS", ON_SCALE, "weights 1 and 3", _mixed(50.0, 10.0), score)

    def crowded(rng: Rng, n: int) -> Limits:
        values = 1.0 + rng.choice(5, size=n, p=TOP_HEAVY)
        return ends(mean_from_sums(sums_of(values, drawn_weights(rng, n)), bounds=(1, 5)))

    def typical(rng: Rng, n: int) -> Limits:
        w, draws = drawn_weights(rng, n), rng.choice(5, size=(2, n), p=TYPICAL)
        values = 1.0 + np.where(w > 1, np.minimum(draws[0], 2), draws[1])
        return ends(mean_from_sums(sums_of(values, w), bounds=(1, 5)))

    truth = float(TOP_HEAVY @ np.arange(1, 6))
    text = "1 to 5, crowded at the top, weights 1 and 3"
    yield Situation("weighted mean", ON_SCALE, text, truth, crowded)
    steps = np.arange(5)
    truth = 1 + _mixed(float(TYPICAL @ np.minimum(steps, 2)), float(TYPICAL @ steps))
    yield Situation("weighted mean", ON_SCALE, "1 to 5, typical, weights 1 and 3", truth, typical)

    def uneven(rng: Rng, n: int) -> Limits:
        z = rng.normal(size=n)
        return ends(mean_from_sums(sums_of(0.5 * z + rng.normal(size=n), np.exp(0.8 * z))))

    # The weight exp(0.8 z) moves the mean of z to 0.8.
    yield Situation("weighted mean", "Taylor, t", "very uneven weights (deff 1.9)", 0.4, uneven)


def _stratified() -> Iterator[Situation]:
    drawn, population = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.3, 0.5])
    means, levels = np.array([-1.0, 0.0, 1.0]), np.array([0.6, 0.75, 0.9])

    def strata(n: int) -> tuple[Codes, Table]:
        codes = np.repeat(np.arange(3), np.round(n * drawn).astype(int))
        return codes, (population / drawn)[codes]

    def mean(rng: Rng, n: int) -> Limits:
        codes, w = strata(n)
        return ends(mean_from_sums(sums_of(means[codes] + rng.normal(size=len(w)), w, codes)))

    def share(rng: Rng, n: int) -> Limits:
        codes, w = strata(n)
        marks = (rng.random(len(w)) < levels[codes]).astype(np.float64)
        return ends(share_from_sums(sums_of(marks, w, codes)))

    text = "3 strata drawn at different rates"
    yield Situation("weighted mean", "Taylor, t", text, float(population @ means), mean)
    yield Situation(
        "weighted share", "Wilson, effective n", text, float(population @ levels), share
    )


def _clustered() -> Iterator[Situation]:
    branches = np.random.default_rng(4).normal(size=2000)
    level = 0.5 * branches

    def drawn(rng: Rng, n: int, k: int) -> tuple[Table, Codes]:
        codes = np.repeat(np.arange(k), n // k)
        own = branches[rng.integers(0, len(branches), k)]
        return 0.5 * own[codes] + rng.normal(size=len(codes)), codes

    def few(rng: Rng, n: int) -> Limits:
        values, codes = drawn(rng, n, 5)
        return ends(mean_from_sums(sums_of(values, np.ones(len(codes)), cluster=codes)))

    def few_share(rng: Rng, n: int) -> Limits:
        values, codes = drawn(rng, n, 5)
        marks = (values > -0.8).astype(np.float64)
        return ends(share_from_sums(sums_of(marks, np.ones(len(codes)), cluster=codes)))

    def group(rng: Rng, n: int) -> Limits:
        values, codes = drawn(rng, n, 10 if n < 100 else 20 if n < 1000 else 40)
        inside = rng.random(len(codes)) < 0.5
        return ends(
            mean_from_sums(sums_of(values, np.ones(len(codes)), cluster=codes, inside=inside))
        )

    truth = float(level.mean())
    yield Situation("mean, drawn by branches", "Taylor, t", "only 5 branches", truth, few)
    yield Situation(
        "share, drawn by branches",
        "Wilson, effective n",
        "only 5 branches",
        float(ndtr(level + 0.8).mean()),
        few_share,
    )
    yield Situation(
        "mean of a group, drawn by branches",
        "Taylor, t",
        "half of the answers of 10, 20, 40 branches",
        truth,
        group,
    )


def _raked() -> Iterator[Situation]:
    """Two channels and three segments; who answers depends on both, and so do the answers."""
    people = np.array([[0.20, 0.15, 0.15], [0.15, 0.15, 0.20]])
    answering = np.outer([1.0, 0.5], [1.0, 0.7, 1.3])
    sampled = people * answering / (people * answering).sum()
    cells = np.indices(people.shape).reshape(2, -1)
    targets: dict[str, dict[Hashable, float]] = {
        "channel": dict(enumerate(people.sum(axis=1).tolist())),
        "segment": dict(enumerate(people.sum(axis=0).tolist())),
    }
    levels = np.array([[0.8, 0.7, 0.9], [0.3, 0.2, 0.4]])

    def raked(rng: Rng, n: int, draw: Callable[[Codes], Table]) -> DesignSums:
        codes = rng.choice(people.size, size=n, p=sampled.ravel())
        values = draw(codes)
        counts, totals, squares = (
            np.bincount(codes, weights, minlength=people.size).astype(np.float64)
            for weights in (None, values, values**2)
        )
        seen = counts > 0
        channel, segment = (c[seen].tolist() for c in cells)
        counts, totals, squares = counts[seen], totals[seen], squares[seen]
        found = rake({"channel": channel, "segment": segment}, targets, counts)
        none = np.zeros(len(counts), dtype=np.int64)
        return DesignSums(
            none,
            none + SINGLY,
            found.weights,
            counts,
            counts,
            totals,
            counts,
            counts,
            totals,
            squares,
            totals,
            squares,
            margins=np.stack([c[seen] for c in cells], axis=1),
            every_w=counts,
            every_ww=counts,
        )

    def share(rng: Rng, n: int) -> Limits:
        def draw(codes: Codes) -> Table:
            return (rng.random(n) < levels.ravel()[codes]).astype(np.float64)

        return ends(share_from_sums(raked(rng, n, draw)))

    def mean(rng: Rng, n: int) -> Limits:
        return ends(
            mean_from_sums(
                raked(rng, n, lambda codes: 2 * levels.ravel()[codes] + rng.normal(size=n))
            )
        )

    def apart(rng: Rng, n: int) -> Limits:
        return ends(mean_from_sums(raked(rng, n, lambda codes: rng.normal(size=n))))

    text = "2 channels, 3 segments that rate differently"
    truth = float((people * levels).sum())
    yield Situation(
        "raked share", "Wilson, effective n of residuals", text, truth, share, 1500, heavy=True
    )
    yield Situation("raked mean", "Taylor on residuals, t", text, 2 * truth, mean, 1500, heavy=True)
    yield Situation(
        "raked mean",
        "Taylor on residuals, t",
        "all of them rate alike",
        0.0,
        apart,
        1500,
        heavy=True,
    )


def _changes() -> Iterator[Situation]:
    def estimates(rng: Rng, n: int, p: float) -> DesignEstimate | None:
        marks = (rng.random(n) < p).astype(np.float64)
        return share_from_sums(sums_of(marks, drawn_weights(rng, n)))

    def share(rng: Rng, n: int) -> Limits:
        now, before = estimates(rng, n, 0.8), estimates(rng, n, 0.7)
        found = design_difference(now, before) if now and before else None
        return (found.low, found.high) if found else (None, None)

    def mean(rng: Rng, n: int) -> Limits:
        now, before = (
            mean_from_sums(sums_of(rng.normal(size=n) + (w > 1), w))
            for w in (drawn_weights(rng, n), drawn_weights(rng, n))
        )
        found = design_difference(now, before) if now and before else None
        return (found.low, found.high) if found else (None, None)

    text = "Welch on the linearised errors"
    yield Situation("change of a weighted share", text, "0.8 less 0.7, weights 1 and 3", 0.1, share)
    yield Situation("change of a weighted mean", text, "weights 1 and 3", 0.0, mean)
