"""Paths of categories lead to one category each, whatever its name holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.model.category import category_names, category_path


@pytest.mark.parametrize(
    "names", [("Billing",), ("A > B", "C"), (">", ">>"), ("", "x"), ("a >", "> b"), ("a>b",)]
)
def test_names_come_back_from_their_path(names: tuple[str, ...]) -> None:
    assert category_names(category_path(names)) == names


@given(st.lists(st.text("a> ", max_size=6), min_size=1, max_size=3).map(tuple))
def test_no_two_categories_share_a_path(names: tuple[str, ...]) -> None:
    assert category_names(category_path(names)) == names


def test_usual_names_look_as_ever() -> None:
    assert category_path(["Billing", "Meter reading"]) == "Billing > Meter reading"
