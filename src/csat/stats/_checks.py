"""Checks of arguments, and the normal quantile, shared by the statistics modules."""

from __future__ import annotations

import math

from scipy import special


def require_confidence(confidence: float) -> None:
    """Raise ValueError unless `confidence` lies strictly between 0 and 1."""
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, got {confidence}")


def require_share(successes: float, n: float) -> None:
    """Raise ValueError unless `successes` out of `n` answers is a share that exists."""
    if not (n > 0 and math.isfinite(n)):
        raise ValueError(f"a share needs at least one answer, got n = {n}")
    if not 0 <= successes <= n:
        raise ValueError(f"successes must lie between 0 and n = {n}, got {successes}")


def require_rate(events: int, exposure: float) -> None:
    """Raise ValueError unless `events` per `exposure` is a rate that exists."""
    if not (exposure > 0 and math.isfinite(exposure)):
        raise ValueError(f"a rate needs an exposure above zero, got {exposure}")
    if events < 0 or events != int(events):
        raise ValueError(f"events must be a whole number of at least 0, got {events}")


def require_nps_counts(promoters: float, passives: float, detractors: float) -> None:
    """Raise ValueError unless the three counts hold at least one answer and none is negative."""
    counts = (promoters, passives, detractors)
    if not all(count >= 0 and math.isfinite(count) for count in counts):
        raise ValueError(f"counts of answers must be at least 0, got {counts}")
    if sum(counts) <= 0:
        raise ValueError("a Net Promoter Score needs at least one answer")


def normal_quantile(confidence: float) -> float:
    """Return the two-sided normal quantile: 1.96 for a confidence of 0.95."""
    require_confidence(confidence)
    return float(special.ndtri(0.5 + confidence / 2))
