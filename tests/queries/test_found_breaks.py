"""Breaks that nobody declared: found where they are, and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.model.filters import Filters
from csat.model.scale import Scale
from csat.queries.found_breaks import found_breaks
from csat.store.store import Store

DEMO = Filters.of("demo")


def survey(key: str, low: int, high: int) -> Mapping:
    overall = Item("csat", "Overall", Scale.of(low, high), measures=("csat",))
    columns = (
        Column("when", "submitted_at"),
        Column("channel", "channel"),
        Column("csat", "item", item=overall),
    )
    return Mapping(key, "survey", key, columns, survey_key=key)


CASES = Mapping(
    "cases",
    "complaints",
    "Cases",
    (
        Column("received", "received_at"),
        Column("category", "category"),
        Column("channel", "channel"),
    ),
)


def answers(months: range, channel: str, many: int = 20) -> list[tuple[object, ...]]:
    return [(f"2025-{m:02d}-{1 + i:02d}", channel, 1 + i % 5) for m in months for i in range(many)]


def told(store: Store, key: str = "csat_mean", **chosen: Any) -> list[tuple[date, str, str]]:
    found = found_breaks(store, DEMO.with_(**chosen), key)
    return [(b.day, b.kind, str(b.note)) for b in found]


def test_a_channel_that_begins_is_found(store: Store, add_rows) -> None:
    rows = answers(range(1, 13), "Phone") + answers(range(6, 13), "App")
    add_rows(survey("one", 1, 5), rows)
    assert told(store) == [(date(2025, 6, 1), "channel", "channel App begins")]
    assert told(store, channels=["Phone"]) == []


def test_a_channel_that_ends_is_found(store: Store, add_rows) -> None:
    add_rows(survey("one", 1, 5), answers(range(1, 13), "Phone") + answers(range(1, 8), "Letter"))
    assert told(store) == [(date(2025, 8, 1), "channel", "channel Letter ends")]


def test_a_rare_channel_that_is_missing_by_chance_is_no_break(store: Store, add_rows) -> None:
    rows = answers(range(1, 13), "Phone") + answers(range(5, 13), "Fax", 1)
    add_rows(survey("one", 1, 5), rows)
    assert told(store) == []


def test_a_new_list_of_categories_breaks_complaints_alone(store: Store, add_rows) -> None:
    rows = [
        (f"2025-{m:02d}-{1 + i:02d}", "Queue" if m < 7 else "Waiting time", "Phone")
        for m in range(1, 13)
        for i in range(10)
    ]
    rows += [
        (f"2025-{m:02d}-{1 + i:02d}", "Staff", "Phone") for m in range(1, 13) for i in range(9)
    ]
    add_rows(CASES, rows)
    add_rows(survey("one", 1, 5), answers(range(1, 13), "Phone"))
    assert told(store, "complaints_received") == [
        (date(2025, 7, 1), "category", "category Queue ends"),
        (date(2025, 7, 1), "category", "category Waiting time begins"),
    ]
    assert told(store) == []


def test_another_scale_breaks_the_series_of_its_question(store: Store, add_rows) -> None:
    add_rows(survey("one", 1, 5), answers(range(1, 7), "Phone"))
    add_rows(survey("two", 1, 7), answers(range(7, 13), "Phone"))
    assert told(store) == [(date(2025, 7, 1), "scale", "scale 1 to 7 from here on")]
    assert told(store, "response_count") == []
    assert told(store, surveys=["one"]) == []


@pytest.mark.parametrize("key", ["csat_top_box", "complaints_received", "perception:empathy"])
def test_the_sample_has_none(sample: Store, key: str) -> None:
    assert found_breaks(sample, Filters.of("sample"), key) == ()


def test_no_data_have_no_breaks(store: Store, tmp_path: Path, add_rows) -> None:
    add_rows(survey("one", 1, 5), answers(range(1, 2), "Phone"))
    assert told(store) == []
    assert told(store, "complaints_received") == []
