"""What moved: groups whose figures changed beyond noise, largest effect on customers first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Final

from csat.model.answer import Figure
from csat.model.control import ChartSignal, ControlAnswer
from csat.model.filters import Filters
from csat.model.ledger import Action
from csat.model.metrics import metric
from csat.model.period import Period, bucket_span, month_start
from csat.model.settings import Thresholds
from csat.queries.actions import actions
from csat.queries.control import control
from csat.queries.control_split import control_split
from csat.queries.facts import facts
from csat.queries.figures import evaluate
from csat.queries.marks import Reply, marks, replies
from csat.queries.months import in_months, know_cuts
from csat.queries.reader import Reader
from csat.stats.control_charts import FEWEST_POINTS
from csat.stats.multiplicity import benjamini_hochberg
from csat.store.store import Store

_CUTS: Final = ("branch", "touchpoint", "channel", "segment")
_CHOSEN: Final = dict(zip(_CUTS, ("branches", "touchpoints", "channels", "segments"), strict=True))
_CASES: Final = "complaints_received"
_KINDS: Final = ("category", "cause")
_MAJOR: Final = ("better", "worse")
_JUST_BEFORE: Final = timedelta(days=93)


@dataclass(frozen=True, slots=True)
class Mover:
    """One group that changed for real.

    Parameters
    ----------
    cut, group
        The kind of group ("branch", "dimension", "category" ...) and its name.
    figure
        Its figure, with difference, interval and the p-value adjusted over the whole screen.
    share
        Share of the period's answers (or cases) that come from this group, 0 to 1.
    signal
        The special cause on its control chart; None where the series is too short for one.
    before
        The bad stretch that a good signal ended: a spike that was cured, say.
    action
        What was on record about this group when the period ended, or answers the signal.
    """

    cut: str
    group: str
    figure: Figure
    share: float
    signal: ChartSignal | None = None
    before: ChartSignal | None = None
    action: Action | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        figure = self.figure
        return {
            "cut": self.cut,
            "group": self.group,
            **figure.to_json(),
            "difference": figure.difference,
            "difference_low": figure.difference_low,
            "difference_high": figure.difference_high,
            "p_adjusted": figure.p_value,
            "share": self.share,
            "signal": None if self.signal is None else self.signal.key,
            "before": None if self.before is None else self.before.key,
            "action": None if self.action is None else self.action.plan.key,
        }


def movers(
    store: Store, filters: Filters, thresholds: Thresholds | None = None, limit: int = 7
) -> tuple[Mover, ...]:
    """Return the groups that moved between the reference period and the period.

    Screens satisfaction per branch, touchpoint, channel and segment, perceptions per
    dimension in total and by branch, and complaints per category and cause; p-values are
    adjusted over all of them (Benjamini-Hochberg, q = .05). A series of twelve months or more
    must also show a special cause in the period, the same way, on its control chart. Ranked by
    standardised change times share of customers.

    Returns
    -------
    tuple of Mover
        At most ``limit``; empty where nothing changed beyond noise or nothing is compared.
    """
    if filters.comparison() is None:
        return ()
    screened: list[Mover] = []
    measure = _measure(store, filters)
    cuts = [c for c in _CUTS if not getattr(filters, _CHOSEN[c])] if measure is not None else []
    _count(store, filters, {measure or "": cuts, _CASES: _KINDS})
    for cut in cuts:
        screened += _screen(store, filters, str(measure), cut, thresholds)
    known = facts(store, filters.program)
    perceptions = [f"perception:{key}" for key, _ in known.slots]
    for found in evaluate(store, filters, perceptions, "total", thresholds).figures:
        if found.p_value is not None:
            screened.append(Mover("dimension", metric(found.metric).argument, found, 0.2))
    if perceptions and not filters.branches:
        screened += _perceptions(store, filters, perceptions, thresholds)
    for cut in _KINDS:
        screened += _screen(store, filters, _CASES, cut, thresholds)
    adjusted = benjamini_hochberg([_p(m) for m in screened])
    moved = [
        replace(m, figure=replace(m.figure, p_value=p))
        for m, p in zip(screened, adjusted, strict=True)
        if p < 0.05 and m.figure.verdict in _MAJOR
    ]
    told: list[Mover] = []
    charts = _Charts(store, filters, thresholds, moved)
    for mover in sorted(moved, key=_rank, reverse=True):
        confirmed = _confirmed(filters.period, mover, charts.of(mover))
        if confirmed is not None:
            told.append(confirmed)
        if len(told) == limit:
            break
    return _answered(store, filters, told)


def _count(store: Store, filters: Filters, asked: Mapping[str, Sequence[str]]) -> None:
    """Count in one scan for each metric what its screens and its charts will ask for."""
    history, known = _history(store, filters), facts(store, filters.program)
    reference = filters.comparison()
    if history is None or history.period is None or reference is None:
        return
    for key, cuts in asked.items():
        if cuts and known.span.holds(metric(key).subject):
            m = metric(key)
            if in_months([m], cuts, history.period, filters.period, reference.period):
                know_cuts(Reader(store, known), known, history, m, cuts)


def _answered(store: Store, filters: Filters, told: list[Mover]) -> tuple[Mover, ...]:
    """Put to each mover the action that is about it."""
    known = actions(store, filters.program)
    if not known:
        return tuple(told)
    said = replies(marks(store, filters.program))
    return tuple(replace(m, action=_action_of(m, known, said, filters)) for m in told)


def _action_of(
    mover: Mover, known: tuple[Action, ...], said: dict[str, Reply], filters: Filters
) -> Action | None:
    reply = said.get(mover.signal.key) if mover.signal is not None else None
    linked = [a for a in known if reply is not None and a.number == reply.action]
    if linked:
        return linked[0]
    begun = [a for a in known if filters.period is None or a.plan.start <= filters.period.last]
    place = (f"{mover.cut}={mover.group}",)
    own = [a for a in begun if a.plan.where == place]
    if mover.cut == "dimension":
        own = [a for a in begun if not a.plan.where and a.plan.metric == mover.figure.metric]
    of_figure = [a for a in own if a.plan.metric == mover.figure.metric]
    return next(iter([*of_figure, *own]), None)


def _perceptions(
    store: Store, filters: Filters, keys: list[str], thresholds: Thresholds | None
) -> list[Mover]:
    figures = evaluate(store, filters, keys, "branch", thresholds).figures
    total = {k: sum(f.n or 0 for f in figures if f.metric == k) or 1 for k in keys}
    return [
        Mover("branch", f.by, f, 0.2 * (f.n or 0) / total[f.metric])
        for f in figures
        if f.p_value is not None and f.by
    ]


class _Charts:
    """Control charts of movers up to the end of the period, those of one split drawn at once."""

    def __init__(
        self,
        store: Store,
        filters: Filters,
        thresholds: Thresholds | None,
        moved: Sequence[Mover],
    ) -> None:
        self._store, self._thresholds = store, thresholds
        self._filters = _history(store, filters)
        self._groups: dict[tuple[str, str], list[str]] = {}
        for mover in moved:
            self._groups.setdefault((mover.figure.metric, mover.cut), []).append(mover.group)
        self._drawn: dict[tuple[str, str], dict[str, ControlAnswer]] = {}

    def of(self, mover: Mover) -> ControlAnswer | None:
        """Return the chart of a mover's series; None where there is none."""
        if self._filters is None:
            return None
        key, cut = place = mover.figure.metric, mover.cut
        if cut == "dimension":
            return control(self._store, self._filters, key, "month", self._thresholds)
        if place not in self._drawn:
            drawn = control_split(
                self._store,
                self._filters,
                (key,),
                "month",
                cut,
                self._thresholds,
                only=self._groups[place],
            )
            self._drawn[place] = {chart.group: chart for chart in reversed(drawn)}
        return self._drawn[place].get(mover.group)


