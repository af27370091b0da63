"""How strongly the causes of the internal gaps are felt inside the organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from csat.model.gap_causes import CAUSES
from csat.model.settings import Thresholds
from csat.queries.gap_levels import CAUSE, Sides, Want
from csat.stats.intervals import mean_interval


@dataclass(frozen=True, slots=True)
class CauseScore:
    """What managers or staff say of one cause: the mean of its statements, high is good.

    All is None where too few people were asked.
    """

    cause: str
    gap: int
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    scale: tuple[int, int]

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "cause": self.cause,
            "gap": self.gap,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "n": self.n,
        }


def cause_scores(sides: Sides, limits: Thresholds) -> tuple[CauseScore, ...]:
    """Return the causes that were asked about, in the order of the model.

    Statements are told apart by what stands before the dot in their pair (``teamwork.1``);
    reversed ones were turned round as they were loaded.
    """
    asked: dict[str, set[str]] = {}
    scales: dict[str, tuple[int, int]] = {}
    for item in sides.items(CAUSE):
        name = item.pair.partition(".")[0]
        if name in CAUSES:
            asked.setdefault(name, set()).add(item.pair)
            scales[name] = item.scale
    keys = {name: (Want(CAUSE, "", frozenset(pairs)),) for name, pairs in asked.items()}
    counted = sides.count(keys.values())
    out = []
    for name, cause in CAUSES.items():
        if name not in keys:
            continue
        found = counted[keys[name]]
        if not found.n:
            continue
        if found.n < limits.withhold_under:
            out.append(CauseScore(name, cause.gap, None, None, None, None, scales[name]))
            continue
        spread = mean_interval(found)
        low, high = (spread.low, spread.high) if spread else (None, None)
        out.append(CauseScore(name, cause.gap, found.mean, low, high, found.n, scales[name]))
    return tuple(out)
