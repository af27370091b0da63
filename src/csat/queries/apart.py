"""Metrics and groups that the filters in force would set apart, before any is counted."""

from __future__ import annotations

from collections.abc import Sequence

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.metrics import Metric
from csat.model.period import Period, bucket_span
from csat.model.settings import Thresholds
from csat.model.vocabulary import SURVEY_CUTS
from csat.queries.buckets import families
from csat.queries.facts import Facts
from csat.queries.gate import Series
from csat.queries.isolation import refusals, refused_groups
from csat.queries.line_tables import EVERYBODY
from csat.queries.series_apart import buckets_apart, cells_apart
from csat.store.store import Store

LETTERS = {"perception": "p", "gap": "g", "expectation": "e"}
"""Family of a metric on dimensions -> letter of its score columns."""


def column_of(m: Metric, facts: Facts) -> str:
    """Return the column of ``response`` whose answers are the base of a metric."""
    if m.field in ("csat", "nps", "ces", "recommend"):
        return m.field
    slot = facts.slot(m.argument) if m.field == "dimension" else None
    return EVERYBODY if slot is None else f"{LETTERS[m.key.partition(':')[0]]}_d{slot:d}"


def kept_apart(
    store: Store, facts: Facts, filters: Filters, metrics: Sequence[Metric], limits: Thresholds
) -> tuple[list[tuple[list[Metric], Filters]], tuple[Figure, ...]]:
    """Return which metrics may be shown under which filters, and the figures of the others.

    A metric whose reference period would set people apart is shown, compared with nothing.
    """
    columns = {m.key: column_of(m, facts) for m in metrics if m.subject == "survey"}
    wanted = tuple(dict.fromkeys(columns.values()))
    if not wanted:
        return [(list(metrics), filters)], ()
    now = refusals(store, filters, limits, wanted)
    reference = filters.comparison()
    before = refusals(store, reference, limits, wanted) if reference is not None else {}
    hidden = tuple(withheld(m, now[columns[m.key]]) for m in metrics if columns.get(m.key) in now)
    left = [m for m in metrics if columns.get(m.key) not in now]
    compared = [m for m in left if columns.get(m.key) not in before]
    alone = [m for m in left if columns.get(m.key) in before]
    parts = [(compared, filters), (alone, filters.with_(compare="none"))]
    return [(part, chosen) for part, chosen in parts if part], hidden


def groups_apart(
    store: Store,
    facts: Facts,
    filters: Filters,
    m: Metric,
    cut: str,
    limits: Thresholds,
    beside: Sequence[Metric] = (),
    *,
    in_series: bool = False,
) -> set[str]:
    """Return the groups of a split that the filters in force would set apart.

    Parameters
    ----------
    beside
        Metrics that are asked for in turn: what all of them need is counted in one scan.
    in_series
        Whether only stretches of the period are shown, which `table_apart` looks at.
    """
    if m.subject != "survey" or cut not in SURVEY_CUTS:
        return set()
    further = [column_of(o, facts) for o in beside if o.subject == "survey"]
    column = column_of(m, facts)
    return refused_groups(store, filters, limits, cut, column, further, in_series=in_series)


def series_apart(
    store: Store,
    facts: Facts,
    filters: Filters,
    m: Metric,
    labels: Sequence[str],
    grain: str,
    limits: Thresholds,
    week_start: int = 0,
) -> Series:
    """Return which stretches of a series the filters in force would set apart."""
    nested = families(labels, grain, week_start)
    if m.subject != "survey" or not labels:
        return Series(frozenset(), tuple(map(tuple, nested)))
    spans = _spans(filters, labels, nested)
    told = buckets_apart(store, filters, spans, column_of(m, facts), limits.withhold_under)
    return _series(labels, nested, told)


def table_apart(
    store: Store,
    facts: Facts,
    filters: Filters,
    m: Metric,
    cut: str,
    labels: Sequence[str],
    grain: str,
    limits: Thresholds,
    week_start: int = 0,
) -> dict[str, Series]:
    """Return for each group of a split which stretches the filters in force would set apart."""
    if m.subject != "survey" or cut not in SURVEY_CUTS or not labels:
        return {}
    nested = families(labels, grain, week_start)
    spans, column = _spans(filters, labels, nested), column_of(m, facts)
    told = cells_apart(store, filters, cut, spans, column, limits.withhold_under)
    return {group: _series(labels, nested, line) for group, line in told.items()}


def _spans(
    filters: Filters, labels: Sequence[str], nested: Sequence[Sequence[int]]
) -> list[Period]:
    """Return the days of each label and of each family, within the period that is asked for."""
    own = [Period(*bucket_span(label)) for label in labels]
    asked = filters.period
    if asked is not None:
        own = [Period(max(s.first, asked.first), min(s.last, asked.last)) for s in own]
    return own + [Period(own[f[0]].first, own[f[-1]].last) for f in nested]


def _series(labels: Sequence[str], nested: Sequence[Sequence[int]], told: Sequence[bool]) -> Series:
    refused = frozenset(label for label, apart in zip(labels, told, strict=False) if apart)
    shown = zip(nested, told[len(labels) :], strict=True)
    return Series(refused, tuple(tuple(f) for f, apart in shown if not apart))


def withheld(m: Metric, note: Message, by: str = "total") -> Figure:
    """Return the figure that says only that it is withheld, and why."""
    return Figure(
        metric=m.key,
        by=by,
        value=None,
        unit=m.unit,
        n=None,
        low=None,
        high=None,
        verdict="too_few",
        state="withheld",
        note=note,
    )
