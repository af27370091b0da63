"""Every page, in both languages, on every state of the store, for everyone who may see it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from csat.locale.catalogue import translator

STORES = ("sample_store", "empty_store", "survey_store", "complaint_store")
LANGUAGES = {"en-US": "en", "zh-CN": "zh_CN"}
TITLES = {
    "overview": "Overview",
    "trends": "Trends",
    "dimensions": "Dimensions",
    "weighting": "Who answered",
    "improve": "Improve",
    "complaints": "Complaints",
    "data": "Data",
}


@pytest.mark.parametrize("any_store", STORES, indirect=True)
@pytest.mark.parametrize("locale", LANGUAGES)
@pytest.mark.parametrize("page", TITLES)
def test_page_draws_without_a_problem(
    page: str, locale: str, any_store: Path, open_page: Any
) -> None:
    at = open_page(page, any_store, locale=locale)
    assert not at.exception
    assert not at.error
    say = translator(LANGUAGES[locale])
    assert [title.value for title in at.title] == [say(TITLES[page])]


@pytest.mark.parametrize("page", TITLES)
def test_empty_store_says_what_to_load(page: str, empty_store: Path, open_page: Any) -> None:
    at = open_page(page, empty_store)
    if page == "data":
        assert len(at.file_uploader) == 1
    else:
        assert len(at.info) == 1
        assert [link.proto.page for link in at.page_link] == ["data"]


def test_program_without_complaints_says_what_to_load(survey_store: Path, open_page: Any) -> None:
    at = open_page("complaints", survey_store)
    assert len(at.info) == 1
    assert not at.dataframe


def test_language_of_the_link_wins_over_the_browser(sample_store: Path, open_page: Any) -> None:
    at = open_page("overview", sample_store, {"lang": "zh_CN"}, locale="en-US")
    assert at.title[0].value == translator("zh_CN")("Overview")
    assert at.query_params["lang"] == "zh_CN"
    assert at.get_by_key("lang").value == "zh_CN"


def test_switch_of_language_keeps_the_choices(sample_store: Path, open_page: Any) -> None:
    query = {"period": "m12", "branch": "North"}
    branches = open_page("overview", sample_store).get_by_key("branch").options
    query["branch"] = branches[0]
    at = open_page("overview", sample_store, query)
    before = {m.value for m in at.metric}
    at.get_by_key("lang").set_value("zh_CN").run()
    assert not at.exception
    assert at.title[0].value == translator("zh_CN")("Overview")
    assert at.query_params == {"program": "sample", **query, "lang": "zh_CN"}
    numbers = re.compile(r"^[+−]?[\d.,]+%?$")
    assert {v for v in before if numbers.match(v)} <= {m.value for m in at.metric}


def test_unknown_language_is_ignored(sample_store: Path, open_page: Any) -> None:
    at = open_page("overview", sample_store, {"lang": "tlh"})
    assert not at.exception
    assert at.title[0].value == "Overview"
    assert "lang" not in at.query_params


def test_simulated_data_is_marked_on_every_page(sample_store: Path, open_page: Any) -> None:
    for page in TITLES:
        at = open_page(page, sample_store)
        assert any("badge" in c.value for c in at.caption), page
