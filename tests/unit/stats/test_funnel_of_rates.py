"""Funnels of rates, held against Poisson limits worked out by hand."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from csat.stats.funnel import rate_funnel


def test_limits_are_those_of_a_poisson_rate() -> None:
    units = {"a": (50, 10_000), "b": (48, 10_000), "c": (26, 5_000), "d": (25, 5_000)}
    found = rate_funnel(units)
    assert found is not None
    assert found.sigma_z == 1.0
    rate = 149 / 30_000
    assert found.share == pytest.approx(rate)
    point = found.points["c"]
    assert point.high == pytest.approx(rate + 1.959964 * sqrt(rate / 5_000), rel=1e-6)
    assert point.outer_low == pytest.approx(rate - 3.090232 * sqrt(rate / 5_000), rel=1e-6)
    assert point.share == 26 / 5_000


def test_limits_may_lie_above_one() -> None:
    """A customer may complain more than once."""
    found = rate_funnel({"a": (12, 10), "b": (9, 10), "c": (11, 10)})
    assert found is not None
    assert found.points["a"].outer_high > 1


def test_at_most_one_unit_in_twenty_lies_beyond_the_inner_limits_by_chance() -> None:
    chance, beyond = np.random.default_rng(5), 0
    for _ in range(200):
        events = chance.poisson(60, 20)
        found = rate_funnel({str(i): (int(e), 10_000) for i, e in enumerate(events)})
        assert found is not None
        beyond += sum(p.place != "within" for p in found.points.values())
    assert 0.02 < beyond / 4_000 < 0.06


def test_nothing_to_plot_is_none_and_nonsense_is_refused() -> None:
    assert rate_funnel({"a": (3, 10)}) is None
    assert rate_funnel({"a": (0, 10), "b": (0, 10), "c": (5, 0)}) is None
    with pytest.raises(ValueError, match="at least 0"):
        rate_funnel({"a": (-1, 10), "b": (1, 10)})
