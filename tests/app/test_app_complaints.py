"""The complaints page narrows, counts, pages and opens exactly what the store holds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Mapping
from csat.ingest.source import open_source
from csat.ingest.standards import set_standard
from csat.locale.catalogue import translator
from csat.locale.formats import Formats
from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.people import LOCAL_USER
from csat.queries import complaints
from csat.queries.sla import service_levels
from csat.store.store import Store

ALL = {"period": "all"}


def ask(path: Path, question: Any, filters: Filters, *args: Any, **named: Any) -> Any:
    store = Store(path)
    try:
        return question(store, filters, *args, **named)
    finally:
        store.close()


def filters_of(**parts: Any) -> Filters:
    return Filters.of("sample", compare="none", **parts)


def shown(n: int, total: int, language: str = "en") -> str:
    return translator(language)(msg("Showing **{n}** of **{total}** complaints", n=n, total=total))


def assert_shows(at: Any, n: int, total: int = 8_000) -> None:
    assert not at.exception
    assert not at.error
    assert shown(n, total) in [m.value for m in at.markdown]


def listed(at: Any) -> list[str]:
    """Return the case numbers on the page."""
    return list(at.dataframe[0].value.iloc[:, 0])


def select_row(at: Any, row: int) -> None:
    """Select a row of the list, as a click in the browser does."""
    at.session_state[at.dataframe[0].key] = {
        "selection": {"rows": [row], "columns": [], "cells": []}
    }
    at.run()


@pytest.fixture(scope="module")
def busiest(sample_store: Path) -> complaints.Branch:
    """Return the largest category, which has subcategories."""
    tree = ask(sample_store, complaints.category_tree, filters_of())
    return next(b for b in tree if len(b.children) > 1)


def test_list_is_that_of_the_store(sample_store: Path, open_page: Any) -> None:
    found = ask(sample_store, complaints.listing, filters_of(), user=LOCAL_USER, limit=25)
    at = open_page("complaints", sample_store, ALL)
    assert_shows(at, 8_000)
    assert listed(at) == [r["case_no"] for r in found.rows]


def box(at: Any, path: str) -> str:
    """Return the icon of a category's box: ticked, half ticked or empty."""
    return str(at.get_by_key(f"tick-{path}").icon)


def test_category_narrows(busiest: complaints.Branch, sample_store: Path, open_page: Any) -> None:
    child = busiest.children[0]
    at = open_page("complaints", sample_store, ALL)
    at.get_by_key(f"tick-{busiest.path}").click().run()
    assert_shows(at, busiest.count)
    assert at.query_params["category"] == busiest.path
    at.get_by_key(f"tick-{busiest.path}").click().run()
    assert_shows(at, 8_000)
    at.get_by_key(f"open-{busiest.path}").click().run()
    at.get_by_key(f"tick-{child.path}").click().run()
    assert_shows(at, child.count)
    assert at.query_params["category"] == child.path
    assert "indeterminate" in box(at, busiest.path)
    assert f"({Formats('en').count(child.count)}" in at.get_by_key(
        f"tick-{child.path}"
    ).label.replace("\\", "")


def test_category_without_one_of_its_parts(
    busiest: complaints.Branch, sample_store: Path, open_page: Any
) -> None:
    child = busiest.children[0]
    at = open_page("complaints", sample_store, {**ALL, "category": busiest.path})
    assert box(at, busiest.path) == ":material/check_box:"
    at.get_by_key(f"open-{busiest.path}").click().run()
    at.get_by_key(f"tick-{child.path}").click().run()
    assert_shows(at, busiest.count - child.count)
    at.get_by_key(f"tick-{child.path}").click().run()
    assert_shows(at, busiest.count)
    assert at.query_params["category"] == busiest.path


