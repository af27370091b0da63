"""Control charts, small multiples and funnels: what is drawn, and what words say it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from csat.charts.control import control_chart
from csat.charts.control_marks import Ink
from csat.charts.control_words import (
    chance_sentence,
    control_alt,
    multiples_alt,
    phase_words,
    signal_words,
    variation_sign,
    verdict_sentence,
)
from csat.charts.funnel import funnel_plot, funnel_words
from csat.charts.multiples import multiples
from csat.locale.formats import Formats
from csat.model.control import ChartPhase, ChartSignal, ControlAnswer, ControlPoint
from csat.model.message import msg
from csat.stats.funnel import funnel

F = Formats("en")
INK = Ink(str, F.value, F.period, False)
SAY = {"t": str, "fmt_period": F.period}
WHY = msg("Because")


@pytest.fixture
def answer(figure: Any, months: Callable[[int], list[str]]) -> Callable[..., ControlAnswer]:
    """Make a chart of twelve months at 70, the last ones as given, with limits 60 to 80."""

    def make(*last: float, good: bool = False, **changes: Any) -> ControlAnswer:
        values = [70.0] * (12 - len(last)) + list(last)
        labels = months(12)
        points = tuple(
            ControlPoint(figure(label, value), 0, True, 70.0, 60.0, 80.0, (value - 70) / 3.3)
            for label, value in zip(labels, values, strict=True)
        )
        out = tuple(label for label, v in zip(labels, values, strict=True) if not 60 <= v <= 80)
        signals: tuple[ChartSignal, ...] = ()
        if out:
            above = last[-1] > 80
            signals = (
                ChartSignal("csat_top_box", "", "month", "beyond_limits", out, above, good, 0),
            )
        given: dict[str, Any] = {
            "metric": "csat_top_box",
            "scope": "",
            "grain": "month",
            "points": points,
            "phases": (ChartPhase(labels[0], None, "p", WHY, 12, False),),
            "signals": signals,
            "expected_false": 0.08,
            "variation": "stable" if not out else ("improving" if good else "worsening"),
            "assurance": "no_target",
            "direction": "up",
            "unit": "percent",
        }
        return ControlAnswer(**(given | changes))

    return make


def marks_of(picture: Any) -> dict[str, Any]:
    [trace] = [t for t in picture.data if t.customdata is not None]
    return {
        row[0]: (s, c)
        for row, s, c in zip(trace.customdata, trace.marker.symbol, trace.marker.color, strict=True)
    }


def test_a_point_of_a_signal_is_a_coloured_triangle_and_the_others_are_grey(answer: Any) -> None:
    drawn = marks_of(control_chart(answer(50.0), ink=INK))
    assert drawn["2021-12"] == ("triangle-down", INK.colours.concern)
    assert {drawn[m] for m in drawn if m != "2021-12"} == {("circle", INK.colours.neutral)}
    drawn = marks_of(control_chart(answer(90.0, good=True), ink=INK))
    assert drawn["2021-12"] == ("triangle-up", INK.colours.improvement)


def test_limits_events_phases_and_target_are_drawn(answer: Any) -> None:
    phases = (
        ChartPhase("2021-01", None, "p", WHY, 6, True),
        ChartPhase("2021-07", "New form", "p", WHY, 6, True),
    )
    found = answer(phases=phases, target=75.0)
    picture = control_chart(
        found, ink=INK, events=[("2021-03", "Strike")], chosen=("2021-10", "2021-12")
    )
    assert [a.text for a in picture.layout.annotations] == ["New form", "Strike"]
    kinds = [s.type for s in picture.layout.shapes]
    assert kinds.count("rect") == 1
    assert any(s.label.text == "target 75.0%" for s in picture.layout.shapes)


def test_words_come_from_the_signals(answer: Any) -> None:
    assert "Nothing unusual" in verdict_sentence(answer(), **SAY)
    said = verdict_sentence(answer(50.0, 51.0), **SAY)
    assert said == "Worse than usual. Nov 2021 to Dec 2021: 2 points below the lower limit."
    assert variation_sign(answer(50.0)) == "▼"
    assert variation_sign(answer(90.0, good=True)) == "▲"
    assert "0.1 signals" in chance_sentence(answer(), t=str)


@pytest.mark.parametrize("rule", ["eight_one_side", "two_of_three", "four_of_five"])
def test_each_rule_has_its_words(rule: str) -> None:
    labels = tuple(f"2021-{m:02d}" for m in range(1, 9))
    signal = ChartSignal("nps", "", "month", rule, labels, True, True, 0)
    assert "above the centre line" in signal_words(signal, **SAY)


def test_the_method_says_chart_reason_and_baseline(answer: Any) -> None:
    told = " ".join(phase_words(ChartPhase("2021-01", "Move", "u", WHY, 8, True), **SAY))
    assert "New phase from Jan 2021: Move." in told
    assert "u chart" in told
    assert "8 points" in told
    assert "Provisional" in told


def test_the_text_alternative_says_value_limits_and_verdict(answer: Any) -> None:
    said = control_alt(answer(50.0), t=str, fmt=F.value, fmt_period=F.period)
    assert "50.0%" in said
    assert "60.0% to 80.0%" in said
    assert "Worse than usual" in said


def test_small_multiples_share_their_axes(answer: Any) -> None:
    groups = [answer(group="North"), answer(50.0, group="South"), answer(group="East")]
    picture = multiples(groups, ink=INK)
    axes = [picture.layout[f"yaxis{end}"].range for end in ("", "2", "3")]
    assert len(set(axes)) == 1
    titles = [a.text for a in picture.layout.annotations]
    assert titles == ["■ North", "▼ South", "■ East"]
    assert "South: Worse than usual" in multiples_alt(groups, **SAY)


def test_a_funnel_names_only_what_lies_beyond_chance() -> None:
    units = {f"B{i}": (140 + i % 3, 200) for i in range(12)} | {"Low": (90, 200)}
    found = funnel(units)
    assert found is not None
    assert funnel_words(found, ink=INK) == "Beyond what size and chance explain: Low."
    picture = funnel_plot(found, ink=INK, direction="up")
    [trace] = [t for t in picture.data if t.customdata is not None]
    assert [text for text in trace.text if text] == ["Low"]
    assert trace.marker.symbol[-1] == "triangle-down"
