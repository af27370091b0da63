"""What a control chart says of a series: signals, phases, limits, and whether the target is met."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from csat.ingest.marking import add_mark, remove_mark
from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.people import LOCAL_USER
from csat.model.settings import Thresholds
from csat.queries.charted import zones_are_sound
from csat.queries.control import control
from csat.store.store import Store

EVERYTHING = Thresholds(withhold_under=1)

LAST = date(2026, 9, 30)


def chart(store: Store, key: str, grain: str = "month", **parts: Any) -> ControlAnswer:
    return control(store, Filters.of("demo", **parts), key, grain, EVERYTHING)


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