@pytest.mark.parametrize("column", ["severity", "status"])
def test_every_value_of_a_list_narrows_to_its_count(
    column: str, sample_store: Path, open_page: Any
) -> None:
    field = {"severity": "severities", "status": "statuses"}[column]
    for value, n in ask(sample_store, complaints.facet, filters_of(), column):
        assert ask(sample_store, complaints.count, filters_of(**{field: [value]})) == n
        assert_shows(open_page("complaints", sample_store, {**ALL, column: value}), n)


def test_filters_narrow_together_and_counts_follow(
    busiest: complaints.Branch, sample_store: Path, open_page: Any
) -> None:
    wanted = filters_of(categories=[busiest.path], severities=["high", "critical"])
    n = ask(sample_store, complaints.count, wanted)
    query = {**ALL, "category": busiest.path, "severity": ["critical", "high"]}
    at = open_page("complaints", sample_store, query)
    assert_shows(at, n)
    assert 0 < n < busiest.count
    assert at.query_params == {"program": "sample", **query}


def test_shared_filters_narrow_too(sample_store: Path, open_page: Any) -> None:
    branch = ask(sample_store, complaints.facet, filters_of(), "branch")[0]
    assert_shows(open_page("complaints", sample_store, {**ALL, "branch": branch[0]}), branch[1])


def test_pills_take_one_choice_away_each(
    busiest: complaints.Branch, sample_store: Path, open_page: Any
) -> None:
    query = {**ALL, "category": busiest.path, "severity": ["high", "low"], "search": "the"}
    at = open_page("complaints", sample_store, query)
    at.get_by_key("drop-severity-low").click().run()
    wanted = filters_of(categories=[busiest.path], severities=["high"], search="the")
    assert_shows(at, ask(sample_store, complaints.count, wanted))
    at.get_by_key(f"drop-category-{busiest.path}").click().run()
    assert_shows(at, ask(sample_store, complaints.count, wanted.with_(categories=[])))
    at.get_by_key("drop-search").click().run()
    assert_shows(at, ask(sample_store, complaints.count, filters_of(severities=["high"])))
    assert at.query_params == {"program": "sample", **ALL, "severity": "high"}
    assert at.get_by_key("search").value in ("", None)
    at.get_by_key("clear-all").click().run()
    assert_shows(at, 8_000)
    with pytest.raises(KeyError):
        at.get_by_key("clear-all")


def test_search_finds_texts_and_case_numbers(sample_store: Path, open_page: Any) -> None:
    number = ask(sample_store, complaints.listing, filters_of(), user=LOCAL_USER, limit=1).rows[0][
        "case_no"
    ]
    at = open_page("complaints", sample_store, ALL)
    at.get_by_key("search").set_value("technician").run()
    n = ask(sample_store, complaints.count, filters_of(search="technician"))
    assert 0 < n < 8_000
    assert_shows(at, n)
    at.get_by_key("search").set_value(f"  {number} ").run()
    assert_shows(at, 1)
    assert listed(at) == [number]
    at.get_by_key("search").set_value("100% _ ' ; DROP TABLE complaint --").run()
    assert_shows(at, 0)
    assert len(at.info) == 1


def test_pages_follow_one_another(sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, ALL)
    first = listed(at)
    at.pagination[0].set_value(2).run()
    second = listed(at)
    assert len(first) == len(second) == 25
    assert not set(first) & set(second)
    at.pagination[0].set_value(320).run()
    assert len(listed(at)) == 25


def test_another_choice_starts_at_its_first_page(sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, ALL)
    at.pagination[0].set_value(3).run()
    at.get_by_key("severity").set_value(["low"]).run()
    wanted = filters_of(severities=["low"])
    found = ask(sample_store, complaints.listing, wanted, user=LOCAL_USER, limit=25)
    assert listed(at) == [r["case_no"] for r in found.rows]
    assert at.pagination[0].value == 1


