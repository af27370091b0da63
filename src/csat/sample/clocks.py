"""The clock events of a complaint: acknowledged, answered, resolved, reopened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from csat.sample.draw import Flags, Floats, Ints, chance, spread
from csat.sample.months import Moments

RESPONSE_MEDIAN_HOURS: Final = (24.0, 22.0, 11.0, 6.5)
"""Median time to the first response by severity, low to critical; about 20 h overall."""
RESPONSE_SPREAD: Final = 0.85
ACKNOWLEDGE_MEDIAN_HOURS: Final = 3.0
ACKNOWLEDGE_SPREAD: Final = 0.8
ACKNOWLEDGED_SHARE: Final = 0.9
WORK_MEDIAN_HOURS: Final = 58.0
WORK_SPREAD: Final = 0.9
SLOW_SHARE: Final = 0.08
SLOW_MEDIAN_HOURS: Final = 130 * 24.0
SLOW_SPREAD: Final = 0.8
STUCK_SHARE: Final = 0.028
SILENT_SHARE: Final = 0.006
"""Cases that nobody ever answered; they are among the stuck ones."""
REOPENED_SHARE: Final = 0.055
REOPEN_MEDIAN_HOURS: Final = 7 * 24.0
REOPEN_SPREAD: Final = 0.9

Hours = NDArray[np.floating]
_NEVER: Final = np.datetime64("NaT", "s")


@dataclass(frozen=True, slots=True)
class Clocks:
    """When each event happened; NaT where it has not happened by the end of the sample."""

    acknowledged: Moments
    responded: Moments
    resolved: Moments
    reopened: Moments


def draw_clocks(
    rng: np.random.Generator,
    received: Moments,
    severity: Ints,
    waiting: NDArray[np.float64],
    end: np.datetime64,
) -> Clocks:
    """Draw the events of each case and hide those after the end of the sample.

    Parameters
    ----------
    rng
        Source of randomness.
    received, severity
        When each case came in and how severe it is (0 low to 3 critical).
    waiting
        By how much the wait for the first response is longer than usual.
    end
        Last moment of the sample: what happens later is not known.
    """
    count = len(received)
    median = np.array(RESPONSE_MEDIAN_HOURS)[severity] * waiting
    response = median * _lognormal(rng, 1.0, RESPONSE_SPREAD, count)
    acknowledge = _lognormal(rng, ACKNOWLEDGE_MEDIAN_HOURS, ACKNOWLEDGE_SPREAD, count)
    slow = chance(rng, SLOW_SHARE, count)
    work = np.where(
        slow,
        _lognormal(rng, SLOW_MEDIAN_HOURS, SLOW_SPREAD, count),
        _lognormal(rng, WORK_MEDIAN_HOURS, WORK_SPREAD, count),
    )
    fate = rng.random(count, dtype=np.float32)
    silent, stuck = fate < SILENT_SHARE, fate < STUCK_SHARE
    resolution = response + work
    reopening = resolution + _lognormal(rng, REOPEN_MEDIAN_HOURS, REOPEN_SPREAD, count)
    responded = _after(received, response, silent, end)
    resolved = _after(received, resolution, stuck, end)
    unnoticed = ~chance(rng, ACKNOWLEDGED_SHARE, count)
    returned = chance(rng, REOPENED_SHARE, count) & ~stuck
    return Clocks(
        acknowledged=_after(received, np.minimum(acknowledge, response), unnoticed, end),
        responded=responded,
        resolved=resolved,
        reopened=_after(received, reopening, ~returned, end),
    )


def _lognormal(rng: np.random.Generator, median: float, sd: float, count: int) -> Floats:
    hours: Floats = np.exp(spread(rng, count) * np.float32(sd)) * np.float32(median)
    return hours


def _after(received: Moments, hours: Hours, never: Flags, end: np.datetime64) -> Moments:
    moment: Moments = received + np.maximum(np.rint(hours * 3600), 60).astype("m8[s]")
    moment[never | (moment > end)] = _NEVER
    return moment
