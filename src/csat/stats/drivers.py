"""Which predictors go with an outcome, and how surely: association, not cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from csat.stats._checks import require_confidence
from csat.stats.blocks import Blocks
from csat.stats.relative_importance import (
    MOST_EXACT,
    relative_weights,
    shapley_shares,
    shares_of,
)

FloatArray = NDArray[np.float64]

Method = Literal["shapley", "johnson"]
Unknown = Literal["too_few_answers", "no_spread"]

FEWEST = 50
FEWEST_PER_PREDICTOR = 10
WEAK_R2 = 0.20
"""Below this R² the predictors say little of the outcome, however they divide it."""

HIGH_VIF = 10.0
"""Above this a predictor repeats the others, and its sign and share are unsteady."""

NOISE_DRAWS = 1000
_DEPENDENT = 1e-10


@dataclass(frozen=True, slots=True)
class Driver:
    """The part of one predictor in the explained variance of the outcome.

    ``share`` is in units of R² (all shares sum to it), ``low`` to ``high`` its bootstrap
    percentile interval; ``coefficient`` is outcome points per predictor point with the others
    held, ``correlation`` is without regard to them; ``vif`` is None where the predictor follows
    from the others or has no spread. ``above_noise`` tells whether the share exceeds what
    unrelated answers would give.
    """

    name: str
    share: float
    low: float
    high: float
    percent: float
    coefficient: float
    correlation: float
    vif: float | None
    above_noise: bool

    @property
    def shown(self) -> float:
        """Share as shown: what unrelated answers would give just as well is zero."""
        return self.share if self.above_noise else 0.0

    @property
    def repeats_others(self) -> bool:
        """Whether the predictor is so close to the others that its part cannot be told apart."""
        return self.vif is None or self.vif > HIGH_VIF

    @property
    def sign_turns(self) -> bool:
        """Whether the coefficient points the other way than the plain correlation."""
        return self.coefficient * self.correlation < 0


@dataclass(frozen=True, slots=True)
class DriverAnalysis:
    """Drivers of one outcome, in the order given; see `Driver`.

    ``noise`` is the share (in units of R²) that none of as many columns of random answers, put
    beside these predictors, would exceed in 95 of 100 surveys of this size. ``unknown`` is the
    reason why there are no drivers; then `drivers` is empty and ``r_squared`` and ``noise`` are
    None.
    """

    n: int
    r_squared: float | None
    noise: float | None
    method: Method
    drivers: tuple[Driver, ...]
    unknown: Unknown | None = None

    @property
    def weak(self) -> bool:
        """Whether the predictors together explain too little to lean on."""
        return self.r_squared is not None and self.r_squared < WEAK_R2


def drivers(
    blocks: Blocks,
    names: Sequence[str],
    confidence: float = 0.95,
    draws: int = 1000,
    seed: int = 20260101,
) -> DriverAnalysis:
    """Return how the explained variance of an outcome divides among its predictors.

    Shapley shares (Lindeman, Merenda and Gold 1980) up to twelve predictors, Johnson's relative
    weights (2000) beyond. It is association: a driver may also be moved by the outcome, or both
    by a third thing.

    Parameters
    ----------
    blocks : Blocks
        Of the predictors in the order of `names`, and the outcome last.
    names : Sequence of str
        Predictors.
    confidence : float
        Of the percentile intervals. Shares cannot be negative, so the interval of one that is
        really zero lies too high: compare it with ``noise``, not with zero.
    draws, seed : int
        Of the bootstrap; the same blocks and seed always give the same result.

    Returns
    -------
    DriverAnalysis
        Without drivers below 50 respondents or 10 per predictor (Kish's effective number for
        weighted answers), or if the outcome or every predictor has no spread.

    Raises
    ------
    ValueError
        If the names do not match the blocks, or `draws` is below 100.

    Examples
    --------
    >>> from csat.stats.blocks import blocks_of
    >>> rng = np.random.default_rng(1)
    >>> speed, price = rng.integers(1, 8, 200), rng.integers(1, 8, 200)
    >>> overall = speed + rng.integers(-2, 3, 200)
    >>> found = drivers(blocks_of(np.column_stack((speed, price, overall))), ["speed", "price"])
    >>> round(found.r_squared, 2), [driver.above_noise for driver in found.drivers]
    (0.64, [True, False])
    """
    require_confidence(confidence)
    p = len(names)
    if p < 1 or blocks.totals.shape[1] != p + 1:
        raise ValueError(f"{p} names do not match {blocks.totals.shape[1]} variables")
    if draws < 100:
        raise ValueError(f"a bootstrap interval needs at least 100 draws, got {draws}")
    method: Method = "shapley" if p <= MOST_EXACT else "johnson"
    if blocks.effective_n < max(FEWEST, FEWEST_PER_PREDICTOR * p):
        return DriverAnalysis(blocks.n, None, None, method, (), "too_few_answers")
    covariance = blocks.covariance
    spread = np.diag(covariance) > 0
    if not spread[-1] or not spread[:-1].any():
        return DriverAnalysis(blocks.n, None, None, method, (), "no_spread")
    shares = shares_of(covariance[None])[0]
    sampled = shares_of(np.concatenate(list(blocks.resampled(draws, seed))))
    tail = (1 - confidence) / 2
    low, high = np.quantile(sampled, [tail, 1 - tail], axis=0)
    noise = noise_limit(covariance, blocks.effective_n, seed)
    total = float(shares.sum())
    coefficients, correlations, vifs = _regression(covariance)
    found = tuple(
        Driver(
            name=name,
            share=float(shares[j]),
            low=float(low[j]),
            high=float(high[j]),
            percent=100 * float(shares[j]) / total if total else 0.0,
            coefficient=float(coefficients[j]),
            correlation=float(correlations[j]),
            vif=vifs[j],
            above_noise=bool(shares[j] > noise),
        )
        for j, name in enumerate(names)
    )
    return DriverAnalysis(blocks.n, total, noise, method, found)


def noise_limit(
    covariance: FloatArray, n: float, seed: int = 20260101, confidence: float = 0.95
) -> float:
    """Return the share of R² that random answers beside these predictors would not exceed.

    A column of random answers correlates a little with everything (Tonidandel, LeBreton and
    Johnson 2009). Its share is drawn many times over, and the limit lies so high that with as
    many random columns as there are predictors none passes it in 95 of 100 surveys.

    Parameters
    ----------
    covariance : array, p + 1 by p + 1
        Of the predictors and, last, the outcome.
    n : float
        Respondents, or their effective number; above p + 2.

    Examples
    --------
    >>> noise_limit(np.eye(4), 100) > noise_limit(np.eye(4), 1000)
    True
    """
    p = len(covariance) - 1
    own = np.diag(covariance)
    sd = np.sqrt(np.where(own > 0, own, 1.0))
    correlation = covariance / np.outer(sd, sd)
    values, vectors = np.linalg.eigh(correlation)
    rng = np.random.default_rng(seed)
    z = rng.normal(size=(NOISE_DRAWS, p + 1))
    rest = rng.chisquare(max(n - 2 - p, 1.0), size=NOISE_DRAWS)
    length = np.sqrt((z**2).sum(axis=1) + rest)
    random = (z / length[:, None]) * np.sqrt(np.maximum(values, 0.0)) @ vectors.T
    table = np.empty((NOISE_DRAWS, p + 2, p + 2))
    table[:, 0, 0] = 1.0
    table[:, 0, 1:] = table[:, 1:, 0] = random
    table[:, 1:, 1:] = correlation
    shares = shapley_shares(table) if p <= MOST_EXACT else relative_weights(table)
    return float(np.quantile(shares[:, 0], confidence ** (1 / p)))


def _regression(covariance: FloatArray) -> tuple[FloatArray, FloatArray, list[float | None]]:
    """Return slopes, plain correlations and variance inflation of each predictor."""
    own = np.diag(covariance)
    sd = np.sqrt(np.where(own > 0, own, 1.0))
    correlation = covariance / np.outer(sd, sd)
    among, toward = correlation[:-1, :-1], correlation[:-1, -1]
    slopes = np.linalg.pinv(among, rcond=_DEPENDENT, hermitian=True) @ toward
    vifs: list[float | None] = []
    for j in range(len(among)):
        others = np.delete(np.arange(len(among)), j)
        inner = np.linalg.pinv(among[np.ix_(others, others)], rcond=_DEPENDENT, hermitian=True)
        left = among[j, j] - among[j, others] @ inner @ among[others, j]
        vifs.append(float(1 / left) if left > _DEPENDENT else None)
    return slopes * sd[-1] / sd[:-1], toward, vifs
