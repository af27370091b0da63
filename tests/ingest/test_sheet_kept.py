"""A workbook is parsed once from the first look to the load, and never from an older state."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from openpyxl import Workbook
from python_calamine import CalamineSheet, CalamineWorkbook

from csat.ingest.sheet_kept import LAST_SHEET, KeptSheet
from csat.ingest.source import open_source
from csat.ingest.workbook import sheet_rows


def write(path: Path, *rows: tuple[object, ...]) -> Path:
    book = Workbook()
    book.active.title = "Answers"
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return write(tmp_path / "book.xlsx", ("id", "csat"), ("a", 4), ("b", 5))


def parsed(path: Path) -> CalamineSheet:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Answers")


def test_the_sheet_that_was_looked_at_is_the_one_that_is_loaded(book: Path) -> None:
    source = open_source(book)
    assert [r for _, r in sheet_rows(source, book)] == [["a", "4"], ["b", "5"]]
    assert LAST_SHEET.take(book, "Answers") is None
    assert [r for _, r in sheet_rows(source, book)] == [["a", "4"], ["b", "5"]]


def test_a_file_that_was_written_again_is_parsed_again(book: Path) -> None:
    source = open_source(book)
    write(book, ("id", "csat"), ("c", 1))
    os.utime(book, ns=(1, 1))
    assert [r for _, r in sheet_rows(source, book)] == [["c", "1"]]


def test_one_sheet_is_kept_and_handed_over_once(book: Path) -> None:
    kept = KeptSheet()
    kept.keep(book, "Answers", parsed(book))
    assert kept.take(book, "Other") is None
    assert kept.take(book, "Answers") is not None
    assert kept.take(book, "Answers") is None


def test_a_sheet_nobody_loads_is_forgotten(book: Path) -> None:
    kept = KeptSheet(seconds=0.01)
    kept.keep(book, "Answers", parsed(book))
    end = time.monotonic() + 30
    while kept.holds and time.monotonic() < end:
        time.sleep(0.01)
    assert not kept.holds


def test_a_large_sheet_is_not_kept(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("csat.ingest.sheet_kept.MOST_CELLS", 3)
    kept = KeptSheet()
    kept.keep(book, "Answers", parsed(book))
    assert not kept.holds
