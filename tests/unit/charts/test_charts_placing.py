"""Names beside marks: free of each other on a phone and on a wide screen."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest

from csat.charts.placing import PLOT, Box, Mark, names_beside

CROWD = [
    Mark(70.3, 8.2, "Requests move on"),
    Mark(71.2, 8.5, "Someone can be reached"),
    Mark(71.7, 11.4, "Bills are right"),
    Mark(70.0, 16.0, "Dates and hours are kept"),
    Mark(70.1, 19.5, "Problems are solved"),
    Mark(73.3, 2.6, "Works are announced"),
    Mark(75.7, 6.7, ""),
]
ENDS = ((67.6, 83.6), (0.0, 26.0))
WIDE = (1000.0, 350.0)


def box_of(note: dict[str, Any], plot: tuple[float, float]) -> Box:
    """Return the pixels that an annotation covers on a plot of a size."""
    lines = note["text"].split("<br>")
    wide, high = 6.0 * max(len(line) for line in lines), 14.0 * len(lines)
    right, up = (note["ax"], -note["ay"]) if note["showarrow"] else (note["xshift"], note["yshift"])
    x, y = (
        size * (at - low) / (high_end - low)
        for at, (low, high_end), size in zip((note["x"], note["y"]), ENDS, plot, strict=True)
    )
    left = x + right - {"left": 0.0, "right": wide, "center": wide / 2}[note["xanchor"]]
    bottom = y + up - (0.0 if note["yanchor"] == "bottom" else high)
    return Box(left, bottom, left + wide, bottom + high)


@pytest.mark.parametrize("plot", [PLOT, WIDE], ids=["phone", "desktop"])
def test_no_name_covers_another(plot: tuple[float, float]) -> None:
    boxes = [box_of(note, plot) for note in names_beside(CROWD, *ENDS, dark=False)]
    assert len(boxes) == 6
    assert not any(a.shared(b) for a, b in combinations(boxes, 2))


def test_every_name_lies_whole_within_the_plot_of_a_phone() -> None:
    for note in names_beside(CROWD, *ENDS, dark=False):
        box = box_of(note, PLOT)
        assert box.left >= 0, note["text"]
        assert box.right <= PLOT[0], note["text"]
        assert 0 <= box.bottom < box.top <= PLOT[1], note["text"]


def test_a_name_that_stands_far_off_is_joined_to_its_mark() -> None:
    crowd = [Mark(75.0, 13.0 + 0.1 * i, f"Theme number {i}") for i in range(8)]
    notes = names_beside(crowd, *ENDS, dark=True, corners=False)
    far = [n for n in notes if n["showarrow"]]
    assert far
    assert all(abs(n["ay"]) > 9 for n in far)
    assert all(n["yshift"] in (9.0, -9.0) for n in notes if not n["showarrow"])


def test_names_are_kept_as_text_and_broken_into_lines() -> None:
    [note] = names_beside([Mark(75, 13, "Bills & <i>letters</i> are right")], *ENDS, dark=False)
    assert note["text"] == "Bills &amp;<br>&lt;i&gt;letters&lt;/i&gt; are<br>right"
