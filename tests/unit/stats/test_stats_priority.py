"""What to improve first: importance, gap and the people affected, with the error of all three."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.priority import Estimate, priorities


def test_nothing_is_gained_where_expectations_are_met() -> None:
    parts = (Estimate(30, 1), Estimate(0.4, 0.1), Estimate(0.1, 0.02))
    assert priorities({"a": parts})["a"].value == 0


def test_overlapping_priorities_share_a_rank() -> None:
    parts = {
        "clear": (Estimate(30), Estimate(-2.0, 0.05), Estimate(0.8, 0.01)),
        "near": (Estimate(10), Estimate(-1.0, 0.2), Estimate(0.5, 0.05)),
        "nearer": (Estimate(10), Estimate(-1.1, 0.2), Estimate(0.5, 0.05)),
    }
    found = priorities(parts)
    assert [(name, p.rank) for name, p in found.items()] == [
        ("clear", 1),
        ("nearer", 2),
        ("near", 2),
    ]


@settings(max_examples=30, deadline=None)
@given(st.floats(0.1, 50), st.floats(-3, -0.1), st.floats(0.01, 1))
def test_a_priority_lies_within_its_interval_which_stays_above_zero(
    importance: float, gap: float, share: float
) -> None:
    found = priorities({"a": (Estimate(importance, 1), Estimate(gap, 0.1), Estimate(share, 0.02))})
    assert 0 <= found["a"].low <= found["a"].value <= found["a"].high


def test_gap_and_share_of_the_same_people_widen_a_priority_as_they_go_together() -> None:
    """The error against how much the product of gap and share moves from survey to survey."""
    rng, n = np.random.default_rng(4), 200
    gaps = rng.integers(-4, 3, size=(2000, n)).astype(float)
    means, shares = gaps.mean(axis=1), (gaps < 0).mean(axis=1)
    mean, share = means[0], shares[0]
    short = np.where(gaps[0] < 0, gaps[0], 0).mean()
    parts = (
        Estimate(1.0),
        Estimate(mean, gaps[0].std(ddof=1) / np.sqrt(n)),
        Estimate(share, np.sqrt(share * (1 - share) / n)),
    )
    found = priorities({"a": parts}, {"a": (short - mean * share) / n})["a"]
    apart = priorities({"a": parts})["a"]
    error = (found.high - found.low) / 2 / 1.959964
    assert error == pytest.approx(np.std(-means * shares), rel=0.1)
    assert apart.high - apart.low < 0.9 * (found.high - found.low)


def test_figures_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 0"):
        Estimate(1, -1)
    with pytest.raises(ValueError, match="share affected"):
        priorities({"a": (Estimate(1), Estimate(-1), Estimate(1.5))})
