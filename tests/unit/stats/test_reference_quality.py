"""Gaps, scales and drivers of quality against published reference numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from math import sqrt
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from csat.stats.comoments import Comoments, comoments_of
from csat.stats.confirmatory import confirmatory
from csat.stats.dimension_weights import normalised, published_weights, score_of_means
from csat.stats.factorability import factorability
from csat.stats.index import Indicator, index_from_moments, unstandardised_weights
from csat.stats.kano import kano
from csat.stats.moments import Moments
from csat.stats.paired import gap_from_summary, paired_gap
from csat.stats.relative_importance import relative_weights, shapley_shares
from csat.stats.reliability import reliability
from csat.stats.tolerance import zone_place

BFI_SUMS = Path(__file__).with_name("bfi_sums.json")
HOLZINGER = Path(__file__).with_name("holzinger_covariances.json")
Figures = dict[str, Any]


def paired_sleep(i: Figures) -> Figures:
    tenths = [round(10 * (p - e)) for p, e in zip(i["P"], i["E"], strict=True)]
    moments = Moments(len(tenths), sum(tenths), sum(x * x for x in tenths), divisor=10)
    gap = paired_gap(moments)
    return {
        "mean_gap": gap.mean,
        "t": gap.t,
        "df": gap.df,
        "p": gap.p_value,
        "ci": [gap.low, gap.high],
    }


def published_gap(i: Figures) -> Figures:
    mean = i["mean_P"] - i["mean_E"]
    gap = gap_from_summary(i["n"], mean, mean / i["t"] * sqrt(i["n"]))
    return {"gap": gap.mean, "ci": [gap.low, gap.high]}


def cronbach(i: Figures) -> Figures:
    rows = comoments_of(i["rows"])
    assert rows.covariance is not None
    scale = reliability(rows.covariance, rows.n)
    return {
        "raw_alpha": scale.alpha,
        "std_alpha": scale.standardised,
        "alpha_drop": [item.alpha_without for item in scale.items],
        "r_drop": [item.item_total for item in scale.items],
        "feldt_ci": [scale.low, scale.high],
    }


def mcdonald(i: Figures) -> Figures:
    return {"omega": reliability(np.cov(np.transpose(i["rows"])), len(i["rows"])).omega}


def outcome_last(i: Figures) -> list[NDArray[np.float64]]:
    rows, outcome = np.array(i["rows"]), i["columns"].index(i["outcome"])
    order = [j for j in range(len(i["columns"])) if j != outcome]
    return [np.cov(rows[:, [*order, outcome]].T)]


def lindeman_merenda_gold(i: Figures) -> Figures:
    shares = shapley_shares(np.array(outcome_last(i)))[0]
    return {"R2": shares.sum(), "lmg": shares.tolist()}


def johnson(i: Figures) -> Figures:
    weights = relative_weights(np.array(outcome_last(i)))[0]
    return {"raw": weights.tolist(), "pct": (100 * weights / weights.sum()).tolist()}


def zones(i: Figures) -> Figures:
    places = [zone_place(r["adequate"], r["desired"], r["perceived"]) for r in i["rows"]]
    means = [fmean(r[level] for r in i["rows"]) for level in ("adequate", "desired", "perceived")]
    whole = zone_place(*means)
    return {
        "msa": [place.msa for place in places],
        "mss": [place.mss for place in places],
        "band": [place.band for place in places],
        "mean": [*means, whole.msa, whole.mss],
    }


def unweighted_servqual(i: Figures) -> Figures:
    weights = normalised(dict.fromkeys(i["gaps"], 1), "equal")
    assert weights is not None
    score, _ = score_of_means(i["gaps"], weights)
    return {"unweighted": score}


def weighted_servqual(i: Figures) -> Figures:
    weights = published_weights(list(i["gaps"]))
    assert weights is not None
    assert weights.weights == {d: w / 100 for d, w in i["weights_100"].items()}
    score, contributions = score_of_means(i["gaps"], weights)
    return {"weighted": score, "contributions": contributions}


def customer_satisfaction_index(i: Figures) -> Figures:
    weights = unstandardised_weights(i["pls_outer_weights_standardised"], i["item_sds"])
    means = i["item_means_1_10"]

    def index(shares: list[float]) -> float:
        items = [Indicator(str(j), share, 1, 10) for j, share in enumerate(shares)]
        return index_from_moments(250, means, None, items).value

    return {
        "weights_unstd_norm": weights,
        "index": index(weights),
        "index_equal_weights": index([1.0] * len(means)),
    }


def kano_feature(i: Figures) -> Figures:
    found = kano(i)
    assert found.better.share is not None
    assert found.worse.share is not None
    return {
        "cs_plus": found.better.share,
        "cs_minus": -found.worse.share,
        "mode": found.mode,
        "rule_MOAI": found.decided,
        "chisq3": found.chi_square,
    }


def kaiser_meyer_olkin(_: Figures) -> Figures:
    """The case names public data; only their sums lie here."""
    sums = json.loads(BFI_SUMS.read_text(encoding="utf-8"))
    found = factorability(
        Comoments(sums["n"], sums["totals"], sums["upper"]).covariance,  # type: ignore[arg-type]
        sums["n"],
    )
    assert found is not None
    return {
        "kmo": found.kmo,
        "bartlett_chisq": found.chi_square,
        "df": found.df,
        "first7_eigen": list(found.eigenvalues[:7]),
    }


def three_factors(_: Figures) -> Figures:
    """The case names public data; only their covariances lie here."""
    data = json.loads(HOLZINGER.read_text(encoding="utf-8"))
    places = {"visual": [0, 1, 2], "textual": [3, 4, 5], "speed": [6, 7, 8]}
    found = confirmatory(data["covariance"], data["n"], places)
    return {
        "chisq": found.chi_square,
        "df": found.df,
        "cfi": found.cfi,
        "tli": found.tli,
        "rmsea": found.rmsea,
    }


COMPUTE: dict[str, Callable[[Figures], Figures]] = {
    "paired_t_sleep": paired_sleep,
    "servqual_pmc6131925_responsiveness": published_gap,
    "servqual_pmc6131925_empathy": published_gap,
    "alpha_attitude": cronbach,
    "omega_attitude": mcdonald,
    "servqual_unweighted_12manage": unweighted_servqual,
    "servqual_weighted_pzb1990": weighted_servqual,
    "csi_ecsi_mobi": customer_satisfaction_index,
    "kano_service_app": kano_feature,
    "kano_ready_to_use_return": kano_feature,
    "kmo_bartlett_bfi25": kaiser_meyer_olkin,
    "cfa_holzinger": three_factors,
    "zot_libqual_as3": zones,
    "lmg_swiss": lindeman_merenda_gold,
    "johnson_swiss": johnson,
}
NOT_OFFERED = {
    "servqual_unweighted_12manage": {"sum"},  # not a figure: it grows with the dimensions
}


@pytest.mark.parametrize("case_id", COMPUTE)
def test_the_reference_case_of_quality_is_met(case_id: str, missed_of: Any) -> None:
    assert missed_of(case_id, COMPUTE[case_id], NOT_OFFERED.get(case_id, set())) == {}
