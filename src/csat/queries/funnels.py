"""Funnels: which branches, or staff, differ from the whole by more than their size explains.

Staff are shown here and nowhere else: no filter, no split and no export knows them. Readers need
the permission ``read_staff``, and whoever served fewer than `Thresholds.staff_min` customers who
answered is withheld, with as many others as it takes for no total, of the whole or of a branch,
to tell the withheld ones (docs/adr/0005).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.ordering import alphabetical
from csat.model.people import User
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CUTS, STAFF
from csat.queries.apart import column_of, kept_apart
from csat.queries.comparing import groups_beside
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.gate import covered
from csat.queries.gather import NOT_STATED, gather
from csat.queries.line_tables import EVERYBODY
from csat.queries.predicate import survey_predicate
from csat.queries.reader import Reader
from csat.queries.tally import ShareTally
from csat.stats.funnel import Funnel, FunnelPoint, funnel
from csat.store.store import Store

_NEEDS: Final = msg(
    "A funnel needs a share, or complaints per 1,000 by branch, and at least two groups"
)
_Cells = Mapping[tuple[str, str], ShareTally]
"""Staff and branch -> what was counted; "" for not stated."""


@dataclass(frozen=True, slots=True)
class FunnelAnswer:
    """Groups of different size about their common level.

    ``plot`` is None where there is nothing to draw, and ``note`` says why; ``withheld`` counts
    the groups left out because they, or those they would give away, rest on fewer than
    ``least``.
    """

    metric: str
    by: str
    plot: Funnel | None
    withheld: int
    least: int
    provenance: Provenance
    note: Message | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the funnel as the command prints it, groups in the order of their names."""
        plot = self.plot
        scale = 1000 if plot is not None and plot.rate else 100
        return {
            "metric": self.metric,
            "by": self.by,
            "unit": metric(self.metric).unit,
            "centre": None if plot is None else scale * plot.share,
            "sigma_z": None if plot is None else plot.sigma_z,
            "withheld": self.withheld,
            "withheld_under": self.least,
            "note": None if self.note is None else str(self.note),
            "rows": []
            if plot is None
            else [
                _row(name, p, plot.share, scale)
                for name, p in sorted(plot.points.items(), key=lambda own: alphabetical(own[0]))
            ],
        }


def _row(name: str, point: FunnelPoint, centre: float, scale: int) -> dict[str, Any]:
    return {
        "group": name,
        "n": point.n,
        "value": scale * point.share,
        "low": scale * point.low,
        "high": scale * point.high,
        "outer_low": scale * point.outer_low,
        "outer_high": scale * point.outer_high,
        "place": point.place,
        "side": "above" if point.share > centre else "below",
    }


def funnel_of(
    store: Store,
    filters: Filters,
    key: str,
    by: str,
    user: User | None = None,
    thresholds: Thresholds | None = None,
) -> FunnelAnswer:
    """Answer which groups differ from the whole by more than their size and chance explain.

    Parameters
    ----------
    by
        A cut, or "staff".
    user
        Who reads; needed for staff.

    Returns
    -------
    FunnelAnswer
        After the privacy gate, without ranks.

    Raises
    ------
    NotAllowed
        For staff, where the reader may not see them.
    UsageProblem
        For an unknown program, metric or cut.
    """
    limits = thresholds or Thresholds()
    if by == STAFF:
        (user or User("", ())).require("read_staff")
        return _of_staff(store, filters.with_(compare="none"), metric(key), limits)
    if by not in CUTS:
        raise UsageProblem(
            msg("There is no funnel by '{by}'", by=by),
            msg("Use one of: {names}", names=", ".join((*CUTS, STAFF))),
        )
    found = groups_beside(store, filters, key, by, limits)
    withheld = sum(f.withheld for f in found.figures)
    note = found.note if found.note or found.plot else _NEEDS
    return FunnelAnswer(
        key, by, found.plot, withheld, limits.withhold_under, found.provenance, note
    )


