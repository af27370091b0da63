"""Looking at a text file: encoding, delimiter, header, and plain refusals."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csat.ingest.source import ENCODINGS, MAX_COLUMNS, open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.store.store import Store

CHINESE = "编号,满意度,意见\n1,5,服务很好，工作人员耐心\n2,3,等待时间太长，希望改进\n"
KOREAN = "번호,만족도,의견\n1,5,직원이 친절하고 빠릅니다\n2,3,대기 시간이 너무 깁니다\n"
JAPANESE = "番号,満足度,意見\n1,5,サービスがとても良い①\n2,3,待ち時間が長すぎます\n"
TRADITIONAL = "編號,滿意度,意見\n1,5,服務很好，人員耐心\n2,3,等待時間太長，希望改進\n"
WESTERN = "Nr,Filiale,Kommentar\n1,Zürich,Très bien – merci\n2,Genève,für 5 € zu lange gewartet\n"


@pytest.mark.parametrize(
    ("text", "written", "found"),
    [
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8"),
        (CHINESE, "utf-16", "utf-16"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (TRADITIONAL, "big5", "big5"),
        (KOREAN, "cp949", "cp949"),
        (JAPANESE, "cp932", "cp932"),
        (WESTERN, "cp1252", "cp1252"),
        ("name,price\nbread,5 €\n", "cp1252", "cp1252"),
        ("id,score\n1,5\n", "ascii", "utf-8"),
    ],
)
def test_the_encoding_is_found_and_the_text_arrives_whole(
    store: Store, write_csv, text: str, written: str, found: str
) -> None:
    source = open_source(write_csv(text, encoding=written))
    assert source.reading.encoding == found
    assert found in ENCODINGS
    lines = [line.split(",") for line in text.splitlines()]
    assert list(source.reading.columns) == lines[0]
    with store.cursor() as cursor:
        stage(cursor, source)
        cells = cursor.execute("SELECT * EXCLUDE row_no FROM staged ORDER BY row_no").fetchall()
    assert [list(row) for row in cells] == lines[1:]


@pytest.mark.parametrize("plain_rows", [10, 20_000, 60_000])
def test_the_first_telling_letter_may_stand_late_in_the_file(write_csv, plain_rows: int) -> None:
    text = "id,comment\n" + "1,all is well\n" * plain_rows + "2,Grüße aus Köln für später\n"
    assert open_source(write_csv(text, encoding="cp1252")).reading.encoding == "cp1252"
    assert open_source(write_csv(text, encoding="utf-8")).reading.encoding == "utf-8"


@pytest.mark.parametrize("offset", range(6))
def test_a_letter_cut_in_two_by_the_sample_does_no_harm(write_csv, offset: int) -> None:
    text = "id,text\n" + "x" * offset + "很满意 " * 40_000 + "\n"
    for encoding, found in [("utf-8", "utf-8"), ("utf-16", "utf-16"), ("gb18030", "gb18030")]:
        assert open_source(write_csv(text, encoding=encoding)).reading.encoding == found


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_that_splits_evenly(write_csv, delimiter: str) -> None:
    rows = ["id", "score", "comment"], ["1", "4", "fine, but; slow"], ["2", "5", '"ok" | x\ty']
    text = "\n".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in r) for r in rows)
    source = open_source(write_csv(text))
    assert source.reading.delimiter == delimiter
    assert source.reading.columns == ("id", "score", "comment")


def test_decimal_commas_do_not_hide_a_semicolon(write_csv) -> None:
    assert open_source(write_csv("a;b;c\n1,5;2,5;3\n2,5;3,5;4\n")).reading.delimiter == ";"


def test_a_persons_choice_overrides_what_is_found(write_csv) -> None:
    source = open_source(write_csv("a,b;c\n1,2;3\n"), encoding="latin-1", delimiter=";")
    assert source.reading.encoding == "latin-1"
    assert source.reading.columns == ("a,b", "c")


def test_blank_lines_above_the_header_are_passed_over(write_csv) -> None:
    assert open_source(write_csv("\n , \nid,score\n1,2\n")).reading.columns == ("id", "score")


def test_blanks_around_column_names_are_cut(write_csv) -> None:
    assert open_source(write_csv(" id ,\tscore\n1,2\n")).reading.columns == ("id", "score")


def refusal(path: Path, **choices: object) -> str:
    with pytest.raises(ImportProblem) as caught:
        open_source(path, **choices)  # type: ignore[arg-type]
    assert caught.value.exit_code == 3
    return str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "There is no file" in refusal(tmp_path / "gone.csv")
    assert "There is no file" in refusal(tmp_path)


@pytest.mark.parametrize("text", ["", "\n\n", " \n", ",,\n", "\ufeff"])
def test_a_file_without_a_header_holds_nothing(write_csv, text: str) -> None:
    said = refusal(write_csv(text, "survey.csv"))
    assert "survey.csv is empty" in said or "survey.csv holds no rows" in said


@pytest.mark.parametrize("text", ["id,score\n", "id,score", "id,score\n\n \n,\n"])
def test_a_header_alone_is_no_data(store: Store, write_csv, text: str) -> None:
    source = open_source(write_csv(text))
    with store.cursor() as cursor, pytest.raises(ImportProblem, match="a header and no rows"):
        stage(cursor, source)


@pytest.mark.parametrize("name", ["data.pdf", "data", "data.doc", ".csv"])
def test_an_ending_that_cannot_be_read_is_refused(write_csv, name: str) -> None:
    assert f"{name} is of a form that cannot be read" in refusal(write_csv("a,b\n1,2\n", name))


@pytest.mark.parametrize(
    "name", ["data.csv.gz", "data.sav", "data.zip", "data.parquet", "data.xlsx"]
)
def test_a_text_that_is_not_what_its_ending_says_is_refused(write_csv, name: str) -> None:
    said = refusal(write_csv("a,b\n1,2\n", name))
    assert name in said
    assert "ending" in said or "workbook" in said


@pytest.mark.parametrize("name", ["DATA.CSV", "data.Tsv", "data.txt"])
def test_the_case_of_the_ending_does_not_matter(write_csv, name: str) -> None:
    assert open_source(write_csv("a,b\n1,2\n", name)).name == name


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04\x14\x00\x06\x00\x08\x00", b"id,a\n1,\x00\n", b"\x00\x01\x02\x03" * 9],
)
def test_a_binary_file_renamed_to_csv_is_no_text(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "renamed.csv"
    path.write_bytes(content)
    said = refusal(path)
    assert "renamed.csv is not a text file" in said
    assert "rename" in said


def test_a_file_above_the_limit_is_refused_with_the_limit(write_csv) -> None:
    path = write_csv("a,b\n" + "1,2\n" * 400_000)
    assert "larger than 1 MB" in refusal(path, max_mb=1)
    assert open_source(path, max_mb=2).size == path.stat().st_size


def test_columns_of_one_name_are_numbered_and_named(write_csv) -> None:
    reading = open_source(write_csv("score,id, score ,score (2)\n1,2,3,4\n")).reading
    assert reading.columns == ("score", "id", "score (3)", "score (2)")
    assert "'score'" in str(reading.notes[-1])


def test_columns_without_a_name_are_named_by_their_place(write_csv) -> None:
    assert open_source(write_csv("id,,\n1,2,3\n")).reading.columns == ("id", "column 2", "column 3")


def test_too_many_columns_are_counted(write_csv) -> None:
    header = ",".join(f"c{i}" for i in range(MAX_COLUMNS + 1))
    said = refusal(write_csv(header + "\n"))
    assert f"has {MAX_COLUMNS + 1} columns; at most {MAX_COLUMNS}" in said
    assert "CSAT_MAX_COLUMNS" in said


@pytest.mark.parametrize("encoding", ["utf-8", "klingon", "hex", "idna", "undefined"])
def test_a_wrong_choice_of_encoding_is_refused_by_name(write_csv, encoding: str) -> None:
    path = write_csv("id,ort\n1,Köln\n2,x\n", "orte.csv", encoding="cp1252")
    said = refusal(path, encoding=encoding)
    assert f"orte.csv is not written in {encoding}" in said


def test_a_file_in_another_encoding_further_down_is_refused_when_read(
    store: Store, tmp_path: Path
) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes("id,ort\n1,Zürich\n".encode() + b"1,Bern\n" * 60_000 + b"2,K\xf6ln\n")
    source = open_source(path)
    with store.cursor() as cursor, pytest.raises(ImportProblem, match="cannot be read to its end"):
        stage(cursor, source)


def test_utf_16_chosen_for_a_file_without_its_mark_is_refused_when_read(
    store: Store, write_csv
) -> None:
    path = write_csv("id,ort\n1,Bern\n")
    try:
        source = open_source(path, encoding="utf-16")
    except ImportProblem:
        return
    with store.cursor() as cursor, pytest.raises(ImportProblem, match="not written in utf-16"):
        stage(cursor, source)


@pytest.mark.parametrize("delimiter", ["ab", "\n", '"', "\r"])
def test_a_delimiter_that_cannot_be_one_is_refused(write_csv, delimiter: str) -> None:
    assert "delimiter" in refusal(write_csv("a,b\n1,2\n"), delimiter=delimiter)


def test_a_cell_of_absurd_length_is_refused_with_its_row(store: Store, write_csv) -> None:
    source = open_source(write_csv('a,b\n3,4\n1,"' + "x" * 1_100_000 + '"\n'))
    with store.cursor() as cursor, pytest.raises(ImportProblem, match="row 3 holds more than"):
        stage(cursor, source)


def test_a_cell_of_a_hundred_thousand_letters_is_read_whole(store: Store, write_csv) -> None:
    source = open_source(write_csv("a,b\n1," + "x" * 100_000 + "\n"))
    with store.cursor() as cursor:
        stage(cursor, source)
        assert cursor.execute("SELECT LENGTH(c1) FROM staged").fetchone() == (100_000,)


@given(content=st.binary(max_size=120), marked=st.booleans())
def test_any_bytes_at_all_become_a_table_or_a_plain_refusal(
    tmp_path: Path, content: bytes, marked: bool
) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes((codecs.BOM_UTF16_LE if marked else b"") + content)
    try:
        columns = open_source(path).reading.columns
    except ImportProblem as problem:
        columns = ("any.csv",)
        said = str(problem)
    else:
        said = "any.csv"
    assert columns
    assert "any.csv" in said
