"""Commands on single answers and on groups: how ratings spread, who differs from all others."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from csat.cli import weighted_figures
from csat.cli.choosing import require_known, require_measured
from csat.cli.printing import (
    VERDICTS,
    Asked,
    asked,
    difference,
    difference_between,
    figure_words,
    p_words,
    percent,
    percent_between,
    told,
    withheld,
)
from csat.cli.text import NOTHING, number, plain, shorten, table
from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.metrics import metric
from csat.model.settings import Thresholds
from csat.queries import catalogue
from csat.queries.comparing import PeriodChange, groups_beside, period_change
from csat.queries.contrasts import contrasts
from csat.queries.ratings import RatingsAnswer, Spread, ratings
from csat.queries.weighted_groups import BY_RESPONDENT
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Spreads:
    """How the answers of some dimensions spread, one after the other."""

    by_dimension: dict[str, RatingsAnswer]

    @property
    def note(self) -> Message | None:
        """Why there is nothing to show."""
        return next((a.note for a in self.by_dimension.values() if a.note is not None), None)


def answers(args: argparse.Namespace) -> int:
    """Print how the answers spread and how many are dissatisfied, as the page shows it."""

    def spread(store: Store, filters: Filters, limits: Thresholds) -> Spreads:
        names = catalogue.dimensions(store, filters.program)
        if args.dimension:
            require_known(args.dimension, "dimension", names, filters.program)
            names = (args.dimension,)
        return Spreads({name: ratings(store, filters, name, limits) for name in names})

    found = asked(args, spread)
    dissatisfied = next((a.dissatisfied for a in found.answer.by_dimension.values()), {})
    document = {
        "note": found.answer.note,
        "dissatisfied": dissatisfied,
        "dimensions": [
            {"dimension": name, "questions": [_spread_json(s) for s in answer.spreads]}
            for name, answer in found.answer.by_dimension.items()
        ],
    }
    return told(args, found, document, _answer_lines(found), weighted=False)


def _spread_json(spread: Spread) -> dict[str, Any]:
    return {
        "item": spread.key,
        "wording": spread.wording,
        "scale": spread.scale,
        "counts": spread.counts,
        "n": spread.n,
        "withheld": spread.counts is None,
    }


def _answer_lines(found: Asked[Spreads]) -> Iterator[str]:
    note, told_of = found.answer.note, found.answer.by_dimension
    if note is not None:
        yield plain(str(note))
        return
    if not told_of:
        yield "not measured: no question of a survey belongs to a dimension"
        return
    dissatisfied = next(iter(told_of.values())).dissatisfied
    hidden = withheld(found.limits)
    if dissatisfied:
        yield "dissatisfied: mean perception below the middle of the scale"
        rows = [
            [name, hidden, "", ""]
            if share is None
            else [name, percent(share), percent_between(share), f"{share.n:,d}"]
            for name, share in dissatisfied.items()
        ]
        yield table(["dimension", "share", "95% interval", "n"], rows, right={1, 3})
    for name, answer in told_of.items():
        for scale in dict.fromkeys(s.scale for s in answer.spreads):
            codes = range(scale[0], scale[1] + 1)
            lines = [_spread_line(s, codes, hidden) for s in answer.spreads if s.scale == scale]
            head = [plain(name), *(str(code) for code in codes), "n"]
            yield table(head, lines, right=set(range(1, len(head))))


def _spread_line(spread: Spread, codes: range, hidden: str) -> list[str]:
    name = f"{spread.key} {shorten(spread.wording, 40)}".rstrip()
    if spread.counts is None or spread.n is None:
        return [name, hidden, *[""] * len(codes)]
    n = spread.n
    shares = [number(100 * spread.counts[c] / n, "percent") if n else NOTHING for c in codes]
    return [name, *shares, f"{n:,d}"]


@dataclass(frozen=True, slots=True)
class Groups:
    """Each group against all others, and the change of all since the period compared with."""

    by: str
    figures: tuple[Figure, ...]
    correction: str
    note: Message | None
    change: PeriodChange


def groups(args: argparse.Namespace) -> int:
    """Print each group against all others together, as the pages show it."""
    m = metric(args.metric)
    if args.weighted:
        return weighted_figures.groups(args)

    def beside(store: Store, filters: Filters, limits: Thresholds) -> Groups:
        require_measured(store, filters.program, [m])
        question = contrasts if m.key.startswith(BY_RESPONDENT) else groups_beside
        answer = question(store, filters, m.key, args.by, limits)
        change = period_change(store, filters, m.key, args.by, limits)
        return Groups(args.by, answer.figures, answer.correction, answer.note, change)

    found = asked(args, beside)
    answer, change = found.answer, found.answer.change
    document = {
        "metric": m.key,
        "by": args.by,
        "note": answer.note,
        "correction": answer.correction or None,
        "rows": [_figure_json(figure) for figure in answer.figures],
        "change": {
            **_figure_json(change.figure),
            "reference_value": change.figure.reference_value,
            "reference_n": change.figure.reference_n,
            "within": change.within,
            "mix": change.mix,
        },
    }
    of_answers = m.subject == "survey"
    lines = _group_lines(answer, found.limits)
    return told(args, found, document, lines, weighted=False if of_answers else None)


def _figure_json(figure: Figure) -> dict[str, Any]:
    return {
        **figure.to_json(),
        "difference": figure.difference,
        "difference_low": figure.difference_low,
        "difference_high": figure.difference_high,
        "p_value": figure.p_value,
        "note": figure.note,
    }


def _group_lines(found: Groups, limits: Thresholds) -> Iterator[str]:
    if found.note is not None:
        yield plain(str(found.note))
    else:
        head = [found.by, "value", "n", "less the others", "95% interval", "p", "verdict"]
        rows = [_group_line(figure, limits) for figure in found.figures]
        yield table(head, rows, right={1, 2, 3, 5})
        if found.correction:
            method = "Holm" if found.correction == "holm" else "Benjamini-Hochberg"
            yield f"p corrected for the number of groups ({method}); intervals are not corrected"
    yield from _change_lines(found.change)


def _group_line(figure: Figure, limits: Thresholds) -> list[str]:
    return [
        figure.by or "(not stated)",
        figure_words(figure, limits),
        "" if figure.n is None else f"{figure.n:,d}",
        difference(figure.difference, figure.unit),
        difference_between(figure.difference_low, figure.difference_high, figure.unit),
        p_words(figure.p_value),
        VERDICTS[figure.verdict],
    ]


def _change_lines(change: PeriodChange) -> Iterator[str]:
    """Say what changed since the period compared with, and how much of it is mix."""
    figure, unit = change.figure, change.figure.unit
    if figure.difference is None:
        return
    ends = difference_between(figure.difference_low, figure.difference_high, unit)
    yield (
        f"all: {VERDICTS[figure.verdict]}, from {number(figure.reference_value, unit)} to "
        f"{number(figure.value, unit)}, difference {difference(figure.difference, unit)} ({ends}), "
        f"p {p_words(figure.p_value)}"
    )
    if change.within is not None and change.mix is not None:
        for name, part in (("within the groups", change.within), ("of their mix", change.mix)):
            ends = difference_between(part.low, part.high, unit)
            yield f"{name}: {difference(part.value, unit)}{f' ({ends})' if ends else ''}"
