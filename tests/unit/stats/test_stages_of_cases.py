"""The way of cases through stages, against looking at one case at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csat.stats.stages import ABSENT, stays

MOMENT = st.none() | st.integers(0, 50)
CASES = st.lists(st.tuples(st.integers(0, 50), MOMENT, MOMENT, MOMENT), min_size=1, max_size=8)
KNOWN = 60


def test_a_stage_passed_over_is_neither_reached_nor_still_to_come() -> None:
    way = stays([[0, 0], [ABSENT, 5], [9, ABSENT]], [20, 20])
    assert way[1].reached.tolist() == [False, True]
    assert way[1].skipped.tolist() == [True, False]
    assert way[2].skipped.tolist() == [False, False]


def test_who_is_still_in_a_stage_is_known_to_be_there_so_long() -> None:
    [received, answered] = stays([[0, 3], [ABSENT, 10]], [20, 20])
    assert (received.end - received.start).tolist() == [20, 7]
    assert received.left.tolist() == [False, True]
    assert (answered.end - answered.start).tolist() == [10]


def test_a_stage_entered_after_a_later_one_holds_nobody() -> None:
    late = stays([[0], [12], [8]], [20])[1]
    assert (late.end - late.start).tolist() == [0]


@given(CASES)
def test_agrees_with_one_case_at_a_time(cases: list[tuple[int | None, ...]]) -> None:
    rows = [[ABSENT if c[k] is None else c[k] for c in cases] for k in range(4)]
    for k, stay in enumerate(stays(rows, [KNOWN] * len(cases))):
        expected = []
        for number, case in enumerate(cases):
            later = [m for m in case[k + 1 :] if m is not None]
            assert stay.reached[number] == (case[k] is not None)
            assert stay.skipped[number] == (case[k] is None and bool(later))
            own = case[k]
            if own is not None:
                end = min(later) if later else KNOWN
                expected.append((max(end, own) - own, bool(later)))
        found = zip((stay.end - stay.start).tolist(), stay.left.tolist(), strict=True)
        assert list(found) == expected
