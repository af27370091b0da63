from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import plotly.graph_objects as go
import pytest

from csat.charts import theme
from csat.charts.trend import trend
from csat.model.answer import Figure
from csat.model.message import msg

Make = Callable[..., Figure]


@pytest.fixture
def draw(over_time: dict[str, Any]) -> Callable[..., go.Figure]:
    def call(series: dict[str, list[Figure]], **changes: Any) -> go.Figure:
        given = over_time | {"unit": "percent", "direction": "up", "dark": False}
        return trend(series, **(given | changes))

    return call


def points(chart: go.Figure, name: str = "all") -> Any:
    """Return the marks of a series that stand for values."""
    return next(
        d
        for d in chart.data
        if d.mode == "markers" and d.legendgroup == name and d.marker.symbol != "x-thin"
    )


def segments(chart: go.Figure, *, dotted: bool = False) -> list[tuple[float, float]]:
    found = []
    for d in chart.data:
        if d.mode == "lines" and d.fill is None and (d.line.dash == "dot") == dotted:
            xs = [x for x in d.x if x is not None]
            found += list(zip(xs[::2], xs[1::2], strict=True))
    return found


def crosses(chart: go.Figure) -> list[Any]:
    return [d for d in chart.data if d.mode == "markers" and d.marker.symbol == "x-thin"]


