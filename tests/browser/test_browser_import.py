"""A newcomer loads real, messy files; whoever comes with the next wave needs two clicks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.batches import commit
from csat.ingest.library import save
from csat.ingest.mapping import Mapping
from csat.ingest.source import open_source
from csat.ingest.suggest import suggest
from csat.locale.catalogue import translator
from csat.model.message import Message, msg
from csat.model.people import LOCAL_USER
from csat.store.store import Store

pytestmark = pytest.mark.browser
say = translator("en")
KIOSK = "kiosk_servqual/survey_answers_multisheet_nopii.xlsx"
STAR_WARS = "surveymonkey_538/StarWars_surveymonkey_raw.csv"
WENJUANXING = "wjx_export_zh/[问卷星数据]800_800_0.xls"


def press(reader: Any, text: str | Message) -> None:
    reader.page.get_by_role("button", name=re.compile(rf"{re.escape(say(text))}$")).first.click()
    reader.settle()


def checked(reader: Any) -> list[int]:
    """Return rows read, new, updated, loaded already and refused, as the page says."""
    reader.page.wait_for_selector('[data-testid="stMetricValue"]')
    found = reader.page.locator('[data-testid="stMetricValue"]').all_inner_texts()
    return [int(text.replace(",", "")) for text in found]


@pytest.mark.parametrize(
    ("name", "tool", "rows", "dated"),
    [
        (KIOSK, "Google Forms", 200, True),
        (STAR_WARS, "SurveyMonkey", 1_186, False),
        (WENJUANXING, "Wenjuanxing 问卷星", 800, False),
    ],
    ids=["kiosk", "star-wars", "wenjuanxing"],
)
def test_a_newcomer_loads_a_messy_file(
    name: str,
    tool: str,
    rows: int,
    dated: bool,
    serve_store: Any,
    reader: Any,
    shared_data: Path,
    tmp_path: Path,
) -> None:
    with serve_store(tmp_path / "new.duckdb") as server:
        ann = reader()
        ann.open(f"{server}/data")
        ann.page.locator('input[type="file"]').set_input_files(shared_data / name)
        ann.page.get_by_text(say(msg("Written by {tool}", tool=tool))).wait_for()
        ann.settle()
        program = ann.key("new-program").locator("input")
        program.fill("Mine")
        program.press("Enter")
        ann.settle()
        if not dated:
            asked = say("The file holds no dates. On which day were the answers given?")
            day = ann.page.get_by_test_id("stDateInput").filter(has_text=asked)
            day.get_by_role("spinbutton").first.click()
            ann.page.keyboard.type("20260630")
            ann.page.keyboard.press("Enter")
            ann.settle()
        press(ann, msg("Check {n} rows", n=rows))
        read, new, updated, duplicate, refused = checked(ann)
        assert (read, updated, duplicate) == (rows, 0, 0)
        assert new + refused == rows
        assert new > 0.95 * rows
        press(ann, msg("Load {n} rows", n=new))
        ann.page.get_by_text(re.compile("are loaded into Mine")).first.wait_for()


def wave(path: Path, month: int) -> Path:
    lines = ["Response ID,Submitted at,Branch,Overall satisfaction"]
    lines += [
        f"R{month}-{i},2026-{month:02d}-{1 + i % 28:02d} 10:00:00,North,{1 + i % 5}"
        for i in range(120)
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def suggested(path: Path) -> Mapping:
    source = open_source(path)
    rows = [line.split(",") for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return suggest(source.name, source.reading.columns, rows).mapping


def test_the_next_wave_takes_two_clicks(
    serve_store: Any, reader: Any, browser: Any, tmp_path: Path
) -> None:
    del browser
    first = wave(tmp_path / "august.csv", 8)
    store = Store(tmp_path / "waves.duckdb")
    mapping = suggested(first)
    commit(store, open_source(first), mapping, program="centres", user=LOCAL_USER)
    save(store, mapping, LOCAL_USER)
    store.close()
    with serve_store(tmp_path / "waves.duckdb") as server:
        ann = reader()
        ann.open(f"{server}/data")
        ann.page.locator('input[type="file"]').set_input_files(wave(tmp_path / "september.csv", 9))
        ann.page.wait_for_selector('[data-testid="stDataFrame"]')
        ann.settle()
        press(ann, msg("Check {n} rows", n=120))
        assert checked(ann) == [120, 120, 0, 0, 0]
        press(ann, msg("Load {n} rows", n=120))
        ann.page.get_by_text(re.compile("are loaded into centres")).first.wait_for()
