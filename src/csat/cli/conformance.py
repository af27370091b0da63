"""The commands on conformance and on the five definitions of quality."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from csat.cli.printing import asked, told
from csat.cli.text import NOTHING, number, table
from csat.queries.conformance import Conformance, Matrix
from csat.queries.conformance import conformance as conformance_of
from csat.queries.quality_views import QualityAnswer, quality_views


def conformance(args: argparse.Namespace) -> int:
    """Print standard met against customer satisfied, exactly as the page shows it."""
    found = asked(args, conformance_of)
    document = {
        "rows": [m.to_json() for m in found.answer.matrices],
        "needs": found.answer.needs,
    }
    return told(args, found, document, _matrix_lines(found.answer))


def _matrix_lines(answer: Conformance) -> Iterator[str]:
    if answer.needs is not None:
        yield f"not measured: {answer.needs}"
        return
    head = ["basis", "standard", "cell", "cases", "satisfied if met", "if missed", "difference"]
    yield table(head, [line for m in answer.matrices for line in _lines(m)], right={3})
    yield "List the cases of a cell with: csat complaints --conformance CELL:BASIS"


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
    found = asked(args, quality_views)
    return told(args, found, found.answer.to_json(), _view_lines(found.answer), weighted=False)


def _view_lines(answer: QualityAnswer) -> Iterator[str]:
    rows = []
    for view in answer.views:
        rows.append([view.view, view.state.replace("_", " "), "", "", "", ""])
        for i in view.indicators:
            value = "withheld" if i.withheld else number(i.value, i.unit)
            target = NOTHING if i.target is None else number(i.target, i.unit)
            n = "" if i.n is None else f"{i.n:,d}"
            rows.append(["", i.state.replace("_", " "), i.key, value, n, target])
    yield table(["definition", "state", "indicator", "value", "n", "target"], rows, right={3, 4, 5})
    for a, x, b, y in answer.disagreements:
        yield f"{x} is good ({a}), {y} is poor ({b})"
