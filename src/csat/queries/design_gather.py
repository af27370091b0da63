"""The sums of weighted figures with the weights put on them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.queries.design_rows import Coded, Codes, DesignRows, Flags, Numbers, counted, scan
from csat.queries.facts import Facts
from csat.queries.raked import Weighting
from csat.queries.reader import Reader
from csat.stats.design_sums import DesignSums, within

_SEVERAL: Final = 2
"""With one kind of groups, each group is a combination of its own and looked at as such."""
_ZERO: Final = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class RowWeights:
    """Weights as they fall on the rows of a scan.

    Parameters
    ----------
    factor
        By which the weights of a row are multiplied.
    margins
        The group of each row on every margin that the weights meet; None without any.
    place
        Number of the combination of groups that each row is of, as the raking knows them.
    marks
        For each combination, 1 for each group that it is of.
    factors
        By which the weights of each combination are multiplied.
    """

    factor: Numbers
    margins: Codes | None
    place: Codes
    marks: Numbers
    factors: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """The sums of one metric, and the people of each combination of groups that answered it."""

    sums: DesignSums
    people: Numbers
    weights: RowWeights

    def tells_of_few(self, least: int) -> bool:
        """Say whether the weighted figure would tell of fewer people than the minimum.

        Of a group that carries a weight, or of a combination of groups that follows from the
        weighted figure and the unweighted ones of all groups.
        """
        small = (self.people > 0) & (self.people < least)
        if not small.any():
            return False
        by_group = self.people @ self.weights.marks
        if ((by_group > 0) & (by_group < least)).any():
            return True
        inside = self.people > 0
        alone = solved(self.weights.marks[inside], self.weights.factors[inside])
        return bool((alone & small[inside]).any())


def solved(marks: Numbers, factors: Numbers) -> Flags:
    """Say which combinations of groups one weighted figure lets a reader solve for.

    Figures of single groups add up over combinations; the weights are one equation more. A
    combination follows where its own row is in the span of them all: its leverage is 1.

    Examples
    --------
    Two branches by two channels: three of the unweighted figures and the weighted one are four
    equations. Not so where the weights only add up as the figures of groups do.

    >>> marks = np.array([[1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1]], dtype=float)
    >>> solved(marks, np.array([1.0, 2.0, 3.0, 6.0])).tolist()
    [True, True, True, True]
    >>> solved(marks, np.array([1.0, 2.0, 3.0, 4.0])).tolist()
    [False, False, False, False]
    """
    if not len(marks) or marks[0].sum() < _SEVERAL:
        return np.zeros(len(marks), dtype=np.bool_)
    spanned = np.column_stack([marks, factors / factors.max()])
    basis, size, _ = np.linalg.svd(spanned, full_matrices=False)
    leverage = (basis[:, size > _ZERO * size[0]] ** 2).sum(axis=1)
    return np.asarray(leverage > 1 - _ZERO, dtype=np.bool_)


def weigh(
    reader: Reader,
    facts: Facts,
    filters: Filters,
    weighting: Weighting,
    metrics: Sequence[Metric],
) -> dict[str, Weighed]:
    """Return the sums of every metric that answers make, over the groups that are chosen."""
    values = {m.key: v for m in metrics if (v := counted(m, facts, filters)) is not None}
    if not values:
        return {}
    weighted = weighting.weighted > 0
    rows = scan(reader, facts, filters, values, weighting.kinds, weighted=weighted)
    on = row_weights(rows, weighting)
    return {key: weighed(rows, on, key) for key in values}


def row_weights(rows: DesignRows, weighting: Weighting) -> RowWeights:
    """Put the weights of a period on the rows of its answers."""
    kinds = [_labelled(rows.groups[kind], kind, weighting) for kind in weighting.kinds]
    cell = np.zeros(len(rows.drawn), dtype=np.int64)
    for own, _, _ in kinds:
        cell = cell * len(own.names) + own.places
    _, first, place = np.unique(cell, return_index=True, return_inverse=True)
    place = place.ravel()
    named = [[own.names[i] or "" for i in own.places[first]] for own, _, _ in kinds]
    cells = list(zip(*named, strict=True)) if named else [()] * len(first)
    factors = np.array([weighting.factors[key] for key in cells], dtype=np.float64)
    loose = {kind for kind, _ in weighting.unknown}
    held = [
        labels[own.places]
        for kind, (own, labels, _) in zip(weighting.kinds, kinds, strict=True)
        if weighting.converged and kind not in loose
    ]
    return RowWeights(
        factors[place] * np.where(rows.bare, weighting.usual, 1.0),
        np.stack(held, axis=1) if held else None,
        *_combinations(kinds, first, place, factors),
    )


def _labelled(own: Coded, kind: str, weighting: Weighting) -> tuple[Coded, Codes, int]:
    """Return the groups of a kind, the number of each one's label, and how many labels."""
    labels = [weighting.label(kind, name or "") for name in own.names]
    numbers = {label: i for i, label in enumerate(dict.fromkeys(labels))}
    return own, np.array([numbers[label] for label in labels], dtype=np.int64), len(numbers)


def _combinations(
    kinds: Sequence[tuple[Coded, Codes, int]], first: Codes, place: Codes, factors: Numbers
) -> tuple[Codes, Numbers, Numbers]:
    """Return the combination of labels of each row, the marks of each, and its factor."""
    codes = np.zeros(len(first), dtype=np.int64)
    for own, labels, size in kinds:
        codes = codes * size + labels[own.places[first]]
    _, one, combined = np.unique(codes, return_index=True, return_inverse=True)
    marks = [np.eye(size)[labels[own.places[first[one]]]] for own, labels, size in kinds]
    told = np.concatenate(marks, axis=1) if marks else np.zeros((len(one), 0))
    return combined.ravel()[place], told, factors[one]


def weighed(rows: DesignRows, on: RowWeights, key: str, inside: Flags | None = None) -> Weighed:
    """Put weights on the sums of a figure.

    Parameters
    ----------
    inside
        The rows of a group that is asked about; the others count as drawn. All without it.
    """
    sums = DesignSums(
        rows.stratum,
        rows.cluster,
        on.factor,
        rows.drawn,
        **rows.parts[key],
        margins=on.margins,
        every_w=rows.every_w,
        every_ww=rows.every_ww,
    )
    sums = sums if inside is None else within(sums, inside)
    people = np.bincount(on.place, weights=sums.n, minlength=len(on.factors)).astype(np.float64)
    return Weighed(sums, people, on)
