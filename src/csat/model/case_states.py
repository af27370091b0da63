"""States of a complaint that cases are chosen by: promises, urgency, age and coming back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from csat.model.message import N_, Message, msg
from csat.model.problem import UsageProblem

STANDING_LABELS: Final[dict[str, str]] = {
    "overdue": N_("Open and overdue"),
    "soon": N_("Open, due within 3 days"),
    "waiting": N_("Open, due later"),
    "late": N_("Done late"),
    "met": N_("Every target met"),
    "none": N_("No target applies"),
}
"""How a case stands against the targets that apply to it, what needs work first.

A case with several targets counts as overdue, due soon or done late where any of them is; as due
later where one is and none of the former holds; as met where all are.
"""
SOON_DAYS: Final = 3
"""Days from the latest known moment within which an open case is due soon."""

DUE_LABELS: Final[dict[str, str]] = {
    "due": N_("due"),
    "met": N_("done in time"),
    "late": N_("done late"),
    "overdue": N_("open and overdue"),
    "waiting": N_("open and not due yet"),
}
"""How a case stands against one target; ``due`` is in time, late and overdue together."""

URGENT: Final[tuple[str, ...]] = ("critical", "high")
"""Severities of urgent cases."""
URGENCY_LABELS: Final[dict[str, str]] = {
    "urgent": N_("Urgent (critical or high)"),
    "normal": N_("Not urgent"),
}

RETURN_DAYS: Final[tuple[int, ...]] = (7, 30, 90)
"""Days after a case is closed within which its customer may come back."""
RETURN_KINDS: Final[dict[str, str]] = {
    "reopened": N_("reopened within {n} days"),
    "repeated": N_("same customer, same category again within {n} days"),
    "recontacted": N_("same customer again within {n} days"),
}

_AGE: Final = re.compile(r"(open|closed):(\d{1,4})-(\d{0,4})")
_DAY: Final = 86_400


def age_code(kind: str, low: int, high: int | None) -> str:
    """Return the code of cases open, or closed after, from so many up to so many days.

    Examples
    --------
    >>> age_code("open", 7, 14), age_code("closed", 90, None)
    ('open:7-14', 'closed:90-')
    """
    return f"{kind}:{low:d}-{'' if high is None else f'{high:d}'}"


def age_of(code: str) -> tuple[str, int, int | None]:
    """Return "open" or "closed", and the days from and up to (not included) of a code.

    Raises
    ------
    UsageProblem
        When the code is none.

    Examples
    --------
    >>> age_of("closed:90-")
    ('closed', 90, None)
    """
    found = _AGE.fullmatch(code)
    if found is None:
        raise UsageProblem(
            msg("'{code}' is no age of cases", code=code),
            msg("Write open:7-14 for cases open 7 to under 14 days, closed:90- for 90 and more"),
        )
    kind, low, high = found.groups()
    return kind, int(low), int(high) if high else None


def age_words(code: str) -> Message:
    """Say a code of `age_code` in words.

    Examples
    --------
    >>> str(age_words("open:7-14"))
    'open 7 to 14 d'
    """
    kind, low, high = age_of(code)
    if high is None:
        if kind == "open":
            return msg("open over {low} d", low=low)
        return msg("closed after over {low} d", low=low)
    if kind == "open":
        return msg("open {low} to {high} d", low=low, high=high)
    return msg("closed in {low} to {high} d", low=low, high=high)


@dataclass(frozen=True, slots=True)
class Due:
    """Cases that stand so against one target, by the day on which they fall due.

    Its code is ``STATE:TARGET`` or, within days, ``STATE:TARGET:FIRST:LAST``, both days counted.

    Examples
    --------
    >>> Due("late", "solve", date(2026, 7, 1), date(2026, 9, 30)).code
    'late:solve:2026-07-01:2026-09-30'
    >>> Due.of("overdue:solve")
    Due(state='overdue', target='solve', first=None, last=None)
    """

    state: str
    target: str
    first: date | None = None
    last: date | None = None

    @property
    def code(self) -> str:
        """The code of a link or the command line."""
        days = f":{self.first}:{self.last}" if self.first and self.last else ""
        return f"{self.state}:{self.target}{days}"

    @classmethod
    def of(cls, code: str) -> Due:
        """Read a code.

        Raises
        ------
        UsageProblem
            When it is none.
        """
        state, _, rest = code.partition(":")
        target, *days = rest.split(":")
        try:
            first, last = (date.fromisoformat(d) for d in days) if days else (None, None)
        except ValueError:
            first, last, state = None, None, ""
        if state not in DUE_LABELS or not target or (first and last and first > last):
            raise UsageProblem(
                msg("'{code}' is no state of a target", code=code),
                msg(
                    "Write STATE:TARGET:FIRST:LAST, such as late:solve:2026-07-01:2026-09-30, "
                    "with one of {states}",
                    states=", ".join(DUE_LABELS),
                ),
            )
        return cls(state, target, first, last)

    @property
    def words(self) -> Message:
        """Say it in words."""
        state = Message(DUE_LABELS[self.state])
        if self.first is None or self.last is None:
            return msg("{state} by target {target}", state=state, target=self.target)
        return msg(
            "{state} by target {target}, falling due {first} to {last}",
            state=state,
            target=self.target,
            first=self.first,
            last=self.last,
        )


def return_of(code: str) -> tuple[str, int]:
    """Return the kind and the days of a code such as ``repeated:30``.

    Raises
    ------
    UsageProblem
        When the code is none.

    Examples
    --------
    >>> return_of("recontacted:7")
    ('recontacted', 7)
    """
    kind, _, days = code.partition(":")
    if kind not in RETURN_KINDS or not days.isdigit() or int(days) not in RETURN_DAYS:
        raise UsageProblem(
            msg("'{code}' is no way for a case to come back", code=code),
            msg(
                "Write one of {kinds} with one of {days}, such as repeated:30",
                kinds=", ".join(RETURN_KINDS),
                days=", ".join(map(str, RETURN_DAYS)),
            ),
        )
    return kind, int(days)


def state_words(name: str, code: str) -> Message:
    """Say a value of a filter of case states in words.

    Parameters
    ----------
    name
        "sla", "due", "urgency", "age" or "return", as in links and on the command line.

    Examples
    --------
    >>> str(state_words("return", "repeated:30"))
    'same customer, same category again within 30 days'
    """
    if name == "age":
        return age_words(code)
    if name == "due":
        return Due.of(code).words
    if name == "return":
        kind, days = return_of(code)
        return Message(RETURN_KINDS[kind], {"n": days})
    labels = STANDING_LABELS if name == "sla" else URGENCY_LABELS
    if code not in labels:
        raise UsageProblem(
            msg("'{code}' is no value of the filter '{name}'", code=code, name=name),
            msg("Use one of: {names}", names=", ".join(labels)),
        )
    return Message(labels[code], {})


STATE_FILTERS: Final[dict[str, str]] = {
    "sla": "standings",
    "due": "dues",
    "urgency": "urgencies",
    "age": "ages",
    "return": "returns",
}
"""Filters by codes of states -> their field of the filters."""
