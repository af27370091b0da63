"""Commands on expectations: the zone of tolerance with its ladder, importance and performance."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, Final

from csat.charts.quadrant import QUADRANTS
from csat.cli.printing import asked, between, percent, told, withheld
from csat.cli.text import NOTHING, number, plain, shorten, table
from csat.model.settings import Thresholds
from csat.queries.importance import ImportanceAnswer
from csat.queries.importance import importance as importance_of
from csat.queries.zones import Zone, ZoneAnswer
from csat.queries.zones import zones as zones_of
from csat.stats.importance_performance import Placed
from csat.store.prepared import ZONE

_ZONE_HEAD: Final = (
    "dimension",
    "minimum",
    "predicted",
    "desired",
    "perceived",
    "n",
    "over minimum",
    "95% interval",
    "over desired",
    "95% interval",
    "below",
    "in zone",
    "above",
    "place",
)
_BANDS: Final = {
    "below_adequate": "below the minimum",
    "in_zone": "in the zone",
    "above_desired": "above the desired level",
}
_RUNGS: Final = {
    "worst_possible": "worst possible",
    "adequate": "minimum",
    "predicted": "predicted",
    "desired": "desired",
    "ideal": "ideal",
}


def zones(args: argparse.Namespace) -> int:
    """Print the zone of tolerance and the ladder of expectations as the page shows them."""
    found = asked(args, zones_of)
    answer: ZoneAnswer = found.answer
    document = {
        "note": answer.note,
        "notes": answer.notes,
        "rows": [_zone_json(row) for row in answer.rows],
    }
    return told(args, found, document, _zone_lines(answer, found.limits), weighted=False)


def _zone_json(row: Zone) -> dict[str, Any]:
    return {
        "dimension": row.dimension,
        "scale": row.scale,
        "n": row.n,
        "withheld": row.n is None,
        "perceived": row.perceived,
        "levels": row.levels,
        "zone": row.zone,
        "ladder": row.ladder,
    }


def _zone_lines(answer: ZoneAnswer, limits: Thresholds) -> Iterator[str]:
    if answer.note is not None:
        yield plain(str(answer.note))
    yield from (plain(str(note)) for note in answer.notes)
    if answer.note is not None:
        return
    if not answer.rows:
        yield f"not measured: no survey asks for all of {', '.join(ZONE)}"
        return
    rows = [_zone_line(row, limits) for row in answer.rows]
    yield table(_ZONE_HEAD, rows, right={1, 2, 3, 4, 5, 6, 8, 10, 11, 12})
    for row in answer.rows:
        if row.ladder is not None:
            yield f"{plain(row.dimension)}: {_place(row)}"
        if row.zone is not None and row.zone.inverted.count:
            yield (
                f"{plain(row.dimension)}: minimum above the desired level in "
                f"{percent(row.zone.inverted)} of {row.n:,d}, left out of the place"
            )


def _zone_line(row: Zone, limits: Thresholds) -> list[str]:
    if row.zone is None or row.levels is None:
        hidden = withheld(limits) if row.n is None else NOTHING
        return [row.dimension, hidden, *[""] * (len(_ZONE_HEAD) - 2)]
    over, under, levels = row.zone.msa, row.zone.mss, row.levels
    return [
        row.dimension,
        number(levels["adequate"], "rating"),
        number(levels.get("predicted"), "rating"),
        number(levels["desired"], "rating"),
        number(row.perceived, "rating"),
        f"{row.n:,d}",
        number(over.mean, "rating"),
        between(over.low, over.high, "rating"),
        number(under.mean, "rating"),
        between(under.low, under.high, "rating"),
        percent(row.zone.below),
        percent(row.zone.within),
        percent(row.zone.above),
        _BANDS.get(row.zone.verdict or "", "not clear"),
    ]


def _place(row: Zone) -> str:
    """Say where the perception stands among the levels of expectation."""
    place = row.ladder
    if place is None or place.reached is None:
        return "below every level"
    reached = _RUNGS.get(place.reached, place.reached)
    if place.next is None or place.way is None:
        return f"at or above: {reached}"
    above = _RUNGS.get(place.next, place.next)
    return f"{100 * place.way:.0f}% of the way from {reached} to {above}"


def importance(args: argparse.Namespace) -> int:
    """Print the grid of importance against performance as the page shows it."""
    found = asked(args, importance_of)
    answer: ImportanceAnswer = found.answer
    return told(args, found, _grid_json(answer), _grid_lines(answer), weighted=False)


def _grid_json(answer: ImportanceAnswer) -> dict[str, Any]:
    grid = answer.grid
    return {
        "of": answer.of,
        "note": answer.note,
        "other_scales": answer.other_scales,
        "n": None if grid is None else grid.n,
        "crosshair": None if grid is None else grid.crosshair,
        "cross_importance": None if grid is None else grid.cross_importance,
        "cross_performance": None if grid is None else grid.cross_performance,
        "rows": [] if grid is None else [_placed_json(item, answer) for item in grid.items],
    }


def _placed_json(item: Placed, answer: ImportanceAnswer) -> dict[str, Any]:
    return {
        "name": item.name,
        "wording": answer.wording.get(item.name),
        "importance": item.importance,
        "importance_low": item.importance_low,
        "importance_high": item.importance_high,
        "performance": item.performance,
        "performance_low": item.performance_low,
        "performance_high": item.performance_high,
        "quadrant": item.quadrant,
        "usual": item.usual,
        "support": item.support,
        "crosses_importance": item.crosses_importance,
        "crosses_performance": item.crosses_performance,
        "borderline": item.borderline,
    }


def _grid_lines(answer: ImportanceAnswer) -> Iterator[str]:
    if answer.note is not None:
        yield plain(str(answer.note))
    if answer.other_scales:
        names = plain(", ".join(answer.other_scales))
        yield f"left out, for not on the scale of the others: {names}"
    grid = answer.grid
    if grid is None:
        return
    unit = "rating" if answer.of == "questions" else "percent"
    head = [answer.of[:-1], "importance", "95% interval", "performance", "95% interval", "place"]
    rows = [
        [
            f"{item.name} {shorten(answer.wording.get(item.name, ''), 40)}".rstrip(),
            number(item.importance, unit),
            between(item.importance_low, item.importance_high, unit),
            number(item.performance, "rating"),
            between(item.performance_low, item.performance_high, "rating"),
            QUADRANTS[item.quadrant] + ("?" if item.borderline else ""),
        ]
        for item in grid.items
    ]
    yield table(head, rows, right={1, 3})
    stated = "as stated" if answer.of == "questions" else "in points of 100"
    yield (
        f"importance {stated}; n {grid.n:,d}; lines at {number(grid.cross_importance, unit)} and "
        f"{number(grid.cross_performance, 'rating')}, the means of all"
    )
    if any(item.borderline for item in grid.items):
        yield "? in doubt: fewer than 80% of resampled surveys put it in the same quadrant"
