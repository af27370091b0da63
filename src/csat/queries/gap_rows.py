"""What is known of the five gaps: one row for each gap, dimension and source of evidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot
from typing import Any, Final

from csat.model.answer import Provenance
from csat.model.message import N_, Message, msg
from csat.queries.believed_importance import BelievedImportance
from csat.queries.coverage import Records
from csat.queries.gap_causes import CauseScore

INTERNAL: Final = (1, 2, 3, 4)
"""The gaps inside the organisation; the fifth is the customers' own."""
GAP_LABELS: Final[dict[int, str]] = {
    1: N_("Gap 1: understanding"),
    2: N_("Gap 2: standards"),
    3: N_("Gap 3: delivery"),
    4: N_("Gap 4: communication"),
    5: N_("Gap 5: what customers feel"),
}
GAP_MEANINGS: Final[dict[int, str]] = {
    1: N_("What managers believe customers expect, less what customers expect."),
    2: N_("The level our standards set, less what managers believe customers expect."),
    3: N_("What is delivered, less the level our standards set."),
    4: N_("What is delivered, less what we promise."),
    5: N_("What customers perceive, less what they expect."),
}
STATEMENT_MEANINGS: Final[dict[int, str]] = {
    2: N_("How formal the standards are, less the most formal there could be."),
    3: N_("How well staff can meet the standards, less fully."),
    4: N_("How well staff can keep what is promised, less fully."),
}
RECORD_MEANINGS: Final[dict[int, str]] = {
    2: N_(
        "Share of touchpoints with a standard that is written, measurable, owned and in date, "
        "less 100%."
    ),
    3: N_("Share of cases and audits that reached the target of their standard, less 100%."),
    4: N_("Share of promises kept, less 100%."),
}
RECORD_NEEDS: Final[dict[int, Message]] = {
    2: msg("needs a register of standards"),
    3: msg("needs standards that complaint clocks or audits measure"),
    4: msg("needs a register of promises"),
}
NEEDS: Final[dict[int, Message]] = {
    1: msg("needs managers' answers: what they believe customers expect"),
    2: msg("needs managers' answers on how formal the standards are, or audits of standards"),
    3: msg("needs staff's answers on meeting the standards, or audits of what is delivered"),
    4: msg("needs staff's answers on keeping what is promised, or audits of promises"),
    5: msg("needs a survey of customers: what they expect and what they perceive"),
}
"""Gap -> what would measure it, where nothing is there."""
QUESTIONNAIRES: Final[dict[int, str]] = {
    1: "managers",
    2: "managers",
    3: "staff",
    4: "staff",
    5: "service-quality",
}
"""Gap -> the ready-made questionnaire that measures it."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A gap with its interval: the side that is, less the side that should be.

    ``n`` is the base of the first side, ``n_reference`` that of the second (None where there is
    but one), ``actual`` and ``reference`` their means. All is None where it is withheld.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int | None
    n_reference: int | None = None
    verdict: str = "not_compared"
    actual: float | None = None
    reference: float | None = None
    scale: tuple[int, int] | None = None

    @property
    def clear(self) -> bool:
        """Whether it falls short beyond noise."""
        return self.verdict == "worse"


@dataclass(frozen=True, slots=True)
class GapRow:
    """One gap of one dimension (None: over all) as one source tells it.

    Parameters
    ----------
    source
        ``survey`` or ``record``.
    form
        ``levels``: two viewpoints on the same statements and scale; ``statement``: rated against
        the top of the scale; ``share``: percentage points below 100.
    also
        The statements beside the levels, where both were asked.
    needs
        What is missing; None where it is measured.
    detail
        What a share is made of, in words.
    """

    gap: int
    dimension: str | None
    source: str
    measured: Measured | None = None
    form: str = "levels"
    also: Measured | None = None
    needs: Message | None = None
    withheld: bool = False
    detail: Message | None = None

    @property
    def unit(self) -> str:
        """Unit of the value: scale points, or percentage points."""
        return "percent" if self.form == "share" else "rating"

    @property
    def meaning(self) -> str:
        """What is taken from what, in words."""
        if self.form == "share":
            return RECORD_MEANINGS[self.gap]
        return (STATEMENT_MEANINGS if self.form == "statement" else GAP_MEANINGS)[self.gap]

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return {
            "gap": self.gap,
            "dimension": self.dimension,
            "source": self.source,
            **_measured_json(self.measured),
            "unit": self.unit,
            "form": self.form if self.measured is not None else None,
            "withheld": self.withheld,
            "needs": None if self.needs is None else str(self.needs),
            "detail": None if self.detail is None else str(self.detail),
            "statement": None if self.also is None else _measured_json(self.also),
        }


def _measured_json(found: Measured | None) -> dict[str, Any]:
    shown = found or Measured(None, None, None, None)
    return {
        "value": shown.value,
        "low": shown.low,
        "high": shown.high,
        "n": shown.n,
        "n_reference": shown.n_reference,
        "actual": shown.actual,
        "reference": shown.reference,
        "verdict": shown.verdict,
    }


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way from expectation to perception.

    ``start`` and ``end`` are levels on the scale; the interval is that of their difference.
    """

    key: str
    start: float
    end: float
    low: float | None
    high: float | None
    n: int
    n_reference: int | None

    @property
    def size(self) -> float:
        """How far the step leads; below zero it loses quality."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Way:
    """From what customers expect to what they perceive, or why the gaps are not added.

    The steps lead through belief, specification and delivery; their sizes add up to gap 5.
    """

    dimension: str | None
    expectation: float | None = None
    perception: float | None = None
    steps: tuple[Step, ...] = ()
    scale: tuple[int, int] | None = None
    reason: Message | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the way that the command line prints, unrounded."""
        return {
            "dimension": self.dimension,
            "expectation": self.expectation,
            "perception": self.perception,
            "steps": [
                {"step": s.key, "value": s.size, "low": s.low, "high": s.high} for s in self.steps
            ],
            "reason": None if self.reason is None else str(self.reason),
        }


