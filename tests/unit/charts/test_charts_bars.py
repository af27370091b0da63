from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csat.charts import theme
from csat.charts.bars import pareto, volume
from csat.charts.words import width
from csat.model.answer import Figure

Make = Callable[..., Figure]


def count(make: Make, by: str, value: float | None, **changes: Any) -> Figure:
    return make(by, value, unit="count", metric="complaints_received", **changes)


def test_bars_start_at_zero_and_an_unfinished_one_is_only_outlined(
    over_time: dict[str, Any], figure: Make
) -> None:
    last = count(figure, "2026-02", 40.0, finished=False, verdict="unfinished")
    chart = volume([last, count(figure, "2026-01", 100.0)], **over_time, dark=False)
    bars = chart.data[0]
    assert list(bars.y) == [100.0, 40.0]
    assert chart.layout.yaxis.range[0] == 0
    assert bars.marker.color[0] != theme.CLEAR
    assert bars.marker.color[1] == theme.CLEAR
    assert list(bars.marker.line.width) == [0, 1.6]
    assert list(bars.customdata) == [["2026-01"], ["2026-02"]]


def test_a_clear_change_of_a_count_has_its_colour_and_a_sign(
    over_time: dict[str, Any], figure: Make
) -> None:
    fewer = count(figure, "2026-02", 60.0, verdict="better", difference=-40.0)
    bars = volume([count(figure, "2026-01", 100.0), fewer], **over_time, dark=False).data[0]
    assert list(bars.text) == ["", "▼"]
    assert bars.marker.line.color[1] == theme.LIGHT.improvement


def test_a_month_without_data_has_no_bar_and_a_withheld_one_a_cross(
    over_time: dict[str, Any], figure: Make, withheld: Callable[[str], Figure]
) -> None:
    rows = [count(figure, "2026-01", 9.0), count(figure, "2026-02", None), withheld("2026-03")]
    bars, cross = volume(rows, **over_time, dark=False).data
    assert list(bars.x) == [0]
    assert list(cross.x) == [2]
    assert cross.marker.symbol == "x-thin"
    assert "withheld" in cross.hovertext[0]


def test_a_month_with_zero_is_a_bar_of_zero(over_time: dict[str, Any], figure: Make) -> None:
    chart = volume([count(figure, "2026-01", 0.0, low=0.0, high=3.7)], **over_time, dark=True)
    assert list(chart.data[0].y) == [0.0]
    assert chart.layout.yaxis.range[1] > 0


def test_without_counts_the_chart_says_there_is_no_data(
    over_time: dict[str, Any], words: dict[str, Any]
) -> None:
    for chart in (
        volume([], **over_time, dark=False),
        pareto([], **words, dark=False),
        pareto([("a", 0)], **words, dark=False),
    ):
        assert len(chart.data) == 0
        assert chart.layout.annotations[0].text == "No data in this selection"


def test_causes_stand_by_frequency_and_equal_ones_by_name(words: dict[str, Any]) -> None:
    chart = pareto([("fees", 4), ("queue", 9), ("app", 4)], **words, dark=False)
    assert list(chart.layout.yaxis.ticktext) == ["queue", "app", "fees"]
    assert list(chart.data[0].customdata) == [["queue"], ["app"], ["fees"]]
    low, high = chart.layout.yaxis.range
    assert low > high


def test_the_rest_is_told_in_the_last_line_and_has_no_bar(words: dict[str, Any]) -> None:
    rows = [(f"cause {i:02d}", 10) for i in range(20)]
    chart = pareto(rows, **words, dark=False)
    assert list(chart.data[0].x) == [10] * 12
    assert chart.layout.xaxis.range == (0, 10)
    assert chart.layout.yaxis.ticktext[-1] == "8 more, see<br>the table"
    assert chart.layout.annotations[12].text == "80 · 100.0%"


def test_each_bar_has_its_count_and_the_share_reached(words: dict[str, Any]) -> None:
    chart = pareto([("a", 1500), ("b", 500)], **words, dark=False)
    assert [a.text for a in chart.layout.annotations][:2] == ["1,500 · 75.0%", "500 · 100.0%"]


def test_long_names_are_cut_in_the_label_and_whole_when_pointed_at(
    words: dict[str, Any],
) -> None:
    latin = "Fee not explained before the contract was signed"
    chinese = "签约之前没有说明收费标准及其计算方法"
    chart = pareto([(latin, 2), (chinese, 1)], **words, dark=False)
    for label, name in zip(chart.layout.yaxis.ticktext, (latin, chinese), strict=True):
        lines = label.split("<br>")
        assert len(lines) == 2
        assert max(map(width, lines)) <= 20
        assert label.endswith("…")
        assert name not in label
    hovers = [h.replace("<br>", " ") for h in chart.data[0].hovertext]
    assert latin in hovers[0]
    assert chinese in hovers[1].replace(" ", "")
    assert chart.layout.yaxis.automargin


def test_names_that_shorten_alike_stay_two_bars(words: dict[str, Any]) -> None:
    start = "Waited much longer than anybody promised "
    chart = pareto([(f"{start}A", 2), (f"{start}B", 1)], **words, dark=False)
    assert list(chart.data[0].y) == [0, 1]
    assert len(set(chart.layout.yaxis.ticktext)) == 1


def test_records_without_a_cause_are_named_not_stated(words: dict[str, Any]) -> None:
    chart = pareto([("", 3), ("a", 1)], **words, dark=False)
    assert chart.layout.yaxis.ticktext[0] == "not stated"
    assert chart.data[0].customdata[0] == [""]
