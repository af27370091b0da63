"""A mystery shoppers' form goes out as a template, comes back filled in, and is told as scores."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.batches import commit
from csat.ingest.instruments import instrument
from csat.ingest.source import open_source
from csat.locale.catalogue import translator
from csat.model.message import Message, msg
from csat.model.people import LOCAL_USER
from csat.store.store import Store

pytestmark = pytest.mark.browser
say = translator("en")
VISITS, RATERS = 24, ("Ann", "Bo")
CRITICAL = "Identity is checked before any personal data is told."
WEIGHTY = "What is said agrees with the written terms."
"""Weighs 3 of the 30 of the checklist."""


def filled(header: list[str]) -> str:
    """Fill the checklist in: every visit seen by both raters, every other one fails a check.

    Visit 1 fails a critical one besides nothing else, which caps it at 59.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    asked = {a.header: a.column for a in instrument("mystery-shopper").asked}
    for k in range(VISITS):
        failed = CRITICAL if k == 1 else WEIGHTY if k % 2 == 0 else ""
        for rater in RATERS:
            plain = {
                "visit": f"V{k:02d}",
                "evaluated_at": f"2026-05-{1 + k:02d}",
                "rater": rater,
                "method": "mystery_shopper",
                "branch": ("North", "South")[k % 2],
            }
            cells = [asked[h] for h in header]
            writer.writerow(
                [
                    plain.get(c.role, "")
                    if c.item is None
                    else ("fail" if c.item.key == failed else "pass")
                    for c in cells
                ]
            )
    return out.getvalue()


def show(reader: Any, part: str, address: str) -> None:
    """Choose a part of the view, and wait until it stands in the address."""
    reader.key("raters").get_by_role("radio", name=part).click()
    reader.page.wait_for_url(re.compile(address))
    reader.settle()


@pytest.fixture
def customers_only(browser: Any, tmp_path: Path) -> Path:
    """Return a store that holds a survey of customers and nothing of raters."""
    del browser
    made = instrument("service-quality")
    answers = tmp_path / "customers.csv"
    with answers.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([a.header for a in made.asked])
        for k in range(80):
            plain = {"response_id": f"r{k}", "submitted_at": "2026-05-04", "branch": "North"}
            writer.writerow(
                [
                    plain.get(a.column.role, "") if a.column.item is None else 4 + k % 3
                    for a in made.asked
                ]
            )
    store = Store(tmp_path / "customers.duckdb")
    commit(store, open_source(answers), made.mapping(), program="bank", user=LOCAL_USER)
    store.close()
    return store.path


def press(reader: Any, text: str | Message) -> None:
    reader.page.get_by_role("button", name=re.compile(rf"{re.escape(say(text))}$")).first.click()
    reader.settle()


def main_text(reader: Any) -> str:
    return str(reader.page.locator('[data-testid="stMain"]').inner_text())


def test_the_shoppers_form_comes_back_as_scores_beside_the_customers(
    customers_only: Path, serve_store: Any, reader: Any, tmp_path: Path
) -> None:
    with serve_store(customers_only) as url:
        ana = reader()
        address = f"{url}/gaps?program=bank&period=all&view=raters"
        ana.open(address)
        ana.page.get_by_text(re.compile("^No visits were rated in this selection")).wait_for()
        ana.page.get_by_text(say("Forms to fill in")).click()
        with ana.page.expect_download() as waiting:
            ana.key("rater-form-mystery-shopper-csv").get_by_role("button").click()
        template = waiting.value
        assert template.suggested_filename == "form-mystery-shopper-en.csv"
        empty = Path(template.path()).read_text(encoding="utf-8-sig")
        visits = tmp_path / "visits.csv"
        visits.write_text(filled(next(csv.reader(io.StringIO(empty)))), encoding="utf-8")

        ana.page.get_by_role("link", name=re.compile(say("Load a filled form"))).click()
        ana.page.wait_for_url(re.compile("/data"))
        ana.settle()
        ana.page.set_input_files('input[type="file"]', str(visits))
        press(ana, msg("Check {n} rows", n=VISITS * len(RATERS)))
        press(ana, msg("Load {n} rows", n=VISITS * len(RATERS)))

        ana.open(address)
        # twelve visits at 90, eleven at 100, one capped at 59
        ana.page.get_by_text(re.compile(r"Mystery shoppers?: 93\.3 of 100")).first.wait_for()
        said = main_text(ana)
        assert f"over {VISITS} visits" in said
        assert "1 visits failed a critical criterion, 1 of them at South" in said

        show(ana, say("Do raters agree?"), "raters=agreement")
        assert f"{VISITS} visits and" in main_text(ana)
        show(ana, say("Compared with customers"), "raters=beside")
        assert "never averaged" in main_text(ana)
        ana.page.locator(".js-plotly-plot").wait_for()  # exactly one


def test_the_raters_view_fits_a_phone_in_chinese_and_the_dark(
    reading_server: str, reader: Any
) -> None:
    lan = reader(locale="zh-CN", width=390, height=844, color_scheme="dark")
    lan.open(f"{reading_server}/gaps?program=sample&period=all&view=raters")
    assert lan.page.evaluate("document.documentElement.clientWidth") <= 390
    lan.assert_fits()
    assert translator("zh_CN")("Scores of visits") in main_text(lan)
