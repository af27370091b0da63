"""Weighted figures from sums equal those from the respondents themselves."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.regression.linear_model import OLS, WLS
from statsmodels.stats.weightstats import DescrStatsW

from csat.stats.design import design_mean, design_share
from csat.stats.design_estimate import DesignEstimate
from csat.stats.design_sums import (
    SINGLY,
    DesignSums,
    difference_from_sums,
    kish_of,
    mean_from_sums,
    share_from_sums,
    within,
)
from csat.stats.raking import rake
from csat.stats.sampling import kish, likeness, r_indicator

People = dict[str, np.ndarray]


def draw(seed: int, *, strata: int = 1, clusters: int = 0, n: int = 60, top: int = 7) -> People:
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, clusters, n) if clusters else np.full(n, SINGLY)
    return {
        "stratum": rng.integers(0, strata, n),
        "cluster": cluster,
        "factor": rng.choice([0.5, 1.0, 3.0], n),
        "w": rng.choice([0.7, 1.0, 1.9], n),
        "x": rng.integers(0 if top == 1 else 1, top + 1, n).astype(float),
        "asked": rng.random(n) < 0.8,
    }


def summed(people: People) -> DesignSums:
    """Add up everybody of one stratum, cluster and factor, as a store would."""
    keys = np.stack([people["stratum"], people["cluster"], people["factor"]], axis=1)
    rows, place = np.unique(keys, axis=0, return_inverse=True)
    place = place.ravel()
    w, x, inside = people["w"], people["x"], people["asked"].astype(float)

    def add(values: np.ndarray) -> np.ndarray:
        return np.bincount(place, weights=values * inside, minlength=len(rows))

    return DesignSums(
        stratum=rows[:, 0].astype(np.int64),
        cluster=rows[:, 1].astype(np.int64),
        factor=rows[:, 2],
        drawn=np.bincount(place).astype(float),
        n=add(np.ones(len(w))),
        x=add(x),
        w=add(w),
        ww=add(w**2),
        wx=add(w * x),
        wxx=add(w * x**2),
        wwx=add(w**2 * x),
        wwxx=add(w**2 * x**2),
    )


def one_by_one(people: People, *, share: bool = False) -> DesignEstimate | None:
    clustered = (people["cluster"] != SINGLY).all()
    return (design_share if share else design_mean)(
        np.where(people["asked"], people["x"], np.nan),
        weights=people["w"] * people["factor"],
        strata=people["stratum"].tolist(),
        clusters=people["cluster"].tolist() if clustered else None,
    )


def same(found: DesignEstimate | None, wanted: DesignEstimate | None) -> None:
    assert found is not None
    assert wanted is not None
    for name in ("n", "df", "lonely"):
        assert getattr(found, name) == getattr(wanted, name)
    for name in ("value", "unweighted", "standard_error", "low", "high", "deff", "n_effective"):
        assert getattr(found, name) == pytest.approx(getattr(wanted, name), rel=1e-9)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from([0, 6, 25]))
def test_a_mean_from_sums_is_that_of_the_respondents(seed: int, strata: int, clusters: int) -> None:
    people = draw(seed, strata=strata, clusters=clusters)
    same(mean_from_sums(summed(people)), one_by_one(people))


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 5), st.sampled_from([0, 6, 25]))
def test_a_share_from_sums_is_that_of_the_respondents(
    seed: int, strata: int, clusters: int
) -> None:
    people = draw(seed, strata=strata, clusters=clusters, top=1)
    same(share_from_sums(summed(people)), one_by_one(people, share=True))


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 3), st.sampled_from([0, 6, 25]))
def test_between_the_ends_of_the_scale_both_ways_give_one_interval(
    seed: int, strata: int, clusters: int
) -> None:
    people = draw(seed, strata=strata, clusters=clusters)
    found, plain = mean_from_sums(summed(people), bounds=(1, 7)), mean_from_sums(summed(people))
    clustered = (people["cluster"] != SINGLY).all()
    wanted = design_mean(
        np.where(people["asked"], people["x"], np.nan),
        weights=people["w"] * people["factor"],
        strata=people["stratum"].tolist(),
        clusters=people["cluster"].tolist() if clustered else None,
        bounds=(1, 7),
    )
    same(found, wanted)
    assert found is not None
    assert plain is not None
    if found.low is not None and found.high is not None:
        assert 1 < found.low < found.value < found.high < 7
        assert (found.low, found.high) != (plain.low, plain.high)


def test_few_heavy_answers_have_a_longer_reach() -> None:
    """Nine of ten weigh next to nothing: the interval is that of some five people."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=50)
    even = design_mean(values)
    heavy = design_mean(values, np.where(np.arange(50) < 5, 1.0, 1e-6))
    assert even is not None
    assert heavy is not None
    assert even.t_df == pytest.approx(49)
    assert heavy.t_df == pytest.approx(4, abs=0.01)


