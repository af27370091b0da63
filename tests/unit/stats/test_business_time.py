"""The working-time clock against cases worked out by hand, and laws it must keep."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csat.model.problem import UsageProblem
from csat.model.working_hours import ALWAYS, WorkingHours, shift, shifts
from csat.stats.business_time import WorkingTime, case_time, lay_out, seconds_utc

FIVE_DAYS = ((shift("09:00-17:00"),),) * 5 + ((), ())
OFFICE = WorkingHours("UTC", FIVE_DAYS)
LUNCH = WorkingHours("Asia/Shanghai", (shifts(["09:00-12:00", "13:30-18:00"]),) * 5 + ((), ()))
NIGHT = WorkingHours("UTC", ((shift("22:00-06:00"),),) * 5 + ((), ()))
LONDON = WorkingHours("Europe/London", FIVE_DAYS)
ROUND_THE_CLOCK = WorkingHours("Europe/London", ALWAYS)
NEW_YORK_NIGHT = WorkingHours("America/New_York", ((shift("00:00-02:30"),),) * 7)
HOLIDAY = WorkingHours("UTC", FIVE_DAYS, holidays=frozenset({date(2026, 9, 30)}))
NEVER = WorkingHours("UTC", ((),) * 7)
GOLDEN_WEEK = WorkingHours(
    "Asia/Shanghai",
    LUNCH.week,
    holidays=frozenset(date(2026, 10, d) for d in range(1, 9)),
    extra=((date(2026, 10, 10), shifts(["09:00-12:00", "13:30-18:00"])),),
)
"""1 to 8 October closed; Saturday 10 October worked instead (调休)."""
H, M = 3600, 60

# calendar, from, to (clocks of the calendar's own zone), working hours between, worked by hand
BETWEEN = [
    # within and around one day; 2026-09-28 is a Monday
    ("inside one day", OFFICE, "2026-09-28 10:00", "2026-09-28 12:30", 2.5),
    ("a whole day", OFFICE, "2026-09-28 09:00", "2026-09-28 17:00", 8),
    ("from before opening to after closing", OFFICE, "2026-09-28 06:00", "2026-09-28 23:00", 8),
    ("before opening only", OFFICE, "2026-09-28 05:00", "2026-09-28 08:59", 0),
    ("after closing only", OFFICE, "2026-09-28 17:00", "2026-09-28 23:59", 0),
    ("to the second", OFFICE, "2026-09-28 16:59:59", "2026-09-29 09:00:01", 2 / H),
    ("no time at all", OFFICE, "2026-09-28 11:00", "2026-09-28 11:00", 0),
    ("backwards", OFFICE, "2026-09-28 12:00", "2026-09-28 11:00", -1),
    # overnight and over the weekend
    ("one night", OFFICE, "2026-09-28 16:00", "2026-09-29 10:00", 2),
    ("a weekend", OFFICE, "2026-09-25 16:00", "2026-09-28 10:00", 2),
    ("inside a weekend", OFFICE, "2026-09-26 08:00", "2026-09-27 20:00", 0),
    ("from Saturday on", OFFICE, "2026-09-26 12:00", "2026-09-28 09:30", 0.5),
    ("a whole week", OFFICE, "2026-09-21 00:00", "2026-09-28 00:00", 40),
    # a break at noon
    ("over the break", LUNCH, "2026-09-28 11:00", "2026-09-28 14:30", 2),
    ("inside the break", LUNCH, "2026-09-28 12:10", "2026-09-28 13:20", 0),
    ("a day with a break", LUNCH, "2026-09-28 00:00", "2026-09-29 00:00", 7.5),
    # shifts past midnight
    ("a night shift", NIGHT, "2026-09-28 22:00", "2026-09-29 06:00", 8),
    ("its second half", NIGHT, "2026-09-29 00:00", "2026-09-29 12:00", 6),
    ("Friday night reaches into Saturday", NIGHT, "2026-09-26 00:00", "2026-09-27 00:00", 6),
    ("no shift starts on Saturday or Sunday", NIGHT, "2026-09-26 06:00", "2026-09-28 22:00", 0),
    # holidays and days worked out of turn
    ("a holiday in between", HOLIDAY, "2026-09-29 16:00", "2026-10-01 10:00", 2),
    ("on the holiday", HOLIDAY, "2026-09-30 09:00", "2026-09-30 17:00", 0),
    ("the golden week", GOLDEN_WEEK, "2026-09-30 17:00", "2026-10-09 10:00", 2),
    ("the Saturday worked instead", GOLDEN_WEEK, "2026-10-10 09:00", "2026-10-11 09:00", 7.5),
    ("a Saturday like others", GOLDEN_WEEK, "2026-10-17 09:00", "2026-10-18 09:00", 0),
    ("the month with the golden week", GOLDEN_WEEK, "2026-10-01", "2026-11-01", 17 * 7.5),
    # daylight saving: London 2026-03-29 has 23 hours, 2026-10-25 has 25
    ("spring night round the clock", ROUND_THE_CLOCK, "2026-03-29 00:00", "2026-03-30 00:00", 23),
    ("autumn night round the clock", ROUND_THE_CLOCK, "2026-10-25 00:00", "2026-10-26 00:00", 25),
    ("offices do not notice spring", LONDON, "2026-03-27 16:00", "2026-03-30 10:00", 2),
    ("offices do not notice autumn", LONDON, "2026-10-23 16:00", "2026-10-26 10:00", 2),
    # New York 2026-03-08 skips 02:00-03:00, so a shift until 02:30 ends at the change
    ("closing is skipped", NEW_YORK_NIGHT, "2026-03-08 00:00", "2026-03-08 12:00", 2),
    ("an ordinary night there", NEW_YORK_NIGHT, "2026-03-10 00:00", "2026-03-10 12:00", 2.5),
    # New York 2026-11-01 has 01:00-02:00 twice: midnight to 02:30 lasts three and a half hours
    ("an hour comes twice", NEW_YORK_NIGHT, "2026-11-01 00:00", "2026-11-01 12:00", 3.5),
    ("never open", NEVER, "2026-09-01 00:00", "2026-09-30 00:00", 0),
]

# calendar, start, working hours to wait, due (clocks of the calendar's own zone)
DUE = [
    ("the same day", OFFICE, "2026-09-28 10:00", 2, "2026-09-28 12:00"),
    ("at closing, not at the next opening", OFFICE, "2026-09-28 09:00", 8, "2026-09-28 17:00"),
    ("the next morning", OFFICE, "2026-09-28 16:30", 1, "2026-09-29 09:30"),
    ("over a weekend", OFFICE, "2026-09-25 16:00", 4, "2026-09-28 12:00"),
    ("received while closed", OFFICE, "2026-09-26 23:00", 4, "2026-09-28 13:00"),
    ("over a holiday", HOLIDAY, "2026-09-29 16:00", 2, "2026-10-01 10:00"),
    ("over the golden week", GOLDEN_WEEK, "2026-09-30 17:00", 8.5, "2026-10-09 18:00"),
    ("on the day worked instead", GOLDEN_WEEK, "2026-10-09 17:00", 2, "2026-10-10 10:00"),
    ("nothing to wait for", OFFICE, "2026-09-27 03:00", 0, "2026-09-27 03:00"),
    ("24 hours over a short night", ROUND_THE_CLOCK, "2026-03-28 12:00", 24, "2026-03-29 13:00"),
    ("24 hours over a long night", ROUND_THE_CLOCK, "2026-10-24 12:00", 24, "2026-10-25 11:00"),
]

# received, ended, as of, pauses, working hours spent, clock runs; office calendar
CASES = [
    ("still open", "2026-09-28 09:00", None, "2026-09-29 11:00", [], 10, True),
    ("ended", "2026-09-28 09:00", "2026-09-28 12:00", "2026-09-29 11:00", [], 3, False),
    ("ends later than is known", "2026-09-28 09:00", "2026-09-30 12:00", "2026-09-28 17:00",
     [], 8, True),
    ("received after all that is known", "2026-09-28 09:00", None, "2026-09-25 09:00", [], 0, True),
    ("a pause within a day", "2026-09-28 09:00", "2026-09-28 17:00", "2026-09-30 00:00",
     [("2026-09-28 10:00", "2026-09-28 13:00")], 5, False),
    ("a pause across the night", "2026-09-28 09:00", "2026-09-29 17:00", "2026-09-30 00:00",
     [("2026-09-28 16:00", "2026-09-29 10:00")], 14, False),
    ("a pause across a weekend", "2026-09-25 09:00", "2026-09-28 17:00", "2026-09-30 00:00",
     [("2026-09-25 12:00", "2026-09-28 10:00")], 10, False),
    ("a pause outside working time", "2026-09-28 09:00", "2026-09-29 17:00", "2026-09-30 00:00",
     [("2026-09-28 18:00", "2026-09-29 08:00")], 16, False),
    ("pauses that overlap count once", "2026-09-28 09:00", "2026-09-28 17:00", "2026-09-30 00:00",
     [("2026-09-28 10:00", "2026-09-28 12:00"), ("2026-09-28 11:00", "2026-09-28 13:00")],
     5, False),
    ("a pause that began before receipt", "2026-09-28 10:00", "2026-09-28 17:00",
     "2026-09-30 00:00", [("2026-09-27 10:00", "2026-09-28 11:00")], 6, False),
    ("a pause that still lasts", "2026-09-28 09:00", None, "2026-09-29 17:00",
     [("2026-09-28 12:00", None)], 3, False),
    ("a pause that has just ended", "2026-09-28 09:00", None, "2026-09-29 17:00",
     [("2026-09-28 12:00", "2026-09-29 17:00")], 3, True),
    # reopened: the time between resolution and reopening is a pause
    ("reopened and ended", "2026-09-28 09:00", "2026-10-01 12:00", "2026-10-02 00:00",
     [("2026-09-28 12:00", "2026-09-30 16:00")], 3 + 1 + 3, False),
    ("reopened and still open", "2026-09-28 09:00", None, "2026-10-01 11:00",
     [("2026-09-28 12:00", "2026-09-30 16:00")], 3 + 1 + 2, True),
]  # fmt: skip

NAMES = [case[0] for case in BETWEEN]


def clock_of(hours: WorkingHours) -> WorkingTime:
    return lay_out(hours, date(2026, 3, 1), date(2026, 11, 30))


@pytest.mark.parametrize(("name", "hours", "start", "end", "expected"), BETWEEN, ids=NAMES)
def test_working_time_between_two_moments(
    name: str, hours: WorkingHours, start: str, end: str, expected: float
) -> None:
    zone = hours.timezone
    spent = clock_of(hours).between(seconds_utc(start, zone), seconds_utc(end, zone))
    assert int(spent) == round(expected * H), name


@pytest.mark.parametrize(
    ("name", "hours", "start", "wait", "due"), DUE, ids=[case[0] for case in DUE]
)
def test_moment_by_which_working_time_has_passed(
    name: str, hours: WorkingHours, start: str, wait: float, due: str
) -> None:
    zone = hours.timezone
    found = clock_of(hours).deadline(seconds_utc(start, zone), round(wait * H))
    assert int(found) == seconds_utc(due, zone), name


@pytest.mark.parametrize(
    ("name", "received", "ended", "as_of", "pauses", "hours", "running"),
    CASES,
    ids=[case[0] for case in CASES],
)
def test_time_spent_on_a_case(
    name: str,
    received: str,
    ended: str | None,
    as_of: str,
    pauses: list[tuple[str, str | None]],
    hours: float,
    running: bool,
) -> None:
    rests = [(seconds_utc(a), seconds_utc(b) if b else None) for a, b in pauses]
    end = seconds_utc(ended) if ended else None
    found = case_time(clock_of(OFFICE), seconds_utc(received), end, seconds_utc(as_of), rests)
    assert found == (round(hours * H), running), name


def second_by_second(hours: WorkingHours, start: int, end: int) -> int:
    """Count, minute by minute, by asking the wall clock: slow and independent."""
    zone = ZoneInfo(hours.timezone)
    total = 0
    for moment in range(start, end, M):
        wall = datetime.fromtimestamp(moment, zone)
        for back in (0, 1):
            day = wall.date() - timedelta(days=back)
            at = 1440 * back + 60 * wall.hour + wall.minute
            total += M * any(opens <= at < closes for opens, closes in hours.shifts(day))
    return total


@pytest.mark.parametrize("hours", [OFFICE, LUNCH, NIGHT, LONDON, GOLDEN_WEEK, ROUND_THE_CLOCK])
@settings(max_examples=25)
@given(start=st.integers(0, 200 * 1440), length=st.integers(0, 4 * 1440))
def test_agrees_with_counting_minutes_on_the_wall(
    hours: WorkingHours, start: int, length: int
) -> None:
    first = seconds_utc("2026-04-01") + M * start
    found = clock_of(hours).between(first, first + M * length)
    assert int(found) == second_by_second(hours, first, first + M * length)


MOMENTS = st.integers(seconds_utc("2026-03-02"), seconds_utc("2026-11-29"))
CLOCKS = {h: clock_of(h) for h in (OFFICE, LUNCH, NIGHT, LONDON, NEW_YORK_NIGHT)}


@pytest.mark.parametrize("clock", CLOCKS.values())
@settings(max_examples=50)
@given(a=MOMENTS, b=MOMENTS, c=MOMENTS)
def test_stretches_add_up_and_time_never_runs_back(
    clock: WorkingTime, a: int, b: int, c: int
) -> None:
    assert clock.between(a, b) + clock.between(b, c) == clock.between(a, c)
    early, late = sorted((a, b))
    assert 0 <= clock.between(early, late) <= late - early


@given(a=MOMENTS, b=MOMENTS)
def test_a_clock_that_is_always_open_is_the_calendar(a: int, b: int) -> None:
    assert CALENDAR.between(a, b) == b - a
    assert CALENDAR.deadline(min(a, b), abs(a - b)) == max(a, b)


CALENDAR = clock_of(ROUND_THE_CLOCK)


@pytest.mark.parametrize("clock", CLOCKS.values())
@settings(max_examples=50)
@given(start=st.integers(seconds_utc("2026-03-02"), seconds_utc("2026-08-01")),
       wait=st.integers(0, 100 * H))  # fmt: skip
def test_a_deadline_is_the_first_moment_with_enough_time(
    clock: WorkingTime, start: int, wait: int
) -> None:
    due = int(clock.deadline(start, wait))
    assert clock.between(start, due) == wait
    assert wait == 0 or clock.between(start, due - 1) == wait - 1


@given(
    pauses=st.lists(st.tuples(MOMENTS, st.integers(0, 10**6)), max_size=4),
    received=MOMENTS,
    length=st.integers(0, 10**6),
)
def test_pauses_only_take_time_away(
    pauses: list[tuple[int, int]], received: int, length: int
) -> None:
    clock, end = CLOCKS[OFFICE], min(received + length, seconds_utc("2026-11-29"))
    rests = [(a, min(a + n, seconds_utc("2026-11-29"))) for a, n in pauses]
    with_them = case_time(clock, received, end, end, rests).seconds
    without = case_time(clock, received, end, end).seconds
    taken = sum(int(clock.between(a, b)) for a, b in rests)
    assert max(0, without - taken) <= with_them <= without


def test_many_moments_are_measured_at_once() -> None:
    moments = np.arange(seconds_utc("2026-09-01"), seconds_utc("2026-10-01"), 997)
    clock = CLOCKS[OFFICE]
    together = clock.between(moments[:-1], moments[1:])
    assert together.tolist() == [int(clock.between(a, b)) for a, b in pairwise(moments)]
    due = clock.deadline(moments, 3 * H)
    assert due.tolist() == [int(clock.deadline(m, 3 * H)) for m in moments]


def test_what_the_calendar_does_not_cover_is_refused() -> None:
    clock = lay_out(OFFICE, date(2026, 9, 1), date(2026, 9, 30))
    outside = seconds_utc("2026-10-01 00:01")
    with pytest.raises(ValueError, match="outside the stretch"):
        clock.elapsed(outside)
    with pytest.raises(ValueError, match="ends before the deadline"):
        clock.deadline(seconds_utc("2026-09-30 16:00"), 2 * H)
    with pytest.raises(ValueError, match="after its start"):
        clock.deadline(seconds_utc("2026-09-30 16:00"), -1)
    with pytest.raises(ValueError, match="before the first"):
        lay_out(OFFICE, date(2026, 9, 2), date(2026, 9, 1))
    with pytest.raises(ValueError, match="pause ends before"):
        case_time(clock, outside - 9 * H, None, outside - H, [(outside, outside - 1)])
    nothing = lay_out(NEVER, date(2026, 9, 1), date(2026, 9, 30))
    with pytest.raises(ValueError, match="ends before the deadline"):
        nothing.deadline(seconds_utc("2026-09-02"), 1)
    assert int(nothing.deadline(seconds_utc("2026-09-02"), 0)) == seconds_utc("2026-09-02")


@pytest.mark.parametrize("text", ["9-17", "09:00", "25:00-26:00", "09:60-10:00", "", "09:00-24:01"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UsageProblem, match="are no opening hours"):
        shift(text)


def test_hours_that_overlap_are_refused() -> None:
    with pytest.raises(UsageProblem, match="overlap"):
        shifts(["09:00-12:00", "11:00-14:00"])


def test_moments_are_read_from_the_clocks_of_a_zone() -> None:
    moment = datetime.fromtimestamp(seconds_utc("2026-07-01 08:00", "Asia/Shanghai"), UTC)
    assert moment == datetime(2026, 7, 1, 0, 0, tzinfo=UTC)
