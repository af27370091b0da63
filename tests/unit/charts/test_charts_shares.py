"""Shares side by side: who answered and who was served, told by shape, number and words."""

from __future__ import annotations

import pytest

from csat.charts.shares import SharePair, share_pairs, share_pairs_alt
from csat.locale.formats import Formats

F = Formats("en")
ROWS = (
    SharePair("Phone", 45.0, 32.9, 31.6, 34.2),
    SharePair("Web", 15.0, 18.8, 17.8, 19.9),
    SharePair("Fax", 40.0, 40.3, 39.0, 41.6),
    SharePair("Post", 2.0, None),
)


@pytest.mark.parametrize("dark", [False, True])
def test_a_mark_points_the_way_the_answers_miss_unless_chance_may_do_it(dark: bool) -> None:
    figure = share_pairs(ROWS, t=str, fmt=F.value, change=F.difference, dark=dark)
    marks = figure.data[2]
    assert list(marks.marker.symbol) == ["triangle-left", "triangle-right", "diamond"]
    assert list(marks.x) == [32.9, 18.8, 40.3]
    assert list(marks.error_x.array) == pytest.approx([1.3, 1.1, 1.3])


def test_every_group_served_has_a_ring_and_a_difference_or_the_word_withheld() -> None:
    figure = share_pairs(ROWS, t=str, fmt=F.value, change=F.difference, dark=False)
    assert list(figure.data[1].x) == [45.0, 15.0, 40.0, 2.0]
    beside = [a.text for a in figure.layout.annotations]
    assert beside[:4] == ["−12.1 pts", "+3.8 pts", "+0.3 pts", "withheld"]


def test_words_name_the_group_that_is_farthest_off_and_how_many_are() -> None:
    told = share_pairs_alt(ROWS, t=str, fmt=F.value)
    assert "Phone: 32.9% of the answers, 45.0% of those served." in told
    assert "2 of 3 groups are clearly off their share." in told


def test_nothing_to_compare_is_said() -> None:
    assert share_pairs_alt(ROWS[3:], t=str, fmt=F.value) == "Nothing to list."
