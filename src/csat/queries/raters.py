"""What raters saw: scores of visits, critical fails, agreement, and the customers beside it.

Raters' scores and customers' are never averaged: each kind of rating stands for itself, and the
difference is shown with its interval (methods.md 2.7).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.people import User
from csat.model.raters import USUAL_GRADES, Grades
from csat.model.settings import Thresholds
from csat.queries.facts import facts as facts_of
from csat.queries.names import may_name
from csat.queries.rater_agreement import Agreement, agreement
from csat.queries.rater_contrast import Beside, Judged, beside_others
from csat.queries.reader import Reader
from csat.queries.visits import (
    Visit,
    dimension_scores,
    grades_of,
    method_order,
    rater_names,
    sheets,
    visits_of,
)
from csat.stats.audit import SiteScore, grade, site_score
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The mean score of some visits, 0 to 100, with its 95% t interval.

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
    store: Store, filters: Filters, thresholds: Thresholds | None = None, user: User | None = None
) -> RaterAnswer:
    """Answer what raters saw, how far they agree, and how it lies beside the customers' view.

    Parameters
    ----------
    user
        Who reads; names of raters are shown to those who may read texts of customers.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    grades = grades_of(reader, filters.program)
    found = sheets(reader, filters)
    methods = sorted({s.method for s in found}, key=method_order)
    names = rater_names(found, named=may_name(user))
    visits = visits_of(found, grades, names)
    judged = {k: s for k, v in dimension_scores(found).items() if (s := site_score(v))}
    scores = [row for method in methods for row in _scores(method, judged, visits, grades)]
    notes = []
    if filters.segments and found:
        notes.append(msg("Visits state no segment: raters' scores count for all of them."))
    agreements = [a for m in methods if (a := agreement(found, m, names)) is not None]
    against = {(s.organisation, s.edition) for s in found if s.organisation or s.edition}
    return RaterAnswer(
        tuple(scores),
        tuple(visits),
        tuple(agreements),
        tuple(beside_others(store, filters, limits, reader, judged)),
        grades,
        tuple(sorted(against)),
        reader.provenance(filters),
        tuple(notes),
    )


def unrated() -> RaterAnswer:
    """Return the answer of a store that holds nothing."""
    return RaterAnswer((), (), (), (), USUAL_GRADES, (), Provenance((), Filters(""), 0))


def _scores(method: str, judged: Judged, visits: Sequence[Visit], grades: Grades) -> list[ScoreRow]:
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
    for (kind, dimension), score in judged.items():
        if kind == method:
            rows.append(ScoreRow(method, "dimension", dimension, score))
    return rows


def _split(visits: Sequence[Visit], field: str) -> dict[str, list[Visit]]:
    out: dict[str, list[Visit]] = {}
    for visit in sorted(visits, key=lambda v: str(getattr(v, field))):
        if getattr(visit, field):
            out.setdefault(getattr(visit, field), []).append(visit)
    return out
