"""Situations of raters: scores of visits, their difference from customers, and agreement."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from situations import Limits, Rng, Situation, Table

from csat.stats.audit import apart, site_score
from csat.stats.rater_intervals import alpha_over_visits, one_way_interval, two_way_interval

PEOPLE = 200_000
CRITERIA, PASSED = 10, 0.8


def raters() -> Iterator[Situation]:
    """Yield what raters' scores and their agreement are given as an interval."""
    yield from _scores()
    yield from _intraclass()
    yield from _alpha()


def _scores() -> Iterator[Situation]:
    rng = np.random.default_rng(11)
    chance = np.clip(PASSED + 0.1 * rng.normal(size=(PEOPLE, 1)), 0.3, 0.99)
    scores = 100 * (rng.random((PEOPLE, CRITERIA)) < chance).mean(axis=1)
    capped = np.where(rng.random(PEOPLE) < 0.1, np.minimum(scores, 60.0), scores)
    truth = float(capped.mean())

    def site(rng: Rng, n: int) -> Limits:
        found = site_score(capped[rng.integers(0, PEOPLE, n)].tolist())
        return (found.low, found.high) if found else (None, None)

    def beside(rng: Rng, n: int) -> Limits:
        found = site_score(capped[rng.integers(0, PEOPLE, n)].tolist())
        rated = 25.0 * rng.choice(5, size=5 * n, p=[0.05, 0.10, 0.20, 0.40, 0.25])
        if found is None:
            return None, None
        error = float(rated.std(ddof=1)) / len(rated) ** 0.5
        other = apart(found, float(rated.mean()), error, len(rated))
        return other.low, other.high

    text = "10 criteria, some visits capped"
    yield Situation("raters' score of visits", "t over visits", text, truth, site)
    level = 25.0 * float(np.arange(5) @ [0.05, 0.10, 0.20, 0.40, 0.25])
    yield Situation(
        "raters less customers", "Welch", "5 customers to a visit", truth - level, beside
    )


def _intraclass() -> Iterator[Situation]:
    def scores(rng: Rng, n: int, raters: float) -> Table:
        """Targets with a variance of 4, raters' levels as given, and noise of 1."""
        target, level = 2.0 * rng.normal(size=(n, 1)), raters**0.5 * rng.normal(size=(1, 3))
        return target + level + rng.normal(size=(n, 3))

    def same(rng: Rng, n: int) -> Limits:
        found = two_way_interval(scores(rng, n, 0.25))
        return (found.low, found.high) if found else (None, None)

    def others(rng: Rng, n: int) -> Limits:
        table = 2.0 * rng.normal(size=(n, 1)) + rng.normal(size=(n, 3))
        found = one_way_interval(table)
        return (found.low, found.high) if found else (None, None)

    yield Situation(
        "agreement of the same raters (ICC)", "McGraw and Wong", "3 raters", 4 / 5.25, same
    )
    yield Situation("agreement of any raters (ICC)", "exact F", "3 raters", 4 / 5, others)


def _alpha() -> Iterator[Situation]:
    """Two raters see the same 10 criteria of a visit and err in one of ten."""

    def judged(rng: Rng, n: int) -> Table:
        chance = np.clip(0.6 + 0.25 * rng.normal(size=(n, 1, 1)), 0.05, 0.95)
        truth = rng.random((n, CRITERIA, 1)) < chance
        wrong = rng.random((n, CRITERIA, 2)) < 0.1
        points: Table = (truth ^ wrong).astype(np.float64)
        return points

    def alpha(rng: Rng, n: int) -> Limits:
        found = alpha_over_visits(judged(rng, n).tolist(), ordered=False, draws=500)
        return (found.low, found.high) if found else (None, None)

    large = judged(np.random.default_rng(12), PEOPLE)
    share = float(large.mean())
    value = 1 - float((large[:, :, 0] != large[:, :, 1]).mean()) / (2 * share * (1 - share))
    yield Situation(
        "agreement on criteria (Krippendorff's alpha)",
        "bootstrap over visits",
        "2 raters, 10 criteria",
        value,
        alpha,
        800,
        heavy=True,
    )
