"""The committed Streamlit configuration: known options, safe values, readable colours."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from csat.model.settings import Config

ROOT = Path(__file__).resolve().parents[2]
CONFIG = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
MODES = ("light", "dark")
MEANINGS = ("blueColor", "orangeColor", "violetColor", "grayColor")


def options(section: dict[str, Any], above: str = "") -> Iterator[str]:
    """Yield the full name of every option that is set."""
    for key, value in section.items():
        if isinstance(value, dict):
            yield from options(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2, 1 to 21.

    >>> round(contrast("#000000", "#FFFFFF"))
    21
    """
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_streamlit_knows_every_option() -> None:
    from streamlit import config

    assert [o for o in options(CONFIG) if o not in config.get_config_options()] == []


def test_upload_limit_is_that_of_the_settings() -> None:
    assert CONFIG["server"]["maxUploadSize"] == Config.from_environment({}).max_upload_mb


def test_nobody_else_is_let_in_by_default() -> None:
    assert CONFIG["server"]["address"] == "127.0.0.1"
    assert CONFIG["browser"]["gatherUsageStats"] is False
    assert CONFIG["client"]["showErrorDetails"] == "none"
    assert "enableAgentApi" not in CONFIG["server"]


def test_navigation_is_left_alone() -> None:
    """With a pages folder this option hides the navigation of st.navigation too."""
    assert "showSidebarNavigation" not in CONFIG["client"]


def test_both_appearances_set_the_same_options() -> None:
    theme = CONFIG["theme"]
    assert set(options(theme["light"])) == set(options(theme["dark"]))


@pytest.mark.parametrize("mode", MODES)
def test_text_and_meanings_are_readable(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    surfaces = [
        theme["backgroundColor"],
        theme["secondaryBackgroundColor"],
        theme["sidebar"]["backgroundColor"],
    ]
    for name in ("textColor", "linkColor", *MEANINGS):
        worst = min(contrast(theme[name], s) for s in surfaces)
        assert worst >= (7 if name == "textColor" else 4.4), (name, worst)


@pytest.mark.parametrize("mode", MODES)
def test_button_text_is_readable(mode: str) -> None:
    assert contrast(CONFIG["theme"][mode]["primaryColor"], "#FFFFFF") >= 4.5


@pytest.mark.parametrize("mode", MODES)
def test_series_stand_out(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    series = theme["chartCategoricalColors"]
    assert len(set(series)) == 6
    assert [c for c in series if contrast(c, theme["backgroundColor"]) < 3] == []


@pytest.mark.parametrize("mode", MODES)
def test_what_one_clicks_has_no_meaning(mode: str) -> None:
    theme = CONFIG["theme"][mode]
    assert theme["primaryColor"] not in {theme[name] for name in MEANINGS}
