from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.assurance import assurance, variation
from csat.stats.audit import CheckItem, grade, site_score, visit_score
from csat.stats.intervals import mean_interval
from csat.stats.moments import Moments
from csat.stats.run_rules import Signal, run_rules

modest = settings(max_examples=60, deadline=None)
LINES = [CheckItem("a", 2), CheckItem("b", 1, critical=True), CheckItem("c", 1)]


# Visits


@modest
@given(st.fixed_dictionaries({key: st.sampled_from([True, False, None]) for key in "abc"}))
def test_lines_that_did_not_apply_leave_the_score_alone(results: Any) -> None:
    found = visit_score(results, LINES)
    rated = [item for item in LINES if results[item.key] is not None]
    assert found == visit_score({k: v for k, v in results.items() if v is not None}, rated)
    assert found.score is None if not rated else 0 <= (found.score or 0) <= 100


def test_a_failed_critical_line_caps_the_visit_and_is_named() -> None:
    found = visit_score({"a": True, "b": False, "c": True}, LINES, cap=60)
    assert (found.score, found.uncapped, found.failed_critical) == (60, 75, ("b",))
    low = visit_score({"a": False, "b": False, "c": True}, LINES, cap=60)
    assert low.score == 25


def test_a_visit_on_which_nothing_of_weight_applied_has_no_score() -> None:
    assert visit_score({}, LINES).score is None
    assert visit_score({"a": True}, [CheckItem("a", 0)]).score is None


def test_checklists_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="not in the checklist"):
        visit_score({"z": True}, LINES)
    with pytest.raises(ValueError, match="at least 0"):
        CheckItem("a", -1)


# Sites


@modest
@given(st.lists(st.integers(0, 100), min_size=2, max_size=12))
def test_a_site_has_the_t_interval_of_its_visits_on_the_scale(scores: list[int]) -> None:
    found = site_score([float(s) for s in scores])
    ci = mean_interval(Moments(len(scores), sum(scores), sum(s * s for s in scores)))
    assert found is not None
    assert found.enough_for_trend == (len(scores) >= 4)
    if ci is None:
        assert found.low is None
    else:
        assert (found.low, found.high) == pytest.approx((max(0, ci.low), min(100, ci.high)))


def test_a_site_without_scored_visits_has_no_score() -> None:
    assert site_score([]) is None
    assert site_score([None]) is None
    one = site_score([80.0])
    assert one is not None
    assert one.low is None


def test_a_score_gets_the_highest_grade_it_reaches() -> None:
    bands = [(60.0, "fair"), (90.0, "excellent"), (75.0, "good")]
    assert [grade(s, bands) for s in (90, 89.9, 60, 59)] == ["excellent", "good", "fair", None]
    with pytest.raises(ValueError, match="floor of its own"):
        grade(50, [(60, "a"), (60, "b")])


# Reading a chart


def test_an_old_signal_is_no_news() -> None:
    z = [3.5, 0.1, -0.2]
    assert variation(run_rules(z), z, "up") == "common_cause"
    assert variation(run_rules(z), z, "up", recent=3) == "better"


def test_a_pattern_without_a_side_is_read_by_its_last_point() -> None:
    signals, z = [Signal("eight_outside", tuple(range(8)), None)], [1.2, -1.3] * 4
    assert variation(signals, z, "up") == "worse"
    assert variation(signals, z, "none") == "changed"
    with pytest.raises(ValueError, match="recent"):
        variation(signals, z, "up", recent=0)


@modest
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_what_a_good_series_meets_its_mirror_image_misses(a: float, b: float, t: float) -> None:
    low, high = sorted((a, b))
    opposite = {"meets": "misses", "misses": "meets", "hit_or_miss": "hit_or_miss"}
    up, down = assurance(low, high, t, "up"), assurance(low, high, t, "down")
    assert up is not None
    assert down == opposite[up]
    assert assurance(low, high, t, "none") is None
