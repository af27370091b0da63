"""Standard met against customer satisfied: counted one by one, gated, and led to its cases."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from scipy import stats

from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.registers import save_entries
from csat.ingest.standards import set_standard
from csat.model.conformance import Basis, Cell
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.problem import NotAllowed, UsageProblem
from csat.model.registers import Standard
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.conformance import conformance, require_shown
from csat.queries.sla import service_levels
from csat.store.store import Store

ALL = Filters("demo")
LIMITS = Thresholds()
DAY = 86_400
WITHIN_A_DAY = Standard(
    "S1", "Answered within a day", "responsiveness", "", "response_time", "max", 24.0, "at most"
)
SURVEY = Mapping(
    "answers",
    "survey",
    "Answers",
    (
        Column("id", "response_id"),
        Column("when", "submitted_at", ("%Y-%m-%d %H:%M:%S",)),
        Column("who", "respondent_id"),
        Column("csat", "item", item=Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))),
    ),
    survey_key="answers",
    survey_title="Answers",
)
CASES = Mapping(
    "cases",
    "complaints",
    "Cases",
    (
        Column("id", "complaint_id"),
        Column("received", "received_at", ("%Y-%m-%d %H:%M:%S",)),
        Column("answered", "first_response_at", ("%Y-%m-%d %H:%M:%S",)),
        Column("who", "respondent_id"),
        Column("timely", "timely"),
        Column("touchpoint", "touchpoint"),
    ),
)
Case = tuple[str, datetime, datetime | None, str]


def files(seed: int, count: int) -> tuple[list[Case], list[tuple[datetime, str, int]]]:
    """Return cases and answers of some hundred customers, several of each for some."""
    chance = random.Random(seed)
    start = datetime(2026, 1, 5, 9)
    cases, answers = [], []
    for k in range(count):
        who = f"C{chance.randrange(count)}"
        at = start + timedelta(hours=chance.randrange(24 * 100))
        took = timedelta(hours=chance.expovariate(1 / 20))
        cases.append((f"K{k}", at, at + took, who))
        good = chance.random() < (0.8 if took < timedelta(days=1) else 0.4)
        if chance.random() < 0.8:
            answers.append((at + timedelta(days=chance.randrange(1, 130)), who, 5 if good else 2))
        if chance.random() < 0.2:
            answers.append((at - timedelta(days=3), who, chance.choice((1, 5))))
    return cases, answers


def loaded(store: Store, load: Callable[..., Any], write_csv: Callable[..., Path], n: int) -> Any:
    cases, answers = files(n, n)
    load(
        write_csv(
            [("id", "when", "who", "csat"), *((f"r{i}", *a) for i, a in enumerate(answers))],
            "answers.csv",
        ),
        SURVEY,
    )
    rows = [(c, at, done, who, "Yes", "Billing") for c, at, done, who in cases]
    load(
        write_csv([("id", "received", "answered", "who", "timely", "touchpoint"), *rows], "c.csv"),
        CASES,
    )
    save_entries(store, "demo", "standards", [WITHIN_A_DAY], LOCAL_USER)
    return cases, answers


def by_hand(cases: list[Case], answers: list[tuple[datetime, str, int]]) -> dict[str, list[str]]:
    """Sort cases into the four cells, one by one."""
    found: dict[str, list[str]] = {}
    for code, at, done, who in cases:
        own = sorted((w, csat) for w, name, csat in answers if name == who and w >= at)
        if not own or own[0][0] > at + timedelta(days=90) or done is None:
            continue
        met = "met" if (done - at).total_seconds() <= DAY else "missed"
        happy = "satisfied" if own[0][1] >= 4 else "dissatisfied"
        found.setdefault(f"{met}-{happy}", []).append(code)
    return found


def test_the_cells_are_those_counted_one_by_one(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    wanted = by_hand(*loaded(store, load, write_csv, 400))
    first = conformance(store, ALL).matrices[0]
    assert first.standard.basis == Basis("response", DAY)
    assert first.cells == {name: len(codes) for name, codes in wanted.items()}
    assert (first.linked, first.cases) == (sum(map(len, wanted.values())), 400)
    share = len(wanted["met-satisfied"]) / (
        len(wanted["met-satisfied"]) + len(wanted["met-dissatisfied"])
    )
    assert first.met.value == pytest.approx(100 * share)
    ends = stats.binomtest(first.cells["met-satisfied"], first.met.n).proportion_ci(method="wilson")
    assert (first.met.low, first.met.high) == pytest.approx((100 * ends.low, 100 * ends.high))
    assert first.difference.low > 0, "who was answered within a day was planted to be happier"


@pytest.mark.parametrize("name", ["met-dissatisfied", "missed-satisfied"])
def test_a_cell_leads_to_exactly_its_cases(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path], name: str
) -> None:
    wanted = by_hand(*loaded(store, load, write_csv, 400))
    matrix = conformance(store, ALL).matrices[0]
    filters = matrix.link(name)
    require_shown(store, filters, LIMITS)
    found = complaints.listing(store, filters, user=LOCAL_USER, limit=500)
    assert {r["case_no"] for r in found.rows} == set(wanted[name])
    assert found.total == matrix.cells[name] == complaints.count(store, filters)
    assert Filters.from_query(filters.to_query()) == filters


def test_small_cells_are_withheld_two_by_two_and_their_cases_too(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    cells = by_hand(*loaded(store, load, write_csv, 60))
    smallest = min(cells, key=lambda name: len(cells[name]))
    limits = Thresholds(withhold_under=len(cells[smallest]) + 1)
    matrix = conformance(store, ALL, limits).matrices[0]
    hidden = [name for name, n in matrix.cells.items() if n is None]
    assert smallest in hidden
    assert len(hidden) >= 2
    assert matrix.met.value is matrix.missed.value is matrix.linked is None
    with pytest.raises(NotAllowed):
        require_shown(store, matrix.link(smallest), limits)


def test_cases_are_listed_by_standards_of_the_program_alone(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    """Else whoever moves the limit second by second would read one customer's answer."""
    loaded(store, load, write_csv, 400)
    with pytest.raises(NotAllowed):
        require_shown(store, replace(ALL, conformance="met-dissatisfied:response-86399"), LIMITS)


