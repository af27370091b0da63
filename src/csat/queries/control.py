"""Any metric over days, weeks, months, quarters or years as the control chart that fits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CHART_GRAINS
from csat.queries.apart import kept_apart, series_apart
from csat.queries.buckets import Bucket, buckets, key_column, stretch
from csat.queries.cells import Cell, figures_of
from csat.queries.charted import SeriesOf, chart_series
from csat.queries.complaint_tallies import NotAvailable, Tallies
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import breaks_of
from csat.queries.gate import gate_nested
from csat.queries.marks import Mark, marks, target_of
from csat.queries.months import gather_series
from csat.queries.rare_events import between_events
from csat.queries.reader import Reader
from csat.store.store import Store

_UNCHOSEN: Final = ("program", "from", "to", "compare")


def scope_of(filters: Filters) -> str:
    """Name what filters choose, apart from program and dates: ``branch=North``, "" for all.

    Examples
    --------
    >>> scope_of(Filters.of("demo", branches=["North"])), scope_of(Filters.of("demo"))
    ('branch=North', '')
    """
    parts = []
    for name, value in filters.to_query().items():
        if name not in _UNCHOSEN:
            values = [value] if isinstance(value, str) else value
            parts += [f"{name}={v}" for v in values]
    return "&".join(parts)


def control(
    store: Store,
    filters: Filters,
    key: str,
    grain: str = "month",
    thresholds: Thresholds | None = None,
    week_start: int = 0,
    zones: bool = False,
) -> ControlAnswer:
    """Answer whether a metric changes over time, or only varies.

    Parameters
    ----------
    filters
        Which data; the series runs over their period, or over all data without one.
    key
        Metric key, such as ``"csat_top_box"`` or ``"perception:reliability"``.
    grain
        "day", "week", "month", "quarter" or "year", by the program's own days.
    week_start
        First day of a week, 0 for Monday.
    zones
        Also use the zone rules, where they are sound.

    Returns
    -------
    ControlAnswer
        After the privacy gate. Limits rest on the first points of each phase; a change of
        wording, and a phase set by a person, begin a new one. Events that come less than once
        a period are charted by the time or the cases between them.

    Raises
    ------
    UsageProblem
        For an unknown program, metric or grain.
    """
    require_grain(grain)
    facts, limits, m = facts_of(store, filters.program), thresholds or Thresholds(), metric(key)
    filters = filters.with_(compare="none")
    reader = Reader(store, facts)
    about = SeriesOf.of(m, scope_of(filters), grain)
    if not facts.span.holds(m.subject):
        return nothing(about, Message(m.needs))
    _, hidden = kept_apart(store, facts, filters, [m], limits)
    if hidden:
        return nothing(about, hidden[0].note)
    found = gather_series(reader, facts, filters, [m], (key_column(grain),))[key]
    if isinstance(found, NotAvailable):
        return nothing(about, found.note)
    said = marks(store, filters.program)
    target = target_of(said, key)
    answer = _charted(
        store, about, m, found, facts, filters, limits, week_start, said, target, zones=zones
    )
    if m.subject == "complaints" and any(p.rare for p in answer.phases):
        rare = between_events(reader, filters, m, answer)
        answer = answer if rare is None else rare
    return replace(answer, provenance=reader.provenance(filters))


def require_grain(grain: str) -> None:
    """Refuse a grain that no chart has."""
    if grain not in CHART_GRAINS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=grain),
            msg("Use one of: {names}", names=", ".join(CHART_GRAINS)),
        )


def nothing(about: SeriesOf, note: Message | None) -> ControlAnswer:
    """Return the chart of no points, with the reason."""
    return ControlAnswer(
        about.metric,
        about.scope,
        about.grain,
        (),
        (),
        (),
        0.0,
        "unknown",
        "no_target",
        about.direction,
        about.unit,
        note=note,
    )


def _charted(
    store: Store,
    about: SeriesOf,
    m: Metric,
    found: Tallies,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    week_start: int,
    said: tuple[Mark, ...],
    target: Mark | None,
    *,
    zones: bool,
) -> ControlAnswer:
    tallies = {int(group[0]): tally for group, tally in found.items()}
    whole = stretch(tallies, filters, about.grain)
    if whole is None:
        return nothing(about, None)
    cut = buckets(
        m,
        tallies,
        whole,
        about.grain,
        facts.span,
        asked=filters.period,
        week_start=week_start,
    )
    labels = [b.label for b in cut]
    apart = series_apart(store, facts, filters, m, labels, about.grain, limits, week_start)
    figures = gate_nested(figures_of(m, cells_of(cut)), limits, apart.families, apart.refused)
    starts = phase_starts(cut, m, facts, filters, said)
    value = None if target is None else target.value
    tallied = [b.tally for b in cut]
    return chart_series(about, figures, tallied, starts, target=value, zones=zones)


def cells_of(cut: Sequence[Bucket]) -> list[Cell]:
    """Return the cells of a series that is compared with nothing."""
    return [Cell(b.label, b.tally, None, b.finished) for b in cut]


def phase_starts(
    cut: Sequence[Bucket], m: Metric, facts: Facts, filters: Filters, said: tuple[Mark, ...]
) -> list[tuple[int, str | Message]]:
    """Return where new phases begin: changes of wording, and those set by a person."""
    days: list[tuple[Any, str | Message]] = [
        (
            b.day,
            Message(b.note)
            if b.of_index
            else msg("{item}: {note}", item=b.item, note=Message(b.note)),
        )
        for b in breaks_of(facts, filters, m)
    ]
    days += [
        (mark.day, mark.reason)
        for mark in said
        if mark.kind == "phase" and mark.about(m.key) and mark.day is not None
    ]
    found: dict[int, str | Message] = {}
    for day, reason in sorted(days, key=lambda pair: pair[0]):
        place = next((i for i, b in enumerate(cut) if b.span.first <= day <= b.span.last), None)
        if place:
            found.setdefault(place, reason)
    return sorted(found.items())
