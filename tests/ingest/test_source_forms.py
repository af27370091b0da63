"""Forms beyond text and workbooks: labelled data, Parquet, JSON, archives; and what is none."""

from __future__ import annotations

import gzip
import json
import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat
import pytest
from openpyxl import Workbook

from csat.ingest.reading import Source
from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.model.settings import ImportLimits
from csat.store.store import Store

Rows = list[tuple[object, ...]]
FRAME = pd.DataFrame(
    {
        "id": [1.0, 2.0, 3.0],
        "score": [5.0, 99.0, None],
        "city": ["Köln", "北京", ""],
        "day": [date(2026, 1, 5), date(2026, 2, 1), None],
    }
)
WORDINGS = ["Number", "How satisfied are you?", "City", "Day of the visit"]
LABELS = {"score": {1.0: "bad", 5.0: "good", 99.0: "no answer"}}


@pytest.fixture
def staged(store: Store):
    """Return the source and the staged rows of a file."""

    def read(path: Path, **choices: object) -> tuple[Source, Rows]:
        source = open_source(path, **choices)  # type: ignore[arg-type]
        with store.cursor() as cursor:
            stage(cursor, source)
            return source, cursor.execute("SELECT * FROM staged ORDER BY row_no").fetchall()

    return read


def refusal(path: Path, **choices: object) -> str:
    with pytest.raises(ImportProblem) as caught:
        open_source(path, **choices)  # type: ignore[arg-type]
    assert path.name in str(caught.value)
    assert str(caught.value.remedy)
    return str(caught.value)


@pytest.mark.parametrize("name", ["data.sav", "data.zsav", "data.dta"])
def test_labelled_data_comes_with_labels_wordings_and_iso_dates(
    staged, tmp_path: Path, name: str
) -> None:
    path = tmp_path / name
    options = {"column_labels": WORDINGS, "variable_value_labels": LABELS}
    if name == "data.dta":
        labels = {"score": {1: "bad", 5: "good", 99: "no answer"}}
        pyreadstat.write_dta(FRAME, path, **{**options, "variable_value_labels": labels})
    else:
        options["missing_ranges"] = {"score": [99]}
        pyreadstat.write_sav(FRAME, path, compress=name == "data.zsav", **options)
    source, rows = staged(path)
    assert source.reading.columns == ("id", "score", "city", "day")
    assert source.reading.wordings == tuple(WORDINGS)
    assert source.labels == {"score": {"1": "bad", "5": "good", "99": "no answer"}}
    assert source.missing == ({} if name == "data.dta" else {"score": ("99",)})
    assert rows == [
        (1, "1", "5", "Köln", "2026-01-05"),
        (2, "2", "99", "北京", "2026-02-01"),
        (3, "3", None, None, None),
    ]


def test_a_portable_file_is_known_by_its_bytes(staged, tmp_path: Path) -> None:
    pyreadstat.write_por(FRAME[["id", "score"]], tmp_path / "data.por")
    source, rows = staged(tmp_path / "data.por")
    assert source.reading.columns == ("ID", "SCORE")
    assert rows[0] == (1, "1", "5")


def test_a_range_of_missing_codes_is_the_codes_that_occur(tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1.0, 97.0, 98.5, 99.0, 2.0]})
    path = tmp_path / "data.sav"
    pyreadstat.write_sav(frame, path, missing_ranges={"q": [{"lo": 97, "hi": 99}, -1]})
    assert open_source(path).missing == {"q": ("97", "98.5", "99", "-1")}


def test_moments_times_and_floats_of_labelled_data_are_plain(staged, tmp_path: Path) -> None:
    frame = pd.DataFrame({"m": [datetime(2026, 1, 5, 10, 30)], "x": [0.1], "n": [1e20]})
    pyreadstat.write_sav(frame, tmp_path / "data.sav")
    assert staged(tmp_path / "data.sav")[1] == [(1, "2026-01-05 10:30:00", "0.1", "1e+20")]


def test_letters_of_stata_are_missing_where_they_are_labelled(staged, tmp_path: Path) -> None:
    frame = pd.DataFrame({"q": [1.0, "a", "b"]})
    path = tmp_path / "data.dta"
    pyreadstat.write_dta(
        frame,
        path,
        missing_user_values={"q": ["a", "b"]},
        variable_value_labels={"q": {1: "good", "a": "refused"}},
    )
    source, rows = staged(path)
    assert source.labels == {"q": {"1": "good", ".a": "refused"}}
    assert source.missing == {"q": (".a",)}
    assert rows == [(1, "1"), (2, ".a")]


