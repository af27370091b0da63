from __future__ import annotations

from csat.charts.sides import Side, TwoSides, two_sides
from csat.locale.formats import Formats


def drawn(rows: list[TwoSides], **options: object) -> object:
    words = {"beside": "kind", "empty": "nothing", "dark": False, "unit": "rating", **options}
    return two_sides(rows, fmt=Formats("en").value, **words).to_plotly_json()  # type: ignore[arg-type]


COST, GAIN = Side(-0.5, -0.8, -0.2), Side(0.3, -0.1, 0.7, clear=False)


def test_the_cost_lies_below_zero_and_the_gain_above_with_their_intervals() -> None:
    figure = drawn([TwoSides("a", "Staff", COST, GAIN, "basic")])
    cost, gain = figure["data"]  # type: ignore[index]
    assert (list(cost["x"]), list(gain["x"])) == ([-0.5], [0.3])
    assert [round(x, 9) for x in cost["error_x"]["array"]] == [0.3]
    low, high = figure["layout"]["xaxis"]["range"]  # type: ignore[index]
    assert low <= -0.8
    assert high >= 0.7


def test_what_may_be_chance_is_hollow() -> None:
    figure = drawn([TwoSides("a", "Staff", COST, GAIN, "basic")])
    cost, gain = (trace["marker"]["color"][0] for trace in figure["data"])  # type: ignore[index]
    assert gain == "rgba(0,0,0,0)"
    assert cost != gain


def test_shares_fill_the_axis_and_are_named_without_a_sign() -> None:
    figure = drawn([TwoSides("a", "A", COST, None, "")], unit="percent")
    axis = figure["layout"]["xaxis"]  # type: ignore[index]
    assert list(axis["ticktext"]) == ["100%", "", "0%", "", "100%"]


def test_without_any_effect_the_reason_is_told() -> None:
    figure = drawn([TwoSides("a", "A", None, None, "withheld")])
    assert figure["layout"]["annotations"][0]["text"] == "nothing"  # type: ignore[index]


def test_names_are_told_whole_on_several_lines() -> None:
    name = "When something goes wrong for me, it is taken seriously until it is solved."
    figure = drawn([TwoSides("a", name, COST, GAIN, "")])
    label = figure["layout"]["yaxis"]["ticktext"][0]  # type: ignore[index]
    assert label.replace("<br>", " ") == name
    assert max(len(line) for line in label.split("<br>")) <= 22
