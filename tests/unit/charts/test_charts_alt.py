from __future__ import annotations

from collections.abc import Callable
from typing import Any

from csat.charts.alt import dots_alt, pareto_alt, trend_alt, volume_alt
from csat.model.answer import Figure

Make = Callable[..., Figure]


def test_a_trend_is_told_by_its_ends_extremes_and_withheld_periods(
    over_time: dict[str, Any], figure: Make, withheld: Callable[[str], Figure]
) -> None:
    line = [
        figure("2026-03", 85.0, verdict="better"),
        figure("2026-01", 80.0),
        figure("2026-02", 90.0),
        withheld("2025-12"),
        figure("2026-04", 10.0, finished=False, verdict="unfinished"),
    ]
    assert trend_alt({"all": line}, **over_time) == (
        "From 80.0% in Jan 2026 to 85.0% in Mar 2026, the last against the period before: better. "
        "Highest 90.0% in Feb 2026, lowest 80.0% in Jan 2026. Figures withheld: 1."
    )


def test_one_period_is_told_as_it_is(over_time: dict[str, Any], figure: Make) -> None:
    assert trend_alt({"all": [figure("2026-01", 80.0)]}, **over_time) == "80.0% in Jan 2026."


def test_several_series_are_compared_where_they_end(
    over_time: dict[str, Any], figure: Make
) -> None:
    series = {
        "North": [figure("2026-01", 60.0), figure("2026-02", 90.0)],
        "South": [figure("2026-01", 99.0), figure("2026-02", 70.0)],
        "Closed": [figure("2026-01", 10.0)],
        "Empty": [figure("2026-01", None)],
    }
    assert trend_alt(series, **over_time) == (
        "3 series; in Feb 2026 North is highest with 90.0% and South lowest with 70.0%."
    )


def test_a_series_alone_in_the_last_period_is_not_compared_with_itself(
    over_time: dict[str, Any], figure: Make
) -> None:
    series = {"North": [figure("2026-02", 90.0)], "South": [figure("2026-01", 70.0)]}
    assert trend_alt(series, **over_time) == (
        "2 series; in Feb 2026 only North has a figure: 90.0%."
    )


def test_a_volume_is_told_by_its_total_and_extremes(
    over_time: dict[str, Any], figure: Make
) -> None:
    bars = [figure(f"2026-0{i}", 100.0 * i, unit="count") for i in (1, 2, 3)]
    bars.append(figure("2026-04", 5.0, unit="count", finished=False))
    assert volume_alt(bars, **over_time) == (
        "605 counted from Jan 2026 to Apr 2026. Highest 300 in Mar 2026, lowest 100 in Jan 2026."
    )


def test_causes_are_told_by_the_first_and_by_those_that_make_up_four_fifths(
    words: dict[str, Any],
) -> None:
    assert pareto_alt([("c", 10), ("a", 50), ("b", 40)], **words) == (
        "a leads with 50 of 100 (50.0%). The largest 2 of 3 together make up 90.0%."
    )


def test_groups_are_told_by_the_highest_and_lowest(
    words: dict[str, Any], figure: Make, withheld: Callable[[str], Figure]
) -> None:
    rows = [figure("A", 70.0), figure("", 90.0), withheld("B")]
    assert dots_alt(rows, **words, overall=figure("total", 75.0)) == (
        "Of 2 groups not stated is highest with 90.0%, A lowest with 70.0%. Overall 75.0%. "
        "Figures withheld: 1."
    )


def test_a_chart_without_data_says_so(
    words: dict[str, Any], over_time: dict[str, Any], withheld: Callable[[str], Figure]
) -> None:
    nothing = "No data in this selection"
    assert trend_alt({}, **over_time) == nothing
    assert volume_alt([], **over_time) == nothing
    assert pareto_alt([], **words) == nothing
    assert dots_alt([], **words) == nothing
    assert dots_alt([withheld("A")], **words) == "Withheld: too few answers"


def test_only_an_unfinished_period_is_told_as_such(over_time: dict[str, Any], figure: Make) -> None:
    line = [figure("2026-01", 80.0, finished=False, verdict="unfinished")]
    assert trend_alt({"all": line}, **over_time) == "80.0% in Jan 2026 (period not finished)."
