"""Weighted figures over time and of groups, with the unweighted ones beside them."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from csat.cli.choosing import require_measured
from csat.cli.printing import (
    VERDICTS,
    asked,
    between,
    difference,
    difference_between,
    figure_words,
    p_words,
    told,
)
from csat.cli.text import NOTHING, number, plain, table
from csat.model.filters import Filters
from csat.model.metrics import Metric, metric
from csat.model.settings import Thresholds
from csat.queries.weighted import WeightedAnswer, WeightedFigure, unweighted_metric, weighted
from csat.queries.weighted_groups import WeightedGroups, weighted_groups
from csat.queries.weighted_series import weighted_series
from csat.store.store import Store

TOTAL = "total"


@dataclass(frozen=True, slots=True)
class _Figures:
    """Figures in total or over time, the metrics that have no weighted form, and notes."""

    rows: tuple[WeightedFigure, ...]
    left: tuple[str, ...]
    notes: tuple[Any, ...] = ()


def metrics(args: argparse.Namespace, keys: Sequence[str]) -> int:
    """Print figures with and without weights, in total or by month, quarter or year."""
    chosen = [metric(k) for k in keys]

    def beside(store: Store, filters: Filters, limits: Thresholds) -> _Figures:
        require_measured(store, filters.program, chosen)
        if args.by == TOTAL:
            found = weighted(store, filters, keys, limits)
            known = {f.plain.metric for f in found.figures}
            return _Figures(found.figures, tuple(k for k in keys if k not in known))
        series = weighted_series(store, filters, keys, args.by, limits)
        return _Figures(series.figures, series.unweighted, series.notes())

    found = asked(args, beside)
    answer = found.answer
    document = {
        "rows": [{"by": f.plain.by, **f.to_json()} for f in answer.rows],
        "unweighted": answer.left,
        "notes": [*answer.notes, *(unweighted_metric(metric(k)) for k in answer.left)],
    }
    return told(args, found, document, _lines(answer, found.limits), weighted=True)


def _lines(answer: _Figures, limits: Thresholds) -> Iterator[str]:
    head = ["metric", "by", "weighted", "95% interval", "unweighted", "n", "eff. n", "verdict"]
    rows = [_line(f, limits) for f in answer.rows]
    yield table(head, rows, right={2, 4, 5, 6})
    yield from (plain(str(note)) for note in answer.notes)
    yield from _left(metric(k) for k in answer.left)


def _left(left: Iterator[Metric]) -> Iterator[str]:
    for m in left:
        yield plain(f"{m.key}: {unweighted_metric(m)}")


def _line(f: WeightedFigure, limits: Thresholds) -> list[str]:
    new, old = f.weighted, f.plain
    return [
        old.metric,
        old.by or "(not stated)",
        figure_words(new, limits),
        between(new.low, new.high, new.unit),
        figure_words(old, limits),
        "" if new.n is None else f"{new.n:,d}",
        NOTHING if f.effective_n is None else f"{f.effective_n:,.0f}",
        VERDICTS[new.verdict],
    ]


@dataclass(frozen=True, slots=True)
class _Groups:
    """Each group against all others, and the change of all since the period compared with."""

    groups: WeightedGroups
    change: WeightedAnswer

    @property
    def all(self) -> WeightedFigure | None:
        """The weighted figure of everybody."""
        return next(iter(self.change.figures), None)


def groups(args: argparse.Namespace) -> int:
    """Print each weighted group against all others together."""
    m = metric(args.metric)

    def beside(store: Store, filters: Filters, limits: Thresholds) -> _Groups:
        require_measured(store, filters.program, [m])
        found = weighted_groups(store, filters, m.key, args.by, limits)
        return _Groups(found, weighted(store, filters, (m.key,), limits))

    found = asked(args, beside)
    answer, everybody = found.answer.groups, found.answer.all
    document = {
        "metric": m.key,
        "by": args.by,
        "note": answer.note,
        "correction": answer.correction or None,
        "rows": [_group_json(f) for f in answer.figures],
        "change": None if everybody is None else _group_json(everybody),
    }
    lines = _group_lines(found.answer, args.by, found.limits)
    return told(args, found, document, lines, weighted=True)


def _group_json(f: WeightedFigure) -> dict[str, Any]:
    new, old = f.weighted, f.plain
    return {
        **new.to_json(),
        "standard_error": f.standard_error,
        "effective_n": f.effective_n,
        "design_effect": f.design_effect,
        "difference": new.difference,
        "difference_low": new.difference_low,
        "difference_high": new.difference_high,
        "p_value": new.p_value,
        "note": new.note,
        "unweighted": old.value,
        "unweighted_difference": old.difference,
        "unweighted_p_value": old.p_value,
        "unweighted_verdict": old.verdict,
    }


def _group_lines(found: _Groups, by: str, limits: Thresholds) -> Iterator[str]:
    answer = found.groups
    if answer.note is not None:
        yield plain(str(answer.note))
        return
    head = [by, "weighted", "unweighted", "n", "eff. n", "less the others", "95% interval", "p"]
    rows = [_group_line(f, limits) for f in answer.figures]
    yield table([*head, "verdict"], rows, right={1, 2, 3, 4, 5, 7})
    if answer.correction:
        method = "Holm" if answer.correction == "holm" else "Benjamini-Hochberg"
        yield f"p corrected for the number of groups ({method}); intervals are not corrected"
    notes = (f.weighted.note for f in answer.figures)
    yield from dict.fromkeys(plain(str(note)) for note in notes if note is not None)
    if found.all is not None and found.all.weighted.difference is not None:
        f = found.all.weighted
        ends = difference_between(f.difference_low, f.difference_high, f.unit)
        yield (
            f"all, weighted: {VERDICTS[f.verdict]}, from {number(f.reference_value, f.unit)} to "
            f"{number(f.value, f.unit)}, difference {difference(f.difference, f.unit)} ({ends}), "
            f"p {p_words(f.p_value)}"
        )


def _group_line(f: WeightedFigure, limits: Thresholds) -> list[str]:
    new, old = f.weighted, f.plain
    return [
        new.by or "(not stated)",
        figure_words(new, limits),
        figure_words(old, limits),
        "" if new.n is None else f"{new.n:,d}",
        NOTHING if f.effective_n is None else f"{f.effective_n:,.0f}",
        difference(new.difference, new.unit),
        difference_between(new.difference_low, new.difference_high, new.unit),
        p_words(new.p_value),
        VERDICTS[new.verdict],
    ]
