"""How much of a change is real, and how much is that other people answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

from scipy import special

from csat.stats._checks import normal_quantile
from csat.stats.moments import Moments


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a change with its interval and two-sided p-value, in the unit of the values.

    The interval and the p-value are None where a group's spread is not known.
    """

    value: float
    low: float | None
    high: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class GroupPart:
    """What one group adds to the change of the whole.

    ``within`` is its own change at its mean share; ``mix`` its change of share times how far it
    lies from the whole. ``share_before`` and ``share_now`` are fractions of the answers.
    """

    within: float
    mix: float
    share_before: float
    share_now: float


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change split into ``within`` (real) and ``mix`` (who answered); they sum to ``total``."""

    total: float
    within: Part
    mix: Part
    groups: Mapping[str, GroupPart]


def decompose(
    current: Mapping[str, Moments], reference: Mapping[str, Moments], confidence: float = 0.95
) -> Decomposition | None:
    """Return how a change of a mean or share divides into change within groups and mix.

    Each group counts at the mean of its two shares and of its two means, so that neither period
    is the yardstick (Kitagawa 1955). A group that answered in one period only cannot have
    changed within: it is all mix.

    Parameters
    ----------
    current, reference : Mapping of group to Moments
        Of the values now and before; for a share the values are 0 and 1.
    confidence : float
        Of the normal intervals, which treat the shares as fixed for ``within`` and the groups'
        means as fixed for ``mix``.

    Returns
    -------
    Decomposition or None
        None if nobody answered in one of the periods.

    Examples
    --------
    Both branches stay as they are, but the worse one answers more often:

    >>> before = {"North": Moments(80, 320, 1300), "South": Moments(20, 40, 90)}
    >>> now = {"North": Moments(50, 200, 812), "South": Moments(50, 100, 225)}
    >>> found = decompose(now, before)
    >>> round(found.total, 2), round(found.within.value, 2), round(found.mix.value, 2)
    (-0.6, 0.0, -0.6)
    """
    z = normal_quantile(confidence)
    n_now = sum(m.n for m in current.values())
    n_before = sum(m.n for m in reference.values())
    if not n_now or not n_before:
        return None
    found = {
        name: _group(current.get(name, _NOBODY), reference.get(name, _NOBODY), n_now, n_before)
        for name in dict.fromkeys((*current, *reference))
    }
    groups = {name: group for name, group in found.items() if group is not None}
    whole = sum((g.share_now + g.share_before) / 2 * g.middle for g in groups.values())
    parts = {
        name: GroupPart(
            within=g.weight * (g.now - g.before),
            mix=(g.share_now - g.share_before) * (g.middle - whole),
            share_before=g.share_before,
            share_now=g.share_now,
        )
        for name, g in groups.items()
    }
    within = sum(part.within for part in parts.values())
    mix = sum(part.mix for part in parts.values())
    known = [g.variance for g in groups.values() if g.variance is not None]
    within_variance = sum(known) if len(known) == len(groups) else None
    shares = [(g.share_now, g.share_before, g.middle - whole) for g in groups.values()]
    mix_variance = _spread([(now, d) for now, _, d in shares]) / n_now
    mix_variance += _spread([(before, d) for _, before, d in shares]) / n_before
    return Decomposition(
        within + mix, _part(within, within_variance, z), _part(mix, mix_variance, z), parts
    )


_NOBODY = Moments(0, 0, 0)


@dataclass(frozen=True, slots=True)
class _Group:
    """Shares and means of one group, and the variance of its weighted change within."""

    share_before: float
    share_now: float
    before: float
    now: float
    variance: float | None

    @property
    def weight(self) -> float:
        return (self.share_before + self.share_now) / 2

    @property
    def middle(self) -> float:
        return (self.before + self.now) / 2


def _group(now: Moments, before: Moments, n_now: int, n_before: int) -> _Group | None:
    shares = before.n / n_before, now.n / n_now
    if now.mean is None or before.mean is None:
        mean = before.mean if now.mean is None else now.mean
        return None if mean is None else _Group(*shares, mean, mean, 0.0)
    variance: float | None = None
    if now.variance is not None and before.variance is not None:
        weight = sum(shares) / 2
        variance = weight**2 * (now.variance / now.n + before.variance / before.n)
    return _Group(*shares, before.mean, now.mean, variance)


def _spread(shares: list[tuple[float, float]]) -> float:
    """Return the variance, per answer, of a mean whose group means are fixed."""
    mean = sum(share * level for share, level in shares)
    return sum(share * (level - mean) ** 2 for share, level in shares)


def _part(value: float, variance: float | None, z: float) -> Part:
    if not variance:
        return Part(value, None, None, None)
    se = sqrt(variance)
    return Part(value, value - z * se, value + z * se, float(2 * special.ndtr(-abs(value) / se)))
