"""What raters saw: scores of visits, critical fails, agreement, and the customers beside it.

Raters' scores and customers' are never averaged: each kind of rating stands for itself, and the
difference is shown with its interval (methods.md 2.7).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from scipy import special

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.raters import METHODS, USUAL_GRADES, Grades
from csat.model.settings import Thresholds
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import evaluate
from csat.queries.rater_agreement import Agreement, agreement
from csat.queries.reader import Reader
from csat.queries.visits import (
    Sheet,
    Visit,
    dimension_scores,
    grades_of,
    rater_names,
    sheets,
    visits_of,
)
from csat.stats.audit import SiteScore, apart, grade, site_score
from csat.stats.multiplicity import holm
from csat.store.store import Store

CUSTOMERS: Final = "customers"
_SURE: Final = 0.05


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The mean score of some visits, 0 to 100, with its 95 % t interval.

    Parameters
    ----------
    by, group
        ``total``, ``branch``, ``touchpoint`` or ``dimension``, and which one of these.
    critical
        Visits that failed a critical criterion; None for a dimension.
    grade
        Of the mean; None for a dimension.
    """

    method: str
    by: str
    group: str
    score: SiteScore
    critical: int | None = None
    grade: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "method": self.method or None,
            "by": self.by,
            "group": self.group or None,
            "visits": self.score.visits,
            "score": self.score.mean,
            "low": self.score.low,
            "high": self.score.high,
            "critical_fails": self.critical,
            "grade": self.grade,
            "enough_for_trend": self.score.enough_for_trend,
        }


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


@dataclass(frozen=True, slots=True)
class RaterAnswer:
    """Everything the page shows of raters; empty where nothing was rated."""

    scores: tuple[ScoreRow, ...]
    visits: tuple[Visit, ...]
    agreements: tuple[Agreement, ...]
    beside: tuple[Beside, ...]
    grades: Grades
    against: tuple[tuple[str, str], ...]
    provenance: Provenance
    notes: tuple[Message, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """The kinds of rating that are there."""
        return tuple(dict.fromkeys(s.method for s in self.scores))

    def rows(self, method: str, by: str) -> list[ScoreRow]:
        """Return the scores of one kind of rating, by one grouping."""
        return [s for s in self.scores if (s.method, s.by) == (method, by)]


def raters(
    store: Store, filters: Filters, thresholds: Thresholds | None = None, *, named: bool = False
) -> RaterAnswer:
    """Answer what raters saw, how far they agree, and how it lies beside the customers' view.

    Parameters
    ----------
    named
        Whether the reader may see who rated.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    grades = grades_of(reader, filters.program)
    found = sheets(reader, filters)
    methods = sorted({s.method for s in found}, key=_order)
    names = rater_names(found, named=named)
    visits = visits_of(found, grades, names)
    dimensions = [key for key, _ in facts.slots]
    scores = [row for method in methods for row in _scores(method, found, visits, grades)]
    scales = {d: _scale(facts, filters, d) for d in dimensions} if found else {}
    rated = {d: scale for d, scale in scales.items() if scale is not None}
    customers = _customers(store, filters, limits, rated, reader)
    beside = [row for m in methods for row in _beside_customers(m, found, dimensions, customers)]
    beside += _beside_others(found, methods, dimensions)
    notes = []
    if filters.segments and found:
        notes.append(msg("Visits state no segment: raters' scores count for all of them."))
    if found and not grades.own:
        notes.append(msg("The usual grades are used; load a file of your own to change them."))
    agreements = [a for m in methods if (a := agreement(found, m, names)) is not None]
    against = {(s.organisation, s.edition) for s in found if s.organisation or s.edition}
    return RaterAnswer(
        tuple(scores),
        tuple(visits),
        tuple(agreements),
        tuple(beside),
        grades,
        tuple(sorted(against)),
        reader.provenance(filters),
        tuple(notes),
    )


def unrated() -> RaterAnswer:
    """Return the answer of a store that holds nothing."""
    return RaterAnswer((), (), (), (), USUAL_GRADES, (), Provenance((), Filters(""), 0))


def _order(method: str) -> int:
    known = list(METHODS)
    return known.index(method) if method in known else len(known)


def _scores(
    method: str, found: Sequence[Sheet], visits: Sequence[Visit], grades: Grades
) -> list[ScoreRow]:
    own = [v for v in visits if v.method == method]
    rows = []
    for by, groups in (
        ("total", {"": own}),
        ("branch", _split(own, "branch")),
        ("touchpoint", _split(own, "touchpoint")),
    ):
        for group, some in groups.items():
            score = site_score([v.score for v in some])
            if score is not None:
                failed = sum(1 for v in some if v.failed_critical)
                told = grade(score.mean, grades.bands)
                rows.append(ScoreRow(method, by, group, score, failed, told))
    mine = [s for s in found if s.method == method]
    for dimension in dict.fromkeys(j.dimension for s in mine for j in s.judgements.values()):
        score = site_score(dimension_scores(mine, dimension))
        if score is not None and dimension:
            rows.append(ScoreRow(method, "dimension", dimension, score))
    return rows


def _split(visits: Sequence[Visit], field: str) -> dict[str, list[Visit]]:
    out: dict[str, list[Visit]] = {}
    for visit in sorted(visits, key=lambda v: str(getattr(v, field))):
        if getattr(visit, field):
            out.setdefault(getattr(visit, field), []).append(visit)
    return out


@dataclass(frozen=True, slots=True)
class _Other:
    """Another score from 0 to 100; all None where it is withheld."""

    mean: float | None
    error: float | None
    n: int | None


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


def _beside_customers(
    method: str,
    found: Sequence[Sheet],
    dimensions: Sequence[str],
    customers: dict[str, _Other],
) -> list[Beside]:
    mine = [s for s in found if s.method == method]
    rows = []
    for dimension in dimensions:
        score = site_score(dimension_scores(mine, dimension))
        other = customers.get(dimension)
        if score is not None and other is not None:
            rows.append(_row(method, CUSTOMERS, dimension, score, other))
    return _corrected(rows)


def _beside_others(
    found: Sequence[Sheet], methods: Sequence[str], dimensions: Sequence[str]
) -> list[Beside]:
    """Return a third party's scores beside those of the program's own raters."""
    rows: list[Beside] = []
    if "third_party" not in methods:
        return rows
    theirs = [s for s in found if s.method == "third_party"]
    for method in (m for m in methods if m != "third_party"):
        own = []
        mine = [s for s in found if s.method == method]
        for dimension in dimensions:
            one = site_score(dimension_scores(theirs, dimension))
            other = site_score(dimension_scores(mine, dimension))
            if one is not None and other is not None:
                facing = _Other(other.mean, other.standard_error, other.visits)
                own.append(_row("third_party", method, dimension, one, facing))
        rows += _corrected(own)
    return rows


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
