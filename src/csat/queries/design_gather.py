"""The sums of weighted figures with the weights put on them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from csat.model.filters import Filters
from csat.model.metrics import Metric
from csat.queries.design_rows import DesignRows, Flags, Numbers, counted, scan
from csat.queries.facts import Facts
from csat.queries.raked import Weighting
from csat.queries.reader import Reader
from csat.stats.design_sums import DesignSums, within

_SEVERAL: Final = 2
"""With one kind of groups, each group is a combination of its own and looked at as such."""
_ZERO: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Weighed:
    """The sums of one metric, and how many answered in each group that carries a weight.

    ``combined`` holds the people of each combination of groups, and their factor.
    """

    sums: DesignSums
    by_label: Mapping[tuple[str, str], int]
    combined: Mapping[tuple[str, ...], tuple[int, float]] = field(default_factory=dict)

    @property
    def fewest(self) -> int | None:
        """The smallest number of people, above none, that the weights tell of.

        Of a group that carries a weight, or of a combination of groups that follows from the
        weighted figure and the unweighted ones of all groups.
        """
        alone = [self.combined[key][0] for key in solved(self.combined)]
        return min((n for n in (*self.by_label.values(), *alone) if n), default=None)


def solved(combined: Mapping[tuple[str, ...], tuple[int, float]]) -> list[tuple[str, ...]]:
    """Return the combinations of groups that one weighted figure lets a reader solve for.

    Figures of single groups add up over combinations; the weights are one equation more. A
    combination follows where its own row is in the span of them all: its leverage is 1.

    Examples
    --------
    Two branches by two channels: three of the unweighted figures and the weighted one are four
    equations. Not so where the weights only add up as the figures of groups do.

    >>> keys = [("A", "web"), ("A", "phone"), ("B", "web"), ("B", "phone")]
    >>> len(solved({key: (9, w) for key, w in zip(keys, (1.0, 2.0, 3.0, 6.0))}))
    4
    >>> solved({key: (9, w) for key, w in zip(keys, (1.0, 2.0, 3.0, 4.0))})
    []
    """
    keys = [key for key, (n, _) in combined.items() if n]
    if not keys or len(keys[0]) < _SEVERAL:
        return []
    groups = sorted({(i, name) for key in keys for i, name in enumerate(key)})
    known = [[float(key[i] == name) for i, name in groups] for key in keys]
    weights = np.array([combined[key][1] for key in keys])
    spanned = np.column_stack([known, weights / weights.max()])
    basis, size, _ = np.linalg.svd(spanned, full_matrices=False)
    leverage = (basis[:, size > _ZERO * size[0]] ** 2).sum(axis=1)
    return [key for key, h in zip(keys, leverage, strict=True) if h > 1 - _ZERO]


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
    return {key: weighed(rows, weighting, key) for key in values}


def weighed(
    rows: DesignRows, weighting: Weighting, key: str, inside: Flags | None = None
) -> Weighed:
    """Put weights on the sums of a figure.

    Parameters
    ----------
    inside
        The rows of a group that is asked about; the others count as drawn. All without it.
    """
    groups = [rows.groups[kind] for kind in weighting.kinds]
    cells = list(zip(*groups, strict=True)) if groups else [()] * len(rows.drawn)
    factor = np.array([weighting.factors[cell] for cell in cells], dtype=np.float64)
    sums = DesignSums(
        rows.stratum,
        rows.cluster,
        factor * np.where(rows.bare, weighting.usual, 1.0),
        rows.drawn,
        **rows.parts[key],
        margins=_raked(weighting, groups),
        every_w=rows.every_w,
        every_ww=rows.every_ww,
    )
    sums = sums if inside is None else within(sums, inside)
    by_label: dict[tuple[str, str], int] = {}
    for kind, column in zip(weighting.kinds, groups, strict=True):
        for group, n in zip(column, sums.n, strict=True):
            label = (kind, weighting.label(kind, group))
            by_label[label] = by_label.get(label, 0) + round(n)
    return Weighed(sums, by_label, _combined(weighting, cells, sums.n))


def _raked(weighting: Weighting, groups: Sequence[Sequence[str]]) -> NDArray[np.int64] | None:
    """Return the group of each row on every margin that the weights meet, None without any.

    A kind with groups that its margin does not know is not held to the population as a whole.
    """
    loose = {kind for kind, _ in weighting.unknown}
    met = [(k, g) for k, g in zip(weighting.kinds, groups, strict=True) if k not in loose]
    if not met or not weighting.converged:
        return None
    columns = []
    for kind, column in met:
        labels = [weighting.label(kind, group) for group in column]
        columns.append(np.unique(labels, return_inverse=True)[1].ravel())
    return np.stack(columns, axis=1).astype(np.int64)


def _combined(
    weighting: Weighting, cells: Sequence[tuple[str, ...]], people: Numbers
) -> dict[tuple[str, ...], tuple[int, float]]:
    """Return the people and the factor of each combination of groups as the raking knows them."""
    found: dict[tuple[str, ...], tuple[int, float]] = {}
    for cell, n in zip(cells, people, strict=True):
        key = tuple(
            weighting.label(kind, group) for kind, group in zip(weighting.kinds, cell, strict=True)
        )
        found[key] = (found.get(key, (0, 0.0))[0] + round(n), weighting.factors[cell])
    return found
