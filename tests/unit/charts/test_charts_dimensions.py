"""Dumbbells, zones, quadrants and spreads: marks say what the figures say, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csat.charts import theme
from csat.charts.dumbbell import Dumbbell, dumbbells, dumbbells_alt
from csat.charts.quadrant import Spot, quadrants, quadrants_alt
from csat.charts.spread import SpreadBar, spread_alt, spread_bars
from csat.charts.zone import ZoneBar, zone_alt, zone_bars
from csat.model.answer import Figure

Make = Callable[..., Figure]
LIGHT = theme.LIGHT


def row(figure: Make, key: str, expectation: float, gap: float, **changes: Any) -> Dumbbell:
    given = {"metric": "gap:x", "unit": "rating", "low": gap - 0.1, "high": gap + 0.1} | changes
    return Dumbbell(key, key.title(), expectation, expectation + gap, figure(key, gap, **given))


def test_a_dumbbell_joins_both_sides_in_the_order_given(
    words: dict[str, Any], figure: Make
) -> None:
    rows = [row(figure, "first", 6.5, -1.2), row(figure, "second", 6.0, -0.4)]
    chart = dumbbells(rows, dark=False, **words)
    lines, rings, marks = chart.data
    assert list(lines.x) == [6.5, 5.3, None, 6.0, 5.6, None]
    assert list(rings.x) == [6.5, 6.0]
    assert list(marks.x) == [5.3, 5.6]
    assert [round(e, 6) for e in marks.error_x.array] == [0.1, 0.1]
    assert list(marks.customdata) == [["first"], ["second"]]
    assert list(chart.layout.yaxis.ticktext) == ["First", "Second"]
    assert [a.text for a in chart.layout.annotations][:2] == ["−1.20 · 200", "−0.40 · 200"]


def test_colour_is_earned_by_a_clear_change_alone(words: dict[str, Any], figure: Make) -> None:
    rows = [
        row(figure, "same", 6.5, -1.2),
        row(figure, "worse", 6.5, -1.2, verdict="worse", difference=-0.3),
        row(figure, "few", 6.5, -1.2, n=12),
    ]
    marks = dumbbells(rows, dark=False, **words).data[2].marker
    assert list(marks.color) == [LIGHT.neutral, LIGHT.concern, LIGHT.surface]
    assert list(marks.symbol) == ["diamond", "triangle-down", "diamond"]


def test_a_withheld_row_says_so_and_shows_no_number(
    words: dict[str, Any], figure: Make, withheld: Callable[[str], Figure]
) -> None:
    rows = [
        row(figure, "known", 6.5, -1.2),
        Dumbbell("hidden", "Hidden", None, None, withheld("hidden")),
    ]
    chart = dumbbells(rows, dark=True, **words)
    assert list(chart.data[3].text) == ["withheld"]
    assert [a.text for a in chart.layout.annotations][1] == "withheld"
    assert "Figures withheld: 1." in dumbbells_alt(rows, **words)
    assert dumbbells(rows[1:], dark=False, **words).layout.annotations[0].text


def test_the_alternative_names_the_lowest_gap(words: dict[str, Any], figure: Make) -> None:
    rows = [row(figure, "mild", 6.0, -0.4), row(figure, "deep", 6.5, -1.2)]
    told = dumbbells_alt(rows, **words)
    assert told.startswith("Deep: desired 6.50, perceived 5.30, gap −1.20.")
    assert "the highest is Mild with −0.40" in told


def test_a_zone_is_a_band_and_its_colour_a_sure_verdict(words: dict[str, Any]) -> None:
    rows = [
        ZoneBar("a", "A", 5.0, 6.5, 4.6, 4.5, 4.7, 90, "below_adequate"),
        ZoneBar("b", "B", 4.0, 6.5, 5.0, 4.9, 5.1, 90, "in_zone", predicted=4.8),
    ]
    band, tick, marks = zone_bars(rows, (1, 7), dark=False, **words).data
    assert (list(band.base), list(band.x)) == ([5.0, 4.0], [1.5, 2.5])
    assert list(tick.x) == [4.8]
    assert list(marks.marker.color) == [LIGHT.concern, LIGHT.neutral]
    told = zone_alt(rows, **words)
    assert told.startswith("A is closest to the minimum")
    assert "Below the minimum: 1 of 2." in told


def test_a_quadrant_in_doubt_is_hollow_and_not_named(words: dict[str, Any]) -> None:
    sure = Spot("a", "Speed", 6.5, 6.4, 6.6, 4.0, 3.9, 4.1, "concentrate", True)
    doubt = Spot("b", "Decor", 6.0, 5.8, 6.2, 4.9, 4.7, 5.1, "concentrate", False)
    points = quadrants([sure, doubt], (5.9, 5.0), dark=False, **words).data[0]
    assert list(points.marker.color) == [LIGHT.concern, LIGHT.surface]
    assert list(points.customdata) == [["a"], ["b"]]
    told = quadrants_alt([sure, doubt], t=str)
    assert "Speed" in told
    assert "Decor" not in told
    assert "In doubt: 1 of 2." in told


def test_a_spread_adds_up_to_a_hundred(words: dict[str, Any]) -> None:
    rows = [
        SpreadBar("q", "Question", {1: 1, 2: 1, 3: 2, 4: 4, 5: 2}),
        SpreadBar("w", "Withheld", {}),
    ]
    chart = spread_bars(rows, (1, 5), dark=False, **words)
    assert sum(bar.x[0] for bar in chart.data) == 100
    assert [bar.name for bar in chart.data] == ["1", "2", "3", "4", "5"]
    assert [a.text for a in chart.layout.annotations][:2] == ["10", "withheld"]
    assert "20.0%" in spread_alt(rows, (1, 5), **words)
    assert spread_bars(rows[1:], (1, 5), dark=False, **words).layout.annotations[0].text
