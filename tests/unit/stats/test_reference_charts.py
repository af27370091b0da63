"""Control charts and their rules against published reference numbers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from csat.stats.control_charts import (
    RANGE_LIMIT,
    individuals_chart,
    proportion_chart,
    rate_chart,
)
from csat.stats.run_rules import RULES, run_rules

Figures = dict[str, Any]


def orange_juice(i: Figures) -> Figures:
    first, every = i["D_1_30"], i["D_1_30"] + i["D_31_54"]
    trial = proportion_chart(first, [i["n"]] * len(first), laney=False)
    kept = [k + 1 not in i["excluded_for_revision"] for k in range(len(first))]
    baseline = kept + [False] * len(i["D_31_54"])
    revised = proportion_chart(every, [i["n"]] * len(every), baseline, laney=False)
    assert trial is not None
    assert revised is not None
    return {
        "pbar": trial.centre[0],
        "lcl": trial.low[0],
        "ucl": trial.high[0],
        "beyond": [k + 1 for k in trial.beyond],
        "pbar_rev": revised.centre[0],
        "lcl_rev": revised.low[0],
        "ucl_rev": revised.high[0],
        "beyond_rev_all54": [k + 1 for k in revised.beyond],
    }


def personal_computers(i: Figures) -> Figures:
    chart = rate_chart(i["x"], [i["n"]] * len(i["x"]))
    assert chart is not None
    return {"ubar": chart.centre[0], "lcl": chart.low[0], "ucl": chart.high[0]}


def flow_rate(i: Figures) -> Figures:
    found = individuals_chart(i["x"])
    assert found is not None
    chart, range_limit = found
    return {
        "mean": chart.centre[0],
        "mrbar": range_limit / RANGE_LIMIT,
        "lcl": chart.low[0],
        "ucl": chart.high[0],
        "ucl_mr": range_limit,
    }


def emergency_departments(i: Figures) -> Figures:
    plain = proportion_chart(i["within_target"], i["n"], laney=False)
    prime = proportion_chart(i["within_target"], i["n"])
    assert plain is not None
    assert prime is not None
    return {
        "pbar": prime.centre[0],
        "n_beyond_p_chart": len(plain.beyond),
        "sigma_z": prime.sigma_z,
        "lcl_1": prime.low[0],
        "ucl_1": prime.high[0],
        "lcl_20": prime.low[-1],
        "ucl_20": prime.high[-1],
        "n_beyond_p_prime": len(prime.beyond),
    }


def nelson_rules(i: Figures) -> Figures:
    """Each series fires exactly the rule of its name."""
    found: Figures = {}
    for rule, (name, z) in zip(RULES, i.items(), strict=False):
        signals = run_rules(z, RULES[:8])
        assert {signal.rule for signal in signals} == {rule}
        found[name] = [[k + 1 for k in signal.points] for signal in signals]
    return found


COMPUTE: dict[str, Callable[[Figures], Figures]] = {
    "p_chart_orange_juice": orange_juice,
    "u_chart_pcmanufact": personal_computers,
    "xmr_nist_flowrate": flow_rate,
    "laney_p_nhs_4h": emergency_departments,
    "run_rules_synthetic": nelson_rules,
}


@pytest.mark.parametrize("case_id", COMPUTE)
def test_the_reference_case_of_charts_is_met(case_id: str, missed_of: Any) -> None:
    assert missed_of(case_id, COMPUTE[case_id]) == {}
