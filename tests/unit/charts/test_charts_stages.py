"""Charts of stages: what is reached, passed over and still to come, and how long each holds."""

from __future__ import annotations

import pytest

from csat.charts.stages import StageBar, StageSpan, stage_bars, stage_spans, stages_alt
from csat.locale.catalogue import translator
from csat.locale.formats import Formats

DAY = 86_400
BARS = [StageBar("Received", 100, 0, 0), StageBar("Answered", 70, 10, 20)]
SPANS = [
    StageSpan("Received", (DAY / 2, 2 * DAY, 9 * DAY), 12 * DAY),
    StageSpan("Answered", (3 * DAY, 5 * DAY, None), 40 * DAY),
]


@pytest.fixture(params=["en", "zh_CN"])
def words(request: pytest.FixtureRequest) -> dict:
    return {"t": translator(request.param), "fmt": Formats(request.param).value}


@pytest.mark.parametrize("dark", [False, True])
def test_every_case_is_in_one_part_of_each_bar(words: dict, dark: bool) -> None:
    chart = stage_bars(BARS, dark=dark, **words)
    assert [list(trace.x) for trace in chart.data] == [[100, 70], [0, 10], [0, 20]]
    assert sum(trace.x[1] for trace in chart.data) == 100
    assert [a.text for a in chart.layout.annotations][1] == "70 · 70.0%"


def test_a_quantile_beyond_what_was_followed_is_an_open_end(words: dict) -> None:
    chart = stage_spans(SPANS, dark=False, **words)
    lines = [t for t in chart.data if t.mode == "lines+markers"]
    assert [list(t.x) for t in lines] == [[0.5, 9.0], [3.0, 40.0]]
    assert [t.marker.size[1] for t in lines] == [0, 11]
    assert ">" in [a.text for a in chart.layout.annotations][1].replace("&gt;", ">")
    assert chart.layout.xaxis.type == "log"


def test_names_on_the_axis_do_not_run_into_each_other(words: dict) -> None:
    long = [StageSpan("a", (600.0, DAY, 400 * DAY), 400 * DAY)]
    ticks = stage_spans(long, dark=False, **words).layout.xaxis.tickvals
    assert 3 <= len(ticks) <= 4


def test_the_times_beside_a_row_stand_below_one_another_and_leave_the_plot_its_room(
    words: dict,
) -> None:
    chart = stage_spans(SPANS, dark=False, **words)
    assert [a.text.count("<br>") for a in chart.layout.annotations][:2] == [1, 1]
    assert chart.layout.margin.r < 100


def test_without_times_the_chart_says_so(words: dict) -> None:
    chart = stage_spans([], dark=False, **words)
    assert words["t"]("No data in this selection") in chart.layout.annotations[0].text


def test_names_of_a_file_are_not_obeyed(words: dict) -> None:
    chart = stage_bars([StageBar("<b>x</b>", 1, 0, 0)], dark=False, **words)
    assert "<b>x" not in chart.data[0].hovertext[0]


def test_the_words_tell_the_last_stage_and_the_slowest(words: dict) -> None:
    said = stages_alt(BARS, SPANS, **words)
    assert "70" in said
    assert "Answered" in said
    assert stages_alt([], [], **words) == words["t"]("No data in this selection")
