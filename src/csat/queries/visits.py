"""Visits as raters saw them: what was judged, scored by its weights, and graded.

A visit is a record of the service, not the opinion of a respondent, so the privacy minimum does
not apply to it; who rated is personal and is named only to readers who may see names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from csat.model.filters import Filters
from csat.model.raters import METHODS, USUAL_GRADES, Grades
from csat.queries.predicate import visit_predicate
from csat.queries.reader import Reader
from csat.stats.audit import CheckItem, VisitScore, grade, visit_score


@dataclass(frozen=True, slots=True)
class Judgement:
    """One criterion of one visit as one rater saw it; points from 0 to 1, None: not applicable."""

    dimension: str
    weight: float
    critical: bool
    points: float | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one rater saw at one visit: criterion -> judgement."""

    visit: str
    rater: str
    method: str
    day: int
    branch: str
    touchpoint: str
    organisation: str
    edition: str
    judgements: Mapping[str, Judgement]

    def scored(self, cap: float, dimension: str | None = None) -> VisitScore:
        """Return the score from 0 to 100: of the whole visit, or of one dimension of it."""
        own = {
            name: j
            for name, j in self.judgements.items()
            if dimension is None or j.dimension == dimension
        }
        lines = [CheckItem(name, j.weight, j.critical) for name, j in own.items()]
        return visit_score({name: j.points for name, j in own.items()}, lines, cap)


@dataclass(frozen=True, slots=True)
class Visit:
    """One visit: the mean of its raters' scores, and the critical criteria failed.

    Parameters
    ----------
    raters
        Who rated: names, or R1, R2 where the reader may not see names.
    score, uncapped
        From 0 to 100, after and before the cap of a critical fail; None where nothing applied.
    """

    visit: str
    method: str
    day: int
    branch: str
    touchpoint: str
    raters: tuple[str, ...]
    score: float | None
    uncapped: float | None
    failed_critical: tuple[str, ...]
    grade: str | None

    def to_json(self) -> dict[str, Any]:
        """Return the visit that the command line prints, unrounded."""
        return {
            "visit": self.visit,
            "method": self.method or None,
            "day": f"{self.day // 10000:04d}-{self.day // 100 % 100:02d}-{self.day % 100:02d}",
            "branch": self.branch or None,
            "touchpoint": self.touchpoint or None,
            "raters": list(self.raters),
            "score": self.score,
            "uncapped": self.uncapped,
            "failed_critical": list(self.failed_critical),
            "grade": self.grade,
        }


def grades_of(reader: Reader, program: str) -> Grades:
    """Return the grades in force: those of the program's latest file, else the usual ones."""
    rows = reader.rows(
        "SELECT grade, floor, cap FROM grade_band WHERE batch_id = (SELECT MAX(g.batch_id) "
        "FROM grade_band g JOIN program p USING (program_id) WHERE p.key = $program) "
        "ORDER BY floor DESC, grade_band_id",
        {"program": program},
    )
    if not rows:
        return USUAL_GRADES
    bands = {float(r["floor"]): str(r["grade"]) for r in reversed(rows)}
    caps = [float(r["cap"]) for r in rows if r["cap"] is not None]
    return Grades(tuple(sorted(bands.items(), reverse=True)), min(caps, default=USUAL_GRADES.cap))


def sheets(reader: Reader, filters: Filters) -> list[Sheet]:
    """Return what every rater saw, by visit and rater; a criterion stated twice counts once."""
    where, params = visit_predicate(filters)
    rows = reader.rows(
        "SELECT visit, COALESCE(rater, '') AS rater, COALESCE(method, '') AS method, "
        "day_key AS day, COALESCE(branch, '') AS branch, COALESCE(touchpoint, '') AS touchpoint, "
        "COALESCE(organisation, '') AS organisation, COALESCE(edition, '') AS edition, "
        "criterion, COALESCE(dimension, '') AS dimension, weight, critical, points "
        f"FROM evaluation WHERE {where} ORDER BY visit, rater, evaluation_id, criterion",
        params,
    )
    found: dict[tuple[str, str], dict[str, Judgement]] = {}
    heads: dict[tuple[str, str], dict[str, Any]] = {}
    for r in rows:
        key = (r["visit"], r["rater"])
        heads[key] = r
        judged = Judgement(r["dimension"], r["weight"], bool(r["critical"]), r["points"])
        found.setdefault(key, {})[r["criterion"]] = judged
    return [
        Sheet(
            r["visit"],
            r["rater"],
            r["method"],
            r["day"],
            r["branch"],
            r["touchpoint"],
            r["organisation"],
            r["edition"],
            found[key],
        )
        for key, r in heads.items()
    ]


def rater_names(found: Sequence[Sheet], *, named: bool) -> dict[str, str]:
    """Return what each rater is called here: the name, or R1, R2 where names are not shown."""
    raters = sorted({s.rater for s in found if s.rater})
    return {rater: rater if named else f"R{n}" for n, rater in enumerate(raters, start=1)}


def visits_of(found: Sequence[Sheet], grades: Grades, names: Mapping[str, str]) -> list[Visit]:
    """Return the visits, newest first; where several rated one, the mean of their scores.

    A critical fail counts where any of them saw it.
    """
    by_visit: dict[tuple[str, str], list[Sheet]] = {}
    for sheet in found:
        by_visit.setdefault((sheet.method, sheet.visit), []).append(sheet)
    visits = []
    for own in by_visit.values():
        scored = [s.scored(100.0) for s in own]
        plain = [v.uncapped for v in scored if v.uncapped is not None]
        failed = tuple(dict.fromkeys(name for v in scored for name in v.failed_critical))
        uncapped = sum(plain) / len(plain) if plain else None
        score = uncapped
        if score is not None and failed:
            score = min(score, grades.cap)
        first = own[0]
        visits.append(
            Visit(
                first.visit,
                first.method,
                first.day,
                first.branch,
                first.touchpoint,
                tuple(names[s.rater] for s in own if s.rater),
                score,
                uncapped,
                failed,
                None if score is None else grade(score, grades.bands),
            )
        )
    return sorted(visits, key=lambda v: (-v.day, v.method, v.visit))


def method_order(method: str) -> int:
    """Return the place of a kind of rating; one that is not stated stands last."""
    known = list(METHODS)
    return known.index(method) if method in known else len(known)


def dimension_scores(found: Sequence[Sheet]) -> dict[tuple[str, str], list[float]]:
    """Return the score of every dimension at every visit, from 0 to 100, without the cap.

    The cap speaks of the visit as a whole; a dimension is scored by its own criteria alone.

    Returns
    -------
    dict
        Kind of rating and dimension, to one score for each visit at which it was judged.
    """
    by_visit: dict[tuple[str, str], dict[str, list[float]]] = {}
    for sheet in found:
        for dimension in dict.fromkeys(j.dimension for j in sheet.judgements.values()):
            score = sheet.scored(100.0, dimension).uncapped
            if dimension and score is not None:
                own = by_visit.setdefault((sheet.method, dimension), {})
                own.setdefault(sheet.visit, []).append(score)
    return {
        key: [sum(scores) / len(scores) for scores in own.values()] for key, own in by_visit.items()
    }
