"""Weights and agreement of raters against published reference numbers."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any

import numpy as np
import pytest

from csat.stats.ahp import pairwise_weights
from csat.stats.design import design_mean
from csat.stats.raking import rake
from csat.stats.raters import Level, fleiss_kappa, intraclass, krippendorff_alpha

Figures = dict[str, Any]


def iterative_fit(i: Figures) -> Figures:
    seed = np.array(i["seed"])
    rows, columns = np.indices(seed.shape)
    found = rake(
        {"row": rows.ravel().tolist(), "column": columns.ravel().tolist()},
        {"row": dict(enumerate(i["row_targets"])), "column": dict(enumerate(i["col_targets"]))},
        start=seed.ravel(),
        total=sum(i["row_targets"]),
        trim=None,
    )
    return {"fitted": found.weights.reshape(seed.shape).tolist()}


def raked_schools(i: Figures) -> Figures:
    cells = list(i["cell_counts"])
    kind, wide = zip(*(cell.split("|") for cell in cells), strict=True)
    found = rake(
        {"stype": kind, "sch.wide": wide},
        i["targets"],
        respondents=list(i["cell_counts"].values()),
        total=sum(i["targets"]["stype"].values()),
    )
    return {
        "weights": dict(zip(cells, found.weights.tolist(), strict=True)),
        "kish_deff": found.kish.deff,
        "n_eff": found.kish.n_effective,
    }


def stratified_mean(i: Figures) -> Figures:
    """Values with the published mean and variance of each stratum: half above it, half below."""
    values: list[float] = []
    weights: list[float] = []
    strata: list[int] = []
    for h, stratum in enumerate(i["strata"]):
        n = stratum["n"]
        step = sqrt(stratum["var"] * (n - 1) / n)
        values += [stratum["mean"] + step, stratum["mean"] - step] * (n // 2)
        weights += [stratum["N"] / n] * n
        strata += [h] * n
    plain = design_mean(values, weights, strata)
    sizes = {h: stratum["N"] for h, stratum in enumerate(i["strata"])}
    finite = design_mean(values, weights, strata, population=sizes)
    assert plain is not None
    assert finite is not None
    return {"mean": finite.value, "se_fpc": finite.standard_error, "se_nofpc": plain.standard_error}


def intraclass_six(i: Figures) -> Figures:
    found = intraclass(i["rows_targets_x_raters"])
    assert found is not None
    return {
        "ICC1": found.one_way,
        "ICC2": found.two_way,
        "ICC3": found.fixed,
        "ICC1k": found.mean_one_way,
        "ICC2k": found.mean_two_way,
        "ICC3k": found.mean_fixed,
    }


def fleiss(i: Figures) -> Figures:
    return {"kappa": fleiss_kappa(i["table_subjects_x_categories"])}


def krippendorff(i: Figures) -> Figures:
    values = i["observers_x_units"]
    levels: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")
    return {level: krippendorff_alpha(values, level) for level in levels}


def analytic_hierarchy(i: Figures) -> Figures:
    found = pairwise_weights(i["matrix"])
    return {
        "weights": list(found.weights),
        "lambda_max": found.eigenvalue,
        "CI": found.consistency_index,
        "CR": found.consistency_ratio,
    }


COMPUTE: dict[str, Callable[[Figures], Figures]] = {
    "ipf_4x4": iterative_fit,
    "rake_apiclus1": raked_schools,
    "stratified_mean_api": stratified_mean,
    "icc_shrout_fleiss": intraclass_six,
    "fleiss_kappa_wiki": fleiss,
    "krippendorff_2011": krippendorff,
    "ahp_3x3": analytic_hierarchy,
}
NOT_OFFERED = {
    "stratified_mean_api": {"ci_norm_fpc"},  # normal; the t interval is offered instead
}


@pytest.mark.parametrize("case_id", COMPUTE)
def test_the_reference_case_of_design_is_met(case_id: str, missed_of: Any) -> None:
    assert missed_of(case_id, COMPUTE[case_id], NOT_OFFERED.get(case_id, set())) == {}
