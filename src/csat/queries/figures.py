"""From tallies to honest figures: value, base, interval, comparison and verdict."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from csat.model.answer import Answer, Figure
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.period import Period, bucket_label, bucket_span, month_key, months_between
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CUTS, GRAINS
from csat.queries.apart import groups_apart, kept_apart, series_apart
from csat.queries.catalogue import SeriesBreak
from csat.queries.cells import Cell, figures_of, unavailable
from csat.queries.complaint_tallies import Group, NotAvailable, Tallies
from csat.queries.days import break_between, count_days, finished_in, lies_inside, with_days
from csat.queries.extent import Extent
from csat.queries.facts import Facts, left_out
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate
from csat.queries.gather import NOT_STATED
from csat.queries.groupings import require_split
from csat.queries.index_scores import redefined
from csat.queries.months import MONTH, gather_series
from csat.queries.reader import Reader
from csat.queries.tally import Tally
from csat.queries.two_periods import gather_compared
from csat.store.store import Store


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
        "total"; "month", "quarter" or "year" (each compared with the one before, unless the
        filters compare with nothing); or
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
    facts = facts_of(store, filters.program)
    limits = thresholds or Thresholds()
    if by not in ("total", *GRAINS, *CUTS):
        raise UsageProblem(
            msg("'{by}' is no grouping", by=by),
            msg("Use one of: {names}", names=", ".join(("total", *GRAINS, *CUTS))),
        )
    metrics = [metric(k) for k in keys]
    for m in metrics if by in CUTS else ():
        require_split(m, by)
    reader = Reader(store, facts)
    absent = [unavailable(m, Message(m.needs)) for m in metrics if not facts.span.holds(m.subject)]
    metrics = [m for m in metrics if facts.span.holds(m.subject)]
    shown, hidden = kept_apart(store, facts, filters, metrics, limits)
    figures = list(hidden)
    for part, chosen in shown:
        if by in GRAINS:
            figures += _over_time(reader, facts, chosen, part, by, limits)
        elif by in CUTS:
            figures += _by_group(reader, facts, chosen, part, by, limits)
        else:
            figures += _total(reader, facts, chosen, part, limits)
    figures = sorted([*figures, *absent], key=lambda f: keys.index(f.metric))
    provenance = reader.provenance(filters, exclusions=left_out(facts, filters, metrics))
    return Answer(tuple(figures), provenance)


def _total(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    metrics: Sequence[Metric],
    limits: Thresholds,
) -> list[Figure]:
    now, before = gather_compared(reader, facts, filters, metrics, ())
    reference = filters.comparison()
    out: list[Figure] = []
    for m in metrics:
        current = now[m.key]
        if isinstance(current, NotAvailable):
            out.append(unavailable(m, current.note))
            continue
        cell = Cell(
            "total",
            with_days(m, current.get(()), filters, facts.span),
            with_days(m, _found(before, m).get(()), reference, facts.span),
            finished_in(m, filters.period, facts.span),
            break_between(breaks_of(facts, filters, m), reference, filters),
        )
        out.extend(gate(figures_of(m, [cell]), limits, parts_of_whole=False))
    return out


def _by_group(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    metrics: Sequence[Metric],
    by: str,
    limits: Thresholds,
) -> list[Figure]:
    now, before = gather_compared(reader, facts, filters, metrics, (by,))
    reference = filters.comparison()
    out: list[Figure] = []
    for m in metrics:
        current = now[m.key]
        if isinstance(current, NotAvailable):
            out.append(unavailable(m, current.note))
            continue
        finished = finished_in(m, filters.period, facts.span)
        broken = break_between(breaks_of(facts, filters, m), reference, filters)
        past = _found(before, m)
        gone = [group for group in past if group not in current]
        refused = groups_apart(reader.store, facts, filters, m, by, limits, metrics)
        unseen = (
            groups_apart(reader.store, facts, reference, m, by, limits, metrics)
            if reference
            else ()
        )
        counted = m.family == "count"  # a group without cases now has had 0 of them
        cells = [
            Cell(
                _name(group),
                with_days(m, current.get(group), filters, facts.span),
                with_days(m, past.get(group), reference, facts.span)
                if _name(group) not in unseen
                else None,
                finished,
                broken,
            )
            for group in ([*current, *gone] if counted else current)
        ]
        cells.sort(key=lambda c: (c.by == NOT_STATED, c.by))
        before_n = {_name(group): tally.n for group, tally in past.items()}
        bases = [before_n.get(c.by, 0) for c in cells]
        bases += [past[group].n for group in gone if not counted]
        figures = figures_of(m, cells)
        out.extend(gate(figures, limits, parts_of_whole=True, references=bases, refused=refused))
    return out


def _name(group: Group) -> str:
    return NOT_STATED if group[0] is None else str(group[0])


def _over_time(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    metrics: Sequence[Metric],
    grain: str,
    limits: Thresholds,
) -> list[Figure]:
    monthly = gather_series(reader, facts, filters, metrics, (MONTH,))
    out: list[Figure] = []
    for m in metrics:
        tallies = monthly[m.key]
        if isinstance(tallies, NotAvailable):
            out.append(unavailable(m, tallies.note))
            continue
        breaks = breaks_of(facts, filters, m)
        cells = time_cells(m, tallies, filters, grain, facts.span, breaks)
        labels = [c.by for c in cells]
        apart = series_apart(reader.store, facts, filters, m, labels, grain, limits)
        out.extend(
            gate(
                figures_of(m, cells),
                limits,
                parts_of_whole=True,
                chained=True,
                refused=apart.refused,
                families=apart.families,
            )
        )
    return out


def time_cells(
    m: Metric,
    tallies: Tallies,
    filters: Filters,
    grain: str,
    span: Extent,
    breaks: Sequence[SeriesBreak],
    spanned: Sequence[int] | None = None,
) -> list[Cell]:
    """Return the cells of a series, each compared with the one before it, in their order."""
    months = sorted(spanned if spanned is not None else (int(g[0]) for g in tallies))
    if not months and filters.period is None:
        return []
    first, last = (months[0], months[-1]) if months else (0, 0)
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
        tally = count_days(m, tally, whole, span)
        finished = finished_in(m, whole, span) and lies_inside(whole, filters.period)
        broken = next((b for b in breaks if whole.first <= b.day <= whole.last), None)
        cells.append(Cell(label, tally, previous, finished, broken))
        previous = tally if finished and filters.compare != "none" else None
    return cells


def breaks_of(facts: Facts, filters: Filters, m: Metric) -> tuple[SeriesBreak, ...]:
    """Return the breaks that a metric's series has."""
    if m.subject != "survey":
        return ()
    if m.field == "index":
        return redefined(facts.index)
    found = facts.breaks
    if not found:
        return ()
    if m.field == "dimension":
        return tuple(b for b in found if b.dimension == m.argument)
    asked = {
        i.key for i in facts.asked(filters.surveys) if i.key == m.argument or m.field in i.measures
    }
    return tuple(b for b in found if b.item in asked)


def _found(found: Mapping[str, Tallies | NotAvailable], m: Metric) -> Tallies:
    tallies = found.get(m.key, {})
    return {} if isinstance(tallies, NotAvailable) else tallies
