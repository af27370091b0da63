"""From tallies to honest figures: value, base, interval, comparison and verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any, Final

from csat.model.answer import Answer, Figure
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.period import Period, bucket_label, bucket_span, month_key, months_between
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CUTS, GRAINS, SURVEY_CUTS
from csat.queries import catalogue
from csat.queries.catalogue import Extent, SeriesBreak
from csat.queries.gate import gate
from csat.queries.gather import NOT_STATED, NotAvailable, Tallies, gather
from csat.queries.reader import Reader
from csat.queries.tally import CountTally, Tally
from csat.stats.comparison import Comparison
from csat.stats.multiplicity import benjamini_hochberg, holm
from csat.stats.verdict import verdict
from csat.store.store import Store

_PLANNED: Final = 10
"""Up to this many comparisons in one family: Holm; beyond: Benjamini-Hochberg."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure to be: its current and reference tallies."""

    by: str
    current: Tally | None
    reference: Tally | None
    finished: bool
    broken: SeriesBreak | None = None


def evaluate(
    store: Store,
    filters: Filters,
    keys: Sequence[str],
    by: str = "total",
    thresholds: Thresholds | None = None,
) -> Answer:
    """Answer what metrics are, in total, over time, or by group.

    Parameters
    ----------
    filters
        Which data. A verdict needs a period and something to compare it with.
    keys
        Metric keys, such as ``("csat_top_box", "nps", "mean:Q7ALL")``.
    by
        "total"; "month", "quarter" or "year" (each compared with the one before); or
        "branch", "channel", "segment", "touchpoint", "category" (each compared with itself
        in the reference period, p-values adjusted for the number of groups).

    Returns
    -------
    Answer
        One figure per metric and group, after the privacy gate.

    Raises
    ------
    UsageProblem
        For an unknown program, metric or grouping.
    """
    catalogue.require_program(store, filters.program)
    limits = thresholds or Thresholds()
    if by not in ("total", *GRAINS, *CUTS):
        raise UsageProblem(
            msg("'{by}' is no grouping", by=by),
            msg("Use one of: {names}", names=", ".join(("total", *GRAINS, *CUTS))),
        )
    metrics = [metric(k) for k in keys]
    for m in metrics:
        if by in CUTS and by not in SURVEY_CUTS and m.subject == "survey":
            raise UsageProblem(
                msg("{metric} cannot be split by {by}", metric=m.key, by=by),
                msg("Survey answers split by: {names}", names=", ".join(SURVEY_CUTS)),
            )
    reader = Reader(store)
    span = catalogue.extent(store, filters.program)
    if by in GRAINS:
        figures = _over_time(reader, store, filters, metrics, by, span, limits)
    elif by in CUTS:
        figures = _by_group(reader, store, filters, metrics, by, span, limits)
    else:
        figures = _total(reader, store, filters, metrics, span, limits)
    provenance = reader.provenance(filters, exclusions=_exclusions(store, filters, metrics))
    return Answer(tuple(figures), provenance)


def _total(
    reader: Reader,
    store: Store,
    filters: Filters,
    metrics: Sequence[Metric],
    span: Extent,
    limits: Thresholds,
) -> list[Figure]:
    now = gather(reader, store, filters, metrics, ())
    reference = filters.comparison()
    before = gather(reader, store, reference, metrics, ()) if reference else {}
    out: list[Figure] = []
    for m in metrics:
        current = now[m.key]
        if isinstance(current, NotAvailable):
            out.append(_unavailable(m, "total", current.note))
            continue
        cell = Cell(
            "total",
            _with_days(current.get(()), filters, span),
            _with_days(_look(before, m, ()), reference, span),
            _finished(m, filters.period, span),
            _break_between(_breaks(store, filters, m), reference, filters),
        )
        out.extend(gate(_figures(m, [cell]), limits, parts_of_whole=False))
    return out


def _by_group(
    reader: Reader,
    store: Store,
    filters: Filters,
    metrics: Sequence[Metric],
    by: str,
    span: Extent,
    limits: Thresholds,
) -> list[Figure]:
    now = gather(reader, store, filters, metrics, (by,))
    reference = filters.comparison()
    before = gather(reader, store, reference, metrics, (by,)) if reference else {}
    out: list[Figure] = []
    for m in metrics:
        current = now[m.key]
        if isinstance(current, NotAvailable):
            out.append(_unavailable(m, "total", current.note))
            continue
        finished = _finished(m, filters.period, span)
        broken = _break_between(_breaks(store, filters, m), reference, filters)
        cells = [
            Cell(
                NOT_STATED if group[0] is None else str(group[0]),
                _with_days(tally, filters, span),
                _with_days(_look(before, m, group), reference, span),
                finished,
                broken,
            )
            for group, tally in current.items()
        ]
        cells.sort(key=lambda c: (c.by == NOT_STATED, c.by))
        out.extend(gate(_figures(m, cells), limits, parts_of_whole=True))
    return out


