"""Stated limits, and files made to exhaust a machine: refused plainly, and soon."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.model.settings import Config, ImportLimits
from csat.store.store import Store

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def refusal(store: Store, path: Path, limits: ImportLimits | None = None) -> str:
    """Return what is said of a file that cannot be opened or staged, after a short time."""
    begun = time.process_time()
    with pytest.raises(ImportProblem) as caught, store.cursor() as cursor:
        stage(cursor, open_source(path, limits=limits))
    assert path.name in str(caught.value)
    assert time.process_time() - begun < 10
    return str(caught.value)


@pytest.fixture
def write_sheet(tmp_path: Path):
    """Write a workbook whose first sheet holds this XML."""

    def write(rows: str, prolog: str = "", name: str = "book.xlsx") -> Path:
        Workbook().save(tmp_path / "base.xlsx")
        xml = f'<?xml version="1.0"?>{prolog}<worksheet xmlns="{MAIN}"><sheetData>{rows}'
        with (
            zipfile.ZipFile(tmp_path / "base.xlsx") as base,
            zipfile.ZipFile(tmp_path / name, "w", zipfile.ZIP_DEFLATED) as book,
        ):
            for part in base.namelist():
                if part == "xl/worksheets/sheet1.xml":
                    book.writestr(part, xml + "</sheetData></worksheet>")
                else:
                    book.writestr(part, base.read(part))
        return tmp_path / name

    return write


def cell(place: str, value: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


HEAD = f'<row r="1">{cell("A1", "id")}{cell("B1", "score")}</row>'
BODY = '<row r="2"><c r="A2"><v>1</v></c><c r="B2"><v>5</v></c></row>'


@pytest.mark.parametrize(
    "far",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="9"><c s="1" r="XFD9"><v>1</v></c></row>'
        '<row r="99999"><c r="A99999"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row><row r="3"><c r="ZZZ3"><v>1</v></c></row>',
    ],
)
def test_two_cells_at_the_ends_of_a_sheet_do_not_fill_the_memory(
    store: Store, write_sheet, far: str
) -> None:
    said = refusal(store, write_sheet(HEAD + BODY + far))
    assert "reach over" in said
    assert "save it as CSV" in said


def test_a_million_empty_columns_do_no_harm(store: Store, write_sheet) -> None:
    empty = "".join(f'<c r="{c}1" s="0"/>' for c in ("AAA", "XFD"))
    path = write_sheet(HEAD.replace("</row>", empty + "</row>") + BODY)
    source = open_source(path)
    assert source.reading.columns == ("id", "score")
    with store.cursor() as cursor:
        assert stage(cursor, source) == 1


def test_entities_and_outside_links_of_a_workbook_are_never_followed(
    store: Store, write_sheet
) -> None:
    outside = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    said = refusal(store, write_sheet(HEAD.replace("score", "&e;") + BODY, outside))
    assert "root:" not in said
    laughs = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {c} '{f'&{p};' * 10}'>" for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    )
    refusal(store, write_sheet(HEAD.replace("score", "&i;") + BODY, laughs + "]>"))


def test_formulas_give_their_last_value_and_are_not_computed(store: Store, write_sheet) -> None:
    rows = '<row r="2"><c r="A2"><f>1+1</f><v>7</v></c><c r="B2" t="str"><f>HYPERLINK("x")</f>'
    path = write_sheet(HEAD + rows + "<v>here</v></c></row>")
    with store.cursor() as cursor:
        stage(cursor, open_source(path))
        assert cursor.execute("SELECT * FROM staged").fetchall() == [(2, "7", "here")]


def test_a_formula_in_a_text_stays_a_text(store: Store, write_csv) -> None:
    with store.cursor() as cursor:
        stage(cursor, open_source(write_csv("a,b\n=1+1,@SUM(A1)\n")))
        assert cursor.execute("SELECT c0, c1 FROM staged").fetchall() == [("=1+1", "@SUM(A1)")]


def test_a_part_that_lies_about_its_size_is_measured(store: Store, write_sheet) -> None:
    path = write_sheet(HEAD + BODY + "<!--" + "x" * 30_000_000 + "-->")
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as book:
        info = book.getinfo("xl/worksheets/sheet1.xml")
    lie = raw.replace(info.file_size.to_bytes(4, "little"), (99).to_bytes(4, "little"))
    assert lie != raw
    path.write_bytes(lie)
    said = refusal(store, path, ImportLimits(unpacked_mb=10))
    assert "unpacks to more than 10 MB" in said


@pytest.mark.parametrize(
    "rows",
    [
        '<table:table-row table:number-rows-repeated="1048570"><table:table-cell '
        'office:value-type="string" table:number-columns-repeated="16384"><text:p>x</text:p>'
        "</table:table-cell></table:table-row>",
        '<table:table-row><table:table-cell office:value-type="string" '
        'table:number-columns-repeated="999999999"><text:p>x</text:p></table:table-cell>'
        "</table:table-row>",
    ],
)
def test_repeated_cells_of_an_ods_are_counted_before_they_are_unrolled(
    store: Store, tmp_path: Path, rows: str
) -> None:
    path = tmp_path / "book.ods"
    names = " ".join(f'xmlns:{n}="{OFFICE}:{n}:1.0"' for n in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr(
            "content.xml",
            f"<office:document-content {names}><office:body><office:spreadsheet><table:table "
            f'table:name="S">{rows}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    assert "reach over" in refusal(store, path)


def test_a_binary_workbook_is_refused_with_the_way_out(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsb"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.bin", b"x")
    assert "Save it as XLSX" in refusal(store, path)


@pytest.mark.parametrize(
    ("limits", "setting"),
    [
        (ImportLimits(rows=3), "CSAT_MAX_ROWS"),
        (ImportLimits(columns=1), "CSAT_MAX_COLUMNS"),
        (ImportLimits(cells=7), "CSAT_MAX_CELLS"),
        (ImportLimits(cell_characters=10), "CSAT_MAX_CELL_CHARACTERS"),
    ],
)
@pytest.mark.parametrize("name", ["data.csv", "data.xlsx", "data.jsonl"])
def test_every_limit_is_kept_in_every_form_and_names_its_setting(
    store: Store, tmp_path: Path, limits: ImportLimits, setting: str, name: str
) -> None:
    path = tmp_path / name
    rows = [[i, "x" * 11] for i in range(4)]
    if name.endswith("xlsx"):
        book = Workbook()
        for row in [["id", "text"], *rows]:
            book.active.append(row)
        book.save(path)
    elif name.endswith("jsonl"):
        path.write_text("".join(f'{{"id": {i}, "text": "{t}"}}\n' for i, t in rows))
    else:
        path.write_text("id,text\n" + "".join(f"{i},{t}\n" for i, t in rows))
    assert setting in refusal(store, path, limits)
    assert open_source(path, limits=ImportLimits()).limits == ImportLimits()


def test_limits_come_from_the_settings(write_csv, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CSAT_MAX_COLUMNS", "2")
    assert Config.from_environment().limits.columns == 2
    with pytest.raises(ImportProblem, match="has 3 columns; at most 2"):
        open_source(write_csv("a,b,c\n1,2,3\n"))


@pytest.mark.parametrize("place", [3, 300_000])
def test_a_zero_byte_is_named_by_its_line(store: Store, tmp_path: Path, place: int) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes(b"id,text\n" + b"1,x\n" * place + b"2,\x00\n" + b"3,y\n" * 200)
    assert f"line {place + 2} holds a zero byte" in refusal(store, path)


def test_a_quote_that_is_never_closed_is_named_by_its_row(store: Store, write_csv) -> None:
    path = write_csv('a,b,c\n1,2,3\n4,"5,6\n7,8,9\n')
    assert "a quote opened in row 3 is never closed" in refusal(store, path)


def test_many_files_of_one_zip_are_refused(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for i in range(10_001):
            archive.writestr(f"{i}.csv", b"")
    assert "holds 10001 files" in refusal(store, path)
