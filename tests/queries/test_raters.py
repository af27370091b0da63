"""Raters' scores, agreement, findings and experts on small programs that can be done by hand."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from csat.ingest.batches import commit
from csat.ingest.choosing import sole_fitting
from csat.ingest.instruments import instrument
from csat.ingest.mapping import Column, Item, Mapping
from csat.ingest.source import open_source
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER, User
from csat.model.period import Period
from csat.model.scale import Scale
from csat.model.settings import Thresholds
from csat.queries.expert_weights import expert_weights
from csat.queries.facts import facts
from csat.queries.findings import findings
from csat.queries.raters import RaterAnswer, raters
from csat.queries.weights import available, fixed, parse
from csat.stats.ahp import pairwise_weights
from csat.store.store import Store

DEMO = Filters("demo", compare="none")
QUALITY, EXECUTIVE = User("qi", ("quality",)), User("ex", ("executive",))
Put = Callable[..., None]
CUSTOMERS = Mapping(
    "customers",
    "survey",
    "Customers",
    (
        Column("when", "submitted_at"),
        Column("branch", "branch"),
        *(
            Column(name, "item", item=Item(name, name, Scale.of(1, 5), dimension=name))
            for name in ("reliability", "empathy")
        ),
    ),
    survey_key="customers",
)


@pytest.fixture
def put(store: Store, tmp_path: Path) -> Put:
    """Load rows of a form, given by role."""

    def load(name: str, rows: Sequence[dict[str, Any]]) -> None:
        made = instrument(name)
        path = tmp_path / f"{name}-{store.data_version()}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow([a.header for a in made.asked])
            writer.writerows([[r.get(a.column.role, "") for a in made.asked] for r in rows])
        source = open_source(path)
        commit(store, source, sole_fitting(store, source), program="demo", user=LOCAL_USER)

    return load


def seen(
    visit: str, criterion: str, result: object, rater: str = "Ann", **more: Any
) -> dict[str, Any]:
    return {
        **{"visit": visit, "criterion": criterion, "result": result, "rater": rater},
        **{"evaluated_at": "2026-05-04", "method": "mystery_shopper", "branch": "North"},
        **{"dimension": "reliability", **more},
    }


def by(answer: RaterAnswer, kind: str, method: str = "mystery_shopper") -> dict[str, float]:
    return {r.group: r.score.mean for r in answer.rows(method, kind)}


def test_scores_weigh_criteria_and_leave_out_what_did_not_apply(store: Store, put: Put) -> None:
    put(
        "evaluations",
        [
            seen("1", "a", "pass", weight=3),
            seen("1", "b", "fail", weight=1),
            seen("1", "c", "n/a", weight=9, critical="yes"),
            seen("2", "a", "pass", branch="South", weight=3),
            seen("2", "d", 4, branch="South", scale_low=1, scale_high=5, dimension="empathy"),
        ],
    )
    answer = raters(store, DEMO)
    assert by(answer, "branch") == {"North": 75.0, "South": 100 * (3 + 0.75) / 4}
    assert by(answer, "dimension") == {"reliability": (75 + 100) / 2, "empathy": 75.0}
    [total] = answer.rows("mystery_shopper", "total")
    assert total.score.mean == pytest.approx((75 + 93.75) / 2)
    assert (total.score.visits, total.critical, total.grade) == (2, 0, "good")
    assert not total.score.enough_for_trend


def test_a_critical_fail_caps_the_visit_and_is_listed(store: Store, put: Put) -> None:
    rows = [seen("1", "a", "pass", weight=9), seen("1", "safe", "fail", critical="yes")]
    put("evaluations", [*rows, seen("2", "a", "pass")])
    answer = raters(store, DEMO)
    assert {v.visit: v.score for v in answer.visits} == {"1": 59.0, "2": 100.0}
    failed = next(v for v in answer.visits if v.failed_critical)
    assert (failed.uncapped, failed.failed_critical, failed.grade) == (90.0, ("safe",), "poor")
    assert by(answer, "dimension") == {"reliability": 95.0}  # the cap is the visit's
    put("grades", [{"grade": "pass", "floor": 80}, {"grade": "fail", "floor": 0, "cap": 20}])
    own = raters(store, DEMO)
    assert {v.visit: (v.score, v.grade) for v in own.visits} == {
        "1": (20.0, "fail"),
        "2": (100.0, "pass"),
    }


def test_two_raters_of_a_visit_count_as_one_visit(store: Store, put: Put) -> None:
    put("evaluations", [seen("1", "a", "pass"), seen("1", "a", "fail", "Bo"), seen("2", "a", 1)])
    answer = raters(store, DEMO)
    assert {v.visit: v.score for v in answer.visits} == {"1": 50.0, "2": 100.0}
    [total] = answer.rows("mystery_shopper", "total")
    assert total.score.visits == 2


def test_kinds_of_rating_are_never_averaged(store: Store, put: Put) -> None:
    put(
        "evaluations",
        [
            *(seen(f"m{k}", "a", result) for k, result in enumerate((1, 1, 0))),
            *(
                seen(f"t{k}", "a", 0, "Inc", method="third_party", organisation="Inc", edition="2")
                for k in range(2)
            ),
            seen("t9", "a", 1, "Inc", method="third_party"),
        ],
    )
    answer = raters(store, DEMO)
    assert answer.methods == ("mystery_shopper", "third_party")
    assert by(answer, "total") == {"": pytest.approx(200 / 3)}
    assert by(answer, "total", "third_party") == {"": pytest.approx(100 / 3)}
    assert answer.against == (("Inc", "2"),)


@pytest.fixture
def beside(store: Store, put: Put, add_rows: Callable[..., None]) -> Callable[..., RaterAnswer]:
    """Load customers and eight visits of North; ask for the raters beside the customers."""
    rows = [[f"2026-05-{1 + k % 20:02d}", "North", 2 + k % 3, 5] for k in range(60)]
    rows += [["2026-05-04", "South", 4, 4]] * 3
    add_rows(CUSTOMERS, rows)
    visits = [seen(f"v{k}", "a", int(k != 3)) for k in range(8)]
    put("evaluations", [*visits, *(seen(f"v{k}", "e", 1, dimension="empathy") for k in range(8))])

    def ask(**parts: Any) -> RaterAnswer:
        return raters(store, Filters.of("demo", compare="none", **parts), Thresholds())

    return ask


def test_the_difference_from_customers_is_shown_on_0_to_100(
    beside: Callable[..., RaterAnswer],
) -> None:
    found = {b.dimension: b for b in beside().beside}
    row = found["reliability"]
    mean = 100 * ((60 * 3 + 3 * 4) / 63 - 1) / 4
    assert (row.raters.mean, row.raters.visits) == (87.5, 8)
    assert (row.other, row.n) == (pytest.approx(mean), 63)
    assert row.difference == pytest.approx(87.5 - mean)
    assert row.low < 87.5 - mean < row.high
    assert row.verdict == "higher"
    assert found["empathy"].verdict == "too_few"  # the visits are all alike: no interval


def test_customers_withheld_elsewhere_are_withheld_here(
    beside: Callable[..., RaterAnswer],
) -> None:
    apart = beside(branches=["North"]).beside  # it would set the three of South apart
    assert {(b.other, b.verdict) for b in apart} == {(None, "withheld")}
    assert not beside(branches=["South"]).beside  # nobody rated South
    few = [b for b in beside(period=Period(date(2026, 5, 3), date(2026, 5, 4))).beside]
    assert {(b.other, b.difference, b.verdict) for b in few} == {(None, None, "withheld")}


def test_agreement_needs_two_raters_of_one_visit(store: Store, put: Put) -> None:
    put("evaluations", [seen("1", "a", 1), seen("2", "a", 0, "Bo")])
    assert raters(store, DEMO).agreements == ()
    rows = [
        seen(f"v{v}", f"c{c}", int((v + c) % 3 > 0) if rater == "Ann" else int(c % 3 > 0), rater)
        for v in range(6)
        for c in range(4)
        for rater in ("Ann", "Bo")
    ]
    put("evaluations", rows)
    [found] = raters(store, DEMO, user=QUALITY).agreements
    assert (found.visits, found.judgements, found.form) == (6, 24, "two_way")
    [pair] = found.pairs
    assert pair.raters == ("Ann", "Bo")
    both = [[int((v + c) % 3 > 0), int(c % 3 > 0)] for v in range(6) for c in range(4)]
    agree = sum(a == b for a, b in both) / 24
    p, q = (sum(x[i] for x in both) / 24 for i in (0, 1))
    chance = p * q + (1 - p) * (1 - q)
    assert pair.kappa == pytest.approx((agree - chance) / (1 - chance))


def test_raters_are_named_only_to_those_who_may_see_names(store: Store, put: Put) -> None:
    put("evaluations", [seen("1", "a", 1, "Ann Smith"), seen("1", "a", 0, "Bo Li")])
    hidden = raters(store, DEMO, user=EXECUTIVE)
    assert hidden.visits[0].raters == ("R1", "R2")
    assert "Smith" not in str(hidden)
    assert raters(store, DEMO).visits[0].raters == ("R1", "R2")
    assert raters(store, DEMO, user=QUALITY).visits[0].raters == ("Ann Smith", "Bo Li")


def test_a_filter_of_segments_is_said_not_to_reach_visits(store: Store, put: Put) -> None:
    put("evaluations", [seen("1", "a", 1)])
    assert raters(store, DEMO).notes == ()
    [note] = raters(store, DEMO.with_(segments=("Student",))).notes
    assert "no segment" in str(note)


def found(number: str, **more: Any) -> dict[str, Any]:
    return {"finding_no": number, "found_on": "2026-03-01", "finding": "Dirty", **more}


def test_findings_are_overdue_the_day_after_they_were_due(store: Store, put: Put) -> None:
    put(
        "findings",
        [
            found("late", due_on="2026-05-03", severity="low"),
            found("grave", due_on="2026-05-01", severity="critical"),
            found("today", due_on="2026-05-04"),
            found("done", due_on="2026-04-01", closed_on="2026-05-02", severity="critical"),
            found("whenever"),
        ],
    )
    answer = findings(store, DEMO, date(2026, 5, 4), QUALITY)
    assert [(f.finding_no, f.state, f.overdue_days) for f in answer.findings] == [
        ("grave", "overdue", 3),
        ("late", "overdue", 1),
        ("today", "open", 0),
        ("whenever", "open", 0),
        ("done", "closed", 0),
    ]
    assert [answer.count(s) for s in ("overdue", "open", "closed")] == [2, 2, 1]


def test_every_state_of_a_finding_is_kept_with_who_and_when(store: Store, put: Put) -> None:
    put("findings", [found("1", owner="Ann Smith")])
    put("findings", [found("1", owner="Bo Li", closed_on="2026-03-09")])
    answer = findings(store, DEMO, date(2026, 5, 4), QUALITY)
    states = answer.history["1"]
    assert [(s.owner, s.state, s.said_by) for s in states] == [
        ("Bo Li", "closed", "local"),
        ("Ann Smith", "open", "local"),
    ]
    assert states[0].said_on >= states[1].said_on
    hidden = findings(store, DEMO, date(2026, 5, 4), EXECUTIVE)
    assert not {"Ann Smith", "Bo Li", "local"} & set(str(hidden).replace("'", " ").split(" "))
    assert "Li" not in str(hidden.findings)


def test_findings_follow_branch_and_the_end_of_the_period(store: Store, put: Put) -> None:
    put("findings", [found("1", branch="North"), found("2", branch="South")])
    at = date(2026, 5, 4)
    north = findings(store, DEMO.with_(branches=("North",)), at)
    assert [f.finding_no for f in north.findings] == ["1"]
    later = Period(date(2026, 4, 1), date(2026, 4, 30))
    assert len(findings(store, DEMO.with_(period=later), at).findings) == 2
    before = Period(date(2026, 1, 1), date(2026, 1, 31))
    assert not findings(store, DEMO.with_(period=before), at).findings


def pair(expert: str, one: str, other: str, times: str) -> dict[str, str]:
    return {"expert": expert, "indicator": one, "other": other, "times": times}


@pytest.fixture
def compared(store: Store, put: Put, add_rows: Callable[..., None]) -> Store:
    """Load two dimensions of customers and what four experts say of three things."""
    add_rows(CUSTOMERS, [["2026-05-04", "North", 4, 5]])
    names = ("reliability", "empathy", "price")
    said = {
        "Ann": ("3", "5", "3"),
        "Bo": ("1/3", "1", "3"),
        "Cy": ("9", "1/9", "9"),
        "Di": ("2", "4", None),
    }
    pairs = ((0, 1), (0, 2), (1, 2))
    put(
        "comparisons",
        [
            pair(expert, names[i], names[j], times)
            for expert, all_ in said.items()
            for (i, j), times in zip(pairs, all_, strict=True)
            if times
        ],
    )
    return store


def test_experts_count_who_are_complete_and_consistent(compared: Store) -> None:
    answer = expert_weights(compared, DEMO, QUALITY)
    assert answer.indicators == ("reliability", "empathy", "price")
    assert [(e.name, e.counts) for e in answer.experts] == [
        ("Ann", True),
        ("Bo", True),
        ("Cy", False),
        ("Di", False),
    ]
    ann, _, cy, di = answer.experts
    assert ann.found is not None
    assert [round(w, 3) for w in ann.found.weights] == [0.637, 0.258, 0.105]  # Saaty's example
    assert ann.found.consistency_ratio == pytest.approx(0.033, abs=5e-4)
    assert cy.found is not None
    assert cy.found.consistency_ratio > 0.1
    assert di.missing == (("empathy", "price"),)
    joint = [[1, 1, 5**0.5], [1, 1, 3], [5**-0.5, 1 / 3, 1]]
    assert answer.joint is not None
    assert answer.joint.weights == pytest.approx(pairwise_weights(joint).weights)
    assert answer.counted == 2


def test_experts_are_named_only_to_those_who_may_see_names(compared: Store) -> None:
    hidden = expert_weights(compared, DEMO, EXECUTIVE)
    assert [e.name for e in hidden.experts] == ["E1", "E2", "E3", "E4"]
    assert hidden.joint == expert_weights(compared, DEMO, QUALITY).joint


def test_experts_are_a_source_of_weights_for_the_programs_dimensions(compared: Store) -> None:
    known = facts(compared, "demo")
    assert "expert" in available(known, DEMO)
    assert parse("expert", known, DEMO) == ("expert", {})
    found = fixed("expert", known, {})
    joint = expert_weights(compared, DEMO).weights
    both = joint["reliability"] + joint["empathy"]
    assert found.percent == pytest.approx(
        {k: 100 * joint[k] / both for k in ("reliability", "empathy")}
    )
    assert (found.n, sum(found.percent.values())) == (2, pytest.approx(100))
