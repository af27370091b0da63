"""One list of special causes over all headline figures and cuts, and what chance would make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from csat.model.control import ChartSignal, ControlAnswer
from csat.model.filters import Filters
from csat.model.ledger import Action
from csat.model.metrics import HEADLINES, Metric, metric
from csat.model.period import Period, bucket_span
from csat.model.settings import Thresholds
from csat.model.vocabulary import CUTS
from csat.queries.actions import actions
from csat.queries.charted import FALSE_PER_100
from csat.queries.control import control
from csat.queries.control_split import control_split
from csat.queries.facts import facts as facts_of
from csat.queries.marks import Mark, Reply, marks, replies
from csat.store.store import Store

_UNSPLIT: Final = ("response_count",)
"""How many answered says nothing about a group's service."""


RARE: Final = ("g", "t")
"""Charts of single events, whose points are no periods."""


@dataclass(frozen=True, slots=True)
class ListedSignal:
    """A special cause with its latest figure, what people said to it, and the action it has."""

    signal: ChartSignal
    value: float | None
    centre: float | None
    n: int | None
    reply: Reply | None
    action: Action | None = None

    @property
    def explained(self) -> Mark | None:
        """The explanation that a person gave."""
        return None if self.reply is None else self.reply.explained

    @property
    def last(self) -> str:
        """Label of the latest period it holds."""
        return self.signal.labels[-1]


@dataclass(frozen=True, slots=True)
class SignalList:
    """Special causes, newest first, and what they are to be held against.

    Parameters
    ----------
    charts, points
        Control charts looked at, and points tested in the periods listed.
    expected_false
        Signals that chance alone would make among these points.
    periods
        Labels of the periods listed.
    """

    signals: tuple[ListedSignal, ...]
    charts: int
    points: int
    expected_false: float
    periods: tuple[str, ...]
    data_version: int

    @property
    def open(self) -> int:
        """How many signals nobody has acknowledged or explained."""
        return sum(s.reply is None for s in self.signals)

    @property
    def unexplained(self) -> int:
        """How many signals nobody has explained."""
        return sum(s.explained is None for s in self.signals)


def screened(store: Store, program: str) -> tuple[str, ...]:
    """Return the metrics that are watched: the headlines that have data, and perceptions."""
    facts = facts_of(store, program)
    asked = {measure for item in facts.items for measure in item.measures}
    asked |= {"index"} if facts.index else set()
    keys = [k for k in HEADLINES if _has_data(metric(k), asked, facts.span.holds)]
    return (*keys, *(f"perception:{name}" for name, _ in facts.slots))


def _has_data(m: Metric, asked: set[str], holds: object) -> bool:
    if not callable(holds) or not holds(m.subject):
        return False
    return m.field not in ("csat", "nps", "ces", "recommend", "index") or m.field in asked


def charts(
    store: Store,
    program: str,
    grain: str = "month",
    thresholds: Thresholds | None = None,
    week_start: int = 0,
    keys: Sequence[str] = (),
) -> tuple[ControlAnswer, ...]:
    """Return the control chart of every watched metric, in total and for every group."""
    everything = Filters.of(program, compare="none")
    watched = tuple(keys) or screened(store, program)
    out = [control(store, everything, k, grain, thresholds, week_start) for k in watched]
    for cut in CUTS:
        split = [
            k
            for k in watched
            if k not in _UNSPLIT and (cut not in ("category", "cause") or _of_cases(k))
        ]
        found = control_split(store, everything, split, grain, cut, thresholds, week_start)
        out += [a for a in found if a.points and a.group]
    return tuple(a for a in out if a.tested)


def _of_cases(key: str) -> bool:
    return metric(key).subject == "complaints"


def signals(
    store: Store,
    program: str,
    grain: str = "month",
    latest: int = 3,
    thresholds: Thresholds | None = None,
    week_start: int = 0,
) -> SignalList:
    """Answer what changed beyond common variation, anywhere.

    Parameters
    ----------
    latest
        Only signals with a point in this many latest finished periods; 0 lists all.

    Returns
    -------
    SignalList
        Newest first, then by how far the latest point lies from its centre line.

    Raises
    ------
    UsageProblem
        For an unknown program or grain.
    """
    facts = facts_of(store, program)
    known = charts(store, program, grain, thresholds, week_start)
    periods = _periods(known, latest)
    days = Period(bucket_span(periods[0])[0], bucket_span(periods[-1])[1]) if periods else None
    said = replies(marks(store, program))
    known_actions = {a.number: a for a in actions(store, program)}
    found = [
        _listed(answer, signal, said.get(signal.key), known_actions)
        for answer in known
        for signal in answer.signals
        if any(_touches(label, days) for label in signal.labels)
    ]
    found.sort(key=lambda pair: (bucket_span(pair[0].last)[1], pair[1]), reverse=True)
    points = sum(p.z is not None and _touches(p.figure.by, days) for a in known for p in a.points)
    return SignalList(
        tuple(listed for listed, _ in found),
        len(known),
        points,
        points * FALSE_PER_100 / 100,
        tuple(periods),
        facts.version,
    )


def _periods(known: Sequence[ControlAnswer], latest: int) -> list[str]:
    """Return the latest periods; events too rare for counts are dated by their own days."""
    counted = [a for a in known if not any(p.kind in RARE for p in a.phases)]
    labels = sorted({p.figure.by for a in counted for p in a.points if p.tested})
    return labels[-latest:] if latest else labels


def _touches(label: str, days: Period | None) -> bool:
    first, last = bucket_span(label)
    return days is None or (first <= days.last and last >= days.first)


def _listed(
    answer: ControlAnswer, signal: ChartSignal, reply: Reply | None, known: Mapping[int, Action]
) -> tuple[ListedSignal, float]:
    last = next(p for p in answer.points if p.figure.by == signal.labels[-1])
    action = None if reply is None or reply.action is None else known.get(reply.action)
    listed = ListedSignal(signal, last.figure.value, last.centre, last.figure.n, reply, action)
    return listed, abs(last.z or 0.0)
