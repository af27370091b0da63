"""What raters found and who puts it right: open, overdue, closed, with its history."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.people import User
from csat.model.vocabulary import SEVERITY_LABELS
from csat.queries.facts import facts as facts_of
from csat.queries.names import may_name
from csat.queries.predicate import finding_predicate
from csat.queries.reader import Reader
from csat.store.store import Store

STATES: Final = ("overdue", "open", "closed")
_FIELDS: Final = (
    *("finding_no", "found_on", "finding", "severity", "owner", "due_on", "closed_on"),
    *("evidence", "visit", "branch", "touchpoint", "dimension"),
)
_PERSONAL: Final = ("owner",)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding as the latest file or page says.

    ``overdue_days`` counts the days since it was due, 0 unless it is overdue; ``said_on`` and
    ``said_by`` tell when and by whom this state was stated.
    """

    finding_no: str
    found_on: date
    finding: str
    severity: str
    owner: str
    due_on: date | None
    closed_on: date | None
    evidence: str
    visit: str
    branch: str
    touchpoint: str
    dimension: str
    state: str
    overdue_days: int
    said_on: datetime
    said_by: str
    batch: int

    def to_json(self) -> dict[str, Any]:
        """Return the finding that the command line prints."""
        out: dict[str, Any] = {name: getattr(self, name) or None for name in _FIELDS}
        for name in ("found_on", "due_on", "closed_on"):
            out[name] = None if out[name] is None else out[name].isoformat()
        return {
            **out,
            "state": self.state,
            "overdue_days": self.overdue_days,
            "said_on": self.said_on.isoformat(sep=" ", timespec="seconds"),
            "said_by": self.said_by or None,
            "batch": self.batch,
        }


@dataclass(frozen=True, slots=True)
class FindingAnswer:
    """The findings, the most pressing first, and every state they went through.

    ``history`` holds the states of each finding, the latest first, by its number.
    """

    findings: tuple[Finding, ...]
    history: dict[str, tuple[Finding, ...]]
    provenance: Provenance

    def count(self, state: str) -> int:
        """Return how many findings are in a state."""
        return sum(1 for f in self.findings if f.state == state)


def findings(
    store: Store, filters: Filters, today: date, user: User | None = None
) -> FindingAnswer:
    """Answer what was found, what of it is open, and what is overdue on a day.

    Findings of the chosen branches and touchpoints; of the period, those found before its end.

    Parameters
    ----------
    user
        Who reads; owners and who stated it are shown to those who may read texts of customers.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    reader, named = Reader(store, facts_of(store, filters.program)), may_name(user)
    where, params = finding_predicate(filters)
    columns = ", ".join(f"f.{name}" for name in _FIELDS)
    now, before = (
        _read(
            reader,
            f"SELECT {columns}, f.batch_id, b.loaded_at, b.loaded_by FROM {table} f "
            f"JOIN batch b USING (batch_id) WHERE {where}",
            params,
            today,
            named=named,
        )
        for table in ("finding", "superseded_finding")
    )
    now.sort(key=_pressing)
    states: dict[str, list[Finding]] = {}
    for f in (*now, *sorted(before, key=lambda f: -f.batch)):
        states.setdefault(f.finding_no, []).append(f)
    history = {f.finding_no: tuple(states[f.finding_no]) for f in now}
    return FindingAnswer(tuple(now), history, reader.provenance(filters))


def _read(
    reader: Reader, sql: str, params: dict[str, object], today: date, *, named: bool
) -> list[Finding]:
    return [_finding(r, today, named=named) for r in reader.rows(sql, params)]


def _finding(row: dict[str, Any], today: date, *, named: bool) -> Finding:
    due, closed = row["due_on"], row["closed_on"]
    late = (today - due).days if due is not None and closed is None else 0
    texts = {k: row[k] or "" for k in _FIELDS if not k.endswith("_on")}
    if not named:
        texts |= dict.fromkeys(_PERSONAL, "")
    return Finding(
        **texts,
        found_on=row["found_on"],
        due_on=due,
        closed_on=closed,
        state="closed" if closed is not None else "overdue" if late > 0 else "open",
        overdue_days=max(0, late),
        said_on=row["loaded_at"],
        said_by=row["loaded_by"] if named else "",
        batch=int(row["batch_id"]),
    )


def _pressing(f: Finding) -> tuple[int, int, int, str]:
    """Order: overdue before open before closed, then by severity, then the longest overdue."""
    severities: Sequence[str] = list(SEVERITY_LABELS)
    grave = severities.index(f.severity) if f.severity in severities else len(severities)
    return STATES.index(f.state), grave, -f.overdue_days, f.finding_no
