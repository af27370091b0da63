"""Hundreds of hostile files: each is staged, or refused with a plain sentence, and soon."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.store.store import Store

pytestmark = pytest.mark.real

LIMIT = 5.0
"""Seconds of the processor one small file may take; none came near it."""


def test_every_hostile_file_ends_in_rows_or_in_a_plain_refusal(
    store: Store, shared_data: Path
) -> None:
    folder = shared_data / "nasty_csv_duckdb" / "files"
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".csv", ".tsv", ".txt"))
    assert len(paths) > 400
    staged = refused = 0
    with store.cursor() as cursor:
        for path in paths:
            begun = time.process_time()
            try:
                rows = stage(cursor, open_source(path))
            except ImportProblem as problem:
                refused += 1
                said = str(problem)
                assert path.name in said, said
                assert "Traceback" not in said
            else:
                staged += 1
                assert rows > 0
            assert time.process_time() - begun < LIMIT, path
    assert staged > refused > 0


def test_every_packed_file_ends_in_rows_or_in_a_plain_refusal(
    store: Store, shared_data: Path
) -> None:
    folder = shared_data / "nasty_csv_duckdb" / "files"
    packed = sorted(p for p in folder.rglob("*") if p.suffix in (".gz", ".gzz", ".zst"))
    assert len(packed) > 15
    read, said = [], {}
    with store.cursor() as cursor:
        for path in packed:
            try:
                stage(cursor, open_source(path))
            except ImportProblem as problem:
                said[path.name] = str(problem)
            else:
                read.append(path.name)
    assert [name for name, sentence in said.items() if name not in sentence] == []
    assert {"bgzf.gz", "concat.gz", "latin1.csv.gz", "utf16.csv.gz"} <= set(read)
    assert not [n for n in read if n.endswith(".zst")]


@pytest.mark.parametrize(
    ("name", "encoding", "columns"),
    [
        ("kiosk_servqual/kiosk_responses_cp949.csv", "cp949", 163),
        ("surveymonkey_538/StarWars_surveymonkey_raw.csv", "cp1252", 38),
        ("qualtrics_fixture/sample.csv", "utf-8", 20),
        ("wjx_export_zh/[问卷星数据]800_800_0.xls", "", 14),
        ("excel_merged_headers/FFT_AE_template.xlsm", "", 20),
        ("tsa_complaints/complaints-by-airport.csv", "utf-8", 4),
    ],
)
def test_exports_of_common_tools_open_as_they_are(
    store: Store, shared_data: Path, name: str, encoding: str, columns: int
) -> None:
    source = open_source(shared_data / name)
    assert source.reading.encoding == encoding
    assert len(source.reading.columns) == columns
    with store.cursor() as cursor:
        assert stage(cursor, source) > 0


def test_the_three_blocks_of_a_workbook_with_repeated_questions_are_kept_apart(
    shared_data: Path,
) -> None:
    reading = open_source(
        shared_data / "kiosk_servqual" / "survey_answers_multisheet_nopii.xlsx"
    ).reading
    assert {"1-1", "1-1 (2)", "1-1 (3)"} <= set(reading.columns)
    assert len(set(reading.columns)) == 156
    assert any("'1-1'" in str(note) for note in reading.notes)


def test_merged_headers_below_notes_are_joined_and_hidden_sheets_named(shared_data: Path) -> None:
    reading = open_source(shared_data / "excel_merged_headers" / "FFT_AE_template.xlsm").reading
    assert (reading.first_row, reading.header_rows) == (3, 2)
    assert "Breakdown of Responses / Very Good" in reading.columns
    assert reading.hidden == ("BS",)


def test_the_corpora_end_in_right_tables_or_plain_refusals(
    shared_data: Path, tmp_path: Path
) -> None:
    """A tenth of the large corpus and all of the others; the whole is bench/corpus.py."""
    script = Path(__file__).resolve().parents[2] / "bench" / "corpus.py"
    done = subprocess.run(
        [
            *(sys.executable, str(script), "--quick", "--data", str(shared_data)),
            *("--out", str(tmp_path / "page.md")),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "page.md").read_text(encoding="utf-8")
    assert "## Where the right answer is stated" in page
