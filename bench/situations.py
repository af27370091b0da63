"""Situations in which an interval must cover the truth: populations, draws, and what is true."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from csat.stats.blocks import blocks_of
from csat.stats.comparison import newcombe_difference, nps_difference, welch_difference
from csat.stats.design import design_mean, design_share
from csat.stats.dimension_weights import normalised, weighted_score
from csat.stats.drivers import drivers
from csat.stats.importance_performance import importance_performance
from csat.stats.index import Indicator, satisfaction_index
from csat.stats.intervals import (
    nps_interval,
    poisson_interval,
    rating_mean_interval,
    wilson_interval,
)
from csat.stats.moments import Moments, moments_from_counts
from csat.stats.paired import bootstrap_gap_interval, paired_gap
from csat.stats.relative_importance import shares_of
from csat.stats.reliability import reliability
from csat.stats.survival import kaplan_meier, survival_table

Table = NDArray[np.float64]
Rng = np.random.Generator
Limits = tuple[float | None, float | None]

PEOPLE = 400_000
TYPICAL = np.array([0.05, 0.10, 0.20, 0.40, 0.25])
TOP_HEAVY = np.array([0.02, 0.03, 0.05, 0.20, 0.70])


@dataclass(frozen=True)
class Situation:
    """One interval in one population: `limits` of a sample of n, which should cover `truth`."""

    figure: str
    method: str
    population: str
    truth: float
    limits: Callable[[Rng, int], Limits]
    runs: int = 4000
    heavy: bool = False
    """Whether one sample of 1,000 takes so long that a quarter of the runs must do."""

    def runs_of(self, n: int) -> int:
        """Return how many samples of n are drawn."""
        return self.runs // 4 if self.heavy and n >= 1000 else self.runs


def situations() -> Iterator[Situation]:
    yield from _shares()
    yield from _ratings()
    yield from _gaps()
    yield from _composites()
    yield from _associations()
    yield from _designs()
    yield from _others()


def _shares() -> Iterator[Situation]:
    for p in (0.5, 0.85, 0.97):

        def one(rng: Rng, n: int, p: float = p) -> Limits:
            ci = wilson_interval(int(rng.binomial(n, p)), n)
            return ci.low, ci.high

        yield Situation("share", "Wilson", f"p = {p}", p, one, 20_000)

    def two(rng: Rng, n: int) -> Limits:
        change = newcombe_difference(int(rng.binomial(n, 0.8)), n, int(rng.binomial(n, 0.7)), n)
        return change.low, change.high

    yield Situation("change of a share", "Newcombe", "0.8 less 0.7", 0.1, two, 20_000)

    answers = np.array([0.5, 0.3, 0.2])

    def score(rng: Rng, n: int) -> Limits:
        ci = nps_interval(*rng.multinomial(n, answers).tolist())
        return ci.low, ci.high

    def change(rng: Rng, n: int) -> Limits:
        now, before = (tuple(rng.multinomial(n, answers).tolist()) for _ in range(2))
        found = nps_difference(now, before)
        return found.low, found.high

    yield Situation("NPS", "adjusted Wald", "50 / 30 / 20%", 30.0, score, 20_000)
    yield Situation("change of an NPS", "z", "both 50 / 30 / 20%", 0.0, change, 20_000)


def _counted(rng: Rng, n: int, shares: Table) -> dict[int, int]:
    return dict(zip(range(1, 6), rng.multinomial(n, shares).tolist(), strict=True))


def _ratings() -> Iterator[Situation]:
    for name, shares in (("typical", TYPICAL), ("crowded at the top", TOP_HEAVY)):
        truth = float(shares @ np.arange(1, 6))

        def mean(rng: Rng, n: int, shares: Table = shares) -> Limits:
            ci, _ = rating_mean_interval(_counted(rng, n, shares), 1, 5)
            return (ci.low, ci.high) if ci else (None, None)

        def change(rng: Rng, n: int, shares: Table = shares) -> Limits:
            now, before = (moments_from_counts(_counted(rng, n, shares)) for _ in range(2))
            found = welch_difference(now, before)
            return (found.low, found.high) if found else (None, None)

        yield Situation("mean rating", "t, or BCa near an end", f"1 to 5, {name}", truth, mean)
        yield Situation("change of a mean", "Welch", f"1 to 5, {name}", 0.0, change, 20_000)


def _pairs(seed: int) -> tuple[Table, Table]:
    """Return expectation and perception of 3 dimensions: expectations crowd at 7 of 7."""
    rng = np.random.default_rng(seed)
    person = rng.normal(size=(PEOPLE, 1))
    e = np.clip(np.round(6.6 + 0.5 * person + 0.8 * rng.normal(size=(PEOPLE, 3))), 1, 7)
    p = np.clip(np.round(person + np.array([5.2, 4.8, 6.2]) + rng.normal(size=(PEOPLE, 3))), 1, 7)
    return e, p


def _gaps() -> Iterator[Situation]:
    e, p = _pairs(1)
    gaps = (p - e)[:, 2].astype(np.int64)
    truth = float(gaps.mean())

    def by_t(rng: Rng, n: int) -> Limits:
        drawn = gaps[rng.integers(0, PEOPLE, n)]
        found = paired_gap(Moments(n, int(drawn.sum()), int(drawn @ drawn)))
        return found.low, found.high

    def by_bootstrap(rng: Rng, n: int) -> Limits:
        drawn = gaps[rng.integers(0, PEOPLE, n)]
        values, counts = np.unique(drawn, return_counts=True)
        ci = bootstrap_gap_interval(dict(zip(values.tolist(), counts.tolist(), strict=True)))
        return (ci.low, ci.high) if ci else by_t(rng, n)

    yield Situation("gap", "paired t", "expectations at the ceiling", truth, by_t, 20_000)
    yield Situation(
        "gap", "BCa below 50 pairs or if skewed, else t", "the same", truth, by_bootstrap
    )


def _composites() -> Iterator[Situation]:
    e, p = _pairs(2)
    weights = normalised({"a": 50, "b": 30, "c": 20})
    assert weights is not None

    def weighted(rng: Rng, n: int) -> Limits:
        rows = rng.integers(0, PEOPLE, n)
        found = weighted_score((p - e)[rows], weights)
        return (found.low, found.high) if found else (None, None)

    truth = float((p - e).mean(axis=0) @ [0.5, 0.3, 0.2])
    items = [Indicator("a", 5, 1, 7), Indicator("b", 3, 1, 7), Indicator("c", 2, 1, 7)]

    def index(rng: Rng, n: int) -> Limits:
        found = satisfaction_index(p[rng.integers(0, PEOPLE, n)], items)
        return (found.low, found.high) if found else (None, None)

    level = float(100 * ((p.mean(axis=0) - 1) / 6) @ [0.5, 0.3, 0.2])
    yield Situation("weighted SERVQUAL score", "t", "weights 50 / 30 / 20", truth, weighted)
    yield Situation("satisfaction index", "t", "weights 50 / 30 / 20", level, index)


def _associations() -> Iterator[Situation]:
    rng = np.random.default_rng(3)
    common = rng.normal(size=(PEOPLE, 1))
    normal = common + rng.normal(size=(PEOPLE, 4))
    crowded = np.clip(np.round(6.3 + 0.8 * normal), 1, 7)
    for name, items in (("normal", normal), ("ratings crowded at 7 of 7", crowded)):
        truth = reliability(np.cov(items.T), PEOPLE).alpha

        def alpha(rng: Rng, n: int, items: Table = items) -> Limits:
            found = reliability(np.cov(items[rng.integers(0, PEOPLE, n)].T), n)
            return found.low, found.high

        assert truth is not None
        yield Situation("Cronbach's alpha", "Feldt", name, truth, alpha, 2000)
    outcome = normal @ [0.6, 0.3, 0.1, 0.0] + 1.5 * rng.normal(size=PEOPLE)
    rows = np.column_stack((normal, rng.normal(size=PEOPLE), outcome))
    names = ["strong", "middle", "weak", "none", "noise"]
    shares = shares_of(np.cov(rows.T)[None])[0]
    for j in (0, 2, 4):

        def share(rng: Rng, n: int, j: int = j) -> Limits:
            sample = blocks_of(rows[rng.integers(0, PEOPLE, n)])
            found = drivers(sample, names, draws=500).drivers
            return (found[j].low, found[j].high) if found else (None, None)

        yield Situation(
            "driver's share of R²",
            "bootstrap percentile",
            f"{names[j]}: true share {shares[j]:.3f}",
            float(shares[j]),
            share,
            1000,
        )
    stated, rated = np.clip(np.round(normal + 6), 1, 7), np.clip(np.round(normal + 4.5), 1, 7)

    def performance(rng: Rng, n: int) -> Limits:
        drawn = rng.integers(0, PEOPLE, n)
        grid = importance_performance(list("abcd"), stated[drawn], rated[drawn], draws=100)
        return (grid.items[0].performance_low, grid.items[0].performance_high) if grid else (0, 0)

    truth = float(rated[:, 0].mean())
    yield Situation("performance of an item", "t", "1 to 7", truth, performance, 1000)


def _designs() -> Iterator[Situation]:
    """Branches of 5, 20 and 25 respondents drawn whole; weights that go with the answers."""
    rng = np.random.default_rng(4)
    branches = rng.normal(size=2000)

    def clustered(rng: Rng, n: int) -> tuple[Table, Any]:
        size = 3 if n < 100 else 5 if n < 1000 else 25
        drawn = rng.integers(0, len(branches), n // size)
        codes = np.repeat(np.arange(len(drawn)), size)
        return 0.5 * branches[drawn][codes] + rng.normal(size=len(codes)), codes.tolist()

    def mean(rng: Rng, n: int) -> Limits:
        values, codes = clustered(rng, n)
        found = design_mean(values, clusters=codes)
        return (found.low, found.high) if found else (None, None)

    def share(rng: Rng, n: int) -> Limits:
        values, codes = clustered(rng, n)
        found = design_share((values > -0.8).astype(float), clusters=codes)
        return (found.low, found.high) if found else (None, None)

    level = 0.5 * branches
    truth = float(level.mean())
    above = float(ndtr(level + 0.8).mean())

    def weighted(rng: Rng, n: int) -> Limits:
        weights = np.where(rng.random(n) < 0.3, 3.0, 1.0)
        values = rng.normal(size=n) + (weights > 1)
        found = design_mean(values, weights)
        return (found.low, found.high) if found else (None, None)

    yield Situation("mean, drawn by branches", "Taylor, t", "10, 20, 40 branches", truth, mean)
    yield Situation("share, drawn by branches", "Wilson, effective n", "the same", above, share)
    yield Situation("weighted mean", "Taylor, t", "weights 1 and 3", 0.9 / 1.6, weighted)


def _others() -> Iterator[Situation]:
    def rate(rng: Rng, n: int) -> Limits:
        ci = poisson_interval(int(rng.poisson(0.05 * n)), n)
        return ci.low, ci.high

    def median(rng: Rng, n: int) -> Limits:
        times, open_since = rng.exponential(size=n), 3 * rng.random(n)
        table = survival_table(np.minimum(times, open_since), times <= open_since)
        found = kaplan_meier(*table).median
        # A limit the follow-up does not reach is no limit on that side.
        return (found.low or 0.0), (found.high if found.high is not None else np.inf)

    yield Situation("complaints per transaction", "exact", "rate 0.05", 0.05, rate, 20_000)
    yield Situation("median waiting time", "Kaplan-Meier, log-log", "some open", np.log(2), median)
