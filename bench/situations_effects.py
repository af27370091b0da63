"""Situations of everything else with an interval: effects, changes and parts of them, places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray
from situations import TOP_HEAVY, TYPICAL, Limits, Rng, Situation, Table

from csat.stats.agreement import theme_scores
from csat.stats.attainment import mean_wait, pooled_share
from csat.stats.comparison import rate_difference, welch_difference
from csat.stats.funnel import funnel, rate_funnel
from csat.stats.importance_performance import importance_performance
from csat.stats.improvement import difference_in_differences, level_of_events, level_of_means
from csat.stats.index import Indicator, satisfaction_index
from csat.stats.kano import CLASSES, kano
from csat.stats.mix import decompose
from csat.stats.moments import Moments
from csat.stats.penalty_reward import penalty_reward
from csat.stats.priority import Estimate, priorities
from csat.stats.survival import kaplan_meier, survival_table
from csat.stats.tolerance import zone_of_tolerance, zone_sums

PEOPLE = 200_000
NAMES = ("a", "b", "c")


def effects() -> Iterator[Situation]:
    """Yield effects and places of dimensions, changes and their parts, and times."""
    yield from _scores()
    yield from _of_dimensions()
    yield from _kano()
    yield from _changes()
    yield from _improvements()
    yield from _times()
    yield from _funnels()


def moments(values: NDArray[np.floating[Any]]) -> Moments:
    """Return the moments of whole values."""
    return Moments(len(values), int(values.sum()), int(values @ values))


def _scores() -> Iterator[Situation]:
    items = [Indicator(name, weight, 1, 5) for name, weight in zip(NAMES, (5, 3, 2), strict=True)]

    def index(rng: Rng, n: int) -> Limits:
        answers = 1.0 + rng.choice(5, size=(n, 3), p=TOP_HEAVY)
        answers[rng.random((n, 3)) < 0.1] = np.nan
        found = satisfaction_index(answers, items)
        return (found.low, found.high) if found else (None, None)

    truth = 25 * float(TOP_HEAVY @ np.arange(5))
    text = "crowded at the top, a tenth unanswered"
    yield Situation("satisfaction index", "t", text, truth, index)

    rng = np.random.default_rng(21)
    mood = rng.normal(size=(PEOPLE, 1))
    adequate = np.clip(np.round(4 + rng.normal(size=(PEOPLE, 1))), 1, 9)
    desired = np.clip(adequate + rng.integers(1, 4, size=(PEOPLE, 1)), 1, 9)
    perceived = np.clip(np.round(5 + mood + rng.normal(size=(PEOPLE, 1))), 1, 9)
    levels = np.concatenate((adequate, desired, perceived), axis=1)

    def adequacy(rng: Rng, n: int) -> Limits:
        found = zone_of_tolerance(zone_sums(levels[rng.integers(0, PEOPLE, n)])).msa
        return found.low, found.high

    def below(rng: Rng, n: int) -> Limits:
        found = zone_of_tolerance(zone_sums(levels[rng.integers(0, PEOPLE, n)])).below
        return found.low, found.high

    text = "three columns, 1 to 9"
    yield Situation(
        "service adequacy and superiority",
        "paired t",
        text,
        float((perceived - adequate).mean()),
        adequacy,
    )
    yield Situation(
        "share below the adequate level",
        "Wilson",
        text,
        float((perceived < adequate).mean()),
        below,
    )
    themes = np.round(np.clip(60 + 15 * mood + 20 * rng.normal(size=(PEOPLE, 3)), 0, 100))

    def theme(rng: Rng, n: int) -> Limits:
        drawn = themes[rng.integers(0, PEOPLE, n)]
        found = theme_scores(n, drawn.sum(axis=0), drawn.T @ drawn)[0]
        return found.difference_low, found.difference_high

    away = float((themes @ [1, -0.5, -0.5]).mean())
    yield Situation("theme less the other themes", "paired t", "3 themes", away, theme)


def _of_dimensions() -> Iterator[Situation]:
    rng = np.random.default_rng(22)
    mood = rng.normal(size=(PEOPLE, 1))
    rated = np.clip(np.round(4.5 + mood + rng.normal(size=(PEOPLE, 2))), 1, 7)
    low, high = (rated <= 4).astype(float), (rated >= 6).astype(float)
    told = 4.0 - 0.8 * low[:, 0] + 0.4 * high[:, 0] - 0.2 * low[:, 1] + 0.6 * high[:, 1]
    noise = np.where(rated[:, 0] <= 4, 1.0, 0.5)

    def effect(rng: Rng, n: int, side: str) -> Limits:
        rows = rng.integers(0, PEOPLE, n)
        overall = told[rows] + noise[rows] * rng.normal(size=n)
        found = penalty_reward(rated[rows], overall, ["a", "b"], 4, 6).attributes
        one = getattr(found[0], side) if found else None
        return (one.low, one.high) if one else (None, None)

    for side, points in (("penalty", -0.8), ("reward", 0.4)):

        def one(rng: Rng, n: int, side: str = side) -> Limits:
            return effect(rng, n, side)

        text = "2 dimensions, unequal spread"
        yield Situation(f"{side} of a dimension", "HC3, t", text, points, one, 2000)

    given = np.round(rng.dirichlet([3.2, 2.2, 1.9], size=PEOPLE) * 20) * 5

    def stated(rng: Rng, n: int) -> Limits:
        rows = rng.integers(0, PEOPLE, n)
        values = np.column_stack((rated[rows], rated[rows][:, 0]))
        grid = importance_performance(NAMES, given[rows], values, draws=100)
        return (grid.items[0].importance_low, grid.items[0].importance_high) if grid else (0, 0)

    truth = float(given[:, 0].mean())
    yield Situation("importance of a dimension", "t", "points of 100", truth, stated, 1000)

    gaps = rated[:, 0] - 6
    worth = 0.4 * -float(gaps.mean()) * float((gaps < 0).mean())

    def first(rng: Rng, n: int) -> Limits:
        drawn = gaps[rng.integers(0, PEOPLE, n)]
        share = float((drawn < 0).mean())
        error = 0.3 / n**0.5
        parts = (
            Estimate(max(0.0, 0.4 + error * rng.normal()), error),
            Estimate(float(drawn.mean()), float(drawn.std(ddof=1)) / n**0.5),
            Estimate(share, (share * (1 - share) / n) ** 0.5),
        )
        short = float(np.where(drawn < 0, drawn, 0).mean())
        found = priorities({"a": parts}, {"a": (short - drawn.mean() * share) / n})["a"]
        return found.low, found.high

    text = "importance x gap x share affected"
    yield Situation("priority of a dimension", "delta method", text, worth, first)


def _kano() -> Iterator[Situation]:
    shares = np.array([0.30, 0.25, 0.15, 0.20, 0.05, 0.05])

    def better(rng: Rng, n: int) -> Limits:
        counts = rng.multinomial(n, shares).tolist()
        found = kano(dict(zip(CLASSES, counts, strict=True))).better
        return found.low, found.high

    yield Situation(
        "Kano's CS+ and CS-", "Wilson", "90% of pairs of use", 0.40 / 0.90, better, 20_000
    )


def _changes() -> Iterator[Situation]:
    def rates(rng: Rng, n: int) -> Limits:
        found = rate_difference(int(rng.poisson(0.08 * n)), n, int(rng.poisson(0.05 * n)), n)
        return found.low, found.high

    yield Situation(
        "change of a rate", "MOVER, exact limits", "0.08 less 0.05", 0.03, rates, 20_000
    )

    def beside(rng: Rng, n: int) -> Limits:
        few = moments(1.0 + rng.choice(5, size=max(6, n // 5), p=TYPICAL))
        found = welch_difference(few, moments(1.0 + rng.choice(5, size=n, p=TOP_HEAVY)))
        return (found.low, found.high) if found else (None, None)

    apart = float((TYPICAL - TOP_HEAVY) @ np.arange(1, 6))
    text = "one manager to 5 customers, at least 6"
    yield Situation("managers' belief less customers'", "Welch", text, apart, beside)

    levels, before = np.array([0.0, 1.0, 2.0]), np.array([0.5, 0.3, 0.2])
    now = np.array([0.3, 0.3, 0.4])
    middle, mean = (levels + levels) / 2, float((before + now) @ levels / 2)

    def parts(rng: Rng, n: int, part: str) -> Limits:
        sides = []
        for shares in (now, before):
            groups = rng.choice(3, size=n, p=shares)
            values = np.round(10 * (levels[groups] + rng.normal(size=n)))
            sides.append({str(g): moments(values[groups == g]) for g in range(3)})
        found = decompose(sides[0], sides[1])
        one = getattr(found, part) if found else None
        return (one.low, one.high) if one else (None, None)

    mixed = 10 * float((now - before) @ (middle - mean))
    for part, truth in (("within", 0.0), ("mix", mixed)):

        def one(rng: Rng, n: int, part: str = part) -> Limits:
            return parts(rng, n, part)

        name = "real part of a change" if part == "within" else "mix in a change"
        yield Situation(name, "normal", "3 groups", truth, one)


def _improvements() -> Iterator[Situation]:
    """Six months before and after, with and without the action; n answers or cases in each."""

    def months(rng: Rng, n: int, mean: float) -> Sequence[Moments]:
        counts = rng.multinomial(n, np.full(6, 1 / 6))
        return [moments(np.round(mean + 3 * rng.normal(size=k))) for k in counts.tolist()]

    def means(rng: Rng, n: int) -> Limits:
        levels = [level_of_means(months(rng, n, m)) for m in (52.0, 50.0, 51.0, 50.0)]
        if any(level is None for level in levels):
            return None, None
        found = difference_in_differences(*levels)  # type: ignore[arg-type]
        return found.low, found.high

    def events(rng: Rng, n: int) -> Limits:
        rates = (0.10 * 0.8, 0.10, 0.12, 0.12)
        levels = [
            level_of_events([(int(x), n / 6) for x in rng.poisson(rate * n / 6, size=6)])
            for rate in rates
        ]
        found = difference_in_differences(*levels)  # type: ignore[arg-type]
        return found.low, found.high

    text = "difference in differences, t"
    yield Situation("effect of an action on a mean", text, "12 months, two groups", 1.0, means)
    yield Situation("effect of an action on a rate", text, "the same, n served", log(0.8), events)


def _times() -> Iterator[Situation]:
    def curve(rng: Rng, n: int) -> tuple[Table, NDArray[np.bool_]]:
        times, until = rng.exponential(size=n), 1 + 3 * rng.random(n)
        return np.minimum(times, until), times <= until

    def late(rng: Rng, n: int) -> Limits:
        found = kaplan_meier(*survival_table(*curve(rng, n))).quantile(0.8)
        return (found.low or 0.0), (found.high if found.high is not None else np.inf)

    def still(rng: Rng, n: int) -> Limits:
        found = kaplan_meier(*survival_table(*curve(rng, n))).still_open(1.0)
        return found.low, found.high

    def mean(rng: Rng, n: int) -> Limits:
        times = rng.exponential(size=n)
        found = mean_wait(kaplan_meier(*survival_table(times, np.ones(n))))
        return (found.low, found.high) if found else (None, None)

    text = "Kaplan-Meier, log-log"
    yield Situation("time by which 80% are done", text, "some open", -log(0.2), late)
    yield Situation("share still open after a time", text, "some open", float(np.exp(-1)), still)
    yield Situation(
        "mean time of a standard", "t on the logarithm", "skewed (exponential)", 1.0, mean
    )

    def pooled(rng: Rng, n: int) -> Limits:
        mood = rng.random(n)
        met = [int((0.3 * mood + 0.7 * rng.random(n) < 0.8).sum()) for _ in range(2)]
        found = pooled_share([(m, n) for m in met])
        return (found.low, found.high) if found else (None, None)

    large = np.random.default_rng(23)
    share = float((0.3 * large.random(10**6) + 0.7 * large.random(10**6) < 0.8).mean())
    yield Situation(
        "share met over standards", "Wilson, least n", "2 clocks of the same cases", share, pooled
    )


def _funnels() -> Iterator[Situation]:
    """Limits hold the unit itself: what is drawn lies between them, 20 units that are alike."""

    def units(rng: Rng, n: int) -> Limits:
        found = funnel({str(i): (int(x), n) for i, x in enumerate(rng.binomial(n, 0.8, 20))})
        if found is None:
            return None, None
        one = found.points["0"]
        return one.low - one.share, one.high - one.share

    def rates(rng: Rng, n: int) -> Limits:
        sizes = {str(i): (int(x), n) for i, x in enumerate(rng.poisson(0.1 * n, 20))}
        found = rate_funnel(sizes)
        if found is None:
            return None, None
        one = found.points["0"]
        return one.low - one.share, one.high - one.share

    yield Situation(
        "95% limits of a funnel of shares", "Spiegelhalter", "20 units alike", 0.0, units
    )
    yield Situation(
        "95% limits of a funnel of rates", "Spiegelhalter", "20 units alike", 0.0, rates
    )
