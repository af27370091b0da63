"""When a service works: weekly opening hours, holidays, and days worked out of turn."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from csat.model.message import msg
from csat.model.problem import UsageProblem

Shift = tuple[int, int]
"""Opening and closing in minutes after midnight of the day the shift starts on."""

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_MINUTES: Final = 1440
_SHIFT: Final = re.compile(r"(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})")


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """Which hours of which days count as working time.

    Parameters
    ----------
    timezone
        IANA name of the zone whose clocks the hours are read from.
    week
        Shifts of Monday to Sunday. A shift that closes at or before it opens ends on the next
        day and belongs to the day it starts on.
    holidays
        Days on which no shift starts.
    extra
        Days worked out of turn with their shifts, such as the make-up days of 调休; they take
        the place of whatever the week says.

    Examples
    --------
    >>> office = WorkingHours("UTC", week=((shift("09:00-17:00"),),) * 5 + ((), ()))
    >>> office.shifts(date(2026, 9, 30)), office.shifts(date(2026, 10, 3))
    (((540, 1020),), ())
    """

    timezone: str
    week: tuple[tuple[Shift, ...], ...]
    holidays: frozenset[date] = frozenset()
    extra: tuple[tuple[date, tuple[Shift, ...]], ...] = ()

    def shifts(self, day: date) -> tuple[Shift, ...]:
        """Return the shifts that start on a day."""
        for worked, own in self.extra:
            if worked == day:
                return own
        return () if day in self.holidays else self.week[day.weekday()]


ALWAYS: Final[tuple[tuple[Shift, ...], ...]] = (((0, DAY_MINUTES),),) * 7
"""A week without a closed hour: its clock is the calendar's."""


def shift(text: str) -> Shift:
    """Read one shift of the form 09:00-17:30.

    A closing at or before the opening is one of the next day: 22:00-06:00 is eight hours,
    00:00-00:00 and 00:00-24:00 are the whole day.

    Raises
    ------
    UsageProblem
        When the text is no such shift.

    Examples
    --------
    >>> shift("09:00-17:30"), shift("22:00-06:00"), shift("00:00-24:00")
    ((540, 1050), (1320, 1800), (0, 1440))
    """
    found = _SHIFT.fullmatch(text.strip())
    if found:
        h1, m1, h2, m2 = (int(part) for part in found.groups())
        opens, closes = 60 * h1 + m1, 60 * h2 + m2
        if m1 < 60 and m2 < 60 and opens < DAY_MINUTES and closes <= DAY_MINUTES:
            return opens, closes if closes > opens else closes + DAY_MINUTES
    raise UsageProblem(
        msg("'{text}' are no opening hours", text=text), msg("Write them as 09:00-17:30")
    )


def shifts(texts: Iterable[str]) -> tuple[Shift, ...]:
    """Read the shifts of one day.

    Raises
    ------
    UsageProblem
        When a text is no shift, or two of them overlap.

    Examples
    --------
    >>> shifts(["13:00-18:00", "09:00-12:00"])
    ((540, 720), (780, 1080))
    """
    listed = list(texts)
    found = sorted(shift(text) for text in listed)
    for (_, closes), (opens, _) in pairwise(found):
        if opens < closes:
            raise UsageProblem(
                msg("The opening hours {hours} overlap", hours=", ".join(listed)),
                msg("Give hours of one day that follow one another"),
            )
    return tuple(found)
