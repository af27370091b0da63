"""What to mend first: importance times shortfall times the share of customers affected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from csat.stats._checks import normal_quantile


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its standard error, in the same unit; 0 if it is fixed by decision."""

    value: float
    standard_error: float = 0.0

    def __post_init__(self) -> None:
        if not self.standard_error >= 0:
            raise ValueError(f"a standard error must be at least 0, got {self.standard_error}")


@dataclass(frozen=True, slots=True)
class Priority:
    """How much mending one thing promises: points of shortfall, weighted.

    ``low`` to ``high`` is its interval. ``rank`` counts from 1 and is shared by all whose
    intervals overlap that of the first of them: among those the order is not known.
    """

    value: float
    low: float
    high: float
    rank: int


def priorities(
    parts: Mapping[str, tuple[Estimate, Estimate, Estimate]],
    together: Mapping[str, float] | None = None,
    confidence: float = 0.95,
) -> dict[str, Priority]:
    """Return what to mend first, highest priority first.

    Parameters
    ----------
    parts : Mapping of str to three Estimates
        Importance (a weight or a driver's share, at least 0), gap (actual minus reference; only
        a gap below zero can be mended) and share of customers affected (0 to 1).
    together : Mapping of str to float, optional
        Covariance of the errors of gap and share, which come from the same people: below zero
        where a larger shortfall goes with more people below. 0 for names left out.
    confidence : float
        Of the intervals.

    Returns
    -------
    dict of str to Priority
        The product importance x shortfall x affected, with the interval of its relative errors
        added in squares (delta method); it is cut at 0.

    Raises
    ------
    ValueError
        If an importance is negative or a share lies outside 0 to 1.

    Examples
    --------
    >>> found = priorities({
    ...     "empathy": (Estimate(16), Estimate(-0.2, 0.1), Estimate(0.3, 0.03)),
    ...     "reliability": (Estimate(32), Estimate(-1.1, 0.1), Estimate(0.5, 0.03)),
    ... })
    >>> [(name, round(p.value, 2), p.rank) for name, p in found.items()]
    [('reliability', 17.6, 1), ('empathy', 0.96, 2)]
    """
    z = normal_quantile(confidence)
    joint = together or {}
    products = {name: _product(*three, joint.get(name, 0.0)) for name, three in parts.items()}
    ordered = sorted(products, key=lambda name: (-products[name].value, name))
    found: dict[str, Priority] = {}
    rank, leader_low = 0, float("inf")
    for place, name in enumerate(ordered, start=1):
        value, half = products[name].value, z * products[name].standard_error
        if value + half < leader_low:
            rank, leader_low = place, max(0.0, value - half)
        found[name] = Priority(value, max(0.0, value - half), value + half, rank)
    return found


def _product(importance: Estimate, gap: Estimate, affected: Estimate, together: float) -> Estimate:
    if importance.value < 0 or not 0 <= affected.value <= 1:
        raise ValueError("importance must be at least 0 and the share affected within 0 to 1")
    shortfall = max(0.0, -gap.value)
    variance = (
        (importance.standard_error * shortfall * affected.value) ** 2
        + (importance.value * gap.standard_error * affected.value) ** 2
        + (importance.value * shortfall * affected.standard_error) ** 2
        - 2 * importance.value**2 * affected.value * shortfall * together
    )
    return Estimate(importance.value * shortfall * affected.value, sqrt(max(variance, 0.0)))
