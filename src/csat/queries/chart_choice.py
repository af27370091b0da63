"""Which control chart fits a figure, and why: chosen from what is counted, not by the reader."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import sqrt
from typing import Final

import numpy as np
from numpy.typing import NDArray

from csat.model.message import N_, Message, msg
from csat.model.metrics import Metric
from csat.queries.tally import CountTally, NpsTally, RateTally, RatingTally, ShareTally, Tally
from csat.stats.control_charts import (
    LEAST_EVENTS,
    ControlChart,
    individuals_chart,
    proportion_chart,
    rate_chart,
    score_chart,
)
from csat.stats.moments import Moments, moments_from_counts

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]

WHY: Final[dict[str, str]] = {
    "p": N_("A share of answers: its limits follow the number of answers of each period."),
    "p_prime": N_(
        "A share of answers that scatters more than the number of answers explains: limits "
        "widened {sigma} times (Laney)."
    ),
    "u": N_("Events over days or customers served: limits follow how many of these there were."),
    "u_prime": N_(
        "Events that scatter more than chance explains: limits widened {sigma} times (Laney)."
    ),
    "score": N_(
        "A mean of answers: limits follow the number of answers and how far answers differ, "
        "times {sigma} for how far periods do."
    ),
    "xmr": N_("Single values: limits follow from how far neighbouring periods differ."),
    "times": N_(
        "Times are skewed: limits follow from how far the logarithms of neighbouring periods "
        "differ."
    ),
    "g": N_("A rare event: the cases between two of them are charted, not a share near 0."),
    "t": N_("A rare event: the time between two of them is charted, not counts near 0."),
}


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """A chart in the unit of the metric, and in words why it is this one.

    ``chart`` is None where no limits can be given, and ``why`` says the reason; ``rare`` marks
    events that are too few for counts per period.
    """

    chart: ControlChart | None
    why: Message
    rare: bool = False


def choose_chart(m: Metric, tallies: Sequence[Tally | None], base: Mask) -> Chosen:
    """Return the control chart that fits a series.

    Parameters
    ----------
    tallies
        One for each point; None, and points outside any test, are empty points.
    base
        The points that limits rest on.

    Examples
    --------
    >>> from csat.model.metrics import metric
    >>> tallies = [ShareTally(x, 50) for x in (12, 15, 8, 10, 4, 7)]
    >>> chosen = choose_chart(metric("csat_top_box"), tallies, np.ones(6, bool))
    >>> chosen.chart.kind, round(float(chosen.chart.high[0]), 1)
    ('p', 35.2)
    """
    chart, rare = _FAMILIES[m.family](tallies, base)
    if chart is not None:
        return Chosen(chart, Message(WHY["times"]) if m.family == "median" else why(chart))
    if rare:
        return Chosen(None, msg("On average fewer than one event a period: no limits"), rare=True)
    if int(base.sum()) < 2:
        return Chosen(None, msg("Limits need at least two finished periods with data"))
    return Chosen(None, msg("All periods are the same: nothing varies"))


def why(chart: ControlChart) -> Message:
    """Return the reason for a kind of chart."""
    sigma = "" if chart.sigma_z is None else f"{chart.sigma_z:.1f}"
    return Message(WHY[chart.kind], {"sigma": sigma})


Found = tuple[ControlChart | None, bool]


def _shares(tallies: Sequence[Tally | None], base: Mask) -> Found:
    x = [t.x if isinstance(t, ShareTally) else 0 for t in tallies]
    n = [t.n if isinstance(t, ShareTally) else 0 for t in tallies]
    chart = proportion_chart(x, n, base)
    events, size = np.asarray(x)[base].sum(), np.asarray(n)[base].sum()
    rare = bool(base.any() and min(events, size - events) / base.sum() < LEAST_EVENTS)
    return _scaled(chart, np.full(len(x), 100.0)), rare


def _counts(tallies: Sequence[Tally | None], base: Mask) -> Found:
    events = [t.events if isinstance(t, CountTally) else 0 for t in tallies]
    days = [t.days if isinstance(t, CountTally) else 0 for t in tallies]
    return _rated(events, days, base, np.asarray(days, dtype=np.float64))


def _rates(tallies: Sequence[Tally | None], base: Mask) -> Found:
    events = [t.events if isinstance(t, RateTally) else 0 for t in tallies]
    served = [t.exposure if isinstance(t, RateTally) else 0 for t in tallies]
    return _rated(events, served, base, np.full(len(events), 1000.0))


def _rated(events: list[int], size: list[int], base: Mask, scale: Values) -> Found:
    chart = rate_chart(events, size, base)
    rare = bool(base.any() and np.asarray(events)[base].sum() / base.sum() < LEAST_EVENTS)
    return _scaled(chart, scale), rare


def _means(tallies: Sequence[Tally | None], base: Mask) -> Found:
    """Chart means on a spread pooled over the baseline, so that few answers do not look sure."""
    moments = [moments_of(t) for t in tallies]
    values = np.array([np.nan if a is None or a.mean is None else a.mean for a in moments])
    spread = _pooled([a for a, kept in zip(moments, base, strict=True) if kept and a is not None])
    if spread:
        errors = np.array([np.nan if a is None or not a.n else spread / sqrt(a.n) for a in moments])
        chart = score_chart(values, errors, base)
        if chart is not None:
            return chart, False
    return _individuals(values, base), False


def _pooled(moments: Sequence[Moments]) -> float | None:
    freedom = sum(a.n - 1 for a in moments if a.n > 1)
    squares = sum((a.n - 1) * a.variance for a in moments if a.variance is not None)
    return sqrt(squares / freedom) if freedom else None


def moments_of(tally: Tally | None) -> Moments | None:
    """Return the moments of a share (0 or 100), a net promoter score, or a mean."""
    if isinstance(tally, ShareTally):
        return Moments(tally.n, 100 * tally.x, 10_000 * tally.x)
    if isinstance(tally, NpsTally):
        net, either = tally.promoters - tally.detractors, tally.promoters + tally.detractors
        return Moments(tally.n, 100 * net, 10_000 * either)
    if isinstance(tally, RatingTally):
        return moments_from_counts(dict(tally.counts))
    return getattr(tally, "moments", None)


def _times(tallies: Sequence[Tally | None], base: Mask) -> Found:
    values = [None if t is None else t.value() for t in tallies]
    known = np.array([np.nan if v is None else v for v in values], dtype=np.float64)
    if not np.all(known[base] > 0):
        return _individuals(known, base), False
    # On times themselves chance alone signals two to three times as often.
    chart = _individuals(np.log(np.where(known > 0, known, np.nan)), base)
    if chart is None:
        return None, False
    turned = {name: np.exp(getattr(chart, name)) for name in ("values", "centre", "low", "high")}
    return replace(chart, **turned), False


def _individuals(values: Values, base: Mask) -> ControlChart | None:
    found = individuals_chart(values, base)
    return None if found is None else found[0]


def _scaled(chart: ControlChart | None, by: Values) -> ControlChart | None:
    if chart is None:
        return None
    scaled = {name: getattr(chart, name) * by for name in ("values", "centre", "low", "high")}
    return replace(chart, **scaled)


_FAMILIES: Final[dict[str, Callable[[Sequence[Tally | None], Mask], Found]]] = {
    "share": _shares,
    "count": _counts,
    "rate": _rates,
    "mean": _means,
    "nps": _means,
    "median": _times,
}
