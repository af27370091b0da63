"""The quality team filters and opens a case; an analyst loads a file and takes it out again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from csat.locale.catalogue import translator
from csat.model.message import Message, msg
from csat.model.vocabulary import SEVERITY_LABELS

pytestmark = pytest.mark.browser
say = translator("en")
MISSING = "The page that you have requested does not seem to exist"
"""What Streamlit says of a page that the visitor's role does not have."""
ROWS = 200
SURVEY = "response_id,submitted_at,branch,csat,nps,ces\n" + "".join(
    f"r{i},2026-{1 + i % 9:02d}-{1 + i % 28:02d},{('North', 'South')[i % 2]},"
    f"{1 + i % 5},{i % 11},{1 + i % 7}\n"
    for i in range(ROWS)
)


def query(reader: Any) -> dict[str, list[str]]:
    return parse_qs(urlsplit(reader.page.url).query)


def shown(reader: Any) -> int:
    """Return how many complaints the page says it shows."""
    words = say("Showing **{n}** of **{total}** complaints").replace("**", "")
    pattern = re.escape(words).replace(r"\{n\}", "([0-9,]+)").replace(r"\{total\}", "[0-9,]+")
    text = reader.page.get_by_text(re.compile(pattern)).first.inner_text()
    found = re.search(pattern, text)
    assert found
    return int(found[1].replace(",", ""))


def press(reader: Any, text: str | Message) -> None:
    reader.page.get_by_role("button", name=re.compile(rf"{re.escape(say(text))}$")).first.click()
    reader.settle()


def pick_row(reader: Any, row: int) -> None:
    """Click into the selection column of a table drawn on a canvas."""
    table = reader.page.locator('[data-testid="stDataFrame"]').first
    table.scroll_into_view_if_needed()
    table.locator("canvas").first.wait_for()
    table.click(position={"x": 18, "y": 36 + 35 * row + 17})
    reader.settle()


def narrow(reader: Any, column: str, text: str) -> None:
    """Choose a value of a column among the further filters, and close their panel."""
    reader.key("list-more").locator("button").first.click()
    reader.choose(column, text)
    reader.page.keyboard.press("Escape")
    reader.settle()


def test_quality_team_filters_keeps_and_opens_a_case(reading_server: str, reader: Any) -> None:
    ben = reader()
    ben.open(f"{reading_server}/complaints?period=all")
    everything = shown(ben)
    assert everything == 8_000

    ben.key("categories").locator("button").first.click()
    counted = re.compile(r"^\s*(.*?)\s*\(([\d,]+)\)\s*$")
    box = ben.page.locator('[class*="st-key-tick-"] button').first
    found = counted.match(box.inner_text().split("\n")[-1])
    assert found
    name, count = found[1], int(found[2].replace(",", ""))
    box.click()
    ben.page.wait_for_url(re.compile("category="))
    ben.settle()
    ben.page.keyboard.press("Escape")
    assert shown(ben) == count
    narrow(ben, "severity", say(SEVERITY_LABELS["high"]))
    narrowed = shown(ben)
    assert 0 < narrowed < count
    wanted = {"program": ["sample"], "period": ["all"], "category": [name], "severity": ["high"]}
    assert query(ben) == wanted

    ben.page.reload()
    ben.page.wait_for_selector("h1")
    ben.settle()
    assert query(ben) == wanted
    assert shown(ben) == narrowed

    pick_row(ben, 1)
    box = ben.key("one-case")
    box.wait_for()
    ben.settle()
    number = query(ben)["case"][0]
    assert number in box.locator("h2").first.inner_text()
    box.get_by_role("button", name=re.compile(say("Close"))).click()
    box.wait_for(state="detached")
    ben.settle()
    assert query(ben) == wanted

    ben.key(f"drop-category-{name}").locator("button").click()
    ben.page.wait_for_url(lambda url: "category=" not in url)
    ben.settle()
    assert shown(ben) > narrowed


def test_case_stays_open_while_the_list_changes(reading_server: str, reader: Any) -> None:
    ben = reader()
    ben.open(f"{reading_server}/complaints?period=all")
    pick_row(ben, 2)
    ben.key("one-case").wait_for()
    ben.settle()
    number = query(ben)["case"]
    narrow(ben, "severity", say(SEVERITY_LABELS["low"]))
    assert query(ben)["case"] == number


def test_search_is_typed_and_shared(reading_server: str, reader: Any) -> None:
    ben = reader()
    ben.open(f"{reading_server}/complaints?period=all")
    box = ben.key("search").locator("input")
    box.fill("technician")
    box.press("Enter")
    ben.page.wait_for_url(re.compile("search=technician"))
    ben.settle()
    found = shown(ben)
    assert 0 < found < 8_000
    eve = reader()
    eve.open(ben.page.url)
    assert shown(eve) == found