def test_standards_that_differ_by_few_cases_are_not_both_shown(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    loaded(store, load, write_csv, 400)
    near = replace(WITHIN_A_DAY, code="S2", target=25.0)
    save_entries(store, "demo", "standards", [near], LOCAL_USER)
    codes = [m.standard.code for m in conformance(store, ALL).matrices]
    assert codes.count("S1") == 1
    assert "S2" not in codes


def test_without_linked_answers_it_says_what_is_needed(
    store: Store,
    load: Callable[..., Any],
    write_csv: Callable[..., Path],
) -> None:
    rows = [(f"K{i}", "2026-01-05 09:00:00", "", "", "Yes", "") for i in range(40)]
    load(
        write_csv([("id", "received", "answered", "who", "timely", "touchpoint"), *rows], "c.csv"),
        CASES,
    )
    found = conformance(store, ALL)
    assert found.matrices == ()
    assert "map the customer's number in both files" in str(found.needs)


@pytest.mark.parametrize(
    "code", ["met", "met-happy:timely", "met-satisfied:response-0", "x:timely"]
)
def test_what_is_no_cell_is_refused(code: str) -> None:
    with pytest.raises(UsageProblem):
        Cell.of(code)


WORKING = """
[calendar.hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]

[[target]]
key = "answer"
title = "Cases answered"
event = "response"
clock = "business"
within = "3 h"
"""


def worked(start: datetime, end: datetime) -> float:
    """Return the working seconds between two moments, hour by hour of the plain calendar."""
    total, day = 0.0, start.replace(hour=0, minute=0, second=0)
    while day < end:
        if day.weekday() < 5:
            opens, closes = day.replace(hour=9), day.replace(hour=17)
            total += max(0.0, (min(end, closes) - max(start, opens)).total_seconds())
        day += timedelta(days=1)
    return total


def by_working_hand(
    cases: list[Case], answers: list[tuple[datetime, str, int]]
) -> dict[str, list[str]]:
    """Sort cases by three working hours, one by one; the time is up as the third one is full."""
    full, before = 3 * 3600, timedelta(seconds=1)
    late = {code for code, at, done, _ in cases if done and worked(at, done - before) >= full}
    found: dict[str, list[str]] = {}
    for name, codes in by_hand(cases, answers).items():
        for code in codes:
            side = "missed" if code in late else "met"
            found.setdefault(f"{side}-{name.partition('-')[2]}", []).append(code)
    return found


def test_a_target_on_working_time_is_judged_by_the_calendar(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    wanted = by_working_hand(*loaded(store, load, write_csv, 400))
    set_standard(store, "demo", WORKING, LOCAL_USER)
    matrix = next(m for m in conformance(store, ALL).matrices if m.standard.basis.target)
    assert matrix.standard.basis.code == "target-answer"
    assert str(matrix.standard.words) == "Cases answered: within 3 h of working time"
    assert matrix.standard.clock == "business"
    assert matrix.cells == {name: len(codes) for name, codes in wanted.items()}
    for name, codes in wanted.items():
        filters = matrix.link(name)
        require_shown(store, filters, LIMITS)
        found = complaints.listing(store, filters, user=LOCAL_USER, limit=500)
        assert {r["case_no"] for r in found.rows} == set(codes)
        assert Filters.from_query(filters.to_query()) == filters


def test_its_cases_are_those_of_the_service_level(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    loaded(store, load, write_csv, 400)
    set_standard(store, "demo", WORKING, LOCAL_USER)
    matrix = next(m for m in conformance(store, ALL).matrices if m.standard.basis.target)
    level = service_levels(store, ALL).levels[0]
    assert matrix.cases == level.met + level.late + level.overdue


def test_targets_on_acknowledgements_and_for_the_rest_have_a_matrix_too(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    loaded(store, load, write_csv, 400)
    more = """
[[target]]
key = "noticed"
event = "acknowledgement"
within = "30 h"

[[target]]
key = "rest"
event = "response"
within = "40 h"

[[target]]
key = "grave"
event = "response"
within = "10 h"
severities = ["high"]
"""
    set_standard(store, "demo", more, LOCAL_USER)
    known = {m.standard.code: m.standard.basis.code for m in conformance(store, ALL).matrices}
    assert known["rest"] == "target-rest"
    assert "grave" not in known, "no case is grave"


def test_a_target_that_is_gone_leads_nowhere(
    store: Store, load: Callable[..., Any], write_csv: Callable[..., Path]
) -> None:
    loaded(store, load, write_csv, 400)
    gone = replace(ALL, conformance="met-dissatisfied:target-answer")
    with pytest.raises(NotAllowed):
        require_shown(store, gone, LIMITS)
    with pytest.raises(UsageProblem, match="no target 'answer'"):
        complaints.count(store, gone)
