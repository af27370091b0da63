"""Kano: what a feature does to satisfaction when it is there and when it is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.model.vocabulary import FEELINGS
from csat.queries.blocks import Question, questions, source, surveys_of
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.reader import Reader
from csat.stats.kano import CLASSES, Kano, kano, kano_class
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature; ``found`` is None where too few people answered both questions on it."""

    key: str
    wording: str
    dimension: str
    found: Kano | None

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded; CS- is below zero."""
        k = self.found
        shares: dict[str, Any] = {}
        for name, share, sign in (
            ("better", k.better if k else None, 1),
            ("worse", k.worse if k else None, -1),
        ):
            ends = (share.low, share.high)[::sign] if share else (None, None)
            parts = (share.share if share else None, *ends)
            for end, value in zip(("", "_low", "_high"), parts, strict=True):
                shares[f"{name}{end}"] = None if value is None else sign * value
        return {
            "feature": self.key,
            "wording": self.wording,
            "dimension": self.dimension or None,
            "n": k.n if k else None,
            "counts": dict(k.counts) if k else None,
            **shares,
            "mode": k.mode if k else None,
            "class": k.decided if k else None,
            "clear": k.clear if k else None,
            "chi_square": k.chi_square if k else None,
            "p": k.p_value if k else None,
            "questionable": k.questionable.share if k else None,
            "wording_fault": k.wording_fault if k else None,
            "withheld": k is None,
        }


@dataclass(frozen=True, slots=True)
class KanoAnswer:
    """Features, those whose absence hurts most first; ``note`` why there are none.

    ``asked`` tells whether a survey asks about features, whoever answered.
    """

    rows: tuple[Feature, ...]
    provenance: Provenance
    note: Message | None = None
    asked: bool = True


def kano_features(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> KanoAnswer:
    """Answer which features are taken for granted, wanted more of, delighting or indifferent.

    A feature is a pair of questions from the viewpoints "functional" and "dysfunctional", both
    answered from 1 (like) to 5 (dislike); respondents count who answered both.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits)
    if apart is not None:
        return KanoAnswer((), reader.provenance(filters), apart)
    asked = _pairs(facts, filters)
    if not asked:
        needs = msg("Not measured: no survey here asks for a feature both ways, as Kano does")
        return KanoAnswer((), reader.provenance(filters), needs, asked=False)
    counts: dict[str, dict[str, int]] = {}
    for survey_id in surveys_of(asked):
        own = [q for q in asked if q.survey_id == survey_id]
        for key, found in _count(reader, survey_id, filters, own).items():
            known = counts.setdefault(key, dict.fromkeys(CLASSES, 0))
            counts[key] = {name: known[name] + found[name] for name in CLASSES}
    if not any(n for found in counts.values() for n in found.values()):
        nobody = msg("Nobody here answered how a feature is felt about both ways")
        return KanoAnswer((), reader.provenance(filters), nobody)
    first: dict[str, Question] = {}
    for q in asked:
        first.setdefault(q.key, q)
    rows = [_feature(q, counts[key], limits) for key, q in first.items()]
    rows.sort(key=lambda r: -((r.found.worse.share or 0.0) if r.found else -1.0))
    return KanoAnswer(tuple(rows), reader.provenance(filters))


def _pairs(facts: Facts, filters: Filters) -> list[Question]:
    return [
        q
        for q in questions(facts, filters, "functional")
        if "dysfunctional" in q.views and {q.scale, q.views["dysfunctional"].scale} == {FEELINGS}
    ]


def _cells() -> dict[str, str]:
    """Return the pairs of answers of each class as ``10 x functional + dysfunctional``."""
    cells: dict[str, list[str]] = {name: [] for name in CLASSES}
    for functional in range(1, 6):
        for dysfunctional in range(1, 6):
            name = kano_class(functional, dysfunctional)
            cells[name].append(str(10 * functional + dysfunctional))
    return {name: ", ".join(found) for name, found in cells.items()}


def _count(
    reader: Reader, survey_id: int, filters: Filters, asked: Sequence[Question]
) -> dict[str, dict[str, int]]:
    """Count the answers of every feature by class in one scan."""
    cells = _cells()
    inner = [
        f"10 * a.{q.column('functional')} + a.{q.column('dysfunctional')} AS c{k}"
        for k, q in enumerate(asked)
    ]
    parts = [
        f"COUNT(CASE WHEN c{k} IN ({cells[name]}) THEN 1 END) AS {name.lower()}{k}"
        for k in range(len(asked))
        for name in CLASSES
    ]
    origin, params = source(survey_id, filters)
    row = reader.rows(
        f"SELECT {', '.join(parts)} FROM (SELECT {', '.join(inner)} {origin})", params
    )[0]
    return {
        q.key: {name: int(row[f"{name.lower()}{k}"]) for name in CLASSES}
        for k, q in enumerate(asked)
    }


def _feature(question: Question, counts: dict[str, int], limits: Thresholds) -> Feature:
    n = sum(counts.values())
    shown = n >= limits.withhold_under or n == 0
    found = kano({name: counts[name] for name in CLASSES}) if shown else None
    return Feature(question.key, question.wording, question.dimension, found)
