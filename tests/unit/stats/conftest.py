"""How far what was computed misses the published reference numbers."""

from __future__ import annotations

from collections.abc import Callable, Set
from typing import Any

import numpy as np
import pytest

Figures = dict[str, Any]


@pytest.fixture
def missed_of(reference_cases: dict[str, Figures]) -> Callable[..., Figures]:
    """Compute a case; return the figures that miss its numbers, each beside what is expected.

    Figures that are not offered are not looked at; every other must be computed.
    """

    def missed(
        case_id: str, compute: Callable[[Figures], Figures], not_offered: Set[str] = frozenset()
    ) -> Figures:
        case = reference_cases[case_id]
        computed = compute(inputs_of(case, reference_cases))
        assert computed.keys() | not_offered == case["expected"].keys()
        return {
            name: (value, case["expected"][name])
            for name, value in computed.items()
            if not close(value, case["expected"][name], case["tolerance"])
        }

    return missed


def inputs_of(case: Figures, cases: dict[str, Figures]) -> Figures:
    """Return the inputs of a case, following its reference to another's."""
    inputs: Figures = case["inputs"]
    if "see" in inputs:
        return inputs_of(cases[inputs["see"].removesuffix(".inputs")], cases)
    return inputs


def close(got: Any, expected: Any, tolerance: float) -> bool:
    if isinstance(expected, dict):
        return got.keys() == expected.keys() and all(
            close(got[key], expected[key], tolerance) for key in expected
        )
    if isinstance(expected, list):
        return len(got) == len(expected) and all(
            close(g, e, tolerance) for g, e in zip(got, expected, strict=True)
        )
    if got is None or isinstance(expected, str | None):
        return bool(got == expected)
    return bool(np.isclose(got, expected, rtol=0, atol=tolerance))
