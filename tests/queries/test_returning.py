"""Cases that come back after closing, against counting customer by customer."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from csat.ingest.batches import commit
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.answer import Figure
from csat.model.case_states import RETURN_DAYS, RETURN_KINDS
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.problem import UsageProblem
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.complainants import WITHIN_DAYS, complainants
from csat.queries.returning import returns
from csat.stats.intervals import wilson_interval
from csat.store.store import Store

END = datetime(2026, 7, 1)
"""The last day with data is the one before."""
DEMO = Filters.of("demo")
ALL = Thresholds(withhold_under=1)
ROLES = ("complaint_id", "received_at", "resolved_at", "reopened_at", "category", "cause",
         "outcome", "respondent_id")  # fmt: skip


@dataclass(frozen=True)
class Case:
    number: str
    received: datetime
    closed: datetime | None
    reopened: datetime | None
    category: str
    outcome: str
    who: str


@dataclass(frozen=True)
class Answer:
    when: datetime
    who: str
    csat: int


def draw() -> tuple[list[Case], list[Answer]]:
    chance = random.Random(3)
    cases, answers = [], []
    for number in range(600):
        received = datetime(2026, 1, 1) + timedelta(minutes=chance.randrange(181 * 1440))
        closed = received + timedelta(minutes=chance.randrange(60, 20 * 1440))
        reopened = closed + timedelta(minutes=chance.randrange(60, 40 * 1440))
        done = closed < END
        again = done and chance.random() < 0.2 and reopened < END
        cases.append(
            Case(
                f"K{number}", received, closed if done else None, reopened if again else None,
                chance.choice(("Bill", "Staff")), chance.choice(("refund", "apology")),
                f"C{chance.randrange(150)}" if chance.random() < 0.7 else "",
            )
        )  # fmt: skip
    for _ in range(900):
        when = datetime(2026, 1, 1) + timedelta(minutes=chance.randrange(181 * 1440))
        who = f"C{chance.randrange(300)}" if chance.random() < 0.8 else ""
        answers.append(Answer(when, who, chance.randint(1, 5)))
    return cases, answers


CASES, ANSWERS = draw()


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("returning")
    store = Store(folder / "kept.duckdb")
    form = "%Y-%m-%d %H:%M"
    lines = [",".join(ROLES)]
    for c in CASES:
        moments = [m.strftime(form) if m else "" for m in (c.received, c.closed, c.reopened)]
        lines.append(",".join([c.number, *moments, c.category, c.category, c.outcome, c.who]))
    _load(store, folder / "cases.csv", lines, Mapping(
        "cases", "complaints", "Cases",
        tuple(Column(r, r, (form,)) if r.endswith("_at") else Column(r, r) for r in ROLES),
        as_of=END.date() - timedelta(days=1),
    ))  # fmt: skip
    lines = ["id,when,who,csat"]
    lines += [f"r{i},{a.when.strftime(form)},{a.who},{a.csat}" for i, a in enumerate(ANSWERS)]
    csat = Item("csat", "Overall", Scale.of(1, 5), measures=("csat",))
    _load(store, folder / "answers.csv", lines, Mapping(
        "answers", "survey", "Answers",
        (Column("id", "response_id"), Column("when", "submitted_at", (form,)),
         Column("who", "respondent_id"), Column("csat", "item", item=csat)),
        survey_key="s", survey_title="S", as_of=END.date() - timedelta(days=1),
    ))  # fmt: skip
    yield store
    store.close()


def _load(store: Store, path: Path, lines: list[str], mapping: Mapping) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    commit(store, open_source(path), mapping, program="demo", user=LOCAL_USER)


def seconds_until_back(case: Case, kind: str) -> float | None:
    assert case.closed is not None
    if kind == "reopened":
        return (case.reopened - case.closed).total_seconds() if case.reopened else None
    later = [
        c.received
        for c in CASES
        if c.who == case.who and c.received > case.closed
        and (kind == "recontacted" or c.category == case.category)
    ]  # fmt: skip
    return (min(later) - case.closed).total_seconds() if later else None


def counted(cases: list[Case], kind: str, days: int) -> tuple[int, int, int]:
    """Return closed cases watched long enough, those that came back, and those too recent."""
    watched = came = recent = 0
    for case in cases:
        if case.closed is None or (kind != "reopened" and not case.who):
            continue
        if END - case.closed < timedelta(days=days):
            recent += 1
            continue
        watched += 1
        back = seconds_until_back(case, kind)
        came += back is not None and back <= days * 86_400
    return watched, came, recent


@pytest.mark.parametrize("kind", list(RETURN_KINDS))
@pytest.mark.parametrize("days", RETURN_DAYS)
def test_who_comes_back_is_counted_from_closing_over_finished_windows(
    kind: str, days: int, kept: Store
) -> None:
    rows = returns(kept, DEMO, "outcome", ALL).of(kind, days)
    assert [r.group for r in rows] == [None, *sorted((r.group for r in rows[1:]),
        key=lambda g: -sum(c.outcome == g and c.closed is not None for c in CASES))]  # fmt: skip
    for row in rows:
        own = [c for c in CASES if row.group in (None, c.outcome)]
        watched, came, recent = counted(own, kind, days)
        assert (row.figure.n, row.came_back, row.unfinished) == (watched, came, recent)
        ends = wilson_interval(came, watched)
        assert row.figure.value == pytest.approx(100 * came / watched)
        assert (row.figure.low, row.figure.high) == pytest.approx((100 * ends.low, 100 * ends.high))
    assert (rows[0].came_back or 0) > 0
    assert (rows[0].unfinished or 0) > 0


@pytest.mark.parametrize("code", ["reopened:30", "repeated:90", "recontacted:7"])
def test_the_filter_chooses_exactly_the_cases_that_were_counted(code: str, kept: Store) -> None:
    kind, days = code.split(":")
    found = returns(kept, DEMO, "outcome", ALL).of(kind, int(days))
    assert complaints.count(kept, DEMO.with_(returns=[code])) == found[0].came_back
    for row in found[1:]:
        narrowed = DEMO.with_(returns=[code], outcomes=[row.group])
        assert complaints.count(kept, narrowed) == row.came_back


def test_small_groups_are_withheld_with_the_next_smallest(kept: Store) -> None:
    few = DEMO.with_(search="K1")
    found = returns(kept, few, "outcome", Thresholds(withhold_under=1_000))
    assert all(r.figure.withheld for r in found.rows if r.figure.state != "no_data")
    assert all(r.came_back is None for r in found.rows if r.figure.withheld)


def test_cases_are_compared_only_by_what_is_recorded(kept: Store) -> None:
    with pytest.raises(UsageProblem, match="no grouping of cases"):
        returns(kept, DEMO, "mood")
    with pytest.raises(UsageProblem, match="no grouping of complainants"):
        complainants(kept, DEMO, "mood")


def test_complainants_are_those_with_a_case_closed_in_the_90_days_before(kept: Store) -> None:
    ours: dict[str, list[int]] = {}
    others: list[int] = []
    for answer in ANSWERS:
        before = [
            c for c in CASES
            if answer.who and c.who == answer.who and c.closed and c.closed <= answer.when
        ]  # fmt: skip
        last = max(before, key=lambda c: c.closed or END, default=None)
        top = int(answer.csat >= 4)
        if last and last.closed and answer.when - last.closed <= timedelta(days=WITHIN_DAYS):
            ours.setdefault(last.outcome, []).append(top)
        else:
            others.append(top)
    found = complainants(kept, DEMO, "outcome", ALL)
    everyone = [x for part in ours.values() for x in part]
    assert [_pair(r.figure) for r in found.rows] == [_share(everyone), _share(others)]
    assert {r.group: _pair(r.figure) for r in found.groups} == {
        group: _share(part) for group, part in ours.items()
    }
    assert found.rows[0].figure.p_value is not None


def test_filters_of_cases_do_not_set_few_complainants_apart(kept: Store) -> None:
    narrowed = DEMO.with_(categories=["Bill"], returns=["reopened:7"], search="K12")
    assert complainants(kept, narrowed, None, ALL).rows == complainants(kept, DEMO, None, ALL).rows


def _share(values: list[int]) -> tuple[int, float]:
    return len(values), pytest.approx(100 * sum(values) / len(values))


def _pair(figure: Figure) -> tuple[int | None, float | None]:
    return figure.n, figure.value
