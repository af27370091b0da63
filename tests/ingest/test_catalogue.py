"""What a load makes on the way: programs, surveys, questions and dimensions, and their meaning."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.undo import undo
from csat.model.people import LOCAL_USER
from csat.model.problem import ImportProblem
from csat.model.scale import Scale
from csat.store.store import Store


def changed(mapping: Mapping, key: str, **parts: Any) -> Mapping:
    """Return the mapping with one question changed."""
    columns = tuple(
        replace(c, item=replace(c.item, **parts)) if c.item and c.item.key == key else c
        for c in mapping.columns
    )
    return replace(mapping, columns=columns)


@pytest.mark.parametrize(
    "parts",
    [
        {"scale": Scale.of(1, 7)},
        {"scale": Scale.of(1, 5, top_from=5)},
        {"measures": ()},
        {"viewpoint": "desired"},
        {"dimension": "empathy"},
        {"pair": "p1"},
    ],
)
def test_a_known_question_of_another_kind_is_refused_and_nothing_is_written(
    load, survey_file, survey_mapping: Mapping, everything, parts: dict[str, Any]
) -> None:
    load(survey_file([1]), survey_mapping)
    before = everything()
    with pytest.raises(ImportProblem, match="Question 'csat'") as caught:
        load(survey_file([2], "more.csv"), changed(survey_mapping, "csat", **parts))
    assert "another survey" in str(caught.value.remedy)
    assert everything() == before


def test_labels_and_special_codes_of_a_known_question_may_change(
    load, survey_file, survey_mapping: Mapping, count
) -> None:
    load(survey_file([1]), survey_mapping)
    scale = Scale.of(1, 5, labels={"Good": 5}, special={"8": "blank"})
    load(survey_file([2], "more.csv"), changed(survey_mapping, "csat", scale=scale))
    assert count("response") == 2


def test_a_later_file_may_ask_fewer_or_other_questions(
    store: Store, load, write_csv, survey_file, survey_mapping: Mapping
) -> None:
    load(survey_file([1]), survey_mapping)
    extra = Column("clean", "item", item=Item("clean", "Clean", Scale.of(1, 5)))
    mapping = replace(survey_mapping, columns=(*survey_mapping.columns[:2], extra))
    load(write_csv([["id", "when", "clean"], [2, "2026-01-06", 3]], "more.csv"), mapping)
    assert store.rows("SELECT i1, i2, i3, i4 FROM answers_1 ORDER BY response_id") == [
        {"i1": 4, "i2": 9, "i3": 6, "i4": None},
        {"i1": None, "i2": None, "i3": None, "i4": 3},
    ]


def test_a_program_has_room_for_eight_dimensions(load, write_csv, everything) -> None:
    def ask(*dimensions: str) -> Mapping:
        when = Column("when", "submitted_at")
        questions = [
            Column(f"q{i}", "item", item=Item(f"q{i}", "q", Scale.of(1, 5), dimension=d))
            for i, d in enumerate(dimensions)
        ]
        key = f"s{len(dimensions)}"
        return Mapping("m", "survey", "m", (when, *questions), survey_key=key)

    def write(n: int) -> Path:
        return write_csv([["when", *[f"q{i}" for i in range(n)]], ["2026-01-01", *[3] * n]])

    load(write(8), ask("reliability", "a", "b", "empathy", "c", "d", "e", "f"))
    before = everything()
    with pytest.raises(ImportProblem, match="Dimension 'g' is one too many"):
        load(write(1), ask("g"))
    assert everything() == before


def test_a_program_keeps_its_time_zone_and_title(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    load(survey_file([1], "a.csv"), survey_mapping, timezone="Asia/Tokyo", program_title="Demo")
    load(survey_file([2], "b.csv"), survey_mapping, timezone="UTC", program_title="Other")
    assert store.rows("SELECT title, timezone FROM program") == [
        {"title": "Demo", "timezone": "Asia/Tokyo"}
    ]
    [first, second] = store.rows("SELECT submitted_at AS at FROM response")
    assert first == second


def test_a_program_with_nothing_left_is_made_anew(
    store: Store, load, survey_file, survey_mapping: Mapping
) -> None:
    wrong = replace(survey_mapping, simulated=True)
    undo(store, load(survey_file([1]), wrong, timezone="Asia/Tokyo").batch_id, LOCAL_USER)
    load(survey_file([1]), survey_mapping, timezone="Europe/Berlin", program_title="Right")
    assert store.rows("SELECT title, timezone, simulated FROM program") == [
        {"title": "Right", "timezone": "Europe/Berlin", "simulated": False}
    ]
