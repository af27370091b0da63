"""Standard met against customer satisfied: whether our standard is the customers' own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.conformance import Cell, cell_name
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.problem import NotAllowed
from csat.model.settings import Thresholds
from csat.queries.case_standards import CaseStandard, case_standards
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.isolation import isolated
from csat.queries.predicate import OWN_ANSWER, OWN_IN_TIME, standard_met
from csat.queries.reader import Reader
from csat.queries.standing import case_predicate
from csat.queries.targets import target_sides
from csat.stats.comparison import Comparison, newcombe_difference
from csat.stats.intervals import wilson_interval
from csat.store.store import Store

_SATISFIED: Final = "csat_top_box"


@dataclass(frozen=True, slots=True)
class Matrix:
    """The four cells of one standard, and whether meeting it goes with satisfaction.

    Parameters
    ----------
    cells
        Name of a cell -> how many cases; None where it is withheld.
    met, missed
        Share of satisfied customers (percent) among cases that met and missed the standard.
    difference
        The first less the second, in percentage points.
    cases, linked
        Cases decided by the standard, and those of them with an answer of their customer.
    """

    standard: CaseStandard
    filters: Filters
    cells: dict[str, int | None]
    met: Figure
    missed: Figure
    difference: Comparison | None
    cases: int
    linked: int | None

    def link(self, name: str) -> Filters:
        """Return the filters that lead to the cases of a cell."""
        return self.filters.with_(conformance=Cell(name, self.standard.basis).code)

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        d = self.difference
        return {
            "standard": self.standard.code or None,
            "basis": self.standard.basis.code,
            "clock": self.standard.clock,
            "touchpoints": list(self.standard.touchpoints),
            "severities": list(self.standard.severities),
            "cases": self.cases,
            "linked": self.linked,
            "cells": self.cells,
            "satisfied_if_met": _share_json(self.met),
            "satisfied_if_missed": _share_json(self.missed),
            "difference": None if d is None else d.difference,
            "difference_low": None if d is None else d.low,
            "difference_high": None if d is None else d.high,
            "p_value": None if d is None else d.p_value,
        }


def _share_json(figure: Figure) -> dict[str, Any]:
    return {k: getattr(figure, k) for k in ("value", "low", "high", "n")}


@dataclass(frozen=True, slots=True)
class Conformance:
    """A matrix for each standard that can be judged case by case, or what is missing."""

    matrices: tuple[Matrix, ...]
    provenance: Provenance
    needs: Message | None = None


def conformance(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> Conformance:
    """Answer whether cases that met their standard had satisfied customers.

    A case is linked with the first overall satisfaction its customer stated after it came in,
    within 90 days (`csat.model.conformance.LINK_DAYS`). Cases still open within their time
    count for neither side. A target on working time is judged by the program's calendar,
    without the time in which a case waited for its customer, as its service level is.

    Returns
    -------
    Conformance
        After the privacy gate: the four cells are parts of a whole, so that where one is
        withheld, another is.
    """
    limits = thresholds or Thresholds()
    facts = facts_of(store, filters.program)
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits, ["csat"])
    known = () if apart else case_standards(store, reader, filters)
    found = [_matrix(reader, filters, one, limits) for one in known]
    shown = _apart_enough([m for m in found if m is not None and m.linked != 0], limits)
    needs = apart
    if not shown and needs is None:
        needs = msg(
            "needs complaints with a clock or a mark of timeliness, and overall satisfaction of "
            "the same customers: map the customer's number in both files"
        )
    return Conformance(shown, reader.provenance(filters), needs)


def _matrix(
    reader: Reader, filters: Filters, standard: CaseStandard, limits: Thresholds
) -> Matrix | None:
    chosen = standard.within(filters.with_(conformance="", compare="none"))
    if chosen is None:
        return None
    where, params = case_predicate(reader.store, chosen, "c.")
    key = standard.basis.target
    sides = target_sides(reader.store, filters.program, key) if key else {}
    params |= sides
    met = standard_met(standard.basis, params, "c.")
    rows = reader.rows(
        f"SELECT {met} AS met, r.csat_top AS top, COUNT(*) AS n FROM {OWN_ANSWER} "
        f"WHERE {OWN_IN_TIME} AND {where} AND c.case_no <> '' AND {met} IS NOT NULL GROUP BY 1, 2",
        params,
    )
    plain, own = case_predicate(reader.store, chosen)
    own |= sides
    decided = standard_met(standard.basis, own, "")
    cases = reader.rows(
        f"SELECT COUNT(*) AS n FROM complaint WHERE {plain} AND case_no <> '' "
        f"AND {decided} IS NOT NULL",
        own,
    )[0]["n"]
    if not cases:
        return None
    counts = {
        cell_name(met=m, satisfied=t): sum(
            int(r["n"]) for r in rows if (bool(r["met"]), bool(r["top"])) == (m, t)
        )
        for m in (True, False)
        for t in (True, False)
    }
    return _gated(Matrix(standard, chosen, dict(counts), _none(), _none(), None, int(cases),
                         sum(counts.values())), counts, limits)  # fmt: skip


def _gated(matrix: Matrix, counts: dict[str, int], limits: Thresholds) -> Matrix:
    """Blank the cells that rest on too few, and the shares that would tell them."""
    figures = [
        Figure(_SATISFIED, name, float(n), "count", n, None, None, "not_compared")
        for name, n in counts.items()
    ]
    shown = {f.by: f.n for f in gate(figures, limits, parts_of_whole=True)}
    if any(n is None for n in shown.values()):
        return replace(matrix, cells=shown, linked=None)
    sides = [
        (counts[cell_name(met=m, satisfied=True)], counts[cell_name(met=m, satisfied=False)])
        for m in (True, False)
    ]
    met, missed = (_share(*side) for side in sides)
    difference = None
    if all(sum(side) >= limits.caution_under for side in sides):
        (a, b), (c, d) = sides
        difference = _percent(newcombe_difference(a, a + b, c, c + d))
    return replace(matrix, met=met, missed=missed, difference=difference)


def _apart_enough(found: Sequence[Matrix], limits: Thresholds) -> tuple[Matrix, ...]:
    """Leave out matrices that differ from another by too few: their difference would tell them."""
    kept: list[Matrix] = []
    for one in found:
        alike = [m for m in kept if m.filters == one.filters and None not in (m.linked, one.linked)]
        steps = [
            abs((m.cells[name] or 0) - (one.cells[name] or 0)) for m in alike for name in one.cells
        ]
        if not any(0 < step < limits.withhold_under for step in steps):
            kept.append(one)
    return tuple(kept)


def _percent(found: Comparison) -> Comparison:
    return replace(
        found, difference=100 * found.difference, low=100 * found.low, high=100 * found.high
    )


def _none() -> Figure:
    return Figure(_SATISFIED, "total", None, "percent", None, None, None, "not_compared", "no_data")


def _share(satisfied: int, dissatisfied: int) -> Figure:
    n = satisfied + dissatisfied
    if not n:
        return _none()
    ends = wilson_interval(satisfied, n)
    return Figure(
        _SATISFIED,
        "total",
        100 * satisfied / n,
        "percent",
        n,
        100 * ends.low,
        100 * ends.high,
        "not_compared",
    )


def require_shown(store: Store, filters: Filters, limits: Thresholds) -> None:
    """Refuse a list of the cases of a cell that the matrix withholds.

    Raises
    ------
    NotAllowed
        Where the filters name a cell that, under all the others, is too small to be shown, or
        is of no standard of the program.
    """
    if not filters.conformance:
        return
    cell = Cell.of(filters.conformance)
    known = [m for m in conformance(store, filters, limits).matrices
             if m.standard.basis == cell.basis]  # fmt: skip
    if not any(m.cells[cell.name] is not None for m in known):
        raise NotAllowed(
            msg("Withheld: too few cases to be shown together with their customers' answers"),
            msg("Clear a filter, or choose a longer period"),
        )