def _over_time(
    reader: Reader,
    store: Store,
    filters: Filters,
    metrics: Sequence[Metric],
    grain: str,
    span: Extent,
    limits: Thresholds,
) -> list[Figure]:
    monthly = gather(reader, store, filters, metrics, ("month_key",))
    out: list[Figure] = []
    for m in metrics:
        tallies = monthly[m.key]
        if isinstance(tallies, NotAvailable):
            out.append(_unavailable(m, "total", tallies.note))
            continue
        breaks = _breaks(store, filters, m)
        cells = _time_cells(m, tallies, filters, grain, span, breaks)
        out.extend(gate(_figures(m, cells), limits, parts_of_whole=True))
    return out


def _time_cells(
    m: Metric,
    tallies: Tallies,
    filters: Filters,
    grain: str,
    span: Extent,
    breaks: Sequence[SeriesBreak],
) -> list[Cell]:
    months = sorted(int(g[0]) for g in tallies)
    if not months:
        return []
    first, last = months[0], months[-1]
    if filters.period is not None:
        first, last = month_key(filters.period.first), month_key(filters.period.last)
    buckets: dict[str, Tally | None] = {}
    for key in months_between(first, last):
        label = bucket_label(key, grain)
        tally = tallies.get((key,))
        known = buckets.get(label)
        buckets[label] = (
            known + tally
            if known is not None and tally is not None
            else (tally if tally is not None else known)
        )
    cells = []
    previous: Tally | None = None
    for label, tally in buckets.items():
        whole = Period(*bucket_span(label))
        tally = _count_days(tally, whole)
        finished = _finished(m, whole, span) and _inside(whole, filters.period)
        broken = next((b for b in breaks if whole.first <= b.day <= whole.last), None)
        cells.append(Cell(label, tally, previous, finished, broken))
        previous = tally if finished else None
    return cells


def _breaks(store: Store, filters: Filters, m: Metric) -> tuple[SeriesBreak, ...]:
    """Return the breaks that a metric's series has."""
    if m.subject != "survey":
        return ()
    found = catalogue.series_breaks(store, filters.program)
    if not found:
        return ()
    if m.field == "dimension":
        return tuple(b for b in found if b.dimension == m.argument)
    asked = {
        i.key
        for i in catalogue.items(store, filters.program, filters.surveys)
        if i.key == m.argument or m.field in i.measures
    }
    return tuple(b for b in found if b.item in asked)


def _break_between(
    breaks: Sequence[SeriesBreak], reference: Filters | None, filters: Filters
) -> SeriesBreak | None:
    if reference is None or reference.period is None or filters.period is None:
        return None
    start, end = reference.period.first, filters.period.last
    return next((b for b in breaks if start < b.day <= end), None)


def _inside(bucket: Period, period: Period | None) -> bool:
    return period is None or (period.first <= bucket.first and bucket.last <= period.last)


def _finished(m: Metric, period: Period | None, span: Extent) -> bool:
    if period is None:
        return True
    complete = span.complete(m.subject)
    return complete is None or period.last <= complete


def _look(found: Mapping[str, Any], m: Metric, group: tuple[Any, ...]) -> Tally | None:
    tallies = found.get(m.key)
    return None if tallies is None or isinstance(tallies, NotAvailable) else tallies.get(group)


def _with_days(tally: Tally | None, filters: Filters | None, span: Extent) -> Tally | None:
    if filters is None:
        return None
    period = filters.period
    if period is None and span.first is not None and span.last is not None:
        period = Period(span.first, span.last)
    return _count_days(tally, period)


def _count_days(tally: Tally | None, period: Period | None) -> Tally | None:
    if isinstance(tally, CountTally) and period is not None:
        return CountTally(tally.events, period.days)
    return tally


def _figures(m: Metric, cells: Sequence[Cell]) -> list[Figure]:
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
    if cell.current is None or cell.reference is None or not cell.reference.n or cell.broken:
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
        return msg("Not compared across the change of wording on {day}", day=cell.broken.day)
    return None


def _unavailable(m: Metric, by: str, note: Message) -> Figure:
    return Figure(
        metric=m.key,
        by=by,
        value=None,
        unit=m.unit,
        n=0,
        low=None,
        high=None,
        verdict="not_compared",
        state="not_available",
        note=note,
    )


def _exclusions(store: Store, filters: Filters, metrics: Sequence[Metric]) -> tuple[Message, ...]:
    """Say how many answers special codes keep out of the base, over all active batches."""
    wanted: list[str] = []
    for item in catalogue.items(store, filters.program, filters.surveys):
        for m in metrics:
            if item.key == m.argument or m.field in item.measures:
                wanted.append(item.key)
    rows = catalogue.exclusions(store, filters.program, tuple(dict.fromkeys(wanted)))
    return tuple(
        msg(
            "{item}: {n} answers left out as {reason}",
            item=r["item_key"],
            n=r["n"],
            reason=r["kind"],
        )
        for r in rows
    )
