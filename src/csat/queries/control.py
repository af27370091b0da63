"""Any metric over days, weeks, months, quarters or years as the control chart that fits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from csat.model.answer import Figure
from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CHART_GRAINS, CUTS, SURVEY_CUTS
from csat.queries.apart import groups_apart, kept_apart, series_apart, table_apart
from csat.queries.buckets import Bucket, buckets, key_column, stretch
from csat.queries.cells import Cell, figures_of
from csat.queries.charted import SeriesOf, chart_series
from csat.queries.complaint_tallies import NotAvailable, Tallies
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import breaks_of
from csat.queries.gate import gate_nested, gate_table
from csat.queries.gather import NOT_STATED, gather
from csat.queries.marks import Mark, marks, target_of
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
    _require_grain(grain)
    facts, limits, m = facts_of(store, filters.program), thresholds or Thresholds(), metric(key)
    filters = filters.with_(compare="none")
    reader = Reader(store, facts)
    about = SeriesOf.of(m, scope_of(filters), grain)
    if not facts.span.holds(m.subject):
        return _nothing(about, Message(m.needs))
    _, hidden = kept_apart(store, facts, filters, [m], limits)
    if hidden:
        return _nothing(about, hidden[0].note)
    found = gather(reader, facts, filters, [m], (key_column(grain),))[key]
    if isinstance(found, NotAvailable):
        return _nothing(about, found.note)
    said = marks(store, filters.program)
    target = target_of(said, key)
    answer = _charted(
        store, about, m, found, facts, filters, limits, week_start, said, target, zones=zones
    )
    if m.subject == "complaints" and any(p.rare for p in answer.phases):
        rare = between_events(reader, filters, m, answer)
        answer = answer if rare is None else rare
    return replace(answer, provenance=reader.provenance(filters))


def control_split(
    store: Store,
    filters: Filters,
    keys: Sequence[str],
    grain: str,
    cut: str,
    thresholds: Thresholds | None = None,
    week_start: int = 0,
) -> tuple[ControlAnswer, ...]:
    """Answer for every group of a cut whether metrics change over time, or only vary.

    Returns
    -------
    tuple of ControlAnswer
        One for each metric and group, the largest groups of a metric first, after the privacy
        gate in both directions. A metric that cannot be split so has one answer with a note.
    """
    _require_grain(grain)
    if cut not in CUTS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=cut),
            msg("Use one of: {names}", names=", ".join(CUTS)),
        )
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    filters = filters.with_(compare="none")
    reader = Reader(store, facts)
    metrics = [metric(k) for k in keys]
    wanted = [
        m
        for m in metrics
        if facts.span.holds(m.subject) and (m.subject == "complaints" or cut in SURVEY_CUTS)
    ]
    shown, hidden = kept_apart(store, facts, filters, wanted, limits)
    kept = [m for part, _ in shown for m in part]
    found = gather(reader, facts, filters, kept, (key_column(grain), cut)) if kept else {}
    said = marks(store, filters.program)
    notes = {f.metric: f.note for f in hidden}
    out: list[ControlAnswer] = []
    for m in metrics:
        about = SeriesOf.of(m, scope_of(filters), grain)
        tallies = found.get(m.key)
        if isinstance(tallies, dict):
            refused = groups_apart(store, facts, filters, m, cut, limits, in_series=True)
            out += _lines(
                store, about, m, tallies, facts, filters, limits, week_start, cut, refused, said
            )
        else:
            note = tallies.note if tallies is not None else notes.get(m.key, Message(m.needs))
            out.append(_nothing(about, note))
    origin = reader.provenance(filters)
    return tuple(replace(answer, provenance=origin) for answer in out)


def _require_grain(grain: str) -> None:
    if grain not in CHART_GRAINS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=grain),
            msg("Use one of: {names}", names=", ".join(CHART_GRAINS)),
        )


def _nothing(about: SeriesOf, note: Message | None) -> ControlAnswer:
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
        return _nothing(about, None)
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
    figures = gate_nested(_figures(m, cut), limits, apart.families, apart.refused)
    starts = _starts(cut, m, facts, filters, said)
    value = None if target is None else target.value
    tallied = [b.tally for b in cut]
    return chart_series(about, figures, tallied, starts, target=value, zones=zones)


def _lines(
    store: Store,
    about: SeriesOf,
    m: Metric,
    tallies: Tallies,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    week_start: int,
    cut: str,
    refused: set[str],
    said: tuple[Mark, ...],
) -> list[ControlAnswer]:
    """Return one chart per group, on the same buckets for all."""
    groups: dict[str, dict[int, Any]] = {}
    for (key, group), tally in tallies.items():
        groups.setdefault(NOT_STATED if group is None else str(group), {})[int(key)] = tally
    whole = stretch((int(g[0]) for g in tallies), filters, about.grain)
    if whole is None:
        return []
    parts = {
        group: buckets(
            m,
            own,
            whole,
            about.grain,
            facts.span,
            asked=filters.period,
            week_start=week_start,
        )
        for group, own in sorted(groups.items())
    }
    lines = {
        group: [replace(f, group=group) for f in _figures(m, part)] for group, part in parts.items()
    }
    labels = [b.label for b in next(iter(parts.values()))]
    apart = table_apart(store, facts, filters, m, cut, labels, about.grain, limits, week_start)
    gated = gate_table(lines, limits, refused, apart)
    out = []
    for (group, part), figures in zip(parts.items(), gated, strict=True):
        scope = "&".join(filter(None, (about.scope, f"{cut}={group}")))
        own = replace(about, scope=scope, group=group)
        starts = _starts(part, m, facts, filters, said)
        out.append(chart_series(own, figures, [b.tally for b in part], starts))
    return sorted(out, key=lambda a: (a.group == NOT_STATED, -_base(a), a.group))


def _base(answer: ControlAnswer) -> int:
    return sum(p.figure.n or 0 for p in answer.points)


def _figures(m: Metric, cut: Sequence[Bucket]) -> list[Figure]:
    return figures_of(m, [Cell(b.label, b.tally, None, b.finished) for b in cut])


def _starts(
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
