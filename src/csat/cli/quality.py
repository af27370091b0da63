"""Commands that read: expectation against perception, and what drives satisfaction."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Final

from csat.cli.choosing import chosen_filters, compared, filters_json
from csat.cli.exits import FINE
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json, shorten, table
from csat.model.filters import Filters
from csat.model.message import Message
from csat.model.settings import Thresholds
from csat.queries.dimension_rows import DimensionAnswer, DimensionRow
from csat.queries.dimensions import dimensions as dimensions_of
from csat.queries.drivers import METHODS, DriverAnswer, DriverRow
from csat.queries.drivers import drivers as drivers_of
from csat.queries.weighted_dimensions import weighted_dimensions

VERDICTS: Final = {
    "better": "better",
    "worse": "worse",
    "changed": "changed",
    "no_clear_change": "no clear change",
    "too_few": "too few answers",
    "unfinished": "period not finished",
    "not_compared": NOTHING,
}


def dimensions(args: argparse.Namespace) -> int:
    """Print expectation against perception exactly as the page shows them."""
    config = configuration(args)
    with opened(config) as store:
        filters = compared(store, chosen_filters(store, args), args.compare)
        asked = weighted_dimensions if args.weighted else dimensions_of
        answer = asked(store, filters, config.thresholds, args.weights)
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "answers": "weighted" if args.weighted else "unweighted",
                "weights": {
                    "source": answer.weights.source,
                    "label": str(answer.weights.label),
                    "n": answer.weights.n,
                },
                "scores": {
                    "unweighted": answer.unweighted,
                    "weighted": answer.weighted,
                    "weighted_low": answer.weighted_low,
                    "weighted_high": answer.weighted_high,
                    "servperf": answer.servperf,
                    "servperf_weighted": answer.servperf_weighted,
                },
                "notes": [str(n) for n in answer.notes],
                "rows": [row.to_json() for row in answer.rows],
            }
        )
        return FINE
    _head(filters)
    if args.weighted:
        worth = [r.effective_n for r in answer.rows if r.effective_n is not None]
        print(f"answers weighted; effective n {min(worth, default=0):,.0f}")
    head = ["", "expected", "perceived", "gap", "95% interval", "n", "weight", "alpha", "verdict"]
    lines = [_line(row, config.thresholds) for row in answer.rows]
    print(table(head, lines, right={1, 2, 3, 5, 6, 7}))
    _print_scores(answer)
    _notes(answer.notes)
    return FINE


def drivers(args: argparse.Namespace) -> int:
    """Print what goes with overall satisfaction exactly as the page shows it."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        answer = drivers_of(store, filters, config.thresholds)
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "outcome": "csat",
                "predictors": answer.predictors,
                "method": METHODS.get(answer.method, ""),
                "n": answer.n,
                "r2": answer.r_squared,
                "noise": answer.noise,
                "note": str(answer.note) if answer.note else None,
                "rows": answer.to_json(),
            }
        )
        return FINE
    _head(filters)
    if answer.note is not None:
        _notes([answer.note])
        return FINE
    head = ["driver", "% of R2", "95% interval", "sign", "VIF", "gap", "affected", "priority"]
    lines = [_driver_line(row, answer) for row in answer.rows]
    print(table(head, lines, right={1, 2, 3, 4, 5, 6, 7}))
    print(f"R2 {answer.r_squared:.2f}, n {answer.n:,d}; {METHODS[answer.method]}")
    print("Association, not cause. Shares no larger than chance gives are shown as 0.")
    if answer.weak:
        print("The questions explain little of overall satisfaction.")
    return FINE


def _driver_line(row: DriverRow, answer: DriverAnswer) -> list[str]:
    total = answer.r_squared or 1.0
    return [
        row.driver,
        f"{row.percent:.1f}%" if row.above_noise else "0%",
        f"{100 * row.low / total:.1f} to {100 * row.high / total:.1f}",
        {1: "+", -1: "-"}.get(row.sign, "0"),
        NOTHING if row.vif is None else f"{row.vif:.1f}",
        number(row.gap, "rating"),
        NOTHING if row.affected is None else f"{100 * row.affected:.0f}%",
        NOTHING if row.priority is None else f"{row.priority.rank}",
    ]


def _head(filters: Filters) -> None:
    print(plain("; ".join([filters.program, *(str(p) for p in filters.sentence())])))


def _notes(notes: Sequence[Message]) -> None:
    for note in notes:
        print(plain(str(note)))


def _line(row: DimensionRow, limits: Thresholds) -> list[str]:
    name = row.dimension if row.item is None else f"· {row.item} {shorten(row.wording, 40)}"
    verdict = VERDICTS[row.gap.verdict]
    if row.gap.withheld:
        return [name, f"withheld (n < {limits.withhold_under})", *[""] * 6, verdict]
    interval = ""
    if row.gap.low is not None:
        interval = f"{number(row.gap.low, 'rating')} to {number(row.gap.high, 'rating')}"
    few = "!" if 0 < (row.gap.n or 0) < limits.caution_under else ""
    perceived = row.perception if row.gap.value is not None else row.performance.value
    return [
        name,
        number(row.expectation, "rating"),
        number(perceived, "rating"),
        number(row.gap.value, "rating"),
        interval,
        f"{(row.gap.n or row.performance.n or 0):,d}{few}",
        "" if row.weight is None else f"{row.weight:.1f}%",
        "" if row.alpha is None else f"{row.alpha:.2f}",
        verdict,
    ]


def _print_scores(answer: DimensionAnswer) -> None:
    print(f"weights: {answer.weights.label}")
    for name, plain_score, weighted in (
        ("gap over all dimensions", answer.unweighted, answer.weighted),
        ("perception over all dimensions", answer.servperf, answer.servperf_weighted),
    ):
        told = f"{number(plain_score, 'rating')}, weighted {number(weighted, 'rating')}"
        print(f"{name}: {told}")
