from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.charts.scales import MOST_PERIODS, period_ticks, value_scale
from csat.charts.words import shorten, tick, width, wrap
from csat.locale.formats import Formats
from csat.model.answer import Figure
from csat.model.period import bucket_label, shift_month

UNITS = ["percent", "points", "rating", "count", "per_1000", "days"]
fmt = Formats("en").value


@pytest.mark.parametrize("unit", UNITS)
@given(data=st.data())
def test_an_axis_holds_its_values_and_names_round_ones(unit: str, data: st.DataObject) -> None:
    low, high = {"percent": (0, 100), "points": (-100, 100)}.get(unit, (0, 5000))
    drawn = data.draw(st.lists(st.floats(low, high), min_size=1, max_size=5))
    figures = [Figure("m", "g", v, unit, 9, None, None, "too_few") for v in drawn]
    scale = value_scale(figures, unit, fmt)
    assert scale.low <= min(drawn)
    assert max(drawn) <= scale.high
    assert scale.low < scale.high
    assert 2 <= len(scale.ticks) <= 9
    assert len(set(scale.labels)) == len(scale.ticks) == len(scale.labels)


@pytest.mark.parametrize("grain", ["month", "quarter", "year"])
@given(count=st.integers(1, 400))
def test_an_axis_names_few_periods_and_always_the_last(grain: str, count: int) -> None:
    months = [shift_month(199001, i) for i in range(count)]
    labels = sorted({bucket_label(m, grain) for m in months})
    at, texts = period_ticks(labels, str)
    assert 1 <= len(at) == len(texts) <= MOST_PERIODS
    assert at[-1] == len(labels) - 1


@pytest.mark.parametrize(
    ("language", "label", "shown"),
    [
        ("en", "2026-05", "May<br>2026"),
        ("en", "2026-Q2", "Q2<br>2026"),
        ("en", "2026", "2026"),
        ("zh_CN", "2026-05", "2026年<br>5月"),
        ("zh_CN", "2026-Q2", "2026年<br>第2季度"),
        ("zh_CN", "2026", "2026年"),
    ],
)
def test_the_parts_of_a_period_stand_on_two_lines(language: str, label: str, shown: str) -> None:
    assert period_ticks([label], Formats(language).period)[1] == [shown]


def test_ticks_of_whole_numbers_have_no_decimals() -> None:
    figures = [Figure("m", "g", v, "percent", 9, None, None, "too_few") for v in (10.0, 90.0)]
    assert value_scale(figures, "percent", fmt).labels == ("20%", "40%", "60%", "80%")


def test_a_rating_axis_stays_on_its_scale(figure: Callable[..., Figure]) -> None:
    top = figure("2026-01", 4.9, unit="rating", low=4.7, high=5.0, scale=(1, 5))
    assert value_scale([top], "rating", fmt).high == 5
    gap = figure("2026-01", -0.4, unit="rating", low=-0.6, high=-0.2, scale=(1, 5))
    assert value_scale([gap], "rating", fmt).low < -0.6


@given(st.text(max_size=80), st.integers(2, 40))
def test_a_shortened_text_fits_and_keeps_its_start(text: str, longest: int) -> None:
    short = shorten(text, longest)
    assert width(short) <= max(longest, 2)
    assert short == text or text.startswith(short[:-1])


@given(st.text(alphabet="ab 中文，<&", max_size=60), st.integers(2, 30))
def test_wrapping_loses_nothing_but_spaces_and_keeps_to_the_width(text: str, longest: int) -> None:
    lines = wrap(text, longest)
    assert all(width(line) <= longest for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@given(st.text(alphabet="abc 中文", max_size=60))
def test_a_row_label_has_at_most_two_lines_of_twenty(name: str) -> None:
    lines = tick(name).split("<br>")
    assert len(lines) <= 2
    assert all(width(line) <= 20 for line in lines)
