"""The figures of one stage: who reached it, and how long it held them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from csat.model.answer import Figure
from csat.model.settings import Thresholds
from csat.queries.gate import gate
from csat.queries.sla import METRIC
from csat.stats.business_time import Seconds, WorkingTime
from csat.stats.intervals import wilson_interval
from csat.stats.paused_time import Pauses, resting
from csat.stats.stages import Stay
from csat.stats.survival import kaplan_meier, survival_table

QUANTILES: Final = (0.5, 0.8, 0.9)
_TIME: Final = "median_days_to_resolution"
"""The registry entry whose unit, direction and privacy rule times in stages share."""


@dataclass(frozen=True, slots=True)
class InStage:
    """By when a share ``q`` of the cases left a stage: seconds, or None where not reached."""

    q: float
    seconds: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class StageFigures:
    """One stage of the way.

    Parameters
    ----------
    reached, skipped, ahead
        Cases that entered it, that went further without it, and that may still come to it.
    waiting
        Cases that are in it now.
    share
        Of those that have come as far, the share that took it, after the privacy gate.
    times
        How long it held the cases that entered it, those still in it censored; empty for the last
        stage, and where the privacy minimum hides them.
    followed
        The longest time that any case is known to have been in it, in seconds.
    """

    stage: str
    reached: int
    skipped: int
    ahead: int
    waiting: int
    share: Figure
    times: tuple[InStage, ...]
    followed: float | None
    withheld: bool


def stage_row(
    stage: str,
    stay: Stay,
    measure: tuple[WorkingTime, Pauses] | None,
    *,
    last: bool,
    limits: Thresholds,
) -> StageFigures:
    """Return the figures of one stage from where each case is; its times are not gated yet.

    Parameters
    ----------
    measure
        The working calendar and the pauses of the cases; None for calendar time.
    last
        Whether it is the last stage, which nobody leaves.
    """
    reached, skipped = int(stay.reached.sum()), int(stay.skipped.sum())
    times: tuple[InStage, ...] = ()
    followed = None
    if reached and not last:
        table = survival_table(_spent(stay, measure), stay.left)
        curve = kaplan_meier(*table)
        times = tuple(InStage(q, *curve.quantile(q)) for q in QUANTILES)
        followed = float(table.times[-1])
    share = gate([_share(stage, reached, skipped)], limits, parts_of_whole=False)[0]
    return StageFigures(
        stage,
        reached,
        skipped,
        len(stay.reached) - reached - skipped,
        0 if last else int((~stay.left).sum()),
        share,
        times,
        followed,
        withheld=False,
    )


def _spent(stay: Stay, measure: tuple[WorkingTime, Pauses] | None) -> Seconds:
    if measure is None:
        return stay.end - stay.start
    clock, pauses = measure
    own = pauses.only(stay.reached)
    return clock.between(stay.start, stay.end) - resting(clock, own, stay.start, stay.end)


def _share(stage: str, reached: int, skipped: int) -> Figure:
    n = reached + skipped
    if not n:
        return Figure(METRIC, stage, None, "percent", 0, None, None, "not_compared", "no_data")
    ends = wilson_interval(reached, n)
    return Figure(
        METRIC, stage, 100 * reached / n, "percent", n, 100 * ends.low, 100 * ends.high,
        "not_compared",
    )  # fmt: skip


def gated_rows(rows: Sequence[StageFigures], limits: Thresholds) -> tuple[StageFigures, ...]:
    """Blank the times that rest on too few cases, by the one privacy gate."""
    figures = [
        Figure(_TIME, r.stage, 0.0, "days", r.reached, None, None, "not_compared") for r in rows
    ]
    shown = gate(figures, limits, parts_of_whole=False)
    return tuple(
        replace(r, times=(), followed=None, withheld=True) if f.withheld else r
        for r, f in zip(rows, shown, strict=True)
    )
