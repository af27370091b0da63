"""Measure how far each standard of the register is attained: by clocks, audits and indicators."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pyarrow as pa

from csat.model.filters import Filters
from csat.model.message import msg
from csat.model.metrics import metric
from csat.model.problem import UsageProblem
from csat.model.registers import AUDIT_METRIC, CLOCK_METRICS, Standard
from csat.model.settings import Thresholds
from csat.queries.attained import Attained, state_of
from csat.queries.audited import Audits
from csat.queries.facts import Facts
from csat.queries.figures import evaluate
from csat.queries.reader import Reader, whole
from csat.queries.sla import service_levels
from csat.queries.standing import case_predicate
from csat.stats.attainment import mean_wait
from csat.stats.intervals import mean_interval
from csat.stats.survival import KaplanMeier, kaplan_meier, survival_table
from csat.store.store import Store

HOUR: Final = 3600
_STATISTICS: Final = {
    "share": ("", "share"),
    "mean": ("", "mean"),
    "median": ("", "p50"),
    "nps": ("",),
    "count": ("",),
    "rate": ("",),
}
"""Family of a metric -> the statistics that a standard on it may name."""


def attainments(
    store: Store,
    reader: Reader,
    facts: Facts,
    filters: Filters,
    limits: Thresholds,
    standards: Sequence[Standard],
    day: date,
) -> tuple[Attained, ...]:
    """Return how far each standard is attained, in the order given.

    A standard of one touchpoint is measured there; one of a touchpoint that the filters leave
    out is left out.

    Parameters
    ----------
    day
        When standards must be in date.
    """
    shown = [
        s
        for s in standards
        if not (s.touchpoint and filters.touchpoints) or s.touchpoint in filters.touchpoints
    ]
    asked = {s.metric for s in shown}
    events = tuple(event for key, event in CLOCK_METRICS.items() if key in asked)
    measure = _Measure(store, reader, facts, filters.with_(compare="none"), limits, events)
    return tuple(measure.one(s, stale=s.stale(day)) for s in shown)


class _Measure:
    """Measures standards; what several of them need is read once."""

    def __init__(
        self,
        store: Store,
        reader: Reader,
        facts: Facts,
        filters: Filters,
        limits: Thresholds,
        events: tuple[str, ...],
    ) -> None:
        self._store, self._reader = store, reader
        self._filters, self._limits = filters, limits
        self._events = events
        self._audits = Audits(store, reader, facts, self._filters, limits)
        self._kept: dict[object, Any] = {}

    def one(self, standard: Standard, *, stale: bool) -> Attained:
        """Measure one standard."""
        blank = Attained(standard, stale)
        if standard.target is None or not standard.metric:
            return replace(blank, needs=msg("names no metric or no target"))
        if standard.metric in CLOCK_METRICS:
            found = self._clock(blank)
        elif standard.metric == AUDIT_METRIC:
            found = self._audit(blank)
        else:
            found = self._target(blank) or self._indicator(blank)
        if found.needs is not None or found.n is None:
            return found
        if 0 < found.n < self._limits.withhold_under:
            return Attained(standard, stale, state="withheld")
        return replace(found, state=state_of(found, self._limits))

    def _narrowed(self, standard: Standard) -> Filters:
        place = standard.touchpoint
        return self._filters.with_(touchpoints=[place]) if place else self._filters

    def _once(self, key: object, make: Callable[[], Any]) -> Any:
        if key not in self._kept:
            self._kept[key] = make()
        return self._kept[key]

    def _clock(self, blank: Attained) -> Attained:
        s = blank.standard
        event, place = CLOCK_METRICS[s.metric], s.touchpoint
        times, ended = self._once((event, place), lambda: self._times(event, place))
        if not times.size:
            return replace(blank, needs=msg("needs complaint records with this clock"))
        limit = (s.target or 0.0) * HOUR
        decided = (ended == 1) | (times > limit)
        late = int((times > limit).sum())
        checked = int(decided.sum())
        within = checked - late
        found = replace(
            blank,
            n=int(times.size),
            unit="hours",
            checked=checked,
            reached=within if s.direction == "at most" else late,
        )
        if s.statistic == "max":
            return replace(found, value=float(times.max()) / HOUR)
        if s.statistic not in ("", "mean") and s.percentile is None:
            return replace(
                blank,
                needs=msg("a share of cases in time needs a target set with 'csat sla --set'"),
            )
        curve: KaplanMeier = self._once(
            ("curve", event, place), lambda: kaplan_meier(*survival_table(times, ended))
        )
        if s.percentile is not None:
            at = curve.quantile(s.percentile)
            ends = [None if v is None else v / HOUR for v in at]
            return replace(found, value=ends[0], low=ends[1], high=ends[2])
        mean = mean_wait(curve)
        if mean is None:
            return found
        return replace(found, value=mean.value / HOUR, low=mean.low / HOUR, high=mean.high / HOUR)

    def _times(self, event: str, touchpoint: str) -> tuple[Any, Any]:
        """Return the seconds of a clock at a touchpoint, "" for all, and which of them ended."""
        table = self._once("cases", self._cases)
        kept = table.column(f"{event}_event").is_valid().to_numpy()
        if touchpoint:
            places = table.column("touchpoint").combine_chunks().dictionary_encode()
            names = places.dictionary.to_pylist()
            number = names.index(touchpoint) if touchpoint in names else -2
            kept = kept & (whole(places.indices.fill_null(-1)) == number)
        return tuple(whole(table.column(f"{event}_{part}"))[kept] for part in ("s", "event"))

    def _cases(self) -> pa.Table:
        """Read the clocks that any standard is about, of all touchpoints at once."""
        where, params = case_predicate(self._reader.store, self._filters)
        clocks = "".join(f", {event}_s, {event}_event" for event in self._events)
        return self._reader.table(f"SELECT touchpoint{clocks} FROM complaint WHERE {where}", params)

    def _audit(self, blank: Attained) -> Attained:
        s = blank.standard
        if s.statistic not in ("", "mean"):
            return replace(blank, needs=msg("audits are judged by their mean"))
        at_most = s.direction == "at most"
        found = self._audits.seen(s.dimension, s.touchpoint, s.target or 0.0, at_most=at_most)
        if found.refused is not None:
            return replace(blank, state="withheld", needs=found.refused)
        if found.scores is None or not found.scores.n:
            return replace(blank, needs=found.needs)
        spread = mean_interval(found.scores)
        return replace(
            blank,
            value=found.scores.mean,
            low=spread.low if spread else None,
            high=spread.high if spread else None,
            n=found.scores.n,
            unit="rating",
            checked=found.scores.n,
            reached=found.reached,
        )

    def _target(self, blank: Attained) -> Attained | None:
        """Measure by a target of the service standards, None where no target has this key."""
        s, filters = blank.standard, self._narrowed(blank.standard)
        found = self._once(
            ("levels", filters),
            lambda: service_levels(self._store, filters, self._limits, days=0),
        )
        for level in found.levels:
            if level.target is None or level.severity is not None or level.target.key != s.metric:
                continue
            self._reader.asked += [(sql, dict(p)) for sql, p in found.provenance.reads]
            figure = level.figure
            if figure.withheld:
                return replace(blank, state="withheld", needs=None)
            if not figure.n:
                return replace(blank, needs=msg("no case of this target is due in the period"))
            return replace(
                blank,
                value=figure.value,
                low=figure.low,
                high=figure.high,
                n=figure.n,
                unit="percent",
                checked=figure.n,
                reached=level.met,
            )
        return None

    def _indicator(self, blank: Attained) -> Attained:
        s = blank.standard
        try:
            known = metric(s.metric)
            answer = evaluate(self._store, self._narrowed(s), [s.metric], thresholds=self._limits)
        except UsageProblem as problem:
            return replace(blank, needs=problem.title)
        if s.statistic not in _STATISTICS[known.family]:
            return replace(
                blank,
                needs=msg("{metric} has no {statistic}", metric=s.metric, statistic=s.statistic),
            )
        self._reader.asked += [(sql, dict(p)) for sql, p in answer.provenance.reads]
        figure = answer.figures[0]
        if figure.withheld:
            return replace(blank, state="withheld", needs=None)
        if figure.value is None:
            return replace(blank, needs=figure.note or msg("no data in the period"))
        return replace(
            blank,
            value=figure.value,
            low=figure.low,
            high=figure.high,
            n=figure.n,
            unit=figure.unit,
        )