MARGINS: dict[str, dict[Hashable, float]] = {"a": {0: 0.5, 1: 0.5}, "b": {0: 0.2, 1: 0.5, 2: 0.3}}


def raked(a: np.ndarray, b: np.ndarray, x: np.ndarray) -> tuple[DesignSums, np.ndarray]:
    """Return the sums by cell of respondents raked to `MARGINS`, and each one's weight."""
    cell = 3 * a + b
    rows, place = np.unique(cell, return_inverse=True)
    n = np.bincount(place).astype(np.float64)
    found = rake({"a": (rows // 3).tolist(), "b": (rows % 3).tolist()}, MARGINS, n)
    total, squares = (np.bincount(place, v).astype(np.float64) for v in (x, x**2))
    none = np.zeros(len(rows), dtype=np.int64)
    sums = DesignSums(
        none, none + SINGLY, found.weights, n, n, total, n, n, total, squares, total, squares,
        margins=np.stack([rows // 3, rows % 3], axis=1), every_w=n, every_ww=n,
    )  # fmt: skip
    return sums, found.weights[place]


def surveyed(seed: int, n: int = 150) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, b = (rng.random(n) < 0.3).astype(int), rng.integers(0, 3, n)
    return a, b, 2.0 * a + b + rng.normal(size=n)


def test_raked_weights_leave_the_residuals_of_the_margins_in_doubt() -> None:
    a, b, x = surveyed(2)
    sums, w = raked(a, b, x)
    marks = np.column_stack((np.ones(len(x)), a, b == 1, b == 2)).astype(float)
    root = np.sqrt(w)
    fit = OLS(root * x, marks * root[:, None]).fit()
    lever = fit.get_influence().hat_matrix_diag
    influence = root * np.asarray(fit.resid) / (1 - lever) / w.sum()
    influence -= influence.mean()
    n = len(x)
    found = mean_from_sums(sums)
    assert found is not None
    assert found.standard_error == pytest.approx(
        np.sqrt(n / (n - 1) * float(influence @ influence))
    )


def test_the_error_of_a_raked_mean_is_that_of_leaving_each_respondent_out() -> None:
    a, b, x = surveyed(3)
    found = mean_from_sums(raked(a, b, x)[0])
    means = []
    for i in range(len(x)):
        kept = np.arange(len(x)) != i
        _, w = raked(a[kept], b[kept], x[kept])
        means.append(float(w @ x[kept] / w.sum()))
    n = len(x)
    spread = (n - 1) / n * float(((np.array(means) - np.mean(means)) ** 2).sum())
    assert found is not None
    assert found.standard_error == pytest.approx(np.sqrt(spread), rel=0.05)


def test_what_the_margins_tell_in_full_is_not_in_doubt() -> None:
    a, b, _ = surveyed(4)
    found = mean_from_sums(raked(a, b, 2.0 * a + b)[0])
    assert found is not None
    assert found.value == pytest.approx(2 * 0.5 + 0.5 + 2 * 0.3)
    assert found.standard_error is None


def test_a_cluster_without_anybody_asked_about_still_counts_as_drawn() -> None:
    people = draw(3, clusters=6)
    people["asked"] = people["cluster"] < 4
    same(mean_from_sums(summed(people)), one_by_one(people))


def test_respondents_in_clusters_and_drawn_singly_may_stand_in_one_stratum() -> None:
    people = draw(5, strata=2, clusters=8, n=80)
    alone = people["cluster"] >= 6
    people["cluster"] = np.where(alone, SINGLY, people["cluster"])
    found = mean_from_sums(summed(people))
    own = np.where(alone, 100 + np.arange(80), people["cluster"])
    wanted = design_mean(
        np.where(people["asked"], people["x"], np.nan),
        weights=people["w"] * people["factor"],
        strata=people["stratum"].tolist(),
        clusters=own.tolist(),
    )
    same(found, wanted)


def test_the_weighted_mean_is_that_of_another_implementation() -> None:
    people = draw(7)
    people["asked"][:] = True
    found = mean_from_sums(summed(people))
    other = DescrStatsW(people["x"], weights=people["w"] * people["factor"])
    assert found is not None
    assert found.value == pytest.approx(other.mean)
    # The linearised error by hand: the deviations, weighted, each respondent his own unit.
    u = people["w"] * people["factor"] * (people["x"] - other.mean) / other.sum_weights
    by_hand = np.sqrt(60 / 59 * np.sum((u - u.mean()) ** 2))
    assert found.standard_error == pytest.approx(by_hand)


def test_the_effective_number_is_kishs() -> None:
    people = draw(9)
    inside = people["asked"]
    assert kish_of(summed(people)).n_effective == pytest.approx(
        kish((people["w"] * people["factor"])[inside]).n_effective
    )


def test_answers_all_alike_have_no_error_and_nobody_has_no_figure() -> None:
    people = draw(11)
    people["x"][:] = 4.0
    found = mean_from_sums(summed(people))
    assert found is not None
    assert (found.value, found.standard_error, found.low) == (pytest.approx(4.0), None, None)
    people["asked"][:] = False
    assert mean_from_sums(summed(people)) is None
    assert share_from_sums(summed(people)) is None


def test_the_distance_of_shares_is_zero_for_a_likeness_and_one_for_strangers() -> None:
    alike = likeness({"a": 10, "b": 30}, {"a": 1.0, "b": 3.0})
    apart = likeness({"a": 40}, {"a": 1e-9, "b": 1.0})
    assert alike is not None
    assert apart is not None
    assert alike.distance == pytest.approx(0)
    assert apart.distance == pytest.approx(1)


def test_the_r_indicator_is_one_where_everybody_answers_alike() -> None:
    assert r_indicator({"a": 100, "b": 50}, {"a": 20, "b": 10}) == pytest.approx(1)
    # Half answer always, half never: the largest spread there is.
    assert r_indicator({"a": 100, "b": 100}, {"a": 100}) == pytest.approx(0)
    assert r_indicator({}, {"a": 3}) is None
    with pytest.raises(ValueError, match="invited"):
        r_indicator({"a": 1}, {"a": 2})


def split(people: People) -> tuple[DesignSums, DesignSums, np.ndarray]:
    """Return the sums of every third respondent, of all others, and who is in the first."""
    inside = np.arange(len(people["w"])) % 3 == 0
    keyed = {**people, "factor": people["factor"] * np.where(inside, 1.0, 1.0 + 1e-12)}
    sums = summed(keyed)  # rows of the group and of the others stay apart
    of_group = np.isin(sums.factor, keyed["factor"][inside])
    return within(sums, of_group), within(sums, ~of_group), inside


@pytest.mark.parametrize("clusters", [0, 9])
@pytest.mark.parametrize("seed", range(6))
def test_a_group_less_the_others_has_the_error_of_a_weighted_regression(
    seed: int, clusters: int
) -> None:
    """The coefficient of a mark for the group, with errors robust within clusters (statsmodels)."""
    people = draw(seed, clusters=clusters, n=90)
    people["asked"][:] = True
    group, others, inside = split(people)
    design = np.column_stack([np.ones(len(inside)), inside])
    model = WLS(people["x"], design, weights=people["w"] * people["factor"])
    if clusters:
        names = people["cluster"]
        drawn = len(np.unique(names))
        how = {"groups": names, "use_correction": False}
        fitted = model.fit(cov_type="cluster", cov_kwds=how)
    else:
        drawn = len(inside)
        fitted = model.fit(cov_type="HC0")
    error = fitted.bse[1] * np.sqrt(drawn / (drawn - 1))
    sides = [mean_from_sums(group), mean_from_sums(others)]
    parts = [(s.standard_error or 0.0) ** 2 for s in sides if s is not None]
    df = sum(parts) ** 2 / sum(
        p**2 / s.t_df for p, s in zip(parts, sides, strict=True) if s is not None
    )
    reach = stats.t.ppf(0.975, min(df, drawn - 1)) * error
    found = difference_from_sums(group, others)
    assert found is not None
    assert found.difference == pytest.approx(fitted.params[1], abs=1e-9)
    assert found.high - found.difference == pytest.approx(reach, rel=1e-7)
    assert found.difference - found.low == pytest.approx(reach, rel=1e-7)


def test_a_difference_needs_doubt_on_both_sides() -> None:
    people = draw(3)
    people["asked"][:] = True
    people["x"][np.arange(len(people["w"])) % 3 == 0] = 4.0
    group, others, _ = split(people)
    assert difference_from_sums(group, others) is None
    nobody = within(group, np.zeros(len(group.n), dtype=bool))
    assert difference_from_sums(nobody, others) is None


def test_whoever_is_not_in_the_rows_stays_drawn() -> None:
    people = draw(5, clusters=6)
    sums = summed(people)
    first = sums.stratum == 0
    kept = within(sums, ~first)
    assert kept.n.sum() == 0
    assert kept.drawn.sum() == sums.drawn.sum()


def test_the_leverage_of_a_margin_does_not_depend_on_how_rows_are_cut() -> None:
    people = draw(7, n=80)
    sums = summed(people)
    codes = (np.arange(len(sums.n)) % 2)[:, None].astype(np.int64)
    raked = replace(sums, margins=codes, every_w=sums.w, every_ww=sums.ww)
    halves = {
        f.name: np.concatenate([getattr(raked, f.name)] * 2)
        / (1 if f.name in ("stratum", "cluster", "factor", "margins") else 2)
        for f in fields(DesignSums)
    }
    for name in ("stratum", "cluster", "margins"):
        halves[name] = halves[name].astype(np.int64)
    one, other = mean_from_sums(raked), mean_from_sums(DesignSums(**halves))
    assert one is not None
    assert other is not None
    assert other.standard_error == pytest.approx(one.standard_error, rel=1e-12)
