"""Signs that a questionnaire was filled in rather than answered: flags, never silent removal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from csat.stats.intervals import wilson_interval

FEWEST_ITEMS = 5
"""Equal answers to fewer items than this may well be meant."""

HIGH_NONRESPONSE = 0.20
"""Above this share of missing answers an item is flagged."""


@dataclass(frozen=True, slots=True)
class Share:
    """A share of `n` respondents or answers with Wilson's interval; all None if `n` is 0."""

    count: int
    n: int
    share: float | None
    low: float | None
    high: float | None


def share_of(count: int, n: int, confidence: float = 0.95) -> Share:
    """Return the share `count` of `n`, from 0 to 1, with Wilson's interval.

    Raises ValueError if `count` lies outside 0 to `n`.

    Examples
    --------
    >>> found = share_of(5, 20)
    >>> found.share, round(found.low, 3), round(found.high, 3)
    (0.25, 0.112, 0.469)
    >>> share_of(0, 0).share is None
    True
    """
    if not 0 <= count <= n:
        raise ValueError(f"count must lie between 0 and n = {n}, got {count}")
    if not n:
        return Share(count, n, None, None, None)
    ci = wilson_interval(count, n, confidence)
    return Share(count, n, count / n, ci.low, ci.high)


def ceiling_share(counts: Mapping[int, int], scale_max: int) -> Share:
    """Return how many answers already sit at the top of the scale.

    An expectation at the ceiling cannot rise: gaps to it mirror the perception alone.

    Examples
    --------
    >>> ceiling_share({5: 10, 6: 30, 7: 60}, scale_max=7).share
    0.6
    """
    return share_of(counts.get(scale_max, 0), sum(counts.values()))


@dataclass(frozen=True, slots=True)
class Nonresponse:
    """How many of those who were shown an item left it empty; flagged above a fifth."""

    missing: Share

    @property
    def flagged(self) -> bool:
        """Whether so many left the item out that those who answered may differ."""
        return self.missing.share is not None and self.missing.share > HIGH_NONRESPONSE


def item_nonresponse(answered: int, shown: int) -> Nonresponse:
    """Return the item non-response: shown without a valid answer ("not applicable" is valid).

    Raises ValueError if more answered than were shown the item.

    Examples
    --------
    >>> item = item_nonresponse(answered=75, shown=100)
    >>> item.missing.share, item.flagged
    (0.25, True)
    """
    return Nonresponse(share_of(shown - answered, shown))


def straight_lined(rows: ArrayLike, fewest_items: int = FEWEST_ITEMS) -> Share:
    """Return the share of respondents who gave all items of a block the same answer.

    Parameters
    ----------
    rows : array-like
        One row per respondent, one column per item of the block, as answered (reverse-keyed
        items not reversed: there equal answers contradict themselves); NaN where missing.
    fewest_items : int
        Respondents with fewer answers in the block are not judged.

    Returns
    -------
    Share
        Of the respondents judged. Some content people answer alike everywhere: it is a flag.

    Raises
    ------
    ValueError
        If `rows` is not a table.

    Examples
    --------
    >>> rows = [[7, 7, 7, 7, 7], [5, 6, 5, 7, 4], [4, 4, 4, 4, float("nan")]]
    >>> straight_lined(rows).count, straight_lined(rows).n
    (1, 2)
    """
    table = np.asarray(rows, dtype=np.float64)
    if table.ndim != 2:
        raise ValueError("answers must be a table: a row per respondent, a column per item")
    given = ~np.isnan(table)
    judged = given.sum(axis=1) >= max(fewest_items, 1)
    kept, present = table[judged], given[judged]
    least = np.where(present, kept, np.inf).min(axis=1, initial=np.inf)
    most = np.where(present, kept, -np.inf).max(axis=1, initial=-np.inf)
    return share_of(int((least == most).sum()), int(judged.sum()))
