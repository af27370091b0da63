"""Working time less pauses, for many cases at once, against cases worked by hand."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.model.working_hours import ALWAYS, WorkingHours, shift
from csat.stats.attainment import standing
from csat.stats.business_time import case_time, lay_out, seconds_utc
from csat.stats.paused_time import NO_PAUSES, deadlines, join_pauses, resting, worked

FIVE_DAYS = ((shift("09:00-17:00"),),) * 5 + ((), ())
OFFICE = WorkingHours("UTC", FIVE_DAYS)
HOLIDAY = WorkingHours("UTC", FIVE_DAYS, holidays=frozenset({date(2026, 9, 30)}))
LONDON = WorkingHours("Europe/London", FIVE_DAYS)
ROUND_THE_CLOCK = WorkingHours("Europe/London", ALWAYS)
H = 3600

# calendar, received, ended (clocks of the calendar's zone), pauses, hours worked by hand
WORKED = [
    # 2026-09-28 is a Monday
    ("no pause", OFFICE, "2026-09-28 09:00", "2026-09-29 12:00", [], 11),
    ("a pause inside a day", OFFICE, "2026-09-28 09:00", "2026-09-28 17:00",
     [("2026-09-28 11:00", "2026-09-28 13:00")], 6),
    ("a pause across the night", OFFICE, "2026-09-28 09:00", "2026-09-29 17:00",
     [("2026-09-28 16:00", "2026-09-29 10:00")], 14),
    ("a pause across a weekend", OFFICE, "2026-09-25 09:00", "2026-09-28 17:00",
     [("2026-09-25 12:00", "2026-09-28 10:00")], 10),
    ("a pause on a weekend costs nothing", OFFICE, "2026-09-25 09:00", "2026-09-28 17:00",
     [("2026-09-26 00:00", "2026-09-27 23:00")], 16),
    ("a pause across a holiday", HOLIDAY, "2026-09-29 09:00", "2026-10-01 17:00",
     [("2026-09-29 15:00", "2026-10-01 11:00")], 12),
    ("a pause on the holiday", HOLIDAY, "2026-09-29 09:00", "2026-10-01 17:00",
     [("2026-09-30 00:00", "2026-10-01 00:00")], 16),
    ("two pauses", OFFICE, "2026-09-28 09:00", "2026-09-28 17:00",
     [("2026-09-28 10:00", "2026-09-28 11:00"), ("2026-09-28 14:00", "2026-09-28 15:30")], 5.5),
    ("pauses that overlap", OFFICE, "2026-09-28 09:00", "2026-09-28 17:00",
     [("2026-09-28 10:00", "2026-09-28 12:00"), ("2026-09-28 11:00", "2026-09-28 13:00")], 5),
    ("one pause inside another", OFFICE, "2026-09-28 09:00", "2026-09-28 17:00",
     [("2026-09-28 10:00", "2026-09-28 15:00"), ("2026-09-28 11:00", "2026-09-28 12:00")], 3),
    ("a pause that reaches beyond the end", OFFICE, "2026-09-28 09:00", "2026-09-28 17:00",
     [("2026-09-28 15:00", "2026-09-29 15:00")], 6),
    ("a pause that still lasts", OFFICE, "2026-09-28 09:00", "2026-09-29 17:00",
     [("2026-09-28 12:00", None)], 3),
    ("a pause from before the receipt", OFFICE, "2026-09-28 10:00", "2026-09-28 17:00",
     [("2026-09-28 09:00", "2026-09-28 11:00")], 6),
    # daylight saving: London 2026-03-29 has no 01:00-02:00, 2026-10-25 has it twice
    ("a pause over the short night", ROUND_THE_CLOCK, "2026-03-28 12:00", "2026-03-30 12:00",
     [("2026-03-29 00:00", "2026-03-29 06:00")], 42),
    ("a pause over the long night", ROUND_THE_CLOCK, "2026-10-24 12:00", "2026-10-26 12:00",
     [("2026-10-25 00:00", "2026-10-25 06:00")], 42),
    ("an office pause over the weekend of the change", LONDON, "2026-03-27 09:00",
     "2026-03-30 17:00", [("2026-03-27 15:00", "2026-03-30 11:00")], 12),
    # reopened: from the first resolution until the reopening the clock stands
    ("reopened", OFFICE, "2026-09-28 09:00", "2026-10-01 12:00",
     [("2026-09-28 12:00", "2026-09-30 16:00")], 7),
    ("reopened twice", OFFICE, "2026-09-28 09:00", "2026-10-01 12:00",
     [("2026-09-28 12:00", "2026-09-29 16:00"), ("2026-09-30 10:00", "2026-10-01 11:00")], 6),
]  # fmt: skip

# calendar, received, hours promised, pauses, due
DUE = [
    ("no pause", OFFICE, "2026-09-28 09:00", 4, [], "2026-09-28 13:00"),
    ("a pause moves it on", OFFICE, "2026-09-28 09:00", 4,
     [("2026-09-28 10:00", "2026-09-28 12:00")], "2026-09-28 15:00"),
    ("across the night", OFFICE, "2026-09-28 15:00", 4,
     [("2026-09-28 16:00", "2026-09-29 10:00")], "2026-09-29 13:00"),
    ("across a weekend", OFFICE, "2026-09-25 15:00", 4,
     [("2026-09-25 16:00", "2026-09-28 12:00")], "2026-09-28 15:00"),
    ("a pause at the deadline does not count", OFFICE, "2026-09-28 09:00", 4,
     [("2026-09-28 13:00", "2026-09-28 16:00")], "2026-09-28 13:00"),
    ("a pause after it does not count", OFFICE, "2026-09-28 09:00", 4,
     [("2026-09-29 09:00", "2026-09-29 16:00")], "2026-09-28 13:00"),
    ("a second pause that only the first brings near", OFFICE, "2026-09-28 09:00", 4,
     [("2026-09-28 10:00", "2026-09-28 12:00"), ("2026-09-28 14:00", "2026-09-28 16:00")],
     "2026-09-28 17:00"),
    ("a pause on a holiday", HOLIDAY, "2026-09-29 15:00", 4,
     [("2026-09-30 09:00", "2026-09-30 17:00")], "2026-10-01 11:00"),
    ("24 hours with a pause over the long night", ROUND_THE_CLOCK, "2026-10-24 12:00", 24,
     [("2026-10-25 00:00", "2026-10-25 06:00")], "2026-10-25 18:00"),
]  # fmt: skip


def moments(hours: WorkingHours, pauses, until: int):
    zone = hours.timezone
    return join_pauses(
        [0] * len(pauses),
        [seconds_utc(a, zone) for a, _ in pauses],
        [seconds_utc(b, zone) if b else -1 for _, b in pauses],
        [until],
    )


def clock_of(hours: WorkingHours):
    return lay_out(hours, date(2026, 3, 1), date(2026, 11, 30))


@pytest.mark.parametrize(
    ("hours", "received", "ended", "pauses", "expected"),
    [case[1:] for case in WORKED],
    ids=[case[0] for case in WORKED],
)
def test_time_worked_on_a_case(hours, received, ended, pauses, expected) -> None:
    start, end = (seconds_utc(m, hours.timezone) for m in (received, ended))
    found = worked(clock_of(hours), moments(hours, pauses, end), [start], [end])
    assert found.tolist() == [round(expected * H)]


@pytest.mark.parametrize(
    ("hours", "received", "promised", "pauses", "due"),
    [case[1:] for case in DUE],
    ids=[case[0] for case in DUE],
)
def test_moment_by_which_a_promise_is_due(hours, received, promised, pauses, due) -> None:
    zone = hours.timezone
    rests = moments(hours, pauses, seconds_utc("2026-11-30 00:00", zone))
    found = deadlines(clock_of(hours), rests, [seconds_utc(received, zone)], promised * H)
    assert found.tolist() == [seconds_utc(due, zone)]


def test_a_pause_brings_a_late_answer_into_time() -> None:
    clock, start = clock_of(OFFICE), seconds_utc("2026-09-28 09:00")
    end = seconds_utc("2026-09-28 16:00")
    rests = moments(OFFICE, [("2026-09-28 10:00", "2026-09-28 13:00")], end)
    assert standing(clock, [start], [end], [1], 4 * H).late.tolist() == [True]
    assert standing(clock, [start], [end], [1], 4 * H, rests).met.tolist() == [True]


def test_a_case_that_still_waits_for_its_customer_is_not_overdue() -> None:
    clock, start = clock_of(OFFICE), seconds_utc("2026-09-28 09:00")
    now = seconds_utc("2026-10-20 12:00")
    rests = moments(OFFICE, [("2026-09-28 10:00", None)], now)
    found = standing(clock, [start], [now], [0], 4 * H, rests)
    assert found.waiting.tolist() == [True]
    assert found.due.tolist() == [seconds_utc("2026-10-20 15:00")]


def test_a_pause_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends before it starts"):
        join_pauses([0], [20], [10], [100])


def test_without_pauses_nothing_changes() -> None:
    clock = clock_of(OFFICE)
    start = [seconds_utc("2026-09-28 09:00"), seconds_utc("2026-09-25 16:00")]
    end = [seconds_utc("2026-09-29 10:00"), seconds_utc("2026-09-28 10:00")]
    assert worked(clock, NO_PAUSES, start, end).tolist() == clock.between(start, end).tolist()
    assert deadlines(clock, NO_PAUSES, start, H).tolist() == clock.deadline(start, H).tolist()


FIRST = seconds_utc("2026-09-01 00:00")
SPAN = st.integers(0, 20 * 86_400)
PAUSE = st.tuples(SPAN, st.none() | SPAN)


@settings(max_examples=60)
@given(
    cases=st.lists(st.tuples(SPAN, SPAN, st.lists(PAUSE, max_size=4)), min_size=1, max_size=4),
    promised=st.integers(0, 60 * H),
)
def test_all_at_once_agrees_with_one_by_one(cases, promised: int) -> None:
    clock = clock_of(OFFICE)
    rows, place, starts, ends = [], [], [], []
    for number, (a, b, pauses) in enumerate(cases):
        rows.append((FIRST + min(a, b), FIRST + max(a, b)))
        for low, high in pauses:
            stop = None if high is None else max(low, high)
            place.append(number)
            starts.append(FIRST + low)
            ends.append(-1 if stop is None else FIRST + stop)
    until = [end for _, end in rows]
    begin = [start for start, _ in rows]
    rests = join_pauses(place, starts, ends, until)
    spent = worked(clock, rests, begin, until)
    due = deadlines(clock, rests, begin, promised)
    inside = np.minimum(due, until)
    reached = worked(clock, rests, begin, np.maximum(inside, begin))
    for number, (start, end) in enumerate(rows):
        own = [
            (s, None if e < 0 else e)
            for p, s, e in zip(place, starts, ends, strict=True)
            if p == number
        ]
        assert spent[number] == case_time(clock, start, end, end, own).seconds
        # the deadline is the first moment by which the promised time has been worked
        assert (due[number] <= end) == (spent[number] >= promised) or promised == 0
        if due[number] <= end and promised:
            assert reached[number] == promised


def test_rests_count_only_where_they_lie_between_two_moments() -> None:
    clock = clock_of(OFFICE)
    rests = join_pauses(
        [0, 1], [FIRST, FIRST], [FIRST + 40 * H, FIRST + 40 * H], [FIRST + 99 * H] * 2
    )
    found = resting(clock, rests, [FIRST, FIRST + 10 * H], [FIRST + 12 * H, FIRST + 20 * H])
    assert found.tolist() == [3 * H, 7 * H]
