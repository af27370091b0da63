"""What is suggested for real exports, before anyone has said a word about them."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Item
from csat.ingest.preset import preset
from csat.ingest.source import open_source
from csat.ingest.staging import sample_rows, stage
from csat.ingest.suggest import Suggestion, facts_of_staged, suggest
from csat.store.store import Store

pytestmark = pytest.mark.real

Suggested = Callable[..., Suggestion]


@pytest.fixture
def suggested(store: Store, shared_data: Path) -> Suggested:
    """Suggest for one of the real files, from all of its rows."""

    def look(name: str, **told: Any) -> Suggestion:
        source = open_source(shared_data / name)
        with store.cursor() as cursor:
            stage(cursor, source)
            rows = sample_rows(cursor, source, 400)
            facts = facts_of_staged(cursor, source.reading.columns)
        return suggest(source.name, source.reading.columns, rows, facts=facts, **told)

    return look


def roles(found: Suggestion) -> dict[str, str]:
    return {c.source: c.role for c in found.mapping.columns}


def items(found: Suggestion) -> dict[str, Item]:
    return {c.source: i for c, i in found.mapping.items()}


def left(found: Suggestion, column: str) -> str:
    assert found.findings[column].column is None, column
    return str(found.findings[column].reason)


def test_a_chinese_export_has_its_choices_of_several_left_out(suggested: Suggested) -> None:
    found = suggested("wjx_export_zh/[问卷星数据]800_800_0.xls")
    assert roles(found) == {"序号": "response_id", "3、性别": "segment"}
    assert "several choices, parted by '┋'" in left(found, "6、兴趣爱好")
    assert "several choices, parted by '┋'" in left(found, "8、关注资讯")
    assert left(found, "提交答卷时间") == "It is empty"
    assert "addresses of computers" in left(found, "来自IP")
    assert items(found) == {}


def test_expectations_and_perceptions_of_a_korean_survey_are_paired(
    suggested: Suggested, shared_data: Path
) -> None:
    found = suggested("kiosk_servqual/kiosk_responses_cp949.csv")
    columns = list(found.findings)
    known = items(found)
    path = shared_data / "kiosk_servqual" / "codebook_items.csv"
    with path.open(encoding="utf-8-sig", newline="") as stream:
        told = {
            columns[int(r["csv_column_index"])]: r
            for r in csv.DictReader(stream)
            if r["role"] in ("expectation", "perception")
        }
    assert len(told) == 48
    for name, row in told.items():
        view = "desired" if row["role"] == "expectation" else "perception"
        assert (known[name].viewpoint, known[name].pair) == (view, row["item"]), name
        assert known[name].scale.ends == (1, 7)


def test_worded_answers_about_a_flight_are_no_ratings_of_a_service(suggested: Suggested) -> None:
    found = suggested("surveymonkey_538/flying-etiquette.csv")
    assert roles(found) == {
        "RespondentID": "response_id",
        "Gender": "segment",
        "Location (Census Region)": "branch",
    }


def test_rankings_and_choices_of_a_film_survey_are_no_ratings(
    store: Store, shared_data: Path
) -> None:
    path = shared_data / "surveymonkey_538" / "StarWars_surveymonkey_raw.csv"
    with path.open(encoding="cp1252", newline="") as stream:
        questions, options, *rows = list(csv.reader(stream))
    asked = ""
    columns = []
    for question, option in zip(questions, options, strict=True):
        asked = question.strip() or asked
        columns.append(asked if option in ("", "Response") else f"{asked} - {option.strip()}")
    found = suggest(
        "films.csv", columns, [[c or None for c in r] for r in rows], tool="surveymonkey"
    )
    seen = [c for c in columns if c.startswith("Which of the following")]
    ranked = [c for c in columns if c.startswith("Please rank")]
    assert (len(seen), len(ranked)) == (6, 6)
    assert all("one option of" in left(found, c) for c in seen)
    assert all("a place in a ranking" in left(found, c) for c in ranked)
    liked = [c for c in columns if c.startswith("Please state whether you view")]
    assert len(liked) == 14
    for name in liked:
        scale = items(found)[name].scale
        assert scale.ends == (1, 5)
        assert scale.labels["Very favorably"] == 5
        assert scale.labels["Very unfavorably"] == 1
        assert scale.special == {"Unfamiliar (N/A)": "not_applicable"}


def test_the_columns_of_a_qualtrics_export_are_known(shared_data: Path) -> None:
    path = shared_data / "qualtrics_fixture" / "sample.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        columns, wordings, _, *rows = list(csv.reader(stream))
    found = suggest("sample.csv", columns, rows, tool="qualtrics", wordings=wordings)
    assert roles(found)["RecordedDate"] == "submitted_at"
    assert roles(found)["ResponseId"] == "response_id"
    assert {n for n, f in found.findings.items() if f.personal} == {
        *("IPAddress", "RecipientLastName", "RecipientFirstName", "RecipientEmail"),
        *("LocationLatitude", "LocationLongitude"),
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("nhs_gp_fft/gp_fft_responses.csv", "nhs-fft"),
        ("nyc311_2020/nyc_311_with_header.csv", "nyc-311"),
    ],
)
def test_the_suggestion_agrees_with_the_mapping_that_a_person_made(
    suggested: Suggested, name: str, wanted: str
) -> None:
    found, made = suggested(name), preset(wanted)
    assert found.mapping.kind == made.kind
    assert roles(found) == {c.source: c.role for c in made.columns}
    for column in made.columns:
        guessed = found.findings[column.source].column
        assert guessed is not None
        assert guessed.formats in (column.formats, ())
        if column.item and guessed.item:
            assert guessed.item.scale.ends == column.item.scale.ends
            assert guessed.item.scale.labels == column.item.scale.labels
            assert guessed.item.scale.special == column.item.scale.special


def test_month_and_day_of_complaints_are_told_apart_by_the_whole_column(
    suggested: Suggested,
) -> None:
    found = suggested("cfpb_complaints/cfpb_2023_payday_narratives.csv")
    column = found.findings["Date received"].column
    assert column is not None
    assert column.formats == ("%m/%d/%y",)
    assert "Month first:" in str(found.findings["Date received"].reason)


def test_a_real_survey_of_coded_columns_gets_no_scale_for_its_identifiers(
    suggested: Suggested,
) -> None:
    found = suggested("sfo_airport_survey/2016_SFO_Customer_Survey_20250817.csv")
    known = roles(found)
    assert known["*RESPNUM"] == "response_id"
    assert known["WEIGHT"] == "weight"
    assert known["INTDATE"] == "submitted_at"
    assert not {"CCGID", "RUNID", "GATE", "FLIGHT", "Q17ZIP"} & set(known)
    assert all(known[f"Q7{name}"] == "item" for name in ("ART", "FOOD", "STORE", "SIGN", "WIFI"))
