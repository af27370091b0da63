"""The formulas against another package's results on one real file of respondents."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.stats import norm, rankdata

from csat.stats.blocks import blocks_of
from csat.stats.comoments import comoments_of
from csat.stats.confirmatory import confirmatory
from csat.stats.drivers import drivers
from csat.stats.factorability import factorability
from csat.stats.importance_performance import importance_performance
from csat.stats.kano import kano, kano_counts
from csat.stats.least_squares import least_squares
from csat.stats.moments import Moments
from csat.stats.paired import gap_family
from csat.stats.penalty_reward import penalty_reward
from csat.stats.relative_importance import relative_weights, shapley_shares
from csat.stats.reliability import difference_reliability, reliability
from csat.stats.signed_rank import signed_rank

REFERENCE = Path(__file__).resolve().parents[4] / "shared" / "reference"
TOLERANCE = 1e-8
DIMENSIONS = ("tangible", "security", "economy", "convenience", "reliability", "control")

Table = np.ndarray[Any, np.dtype[np.float64]]


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    if not (REFERENCE / "kiosk_ref.json").exists():
        pytest.skip("the reference numbers are not beside this checkout")
    found: dict[str, Any] = json.loads((REFERENCE / "kiosk_ref.json").read_text(encoding="utf-8"))
    return found


class Kiosk:
    """Answers of the respondents: E, P, I and S per item, K pairs per feature, y overall."""

    def __init__(self, items: dict[str, list[int]]) -> None:
        with (REFERENCE / "kiosk_tidy.csv").open(encoding="utf-8") as file:
            self.rows = list(csv.DictReader(file))
        self.items = items

    def column(self, name: str) -> Table:
        return np.array([float(row[name]) for row in self.rows])

    def block(self, role: str, items: list[int]) -> Table:
        return np.column_stack([self.column(f"{role}{i}") for i in items])

    def scores(self, role: str) -> Table:
        return np.column_stack(
            [self.block(role, self.items[name]).mean(axis=1) for name in DIMENSIONS]
        )

    def gap_sums(self, name: str) -> list[int]:
        """Return the sum of a dimension's item gaps per respondent: whole numbers."""
        items = self.items[name]
        gaps = self.block("P", items) - self.block("E", items)
        return [int(x) for x in gaps.sum(axis=1)]

    def gap_moments(self, name: str) -> Moments:
        sums = self.gap_sums(name)
        return Moments(len(sums), sum(sums), sum(x * x for x in sums), len(self.items[name]))


@pytest.fixture(scope="module")
def kiosk(expected: dict[str, Any]) -> Kiosk:
    return Kiosk(expected["dims"])


def near(value: object) -> Any:
    return pytest.approx(value, rel=TOLERANCE, abs=TOLERANCE)


@pytest.mark.parametrize("name", DIMENSIONS)
def test_gaps_with_their_intervals_and_tests(
    name: str, kiosk: Kiosk, expected: dict[str, Any]
) -> None:
    family = gap_family({d: kiosk.gap_moments(d) for d in DIMENSIONS})
    gap, want = family[name], expected["gap"][name]
    found = {
        "n": gap.n,
        "gap": gap.mean,
        "sd_gap": gap.sd,
        "se": gap.standard_error,
        "t": gap.t,
        "df": gap.df,
        "ci": [gap.low, gap.high],
        "cohen_dz": gap.effect_size,
    }
    assert found == {key: near(want[key]) for key in found}
    assert gap.p_value == pytest.approx(want["p"], rel=1e-6)
    assert gap.p_adjusted == pytest.approx(want["p_holm"], rel=1e-6)


def ranked(gaps: Table) -> tuple[float, float]:
    """Return rank sum and p-value of differences as they are, ties where they are equal."""
    gaps = gaps[gaps != 0]
    ranks, (_, ties) = rankdata(abs(gaps)), np.unique(abs(gaps), return_counts=True)
    n, statistic = len(gaps), float(ranks[gaps > 0].sum())
    variance = n * (n + 1) * (2 * n + 1) / 24 - (ties**3 - ties).sum() / 48
    excess = statistic - n * (n + 1) / 4
    return statistic, float(2 * norm.sf(max(0, abs(excess) - 0.5) / np.sqrt(variance)))


