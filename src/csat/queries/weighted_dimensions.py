"""Expectation against perception with the answers weighted to the population."""

from __future__ import annotations

from dataclasses import replace

from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.dimension_rows import DimensionAnswer, DimensionRow, with_scores
from csat.queries.dimensions import dimensions
from csat.queries.facts import facts as facts_of
from csat.queries.reader import Reader
from csat.queries.weighted import WeightedAnswer, weighted
from csat.queries.weighted_items import weighted_items
from csat.store.store import Store


def weighted_dimensions(
    store: Store,
    filters: Filters,
    thresholds: Thresholds | None = None,
    weights: str = "",
    items_of: str | None = "",
) -> DimensionAnswer:
    """Answer how far each dimension and question falls short, with every answer weighted.

    As `dimensions` does, each row with the unweighted one beside it, but without reliability;
    how much each dimension counts is told from the answers as they came in.

    Parameters
    ----------
    weights
        How much each dimension counts (see `csat.queries.weights.parse`).
    items_of
        Questions of one dimension only; "" for all, None for none.

    Raises
    ------
    UsageProblem
        For an unknown program or weights.
    """
    limits = thresholds or Thresholds()
    plain = dimensions(store, filters, limits, weights, items_of)
    rows = [replace(row, alpha=None, alpha_gap=None) for row in plain.rows]
    own = [r for r in rows if r.item is None]
    keys = [f"{name}:{r.dimension}" for name in ("gap", "perception", "expectation") for r in own]
    found = weighted(store, filters, keys, limits)
    facts = facts_of(store, filters.program)
    reader = Reader(store, facts)
    asked = [r for r in rows if r.item is not None]
    items = iter(weighted_items(reader, facts, filters, limits, asked))
    told = tuple(_weighted(r, found) if r.item is None else next(items) for r in rows)
    reads = [*plain.provenance.reads, *found.provenance.reads, *reader.provenance(filters).reads]
    answer = replace(plain, rows=told, provenance=replace(plain.provenance, reads=tuple(reads)))
    return with_scores(answer, None, limits.withhold_under)


def _weighted(row: DimensionRow, found: WeightedAnswer) -> DimensionRow:
    gap, alone = found.one(f"gap:{row.dimension}"), found.one(f"perception:{row.dimension}")
    desired = found.one(f"expectation:{row.dimension}")
    plain = row
    if alone is not None:
        row = replace(
            row,
            performance=replace(alone.weighted, by=row.dimension),
            effective_n=alone.effective_n,
            plain=plain,
        )
    if gap is None:
        return row
    expectation = desired.weighted.value if desired is not None else None
    lost = gap.weighted.value
    return replace(
        row,
        gap=replace(gap.weighted, by=row.dimension),
        expectation=expectation if lost is not None else None,
        perception=None if expectation is None or lost is None else expectation + lost,
        effective_n=gap.effective_n,
        plain=plain,
    )
