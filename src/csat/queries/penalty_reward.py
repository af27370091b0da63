"""What a bad rating of a dimension costs overall satisfaction, and what a good one adds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from csat.model.answer import Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.settings import Thresholds
from csat.queries.complaint_tallies import NotAvailable
from csat.queries.driver_sums import Predictors, predictors
from csat.queries.facts import facts as facts_of
from csat.queries.isolation import isolated
from csat.queries.reader import Reader
from csat.stats.penalty_reward import Asymmetry, Effect, PenaltyReward, penalty_reward_of_patterns
from csat.store.scores import SCORE_UNIT
from csat.store.store import Store

_REASONS: Final[dict[str, Message]] = {
    "too_few_answers": msg(
        "Too few people answered all these questions to tell penalty and reward apart"
    ),
    "no_spread": msg("All answers are the same: there are no differences to explain"),
    "inseparable": msg(
        "The dimensions go up and down together here, so their parts cannot be told apart"
    ),
}


@dataclass(frozen=True, slots=True)
class PenaltyRewardAnswer:
    """Penalty and reward of each dimension, the longest span first.

    Parameters
    ----------
    rows
        Effects in points of overall satisfaction; the size of a band is None where it is under
        the privacy minimum.
    bands
        By dimension: ratings up to the first are low, from the second on high.
    rescaled
        Dimensions whose bands are places on the scale, from 0 to 1, for their questions have
        different scales.
    predictors
        The viewpoint of the questions behind them.
    note
        The reason why there are none.
    notes
        What different scales did to dimensions.
    """

    rows: tuple[Asymmetry, ...]
    n: int | None
    r_squared: float | None
    intercept: float | None
    bands: dict[str, tuple[float, float]]
    predictors: str
    least: int
    provenance: Provenance
    note: Message | None = None
    rescaled: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()

    def size(self, effect: Effect) -> int | None:
        """Return the respondents in a band, None where they are too few to tell."""
        return effect.n if effect.n >= self.least or effect.n == 0 else None

    def to_json(self) -> list[dict[str, Any]]:
        """Return the rows that the command line prints, unrounded."""
        return [
            {
                "dimension": row.name,
                "low_up_to": self.bands[row.name][0],
                "high_from": self.bands[row.name][1],
                "bands_of": "place" if row.name in self.rescaled else "rating",
                **self._side("penalty", row.penalty),
                **self._side("reward", row.reward),
                "span": row.span,
                "asymmetry": row.asymmetry,
                "role": row.role,
            }
            for row in self.rows
        ]

    def _side(self, name: str, effect: Effect) -> dict[str, Any]:
        return {
            name: effect.points,
            f"{name}_low": effect.low,
            f"{name}_high": effect.high,
            f"{name}_standard_error": effect.standard_error,
            f"{name}_p": effect.p_value,
            f"{name}_n": self.size(effect),
        }


def penalty_reward(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> PenaltyRewardAnswer:
    """Answer whether a dimension punishes when it is bad, rewards when it is good, or both.

    The low band of a dimension ends in the middle of its scale and the high band takes its
    upper sixth (4 and 6 on 1 to 7), of scores over its questions (methods.md 2.11). Respondents
    count who answered everything, as for the drivers.

    Raises
    ------
    UsageProblem
        For an unknown program.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    apart = isolated(store, filters, limits)
    if apart is not None:
        return _nothing(reader, filters, limits, apart)
    try:
        asked = predictors(facts, filters)
    except NotAvailable as reason:
        return _nothing(reader, filters, limits, reason.note)
    found = _regress(reader, asked)
    if found.unknown is not None:
        n = found.n if found.n >= limits.withhold_under else None
        answer = _nothing(reader, filters, limits, _REASONS[found.unknown])
        return replace(answer, n=n)
    return PenaltyRewardAnswer(
        tuple(sorted(found.attributes, key=lambda a: -(a.span or 0.0))),
        found.n,
        found.r_squared,
        found.intercept,
        {
            name: (low / SCORE_UNIT, high / SCORE_UNIT)
            for name, (low, high) in zip(asked.names, map(_band, asked.scales), strict=True)
        },
        asked.viewpoint,
        limits.withhold_under,
        reader.provenance(filters),
        rescaled=asked.rescaled,
        notes=asked.notes,
    )


def _nothing(
    reader: Reader, filters: Filters, limits: Thresholds, note: Message
) -> PenaltyRewardAnswer:
    origin = reader.provenance(filters)
    return PenaltyRewardAnswer((), None, None, None, {}, "", limits.withhold_under, origin, note)


def _band(scale: tuple[int, int]) -> tuple[int, int]:
    """Return where the low band ends and the high one begins, as whole scores."""
    low, high = scale
    return SCORE_UNIT * (low + high) // 2, SCORE_UNIT * low + SCORE_UNIT * 5 * (high - low) // 6


def _regress(reader: Reader, asked: Predictors) -> PenaltyReward:
    """Count who shares a pattern of bands, and regress the means of these groups."""
    bands = [_band(scale) for scale in asked.scales]
    keys = [f"b{k}" for k in range(len(bands))]
    marks = [
        f"CASE WHEN x{k} <= {low:d} THEN -1 WHEN x{k} >= {high:d} THEN 1 ELSE 0 END AS b{k}"
        for k, (low, high) in enumerate(bands)
    ]
    rows = reader.rows(
        f"SELECT {', '.join(keys)}, COUNT(*) AS n, SUM(y) AS s, "
        f"SUM(CAST(y AS BIGINT) * y) AS q FROM (SELECT {', '.join(marks)}, y FROM ({asked.sql}) "
        f"WHERE {asked.complete}) GROUP BY {', '.join(keys)} ORDER BY {', '.join(keys)}",
        asked.params,
    )
    codes = np.array([[r[key] for key in keys] for r in rows], dtype=np.int64)
    codes = codes.reshape(-1, len(keys))
    sums = [(int(r["n"]), int(r["s"]), int(r["q"])) for r in rows]
    return penalty_reward_of_patterns(
        np.concatenate((codes < 0, codes > 0), axis=1),
        [n for n, _, _ in sums],
        [s / (n * SCORE_UNIT) for n, s, _ in sums],
        [(q * n - s * s) / (n * SCORE_UNIT**2) for n, s, q in sums],
        asked.names,
    )