@dataclass(frozen=True, slots=True)
class GapAnswer:
    """The gaps, the way from expectation to perception, and what a reader must know besides."""

    rows: tuple[GapRow, ...]
    ways: tuple[Way, ...]
    provenance: Provenance
    notes: tuple[Message, ...] = ()
    causes: tuple[CauseScore, ...] = ()
    records: Records | None = None
    importance: BelievedImportance = field(default_factory=BelievedImportance)

    def row(self, gap: int, dimension: str | None, source: str = "survey") -> GapRow | None:
        """Return one row, or None."""
        for r in self.rows:
            if (r.gap, r.dimension, r.source) == (gap, dimension, source):
                return r
        return None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions, in order."""
        return tuple(dict.fromkeys(r.dimension for r in self.rows if r.dimension is not None))

    def way(self, dimension: str | None) -> Way | None:
        """Return the way of a dimension; None is over all."""
        return next((w for w in self.ways if w.dimension == dimension), None)

    def largest(self, dimension: str | None) -> GapRow | None:
        """Return the internal gap that falls short most, among those measured alike.

        Levels stand before statements: the two are not on one footing. None where no internal
        gap clearly falls short.
        """
        found = [
            r for g in INTERNAL if (r := self.row(g, dimension)) and r.measured and not r.withheld
        ]
        for form in ("levels", "statement"):
            alike = [r for r in found if r.form == form and r.measured and r.measured.clear]
            if alike:
                return min(alike, key=_size)
        return None

    def close_to_largest(self, dimension: str | None) -> tuple[GapRow, ...]:
        """Return the gaps that fall short by not clearly less than the largest, largest first.

        Clearly less is a difference beyond its own 95% margin, the two gaps taken as independent.
        """
        first = self.largest(dimension)
        if first is None:
            return ()
        others = (self.row(g, dimension) for g in INTERNAL if g != first.gap)
        found = [
            r
            for r in others
            if r is not None
            and not r.withheld
            and r.form == first.form
            and r.measured is not None
            and r.measured.clear
            and _size(r) - _size(first) <= hypot(_margin(r), _margin(first))
        ]
        return tuple(sorted(found, key=_size))


def _size(row: GapRow) -> float:
    """Return a gap as a share of its scale, so that scales do not decide."""
    m = row.measured
    if m is None or m.value is None:
        return 0.0
    low, high = m.scale or (0, 1)
    return m.value / (high - low)


def _margin(row: GapRow) -> float:
    """Return half the interval of a gap as a share of its scale."""
    m = row.measured
    if m is None or m.low is None or m.high is None:
        return 0.0
    low, high = m.scale or (0, 1)
    return (m.high - m.low) / 2 / (high - low)
