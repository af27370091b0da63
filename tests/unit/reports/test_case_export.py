"""Exports hold exactly the rows they are given, as text that no spreadsheet obeys."""

from __future__ import annotations

import csv
import io
from datetime import datetime

import pyarrow as pa
import pytest
from openpyxl import load_workbook

from csat.reports.case_export import MOST_ROWS, Cover, cases_csv, cases_workbook

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


def test_a_csv_holds_every_row_in_order() -> None:
    rows = list(csv.reader(io.StringIO(cases_csv(HEADER, TABLE).decode("utf-8-sig"))))
    assert rows[0] == ["Case", "Received", "'=Text", "In time"]
    assert [r[0] for r in rows[1:]] == TABLE["case_no"].to_pylist()
    assert [r[2] for r in rows[1:6]] == ["'=1+1", "'+A1", "-2", "'@SUM(A1)", "'\t=1"]
    assert [r[3] for r in rows[1:4]] == ["1", "0", ""]


def test_a_workbook_holds_a_cover_and_every_row() -> None:
    book = load_workbook(io.BytesIO(cases_workbook(HEADER, TABLE, COVER, "cases")))
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


def test_a_workbook_refuses_more_rows_than_it_should_hold() -> None:
    many = pa.table({"a": pa.nulls(MOST_ROWS + 1)})
    with pytest.raises(ValueError, match="at most 100000 cases"):
        cases_workbook(["a"], many, COVER, "cases")


def test_no_rows_are_a_header() -> None:
    assert cases_csv(["a"], pa.table({"a": pa.array([], pa.string())})) == b"\xef\xbb\xbfa\r\n"