def test_analyst_loads_a_file_sees_it_and_undoes_it(
    fresh_server: Any, reader: Any, tmp_path: Path
) -> None:
    file = tmp_path / "visits.csv"
    file.write_text(SURVEY, encoding="utf-8")
    with fresh_server() as server:
        cy = reader()
        cy.open(server)
        cy.open(f"{server}/data")
        cy.page.locator('input[type="file"]').set_input_files(file)
        cy.page.wait_for_selector('[data-testid="stDataFrame"]')
        cy.settle()
        name = cy.key("new-program").locator("input")
        name.fill("Branches")
        name.press("Enter")
        cy.settle()
        press(cy, msg("Check {n} rows", n=ROWS))
        cy.page.wait_for_selector('[data-testid="stMetricValue"]')
        read = cy.page.locator('[data-testid="stMetricValue"]').all_inner_texts()
        assert read == [str(ROWS), str(ROWS), "0", "0", "0"]
        press(cy, msg("Load {n} rows", n=ROWS))
        cy.page.get_by_text(re.compile("visits.csv")).first.wait_for()

        cy.page.locator('[data-testid="stMain"] a[href]').last.click()
        cy.page.wait_for_selector('[class*="st-key-card-"]')
        cy.settle()
        assert query(cy)["program"] != ["sample"]
        cy.choose("period", say("All dates"))
        assert f"n {ROWS}" in cy.key("card-nps").inner_text()

        cy.page.locator('[data-testid="stSidebarNavLink"][href*="/data"]').click()
        cy.page.wait_for_selector('[data-testid="stFileUploader"]')
        cy.settle()
        cy.key("tab").get_by_role("radio", name=re.compile(say("Batches"))).or_(
            cy.key("tab").get_by_text(say("Batches"))
        ).first.click()
        cy.page.wait_for_url(re.compile("tab=batches"))
        cy.settle()
        pick_row(cy, 0)
        press(cy, "Undo this batch")
        cy.page.get_by_role("button", name=re.compile("Undo now$")).first.click()
        cy.page.locator('[data-testid="stToast"]').first.wait_for()  # it goes by itself
        cy.settle()
        cy.page.locator('[data-testid="stSidebarNavLink"]').first.click()
        cy.page.wait_for_selector('[class*="st-key-card-"]')
        cy.settle()
        assert query(cy)["program"] == ["sample"]


def test_file_over_the_limit_is_refused_plainly(
    fresh_server: Any, reader: Any, tmp_path: Path
) -> None:
    file = tmp_path / "large.csv"
    file.write_bytes(b"a,b\n" + b"1,2\n" * 400_000)
    with fresh_server("--server.maxUploadSize", "1", CSAT_MAX_UPLOAD_MB="1") as server:
        cy = reader()
        cy.open(server)
        cy.open(f"{server}/data")
        cy.page.locator('input[type="file"]').set_input_files(file)
        row = cy.page.locator('[data-testid="stFileUploader"]')
        row.get_by_text(re.compile("1(.0)? ?MB")).first.wait_for()
        assert "large.csv" in row.inner_text()
        assert "AxiosError" not in row.inner_text()
        assert cy.page.locator('[data-testid="stDataFrame"]').count() == 0


@pytest.mark.parametrize(
    ("roles", "path", "title"),
    [
        ("executive,quality,analyst", "/trends?metric=nps&split=branch", "Trends"),
        ("executive,quality,analyst", "/data", "Data"),
        ("executive", "/data", "Overview"),
    ],
)
def test_deep_link_as_first_request_runs_through_the_app(
    roles: str, path: str, title: str, fresh_server: Any, reader: Any
) -> None:
    with fresh_server(CSAT_ROLES=roles) as server:
        dan = reader()
        dan.open(f"{server}{path}")
        assert dan.title() == say(title)
        assert dan.page.locator('[data-testid="stSidebar"]').count() == 1
        assert dan.key("program").count() == 1
        assert dan.key("lang").count() == 1
        shown_links = dan.page.locator('[data-testid="stSidebarNavLink"]').count()
        assert shown_links == (8 if "analyst" in roles else 6)
        if roles == "executive":
            assert dan.page.locator('[data-testid="stFileUploader"]').count() == 0
        if "split" in path:
            assert query(dan)["split"] == ["branch"]
            dan.page.wait_for_selector(".js-plotly-plot .main-svg")
        dan.complaints = [c for c in dan.complaints if MISSING not in c]


def test_deep_link_as_first_request_is_not_called_missing(fresh_server: Any, reader: Any) -> None:
    with fresh_server() as server:
        dan = reader()
        dan.open(f"{server}/trends")
        assert dan.title() == say("Trends")
        missing = [c for c in dan.complaints if MISSING in c]
        dan.complaints = [c for c in dan.complaints if MISSING not in c]
        assert missing == []
        assert dan.page.get_by_role("dialog").count() == 0
