"""How far standards cover the service, how formal they are, and what was promised and kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from csat.model.message import N_, Message
from csat.model.registers import Promise, Standard
from csat.queries.attained import Attained

FORMALITY: Final[dict[str, str]] = {
    "any": N_("some standard"),
    "written": N_("written"),
    "measurable": N_("also measurable"),
    "owned": N_("also owned"),
    "formal": N_("also in date"),
}
"""Steps of formality; each holds what stands before it."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the touchpoints of a dimension, how many have a standard of each formality.

    Parameters
    ----------
    dimension
        None for all dimensions together.
    cells
        Touchpoints, times dimensions where there are several.
    steps
        Step of `FORMALITY` -> how many have at least that.
    """

    dimension: str | None
    cells: int
    steps: dict[str, int]

    @property
    def none(self) -> int:
        """How many have no standard at all."""
        return self.cells - self.steps["any"]

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints."""
        return {
            "dimension": self.dimension,
            "cells": self.cells,
            "no_standard": self.none,
            **self.steps,
        }


def coverage(
    standards: Sequence[Standard],
    dimensions: Sequence[str],
    touchpoints: Sequence[str],
    day: date,
) -> tuple[Coverage, ...]:
    """Return the coverage over all and per dimension.

    A standard without a touchpoint holds at all of them. Where no touchpoint is known a
    dimension is one cell.

    Examples
    --------
    >>> one = Standard("S1", "", "empathy", "Billing", written=True)
    >>> [(c.cells, c.none, c.steps["written"]) for c in
    ...  coverage([one], ["empathy"], ["Billing", "Enquiry"], date(2026, 1, 1))]
    [(2, 1, 1), (2, 1, 1)]
    """
    places = list(touchpoints) or [""]
    rows = []
    for name in dimensions:
        own = [s for s in standards if s.dimension == name]
        best = [max(map(_formality(day), _at(own, place)), default=0) for place in places]
        rows.append(Coverage(name, len(places), _steps(best)))
    cells = sum(r.cells for r in rows)
    total = {step: sum(r.steps[step] for r in rows) for step in FORMALITY}
    return (Coverage(None, cells, total), *rows)


def _at(standards: Iterable[Standard], place: str) -> list[Standard]:
    return [s for s in standards if not s.touchpoint or s.touchpoint == place]


def _formality(day: date) -> Any:
    def grade(s: Standard) -> int:
        steps = (True, s.written, s.measurable, bool(s.owner), not s.stale(day))
        return next((i for i, there in enumerate(steps) if not there), len(steps))

    return grade


def _steps(best: Sequence[int]) -> dict[str, int]:
    return {step: sum(b > i for b in best) for i, step in enumerate(FORMALITY)}


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises of a group were kept, broken or are open, and how late dated ones came.

    ``days_late`` is the mean over those with both days; below zero they came early.
    """

    group: str | None
    kept: int
    broken: int
    open: int
    days_late: float | None
    dated: int

    @property
    def decided(self) -> int:
        """How many were kept or broken."""
        return self.kept + self.broken

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints."""
        return {
            "group": self.group,
            "kept": self.kept,
            "broken": self.broken,
            "open": self.open,
            "days_late": self.days_late,
            "dated": self.dated,
        }


@dataclass(frozen=True, slots=True)
class NoStandard:
    """The share (percent) of managers or staff who said that a dimension has no standard."""

    gap: int
    dimension: str
    value: float
    low: float
    high: float
    n: int

    def to_json(self) -> dict[str, Any]:
        """Return the row that the command line prints, unrounded."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Records:
    """What records tell of gaps 2 to 4, behind their rows.

    Parameters
    ----------
    day
        On which standards must be in date and promises are judged: the end of the period, or
        of the data.
    """

    attained: tuple[Attained, ...]
    coverage: tuple[Coverage, ...]
    kept: tuple[Kept, ...]
    by_source: tuple[Kept, ...]
    no_standard: tuple[NoStandard, ...]
    day: date
    notes: tuple[Message, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return what the command line prints."""
        return {
            "day": self.day,
            "standards": [a.to_json() for a in self.attained],
            "coverage": [c.to_json() for c in self.coverage],
            "promises": [k.to_json() for k in self.kept],
            "promises_by_source": [k.to_json() for k in self.by_source],
            "no_standard_said": [n.to_json() for n in self.no_standard],
        }


def kept_promises(promises: Sequence[Promise], group: str | None, day: date) -> Kept:
    """Count what became of some promises, as known on a day.

    Examples
    --------
    >>> found = kept_promises([Promise("1", "", "", promised=2.0, delivered=1.0)], None,
    ...                       date(2026, 1, 1))
    >>> found.kept, found.broken
    (0, 1)
    """
    told = [p.kept(day) for p in promises]
    late = [p.days_late for p in promises if p.days_late is not None]
    return Kept(
        group,
        told.count(True),
        told.count(False),
        told.count(None),
        sum(late) / len(late) if late else None,
        len(late),
    )
