"""Raters' scores beside the customers', and a third party's beside the program's own raters.

Each is brought to 0 to 100, the percent of the maximum possible. They are never averaged.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from scipy import special

from csat.model.answer import Figure
from csat.model.filters import Filters
from csat.model.settings import Thresholds
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import evaluate
from csat.queries.reader import Reader
from csat.queries.visits import method_order
from csat.stats.audit import SiteScore, apart
from csat.stats.multiplicity import holm
from csat.store.store import Store

CUSTOMERS: Final = "customers"
_SURE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Beside:
    """Raters' score of a dimension beside another one, both 0 to 100, and the difference.

    Parameters
    ----------
    reference
        ``customers``, or another kind of rating for a third party's.
    other, n
        The other score and its base; None where it is withheld or nothing is there.
    verdict
        ``higher``, ``lower`` or ``no_clear_difference`` after Holm's correction over the
        dimensions of one kind of rating; ``too_few`` without interval; ``withheld``.
    """

    method: str
    reference: str
    dimension: str
    raters: SiteScore
    other: float | None
    n: int | None
    difference: float | None
    low: float | None
    high: float | None
    p_value: float | None
    verdict: str

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "method": self.method or None,
            "reference": self.reference,
            "dimension": self.dimension,
            "raters": self.raters.mean,
            "visits": self.raters.visits,
            "other": self.other,
            "n": self.n,
            "difference": self.difference,
            "low": self.low,
            "high": self.high,
            "verdict": self.verdict,
        }


Judged = Mapping[tuple[str, str], SiteScore]
"""Kind of rating and dimension -> the score of the visits at which it was judged."""


@dataclass(frozen=True, slots=True)
class _Other:
    """Another score from 0 to 100; all None where it is withheld."""

    mean: float | None
    error: float | None
    n: int | None


def beside_others(
    store: Store, filters: Filters, limits: Thresholds, reader: Reader, judged: Judged
) -> list[Beside]:
    """Return every kind of rating beside the customers, and a third party beside the others.

    Customers' figures have passed the privacy gate; a dimension that they rate on several
    scales, or not at all, has no row.
    """
    if not judged:
        return []
    facts = facts_of(store, filters.program)
    dimensions = [key for key, _ in facts.slots]
    scales = {d: _scale(facts, filters, d) for d in dimensions}
    rated = {d: scale for d, scale in scales.items() if scale is not None}
    customers = _customers(store, filters, limits, rated, reader)
    methods = sorted({method for method, _ in judged}, key=method_order)
    rows = []
    for method in methods:
        rows += _beside(method, CUSTOMERS, dimensions, judged, customers)
    if "third_party" in methods:
        for method in (m for m in methods if m != "third_party"):
            own = {
                d: _Other(s.mean, s.standard_error, s.visits)
                for (kind, d), s in judged.items()
                if kind == method
            }
            rows += _beside("third_party", method, dimensions, judged, own)
    return rows


def _scale(facts: Facts, filters: Filters, dimension: str) -> tuple[int, int] | None:
    """Return the one scale that customers rate a dimension on; None without, or with several."""
    found = {
        i.scale
        for i in facts.asked(filters.surveys)
        if i.viewpoint == "perception" and i.dimension == dimension
    }
    return found.pop() if len(found) == 1 else None


def _customers(
    store: Store,
    filters: Filters,
    limits: Thresholds,
    scales: Mapping[str, tuple[int, int]],
    reader: Reader,
) -> dict[str, _Other]:
    """Return what customers perceive of each dimension, on 0 to 100, after the privacy gate."""
    if not scales:
        return {}
    keys = [f"perception:{d}" for d in scales]
    answer = evaluate(store, filters.for_survey().with_(compare="none"), keys, thresholds=limits)
    reader.asked += [(sql, dict(params)) for sql, params in answer.provenance.reads]
    found = {}
    for (dimension, scale), key in zip(scales.items(), keys, strict=True):
        figure = answer.one(key)
        if figure.withheld:
            found[dimension] = _Other(None, None, None)
        elif figure.value is not None and figure.n:
            found[dimension] = _of_maximum(figure, scale)
    return found


def _of_maximum(figure: Figure, scale: tuple[int, int]) -> _Other:
    """Bring a mean on a scale, with the error its t interval tells, to 0 to 100."""
    low, high = scale
    share = 100 / (high - low)
    n, error = figure.n or 0, None
    if n > 1 and figure.low is not None and figure.high is not None:
        t = float(special.stdtrit(n - 1, 0.975))
        error = share * (figure.high - figure.low) / 2 / t
    return _Other(share * ((figure.value or 0.0) - low), error, n)


def _beside(
    method: str,
    reference: str,
    dimensions: Sequence[str],
    judged: Judged,
    others: Mapping[str, _Other],
) -> list[Beside]:
    """Return one kind of rating beside another score, dimension by dimension: one family."""
    rows = []
    for dimension in dimensions:
        score, other = judged.get((method, dimension)), others.get(dimension)
        if score is not None and other is not None:
            rows.append(_row(method, reference, dimension, score, other))
    return _corrected(rows)


def _row(method: str, reference: str, dimension: str, score: SiteScore, other: _Other) -> Beside:
    if other.mean is None:
        blank = (None, None, None, None, None, None)
        return Beside(method, reference, dimension, score, *blank, "withheld")
    d = apart(score, other.mean, other.error, other.n or 0)
    return Beside(
        method,
        reference,
        dimension,
        score,
        other.mean,
        other.n,
        d.difference,
        d.low,
        d.high,
        d.p_value,
        "too_few" if d.p_value is None else "no_clear_difference",
    )


def _corrected(rows: Sequence[Beside]) -> list[Beside]:
    """Give the verdicts of one family of differences, corrected for how many there are."""
    tested = [r for r in rows if r.p_value is not None]
    adjusted = holm([r.p_value or 0.0 for r in tested])
    sure = {id(r) for r, p in zip(tested, adjusted, strict=True) if p < _SURE}
    return [
        replace(r, verdict="higher" if (r.difference or 0) > 0 else "lower") if id(r) in sure else r
        for r in rows
    ]
