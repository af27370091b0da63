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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030"])
def test_a_text_that_a_program_calls_xls_is_read_as_text_and_said_so(
    store: Store, tmp_path: Path, encoding: str
) -> None:
    path = tmp_path / "export.xls"
    path.write_text("编号\t满意度\n1\t5\n2\t4\n", encoding=encoding)
    assert staged(store, path) == [(2, "1", "5"), (3, "2", "4")]
    assert "In spite of its name the file is a CSV file" in str(open_source(path).reading.notes[0])


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


@pytest.fixture
def write_merged(tmp_path: Path) -> WriteBook:
    """Write a workbook of one sheet with merged cells."""

    def write(rows: Rows, merges: Sequence[str]) -> Path:
        book = Workbook()
        for row in rows:
            book.active.append(list(row))
        for merge in merges:
            book.active.merge_cells(merge)
        book.save(tmp_path / "merged.xlsx")
        return tmp_path / "merged.xlsx"

    return write


def test_merged_headers_of_two_rows_are_joined_below_a_merged_title(
    store: Store, write_merged: WriteBook
) -> None:
    path = write_merged(
        [
            ["Survey of 2026", None, None, None],
            [],
            ["Branch", "Counter", None, "Date"],
            [None, "expected", "seen", None],
            ["North", 5, 4, date(2026, 1, 5)],
            ["South", 6, 5, date(2026, 1, 6)],
        ],
        ["A1:D1", "A3:A4", "B3:C3", "D3:D4"],
    )
    reading = open_source(path).reading
    assert reading.columns == ("Branch", "Counter / expected", "Counter / seen", "Date")
    assert (reading.first_row, reading.header_rows) == (3, 2)
    assert staged(store, path)[0] == (5, "North", "5", "4", "2026-01-05")


def test_a_value_merged_over_several_rows_holds_for_each(
    store: Store, write_merged: WriteBook
) -> None:
    rows = [["branch", "id", "score"], ["North", 1, 5], [None, 2, 4], ["South", 3, 3]]
    assert [r[1] for r in staged(store, write_merged(rows, ["A2:A3"]))] == [
        "North",
        "North",
        "South",
    ]


def test_a_table_in_the_middle_of_a_sheet_keeps_its_row_numbers(
    store: Store, tmp_path: Path
) -> None:
    book = Workbook()
    for row, values in enumerate([["id", "score"], [1, 5], [2, 4]], start=7):
        for column, value in enumerate(values, start=4):
            book.active.cell(row, column, value)
    book.save(tmp_path / "book.xlsx")
    source = open_source(tmp_path / "book.xlsx")
    assert source.reading.columns == ("id", "score")
    assert source.reading.first_row == 7
    assert staged(store, tmp_path / "book.xlsx") == [(8, "1", "5"), (9, "2", "4")]


def test_the_first_visible_sheet_with_a_table_is_preferred_and_hidden_ones_are_named(
    tmp_path: Path,
) -> None:
    book = Workbook()
    book.active.title = "Secret"
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.active.sheet_state = "hidden"
    book.create_sheet("Notes").append(["Please read this first"])
    answers = book.create_sheet("Answers")
    answers.append(["id", "score"])
    answers.append([1, 5])
    book.save(tmp_path / "book.xlsx")
    reading = open_source(tmp_path / "book.xlsx").reading
    assert reading.sheet == "Answers"
    assert reading.hidden == ("Secret",)
    said = [str(n) for n in reading.notes]
    assert said == ["Of 3 sheets, 'Answers' is read", "Hidden sheets: 'Secret'"]
    assert open_source(tmp_path / "book.xlsx", sheet="Secret").reading.columns == ("a", "b")


def test_a_header_that_stands_again_and_a_footer_are_set_aside(
    store: Store, write_book: WriteBook
) -> None:
    block = [[i, 5, "fine"] for i in range(9)]
    head = ["id", "score", "text"]
    path = write_book({"S": [head, *block, head, *block, [], ["Total: 18", None, None]]})
    with store.cursor() as cursor:
        assert stage(cursor, open_source(path)) == 18
        aside = cursor.execute("SELECT * FROM aside ORDER BY row_no").fetchall()
    assert aside == [(11, "header", "id"), (22, "footer", "Total: 18")]
