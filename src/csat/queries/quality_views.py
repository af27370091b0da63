"""The state of quality by each of its five definitions, and where these disagree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from csat.model.answer import Figure, Provenance
from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.metrics import REGISTRY, metric
from csat.model.quality_views import (
    ATTAINED,
    GAP_FIVE,
    KEPT,
    QUALITY_VIEWS,
    SEEN,
    VALUE_DIMENSION,
)
from csat.model.registers import AUDIT_METRIC, Standard
from csat.model.settings import Thresholds
from csat.queries.attained import Attained
from csat.queries.facts import facts as facts_of
from csat.queries.figures import evaluate
from csat.queries.gap_rows import GapAnswer, GapRow
from csat.queries.gaps import gaps
from csat.queries.marks import marks, target_of
from csat.queries.registers import register_lines
from csat.store.store import Store

GOOD: Final = ("met", "better")
POOR: Final = ("missed", "worse")
_STANDS: Final = ("met", "missed", "unclear")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a definition.

    Parameters
    ----------
    state
        Against its target where it has one: met, missed, unclear. Else its change against the
        reference period: better, worse, no_clear_change. ``none`` where neither can be said.
    target
        In the indicator's unit, None without one.
    """

    key: str
    value: float | None
    low: float | None
    high: float | None
    n: int | None
    unit: str
    state: str = "none"
    target: float | None = None
    withheld: bool = False
    detail: Message | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        names = ("value", "low", "high", "n", "unit", "state", "target", "withheld")
        return {"indicator": self.key, **{k: getattr(self, k) for k in names}}


