"""Money paid to complainants: in all, per closed case and per case compensated, by currency."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.model.vocabulary import RETURN_CUTS
from csat.queries.case_cuts import require_cut
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.stats.intervals import mean_interval
from csat.stats.moments import Moments
from csat.store.store import Store

MOST_GROUPS: Final = 20
"""Groups that are told one by one, those with the most closed cases first."""
_METRIC: Final = "timely_response_share"
"""The registry entry whose privacy rule the sums share."""
_HUNDREDTHS: Final = 100
_CLOSED: Final = "c.resolution_event = 1"
_PAID: Final = f"{_CLOSED} AND c.compensation > 0"


@dataclass(frozen=True, slots=True)
class Paid:
    """What one group's closed cases were paid in one currency.

    Parameters
    ----------
    group
        None is all cases; "" those that state no group.
    currency
        As the file states it; "" where it states none. None where nobody was paid anything.
    closed
        Closed cases of files that record compensation, whatever they were paid.
    compensated
        Those of them that were paid something in this currency.
    total
        Paid in all, in units of the currency.
    mean, low, high
        Per closed case, those paid nothing included; 95% t interval, not below 0.
    each
        Per case compensated.

    All but the names and ``closed`` is None where so few were compensated that it is withheld.
    """

    group: str | None
    currency: str | None
    closed: int
    compensated: int | None
    total: float | None
    mean: float | None
    low: float | None
    high: float | None
    each: float | None
    withheld: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "group": "total" if self.group is None else self.group,
            "currency": self.currency,
            "closed": self.closed,
            "compensated": self.compensated,
            "total": self.total,
            "mean_per_closed": self.mean,
            "low": self.low,
            "high": self.high,
            "mean_per_compensated": self.each,
            "withheld": self.withheld,
        }


@dataclass(frozen=True, slots=True)
class Compensation:
    """The answer: all cases first, a row for each currency, then the groups likewise.

    ``still_open`` counts cases that were paid and are not closed; they are in no row. ``needs``
    says what is missing where nothing can be told.
    """

    rows: tuple[Paid, ...]
    by: str | None
    still_open: int
    left_out: int
    provenance: Provenance
    needs: Message | None = None

    @property
    def whole(self) -> tuple[Paid, ...]:
        """Return the rows of all cases together, one for each currency."""
        return tuple(r for r in self.rows if r.group is None)


def compensation(
    store: Store,
    filters: Filters,
    by: str | None = None,
    thresholds: Thresholds | None = None,
) -> Compensation:
    """Answer what closed cases received in the period were paid; currencies are never added.

    A case of a file that records compensation and states none for it was paid nothing. The mean
    per closed case of one currency counts cases paid in another one as paid nothing in this, so
    that the means of all currencies together are what a closed case costs.

    Parameters
    ----------
    by
        One of ``RETURN_CUTS``, or None for all cases together only.

    Raises
    ------
    UsageProblem
        When cases are not grouped that way, or there is no such program.
    """
    require_cut(by, RETURN_CUTS)
    limits = thresholds or Thresholds()
    reader = Reader(store, facts_of(store, filters.program))
    counted = _counted(reader, filters, by)
    whole = _sums(counted, None)
    closed: dict[str, int] = {}
    for row in counted:
        closed[row["label"]] = closed.get(row["label"], 0) + int(row["closed"])
    groups = sorted((g for g in closed if closed[g]), key=lambda g: (-closed[g], g)) if by else []
    told = groups[:MOST_GROUPS]
    rows = _gated(_rows(None, whole, sum(closed.values())), limits, parts_of_whole=False)
    parts = [row for g in told for row in _rows(g, _sums(counted, g), closed[g])]
    for currency in dict.fromkeys(p.currency for p in parts):
        own = [p for p in parts if p.currency == currency]
        hidden = dict(zip(own, _gated(own, limits, parts_of_whole=True), strict=True))
        parts = [hidden.get(p, p) for p in parts]
    return Compensation(
        (*rows, *parts) if rows and rows[0].closed else (),
        by,
        sum(int(r["still_open"]) for r in counted),
        max(0, len(groups) - MOST_GROUPS),
        reader.provenance(filters),
        _needs(counted),
    )


def _counted(reader: Reader, filters: Filters, by: str | None) -> list[dict[str, Any]]:
    """Count cases of files that record compensation, by group and currency."""
    where, params = case_predicate(reader.store, filters, "c.")
    column = f"COALESCE(c.{by}, '')" if by else "''"
    whose = "program_id = (SELECT program_id FROM program WHERE key = $program)"
    return reader.rows(
        "WITH recording AS (SELECT batch_id FROM complaint "
        f"WHERE {whose} AND compensation IS NOT NULL GROUP BY batch_id) "
        f"SELECT {column} AS label, COALESCE(c.currency, '') AS currency, "
        f"COUNT(CASE WHEN {_CLOSED} THEN 1 END) AS closed, "
        f"COUNT(CASE WHEN {_PAID} THEN 1 END) AS paid, "
        f"COALESCE(SUM(CASE WHEN {_PAID} THEN c.compensation END), 0) AS total, "
        f"COALESCE(SUM(CASE WHEN {_PAID} THEN CAST(c.compensation AS HUGEINT) * c.compensation "
        "END), 0) AS squares, "
        f"COUNT(CASE WHEN c.compensation > 0 AND NOT COALESCE({_CLOSED}, FALSE) THEN 1 END) "
        "AS still_open "
        "FROM complaint c WHERE c.batch_id IN (SELECT batch_id FROM recording) "
        f"AND {where} AND c.case_no <> '' GROUP BY 1, 2 ORDER BY 1, 2",
        params,
    )


def _needs(counted: Sequence[dict[str, Any]]) -> Message | None:
    if not counted:
        return msg("needs a column with the compensation paid, in the file of complaints")
    if not any(int(r["closed"]) for r in counted):
        return msg("needs the days on which cases were closed; none of these is known to be")
    return None


def _sums(counted: Sequence[dict[str, Any]], group: str | None) -> dict[str, Moments]:
    """Return the moments of what was paid in each currency, over the cases that were paid."""
    out: dict[str, Moments] = {}
    for row in counted:
        if int(row["paid"]) and group in (None, row["label"]):
            one = Moments(int(row["paid"]), int(row["total"]), int(row["squares"]), _HUNDREDTHS)
            known = out.get(row["currency"])
            out[row["currency"]] = one if known is None else known + one
    return out


def _rows(group: str | None, sums: dict[str, Moments], closed: int) -> list[Paid]:
    if not sums:
        return [Paid(group, None, closed, 0, None, None, None, None, None)]
    rows = []
    for currency in sorted(sums, key=lambda c: (-sums[c].n, c)):
        paid = sums[currency]
        everybody = replace(paid, n=closed)
        spread = mean_interval(everybody)
        rows.append(
            Paid(
                group,
                currency,
                closed,
                paid.n,
                paid.total / paid.divisor,
                everybody.mean,
                max(0.0, spread.low) if spread else None,
                spread.high if spread else None,
                paid.mean,
            )
        )
    return rows


def _gated(rows: Sequence[Paid], limits: Thresholds, *, parts_of_whole: bool) -> list[Paid]:
    """Blank the sums of too few compensated cases, and what would tell them."""
    figures = [
        Figure(_METRIC, r.group or "", r.total, "index", r.compensated, None, None, "not_compared")
        for r in rows
    ]
    hidden = (f.withheld for f in gate(figures, limits, parts_of_whole=parts_of_whole))
    return [
        replace(
            r,
            compensated=None,
            total=None,
            mean=None,
            low=None,
            high=None,
            each=None,
            withheld=True,
        )
        if hide
        else r
        for r, hide in zip(rows, hidden, strict=True)
    ]
