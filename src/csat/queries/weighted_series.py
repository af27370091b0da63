"""Weighted figures over time, each month, quarter or year held to its own population."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.period import Period, bucket_span, month_key
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import GRAINS
from csat.queries.buckets import families
from csat.queries.cells import Cell, figures_of
from csat.queries.design_gather import RowWeights, Weighed, row_weights, weighed
from csat.queries.design_rows import DesignRows, counted, scan
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import breaks_of, evaluate
from csat.queries.gate import gate
from csat.queries.raked import Weighting, weightings
from csat.queries.reader import Reader
from csat.queries.weighted import (
    WeightedFigure,
    WeightedTally,
    beside,
    bounds_of,
    few_of_one_weight,
    tally_of,
    weighable,
)
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class WeightedSeries:
    """Figures over time unweighted and weighted, and the weights of each stretch of time.

    ``unweighted`` names the metrics that have no weighted form.
    """

    figures: tuple[WeightedFigure, ...]
    weightings: Mapping[str, Weighting]
    unweighted: tuple[str, ...]
    provenance: Provenance

    def of(self, key: str) -> tuple[WeightedFigure, ...]:
        """Return the figures of one metric in the order of time."""
        return tuple(f for f in self.figures if f.plain.metric == key)

    def notes(self) -> tuple[Message, ...]:
        """Say in how many stretches the weights are doubtful."""
        every = len(self.weightings)
        missed = sum(not w.converged for w in self.weightings.values())
        costly = sum(w.kish.costly for w in self.weightings.values())
        out = []
        if missed:
            out.append(
                msg("In {n} of {all} periods no weights meet all margins.", n=missed, all=every)
            )
        if costly:
            out.append(
                msg(
                    "In {n} of {all} periods the weights cost more than half of the answers.",
                    n=costly,
                    all=every,
                )
            )
        return tuple(out)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rows that the command line prints, unrounded."""
        return [{"by": f.plain.by, **f.to_json()} for f in self.figures]


def weighted_series(
    store: Store,
    filters: Filters,
    keys: Sequence[str],
    grain: str = "month",
    thresholds: Thresholds | None = None,
) -> WeightedSeries:
    """Answer what metrics are over time with and without weights.

    Each month, quarter or year has weights of its own, as if it were the period looked at: the
    figure of a month here is that of the card for this month. Each is compared with the one
    before, unless the filters compare with nothing.

    Parameters
    ----------
    grain
        "month", "quarter" or "year". Days and weeks hold too few answers to be raked.

    Raises
    ------
    UsageProblem
        For an unknown program or metric, or another grain.
    """
    if grain not in GRAINS:
        raise UsageProblem(
            msg("Weighted figures cannot be split by {by}", by=grain),
            msg("Use one of: {names}", names=", ".join(("total", *GRAINS))),
        )
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    chosen = [metric(k) for k in keys]
    asked = [m for m in chosen if weighable(m)]
    plain: dict[str, list[Figure]] = {}
    for figure in evaluate(store, filters, [m.key for m in asked], grain, limits).figures:
        plain.setdefault(figure.metric, []).append(figure)
    timed = [m for m in asked if any(f.by != "total" for f in plain.get(m.key, ()))]
    labels = list(dict.fromkeys(f.by for m in timed for f in plain[m.key]))
    weights = weightings(reader, facts, filters, _spans(labels, filters), limits) if labels else {}
    values = {m.key: v for m in timed if (v := counted(m, facts, filters)) is not None}
    figures: list[WeightedFigure] = []
    parts: dict[str, tuple[DesignRows, RowWeights]] = {}
    if weights and values:
        kinds = tuple(dict.fromkeys(k for w in weights.values() for k in w.kinds))
        some = any(w.weighted for w in weights.values())
        by = ("month_key",)
        rows = scan(reader, facts, filters, values, kinds, weighted=some, by=by)
        parts = _parted(rows, weights, _spans(labels, filters))
    for m in asked:
        own = plain.get(m.key, [])
        if not parts or m.key not in values:
            figures += [WeightedFigure(f, f) for f in own]
        else:
            found = {label: weighed(*part, m.key) for label, part in parts.items()}
            figures += _line(facts, filters, m, own, found, grain, limits)
    left = tuple(m.key for m in chosen if m not in asked)
    return WeightedSeries(tuple(figures), weights, left, reader.provenance(filters))


def _spans(labels: Sequence[str], filters: Filters) -> dict[str, Period]:
    """Return the days of each label, within the period that is asked for."""
    out = {}
    for label in labels:
        span, asked = Period(*bucket_span(label)), filters.period
        if asked is not None:
            span = Period(max(span.first, asked.first), min(span.last, asked.last))
        out[label] = span
    return out


def _parted(
    rows: DesignRows, weights: Mapping[str, Weighting], spans: Mapping[str, Period]
) -> dict[str, tuple[DesignRows, RowWeights]]:
    """Return the rows of each stretch with its own weights on them."""
    months = np.array(rows.by["month_key"].names, dtype=np.int64)[rows.by["month_key"].places]
    out = {}
    for label, span in spans.items():
        own = (months >= month_key(span.first)) & (months <= month_key(span.last))
        if label in weights and own.any():
            part = rows.only(own)
            out[label] = part, row_weights(part, weights[label])
    return out


def _line(
    facts: Facts,
    filters: Filters,
    m: Metric,
    plain: Sequence[Figure],
    found: Mapping[str, Weighed],
    grain: str,
    limits: Thresholds,
) -> list[WeightedFigure]:
    """Return one metric over time, after the privacy gate."""
    least = limits.withhold_under
    few = {k for k, x in found.items() if x.tells_of_few(least)}
    scale = next((f for f in plain if f.scale is not None), plain[0])
    bounds = bounds_of(facts, filters, m, scale)
    tallies = {label: tally_of(m, x, bounds) for label, x in found.items()}
    breaks = breaks_of(facts, filters, m)
    cells: list[Cell] = []
    previous: WeightedTally | None = None
    for figure in plain:
        days = Period(*bucket_span(figure.by))
        broken = next((b for b in breaks if days.first <= b.day <= days.last), None)
        tally = tallies.get(figure.by)
        cells.append(Cell(figure.by, tally, previous, figure.finished, broken))
        previous = tally if figure.finished and filters.compare != "none" else None
    refused = few | {f.by for f in plain if f.withheld}
    shown = gate(
        figures_of(m, cells),
        limits,
        parts_of_whole=True,
        chained=True,
        refused=refused,
        families=families([f.by for f in plain], grain),
    )
    out = []
    for old, new in zip(plain, shown, strict=True):
        note = few_of_one_weight(least) if new.by in few and not old.withheld else new.note
        tally = tallies.get(old.by)
        new = replace(new, note=note)
        out.append(beside(old, new, tally) if tally is not None else WeightedFigure(old, new))
    return out