@dataclass(frozen=True, slots=True)
class ViewState:
    """One definition with its indicators.

    ``state`` is good, poor, mixed, unclear or not_measured.
    """

    view: str
    state: str
    indicators: tuple[Indicator, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints."""
        return {
            "view": self.view,
            "state": self.state,
            "indicators": [i.to_json() for i in self.indicators],
        }


@dataclass(frozen=True, slots=True)
class QualityAnswer:
    """The five definitions, and the pairs of indicators in which two of them disagree."""

    views: tuple[ViewState, ...]
    disagreements: tuple[tuple[str, str, str, str], ...]
    provenance: Provenance

    def to_json(self) -> dict[str, Any]:
        """Return what the command line prints."""
        return {
            "views": [v.to_json() for v in self.views],
            "disagreements": [
                {"view": a, "indicator": x, "against": b, "its_indicator": y}
                for a, x, b, y in self.disagreements
            ],
        }


def quality_views(
    store: Store, filters: Filters, thresholds: Thresholds | None = None
) -> QualityAnswer:
    """Answer how good the service is by each of the five definitions of quality.

    An indicator is judged against its target where one is set (on the trends page, or as a
    standard of the register on that metric), else by its change against the reference period
    of the filters. A definition is good where every judged indicator is, poor where none is,
    mixed where they differ.

    Returns
    -------
    QualityAnswer
        ``disagreements`` names a good indicator of one definition and a poor one of another.
    """
    limits = thresholds or Thresholds()
    answer = gaps(store, filters, limits)
    known = {key for key, _ in facts_of(store, filters.program).slots}
    wanted = [
        key
        for view in QUALITY_VIEWS.values()
        for key in view.indicators
        if key.partition(":")[0] in REGISTRY
        and (VALUE_DIMENSION in known or not key.endswith(f":{VALUE_DIMENSION}"))
    ]
    figures = evaluate(store, filters, wanted, thresholds=limits)
    targets = _targets(store, filters.program)
    found = {f.metric: _figure(f, targets.get(f.metric)) for f in figures.figures}
    found |= _recorded(answer)
    views = tuple(
        _view(name, [found[k] for k in view.indicators if k in found])
        for name, view in QUALITY_VIEWS.items()
    )
    reads = (*answer.provenance.reads, *figures.provenance.reads)
    origin = figures.provenance
    return QualityAnswer(
        views,
        _disagreements(views),
        Provenance(reads, filters, origin.data_version, origin.batches, origin.exclusions),
    )


def _targets(store: Store, program: str) -> dict[str, float]:
    """Return the target of each metric: a standard on it for all touchpoints, or a mark."""
    out = {}
    said = marks(store, program)
    for key in {m.metric for m in said if m.kind == "target"}:
        mark = target_of(said, key)
        if mark is not None and mark.value is not None:
            out[key] = mark.value
    for line in register_lines(store, program, "standards"):
        s = line.entry
        if isinstance(s, Standard) and s.target is not None and not s.touchpoint:
            out[s.metric] = s.target
    return out


def _figure(figure: Figure, target: float | None) -> Indicator:
    state = "none"
    if figure.value is not None and target is not None:
        state = _against(figure, target)
    elif figure.verdict in ("better", "worse", "no_clear_change"):
        state = figure.verdict
    return Indicator(
        figure.metric,
        figure.value,
        figure.low,
        figure.high,
        figure.n,
        figure.unit,
        state,
        target,
        figure.withheld,
        figure.note,
    )


def _against(figure: Figure, target: float) -> str:
    """Judge a figure by its interval against its target, on the good side of its metric."""
    low = figure.value if figure.low is None else figure.low
    high = figure.value if figure.high is None else figure.high
    if low is None or high is None or figure.verdict == "too_few":
        return "unclear"
    if metric(figure.metric).direction == "down":
        return "met" if high <= target else "missed" if low > target else "unclear"
    return "met" if low >= target else "missed" if high < target else "unclear"


def _recorded(answer: GapAnswer) -> dict[str, Indicator]:
    """Return the indicators that come from gap 5 and from the registers."""
    out = {}
    five, four = answer.row(5, None), answer.row(4, None, "record")
    if five is not None and five.measured is not None:
        out[GAP_FIVE] = _gap(GAP_FIVE, five, 0.0, 0.0)
    if four is not None and four.measured is not None:
        out[KEPT] = _gap(KEPT, four, 100.0, 100.0)
    attained = [] if answer.records is None else [a for a in answer.records.attained if a.measured]
    for key, own in (
        (ATTAINED, attained),
        (SEEN, [a for a in attained if a.standard.metric == AUDIT_METRIC]),
    ):
        if own:
            out[key] = _attained(key, own)
    return out


def _gap(key: str, row: GapRow, shift: float, target: float) -> Indicator:
    """Return a gap as an indicator; a share as what it is, not as what it lacks."""
    m = row.measured
    if m is None or m.value is None:
        return Indicator(key, None, None, None, None, row.unit, withheld=row.withheld)
    state = {"worse": "missed", "better": "met", "no_clear_change": "met"}.get(m.verdict, "unclear")
    low, high = (None if v is None else v + shift for v in (m.low, m.high))
    return Indicator(key, m.value + shift, low, high, m.n, row.unit, state, target)


def _attained(key: str, found: Sequence[Attained]) -> Indicator:
    """Return how many standards are attained: all of them counted, so without an interval."""
    met = sum(a.state == "met" for a in found)
    missed = any(a.state == "missed" for a in found)
    state = "missed" if missed else "met" if met == len(found) else "unclear"
    share = 100 * met / len(found)
    told = msg("{k} of {n} standards", k=met, n=len(found))
    return Indicator(key, share, None, None, len(found), "percent", state, 100.0, detail=told)


def _view(name: str, indicators: Sequence[Indicator]) -> ViewState:
    measured = [i for i in indicators if i.value is not None]
    good = any(i.state in GOOD for i in measured)
    poor = any(i.state in POOR for i in measured)
    if not measured:
        state = "not_measured"
    elif good and poor:
        state = "mixed"
    else:
        state = "good" if good else "poor" if poor else "unclear"
    return ViewState(name, state, tuple(indicators))


def _disagreements(views: Sequence[ViewState]) -> tuple[tuple[str, str, str, str], ...]:
    """Name, for each two definitions, a good indicator of one and a poor one of the other.

    Indicators are held against each other only where both have a target, or both a change.
    """
    out = []
    for one, other in combinations(views, 2):
        for a, b in ((one, other), (other, one)):
            pair = next(
                (
                    (a.view, x.key, b.view, y.key)
                    for x in a.indicators
                    for y in b.indicators
                    if x.state in GOOD
                    and y.state in POOR
                    and (x.state in _STANDS) == (y.state in _STANDS)
                ),
                None,
            )
            if pair is not None:
                out.append(pair)
    return tuple(out)
