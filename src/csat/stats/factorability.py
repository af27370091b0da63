"""Whether the items of a survey share enough for its dimensions to be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from csat.stats.comoments import correlation_of

_SINGULAR = 1e-10


@dataclass(frozen=True, slots=True)
class Factorability:
    """Sampling adequacy, sphericity test and eigenvalues of a set of items.

    ``kmo`` (0 to 1) is the share of the correlations that stays shared once all other items are
    known: from .80 on good, below .50 useless; ``item_kmo`` the same per item. ``chi_square``,
    ``df`` and ``p_value`` are Bartlett's test that no two items correlate. ``eigenvalues`` of the
    correlations fall.
    """

    n: int
    kmo: float
    item_kmo: tuple[float, ...]
    chi_square: float
    df: int
    p_value: float
    eigenvalues: tuple[float, ...]


def factorability(covariance: ArrayLike, n: int) -> Factorability | None:
    """Return whether items can be factored (Kaiser 1970; Bartlett 1950).

    With many respondents Bartlett's test always rejects: it only warns of samples too small or
    items without any relation. The measure of adequacy is the one to judge by.

    Parameters
    ----------
    covariance : array-like, k by k
        Of the items, or their correlations.
    n : int
        Respondents who answered them all.

    Returns
    -------
    Factorability or None
        None below two items, where an item has no spread or follows from the others, or where
        the respondents are no more than the items.

    Raises
    ------
    ValueError
        If the matrix is not square, finite and symmetric.

    Examples
    --------
    >>> found = factorability([[1.0, 0.6, 0.5], [0.6, 1.0, 0.4], [0.5, 0.4, 1.0]], n=120)
    >>> round(found.kmo, 4), round(found.chi_square, 2), found.df
    (0.6578, 88.46, 3)
    """
    correlation = correlation_of(covariance)
    if correlation is None or len(correlation) < 2 or n <= len(correlation):
        return None
    eigenvalues = np.linalg.eigvalsh(correlation)[::-1]
    if eigenvalues[-1] < _SINGULAR:
        return None
    k = len(correlation)
    inverse = np.linalg.inv(correlation)
    scale = np.sqrt(np.diag(inverse))
    partial = inverse / np.outer(scale, scale)
    apart = ~np.eye(k, dtype=bool)
    seen, left = (correlation**2 * apart).sum(axis=0), (partial**2 * apart).sum(axis=0)
    both = seen + left
    # Items without any relation share nothing: 0 of 0 counts as none.
    item_kmo = np.divide(seen, both, out=np.zeros(k), where=both > 0)
    kmo = float(seen.sum() / both.sum()) if both.sum() > 0 else 0.0
    determinant = float(np.log(eigenvalues).sum())
    chi_square = max(0.0, -(n - 1 - (2 * k + 5) / 6) * determinant)
    df = k * (k - 1) // 2
    return Factorability(
        n,
        kmo,
        tuple(item_kmo.tolist()),
        chi_square,
        df,
        float(special.chdtrc(df, chi_square)),
        tuple(eigenvalues.tolist()),
    )
