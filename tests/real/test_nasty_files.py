"""Hundreds of hostile files: each is staged, or refused with a plain sentence, and soon."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from csat.ingest.source import open_source
from csat.ingest.staging import stage
from csat.model.problem import ImportProblem
from csat.store.store import Store

pytestmark = pytest.mark.real

LIMIT = 5.0
"""Seconds one small file may take; none came near it."""


def test_every_hostile_file_ends_in_rows_or_in_a_plain_refusal(
    store: Store, shared_data: Path
) -> None:
    folder = shared_data / "nasty_csv_duckdb" / "files"
    paths = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".csv", ".tsv", ".txt"))
    assert len(paths) > 400
    staged = refused = 0
    with store.cursor() as cursor:
        for path in paths:
            begun = time.monotonic()
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
            assert time.monotonic() - begun < LIMIT, path
    assert staged > refused > 0


def test_files_of_every_other_kind_are_refused_by_their_ending(shared_data: Path) -> None:
    folder = shared_data / "nasty_csv_duckdb" / "files"
    others = [p for p in folder.rglob("*") if p.is_file() and p.suffix == ".gz"]
    assert others
    for path in others:
        with pytest.raises(ImportProblem, match="cannot be read"):
            open_source(path)


@pytest.mark.parametrize(
    ("name", "encoding", "columns"),
    [
        ("kiosk_servqual/kiosk_responses_cp949.csv", "cp949", 163),
        ("surveymonkey_538/StarWars_surveymonkey_raw.csv", "cp1252", 38),
        ("qualtrics_fixture/sample.csv", "utf-8", 20),
        ("wjx_export_zh/[问卷星数据]800_800_0.xls", "", 14),
        ("excel_merged_headers/FFT_AE_template.xlsm", "", 8),
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


def test_a_workbook_with_repeated_questions_names_the_repeated_one(shared_data: Path) -> None:
    path = shared_data / "kiosk_servqual" / "survey_answers_multisheet_nopii.xlsx"
    with pytest.raises(ImportProblem, match="two columns named '1-1'"):
        open_source(path)
