"""The one value that says which part of the data a figure is about.

It renders itself as a URL and as a sentence here, and as an SQL predicate in
``csat.queries.predicate``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from csat.model.case_stages import TYPE_LABELS
from csat.model.case_states import STATE_FILTERS, state_words
from csat.model.conformance import Cell
from csat.model.message import N_, Message, msg
from csat.model.period import FIRST_YEAR, LAST_YEAR, Period
from csat.model.problem import UsageProblem
from csat.model.vocabulary import SEVERITY_LABELS, STATUS_LABELS

Compare = Literal["previous", "last_year", "none"]

COMPARE_LABELS: Final[dict[str, str]] = {
    "previous": N_("the period before"),
    "last_year": N_("the same period last year"),
    "none": N_("nothing"),
}

_LISTS: Final[dict[str, str]] = {
    "branch": "branches",
    "channel": "channels",
    "segment": "segments",
    "touchpoint": "touchpoints",
    "survey": "surveys",
    "category": "categories",
    "cause": "causes",
    "severity": "severities",
    "status": "statuses",
    "outcome": "outcomes",
    **STATE_FILTERS,
    "type": "types",
}
"""URL and command-line name of each list -> its field."""

_SENTENCE_LABELS: Final[dict[str, str]] = {
    "branch": N_("branch {values}"),
    "channel": N_("channel {values}"),
    "segment": N_("segment {values}"),
    "touchpoint": N_("touchpoint {values}"),
    "survey": N_("survey {values}"),
    "category": N_("category {values}"),
    "cause": N_("cause {values}"),
    "severity": N_("severity {values}"),
    "status": N_("status {values}"),
    "outcome": N_("outcome {values}"),
    "sla": N_("service level {values}"),
    "due": N_("{values}"),
    "urgency": N_("urgency {values}"),
    "age": N_("age {values}"),
    "return": N_("came back: {values}"),
    "type": N_("type {values}"),
}
_CASES_ONLY: Final = ("category", "cause", "severity", "status", "outcome", "type", *STATE_FILTERS)


@dataclass(frozen=True, slots=True)
class Filters:
    """A frozen, sorted, hashable choice of data. Two equal choices are one cache key.

    Parameters
    ----------
    program
        Key of the program; data of two programs never mix.
    period
        Days included, both ends; None means all data.
    compare
        What the period is compared with.
    branches, channels, segments, touchpoints, surveys
        Accepted values; an empty tuple accepts all.
    categories
        Complaint category paths such as ``"Billing"`` or ``"Billing > Meter reading"``.
    causes, severities, statuses, outcomes, search
        Complaint filters; ``search`` is a text that the narrative or the case id contains.
    types
        "complaint" or "conduct"; an empty tuple is complaints alone, so that no figure of them
        ever counts a conduct case.
    conformance
        Only complaints of one cell of the matrix of conformance (`csat.model.conformance`).
    standings, urgencies, ages, returns
        States of cases by the codes of `csat.model.case_states`.
    dues
        How cases stand against one target by the day they fall due, as codes of
        `csat.model.case_states.Due`; of several, every one must hold.

    Examples
    --------
    >>> a = Filters.of("demo", branches=["South", "North"])
    >>> a == Filters.of("demo", branches=["North", "South", "North"])
    True
    >>> a.to_query()
    {'program': 'demo', 'branch': ['North', 'South']}
    """

    program: str
    period: Period | None = None
    compare: Compare = "previous"
    branches: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    touchpoints: tuple[str, ...] = ()
    surveys: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    causes: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    standings: tuple[str, ...] = ()
    dues: tuple[str, ...] = ()
    urgencies: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    search: str = ""
    types: tuple[str, ...] = ()
    conformance: str = ""

    @classmethod
    def of(cls, program: str, **parts: Any) -> Filters:
        """Build filters with every list sorted and without repeats."""
        for name in _LISTS.values():
            if name in parts:
                parts[name] = tuple(sorted({str(v) for v in parts[name]}))
        return cls(program, **parts)

    def with_(self, **parts: Any) -> Filters:
        """Return a copy with some parts changed; lists are sorted again."""
        for name in _LISTS.values():
            if name in parts:
                parts[name] = tuple(sorted({str(v) for v in parts[name]}))
        return replace(self, **parts)

    def for_survey(self) -> Filters:
        """Return the part that applies to survey answers (complaint filters dropped)."""
        dropped: dict[str, Any] = {_LISTS[name]: () for name in _CASES_ONLY}
        return replace(self, **dropped, search="", conformance="")

    def comparison(self) -> Filters | None:
        """Return the filters of the reference period, or None where there is none."""
        if self.period is None or self.compare == "none":
            return None
        other = self.period.previous() if self.compare == "previous" else self.period.last_year()
        return replace(self, period=other, compare="none")

    def to_query(self) -> dict[str, str | list[str]]:
        """Return the URL query that leads back to equal filters with `from_query`."""
        query: dict[str, str | list[str]] = {"program": self.program}
        if self.period is not None:
            query["from"] = self.period.first.isoformat()
            query["to"] = self.period.last.isoformat()
        if self.compare != "previous":
            query["compare"] = self.compare
        for name, field in _LISTS.items():
            values = getattr(self, field)
            if values:
                query[name] = list(values)
        if self.search:
            query["search"] = self.search
        if self.conformance:
            query["conformance"] = self.conformance
        return query

    @classmethod
    def from_query(cls, query: Mapping[str, str | Sequence[str]]) -> Filters:
        """Read filters from a URL query.

        Raises
        ------
        UsageProblem
            When a date is not in the form 2026-09-30, no program is named, or a cell of the matrix
        of conformance is none.
        """
        single = {k: v if isinstance(v, str) else (v[-1] if v else "") for k, v in query.items()}
        if not single.get("program"):
            raise UsageProblem(msg("No program is named"), msg("Add program=NAME"))
        parts: dict[str, Any] = {}
        first, last = single.get("from"), single.get("to")
        if first and last:
            parts["period"] = Period(parse_day(first), parse_day(last))
        if single.get("compare") in COMPARE_LABELS:
            parts["compare"] = single["compare"]
        for name, field in _LISTS.items():
            value = query.get(name)
            if value:
                parts[field] = [value] if isinstance(value, str) else list(value)
        parts["search"] = single.get("search", "")
        if single.get("conformance"):
            parts["conformance"] = Cell.of(single["conformance"]).code
        return cls.of(single["program"], **parts)

    def sentence(self) -> list[Message]:
        """Return the filters as parts of one sentence, for a page head or an export."""
        parts: list[Message] = []
        if self.period is None:
            parts.append(msg("all dates"))
        else:
            parts.append(msg("{first} to {last}", first=self.period.first, last=self.period.last))
        for name, field in _LISTS.items():
            values = getattr(self, field)
            if values:
                parts.append(Message(_SENTENCE_LABELS[name], {"values": _listed(name, values)}))
        if self.search:
            parts.append(msg("text contains '{search}'", search=self.search))
        if self.conformance:
            parts.append(Cell.of(self.conformance).words)
        reference = self.comparison()
        if reference is not None and reference.period is not None:
            parts.append(
                msg(
                    "compared with {first} to {last}",
                    first=reference.period.first,
                    last=reference.period.last,
                )
            )
        return parts


def _listed(name: str, values: Sequence[str]) -> Message:
    """Join values as one text; codes become their labels."""
    codes = {"severity": SEVERITY_LABELS, "status": STATUS_LABELS, "type": TYPE_LABELS}
    labels = codes.get(name, {})
    said = {
        f"v{i}": state_words(name, value)
        if name in STATE_FILTERS
        else msg(labels.get(value, "{x}"), x=value)
        for i, value in enumerate(values)
    }
    return Message(" / ".join(f"{{{key}}}" for key in said), said)


def parse_day(text: str) -> date:
    """Read a day in the form 2026-09-30.

    Raises
    ------
    UsageProblem
        When the text is no such day, or lies outside the years that data may have.

    Examples
    --------
    >>> parse_day("2026-09-30")
    datetime.date(2026, 9, 30)
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageProblem(
            msg("'{text}' is not a day", text=text), msg("Write days as 2026-09-30")
        ) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise UsageProblem(
            msg("'{text}' is too far away", text=text),
            msg(
                "Choose a day in the years {first} to {last}",
                first=str(FIRST_YEAR),
                last=str(LAST_YEAR),
            ),
        )
    return day


def where_clause(clauses: Sequence[str]) -> dict[str, list[str]]:
    """Read command-line filters of the form ``branch=North``.

    Returns
    -------
    dict
        Filter field name to accepted values; the same name given twice accepts both.

    Raises
    ------
    UsageProblem
        For a clause without ``=`` or with an unknown name.

    Examples
    --------
    >>> where_clause(["branch=North", "branch=South"])
    {'branches': ['North', 'South']}
    """
    parts: dict[str, list[str]] = {}
    for clause in clauses:
        name, sep, value = clause.partition("=")
        if not sep or name not in _LISTS:
            raise UsageProblem(
                msg("'{clause}' is no filter", clause=clause),
                msg("Write NAME=VALUE with one of: {names}", names=", ".join(_LISTS)),
            )
        parts.setdefault(_LISTS[name], []).append(value)
    return parts
