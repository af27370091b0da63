"""Weighted figures beside the unweighted ones, never in their place without saying so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import Metric, metric
from csat.model.settings import Thresholds
from csat.queries.apart import withheld
from csat.queries.cells import Cell, figures_of
from csat.queries.days import break_between, finished_in
from csat.queries.design_gather import Weighed, weigh
from csat.queries.facts import Facts
from csat.queries.facts import facts as facts_of
from csat.queries.figures import breaks_of, evaluate
from csat.queries.gate import gate
from csat.queries.one_scale import one_dimension_scale
from csat.queries.raked import Weighting, weighting
from csat.queries.reader import Reader
from csat.stats.comparison import Comparison
from csat.stats.design_estimate import DesignEstimate, design_difference
from csat.stats.design_sums import kish_of, mean_from_sums, share_from_sums
from csat.stats.intervals import Interval
from csat.stats.sampling import Kish
from csat.store.store import Store

HEADLINES: Final = ("csat_top_box", "csat_mean", "nps", "ces", "recommend_share")
"""Figures of answers that are shown with and without weights."""
Bounds = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class WeightedTally:
    """A weighted estimate in the unit of its metric; its base is Kish's effective number."""

    estimate: DesignEstimate
    kish: Kish
    unit: float = 1.0

    @property
    def n(self) -> int:
        """The effective number of answers, rounded; verdict and privacy gate go by it."""
        return round(self.kish.n_effective or 0.0)

    def value(self) -> float | None:
        """Return the weighted mean or share."""
        return self.unit * self.estimate.value

    def interval(self) -> Interval | None:
        """Return its 95% interval, linearised over strata and clusters."""
        low, high = self.estimate.low, self.estimate.high
        return None if low is None or high is None else Interval(self.unit * low, self.unit * high)

    def compare(self, reference: WeightedTally) -> Comparison | None:
        """Return current less reference: Welch's t on the design-based errors."""
        c = design_difference(self.estimate, reference.estimate)
        k = self.unit
        return None if c is None else Comparison(k * c.difference, k * c.low, k * c.high, c.p_value)


@dataclass(frozen=True, slots=True)
class WeightedFigure:
    """One figure unweighted and weighted.

    Parameters
    ----------
    plain, weighted
        After the privacy gate; ``n`` of both is the number of people. Withheld where either of
        them would be.
    effective_n
        Kish's, of those who answered the question.
    standard_error
        Linearised, in the unit of the figure.
    design_effect
        Variance over that of as many answers drawn singly and weighted alike.
    """

    plain: Figure
    weighted: Figure
    effective_n: float | None = None
    standard_error: float | None = None
    design_effect: float | None = None

    @property
    def moved(self) -> float | None:
        """Weighted less unweighted: what the weights change."""
        if self.plain.value is None or self.weighted.value is None:
            return None
        return self.weighted.value - self.plain.value

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "metric": self.plain.metric,
            "unit": self.plain.unit,
            "n": self.plain.n,
            "unweighted": self.plain.value,
            "unweighted_low": self.plain.low,
            "unweighted_high": self.plain.high,
            "weighted": self.weighted.value,
            "weighted_low": self.weighted.low,
            "weighted_high": self.weighted.high,
            "standard_error": self.standard_error,
            "effective_n": self.effective_n,
            "design_effect": self.design_effect,
            "difference": self.moved,
            "verdict": self.weighted.verdict,
            "withheld": self.weighted.withheld,
            "note": str(self.weighted.note) if self.weighted.note else None,
        }


@dataclass(frozen=True, slots=True)
class WeightedAnswer:
    """Figures beside each other, and the weights that make the difference."""

    figures: tuple[WeightedFigure, ...]
    weighting: Weighting | None
    provenance: Provenance

    def one(self, key: str) -> WeightedFigure | None:
        """Return the figure of a metric, None where weights have nothing to do with it."""
        return next((f for f in self.figures if f.plain.metric == key), None)


def weighted(
    store: Store, filters: Filters, keys: Sequence[str], thresholds: Thresholds | None = None
) -> WeightedAnswer:
    """Answer what metrics are with and without weights, in total.

    Metrics that answers do not make, such as complaints, are left out. The period that the
    filters compare with has weights of its own.

    Raises
    ------
    UsageProblem
        For an unknown program or metric.
    """
    facts, limits = facts_of(store, filters.program), thresholds or Thresholds()
    reader = Reader(store, facts)
    asked = tuple(k for k in keys if weighable(metric(k)))
    plain = {f.metric: f for f in evaluate(store, filters, asked, "total", limits).figures}
    usable = [metric(k) for k in asked if plain[k].state == "ok"]
    now = weighting(reader, facts, filters, limits) if usable else None
    reference = filters.comparison()
    compared = [m for m in usable if plain[m.key].reference_n is not None]
    past = {}
    if reference is not None and compared and now is not None:
        before = weighting(reader, facts, reference, limits)
        past = weigh(reader, facts, reference, before, compared) if before is not None else {}
    found = weigh(reader, facts, filters, now, usable) if now is not None else {}
    told = _figures(facts, filters, plain, found, past, limits)
    shown = [told[k] for k in asked if k in told]
    return WeightedAnswer(tuple(shown), now, reader.provenance(filters))


