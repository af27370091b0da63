from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from csat.charts import theme
from csat.charts.wording import VERDICT_COLOURS, VERDICTS, marks_key
from csat.model.answer import Figure
from csat.stats.verdict import Verdict

Make = Callable[..., Figure]
CONFIG = Path(__file__).parents[3] / ".streamlit" / "config.toml"


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [theme.LIGHT, theme.DARK], ids=["light", "dark"])
def test_every_mark_stands_out_and_every_text_reads(colours: theme.Palette) -> None:
    marks = (colours.neutral, colours.improvement, colours.concern, colours.undirected)
    for colour in (*marks, *colours.series, colours.rest):
        assert contrast(colour, colours.surface) >= 3
    for colour in (colours.text, colours.faint):
        assert contrast(colour, colours.surface) >= 4.5


@pytest.mark.parametrize(("name", "colours"), [("light", theme.LIGHT), ("dark", theme.DARK)])
def test_charts_and_pages_have_the_same_colours(name: str, colours: theme.Palette) -> None:
    page = tomllib.loads(CONFIG.read_text(encoding="utf-8"))["theme"][name]
    assert page["blueColor"] == colours.improvement
    assert page["orangeColor"] == colours.concern
    assert page["violetColor"] == colours.undirected
    assert page["grayColor"] == colours.neutral
    assert page["backgroundColor"] == colours.surface
    assert page["chartCategoricalColors"] == [*colours.series, colours.rest]


def test_every_verdict_has_words_an_icon_of_its_own_and_a_colour() -> None:
    assert set(VERDICTS) == set(VERDICT_COLOURS) == set(get_args(Verdict))
    assert len({icon for _, icon in VERDICTS.values()}) == len(VERDICTS)
    for verdict, name in VERDICT_COLOURS.items():
        colour = theme.signal(verdict, dark=False)
        assert colour in (None, getattr(theme.LIGHT, name))


def test_only_a_clear_change_earns_a_colour() -> None:
    coloured = {v for v in VERDICTS if theme.signal(v, dark=True)}
    assert coloured == {"better", "worse", "changed"}


def test_the_layout_leaves_the_background_to_the_page() -> None:
    layout = theme.layout(dark=True, height=200)
    assert layout["paper_bgcolor"] == layout["plot_bgcolor"] == "rgba(0,0,0,0)"
    assert "template" not in layout


def test_a_finger_scrolls_past_a_chart() -> None:
    layout = theme.layout(dark=False, height=200)
    assert layout["dragmode"] is False
    assert layout["xaxis"]["fixedrange"]
    assert layout["yaxis"]["fixedrange"]


def test_only_the_download_remains_of_the_tool_bar() -> None:
    removed = theme.PLOTLY_CONFIG["modeBarButtonsToRemove"]
    assert theme.PLOTLY_CONFIG["displaylogo"] is False
    assert "toImage" not in removed
    assert all(re.fullmatch(r"\w+2d", name) for name in removed)


def test_the_key_explains_the_marks_that_are_used_and_no_others(
    figure: Make, withheld: Callable[[str], Figure]
) -> None:
    plain = [figure("2026-01", 80.0)]
    assert marks_key(plain, t=str) == ""
    full = [
        figure("2026-01", 80.0, verdict="worse"),
        figure("2026-02", 80.0, finished=False, verdict="unfinished", n=12),
        withheld("2026-03"),
    ]
    assert marks_key(full, t=str, caution_under=30) == (
        "▲▼ clear change: blue is better, orange is worse · ○ period not finished · "
        "○ caution: n under 30 · ✕ withheld"
    )


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("opacity", [0.25, 0.3, 0.47, 0.58, 0.68, 0.79, 0.9])
def test_numbers_on_coloured_bars_read(dark: bool, opacity: float) -> None:
    colours = theme.palette(dark=dark)
    for colour in (colours.improvement, colours.concern, colours.neutral):
        parts = [
            round(opacity * int(colour[i : i + 2], 16) + (1 - opacity) * int(under, 16))
            for i, under in ((i, colours.surface[i : i + 2]) for i in (1, 3, 5))
        ]
        bar = "#" + "".join(f"{part:02X}" for part in parts)
        assert contrast(theme.readable_on(colour, opacity, dark=dark), bar) >= 4.5
