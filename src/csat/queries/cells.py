"""From two tallies to one honest figure: value, base, interval, comparison, verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Final

from csat.model.answer import Figure
from csat.model.message import Message, msg
from csat.model.metrics import Metric
from csat.queries.catalogue import SeriesBreak
from csat.queries.tally import Estimate
from csat.stats.comparison import Comparison
from csat.stats.multiplicity import benjamini_hochberg, holm
from csat.stats.verdict import verdict

_PLANNED: Final = 10
"""Up to this many comparisons in one family: Holm; beyond: Benjamini-Hochberg."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure to be: its current and reference tallies."""

    by: str
    current: Estimate | None
    reference: Estimate | None
    finished: bool
    broken: SeriesBreak | None = None


def figures_of(m: Metric, cells: Sequence[Cell]) -> list[Figure]:
    """Return the figures of one family of cells, p-values adjusted for their number."""
    compared = [_compare(c) for c in cells]
    tested = [i for i, c in enumerate(compared) if c is not None and cells[i].finished]
    adjust: Callable[[list[float]], list[float]] = (
        holm if len(tested) <= _PLANNED else benjamini_hochberg
    )
    adjusted = dict(zip(tested, adjust([_p(compared[i]) for i in tested]), strict=True))
    return [
        _figure(m, cell, comparison, adjusted.get(i))
        for i, (cell, comparison) in enumerate(zip(cells, compared, strict=True))
    ]


def _p(comparison: Comparison | None) -> float:
    return 1.0 if comparison is None else comparison.p_value


def _compare(cell: Cell) -> Comparison | None:
    if cell.current is None or cell.reference is None or cell.broken:
        return None
    return cell.current.compare(cell.reference)


def _figure(m: Metric, cell: Cell, comparison: Comparison | None, p: float | None) -> Figure:
    tally, reference = cell.current, cell.reference
    blank = Figure(
        metric=m.key,
        by=cell.by,
        value=None,
        unit=m.unit,
        n=0,
        low=None,
        high=None,
        verdict="not_compared",
        state="no_data",
        finished=cell.finished,
    )
    if tally is None:
        return blank
    value, interval = tally.value(), tally.interval()
    if value is None and m.family != "median":
        return blank
    figure = replace(
        blank,
        state="ok" if value is not None else "not_available",
        note=_note(cell, value),
        value=value,
        n=tally.n,
        low=interval.low if interval else None,
        high=interval.high if interval and isfinite(interval.high) else None,
        scale=getattr(tally, "scale", None),
        standard_error=getattr(tally, "standard_error", None),
        verdict=verdict(
            comparison,
            direction=m.direction,
            n_current=tally.n,
            n_reference=reference.n if reference is not None and not cell.broken else 0,
            finished=cell.finished,
            minimum=m.minimum_base,
            p_value=p,
        ),
    )
    if comparison is None or reference is None:
        return figure
    return replace(
        figure,
        difference=comparison.difference,
        difference_low=comparison.low if isfinite(comparison.low) else None,
        difference_high=comparison.high if isfinite(comparison.high) else None,
        p_value=comparison.p_value if p is None else p,
        reference_value=reference.value(),
        reference_n=reference.n,
    )


def _note(cell: Cell, value: float | None) -> Message | None:
    if value is None:
        return msg("More than half are still open")
    if cell.broken is not None and cell.reference is not None:
        day = cell.broken.day
        if cell.broken.of_index:
            return msg("Not compared across the change of the index on {day}", day=day)
        return msg("Not compared across the change of wording on {day}", day=day)
    return None


def unavailable(m: Metric, note: Message) -> Figure:
    """Return the figure that only says why there is none."""
    return Figure(
        metric=m.key,
        by="total",
        value=None,
        unit=m.unit,
        n=0,
        low=None,
        high=None,
        verdict="not_compared",
        state="not_available",
        note=note,
    )
