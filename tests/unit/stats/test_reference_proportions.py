"""Shares, counts, scores and their differences against published reference numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from csat.stats.comparison import newcombe_difference, rate_ratio
from csat.stats.intervals import (
    nps_interval,
    nps_score,
    nps_standard_error,
    poisson_interval,
    wilson_interval,
)
from csat.stats.multiplicity import benjamini_hochberg, holm
from csat.stats.survival import kaplan_meier, log_rank, survival_table

Figures = dict[str, Any]


def wilson(i: Figures) -> Figures:
    ci = wilson_interval(i["x"], i["n"], i["conf"])
    return {"ci": [ci.low, ci.high]}


def newcombe(i: Figures) -> Figures:
    change = newcombe_difference(i["x1"], i["n1"], i["x2"], i["n2"])
    return {"diff_lo_hi": [change.difference, change.low, change.high]}


def pooled_z(i: Figures) -> Figures:
    return {"p": newcombe_difference(i["x1"], i["n1"], i["x2"], i["n2"]).p_value}


def nps_from_shares(i: Figures) -> Figures:
    n = i["n"]
    counts = [i[f"p_{group}"] * n for group in ("promoter", "passive", "detractor")]
    error = nps_standard_error(*counts)
    return {
        "nps": nps_score(*counts),
        "var_unit": (error / 100) ** 2 * n,
        "se_points": error,
    }


def nps_from_counts(i: Figures) -> Figures:
    counts = (i["promoters"], i["passives"], i["detractors"])
    error = nps_standard_error(*counts) / 100
    return {"nps": nps_score(*counts) / 100, "var": error**2 * sum(counts), "se": error}


def nps_adjusted_wald(i: Figures) -> Figures:
    ci = nps_interval(i["promoters"], i["passives"], i["detractors"])
    low, high = ci.low / 100, ci.high / 100
    return {
        "nps_adj": (low + high) / 2,
        "se": (high - low) / 2 / 1.959963984540054,
        "ci": [low, high],
    }


def poisson_exact(i: Figures) -> Figures:
    ci = poisson_interval(i["events"], i["exposure"])
    return {"ci": [ci.low, ci.high]}


def poisson_ratio(i: Figures) -> Figures:
    (x1, x2), (t1, t2) = i["x"], i["exposure"]
    change = rate_ratio(x1, t1, x2, t2)
    return {"ratio": change.ratio, "ci": [change.low, change.high], "p": change.p_value}


def kaplan_meier_curve(i: Figures) -> Figures:
    curve = kaplan_meier(*survival_table(i["time"], i["event"]))
    at_events = curve.events > 0
    return {
        "times": curve.times[at_events].tolist(),
        "S": curve.survival[at_events].tolist(),
        "se": curve.standard_error[at_events].tolist(),
        "lo_loglog": curve.low[at_events].tolist(),
        "hi_loglog": curve.high[at_events].tolist(),
        "q25": curve.quantile(0.25).value,
        "median": curve.median.value,
        "q75": curve.quantile(0.75).value,
        "median_ci_loglog": [curve.median.low, curve.median.high],
        "rmst_35": curve.restricted_mean(35),
    }


def two_group_log_rank(i: Figures) -> Figures:
    test = log_rank([survival_table(i[f"time_{g}"], i[f"event_{g}"]) for g in "AB"])
    return {"chisq": test.chi_square, "p": test.p_value}


def adjusted_p_values(i: Figures) -> Figures:
    bh, alpha = benjamini_hochberg(i["p"]), i["alpha"]
    return {
        "bh": bh,
        "n_reject_bh": sum(p <= alpha for p in bh),
        "n_reject_holm": sum(p <= alpha for p in holm(i["p"])),
    }


COMPUTE: dict[str, Callable[[Figures], Figures]] = {
    "wilson_81_263": wilson,
    "wilson_15_148": wilson,
    "wilson_0_20": wilson,
    "newcombe_diff_56_70_48_80": newcombe,
    "newcombe_diff_9_10_3_10": newcombe,
    "newcombe_diff_10_10_0_20": newcombe,
    "two_prop_z_56_70_48_80": pooled_z,
    "nps_whuber": nps_from_shares,
    "nps_testdata_all": nps_from_counts,
    "nps_adjusted_wald": nps_adjusted_wald,
    "poisson_exact_137": poisson_exact,
    "poisson_exact_0": poisson_exact,
    "poisson_rate_ratio": poisson_ratio,
    "km_freireich_6mp": kaplan_meier_curve,
    "logrank_freireich": two_group_log_rank,
    "bh_1995": adjusted_p_values,
}
NOT_OFFERED = {
    "two_prop_z_56_70_48_80": {"z"},  # the p-value carries it
    "nps_testdata_all": {"ci"},  # plain Wald; the adjusted one is offered instead
    "poisson_exact_137": {"rate"},  # one division, left to the metric
    "poisson_exact_0": {"rate"},
    "bh_1995": {"n_reject_bonf"},  # Holm's correction dominates Bonferroni's
}


@pytest.mark.parametrize("case_id", COMPUTE)
def test_the_reference_case_of_proportions_is_met(case_id: str, missed_of: Any) -> None:
    assert missed_of(case_id, COMPUTE[case_id], NOT_OFFERED.get(case_id, set())) == {}
