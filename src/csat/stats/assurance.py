"""Two readings of a control chart: whether the series changes, and whether it meets its target."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from csat.stats.run_rules import Signal
from csat.stats.verdict import Direction

Variation = Literal["common_cause", "better", "worse", "changed"]
Assurance = Literal["meets", "misses", "hit_or_miss"]


def variation(
    signals: Sequence[Signal], z: Sequence[float], direction: Direction, recent: int = 1
) -> Variation:
    """Return whether the latest points belong to a special cause, and whether that is good.

    Parameters
    ----------
    signals : Sequence of Signal
        Of the whole series (`csat.stats.run_rules.run_rules`).
    z : Sequence of float
        The series in sigmas from its centre.
    direction : {"up", "down", "none"}
        Way the figure moves when things improve.
    recent : int
        A signal counts if one of its points is among so many latest ones.

    Returns
    -------
    Variation
        By the side of the latest signal; of patterns without a side, by that of the last point.
        ``changed`` where neither way is good.

    Raises
    ------
    ValueError
        If `recent` is below 1 or the direction is unknown.

    Examples
    --------
    >>> from csat.stats.run_rules import run_rules
    >>> z = [0.1, -0.3, -3.5]
    >>> variation(run_rules(z), z, "up"), variation(run_rules(z), z, "down")
    ('worse', 'better')
    """
    if recent < 1 or direction not in ("up", "down", "none"):
        raise ValueError("recent must be at least 1 and direction up, down or none")
    current = [s for s in signals if s.points[-1] >= len(z) - recent]
    if not current:
        return "common_cause"
    if direction == "none":
        return "changed"
    latest = max(current, key=lambda signal: signal.points[-1])
    above = z[latest.points[-1]] > 0 if latest.above is None else latest.above
    return "better" if above == (direction == "up") else "worse"


def assurance(low: float, high: float, target: float, direction: Direction) -> Assurance | None:
    """Return whether a series in control will meet its target, from its limits (NHS icons).

    ``meets`` if the target lies beyond the limit on the bad side, so that chance alone never
    misses it; ``misses`` if it lies beyond the other; else it is hit or missed by chance. None
    for a figure without a good direction.

    Examples
    --------
    >>> assurance(0.82, 0.94, target=0.80, direction="up")
    'meets'
    >>> assurance(0.82, 0.94, target=0.95, direction="up")
    'misses'
    """
    if direction == "none":
        return None
    if low <= target <= high:
        return "hit_or_miss"
    return "meets" if (target < low) == (direction == "up") else "misses"