def test_cases_keep_their_number_over_many_parts(staged, tmp_path: Path) -> None:
    frame = pd.DataFrame({f"v{i}": range(2_500) for i in range(900)})
    pyreadstat.write_sav(frame, tmp_path / "long.sav")
    rows = staged(tmp_path / "long.sav")[1]
    assert [r[0] for r in rows] == list(range(1, 2_501))
    assert all(int(r[1]) == r[0] - 1 for r in rows)


def test_damaged_labelled_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.sav"
    pyreadstat.write_sav(FRAME, path)
    path.write_bytes(path.read_bytes()[:300])
    assert "cannot be read as SPSS or Stata data" in refusal(path)


def test_parquet_values_become_texts(staged, tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [1, 2],
            "score": [4.0, None],
            "when": [datetime(2026, 1, 5, 10), None],
            "tags": [["a", "b"], None],
            'it\'s "x"': [" yes ", "满意"],
        }
    )
    path = tmp_path / "an[y]*.parquet"
    pq.write_table(table, path)
    source, rows = staged(path)
    assert source.reading.form == "parquet"
    assert source.reading.columns[4] == 'it\'s "x"'
    assert rows == [
        (1, "1", "4", "2026-01-05 10:00:00", '["a","b"]', "yes"),
        (2, "2", None, None, None, "满意"),
    ]


def test_damaged_parquet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.parquet"
    path.write_bytes(b"PAR1" + b"\x00" * 90 + b"PAR1")
    assert "is no Parquet file" in refusal(path)


RECORDS = [
    {"id": 1, "score": 4.0, "ok": True, "text": "好", "more": {"a": [1]}},
    {"id": 2, "score": None, "late": "x"},
]
JSON_ROWS = [
    ("1", "4", "true", "好", '{"a": [1]}', None),
    ("2", None, None, None, None, "x"),
]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("data.jsonl", "\n".join(json.dumps(r, ensure_ascii=False) for r in RECORDS)),
        ("data.ndjson", "\ufeff" + "\n\n".join(json.dumps(r) for r in RECORDS) + "\n"),
        ("data.json", json.dumps(RECORDS)),
        ("data.json", " \n" + json.dumps(RECORDS, indent=2)),
        ("data.json", json.dumps({"count": 2, "tickets": RECORDS}, indent=1)),
        ("data.json", json.dumps({"next": None, "tickets": RECORDS})),
    ],
)
def test_json_records_become_rows(staged, tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    source, rows = staged(path)
    assert source.reading.columns == ("id", "score", "ok", "text", "more", "late")
    assert [r[1:] for r in rows] == JSON_ROWS


def test_a_long_list_of_json_records_is_read_piece_by_piece(staged, tmp_path: Path) -> None:
    records = [{"id": i, "text": "满意 ]," * (i % 50), "n": [{}, i]} for i in range(20_000)]
    path = tmp_path / "data.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    rows = staged(path)[1]
    assert len(rows) == 20_000
    assert rows[-1][:2] == (20_000, "19999")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('{"a": 1}\n{"a": \n', "line 2"),
        ('{"a": 1}\n[1]\n', "line 2"),
        ('[{"a": 1}, 5]', "record 2"),
        ('[{"a": 1}, {"a": ', "record 2"),
        ('{"a": 1\n', "line 2"),
        ("[" * 100_000, "record 1"),
    ],
)
def test_what_is_no_list_of_records_is_refused_with_its_place(
    tmp_path: Path, text: str, where: str
) -> None:
    path = tmp_path / "data.json"
    path.write_text(text, encoding="utf-8")
    assert where in refusal(path)


def test_one_object_without_a_list_holds_no_records(tmp_path: Path) -> None:
    path = tmp_path / "data.json"
    path.write_text('{\n"a": {"b": 1}\n}', encoding="utf-8")
    assert "holds no list of records" in refusal(path)


