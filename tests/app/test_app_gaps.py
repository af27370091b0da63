"""The page on gaps: what is measured, what is missing, and in which words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.locale.catalogue import translator
from csat.sample.company import COMPANY, GAP_OF, largest_gap

say = translator("en")


def texts(at: Any) -> str:
    return "\n".join(str(m.value) for m in [*at.header, *at.markdown, *at.caption, *at.info])


def templates(at: Any) -> list[str]:
    return [b.proto.label for b in at.get("download_button")]


def test_sample_shows_all_six_boxes_and_the_way(sample_store: Path, open_page: Any) -> None:
    at = open_page("gaps", sample_store, {"period": "all"})
    assert not at.exception
    assert len(at.metric) == 6
    assert len(at.get("plotly_chart")) == 1
    assert not templates(at)


@pytest.mark.parametrize("dimension", COMPANY)
def test_the_planted_largest_gap_is_named(
    sample_store: Path, open_page: Any, dimension: str
) -> None:
    at = open_page("gaps", sample_store, {"period": "all", "dimension": dimension})
    gap = largest_gap(dimension)
    assert f"Gap {gap}: {GAP_OF[gap]}" in at.header[0].value


def test_a_complaint_file_alone_says_what_to_collect(complaint_store: Path, open_page: Any) -> None:
    at = open_page("gaps", complaint_store)
    assert not at.exception
    assert "managers' answers" in texts(at)
    assert len(templates(at)) == 2 * (6 + 2), "questionnaires, and registers of gaps 2 and 4"
    assert "From records" in texts(at)


def test_nothing_is_said_twice_of_what_is_not_measured(
    complaint_store: Path, open_page: Any
) -> None:
    said = texts(open_page("gaps", complaint_store))
    assert said.count("needs a register of promises") == 1


def test_a_table_of_records_stands_only_where_records_are(
    survey_store: Path, open_page: Any
) -> None:
    assert "percentage points below 100" not in texts(open_page("gaps", survey_store))


def test_an_empty_store_hands_out_the_templates(empty_store: Path, open_page: Any) -> None:
    at = open_page("gaps", empty_store)
    assert not at.exception
    assert len(templates(at)) == 2 * (6 + 3)
    assert {link.proto.page for link in at.page_link} == {"data"}


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize(
    "any_store",
    ["sample_store", "empty_store", "survey_store", "complaint_store"],
    indirect=True,
)
def test_the_page_draws_in_both_languages(any_store: Path, locale: str, open_page: Any) -> None:
    at = open_page("gaps", any_store, locale=locale)
    assert not at.exception
    assert not at.error
    wanted = translator("zh_CN" if locale == "zh-CN" else "en")("Gaps")
    assert [title.value for title in at.title] == [wanted]


def test_actions_against_a_gap_stand_there_with_their_verdicts(
    sample_store: Path, survey_store: Path, open_page: Any
) -> None:
    assert "A second counter at Riverside" in texts(open_page("gaps", sample_store))
    assert "No action against a gap" in texts(open_page("gaps", survey_store))


def test_what_managers_believe_matters_stands_beside_what_customers_say(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("gaps", sample_store, {"period": "all"})
    said = texts(at)
    assert "managers think **Assurance**; customers say **Reliability**" in said
    assert "Managers underrate **Responsiveness** most" in said
