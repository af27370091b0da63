"""What people spread points over: the mean share of each, and which come first."""

from __future__ import annotations

from collections.abc import Sequence

from csat.stats.comoments import Comoments
from csat.stats.moments import Moments
from csat.stats.multiplicity import holm
from csat.stats.paired import paired_gap

ALPHA = 0.05
"""A place is clear where the p-value is below."""


def share_moments(sums: Comoments, place: int) -> Moments:
    """Return the moments of the points given to one thing.

    Examples
    --------
    >>> share_moments(Comoments(2, (60, 140), ((2000, 4000), (10000,))), 0).mean
    30.0
    """
    return Moments(sums.n, sums.totals[place], sums.products[place][place], sums.divisor)


def leaders(sums: Comoments, names: Sequence[str]) -> tuple[str, ...]:
    """Return what gets the most points, and what is not clearly behind it, most points first.

    The points of one person depend on each other, so the first is compared with every other
    within persons (Student's paired t, corrected by Holm's method).

    Parameters
    ----------
    sums : Comoments
        Of the points of the people who gave any.
    names : sequence of str
        One for each, in the order of the sums.

    Returns
    -------
    tuple of str
        Empty without people; one name where it is clearly first.

    Raises
    ------
    ValueError
        If the names are not as many as the sums.

    Examples
    --------
    The last is behind in the eyes of all four, the second is not:

    >>> from csat.stats.comoments import comoments_of
    >>> sums = comoments_of([[40, 38, 22], [35, 39, 26], [39, 36, 25], [40, 37, 23]])
    >>> leaders(sums, ["speed", "price", "looks"])
    ('speed', 'price')
    """
    if len(names) != len(sums.totals):
        raise ValueError(f"{len(sums.totals)} shares need as many names, got {len(names)}")
    if not sums.n or not names:
        return ()
    order = sorted(range(len(names)), key=lambda k: -sums.totals[k])
    first, rest = order[0], order[1:]
    behind = [paired_gap(_difference(sums, first, k)).p_value for k in rest]
    tested = [k for k, p in zip(rest, behind, strict=True) if p is not None]
    adjusted = dict(zip(tested, holm([p for p in behind if p is not None]), strict=True))
    tied = [
        k
        for k in rest
        if (adjusted[k] >= ALPHA if k in adjusted else sums.totals[k] == sums.totals[first])
    ]
    return tuple(names[k] for k in (first, *tied))


def _difference(sums: Comoments, one: int, other: int) -> Moments:
    """Return the moments of one share less another, person by person."""
    squares = sums.products[one][one] + sums.products[other][other] - 2 * sums.products[one][other]
    return Moments(sums.n, sums.totals[one] - sums.totals[other], squares, sums.divisor)
