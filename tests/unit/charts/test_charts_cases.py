"""Pictures of waiting, ageing and places show the numbers they are given."""

from __future__ import annotations

import pytest

from csat.charts.agreement import ThemeSpot, agreement_alt, agreement_map
from csat.charts.curves import waiting_alt, waiting_curves
from csat.charts.grids import MOST_ROWS, bands, bands_alt, cell_key, heat, heat_alt, ranked_axes

DAY = 86_400


def say(text: object) -> str:
    return str(text)


def fmt(value: float | None, unit: str) -> str:
    return "—" if value is None else f"{value:g}{'%' if unit == 'percent' else ''}"


WORDS = {"t": say, "fmt": fmt}
CURVE = [(0.0, 1.0), (DAY, 0.5), (3.0 * DAY, 0.2)]
CELLS = [("Bill", "Desk", 7), ("Bill", "", 2), ("Staff <b>", "Desk", 1)]


@pytest.mark.parametrize("dark", [False, True])
def test_curves_are_steps_in_days_and_percent(dark: bool) -> None:
    figure = waiting_curves({"North": CURVE, "": CURVE[:2]}, dark=dark, **WORDS)
    first, second = figure.data
    assert list(first.x) == [0, 1, 3]
    assert list(first.y) == [100, 50, 20]
    assert first.line.shape == "hv"
    assert second.name == "not stated"
    assert figure.layout.showlegend
    assert "50% still open after 1" in first.hovertext[1]


def test_one_curve_needs_no_legend_and_ends_where_it_is_told() -> None:
    figure = waiting_curves({"all": CURVE}, dark=False, until=2.0 * DAY, **WORDS)
    assert not figure.layout.showlegend
    assert list(figure.layout.xaxis.range) == [0, 2]


def test_without_curves_the_picture_says_so() -> None:
    figure = waiting_curves({"all": []}, dark=False, **WORDS)
    assert not figure.data
    assert "No data" in figure.layout.annotations[0].text


def test_waiting_in_words() -> None:
    said = waiting_alt({"North": 2.0 * DAY, "South": DAY, "East": None}, **WORDS)
    assert said.index("South: half done within 1") < said.index("North: half done within 2")
    assert "not done yet: 1" in said
    assert waiting_alt({}, **WORDS) == "No data in this selection"


def test_heat_has_a_cell_for_every_pair() -> None:
    figure = heat(CELLS, dark=False, **WORDS)
    trace, marks = figure.data
    assert [list(line) for line in trace.z] == [[7, 2], [1, 0]]
    keys = [cell_key("Bill", "Desk"), cell_key("Bill", ""), cell_key("Staff <b>", "Desk")]
    assert [mark[0] for mark in marks.customdata] == keys  # the empty cell opens nothing
    assert [list(line) for line in trace.text] == [["7", "2"], ["1", ""]]
    assert "<b>" not in figure.layout.yaxis.ticktext[1]
    assert figure.layout.xaxis.ticktext[1] == "not stated"


def test_only_the_largest_rows_are_drawn() -> None:
    cells = [(f"c{i:02d}", "x", i) for i in range(40)]
    rows, _ = ranked_axes(cells)
    assert rows[0] == "c39"
    assert len(rows) == MOST_ROWS


def test_heat_in_words() -> None:
    assert heat_alt(CELLS, **WORDS) == "Most of 10: 7 at Bill, Desk."
    assert heat_alt([], **WORDS) == heat([], dark=True, **WORDS).layout.annotations[0].text


def test_bands_are_shares_of_their_own_total() -> None:
    figure = bands(["0-1", "over 1"], [1, 3], [10, 0], ends=["0–1", "> 1"], dark=True, **WORDS)
    assert list(figure.layout.xaxis.ticktext) == ["0–1", "&gt; 1"]
    assert figure.layout.xaxis.title.text == "days"
    still_open, closed = figure.data
    assert list(still_open.y) == [25, 75]
    assert list(closed.y) == [100, 0]
    assert "3 · 75%" in still_open.hovertext[1]
    said = bands_alt(["0-1", "over 1"], [1, 3], [10, 0], **WORDS)
    assert "4 open, 10 closed" in said
    assert "over 1: 3" in said
    assert bands_alt([], [], [], **WORDS) == "No data in this selection"


def test_bars_of_age_carry_the_code_of_their_cases() -> None:
    codes = [("open:0-1", "closed:0-1"), ("open:1-", "closed:1-")]
    figure = bands(["a", "b"], [1, 2], [3, 4], ends="ab", dark=False, codes=codes, **WORDS)
    assert [[code for (code,) in trace.customdata] for trace in figure.data] == [
        ["open:0-1", "open:1-"],
        ["closed:0-1", "closed:1-"],
    ]


SPOTS = [
    ThemeSpot("bills", "Bills <i>are</i> right", 70.0, 69.0, 71.0, 30.0, 28.0, 32.0, "both"),
    ThemeSpot("staff", "Staff", 78.0, 77.0, 79.0, 5.0, 4.0, 6.0, "fine"),
]


@pytest.mark.parametrize("dark", [False, True])
def test_a_theme_stands_at_its_score_and_share_and_names_itself_where_it_is_bad(dark: bool) -> None:
    chart = agreement_map(SPOTS, 50.0, dark=dark, **WORDS)
    (marks,) = chart.data
    assert list(marks.x) == [70, 78]
    assert list(marks.y) == [30, 5]
    assert [key for (key,) in marks.customdata] == ["bills", "staff"]
    assert marks.marker.symbol[0] != marks.marker.symbol[1]
    named = [a.text for a in chart.layout.annotations if a.xref != "paper"]
    assert named == ["Bills &lt;i&gt;are&lt;/i&gt;<br>right"]
    assert list(marks.error_x.array) == [1, 1]


def test_themes_in_words_and_none_at_all() -> None:
    said = agreement_alt({"both": ["Bills"], "silent": []}, t=say)
    assert "low score: Bills" in said
    assert "few complain" not in said
    assert not agreement_map([], 10.0, dark=False, **WORDS).data
