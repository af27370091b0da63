"""The waterfall: levels and steps, readable by shape and number, not by colour alone."""

from __future__ import annotations

from typing import Any

import pytest

from csat.charts.waterfall import Fall, waterfall, waterfall_alt

ROWS = (
    Fall("Expected", 6.0),
    Fall("Belief", 5.5, 6.0, -0.7, -0.3),
    Fall("Standards", 5.6, 5.5, -0.1, 0.3),
    Fall("Delivery", 6.1, 5.6, 0.2, 0.8),
    Fall("Perceived", 6.1),
)


def say(text: Any) -> str:
    return str(text)


def fmt(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{value:.2f}"


@pytest.mark.parametrize("dark", [False, True])
def test_marks_tell_loss_gain_and_doubt_by_their_shape(dark: bool) -> None:
    figure = waterfall(ROWS, t=say, fmt=fmt, dark=dark, scale=(1, 7))
    marks = figure.data[2]
    assert list(marks.marker.symbol) == [
        "diamond",
        "triangle-left",
        "square",
        "triangle-right",
        "diamond",
    ]
    beside = [a.text for a in figure.layout.annotations]
    assert beside[:5] == ["6.00", "-0.50", "+0.10", "+0.50", "6.10"]


def test_bars_lead_from_where_a_step_starts_to_where_it_ends() -> None:
    bars = waterfall(ROWS, t=say, fmt=fmt, dark=False, scale=(1, 7)).data[0]
    assert list(bars.base) == [6.0, 5.5, 5.6]
    assert list(bars.x) == pytest.approx([-0.5, 0.1, 0.5])


def test_whiskers_are_the_interval_of_the_step() -> None:
    marks = waterfall(ROWS, t=say, fmt=fmt, dark=False, scale=(1, 7)).data[2]
    assert list(marks.error_x.array) == pytest.approx([0, 0.2, 0.2, 0.3, 0])
    assert list(marks.error_x.arrayminus) == pytest.approx([0, 0.2, 0.2, 0.3, 0])


def test_words_say_from_where_to_where_and_what_loses_most() -> None:
    told = waterfall_alt(ROWS, t=say, fmt=fmt)
    assert "From Expected 6.00 to Perceived 6.10." in told
    assert "Most is lost at Belief: -0.50." in told
