"""How cases are handled: how old the open ones are, where they arise, and what ISO 10002 asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import N_
from csat.model.settings import Thresholds
from csat.queries import complaints
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.reader import Reader
from csat.queries.sla import METRIC, service_levels
from csat.queries.standing import case_predicate
from csat.stats.intervals import wilson_interval
from csat.store.store import Store

DAY: Final = 86_400
AGE_BANDS: Final = (1, 3, 7, 14, 30, 90)
"""Days at which one band of age ends and the next begins."""
MATURE_DAYS: Final = 30
"""Only cases closed this long before the data ends can show whether they come back."""
REPEAT_DAYS: Final = 90


_MATURE: Final = (
    "m.reopens = 1 AND c.resolved_at IS NOT NULL AND "
    f"DATE_DIFF('second', c.resolved_at, CAST(b.as_of AS TIMESTAMP)) >= {(MATURE_DAYS - 1) * DAY:d}"
)
"""Closed 30 days before the end of the last complete day."""


@dataclass(frozen=True, slots=True)
class AgeBand:
    """Cases open for so many days, and those that took as long until resolved.

    From ``low`` up to but not ``high`` days; ``high`` None has no end.
    """

    low: int
    high: int | None
    still_open: int
    closed: int


def ageing(store: Store, filters: Filters) -> tuple[AgeBand, ...]:
    """Return how old open cases are beside how long closed ones took, youngest band first.

    Open cases alone look young where few are left, closed ones fast where the slow are still
    open; side by side they do not mislead. Empty where no case records a resolution.
    """
    where, params = case_predicate(store, filters)
    edges = " ".join(
        f"WHEN resolution_s < {days * DAY:d} THEN {i:d}" for i, days in enumerate(AGE_BANDS)
    )
    rows = store.rows(
        f"SELECT CASE {edges} ELSE {len(AGE_BANDS):d} END AS band, "
        "SUM(1 - resolution_event) AS still_open, SUM(resolution_event) AS closed "
        f"FROM complaint WHERE {where} AND resolution_event IS NOT NULL GROUP BY 1",
        params,
    )
    if not rows:
        return ()
    found = {int(r["band"]): r for r in rows}
    starts, ends = (0, *AGE_BANDS), (*AGE_BANDS, None)
    return tuple(
        AgeBand(
            low,
            high,
            int(found[i]["still_open"]) if i in found else 0,
            int(found[i]["closed"]) if i in found else 0,
        )
        for i, (low, high) in enumerate(zip(starts, ends, strict=True))
    )


def crossed(store: Store, filters: Filters) -> tuple[tuple[str, str, int], ...]:
    """Return category, touchpoint ("" for not stated) and cases; empty without touchpoints."""
    where, params = case_predicate(store, filters)
    rows = store.rows(
        "SELECT COALESCE(category, '') AS category, COALESCE(touchpoint, '') AS touchpoint, "
        f"SUM(cases) AS n FROM complaint WHERE {where} GROUP BY 1, 2 ORDER BY n DESC, 1, 2",
        params,
    )
    if not any(r["touchpoint"] for r in rows):
        return ()
    return tuple((r["category"], r["touchpoint"], int(r["n"])) for r in rows)


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


def indicators(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> tuple[Indicator, ...]:
    """Return the indicators that ISO 10002:2018 8.3 and 8.4 ask for, with what is missing."""
    limits = thresholds or Thresholds()
    reader = Reader(store, facts_of(store, filters.program))
    counted = _counted(reader, filters)

    def share(x: str, n: str) -> Figure | None:
        base = int(counted[n] or 0)
        if not base:
            return None
        done = int(counted[x] or 0)
        ends = wilson_interval(done, base)
        figure = Figure(
            METRIC, n, 100 * done / base, "percent", base, 100 * ends.low, 100 * ends.high,
            "not_compared",
        )  # fmt: skip
        return gate([figure], limits, parts_of_whole=False)[0]

    late = _resolved_late(store, filters, limits)
    return (
        Indicator("8.4", N_("Complaints received"), complaints.count(store, filters)),
        Indicator("8.4", N_("Solved at the first point of contact"), missing=N_(
            "a column that says whether the first contact solved the case")),
        Indicator("8.4", N_("Wrongly prioritised"), missing=N_(
            "the severity as first assessed beside the final one")),
        _or_missing("7.4", N_("Acknowledged"), share("acknowledged", "acknowledgeable"), N_(
            "a column with the time of acknowledgement")),
        _or_missing("8.4", N_("Resolved late or overdue"), late, N_(
            "a target for resolution (csat sla --set)")),
        Indicator("8.4", N_("Sent to outside resolution"), missing=N_(
            "a column that says which cases went to an outside body")),
        _or_missing("8.4", N_("Reopened within 30 days"), share("came_back", "mature"), N_(
            "columns with the times of resolution and reopening")),
        _or_missing("8.4", N_("Repeated by the same customer in the category within 90 days"),
                    share("repeated", "known"), N_("a column with the id of the complainant")),
        _or_missing("7.8", N_("Upheld"), share("upheld", "judged"), N_(
            "a column that says whether the complaint was upheld")),
        Indicator("8.3", N_("Satisfaction of complainants with the handling"), missing=N_(
            "a survey of complainants")),
        Indicator("8.4", N_("Improvements made because of complaints"), missing=N_(
            "a register of improvement actions")),
    )  # fmt: skip


def _or_missing(clause: str, label: str, figure: Figure | None, needs: str) -> Indicator:
    return Indicator(clause, label, figure=figure, missing="" if figure is not None else needs)


def _counted(reader: Reader, filters: Filters) -> dict[str, Any]:
    """Count in one scan what the shares are made of.

    A repeat is a case of a customer who had one in the same category at most 90 days before,
    in the period or not.
    """
    where, params = case_predicate(reader.store, filters, "c.")
    whose = "program_id = (SELECT program_id FROM program WHERE key = $program)"
    row = reader.rows(
        "WITH marks AS (SELECT batch_id, "
        "MAX(CASE WHEN acknowledged_at IS NOT NULL THEN 1 ELSE 0 END) AS acknowledges, "
        "MAX(CASE WHEN reopened_at IS NOT NULL THEN 1 ELSE 0 END) AS reopens "
        f"FROM complaint WHERE {whose} GROUP BY batch_id), "
        "former AS (SELECT complaint_id, LAG(received_at) OVER (PARTITION BY respondent_id, "
        "category ORDER BY received_at, complaint_id) AS before FROM complaint "
        f"WHERE {whose} AND respondent_id IS NOT NULL) "
        "SELECT SUM(m.acknowledges) AS acknowledgeable, COUNT(c.acknowledged_at) AS acknowledged, "
        "COUNT(c.respondent_id) AS known, SUM(CASE WHEN f.before IS NOT NULL AND "
        f"DATE_DIFF('second', f.before, c.received_at) <= {REPEAT_DAYS * DAY:d} THEN 1 ELSE 0 END) "
        "AS repeated, COUNT(c.upheld) AS judged, SUM(c.upheld) AS upheld, "
        f"SUM(CASE WHEN {_MATURE} THEN 1 ELSE 0 END) AS mature, "
        f"SUM(CASE WHEN {_MATURE} AND c.reopened_at >= c.resolved_at AND "
        f"DATE_DIFF('second', c.resolved_at, c.reopened_at) <= {MATURE_DAYS * DAY:d} "
        "THEN 1 ELSE 0 END) AS came_back FROM complaint c JOIN marks m USING (batch_id) "
        "JOIN batch b USING (batch_id) LEFT JOIN former f ON f.complaint_id = c.complaint_id "
        f"WHERE {where} AND c.case_no <> ''",
        params,
    )[0]
    return dict(row)


def _resolved_late(store: Store, filters: Filters, limits: Thresholds) -> Figure | None:
    """Return the share late or overdue, of the first target for resolution that is set."""
    for level in service_levels(store, filters, limits, days=0).levels:
        target = level.target
        if target and target.event == "resolution" and level.severity is None:
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
