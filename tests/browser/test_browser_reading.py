"""An executive reads the state of the service and follows it to its trend."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from csat.locale.catalogue import translator

pytestmark = pytest.mark.browser
PAGES = ("overview", "trends", "complaints", "data")


def query(reader: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(reader.page.url).query)


def test_executive_reads_explains_and_follows_a_mover(reading_server: str, reader: Any) -> None:
    ann = reader()
    ann.open(reading_server)
    assert ann.page.locator('[class*="st-key-card-"]').count() >= 8
    card = ann.key("card-nps")
    assert re.search(r"[+−]?\d+", card.locator('[data-testid="stMetricValue"]').inner_text())

    ann.key("explain-nps").locator("button").first.click()
    sql = ann.page.locator('[data-testid="stPopoverBody"] [data-testid="stCode"]').first
    sql.wait_for()
    assert "SELECT" in sql.inner_text()
    ann.page.keyboard.press("Escape")
    ann.settle()

    before = ann.page.locator('[data-testid="stMetricValue"]').all_inner_texts()
    link = ann.page.locator('[data-testid="stMain"] a[href*="trends"]').first
    link.click()
    ann.page.wait_for_url(re.compile("/trends"))
    ann.page.wait_for_selector(".js-plotly-plot .main-svg")
    ann.settle()
    assert ann.page.locator(".js-plotly-plot path.point").count() > 10
    assert "metric" in query(ann)
    assert ann.page.get_by_role("figure").first.get_attribute("aria-label")

    ann.page.go_back()
    ann.page.wait_for_url(re.compile(r"/(overview)?\?"))
    ann.page.wait_for_selector('[class*="st-key-card-"]')
    ann.settle()
    assert ann.page.locator('[data-testid="stMetricValue"]').all_inner_texts() == before
    assert "branch" not in query(ann)


def test_filter_goes_into_the_link_and_back(reading_server: str, reader: Any) -> None:
    ann = reader()
    ann.open(f"{reading_server}/?period=m12")
    ann.choose("compare", translator("en")("nothing"))
    assert query(ann) == {"program": ["sample"], "period": ["m12"], "compare": ["none"]}
    ann.page.reload()
    ann.page.wait_for_selector('[class*="st-key-card-"]')
    ann.settle()
    assert query(ann) == {"program": ["sample"], "period": ["m12"], "compare": ["none"]}


def test_filters_stay_from_page_to_page(reading_server: str, reader: Any) -> None:
    ann = reader()
    ann.open(f"{reading_server}/?period=m12")
    for page in ("trends", "complaints", "overview"):
        ann.page.locator(
            f'[data-testid="stSidebarNavLink"][href$="/{page.replace("overview", "")}"]'
        ).first.click()
        ann.page.wait_for_function(
            "t => document.querySelector('h1')?.innerText === t",
            arg=translator("en")(page.capitalize()),
        )
        ann.settle()
        assert query(ann)["period"] == ["m12"], page


def test_language_is_switched_in_place(reading_server: str, reader: Any) -> None:
    ann = reader(locale="en-US")
    ann.open(f"{reading_server}/?period=m12")
    numbers = ann.key("card-csat_top_box").locator('[data-testid="stMetricValue"]').inner_text()
    ann.key("lang").get_by_text("中文").click()
    ann.page.wait_for_url(re.compile("lang=zh_CN"))
    ann.settle()
    assert ann.title() == translator("zh_CN")("Overview")
    assert query(ann)["period"] == ["m12"]
    assert (
        ann.key("card-csat_top_box").locator('[data-testid="stMetricValue"]').inner_text()
        == numbers
    )
    ann.key("lang").get_by_text("English").click()
    ann.page.wait_for_url(lambda url: "lang" not in url)
    ann.settle()
    assert ann.title() == "Overview"


def test_language_of_the_browser_is_used(reading_server: str, reader: Any) -> None:
    ann = reader(locale="zh-CN")
    ann.open(reading_server)
    assert ann.title() == translator("zh_CN")("Overview")
    assert "lang" not in query(ann)


@pytest.mark.parametrize("page", PAGES)
def test_phone_needs_no_sideways_scrolling(page: str, reading_server: str, reader: Any) -> None:
    ann = reader(width=390, height=844, is_mobile=True, has_touch=True)
    ann.open(f"{reading_server}/{page if page != 'overview' else ''}")
    assert ann.page.evaluate("document.documentElement.clientWidth") == 390
    ann.assert_fits()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_of_the_system_is_used(scheme: str, reading_server: str, reader: Any) -> None:
    ann = reader(color_scheme=scheme)
    ann.open(f"{reading_server}/trends")
    ann.page.wait_for_selector(".js-plotly-plot .main-svg")
    ann.settle()
    page, text = ann.page.evaluate(
        """() => [getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor,
        getComputedStyle(document.querySelector('.js-plotly-plot .xtick text')).fill]"""
    )
    dark = [sum(map(int, re.findall(r"\d+", colour)[:3])) < 3 * 110 for colour in (page, text)]
    assert dark == ([True, False] if scheme == "dark" else [False, True])


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_the_overview_prints_on_one_sheet(reading_server: str, reader: Any, locale: str) -> None:
    ann = reader(locale=locale)
    ann.open(reading_server)
    ann.page.wait_for_selector('[class*="st-key-gap-strip-5"]')
    ann.settle()
    sheet = ann.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheet)) == 1
    width, height = (
        float(x) for x in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheet)[0]
    )
    assert (round(width), round(height)) == (595, 842), "A4"
    ann.page.emulate_media(media="print")
    assert not ann.page.locator('[data-testid="stSidebar"]').is_visible()
    assert not ann.page.locator('[data-testid="stPopover"]').first.is_visible()


def test_the_overview_typed_by_hand_leads_to_the_start_page(
    reading_server: str, reader: Any
) -> None:
    ann = reader()
    ann.open(f"{reading_server}/overview?period=m12")
    ann.page.wait_for_selector('[class*="st-key-card-"]', timeout=20_000)
    ann.settle()
    assert not ann.page.get_by_role("dialog").count()
    assert urlsplit(ann.page.url).path == "/"
    assert query(ann)["period"] == ["m12"]


def test_the_head_of_a_card_does_not_scroll(reading_server: str, reader: Any) -> None:
    ann = reader()
    ann.open(reading_server)
    scrolling = ann.page.evaluate(
        """() => [...document.querySelectorAll('[class*="st-key-card-"] .stHorizontalBlock')]
            .filter(head => getComputedStyle(head).overflowX !== 'visible').length"""
    )
    assert scrolling == 0
