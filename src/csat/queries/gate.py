"""The one privacy gate: nothing above the queries ever sees a cell it hides.

Figures on fewer people than the minimum are withheld. Where exactly one part of a whole would
be withheld, the next smallest part is withheld with it, so that subtraction reveals nothing.
Counts of complaints are case records, not opinions of few people, and pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from csat.model.answer import Figure
from csat.model.metrics import metric
from csat.model.settings import Thresholds


def gate(
    figures: Sequence[Figure], thresholds: Thresholds, *, parts_of_whole: bool
) -> tuple[Figure, ...]:
    """Return the figures with everything under the privacy minimum blanked.

    Parameters
    ----------
    figures
        Figures of one metric over one family of groups or periods.
    parts_of_whole
        Whether they add up to a total that the reader can also see.

    Examples
    --------
    >>> few = Figure("nps", "A", 10.0, "points", 3, 0.0, 20.0, "too_few")
    >>> gate([few], Thresholds(), parts_of_whole=False)[0].value is None
    True
    """
    hidden = {i for i, f in enumerate(figures) if _too_small(f, thresholds)}
    if parts_of_whole and len(hidden) == 1:
        hidden |= _next_smallest(figures, hidden)
    return tuple(
        _withhold(f) if i in hidden else _hide_reference(f, thresholds)
        for i, f in enumerate(figures)
    )


def gate_table(lines: Mapping[str, Sequence[Figure]], thresholds: Thresholds) -> list[list[Figure]]:
    """Gate figures that are parts of a whole along two directions: groups and periods.

    Cells are withheld until no row and no column holds exactly one withheld cell beside
    cells that are shown.
    """
    table = [list(line) for line in lines.values()]
    hidden = {
        (r, c)
        for r, line in enumerate(table)
        for c, f in enumerate(line)
        if _too_small(f, thresholds)
    }
    while True:
        more: set[tuple[int, int]] = set()
        for r, line in enumerate(table):
            row = {c for rr, c in hidden if rr == r}
            if len(row) == 1:
                more |= {(r, c) for c in _next_smallest(line, row)}
        for c in range(max((len(line) for line in table), default=0)):
            column = [line[c] for line in table]
            gone = {r for r, cc in hidden if cc == c}
            if len(gone) == 1:
                more |= {(r, c) for r in _next_smallest(column, gone)}
        if not more - hidden:
            break
        hidden |= more
    return [
        [
            _withhold(f) if (r, c) in hidden else _hide_reference(f, thresholds)
            for c, f in enumerate(line)
        ]
        for r, line in enumerate(table)
    ]


def _next_smallest(figures: Sequence[Figure], hidden: set[int]) -> set[int]:
    rest = [
        (f.n, i)
        for i, f in enumerate(figures)
        if i not in hidden and f.state == "ok" and f.n and _protected(f)
    ]
    return {min(rest)[1]} if rest else set()


def _protected(figure: Figure) -> bool:
    return metric(figure.metric).field != "complaints"


def _too_small(figure: Figure, thresholds: Thresholds) -> bool:
    return (
        figure.state == "ok"
        and _protected(figure)
        and figure.n is not None
        and 0 < figure.n < thresholds.withhold_under
    )


def _withhold(figure: Figure) -> Figure:
    return replace(
        figure,
        state="withheld",
        value=None,
        n=None,
        low=None,
        high=None,
        verdict="too_few",
        difference=None,
        difference_low=None,
        difference_high=None,
        p_value=None,
        reference_value=None,
        reference_n=None,
    )


def _hide_reference(figure: Figure, thresholds: Thresholds) -> Figure:
    n = figure.reference_n
    if n is None or not _protected(figure) or not 0 < n < thresholds.withhold_under:
        return figure
    return replace(
        figure,
        difference=None,
        difference_low=None,
        difference_high=None,
        p_value=None,
        reference_value=None,
        reference_n=None,
    )
