"""Control charts from the store: the right chart, honest limits, and nothing untested told."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from math import sqrt
from typing import Any

import pytest

from csat.ingest.marking import add_mark, remove_mark
from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.people import LOCAL_USER
from csat.model.period import Period, bucket_span, day_label
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CHART_GRAINS
from csat.queries.charted import zones_are_sound
from csat.queries.control import control, control_split
from csat.store.store import Store

EVERYTHING = Thresholds(withhold_under=1)
LAST = date(2026, 9, 30)


def chart(store: Store, key: str, grain: str = "month", **parts: Any) -> ControlAnswer:
    return control(store, Filters.of("demo", **parts), key, grain, EVERYTHING)


def values(answer: ControlAnswer) -> dict[str, float | None]:
    return {p.figure.by: p.figure.value for p in answer.points}


@pytest.mark.parametrize("grain", CHART_GRAINS)
def test_every_bucket_is_the_share_of_its_own_rows(demo: Store, raw: Any, grain: str) -> None:
    rated: dict[str, list[int]] = defaultdict(list)
    for row in raw.rows:
        if row.csat is not None:
            rated[day_label(row.when, grain)].append(row.csat)
    found = chart(demo, "csat_top_box", grain)
    assert {k: v for k, v in values(found).items() if v is not None} == {
        label: pytest.approx(100 * sum(r >= 4 for r in ratings) / len(ratings))
        for label, ratings in rated.items()
    }


@pytest.mark.parametrize("grain", CHART_GRAINS)
def test_counts_of_all_buckets_add_up_to_every_case(demo: Store, raw: Any, grain: str) -> None:
    found = chart(demo, "complaints_received", grain)
    assert sum(p.figure.n or 0 for p in found.points) == len(raw.cases)
    expected = Counter(day_label(c.received.date(), grain) for c in raw.cases)
    assert {k: v for k, v in values(found).items() if v} == dict(expected)


def test_limits_of_a_share_are_those_of_the_p_chart(demo: Store) -> None:
    found = chart(demo, "csat_top_box")
    [phase] = found.phases
    assert phase.kind == "p"
    points = [(p.figure.value or 0.0, p.figure.n or 0) for p in found.points]
    total = sum(n for _, n in points)
    centre = sum(v / 100 * n for v, n in points) / total
    for point, (_, n) in zip(found.points, points, strict=True):
        assert point.centre == pytest.approx(100 * centre)
        reach = 3 * sqrt(centre * (1 - centre) / n)
        assert (point.low, point.high) == pytest.approx(
            (100 * max(0, centre - reach), 100 * min(1, centre + reach))
        )


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        ("csat_top_box", {"p", "p_prime"}),
        ("complaints_received", {"u", "u_prime"}),
        ("complaints_per_1000", {"u", "u_prime"}),
        ("csat_mean", {"score"}),
        ("nps", {"score"}),
        ("median_days_to_response", {"xmr"}),
    ],
)
def test_the_software_chooses_the_chart_and_says_why(
    demo: Store, key: str, kinds: set[str]
) -> None:
    [phase] = chart(demo, key).phases
    assert phase.kind in kinds
    assert len(str(phase.why)) > 30


def test_times_are_charted_by_their_logarithms(demo: Store) -> None:
    """So the limits lie as many times above as below the centre, and never under 0."""
    found = chart(demo, "median_days_to_response")
    first = found.points[0]
    assert first.low is not None
    assert first.high is not None
    assert first.centre is not None
    assert first.low > 0
    assert first.high / first.centre == pytest.approx(first.centre / first.low)


def test_few_points_make_limits_provisional(demo: Store) -> None:
    assert all(p.provisional for p in chart(demo, "csat_top_box").phases)


def test_one_read_gives_the_whole_series(demo: Store) -> None:
    for grain in ("day", "month"):
        origin = chart(demo, "csat_mean", grain).provenance
        assert origin is not None
        assert len(origin.reads) == 1


def test_charts_keep_to_the_period_and_do_not_test_what_reaches_out_of_it(demo: Store) -> None:
    part = Period(date(2025, 12, 10), date(2026, 3, 31))
    found = chart(demo, "nps", period=part)
    assert [p.figure.by for p in found.points] == ["2025-12", "2026-01", "2026-02", "2026-03"]
    assert [p.tested for p in found.points] == [False, True, True, True]


@pytest.mark.parametrize("key", HEADLINES)
@pytest.mark.parametrize("grain", CHART_GRAINS)
def test_every_headline_has_a_chart_or_a_reason(demo: Store, key: str, grain: str) -> None:
    found = chart(demo, key, grain)
    assert found.note is not None or found.points
    for phase in found.phases:
        assert phase.kind is not None or str(phase.why)


def test_an_unknown_grain_or_cut_is_refused(demo: Store) -> None:
    with pytest.raises(UsageProblem, match="no grouping"):
        chart(demo, "nps", "decade")
    with pytest.raises(UsageProblem, match="no grouping"):
        control_split(demo, Filters.of("demo"), ("nps",), "month", "planet")


def test_groups_of_a_split_equal_the_charts_of_the_groups(demo: Store) -> None:
    split = control_split(
        demo, Filters.of("demo"), ("csat_top_box",), "month", "branch", EVERYTHING
    )
    assert {a.group for a in split} == {"East", "North", "South", ""}
    for answer in split:
        if answer.group:
            alone = chart(demo, "csat_top_box", branches=[answer.group])
            assert values(answer) == values(alone)
            assert [s.key for s in answer.signals] == [s.key for s in alone.signals]


Add = Callable[..., None]


@pytest.fixture
def monthly(store: Store, add_rows: Add, queries_survey: Any) -> Callable[[list[int]], None]:
    """Load months of 100 answers, of which so many are satisfied, ending in September 2026."""

    def load(satisfied: list[int]) -> None:
        rows = []
        for back, many in enumerate(reversed(satisfied)):
            month = 2026 * 12 + 8 - back
            day = date(month // 12, month % 12 + 1, 15)
            rows += [(day, "North", 5 if i < many else 2, 9, 5) for i in range(100)]
        add_rows(queries_survey, rows, as_of=LAST)

    return load


STEADY = [70, 72, 69, 71, 68, 70, 73, 70, 69, 71, 70, 72, 69, 70, 71, 70, 68, 72, 70, 71, 69, 70]


def test_a_series_that_only_varies_has_no_signal(store: Store, monthly: Any) -> None:
    monthly([70, 75, 66, 72, 64, 71, 77, 69, 66, 74, 70, 67, 73, 68, 71])
    found = chart(store, "csat_top_box")
    assert found.signals == ()
    assert found.variation == "stable"
    assert found.expected_false == pytest.approx(15 * 0.0065)


def test_a_fall_is_a_signal_that_says_when_and_which_way(store: Store, monthly: Any) -> None:
    monthly([*STEADY, 70, 69, 40, 38])
    found = chart(store, "csat_top_box")
    [signal] = [s for s in found.signals if s.rule == "beyond_limits"]
    assert signal.labels == ("2026-08", "2026-09")
    assert (signal.above, signal.good, found.variation) == (False, False, "worsening")


@pytest.mark.parametrize(("key", "sound"), [("csat_mean", True), ("csat_top_box", False)])
def test_zone_rules_are_used_only_where_values_are_not_skewed(
    store: Store, monthly: Any, key: str, sound: bool
) -> None:
    monthly([70, 75, 66, 72, 64, 71, 77, 69, 66, 74, 70, 67, 73, 68, 71, 80, 79, 70, 80])
    everything = Filters.of("demo")
    plain = control(store, everything, key, "month", EVERYTHING)
    zoned = control(store, everything, key, "month", EVERYTHING, zones=True)
    assert zones_are_sound(key, zoned.phases) == sound
    assert (zoned.expected_false > plain.expected_false) == (sound and zoned.tested > 0)
    assert {s.key for s in plain.signals} <= {s.key for s in zoned.signals}


def test_limits_are_frozen_on_the_baseline(store: Store, monthly: Any) -> None:
    """What comes after the first 24 points does not move the limits it is judged by."""
    baseline = [*STEADY, 70, 69]
    monthly([*baseline, 40, 38, 36])
    found = chart(store, "csat_top_box")
    assert found.phases[0].points == 24
    assert found.points[-1].centre == pytest.approx(sum(baseline) / 24)


def test_the_unfinished_month_is_shown_and_not_tested(
    store: Store, add_rows: Add, queries_survey: Any, monthly: Any
) -> None:
    monthly(STEADY)
    add_rows(queries_survey, [("2026-10-02", "North", 2, 3, 3)] * 60, as_of=date(2026, 10, 5))
    found = chart(store, "csat_top_box")
    last = found.points[-1]
    assert (last.figure.by, last.figure.value, last.tested, last.z) == ("2026-10", 0.0, False, None)
    assert found.signals == ()


def test_months_without_answers_keep_their_place_and_break_a_run(
    store: Store, add_rows: Add, queries_survey: Any
) -> None:
    rows = []
    for month in (1, 2, 3, 6, 7):
        rows += [(date(2026, month, 10), "North", 5, 9, 5)] * 40
        rows += [(date(2026, month, 10), "North", 2, 9, 5)] * 20
    add_rows(queries_survey, rows, as_of=date(2026, 7, 31))
    found = chart(store, "csat_top_box")
    assert [p.figure.by for p in found.points][3:5] == ["2026-04", "2026-05"]
    assert [p.z for p in found.points][3:5] == [None, None]


def test_a_series_of_one_point_has_no_limits_and_says_so(
    store: Store, add_rows: Add, queries_survey: Any
) -> None:
    add_rows(queries_survey, [("2026-01-05", "North", 5, 9, 5)] * 40, as_of=date(2026, 1, 31))
    for key in ("csat_mean", "nps", "csat_top_box"):
        found = chart(store, key)
        assert found.variation == "unknown" or found.tested <= 1
        assert found.signals == ()
        assert str(found.phases[0].why)


def test_a_person_sets_a_phase_with_a_reason_and_takes_it_back(store: Store, monthly: Any) -> None:
    monthly([*STEADY, 40, 42, 39, 41])
    assert chart(store, "csat_top_box").signals
    number = add_mark(
        store,
        "demo",
        "phase",
        LOCAL_USER,
        "New branch design",
        metric="csat_top_box",
        day=date(2026, 6, 1),
    )
    found = chart(store, "csat_top_box")
    assert [(p.start, p.reason) for p in found.phases][1] == ("2026-06", "New branch design")
    assert found.signals == ()
    assert found.points[-1].centre == pytest.approx(40.5)
    remove_mark(store, number, LOCAL_USER)
    assert len(chart(store, "csat_top_box").phases) == 1


@pytest.mark.parametrize(
    ("target", "assurance"), [(50.0, "meets"), (70.0, "at_random"), (95.0, "misses")]
)
def test_assurance_says_whether_the_target_is_reliably_met(
    store: Store, monthly: Any, target: float, assurance: str
) -> None:
    monthly(STEADY)
    add_mark(store, "demo", "target", LOCAL_USER, "Board", metric="csat_top_box", value=target)
    found = chart(store, "csat_top_box")
    assert (found.target, found.assurance) == (target, assurance)


def test_assurance_turns_round_where_less_is_better(
    store: Store, add_rows: Add, queries_complaints: Any
) -> None:
    rows = [
        (f"{2025 + m // 12}-{m % 12 + 1:02d}-{1 + i % 28:02d}", "", "", "Fees", "", "")
        for m in range(18)
        for i in range(28 + m % 5)
    ]
    add_rows(queries_complaints, rows, as_of=date(2026, 6, 30))
    add_mark(store, "demo", "target", LOCAL_USER, "Board", metric="complaints_received", value=90)
    assert chart(store, "complaints_received").assurance == "meets"


def test_complaints_too_rare_for_counts_are_charted_by_the_time_between_them(
    store: Store, add_rows: Add, queries_complaints: Any
) -> None:
    chance = random.Random(3)
    day, rows = date(2024, 1, 10), []
    while day < date(2026, 6, 1):
        rows.append((day.isoformat(), "", "", "Fees", "", ""))
        day += timedelta(days=chance.randint(30, 110))
    add_rows(queries_complaints, rows, as_of=date(2026, 6, 30))
    found = chart(store, "complaints_received")
    assert found.phases[0].kind == "t"
    assert (found.unit, found.direction) == ("days", "up")
    days = [date.fromisoformat(r[0]) for r in rows]
    gaps = [float((b - a).days) for a, b in pairwise(days)]
    assert [p.figure.value for p in found.points] == gaps


def test_late_answers_too_rare_for_a_share_are_charted_by_the_cases_between_them(
    store: Store, add_rows: Add, queries_complaints: Any
) -> None:
    rows = [
        (date(2026, 1, 1) + timedelta(days=i), "", "", "Fees", "", i not in (20, 60, 100, 130))
        for i in range(180)
    ]
    add_rows(queries_complaints, rows, as_of=date(2026, 6, 30))
    found = chart(store, "timely_response_share")
    assert found.phases[0].kind == "g"
    assert [p.figure.value for p in found.points] == [39, 39, 29]


def test_days_are_cut_in_the_time_zone_of_the_program_also_when_clocks_change(
    store: Store, add_rows: Add, queries_survey: Any
) -> None:
    """Summer time begins on 29 March 2026 in Berlin; 22:30 UTC is the next day there."""
    rows = [
        ("2026-03-28T22:30:00+00:00", "North", 5, 9, 5),
        ("2026-03-28T23:30:00+00:00", "North", 5, 9, 5),
        ("2026-03-29T21:59:00+00:00", "North", 5, 9, 5),
        ("2026-03-29T22:01:00+00:00", "North", 5, 9, 5),
    ]
    add_rows(queries_survey, rows, timezone="Europe/Berlin", as_of=date(2026, 3, 31))
    found = chart(store, "response_count", "day")
    counted = {k: v for k, v in values(found).items() if v}
    assert counted == {"2026-03-28": 1, "2026-03-29": 2, "2026-03-30": 1}


def test_weeks_begin_on_the_day_that_is_set(demo: Store, raw: Any) -> None:
    for start in (0, 5, 6):
        found = control(
            demo, Filters.of("demo"), "response_count", "week", EVERYTHING, week_start=start
        )
        spans = [bucket_span(p.figure.by) for p in found.points]
        assert {first.weekday() for first, _ in spans} == {start}
        assert sum(p.figure.n or 0 for p in found.points) == len(raw.rows)


def test_a_day_with_few_answers_cannot_be_worked_out_from_its_week(
    store: Store, add_rows: Add, queries_survey: Any
) -> None:
    rows = [("2026-03-02", "North", 5, 9, 5)] * 3
    for day in range(3, 9):
        rows += [(f"2026-03-{day:02d}", "North", 4, 8, 5)] * (10 + day)
    for day in range(9, 30):
        rows += [(f"2026-03-{day:02d}", "North", 4, 8, 5)] * 30
    add_rows(queries_survey, rows, as_of=date(2026, 3, 31))
    found = control(store, Filters.of("demo"), "csat_mean", "day")
    hidden = [p.figure.by for p in found.points if p.figure.withheld]
    assert "2026-03-02" in hidden
    assert len([d for d in hidden if d <= "2026-03-08"]) >= 2
    for point in found.points:
        if point.figure.withheld:
            assert (point.figure.value, point.figure.n, point.z) == (None, None, None)


def test_groups_under_the_privacy_minimum_have_no_points(demo: Store) -> None:
    strict = Thresholds(withhold_under=12)
    for answer in control_split(demo, Filters.of("demo"), ("nps",), "month", "branch", strict):
        for point in answer.points:
            assert point.figure.withheld or not point.figure.n or point.figure.n >= 12
