"""What the quality team does every day, click by click."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from csat.ingest.standards import set_standard
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.queries import complaints
from csat.queries.case_figures import pareto_rows
from csat.store.store import Store

pytestmark = pytest.mark.browser

STANDARD = """
[[target]]
key = "solve"
event = "resolution"
within = "10 d"
"""
EVERYTHING = Filters.of("sample", compare="none")
OVERDUE = EVERYTHING.with_(branches=["Riverside"], standings=["overdue"], urgencies=["urgent"])


@pytest.fixture(scope="module")
def promised(sample_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("promised")
    store = Store(Path(shutil.copy(sample_template, folder)))
    set_standard(store, "sample", STANDARD, LOCAL_USER)
    store.close()
    return store.path


def asked(path: Path, question: Any, *args: Any, **named: Any) -> Any:
    """Ask a copy of the store: the server owns the file itself."""
    copy = path.with_name("asked.duckdb")
    shutil.copyfile(path, copy)
    store = Store(copy)
    try:
        return question(store, *args, **named)
    finally:
        store.close()
        copy.unlink()


@pytest.fixture(scope="module")
def expected(promised: Path) -> dict[str, Any]:
    return {
        "overdue": asked(promised, complaints.listing, OVERDUE, user=LOCAL_USER, limit=100),
        "pareto": asked(promised, pareto_rows, EVERYTHING)[1],
    }


@pytest.fixture(scope="module")
def desk(promised: Path, expected: dict[str, Any], serving: Callable[..., Any]) -> Iterator[str]:
    """Return the address of a server that these tests only read from."""
    del expected  # asked before a server owns the file
    with serving(promised.parent, promised) as url:
        yield url


def shown(ben: Any) -> int:
    """Return the number that the page says it shows."""
    text = ben.page.get_by_text(re.compile(r"^Showing [\d,]+ of")).inner_text()
    return int(re.search(r"Showing ([\d,]+)", text)[1].replace(",", ""))  # type: ignore[index]


def test_overdue_urgent_cases_of_one_branch_take_five_interactions(
    desk: str, expected: dict[str, Any], reader: Any
) -> None:
    ben = reader()
    ben.open(f"{desk}/complaints?period=all")
    ben.page.get_by_text("Groups", exact=True).click()  # 1
    ben.settle()
    ben.key("branch").locator("input").click()  # 2
    ben.page.get_by_role("option", name="Riverside").click()  # 3
    ben.page.keyboard.press("Escape")
    ben.settle()
    ben.key("quick").get_by_role("button", name="Overdue").click()  # 4
    ben.settle()
    ben.key("quick").get_by_role("button", name="Urgent").click()  # 5
    ben.settle()
    assert shown(ben) == expected["overdue"].total > 0
    assert "branch=Riverside" in ben.page.url
    assert "sla=overdue" in ben.page.url


def test_from_the_first_bar_to_one_case_and_back_without_losing_the_filter(
    desk: str, expected: dict[str, Any], reader: Any
) -> None:
    first = expected["pareto"][0]
    ben = reader()
    ben.open(f"{desk}/complaints?period=all&view=causes")
    ben.strike(ben.key("pareto").locator(".barlayer .point path").first)
    ben.page.wait_for_url("**cause=**")
    ben.settle()
    assert shown(ben) == first.count
    listed = ben.page.locator("[data-testid='stDataFrame'] canvas").first
    listed.wait_for()
    place = listed.bounding_box()
    ben.page.mouse.click(place["x"] + 16, place["y"] + 54)  # the mark of the first row
    ben.key("one-case").wait_for()
    ben.settle()
    assert "case=" in ben.page.url
    ben.key("one-case").get_by_role("button", name="Close").click()
    ben.key("one-case").wait_for(state="detached")
    ben.settle()
    assert shown(ben) == first.count
    ben.key("view").get_by_text("Causes").click()
    ben.settle()
    ben.key("pareto").locator(".barlayer .point path").first.wait_for()
    assert "cause=" in ben.page.url
    assert shown(ben) == first.count


def test_a_file_equals_the_screen_row_for_row(
    desk: str, expected: dict[str, Any], reader: Any
) -> None:
    rows = expected["overdue"].rows
    ben = reader(locale="zh-CN")
    ben.open(f"{desk}/complaints?period=all&branch=Riverside&sla=overdue&urgency=urgent")
    ben.key("export").locator("button").first.click()
    ben.settle()
    with ben.page.expect_download() as waiting:
        ben.key("export-csv").locator("button").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    cases = list(csv.DictReader(io.StringIO(text)))
    assert [r["case_no"] for r in cases] == [r["case_no"] for r in rows]
    assert [r["narrative"] for r in cases] == [r["narrative"] for r in rows]
    with ben.page.expect_download() as waiting:
        ben.key("export-xlsx").locator("button").click()
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    lines = [[c.value for c in row] for row in book["cases"].iter_rows()]
    assert [row[0] for row in lines[1:]] == [r["case_no"] for r in rows]
    assert [row[1] for row in lines[1:]] == [r["received_at"] for r in rows]


def test_a_cell_of_the_heat_map_takes_a_click(desk: str, reader: Any) -> None:
    ben = reader()
    ben.open(f"{desk}/complaints?period=all&view=places")
    ben.strike(ben.key("places").locator(".scatterlayer .point").first)
    ben.page.wait_for_url("**touchpoint=**")
    ben.settle()
    assert "category=" in ben.page.url
    assert shown(ben) > 0
