"""The funnel of stages and the time in each, against counting case by case."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from csat.ingest.case_notes import say_of_case
from csat.ingest.mapping import Column, Mapping
from csat.ingest.standards import set_standard
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.people import LOCAL_USER, User
from csat.model.period import Period
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.case_clock import working_seconds
from csat.queries.case_life import case_events, rests
from csat.queries.conduct import conduct
from csat.queries.iso10002 import indicators
from csat.queries.sla import service_levels
from csat.queries.stages import Stages, stages
from csat.store.store import Store

DEMO = Filters.of("demo")
CONDUCT = DEMO.with_(types=["conduct"])
ALL = Thresholds(withhold_under=1)
DAY = 86_400
LAST = {"as_of": date(2026, 1, 31)}
CASES = Mapping("cases", "complaints", "Cases", tuple(
    Column(role, role) for role in (
        "complaint_id", "received_at", "auto_reply_at", "first_response_at", "resolved_at",
        "severity_first", "severity", "safety", "first_contact", "satisfied", "compensation",
        "violation", "owner",
    )
))  # fmt: skip
ROWS = [
    # id, received, automatic, response, resolved, first severity, severity, safety, first, happy,
    # compensation, violation, owner
    ("K1", "2026-01-01", "", "2026-01-02", "2026-01-05", "low", "high", "yes", "no", "yes",
     "12.5", "", "ann"),
    ("K2", "2026-01-01", "2026-01-01", "2026-01-01", "", "low", "low", "no", "no", "", "", "", ""),
    ("K3", "2026-01-02", "", "", "2026-01-04", "low", "low", "no", "yes", "no", "0", "", "ben"),
    ("K4", "2026-01-10", "", "", "", "", "", "", "", "", "", "", ""),
    ("V1", "2026-01-03", "", "", "", "", "", "", "", "", "", "Data shared", ""),
]  # fmt: skip
LOG = Mapping("log", "events", "Log", tuple(
    Column(role, role) for role in ("case_id", "event", "happened_at", "until_at", "done_by")
))  # fmt: skip
EVENTS = [
    ("K1", "assessed", "2026-01-01 12:00", "", "ann"),
    ("K1", "paused", "2026-01-02 12:00", "2026-01-03 12:00", ""),
    ("K1", "accepted", "2026-01-06", "", ""),
    ("K1", "closed", "2026-01-07", "", ""),
    ("K3", "assessed", "2026-01-03", "", ""),
    ("K3", "referred", "2026-01-03", "", ""),
    ("K3", "rejected", "2026-01-05", "", ""),
    ("K4", "waiting", "2026-01-12", "", ""),
    ("V1", "investigated", "2026-01-10", "", ""),
    ("V1", "sanctioned", "2026-01-12", "", ""),
]
OFFICE = """
[calendar.hours]
monday = ["00:00-24:00"]
tuesday = ["00:00-24:00"]
wednesday = ["00:00-24:00"]
thursday = ["00:00-24:00"]
friday = ["00:00-24:00"]
[[target]]
key = "acknowledge"
event = "acknowledgement"
within = "12 h"
[[target]]
key = "solve"
event = "resolution"
clock = "business"
within = "37 h"
[[target]]
key = "solve-calendar"
event = "resolution"
within = "72 h"
"""
"""2026-01-03 and 04 are a weekend."""


@pytest.fixture
def cases(store: Store, add_rows: Callable[..., None]) -> Store:
    add_rows(CASES, ROWS, **LAST)
    add_rows(LOG, EVENTS, **LAST)
    return store


def told(found: Stages) -> dict[str, tuple[int, int, int, int]]:
    return {r.stage: (r.reached, r.skipped, r.ahead, r.waiting) for r in found.rows}


def test_who_reached_a_stage_went_on_without_it_or_may_still_come(cases: Store) -> None:
    found = stages(cases, DEMO, thresholds=ALL)
    assert told(found) == {
        "received": (4, 0, 0, 2),  # K2 has an automatic reply only, K4 nothing
        "assessed": (2, 0, 2, 0),
        "responded": (1, 1, 2, 0),  # K3 was resolved without an answer before
        "resolved": (2, 0, 2, 1),
        "closed": (1, 0, 3, 0),
    }
    assert found.cases == 4
    assert found.not_recorded == ("acknowledged", "forwarded", "investigated", "decided")
    responded = next(r for r in found.rows if r.stage == "responded")
    assert (responded.share.value, responded.share.n) == (50, 2)


def test_open_cases_count_with_the_time_they_have_been_in_a_stage(cases: Store) -> None:
    received = stages(cases, DEMO, thresholds=ALL).rows[0]
    # left after half a day and a day; two have stayed 22 and 31 days: half are gone from the
    # first day on, to the end of what is known
    assert received.followed == 31 * DAY
    assert received.times[0].seconds == pytest.approx((DAY + 31 * DAY) / 2)
    assert received.times[1].seconds is None


def test_what_else_happened_is_counted(cases: Store) -> None:
    assert stages(cases, DEMO).beside == {
        "auto_replied": 1, "accepted": 1, "rejected": 1, "referred": 1, "paused": 2,
    }  # fmt: skip


def test_conduct_cases_have_stages_of_their_own_and_stand_apart(cases: Store) -> None:
    found = stages(cases, CONDUCT, thresholds=ALL)
    assert told(found) == {
        "received": (1, 0, 0, 0),
        "investigated": (1, 0, 0, 0),
        "sanctioned": (1, 0, 0, 0),
    }
    assert complaints.count(cases, DEMO) == 4
    assert complaints.count(cases, CONDUCT) == 1
    assert complaints.count(cases, DEMO.with_(types=["complaint", "conduct"])) == 5
    assert complaints.types_of_cases(cases, "demo") == {"complaint": 4, "conduct": 1}
    [row] = complaints.listing(cases, CONDUCT, user=LOCAL_USER).rows
    assert (row["case_no"], row["violation"]) == ("V1", "Data shared")


def test_notices_and_appeals_are_shares_of_the_sanctions(
    store: Store, add_rows: Callable[..., None]
) -> None:
    roles = ("complaint_id", "received_at", "violation", "sanction", "sanctioned_at",
             "noticed_at", "appealed_at", "appeal_outcome")  # fmt: skip
    mapping = Mapping("conduct", "complaints", "Conduct", tuple(Column(r, r) for r in roles))
    rows = [
        (
            "V1",
            "2026-01-01",
            "Gift",
            "fine",
            "2026-01-05",
            "2026-01-06",
            "2026-01-07",
            "Overturned",
        ),
        ("V2", "2026-01-01", "Gift", "fine", "2026-01-05", "2026-01-06", "2026-01-07", "upheld"),
        ("V3", "2026-01-01", "Data", "warning", "2026-01-05", "", "2026-01-07", ""),
        ("V4", "2026-01-01", "Data", "fine", "2026-01-05", "", "", ""),
        ("V5", "2026-01-01", "Gift", "", "", "", "", ""),
    ]
    add_rows(mapping, rows)
    found = conduct(store, DEMO, ALL)
    told = {s.key: (s.figure.value, s.figure.n) for s in found.shares if s.figure}
    assert told == {"noticed": (50, 4), "appealed": (75, 4), "overturned": (50, 2)}
    assert found.sanctions == (("fine", 3), ("warning", 1))
    assert found.violations == (("Gift", 3), ("Data", 2))
    hidden = {s.key: s.figure for s in conduct(store, DEMO).shares}
    assert all(f is not None and f.withheld for f in hidden.values())


def test_times_of_few_cases_are_withheld(cases: Store) -> None:
    found = stages(cases, DEMO, thresholds=Thresholds(withhold_under=3))
    assert [r.withheld for r in found.rows] == [False, True, True, True, True]
    assert all(not r.times for r in found.rows if r.withheld)


def test_working_time_in_a_stage_leaves_out_closed_hours_and_pauses(cases: Store) -> None:
    with pytest.raises(UsageProblem, match="no clock 'business'"):
        stages(cases, DEMO, "business")
    set_standard(cases, "demo", OFFICE, LOCAL_USER)
    first = DEMO.with_(period=Period(date(2026, 1, 1), date(2026, 1, 1)))
    rows = {r.stage: r for r in stages(cases, first, "business", ALL).rows}
    # K1 answered Friday 0:00, resolved Monday 0:00, waiting from Friday noon to Saturday noon
    assert rows["responded"].times[0].seconds == DAY / 2
    assert rows["resolved"].times[0].seconds == 2 * DAY
    with pytest.raises(UsageProblem, match="no clock 'moon'"):
        stages(cases, DEMO, "moon")


def test_a_program_without_stages_says_so(demo: Store) -> None:
    assert [r.stage for r in stages(demo, DEMO).rows] == ["received", "responded", "resolved"]
    bare = stages(demo, CONDUCT)
    assert [str(n) for n in bare.notes] == [
        "The files record no stage of conduct cases but their receipt."
    ]
    assert (bare.cases, told(bare)) == (0, {"received": (0, 0, 0, 0)})


def test_targets_on_working_time_leave_out_pauses_and_those_on_the_calendar_do_not(
    cases: Store,
) -> None:
    set_standard(cases, "demo", OFFICE, LOCAL_USER)
    levels = {
        x.target.key: x for x in service_levels(cases, DEMO, ALL).levels
        if x.target and x.severity is None
    }  # fmt: skip
    # K1: 48 h of working time less 12 h of waiting: met; by the calendar it took 96 h
    assert (levels["solve"].met, levels["solve"].late) == (2, 0)
    assert (levels["solve-calendar"].met, levels["solve-calendar"].late) == (1, 1)
    # K4 waits for its customer since the Monday after it came in: nothing of the promise is spent
    assert (levels["solve"].overdue, levels["solve"].waiting) == (1, 1)
    assert (levels["solve-calendar"].overdue, levels["solve-calendar"].waiting) == (2, 0)
    # nobody has acknowledged anything in these files
    assert levels["acknowledge"].figure.n == 0


def test_the_timeline_tells_the_automatic_reply_once_and_both_clocks(cases: Store) -> None:
    set_standard(cases, "demo", OFFICE, LOCAL_USER)
    two = case_events(cases, "demo", "K2", user=LOCAL_USER)
    assert [e.event for e in two] == ["received", "auto_replied"]
    one = case_events(cases, "demo", "K1", user=LOCAL_USER)
    assert [e.event for e in one] == [
        "received", "assessed", "responded", "paused", "resolved", "accepted", "closed",
    ]  # fmt: skip
    assert rests(one) == [(datetime(2026, 1, 2, 12), datetime(2026, 1, 3, 12))]
    start = one[0].when
    moments = [start + timedelta(days=d) for d in (1, 2, 4, 5)]
    worked = working_seconds(cases, "demo", start, moments, rests(one))
    assert worked == [DAY, 1.5 * DAY, 1.5 * DAY, 2.5 * DAY]


def test_who_did_what_is_told_to_those_who_may_read_it(cases: Store) -> None:
    chief = User("chief", ("executive",))
    by = {e.event: e.done_by for e in case_events(cases, "demo", "K1", user=LOCAL_USER)}
    assert by["assessed"] == "ann"
    assert {e.done_by for e in case_events(cases, "demo", "K1", user=chief)} == {""}
    assert "owner" not in complaints.case(cases, "demo", "K1", user=chief)
    assert complaints.case(cases, "demo", "K1", user=LOCAL_USER)["owner"] == "ann"


@pytest.mark.parametrize(
    ("label", "part", "n"),
    [
        ("Concern safety", 1, 3),
        ("Solved at the first point of contact", 1, 3),
        ("Complainants satisfied with the handling", 1, 2),
        ("Wrongly prioritised", 1, 3),
        ("Compensation paid", 1, 4),
        ("Outcome accepted by the complainant", 1, 2),
        ("Sent to outside resolution", 1, 4),
    ],
)
def test_indicators_of_the_standard_are_those_of_counting(
    label: str, part: int, n: int, cases: Store
) -> None:
    found = {i.label: i for i in indicators(cases, DEMO, ALL)}
    figure = found[label].figure
    assert figure is not None
    assert (figure.value, figure.n) == (pytest.approx(100 * part / n), n)


def test_a_severity_set_by_people_shows_a_wrong_first_assessment(cases: Store) -> None:
    say_of_case(cases, "demo", "K2", "severity", "critical", LOCAL_USER)
    found = {i.label: i for i in indicators(cases, DEMO, ALL)}
    figure = found["Wrongly prioritised"].figure
    assert figure is not None
    assert figure.value == pytest.approx(200 / 3)


def test_every_indicator_without_a_figure_says_what_it_needs(demo: Store) -> None:
    found = indicators(demo, DEMO)
    assert [i.clause for i in found] == sorted(i.clause for i in found)
    for entry in found:
        assert bool(entry.missing) == (entry.value is None and entry.figure is None)
    needs = {i.label: i.missing for i in found}
    assert "target for acknowledgement" in needs["Acknowledged late or not at all"]


def test_the_sentence_names_the_type_of_case() -> None:
    [_, said] = CONDUCT.with_(compare="none").sentence()
    assert isinstance(said, Message)
    assert str(said) == "type Conduct cases"
    assert Filters.from_query(CONDUCT.to_query()) == CONDUCT


def test_a_first_assessment_is_no_second_one(cases: Store) -> None:
    """Nobody reopened, escalated or appealed: there is no second round."""
    assert stages(cases, DEMO, thresholds=ALL).again == ()
