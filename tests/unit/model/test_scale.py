"""Rating scales refuse to contradict themselves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.model.problem import ImportProblem
from csat.model.scale import Scale, default_top_from
from csat.model.vocabulary import SPECIAL_KINDS


@pytest.mark.parametrize(
    ("given_", "says"),
    [
        ({"minimum": 5, "maximum": 5}, "A scale from 5 to 5 is empty"),
        ({"minimum": 5, "maximum": 1}, "A scale from 5 to 1 is empty"),
        ({"top_from": 1}, "cut 1 lies outside"),
        ({"top_from": 6}, "cut 6 lies outside"),
        ({"labels": {"Good": 6}}, "Label 'Good' maps to 6"),
        ({"labels": {"Good": 0}}, "Label 'Good' maps to 0"),
        ({"special": {"9": "whatever"}}, "unknown reason 'whatever'"),
        ({"minimum": 0, "maximum": 40_000}, "40000"),
        ({"minimum": -40_000, "maximum": 5}, "-40000"),
    ],
)
def test_a_contradiction_is_refused_and_named(given_: dict[str, Any], says: str) -> None:
    with pytest.raises(ImportProblem, match=says):
        Scale.of(**{"minimum": 1, "maximum": 5, **given_})


@pytest.mark.parametrize(
    ("low", "high", "cut"), [(1, 5, 4), (1, 4, 3), (1, 7, 5), (0, 10, 8), (1, 10, 8), (0, 1, 1)]
)
def test_the_top_boxes_are_the_usual_ones_for_the_length(low: int, high: int, cut: int) -> None:
    assert default_top_from(low, high) == cut
    assert Scale.of(low, high).top_from == cut


def test_the_refusal_of_a_reason_lists_those_that_exist() -> None:
    with pytest.raises(ImportProblem) as caught:
        Scale.of(1, 5, special={"9": "gone"})
    for kind in SPECIAL_KINDS:
        assert kind in str(caught.value)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    low = draw(st.integers(-10, 10))
    high = draw(st.integers(low + 1, low + 20))
    return Scale.of(
        low,
        high,
        draw(st.none() | st.integers(low + 1, high)),
        draw(st.dictionaries(st.text(max_size=8), st.integers(low, high), max_size=4)),
        draw(st.dictionaries(st.text(max_size=8), st.sampled_from(SPECIAL_KINDS), max_size=3)),
    )


@given(scales())
def test_a_scale_survives_its_json_form(scale: Scale) -> None:
    assert Scale.from_json(scale.to_json()) == scale


@pytest.mark.parametrize(
    "raw", [{"min": 1.5, "max": 5}, {"min": 1, "max": 5, "top_from": 4.5}, {"min": 1, "max": "x"}]
)
def test_codes_that_are_no_whole_numbers_are_no_scale(raw: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"whole number|invalid literal"):
        Scale.from_json(raw)


def test_pooling_asks_for_the_same_ends_and_the_same_cut() -> None:
    assert Scale.of(1, 5).range == (1, 5, 4)
    assert Scale.of(1, 5).range != Scale.of(1, 5, top_from=5).range
