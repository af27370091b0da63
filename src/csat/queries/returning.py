"""Whether closed cases stay closed: reopened, repeated and contacted again, by group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.case_states import RETURN_DAYS, RETURN_KINDS
from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.model.vocabulary import RETURN_CUTS
from csat.queries.case_cuts import require_cut
from csat.queries.coming_back import CAME_BACK, FOLLOWED
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.reader import Reader
from csat.queries.sla import METRIC
from csat.queries.standing import case_predicate
from csat.stats.comparison import newcombe_difference
from csat.stats.intervals import wilson_interval
from csat.stats.paired import adjust
from csat.store.store import Store

MOST_GROUPS: Final = 30
"""Groups that are told one by one, those with the most closed cases first."""
_ENOUGH: Final = 30
"""Closed cases on both sides below which a group is not tested."""


@dataclass(frozen=True, slots=True)
class CameBack:
    """How many closed cases of a group came back in one way within so many days.

    Parameters
    ----------
    group
        "" where it is not stated; None for all cases.
    kind, days
        One of ``RETURN_KINDS`` and of ``RETURN_DAYS``.
    figure
        The share, of the closed cases that were watched for all of the days. Its verdict says
        how the group differs from all other groups together: better, worse, no clear change.
    came_back
        Their number; None where it is withheld.
    unfinished
        Cases closed so late that the days are not over; they count for neither.
    """

    group: str | None
    kind: str
    days: int
    figure: Figure
    came_back: int | None
    unfinished: int | None


@dataclass(frozen=True, slots=True)
class Returns:
    """The answer: all cases first, then the groups, for every kind and number of days."""

    rows: tuple[CameBack, ...]
    by: str | None
    left_out: int
    provenance: Provenance

    def of(self, kind: str, days: int) -> tuple[CameBack, ...]:
        """Return the rows of one kind and number of days, all cases first."""
        return tuple(r for r in self.rows if (r.kind, r.days) == (kind, days))


def returns(
    store: Store,
    filters: Filters,
    by: str | None = None,
    thresholds: Thresholds | None = None,
) -> Returns:
    """Answer which closed cases came back within 7, 30 and 90 days of being closed.

    Reopened is the case itself. Repeated is a later case of the same customer in the same
    category, recontacted one in any category, both counted from the closing of the first.
    Counted are the cases received in the period of the filters that were closed at least as
    many days before the data end; a case closed later is left out, whether or not it has come
    back already, so that the newest cases do not make the share look small.

    Parameters
    ----------
    by
        One of ``RETURN_CUTS``, such as "cause", or "outcome" for how the case was closed.

    Raises
    ------
    UsageProblem
        When cases are not grouped that way, or there is no such program.
    """
    require_cut(by, RETURN_CUTS)
    limits = thresholds or Thresholds()
    reader = Reader(store, facts_of(store, filters.program))
    where, params = case_predicate(store, filters, "c.")
    sums = []
    for kind, days in _windows():
        watched, name = FOLLOWED[kind], f"{kind}_{days:d}"
        late = days * 86_400
        over = f"{watched} >= {late:d}"
        sums += [
            f"COUNT(CASE WHEN {over} THEN 1 END) AS {name}_n",
            f"COUNT(CASE WHEN {over} AND {kind}_s <= {late:d} THEN 1 END) AS {name}_x",
            f"COUNT(CASE WHEN {watched} < {late:d} THEN 1 END) AS {name}_w",
        ]
    column = f"COALESCE(c.{by}, '')" if by else "''"
    rows = reader.rows(
        f"SELECT {column} AS label, COUNT(*) AS closed, {', '.join(sums)} FROM complaint c "
        f"JOIN ({CAME_BACK}) back ON back.complaint_id = c.complaint_id WHERE {where} "
        "GROUP BY 1 ORDER BY closed DESC, label",
        params,
    )
    total = {key: sum(int(r[key]) for r in rows) for key in (rows[0] if rows else {})
             if key != "label"}  # fmt: skip
    found: list[CameBack] = []
    for kind, days in _windows():
        name = f"{kind}_{days:d}"
        found += _gated([_row(None, kind, days, total, name)], limits, parts=False)
        if by:
            told = [_row(str(r["label"]), kind, days, r, name) for r in rows]
            found += _gated(_tested(told), limits, parts=True)[:MOST_GROUPS]
    left_out = max(0, len(rows) - MOST_GROUPS) if by else 0
    return Returns(tuple(found), by, left_out, reader.provenance(filters))


def _windows() -> list[tuple[str, int]]:
    return [(kind, days) for kind in RETURN_KINDS for days in RETURN_DAYS]


def _row(group: str | None, kind: str, days: int, counted: dict[str, Any], name: str) -> CameBack:
    n, x, waiting = (int(counted.get(f"{name}_{part}", 0)) for part in ("n", "x", "w"))
    by = "total" if group is None else group
    if not n:
        none = Figure(METRIC, by, None, "percent", 0, None, None, "not_compared", "no_data")
        return CameBack(group, kind, days, none, 0, waiting)
    ends = wilson_interval(x, n)
    figure = Figure(
        METRIC, by, 100 * x / n, "percent", n, 100 * ends.low, 100 * ends.high, "not_compared"
    )
    return CameBack(group, kind, days, figure, x, waiting)


def _tested(rows: Sequence[CameBack]) -> list[CameBack]:
    """Say which groups differ from all others together beyond noise (Newcombe; corrected)."""
    n = sum(r.figure.n or 0 for r in rows)
    x = sum(r.came_back or 0 for r in rows)
    compared = []
    for row in rows:
        own, hits = row.figure.n or 0, row.came_back or 0
        enough = min(own, n - own) >= _ENOUGH
        compared.append(newcombe_difference(hits, own, x - hits, n - own) if enough else None)
    adjusted, _ = adjust([c.p_value if c else None for c in compared])
    out = []
    for row, test, p in zip(rows, compared, adjusted, strict=True):
        if test is None or p is None:
            out.append(row)
            continue
        verdict = "no_clear_change"
        if p < 0.05:
            verdict = "worse" if test.difference > 0 else "better"
        figure = replace(
            row.figure,
            verdict=verdict,
            p_value=p,
            difference=100 * test.difference,
            difference_low=100 * test.low,
            difference_high=100 * test.high,
        )
        out.append(replace(row, figure=figure))
    return out


def _gated(rows: Sequence[CameBack], limits: Thresholds, *, parts: bool) -> list[CameBack]:
    """Blank what the one privacy gate hides."""
    shown = gate([r.figure for r in rows], limits, parts_of_whole=parts)
    return [
        replace(row, figure=figure, came_back=None, unfinished=None)
        if figure.withheld
        else replace(row, figure=figure)
        for row, figure in zip(rows, shown, strict=True)
    ]
