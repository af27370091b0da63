"""Exports hold exactly the rows they are given, as text that no spreadsheet obeys."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from typing import Any, BinaryIO

import pyarrow as pa
from openpyxl import load_workbook

from csat.reports.case_export import Cover, cases_csv, cases_workbook

EVIL = ["=1+1", "+A1", "-2", "@SUM(A1)", "\t=1", "fine", "退款\x07了", "x" * 40_000]
TABLE = pa.table(
    {
        "case_no": [f"K{i}" for i in range(len(EVIL))],
        "received_at": pa.array([datetime(2026, 9, 30, 22, 8)] * len(EVIL), pa.timestamp("us")),
        "narrative": EVIL,
        "timely": pa.array([1, 0, None, 1, 0, None, 1, 0], pa.int16()),
    }
)
HEADER = ["Case", "Received", "=Text", "In time"]
COVER = Cover("Complaints", (("Filters", "=all dates"), ("Cases", "8")))


def written(file: BinaryIO) -> bytes:
    with file:
        return file.read()


def opened(file: BinaryIO) -> Any:
    return load_workbook(io.BytesIO(written(file)))


def test_a_csv_holds_every_row_in_order() -> None:
    rows = list(
        csv.reader(io.StringIO(written(cases_csv(HEADER, TABLE.to_batches())).decode("utf-8-sig")))
    )
    assert rows[0] == ["Case", "Received", "'=Text", "In time"]
    assert [r[0] for r in rows[1:]] == TABLE["case_no"].to_pylist()
    assert [r[2] for r in rows[1:6]] == ["'=1+1", "'+A1", "-2", "'@SUM(A1)", "'\t=1"]
    assert [r[3] for r in rows[1:4]] == ["1", "0", ""]


def test_a_workbook_holds_a_cover_and_every_row() -> None:
    book = opened(cases_workbook(HEADER, TABLE.to_batches(), COVER, "cases"))
    assert book.sheetnames == ["Complaints", "cases"]
    front = [[c.value for c in row] for row in book["Complaints"].iter_rows()]
    assert front == [["Complaints", None], ["Filters", "'=all dates"], ["Cases", "8"]]
    rows = [[c.value for c in row] for row in book["cases"].iter_rows()]
    assert [r[0] for r in rows[1:]] == TABLE["case_no"].to_pylist()
    assert rows[1] == ["K0", datetime(2026, 9, 30, 22, 8), "'=1+1", 1]
    assert rows[7][2] == "退款了"
    assert len(rows[8][2]) <= 32_767
    cells = [c for sheet in book for row in sheet.iter_rows() for c in row]
    assert not [c for c in cells if c.data_type == "f"]


def test_more_cases_than_a_sheet_holds_go_on_in_further_sheets() -> None:
    many = pa.table({"case": [f"K{i}" for i in range(25)]})
    out = cases_workbook(["case"], many.to_batches(max_chunksize=4), COVER, "cases", most_rows=11)
    book = opened(out)
    assert book.sheetnames == ["Complaints", "cases", "cases 2", "cases 3"]
    rows = [[row[0].value for row in book[name].iter_rows()] for name in book.sheetnames[1:]]
    assert [r[0] for r in rows] == ["case"] * 3
    assert [len(r) for r in rows] == [11, 11, 6]
    assert [case for r in rows for case in r[1:]] == many["case"].to_pylist()


def test_a_sheet_that_is_exactly_full_is_followed_by_none() -> None:
    full = pa.table({"case": [f"K{i}" for i in range(10)]})
    book = opened(cases_workbook(["case"], full.to_batches(), COVER, "cases", most_rows=11))
    assert book.sheetnames == ["Complaints", "cases"]


def test_no_rows_are_a_header() -> None:
    none = pa.table({"a": pa.array([], pa.string())}).to_batches()
    assert written(cases_csv(["a"], none)) == b"\xef\xbb\xbfa\r\n"
    book = opened(cases_workbook(["a"], none, COVER, "cases"))
    assert [[c.value for c in row] for row in book["cases"].iter_rows()] == [["a"]]
