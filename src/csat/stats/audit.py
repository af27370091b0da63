"""Scores of visits against a checklist: mystery shoppers, inspections, process checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite, sqrt

from scipy import special

from csat.stats._checks import require_confidence

FEWEST_VISITS = 4
"""Fewer visits to a site in a period show no trend."""


@dataclass(frozen=True, slots=True)
class CheckItem:
    """One line of a checklist; failing a critical one caps the score of the visit."""

    key: str
    weight: float = 1.0
    critical: bool = False

    def __post_init__(self) -> None:
        if not (self.weight >= 0 and isfinite(self.weight)):
            raise ValueError(f"the weight of {self.key} must be at least 0, got {self.weight}")


@dataclass(frozen=True, slots=True)
class VisitScore:
    """The score of one visit, 0 to 100, as far as its lines applied.

    ``score`` is None if none of weight did; ``uncapped`` is what it would be without the cap.
    ``failed_critical`` names the critical lines failed, ``applicable`` counts the lines rated.
    """

    score: float | None
    uncapped: float | None
    failed_critical: tuple[str, ...]
    applicable: int


def visit_score(
    results: Mapping[str, float | None], checklist: Sequence[CheckItem], cap: float = 100.0
) -> VisitScore:
    """Return the score of one visit: 100 Σ w pass / Σ w over the lines that applied.

    Parameters
    ----------
    results : Mapping of key to bool, float or None
        Passed, failed, or not applicable (None, or left out); of a line rated on a scale, the
        share of the scale that was reached, 0 to 1. A critical one fails below its middle.
    checklist : Sequence of CheckItem
    cap : float
        Highest score of a visit that failed a critical line.

    Raises
    ------
    ValueError
        If a result is of no line of the checklist or outside 0 to 1, or `cap` outside 0 to 100.

    Examples
    --------
    >>> lines = [CheckItem("greets", 2), CheckItem("checks identity", 2, critical=True)]
    >>> lines += [CheckItem("offers a seat", 1)]
    >>> visit_score({"greets": True, "checks identity": False}, lines, cap=40)
    VisitScore(score=40.0, uncapped=50.0, failed_critical=('checks identity',), applicable=2)
    """
    unknown = set(results) - {item.key for item in checklist}
    if unknown or not 0 <= cap <= 100:
        raise ValueError(f"not in the checklist: {sorted(unknown)}; or the cap is not 0 to 100")
    rated = [item for item in checklist if results.get(item.key) is not None]
    total = sum(item.weight for item in rated)
    reached = {item.key: float(results[item.key] or 0.0) for item in rated}
    if any(not 0 <= share <= 1 for share in reached.values()):
        raise ValueError(f"a result lies from 0 to 1, got {sorted(reached.values())}")
    failed = tuple(item.key for item in rated if item.critical and reached[item.key] < 0.5)
    if not total:
        return VisitScore(None, None, failed, len(rated))
    score = 100 * sum(item.weight * reached[item.key] for item in rated) / total
    return VisitScore(float(min(score, cap)) if failed else score, score, failed, len(rated))


@dataclass(frozen=True, slots=True)
class SiteScore:
    """The mean of a site's visits with its t interval, cut to 0 to 100.

    The visit is the unit drawn: lines of one visit are not independent. Error and interval are
    None below two visits or if all scored the same.
    """

    visits: int
    mean: float
    standard_error: float | None
    low: float | None
    high: float | None

    @property
    def enough_for_trend(self) -> bool:
        """Whether the visits of the period may stand as a point of a trend."""
        return self.visits >= FEWEST_VISITS


def site_score(scores: Sequence[float | None], confidence: float = 0.95) -> SiteScore | None:
    """Return the score of a site from those of its visits; None without a scored visit.

    Examples
    --------
    >>> found = site_score([80, 90, 70, None])
    >>> found.visits, found.mean, round(found.low, 1), found.enough_for_trend
    (3, 80.0, 55.2, False)
    """
    require_confidence(confidence)
    kept = [score for score in scores if score is not None]
    n = len(kept)
    if not n:
        return None
    mean = sum(kept) / n
    squares = sum((score - mean) ** 2 for score in kept)
    if n < 2 or squares <= 1e-18:
        return SiteScore(n, mean, None, None, None)
    se = sqrt(squares / (n - 1) / n)
    half = float(special.stdtrit(n - 1, 0.5 + confidence / 2)) * se
    return SiteScore(n, mean, se, max(0.0, mean - half), min(100.0, mean + half))


@dataclass(frozen=True, slots=True)
class Apart:
    """The score of raters less another mean, both from 0 to 100, with its interval."""

    difference: float
    low: float | None
    high: float | None
    p_value: float | None


def apart(raters: SiteScore, mean: float, standard_error: float | None, n: int) -> Apart:
    """Return how far raters' score lies from another mean of other people (Welch 1947).

    Parameters
    ----------
    mean, standard_error, n
        The other mean from 0 to 100, its standard error, and its base.

    Returns
    -------
    Apart
        Without interval where either side has none.

    Examples
    --------
    >>> found = apart(site_score([80, 90, 70]), 70.0, 1.0, 200)
    >>> found.difference, round(found.low, 1), round(found.high, 1)
    (10.0, -13.9, 33.9)
    """
    difference, one, other = raters.mean - mean, raters.standard_error, standard_error
    if one is None or other is None or n < 2 or raters.visits < 2:
        return Apart(difference, None, None, None)
    variance = one**2 + other**2
    df = variance**2 / (one**4 / (raters.visits - 1) + other**4 / (n - 1))
    half = float(special.stdtrit(df, 0.975)) * sqrt(variance)
    p = 2 * float(special.stdtr(df, -abs(difference) / sqrt(variance)))
    return Apart(difference, difference - half, difference + half, p)


def grade(score: float, bands: Sequence[tuple[float, str]]) -> str | None:
    """Return the grade of a score: the name of the highest band whose floor it reaches.

    None below every band. Raises ValueError if two bands share a floor.

    Examples
    --------
    >>> grade(84.0, [(90, "excellent"), (75, "good"), (60, "fair"), (0, "poor")])
    'good'
    """
    if len({floor for floor, _ in bands}) != len(bands):
        raise ValueError("each grade needs a floor of its own")
    reached = [band for band in bands if score >= band[0]]
    return max(reached)[1] if reached else None