def test_case_opens_from_the_link_and_closes(sample_store: Path, open_page: Any) -> None:
    number = "K0001234"
    record = None
    store = Store(sample_store)
    record = complaints.case(store, "sample", number, user=LOCAL_USER)
    store.close()
    at = open_page("complaints", sample_store, {**ALL, "case": number})
    assert not at.exception
    box = at.get_by_key("one-case")
    assert number in box.header[0].value
    assert record["narrative"] in [x.value for x in box.text]
    contents = " ".join(str(v) for d in box.dataframe for v in d.value.to_numpy().ravel())
    assert record["category"] in contents
    assert record["branch"] in contents
    assert Formats("en").moment(record["received_at"]) in contents
    assert at.query_params["case"] == number
    next(iter(box.button)).click().run()
    assert "case" not in at.query_params
    with pytest.raises(KeyError):
        at.get_by_key("one-case")


def test_case_opens_from_the_list_and_stays_closed(sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, ALL)
    number = listed(at)[1]
    select_row(at, 1)
    assert at.query_params["case"] == number
    assert number in at.get_by_key("one-case").header[0].value
    next(iter(at.get_by_key("one-case").button)).click().run()
    assert "case" not in at.query_params
    at.run()
    assert "case" not in at.query_params


def test_narrowing_the_list_opens_no_other_case(sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, ALL)
    number = listed(at)[2]
    select_row(at, 2)
    at.get_by_key("status").set_value(["reopened"]).run()
    assert not at.exception
    assert at.query_params.get("case", number) == number


def test_unknown_case_is_said_and_can_be_left(sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, {**ALL, "case": "NOPE"})
    assert not at.exception
    said = [e.value for e in at.error] + [w.value for w in at.warning] + [i.value for i in at.info]
    assert any("NOPE" in text for text in said)
    assert len(listed(at)) == 25
    at.run()
    assert not at.error
    assert "case" not in at.query_params


def test_case_of_one_program_does_not_follow_into_another(
    own_sample_store: Path,
    open_page: Any,
    write_csv: Any,
    complaint_mapping: Any,
) -> None:
    rows = "id,received,answered,resolved,category,branch,timely,text\n" + "".join(
        f"X{i},2026-09-{i:02d},,,Billing,North,,late\n" for i in range(1, 21)
    )
    store = Store(own_sample_store)
    source = open_source(write_csv(rows))
    commit(store, source, complaint_mapping, program="other", user=LOCAL_USER)
    store.close()
    at = open_page("complaints", own_sample_store, {**ALL, "case": "K0001234"})
    at.get_by_key("program").set_value("other").run()
    assert not at.exception
    assert not at.error
    assert shown(20, 20) in [m.value for m in at.markdown]
    assert "case" not in at.query_params


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


def test_what_customers_wrote_stands_beside_the_number_of_the_case(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, ALL)
    assert list(at.dataframe[0].value.columns)[:3] == ["Case", "Text", "Received"]


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
    found = service_levels(store, filters_of())
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


def test_search_that_makes_no_sense_is_said_and_left_out(
    sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, {**ALL, "search": '"late fee'})
    assert not at.exception
    assert "not closed" in at.error[0].value
    assert shown(8_000, 8_000) in [m.value for m in at.markdown]


def test_hits_are_marked_in_list_and_case(sample_store: Path, open_page: Any) -> None:
    at = open_page("complaints", sample_store, {**ALL, "search": "technician OR 师傅"})
    texts = at.dataframe[0].value["Text"]
    assert all("▸" in text for text in texts)
    number = listed(at)[0]
    at = open_page("complaints", sample_store, {**ALL, "search": "technician", "case": number})
    said = [m.value for m in at.get_by_key("one-case").markdown]
    assert any(":orange-background[" in text for text in said)


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
    assert shown(100, 100) in [m.value for m in at.markdown]
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


@pytest.mark.parametrize(
    "query", [{"category": "Cheese"}, {"severity": "mild"}, {"status": "lost"}, {"view": "maps"}]
)
def test_invalid_values_of_the_link_are_ignored(
    query: dict[str, str], sample_store: Path, open_page: Any
) -> None:
    at = open_page("complaints", sample_store, {**ALL, **query})
    assert_shows(at, 8_000)
    assert at.query_params == {"program": "sample", **ALL}
