"""The registers of standards and promises: files, history, undo and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from csat.ingest.mapping import Mapping
from csat.ingest.register_files import register_of
from csat.ingest.registers import (
    load_register,
    restore_version,
    save_entries,
    take_back,
)
from csat.ingest.source import open_source
from csat.model.people import LOCAL_USER, User
from csat.model.problem import ImportProblem, NotAllowed, UsageProblem
from csat.model.register_fields import FIELDS, cells_of, read_entry
from csat.model.registers import Promise, Standard
from csat.queries.registers import register_history, register_lines
from csat.store.store import Store

ANSWER = Standard(
    "S01",
    "Complaints are answered within a day",
    "responsiveness",
    "Billing",
    "response_time",
    "p90",
    24.0,
    "at most",
    written=True,
    measurable=True,
    owner="Service desk",
    valid_to=date(2026, 12, 31),
)
KEPT = Promise(
    "P1", "advert", "Fitted in a week", "reliability", date(2026, 3, 8), date(2026, 3, 9)
)
HEADS = {
    language: [f.heading(language) for f in FIELDS["standards"]] for language in ("en", "zh_CN")
}


@pytest.fixture
def demo(
    store: Store,
    load: Callable[..., object],
    write_csv: Callable[..., Path],
    survey_mapping: Mapping,
) -> Store:
    load(write_csv("id,when,branch,csat,nps,ces,comment\n1,2026-01-05,N,5,9,6,\n"), survey_mapping)
    return store


def held(store: Store, register: str = "standards") -> list[object]:
    return [line.entry for line in register_lines(store, "demo", register)]


@pytest.mark.parametrize(
    ("register", "entry"),
    [("standards", ANSWER), ("promises", KEPT), ("promises", replace(KEPT, broken=False))],
)
def test_an_entry_survives_being_written_as_texts(register: str, entry: Standard | Promise) -> None:
    assert read_entry(register, cells_of(entry)) == entry


@pytest.mark.parametrize("language", ["en", "zh_CN"])
def test_a_template_filled_in_either_language_maps_itself(
    demo: Store, write_csv: Callable[..., Path], language: str
) -> None:
    row = list(cells_of(ANSWER).values())
    names = [f.name for f in FIELDS["standards"]]
    by_name = dict(zip(cells_of(ANSWER), row, strict=True))
    file = write_csv([HEADS[language], [by_name[n] for n in names]], "standards.csv")
    assert register_of(HEADS[language]) == "standards"
    done = load_register(demo, "demo", "standards", open_source(file), LOCAL_USER)
    assert (done.new, done.replaced, done.same) == (1, 0, 0)
    assert held(demo) == [ANSWER]
    again = load_register(demo, "demo", "standards", open_source(file), LOCAL_USER)
    assert (again.number, again.same) == (None, 1)


def test_chinese_words_are_read(demo: Store, write_csv: Callable[..., Path]) -> None:
    head = "编号,标准,维度,指标,统计量,目标值,方向,成文,可衡量,有效期至\n"
    row = "01,一天内答复,响应性,response_time,P90,24,不超过,是,是,2026年12月31日\n"
    file = write_csv(head + row, "s.csv")
    load_register(demo, "demo", "standards", open_source(file), LOCAL_USER)
    [found] = held(demo)
    assert isinstance(found, Standard)
    assert (found.dimension, found.percentile, found.direction) == (
        "responsiveness",
        0.9,
        "at most",
    )
    assert (found.written, found.owner, found.valid_to) == (True, "", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("S1,Answer,soon", "row 3: Column 'Target': 'soon' cannot be read"),
        (",Answer,24", "row 3: Column 'Code' is empty"),
        ("S0,Answer,24", "row 3: the code 'S0' stands twice"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_written(
    demo: Store, write_csv: Callable[..., Path], row: str, told: str
) -> None:
    file = write_csv(f"Code,Standard,Target\nS0,Greet,1\n{row}\n", "s.csv")
    with pytest.raises(ImportProblem) as problem:
        load_register(demo, "demo", "standards", open_source(file), LOCAL_USER)
    assert told in str(problem.value)
    assert held(demo) == []


def test_every_version_is_kept_and_can_be_put_back(demo: Store) -> None:
    save_entries(demo, "demo", "standards", [ANSWER], LOCAL_USER)
    later = replace(ANSWER, target=12.0)
    changed = save_entries(demo, "demo", "standards", [later], User("ann", ("quality",)))
    assert held(demo) == [later]
    first = register_history(demo, "demo", "standards")[-1]
    assert (first.entry, first.in_force) == (ANSWER, False)
    take_back(demo, "demo", "standards", changed.number or 0, LOCAL_USER)
    assert held(demo) == [ANSWER]
    save_entries(demo, "demo", "standards", [], LOCAL_USER, removed=["S01"])
    assert held(demo) == []
    restore_version(demo, "demo", "standards", first.number, LOCAL_USER)
    assert held(demo) == [ANSWER]
    told = [(v.made_by, v.note) for v in register_history(demo, "demo", "standards")]
    assert told[::-1] == [
        ("local", ""),
        ("ann", ""),
        ("local", f"undo {changed.number}"),
        ("local", ""),
        ("local", f"restore {first.number}"),
    ]


def test_a_step_that_was_built_upon_is_not_taken_back(demo: Store) -> None:
    one = save_entries(demo, "demo", "promises", [KEPT], LOCAL_USER)
    save_entries(demo, "demo", "promises", [replace(KEPT, broken=True)], LOCAL_USER)
    with pytest.raises(UsageProblem, match="changed again since"):
        take_back(demo, "demo", "promises", one.number or 0, LOCAL_USER)


def test_taking_back_a_first_load_empties_the_register(demo: Store) -> None:
    done = save_entries(demo, "demo", "promises", [KEPT], LOCAL_USER)
    assert take_back(demo, "demo", "promises", done.number or 0, LOCAL_USER).removed == 1
    assert held(demo, "promises") == []


def test_who_may_not_edit_is_refused(demo: Store, write_csv: Callable[..., Path]) -> None:
    with pytest.raises(NotAllowed):
        save_entries(demo, "demo", "standards", [ANSWER], User("x", ("executive",)))
    file = write_csv("Code,Standard\nS1,Greet\n", "s.csv")
    with pytest.raises(NotAllowed):
        load_register(demo, "demo", "standards", open_source(file), User("x", ("quality",)))


@pytest.mark.parametrize(
    ("promise", "kept"),
    [
        (KEPT, False),
        (replace(KEPT, delivered=date(2026, 3, 8)), True),
        (replace(KEPT, delivered=None), False),
        (replace(KEPT, delivered=None, promised=date(2026, 9, 1)), None),
        (replace(KEPT, promised=48.0, delivered=47.0, direction="at most"), True),
        (replace(KEPT, promised=48.0, delivered=47.0), False),
        (replace(KEPT, broken=False), True),
        (Promise("P2", "sales", "Best price"), None),
    ],
)
def test_a_promise_is_kept_by_what_is_said_or_by_its_day_or_value(
    promise: Promise, kept: bool | None
) -> None:
    assert promise.kept(date(2026, 6, 30)) is kept
