"""Weights from experts who compared indicators in pairs, and how consistent each of them was."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import exp, log
from typing import Any

from csat.model.filters import Filters
from csat.model.people import User
from csat.queries.catalogue import require_program
from csat.queries.names import may_name
from csat.stats.ahp import PairwiseWeights, joint_comparisons, pairwise_weights
from csat.store.store import Store


@dataclass(frozen=True, slots=True)
class Expert:
    """What one expert's comparisons come to.

    Parameters
    ----------
    name
        The expert, or E1, E2 where the reader may not see names.
    found
        Weights in the order of the indicators; None while pairs are missing.
    missing
        Pairs not compared yet.
    """

    name: str
    found: PairwiseWeights | None
    missing: tuple[tuple[str, str], ...]

    @property
    def counts(self) -> bool:
        """Whether the comparisons are complete and contradict themselves little enough."""
        return self.found is not None and self.found.acceptable is True


@dataclass(frozen=True, slots=True)
class ExpertAnswer:
    """The indicators, each expert, and the weights of all who count, by geometric means."""

    indicators: tuple[str, ...]
    experts: tuple[Expert, ...]
    joint: PairwiseWeights | None

    @property
    def weights(self) -> dict[str, float]:
        """Indicator -> weight; they add up to 1. Empty without an expert who counts."""
        if self.joint is None:
            return {}
        return dict(zip(self.indicators, self.joint.weights, strict=True))

    @property
    def counted(self) -> int:
        """How many experts are behind the joint weights."""
        return sum(1 for e in self.experts if e.counts)

    def to_json(self) -> dict[str, Any]:
        """Return what the command line prints, unrounded."""
        return {
            "indicators": list(self.indicators),
            "weights": self.weights,
            "experts_counted": self.counted,
            "consistency_ratio": None if self.joint is None else self.joint.consistency_ratio,
            "experts": [
                {
                    "expert": e.name,
                    "weights": dict(zip(self.indicators, e.found.weights, strict=True))
                    if e.found
                    else None,
                    "consistency_ratio": e.found.consistency_ratio if e.found else None,
                    "acceptable": e.found.acceptable if e.found else None,
                    "missing": [list(pair) for pair in e.missing],
                }
                for e in self.experts
            ],
        }


def expert_weights(store: Store, filters: Filters, user: User | None = None) -> ExpertAnswer:
    """Answer how much each indicator matters to the experts (Saaty 1980).

    An expert counts whose every pair is compared and whose consistency ratio is at most 0.10;
    the comparisons of others go back to them. Experts are put together by the geometric means
    of their comparisons.

    Parameters
    ----------
    user
        Who reads; experts are named to those who may read texts of customers.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    require_program(store, filters.program)
    return read_experts(store, filters.program, named=may_name(user))


def read_experts(store: Store, program: str, *, named: bool = False) -> ExpertAnswer:
    """Return what `expert_weights` answers, of a program known to be there."""
    rows = store.rows(
        "SELECT c.expert, c.indicator, c.other, c.times FROM comparison c JOIN program p "
        "USING (program_id) WHERE p.key = $program ORDER BY c.comparison_id",
        {"program": program},
    )
    order = [
        str(r["key"])
        for r in store.rows(
            "SELECT d.key FROM dimension d JOIN program p USING (program_id) "
            "WHERE p.key = $program ORDER BY d.dim_no",
            {"program": program},
        )
    ]
    named_here = {n for r in rows for n in (str(r["indicator"]), str(r["other"]))}
    indicators = tuple([k for k in order if k in named_here] + sorted(named_here - set(order)))
    told: dict[str, dict[tuple[str, str], list[float]]] = {}
    for r in rows:
        pairs = told.setdefault(str(r["expert"]), {})
        pairs.setdefault((r["indicator"], r["other"]), []).append(float(r["times"]))
        pairs.setdefault((r["other"], r["indicator"]), []).append(1 / float(r["times"]))
    tables = {name: _table(pairs, indicators) for name, pairs in told.items()}
    experts = []
    for n, (name, (table, missing)) in enumerate(sorted(tables.items()), start=1):
        found = None if missing else pairwise_weights(table)
        experts.append(Expert(name if named else f"E{n}", found, missing))
    counted = [
        table
        for expert, (_, (table, _)) in zip(experts, sorted(tables.items()), strict=True)
        if expert.counts
    ]
    joint = pairwise_weights(joint_comparisons(counted)) if counted else None
    return ExpertAnswer(indicators, tuple(experts), joint)


def _table(
    pairs: dict[tuple[str, str], list[float]], indicators: tuple[str, ...]
) -> tuple[list[list[float]], tuple[tuple[str, str], ...]]:
    """Return an expert's matrix, and the pairs that are missing in it.

    A pair stated both ways round counts as the geometric mean of the two.
    """
    missing = tuple(p for p in combinations(indicators, 2) if p not in pairs)
    table = [
        [1.0 if a == b else _mean(pairs.get((a, b), [1.0])) for b in indicators] for a in indicators
    ]
    return table, missing


def _mean(values: list[float]) -> float:
    return exp(sum(log(v) for v in values) / len(values))


def no_experts() -> ExpertAnswer:
    """Return the answer of a store that holds nothing."""
    return ExpertAnswer((), (), None)
