"""Two periods, and each group against all others: difference, doubt, and who answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.ordering import alphabetical
from csat.model.settings import Thresholds
from csat.queries.apart import groups_apart, kept_apart
from csat.queries.cells import Cell, figures_of
from csat.queries.chart_choice import moments_of
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.facts import facts as facts_of
from csat.queries.figures import evaluate
from csat.queries.gate import gate
from csat.queries.gather import NOT_STATED, gather
from csat.queries.groupings import require_split
from csat.queries.reader import Reader
from csat.queries.tally import RateTally, ShareTally, Tally
from csat.queries.two_periods import gather_compared
from csat.stats.comparison import Comparison
from csat.stats.funnel import Funnel, funnel, rate_funnel
from csat.stats.mix import Part, decompose
from csat.stats.moments import Moments
from csat.stats.multiplicity import benjamini_hochberg, holm
from csat.stats.verdict import verdict
from csat.store.store import Store

_PLANNED: Final = 10
"""Up to this many groups: Holm; beyond: Benjamini-Hochberg."""


@dataclass(frozen=True, slots=True)
class PeriodChange:
    """The change of a metric between two periods, and how it divides.

    Parameters
    ----------
    figure
        With difference, interval and p-value.
    within, mix
        What changed within the groups, and what comes from other people answering; they sum to
        the difference. None where the metric is no mean or share, or nothing is compared.
    """

    figure: Figure
    within: Part | None
    mix: Part | None
    provenance: Provenance


def period_change(
    store: Store,
    filters: Filters,
    key: str,
    cut: str,
    thresholds: Thresholds | None = None,
) -> PeriodChange:
    """Answer how much of a change between two periods is real, and how much is who answered.

    Parameters
    ----------
    filters
        With a period and what it is compared with.
    cut
        The groups whose shares may have shifted, such as "branch".

    Raises
    ------
    UsageProblem
        For an unknown program or metric.
    """
    answer = evaluate(store, filters, (key,), "total", thresholds)
    figure, m = answer.figures[0], metric(key)
    alone = PeriodChange(figure, None, None, answer.provenance)
    if figure.state != "ok" or figure.difference is None or m.family in ("count", "rate", "median"):
        return alone
    facts = facts_of(store, filters.program)
    reader = Reader(store, facts)
    now, before = gather_compared(reader, facts, filters, [m], (cut,))
    found, past = now[key], before.get(key, {})
    if isinstance(found, NotAvailable) or isinstance(past, NotAvailable):
        return alone
    parts = decompose(_by_group(found), _by_group(past))
    if parts is None:
        return alone
    return PeriodChange(figure, parts.within, parts.mix, answer.provenance)


def _by_group(found: Mapping[tuple[object, ...], Tally]) -> dict[str, Moments]:
    known = {str(group[0]): moments_of(tally) for group, tally in found.items()}
    return {name: moments for name, moments in known.items() if moments is not None}


@dataclass(frozen=True, slots=True)
class GroupsAnswer:
    """Each group of a cut with its difference to all others together.

    ``correction`` names how the p-values were adjusted for the number of groups: "holm" or
    "benjamini_hochberg". ``plot`` is the funnel of a share, or of
    a rate by branch, of the groups that are shown.
    """

    figures: tuple[Figure, ...]
    correction: str
    provenance: Provenance
    plot: Funnel | None = None
    note: Message | None = None


def groups_beside(
    store: Store,
    filters: Filters,
    key: str,
    cut: str,
    thresholds: Thresholds | None = None,
) -> GroupsAnswer:
    """Answer which groups differ from all others together, by more than chance.

    Returns
    -------
    GroupsAnswer
        In the order of the groups' names, after the privacy gate: no rank, since neighbours in
        a ranking seldom differ.

    Raises
    ------
    UsageProblem
        For an unknown program or metric, or a grouping that its records do not have.
    """
    facts, limits, m = facts_of(store, filters.program), thresholds or Thresholds(), metric(key)
    require_split(m, cut)
    filters = filters.with_(compare="none")
    reader = Reader(store, facts)
    if m.family == "count":
        note = msg("Counts follow the size of a group; choose a share, a mean or a rate")
        return GroupsAnswer((), "", reader.provenance(filters), note=note)
    _, apart = kept_apart(store, facts, filters, [m], limits)
    if apart:
        return GroupsAnswer((), "", reader.provenance(filters), note=apart[0].note)
    found = gather(reader, facts, filters, [m], (cut,))[key]
    if isinstance(found, NotAvailable):
        return GroupsAnswer((), "", reader.provenance(filters), note=found.note)
    tallies: dict[str, Tally] = {
        NOT_STATED if group[0] is None else str(group[0]): tally for group, tally in found.items()
    }
    names = sorted(tallies, key=lambda name: (name == NOT_STATED, alphabetical(name)))
    told = {name: _against_others(tallies, name) for name in names}
    few = len(names) <= _PLANNED
    adjust: Callable[[list[float]], list[float]] = holm if few else benjamini_hochberg
    p_values = adjust([1.0 if c is None else c.p_value for c in told.values()])
    figures = figures_of(m, [Cell(name, tallies[name], None, True) for name in names])
    figures = [
        _beside(m, figure, told[figure.by], p, sum(t.n for t in tallies.values()) - (figure.n or 0))
        for figure, p in zip(figures, p_values, strict=True)
    ]
    refused = groups_apart(store, facts, filters, m, cut, limits)
    shown = gate(figures, limits, parts_of_whole=True, refused=refused)
    plot = _plot(m, cut, {f.by: tallies[f.by] for f in shown if f.state == "ok"})
    method = "holm" if few else "benjamini_hochberg"
    return GroupsAnswer(shown, method, reader.provenance(filters), plot)


def _plot(m: Metric, cut: str, tallies: Mapping[str, Tally]) -> Funnel | None:
    """Return the funnel of shares, or of rates where each group has served its own customers."""
    if m.family == "share":
        shares = {name: (t.x, t.n) for name, t in tallies.items() if isinstance(t, ShareTally)}
        return funnel(shares)
    if m.family == "rate" and cut == "branch":
        rates = {
            name: (t.events, t.exposure) for name, t in tallies.items() if isinstance(t, RateTally)
        }
        return rate_funnel(rates)
    return None


def _against_others(tallies: Mapping[str, Tally], name: str) -> Comparison | None:
    others: Tally | None = None
    for group, tally in tallies.items():
        if group != name:
            others = tally if others is None else others + tally
    return None if others is None else tallies[name].compare(others)


def _beside(m: Metric, figure: Figure, told: Comparison | None, p: float, others: int) -> Figure:
    if told is None or figure.state != "ok":
        return figure
    return replace(
        figure,
        difference=told.difference,
        difference_low=told.low if isfinite(told.low) else None,
        difference_high=told.high if isfinite(told.high) else None,
        p_value=p,
        verdict=verdict(
            told,
            direction=m.direction,
            n_current=figure.n or 0,
            n_reference=others,
            minimum=m.minimum_base,
            p_value=p,
        ),
    )
