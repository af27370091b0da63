"""The page on dimensions: the weakest in words first, and every section when it is asked for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.dimensions import dimensions
from csat.store.store import Store

SECTIONS = (
    "questions", "importance", "zone", "answers", "groups", "time", "drivers", "sound", "forms",
)  # fmt: skip
CHARTS = {
    "questions": 2, "importance": 2, "zone": 2, "answers": 2, "groups": 2, "time": 2,
    "drivers": 2, "sound": 1, "forms": 1,
}  # fmt: skip


def charts(at: Any) -> list[dict[str, Any]]:
    assert not at.exception
    assert not at.error
    return [json.loads(c.proto.spec) for c in at.get("plotly_chart")]


def words(at: Any) -> str:
    return "\n".join(m.value for m in (*at.markdown, *at.caption))


def test_the_first_sentence_says_what_is_weakest_and_by_how_much(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"period": "all"})
    store = Store(sample_store)
    worst = dimensions(store, Filters("sample"), Thresholds()).dimensions[0]
    store.close()
    first = at.markdown[0].value
    assert "Reliability is weakest" in first
    assert f"{worst.expectation:.2f}" in first
    assert f"{-(worst.gap.value or 0):.2f} short" in first
    assert "All 5 dimensions fall short" in words(at)


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
@pytest.mark.parametrize("section", SECTIONS)
def test_each_section_is_drawn_when_it_is_asked_for(
    section: str, locale: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"section": section}, locale=locale)
    assert len(charts(at)) == CHARTS[section]
    assert all(c.proto.alt for c in at.get("plotly_chart"))
    assert at.query_params.get("section", "questions") == section
    if section == "forms":
        assert len(at.get("download_button")) == 2


def test_dumbbells_stand_by_gap_times_weight(sample_store: Path, open_page: Any) -> None:
    at = open_page("dimensions", sample_store, {"weights": "equal"})
    names = [row[0] for row in charts(at)[0]["data"][1]["customdata"]]
    assert names == ["reliability", "responsiveness", "assurance", "empathy", "tangibles"]
    own = "tangibles=90,reliability=10"
    at = open_page("dimensions", sample_store, {"weights": own})
    names = [row[0] for row in charts(at)[0]["data"][1]["customdata"]]
    assert names[0] == "tangibles"
    assert own in str(at.query_params["weights"])


def test_from_a_dimension_to_its_questions_to_their_comments(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"dimension": "empathy", "item": "P18"})
    assert "Questions of Empathy" in words(at)
    assert any("Comment" in d.value.columns for d in at.dataframe)
    frame = next(d.value for d in at.dataframe if "Comment" in d.value.columns)
    assert list(frame["Rating"]) == sorted(frame["Rating"])
    assert "respondent" not in " ".join(frame.columns).lower()


def test_executives_read_no_comments(
    sample_store: Path, open_page: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CSAT_ROLES", "executive")
    at = open_page("dimensions", sample_store, {"item": "P18"})
    assert not at.exception
    assert not any("Comment" in d.value.columns for d in at.dataframe)


def test_filters_that_set_people_apart_show_the_reason_and_no_figure(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", sample_store, {"branch": "Lighthouse Point", "period": "m1"})
    assert not at.get("plotly_chart")
    assert any("fewer than 5 people" in i.value for i in at.info)


def test_a_program_without_dimensions_offers_questionnaires(
    survey_store: Path, open_page: Any
) -> None:
    at = open_page("dimensions", survey_store)
    assert len(at.info) == 1
    assert len(at.get("download_button")) == 2
