from __future__ import annotations

import statistics
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.moments import Moments, moments_from_counts

modest = settings(max_examples=50, deadline=None)
values = st.lists(st.integers(-1000, 1000), max_size=40)


def moments_of(xs: list[int], divisor: int = 1) -> Moments:
    return Moments(len(xs), sum(xs), sum(x * x for x in xs), divisor)


@modest
@given(values, st.integers(1, 60))
def test_mean_and_variance_are_those_of_the_values(xs: list[int], divisor: int) -> None:
    moments = moments_of(xs, divisor)
    exact = [Fraction(x, divisor) for x in xs]
    assert moments.mean == (float(statistics.mean(exact)) if xs else None)
    assert moments.variance == (float(statistics.variance(exact)) if len(xs) > 1 else None)


@modest
@given(values, values)
def test_adding_moments_is_pooling_the_values(xs: list[int], ys: list[int]) -> None:
    assert moments_of(xs) + moments_of(ys) == moments_of(xs + ys)


def test_nothing_has_no_mean_and_one_value_has_no_spread() -> None:
    assert Moments(0, 0, 0).mean is None
    assert Moments(1, 4, 16).mean == 4
    assert Moments(1, 4, 16).variance is None
    assert Moments(1, 4, 16).sd is None


def test_a_tiny_spread_around_a_large_mean_survives() -> None:
    xs = [10**12, 10**12 + 1, 10**12 + 2]
    assert moments_of(xs).variance == 1


def test_fixed_width_integers_do_not_overflow() -> None:
    answers = [2**30, 2**30, 2**30 + 2, 2**30 + 2]
    sums = (np.int64(sum(answers)), np.int64(sum(x * x for x in answers)))
    assert Moments(np.int64(4), *sums).variance == 4 / 3  # type: ignore[arg-type]


def test_moments_of_different_divisors_do_not_add() -> None:
    with pytest.raises(ValueError, match="divisors 1 and 60"):
        Moments(1, 1, 1) + Moments(1, 1, 1, 60)


@pytest.mark.parametrize(
    "fields", [(-1, 0, 0), (0, 1, 1), (2, 10, 49), (1, 2, 3, 0), (0, 0, 5)], ids=str
)
def test_sums_that_no_values_have_are_refused(fields: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"at least|no values"):
        Moments(*fields)


def test_fractions_of_a_unit_are_refused() -> None:
    with pytest.raises(TypeError):
        Moments(2, 3.5, 7)  # type: ignore[arg-type]


def test_counts_are_the_same_as_the_answers_they_count() -> None:
    assert moments_from_counts({1: 2, 5: 3, 3: 0}) == moments_of([1, 1, 5, 5, 5])
    assert moments_from_counts({}) == Moments(0, 0, 0)


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="category 3"):
        moments_from_counts({3: -1})
