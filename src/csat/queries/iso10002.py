"""The indicators that ISO 10002 asks of the handling of complaints, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import N_
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.actions import actions
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.handling import DAY
from csat.queries.reader import Reader
from csat.queries.sla import METRIC, ServiceLevels, service_levels
from csat.queries.standing import case_predicate
from csat.stats.intervals import wilson_interval
from csat.store.store import Store

MATURE_DAYS: Final = 30
"""Only cases closed this long before the data ends can show whether they come back."""
REPEAT_DAYS: Final = 90

_MATURE: Final = (
    "m.reopens = 1 AND c.resolved_at IS NOT NULL AND "
    f"DATE_DIFF('second', c.resolved_at, CAST(b.as_of AS TIMESTAMP)) >= {(MATURE_DAYS - 1) * DAY:d}"
)
"""Closed 30 days before the end of the last complete day."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of ISO 10002: its clause, its figure, or what is missing to have it.

    ``value`` is a number of cases where the indicator is a number, ``figure`` a share.
    """

    clause: str
    label: str
    value: int | None = None
    figure: Figure | None = None
    missing: str = ""


_SHARES: Final[tuple[tuple[str, str, str, str, str], ...]] = (
    ("7.4", N_("Acknowledged"), "acknowledged", "acknowledgeable",
     N_("a column with the time of acknowledgement")),
    ("7.5", N_("Concern safety"), "safety", "safety_known",
     N_("a column that says whether a complaint concerns safety")),
    ("7.6", N_("Resolved with a cause on record"), "caused", "solved",
     N_("columns with the cause and the time of resolution")),
    ("7.8", N_("Upheld"), "upheld", "judged",
     N_("a column that says whether the complaint was upheld")),
    ("7.8", N_("Compensation paid"), "compensated", "compensable",
     N_("a column with the compensation paid")),
    ("7.9", N_("Outcome accepted by the complainant"), "accepted", "asked",
     N_("columns or events that say whether the complainant accepted the outcome")),
    ("8.3", N_("Complainants satisfied with the handling"), "satisfied", "satisfied_known",
     N_("a column that says whether the complainant was satisfied with the handling")),
    ("8.4", N_("Solved at the first point of contact"), "first_contact", "first_contact_known",
     N_("a column that says whether the first contact solved the case")),
    ("8.4", N_("Wrongly prioritised"), "misjudged", "prioritised",
     N_("the severity as first assessed beside the final one")),
    ("8.4", N_("Sent to outside resolution"), "referred", "referable",
     N_("a column or events that say which cases went to an outside body")),
    ("8.4", N_("Reopened within 30 days"), "came_back", "mature",
     N_("columns with the times of resolution and reopening")),
    ("8.4", N_("Repeated by the same customer in the category within 90 days"), "repeated",
     "known", N_("a column with the id of the complainant")),
)  # fmt: skip
"""Clause, name, counted, base, and what is needed where there is no base."""


def indicators(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> tuple[Indicator, ...]:
    """Return the indicators of ISO 10002:2018 clauses 7 and 8, with what is missing for each.

    They are about complaints, whatever type of case the filters choose.

    The base of a share holds the cases of the files that record it, so that a file without a
    column counts neither for nor against.
    """
    limits = thresholds or Thresholds()
    filters = filters.with_(types=())
    reader = Reader(store, facts_of(store, filters.program))
    counted = _counted(reader, filters)
    levels = service_levels(store, filters, limits, days=0)
    found = [
        Indicator("8.4", N_("Complaints received"), complaints.count(store, filters)),
        *(
            _or_missing(clause, label, share_of(int(counted[x] or 0), int(counted[n] or 0), n,
                                              limits), needs)
            for clause, label, x, n, needs in _SHARES
        ),
        _or_missing("8.4", N_("Acknowledged late or not at all"),
                    _missed(levels, "acknowledgement"),
                    N_("a target for acknowledgement (csat sla --set)")),
        _or_missing("8.4", N_("Resolved late or overdue"), _missed(levels, "resolution"),
                    N_("a target for resolution (csat sla --set)")),
        _improvements(store, filters),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda i: i.clause))


def _improvements(store: Store, filters: Filters) -> Indicator:
    """Count the actions against causes of complaints that began in the period."""
    label = N_("Improvements made because of complaints")
    kept = [a.plan for a in actions(store, filters.program) if a.plan.addresses == "cause"]
    if not kept:
        return Indicator("8.4", label, missing=N_("an action against a cause of complaints"))
    days = filters.period
    return Indicator(
        "8.4", label, sum(1 for p in kept if days is None or days.first <= p.start <= days.last)
    )


def _or_missing(clause: str, label: str, figure: Figure | None, needs: str) -> Indicator:
    return Indicator(clause, label, figure=figure, missing="" if figure is not None else needs)


def share_of(part: int, base: int, name: str, limits: Thresholds) -> Figure | None:
    """Return a share with its Wilson interval after the privacy gate; None without a base."""
    if not base:
        return None
    ends = wilson_interval(part, base)
    figure = Figure(
        METRIC, name, 100 * part / base, "percent", base, 100 * ends.low, 100 * ends.high,
        "not_compared",
    )  # fmt: skip
    return gate([figure], limits, parts_of_whole=False)[0]


def _counted(reader: Reader, filters: Filters) -> dict[str, Any]:
    """Count in one scan what the shares are made of.

    A repeat is a case of a customer who had one in the same category at most 90 days before,
    in the period or not.
    """
    where, params = case_predicate(reader.store, filters, "c.")
    whose = "program_id = (SELECT program_id FROM program WHERE key = $program)"

    def holds(condition: str) -> str:
        return f"SUM(CASE WHEN {condition} THEN 1 ELSE 0 END)"

    marks = ", ".join(
        f"MAX(CASE WHEN {column} IS NOT NULL THEN 1 ELSE 0 END) AS {name}"
        for name, column in (
            ("acknowledges", "acknowledged_at"),
            ("reopens", "reopened_at"),
            ("refers", "referred_at"),
            ("compensates", "compensation"),
            ("explains", "cause"),
        )
    )
    counts = {
        "acknowledgeable": "SUM(m.acknowledges)",
        "acknowledged": "COUNT(c.acknowledged_at)",
        "safety": "SUM(c.safety)",
        "safety_known": "COUNT(c.safety)",
        "caused": holds("m.explains = 1 AND c.resolution_event = 1 AND c.cause IS NOT NULL"),
        "solved": holds("m.explains = 1 AND c.resolution_event = 1"),
        "upheld": "SUM(c.upheld)",
        "judged": "COUNT(c.upheld)",
        "compensated": holds("c.compensation > 0"),
        "compensable": "SUM(m.compensates)",
        "accepted": holds("c.accepted_at IS NOT NULL"),
        "asked": holds("c.accepted_at IS NOT NULL OR c.rejected_at IS NOT NULL"),
        "satisfied": "SUM(c.satisfied)",
        "satisfied_known": "COUNT(c.satisfied)",
        "first_contact": "SUM(c.first_contact)",
        "first_contact_known": "COUNT(c.first_contact)",
        "misjudged": holds("c.severity_first <> c.severity"),
        "prioritised": holds("c.severity_first IS NOT NULL AND c.severity IS NOT NULL"),
        "referred": "COUNT(c.referred_at)",
        "referable": "SUM(m.refers)",
        "known": "COUNT(c.respondent_id)",
        "repeated": holds(
            "f.before IS NOT NULL AND "
            f"DATE_DIFF('second', f.before, c.received_at) <= {REPEAT_DAYS * DAY:d}"
        ),
        "mature": holds(_MATURE),
        "came_back": holds(
            f"{_MATURE} AND c.reopened_at >= c.resolved_at AND "
            f"DATE_DIFF('second', c.resolved_at, c.reopened_at) <= {MATURE_DAYS * DAY:d}"
        ),
    }
    row = reader.rows(
        f"WITH marks AS (SELECT batch_id, {marks} FROM complaint WHERE {whose} GROUP BY batch_id), "
        "former AS (SELECT complaint_id, LAG(received_at) OVER (PARTITION BY respondent_id, "
        "category ORDER BY received_at, complaint_id) AS before FROM complaint "
        f"WHERE {whose} AND respondent_id IS NOT NULL AND conduct = 0) "
        f"SELECT {', '.join(f'{sql} AS {name}' for name, sql in counts.items())} "
        "FROM complaint c JOIN marks m USING (batch_id) "
        "JOIN batch b USING (batch_id) LEFT JOIN former f ON f.complaint_id = c.complaint_id "
        f"WHERE {where} AND c.case_no <> ''",
        params,
    )[0]
    return dict(row)


def _missed(levels: ServiceLevels, event: str) -> Figure | None:
    """Return the share late or overdue, of the first target for an event that is set."""
    for level in levels.levels:
        target = level.target
        if target and target.event == event and level.severity is None:
            figure = level.figure
            if figure.value is None or figure.n is None or level.met is None:
                return figure if figure.withheld else None
            missed = figure.n - level.met
            ends = wilson_interval(missed, figure.n)
            return Figure(
                METRIC, target.key, 100 * missed / figure.n, "percent", figure.n,
                100 * ends.low, 100 * ends.high, "not_compared",
            )  # fmt: skip
    return None
