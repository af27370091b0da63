"""The exact two-sided binomial test, from special functions alone."""

from __future__ import annotations

from scipy import special

_RELATIVE_ERROR = 1e-7
"""Two outcomes this close in probability count as equally likely, as in R's binom.test."""


def exact_binomial_p(successes: int, trials: int, probability: float) -> float:
    """Return how likely an outcome at most as probable as the one seen is, two-sided.

    The p-value is the total probability of all outcomes that are not more likely than the one
    observed (Clopper and Pearson 1934; the two-sided rule of R's ``binom.test``).

    Parameters
    ----------
    successes, trials
        Outcome seen, and number of trials; 0 <= successes <= trials.
    probability
        Of success under the hypothesis, 0 to 1.

    Raises
    ------
    ValueError
        When an argument lies outside its range.

    Examples
    --------
    >>> round(exact_binomial_p(7, 10, 0.5), 6)
    0.34375
    >>> exact_binomial_p(0, 0, 0.3)
    1.0
    """
    if not 0 <= successes <= trials or not 0 <= probability <= 1:
        raise ValueError(f"no outcome: {successes} of {trials} with probability {probability}")
    if trials == 0:
        return 1.0
    if probability in (0.0, 1.0):
        return 1.0 if successes == round(trials * probability) else 0.0
    limit = _log_pmf(successes, trials, probability) + _RELATIVE_ERROR
    mode = int((trials + 1) * probability)
    if successes == mode:
        return 1.0
    if successes < mode:
        other = _first_at_most(limit, mode, trials + 1, trials, probability)
        low = float(special.bdtr(successes, trials, probability))
        high = float(special.bdtrc(other - 1, trials, probability)) if other <= trials else 0.0
    else:
        other = _last_at_most(limit, -1, mode, trials, probability)
        high = float(special.bdtrc(successes - 1, trials, probability))
        low = float(special.bdtr(other, trials, probability)) if other >= 0 else 0.0
    return min(1.0, low + high)


def _log_pmf(k: int, n: int, p: float) -> float:
    """Return the log probability of k successes; exact enough to rank outcomes."""
    ways = special.gammaln(n + 1) - special.gammaln(k + 1) - special.gammaln(n - k + 1)
    return float(ways + special.xlogy(k, p) + special.xlog1py(n - k, -p))


def _first_at_most(limit: float, low: int, high: int, n: int, p: float) -> int:
    """Return the first outcome above ``low`` at most as likely as the limit, else ``high``."""
    while low < high:
        middle = (low + high) // 2
        if _log_pmf(middle, n, p) <= limit:
            high = middle
        else:
            low = middle + 1
    return low


def _last_at_most(limit: float, low: int, high: int, n: int, p: float) -> int:
    """Return the last outcome below ``high`` at most as likely as the limit, else ``low``."""
    while low < high:
        middle = (low + high + 1) // 2
        if _log_pmf(middle, n, p) <= limit:
            low = middle
        else:
            high = middle - 1
    return low
