"""The command that says whether the measure is sound."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any, Final

from csat.cli.printing import asked, between, p_words, percent, told, withheld
from csat.cli.text import NOTHING, number, plain, shorten, table
from csat.model.settings import Thresholds
from csat.queries.soundness import DimensionSoundness, SoundnessAnswer, SurveySoundness
from csat.queries.soundness import soundness as soundness_of
from csat.stats.reliability import Reliability

_HEAD: Final = (
    "dimension",
    "questions",
    "alpha",
    "95% interval",
    "omega",
    "Spearman-Brown",
    "alpha, desired",
    "alpha, gap",
    "gap, by its sides",
    "r of both",
    "at the ceiling",
    "n",
    "judgement",
)


def soundness(args: argparse.Namespace) -> int:
    """Print how far the questions hang together, as the page shows it."""
    found = asked(args, soundness_of)
    answer: SoundnessAnswer = found.answer
    document = {"note": answer.note, "surveys": [_survey_json(s) for s in answer.surveys]}
    return told(args, found, document, _lines(answer, found.limits), weighted=False)


def _survey_json(survey: SurveySoundness) -> dict[str, Any]:
    return {
        "survey": survey.survey,
        "n": survey.n,
        "withheld": survey.n is None,
        "straight_lined": survey.straight,
        "factors": survey.factors,
        "dimensions": [_dimension_json(d) for d in survey.dimensions],
    }


def _dimension_json(row: DimensionSoundness) -> dict[str, Any]:
    return {
        "dimension": row.dimension,
        "perception": _reliability_json(row.perception),
        "expectation": _reliability_json(row.expectation),
        "gap": _reliability_json(row.gap),
        "correlation": row.correlation,
        "difference_reliability": row.difference,
        "ceiling": row.ceiling,
        "items": [
            {
                "item": i.key,
                "wording": i.wording,
                "item_total": None if i.fit is None else i.fit.item_total,
                "alpha_without": None if i.fit is None else i.fit.alpha_without,
                "runs_against": None if i.fit is None else i.fit.runs_against,
                "missing": i.missing.missing,
                "flagged": i.missing.flagged,
            }
            for i in row.items
        ],
    }


def _reliability_json(found: Reliability | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {
        "n": found.n,
        "alpha": found.alpha,
        "low": found.low,
        "high": found.high,
        "standardised": found.standardised,
        "omega": found.omega,
        "spearman_brown": found.spearman_brown,
        "soundness": found.soundness,
        "unknown": found.unknown,
    }


def _lines(answer: SoundnessAnswer, limits: Thresholds) -> Iterator[str]:
    if answer.note is not None:
        yield plain(str(answer.note))
        return
    if not answer.surveys:
        yield "not measured: no question of a survey belongs to a dimension"
    for survey in answer.surveys:
        if survey.n is None:
            yield f"{plain(survey.survey)}: {withheld(limits)}"
            continue
        yield f"{plain(survey.survey)}: n {survey.n:,d}"
        yield from _survey_lines(survey)


def _survey_lines(survey: SurveySoundness) -> Iterator[str]:
    rows = [_dimension_line(d) for d in survey.dimensions]
    yield table(_HEAD, rows, right={1, 2, 4, 5, 6, 7, 8, 9, 10, 11})
    items = [
        [
            f"{i.key} {shorten(i.wording, 40)}".rstrip(),
            d.dimension,
            _two(i.fit.item_total if i.fit else None),
            _two(i.fit.alpha_without if i.fit else None),
            percent(i.missing.missing) + ("!" if i.missing.flagged else ""),
        ]
        for d in survey.dimensions
        for i in d.items
    ]
    head = ("question", "dimension", "r with the others", "alpha without it", "left out")
    yield table(head, items, right={2, 3, 4})
    if survey.straight is not None and survey.straight.n:
        yield (
            f"same answer to every question: {percent(survey.straight)} "
            f"of {survey.straight.n:,d} respondents"
        )
    if survey.factors is not None:
        found = survey.factors
        yield (
            f"KMO {found.kmo:.2f}; Bartlett {found.chi_square:,.1f} on {found.df} df, "
            f"p {p_words(found.p_value)}"
        )


def _dimension_line(row: DimensionSoundness) -> list[str]:
    own = row.perception
    judged = own.soundness or (own.unknown or NOTHING).replace("_", " ")
    return [
        row.dimension,
        f"{len(row.items)}",
        _two(own.alpha),
        between(own.low, own.high, "rating"),
        _two(own.omega),
        _two(own.spearman_brown),
        _two(row.expectation.alpha if row.expectation else None),
        _two(row.gap.alpha if row.gap else None),
        _two(row.difference),
        _two(row.correlation),
        percent(row.ceiling),
        f"{own.n:,d}",
        judged,
    ]


def _two(value: float | None) -> str:
    return number(value, "rating")
