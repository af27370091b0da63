"""Service standards are read from a file as it says, or refused with what to write instead."""

from __future__ import annotations

from datetime import date

import pytest

from csat.model.problem import UsageProblem
from csat.model.standards import duration_seconds, read_standard, stored_standard
from csat.model.working_hours import ALWAYS

TARGET = '[[target]]\nkey = "a"\nevent = "response"\nwithin = "4 h"\n'
WHOLE = """
[calendar]
timezone = "Asia/Shanghai"
holidays = [2026-10-01, "2026-10-02"]
[calendar.hours]
monday = ["13:00-18:00", "09:00-12:00"]
[[calendar.working_days]]
date = "2026-10-10"
hours = ["09:00-12:00"]
[[target]]
key = "urgent"
title = "Urgent cases answered"
event = "response"
clock = "business"
within = "1 h 30 min"
severities = ["High", "critical"]
[[target]]
key = "rest"
event = "response"
clock = "business"
within = "8 h"
"""


def test_a_whole_file_is_read_and_kept() -> None:
    standard, kept = read_standard(WHOLE)
    assert standard == stored_standard(kept)
    hours = standard.hours
    assert hours.timezone == "Asia/Shanghai"
    assert hours.week == (((540, 720), (780, 1080)), (), (), (), (), (), ())
    assert hours.holidays == {date(2026, 10, 1), date(2026, 10, 2)}
    assert hours.extra == ((date(2026, 10, 10), ((540, 720),)),)
    urgent, rest = standard.targets
    assert (urgent.seconds, urgent.severities) == (5400, ("critical", "high"))
    assert (rest.title, rest.clock) == ("rest", "business")


def test_a_target_without_severities_is_about_those_no_other_names() -> None:
    standard, _ = read_standard(WHOLE)
    urgent, rest = standard.targets
    said = {s: (standard.covers(urgent, s), standard.covers(rest, s)) for s in ("high", "low", "")}
    assert said == {"high": (True, False), "low": (False, True), "": (False, True)}


def test_without_hours_a_service_is_always_open() -> None:
    assert read_standard(TARGET)[0].hours.week == ALWAYS


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml", "no TOML"),
        ("", "sets no target"),
        ("target = 3", "sets no target"),
        (TARGET + TARGET, "key"),
        (TARGET + TARGET.replace('"a"', '"b"'), "'a' and 'b' are about the same cases"),
        (TARGET.replace("4 h", "soon"), "'soon' cannot be the within"),
        (TARGET.replace("4 h", "0 h"), "'0 h' cannot be the within"),
        (TARGET + 'clock = "business"\n'.replace("4 h", "2 d"), None),
        (TARGET.replace("4 h", "2 d") + 'clock = "business"\n', "'2 d' cannot be the within"),
        (TARGET.replace("response", "phone"), "'phone' cannot be the event"),
        (TARGET + 'clock = "moon"\n', "'moon' cannot be the clock"),
        (TARGET.replace('"a"', '"A b"'), "'A b' cannot be the key"),
        (TARGET + "wihtin = 3\n", "no entry 'wihtin'"),
        (TARGET + 'severities = "high"\n', "cannot be the severities"),
        ('[calendar]\ntimezone = "Mars/Base"\n' + TARGET, "'Mars/Base' cannot be the timezone"),
        ('[calendar]\nholidays = ["soon"]\n' + TARGET, "'soon' cannot be the date"),
        ('[calendar.hours]\nmoonday = ["09:00-10:00"]\n' + TARGET, "no entry 'moonday'"),
        ('[calendar.hours]\nmonday = ["9 to 5"]\n' + TARGET, "'9 to 5' are no opening hours"),
        ("[calendar.hours]\nmonday = [9]\n" + TARGET, "cannot be the monday"),
        ("[calendar.hours]\nmonday = [09:00:00]\n" + TARGET, "cannot be the calendar"),
        ("calendar = 3\n" + TARGET, "cannot be the calendar"),
        (
            '[calendar]\nholidays = ["2026-10-10"]\n[[calendar.working_days]]\n'
            'date = "2026-10-10"\nhours = []\n' + TARGET,
            "both a holiday and a working day",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, said: str | None) -> None:
    if said is None:
        read_standard(text)
        return
    with pytest.raises(UsageProblem, match=said) as caught:
        read_standard(text)
    assert str(caught.value.remedy)


@pytest.mark.parametrize(
    ("text", "seconds"), [("4 h", 14_400), ("90min", 5_400), ("1 d 2 h 3 min", 93_780)]
)
def test_lengths_of_time(text: str, seconds: int) -> None:
    assert duration_seconds(text) == seconds
