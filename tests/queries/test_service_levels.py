"""Service levels and waits of a small program, against counting case by case."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from csat.ingest.standards import set_standard
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.period import Period
from csat.model.problem import NotAllowed, UsageProblem
from csat.model.settings import Thresholds
from csat.queries.case_clock import working_seconds
from csat.queries.resolution import QUANTILES, resolution
from csat.queries.sla import service_levels
from csat.queries.targets import service_standard
from csat.store.store import Store

OPEN_UNTIL = datetime(2026, 7, 1)
DEMO = Filters.of("demo")
ALL = Thresholds(withhold_under=1)
STANDARD = """
[calendar.hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
[[target]]
key = "answer"
event = "response"
clock = "business"
within = "16 h"
[[target]]
key = "solve"
event = "resolution"
clock = "calendar"
within = "10 d"
"""


@pytest.fixture(scope="module")
def promised(demo: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a copy of the small program with standards in force."""
    path = tmp_path_factory.mktemp("promised") / "promised.duckdb"
    demo.checkpoint()
    shutil.copyfile(demo.path, path)
    store = Store(path)
    set_standard(store, "demo", STANDARD, LOCAL_USER)
    yield store
    store.close()


def due_after_working_hours(start: datetime, hours: int) -> datetime:
    """Walk minute by minute through an office open from nine to five."""
    left, moment = 60 * hours, start
    while left:
        if moment.weekday() < 5 and 9 <= moment.hour < 17:
            left -= 1
        moment += timedelta(minutes=1)
    return moment


def counted(raw: Any, target: str, period: Period | None = None) -> list[int]:
    """Return met, late, overdue and waiting."""
    out = [0, 0, 0, 0]
    for case in raw.cases:
        if target == "answer":
            end = case.answered or case.resolved
            due = due_after_working_hours(case.received, 16)
        else:
            end, due = case.resolved, case.received + timedelta(days=10)
        if period and not period.first <= due.date() <= period.last:
            continue
        state = (0 if end <= due else 1) if end else (2 if due < OPEN_UNTIL else 3)
        out[state] += 1
    return out


@pytest.mark.parametrize("target", ["answer", "solve"])
@pytest.mark.parametrize("period", [None, Period(date(2026, 4, 1), date(2026, 6, 30))])
def test_levels_are_those_of_counting(
    target: str, period: Period | None, promised: Store, raw: Any
) -> None:
    found = service_levels(promised, DEMO.with_(period=period), ALL)
    (level,) = [x for x in found.levels if x.target and x.target.key == target]
    met, late, overdue, waiting = counted(raw, target, period)
    assert (level.met, level.late, level.overdue, level.waiting) == (met, late, overdue, waiting)
    assert level.figure.n == met + late + overdue
    assert level.figure.value == pytest.approx(100 * met / (met + late + overdue))
    assert met > 0 < late
    assert overdue > 0


def test_a_period_holds_the_cases_due_in_it_whenever_they_came_in(
    promised: Store, raw: Any
) -> None:
    months = [Period(date(2026, m, 1), date(2026, m + 1, 1) - timedelta(days=1)) for m in (4, 5)]
    both = Period(months[0].first, months[1].last)
    parts = [service_levels(promised, DEMO.with_(period=p), ALL).levels[0] for p in months]
    whole = service_levels(promised, DEMO.with_(period=both), ALL).levels[0]
    assert whole.met == sum(p.met or 0 for p in parts)
    assert whole.figure.n == sum(p.figure.n or 0 for p in parts)


def test_forecast_names_the_days_on_which_open_cases_fall_due(promised: Store, raw: Any) -> None:
    found = service_levels(promised, DEMO, ALL, days=12)
    ahead = {f.day: f for f in found.forecast if f.target.key == "solve"}
    due: dict[date, int] = {}
    for case in raw.cases:
        day = (case.received + timedelta(days=10)).date()
        if case.resolved is None and day >= OPEN_UNTIL.date():
            due[day] = due.get(day, 0) + 1
    assert {day: f.due for day, f in ahead.items()} == due
    assert all(f.expected is not None and 0 <= f.expected <= f.due for f in ahead.values())
    assert sum(due.values()) > 0


def test_without_targets_the_mark_of_the_file_is_counted_and_said(demo: Store, raw: Any) -> None:
    found = service_levels(demo, DEMO, ALL)
    (level,) = found.levels
    assert level.target is None
    assert (level.met, level.late) == (
        sum(c.timely is True for c in raw.cases),
        sum(c.timely is False for c in raw.cases),
    )
    assert "No targets are set" in str(found.notes[0])
    assert found.forecast == ()


def test_shares_of_few_cases_are_withheld_with_their_counts(promised: Store) -> None:
    found = service_levels(promised, DEMO, Thresholds(withhold_under=10_000))
    assert all(x.figure.withheld and x.met is None and x.waiting is None for x in found.levels)


def test_the_latest_standard_is_in_force(
    store: Store, add_rows: Any, queries_complaints: Any
) -> None:
    add_rows(queries_complaints, [("2026-01-05", "", "", "Billing", "North", "yes")])
    assert service_standard(store, "demo") is None
    set_standard(store, "demo", STANDARD, LOCAL_USER)
    set_standard(store, "demo", STANDARD.replace("16 h", "8 h"), LOCAL_USER)
    kept = service_standard(store, "demo")
    assert kept is not None
    assert kept.targets[0].seconds == 8 * 3600
    assert kept.hours.timezone == "UTC"
    rows = store.rows("SELECT set_by FROM service_standard")
    assert rows == [{"set_by": LOCAL_USER.name}] * 2
    assert store.rows("SELECT subject FROM audit WHERE action = 'set standards'")


def test_only_analysts_set_standards(store: Store) -> None:
    with pytest.raises(NotAllowed):
        set_standard(store, "demo", STANDARD, User("ann", ("executive",)))
    with pytest.raises(UsageProblem, match="no program 'demo'"):
        set_standard(store, "demo", STANDARD, LOCAL_USER)


def test_hours_that_never_reach_a_target_are_refused(
    store: Store, add_rows: Any, queries_complaints: Any
) -> None:
    add_rows(queries_complaints, [("2026-01-05", "2026-01-06", "", "Billing", "North", "yes")])
    closed = STANDARD.replace('["09:00-17:00"]', "[]")
    set_standard(store, "demo", closed, LOCAL_USER)
    with pytest.raises(UsageProblem, match="never add up to the target 'answer'"):
        service_levels(store, DEMO, ALL)


@pytest.mark.parametrize("clock", ["response", "resolution"])
def test_quantiles_are_those_of_kaplan_and_meier(clock: str, demo: Store, raw: Any) -> None:
    found = resolution(demo, DEMO, None, ALL)
    (row,) = [r for r in found.rows if r.clock == clock]
    times, ended = raw.seconds("resolved" if clock == "resolution" else "answered")
    curve = SurvfuncRight(times, ended)
    assert (row.n, row.events) == (len(times), sum(ended))
    for at in row.quantiles:
        assert at.q in QUANTILES
        theirs = curve.quantile(at.q)
        if at.seconds is None:
            assert not theirs < float("inf")
        else:
            assert at.seconds == pytest.approx(theirs, rel=0.02)
    day = next(d for d in row.within if d.hours == 24)
    open_after = curve.surv_prob[curve.surv_times <= 86_400][-1]
    assert day.share == pytest.approx(100 * (1 - open_after))


def test_closed_cases_alone_look_faster_than_they_are(demo: Store) -> None:
    row = next(r for r in resolution(demo, DEMO, None, ALL).rows if r.clock == "resolution")
    median = row.quantiles[0]
    assert median.closed_only is not None
    assert median.seconds is not None
    assert median.closed_only < median.seconds


def test_groups_are_tested_against_the_rest_with_holm(demo: Store, raw: Any) -> None:
    found = resolution(demo, DEMO, "category", ALL)
    rows = {r.group: r for r in found.rows if r.clock == "resolution" and r.group is not None}
    times, ended = raw.seconds("resolved")
    names = [c.category for c in raw.cases]
    alone = {}
    for name in rows:
        alone[name] = survdiff(times, ended, [int(n == name) for n in names])[1]
    assert {n: r.n for n, r in rows.items()} == {n: names.count(n) for n in rows}
    ranked, former = sorted(alone, key=alone.__getitem__), 0.0
    for i, name in enumerate(ranked):
        former = max(former, min(1.0, (len(ranked) - i) * alone[name]))
        assert rows[name].p_value == pytest.approx(former)
    assert found.tests["resolution"][1] == pytest.approx(survdiff(times, ended, names)[1])


def test_groups_of_few_cases_are_withheld(demo: Store) -> None:
    rows = resolution(demo, DEMO, "branch", Thresholds(withhold_under=25)).rows
    hidden = {r.group for r in rows if r.withheld and r.clock == "resolution"}
    assert "" in hidden
    assert len(hidden) >= 2
    assert all(r.n is None and not r.quantiles and not r.curve for r in rows if r.withheld)


def test_another_grouping_is_refused(demo: Store) -> None:
    with pytest.raises(UsageProblem, match="'colour' is no grouping of cases"):
        resolution(demo, DEMO, "colour")


def test_one_case_is_timed_on_the_working_clock(promised: Store, demo: Store) -> None:
    start = datetime(2026, 6, 5, 16)  # a Friday; the office works from nine to five
    moments = [start, datetime(2026, 6, 6, 12), datetime(2026, 6, 8, 10)]
    assert working_seconds(promised, "demo", start, moments) == [0, 3600, 7200]
    assert working_seconds(demo, "demo", start, moments) is None


def test_a_backup_keeps_the_standards(promised: Store, tmp_path: Path) -> None:
    promised.backup(tmp_path / "copy.duckdb")
    copy = Store(tmp_path / "copy.duckdb")
    assert service_standard(copy, "demo") == service_standard(promised, "demo")
    copy.close()
