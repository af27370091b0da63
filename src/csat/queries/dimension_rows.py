"""What is known of a dimension or a question: one row each, and the scores over all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from csat.model.answer import Figure, Provenance
from csat.model.message import Message
from csat.queries.weights import Weights


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
    alpha
        Cronbach's alpha of the perceptions of a dimension; None for questions and below
        `ALPHA_FROM` complete answers.
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
    scale: tuple[int, int] | None = None

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
            "verdict": self.gap.verdict,
            "withheld": self.gap.withheld,
            "servperf": self.performance.value,
            "servperf_n": self.performance.n,
        }


@dataclass(frozen=True, slots=True)
class DimensionAnswer:
    """Dimensions and questions, their weights, and the scores over all dimensions.

    ``unweighted`` and ``weighted`` are mean gaps, ``servperf`` and ``servperf_weighted`` mean
    perceptions over the dimensions; None where a dimension is missing or withheld.
    """

    rows: tuple[DimensionRow, ...]
    weights: Weights
    provenance: Provenance
    notes: tuple[Message, ...] = ()
    unweighted: float | None = None
    weighted: float | None = None
    servperf: float | None = None
    servperf_weighted: float | None = None

    @property
    def dimensions(self) -> tuple[DimensionRow, ...]:
        """The rows of the dimensions themselves."""
        return tuple(r for r in self.rows if r.item is None)

    def items(self, dimension: str) -> tuple[DimensionRow, ...]:
        """Return the questions of a dimension."""
        return tuple(r for r in self.rows if r.item is not None and r.dimension == dimension)


def with_scores(answer: DimensionAnswer) -> DimensionAnswer:
    """Add the scores over all dimensions: the mean of their means, plain and weighted."""
    own = answer.dimensions
    gaps = [r.gap.value for r in own]
    alone = [r.performance.value for r in own]
    shares = [r.weight or 0.0 for r in own]
    return replace(
        answer,
        unweighted=_mean(gaps, [1.0] * len(gaps)),
        weighted=_mean(gaps, shares),
        servperf=_mean(alone, [1.0] * len(alone)),
        servperf_weighted=_mean(alone, shares),
    )


def _mean(values: Sequence[float | None], shares: Sequence[float]) -> float | None:
    known = [v for v in values if v is not None]
    if len(known) < len(values) or not sum(shares):
        return None
    return sum(v * w for v, w in zip(known, shares, strict=True)) / sum(shares)
