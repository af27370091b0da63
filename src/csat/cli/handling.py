"""Commands on the handling of complaints: age, touchpoints, the indicators of ISO 10002."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, TypeVar

from csat.charts.grids import ranked_axes
from csat.cli.printing import asked, between, figure_words, told
from csat.cli.text import NOTHING, number, plain, table
from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.complaints import count
from csat.queries.handling import AgeBand, crossed
from csat.queries.handling import ageing as ageing_of
from csat.queries.iso10002 import Indicator, indicators
from csat.store.store import Store

A = TypeVar("A")
_NO_CASE: Final = "no case is chosen: take other dates, or leave filters out"


def ageing(args: argparse.Namespace) -> int:
    """Print how old open cases are beside how long closed ones took, as the page shows it."""
    found = asked(args, lambda store, filters, _: _counted(store, filters, ageing_of))
    bands, cases = found.answer
    return told(args, found, {"rows": bands}, _age_lines(bands, cases))


def _counted(
    store: Store, filters: Filters, question: Callable[[Store, Filters], A]
) -> tuple[A, int]:
    """Return an answer and the cases it is about: without any, nothing is missing in a file."""
    return question(store, filters), count(store, filters)


def _age_lines(bands: Sequence[AgeBand], cases: int) -> Iterator[str]:
    if not bands:
        yield "the files do not say when cases were resolved" if cases else _NO_CASE
        return
    rows = [
        [
            f"over {b.low}" if b.high is None else f"{b.low}-{b.high}",
            f"{b.still_open:,d}",
            f"{b.closed:,d}",
        ]
        for b in bands
    ]
    rows.append(
        ["all", f"{sum(b.still_open for b in bands):,d}", f"{sum(b.closed for b in bands):,d}"]
    )
    yield table(["days", "open, by age", "closed, by time taken"], rows, right={1, 2})


def touchpoints(args: argparse.Namespace) -> int:
    """Print how many cases of each category arose at each touchpoint, as the page shows it."""
    found = asked(args, lambda store, filters, _: _counted(store, filters, crossed))
    cells, cases = found.answer
    rows = [{"category": c, "touchpoint": p, "cases": n} for c, p, n in cells]
    return told(args, found, {"rows": rows}, _place_lines(cells, cases))


def _place_lines(cells: Sequence[tuple[str, str, int]], cases: int) -> Iterator[str]:
    if not cells:
        yield "the files do not say at which touchpoint cases arose" if cases else _NO_CASE
        return
    rows, columns = ranked_axes(cells)
    counts = {(category, place): n for category, place, n in cells}
    head = ["category", *(plain(c) or "(not stated)" for c in columns), "all"]
    sums = {r: sum(n for category, _, n in cells if category == r) for r in rows}
    lines = [
        [
            r or "(not stated)",
            *(f"{counts.get((r, c), 0):,d}" for c in columns),
            f"{sums[r]:,d}",
        ]
        for r in rows
    ]
    yield table(head, lines, right=set(range(1, len(head))))
    smaller = len({category for category, _, _ in cells}) - len(rows)
    if smaller:
        yield f"{smaller} smaller categories are not listed; --json has them"


def iso10002(args: argparse.Namespace) -> int:
    """Print the indicators of ISO 10002 and what is missing to have them, as the page does."""
    found = asked(args, lambda s, f, limits: (indicators(s, f, limits), count(s, f)))
    answer, cases = found.answer
    document = {"rows": [_indicator_json(i) for i in answer]}
    lines = _indicator_lines(answer, found.limits) if cases else [_NO_CASE]
    return told(args, found, document, lines)


def _indicator_json(indicator: Indicator) -> dict[str, Any]:
    figure = indicator.figure
    return {
        "clause": indicator.clause,
        "indicator": indicator.label,
        "unit": "count" if figure is None else figure.unit,
        "value": indicator.value if figure is None else figure.value,
        "n": None if figure is None else figure.n,
        "low": None if figure is None else figure.low,
        "high": None if figure is None else figure.high,
        "withheld": figure is not None and figure.withheld,
        "missing": indicator.missing or None,
    }


def _indicator_lines(answer: Sequence[Indicator], limits: Thresholds) -> Iterator[str]:
    head = ["clause", "indicator", "value", "n", "95% interval", "not measured: needs"]
    yield table(head, [_indicator_line(i, limits) for i in answer], right={2, 3})
    yield "after ISO 10002:2018 / GB/T 19012-2019"


def _indicator_line(indicator: Indicator, limits: Thresholds) -> list[str]:
    figure = indicator.figure
    if figure is None:
        value = NOTHING if indicator.value is None else number(indicator.value, "count")
        return [indicator.clause, indicator.label, value, "", "", indicator.missing]
    return [
        indicator.clause,
        indicator.label,
        figure_words(figure, limits),
        "" if figure.n is None else f"{figure.n:,d}",
        between(figure.low, figure.high, figure.unit),
        "",
    ]