@pytest.mark.parametrize("name", DIMENSIONS)
def test_signed_ranks(name: str, kiosk: Kiosk, expected: dict[str, Any]) -> None:
    """Differences are ranked in whole steps of the scale, where equal ones are equal.

    The reference ranked differences of means in binary fractions, where thirds and fifths that
    are equal differ by a rounding error: ranked like that, its numbers come out; rounded to the
    step, or in whole numbers, ours do. Halves and quarters are the same either way.
    """
    sums, want = kiosk.gap_sums(name), expected["gap"][name]
    test = signed_rank({value: sums.count(value) for value in set(sums)})
    assert test is not None
    j, step = DIMENSIONS.index(name), len(kiosk.items[name])
    raw = kiosk.scores("P")[:, j] - kiosk.scores("E")[:, j]
    assert ranked(raw) == pytest.approx((want["wilcoxon_V"], want["wilcoxon_p"]), rel=1e-6)
    assert (test.statistic, test.p_value) == pytest.approx(
        ranked(np.round(raw * step) / step), rel=1e-9
    )
    if step in (1, 2, 4):
        assert (test.statistic, test.p_value) == pytest.approx(
            (want["wilcoxon_V"], want["wilcoxon_p"]), rel=1e-6
        )


@pytest.mark.parametrize("name", DIMENSIONS)
def test_share_whose_perception_reaches_the_expectation(
    name: str, kiosk: Kiosk, expected: dict[str, Any]
) -> None:
    met = sum(value >= 0 for value in kiosk.gap_sums(name))
    assert met / len(kiosk.rows) == near(expected["gap"][name]["pct_P_ge_E"])


@pytest.mark.parametrize("name", DIMENSIONS)
def test_alphas_of_expectation_perception_and_gap(
    name: str, kiosk: Kiosk, expected: dict[str, Any]
) -> None:
    items, want = kiosk.items[name], expected["gap"][name]
    e, p = kiosk.block("E", items), kiosk.block("P", items)
    alphas = []
    for rows in (e, p, p - e):
        sums = comoments_of(rows)
        assert sums.covariance is not None
        alphas.append(reliability(sums.covariance, sums.n).alpha)
    assert alphas == [near(want[key]) for key in ("alpha_E", "alpha_P", "alpha_gap")]


@pytest.mark.parametrize("name", DIMENSIONS)
def test_the_difference_score_is_as_reliable_as_its_parts_allow(
    name: str, kiosk: Kiosk, expected: dict[str, Any]
) -> None:
    want, j = expected["gap"][name], DIMENSIONS.index(name)
    e, p = kiosk.scores("E")[:, j], kiosk.scores("P")[:, j]
    r = float(np.corrcoef(e, p)[0, 1])
    assert r == near(want["r_EP"])
    found = difference_reliability(
        float(e.std(ddof=1)), float(p.std(ddof=1)), r, want["alpha_E"], want["alpha_P"]
    )
    # The two errors of one pair go together, which the formula cannot know: it errs low.
    assert found is not None
    assert 0 < found < want["alpha_gap"]


def test_sampling_adequacy_sphericity_and_eigenvalues(
    kiosk: Kiosk, expected: dict[str, Any]
) -> None:
    want = expected["validity"]
    sums = comoments_of(kiosk.block("P", list(range(1, 25))))
    assert sums.covariance is not None
    found = factorability(sums.covariance, sums.n)
    assert found is not None
    assert found.kmo == near(want["kmo"])
    assert found.chi_square == near(want["bartlett_chisq"])
    assert found.df == want["bartlett_df"]
    assert list(found.eigenvalues[:8]) == near(want["eigen"])


def test_fit_and_validity_of_the_dimensions(kiosk: Kiosk, expected: dict[str, Any]) -> None:
    want = expected["validity"]
    sums = comoments_of(kiosk.block("P", list(range(1, 25))))
    assert sums.covariance is not None
    places = {d: [i - 1 for i in kiosk.items[d]] for d in DIMENSIONS}
    found = confirmatory(sums.covariance, sums.n, places)
    assert found.df == want["cfa"]["df"]
    assert [found.chi_square, found.cfi, found.tli, found.rmsea, found.srmr] == pytest.approx(
        [want["cfa"][key] for key in ("chisq", "cfi", "tli", "rmsea", "srmr")], abs=1e-6
    )
    for name in DIMENSIONS:
        assert found.dimensions[name].ave == pytest.approx(want["ave"][name], abs=1e-6)
        assert found.dimensions[name].composite == pytest.approx(want["cr"][name], abs=1e-6)