def pack(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


CSV = b"id,score\n1,5\n2,4\n"


def test_the_one_table_of_an_archive_is_read_whatever_its_path_says(staged, tmp_path: Path) -> None:
    members = {"../../etc/answers.csv": CSV, "__MACOSX/._answers.csv": b"x", "read me.pdf": b"x"}
    source, rows = staged(pack(tmp_path / "export.zip", members))
    assert source.reading.member == "../../etc/answers.csv"
    assert rows == [(2, "1", "5"), (3, "2", "4")]
    assert not (tmp_path.parent.parent / "etc").exists()


def test_one_of_several_tables_of_an_archive_is_chosen_by_name(staged, tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.create_sheet("Two").append(["c"])
    book["Two"].append([3])
    book.save(tmp_path / "book.xlsx")
    members = {"a.csv": CSV, "book.xlsx": (tmp_path / "book.xlsx").read_bytes()}
    path = pack(tmp_path / "export.zip", members)
    said = refusal(path)
    assert "holds 2 files" in said
    assert "a.csv, book.xlsx" in said
    assert staged(path, sheet="a.csv")[1][0] == (2, "1", "5")
    source, rows = staged(path, sheet="book.xlsx/Two")
    assert rows == [(2, "3")]
    assert source.reading.sheet == "book.xlsx/Two"
    assert source.reading.sheets == ("a.csv", "book.xlsx")
    assert "holds no file 'b.csv'" in refusal(path, sheet="b.csv")


def test_a_gzipped_text_is_unpacked(staged, tmp_path: Path) -> None:
    path = tmp_path / "answers.csv.gz"
    path.write_bytes(gzip.compress(CSV[:9]) + gzip.compress(CSV[9:]))
    source, rows = staged(path)
    assert source.reading.member == "answers.csv"
    assert len(rows) == 2


def test_archives_that_cannot_be_read_say_why(tmp_path: Path) -> None:
    path = tmp_path / "x.zip"
    assert "no file that can be read" in refusal(pack(path, {"a.pdf": b"x"}))
    inner = pack(tmp_path / "inner.zip", {"a.csv": CSV}).read_bytes()
    assert "an archive within the archive" in refusal(pack(path, {"inner.zip": inner}))
    assert "an archive within the archive" in refusal(pack(path, {"really.csv": inner}))
    assert "is empty" in refusal(pack(path, {"a.csv": b""}))
    path.write_bytes(pack(path, {"a.csv": CSV * 99}).read_bytes()[:60])
    assert "damaged" in refusal(path)


def test_an_encrypted_member_is_refused_by_name(tmp_path: Path) -> None:
    path = pack(tmp_path / "x.zip", {"a.csv": CSV})
    raw = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = raw.index(mark) + offset
        raw[place : place + 2] = struct.pack("<H", 1)
    path.write_bytes(bytes(raw))
    assert "'a.csv' is protected by a password" in refusal(path)


def test_a_bomb_is_stopped_while_it_unpacks(tmp_path: Path) -> None:
    limits = ImportLimits(unpacked_mb=2)
    path = pack(tmp_path / "bomb.zip", {"a.csv": b"a,b\n" + b"1,2\n" * 1_000_000})
    said = refusal(path, limits=limits)
    assert "unpacks to more than 2 MB" in said
    assert "CSAT_MAX_UNPACKED_MB" in said
    packed = tmp_path / "bomb.csv.gz"
    packed.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 1_000_000))
    assert "unpacks to more than 2 MB" in refusal(packed, limits=limits)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n...", "picture"),
        (b"Rar!\x1a\x07...", "RAR"),
        (b"7z\xbc\xaf\x27\x1c...", "7z"),
        (b"SQLite format 3\x00", "database"),
        (b"<!DOCTYPE html><table>", "web page"),
        (b'<?xml version="1.0"?><Workbook>', "web page or XML"),
    ],
)
def test_other_things_named_csv_are_called_what_they_are(
    tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "answers.csv"
    path.write_bytes(content)
    assert what in refusal(path)


def test_a_readable_file_with_the_wrong_ending_is_read_as_what_it_is(
    staged, tmp_path: Path
) -> None:
    book = Workbook()
    book.active.append(["id", "score"])
    book.active.append([1, 5])
    book.save(tmp_path / "answers.xlsx")
    path = (tmp_path / "answers.xlsx").rename(tmp_path / "answers.csv")
    source, rows = staged(path)
    assert rows == [(2, "1", "5")]
    assert "is a XLSX file" in str(source.reading.notes[0])
