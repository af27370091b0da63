"""Difference in differences: hand-worked, by regression, and on simulated months."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import pytest

from csat.stats.improvement import (
    Level,
    difference_in_differences,
    level_of_events,
    level_of_means,
)
from csat.stats.moments import Moments


def moments(values: np.ndarray) -> Moments:
    return Moments(len(values), int(values.sum()), int((values**2).sum()))


def test_the_standard_error_is_the_root_of_the_sum_of_the_four_squares() -> None:
    levels = [Level(v, se**2, 0.0, 50) for v, se in ((4, 0.1), (3, 0.2), (3.5, 0.3), (3, 0.4))]
    found = difference_in_differences(*levels)
    assert found.value == pytest.approx((4 - 3) - (3.5 - 3))
    half = 1.971957 * sqrt(0.01 + 0.04 + 0.09 + 0.16)  # t of 200 degrees of freedom
    assert (found.low, found.high) == pytest.approx((0.5 - half, 0.5 + half), rel=1e-4)


def test_it_is_the_interaction_of_a_regression() -> None:
    """Ordinary least squares on single answers gives the same effect."""
    chance = np.random.default_rng(3)
    rows, levels = [], []
    for treated, after, mean in ((1, 1, 4.2), (1, 0, 3.4), (0, 1, 3.6), (0, 0, 3.5)):
        periods = [np.clip(np.rint(chance.normal(mean, 1, 80)), 1, 5).astype(int) for _ in range(6)]
        level = level_of_means([moments(p) for p in periods])
        assert level is not None
        levels.append(level)
        rows += [(1, treated, after, treated * after, y) for p in periods for y in p]
    table = np.array(rows, dtype=float)
    fitted = np.linalg.lstsq(table[:, :4], table[:, 4], rcond=None)[0]
    assert difference_in_differences(*levels).value == pytest.approx(fitted[3])


def test_of_events_it_is_a_ratio_of_ratios() -> None:
    now, before = level_of_events([(20, 30), (20, 30)]), level_of_events([(40, 30), (40, 30)])
    one, two = level_of_events([(90, 30), (90, 30)]), level_of_events([(60, 30), (60, 30)])
    assert now is not None
    assert before is not None
    assert one is not None
    assert two is not None
    found = difference_in_differences(now, before, one, two)
    assert exp(found.value) == pytest.approx((40 / 80) / (180 / 120))
    assert found.dispersion == 1.0
    spread = sqrt(1 / 40 + 1 / 80 + 1 / 180 + 1 / 120)
    assert found.p_value < 0.01
    assert found.high - found.value == pytest.approx(2.776445 * spread, rel=1e-5)  # t, 4 df


def test_no_events_at_all_still_have_a_level() -> None:
    none = level_of_events([(0, 10), (0, 10)])
    assert none is not None
    assert none.value == pytest.approx(log(0.5 / 20))
    assert level_of_events([]) is None


def test_nothing_to_compare_is_said() -> None:
    assert level_of_means([]) is None
    assert level_of_means([Moments(3, 12, 48)]) is None
    flat = Level(1.0, 0.1, 0.0, 0)
    with pytest.raises(ValueError, match="too few periods"):
        difference_in_differences(flat, flat, flat, flat)


@pytest.mark.parametrize("extra", [0.0, 0.15], ids=["chance", "months that differ anyway"])
def test_intervals_hold_the_truth_as_often_as_they_say(extra: float) -> None:
    """Of 600 simulated programs without an effect about one in twenty finds one."""
    chance, false = np.random.default_rng(11), 0

    def stretch(months: int) -> Level:
        found = [
            moments(np.clip(np.rint(chance.normal(3.5 + shift, 1, 60)), 1, 6).astype(int))
            for shift in chance.normal(0, extra, months)
        ]
        level = level_of_means(found)
        assert level is not None
        return level

    for _ in range(600):
        effect = difference_in_differences(stretch(6), stretch(12), stretch(6), stretch(12))
        false += effect.p_value < 0.05
    assert 0.02 < false / 600 < 0.08
