"""A metric over time for every group of a cut, as a control chart for each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from csat.model.control import ControlAnswer
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.problem import UsageProblem
from csat.model.settings import Thresholds
from csat.model.vocabulary import CUTS
from csat.queries.apart import groups_apart, kept_apart, table_apart
from csat.queries.buckets import frame, key_column, stretch
from csat.queries.cells import bases_of, figures_of
from csat.queries.charted import SeriesOf, chart_series
from csat.queries.complaint_tallies import Tallies
from csat.queries.control import cells_of, nothing, phase_starts, require_grain, scope_of
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.gate import gate_table
from csat.queries.gather import NOT_STATED
from csat.queries.groupings import no_split, splits
from csat.queries.marks import Mark, marks
from csat.queries.months import gather_series
from csat.queries.reader import Reader
from csat.store.store import Store


def control_split(
    store: Store,
    filters: Filters,
    keys: Sequence[str],
    grain: str,
    cut: str,
    thresholds: Thresholds | None = None,
    week_start: int = 0,
    only: Collection[str] | None = None,
) -> tuple[ControlAnswer, ...]:
    """Answer for every group of a cut whether metrics change over time, or only vary.

    Parameters
    ----------
    only
        Groups to draw charts of; the others count for the privacy gate alone. None for all.

    Returns
    -------
    tuple of ControlAnswer
        One for each metric and group, the largest groups of a metric first, after the privacy
        gate in both directions. A metric that cannot be split so has one answer with a note.
    """
    require_grain(grain)
    if cut not in CUTS:
        raise UsageProblem(
            msg("'{by}' is no grouping", by=cut),
            msg("Use one of: {names}", names=", ".join(CUTS)),
        )
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    filters = filters.with_(compare="none")
    reader = Reader(store, facts)
    metrics = [metric(k) for k in keys]
    wanted = [m for m in metrics if facts.span.holds(m.subject) and splits(m, cut)]
    shown, hidden = kept_apart(store, facts, filters, wanted, limits)
    kept = [m for part, _ in shown for m in part]
    found = gather_series(reader, facts, filters, kept, (key_column(grain), cut)) if kept else {}
    said = marks(store, filters.program)
    notes = {f.metric: f.note for f in hidden}
    out: list[ControlAnswer] = []
    for m in metrics:
        about = SeriesOf.of(m, scope_of(filters), grain)
        tallies = found.get(m.key)
        if isinstance(tallies, dict):
            refused = groups_apart(store, facts, filters, m, cut, limits, in_series=True)
            out += _lines(
                store,
                about,
                m,
                tallies,
                facts,
                filters,
                limits,
                week_start,
                cut,
                refused,
                said,
                only,
            )
        else:
            missing = Message(m.needs) if splits(m, cut) else no_split(m, cut)
            note = tallies.note if tallies is not None else notes.get(m.key, missing)
            out.append(nothing(about, note))
    origin = reader.provenance(filters)
    return tuple(replace(answer, provenance=origin) for answer in out)


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
    only: Collection[str] | None,
) -> list[ControlAnswer]:
    """Return one chart per group, on the same buckets for all."""
    if not tallies:
        return []
    groups: dict[str, dict[int, Any]] = {}
    for (key, group), tally in tallies.items():
        groups.setdefault(NOT_STATED if group is None else str(group), {})[int(key)] = tally
    whole = stretch((int(g[0]) for g in tallies), filters, about.grain)
    if whole is None:
        return []
    empty = frame(m, whole, about.grain, facts.span, asked=filters.period, week_start=week_start)
    parts = {group: empty.filled(own) for group, own in sorted(groups.items())}
    wanted = set(parts) if only is None else set(only)
    lines = {
        group: (figures_of if group in wanted else bases_of)(m, cells_of(part), group)
        for group, part in parts.items()
    }
    labels = [b.label for b in empty.empty]
    apart = table_apart(store, facts, filters, m, cut, labels, about.grain, limits, week_start)
    gated = gate_table(lines, limits, refused, apart)
    out = []
    for (group, part), figures in zip(parts.items(), gated, strict=True):
        if group not in wanted:
            continue
        scope = "&".join(filter(None, (about.scope, f"{cut}={group}")))
        own = replace(about, scope=scope, group=group)
        starts = phase_starts(part, m, facts, filters, said)
        out.append(chart_series(own, figures, [b.tally for b in part], starts))
    return sorted(out, key=lambda a: (a.group == NOT_STATED, -_base(a), a.group))


def _base(answer: ControlAnswer) -> int:
    return sum(p.figure.n or 0 for p in answer.points)
