"""Whether the answers of two files are spread alike over a scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import chdtrc


@dataclass(frozen=True, slots=True)
class Drift:
    """How far two spreads of answers lie apart.

    Parameters
    ----------
    distance
        Total variation: the share of answers that would have to move to make the spreads equal,
        0 to 1.
    p_value
        Of Pearson's chi-squared test of homogeneity; None where a spread is empty or all
        answers share one code.
    """

    distance: float
    p_value: float | None


def drift(before: Sequence[int], after: Sequence[int]) -> Drift | None:
    """Compare the counts per code of two files; None where one of them is empty.

    Parameters
    ----------
    before, after
        Answers per code, in the same order of codes.

    Raises
    ------
    ValueError
        When the lengths differ or a count is negative.

    Notes
    -----
    Pearson's test of homogeneity (Pearson 1900) over the codes that occur in either file. It
    is approximate where expected counts are under 5; the distance is exact.

    Examples
    --------
    >>> found = drift([10, 20, 70], [30, 40, 30])
    >>> round(found.distance, 2), round(found.p_value, 10)
    (0.4, 8.06e-08)
    >>> drift([5, 0], [9, 0]).p_value is None
    True
    """
    if len(before) != len(after):
        raise ValueError("Both files need a count for every code")
    if any(n < 0 for n in (*before, *after)):
        raise ValueError("A count cannot be negative")
    n1, n2 = sum(before), sum(after)
    if not n1 or not n2:
        return None
    pairs = [(a, b) for a, b in zip(before, after, strict=True) if a + b]
    distance = sum(abs(a / n1 - b / n2) for a, b in pairs) / 2
    if len(pairs) < 2:
        return Drift(distance, None)
    total = n1 + n2
    statistic = sum(
        (count - (a + b) * n / total) ** 2 / ((a + b) * n / total)
        for a, b in pairs
        for count, n in ((a, n1), (b, n2))
    )
    return Drift(distance, float(chdtrc(len(pairs) - 1, statistic)))
