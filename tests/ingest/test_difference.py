"""What the dry run says of a file beside the one loaded before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from csat.ingest.batches import dry_run
from csat.ingest.difference import Difference
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.scale import Scale
from csat.store.store import Store

FIVE = Scale.of(1, 5)
QUESTIONS = [f"q{i}" for i in range(1, 7)]
WAVE = Mapping(
    "waves",
    "survey",
    "Waves",
    (
        Column("id", "response_id"),
        Column("when", "submitted_at"),
        Column("branch", "branch"),
        Column("who", "respondent_id"),
        *(Column(q, "item", item=Item(q, q, FIVE)) for q in QUESTIONS),
    ),
    survey_key="waves",
)
HEADER = ["id", "when", "branch", "who", *QUESTIONS]


@pytest.fixture
def wave(write_csv) -> Callable[..., Path]:
    """Write a wave of answers: ids, day, branch, and the ratings each response gives."""

    def write(
        name: str,
        ids: range,
        ratings: Callable[[int], list[object]],
        *,
        day: str = "2026-01-31",
        branch: str = "North",
        header: list[str] | None = None,
    ) -> Path:
        rows = [[i, day, branch, f"c{i}", *ratings(i)] for i in ids]
        return write_csv([header or HEADER, *rows], name)

    return write


def mixed(i: int) -> list[object]:
    return [1 + (i + k) % 5 for k in range(6)]


@pytest.fixture
def first(load, wave) -> None:
    load(wave("january.csv", range(200), mixed), WAVE)


def apart(store: Store, path: Path, mapping: Mapping = WAVE) -> Difference:
    found = dry_run(store, open_source(path), mapping, "demo").difference
    assert found is not None
    return found


def test_the_first_file_has_nothing_to_be_compared_with(store: Store, wave) -> None:
    found = apart(store, wave("january.csv", range(20), mixed))
    assert (found.against, found.columns_new, found.unseen, found.loaded_to) == ("", (), (), None)
    assert {s.distance for s in found.items} == {None}


@pytest.mark.usefixtures("first")
def test_a_like_wave_shows_no_difference(store: Store, wave) -> None:
    found = apart(store, wave("february.csv", range(200, 400), mixed, day="2026-02-28"))
    assert found.against == "january.csv"
    assert (found.columns_new, found.columns_missing, found.columns_renamed) == ((), (), ())
    assert (found.unseen, found.older) == ((), False)
    assert not any(spread.drifted for spread in found.items)
    assert {s.rows for s in found.items} == {200}


@pytest.mark.usefixtures("first")
def test_new_missing_and_renamed_columns_are_named(store: Store, wave) -> None:
    fewer = replace(WAVE, columns=tuple(c for c in WAVE.columns if c.source != "who"))
    fewer = replace(
        fewer,
        columns=tuple(
            replace(c, source="branch name") if c.source == "branch" else c for c in fewer.columns
        ),
    )
    header = ["id", "when", "branch name", "device", *QUESTIONS]
    path = wave("february.csv", range(200, 210), mixed, header=header)
    found = apart(store, path, fewer)
    assert found.columns_new == ("device",)
    assert found.columns_missing == ("who",)
    assert found.columns_renamed == (("branch", "branch name"),)


@pytest.mark.usefixtures("first")
def test_a_group_seen_for_the_first_time_is_named_with_its_rows(store: Store, wave) -> None:
    found = apart(store, wave("february.csv", range(200, 230), mixed, branch="Norht"))
    [unseen] = found.unseen
    assert (unseen.column, unseen.values, unseen.total) == ("branch", (("Norht", 30),), 1)


@pytest.mark.usefixtures("first")
def test_a_question_whose_answers_shifted_is_said_to_have_drifted(store: Store, wave) -> None:
    def better(i: int) -> list[object]:
        return [5, *mixed(i)[1:]]

    found = {s.item: s for s in apart(store, wave("f.csv", range(200, 300), better)).items}
    assert found["q1"].drifted
    assert found["q1"].distance == pytest.approx(0.8)
    assert (found["q1"].mean, found["q1"].mean_before) == (5.0, 3.0)
    assert not found["q2"].drifted


@pytest.mark.usefixtures("first")
def test_missing_answers_and_answers_off_the_scale_are_counted(store: Store, wave) -> None:
    def patchy(i: int) -> list[object]:
        return ["" if i % 2 else 3, 9 if i == 200 else 4, *mixed(i)[2:]]

    found = {s.item: s for s in apart(store, wave("f.csv", range(200, 210), patchy)).items}
    assert (found["q1"].answered, found["q1"].rows) == (4, 9)
    assert found["q2"].off_scale == 1


def test_one_answer_to_everything_is_straight_lining(store: Store, wave) -> None:
    found = apart(store, wave("f.csv", range(10), lambda i: [3] * 6 if i < 4 else mixed(i)))
    assert (found.straight_lined, found.rated) == (4, 10)


def test_too_few_answers_are_no_straight_line(store: Store, wave) -> None:
    found = apart(store, wave("f.csv", range(10), lambda _: [3, 3, 3, "", "", ""]))
    assert (found.straight_lined, found.rated) == (0, 0)


def test_respondents_who_answered_twice_are_counted(store: Store, write_csv) -> None:
    rows = [[i, "2026-01-31", "North", f"c{i % 3}", *mixed(i)] for i in range(4)]
    assert apart(store, write_csv([HEADER, *rows])).repeated_respondents == 1


@pytest.mark.usefixtures("first")
def test_a_file_that_ends_before_the_loaded_data_is_called_older(store: Store, wave) -> None:
    found = apart(store, wave("december.csv", range(200, 210), mixed, day="2025-12-31"))
    assert found.older
    assert (found.last_day, found.loaded_to) == (date(2025, 12, 31), date(2026, 1, 31))


def test_unseen_categories_of_complaints_and_customers_are_named(
    store: Store, load, complaint_file, write_csv, complaint_mapping: Mapping,
    exposure_mapping: Mapping,
) -> None:  # fmt: skip
    load(complaint_file([["2026-01-05", "", ""]]), complaint_mapping)
    header = ["id", *[c.source for c in complaint_mapping.columns[1:]]]
    path = write_csv(
        [header, [9, "2026-01-06", "", "", "Queues", "North", "", ""]], "more-complaints.csv"
    )
    [unseen] = apart(store, path, complaint_mapping).unseen
    assert (unseen.column, unseen.values) == ("category", (("Queues", 1),))
    path = write_csv([["month", "branch", "customers"], ["2026-01", "North", 900]])
    assert apart(store, path, exposure_mapping).unseen == ()