def test_drivers_of_overall_satisfaction(kiosk: Kiosk, expected: dict[str, Any]) -> None:
    want = expected["kda"]
    blocks = blocks_of(np.column_stack((kiosk.scores("S"), kiosk.column("y1"))))
    found = drivers(blocks, DIMENSIONS)
    assert (found.n, found.r_squared) == (want["n"], near(want["R2"]))
    assert {d.name: d.share for d in found.drivers} == near(want["lmg"])
    assert {d.name: d.coefficient for d in found.drivers} == {
        name: near(want["coef"][name]) for name in DIMENSIONS
    }
    stack = blocks.covariance[None]
    assert relative_weights(stack)[0] == near([want["johnson"][d] for d in DIMENSIONS])
    assert shapley_shares(stack)[0] == near([want["lmg"][d] for d in DIMENSIONS])
    assert [d.correlation**2 for d in found.drivers] == near([want["first"][d] for d in DIMENSIONS])


def test_regression_errors(kiosk: Kiosk, expected: dict[str, Any]) -> None:
    want, names = expected["kda"], ["(Intercept)", *DIMENSIONS]
    fit = least_squares(kiosk.scores("S"), kiosk.column("y1"))
    assert fit is not None
    assert fit.coefficients == near([want["coef"][name] for name in names])
    assert fit.classical_error == near([want["se"][name] for name in names])
    assert fit.standard_error == near([want["hc3"][name] for name in names])
    assert fit.r_squared == near(want["R2"])


def test_scores_without_and_with_expectation(kiosk: Kiosk, expected: dict[str, Any]) -> None:
    gaps = [kiosk.gap_moments(d).mean for d in DIMENSIONS]
    assert np.mean([g for g in gaps if g is not None]) == near(expected["unweighted_score"])
    assert kiosk.scores("P").mean() == near(expected["unweighted_P"])


def test_importance_and_performance(kiosk: Kiosk, expected: dict[str, Any]) -> None:
    want, items = expected["ipa"], list(range(1, 25))
    stated, rated = kiosk.block("I", items), kiosk.block("S", items)
    names = [str(i) for i in items]
    grid = importance_performance(names, stated, rated)
    assert grid is not None
    assert [item.importance for item in grid.items] == near(want["mean_I"])
    assert [item.performance for item in grid.items] == near(want["mean_S"])
    assert (grid.cross_importance, grid.cross_performance) == near(
        (want["cross_I"], want["cross_S"])
    )
    assert [item.quadrant for item in grid.items] == want["quadrant"]
    by_medians = importance_performance(names, stated, rated, "medians")
    assert by_medians is not None
    assert (by_medians.cross_importance, by_medians.cross_performance) == near(
        (want["median_cross_I"], want["median_cross_S"])
    )


@pytest.mark.parametrize("item", range(1, 30))
def test_kano_classes(item: int, kiosk: Kiosk, expected: dict[str, Any]) -> None:
    want = expected["kano"][item - 1]
    answers = zip(kiosk.column(f"K{item}f"), kiosk.column(f"K{item}d"), strict=True)
    found = kano(kano_counts((int(f), int(d)) for f, d in answers))
    assert found.better.share is not None
    assert found.worse.share is not None
    assert found.counts == want["counts"]
    assert (found.better.share, -found.worse.share) == near((want["cs"], want["ds"]))
    assert found.mode == want["mode"]


def test_penalties_and_rewards(kiosk: Kiosk, expected: dict[str, Any]) -> None:
    want = expected["prca"]
    found = penalty_reward(kiosk.scores("S"), kiosk.column("y1"), DIMENSIONS, low=4, high=6)
    assert found.r_squared == near(want["R2"])
    assert found.intercept == near(want["coef"]["intercept"])
    for attribute in found.attributes:
        pen, rew = f"{attribute.name}_pen", f"{attribute.name}_rew"
        assert (attribute.penalty.n, attribute.reward.n) == (
            want["n_low"][pen],
            want["n_high"][rew],
        )
        assert attribute.penalty.points == near(want["coef"][pen])
        assert attribute.reward.points == near(want["coef"][rew])
        assert attribute.penalty.classical_error == near(want["se"][pen])
        assert attribute.reward.classical_error == near(want["se"][rew])
