"""Adds ratings up by month, and by month and group: few passes over the answers for all kinds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.stats.rating_layout import Layout
from csat.stats.rating_sums import Flags, Laid, RatingSums, Whole
from csat.store.unpacked import Ratings

DIRECTIONS: Final = ("branch", "channel", "segment")
"""Columns of ``response`` by one of which cells are kept; each takes time at every import."""
ENOUGH: Final = 2_500
"""Respondents of each group of a month on average from which on its sums are kept.

Of fewer the sums would take as much room as the ratings, which are read quickly then.
"""
_APART: Final = 500
"""Respondents of each combination of groups from which on several kinds share a pass."""
_WORKED: Final = 8_192
"""Respondents worked on at a time, so that their terms stay in the processor's cache."""
Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Whose:
    """Month of some respondents, and of each direction the code of their group and its names."""

    months: Codes
    groups: Mapping[str, Codes]
    names: Mapping[str, Sequence[str | None]]

    @classmethod
    def of(cls, people: pa.Table) -> Whose:
        """Return those of a table with a month and a column for each direction."""
        coded = {
            d: people[d].combine_chunks().dictionary_encode(null_encoding="encode")
            for d in DIRECTIONS
        }
        return cls(
            np.asarray(people["month_key"], dtype=np.int32),
            {d: np.asarray(c.indices, dtype=np.int32) for d, c in coded.items()},
            {d: c.dictionary.to_pylist() for d, c in coded.items()},
        )

    def at(self, places: NDArray[np.intp]) -> Whose:
        """Return those at some places."""
        return Whose(
            self.months[places], {d: c[places] for d, c in self.groups.items()}, self.names
        )


class Cells:
    """Sums by direction ("" for all), month and group.

    Parameters
    ----------
    layout
        What is added up.
    months
        Of each month, how many people answered, and how many groups of each direction did.
    """

    def __init__(self, layout: Layout, months: Mapping[int, tuple[int, Mapping[str, int]]]) -> None:
        self.months = months
        self._passes = {month: passes(*told) for month, told in months.items()}
        self._sums = layout.made()
        self._found: dict[tuple[int, int, int], _Stretch] = {}

    def add(self, ratings: Ratings, told: Flags, whose: Whose) -> None:
        """Add answers: questions by respondents."""
        for month in np.unique(whose.months).tolist():
            inside = np.flatnonzero(whose.months == month)
            for number, directions in enumerate(self._passes[month]):
                code = np.zeros(len(inside), dtype=np.int32)
                for d in directions:
                    code = code * len(whose.names[d]) + whose.groups[d][inside]
                order = np.argsort(code, kind="stable")
                codes, rows = code[order], inside[order]
                for start in range(0, len(rows), _WORKED):
                    here = slice(start, start + _WORKED)
                    laid = self._sums.laid(
                        ratings.take(rows[here], axis=1), told.take(rows[here], axis=1)
                    )
                    self._take((month, number), whose, rows[here], codes[here], laid)

    def _take(
        self,
        at: tuple[int, int],
        whose: Whose,
        rows: NDArray[np.intp],
        codes: Codes,
        laid: Laid,
    ) -> None:
        """Add respondents in the order of their groups, one stretch of the same after another."""
        starts = [0, *(np.flatnonzero(np.diff(codes)) + 1).tolist(), len(codes)]
        for first, last in pairwise(starts):
            key = (*at, int(codes[first]))
            found = self._found.get(key)
            if found is None:
                of = {d: whose.names[d][whose.groups[d][rows[first]]] for d in DIRECTIONS}
                found = self._found[key] = _Stretch(of, self._sums.of())
            found.people += last - first
            found.sums.take(laid, slice(first, last))

    def table(self) -> pa.Table:
        """Return the cells as a table."""
        cells: dict[tuple[str, int, str | None], tuple[int, Whole]] = {}
        for (month, number, _), found in self._found.items():
            directions = self._passes[month][number]
            for kind in ["", *directions] if number == 0 else directions:
                key = kind, month, found.groups[kind] if kind else None
                people, sums = cells.get(key, (0, 0))
                cells[key] = people + found.people, sums + found.sums.numbers
        rows: list[dict[str, Any]] = [
            {
                "month_key": month,
                "direction": kind,
                "group_name": name,
                "people": people,
                "split": "" if kind else ",".join(d for p in self._passes[month] for d in p),
            }
            for (kind, month, name), (people, _) in cells.items()
        ]
        texts = ("direction", "group_name", "split")
        whole = [("month_key", pa.int32()), ("people", pa.int64())]
        table = pa.Table.from_pylist(rows, pa.schema([*whole, *((t, pa.string()) for t in texts)]))
        numbers = [sums for _, sums in cells.values()]
        offsets = np.cumsum([0, *map(len, numbers)], dtype=np.int32)
        listed = pa.ListArray.from_arrays(pa.array(offsets), pa.array(np.concatenate(numbers)))
        return table.append_column("sums", listed)


@dataclass
class _Stretch:
    """Respondents of one month and one group of some directions."""

    groups: Mapping[str, str | None]
    sums: RatingSums
    people: int = 0


def passes(people: int, groups: Mapping[str, int]) -> list[list[str]]:
    """Return the directions by which a month is kept, those together that share a pass.

    Examples
    --------
    >>> passes(40_000, {"branch": 12, "channel": 5, "segment": 8})
    [['channel', 'segment'], ['branch']]
    >>> passes(900, {"branch": 1})
    [[]]
    """
    found: list[list[str]] = [[]]
    combined = 1
    for direction, many in sorted(groups.items(), key=lambda item: (item[1], item[0])):
        if people < ENOUGH * many:
            continue
        if found[-1] and people < _APART * combined * many:
            found.append([])
            combined = 1
        found[-1].append(direction)
        combined *= many
    return found
