"""The views of the complaints page are drawn, or say what they lack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Column, Mapping
from csat.ingest.standards import set_standard
from csat.locale.catalogue import translator
from csat.locale.formats import Formats
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.people import LOCAL_USER
from csat.queries.sla import service_levels
from csat.store.store import Store

ALL = {"period": "all"}


@pytest.mark.parametrize("view", ["causes", "volume", "ages", "places"])
@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_view_is_drawn(view: str, locale: str, sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, {"view": view}, locale=locale)
    assert not at.exception
    assert len(at.get("plotly_chart")) == (2 if view == "volume" else 1)
    assert at.query_params["view"] == view


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_waits_are_drawn_with_their_percentiles(
    locale: str, sample_store: Path, open_page: Any
) -> None:
    query = {**ALL, "view": "times", "split": "severity"}
    at = open_page("complaints", sample_store, query, locale=locale)
    assert not at.exception
    assert len(at.get("plotly_chart")) == 2
    tables = [d.value for d in at.dataframe]
    assert [len(table) for table in tables] == [5, 5]
    assert at.query_params == {"program": "sample", **query}


@pytest.mark.parametrize("locale", ["en-US", "zh-CN"])
def test_indicators_are_told_or_say_what_they_need(
    locale: str, sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, {**ALL, "view": "standard"}, locale=locale)
    assert not at.exception
    told, lacking = (table.value for table in at.table)
    assert len(told) + len(lacking) == 16
    assert not set(told.iloc[:, 0]) & set(lacking.iloc[:, 0])
    assert all(told.iloc[:, 1])
    assert all(lacking.iloc[:, 1])
    assert told.shape[1] == 4, "wider, and a phone would cut it off"


def test_a_program_without_complaints_leads_to_where_they_are_loaded(
    survey_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", survey_store)
    assert not at.exception
    assert "no complaint records" in at.info[0].value
    assert [link.proto.page for link in at.page_link] == ["data"]


STANDARD = """
[[target]]
key = "answer"
event = "response"
within = "1 d"
[[target]]
key = "answer-at-work"
event = "response"
clock = "business"
within = "32 h"
[calendar.hours]
monday = ["09:00-17:00"]
"""


def test_service_levels_are_those_of_the_store(
    sample_store: Path, own_sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, {**ALL, "view": "sla"})
    assert not at.exception
    assert "No targets are set" in at.info[0].value
    at = open_page("complaints", sample_store, {**ALL, "sla": "overdue"})
    assert any("No targets are set, so no case" in c.value for c in at.caption)
    store = Store(own_sample_store)
    set_standard(store, "sample", STANDARD, LOCAL_USER)
    found = service_levels(store, Filters.of("sample", compare="none"))
    store.close()
    at = open_page("complaints", own_sample_store, {**ALL, "view": "sla"})
    assert not at.exception
    table = at.dataframe[0].value
    assert list(table["Met"]) == [Formats("en").count(x.met) for x in found.levels]
    assert set(table["Clock"]) == {"working time", "calendar time"}
    assert set(table["Within"]) == {"1 d", "32 h"}, "32 hours of work are not 1 day and 8 hours"
    assert len(at.dataframe) == 2
    at = open_page("complaints", own_sample_store, {**ALL, "case": "K0001234"})
    timeline = at.get_by_key("one-case").dataframe[-1].value
    assert "Working time" in timeline.columns


def test_counts_without_cases_are_said_to_be_that(
    store: Store, load: Any, write_csv: Any, open_page: Any
) -> None:
    columns = (
        Column("month", "received_at", formats=("%Y-%m",)),
        Column("place", "branch"),
        Column("n", "cases"),
    )
    rows = "month,place,n\n2026-01,North,70\n2026-02,North,30\n"
    load(write_csv(rows), Mapping("counts", "complaints", "Counts", columns))
    store.close()
    at = open_page("complaints", store.path, ALL)
    assert not at.exception
    shown = translator("en")(msg("Showing **{n}** of **{total}** complaints", n=100, total=100))
    assert shown in [m.value for m in at.markdown]
    assert any("there are no cases to list" in c.value for c in at.caption)
    [offered] = [x for x in at.segmented_control if x.key == "view"]
    assert offered.options == ["Volume", "Causes", "ISO 10002"]
    for view in ("causes", "volume", "standard", "times"):
        at = open_page("complaints", store.path, {**ALL, "view": view})
        assert not at.exception
        assert at.session_state["view"] == ("volume" if view == "times" else view)


def test_views_of_a_choice_without_cases_say_so(sample_store: Path, open_page: Any) -> None:
    for view in ("cases", "causes", "volume"):
        at = open_page("complaints", sample_store, {"view": view, "search": "zzzzzz"})
        assert not at.exception
        assert len(at.info) == 1
        assert not at.get("plotly_chart")
