"""Looking at a workbook: sheets, empty rows, dates and numbers as people see them."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.store.store import Store

Rows = Sequence[Sequence[object]]
WriteBook = Callable[..., Path]


@pytest.fixture
def write_book(tmp_path: Path) -> WriteBook:
    def write(sheets: dict[str, Rows], name: str = "book.xlsx") -> Path:
        book = Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def staged(store: Store, path: Path, sheet: str = "") -> list[tuple[object, ...]]:
    with store.cursor() as cursor:
        stage(cursor, open_source(path, sheet=sheet))
        return cursor.execute("SELECT * FROM staged ORDER BY row_no").fetchall()


def test_cells_arrive_as_people_see_them(store: Store, write_book: WriteBook) -> None:
    path = write_book(
        {
            "Answers": [
                ["id", "when", "day", "score", "share", "yes", "note"],
                [7, datetime(2026, 1, 5, 10, 30), date(2026, 1, 5), 4.0, 0.25, True, " ok "],
                [8, None, None, 4.5, -3, False, None],
            ]
        }
    )
    assert staged(store, path) == [
        (2, "7", "2026-01-05 10:30:00", "2026-01-05", "4", "0.25", "true", "ok"),
        (3, "8", None, None, "4.5", "-3", "false", None),
    ]


def test_rows_keep_the_numbers_they_have_on_the_sheet(store: Store, write_book: WriteBook) -> None:
    path = write_book({"S": [[], [None, None], ["id", "score"], [1, 5], [None, None], [2, 4]]})
    source = open_source(path)
    assert source.reading.columns == ("id", "score")
    assert source.reading.first_row == 3
    assert staged(store, path) == [(4, "1", "5"), (6, "2", "4")]


def test_the_first_sheet_is_read_unless_another_is_named(
    store: Store, write_book: WriteBook
) -> None:
    path = write_book({"One": [["a"], [1]], "Two 二": [["b"], [2]]})
    assert open_source(path).reading.sheets == ("One", "Two 二")
    assert staged(store, path) == [(2, "1")]
    assert staged(store, path, "Two 二") == [(2, "2")]
    assert open_source(path, sheet="Two 二").reading.columns == ("b",)


def test_a_sheet_that_is_missing_is_named_with_those_that_exist(write_book: WriteBook) -> None:
    path = write_book({"One": [["a"], [1]], "Two": [["b"], [2]]})
    with pytest.raises(ImportProblem, match=r"no sheet 'Three'\. Use one of: One, Two"):
        open_source(path, sheet="Three")


def test_an_empty_sheet_holds_no_rows(write_book: WriteBook) -> None:
    with pytest.raises(ImportProblem, match="holds no rows"):
        open_source(write_book({"S": []}))


def test_a_sheet_with_a_header_alone_is_no_data(store: Store, write_book: WriteBook) -> None:
    with pytest.raises(ImportProblem, match="a header and no rows"):
        staged(store, write_book({"S": [["id", "score"], [None, None]]}))


def test_values_beside_the_table_are_not_cut_off_silently(
    store: Store, write_book: WriteBook
) -> None:
    path = write_book({"S": [["id", "score"], [1, 5, "see below"], [2, 4]]})
    assert open_source(path).reading.columns == ("id", "score", "column 3")
    assert staged(store, path) == [(2, "1", "5", "see below"), (3, "2", "4", None)]


def test_dates_and_ratings_of_a_workbook_load_without_any_form(
    store: Store, write_book: WriteBook, load
) -> None:
    mapping = Mapping(
        name="m",
        kind="survey",
        title="m",
        survey_key="s",
        columns=(
            Column("when", "submitted_at"),
            Column("score", "item", item=Item("q1", "q1", Scale.of(1, 5))),
        ),
    )
    rows = [["when", "score"], [datetime(2026, 1, 5, 10), 4.0], [date(2026, 2, 1), 5]]
    loaded = load(write_book({"S": rows}), mapping)
    assert loaded.checked.rows_accepted == 2
    answers = store.rows("SELECT day_key, i1 FROM response JOIN answers_1 USING (response_id)")
    assert answers == [{"day_key": 20260105, "i1": 4}, {"day_key": 20260201, "i1": 5}]


def test_a_text_renamed_to_xlsx_is_no_workbook(write_csv) -> None:
    with pytest.raises(ImportProblem, match=r"data\.xlsx cannot be read as a workbook"):
        open_source(write_csv("a,b\n1,2\n", "data.xlsx"))


def test_a_damaged_workbook_is_refused_and_never_crashes(write_book: WriteBook) -> None:
    path = write_book({"S": [["id", "score"], *[[i, i % 5] for i in range(30)]]})
    whole = path.read_bytes()
    chance = random.Random(7)
    said = []
    for _ in range(60):
        damaged = bytearray(whole)
        if chance.random() < 0.5:
            del damaged[chance.randrange(len(damaged)) :]
        for _ in range(chance.randint(1, 20)):
            if damaged:
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        path.write_bytes(bytes(damaged))
        try:
            open_source(path)
        except ImportProblem as problem:
            said.append(str(problem))
    assert len(said) > 30
    assert all("book.xlsx" in sentence for sentence in said)
