"""The exact binomial test against scipy's, which follows R."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from csat.stats.exact import exact_binomial_p


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.floats(0.01, 0.99))
def test_it_agrees_with_a_second_implementation(x: int, rest: int, p: float) -> None:
    expected = stats.binomtest(x, x + rest, p).pvalue if x + rest else 1.0
    assert exact_binomial_p(x, x + rest, p) == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize(
    ("x", "n", "p"), [(120_000, 240_500, 0.5), (999, 2_000_000, 0.0005), (3, 1_000_000, 1e-6)]
)
def test_it_agrees_for_large_counts(x: int, n: int, p: float) -> None:
    assert exact_binomial_p(x, n, p) == pytest.approx(stats.binomtest(x, n, p).pvalue, rel=1e-7)


@pytest.mark.parametrize("bad", [(3, 2, 0.5), (-1, 2, 0.5), (1, 2, 1.5)])
def test_what_is_no_outcome_is_refused(bad: tuple[int, int, float]) -> None:
    with pytest.raises(ValueError, match="no outcome"):
        exact_binomial_p(*bad)


def test_certain_hypotheses_are_kept_or_refuted() -> None:
    assert exact_binomial_p(0, 5, 0.0) == 1.0
    assert exact_binomial_p(1, 5, 0.0) == 0.0
    assert exact_binomial_p(5, 5, 1.0) == 1.0