def _of_staff(store: Store, filters: Filters, m: Metric, limits: Thresholds) -> FunnelAnswer:
    facts = facts_of(store, filters.program)
    reader = Reader(store, facts)
    note = _refusal(store, facts, filters, m, limits)
    shown: dict[str, tuple[int, int]] = {}
    withheld = 0
    if note is None:
        everywhere = gather(reader, facts, filters.with_(branches=()), [m], (STAFF, "branch"))[
            m.key
        ]
        if isinstance(everywhere, NotAvailable):
            note = everywhere.note
        else:
            cells = {
                (name or NOT_STATED, branch or NOT_STATED): tally
                for (name, branch), tally in everywhere.items()
            }
            apart = _apart(reader, facts, filters, m, cells, limits)
            shown, withheld = _shown(_chosen(cells, filters), apart, limits)
            note = _nobody(cells, limits)
    plot = funnel(shown)
    provenance = reader.provenance(filters)
    if plot is not None:
        note = None
    return FunnelAnswer(m.key, STAFF, plot, withheld, limits.staff_min, provenance, note)


def _refusal(
    store: Store, facts: Facts, filters: Filters, m: Metric, limits: Thresholds
) -> Message | None:
    """Return why there can be no funnel of staff, before anything is counted."""
    if m.family != "share":
        return msg("A funnel of staff needs a share, such as satisfied customers")
    if filters != Filters.of(
        filters.program,
        period=filters.period,
        compare=filters.compare,
        branches=filters.branches,
        surveys=filters.surveys,
    ):
        return msg(
            "Staff are compared over all they served; clear all filters but period, branch and "
            "survey"
        )
    if filters.period is not None and not filters.period.whole_months:
        return msg("Staff are compared over whole months; choose whole months")
    _, apart = kept_apart(store, facts, filters, [m], limits)
    return apart[0].note if apart else None


def _nobody(cells: _Cells, limits: Thresholds) -> Message:
    """Return why nothing is drawn though something was counted."""
    if not any(name != NOT_STATED for name, _ in cells):
        return msg(
            "No record here says who served the customer: map that column as 'Who served the "
            "customer' when you load the file."
        )
    return msg("Fewer than two staff have {n} answers or cases each", n=limits.staff_min)


def _chosen(cells: _Cells, filters: Filters) -> _Cells:
    return {k: t for k, t in cells.items() if not filters.branches or k[1] in filters.branches}


def _apart(
    reader: Reader, facts: Facts, filters: Filters, m: Metric, cells: _Cells, limits: Thresholds
) -> set[str]:
    """Return the staff of whom two choices of branches or surveys would tell few answers."""
    parts = [(name, t.n) for (name, _), t in cells.items()] if filters.branches else []
    if filters.surveys and m.subject == "survey":
        where, params = survey_predicate(filters.with_(surveys=()))
        column = column_of(m, facts)
        counted = "*" if column == EVERYBODY else column
        rows = reader.rows(
            f"SELECT staff, COUNT({counted}) AS n FROM response WHERE {where}"
            f"{facts.of_customers(())} AND staff IS NOT NULL GROUP BY staff, survey_id",
            params,
        )
        parts += [(str(row["staff"]), int(row["n"])) for row in rows]
    return {name for name, n in parts if 0 < n < limits.staff_min}


def _shown(
    cells: _Cells, apart: set[str], limits: Thresholds
) -> tuple[dict[str, tuple[int, int]], int]:
    """Return satisfied and all of the staff who may be shown, and how many are withheld.

    Records that name nobody are never shown, and so help to hide who is withheld.
    """
    whole: dict[str, ShareTally] = {}
    families: dict[str, dict[str, int]] = {}
    for (name, branch), tally in cells.items():
        whole[name] = whole[name] + tally if name in whole else tally
        families.setdefault(branch, {})[name] = tally.n
    families_all = [*families.values(), {name: t.n for name, t in whole.items()}]
    named = {name: t for name, t in whole.items() if name != NOT_STATED}
    hidden = {name for name, t in named.items() if t.n < limits.staff_min or name in apart}
    before: set[str] | None = None
    while hidden != before:
        before = set(hidden)
        for family in families_all:
            own, unnamed = hidden & family.keys(), family.get(NOT_STATED, 0)
            if own or 0 < unnamed < limits.withhold_under:
                start = own | ({NOT_STATED} & family.keys())
                hidden |= covered(start, family, limits.staff_min) - {NOT_STATED}
    return {n: (t.x, t.n) for n, t in named.items() if n not in hidden}, len(hidden)
