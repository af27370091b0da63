"""Expectation against perception with the answers weighted to the population."""

from __future__ import annotations

from dataclasses import replace

from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.dimension_rows import DimensionAnswer, DimensionRow, with_scores
from csat.queries.dimensions import dimensions
from csat.queries.weighted import WeightedAnswer, weighted
from csat.store.store import Store


def weighted_dimensions(
    store: Store, filters: Filters, thresholds: Thresholds | None = None, weights: str = ""
) -> DimensionAnswer:
    """Answer how far each dimension falls short, with every answer weighted.

    As `dimensions` does, but for the dimensions' own rows alone and without reliability; how
    much each dimension counts is told from the answers as they came in.

    Parameters
    ----------
    weights
        How much each dimension counts (see `csat.queries.weights.parse`).

    Raises
    ------
    UsageProblem
        For an unknown program or weights.
    """
    limits = thresholds or Thresholds()
    plain = dimensions(store, filters, limits, weights, None)
    rows = plain.dimensions
    keys = [f"{name}:{r.dimension}" for name in ("gap", "perception", "expectation") for r in rows]
    found = weighted(store, filters, keys, limits)
    own = replace(
        plain,
        rows=tuple(_weighted(row, found) for row in rows),
        provenance=replace(
            plain.provenance, reads=(*plain.provenance.reads, *found.provenance.reads)
        ),
    )
    return with_scores(own, None, limits.withhold_under)


def _weighted(row: DimensionRow, found: WeightedAnswer) -> DimensionRow:
    gap, alone = found.one(f"gap:{row.dimension}"), found.one(f"perception:{row.dimension}")
    desired = found.one(f"expectation:{row.dimension}")
    if alone is not None:
        row = replace(
            row,
            performance=replace(alone.weighted, by=row.dimension),
            effective_n=alone.effective_n,
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
    )
