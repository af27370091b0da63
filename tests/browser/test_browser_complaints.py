"""The complaints page in a real browser: texts stay texts, a file holds what the screen shows."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from csat.ingest.batches import commit
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.model.people import LOCAL_USER
from csat.store.store import Store

pytestmark = pytest.mark.browser

NASTY = (
    "**bold** _it_ `code` <b>html</b> &amp; $x^2$ [link](http://evil.example) "
    "![img](x.png) www.evil.example http://evil.example a@b.example "
    ":red[colour] :material/home: :smile: refund\n"
    "# head\n1. one 要求退款"
)


@pytest.fixture(scope="module")
def nasty_server(
    browser: Any,
    tmp_path_factory: pytest.TempPathFactory,
    complaint_mapping: Mapping,
    serving: Callable[..., Any],
) -> Iterator[str]:
    """Return the address of a server that these tests only read from."""
    folder = tmp_path_factory.mktemp("nasty")
    path = folder / "cases.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow([c.source for c in complaint_mapping.columns])
        for i in range(7):
            text = NASTY if i == 0 else "=HYPERLINK(1) late fee"
            row = [f"K{i}", f"2026-09-0{i + 1}", "", "", "A > B", "North", "", text]
            writer.writerow(row)
    store = Store(folder / "cases.duckdb")
    commit(store, open_source(path), complaint_mapping, program="bank", user=LOCAL_USER)
    store.close()
    with serving(folder, folder / "cases.duckdb") as url:
        yield url


def test_what_a_customer_wrote_is_shown_letter_by_letter(nasty_server: str, reader: Any) -> None:
    ben = reader()
    ben.open(f"{nasty_server}/complaints?period=all&search=refund+退款&case=K0")
    box = ben.key("one-case")
    text = box.locator('[data-testid="stMarkdown"]').filter(has_text="bold").first
    shown = text.inner_text().replace("\u2060", "")
    assert "".join(shown.split()) == "".join(NASTY.split())
    assert text.locator("a, img, b, strong, em, code, h1, li, svg, .katex").count() == 0
    marked = text.locator("span").filter(has_text="退款").last
    assert marked.inner_text() == "退款"


def test_a_file_holds_the_rows_of_the_screen(nasty_server: str, reader: Any) -> None:
    ben = reader()
    ben.open(f"{nasty_server}/complaints?period=all&search=late")
    ben.key("export").locator("button").first.click()
    ben.settle()
    with ben.page.expect_download() as waiting:
        ben.key("export-csv").locator("button").click()
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [r["case_no"] for r in rows] == ["K6", "K5", "K4", "K3", "K2", "K1"]
    assert {r["narrative"] for r in rows} == {"'=HYPERLINK(1) late fee"}
    with ben.page.expect_download() as waiting:
        ben.key("export-xlsx").locator("button").click()
    book = load_workbook(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    assert [row[0].value for row in book["cases"].iter_rows(min_row=2)] == [
        r["case_no"] for r in rows
    ]
    cover = {row[0].value: row[1].value for row in book.worksheets[0].iter_rows(min_row=2)}
    assert cover["Cases"] == "6"
    assert "late" in cover["Filters"]


@pytest.mark.parametrize(
    "view", ["causes", "times", "sla", "ages", "closed", "places", "scores", "standard"]
)
@pytest.mark.parametrize("width", [390, 1440])
def test_every_part_is_drawn_on_phone_and_desk(
    view: str, width: int, reading_server: str, reader: Any
) -> None:
    ben = reader(width=width, locale="zh-CN")
    ben.open(f"{reading_server}/complaints?period=all&view={view}")
    drawn = ".js-plotly-plot, [data-testid='stDataFrame'], [data-testid='stTable']"
    ben.page.locator(drawn).first.wait_for()
    assert ben.page.evaluate("document.documentElement.clientWidth") <= width
    ben.assert_fits()
