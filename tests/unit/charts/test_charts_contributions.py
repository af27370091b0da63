"""The bars of an index: as long as what each indicator adds, and what is missing to it."""

from __future__ import annotations

from typing import Any

from csat.charts.contributions import Contribution, contributions, contributions_alt
from csat.locale.catalogue import translator
from csat.locale.formats import Formats

SAY, WRITE = translator("en"), Formats("en").value
ROWS = [
    Contribution("a", "Reliability", 18.0, 32.0, 56.25, 400),
    Contribution("b", "Empathy", 12.0, 16.0, 75.0, 390),
    Contribution("c", "Price", None, None, None, None),
]


def drawn(rows: list[Contribution], *, dark: bool = False) -> Any:
    return contributions(rows, t=SAY, fmt=WRITE, dark=dark).to_dict()


def test_a_bar_is_as_long_as_what_is_added_and_what_is_missing() -> None:
    added, missing = drawn(ROWS)["data"]
    assert list(added["x"]) == [18.0, 12.0]
    assert list(missing["x"]) == [14.0, 4.0]
    assert [c[0] for c in added["customdata"]] == ["a", "b"]


def test_what_is_withheld_has_a_row_and_no_bar() -> None:
    figure = drawn(ROWS)
    assert list(figure["data"][0]["y"]) == [0, 1]
    assert "withheld" in [a["text"] for a in figure["layout"]["annotations"]]


def test_the_axis_holds_the_longest_bar() -> None:
    assert drawn(ROWS)["layout"]["xaxis"]["range"][1] >= 32.0


def test_the_words_name_what_costs_most_and_fewest() -> None:
    said = contributions_alt(ROWS, t=SAY, fmt=WRITE)
    assert said.startswith("Reliability costs most: 14.0 of the 32.0 points")
    assert "Empathy costs fewest: 4.0 points" in said


def test_nothing_to_draw_says_so() -> None:
    assert contributions_alt(ROWS[2:], t=SAY, fmt=WRITE) == "No data in this selection"
    assert drawn(ROWS[2:], dark=True)["layout"]["annotations"][0]["text"]
