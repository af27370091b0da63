"""Finding the header: notes above it, several rows of it, none at all, and it standing again."""

from __future__ import annotations

from pathlib import Path

import pytest

from csat.ingest.reading import Reading
from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.message import msg
from csat.model.problem import UsageProblem
from csat.store.store import Store

Staged = tuple[Reading, list[tuple[object, ...]], list[tuple[object, ...]]]


@pytest.fixture
def staged(store: Store):
    """Return the reading, the staged rows and the rows set aside of a file."""

    def read(path: Path, **choices: object) -> Staged:
        source = open_source(path, **choices)  # type: ignore[arg-type]
        with store.cursor() as cursor:
            stage(cursor, source)
            rows = cursor.execute("SELECT * FROM staged ORDER BY row_no").fetchall()
            aside = cursor.execute("SELECT * FROM aside ORDER BY row_no").fetchall()
        return source.reading, rows, aside

    return read


def test_notes_above_the_header_are_passed_over_and_said(staged, write_csv) -> None:
    text = "Survey of branches\nexported 2026-01-31\n\nid,score\n1,5\n2,4\n"
    reading, rows, _ = staged(write_csv(text))
    assert reading.columns == ("id", "score")
    assert (reading.first_row, reading.header_rows) == (4, 1)
    assert rows == [(5, "1", "5"), (6, "2", "4")]
    assert [str(n) for n in reading.notes] == ["The header stands in row 4; passed over: 1, 2"]


def test_comment_lines_above_the_header_are_no_header(staged, write_csv) -> None:
    reading, rows, _ = staged(write_csv("# made by us\n#,x\nid,score,text\n1,5,ok\n2,4,good\n"))
    assert reading.columns == ("id", "score", "text")
    assert [r[0] for r in rows] == [4, 5]


@pytest.mark.parametrize("mark", [";", "|", "\t", ","])
def test_a_first_line_that_names_the_delimiter_decides_it(staged, write_csv, mark: str) -> None:
    text = f"sep={mark}\r\nid{mark}score, of 5\r\n1{mark}4, or 5\r\n"
    reading, rows, _ = staged(write_csv(text.replace(", ", " ") if mark == "," else text))
    assert reading.delimiter == mark
    assert len(reading.columns) == 2
    assert rows[0][:2] == (3, "1")


@pytest.mark.parametrize(
    "text",
    [
        "7,North,2026-01-05\n8,South,2026-01-06\n9,East,2026-01-07\n",
        "ann@a.org,5\nbob@b.org,4\n",
        "happy\nsad\nhappy\n",
        "10:15,yes\n11:30,no\n",
    ],
)
def test_a_file_without_a_header_keeps_its_first_row(staged, write_csv, text: str) -> None:
    reading, rows, _ = staged(write_csv(text))
    assert reading.header_rows == 0
    assert reading.columns[0] == "column 1"
    assert len(rows) == len(text.splitlines())
    assert rows[0][0] == 1
    assert "no header" in str(reading.notes[0])


@pytest.mark.parametrize(
    "header",
    ["id,2025,2026", "id,1,2,3", "when,score", "编号,满意度", "id,10", "Q1,Q2"],
)
def test_names_over_values_are_a_header(staged, write_csv, header: str) -> None:
    width = header.count(",")
    names = header.split(",")
    body = "".join(f"R_{i}x{',4' * width}\n" for i in range(5))
    if header in ("when,score", "编号,满意度", "id,10", "Q1,Q2"):
        body = body.replace("R_", "5").replace("x", "")
    reading, rows, _ = staged(write_csv(f"{header}\n{body}"))
    assert reading.columns == tuple(names)
    assert len(rows) == 5


def test_a_person_may_say_how_many_rows_the_header_has(staged, write_csv) -> None:
    path = write_csv("a,b\nx,y\n1,2\n")
    assert staged(path)[0].columns == ("a", "b")
    reading, rows, _ = staged(path, header_rows=2)
    assert reading.columns == ("a / x", "b / y")
    assert rows == [(3, "1", "2")]
    reading, rows, _ = staged(path, header_rows=-1)
    assert reading.columns == ("column 1", "column 2")
    assert len(rows) == 3


@pytest.mark.parametrize("rows", [-2, 11, 500])
def test_a_number_of_header_rows_that_is_none_is_refused(write_csv, rows: int) -> None:
    with pytest.raises(UsageProblem, match=f"{rows} is no number of header rows"):
        open_source(write_csv("a,b\n1,2\n"), header_rows=rows)


def test_groups_over_repeated_names_are_joined_with_them(staged, write_csv) -> None:
    text = "id,Counter,,Hotline,\n,expected,seen,expected,seen\n1,5,4,5,3\n2,6,5,7,7\n"
    reading, rows, _ = staged(write_csv(text))
    assert reading.columns == (
        "id",
        "Counter / expected",
        "Counter / seen",
        "Hotline / expected",
        "Hotline / seen",
    )
    assert rows == [(3, "1", "5", "4", "5", "3"), (4, "2", "6", "5", "7", "7")]


