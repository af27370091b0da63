"""How many respondents gave each combination of ratings: the least that many figures need.

A rating has a handful of values, so the combinations of a few ratings are few. Counting them
costs a fraction of adding up a dozen sums per question, and all of these can be read off the
counts, exact to the last digit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from csat.model.filters import Filters
from csat.queries.blocks import chosen_answers
from csat.queries.reader import Reader, whole
from csat.store.connection import COUNTING_BITS

Numbers = NDArray[np.int64]
Flags = NDArray[np.bool_]
_WIDEST = 4
"""Ratings counted together at most."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A column of answers, and the lowest and highest rating it can hold."""

    column: str
    scale: tuple[int, int]

    @property
    def bits(self) -> int:
        """What the engine needs to tell its values apart, the missing one among them."""
        return (self.scale[1] - self.scale[0] + 2).bit_length()


@dataclass(frozen=True, slots=True)
class Counted:
    """Combinations of some ratings and the respondents who gave each.

    Parameters
    ----------
    values
        Rating -> its value in every combination, 0 where it is missing.
    told
        Rating -> whether it is answered there.
    n
        Respondents.
    """

    values: dict[str, Numbers]
    told: dict[str, Flags]
    n: Numbers

    def counts(self, column: str, codes: Sequence[int]) -> dict[int, int]:
        """Return how many gave each of some ratings."""
        told = self.told[column]
        value, n = self.values[column][told], self.n[told]
        return {code: int(n[value == code].sum()) for code in codes}

    def moments(self, column: str, less: str = "") -> tuple[int, int, int]:
        """Return number, sum and sum of squares of a rating, or of it less another one."""
        told, value = self.told[column], self.values[column]
        if less:
            told, value = told & self.told[less], value - self.values[less]
        n, value = self.n[told], value[told]
        return int(n.sum()), int(n @ value), int(n @ value**2)

    def total(self, column: str, beside: str) -> int:
        """Return the sum of a rating over those who answered another one too."""
        told = self.told[column] & self.told[beside]
        return int(self.n[told] @ self.values[column][told])


def joint_counts(
    reader: Reader, survey_id: int, filters: Filters, asked: Sequence[Sequence[Rating]]
) -> list[Counted]:
    """Count the combinations of each set of ratings of a survey, in one statement.

    Neighbouring sets are counted together as long as their combinations fit the table that the
    engine counts in without looking anything up.

    Returns
    -------
    list of Counted
        One for each set, in order.
    """
    packs = _packed(asked)
    if not packs:
        return []
    every = [r.column for pack in packs for k in pack for r in asked[k]]
    begin, table, params = chosen_answers(survey_id, filters, every)
    parts = []
    for number, pack in enumerate(packs):
        columns = [r.column for k in pack for r in asked[k]]
        held = [*columns, *("NULL" for _ in range(_WIDEST - len(columns)))]
        cells = ", ".join(f"CAST({c} AS SMALLINT) AS c{i}" for i, c in enumerate(held))
        parts.append(
            f"SELECT {number:d} AS pack, {cells}, n FROM (SELECT {', '.join(columns)}, "
            f"COUNT(*) AS n FROM {table} GROUP BY {', '.join(columns)})"
        )
    found = reader.table(f"{begin}{' UNION ALL '.join(parts)}", params)
    return _unpacked(found, asked, packs)


def _packed(asked: Sequence[Sequence[Rating]]) -> list[list[int]]:
    """Return the numbers of the sets that are counted together."""
    packs: list[list[int]] = []
    for k in range(len(asked)):
        pack = [*(packs[-1] if packs else ()), k]
        together = [r for other in pack for r in asked[other]]
        fits = len(together) <= _WIDEST and sum(r.bits for r in together) <= COUNTING_BITS
        if packs and fits:
            packs[-1] = pack
        else:
            packs.append([k])
    return packs


def _unpacked(
    found: pa.Table, asked: Sequence[Sequence[Rating]], packs: Sequence[Sequence[int]]
) -> list[Counted]:
    number, n = whole(found["pack"]), whole(found["n"])
    cells = [found[f"c{i}"] for i in range(_WIDEST)]
    values = [whole(cell) for cell in cells]
    told = [np.asarray(cell.is_valid().to_numpy(), dtype=np.bool_) for cell in cells]
    out = []
    for p, pack in enumerate(packs):
        here = number == p
        ends = list(accumulate(len(asked[k]) for k in pack))
        for k, end in zip(pack, ends, strict=True):
            at = range(end - len(asked[k]), end)
            names = [r.column for r in asked[k]]
            out.append(
                Counted(
                    {name: values[i][here] for name, i in zip(names, at, strict=True)},
                    {name: told[i][here] for name, i in zip(names, at, strict=True)},
                    n[here],
                )
            )
    return out
