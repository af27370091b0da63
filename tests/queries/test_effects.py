"""Whether actions worked: planted effects are recovered, and nothing is said too early."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.actions import keep_actions, take_back
from csat.model.action import ActionPlan, read_action
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.period import Period
from csat.model.problem import NotAllowed, UsageProblem
from csat.model.settings import Thresholds
from csat.queries.actions import actions, require_action
from csat.queries.effects import Judged, effects
from csat.queries.iso10002 import indicators
from csat.queries.marks import marks
from csat.sample.actions import DID_NOT, TOO_EARLY, WORKED
from csat.sample.truths import CURED_FACTOR
from csat.sample_program import remove_sample
from csat.store.ledger import every_action
from csat.store.store import Store

LONG_AGO = datetime(2024, 1, 1)


def by_key(store: Store, program: str = "sample") -> dict[str, Judged]:
    return {j.action.plan.key: j for j in effects(store, program)}


def test_the_planted_actions_are_told_apart(sample: Store) -> None:
    outcomes = {key: judged.outcome for key, judged in by_key(sample).items()}
    assert outcomes == {WORKED: "worked", DID_NOT: "did_not", TOO_EARLY: "too_early"}


def test_the_size_of_the_cure_is_recovered(sample: Store) -> None:
    """Planted at all branches but one: the rate falls to 0.4 of what it was."""
    cured = by_key(sample)[WORKED]
    assert cured.relative
    assert cured.low is not None
    assert cured.high is not None
    assert cured.low < 100 * (CURED_FACTOR - 1) < cured.high < 0
    assert cured.action.in_advance
    assert cured.cautions == ()


def test_what_slides_on_did_not_work_and_its_unusual_baseline_is_named(sample: Store) -> None:
    counter = by_key(sample)[DID_NOT]
    assert counter.high is not None
    assert counter.high < 0
    assert any("unusual" in str(c) for c in counter.cautions)


def test_the_sample_takes_its_actions_with_it(own_sample_store: Path) -> None:
    store = Store(own_sample_store)
    remove_sample(store, LOCAL_USER)
    assert actions(store, "sample") == ()
    assert marks(store, "sample") == ()
    assert len(every_action(store, "sample")) == 3
    store.close()


Answers = list[tuple[object, ...]]


def plan(**changes: object) -> ActionPlan:
    raw = {
        "key": "a",
        "title": "An action",
        "addressed": "Waiting",
        "metric": "csat_top_box",
        "where": ["branch=North"],
        "start": "2026-01-01",
        "due": "2026-12-31",
        "owner": "Ann",
        **changes,
    }
    return read_action(raw)


def month(number: int, branch: str, satisfied: int, many: int = 100) -> Answers:
    """Return answers of the number-th month from January 2025."""
    day = f"{2025 + (number - 1) // 12}-{(number - 1) % 12 + 1:02d}-10"
    return [(day, branch, 5 if i < satisfied else 2, 9, 7) for i in range(many)]


Judge = Callable[..., Judged]


@pytest.fixture
def judge(store: Store, add_rows, queries_survey) -> Judge:
    """Load monthly shares of North, and of South where they are given, and judge one action."""

    def ask(north: list[int], south: list[int] | None = None, **changes: object) -> Judged:
        rows = [r for i, x in enumerate(north, 1) for r in month(i, "North", x)]
        rows += [r for i, x in enumerate(south or [], 1) for r in month(i, "South", x)]
        add_rows(queries_survey, rows, as_of=date(2026, 12, 31))
        keep_actions(store, "demo", [plan(**changes)], LOCAL_USER, made_at=LONG_AGO)
        return effects(store, "demo")[0]

    return ask


BEFORE = [60, 63, 58, 61, 59, 62, 60, 57, 61, 64, 58, 60]


def test_without_a_group_beside_it_the_chart_decides(judge: Judge) -> None:
    judged = judge([*BEFORE, *[x + 20 for x in BEFORE]])
    assert (judged.outcome, judged.method) == ("worked", "control_chart")


def test_a_series_that_stays_within_its_limits_did_not_change(judge: Judge) -> None:
    judged = judge([*BEFORE, *reversed(BEFORE)])
    assert (judged.outcome, judged.method) == ("did_not", "control_chart")


def test_a_series_that_gets_worse_did_not_work(judge: Judge) -> None:
    assert judge([*BEFORE, *[x - 20 for x in BEFORE]]).outcome == "did_not"


def test_a_change_that_the_other_group_shares_is_no_effect(judge: Judge) -> None:
    better = [*BEFORE, *[x + 20 for x in BEFORE]]
    judged = judge(better, better[::-1][12:] + better[12:], against="others")
    assert judged.outcome == "did_not"
    assert judged.effect == pytest.approx(0, abs=3)


def test_before_the_day_it_is_judged_it_is_too_early(judge: Judge) -> None:
    judged = judge([*BEFORE, *[x + 20 for x in BEFORE]], due="2027-06-30")
    assert judged.outcome == "too_early"
    assert "2027-06-30" in str(judged.reason)


def test_too_few_months_before_it_are_no_yardstick_for_a_chart(judge: Judge) -> None:
    judged = judge([*BEFORE[:8], *[x + 20 for x in BEFORE]], start="2025-09-01")
    assert judged.outcome == "too_early"


def test_too_few_answers_say_nothing(judge: Judge) -> None:
    judged = judge([], BEFORE)
    assert judged.outcome == "too_early"
    assert judged.before is None


def test_a_group_of_too_few_is_withheld(store: Store, add_rows, queries_survey) -> None:
    rows = [r for i, x in enumerate([*BEFORE, *BEFORE], 1) for r in month(i, "South", x)]
    rows += month(1, "North", 1, 2) + month(13, "North", 2, 2)
    add_rows(queries_survey, rows, as_of=date(2026, 12, 31))
    keep_actions(store, "demo", [plan(against="others")], LOCAL_USER, made_at=LONG_AGO)
    [judged] = effects(store, "demo")
    assert judged.outcome == "too_early"
    assert (judged.before, judged.after, judged.effect) == (None, None, None)
    bare = effects(store, "demo", Thresholds(withhold_under=1))[0]
    assert bare.before is not None


def test_days_of_its_own_are_the_yardstick_where_they_are_named(judge: Judge) -> None:
    spike = [60, 61, 59, 60, 62, 58, 30, 30, 30, 30, 30, 30]
    after = [60, 58, 62, 61, 59, 60, 60, 61, 57, 60, 62, 60]
    flat = [60] * 24
    judged = judge(
        [*spike, *after],
        flat,
        against="others",
        baseline_from="2025-01-01",
        baseline_to="2025-06-30",
    )
    assert judged.outcome == "did_not"
    assert judged.spans is not None
    assert judged.spans.baseline == Period(date(2025, 1, 1), date(2025, 6, 30))


def test_only_who_may_act_keeps_and_takes_back(judge: Judge, store: Store) -> None:
    judged = judge([*BEFORE, *BEFORE])
    reader = User("eve", ("executive",))
    with pytest.raises(NotAllowed):
        keep_actions(store, "demo", [plan(key="b")], reader)
    with pytest.raises(NotAllowed):
        take_back(store, "demo", judged.action.number, reader)
    assert [a.plan.key for a in actions(store, "demo")] == ["a"]


def test_the_history_says_who_and_when(judge: Judge, store: Store) -> None:
    judged = judge([*BEFORE, *BEFORE])
    ben = User("ben", ("quality",))
    keep_actions(store, "demo", [judged.action.plan.with_(stage="check")], ben)
    take_back(store, "demo", judged.action.number, User("cy", ("analyst",)))
    action = require_action(store, "demo", "a")
    told = [(v.plan.stage, v.made_by, v.removed_by) for v in action.history]
    assert told == [("plan", "local", None), ("check", "ben", "cy")]
    assert action.plan.stage == "plan"


def test_a_question_changed_before_the_start_counts_from_then(store: Store, judge: Judge) -> None:
    judged = judge([*BEFORE, *BEFORE], start="2099-01-01", due="2099-06-30")
    assert judged.action.in_advance
    keep_actions(store, "demo", [plan(start="2099-02-01", due="2099-06-30")], LOCAL_USER)
    action = require_action(store, "demo", "a")
    assert action.fixed_at == action.history[1].made_at


def test_unknown_programs_and_actions_are_named(store: Store, judge: Judge) -> None:
    judge([*BEFORE])
    with pytest.raises(UsageProblem, match="no program"):
        keep_actions(store, "nowhere", [plan()], LOCAL_USER)
    with pytest.raises(UsageProblem, match="twice"):
        keep_actions(store, "demo", [plan(key="x"), plan(key="x")], LOCAL_USER)
    with pytest.raises(UsageProblem, match="no action 'z'"):
        require_action(store, "demo", "z")


@pytest.mark.parametrize(
    "figure",
    ["mean:NOPE", "perception:nope", "median_days_to_resolution", "complaints_per_1000", "nps"],
)
def test_a_figure_without_data_is_too_early_and_says_what_is_missing(
    judge: Judge, figure: str
) -> None:
    judged = judge([*BEFORE, *BEFORE], metric=figure, where=[], against=[])
    assert judged.outcome in ("too_early", "did_not")
    assert str(judged.reason)
    assert judged.to_json()["verdict"] == judged.outcome


def test_times_are_judged_by_their_chart_and_not_beside_a_group(
    store: Store, add_rows, queries_complaints
) -> None:
    rows = []
    for number in range(24):
        year, place = 2025 + number // 12, f"{number % 12 + 1:02d}"
        for branch in ("North", "South"):
            better = branch == "North" and number >= 12
            days = 2 + number % 2 if better else 8 + number * 7 % 3
            for i in range(30):
                day = f"{year}-{place}-{1 + i % 15:02d}"
                end = f"{year}-{place}-{1 + i % 15 + days:02d}"
                rows.append((day, end, end, "Fees", branch, ""))
    add_rows(queries_complaints, rows, as_of=date(2026, 12, 31))
    question = {"metric": "median_days_to_resolution"}
    keep_actions(
        store,
        "demo",
        [plan(key="a", **question), plan(key="b", against="others", **question)],
        LOCAL_USER,
        made_at=LONG_AGO,
    )
    alone, beside = by_key(store, "demo")["a"], by_key(store, "demo")["b"]
    assert (alone.outcome, alone.method) == ("worked", "control_chart")
    assert beside.outcome == "too_early"
    assert "leave the group out" in str(beside.reason)


def test_a_backup_and_its_restore_hold_the_ledger(
    judge: Judge, store: Store, tmp_path: Any
) -> None:
    judged = judge([*BEFORE, *BEFORE])
    keep_actions(store, "demo", [judged.action.plan.with_(stage="do")], LOCAL_USER)
    before = effects(store, "demo")
    store.backup(tmp_path / "copy.duckdb")
    copy = Store(tmp_path / "copy.duckdb")
    assert effects(copy, "demo") == before
    copy.close()
    take_back(store, "demo", judged.action.number, LOCAL_USER)
    store.restore(tmp_path / "copy.duckdb")
    assert effects(store, "demo") == before
    keep_actions(store, "demo", [plan(key="next")], LOCAL_USER)
    assert require_action(store, "demo", "next").number == judged.action.number + 1


def test_actions_against_causes_of_complaints_are_an_indicator(
    store: Store, add_rows, queries_complaints
) -> None:
    rows = [("2026-01-05", "2026-01-06", "2026-01-08", "Fees", "North", "")] * 9
    add_rows(queries_complaints, rows, as_of=date(2026, 12, 31))

    def counted(**choice: object) -> int | None:
        found = indicators(store, Filters.of("demo", **choice))
        return next(i.value for i in found if str(i.label).startswith("Improvements"))

    assert counted() is None
    for key, start in (("a", "2026-01-01"), ("b", "2026-06-01")):
        own = plan(key=key, addresses="cause", start=start)
        keep_actions(store, "demo", [own], LOCAL_USER, made_at=LONG_AGO)
    keep_actions(store, "demo", [plan(key="c", addresses="gap")], LOCAL_USER, made_at=LONG_AGO)
    assert counted() == 2
    assert counted(period=Period(date(2026, 1, 1), date(2026, 3, 31))) == 1
