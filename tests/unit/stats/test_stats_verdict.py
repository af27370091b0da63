from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.stats.comparison import Comparison
from csat.stats.verdict import Direction, Verdict, verdict

RISE = Comparison(difference=4.0, low=1.0, high=7.0, p_value=0.01)
FALL = Comparison(difference=-4.0, low=-7.0, high=-1.0, p_value=0.01)
NOISE = Comparison(difference=4.0, low=-1.0, high=9.0, p_value=0.12)


def judged(comparison: Comparison | None, **changes: Any) -> Verdict:
    given_as: dict[str, Any] = {"direction": "up", "n_current": 50, "n_reference": 50}
    return verdict(comparison, **(given_as | changes))


@pytest.mark.parametrize(
    ("change", "direction", "expected"),
    [
        (RISE, "up", "better"),
        (FALL, "up", "worse"),
        (RISE, "down", "worse"),
        (FALL, "down", "better"),
        (RISE, "none", "changed"),
        (FALL, "none", "changed"),
    ],
)
def test_the_metric_and_not_the_sign_says_what_is_good(
    change: Comparison, direction: Direction, expected: Verdict
) -> None:
    assert judged(change, direction=direction) == expected


@pytest.mark.parametrize("direction", ["up", "down", "none"])
def test_noise_is_no_clear_change_in_any_direction(direction: Direction) -> None:
    assert judged(NOISE, direction=direction) == "no_clear_change"


def test_a_p_value_just_at_alpha_is_not_clear() -> None:
    assert judged(RISE, p_value=0.05) == "no_clear_change"
    assert judged(RISE, p_value=0.0499) == "better"


def test_the_adjusted_p_value_stands_in_for_the_plain_one() -> None:
    assert judged(RISE, p_value=0.2) == "no_clear_change"
    assert judged(NOISE, p_value=0.001) == "better"


def test_an_unfinished_period_is_said_before_all_else() -> None:
    assert judged(RISE, finished=False) == "unfinished"
    assert judged(None, finished=False, n_current=0, n_reference=0) == "unfinished"


def test_without_a_reference_there_is_nothing_to_compare_with() -> None:
    assert judged(None, n_reference=0) == "not_compared"


@pytest.mark.parametrize(("now", "before"), [(29, 50), (50, 29), (0, 50), (5, 5)])
def test_few_answers_on_either_side_are_too_few(now: int, before: int) -> None:
    assert judged(RISE, n_current=now, n_reference=before) == "too_few"


def test_thirty_answers_on_both_sides_are_enough_unless_set_otherwise() -> None:
    assert judged(RISE, n_current=30, n_reference=30) == "better"
    assert judged(RISE, n_current=30, n_reference=30, minimum=31) == "too_few"


def test_a_comparison_that_does_not_exist_is_too_few_or_not_compared() -> None:
    assert judged(None, n_current=3) == "too_few"
    assert judged(None) == "not_compared"


def test_no_difference_is_no_change_however_sure() -> None:
    still = Comparison(difference=0.0, low=0.0, high=0.0, p_value=0.0)
    assert judged(still) == "no_clear_change"


@settings(max_examples=50, deadline=None)
@given(
    st.floats(-100, 100),
    st.floats(0, 1),
    st.sampled_from(get_args(Direction)),
    st.integers(0, 60),
    st.integers(0, 60),
    st.booleans(),
)
def test_praise_and_blame_need_a_finished_period_enough_answers_and_a_clear_change(
    difference: float, p: float, direction: Direction, now: int, before: int, finished: bool
) -> None:
    word = verdict(
        Comparison(difference, difference - 1, difference + 1, p),
        direction=direction,
        n_current=now,
        n_reference=before,
        finished=finished,
    )
    assert word in get_args(Verdict)
    clear = finished and min(now, before) >= 30 and p < 0.05 and difference != 0
    assert (word in ("better", "worse", "changed")) == clear


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_current": -1}, "at least 0"),
        ({"direction": "sideways"}, "direction"),
        ({"p_value": 1.5}, "p-value"),
        ({"p_value": float("nan")}, "p-value"),
    ],
)
def test_impossible_input_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        judged(RISE, **changes)
