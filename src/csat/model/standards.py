"""What a service promises: its working calendar, and how fast it answers and resolves.

The product knows no target of its own. A program's calendar and targets come from a TOML file,
kept as JSON of the same shape.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from zoneinfo import ZoneInfo

from csat.model.document import KEY, as_json, require_only, texts, unfit
from csat.model.message import N_, msg
from csat.model.problem import UsageProblem
from csat.model.working_hours import ALWAYS, WEEKDAYS, WorkingHours, shifts

EVENTS: Final[dict[str, str]] = {
    "acknowledgement": N_("acknowledgement"),
    "response": N_("first response"),
    "resolution": N_("resolution"),
}
CLOCKS: Final[dict[str, str]] = {
    "business": N_("working time"),
    "calendar": N_("calendar time"),
}
_UNITS: Final = {"min": 60, "h": 3600, "d": 86_400}
_PART: Final = re.compile(r"\s*(\d+)\s*(min|h|d)\b")
_SHOWN: Final = msg("Write it as docs/guide/service-standards.md shows")
_LISTS: Final = msg('Write a list of texts, such as ["09:00-17:00"]')


@dataclass(frozen=True, slots=True)
class Target:
    """One promise: how long until an event, on which clock, for cases of which severity.

    ``severities`` empty means every severity that no other target of the same event and clock
    names, cases without one included.
    """

    key: str
    title: str
    event: str
    clock: str
    seconds: int
    severities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ServiceStandard:
    """The working calendar of a program and its targets, in the order of the file.

    ``timezone`` of the hours may be "" for the program's own.
    """

    hours: WorkingHours
    targets: tuple[Target, ...]

    def covers(self, target: Target, severity: str) -> bool:
        """Say whether a target is about cases of a severity."""
        if target.severities:
            return severity in target.severities
        return not any(
            severity in other.severities
            for other in self.targets
            if (other.event, other.clock) == (target.event, target.clock)
        )


def read_standard(text: str) -> tuple[ServiceStandard, str]:
    """Read calendar and targets from a TOML text.

    Returns
    -------
    tuple
        The standard, and the JSON text that `stored_standard` reads back to an equal one.

    Raises
    ------
    UsageProblem
        Naming the entry and what to write instead.

    Examples
    --------
    >>> standard, kept = read_standard('''
    ... [calendar.hours]
    ... monday = ["09:00-12:00", "13:00-18:00"]
    ... [[target]]
    ... key = "answer-urgent"
    ... event = "response"
    ... clock = "business"
    ... within = "4 h"
    ... severities = ["critical", "high"]
    ... ''')
    >>> standard.targets[0].seconds, standard == stored_standard(kept)
    (14400, True)
    """
    kept = as_json(text, _SHOWN, _plain)
    return stored_standard(kept), kept


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise unfit("calendar", value, msg("Write dates as 2026-10-01 and times as texts"))


def stored_standard(text: str) -> ServiceStandard:
    """Return the standard that a JSON text holds; raises as `read_standard` does."""
    raw = json.loads(text)
    require_only(raw, ("calendar", "target"), "", _SHOWN)
    hours = _hours(raw.get("calendar", {}))
    listed = raw.get("target", [])
    if not isinstance(listed, list) or not listed:
        raise UsageProblem(
            msg("The file sets no target"), msg("Add at least one [[target]] with event and within")
        )
    targets = tuple(_target(entry) for entry in listed)
    _no_conflict(targets)
    return ServiceStandard(hours, targets)


def _hours(raw: Mapping[str, Any]) -> WorkingHours:
    require_only(raw, ("timezone", "hours", "holidays", "working_days"), "calendar", _SHOWN)
    timezone = str(raw.get("timezone", ""))
    if timezone:
        try:
            ZoneInfo(timezone)
        except (ValueError, KeyError, OSError) as error:
            raise unfit(
                "timezone", timezone, msg("Use a name such as Europe/London or Asia/Shanghai")
            ) from error
    week = raw.get("hours", {})
    require_only(week, WEEKDAYS, "calendar.hours", _SHOWN)
    extra = []
    for entry in raw.get("working_days", []):
        require_only(entry, ("date", "hours"), "calendar.working_days", _SHOWN)
        extra.append((_day(entry.get("date")), shifts(texts(entry, "hours", _LISTS))))
    holidays = frozenset(_day(d) for d in raw.get("holidays", []))
    both = sorted(holidays & {day for day, _ in extra})
    if both:
        raise UsageProblem(
            msg("{day} is both a holiday and a working day", day=both[0].isoformat()),
            msg("Leave one of them out"),
        )
    return WorkingHours(
        timezone,
        tuple(shifts(texts(week, name, _LISTS)) for name in WEEKDAYS) if week else ALWAYS,
        holidays,
        tuple(sorted(extra)),
    )


def _target(raw: Mapping[str, Any]) -> Target:
    require_only(raw, ("key", "title", "event", "clock", "within", "severities"), "target", _SHOWN)
    key, event = str(raw.get("key", "")), str(raw.get("event", ""))
    clock = str(raw.get("clock", "calendar"))
    if not KEY.fullmatch(key):
        raise unfit("key", key, msg("Use small letters, digits and '-', such as answer-urgent"))
    for name, value, known in (("event", event, EVENTS), ("clock", clock, CLOCKS)):
        if value not in known:
            raise unfit(name, value, msg("Use one of: {names}", names=", ".join(known)))
    severities = tuple(s.lower() for s in texts(raw, "severities", _LISTS))
    return Target(
        key,
        str(raw.get("title", "") or key),
        event,
        clock,
        duration_seconds(str(raw.get("within", "")), clock),
        tuple(sorted(set(severities))),
    )


def duration_seconds(text: str, clock: str = "calendar") -> int:
    """Read a length of time such as "4 h", "1 h 30 min" or "3 d".

    Raises
    ------
    UsageProblem
        When the text is none, or names days of a clock whose days differ in length.

    Examples
    --------
    >>> duration_seconds("1 h 30 min"), duration_seconds("3 d")
    (5400, 259200)
    """
    parts = _PART.findall(text)
    if not parts or _PART.sub("", text).strip():
        raise unfit("within", text, msg("Write it as 4 h, 30 min or 3 d"))
    if clock == "business" and any(unit == "d" for _, unit in parts):
        raise unfit("within", text, msg("Working time is given in h and min; days differ"))
    seconds = sum(int(number) * _UNITS[unit] for number, unit in parts)
    if not 0 < seconds <= 10 * 366 * 86_400:
        raise unfit("within", text, msg("Give a time above 0 and up to ten years"))
    return seconds


def _no_conflict(targets: Iterable[Target]) -> None:
    seen: dict[tuple[str, ...], str] = {}
    keys: set[str] = set()
    for target in targets:
        if target.key in keys:
            raise unfit("key", target.key, msg("Give every target its own key"))
        keys.add(target.key)
        for severity in target.severities or ("",):
            place = (target.event, target.clock, severity)
            if place in seen:
                raise UsageProblem(
                    msg(
                        "Targets '{first}' and '{second}' are about the same cases",
                        first=seen[place],
                        second=target.key,
                    ),
                    msg("Give each its own severities, or leave one out"),
                )
            seen[place] = target.key


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise unfit("date", value, msg("Write days as 2026-09-30")) from error
