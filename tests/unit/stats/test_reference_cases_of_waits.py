"""Waiting times through the working-time clock meet the published reference numbers."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from csat.model.working_hours import ALWAYS, WorkingHours
from csat.stats.attainment import clock_curve, standing
from csat.stats.business_time import lay_out
from csat.stats.survival import survival_table
from csat.stats.waits import compare_waits, ended_quantile

DAY = 86_400
CLOCK = lay_out(WorkingHours("Europe/London", ALWAYS), date(1970, 1, 2), date(1970, 3, 31))


def test_percentiles_of_ended_cases_are_of_type_seven(reference_cases: dict[str, Any]) -> None:
    case = reference_cases["percentiles_type7"]
    x, probs = case["inputs"]["x"], case["inputs"]["probs"]
    found = [ended_quantile(x, [1] * len(x), q) for q in probs]
    assert found == pytest.approx(case["expected"]["type7"], abs=case["tolerance"])


def test_an_always_open_clock_gives_the_published_curve(reference_cases: dict[str, Any]) -> None:
    case = reference_cases["km_freireich_6mp"]
    days, events = case["inputs"]["time"], case["inputs"]["event"]
    start = CLOCK.first
    curve = clock_curve(CLOCK, [start] * len(days), [start + DAY * d for d in days], events)
    held = curve.events > 0
    expected = case["expected"]
    assert (curve.times[held] / DAY).tolist() == expected["times"]
    assert curve.survival[held].tolist() == pytest.approx(expected["S"], abs=case["tolerance"])
    assert curve.standard_error[held].tolist() == pytest.approx(
        expected["se"], abs=case["tolerance"]
    )
    assert curve.quantile(0.5).value == DAY * expected["median"]


def test_each_group_against_the_rest_is_the_published_test_of_two(
    reference_cases: dict[str, Any],
) -> None:
    case = reference_cases["logrank_freireich"]
    i = case["inputs"]
    found = compare_waits([survival_table(i[f"time_{g}"], i[f"event_{g}"]) for g in "AB"])
    for test in (found.overall, *found.each):
        assert test.chi_square == pytest.approx(case["expected"]["chisq"], abs=case["tolerance"])
        assert test.p_value == pytest.approx(case["expected"]["p"], abs=case["tolerance"])


def test_targets_count_the_same_cases_by_hand(reference_cases: dict[str, Any]) -> None:
    """Of the 21 patients, within 10 days: 5 relapsed, 3 not followed as long are undecided."""
    i = reference_cases["km_freireich_6mp"]["inputs"]
    start = CLOCK.first
    until = [start + DAY * d for d in i["time"]]
    found = standing(CLOCK, [start] * 21, until, i["event"], 10 * DAY)
    by_hand = [
        sum(e == 1 and d <= 10 for d, e in zip(i["time"], i["event"], strict=True)),
        sum(e == 1 and d > 10 for d, e in zip(i["time"], i["event"], strict=True)),
        sum(e == 0 and d > 10 for d, e in zip(i["time"], i["event"], strict=True)),
        sum(e == 0 and d <= 10 for d, e in zip(i["time"], i["event"], strict=True)),
    ]
    assert [int(flags.sum()) for flags in found[1:]] == by_hand == [5, 4, 9, 3]
