from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csat.charts import theme
from csat.charts.dots import dots
from csat.model.answer import Figure

Make = Callable[..., Figure]
LOOK: dict[str, Any] = {"unit": "percent", "direction": "up", "dark": False}


def test_the_highest_stands_on_top_and_equal_ones_by_name(
    words: dict[str, Any], figure: Make
) -> None:
    rows = [figure("West", 70.0), figure("South", 80.0), figure("East", 70.0)]
    chart = dots(rows, **words, **LOOK)
    assert list(chart.layout.yaxis.ticktext) == ["South", "East", "West"]
    assert list(chart.data[0].customdata) == [["South"], ["East"], ["West"]]
    low, high = chart.layout.yaxis.range
    assert low > high


def test_each_point_carries_its_interval_and_its_base(words: dict[str, Any], figure: Make) -> None:
    chart = dots([figure("A", 70.0, n=1234, low=66.0, high=75.0)], **words, **LOOK)
    assert list(chart.data[0].error_x.array) == [5.0]
    assert list(chart.data[0].error_x.arrayminus) == [4.0]
    assert [a.text for a in chart.layout.annotations] == ["1,234", "n"]


def test_small_bases_and_unfinished_periods_are_hollow(words: dict[str, Any], figure: Make) -> None:
    rows = [
        figure("A", 90.0, n=29),
        figure("B", 80.0, n=30),
        figure("C", 70.0, finished=False, verdict="unfinished"),
    ]
    marks = dots(rows, **words, **LOOK).data[0].marker
    light = theme.LIGHT
    assert list(marks.color) == [light.surface, light.neutral, light.surface]
    assert list(marks.line.color) == [light.neutral] * 3
    strict = dots(rows, **words, **LOOK, caution_under=10).data[0].marker
    assert strict.color[0] == light.neutral


def test_clear_changes_have_colour_and_shape(words: dict[str, Any], figure: Make) -> None:
    rows = [
        figure("A", 90.0, verdict="better", difference=2.0),
        figure("B", 80.0, verdict="worse", difference=-2.0),
    ]
    marks = dots(rows, **words, **LOOK).data[0].marker
    assert list(marks.symbol) == ["triangle-up", "triangle-down"]
    assert list(marks.color) == [theme.LIGHT.improvement, theme.LIGHT.concern]


def test_groups_without_a_value_stand_below_with_the_reason(
    words: dict[str, Any], figure: Make, withheld: Callable[[str], Figure]
) -> None:
    chart = dots([withheld("B"), figure("", None), figure("A", 70.0)], **words, **LOOK)
    assert list(chart.layout.yaxis.ticktext) == ["A", "not stated", "B"]
    points, reasons = chart.data
    assert list(points.y) == [0]
    assert list(reasons.text) == ["no data", "withheld"]
    assert list(reasons.y) == [1, 2]
    assert [a.text for a in chart.layout.annotations][1:3] == ["", ""]


def test_the_overall_value_is_a_line_across_the_rows(words: dict[str, Any], figure: Make) -> None:
    chart = dots([figure("A", 70.0)], **words, **LOOK, overall=figure("total", 90.0))
    assert [(s.x0, s.line.dash) for s in chart.layout.shapes] == [(90.0, "dash")]
    assert "overall 90.0%" in [a.text for a in chart.layout.annotations]
    low, high = chart.layout.xaxis.range
    assert low < 90 < high


def test_a_withheld_overall_value_draws_no_line(
    words: dict[str, Any], figure: Make, withheld: Callable[[str], Figure]
) -> None:
    chart = dots([figure("A", 70.0)], **words, **LOOK, overall=withheld("total"))
    assert len(chart.layout.shapes) == 0


def test_without_values_the_chart_says_why(
    words: dict[str, Any], withheld: Callable[[str], Figure]
) -> None:
    assert dots([], **words, **LOOK).layout.annotations[0].text == "No data in this selection"
    hidden = dots([withheld("A")], **words, **LOOK)
    assert hidden.layout.annotations[0].text == "Withheld: too few answers"
