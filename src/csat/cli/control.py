"""The command that prints a figure over time as a control chart."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from typing import Any

from csat.charts.control_words import chance_sentence, phase_words, signal_words, verdict_sentence
from csat.cli.choosing import require_measured
from csat.cli.printing import asked, between, figure_words, told
from csat.cli.session import configuration
from csat.cli.text import number, plain, table
from csat.locale.formats import Formats
from csat.model.control import ChartPhase, ChartSignal, ControlAnswer, ControlPoint
from csat.model.filters import Filters
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries.control import control as control_of
from csat.queries.control_split import control_split
from csat.queries.groupings import require_split
from csat.store.store import Store


def control(args: argparse.Namespace) -> int:
    """Print points, limits and signals of a figure, as the page on trends draws them."""
    m, week_start = metric(args.metric), configuration(args).week_start

    def charts(store: Store, filters: Filters, limits: Thresholds) -> tuple[ControlAnswer, ...]:
        require_measured(store, filters.program, [m])
        if args.split:
            require_split(m, args.split)
            return control_split(store, filters, (m.key,), args.by, args.split, limits, week_start)
        return (control_of(store, filters, m.key, args.by, limits, week_start, args.zones),)

    found = asked(args, charts)
    document = {
        "metric": m.key,
        "grain": args.by,
        "split": args.split,
        "charts": [_chart_json(answer) for answer in found.answer],
    }
    return told(
        args,
        found,
        document,
        _lines(found.answer, found.limits),
        weighted=False if m.subject == "survey" else None,
    )


def _chart_json(answer: ControlAnswer) -> dict[str, Any]:
    return {
        "group": answer.group or None,
        "unit": answer.unit,
        "note": answer.note,
        "variation": answer.variation,
        "assurance": answer.assurance,
        "target": answer.target,
        "points_tested": answer.tested,
        "expected_by_chance": answer.expected_false,
        "points": [_point_json(point) for point in answer.points],
        "phases": [_phase_json(phase) for phase in answer.phases],
        "signals": [_signal_json(signal) for signal in answer.signals],
    }


def _point_json(point: ControlPoint) -> dict[str, Any]:
    return {
        **point.figure.to_json(),
        "finished": point.figure.finished,
        "phase": point.phase,
        "tested": point.tested,
        "centre": point.centre,
        "limit_low": point.low,
        "limit_high": point.high,
        "z": point.z,
    }


def _phase_json(phase: ChartPhase) -> dict[str, Any]:
    return {
        "start": phase.start,
        "reason": phase.reason,
        "kind": phase.kind,
        "why": phase.why,
        "points": phase.points,
        "provisional": phase.provisional,
        "sigma_z": phase.sigma_z,
        "rare": phase.rare,
    }


def _signal_json(signal: ChartSignal) -> dict[str, Any]:
    return {
        "key": signal.key,
        "rule": signal.rule,
        "periods": signal.labels,
        "above": signal.above,
        "good": signal.good,
        "phase": signal.phase,
    }


def _lines(answers: Sequence[ControlAnswer], limits: Thresholds) -> Iterator[str]:
    for answer in answers:
        if answer.group:
            yield f"{plain(answer.group)}:"
        if answer.note is not None:
            yield plain(str(answer.note))
        else:
            yield from _chart_lines(answer, limits)


def _chart_lines(answer: ControlAnswer, limits: Thresholds) -> Iterator[str]:
    period = Formats("en").period
    yield verdict_sentence(answer, t=str, fmt_period=period)
    head = ["period", "value", "n", "95% interval", "centre", "limits", ""]
    marked = {label for signal in answer.signals for label in signal.labels}
    rows = [
        [
            point.figure.by,
            figure_words(point.figure, limits),
            "" if point.figure.n is None else f"{point.figure.n:,d}",
            between(point.figure.low, point.figure.high, answer.unit),
            "" if point.centre is None else number(point.centre, answer.unit),
            between(point.low, point.high, answer.unit),
            " ".join(_remarks(point, marked)),
        ]
        for point in answer.points
    ]
    yield table(head, rows, right={1, 2, 4})
    for signal in answer.signals:
        yield signal_words(signal, t=str, fmt_period=period)
    for phase in answer.phases:
        yield " ".join(phase_words(phase, t=str, fmt_period=period))
    yield chance_sentence(answer, t=str)


def _remarks(point: ControlPoint, marked: set[str]) -> Iterator[str]:
    if point.figure.by in marked:
        yield "signal"
    if not point.figure.finished:
        yield "not finished"
