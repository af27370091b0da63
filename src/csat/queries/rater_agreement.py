"""How far raters agree who rated the same visits: scores by ICC, judgements by kappa and alpha."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal

from csat.queries.visits import Sheet
from csat.stats.rater_intervals import (
    Interval,
    alpha_over_visits,
    one_way_interval,
    two_way_interval,
)
from csat.stats.raters import Firmness, cohen_kappa, firmness, fleiss_kappa

_FEWEST: Final = 10
"""Judgements that two raters must share before their kappa is shown."""
Form = Literal["one_way", "two_way"]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two raters, the judgements they share, and Cohen's kappa of these (None: all alike).

    ``weighted`` says that distances on a scale count (quadratic weights).
    """

    raters: tuple[str, str]
    judgements: int
    kappa: float | None
    weighted: bool

    def to_json(self) -> dict[str, Any]:
        """Return the pair that the command line prints."""
        return {
            "raters": list(self.raters),
            "judgements": self.judgements,
            "kappa": self.kappa,
            "weighted": self.weighted,
        }


@dataclass(frozen=True, slots=True)
class Agreement:
    """Agreement of the raters of one kind over the visits that several of them rated.

    Parameters
    ----------
    visits, judgements
        Visits and criteria that at least two rated.
    icc, form
        Intraclass correlation of the visits' scores before any cap: ``two_way`` where the same
        raters rated every one of these visits, else ``one_way``.
    alpha, fleiss
        Krippendorff's alpha and Fleiss' kappa of the judgements of single criteria.
    """

    method: str
    visits: int
    judgements: int
    icc: Interval | None
    form: Form
    alpha: Interval | None
    fleiss: float | None
    scaled: bool
    pairs: tuple[Pair, ...]

    @property
    def firmness(self) -> Firmness | None:
        """How far these judgements carry a conclusion; None where alpha is not known."""
        return None if self.alpha is None else firmness(self.alpha.value)

    def to_json(self) -> dict[str, Any]:
        """Return the agreement that the command line prints, unrounded."""
        return {
            "method": self.method or None,
            "visits": self.visits,
            "judgements": self.judgements,
            "icc": _interval(self.icc),
            "icc_form": self.form if self.icc is not None else None,
            "alpha": _interval(self.alpha),
            "alpha_level": "interval" if self.scaled else "nominal",
            "firmness": self.firmness,
            "fleiss_kappa": self.fleiss,
            "pairs": [pair.to_json() for pair in self.pairs],
        }


def _interval(found: Interval | None) -> dict[str, float | None] | None:
    return None if found is None else {"value": found.value, "low": found.low, "high": found.high}


def agreement(found: Sequence[Sheet], method: str, names: Mapping[str, str]) -> Agreement | None:
    """Return how far the raters of one kind agree; None where no visit was rated twice."""
    by_visit: dict[str, list[Sheet]] = {}
    for sheet in found:
        if sheet.method == method and sheet.rater:
            by_visit.setdefault(sheet.visit, []).append(sheet)
    shared = [own for own in by_visit.values() if len(own) > 1]
    if not shared:
        return None
    units = [_units(own) for own in shared]
    values = {v for visit in units for u in visit for v in u}
    scaled = not values <= {0.0, 1.0}
    icc, form = _icc(shared)
    return Agreement(
        method,
        len(shared),
        sum(len(visit) for visit in units),
        icc,
        form,
        alpha_over_visits(units, ordered=scaled),
        _fleiss([u for visit in units for u in visit]),
        scaled,
        _pairs(shared, sorted(values), names, weighted=scaled),
    )


def _units(own: Sequence[Sheet]) -> list[list[float]]:
    """Return the points that each criterion of a visit got from those who judged it."""
    criteria = dict.fromkeys(name for sheet in own for name in sheet.judgements)
    units = [
        [j.points for s in own if (j := s.judgements.get(name)) and j.points is not None]
        for name in criteria
    ]
    return [u for u in units if len(u) > 1]


def _icc(shared: Sequence[Sequence[Sheet]]) -> tuple[Interval | None, Form]:
    """Return the intraclass correlation over the visits with the usual number of raters."""
    usual = Counter(len(own) for own in shared).most_common(1)[0][0]
    full = [sorted(own, key=lambda s: s.rater) for own in shared if len(own) == usual]
    scores = [[s.scored(100.0).uncapped for s in own] for own in full]
    table = [[x for x in row if x is not None] for row in scores if None not in row]
    same = len({tuple(s.rater for s in own) for own in full}) == 1
    if not table:
        return None, "one_way"
    if same:
        return two_way_interval(table), "two_way"
    return one_way_interval(table), "one_way"


def _fleiss(units: Sequence[Sequence[float]]) -> float | None:
    """Return Fleiss' kappa over the criteria that the usual number of raters judged."""
    if not units:
        return None
    usual = Counter(len(u) for u in units).most_common(1)[0][0]
    values = sorted({v for u in units for v in u})
    return fleiss_kappa([[u.count(v) for v in values] for u in units if len(u) == usual])


def _pairs(
    shared: Sequence[Sequence[Sheet]],
    values: Sequence[float],
    names: Mapping[str, str],
    *,
    weighted: bool,
) -> tuple[Pair, ...]:
    place = {value: i for i, value in enumerate(values)}
    tables: dict[tuple[str, str], list[list[int]]] = {}
    for own in shared:
        for one, other in combinations(sorted(own, key=lambda s: s.rater), 2):
            empty = [[0] * len(values) for _ in values]
            table = tables.setdefault((one.rater, other.rater), empty)
            for name, judged in one.judgements.items():
                facing = other.judgements.get(name)
                if facing is None or facing.points is None or judged.points is None:
                    continue
                table[place[judged.points]][place[facing.points]] += 1
    pairs = [
        Pair(
            (names[one], names[other]),
            sum(map(sum, table)),
            cohen_kappa(table, "quadratic" if weighted else "none"),
            weighted,
        )
        for (one, other), table in tables.items()
    ]
    return tuple(sorted((p for p in pairs if p.judgements >= _FEWEST), key=lambda p: p.raters))
