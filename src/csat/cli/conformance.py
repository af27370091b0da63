"""The commands on conformance and on the five definitions of quality."""

from __future__ import annotations

import argparse

from csat.cli.choosing import chosen_filters, compared, filters_json
from csat.cli.exits import FINE
from csat.cli.session import configuration, opened
from csat.cli.text import NOTHING, number, plain, print_json, table
from csat.queries.conformance import Matrix
from csat.queries.conformance import conformance as conformance_of
from csat.queries.quality_views import quality_views


def conformance(args: argparse.Namespace) -> int:
    """Print standard met against customer satisfied, exactly as the page shows it."""
    config = configuration(args)
    with opened(config) as store:
        filters = chosen_filters(store, args)
        answer = conformance_of(store, filters, config.thresholds)
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                "rows": [m.to_json() for m in answer.matrices],
                "needs": None if answer.needs is None else str(answer.needs),
            }
        )
        return FINE
    print(plain("; ".join([filters.program, *(str(p) for p in filters.sentence())])))
    if answer.needs is not None:
        print(f"not measured: {answer.needs}")
        return FINE
    head = ["basis", "standard", "cell", "cases", "satisfied if met", "if missed", "difference"]
    print(table(head, [line for m in answer.matrices for line in _lines(m)], right={3}))
    print("List the cases of a cell with: csat complaints --conformance CELL:BASIS")
    return FINE


def _lines(matrix: Matrix) -> list[list[str]]:
    d = matrix.difference
    told = NOTHING if d is None else f"{d.difference:+.1f} ({d.low:+.1f} to {d.high:+.1f})"
    shares = [number(f.value, "percent") for f in (matrix.met, matrix.missed)]
    lines = []
    for i, (name, n) in enumerate(matrix.cells.items()):
        first = [matrix.standard.basis.code, matrix.standard.code or "(file's own mark)"]
        lines.append(
            [
                *(first if i == 0 else ["", ""]),
                name,
                "withheld" if n is None else f"{n:,d}",
                *([*shares, told] if i == 0 else ["", "", ""]),
            ]
        )
    return lines


def definitions(args: argparse.Namespace) -> int:
    """Print the five definitions of quality, exactly as the page shows them."""
    config = configuration(args)
    with opened(config) as store:
        filters = compared(store, chosen_filters(store, args), args.compare)
        answer = quality_views(store, filters, config.thresholds)
    if args.json:
        print_json(
            {
                "filters": filters_json(filters),
                "data_version": answer.provenance.data_version,
                **answer.to_json(),
            }
        )
        return FINE
    print(plain("; ".join([filters.program, *(str(p) for p in filters.sentence())])))
    rows = []
    for view in answer.views:
        rows.append([view.view, view.state.replace("_", " "), "", "", "", ""])
        for i in view.indicators:
            value = "withheld" if i.withheld else number(i.value, i.unit)
            target = NOTHING if i.target is None else number(i.target, i.unit)
            n = "" if i.n is None else f"{i.n:,d}"
            rows.append(["", i.state.replace("_", " "), i.key, value, n, target])
    print(
        table(["definition", "state", "indicator", "value", "n", "target"], rows, right={3, 4, 5})
    )
    for a, x, b, y in answer.disagreements:
        print(f"{a} is good ({x}), {b} is poor ({y})")
    return FINE