def _history(store: Store, filters: Filters) -> Filters | None:
    """Return the filters over all months up to the end of the period; None without a period."""
    period, start = filters.period, facts(store, filters.program).span.first
    if period is None or start is None:
        return None
    first = min(month_start(start.year * 100 + start.month), period.first)
    return filters.with_(period=Period(first, period.last), compare="none")


def _confirmed(period: Period | None, mover: Mover, chart: ControlAnswer | None) -> Mover | None:
    """Return the mover with its special cause, or None where its chart shows none."""
    if chart is None or chart.tested < FEWEST_POINTS:
        return mover
    good = mover.figure.verdict == "better"
    for signal in reversed(chart.signals):
        spans = [bucket_span(label) for label in signal.labels]
        touches = any(
            period is None or (first <= period.last and last >= period.first)
            for first, last in spans
        )
        if touches and signal.good == good:
            return replace(mover, signal=signal, before=_opposite(chart, signal))
    return None


def _opposite(chart: ControlAnswer, signal: ChartSignal) -> ChartSignal | None:
    """Return the bad stretch beyond the limits that a good one ended, if it came just before."""
    if not signal.good:
        return None
    first = bucket_span(signal.labels[0])[0]
    earliest = first - _JUST_BEFORE
    found = [
        s
        for s in chart.signals
        if s.rule == "beyond_limits"
        and s.good is False
        and earliest <= bucket_span(s.labels[-1])[1] < first
    ]
    return max(found, key=lambda s: s.labels[-1], default=None)


def _p(mover: Mover) -> float:
    return 1.0 if mover.figure.p_value is None else mover.figure.p_value


def _measure(store: Store, filters: Filters) -> str | None:
    asked = {m for i in facts(store, filters.program).asked(filters.surveys) for m in i.measures}
    for field, key in (("csat", "csat_top_box"), ("nps", "nps"), ("recommend", "recommend_share")):
        if field in asked:
            return key
    return None


def _screen(
    store: Store, filters: Filters, key: str, cut: str, thresholds: Thresholds | None
) -> list[Mover]:
    figures = evaluate(store, filters, (key,), cut, thresholds).figures
    total = sum(f.n or 0 for f in figures) or 1
    return [
        Mover(cut, f.by, f, (f.n or 0) / total) for f in figures if f.p_value is not None and f.by
    ]


def _rank(mover: Mover) -> float:
    figure = mover.figure
    scale = {"percent": 100.0, "points": 200.0, "count": max(1.0, figure.reference_value or 1.0)}
    size = abs(figure.difference or 0.0) / scale.get(metric(figure.metric).unit, 6.0)
    return size * max(mover.share, 0.01)
