"""Each group against all others together, with the answers weighted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import SURVEY_CUTS
from csat.queries.cells import Cell, figures_of
from csat.queries.comparing import groups_beside
from csat.queries.contrasts import contrasts
from csat.queries.design_gather import Weighed, row_weights, weighed
from csat.queries.design_rows import DesignRows, counted, scan
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.gather import NOT_STATED
from csat.queries.raked import Weighting, weighting
from csat.queries.reader import Reader
from csat.queries.weighted import (
    WeightedFigure,
    WeightedTally,
    beside,
    bounds_of,
    few_of_one_weight,
    tally_of,
    unweighted_metric,
    weighable,
)
from csat.stats.comparison import Comparison
from csat.stats.design_sums import difference_from_sums
from csat.stats.paired import adjust
from csat.stats.verdict import verdict
from csat.store.store import Store

BY_RESPONDENT = ("gap:", "perception:")
"""Metrics whose groups the page on dimensions compares, by means of respondents' scores."""


@dataclass(frozen=True, slots=True)
class WeightedGroups:
    """Each group unweighted and weighted, both with the difference to all others together.

    ``correction`` names how the p-values of the weighted differences were adjusted.
    """

    figures: tuple[WeightedFigure, ...]
    correction: str
    weighting: Weighting | None
    provenance: Provenance
    note: Message | None = None

    @property
    def weighted(self) -> tuple[Figure, ...]:
        """The weighted figures alone."""
        return tuple(f.weighted for f in self.figures)


@dataclass(frozen=True, slots=True)
class _Told:
    """A group: its figure, what lies between it and the others, and the size of those."""

    tally: WeightedTally
    comparison: Comparison | None
    others: int


def weighted_groups(
    store: Store, filters: Filters, key: str, cut: str, thresholds: Thresholds | None = None
) -> WeightedGroups:
    """Answer which groups differ from all others together, with the answers weighted.

    Weights are those of everybody who answered in the period. The difference is linearised as
    a whole, with clusters and margins that both sides share.

    Parameters
    ----------
    key
        A metric that answers make; others have a note in place of figures.
    cut
        "branch", "channel", "segment" or "touchpoint".

    Raises
    ------
    UsageProblem
        For an unknown program, metric or grouping.
    """
    facts, limits, m = facts_of(store, filters.program), thresholds or Thresholds(), metric(key)
    if cut not in SURVEY_CUTS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=cut),
            msg("Use one of: {names}", names=", ".join(SURVEY_CUTS)),
        )
    filters = filters.with_(compare="none")
    reader = Reader(store, facts)
    value = counted(m, facts, filters) if weighable(m) else None
    if value is None:
        return WeightedGroups((), "", None, reader.provenance(filters), unweighted_metric(m))
    question = contrasts if key.startswith(BY_RESPONDENT) else groups_beside
    plain = question(store, filters, key, cut, limits)
    now = weighting(reader, facts, filters, limits) if plain.figures else None
    if now is None:
        return WeightedGroups((), "", None, plain.provenance, plain.note)
    weighs = now.weighted > 0
    rows = scan(reader, facts, filters, {key: value}, now.kinds, weighted=weighs, by=(cut,))
    scale = next((f for f in plain.figures if f.scale is not None), plain.figures[0])
    bounds = bounds_of(facts, filters, m, scale)
    least = limits.withhold_under
    told: dict[str, _Told] = {}
    few: set[str] = set()
    for name, (own, others) in _apart(rows, now, key, cut, [f.by for f in plain.figures]).items():
        tally, rest = tally_of(m, own, bounds), tally_of(m, others, bounds)
        if tally is None:
            continue
        few |= {name} if own.tells_of_few(least) else set()
        known = None if others.tells_of_few(least) else difference_from_sums(own.sums, others.sums)
        told[name] = _Told(tally, _scaled(known, tally.unit), 0 if rest is None else rest.n)
    figures, correction = _figures(m, plain.figures, told, few, limits)
    origin = reader.provenance(filters)
    reads = (*plain.provenance.reads, *origin.reads)
    return WeightedGroups(figures, correction, now, replace(origin, reads=reads), plain.note)


def _apart(
    rows: DesignRows, now: Weighting, key: str, cut: str, names: Sequence[str]
) -> dict[str, tuple[Weighed, Weighed]]:
    """Return for each group its own sums and those of all others."""
    on, cuts = row_weights(rows, now), rows.by[cut]
    of = {NOT_STATED if name is None else str(name): i for i, name in enumerate(cuts.names)}
    out = {}
    for name in names:
        inside = cuts.places == of.get(name, -1)
        out[name] = (weighed(rows, on, key, inside), weighed(rows, on, key, ~inside))
    return out


def _scaled(c: Comparison | None, unit: float) -> Comparison | None:
    if c is None:
        return None
    return Comparison(unit * c.difference, unit * c.low, unit * c.high, c.p_value)


def _figures(
    m: Metric,
    plain: Sequence[Figure],
    told: Mapping[str, _Told],
    few: set[str],
    limits: Thresholds,
) -> tuple[tuple[WeightedFigure, ...], str]:
    """Return the groups after the privacy gate, with differences corrected for their number."""
    enough = {k: min(x.tally.n, x.others) >= m.minimum_base for k, x in told.items()}
    tested = [x.comparison.p_value if x.comparison and enough[k] else None for k, x in told.items()]
    adjusted, correction = adjust(tested)
    p_values = dict(zip(told, adjusted, strict=True))
    cells = [
        Cell(f.by, told[f.by].tally if f.by in told else None, None, finished=True) for f in plain
    ]
    figures = [
        _against(m, f, told[f.by], p_values[f.by]) if f.by in told else f
        for f in figures_of(m, cells)
    ]
    refused = few | {f.by for f in plain if f.withheld}
    shown = gate(figures, limits, parts_of_whole=True, refused=refused)
    out = []
    for old, new in zip(plain, shown, strict=True):
        if new.by in few and not old.withheld:
            new = replace(new, note=few_of_one_weight(limits.withhold_under))
        own = told.get(old.by)
        out.append(beside(old, new, own.tally) if own is not None else WeightedFigure(old, new))
    return tuple(out), correction


def _against(m: Metric, figure: Figure, told: _Told, p: float | None) -> Figure:
    found = told.comparison
    figure = replace(
        figure,
        verdict=verdict(
            found,
            direction=m.direction,
            n_current=told.tally.n,
            n_reference=told.others,
            minimum=m.minimum_base,
            p_value=p,
        ),
    )
    if found is None:
        return figure
    return replace(
        figure,
        difference=found.difference,
        difference_low=found.low,
        difference_high=found.high,
        p_value=p,
    )
