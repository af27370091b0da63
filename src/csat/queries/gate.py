"""The one privacy gate: nothing above the queries ever sees a cell it hides.

Figures on fewer people than the minimum are withheld. Where exactly one part of a whole would
be withheld, the next smallest part is withheld with it, so that subtraction reveals nothing.
Counts of complaints are case records, not opinions of few people, and pass.
"""

from __future__ import annotations

from collections.abc import Sequence
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
        rest = [
            (f.n, i)
            for i, f in enumerate(figures)
            if i not in hidden and f.state == "ok" and f.n and _protected(f)
        ]
        if rest:
            hidden.add(min(rest)[1])
    return tuple(
        _withhold(f) if i in hidden else _hide_reference(f, thresholds)
        for i, f in enumerate(figures)
    )


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