def test_a_single_series_is_grey_with_its_interval_as_a_band(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    chart = draw({"all": [figure("2026-01", 80.0), figure("2026-02", 82.0)]})
    band = chart.data[0]
    assert band.fill == "toself"
    assert list(band.y) == [83.0, 85.0, 79.0, 77.0, None]
    assert list(points(chart).marker.color) == [theme.LIGHT.neutral] * 2
    assert list(points(chart).error_y.array) == [0.0, 0.0]


def test_a_point_that_no_band_reaches_shows_its_interval_as_a_whisker(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    line = [figure("2026-01", 80.0), figure("2026-02", None), figure("2026-03", 82.0)]
    assert list(points(draw({"all": line})).error_y.array) == [3.0, 3.0]


def test_two_to_five_series_have_whiskers_and_colours_of_their_own(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    chart = draw({n: [figure("2026-01", 80.0), figure("2026-02", 82.0)] for n in "abcde"})
    assert not [d for d in chart.data if d.fill]
    assert [points(chart, n).marker.color[0] for n in "abcde"] == list(theme.LIGHT.series)
    assert list(points(chart, "c").error_y.arrayminus) == [3.0, 3.0]
    assert len({points(chart, n).x[0] for n in "abcde"}) == 5


def test_clear_changes_are_blue_or_orange_triangles_in_the_direction_of_the_move(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    line = [
        figure("2026-01", 80.0),
        figure("2026-02", 70.0, verdict="better", difference=-10.0),
        figure("2026-03", 85.0, verdict="worse", difference=15.0),
        figure("2026-04", 60.0, verdict="changed", difference=-25.0),
    ]
    marks = points(draw({"all": line}, direction="down")).marker
    assert list(marks.symbol) == ["circle", "triangle-down", "triangle-up", "diamond"]
    light = theme.LIGHT
    assert list(marks.color) == [
        light.neutral,
        light.improvement,
        light.concern,
        light.undirected,
    ]


def test_without_a_known_difference_the_good_direction_turns_the_triangle(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    line = [figure("2026-01", 80.0, verdict="worse")]
    assert points(draw({"all": line}, direction="up")).marker.symbol == ("triangle-down",)
    assert points(draw({"all": line}, direction="down")).marker.symbol == ("triangle-up",)


def test_an_unfinished_period_is_hollow_at_the_end_of_a_dotted_line(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    last = figure("2026-03", 84.0, verdict="unfinished", finished=False)
    chart = draw({"all": [figure("2026-01", 80.0), figure("2026-02", 82.0), last]})
    assert segments(chart) == [(0, 1)]
    assert segments(chart, dotted=True) == [(1, 2)]
    assert points(chart).marker.color[2] == theme.LIGHT.surface
    assert points(chart).marker.line.color[2] == theme.LIGHT.neutral
    assert 2 not in chart.data[0].x


def test_periods_without_data_are_gaps_and_not_zero(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    line = [figure("2026-01", 80.0), figure("2026-02", None), figure("2026-03", 82.0)]
    chart = draw({"all": line})
    assert segments(chart) == []
    assert list(points(chart).x) == [0, 2]
    assert crosses(chart) == []


def test_a_withheld_period_is_a_cross_on_the_baseline_that_says_so(
    draw: Callable[..., go.Figure], figure: Make, withheld: Callable[[str], Figure]
) -> None:
    line = [figure("2026-01", 80.0), withheld("2026-02"), figure("2026-03", 82.0)]
    chart = draw({"all": line})
    (cross,) = crosses(chart)
    assert segments(chart) == []
    assert (cross.x, cross.y) == ((1,), (chart.layout.yaxis.range[0],))
    assert cross.hovertext == ("<b>Feb 2026</b><br>withheld",)


def test_no_line_crosses_a_break_and_its_label_stands_above(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    line = [figure(f"2026-0{i}", 80.0) for i in (1, 2, 3, 4)]
    chart = draw({"all": line}, breaks=[("2026-03", "Reworded"), ("2031-01", "Elsewhere")])
    assert segments(chart) == [(0, 1), (2, 3)]
    assert {s.x0 for s in chart.layout.shapes} == {1.5}
    assert {s.line.dash for s in chart.layout.shapes} == {"dot"}
    assert [a.text for a in chart.layout.annotations] == ["Reworded"]
    assert list(chart.data[0].x).count(None) == 2


def test_the_note_on_the_scale_is_written_above(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    note = msg("Rescaled to {low}–{high}", low=0, high=100)
    chart = draw({"all": [figure("2026-01", 80.0)]}, scale_note=note)
    assert [a.text for a in chart.layout.annotations] == ["Rescaled to 0–100"]


def test_beyond_five_series_the_largest_are_coloured_and_the_rest_are_one_grey(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    series = {f"s{i}": [figure("2026-01", 50.0 + i, n=10 * (i + 1))] for i in range(7)}
    chart = draw(series)
    coloured = [f"s{i}" for i in (6, 5, 4, 3, 2)]
    assert [points(chart, n).marker.color[0] for n in coloured] == list(theme.LIGHT.series)
    grey = theme.faded(theme.LIGHT.rest, 0.55)
    assert [points(chart, n).marker.color[0] for n in ("s0", "s1")] == [grey, grey]
    shown = [d.name for d in chart.data if d.showlegend]
    assert shown == [*coloured, "2 others in grey"]
    assert [d.legendgroup for d in chart.data if d.mode == "markers"][:2] == ["s0", "s1"]


def test_a_click_can_open_the_period_of_the_series(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    chart = draw({"North": [figure("2026-01", 80.0)], "": [figure("2026-01", 81.0)]})
    assert list(points(chart, "North").customdata) == [["2026-01", "North"]]
    assert list(points(chart, "").customdata) == [["2026-01", ""]]
    assert points(chart, "").name == "not stated"


def test_hovering_tells_period_series_value_base_interval_and_verdict(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    up = figure("2026-01", 80.0, verdict="better", difference=4.0)
    chart = draw({"North": [up], "South": [figure("2026-01", 70.0)]})
    assert points(chart, "North").hovertext == (
        "<b>Jan 2026 · North</b><br>80.0% · n 200<br>95% interval: 77.0% to 83.0%<br>▲ better",
    )


def test_a_name_is_never_taken_for_markup(draw: Callable[..., go.Figure], figure: Make) -> None:
    name = "<a href='x'>A & B</a>"
    chart = draw({name: [figure("2026-01", 80.0)], "other": [figure("2026-01", 70.0)]})
    assert points(chart, name).hovertext[0].count("<a") == 0
    assert "&lt;a href='x'&gt;A &amp; B" in points(chart, name).hovertext[0]


def test_an_interval_without_an_end_runs_to_the_edge_of_the_chart(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    open_ended = [
        figure(f"2026-0{i}", 3.0, unit="days", low=2.0, high=None, metric="x") for i in (1, 2)
    ]
    chart = draw({"all": open_ended}, unit="days")
    assert chart.data[0].y[0] == chart.layout.yaxis.range[1]


@pytest.mark.parametrize("series", [{}, {"all": []}])
def test_without_figures_the_chart_says_there_is_no_data(
    draw: Callable[..., go.Figure], series: dict[str, list[Figure]]
) -> None:
    chart = draw(series)
    assert len(chart.data) == 0
    assert chart.layout.annotations[0].text == "No data in this selection"


def test_with_everything_withheld_the_chart_says_so(
    draw: Callable[..., go.Figure], withheld: Callable[[str], Figure]
) -> None:
    chart = draw({"all": [withheld("2026-01"), withheld("2026-02")]})
    assert chart.layout.annotations[0].text == "Withheld: too few answers"


def test_a_metric_that_cannot_be_had_says_why(draw: Callable[..., go.Figure], figure: Make) -> None:
    missing = figure("total", None, state="not_available", note=msg("Load a complaint file"))
    assert draw({"all": [missing]}).layout.annotations[0].text == "Load a complaint file"


def test_a_single_point_gets_an_axis_wide_enough_not_to_blow_up_noise(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    chart = draw({"all": [figure("2026-01", 80.0, low=None, high=None)]})
    low, high = chart.layout.yaxis.range
    assert high - low >= 8
    assert low < 80 < high


def test_the_axis_stays_within_what_the_unit_allows(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    chart = draw({"all": [figure("2026-01", 99.0, low=90.0, high=100.0)]})
    assert chart.layout.yaxis.range[1] == 100
    assert chart.layout.yaxis.ticktext[-1] == "100%"


@pytest.mark.parametrize("dark", [False, True])
def test_sixty_periods_of_twelve_series_with_long_chinese_names_stay_readable(
    draw: Callable[..., go.Figure], figure: Make, months: Callable[[int], list[str]], dark: bool
) -> None:
    name = "中央火车站客户服务中心（含夜间窗口与自助服务区）"
    series = {f"{i}{name}": [figure(m, 70.0 + i, n=100 + i) for m in months(60)] for i in range(12)}
    chart = draw(series, dark=dark)
    assert len(chart.layout.xaxis.tickvals) <= 6
    assert chart.layout.xaxis.tickvals[-1] == 59
    assert max(len(d.name or "") for d in chart.data if d.showlegend) <= 28
    assert sum(bool(d.showlegend) for d in chart.data) == 6
    assert chart.layout.legend.orientation == "h"
    assert json.loads(chart.to_json())["data"]


def test_a_series_that_others_are_held_against_is_grey_without_whiskers(
    draw: Callable[..., go.Figure], figure: Make
) -> None:
    line = [figure("2026-01", 80.0), figure("2026-02", 82.0)]
    chart = draw({"Weighted": line, "Unweighted": line}, beside="Unweighted")
    assert list(points(chart, "Unweighted").marker.color) == [theme.LIGHT.neutral] * 2
    assert points(chart, "Unweighted").error_y.array is None
    assert list(points(chart, "Weighted").marker.color) == [theme.LIGHT.series[0]] * 2
    assert max(points(chart, "Weighted").error_y.array) > 0
    assert {d.name for d in chart.data if d.showlegend} == {"Weighted", "Unweighted"}
