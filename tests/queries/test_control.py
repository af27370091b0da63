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

from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.metrics import HEADLINES
from csat.model.period import Period, bucket_span, day_label
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CHART_GRAINS
from csat.queries.control import control
from csat.queries.control_split import control_split
from csat.store.store import Store

EVERYTHING = Thresholds(withhold_under=1)
LAST = date(2026, 9, 30)
Add = Callable[..., None]


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
