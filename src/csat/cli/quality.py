"""Commands that read: expectation against perception, and what drives satisfaction."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from csat.cli.printing import VERDICTS, Asked, asked, between, told, withheld
from csat.cli.text import NOTHING, number, plain, shorten, table
from csat.model.settings import Thresholds
from csat.queries.dimension_rows import DimensionAnswer, DimensionRow
from csat.queries.dimensions import dimensions as dimensions_of
from csat.queries.drivers import METHODS, DriverAnswer, DriverRow
from csat.queries.drivers import drivers as drivers_of
from csat.queries.weighted_dimensions import weighted_dimensions


def dimensions(args: argparse.Namespace) -> int:
    """Print expectation against perception exactly as the page shows them."""
    question = weighted_dimensions if args.weighted else dimensions_of
    found = asked(
        args, lambda store, filters, limits: question(store, filters, limits, args.weights)
    )
    answer: DimensionAnswer = found.answer
    document = {
        "weights": {
            "source": answer.weights.source,
            "label": answer.weights.label,
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
        "notes": answer.notes,
        "rows": [row.to_json() for row in answer.rows],
    }
    lines = _dimension_lines(found, weighted=args.weighted)
    return told(args, found, document, lines, weighted=args.weighted)


def _dimension_lines(found: Asked[DimensionAnswer], *, weighted: bool) -> Iterator[str]:
    answer = found.answer
    if weighted:
        worth = [r.effective_n for r in answer.rows if r.effective_n is not None]
        yield f"answers weighted; effective n {min(worth, default=0):,.0f}"
    head = ["", "expected", "perceived", "gap", "95% interval", "n", "weight", "alpha", "verdict"]
    lines = [_line(r, found.limits) for r in answer.rows]
    if weighted:
        head[7:8] = ["eff. n", "unweighted"]
        lines = [[*own[:7], *_beside(r), own[8]] for own, r in zip(lines, answer.rows, strict=True)]
    yield table(head, lines, right={1, 2, 3, 5, 6, 7, *([8] if weighted else [])})
    yield f"weights: {answer.weights.label}"
    for name, plain_score, weighed in (
        ("gap over all dimensions", answer.unweighted, answer.weighted),
        ("perception over all dimensions", answer.servperf, answer.servperf_weighted),
    ):
        yield f"{name}: {number(plain_score, 'rating')}, weighted {number(weighed, 'rating')}"
    yield from (plain(str(note)) for note in answer.notes)


def drivers(args: argparse.Namespace) -> int:
    """Print what goes with overall satisfaction exactly as the page shows it."""
    found = asked(args, drivers_of)
    answer = found.answer
    document = {
        "outcome": "csat",
        "predictors": answer.predictors,
        "method": METHODS.get(answer.method, ""),
        "n": answer.n,
        "r2": answer.r_squared,
        "noise": answer.noise,
        "note": answer.note,
        "notes": answer.notes,
        "rows": answer.to_json(),
    }
    return told(args, found, document, _drivers(answer), weighted=False)


def _drivers(answer: DriverAnswer) -> Iterator[str]:
    if answer.note is not None:
        yield plain(str(answer.note))
        return
    head = ["driver", "% of R2", "95% interval", "sign", "VIF", "gap", "affected", "priority"]
    yield table(head, [_driver_line(r, answer) for r in answer.rows], right={1, 2, 3, 4, 5, 6, 7})
    yield f"R2 {answer.r_squared:.2f}, n {answer.n:,d}; {METHODS[answer.method]}"
    yield "Association, not cause. Shares no larger than chance gives are shown as 0."
    if answer.weak:
        yield "The questions explain little of overall satisfaction."
    yield from (plain(str(note)) for note in answer.notes)


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


def _beside(row: DimensionRow) -> list[str]:
    """Return how many answers a weighted row is worth, and the unweighted gap or perception."""
    plain_row = row.plain
    if plain_row is None or row.effective_n is None:
        return ["", ""]
    gap = plain_row.gap.value
    value = gap if gap is not None else plain_row.performance.value
    return [f"{row.effective_n:,.0f}", number(value, "rating")]


def _line(row: DimensionRow, limits: Thresholds) -> list[str]:
    name = row.dimension if row.item is None else f"· {row.item} {shorten(row.wording, 40)}"
    verdict = VERDICTS[row.gap.verdict]
    if row.gap.withheld:
        return [name, withheld(limits), *[""] * 6, verdict]
    few = "!" if 0 < (row.gap.n or 0) < limits.caution_under else ""
    perceived = row.perception if row.gap.value is not None else row.performance.value
    return [
        name,
        number(row.expectation, "rating"),
        number(perceived, "rating"),
        number(row.gap.value, "rating"),
        between(row.gap.low, row.gap.high, "rating"),
        f"{(row.gap.n or row.performance.n or 0):,d}{few}",
        "" if row.weight is None else f"{row.weight:.1f}%",
        "" if row.alpha is None else f"{row.alpha:.2f}",
        verdict,
    ]
