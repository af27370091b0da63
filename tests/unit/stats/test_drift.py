"""The spread of answers of two files: distance and chi-squared test against SciPy's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from csat.stats.drift import drift

COUNTS = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 80)), min_size=2, max_size=11)


@given(COUNTS)
def test_the_test_agrees_with_scipy(pairs: list[tuple[int, int]]) -> None:
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    found = drift(before, after)
    if not sum(before) or not sum(after):
        assert found is None
        return
    assert found is not None
    table = [[a, b] for a, b in pairs if a + b]
    if len(table) < 2:
        assert found.p_value is None
        return
    assert found.p_value == pytest.approx(
        chi2_contingency(table, correction=False).pvalue, rel=1e-9, abs=1e-300
    )


@given(COUNTS)
def test_the_distance_is_a_share_and_the_same_both_ways(pairs: list[tuple[int, int]]) -> None:
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    found, back = drift(before, after), drift(after, before)
    assert (found is None) == (back is None)
    if found is not None and back is not None:
        assert 0 <= found.distance <= 1 + 1e-12
        assert found.distance == pytest.approx(back.distance)


def test_equal_spreads_are_at_no_distance() -> None:
    found = drift([10, 20, 30], [1, 2, 3])
    assert found is not None
    assert found.distance == pytest.approx(0)
    assert found.p_value == pytest.approx(1)


@pytest.mark.parametrize(("before", "after"), [([1], [1, 2]), ([-1, 2], [1, 2])])
def test_counts_that_make_no_sense_are_refused(before: list[int], after: list[int]) -> None:
    with pytest.raises(ValueError, match="count"):
        drift(before, after)
