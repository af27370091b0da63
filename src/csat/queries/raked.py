"""The weights in force: those of the file, raked to the population margins.

Raking gives everybody of one combination of groups the same factor, so it needs no more than the
numbers of people in each combination (methods.md section 2.16).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from csat.model.filters import Filters
from csat.model.message import Message, msg
from csat.model.period import Period, month_key
from csat.model.settings import Thresholds
from csat.model.vocabulary import CUT_LABELS, SURVEY_CUTS
from csat.queries.facts import Facts
from csat.queries.population import (
    SMALL,
    Answered,
    Labels,
    Margin,
    answered,
    answered_by_month,
    margin_rows,
    margins,
    margins_in,
    small_groups,
)
from csat.queries.reader import Reader
from csat.stats.raking import TRIM, Raking, rake
from csat.stats.sampling import Kish, kish_from_sums


@dataclass(frozen=True, slots=True)
class Weighting:
    """How the answers of a period are weighted, and what that costs.

    Parameters
    ----------
    margins
        To which they are raked; none where only the file weighs them.
    kinds
        Kinds of groups of the margins, in the order of the labels of a combination.
    factors
        By which the weights of the file are multiplied, by combination of groups.
    alike
        For each kind, the groups of too few people, which carry one factor together.
    usual
        Weight of a response of which the file states none: the mean of the others, else 1.
    cells
        Everybody who answered, by combination of groups.
    respondents, weighted
        How many answered, and how many of them with a weight in the file.
    converged, worst_miss, trimmed
        Of the raking: whether all margins are met, the largest relative miss, and how many
        people's weights were cut.
    empty, unknown
        Groups of the population nobody answered from, and groups of respondents the margins do
        not know, by kind.
    kish
        Design effect and effective number over all respondents.
    """

    margins: tuple[Margin, ...]
    kinds: tuple[str, ...]
    factors: Mapping[Labels, float]
    alike: Mapping[str, frozenset[str]]
    usual: float
    cells: tuple[Answered, ...]
    respondents: int
    weighted: int
    kish: Kish
    converged: bool = True
    worst_miss: float = 0.0
    trimmed: int = 0
    empty: tuple[tuple[str, str], ...] = ()
    unknown: tuple[tuple[str, str], ...] = ()
    notes: tuple[Message, ...] = ()

    def label(self, kind: str, group: str) -> str:
        """Return the group as the raking knows it."""
        return SMALL if group in self.alike.get(kind, ()) else group

    def counts(self, kind: str) -> dict[str, int]:
        """Return how many answered of each group of a kind."""
        place, found = self.kinds.index(kind), dict[str, int]()
        for cell in self.cells:
            found[cell.groups[place]] = found.get(cell.groups[place], 0) + cell.n
        return found

    def weights(self, kind: str) -> dict[str, float]:
        """Return how much an answer of each group counts on the mean, against that of all."""
        place, sums = self.kinds.index(kind), dict[str, float]()
        for cell in self.cells:
            own = cell.total + (cell.n - cell.weighted) * self.usual
            group = cell.groups[place]
            sums[group] = sums.get(group, 0.0) + self.factors[cell.groups] * own
        mean = sum(sums.values()) / self.respondents
        people = self.counts(kind)
        return {group: total / people[group] / mean for group, total in sums.items()}

    def to_json(self) -> dict[str, Any]:
        """Return the weighting as the command line prints it."""
        return {
            "margins": [m.kind for m in self.margins],
            "respondents": self.respondents,
            "with_survey_weight": self.weighted,
            "converged": self.converged,
            "worst_miss": self.worst_miss,
            "trimmed": self.trimmed,
            "trimmed_at_times_mean": TRIM,
            "design_effect": self.kish.deff,
            "effective_n": self.kish.n_effective,
            "costly": self.kish.costly,
            "nobody_answered": [{"kind": k, "group": g} for k, g in self.empty],
            "not_in_margins": [{"kind": k, "group": g} for k, g in self.unknown],
            "one_weight_together": {k: sorted(v) for k, v in self.alike.items() if v},
            "notes": [str(note) for note in self.notes],
        }


def weighting(
    reader: Reader, facts: Facts, filters: Filters, limits: Thresholds
) -> Weighting | None:
    """Return the weights of everybody who answered in the period, whatever groups are chosen.

    Returns
    -------
    Weighting or None
        None where nobody answered.
    """
    found = margins(reader, filters)
    cells = answered(reader, facts, filters, [m.kind for m in found])
    return _weighting(found, cells, limits)


def weightings(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    spans: Mapping[str, Period],
    limits: Thresholds,
) -> dict[str, Weighting]:
    """Return the weights of each stretch of whole months, as if it were the period looked at.

    Parameters
    ----------
    spans
        By label, within the period of the filters; stretches that nobody answered in are left
        out.
    """
    rows = margin_rows(reader, filters.program)
    known = {label: margins_in(rows, span) for label, span in spans.items()}
    kinds = [k for k in SURVEY_CUTS if any(m.kind == k for own in known.values() for m in own)]
    monthly: dict[int, list[Answered]] = {}
    for month, cell in answered_by_month(reader, facts, filters, kinds):
        monthly.setdefault(month, []).append(cell)
    out = {}
    for label, span in spans.items():
        first, last = month_key(span.first), month_key(span.last)
        places = [kinds.index(m.kind) for m in known[label]]
        own = (cells for month, cells in monthly.items() if first <= month <= last)
        cells = _merged(chain.from_iterable(own), places)
        found = _weighting(known[label], cells, limits)
        if found is not None:
            out[label] = found
    return out


def _weighting(
    found: tuple[Margin, ...], cells: tuple[Answered, ...], limits: Thresholds
) -> Weighting | None:
    if not cells:
        return None
    notes: list[Message] = []
    found, cells = _met(found, cells, notes)
    n, weighted = sum(c.n for c in cells), sum(c.weighted for c in cells)
    usual = sum(c.total for c in cells) / weighted if weighted else 1.0
    kinds = tuple(m.kind for m in found)
    alike = {kind: _alike(cells, i, limits) for i, kind in enumerate(kinds)}
    raking = _raked(found, cells, alike, usual) if found else None
    start = _means(cells, usual)
    ends = start if raking is None else raking.weights
    factors = {c.groups: float(e / s) for c, e, s in zip(cells, ends, start, strict=True)}
    squares = [c.squares + (c.n - c.weighted) * usual**2 for c in cells]
    cost = kish_from_sums(
        n,
        sum(float(e) * c.n for c, e in zip(cells, ends, strict=True)),
        sum(factors[c.groups] ** 2 * q for c, q in zip(cells, squares, strict=True)),
    )
    if 0 < weighted < n:
        notes.append(
            msg("{n} answers have no weight in their file: they get the mean", n=n - weighted)
        )
    if raking is None:
        return Weighting(
            found, kinds, factors, alike, usual, cells, n, weighted, cost, notes=tuple(notes)
        )
    empty = tuple((kind, str(name)) for kind, name in raking.empty if name != SMALL)
    known = {m.kind: m.people for m in found}
    unknown = sorted(
        {
            (kind, c.groups[i])
            for i, kind in enumerate(kinds)
            for c in cells
            if c.groups[i] not in known[kind]
        }
    )
    return Weighting(
        found, kinds, factors, alike, usual, cells, n, weighted, cost,
        raking.converged, raking.worst_miss, raking.trimmed, empty, tuple(unknown), tuple(notes),
    )  # fmt: skip


def _met(
    found: tuple[Margin, ...], cells: tuple[Answered, ...], notes: list[Message]
) -> tuple[tuple[Margin, ...], tuple[Answered, ...]]:
    """Leave out margins of which nobody who answered is in any group; say so."""
    kept = []
    for i, margin in enumerate(found):
        if any(c.groups[i] in margin.people for c in cells):
            kept.append(i)
        else:
            notes.append(
                msg(
                    "No answer belongs to a group that {file} names ({kind}): these margins are "
                    "not used",
                    file=margin.file,
                    kind=Message(CUT_LABELS[margin.kind]),
                )
            )
    if len(kept) == len(found):
        return found, cells
    return tuple(found[i] for i in kept), _merged(cells, kept)


def _merged(cells: Iterable[Answered], places: Sequence[int]) -> tuple[Answered, ...]:
    """Return those who answered by some of the kinds of groups alone."""
    merged: dict[Labels, Answered] = {}
    for c in cells:
        groups = tuple(c.groups[i] for i in places)
        o = merged.get(groups, Answered(groups, 0, 0, 0.0, 0.0))
        merged[groups] = Answered(
            groups, o.n + c.n, o.weighted + c.weighted, o.total + c.total, o.squares + c.squares
        )
    return tuple(merged.values())


def _alike(cells: tuple[Answered, ...], place: int, limits: Thresholds) -> frozenset[str]:
    counts: dict[str, int] = {}
    for c in cells:
        counts[c.groups[place]] = counts.get(c.groups[place], 0) + c.n
    return frozenset(small_groups(counts, limits.withhold_under))


def _means(cells: tuple[Answered, ...], usual: float) -> np.ndarray:
    return np.array([(c.total + (c.n - c.weighted) * usual) / c.n for c in cells])


def _raked(
    found: tuple[Margin, ...],
    cells: tuple[Answered, ...],
    alike: Mapping[str, frozenset[str]],
    usual: float,
) -> Raking:
    """Rake the combinations of groups, those of too few people as one group of their kind."""

    def label(kind: str, group: str) -> str:
        return SMALL if group in alike[kind] else group

    categories = {m.kind: [label(m.kind, c.groups[i]) for c in cells] for i, m in enumerate(found)}
    targets: dict[str, dict[Hashable, float]] = {}
    for m in found:
        own: dict[Hashable, float] = {}
        for group, people in m.people.items():
            name = label(m.kind, group)
            own[name] = own.get(name, 0.0) + people
        targets[m.kind] = own
    return rake(categories, targets, [c.n for c in cells], _means(cells, usual))