def weighable(m: Metric) -> bool:
    """Say whether weights have anything to do with a metric, and it has a weighted form."""
    return m.subject == "survey" and m.family in ("share", "mean", "nps") and m.field != "index"


def unweighted_metric(m: Metric) -> Message:
    """Say why a metric has no weighted form."""
    if m.subject != "survey":
        return msg("Weights are of answers to surveys; complaints are counted, not weighted.")
    if m.field == "index":
        return msg("The satisfaction index is not weighted: each respondent counts once.")
    return msg("A number of answers is not weighted.")


def _figures(
    facts: Facts,
    filters: Filters,
    plain: Mapping[str, Figure],
    found: Mapping[str, Weighed],
    past: Mapping[str, Weighed],
    limits: Thresholds,
) -> dict[str, WeightedFigure]:
    """Return the figures by metric; metrics of one family are tested together."""
    least = limits.withhold_under
    out = {k: WeightedFigure(f, f) for k, f in plain.items() if f.withheld}
    families: dict[str, dict[str, WeightedTally]] = {}
    bounds: dict[str, Bounds] = {}
    for key, own in found.items():
        m = metric(key)
        bounds[key] = bounds_of(facts, filters, m, plain[key])
        tally = tally_of(m, own, bounds[key])
        if tally is None:
            continue
        if own.tells_of_few(least):
            out[key] = WeightedFigure(plain[key], withheld(m, few_of_one_weight(least)))
            continue
        family = f"{key.partition(':')[0]}:*" if m.argument else key
        families.setdefault(family, {})[key] = tally
    for family, tallies in families.items():
        cells = [
            _cell(facts, filters, metric(k), t, past.get(k), bounds[k], least)
            for k, t in tallies.items()
        ]
        figures = gate(figures_of(metric(family), cells), limits, parts_of_whole=False)
        for figure, (key, tally) in zip(figures, tallies.items(), strict=True):
            out[key] = beside(plain[key], replace(figure, metric=key, by="total"), tally)
    return out


def _cell(
    facts: Facts,
    filters: Filters,
    m: Metric,
    tally: WeightedTally,
    before: Weighed | None,
    bounds: Bounds,
    least: int,
) -> Cell:
    if before is not None and before.tells_of_few(least):
        before = None
    return Cell(
        m.key,
        tally,
        tally_of(m, before, bounds) if before is not None else None,
        finished_in(m, filters.period, facts.span),
        break_between(breaks_of(facts, filters, m), filters.comparison(), filters),
    )


def beside(plain: Figure, figure: Figure, tally: WeightedTally) -> WeightedFigure:
    """Put a weighted figure beside the unweighted one; both name the people, not the effective."""
    if figure.withheld:
        return WeightedFigure(plain, figure)
    before = plain.reference_n if figure.reference_n is not None else None
    error = tally.estimate.standard_error
    return WeightedFigure(
        plain,
        replace(figure, n=plain.n, reference_n=before, scale=plain.scale),
        tally.kish.n_effective,
        None if error is None else tally.unit * error,
        tally.estimate.deff,
    )


def bounds_of(facts: Facts, filters: Filters, m: Metric, plain: Figure) -> Bounds:
    """Return the ends between which a mean lies: of its scale, or of a difference on it."""
    if m.family == "nps":
        return -100.0, 100.0
    if m.field != "dimension":
        return plain.scale
    scale = one_dimension_scale(facts, filters, m)
    if scale is None or not m.key.startswith("gap:"):
        return scale
    return float(scale[0] - scale[1]), float(scale[1] - scale[0])


def tally_of(m: Metric, found: Weighed, bounds: Bounds) -> WeightedTally | None:
    """Return the weighted estimate of a metric, None without an answer of positive weight."""
    share = m.family == "share"
    estimate = share_from_sums(found.sums) if share else mean_from_sums(found.sums, bounds=bounds)
    if estimate is None:
        return None
    return WeightedTally(estimate, kish_of(found.sums), 100.0 if share else 1.0)


def few_of_one_weight(least: int) -> Message:
    """Say why a figure is shown unweighted alone."""
    return msg(
        "Not weighted here: fewer than {n} answers are of one of the groups that carry a weight, "
        "and both figures together would tell what they say.",
        n=least,
    )
