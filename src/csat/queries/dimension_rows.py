"""What is known of a dimension or a question: one row each, and the scores over all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from csat.model.answer import Figure, Provenance
from csat.model.message import Message
from csat.queries.weights import Weights
from csat.stats.dimension_weights import normalised, score_of_means
from csat.stats.intervals import mean_interval
from csat.stats.moments import Moments


@dataclass(frozen=True, slots=True)
class DimensionRow:
    """One dimension, or one question of it.

    Parameters
    ----------
    dimension, item
        The dimension ("" for a question that belongs to none); the question, None for the
        dimension's own row.
    gap
        Perception less desired level over respondents who gave both, with paired interval.
    expectation, perception
        Means of the same respondents, on the scale of the question.
    performance
        Perception alone, over everybody who gave it (SERVPERF).
    weight
        Share of the dimension in percent; None for questions.
    alpha, alpha_gap
        Cronbach's alpha of the perceptions of a dimension, and of its questions' gaps; None for
        questions and below `ALPHA_FROM` complete answers.
    effective_n
        Kish's effective number behind a weighted gap or performance; None where unweighted.
    plain
        The unweighted row beside a weighted one; None where the row itself is unweighted.
    """

    dimension: str
    item: str | None
    wording: str
    gap: Figure
    expectation: float | None
    perception: float | None
    performance: Figure
    weight: float | None = None
    alpha: float | None = None
    alpha_gap: float | None = None
    scale: tuple[int, int] | None = None
    effective_n: float | None = None
    plain: DimensionRow | None = None

    @property
    def priority(self) -> float:
        """Shortfall times weight: what costs most, first."""
        return -(self.gap.value or 0.0) * (self.weight if self.weight is not None else 1.0)

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "dimension": self.dimension or None,
            "item": self.item,
            "expectation": self.expectation,
            "perception": self.perception,
            "gap": self.gap.value,
            "low": self.gap.low,
            "high": self.gap.high,
            "n": self.gap.n,
            "weight": self.weight,
            "alpha": self.alpha,
            "alpha_gap": self.alpha_gap,
            "verdict": self.gap.verdict,
            "withheld": self.gap.withheld,
            "servperf": self.performance.value,
            "servperf_n": self.performance.n,
            "effective_n": self.effective_n,
            **({} if self.plain is None else self.plain.unweighted()),
        }

    def unweighted(self) -> dict[str, Any]:
        """Return the figures of an unweighted row as they stand beside the weighted ones."""
        return {
            "unweighted_expectation": self.expectation,
            "unweighted_perception": self.perception,
            "unweighted_gap": self.gap.value,
            "unweighted_low": self.gap.low,
            "unweighted_high": self.gap.high,
            "unweighted_verdict": self.gap.verdict,
            "unweighted_servperf": self.performance.value,
        }


@dataclass(frozen=True, slots=True)
class DimensionAnswer:
    """Dimensions and questions, their weights, and the scores over all dimensions.

    ``unweighted`` and ``weighted`` are mean gaps, ``servperf`` and ``servperf_weighted`` mean
    perceptions over the dimensions; None where a dimension is missing or withheld. With
    respondents' own points, each weighs his own gap, and there is an interval.
    """

    rows: tuple[DimensionRow, ...]
    weights: Weights
    provenance: Provenance
    notes: tuple[Message, ...] = ()
    unweighted: float | None = None
    weighted: float | None = None
    weighted_low: float | None = None
    weighted_high: float | None = None
    servperf: float | None = None
    servperf_weighted: float | None = None

    @property
    def dimensions(self) -> tuple[DimensionRow, ...]:
        """The rows of the dimensions themselves."""
        return tuple(r for r in self.rows if r.item is None)

    def items(self, dimension: str) -> tuple[DimensionRow, ...]:
        """Return the questions of a dimension."""
        return tuple(r for r in self.rows if r.item is not None and r.dimension == dimension)


def with_scores(answer: DimensionAnswer, own: Moments | None, least: int) -> DimensionAnswer:
    """Add the scores over all dimensions: the mean of their means, plain and weighted.

    Parameters
    ----------
    own
        Of the gaps under each respondent's own weights, which then make the weighted score.
    least
        The privacy minimum.
    """
    rows = answer.dimensions
    gaps = [r.gap.value for r in rows]
    alone = [r.performance.value for r in rows]
    shares = [r.weight or 0.0 for r in rows]
    weighted, interval = _mean(gaps, shares), None
    if own is not None and own.n >= least and weighted is not None:
        weighted, interval = own.mean, mean_interval(own)
    return replace(
        answer,
        unweighted=_mean(gaps, [1.0] * len(gaps)),
        weighted=weighted,
        weighted_low=interval.low if interval else None,
        weighted_high=interval.high if interval else None,
        servperf=_mean(alone, [1.0] * len(alone)),
        servperf_weighted=_mean(alone, shares),
    )


def _mean(values: Sequence[float | None], shares: Sequence[float]) -> float | None:
    known = {str(k): v for k, v in enumerate(values) if v is not None}
    if len(known) < len(values) or not known or not sum(shares):
        return None
    weights = normalised({str(k): w for k, w in enumerate(shares)})
    return score_of_means(known, weights)[0] if weights else None
