"""Sums over ratings in batches: the same as counting respondent by respondent."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from csat.stats.comoments import comoments_of
from csat.stats.moments import Moments
from csat.stats.rating_sums import RatingSums

NAMES = ("p1", "p2", "d1", "d2", "x")
PAIRS = [("p1", "d1"), ("p2", "d2"), ("x", "")]
GROUPS = [
    [("p1", ""), ("p2", "")],
    [("d1", ""), ("d2", "")],
    [],
    [("p1", "d1"), ("p2", "d2")],
    [(name, "") for name in NAMES],
]


def moments(values: np.ndarray) -> Moments:
    kept = [int(v) for v in values[~np.isnan(values)]]
    return Moments(len(kept), sum(kept), sum(v * v for v in kept))


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[np.ndarray, np.ndarray]]:
    sizes = draw(st.lists(st.integers(0, 9), min_size=1, max_size=4))
    largest = draw(st.sampled_from((7, 10, 100, 30_000)))
    made = []
    for n in sizes:
        shape = (len(NAMES), n)
        ratings = draw(arrays.arrays(np.int16, shape, elements=st.integers(-largest, largest)))
        told = draw(arrays.arrays(np.bool_, shape))
        made.append((ratings, told))
    return made


@given(batches())
def test_batches_add_up_to_what_counting_respondents_gives(
    given_batches: list[tuple[np.ndarray, np.ndarray]],
) -> None:
    sums = RatingSums(NAMES, PAIRS, GROUPS, [("d1", 7)])
    for ratings, told in given_batches:
        sums.add(ratings, told)
    table = np.concatenate(
        [np.where(told, ratings, np.nan) for ratings, told in given_batches], axis=1
    )
    rows = dict(zip(NAMES, table, strict=True))
    for one, other in PAIRS:
        assert sums.alone(one) == moments(rows[one])
        if other:
            assert sums.difference(one, other) == moments(rows[one] - rows[other])
            both = ~np.isnan(rows[one] - rows[other])
            assert sums.beside(other, one) == rows[other][both].sum()
    assert sums.marked("d1") == np.count_nonzero(rows["d1"] == 7)
    assert sums.answered("x") == np.count_nonzero(~np.isnan(rows["x"]))
    for number, group in enumerate(GROUPS):
        columns = [rows[one] - rows[other] if other else rows[one] for one, other in group]
        expected = comoments_of(np.column_stack(columns)) if columns else None
        found = sums.group(number)
        assert (found.n, found.totals, found.products) == (
            (expected.n, expected.totals, expected.products) if expected else (0, (), ())
        )


def test_large_batches_of_the_widest_scale_lose_no_unit() -> None:
    ratings = np.full((2, 70_000), 101, dtype=np.int16)
    sums = RatingSums(["a", "b"], [("a", "b")], [[("a", ""), ("b", "")]])
    sums.add(ratings, np.ones(ratings.shape, bool))
    assert sums.alone("a") == Moments(70_000, 70_000 * 101, 70_000 * 101**2)
    assert sums.group(0).products[0][1] == 70_000 * 101**2


def test_what_a_missing_rating_holds_does_not_matter() -> None:
    told = np.array([[True, False], [True, True]])
    found = []
    for filler in (0, 9, -32_768):
        sums = RatingSums(["a", "b"], [("a", "b")], [[("a", ""), ("b", "")]])
        sums.add(np.array([[3, filler], [5, 4]], dtype=np.int16), told)
        found.append((sums.alone("a"), sums.difference("a", "b"), sums.group(0)))
    assert found[0] == found[1] == found[2]


@pytest.mark.parametrize("set_before", [None, "2"])
def test_linear_algebra_keeps_to_one_thread_unless_told_otherwise(set_before: str | None) -> None:
    told = {k: v for k, v in os.environ.items() if k != "OPENBLAS_NUM_THREADS"}
    if set_before:
        told["OPENBLAS_NUM_THREADS"] = set_before
    code = "import csat, os; print(os.environ['OPENBLAS_NUM_THREADS'])"
    out = subprocess.run(
        [sys.executable, "-c", code], env=told, capture_output=True, text=True, check=True
    )
    assert out.stdout.strip() == (set_before or "1")
