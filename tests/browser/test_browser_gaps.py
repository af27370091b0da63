"""A manager's questionnaire goes out as a template and comes back as gap 1."""

from __future__ import annotations

import csv
import io
import random
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
PEOPLE = 36


def fill(header: list[str], name: str, people: int) -> str:
    """Fill a template in: every statement gets a rating, dates and branches their cells."""
    chance, made = random.Random(7), instrument(name)
    asked = {a.header: a.column for a in made.asked}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header)
    middle = {"desired": 6, "perception": 5, "management": 4}
    for k in range(people):
        row: list[object] = []
        for column in (asked[h] for h in header):
            plain = {"response_id": f"{name}{k}", "submitted_at": "2026-05-04", "branch": "North"}
            if column.item is None:
                row.append(plain.get(column.role, ""))
            else:
                row.append(middle.get(column.item.viewpoint, 4) + chance.choice((-1, 0, 1)))
        writer.writerow(row)
    return out.getvalue()


@pytest.fixture
def customers_only(browser: Any, tmp_path: Path) -> Path:
    """Return a store that holds a survey of customers and nothing else."""
    del browser
    made = instrument("service-quality")
    answers = tmp_path / "customers.csv"
    answers.write_text(fill([a.header for a in made.asked], made.name, 80), encoding="utf-8")
    store = Store(tmp_path / "customers.duckdb")
    commit(store, open_source(answers), made.mapping(), program="bank", user=LOCAL_USER)
    store.close()
    return store.path


def press(reader: Any, text: str | Message) -> None:
    reader.page.get_by_role("button", name=re.compile(rf"{re.escape(say(text))}$")).first.click()
    reader.settle()


def test_managers_template_comes_back_as_gap_1(
    customers_only: Path, serve_store: Any, reader: Any, tmp_path: Path
) -> None:
    with serve_store(customers_only) as url:
        ana = reader()
        ana.open(f"{url}/gaps?program=bank&period=all")
        box = ana.key("gap-box-1")
        assert say("Not measured: {needs}").split("{")[0] in box.inner_text()
        with ana.page.expect_download() as waiting:
            box.get_by_role("button", name=re.compile("CSV")).click()
        template = waiting.value
        assert template.suggested_filename == "questionnaire-managers-en.csv"
        empty = Path(template.path()).read_text(encoding="utf-8-sig")
        filled = tmp_path / "managers.csv"
        filled.write_text(
            fill(next(csv.reader(io.StringIO(empty))), "managers", PEOPLE), encoding="utf-8"
        )

        box.get_by_role("link").first.click()
        ana.page.wait_for_url(re.compile("/data"))
        ana.settle()
        ana.page.set_input_files('input[type="file"]', str(filled))
        press(ana, msg("Check {n} rows", n=PEOPLE))
        press(ana, msg("Load {n} rows", n=PEOPLE))

        ana.open(f"{url}/gaps?program=bank&period=all")
        ana.key("gap-box-1").get_by_text(say("falls short")).first.wait_for()
        assert f"n {PEOPLE} / 80" in ana.key("gap-box-1").inner_text()
