"""An improvement as it is planned: what it is about, and how it will be judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any, Final, Literal, get_args

from csat.model.filters import Filters, parse_day, where_clause
from csat.model.message import N_, msg
from csat.model.metrics import metric
from csat.model.period import Period
from csat.model.problem import UsageProblem

Stage = Literal["plan", "do", "check", "act"]
STAGES: Final[tuple[str, ...]] = get_args(Stage)
STAGE_LABELS: Final[dict[str, str]] = {
    "plan": N_("Plan"),
    "do": N_("Do"),
    "check": N_("Check"),
    "act": N_("Act"),
}
ADDRESSES_LABELS: Final[dict[str, str]] = {
    "cause": N_("a cause of complaints"),
    "gap": N_("a gap"),
    "signal": N_("a signal"),
    "other": N_("something else"),
}
VERDICT_LABELS: Final[dict[str, str]] = {
    "worked": N_("worked"),
    "did_not": N_("did not work"),
    "too_early": N_("too early"),
}
OTHERS: Final = "others"
"""Compare with all other groups together."""
MOST_LETTERS: Final = 500
_LONGEST_KEY: Final = 80
_CASES_ONLY: Final = ("categories", "causes", "severities", "statuses")
_SPLIT: Final = ("branches", "channels", "segments", "touchpoints", "categories", "causes")


@dataclass(frozen=True, slots=True)
class ActionPlan:
    """One improvement.

    Parameters
    ----------
    key
        Short name that is unique in the program, such as "photo-readings".
    addresses, addressed
        What kind of thing it is meant to better, and its name.
    metric, where
        The figure it is judged by, over these records: NAME=VALUE as on the command line.
    against
        "others" for all other groups of the one cut in ``where``, filters of a comparison
        group, or nothing.
    start, due
        The first day it is in force, and the day on which it is judged.
    baseline
        Days it is compared with; None for the twelve whole months before it.

    Raises
    ------
    UsageProblem
        Where the parts are missing or do not fit together.
    """

    key: str
    title: str
    addresses: str
    addressed: str
    metric: str
    where: tuple[str, ...]
    against: tuple[str, ...]
    start: date
    due: date
    owner: str
    stage: str = "plan"
    note: str = ""
    baseline: Period | None = None

    def __post_init__(self) -> None:
        for name in ("key", "title", "owner", "addressed"):
            _require_text(name, getattr(self, name))
        if not self.key.isprintable() or len(self.key) > _LONGEST_KEY:
            raise UsageProblem(
                msg("'{key}' is no name of an action", key=self.key[:_LONGEST_KEY]),
                msg("Give a short name of at most {n} signs on one line", n=_LONGEST_KEY),
            )
        _require_known("addresses", self.addresses, tuple(ADDRESSES_LABELS))
        _require_known("stage", self.stage, STAGES)
        if self.due <= self.start:
            raise UsageProblem(
                msg("due is {due}, not after start, {start}", due=self.due, start=self.start),
                msg("Judge it some months after it begins"),
            )
        if self.baseline is not None and self.baseline.last >= self.start:
            raise UsageProblem(
                msg("The baseline ends on {day}, after the start", day=self.baseline.last),
                msg("Compare with days before the action begins"),
            )
        self._require_fit()

    def _require_fit(self) -> None:
        judged_by = metric(self.metric)
        subject = judged_by.subject
        if judged_by.direction == "none":
            raise UsageProblem(
                msg("Neither high nor low is good for {metric}", metric=self.metric),
                msg("Choose a figure that gets better or worse"),
            )
        mine = Filters.of("p", **where_clause(self.where))
        for clauses in (self.where, () if self.against == (OTHERS,) else self.against):
            chosen = Filters.of("p", **where_clause(clauses))
            if subject == "survey" and any(getattr(chosen, name) for name in _CASES_ONLY):
                raise UsageProblem(
                    msg("{metric} is no figure of complaints", metric=self.metric),
                    msg("Leave out category, cause, severity and status, or change the metric"),
                )
        narrowed = [name for name in _SPLIT if getattr(mine, name)]
        if self.against == (OTHERS,) and len(narrowed) != 1:
            raise UsageProblem(
                msg("'others' needs one cut to be chosen, such as branch=North"),
                msg("Name the comparison group as NAME=VALUE, or leave it out"),
            )

    def filters(self, program: str) -> Filters:
        """Return the records it is about, over all days."""
        return Filters.of(program, compare="none", **where_clause(self.where))

    def compared(self, program: str) -> Filters | None:
        """Return the records of a comparison group that is named; None for others or none."""
        if not self.against or self.against == (OTHERS,):
            return None
        return Filters.of(program, compare="none", **where_clause(self.against))

    def split(self) -> str | None:
        """Return the field of the filters that "others" is about."""
        mine = self.filters("p")
        return next((name for name in _SPLIT if getattr(mine, name)), None)

    def same_question(self, other: ActionPlan) -> bool:
        """Say whether both will be judged alike: what may not change once it has begun."""
        return self._fixed() == other._fixed()

    def _fixed(self) -> tuple[object, ...]:
        return self.metric, self.where, self.against, self.start, self.due, self.baseline

    def to_json(self) -> dict[str, Any]:
        """Return the plan as an object of the file that `read_action` reads."""
        whole = {f.name: getattr(self, f.name) for f in fields(self)}
        baseline = whole.pop("baseline")
        whole |= {
            "where": list(self.where),
            "against": list(self.against),
            "start": self.start.isoformat(),
            "due": self.due.isoformat(),
            "baseline_from": None if baseline is None else baseline.first.isoformat(),
            "baseline_to": None if baseline is None else baseline.last.isoformat(),
        }
        return whole

    def with_(self, **parts: Any) -> ActionPlan:
        """Return the plan with some parts changed."""
        return replace(self, **parts)


FIELDS: Final = (
    "key", "title", "addresses", "addressed", "metric", "where", "against", "start", "due",
    "owner", "stage", "note", "baseline_from", "baseline_to",
)  # fmt: skip
"""What a file of actions may say of each."""
_NEEDED: Final = ("key", "title", "addressed", "metric", "start", "due", "owner")


def read_action(raw: Mapping[str, Any]) -> ActionPlan:
    """Read an action from a row of a file.

    Parameters
    ----------
    raw
        Field to value; ``where`` and ``against`` are lists, or one text with "; " between.

    Raises
    ------
    UsageProblem
        Naming the field and its value.

    Examples
    --------
    >>> plan = read_action({"key": "photo", "title": "Photo of each meter", "addresses": "cause",
    ...     "addressed": "Meter reading", "metric": "complaints_received",
    ...     "where": "cause=Meter reading", "against": "others", "start": "2025-12-01",
    ...     "due": "2026-06-30", "owner": "Ann"})
    >>> plan.stage, plan.where, read_action(plan.to_json()) == plan
    ('plan', ('cause=Meter reading',), True)
    """
    unknown = [str(name) for name in raw if name not in FIELDS]
    if unknown:
        raise UsageProblem(
            msg("'{name}' is no field of an action", name=unknown[0]),
            msg("Use: {names}", names=", ".join(FIELDS)),
        )
    text = {name: raw.get(name) for name in FIELDS}
    for name in _NEEDED:
        _require_text(name, "" if text[name] is None else str(text[name]))
    first, last = _day("baseline_from", text), _day("baseline_to", text)
    if (first is None) != (last is None):
        raise UsageProblem(
            msg("baseline_from and baseline_to go together"), msg("Give both, or neither")
        )
    return ActionPlan(
        key=str(text["key"]).strip(),
        title=str(text["title"]).strip(),
        addresses=str(text["addresses"] or "other").strip(),
        addressed=str(text["addressed"]).strip(),
        metric=str(text["metric"]).strip(),
        where=_clauses(text["where"]),
        against=_clauses(text["against"]),
        start=parse_day(str(text["start"]).strip()),
        due=parse_day(str(text["due"]).strip()),
        owner=str(text["owner"]).strip(),
        stage=str(text["stage"] or "plan").strip(),
        note=str(text["note"] or "").strip(),
        baseline=None if first is None or last is None else Period(first, last),
    )


def _day(name: str, text: Mapping[str, Any]) -> date | None:
    value = text[name]
    return parse_day(str(value).strip()) if value else None


def _clauses(value: object) -> tuple[str, ...]:
    parts = value if isinstance(value, list | tuple) else str(value or "").split(";")
    return tuple(str(part).strip() for part in parts if str(part).strip())


def _require_text(name: str, value: str) -> None:
    if not value.strip() or len(value) > MOST_LETTERS:
        raise UsageProblem(
            msg("{field} is missing, or longer than {n} characters", field=name, n=MOST_LETTERS),
            msg("Fill it in"),
        )


def _require_known(name: str, value: str, known: tuple[str, ...]) -> None:
    if value not in known:
        raise UsageProblem(
            msg("{field} cannot be '{value}'", field=name, value=value),
            msg("Use one of: {names}", names=", ".join(known)),
        )