def test_answers_in_words_are_never_taken_for_a_second_header_row(staged, write_csv) -> None:
    text = "name,,city\nann,x,x\nbob,y,y\ncid,x,y\n"
    reading, rows, _ = staged(write_csv(text))
    assert reading.header_rows == 1
    assert len(rows) == 3


def test_a_header_that_stands_again_is_set_aside(staged, write_csv) -> None:
    block = "".join(f"{i},5,fine\n" for i in range(9))
    reading, rows, aside = staged(write_csv(f"id,score,text\n{block}id,score,text\n{block}"))
    assert len(rows) == 18
    assert aside == [(11, "header", "id")]
    assert reading.columns == ("id", "score", "text")


def test_remarks_and_a_footer_are_set_aside_and_named(staged, write_csv) -> None:
    text = "id,score,text\n1,5,ok\n# changed by hand\n2,4,fine\n\nTotal: 2 answers\n"
    _, rows, aside = staged(write_csv(text))
    assert [r[0] for r in rows] == [2, 4]
    assert aside == [(3, "remark", "# changed by hand"), (6, "footer", "Total: 2 answers")]


QUALTRICS = (
    "StartDate,ResponseId,Finished,Q1,Q1_TEXT\n"
    'Start Date,Response ID,Finished,"How satisfied,\nall in all?",Other\n'
    '"{""ImportId"":""startDate""}","{""ImportId"":""_recordId""}",'
    '"{""ImportId"":""finished""}","{""ImportId"":""QID1""}","{""ImportId"":""QID1_TEXT""}"\n'
    "2026-01-05 10:00:00,R_1,1,4,\n2026-01-06 10:00:00,R_2,1,5,queue\n"
)


def test_qualtrics_has_three_header_rows_and_keeps_the_wording(staged, write_csv) -> None:
    reading, rows, _ = staged(write_csv(QUALTRICS))
    assert (reading.tool, reading.header_rows) == ("qualtrics", 3)
    assert reading.columns == ("StartDate", "ResponseId", "Finished", "Q1", "Q1_TEXT")
    assert reading.wordings[3] == "How satisfied, all in all?"
    assert rows[0] == (4, "2026-01-05 10:00:00", "R_1", "1", "4", None)
    assert len(rows) == 2


def test_surveymonkey_has_two_header_rows_and_a_column_per_option(staged, write_csv) -> None:
    text = (
        "RespondentID,Collector,Which did you use?,,Would you recommend us?\n"
        ",,Counter,Hotline,Response\n"
        "11,1,Counter,,9\n12,1,,Hotline,7\n"
    )
    reading, rows, _ = staged(write_csv(text))
    assert (reading.tool, reading.header_rows) == ("surveymonkey", 2)
    assert reading.columns[2:] == (
        "Which did you use? / Counter",
        "Which did you use? / Hotline",
        "Would you recommend us?",
    )
    assert rows[0] == (3, "11", "1", "Counter", None, "9")


@pytest.mark.parametrize(
    ("header", "tool"),
    [
        ("Timestamp,How was it?", "google-forms"),
        ("时间戳记,满意度", "google-forms"),
        ("序号,提交答卷时间,所用时间,来源,来源详情,来自IP,1、性别", "wenjuanxing"),
        ("id,submitdate,lastpage,startlanguage,seed,Q1", "limesurvey"),
        ("Response ID,Date submitted,Last page,Start language,Seed,Q1", "limesurvey"),
        ("No.,Response ID,Timestamp,Finished,Survey ID,User ID,Notes,Tags,1. How?", "formbricks"),
        ("Id,Requester,Requester email,Subject,Assignee,Solved at,Status", "zendesk"),
        ("#,Title,State,Group,Owner,Customer,First response at,Close at", "zammad"),
        ("Date received,Product,Issue,Company response to consumer,Complaint ID", "cfpb"),
        ("Unique Key,Created Date,Closed Date,Agency,Complaint Type,Borough", "nyc311"),
        ("id,date,score", ""),
        ("Response ID,Date,Status", ""),
    ],
)
def test_tools_are_known_by_their_columns(write_csv, header: str, tool: str) -> None:
    row = ",".join("x" for _ in header.split(","))
    assert open_source(write_csv(f"{header}\n{row}\n")).reading.tool == tool


def test_a_reading_reads_back_with_its_notes(write_csv) -> None:
    reading = open_source(write_csv("Report\n\na,a,,d\n1,2,3,4\n5,6,7,8\n")).reading
    assert reading.notes
    assert Reading.from_json(reading.to_json()) == reading
    nested = Reading("csv", notes=(msg("{what}: {n}", what=msg("inner {n}", n=1), n=2),))
    assert str(Reading.from_json(nested.to_json()).notes[0]) == "inner 1: 2"


def test_a_reading_kept_by_an_earlier_version_reads_back() -> None:
    old = '{"form": "csv", "encoding": "utf-8", "delimiter": ",", "sheet": "", "sheets": [], '
    reading = Reading.from_json(old + '"columns": ["a", "b"], "unknown": 1}')
    assert reading == Reading("csv", "utf-8", ",", columns=("a", "b"))
