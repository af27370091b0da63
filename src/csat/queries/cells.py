"""From two tallies to one honest figure: value, base, interval, comparison, verdict."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

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


def figures_of(m: Metric, cells: Sequence[Cell], group: str = "") -> list[Figure]:
    """Return the figures of one family of cells, p-values adjusted for their number.

    Parameters
    ----------
    group
        The group of a split over time that all of them are of.
    """
    compared = [_compare(c) for c in cells]
    tested = [i for i, c in enumerate(compared) if c is not None and cells[i].finished]
    adjust: Callable[[list[float]], list[float]] = (
        holm if len(tested) <= _PLANNED else benjamini_hochberg
    )
    adjusted = dict(zip(tested, adjust([_p(compared[i]) for i in tested]), strict=True))
    return [
        _figure(m, cell, comparison, adjusted.get(i), group)
        for i, (cell, comparison) in enumerate(zip(cells, compared, strict=True))
    ]


def bases_of(m: Metric, cells: Sequence[Cell], group: str) -> list[Figure]:
    """Return figures with value and base alone: what the gate needs to know of those not shown."""
    values = [None if c.current is None else c.current.value() for c in cells]
    return [_plain(m, c, value, group) for c, value in zip(cells, values, strict=True)]


def _p(comparison: Comparison | None) -> float:
    return 1.0 if comparison is None else comparison.p_value


def _compare(cell: Cell) -> Comparison | None:
    if cell.current is None or cell.reference is None or cell.broken:
        return None
    return cell.current.compare(cell.reference)


def _plain(m: Metric, cell: Cell, value: float | None, group: str) -> Figure:
    """Return a figure that is compared with nothing and has no interval."""
    tally = cell.current
    measured = tally is not None and (value is not None or m.family == "median")
    return Figure(
        metric=m.key,
        by=cell.by,
        value=value,
        unit=m.unit,
        n=tally.n if tally is not None and measured else 0,
        low=None,
        high=None,
        verdict="not_compared",
        state="ok" if value is not None else "not_available" if measured else "no_data",
        finished=cell.finished,
        group=group,
    )


def _figure(
    m: Metric, cell: Cell, comparison: Comparison | None, p: float | None, group: str
) -> Figure:
    tally, reference = cell.current, cell.reference
    value = None if tally is None else tally.value()
    if tally is None or (value is None and m.family != "median"):
        return _plain(m, cell, value, group)
    interval, n = tally.interval(), tally.n
    return Figure(
        metric=m.key,
        by=cell.by,
        value=value,
        unit=m.unit,
        n=n,
        low=interval.low if interval else None,
        high=_finite(interval.high) if interval else None,
        verdict=verdict(
            comparison,
            direction=m.direction,
            n_current=n,
            n_reference=reference.n if reference is not None and not cell.broken else 0,
            finished=cell.finished,
            minimum=m.minimum_base,
            p_value=p,
        ),
        state="ok" if value is not None else "not_available",
        finished=cell.finished,
        note=_note(cell, value),
        scale=getattr(tally, "scale", None),
        group=group,
        standard_error=getattr(tally, "standard_error", None),
        **_change(comparison, reference, p),
    )


def _change(
    comparison: Comparison | None, reference: Estimate | None, p: float | None
) -> dict[str, Any]:
    """Return what a figure says of its change; nothing without a comparison."""
    if comparison is None or reference is None:
        return {}
    return {
        "difference": comparison.difference,
        "difference_low": _finite(comparison.low),
        "difference_high": _finite(comparison.high),
        "p_value": comparison.p_value if p is None else p,
        "reference_value": reference.value(),
        "reference_n": reference.n,
    }


def _finite(end: float) -> float | None:
    return end if isfinite(end) else None


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
